//! The rows of who got which lead by which rule, and what the rules go by.

use std::ops::ControlFlow;

use rusqlite::types::Value as Sql;
use rusqlite::{Row, params_from_iter};

use crate::domain::assignment::LEADS;
use crate::domain::assignment::ring::Pointer;
use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// A lead that a rule gave away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The rule.
    pub rule: Id,
    /// The lead.
    pub customer: Id,
    /// Who got it.
    pub user: Id,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Why.
    pub why: String,
    /// Where in the ring the user sat; none for the fallback.
    pub position: Option<usize>,
    /// What a weighted rule owed its members afterwards.
    pub credits: String,
}

/// Which entries are wanted; what is not said is any.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Only those of this rule.
    pub rule: Option<Id>,
    /// Only those of this customer.
    pub customer: Option<Id>,
}

const COLUMNS: &str = "assignment_id, customer_id, user_id, at, why, position, credits";
const LAST: &str = "SELECT user_id, position, credits FROM assignment_log WHERE assignment_id = ?1 AND position IS NOT NULL ORDER BY id DESC LIMIT 1";
const GIVEN: &str =
    "SELECT user_id, count(*) FROM assignment_log WHERE assignment_id = ?1 AND at >= ?2 GROUP BY user_id";

impl Wanted {
    /// The statement that lists them, the newest first, and its values.
    fn statement(self) -> (String, Vec<Sql>) {
        let pairs = [("assignment_id", self.rule), ("customer_id", self.customer)];
        let asked: Vec<(&str, Id)> = pairs
            .into_iter()
            .filter_map(|(column, id)| Some((column, id?)))
            .collect();
        let tests: Vec<String> = asked.iter().map(|(column, _)| format!("{column} = ?")).collect();
        let condition = match tests.is_empty() {
            true => String::new(),
            false => format!("WHERE {}", tests.join(" AND ")),
        };
        let sql = format!("SELECT {COLUMNS} FROM assignment_log {condition} ORDER BY id DESC");
        (sql, asked.iter().map(|(_, id)| Sql::Integer(id.raw())).collect())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let position: Option<i64> = row.get(5)?;
    Ok(Entry {
        rule: Id::from_raw(row.get(0)?),
        customer: Id::from_raw(row.get(1)?),
        user: Id::from_raw(row.get(2)?),
        at: row.get(3)?,
        why: row.get(4)?,
        position: position.and_then(|position| usize::try_from(position).ok()),
        credits: row.get(6)?,
    })
}

/// Calls `each` for the entries that are wanted, the newest first, until it has enough.
pub fn list(
    tx: &ReadTx<'_>,
    wanted: Wanted,
    each: &mut dyn FnMut(Entry) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let (sql, values) = wanted.statement();
    let mut statement = tx.connection().prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        if each(read(row)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// Where the ring of a rule stands, and what it owes its members.
pub fn last(tx: &ReadTx<'_>, rule: Id) -> Result<Option<(Pointer, String)>> {
    tx.one(LAST, [rule.raw()], |row| {
        let position: i64 = row.get(1)?;
        let pointer = Pointer {
            user: Id::from_raw(row.get(0)?),
            position: usize::try_from(position).unwrap_or(0),
        };
        Ok((pointer, row.get(2)?))
    })
}

/// How many a rule gave to each user since an instant.
pub fn given_since(tx: &ReadTx<'_>, rule: Id, since_ms: i64) -> Result<Vec<(Id, i64)>> {
    tx.all(GIVEN, [rule.raw(), since_ms], |row| {
        Ok((Id::from_raw(row.get(0)?), row.get(1)?))
    })
}

/// How many leads a user has in hand.
pub fn open_leads(tx: &ReadTx<'_>, user: Id) -> Result<i64> {
    let marks = vec!["?"; LEADS.len()].join(", ");
    let sql = format!(
        "SELECT count(*) FROM customer WHERE owner_id = ? AND deleted_at IS NULL AND lifecycle IN ({marks})"
    );
    let mut values = vec![Sql::Integer(user.raw())];
    values.extend(LEADS.iter().map(|word| Sql::Text((*word).to_owned())));
    let count = tx.one(&sql, params_from_iter(values), |row| row.get(0))?;
    Ok(count.unwrap_or(0))
}

/// The rules that give something away, in the order in which they are asked.
pub fn active(tx: &ReadTx<'_>) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM assignment WHERE active = 1 AND deleted_at IS NULL ORDER BY position, key",
        [],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The position behind that of every rule.
pub fn next_position(tx: &ReadTx<'_>) -> Result<i64> {
    let last: Option<i64> = tx.one(
        "SELECT coalesce(max(position), 0) FROM assignment WHERE deleted_at IS NULL",
        [],
        |row| row.get(0),
    )?;
    Ok(last.unwrap_or(0).saturating_add(1))
}

/// The filter and the members of every rule, also of those in the trash.
pub(crate) fn texts(tx: &ReadTx<'_>) -> Result<Vec<(Id, [String; 2])>> {
    tx.all(
        "SELECT id, filter, members FROM assignment ORDER BY id",
        [],
        |row| Ok((Id::from_raw(row.get(0)?), [row.get(1)?, row.get(2)?])),
    )
}

/// Gives a rule another filter and other members; true if anything was different.
pub(crate) fn set_texts(tx: &WriteTx<'_>, rule: Id, [filter, members]: [String; 2]) -> Result<bool> {
    let columns = vec![("filter", Sql::Text(filter)), ("members", Sql::Text(members))];
    tx.update("assignment", rule, columns)
}

/// Notes that a rule gave a lead away.
pub(crate) fn add(tx: &WriteTx<'_>, entry: &Entry) -> Result<()> {
    let position = entry.position.and_then(|position| i64::try_from(position).ok());
    tx.insert(
        "assignment_log",
        tx.new_id(),
        vec![
            ("assignment_id", Sql::Integer(entry.rule.raw())),
            ("customer_id", Sql::Integer(entry.customer.raw())),
            ("user_id", Sql::Integer(entry.user.raw())),
            ("at", Sql::Integer(entry.at)),
            ("why", Sql::Text(entry.why.clone())),
            ("position", position.map_or(Sql::Null, Sql::Integer)),
            ("credits", Sql::Text(entry.credits.clone())),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::tests::Base;

    /// However much was given away: each lead that comes in asks all of these.
    #[test]
    fn nothing_is_walked_or_sorted() {
        let base = Base::new();
        let rule = Some(Id::from_raw(1));
        let lists = [
            Wanted::default(),
            Wanted { rule, customer: None },
            Wanted {
                rule: None,
                customer: rule,
            },
        ];
        let lists = lists.iter().map(|wanted| wanted.statement().0);
        for sql in [LAST, GIVEN].map(str::to_owned).into_iter().chain(lists) {
            let plan = base.read(|tx| {
                let mut statement = tx.connection().prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let values = vec![Sql::Integer(1); statement.parameter_count()];
                let rows = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3))?;
                Ok(rows.collect::<rusqlite::Result<Vec<String>>>()?)
            });
            let sorts = sql != GIVEN && plan.iter().any(|step| step.contains("TEMP B-TREE"));
            let walks = sql.contains("WHERE") && plan.iter().any(|step| step.starts_with("SCAN"));
            assert!(!sorts && !walks, "{sql}\n{plan:?}");
        }
    }
}
