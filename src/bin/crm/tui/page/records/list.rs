//! A list in which a person moves, filters and sorts. Pages put it beside other things.

use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Result;
use crm::ops::list;
use crm::ops::view::Saved;
use crm::ops::window::{self, Anchor};

use crate::tui::act;
use crate::tui::action::Action;
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::page::Typed;
use crate::tui::page::records::cells;
use crate::tui::page::records::filter::{Filter, Told};
use crate::tui::page::records::rows::{Rows, name_of};
use crate::tui::query::{Answer, Query};
use crate::tui::ticket::TicketVerb;
use crate::tui::world::World;

/// Questions of a list, counted from its first slot.
const WINDOW: u8 = 0;
const TOTAL: u8 = 1;
const WORDS: u8 = 2;
/// How many slots a list needs.
pub(crate) const SLOTS: u8 = 3;

/// A list of records of one noun.
#[derive(Debug)]
pub(crate) struct List {
    pub(crate) noun: Noun,
    /// Filters that belong to the place, and cannot be cleared.
    base: Vec<String>,
    pub(crate) columns: Vec<String>,
    pub(crate) sort: Vec<String>,
    pub(crate) rows: Rows,
    pub(crate) filter: Filter,
    /// Where the rows are being read from.
    asked: Anchor,
    slot: u8,
    pub(crate) error: Option<String>,
    /// Whether rows for another filter or order are on their way.
    pub(crate) waits: bool,
    /// How many rows are drawn.
    height: usize,
}

impl List {
    /// A list of what all of `base` select, which asks at `slot` and those after it.
    pub(crate) fn new(noun: Noun, base: Vec<String>, columns: Vec<String>, slot: u8) -> List {
        let mut list = List {
            noun,
            base,
            columns: Vec::new(),
            sort: Vec::new(),
            rows: Rows::new(noun),
            filter: Filter::new(),
            asked: Anchor::First,
            slot,
            error: None,
            waits: false,
            height: 1,
        };
        list.set_columns(columns);
        list
    }

    /// The same in another order.
    pub(crate) fn sorted(mut self, sort: &[&str]) -> List {
        self.sort = sort.iter().map(|key| (*key).to_owned()).collect();
        self
    }

    /// The same, asking at `slot` and those after it.
    pub(crate) fn asking_at(self, slot: u8) -> List {
        List { slot, ..self }
    }

    /// The columns that the settings name for a noun, or the usual ones.
    pub(crate) fn usual(noun: Noun, world: &World) -> Vec<String> {
        let usual = || cells::usual(noun).iter().map(|name| (*name).to_owned()).collect();
        world.columns.get(&noun).cloned().unwrap_or_else(usual)
    }

    /// Sets the columns. The ref and the name are always there.
    pub(crate) fn set_columns(&mut self, mut columns: Vec<String>) {
        let name = name_of(self.noun);
        columns.retain(|column| column != "id" && column != name);
        columns.splice(0..0, ["id".to_owned(), name.to_owned()]);
        self.columns = columns;
    }

    /// Everything that the rows pass.
    pub(crate) fn filters(&self) -> Vec<String> {
        let own = Some(self.filter.text()).filter(|text| !text.is_empty());
        self.base.iter().cloned().chain(own).collect()
    }

    /// The columns that are shown: name and type.
    pub(crate) fn shown(&self) -> &[(String, FieldType)] {
        let hidden = cells::unseen(self.noun).len();
        let count = self.rows.columns.len().saturating_sub(hidden);
        self.rows.columns.get(..count).unwrap_or_default()
    }

    /// The order of a column: true where it goes down; none where the list is not in its order.
    pub(crate) fn order(&self, name: &str) -> Option<bool> {
        let key = self.sort.first()?;
        let name = ordered_by(name);
        match key.strip_prefix('-') {
            Some(key) => (key == name).then_some(true),
            None => (key.strip_prefix('+').unwrap_or(key) == name).then_some(false),
        }
    }

