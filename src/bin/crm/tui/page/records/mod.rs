//! A list of records of one noun, with the detail of the one under the cursor beside it.

pub(crate) mod cells;
pub(crate) mod filter;
mod keys;
pub(crate) mod list;
mod marks;
pub(crate) mod rows;
mod sort;
pub(crate) mod table;
#[cfg(test)]
mod tests;
pub(crate) mod view;
mod words;

use crm::domain::count::Count;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::Result;
use crm::ops::view::Saved;
use crossterm::event::MouseEvent;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::action::{Action, Scope};
use crate::tui::deed::Deed;
use crate::tui::effect::Effect;
use crate::tui::page::records::list::List;
use crate::tui::page::records::marks::Marks;
use crate::tui::page::records::sort::Over;
use crate::tui::page::selection::Selection;
use crate::tui::page::{Page, Typed};
use crate::tui::query::{Answer, Query, Sheet};
use crate::tui::world::World;

/// Questions of this page, besides those of its list.
const SHEET: u8 = list::SLOTS;
const VIEWS: u8 = list::SLOTS + 1;
const EVERY: u8 = list::SLOTS + 2;
const HIDDEN: u8 = list::SLOTS + 3;
/// How many slots this page needs.
pub(crate) const SLOTS: u8 = list::SLOTS + 4;

/// The most marks that are counted by a filter on their refs.
const COUNTED: usize = 200;

/// Which pane has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Focus {
    List,
    Detail,
}

/// How large the pane that has the keys is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Zoom {
    Normal,
    Half,
    Full,
}

/// What becomes of all records that the filter finds, once they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Mark,
    Invert,
}

/// A list and its detail.
#[derive(Debug)]
pub(crate) struct Records {
    title: String,
    /// Whether these are records in the trash.
    is_trash: bool,
    /// How many rows of the page stand above it.
    above: u16,
    list: List,
    /// How many records there are without the filter that was typed.
    whole: Option<Count>,
    marks: Marks,
    /// How many of the marked records the filter hides, if that is known.
    hidden: Option<u64>,
    every: Every,
    views: Vec<Saved>,
    /// The view that is shown.
    view: Option<String>,
    over: Option<Over>,
    sheet: Option<Box<Sheet>>,
    /// How far the detail is scrolled.
    scroll: u16,
    focus: Focus,
    zoom: Zoom,
}

impl Records {
    /// A list of records of `noun` that all of `base` select.
    pub(crate) fn new(noun: Noun, title: &str, base: Vec<String>, world: &World) -> Records {
        let list = List::new(noun, base, List::usual(noun, world), 0);
        let list = match noun {
            Noun::Task => list.sorted(&["due_at"]),
            // What runs out first comes first; among those whose clock stands still, what presses most and waits longest.
            Noun::Ticket => list.sorted(&["due_at", "priority", "received_at"]),
            _ => list,
        };
        Records::of(title, list)
    }

    /// The records of `noun` in the trash, the latest that came there first.
    pub(crate) fn trash(noun: Noun, title: &str) -> Records {
        let mut base = vec!["is:trashed".to_owned()];
        if noun == Noun::Customer {
            // A merged customer is not gone: it lives on in another one.
            base.push("no:merged_into".to_owned());
        }
        let columns = ["deleted_at", "updated_by"].map(str::to_owned).to_vec();
        Records {
            is_trash: true,
            // The kinds of record.
            above: 1,
            ..Records::of(title, List::new(noun, base, columns, 0).sorted(&["-deleted_at"]))
        }
    }

    fn of(title: &str, list: List) -> Records {
        Records {
            title: title.to_owned(),
            is_trash: false,
            above: 0,
            list,
            whole: None,
            marks: Marks::default(),
            hidden: None,
            every: Every::Mark,
            views: Vec::new(),
            view: None,
            over: None,
            sheet: None,
            scroll: 0,
            focus: Focus::List,
            zoom: Zoom::Normal,
        }
    }

    /// Asks for the detail of the record under the cursor, if it is shown.
    fn detail(&mut self, world: &World) -> Option<Effect> {
        let link = self.list.here()?;
        view::layout(self, view::own_area(self, world), world).detail?;
        if self.sheet.as_ref().is_none_or(|sheet| sheet.record.id != link.id) {
            self.scroll = 0;
        }
        Some(Effect::Read(SHEET, Query::Sheet(link.noun, link.id)))
    }

    /// After the cursor may have moved from `before`: the range and the detail follow.
    fn followed(&mut self, before: Option<&Link>, world: &World) -> Vec<Effect> {
        let here = self.list.here();
        if here.as_ref().map(|link| link.id) == before.map(|link| link.id) {
            return Vec::new();
        }
        self.marks.follow(&self.list.rows);
        self.detail(world).into_iter().collect()
    }

    /// Fits the list to the room that it has.
    fn measure(&mut self, world: &World) {
        let height = view::rows_height(self, world);
        self.list.measure(height);
    }

