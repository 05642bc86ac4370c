//! Watching a view: who came into it and who left it since somebody last looked.
//!
//! Looking and moving on are two steps, so that whatever is done about an entry is done outside any transaction, and an
//! entry of which it failed comes again.

use std::collections::BTreeSet;

use crate::domain::field::FieldType;
use crate::domain::id::{Id, Ref};
use crate::domain::value::Value;
use crate::error::Result;
use crate::ops::list::{self, Request};
use crate::ops::view::Saved;
use crate::store::cursors::{self, Turnover};
use crate::store::records::{self, Selected};
use crate::store::{ReadTx, WriteTx, columns, links};

/// What happened to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It is in the view and was not.
    Entered,
    /// It was in the view and is not.
    Left,
}

impl Event {
    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Event::Entered => "entered",
            Event::Left => "left",
        }
    }
}

/// One record that came or went.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What happened.
    pub event: Event,
    /// The record.
    pub id: Id,
    /// How it is called: its ref, or the key of what has none.
    pub reference: String,
    /// The values of the columns of [`Watched`].
    pub values: Vec<Value>,
}

/// What a watcher sees.
#[derive(Debug)]
pub struct Watched {
    /// Whether this watcher never looked before.
    pub is_first: bool,
    /// The columns of the entries: id and name, then those of the view.
    pub columns: Vec<Selected>,
    /// Who came and who left, each in the order in which the records were made.
    pub entries: Vec<Entry>,
    cursor: String,
}

/// Looks at a view; `watcher` tells several watchers of one user apart.
///
/// # Errors
///
/// `Usage` if the filter of the view or a column does not resolve any more.
pub fn look(tx: &ReadTx<'_>, view: &Saved, watcher: &str, more: Request) -> Result<Watched> {
    let request = view.begin(view.noun, more)?;
    let listing = list::listing(tx, view.noun, &request)
        .map_err(|error| error.context(format!("view {}", view.key)))?;
    let now: BTreeSet<Id> = records::ids(tx, view.noun, &listing.condition)?
        .into_iter()
        .collect();
    let cursor = format!("view {} {} {watcher}", view.id.uid(), tx.caller().actor.id.uid());
    let turnover = cursors::turnover(tx, &cursor, &now)?;
    let mut chosen = Vec::new();
    for name in ["id", columns::name_column(view.noun)] {
        if let Ok(column) = list::column(tx, view.noun, name) {
            chosen.push(column);
        }
    }
    let rest = listing.columns.into_iter().filter(|column| {
        column.kind != FieldType::Parts && !chosen.iter().any(|known| known.name == column.name)
    });
    let rest: Vec<Selected> = rest.collect();
    chosen.extend(rest);
    let Turnover { entered, left } = turnover;
    let all = entered.iter().map(|id| (Event::Entered, *id));
    let mut entries = Vec::new();
    for (event, id) in all.chain(left.iter().map(|id| (Event::Left, *id))) {
        entries.push(entry(tx, view, &chosen, event, id)?);
    }
    Ok(Watched {
        is_first: cursors::position(tx, &cursor)?.is_none(),
        columns: chosen,
        entries,
        cursor,
    })
}

/// What is known of a record; of one that is out of reach by now only its ref.
fn entry(tx: &ReadTx<'_>, view: &Saved, columns: &[Selected], event: Event, id: Id) -> Result<Entry> {
    let number = links::number(tx, view.noun, id)?;
    let reference = number.map(|no| Ref { noun: view.noun, no });
    let values = match records::get(tx, view.noun, id, columns)? {
        Some(values) => values,
        None => {
            let first = reference.map_or(Value::Text(id.uid()), Value::Ref);
            let mut values = vec![Value::Null; columns.len()];
            if let Some(slot) = values.first_mut() {
                *slot = first;
            }
            values
        }
    };
    let reference = match reference {
        Some(reference) => reference.to_string(),
        None => links::link(tx, view.noun, id)?.map_or_else(|| id.uid(), |link| link.name),
    };
    Ok(Entry {
        event,
        id,
        reference,
        values,
    })
}

/// Notes that these entries have been seen to; it is no operation of the log.
///
/// # Errors
///
/// Whatever the base fails with; then they come again.
pub fn move_on<'e>(tx: &WriteTx<'_>, watched: &Watched, seen: impl Iterator<Item = &'e Entry>) -> Result<()> {
    let mut turnover = Turnover::default();
    for entry in seen {
        match entry.event {
            Event::Entered => turnover.entered.push(entry.id),
            Event::Left => turnover.left.push(entry.id),
        }
    }
    cursors::move_members(tx, &watched.cursor, &turnover)?;
    cursors::move_to(tx, &watched.cursor, &tx.caller().clock.now().to_string())
}
