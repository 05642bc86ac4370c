//! The horizon of undo: the oldest operations of the log are forgotten, so that it does not grow for ever.
//!
//! Only the beginning of the log goes, never a piece of its middle: whether something later stands on an operation is
//! found in the operations behind it, and of those that stay all are there. An undo or redo may outlive the operation
//! that it was about; then it is news and no more.

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// How much of the log is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// So many of the newest operations.
    Newest(u64),
    /// Everything from the first operation on that was at this moment or later, in milliseconds since 1970.
    Since(i64),
}

/// Operations that are, or would be, forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// How many.
    pub operations: i64,
    /// The number of the oldest; 0 for none.
    pub first: i64,
    /// The number of the newest; 0 for none.
    pub last: i64,
    /// When the oldest was, in milliseconds since 1970.
    pub from_ms: i64,
    /// When the newest was.
    pub to_ms: i64,
    /// How many changes of rows they noted.
    pub changes: i64,
}

/// Where the log begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Horizon {
    /// The number of the oldest operation that is there; none in an empty log.
    pub first: Option<i64>,
    /// How many older ones were forgotten.
    pub forgotten: i64,
}

/// How many changes are taken out at a time.
const PART: i64 = 10_000;

/// Where the log begins.
pub fn horizon(tx: &ReadTx<'_>) -> Result<Horizon> {
    let first: Option<i64> = tx.one("SELECT no FROM op WHERE id > 0 ORDER BY id LIMIT 1", [], |row| {
        row.get(0)
    })?;
    let given: i64 = tx
        .one("SELECT last FROM counter WHERE name = 'op'", [], |row| row.get(0))?
        .unwrap_or(0);
    Ok(Horizon {
        first,
        forgotten: first.map_or(given, |first| first - 1),
    })
}

/// The newest operation that would go; none if all stay.
fn last_to_go(tx: &ReadTx<'_>, keep: Keep) -> Result<Option<Id>> {
    let (sql, value) = match keep {
        Keep::Newest(count) => (
            "SELECT id FROM op WHERE id > 0 ORDER BY id DESC LIMIT 1 OFFSET ?1",
            i64::try_from(count).unwrap_or(i64::MAX),
        ),
        Keep::Since(ms) => (
            "SELECT max(id) FROM op WHERE id < coalesce((SELECT min(id) FROM op WHERE at >= ?1), 9223372036854775807)",
            ms,
        ),
    };
    let last: Option<Option<i64>> = tx.one(sql, [value], |row| row.get(0))?;
    Ok(last.flatten().map(Id::from_raw))
}

/// What a trim would forget.
pub fn plan(tx: &ReadTx<'_>, keep: Keep) -> Result<Forgotten> {
    let Some(last) = last_to_go(tx, keep)? else {
        return Ok(Forgotten::default());
    };
    let found = tx.one(
        "SELECT count(*), min(no), max(no), min(at), max(at) FROM op WHERE id <= ?1",
        [last.raw()],
        |row| {
            Ok(Forgotten {
                operations: row.get(0)?,
                first: row.get(1)?,
                last: row.get(2)?,
                from_ms: row.get(3)?,
                to_ms: row.get(4)?,
                changes: 0,
            })
        },
    )?;
    let changes = tx.one(
        "SELECT count(*) FROM op_change WHERE op_id <= ?1",
        [last.raw()],
        |row| row.get(0),
    )?;
    Ok(Forgotten {
        changes: changes.unwrap_or(0),
        ..found.unwrap_or_default()
    })
}

/// Forgets all but what is to be kept, and tells what it was. A trim is in no log.
pub fn trim(tx: &WriteTx<'_>, keep: Keep) -> Result<Forgotten> {
    let forgotten = plan(tx, keep)?;
    let Some(last) = last_to_go(tx, keep)? else {
        return Ok(forgotten);
    };
    let mut delete = tx.connection().prepare_cached(
        "DELETE FROM op_change WHERE id IN (SELECT id FROM op_change WHERE op_id <= ?1 LIMIT ?2)",
    )?;
    while delete.execute((last.raw(), PART))? > 0 {}
    tx.connection()
        .execute("DELETE FROM op WHERE id <= ?1", [last.raw()])?;
    Ok(forgotten)
}
