//! Settings of a base, pipelines and stages: the rows that a sales process is made of.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::pipeline::StageType;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// Sets a setting of the base; settings are not in the operation log.
pub(crate) fn setting(tx: &WriteTx<'_>, key: &str, value: &str) -> Result<()> {
    tx.connection()
        .prepare_cached(
            "INSERT INTO setting (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
        )?
        .execute([key, value])?;
    Ok(())
}

/// Adds a pipeline without stages.
pub(crate) fn pipeline(tx: &WriteTx<'_>, key: &str, is_default: bool) -> Result<Id> {
    let position: i64 = tx
        .one("SELECT coalesce(max(position), 0) + 1 FROM pipeline", [], |row| {
            row.get(0)
        })?
        .unwrap_or(1);
    let id = tx.new_id();
    tx.insert(
        "pipeline",
        id,
        vec![
            ("key", Sql::Text(key.to_owned())),
            ("position", Sql::Integer(position)),
            ("is_default", Sql::Integer(i64::from(is_default))),
        ],
    )?;
    Ok(id)
}

/// A stage that is about to be made.
#[derive(Debug, Clone)]
pub struct NewStage {
    /// Key, unique in its pipeline.
    pub key: String,
    /// Place in the pipeline, counted from 1; none for the end of its kind.
    pub position: Option<i64>,
    /// What being in it means.
    pub kind: StageType,
    /// Chance of winning in percent.
    pub probability: i64,
    /// Forecast category.
    pub category: String,
    /// Days after which a deal rots; 0 for never.
    pub rot_days: i64,
}

/// A stage as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// The row.
    pub id: Id,
    /// The pipeline.
    pub pipeline: Id,
    /// Key, unique in its pipeline.
    pub key: String,
    /// Place in the pipeline.
    pub position: i64,
    /// What being in it means.
    pub kind: StageType,
    /// Chance of winning in percent.
    pub probability: i64,
    /// Forecast category.
    pub category: String,
    /// Days after which a deal rots; 0 for never.
    pub rot_days: i64,
}

/// The stages with one of these keys, of whatever pipeline.
pub(crate) fn stages_by_key(tx: &ReadTx<'_>, keys: &[String]) -> Result<Vec<Id>> {
    let keys = serde_json::json!(keys).to_string();
    tx.all(
        "SELECT id FROM stage WHERE key IN (SELECT value FROM json_each(?1)) ORDER BY id",
        [keys],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The stages of a pipeline, in order.
pub fn stages(tx: &ReadTx<'_>, pipeline: Id) -> Result<Vec<Stage>> {
    tx.all(
        "SELECT id, pipeline_id, key, position, type, probability, category, rot_days FROM stage
         WHERE pipeline_id = ?1 AND deleted_at IS NULL ORDER BY position, id",
        [pipeline.raw()],
        |row| {
            let kind: String = row.get(4)?;
            Ok(Stage {
                id: Id::from_raw(row.get(0)?),
                pipeline: Id::from_raw(row.get(1)?),
                key: row.get(2)?,
                position: row.get(3)?,
                kind: StageType::parse(&kind).unwrap_or(StageType::Open),
                probability: row.get(5)?,
                category: row.get(6)?,
                rot_days: row.get(7)?,
            })
        },
    )
}

/// The pipeline that new deals go into.
pub fn default_pipeline(tx: &ReadTx<'_>) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM pipeline WHERE deleted_at IS NULL ORDER BY is_default DESC, position LIMIT 1",
        [],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Adds a stage. Without a position an open stage goes before the first closing one, any other to the end; the stages
/// behind it move up.
pub(crate) fn stage(tx: &WriteTx<'_>, pipeline: Id, new: &NewStage) -> Result<Id> {
    let known = stages(tx, pipeline)?;
    let end = known.last().map_or(1, |stage| stage.position + 1);
    let position = new.position.unwrap_or_else(|| {
        let closing = known
            .iter()
            .find(|stage| stage.kind != StageType::Open)
            .map(|stage| stage.position);
        if new.kind == StageType::Open {
            closing.unwrap_or(end)
        } else {
            end
        }
    });
    for stage in known.iter().rev().filter(|stage| stage.position >= position) {
        tx.update(
            "stage",
            stage.id,
            vec![("position", Sql::Integer(stage.position + 1))],
        )?;
    }
    let id = tx.new_id();
    tx.insert(
        "stage",
        id,
        vec![
            ("pipeline_id", Sql::Integer(pipeline.raw())),
            ("key", Sql::Text(new.key.clone())),
            ("position", Sql::Integer(position)),
            ("type", Sql::Text(new.kind.name().to_owned())),
            ("probability", Sql::Integer(new.probability)),
            ("category", Sql::Text(new.category.clone())),
            ("rot_days", Sql::Integer(new.rot_days)),
        ],
    )?;
    Ok(id)
}
