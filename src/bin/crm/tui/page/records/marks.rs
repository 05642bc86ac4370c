//! The records of a list that are marked. They stay marked whatever the list shows.

use std::collections::BTreeMap;

use crm::domain::id::Id;
use crm::domain::value::Link;

use crate::tui::page::records::rows::Rows;

/// The most records that are marked.
pub(crate) const MOST: usize = 10_000;

/// Marked records.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    marked: BTreeMap<Id, Link>,
    /// Where a range began, and what was marked before.
    range: Option<(Id, BTreeMap<Id, Link>)>,
}

impl Marks {
    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.marked.len()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.marked.is_empty()
    }

    /// Whether the record is marked.
    pub(crate) fn has(&self, id: Id) -> bool {
        self.marked.contains_key(&id)
    }

    /// The marked records.
    pub(crate) fn links(&self) -> Vec<Link> {
        self.marked.values().cloned().collect()
    }

    /// Marks the record, or takes its mark away.
    pub(crate) fn toggle(&mut self, link: Link) {
        if self.marked.remove(&link.id).is_none() {
            self.marked.insert(link.id, link);
        }
    }

    /// Marks these as well.
    pub(crate) fn add(&mut self, links: impl IntoIterator<Item = Link>) {
        self.marked.extend(links.into_iter().map(|link| (link.id, link)));
    }

    /// Marks those of these that were not, and the others not any more.
    pub(crate) fn invert(&mut self, links: impl IntoIterator<Item = Link>) {
        for link in links {
            self.toggle(link);
        }
    }

    /// Takes the marks of these away.
    pub(crate) fn forget(&mut self, links: &[Link]) {
        for link in links {
            self.marked.remove(&link.id);
        }
    }

    /// Marks nothing any more.
    pub(crate) fn clear(&mut self) {
        *self = Marks::default();
    }

    /// Begins a range at a record, or ends it; true if one goes on now.
    pub(crate) fn range(&mut self, here: Link) -> bool {
        if self.range.take().is_some() {
            return false;
        }
        self.range = Some((here.id, self.marked.clone()));
        self.add([here]);
        true
    }

    /// Whether a range goes on.
    pub(crate) fn is_range(&self) -> bool {
        self.range.is_some()
    }

    /// Ends a range; what it has marked stays.
    pub(crate) fn end_range(&mut self) {
        self.range = None;
    }

    /// The cursor has moved: a range goes to where it is now.
    pub(crate) fn follow(&mut self, rows: &Rows) {
        let Some((from, before)) = &self.range else { return };
        if rows.has(*from) {
            self.marked.clone_from(before);
            let between = rows.between(*from, rows.cursor());
            self.add(between);
        } else {
            // The beginning is out of the window: what was passed stays marked.
            let here = rows.link_here();
            self.add(here);
        }
    }

    /// How many marked records are not among the rows, if all rows are known.
    pub(crate) fn hidden(&self, rows: &Rows) -> Option<usize> {
        if !rows.is_whole() {
            return None;
        }
        Some(self.marked.keys().filter(|id| !rows.has(**id)).count())
    }
}
