//! What was chosen of how files are imported, by their headers.

use jiff::Timestamp;
use rusqlite::Row;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// One choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Stands for the header.
    pub(crate) header: String,
    /// The noun that was said; empty for none.
    pub(crate) noun: String,
    /// The file for which it was made.
    pub(crate) file: String,
    /// Its columns, one a line.
    pub(crate) columns: String,
    /// What was chosen, as JSON.
    pub(crate) choices: String,
    /// When.
    pub(crate) created_at: Timestamp,
}

/// All choices, the oldest first.
pub(crate) fn all(tx: &ReadTx<'_>) -> Result<Vec<Stored>> {
    let found = tx.all(
        "SELECT id, header, noun, file, columns, choices, created_at FROM import_choice ORDER BY id",
        [],
        stored,
    )?;
    Ok(found.into_iter().map(|(_, stored)| stored).collect())
}

/// The choices for a header and a noun, with their rows.
pub(crate) fn of(tx: &ReadTx<'_>, header: &str, noun: &str) -> Result<Vec<(Id, Stored)>> {
    tx.all(
        "SELECT id, header, noun, file, columns, choices, created_at FROM import_choice WHERE header = ?1 AND noun = ?2",
        [header, noun],
        stored,
    )
}

/// Keeps a choice.
pub(crate) fn add(tx: &WriteTx<'_>, stored: &Stored) -> Result<()> {
    tx.insert(
        "import_choice",
        tx.new_id(),
        vec![
            ("header", Sql::Text(stored.header.clone())),
            ("noun", Sql::Text(stored.noun.clone())),
            ("file", Sql::Text(stored.file.clone())),
            ("columns", Sql::Text(stored.columns.clone())),
            ("choices", Sql::Text(stored.choices.clone())),
            ("created_at", Sql::Integer(stored.created_at.as_millisecond())),
        ],
    )
}

/// Takes a choice away.
pub(crate) fn remove(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    tx.delete("import_choice", id)?;
    Ok(())
}

fn stored(row: &Row<'_>) -> rusqlite::Result<(Id, Stored)> {
    Ok((
        Id::from_raw(row.get(0)?),
        Stored {
            header: row.get(1)?,
            noun: row.get(2)?,
            file: row.get(3)?,
            columns: row.get(4)?,
            choices: row.get(5)?,
            created_at: Timestamp::from_millisecond(row.get(6)?).unwrap_or_default(),
        },
    ))
}
