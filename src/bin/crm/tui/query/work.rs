//! Reads of what was done and what was kept: operations with what they changed, saved views; and the first rows of lists.

use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::Result;
use crm::ops::window::{self, Anchor, Row};
use crm::ops::{complete, list, view};
use crm::store::{ReadTx, history, links, log};

/// At most so many changes of an operation are shown.
const MOST_CHANGES: i64 = 200;
/// Of at most so many records what was changed is told in the words of their fields.
const MOST_RECORDS: usize = 20;

/// A change of an operation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Touched {
    pub(crate) change: log::Change,
    /// The record that it is about, if it is one.
    pub(crate) record: Option<Link>,
    /// What was changed of the record: the field, what it was, what it became. Of many records of an operation only
    /// the first ones have this.
    pub(crate) edits: Vec<(String, Value, Value)>,
}

/// What an operation changed. Where records are told by their fields, the rows that belong to them are left out.
pub(super) fn touched(tx: &ReadTx<'_>, op: Id) -> Result<Vec<Touched>> {
    let mut all = Vec::new();
    let mut told = 0;
    for change in log::changes(tx, op, MOST_CHANGES)? {
        let record = match Noun::parse(&change.table) {
            Some(noun) => links::link(tx, noun, change.row)?,
            None => None,
        };
        let mut edits = Vec::new();
        if let Some(record) = record.as_ref().filter(|_| told < MOST_RECORDS) {
            told += 1;
            let history = history::of(tx, record.noun, record.id)?.into_iter();
            let own = history.filter(|edit| edit.op.id == op);
            edits.extend(own.map(|edit| (edit.field, edit.old, edit.new)));
        }
        all.push(Touched {
            change,
            record,
            edits,
        });
    }
    if all.iter().any(|touched| !touched.edits.is_empty()) {
        all.retain(|touched| touched.record.is_some());
    }
    Ok(all)
}

/// The saved views of a noun, in the order of their names.
pub(super) fn views(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<view::Saved>> {
    let filter = format!("noun:{noun}");
    let found = complete::newest(tx, Noun::View, &[filter], usize::MAX)?;
    let mut views = found
        .iter()
        .map(|found| view::saved(tx, found.id))
        .collect::<Result<Vec<_>>>()?;
    views.sort_by(|one, other| one.key.cmp(&other.key));
    Ok(views)
}

/// The first rows of a list that is no page of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beginning<'q> {
    pub(crate) noun: Noun,
    pub(crate) filters: &'q [&'q str],
    pub(crate) columns: &'q [&'q str],
    pub(crate) sort: &'q str,
    /// At most so many.
    pub(crate) most: usize,
}

impl Beginning<'_> {
    /// Reads the rows, with the columns in the order in which they were named.
    pub(crate) fn read(&self, tx: &ReadTx<'_>) -> Result<Vec<Row>> {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let request = window::Request {
            noun: self.noun,
            list: list::Request {
                filters: owned(self.filters),
                columns: owned(self.columns),
                sort: vec![self.sort.to_owned()],
                limit: None,
            },
            anchor: Anchor::First,
            rows: self.most,
        };
        Ok(window::window(tx, &request)?.rows)
    }
}
