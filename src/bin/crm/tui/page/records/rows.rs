//! A window into a list that may be endless: the rows around the cursor, and how the window follows it.

use crm::domain::count::Count;
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::ops::window::{Anchor, Row, Window};

/// How many screens a window holds.
const SCREENS: usize = 10;
/// The fewest rows of a window.
const LEAST: usize = 100;

/// The rows that were read, and where the cursor stands in them.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    noun: Noun,
    pub(crate) columns: Vec<(String, FieldType)>,
    rows: Vec<Row>,
    /// Nothing comes before the first row.
    first: bool,
    /// Nothing comes after the last row.
    last: bool,
    /// Where the first row stands in the whole list, if that is known.
    start: Option<u64>,
    /// How many rows the whole list has, if that is known.
    pub(crate) total: Option<Count>,
    cursor: usize,
    /// The first row that is drawn.
    top: usize,
    /// Whether anything was read yet.
    pub(crate) read: bool,
    /// Whether the row under the cursor stays for now if it is in the list no more.
    stays: bool,
    /// The row that is in the list no more, and here until the cursor leaves it.
    ghost: Option<Id>,
}

impl Rows {
    /// A window of which nothing was read yet.
    pub(crate) fn new(noun: Noun) -> Rows {
        Rows {
            noun,
            columns: Vec::new(),
            rows: Vec::new(),
            first: false,
            last: false,
            start: None,
            total: None,
            cursor: 0,
            top: 0,
            read: false,
            stays: false,
            ghost: None,
        }
    }

    /// The row under the cursor stays where it is, even if the next window does not have it any more.
    pub(crate) fn keep_current(&mut self) {
        self.stays = true;
    }

    /// Whether a row is in the list no more.
    pub(crate) fn is_ghost(&self, row: &Row) -> bool {
        self.ghost == Some(row.id)
    }

    /// Whether every row of the list is in the window.
    pub(crate) fn is_whole(&self) -> bool {
        self.first && self.last
    }

    /// Whether the window has the record.
    pub(crate) fn has(&self, id: Id) -> bool {
        self.rows.iter().any(|row| row.id == id)
    }

    /// The record of a row that is drawn, counted from the first that is.
    pub(crate) fn drawn(&self, line: usize) -> Option<usize> {
        Some(self.top + line).filter(|at| *at < self.rows.len())
    }

    /// How many rows to ask for, where so many are drawn.
    pub(crate) fn wanted(height: usize) -> usize {
        (height * SCREENS).max(LEAST)
    }

    /// Where to read again to keep the cursor where it is.
    pub(crate) fn anchor(&self) -> Anchor {
        self.current().map_or(Anchor::First, |row| Anchor::Around(row.id))
    }

    /// Takes what was read. The cursor stays on its record, or goes to the end that was asked for.
    pub(crate) fn take(&mut self, window: Window, anchor: Anchor, height: usize) {
        let known = self.current().cloned();
        let offset = self.cursor.saturating_sub(self.top);
        let was_top = self.top == 0;
        let start = self.start_of(&window, anchor);
        let near = self.nearest(&window);
        let is_alike = self.columns == window.columns;
        let stays = std::mem::take(&mut self.stays) || known.as_ref().is_some_and(|row| self.is_ghost(row));
        self.ghost = None;
        self.columns = window.columns;
        self.rows = window.rows;
        (self.first, self.last) = (window.first, window.last);
        self.start = start;
        self.read = true;
        let end = self.rows.len().saturating_sub(1);
        self.cursor = match anchor {
            Anchor::First => 0,
            Anchor::Last => end,
            Anchor::Around(id) | Anchor::After(id) | Anchor::Before(id) => {
                let wanted = known.as_ref().map_or(id, |row| row.id);
                match self.rows.iter().position(|row| row.id == wanted) {
                    Some(at) => at,
                    None => {
                        if let Some(row) = known.filter(|_| stays && is_alike) {
                            self.ghost = Some(row.id);
                            self.rows.insert(near.min(self.rows.len()), row);
                        }
                        near.min(self.rows.len().saturating_sub(1))
                    }
                }
            }
        };
        // Who stands at the top sees what has come in above; others keep their place on the screen.
        self.top = match was_top && self.cursor < height {
            true => 0,
            false => self.cursor.saturating_sub(offset),
        };
        self.keep_in_sight(height);
    }

    /// Where a new window has what comes after the cursor, or else the end of what came before it.
    fn nearest(&self, window: &Window) -> usize {
        let found = |row: &Row| window.rows.iter().position(|new| new.id == row.id);
        let after = self.rows.iter().skip(self.cursor + 1).find_map(found);
        let before = || self.rows.iter().take(self.cursor).rev().find_map(found);
        after.or_else(|| before().map(|at| at + 1)).unwrap_or(self.cursor)
    }

    /// Takes the row away that is in the list no more, once the cursor has left it.
    fn leave_ghost(&mut self) {
        let Some(ghost) = self.ghost else { return };
        if self.current().is_some_and(|row| row.id == ghost) {
            return;
        }
        self.ghost = None;
        let Some(at) = self.rows.iter().position(|row| row.id == ghost) else {
            return;
        };
        self.rows.remove(at);
        if at < self.cursor {
            self.cursor -= 1;
        }
    }

