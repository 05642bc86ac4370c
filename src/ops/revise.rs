//! Changes that a person has made in a copy of a record: written only where nobody else has changed the same field since.

use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::{bulk, list, refer};
use crate::store::{ReadTx, records};
use crate::wire::form::Item;

/// A field that was changed in a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The canonical name.
    pub name: String,
    /// The value that the copy was made of.
    pub before: Item,
    /// The value that it is to have.
    pub wanted: Item,
}

/// What is to be given for the fields.
pub fn assignments(changes: &[Change]) -> Vec<Assignment> {
    changes
        .iter()
        .map(|change| (change.name.clone(), change.wanted.input()))
        .collect()
}

/// Refuses changes of fields that somebody else has changed since the copy was made, unless to the same value.
///
/// # Errors
///
/// `Conflict`, with the three values of each field, and who was last to change the record.
pub fn unmoved(tx: &ReadTx<'_>, noun: Noun, id: Id, changes: &[Change]) -> Result<()> {
    let columns = changes
        .iter()
        .map(|change| list::column(tx, noun, &change.name))
        .collect::<Result<Vec<_>>>()?;
    let Some(row) = records::get(tx, noun, id, &columns)? else {
        return Err(Error::not_found(noun, &id.uid()));
    };
    let clashes: Vec<String> = changes
        .iter()
        .zip(&row)
        .map(|(change, value)| (change, Item::of(value)))
        .filter(|(change, now)| !now.same(&change.before) && !now.same(&change.wanted))
        .map(|(change, now)| {
            format!(
                "{} was {}, is {} now, and was to be {}",
                change.name,
                change.before.shown(),
                now.shown(),
                change.wanted.shown()
            )
        })
        .collect();
    if clashes.is_empty() {
        return Ok(());
    }
    let message = format!(
        "{}, {}: {}",
        refer::name(tx, noun, id)?,
        bulk::changed_by(tx, noun, id)?,
        clashes.join("; ")
    );
    Err(Error::new(Kind::Conflict, message))
}
