//! What users are told by rules, and that they have read it.

use crate::error::{Error, Kind, Result};
use crate::store::notifications::{self, Notification, Which};
use crate::store::{ReadTx, WriteTx};

/// What the caller was told, the newest first, at most `most`.
pub fn list(tx: &ReadTx<'_>, which: Which, most: i64) -> Result<Vec<Notification>> {
    notifications::list(tx, tx.caller().actor.id, which, most)
}

/// How much the caller was told and has not read.
pub fn unread(tx: &ReadTx<'_>) -> Result<u64> {
    notifications::unread(tx, tx.caller().actor.id)
}

/// Marks as read what the caller was told under these numbers; how much of it was not.
///
/// # Errors
///
/// `NotFound` for a number under which the caller was told nothing.
pub fn read(tx: &WriteTx<'_>, numbers: &[i64]) -> Result<u64> {
    let mut count = 0;
    for no in numbers {
        let found = notifications::by_number(tx, tx.caller().actor.id, *no)?;
        let found =
            found.ok_or_else(|| Error::new(Kind::NotFound, format!("you were told nothing under {no}")))?;
        count += u64::from(notifications::mark(tx, &found)?);
    }
    tx.describe(title(count));
    Ok(count)
}

/// Marks as read all that the caller was told; how much that was.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn read_all(tx: &WriteTx<'_>) -> Result<u64> {
    let mut count = 0;
    for notification in list(tx, Which::Unread, i64::MAX)? {
        count += u64::from(notifications::mark(tx, &notification)?);
    }
    tx.describe(title(count));
    Ok(count)
}

fn title(count: u64) -> String {
    match count {
        1 => "Read 1 notification".to_owned(),
        count => format!("Read {count} notifications"),
    }
}
