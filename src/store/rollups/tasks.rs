//! Tasks that were done, and those that were late at an instant.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::domain::noun::Noun;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Group, Heading, Key};
use crate::store::tx::ReadTx;

/// Tasks that were done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// All of them.
    pub done: i64,
    /// Those that were due by a day.
    pub with_due: i64,
    /// Those of them that were done by then.
    pub on_time: i64,
}

/// The tasks of every assignee that were done from one instant to another, in milliseconds since 1970; in no order.
pub fn done(
    tx: &ReadTx<'_>,
    condition: &Condition,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
) -> Result<Vec<(Key, Heading, Done)>> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Task, condition, &mut bound)?;
    let mut tests = vec![
        chosen.condition,
        "r.deleted_at IS NULL AND r.status = 'done'".to_owned(),
    ];
    for (test, at) in [("r.completed_at >= ?", from_ms), ("r.completed_at < ?", to_ms)] {
        if let Some(at) = at {
            tests.push(test.to_owned());
            bound.push(Sql::Integer(at));
        }
    }
    let sql = format!(
        "SELECT r.assignee_id, r.due_at IS NOT NULL, coalesce(r.completed_at <= r.due_at, 0) FROM {} WHERE {}",
        chosen.from,
        tests.join(" AND ")
    );
    let mut sums: Sums<Done> = Sums::default();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        let done = sums.at(row.get_ref(0)?, Done::default)?;
        done.done += 1;
        done.with_due += row.get::<_, i64>(1)?;
        done.on_time += row.get::<_, i64>(2)?;
        Ok(())
    })?;
    sums.named(tx, Group::Owner)
}

/// How many tasks were late at an instant: due by then, and not done by then. Cancelled ones were never late.
pub fn late(tx: &ReadTx<'_>, condition: &Condition, at_ms: i64) -> Result<i64> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Task, condition, &mut bound)?;
    bound.extend([Sql::Integer(at_ms), Sql::Integer(at_ms)]);
    let sql = format!(
        "SELECT count(*) FROM {} WHERE {} AND r.deleted_at IS NULL AND r.due_at <= ?
         AND (r.status = 'open' OR r.completed_at > ?)",
        chosen.from, chosen.condition
    );
    Ok(tx
        .one(&sql, params_from_iter(&bound), |row| row.get(0))?
        .unwrap_or(0))
}
