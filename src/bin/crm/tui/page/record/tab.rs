//! The tabs of a record, and what each of them reads.

use crm::domain::count::Count;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Result;
use crm::report::story::Happening;
use crm::store::attachments::Attachment;
use crm::store::history::Edit;

use crate::tui::effect::Effect;
use crate::tui::page::record::scroller::Scroller;
use crate::tui::page::records::cells;
use crate::tui::page::records::list::List;
use crate::tui::query::{Answer, Query};

/// How many activities are read at once.
const PAGE: usize = 50;
/// The question of a tab that is no list; lists ask at their own.
const WHOLE: u8 = 0;

/// One tab.
#[derive(Debug)]
pub(super) struct Tab {
    /// Its name, and a short one for narrow terminals.
    pub(super) name: &'static str,
    pub(super) short: &'static str,
    pub(super) body: Body,
    pub(super) scroller: Scroller,
    /// The record.
    pub(super) record: Id,
    slot: u8,
    /// Whether the activities that are asked for come after those that are known.
    further: bool,
}

/// What a tab shows.
#[derive(Debug)]
pub(super) enum Body {
    /// The fields, and who and what belongs to the record.
    Overview,
    /// What is sold, paid and sent, which comes with the fields.
    Goods,
    /// What was said about a ticket, which comes with the fields.
    Talk,
    /// What happened, perhaps of one sort only.
    Activity(Option<String>, Vec<Happening>, Came),
    /// Records that belong to this one.
    Rows(Box<List>),
    /// Files and links.
    Files(Vec<Attachment>, Came),
    /// What was changed.
    Changes(Vec<Edit>, Came),
}

/// What is known of what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// Nothing yet.
    Nothing,
    /// Some, and there is more.
    Some,
    /// Everything.
    All,
}

/// What the tabs of a record show, each with its name and the short one.
fn bodies(record: &Link) -> Vec<(&'static str, &'static str, Body)> {
    let named = |name, short, body| (name, short, body);
    let about = |field: &str| vec![format!("{field}:{}", record.reference())];
    // What the people of a company want is told there too, and with whom is spoken.
    let whole = || {
        let fields =
            ["customer", "company", "contact"].map(|field| format!("{field}:{}", record.reference()));
        vec![format!("({})", fields.join(" or "))]
    };
    // Deals in which a customer only has a part are told in the overview: a list of both could use no index.
    let rows = |noun: Noun, filters| {
        // Whose page it is needs no column; a ticket may be of one of the people.
        let told = |name: &&&str| **name != record.noun.name() || noun == Noun::Ticket;
        let columns = cells::usual(noun)
            .iter()
            .filter(told)
            .map(|name| (*name).to_owned());
        Body::Rows(Box::new(List::new(noun, filters, columns.collect(), 0)))
    };
    let deals = |filters| rows(Noun::Deal, filters);
    let orders = |filters| rows(Noun::Order, filters);
    let quotes = |filters| rows(Noun::Quote, filters);
    let tickets = |filters| rows(Noun::Ticket, filters);
    let activity = |kind: Option<&str>| Body::Activity(kind.map(str::to_owned), Vec::new(), Came::Nothing);
    let field = record.noun.name();
    let tasks = || {
        let columns = ["due", "status", "priority", "type", "assignee"]
            .map(str::to_owned)
            .to_vec();
        let list = List::new(Noun::Task, about(field), columns, 0);
        Body::Rows(Box::new(list.sorted(&["-status", "due_at"])))
    };
    let mut all = vec![named("Overview", "Inf", Body::Overview)];
    match record.noun {
        Noun::Customer => all.extend([
            named("Activity", "Act", activity(None)),
            named("Deals", "Dls", deals(about(field))),
            named("Quotes", "Quo", quotes(about(field))),
            named("Orders", "Ord", orders(about(field))),
            named("Tickets", "Tic", tickets(whole())),
            named("Tasks", "Tsk", tasks()),
            named("Notes", "Nts", activity(Some("note"))),
        ]),
        Noun::Deal => all.extend([
            named("Activity", "Act", activity(None)),
            named("Quotes", "Quo", quotes(about(field))),
            named("Orders", "Ord", orders(about(field))),
            named("Tasks", "Tsk", tasks()),
        ]),
        Noun::Quote => all.extend([
            named("Lines", "Lin", Body::Goods),
            named("Orders", "Ord", orders(about(field))),
        ]),
        Noun::Order => all.extend([
            named("Lines", "Lin", Body::Goods),
            named("Tickets", "Tic", tickets(about(field))),
        ]),
        Noun::Ticket => all.extend([
            named("Conversation", "Con", Body::Talk),
            named("Activity", "Act", activity(None)),
        ]),
        Noun::Product => all.push(named("Deals", "Dls", deals(about(field)))),
        _ => {}
    }
    if record.noun.prefix().is_some() {
        all.push(named("Files", "Fil", Body::Files(Vec::new(), Came::Nothing)));
    }
    all.push(named("Changes", "Log", Body::Changes(Vec::new(), Came::Nothing)));
    all
}