    /// Orders the list by a column, or the other way round if it is in its order already.
    pub(crate) fn sort_by(&mut self, name: &str) -> Vec<Effect> {
        let key = ordered_by(name);
        self.sort = vec![match self.order(name) {
            Some(false) => format!("-{key}"),
            _ => key.to_owned(),
        }];
        self.waits = true;
        vec![self.read(self.rows.anchor())]
    }

    /// Shows a saved view.
    pub(crate) fn show(&mut self, view: &Saved, world: &World) -> Vec<Effect> {
        self.filter.set(&view.filter);
        let mut columns: Vec<String> = List::usual(self.noun, world);
        if view.columns.iter().all(|name| name.starts_with(['+', '-'])) {
            for name in &view.columns {
                match (name.strip_prefix('+'), name.strip_prefix('-')) {
                    (Some(more), _) => columns.push(more.to_owned()),
                    (_, Some(less)) => columns.retain(|column| column != less),
                    _ => {}
                }
            }
        } else {
            columns.clone_from(&view.columns);
        }
        self.set_columns(columns);
        self.sort.clone_from(&view.sort);
        self.anew()
    }

    /// The request for the whole list; `columns` where other ones are wanted.
    pub(crate) fn request(&self, columns: Vec<String>) -> list::Request {
        list::Request {
            filters: self.filters(),
            columns,
            sort: self.sort.clone(),
            limit: None,
        }
    }

    fn read(&mut self, anchor: Anchor) -> Effect {
        self.asked = anchor;
        let unseen = cells::unseen(self.noun).iter().map(|name| (*name).to_owned());
        let columns = self.columns.iter().cloned().chain(unseen).collect();
        Effect::Read(
            self.slot + WINDOW,
            Query::Window(window::Request {
                noun: self.noun,
                list: self.request(columns),
                anchor,
                rows: Rows::wanted(self.height),
            }),
        )
    }

    fn count(&self) -> Effect {
        Effect::Read(self.slot + TOTAL, Query::Total(self.noun, self.filters()))
    }

    /// Asks for the rows and their number, around the cursor.
    pub(crate) fn refresh(&mut self) -> Vec<Effect> {
        vec![self.reread(), self.count()]
    }

    /// Asks for the rows alone.
    pub(crate) fn reread(&mut self) -> Effect {
        self.read(self.rows.anchor())
    }

    /// Asks for the number of rows alone.
    pub(crate) fn refresh_total(&self) -> Vec<Effect> {
        vec![self.count()]
    }

    /// Asks for the first rows of what is another list now.
    fn anew(&mut self) -> Vec<Effect> {
        self.waits = true;
        vec![self.read(Anchor::First), self.count()]
    }

    /// Says how many rows are drawn.
    pub(crate) fn measure(&mut self, height: usize) {
        self.height = height.max(1);
        self.rows.keep_in_sight(self.height);
    }

    /// The record under the cursor.
    pub(crate) fn here(&self) -> Option<Link> {
        self.rows.link_here()
    }

    /// Takes away the filter that was typed.
    pub(crate) fn clear(&mut self) -> Vec<Effect> {
        self.filter = Filter::new();
        self.waits = true;
        // The cursor stays on its record, which the whole list has too.
        let effects = vec![self.read(self.rows.anchor()), self.count()];
        effects
    }

    /// Moves, or opens the line of the filter; none for other actions.
    pub(crate) fn act(&mut self, action: Action) -> Option<Vec<Effect>> {
        let height = self.height;
        let half = isize::try_from(height / 2).unwrap_or(1).max(1);
        let anchor = match action {
            Action::Down => self.rows.go(1, height),
            Action::Up => self.rows.go(-1, height),
            Action::PageDown => self.rows.go(half, height),
            Action::PageUp => self.rows.go(-half, height),
            Action::First => self.rows.go_first(height),
            Action::Last => self.rows.go_last(height),
            Action::Filter => {
                self.filter.open();
                return Some(vec![self.ask_words()]);
            }
            _ => return None,
        };
        Some(self.follow(anchor))
    }

