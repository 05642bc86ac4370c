//! Changing pipelines and stages. Reading and adding them is in `seed.rs`, because a new base needs it first.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::seed::{self, Stage};
use crate::store::tx::{ReadTx, WriteTx};

/// A stage, also one in the trash.
pub fn stage(tx: &ReadTx<'_>, id: Id) -> Result<Option<Stage>> {
    let sql = format!("SELECT {} FROM stage WHERE id = ?1", seed::COLUMNS);
    tx.one(&sql, [id.raw()], seed::read)
}

/// Writes what a stage is, apart from its place; true if anything was different. Deals keep what they have.
pub(crate) fn set_stage(tx: &WriteTx<'_>, stage: &Stage) -> Result<bool> {
    let mut columns = vec![
        ("key", Sql::Text(stage.key.clone())),
        ("type", Sql::Text(stage.kind.name().to_owned())),
        ("probability", Sql::Integer(stage.probability)),
        ("category", Sql::Text(stage.category.clone())),
        ("rot_days", Sql::Integer(stage.rot_days)),
    ];
    columns.extend(seed::rules(&stage.rules));
    tx.update("stage", stage.id, columns)
}

/// Numbers stages in this order, from 1; true if anything was different.
pub(crate) fn order_stages(tx: &WriteTx<'_>, stages: &[Id]) -> Result<bool> {
    let mut changed = false;
    for (position, stage) in (1_i64..).zip(stages) {
        changed |= tx.update("stage", *stage, vec![("position", Sql::Integer(position))])?;
    }
    Ok(changed)
}

/// Puts a stage into the trash; the history of deals still names it.
pub(crate) fn trash_stage(tx: &WriteTx<'_>, stage: Id) -> Result<bool> {
    let now = tx.caller().clock.now_ms();
    tx.update("stage", stage, vec![("deleted_at", Sql::Integer(now))])
}

/// The deals that are in a stage, also those in the trash.
pub fn deals_in_stage(tx: &ReadTx<'_>, stage: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM deal WHERE stage_id = ?1 ORDER BY id",
        [stage.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// How many deals outside the trash are in a pipeline.
pub fn count_deals(tx: &ReadTx<'_>, pipeline: Id) -> Result<i64> {
    let count = tx.one(
        "SELECT count(*) FROM deal WHERE pipeline_id = ?1 AND deleted_at IS NULL",
        [pipeline.raw()],
        |row| row.get(0),
    )?;
    Ok(count.unwrap_or(0))
}

/// Whether any deal is in a pipeline, also one in the trash.
pub fn has_deals(tx: &ReadTx<'_>, pipeline: Id) -> Result<bool> {
    let one = tx.one(
        "SELECT 1 FROM deal WHERE pipeline_id = ?1 LIMIT 1",
        [pipeline.raw()],
        |_| Ok(()),
    )?;
    Ok(one.is_some())
}

/// The pipelines outside the trash, in order.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<(Id, String)>> {
    tx.all(
        "SELECT id, key FROM pipeline WHERE deleted_at IS NULL ORDER BY position, id",
        [],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
    )
}

/// The place behind all pipelines.
pub fn next_position(tx: &ReadTx<'_>) -> Result<i64> {
    let position = tx.one("SELECT coalesce(max(position), 0) + 1 FROM pipeline", [], |row| {
        row.get(0)
    })?;
    Ok(position.unwrap_or(1))
}

/// Whether new deals go into a pipeline by themselves.
pub fn is_default(tx: &ReadTx<'_>, pipeline: Id) -> Result<bool> {
    let default = tx.one(
        "SELECT is_default FROM pipeline WHERE id = ?1",
        [pipeline.raw()],
        |row| row.get(0),
    )?;
    Ok(default.unwrap_or(false))
}

/// Lets new deals go into `pipeline`, and into no other; true if that is new.
pub(crate) fn set_default(tx: &WriteTx<'_>, pipeline: Id) -> Result<bool> {
    let known = tx.all("SELECT id FROM pipeline WHERE is_default = 1", [], |row| {
        Ok(Id::from_raw(row.get(0)?))
    })?;
    for other in known.into_iter().filter(|known| *known != pipeline) {
        tx.update("pipeline", other, vec![("is_default", Sql::Integer(0))])?;
    }
    tx.update("pipeline", pipeline, vec![("is_default", Sql::Integer(1))])
}

/// Sets the key of a pipeline; true if it was different.
pub(crate) fn set_key(tx: &WriteTx<'_>, pipeline: Id, key: &str) -> Result<bool> {
    tx.update("pipeline", pipeline, vec![("key", Sql::Text(key.to_owned()))])
}
