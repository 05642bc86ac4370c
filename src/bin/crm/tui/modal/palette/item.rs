//! What the palette offers.

use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::ops::find::Hit;
use crm::ops::view::Saved;
use crm::report::REPORTS;

use crate::text::shell;
use crate::tui::action::{ACTIONS, Action, Entry};
use crate::tui::app::App;
use crate::tui::modal::palette::words;
use crate::tui::page::Place;
use crate::tui::page::selection::Selection;

/// What choosing it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Does {
    Run(Action),
    Open(Place),
    /// The text is this line from then on.
    Line(String),
}

/// One row of the palette.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// What sort of thing it is.
    pub(super) sort: &'static str,
    pub(super) title: String,
    /// What is said about it: what tells it from others.
    pub(super) note: String,
    /// The key that does the same.
    pub(super) key: String,
    /// Other names by which those who know it may type it.
    pub(super) names: Vec<String>,
    pub(super) does: Does,
    /// The command line that it becomes for arguments.
    pub(super) line: Option<String>,
    /// Why it cannot be chosen now.
    pub(super) off: Option<String>,
}

/// Actions that only move the cursor: nobody looks for them by name.
const MOTIONS: &[Action] = &[
    Action::Down,
    Action::Up,
    Action::PageDown,
    Action::PageUp,
    Action::Left,
    Action::Right,
    Action::Palette,
];

/// Whether an action is offered.
pub(crate) fn has(action: Action) -> bool {
    !MOTIONS.contains(&action)
}

/// The actions that count on the page that is shown: those that were used of late, then those that have a hint, then
/// the others; last what is not possible now.
pub(super) fn actions(app: &App) -> Vec<Item> {
    let scopes = app.scopes();
    let selection = app.selection();
    let mut found: Vec<(usize, Item)> = Vec::new();
    let counts = |entry: &&Entry| scopes.contains(&entry.scope) && has(entry.action);
    for entry in ACTIONS.iter().filter(counts) {
        let keys = app.world.keymap.keys_here(scopes, entry.action);
        let recent = app
            .habits
            .recent
            .iter()
            .position(|action| *action == entry.action);
        let order = match (recent, entry.hint) {
            (Some(at), _) => at,
            (None, Some((priority, _))) => 1000 + usize::from(priority),
            (None, None) => 2000,
        };
        let item = Item {
            sort: words::ACTION,
            title: entry.title.to_owned(),
            note: String::new(),
            key: keys.first().cloned().unwrap_or_default(),
            names: keys.into_iter().chain([entry.id.to_owned()]).collect(),
            does: Does::Run(entry.action),
            line: line_of(entry.action, &selection),
            off: app.possible(entry.action).err(),
        };
        found.push((order, item));
    }
    found.sort_by_key(|(order, item)| (item.off.is_some(), *order));
    found.into_iter().map(|(_, item)| item).collect()
}

/// The command line that begins as the action does, for the records that are chosen.
fn line_of(action: Action, selection: &Selection) -> Option<String> {
    let customer = || reference(&selection.single(&[Noun::Customer])?);
    let of = |noun: Noun, verb: &str| {
        let links = selection.of(&[noun]);
        let refs: Option<Vec<String>> = links.iter().map(reference).collect();
        let refs = refs.filter(|refs| !refs.is_empty())?;
        Some(format!("{noun} {verb} {} ", refs.join(" ")))
    };
    let any = |verb: &str| {
        let current = selection.marked.first().or(selection.current.as_ref())?;
        of(current.noun, verb)
    };
    match action {
        Action::Add => Some(format!("log {} ", customer()?)),
        Action::Note => Some(format!("log {} note ", customer()?)),
        Action::Call => Some(format!("log {} call ", customer()?)),
        Action::Email => Some(format!("log {} email ", customer()?)),
        Action::Meeting => Some(format!("log {} meeting ", customer()?)),
        Action::Task => Some(format!("task add --for {} ", customer()?)),
        Action::Deal => Some(format!("deal add --customer {} ", customer()?)),
        Action::Done => of(Noun::Task, "done"),
        Action::FollowUp => of(Noun::Task, "snooze"),
        Action::Win => of(Noun::Deal, "win"),
        Action::Lose => of(Noun::Deal, "lose"),
        Action::Edit | Action::EditCell | Action::Modify => any("set"),
        Action::Assign => any("assign"),
        Action::Tags => any("tag"),
        Action::Remove => any("rm"),
        Action::Undo => Some("undo ".to_owned()),
        Action::Redo => Some("redo ".to_owned()),
        Action::Open => any("show"),
        _ => None,
    }
}

