//! What was ticked off for a deal in a stage, and which tasks the stage made for it.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An item of the checklist that was ticked off.
    Check,
    /// A task that was made.
    Task,
}

impl Kind {
    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Check => "check",
            Kind::Task => "task",
        }
    }
}

/// The items of a kind that a deal has behind it in a stage, each with its row.
pub fn of(tx: &ReadTx<'_>, deal: Id, stage: Id, kind: Kind) -> Result<Vec<(Id, String)>> {
    tx.all(
        "SELECT id, item FROM deal_step WHERE deal_id = ?1 AND stage_id = ?2 AND type = ?3 ORDER BY id",
        (deal.raw(), stage.raw(), kind.name()),
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
    )
}

/// Notes a step, unless it is noted; true if it is new.
pub(crate) fn add(tx: &WriteTx<'_>, deal: Id, stage: Id, kind: Kind, item: &str) -> Result<bool> {
    if of(tx, deal, stage, kind)?.iter().any(|(_, known)| known == item) {
        return Ok(false);
    }
    let columns = vec![
        ("deal_id", Sql::Integer(deal.raw())),
        ("stage_id", Sql::Integer(stage.raw())),
        ("type", Sql::Text(kind.name().to_owned())),
        ("item", Sql::Text(item.to_owned())),
        ("done_at", Sql::Integer(tx.caller().clock.now_ms())),
        ("done_by", Sql::Integer(tx.caller().actor.id.raw())),
    ];
    tx.insert("deal_step", tx.new_id(), columns)?;
    Ok(true)
}

/// Forgets a step; true if it was noted.
pub(crate) fn remove(tx: &WriteTx<'_>, deal: Id, stage: Id, kind: Kind, item: &str) -> Result<bool> {
    let mut removed = false;
    for (row, known) in of(tx, deal, stage, kind)? {
        if known == item {
            tx.delete("deal_step", row)?;
            removed = true;
        }
    }
    Ok(removed)
}
