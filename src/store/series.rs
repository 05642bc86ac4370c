//! Tasks that come again: what a rule has to know of a task, and the next task of its series.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::store::tx::{Column, ReadTx, WriteTx};
use crate::store::{links, reminders, values};

/// What a rule has to know of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeating {
    /// Whether it is open, done or cancelled.
    pub status: String,
    /// The rule; empty if it does not come again.
    pub repeat: String,
    /// The day on which it is due.
    pub due_on: Option<String>,
    /// `HH:MM`, or empty for the whole day.
    pub due_time: String,
    /// The zone of the time of day; empty if it never had a day.
    pub zone: String,
    /// The day that its rule gave, if it was put off since.
    pub planned_on: Option<String>,
    /// When it was done, in milliseconds since 1970.
    pub completed_at: Option<i64>,
    /// The first task of the series; none if it has not come again yet.
    pub series: Option<Id>,
}

/// What a rule has to know of a task.
///
/// # Errors
///
/// There is no such task.
pub fn repeating(tx: &ReadTx<'_>, task: Id) -> Result<Repeating> {
    let found = tx.one(
        "SELECT status, repeat, due_on, due_time, zone, planned_on, completed_at, series_id FROM task WHERE id = ?1",
        [task.raw()],
        |row| {
            Ok(Repeating {
                status: row.get(0)?,
                repeat: row.get(1)?,
                due_on: row.get(2)?,
                due_time: row.get(3)?,
                zone: row.get(4)?,
                planned_on: row.get(5)?,
                completed_at: row.get(6)?,
                series: row.get::<_, Option<i64>>(7)?.map(Id::from_raw),
            })
        },
    )?;
    found.ok_or_else(|| Error::internal(format!("no row {task} in task")))
}

/// Sets the day that the rule of a task gave; true if it was another.
pub(crate) fn set_plan(tx: &WriteTx<'_>, task: Id, day: Option<&str>) -> Result<bool> {
    let day = day.map_or(Sql::Null, |day| Sql::Text(day.to_owned()));
    tx.update("task", task, vec![("planned_on", day)])
}

/// The open task of the series of `task` that was made after it; none if there is none.
pub fn successor(tx: &ReadTx<'_>, task: Id) -> Result<Option<Id>> {
    tx.one(
        "SELECT next.id FROM task AS own JOIN task AS next ON next.series_id = own.series_id
         WHERE own.id = ?1 AND next.id > own.id AND next.status = 'open' AND next.deleted_at IS NULL
         ORDER BY next.id DESC LIMIT 1",
        [task.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// How the next task of a series differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The day on which it is due.
    pub due_on: String,
    /// Its rule.
    pub repeat: String,
    /// Its reminders.
    pub reminders: Vec<String>,
}

/// What the next task has from the one before.
const COPIED: &[&str] = &[
    "title",
    "type",
    "priority",
    "due_time",
    "zone",
    "customer_id",
    "deal_id",
    "assignee_id",
    "note",
];

/// Makes the next task of the series of `task`: with its labels, its values of custom fields, and what `step` says.
pub fn succeed(tx: &WriteTx<'_>, task: Id, step: &Step) -> Result<Id> {
    let series = repeating(tx, task)?.series.unwrap_or(task);
    tx.update("task", task, vec![("series_id", Sql::Integer(series.raw()))])?;
    let mut columns = copies(tx, "task", "id", task, COPIED)?
        .into_iter()
        .next()
        .unwrap_or_default();
    columns.extend([
        ("no", Sql::Integer(tx.new_number(Noun::Task)?)),
        ("due_on", Sql::Text(step.due_on.clone())),
        ("repeat", Sql::Text(step.repeat.clone())),
        ("series_id", Sql::Integer(series.raw())),
    ]);
    let next = tx.new_id();
    tx.insert("task", next, columns)?;
    for (tag, _) in links::tags(tx, task)? {
        links::tag(tx, Noun::Task, next, tag)?;
    }
    values::copy(tx, Noun::Task, task, next)?;
    reminders::set(tx, next, &step.reminders)?;
    Ok(next)
}

/// Columns of the rows of a table in which `column` is `id`, as they are.
fn copies(
    tx: &ReadTx<'_>,
    table: &str,
    column: &str,
    id: Id,
    names: &'static [&'static str],
) -> Result<Vec<Vec<Column<'static>>>> {
    let sql = format!(
        "SELECT {} FROM {table} WHERE {column} = ?1 ORDER BY id",
        names.join(", ")
    );
    tx.all(&sql, [id.raw()], |row| {
        let values = names.iter().enumerate();
        values.map(|(at, name)| Ok((*name, row.get(at)?))).collect()
    })
}