fn reference(link: &Link) -> Option<String> {
    link.noun.prefix().map(|_| link.reference().to_string())
}

/// The reports.
pub(super) fn reports() -> Vec<Item> {
    REPORTS
        .iter()
        .map(|report| Item {
            sort: words::REPORT,
            title: report.name.to_owned(),
            note: report.help.to_owned(),
            key: String::new(),
            names: Vec::new(),
            does: Does::Open(Place::Report(report.name.to_owned())),
            line: Some(format!("report {} ", report.name)),
            off: None,
        })
        .collect()
}

/// The commands of the program, each with what it is for.
pub(super) fn commands(commands: &[(String, String)]) -> Vec<Item> {
    commands
        .iter()
        .map(|(name, about)| Item {
            sort: words::COMMAND,
            title: format!("crm {name}"),
            note: about.clone(),
            key: String::new(),
            names: vec![name.clone()],
            does: Does::Line(format!("{name} ")),
            line: Some(format!("{name} ")),
            off: None,
        })
        .collect()
}

/// A command line that was run before.
pub(super) fn again(line: &str) -> Item {
    Item {
        sort: words::AGAIN,
        title: line.to_owned(),
        note: String::new(),
        key: String::new(),
        names: Vec::new(),
        does: Does::Line(line.to_owned()),
        line: Some(line.to_owned()),
        off: None,
    }
}

/// A saved view.
pub(super) fn view(view: &Saved) -> Item {
    Item {
        sort: words::VIEW,
        title: view.key.clone(),
        note: format!("{} {}", view.noun.plural(), view.filter),
        key: String::new(),
        names: Vec::new(),
        does: Does::Open(Place::List {
            noun: view.noun,
            title: view.key.clone(),
            filters: vec![view.filter.clone()]
                .into_iter()
                .filter(|filter| !filter.is_empty())
                .collect(),
        }),
        line: Some(format!("{} list --view {} ", view.noun, shell::quoted(&view.key))),
        off: None,
    }
}

/// A label: those who have it.
pub(super) fn tag(name: &str) -> Item {
    let filter = match name.chars().all(char::is_alphanumeric) {
        true => format!("tags:{name}"),
        false => format!("tags:\"{}\"", name.replace('"', "\\\"")),
    };
    Item {
        sort: words::TAG,
        title: format!("#{name}"),
        note: words::WITH_TAG.to_owned(),
        key: String::new(),
        names: vec![name.to_owned()],
        line: Some(format!("customer list -w {} ", shell::quoted(&filter))),
        does: Does::Open(Place::List {
            noun: Noun::Customer,
            title: format!("#{name}"),
            filters: vec![filter],
        }),
        off: None,
    }
}

/// A record that was found.
pub(super) fn record(hit: &Hit) -> Item {
    let sort = match hit.link.noun {
        Noun::Customer => words::CUSTOMER,
        Noun::Deal => words::DEAL,
        Noun::Quote => words::QUOTE,
        Noun::Order => words::ORDER,
        Noun::Ticket => words::TICKET,
        Noun::Feedback => words::FEEDBACK,
        Noun::Task => words::TASK,
        Noun::Activity => words::ACTIVITY,
        _ => words::PRODUCT,
    };
    Item {
        sort,
        title: hit.link.name.clone(),
        note: hit.detail.clone(),
        key: reference(&hit.link).unwrap_or_default(),
        names: Vec::new(),
        line: reference(&hit.link).map(|reference| format!("{} show {reference} ", hit.link.noun)),
        does: Does::Open(Place::Record(hit.link.clone())),
        off: None,
    }
}

/// A word that may stand at the end of a command line.
pub(super) fn completion(word: &str, note: &str) -> Item {
    Item {
        sort: "",
        title: word.to_owned(),
        note: note.to_owned(),
        key: String::new(),
        names: Vec::new(),
        does: Does::Line(word.to_owned()),
        line: None,
        off: None,
    }
}