    /// Asks how many marked records the filter hides, where the window does not tell.
    fn count_hidden(&mut self) -> Option<Effect> {
        self.hidden = self
            .marks
            .hidden(&self.list.rows)
            .and_then(|count| u64::try_from(count).ok());
        if self.hidden.is_some() || self.marks.is_empty() || self.marks.len() > COUNTED {
            return None;
        }
        let refs: Vec<String> = self
            .marks
            .links()
            .iter()
            .map(|link| link.reference().to_string())
            .collect();
        let mut filters = self.list.filters();
        filters.push(format!("id:{}", refs.join(",")));
        Some(Effect::Read(HIDDEN, Query::Total(self.list.noun, filters)))
    }
}

impl Page for Records {
    fn title(&self) -> String {
        self.title.clone()
    }

    fn scopes(&self) -> &'static [Scope] {
        match (self.is_trash, self.list.noun) {
            (true, _) => &[Scope::Trash, Scope::List, Scope::Global],
            (false, Noun::Ticket) => &[Scope::Tickets, Scope::List, Scope::Global],
            (false, Noun::Order) => &[Scope::Orders, Scope::List, Scope::Global],
            (false, _) => &[Scope::List, Scope::Global],
        }
    }

    fn refresh(&mut self, world: &World) -> Vec<Effect> {
        self.measure(world);
        let mut effects = self.list.refresh();
        effects.push(Effect::Read(VIEWS, Query::Views(self.list.noun)));
        effects.extend(self.detail(world));
        effects
    }

    /// Nothing came or went: who counts a million records every minute has no rest.
    fn look_again(&mut self, world: &World) -> Vec<Effect> {
        self.measure(world);
        let mut effects = vec![self.list.reread()];
        effects.extend(self.detail(world));
        effects
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        let before = self.list.here();
        let mut effects = self.acted(action, world)?;
        self.measure(world);
        effects.extend(self.followed(before.as_ref(), world));
        Some(effects)
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Option<Vec<Effect>> {
        if self.over.is_some() {
            return Some(self.typed_over(typed, world));
        }
        let effects = self.list.typed(typed);
        if effects.is_some() {
            self.measure(world);
        }
        effects
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        let before = self.list.here();
        let mut answer = Some(answer);
        if self.list.answer(slot, &mut answer) {
            self.measure(world);
            if self.list.filter.is_empty() {
                self.whole = self.list.rows.total;
            }
            let mut effects = self.followed(before.as_ref(), world);
            effects.extend(self.count_hidden());
            return effects;
        }
        match (slot, answer) {
            (SHEET, Some(Ok(Answer::Sheet(sheet)))) => self.sheet = Some(sheet),
            (VIEWS, Some(Ok(Answer::Views(views)))) => self.views = views,
            (HIDDEN, Some(Ok(Answer::Total(seen)))) => {
                let all = u64::try_from(self.marks.len()).unwrap_or(u64::MAX);
                self.hidden = Some(all.saturating_sub(seen.counted));
            }
            (EVERY, Some(Ok(Answer::Window(window)))) => return self.every(window, world),
            (EVERY, Some(Err(error))) => {
                let text = crate::tui::act::told(&error);
                return vec![Effect::Say(crate::tui::effect::Message::refused(text))];
            }
            _ => {}
        }
        Vec::new()
    }

    fn selection(&self) -> Selection {
        let Some(current) = self.list.here() else {
            return Selection {
                marked: self.marks.links(),
                ..Selection::default()
            };
        };
        let row = self.list.rows.current();
        let named = self.list.rows.columns.iter();
        let at = named.map(|(name, _)| name).position(|name| name == "status");
        let status = row.and_then(|row| row.values.get(at?));
        let links = row.into_iter().flat_map(|row| &row.values);
        let related = links.filter_map(|value| match value {
            Value::Link(link) => Some(link.clone()),
            _ => None,
        });
        Selection {
            marked: self.marks.links(),
            ..Selection::one(current, related.collect::<Vec<_>>()).with_status(status)
        }
    }

    fn command(&self) -> Vec<String> {
        if self.is_trash {
            return vec!["trash".to_owned(), "list".to_owned()];
        }
        let mut words = vec![self.list.noun.name().to_owned(), "list".to_owned()];
        for filter in self.list.filters() {
            words.extend(["-w".to_owned(), filter]);
        }
        if !self.list.sort.is_empty() {
            words.extend(["--sort".to_owned(), self.list.sort.join(",")]);
        }
        words
    }

    fn wrote(&mut self, deed: &Deed) {
        if let Deed::Remove(of) | Deed::Restore(of) = deed {
            self.marks.forget(of);
        }
        self.list.wrote(deed);
    }

    fn step(&mut self, by: isize, world: &World) -> (Option<Link>, Vec<Effect>) {
        let before = self.list.here();
        let effects = self.list.scroll(by);
        let here = self.list.here();
        self.measure(world);
        let is_same = here.as_ref().map(|link| link.id) == before.map(|link| link.id);
        (here.filter(|_| !is_same), effects)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        view::draw(self, frame, area, world)
    }

    fn targets(&self, area: Rect, world: &World) -> Vec<(Position, Effect)> {
        view::targets(self, area, world)
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let before = self.list.here();
        let mut effects = self.clicked(event, area, world);
        self.measure(world);
        effects.extend(self.followed(before.as_ref(), world));
        effects
    }
}
