//! The records that an action is about: those that are marked, else the one under the cursor, else what belongs to it.

use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};

/// What is chosen on a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Selection {
    /// The record under the cursor.
    pub(crate) current: Option<Link>,
    /// Records that belong to it: the customer of a task, the deal of a call.
    pub(crate) related: Vec<Link>,
    /// The records that are marked.
    pub(crate) marked: Vec<Link>,
    /// Whether the record under the cursor is open, where that is known.
    pub(crate) is_open: Option<bool>,
}

impl Selection {
    /// The record under the cursor, and what belongs to it.
    pub(crate) fn one(current: Link, related: impl IntoIterator<Item = Link>) -> Selection {
        Selection {
            current: Some(current),
            related: related.into_iter().collect(),
            ..Selection::default()
        }
    }

    /// The chosen records that are of one of these nouns; all of one noun.
    pub(crate) fn of(&self, nouns: &[Noun]) -> Vec<Link> {
        if let Some(first) = self.marked.first() {
            return match nouns.contains(&first.noun) {
                true => self.marked.clone(),
                false => Vec::new(),
            };
        }
        let own = self.current.iter().chain(&self.related);
        own.filter(|link| nouns.contains(&link.noun))
            .take(1)
            .cloned()
            .collect()
    }

    /// Whether a record of one of these nouns is chosen.
    pub(crate) fn has(&self, nouns: &[Noun]) -> bool {
        match self.marked.first() {
            Some(first) => nouns.contains(&first.noun),
            None => {
                let mut own = self.current.iter().chain(&self.related);
                own.any(|link| nouns.contains(&link.noun))
            }
        }
    }

    /// The same where the value of the status is known.
    pub(crate) fn with_status(self, status: Option<&Value>) -> Selection {
        let is_open = status.map(|status| *status == Value::text("open"));
        Selection { is_open, ..self }
    }

    /// The one record of these nouns that is chosen; none if several are.
    pub(crate) fn single(&self, nouns: &[Noun]) -> Option<Link> {
        match self.of(nouns).as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        }
    }
}
