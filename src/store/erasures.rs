//! Whose data was erased, and by which hashes their addresses are known when they come again.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// An erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The row.
    pub id: Id,
    /// The ref's number of the customer that stayed behind.
    pub no: i64,
    /// Why.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Who did it.
    pub by: String,
    /// How many addresses must not come back.
    pub addresses: i64,
}

const COLUMNS: &str = "e.id, c.no, e.reason, e.created_at, coalesce(u.name, ''),
  (SELECT count(*) FROM erased_address AS a WHERE a.erasure_id = e.id)
  FROM erasure AS e JOIN customer AS c ON c.id = e.customer_id LEFT JOIN user AS u ON u.id = e.created_by";

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Erasure> {
    Ok(Erasure {
        id: Id::from_raw(row.get(0)?),
        no: row.get(1)?,
        reason: row.get(2)?,
        at_ms: row.get(3)?,
        by: row.get(4)?,
        addresses: row.get(5)?,
    })
}

/// All erasures, the oldest first.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<Erasure>> {
    tx.all(&format!("SELECT {COLUMNS} ORDER BY e.id"), [], read)
}

/// The erasure of a customer.
pub fn of(tx: &ReadTx<'_>, customer: Id) -> Result<Option<Erasure>> {
    let sql = format!("SELECT {COLUMNS} WHERE e.customer_id = ?1 ORDER BY e.id DESC LIMIT 1");
    tx.one(&sql, [customer.raw()], read)
}

/// Whether anybody was ever erased.
pub fn any(tx: &ReadTx<'_>) -> Result<bool> {
    Ok(tx
        .one("SELECT 1 FROM erased_address LIMIT 1", [], |_| Ok(()))?
        .is_some())
}

/// The erasure of whoever had the address with this hash.
pub fn by_hash(tx: &ReadTx<'_>, channel: &str, hash: &str) -> Result<Option<Erasure>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE e.id = (SELECT erasure_id FROM erased_address WHERE hash = ?1 AND channel = ?2 LIMIT 1)"
    );
    tx.one(&sql, [hash, channel], read)
}

/// Notes that a customer was erased, and the hashes of what must not come back.
pub(crate) fn add(tx: &WriteTx<'_>, customer: Id, reason: &str, hashes: &[(String, String)]) -> Result<()> {
    let id = tx.new_id();
    tx.insert(
        "erasure",
        id,
        vec![
            ("customer_id", Sql::Integer(customer.raw())),
            ("reason", Sql::Text(reason.to_owned())),
            ("created_at", Sql::Integer(tx.caller().clock.now_ms())),
            ("created_by", Sql::Integer(tx.caller().actor.id.raw())),
        ],
    )?;
    for (channel, hash) in hashes {
        tx.insert(
            "erased_address",
            tx.new_id(),
            vec![
                ("erasure_id", Sql::Integer(id.raw())),
                ("channel", Sql::Text(channel.clone())),
                ("hash", Sql::Text(hash.clone())),
            ],
        )?;
    }
    Ok(())
}

/// Lets the address with this hash come back; true if it was kept out.
pub(crate) fn lift(tx: &WriteTx<'_>, channel: &str, hash: &str) -> Result<bool> {
    let rows: Vec<Id> = tx.all(
        "SELECT id FROM erased_address WHERE hash = ?1 AND channel = ?2",
        [hash, channel],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )?;
    for row in &rows {
        tx.delete("erased_address", *row)?;
    }
    Ok(!rows.is_empty())
}