    /// Where the first row of a new window stands in the whole list.
    fn start_of(&self, window: &Window, anchor: Anchor) -> Option<u64> {
        if window.first {
            return Some(0);
        }
        let count = u64::try_from(window.rows.len()).ok()?;
        if anchor == Anchor::Last {
            let total = self.total.filter(|total| !total.is_more)?;
            return total.counted.checked_sub(count);
        }
        // A row that both windows have tells how far one lies from the other.
        let (new, old) = window.rows.iter().enumerate().find_map(|(new, row)| {
            let old = self.rows.iter().position(|known| known.id == row.id)?;
            Some((new, old))
        })?;
        let place = self.start? + u64::try_from(old).ok()?;
        place.checked_sub(u64::try_from(new).ok()?)
    }

    /// The rows that are drawn, each with whether the cursor is on it.
    pub(crate) fn visible(&self, height: usize) -> impl Iterator<Item = (usize, &Row, bool)> {
        let cursor = self.cursor;
        self.rows
            .iter()
            .enumerate()
            .skip(self.top)
            .take(height)
            .map(move |(at, row)| (at, row, at == cursor))
    }

    /// The row under the cursor.
    pub(crate) fn current(&self) -> Option<&Row> {
        self.rows.get(self.cursor)
    }

    /// Whether there is no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A row as a record.
    pub(crate) fn link(&self, row: &Row) -> Link {
        let no = row.values.iter().find_map(|value| match value {
            Value::Ref(reference) => Some(reference.no),
            _ => None,
        });
        let name = self.columns.iter().position(|(name, _)| is_name(self.noun, name));
        let name = name.and_then(|at| row.values.get(at)).map(crm::wire::cell::cell);
        Link {
            noun: self.noun,
            id: row.id,
            no: no.unwrap_or_default(),
            name: name.unwrap_or_default(),
        }
    }

    /// The record under the cursor.
    pub(crate) fn link_here(&self) -> Option<Link> {
        self.current().map(|row| self.link(row))
    }

    /// The place of the cursor in the whole list, from 1, if that is known.
    pub(crate) fn place(&self) -> Option<u64> {
        Some(self.start? + u64::try_from(self.cursor).ok()? + 1)
    }

    /// Moves the cursor by so many rows, and says where to read if it comes near an edge of the window.
    pub(crate) fn go(&mut self, by: isize, height: usize) -> Option<Anchor> {
        let end = self.rows.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(end);
        self.leave_ghost();
        self.keep_in_sight(height);
        self.edge(height)
    }

    /// Puts the cursor on a row of the window.
    pub(crate) fn put(&mut self, at: usize, height: usize) -> Option<Anchor> {
        self.cursor = at.min(self.rows.len().saturating_sub(1));
        self.leave_ghost();
        self.keep_in_sight(height);
        self.edge(height)
    }

    /// Puts the cursor on the first row of all, and says where to read if that is not in the window.
    pub(crate) fn go_first(&mut self, height: usize) -> Option<Anchor> {
        if !self.first {
            return Some(Anchor::First);
        }
        self.put(0, height)
    }

    /// Puts the cursor on the last row of all, and says where to read if that is not in the window.
    pub(crate) fn go_last(&mut self, height: usize) -> Option<Anchor> {
        if !self.last {
            return Some(Anchor::Last);
        }
        self.put(usize::MAX, height)
    }

    /// Puts the cursor on the record, if it is in the window.
    pub(crate) fn find(&mut self, id: Id, height: usize) -> bool {
        let Some(at) = self.rows.iter().position(|row| row.id == id) else {
            return false;
        };
        self.put(at, height);
        true
    }

    /// Records from one row of the window to another, both included.
    pub(crate) fn between(&self, one: Id, other: usize) -> Vec<Link> {
        let Some(one) = self.rows.iter().position(|row| row.id == one) else {
            return Vec::new();
        };
        let (from, to) = (one.min(other), one.max(other));
        let rows = self.rows.iter().skip(from).take(to - from + 1);
        rows.map(|row| self.link(row)).collect()
    }

    /// All rows of the window as records.
    pub(crate) fn all(&self) -> impl Iterator<Item = Link> {
        self.rows.iter().map(|row| self.link(row))
    }

    /// The index of the cursor in the window.
    pub(crate) fn cursor(&self) -> usize {
        self.cursor
    }

    fn edge(&self, height: usize) -> Option<Anchor> {
        let near_start = !self.first && self.cursor < height;
        let near_end = !self.last && self.cursor + height >= self.rows.len();
        let row = self.current()?;
        (near_start || near_end).then_some(Anchor::Around(row.id))
    }

    /// Lets the cursor be among the rows that are drawn.
    pub(crate) fn keep_in_sight(&mut self, height: usize) {
        let height = height.max(1);
        self.top = self
            .top
            .min(self.cursor)
            .max((self.cursor + 1).saturating_sub(height));
        // Rows do not stand at the top of an empty pane when others could fill it.
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }
}

/// Whether a field is what records of the noun are called.
pub(crate) fn is_name(noun: Noun, field: &str) -> bool {
    field == name_of(noun)
}

/// The field that says what a record is called.
pub(crate) fn name_of(noun: Noun) -> &'static str {
    match noun {
        Noun::Task => "title",
        Noun::Activity => "text",
        _ => "name",
    }
}
