//! The reminders of tasks: the rows behind the field `remind`, and those whose time has come.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::agenda::{self, Choice, DueTask, Whose};
use crate::store::tx::{ReadTx, WriteTx};

/// The reminders of a task, as they were written.
pub fn of_task(tx: &ReadTx<'_>, task: Id) -> Result<Vec<String>> {
    let rows = rows(tx, task)?;
    Ok(rows.into_iter().map(|(_, text)| text).collect())
}

fn rows(tx: &ReadTx<'_>, task: Id) -> Result<Vec<(Id, String)>> {
    tx.all(
        "SELECT id, text FROM reminder WHERE task_id = ?1 ORDER BY position, id",
        [task.raw()],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
    )
}

/// Makes these the reminders of a task, in their order; true if anything changed.
pub fn set(tx: &WriteTx<'_>, task: Id, texts: &[String]) -> Result<bool> {
    let known = rows(tx, task)?;
    if known.iter().map(|(_, text)| text).eq(texts) {
        return Ok(false);
    }
    for (id, _) in known {
        tx.delete("reminder", id)?;
    }
    for (position, text) in (1..).zip(texts) {
        tx.insert(
            "reminder",
            tx.new_id(),
            vec![
                ("task_id", Sql::Integer(task.raw())),
                ("position", Sql::Integer(position)),
                ("text", Sql::Text(text.clone())),
            ],
        )?;
    }
    Ok(true)
}

/// A reminder whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ringing {
    /// The reminder.
    pub id: Id,
    /// The instant at which it was time, in milliseconds since 1970.
    pub at: i64,
    /// The task.
    pub task: DueTask,
}

/// The reminders of open tasks whose time has come by `now_ms`, the earliest first.
pub fn ringing(tx: &ReadTx<'_>, whose: Whose, condition: &Condition, now_ms: i64) -> Result<Vec<Ringing>> {
    let mut bound = vec![Sql::Integer(now_ms)];
    let choice = Choice {
        whose,
        condition,
        limit: i64::MAX,
    };
    let chosen = agenda::chosen_tasks(tx, choice, &mut bound)?;
    tx.all(&statement(&chosen), rusqlite::params_from_iter(bound), |row| {
        Ok(Ringing {
            task: agenda::due_task(row)?,
            id: Id::from_raw(row.get(agenda::TASK_COLUMN_COUNT)?),
            at: row.get(agenda::TASK_COLUMN_COUNT + 1)?,
        })
    })
}

/// A walk over the reminders by their time, from the earliest; the tasks of `chosen` among them.
fn statement(chosen: &str) -> String {
    format!(
        "SELECT {}, n.id, n.at FROM reminder AS n CROSS JOIN task AS t ON t.id = n.task_id
         LEFT JOIN customer AS c ON c.id = t.customer_id
         WHERE n.at IS NOT NULL AND n.at <= ?1 AND t.deleted_at IS NULL{chosen} ORDER BY n.at, n.id",
        agenda::TASK_COLUMNS
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::tests::Base;

    #[test]
    fn reminders_are_an_index_walk() {
        let base = Base::new();
        let sql = format!("EXPLAIN QUERY PLAN {}", statement(" AND t.assignee_id = ?2"));
        let plan: Vec<String> = base.read(|tx| tx.all(&sql, [0, 1], |row| row.get(3)));
        let plan = plan.join("\n");
        assert!(plan.starts_with("SEARCH n USING INDEX reminder_at ("), "{plan}");
        assert!(!plan.contains("SCAN") && !plan.contains("B-TREE"), "{plan}");
    }
}