    /// Moves by so many rows.
    pub(crate) fn scroll(&mut self, by: isize) -> Vec<Effect> {
        let anchor = self.rows.go(by, self.height);
        self.follow(anchor)
    }

    /// Puts the cursor on a row that is drawn; false if there is none.
    pub(crate) fn click(&mut self, line: usize) -> Option<Vec<Effect>> {
        let at = self.rows.drawn(line)?;
        let anchor = self.rows.put(at, self.height);
        Some(self.follow(anchor))
    }

    fn follow(&mut self, anchor: Option<Anchor>) -> Vec<Effect> {
        anchor.map(|anchor| self.read(anchor)).into_iter().collect()
    }

    fn ask_words(&self) -> Effect {
        let text = self.filter.before_cursor();
        Effect::Read(self.slot + WORDS, Query::Propose(self.noun, text))
    }

    /// Takes what was typed, if the line of the filter has the keys.
    pub(crate) fn typed(&mut self, typed: &Typed) -> Option<Vec<Effect>> {
        if !self.filter.is_open() {
            return None;
        }
        let before = self.filter.text();
        let told = self.filter.typed(typed);
        let mut effects = Vec::new();
        match told {
            Told::Cleared if before.is_empty() => {}
            Told::Cleared => effects.extend(self.clear()),
            Told::Changed => {
                effects.push(self.ask_words());
                // Blanks at the ends do not make another list.
                if before != self.filter.text() {
                    effects.extend(self.anew());
                }
            }
            Told::Kept => {}
            Told::Nothing => {
                let is_enter =
                    matches!(typed, Typed::Key(key) if key.code == crossterm::event::KeyCode::Enter);
                if let (true, Some(problem)) = (is_enter, self.filter.problem()) {
                    effects.push(Effect::Say(Message::refused(problem)));
                }
            }
        }
        Some(effects)
    }

    /// Takes an answer; true if it was one to a question of this list.
    pub(crate) fn answer(&mut self, slot: u8, answer: &mut Option<Result<Answer>>) -> bool {
        let Some(question) = slot.checked_sub(self.slot).filter(|number| *number < SLOTS) else {
            return false;
        };
        match (question, answer.take()) {
            (WINDOW, Some(Ok(Answer::Window(window)))) => {
                self.error = None;
                self.waits = false;
                self.filter.understood();
                self.rows.take(window, self.asked, self.height);
            }
            (WINDOW, Some(Err(error))) => {
                self.waits = false;
                // What is not understood while it is typed leaves the rows alone.
                match self.filter.is_empty() {
                    true => self.error = Some(act::told(&error)),
                    false => self.filter.refused(&error),
                }
            }
            (TOTAL, Some(Ok(Answer::Total(total)))) => self.rows.total = Some(total),
            (WORDS, Some(Ok(Answer::Proposal(proposal)))) => self.filter.propose(proposal),
            _ => {}
        }
        true
    }

    /// Something was done: what was changed stays in sight, what is done or gone makes room for the next.
    pub(crate) fn wrote(&mut self, deed: &Deed) {
        let is_gone = matches!(
            deed,
            Deed::Remove(_)
                | Deed::Restore(_)
                | Deed::Tasks(..)
                | Deed::Deals(..)
                | Deed::Tickets(TicketVerb::Close, _)
        );
        let here = self.rows.current().map(|row| row.id);
        let is_about = |id: Id| deed.subjects().iter().any(|link| link.id == id);
        if !is_gone && here.is_some_and(is_about) {
            self.rows.keep_current();
        }
    }
}

/// The field by which a column is ordered: days with and without a time by the instant that they mean.
fn ordered_by(name: &str) -> &str {
    match name {
        "due" => "due_at",
        other => other,
    }
}
