//! Reads of what was done and what was kept: operations with what they changed, saved views.

use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::Result;
use crm::ops::{complete, view};
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
