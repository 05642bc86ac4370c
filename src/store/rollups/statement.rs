//! The parts of a statement over deals, and what its groups are called.

use rusqlite::Row;
use rusqlite::types::Value as Sql;

use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::filter;
use crate::store::rollups::expressions::{key_expression, narrow};
use crate::store::rollups::{Deals, Group, Heading, Key};
use crate::store::tx::ReadTx;

/// How many columns [`headings`] has.
pub(super) const HEADING_COLUMNS: usize = 4;

/// The columns that name the group `g.k`; looked up once a group, after the sums are made.
pub(super) fn headings(group: Group) -> String {
    let (place, name, no) = match group {
        Group::All => ("0", "NULL", "0"),
        Group::Priority => (
            "g.k",
            "(CASE g.k WHEN 1 THEN 'urgent' WHEN 2 THEN 'high' WHEN 3 THEN 'normal' ELSE 'low' END)",
            "0",
        ),
        Group::Policy => ("0", "(SELECT key FROM sla WHERE id = g.k)", "0"),
        Group::Owner | Group::Assignee => ("0", "(SELECT name FROM user WHERE id = g.k)", "0"),
        Group::Team => ("0", "(SELECT name FROM team WHERE id = g.k)", "0"),
        Group::Pipeline => (
            "(SELECT position FROM pipeline WHERE id = g.k)",
            "(SELECT key FROM pipeline WHERE id = g.k)",
            "0",
        ),
        // A key that several pipelines have is told apart by that of the pipeline.
        Group::Stage => (
            "(SELECT pipeline.position * 1000 + stage.position FROM stage
              JOIN pipeline ON pipeline.id = stage.pipeline_id WHERE stage.id = g.k)",
            "(SELECT CASE WHEN EXISTS (SELECT 1 FROM stage AS other WHERE other.key = stage.key
                                       AND other.id <> stage.id AND other.deleted_at IS NULL)
                     THEN pipeline.key || '/' || stage.key ELSE stage.key END
              FROM stage JOIN pipeline ON pipeline.id = stage.pipeline_id WHERE stage.id = g.k)",
            "0",
        ),
        Group::Product => (
            "0",
            "(SELECT name FROM product WHERE id = g.k)",
            "(SELECT no FROM product WHERE id = g.k)",
        ),
        Group::Customer => (
            "0",
            "(SELECT name FROM customer WHERE id = g.k)",
            "(SELECT no FROM customer WHERE id = g.k)",
        ),
        Group::Survey => ("0", "(SELECT key FROM survey WHERE id = g.k)", "0"),
        Group::Status
        | Group::Source
        | Group::LostReason
        | Group::Competitor
        | Group::Level
        | Group::Channel
        | Group::Month
        | Group::Quarter => ("0", "g.k", "0"),
    };
    format!("g.k, {place}, {name}, {no}")
}

pub(super) fn key(row: &Row<'_>) -> Result<Key> {
    Ok(match row.get(0)? {
        Sql::Integer(id) => Key::Record(id),
        Sql::Text(word) => Key::Word(word),
        _ => Key::None,
    })
}

pub(super) fn heading(row: &Row<'_>) -> Result<(Key, Heading)> {
    let heading = Heading {
        place: row.get::<_, Option<i64>>(1)?.unwrap_or(0),
        name: row.get(2)?,
        no: row.get::<_, Option<i64>>(3)?.unwrap_or(0),
    };
    Ok((key(row)?, heading))
}

/// The parts of a statement over deals; `r` is the deal's row.
pub(super) struct Statement {
    pub(super) key: String,
    pub(super) from: String,
    pub(super) condition: String,
    pub(super) bound: Vec<Sql>,
}

impl Statement {
    pub(super) fn new(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<Statement> {
        let mut bound = Vec::new();
        let selection = filter::selection(tx, Noun::Deal, deals.condition, &mut bound)?;
        let mut from = selection.from;
        if group == Group::Product {
            // Two lines of one product are one deal with that product.
            from.push_str(
                " LEFT JOIN deal_line AS line ON line.deal_id = r.id AND line.product_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM deal_line AS earlier WHERE earlier.deal_id = r.id
                                  AND earlier.product_id = line.product_id AND earlier.id < line.id)",
            );
        }
        let mut tests = vec![selection.condition, "r.deleted_at IS NULL".to_owned()];
        narrow(deals.which, &mut tests, &mut bound);
        Ok(Statement {
            key: key_expression(group, deals.which),
            from,
            condition: tests.join(" AND "),
            bound,
        })
    }

    /// The key of the group of every deal and, behind it, `columns`.
    pub(super) fn rows(&self, columns: &[&str]) -> String {
        let mut sql = format!("SELECT {}", self.key);
        for column in columns {
            sql.push_str(", ");
            sql.push_str(column);
        }
        format!("{sql} FROM {} WHERE {}", self.from, self.condition)
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::params_from_iter;

    use super::*;
    use crate::domain::pipeline::StageType;
    use crate::domain::when::period::Period;
    use crate::ops::tests::{Base, date};
    use crate::query::plan::Condition;
    use crate::store::rollups::Which;

    /// How the deals of a report are found.
    fn plan(which: Which) -> String {
        Base::new().read(|tx| {
            let deals = Deals {
                condition: &Condition::All,
                which,
            };
            let statement = Statement::new(tx, &deals, Group::Owner)?;
            let sql = format!("EXPLAIN QUERY PLAN {}", statement.rows(&["r.amount_base"]));
            let lines = tx.all(&sql, params_from_iter(&statement.bound), |row| {
                row.get::<_, String>(3)
            })?;
            Ok(lines.join("\n"))
        })
    }

    #[test]
    fn deals_are_found_by_what_leaves_the_fewest() {
        let between = |from: &str, to: &str| Period {
            from: Some(date(from)),
            to: Some(date(to)),
        };
        let quarter = between("2026-10-01", "2027-01-01");
        let won = |period| Which::Closed(&[StageType::Won], period);
        for (which, index) in [
            (won(quarter), "INDEX deal_closed (closed_on>? AND closed_on<?)"),
            (won(between("2020-01-01", "2027-01-01")), "INDEX deal_status"),
            (won(Period::ALL), "INDEX deal_status"),
            (
                Which::Expected(quarter),
                "INDEX deal_expected (expected_close_on>? AND expected_close_on<?)",
            ),
            (Which::Open(Period::ALL), "INDEX deal_status"),
            (Which::Overdue(date("2026-11-27")), "INDEX deal_status"),
            (
                Which::ExpectedOnce(date("2026-10-01"), date("2027-01-01")),
                "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)",
            ),
            (Which::OpenAt(date("2026-10-01")), "INTEGER PRIMARY KEY (rowid>?)"),
        ] {
            let plan = plan(which);
            assert!(plan.contains(index), "{which:?}: {plan}");
            assert!(!plan.contains("B-TREE"), "{which:?}: {plan}");
        }
    }
}
