//! Rows that are no records and are written out all the same: options of picklists, opt-outs, settings of the base.

use jiff::Timestamp;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::fields;
use crate::store::tx::{ReadTx, WriteTx};

/// An entry of a picklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickOption {
    /// The picklist.
    pub list: String,
    /// The key, which never changes.
    pub key: String,
    /// The place in the list, from 1.
    pub position: i64,
    /// Whether it can still be chosen.
    pub active: bool,
    /// What people see, by language.
    pub labels: Vec<(String, String)>,
}

/// An address that may not be written to or called, by its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// email or phone.
    pub channel: String,
    /// What the address comes to; the address itself is not kept.
    pub hash: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// Calls `each` for every option, by list and place.
pub fn options(tx: &ReadTx<'_>, each: &mut dyn FnMut(PickOption) -> Result<()>) -> Result<()> {
    tx.each_row(
        "SELECT id, list, key, position, active FROM option ORDER BY list, position, id",
        [],
        |row| {
            let id: i64 = row.get(0)?;
            each(PickOption {
                list: row.get(1)?,
                key: row.get(2)?,
                position: row.get(3)?,
                active: row.get(4)?,
                labels: labels(tx, Id::from_raw(id))?,
            })
        },
    )
}

/// What people see of something, by language; `und` where nobody said which language it is.
pub fn labels(tx: &ReadTx<'_>, record: Id) -> Result<Vec<(String, String)>> {
    tx.all(
        "SELECT CASE language WHEN '' THEN 'und' ELSE language END, text FROM label WHERE record_id = ?1 ORDER BY language",
        [record.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Lets an option be as given; true if anything was different. Labels in other languages stay.
pub fn set_option(tx: &WriteTx<'_>, option: &PickOption) -> Result<bool> {
    let known: Option<i64> = tx.one(
        "SELECT id FROM option WHERE list = ?1 AND key = ?2",
        [&option.list, &option.key],
        |row| row.get(0),
    )?;
    let before = tx.changes();
    let id = match known {
        Some(id) => Id::from_raw(id),
        None => fields::add_choice(tx, &option.list, &option.key)?,
    };
    let columns = vec![
        ("position", Sql::Integer(option.position)),
        ("active", Sql::Integer(i64::from(option.active))),
    ];
    tx.update("option", id, columns)?;
    for (language, text) in &option.labels {
        let language = if language == "und" { "" } else { language };
        fields::set_label(tx, id, language, text)?;
    }
    Ok(tx.changes() != before)
}

/// The place of an option; none if there is no such option.
pub fn position(tx: &ReadTx<'_>, list: &str, key: &str) -> Result<Option<i64>> {
    tx.one(
        "SELECT position FROM option WHERE list = ?1 AND key = ?2",
        [list, key],
        |row| row.get(0),
    )
}

/// Calls `each` for every opt-out, in the order in which they were noted.
pub fn suppressions(tx: &ReadTx<'_>, each: &mut dyn FnMut(Suppression) -> Result<()>) -> Result<()> {
    tx.each_row(
        "SELECT channel, hash, reason, created_at FROM suppression ORDER BY id",
        [],
        |row| {
            each(Suppression {
                channel: row.get(0)?,
                hash: row.get(1)?,
                reason: row.get(2)?,
                created_at: Timestamp::from_millisecond(row.get(3)?).unwrap_or_default(),
            })
        },
    )
}

/// Notes an opt-out unless it is there; true if it was not. None is ever taken away.
pub fn add_suppression(tx: &WriteTx<'_>, suppression: &Suppression) -> Result<bool> {
    let known = tx.one(
        "SELECT 1 FROM suppression WHERE hash = ?1 AND channel = ?2",
        [&suppression.hash, &suppression.channel],
        |_| Ok(()),
    )?;
    if known.is_some() {
        return Ok(false);
    }
    tx.insert(
        "suppression",
        tx.new_id(),
        vec![
            ("channel", Sql::Text(suppression.channel.clone())),
            ("hash", Sql::Text(suppression.hash.clone())),
            ("reason", Sql::Text(suppression.reason.clone())),
            (
                "created_at",
                Sql::Integer(suppression.created_at.as_millisecond()),
            ),
        ],
    )?;
    Ok(true)
}

/// All settings of the base, by key.
pub fn settings(tx: &ReadTx<'_>) -> Result<Vec<(String, String)>> {
    tx.all("SELECT key, value FROM setting ORDER BY key", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}
