//! The lines of the agenda, and the cursor, which stands on records and not on places.

use crm::domain::agenda::Entry;
use crm::domain::id::Id;
use crm::domain::value::Link;

use crate::tui::page::today::read::{Agenda, Finished};

/// Under this name the tasks that are done stand, which the agenda of the library does not have.
pub(crate) const DONE: &str = "done";

/// How many entries of a section are shown until it is expanded; none for all.
fn first(section: &str) -> Option<usize> {
    match section {
        "overdue" => Some(8),
        "week" => Some(2),
        "tickets" | "feedback" | "orders" | "quotes" | "pool" | "deals" | "quiet" => Some(3),
        _ => None,
    }
}

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// The title of a section.
    Head {
        section: usize,
        /// How many entries are not shown until it is expanded.
        folded: u64,
        /// Whether it was expanded, and can be folded.
        unfolded: bool,
    },
    /// An entry of a section.
    Entry { section: usize, at: usize },
    /// A task that is done.
    Done(usize),
    /// So many more entries were not read.
    More { section: usize, hidden: u64 },
}

/// What the cursor stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The name of the section.
    section: &'static str,
    /// The record; none for the title, or the line about what was not read.
    record: Option<Id>,
    /// Whether it is the line about what was not read.
    is_more: bool,
}

/// The lines, the cursor and what is in sight.
#[derive(Debug, Clone, Default)]
pub(crate) struct Lines {
    pub(crate) agenda: Option<Box<Agenda>>,
    lines: Vec<Line>,
    unfolded: Vec<&'static str>,
    cursor: usize,
    top: usize,
}

impl Lines {
    /// Takes what was read. The cursor stays on its record, also where that became late meanwhile; a record that was done
    /// or put off leaves the cursor on the next one.
    pub(crate) fn take(&mut self, agenda: Box<Agenda>, height: usize) {
        let known = self.place();
        self.agenda = Some(agenda);
        self.make();
        let found = known.and_then(|place| self.find(place));
        match found {
            Some(at) => self.cursor = at,
            None if known.is_none() => self.cursor = self.first_entry(),
            None => self.settle(),
        }
        self.keep_in_sight(height);
    }

    /// Where a place is now.
    fn find(&self, wanted: Place) -> Option<usize> {
        let rank = |section| {
            ["week", "today", "overdue"]
                .iter()
                .position(|name| *name == section)
        };
        let is_same = |place: Place| place == wanted;
        let became_late = |place: Place| {
            wanted.record.is_some()
                && place.record == wanted.record
                && rank(place.section) > rank(wanted.section)
        };
        let at = |fits: &dyn Fn(Place) -> bool| {
            (0..self.lines.len()).find(|at| self.place_of(*at).is_some_and(fits))
        };
        at(&is_same).or_else(|| at(&became_late))
    }

    /// Puts the cursor on the nearest line that it may stand on.
    fn settle(&mut self) {
        let last = self.lines.len().saturating_sub(1);
        let here = self.cursor.min(last);
        let below = (here..self.lines.len()).find(|at| self.is_choosable(*at));
        let above = || (0..here).rev().find(|at| self.is_choosable(*at));
        self.cursor = below.or_else(above).unwrap_or(0);
    }

    fn first_entry(&self) -> usize {
        (0..self.lines.len())
            .find(|at| self.is_choosable(*at))
            .unwrap_or(0)
    }

    fn make(&mut self) {
        self.lines.clear();
        let Some(agenda) = &self.agenda else { return };
        for (number, section) in agenda.sections.iter().enumerate() {
            let done = if section.name == "today" {
                agenda.done.len()
            } else {
                0
            };
            if section.count.is_none() && done == 0 {
                continue;
            }
            let read = section.entries.len();
            let is_open = self.unfolded.contains(&section.name);
            let shown = match first(section.name) {
                Some(first) if !is_open => read.min(first),
                _ => read,
            };
            let can_fold = first(section.name).is_some_and(|first| read > first);
            let missing = |shown: usize| section.count.counted.saturating_sub(shown as u64);
            let folded = if is_open || !can_fold { 0 } else { missing(shown) };
            self.lines.push(Line::Head {
                section: number,
                folded,
                unfolded: is_open && can_fold,
            });
            let entry = |at| Line::Entry { section: number, at };
            self.lines.extend((0..shown).map(entry));
            if folded == 0 && missing(read) > 0 {
                let hidden = missing(read);
                self.lines.push(Line::More {
                    section: number,
                    hidden,
                });
            }
            self.lines.extend((0..done).map(Line::Done));
        }
    }

    /// Expands the section whose title is under the cursor, or folds it; false if there is none.
    pub(crate) fn unfold(&mut self, height: usize) -> bool {
        let (Some(Line::Head { .. }), Some(place)) = (self.lines.get(self.cursor), self.place()) else {
            return false;
        };
        match self.unfolded.iter().position(|name| *name == place.section) {
            Some(at) => drop(self.unfolded.remove(at)),
            None => self.unfolded.push(place.section),
        }
        self.make();
        self.keep_in_sight(height);
        true
    }

