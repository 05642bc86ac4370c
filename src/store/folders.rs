//! What a folder that is kept in step looked like when it was last. No business data: not logged, not undone.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::store::tx::{ReadTx, WriteTx};

/// One file and the record that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The name of the file.
    pub name: String,
    /// The kind of record.
    pub noun: Noun,
    /// The record; none for a file that is left alone.
    pub record: Option<Id>,
    /// A mark of what the record said.
    pub ours: String,
    /// A mark of the bytes of the file.
    pub theirs: String,
}

/// The files of `folder` that are known, by name.
pub fn items(tx: &ReadTx<'_>, folder: &str) -> Result<Vec<Item>> {
    let sql = "SELECT name, noun, record_id, ours, theirs FROM vdir_item WHERE folder = ?1 ORDER BY name";
    let rows = tx.all(sql, [folder], |row| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, String>(1)?,
            row.get::<_, i64>(2)?,
            row.get::<_, String>(3)?,
            row.get::<_, String>(4)?,
        ))
    })?;
    rows.into_iter()
        .map(|(name, noun, record, ours, theirs)| {
            let noun = Noun::parse(&noun).ok_or_else(|| Error::internal(format!("{noun} is no noun")))?;
            Ok(Item {
                name,
                noun,
                record: (record != 0).then(|| Id::from_raw(record)),
                ours,
                theirs,
            })
        })
        .collect()
}

/// Remembers a file.
pub fn put(tx: &WriteTx<'_>, folder: &str, item: &Item) -> Result<()> {
    let sql =
        "INSERT INTO vdir_item (folder, name, noun, record_id, ours, theirs) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
               ON CONFLICT DO UPDATE SET noun = ?3, record_id = ?4, ours = ?5, theirs = ?6";
    let record = item.record.map_or(0, Id::raw);
    tx.connection().prepare_cached(sql)?.execute((
        folder,
        &item.name,
        item.noun.name(),
        record,
        &item.ours,
        &item.theirs,
    ))?;
    Ok(())
}

/// Forgets a file.
pub fn forget(tx: &WriteTx<'_>, folder: &str, name: &str) -> Result<()> {
    tx.connection()
        .prepare_cached("DELETE FROM vdir_item WHERE folder = ?1 AND name = ?2")?
        .execute((folder, name))?;
    Ok(())
}