/// The tabs of a record, which ask at `slot` and after.
pub(super) fn tabs(record: &Link, slot: u8) -> Vec<Tab> {
    let slots = (0_u8..).map(|number| slot + number * crate::tui::page::records::list::SLOTS);
    bodies(record)
        .into_iter()
        .zip(slots)
        .map(|((name, short, body), slot)| Tab {
            name,
            short,
            body: match body {
                Body::Rows(list) => Body::Rows(Box::new(list.asking_at(slot))),
                other => other,
            },
            scroller: Scroller::default(),
            record: record.id,
            slot,
            further: false,
        })
        .collect()
}

impl Tab {
    /// Its name where there is a little less room.
    pub(super) fn middle(&self) -> &'static str {
        match self.body {
            Body::Overview => "Info",
            Body::Changes(..) => "Log",
            _ => self.name,
        }
    }

    /// The list, if it shows one.
    pub(super) fn list(&self) -> Option<&List> {
        match &self.body {
            Body::Rows(list) => Some(list),
            _ => None,
        }
    }

    /// The list, if it shows one.
    pub(super) fn list_mut(&mut self) -> Option<&mut List> {
        match &mut self.body {
            Body::Rows(list) => Some(list),
            _ => None,
        }
    }

    /// How many entries there are, if that is known.
    pub(super) fn count(&self) -> Option<Count> {
        match &self.body {
            Body::Rows(list) => list.rows.total,
            Body::Files(files, Came::All) => u64::try_from(files.len()).ok().map(Count::found),
            _ => None,
        }
    }

    /// Asks for what it shows.
    pub(super) fn refresh(&mut self, record: &Link) -> Vec<Effect> {
        self.further = false;
        let query = match &mut self.body {
            Body::Overview | Body::Goods | Body::Talk => return Vec::new(),
            Body::Rows(list) => return list.refresh(),
            Body::Activity(kind, known, _) => Query::Timeline {
                record: record.clone(),
                after: None,
                kind: kind.clone(),
                // What was scrolled through is there again.
                most: known.len().max(PAGE),
            },
            Body::Files(..) => Query::Files(record.id),
            Body::Changes(..) => Query::Changes(record.noun, record.id),
        };
        vec![Effect::Read(self.slot + WHOLE, query)]
    }

    /// Asks for activities after those that are known, if there are any.
    pub(super) fn more(&mut self, record: &Link) -> Vec<Effect> {
        let Body::Activity(kind, known, Came::Some) = &self.body else {
            return Vec::new();
        };
        if self.further {
            return Vec::new();
        }
        self.further = true;
        let query = Query::Timeline {
            record: record.clone(),
            after: known.last().map(|last| last.id),
            kind: kind.clone(),
            most: PAGE,
        };
        vec![Effect::Read(self.slot + WHOLE, query)]
    }

    /// Takes an answer to a question of this tab.
    pub(super) fn answer(&mut self, slot: u8, answer: &mut Option<Result<Answer>>) -> bool {
        if let Body::Rows(list) = &mut self.body {
            return list.answer(slot, answer);
        }
        if slot != self.slot + WHOLE {
            return false;
        }
        let further = std::mem::take(&mut self.further);
        match (&mut self.body, answer.take()) {
            (Body::Activity(_, known, came), Some(Ok(Answer::Timeline(page)))) => {
                if !further {
                    known.clear();
                }
                known.extend(page.entries);
                *came = if page.more { Came::Some } else { Came::All };
            }
            (Body::Files(known, came), Some(Ok(Answer::Files(files)))) => {
                (*known, *came) = (files, Came::All);
            }
            (Body::Changes(known, came), Some(Ok(Answer::Changes(edits)))) => {
                (*known, *came) = (edits, Came::All);
            }
            (_, other) => *answer = other,
        }
        true
    }
}
