//! The rows of files and links that stand with a record.

use rusqlite::Row;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::store::tx::{ReadTx, WriteTx};

/// One file or link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The row.
    pub id: Id,
    /// A web address, an absolute path, or a path from the folder of the base for a file that was copied beside it.
    pub location: String,
    /// What it is called.
    pub title: String,
    /// The size of the file when it was attached; none for a link.
    pub bytes: Option<i64>,
    /// The hash of what was in it then, in hexadecimal; empty for a link.
    pub sha256: String,
    /// When it was attached, in milliseconds since 1970.
    pub created_at: i64,
    /// Who attached it.
    pub created_by: Id,
}

impl Attachment {
    /// Whether it is an address and no file.
    pub fn is_link(&self) -> bool {
        self.bytes.is_none()
    }
}

const COLUMNS: &str = "id, location, title, bytes, sha256, created_at, created_by";

fn read(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    Ok(Attachment {
        id: Id::from_raw(row.get(0)?),
        location: row.get(1)?,
        title: row.get(2)?,
        bytes: row.get(3)?,
        sha256: row.get(4)?,
        created_at: row.get(5)?,
        created_by: Id::from_raw(row.get(6)?),
    })
}

/// What stands with a record, in the order in which it was attached.
pub fn of(tx: &ReadTx<'_>, record: Id) -> Result<Vec<Attachment>> {
    let sql = format!("SELECT {COLUMNS} FROM attachment WHERE record_id = ?1 ORDER BY id");
    tx.all(&sql, [record.raw()], read)
}

/// Every record that has something attached, and its noun, in the order of refs.
pub fn holders(tx: &ReadTx<'_>) -> Result<Vec<(Noun, Id)>> {
    let all: Vec<(String, Id)> = tx.all(
        "SELECT DISTINCT noun, record_id FROM attachment ORDER BY noun, record_id",
        [],
        |row| Ok((row.get(0)?, Id::from_raw(row.get(1)?))),
    )?;
    all.into_iter()
        .map(|(noun, id)| {
            let known = Noun::parse(&noun);
            let known = known.ok_or_else(|| Error::internal(format!("the base attaches to a {noun:?}")))?;
            Ok((known, id))
        })
        .collect()
}

/// Whether a file or link stands with any record.
pub fn is_attached(tx: &ReadTx<'_>, location: &str) -> Result<bool> {
    let found = tx.one(
        "SELECT 1 FROM attachment WHERE location = ?1 LIMIT 1",
        [location],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// Attaches a file or link; its `id` is ignored.
pub(crate) fn add(tx: &WriteTx<'_>, noun: Noun, record: Id, attachment: &Attachment) -> Result<()> {
    tx.insert(
        "attachment",
        tx.new_id(),
        vec![
            ("noun", Sql::Text(noun.name().to_owned())),
            ("record_id", Sql::Integer(record.raw())),
            ("location", Sql::Text(attachment.location.clone())),
            ("title", Sql::Text(attachment.title.clone())),
            ("bytes", attachment.bytes.map_or(Sql::Null, Sql::Integer)),
            ("sha256", Sql::Text(attachment.sha256.clone())),
            ("created_at", Sql::Integer(attachment.created_at)),
            ("created_by", Sql::Integer(attachment.created_by.raw())),
        ],
    )
}

/// Writes the title, the size and the hash of what is attached already; true if anything was different.
pub(crate) fn set(tx: &WriteTx<'_>, attachment: &Attachment) -> Result<bool> {
    tx.update(
        "attachment",
        attachment.id,
        vec![
            ("title", Sql::Text(attachment.title.clone())),
            ("bytes", attachment.bytes.map_or(Sql::Null, Sql::Integer)),
            ("sha256", Sql::Text(attachment.sha256.clone())),
        ],
    )
}

/// Takes one off its record.
pub(crate) fn remove(tx: &WriteTx<'_>, attachment: Id) -> Result<()> {
    tx.delete("attachment", attachment)
}
