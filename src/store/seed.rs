//! Settings of a base, pipelines and stages: the rows that a sales process is made of.

use rusqlite::Row;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::pipeline::StageType;
use crate::domain::process::{Rules, Template};
use crate::error::Result;
use crate::store::tx::{Column, ReadTx, WriteTx};

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
    /// What it asks of its deals.
    pub rules: Rules,
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
    /// What it asks of its deals.
    pub rules: Rules,
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

/// The columns that [`read`] takes, in its order.
pub(crate) const COLUMNS: &str =
    "id, pipeline_id, key, position, type, probability, category, rot_days, required, checklist, tasks, next";

/// A stage from its row.
pub(crate) fn read(row: &Row<'_>) -> rusqlite::Result<Stage> {
    let kind: String = row.get(4)?;
    let tasks = texts(row, 10)?;
    Ok(Stage {
        id: Id::from_raw(row.get(0)?),
        pipeline: Id::from_raw(row.get(1)?),
        key: row.get(2)?,
        position: row.get(3)?,
        kind: StageType::parse(&kind).unwrap_or(StageType::Open),
        probability: row.get(5)?,
        category: row.get(6)?,
        rot_days: row.get(7)?,
        rules: Rules {
            required: texts(row, 8)?,
            checklist: texts(row, 9)?,
            // They were read before they were written; what another program wrote makes no task.
            tasks: tasks
                .iter()
                .filter_map(|text| Template::parse(text).ok())
                .collect(),
            next: texts(row, 11)?,
        },
    })
}

/// The texts of an array; almost always there are none.
fn texts(row: &Row<'_>, at: usize) -> rusqlite::Result<Vec<String>> {
    let text = row.get_ref(at)?.as_str()?;
    Ok(match text {
        "" | "[]" => Vec::new(),
        text => serde_json::from_str(text).unwrap_or_default(),
    })
}

/// The columns of the rules of a stage.
pub(crate) fn rules(rules: &Rules) -> Vec<Column<'static>> {
    let tasks: Vec<String> = rules.tasks.iter().map(Template::to_string).collect();
    let texts = |texts: &[String]| Sql::Text(serde_json::json!(texts).to_string());
    vec![
        ("required", texts(&rules.required)),
        ("checklist", texts(&rules.checklist)),
        ("tasks", texts(&tasks)),
        ("next", texts(&rules.next)),
    ]
}

/// The stages of a pipeline, in order.
pub fn stages(tx: &ReadTx<'_>, pipeline: Id) -> Result<Vec<Stage>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM stage WHERE pipeline_id = ?1 AND deleted_at IS NULL ORDER BY position, id"
    );
    tx.all(&sql, [pipeline.raw()], read)
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
    let mut columns = vec![
        ("pipeline_id", Sql::Integer(pipeline.raw())),
        ("key", Sql::Text(new.key.clone())),
        ("position", Sql::Integer(position)),
        ("type", Sql::Text(new.kind.name().to_owned())),
        ("probability", Sql::Integer(new.probability)),
        ("category", Sql::Text(new.category.clone())),
        ("rot_days", Sql::Integer(new.rot_days)),
    ];
    columns.extend(rules(&new.rules));
    tx.insert("stage", id, columns)?;
    Ok(id)
}