    /// Moves the cursor by so many lines on which it may stand.
    pub(crate) fn go(&mut self, by: isize, height: usize) {
        for _ in 0..by.unsigned_abs() {
            let next = match by > 0 {
                true => (self.cursor + 1..self.lines.len()).find(|at| self.is_choosable(*at)),
                false => (0..self.cursor).rev().find(|at| self.is_choosable(*at)),
            };
            let Some(next) = next else { break };
            self.cursor = next;
        }
        self.keep_in_sight(height);
    }

    /// Moves the cursor to the line that is drawn in this row; false if it may not stand there.
    pub(crate) fn go_to_row(&mut self, row: usize) -> bool {
        let at = self.top + row;
        let may = self.is_choosable(at);
        if may {
            self.cursor = at;
        }
        may
    }

    /// Whether the cursor can go to the line in this row.
    pub(crate) fn has_row(&self, row: usize) -> bool {
        self.is_choosable(self.top + row)
    }

    /// Scrolls as little as is needed, with the title of the section where the cursor is on its first entry.
    pub(crate) fn keep_in_sight(&mut self, height: usize) {
        let first = match self.cursor.checked_sub(1).and_then(|above| self.lines.get(above)) {
            Some(Line::Head { .. }) => self.cursor - 1,
            _ => self.cursor,
        };
        let most = self.lines.len().saturating_sub(height);
        self.top = self.top.min(first).min(most);
        if height > 0 && self.cursor >= self.top + height {
            self.top = self.cursor + 1 - height;
        }
    }

    fn is_choosable(&self, at: usize) -> bool {
        match self.lines.get(at) {
            Some(Line::Head { folded, unfolded, .. }) => *folded > 0 || *unfolded,
            Some(_) => true,
            None => false,
        }
    }

    fn section_name(&self, section: usize) -> Option<&'static str> {
        Some(self.agenda.as_ref()?.sections.get(section)?.name)
    }

    fn place_of(&self, at: usize) -> Option<Place> {
        let place = |section, record| Place {
            section,
            record,
            is_more: false,
        };
        Some(match *self.lines.get(at)? {
            Line::Head { section, .. } => place(self.section_name(section)?, None),
            Line::More { section, .. } => Place {
                is_more: true,
                ..place(self.section_name(section)?, None)
            },
            Line::Entry { section, at } => place(
                self.section_name(section)?,
                Some(self.entry(section, at)?.record.id),
            ),
            Line::Done(at) => place(DONE, Some(self.done(at)?.task.id)),
        })
    }

    fn place(&self) -> Option<Place> {
        self.place_of(self.cursor)
    }

    /// An entry by its section and its number in it.
    pub(crate) fn entry(&self, section: usize, at: usize) -> Option<&Entry> {
        self.agenda.as_ref()?.sections.get(section)?.entries.get(at)
    }

    /// The entries of a section that have a line.
    pub(crate) fn shown(&self, section: usize) -> Vec<&Entry> {
        let entries = self.lines.iter().filter_map(|line| match *line {
            Line::Entry { section: known, at } if known == section => self.entry(section, at),
            _ => None,
        });
        entries.collect()
    }

    /// A task that is done, by its number.
    pub(crate) fn done(&self, at: usize) -> Option<&Finished> {
        self.agenda.as_ref()?.done.get(at)
    }

    /// The line under the cursor.
    pub(crate) fn current(&self) -> Option<Line> {
        self.lines
            .get(self.cursor)
            .copied()
            .filter(|_| self.is_choosable(self.cursor))
    }

    /// The entry under the cursor.
    pub(crate) fn current_entry(&self) -> Option<&Entry> {
        match self.current()? {
            Line::Entry { section, at } => self.entry(section, at),
            _ => None,
        }
    }

    /// The record under the cursor, and the customer that it is about.
    pub(crate) fn current_record(&self) -> Option<(Link, Option<Link>)> {
        match self.current()? {
            Line::Entry { section, at } => {
                let entry = self.entry(section, at)?;
                Some((entry.record.clone(), entry.customer.clone()))
            }
            Line::Done(at) => {
                let done = self.done(at)?;
                Some((done.task.clone(), done.customer.clone()))
            }
            Line::Head { .. } | Line::More { .. } => None,
        }
    }

    /// The lines in sight, each with whether the cursor is on it.
    pub(crate) fn visible(&self, height: usize) -> impl Iterator<Item = (Line, bool)> {
        let here = self.cursor;
        self.lines
            .iter()
            .enumerate()
            .skip(self.top)
            .take(height)
            .map(move |(at, line)| (*line, at == here && self.is_choosable(at)))
    }

    /// How many rows below the first one in sight the cursor is.
    pub(crate) fn row(&self) -> usize {
        self.cursor.saturating_sub(self.top)
    }

    /// Whether a record is to be done something about.
    pub(crate) fn has(&self, id: Id) -> bool {
        let sections = self.agenda.iter().flat_map(|agenda| &agenda.sections);
        let mut entries = sections.flat_map(|section| &section.entries);
        entries.any(|entry| entry.record.id == id)
    }

    /// Whether nothing is to be done.
    pub(crate) fn is_empty(&self) -> bool {
        let sections = self.agenda.iter().flat_map(|agenda| &agenda.sections);
        sections.into_iter().all(|section| section.count.is_none())
    }
}
