//! Who is in which public pool, who went in and out, and what the rules of pools go by.

use std::ops::ControlFlow;

use jiff::civil::Date;
use rusqlite::types::Value as Sql;
use rusqlite::{Row, params_from_iter};

use crate::domain::clock::Clock;
use crate::domain::id::Id;
use crate::domain::pool::Reason;
use crate::domain::pool::due::Facts;
use crate::error::Result;
use crate::store::keep::date;
use crate::store::tx::{ReadTx, WriteTx};

/// A customer who went into a pool or out of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The pool.
    pub pool: Id,
    /// The customer.
    pub customer: Id,
    /// Who had the customer; none for nobody.
    pub from: Option<Id>,
    /// Who got the customer; none for the pool.
    pub to: Option<Id>,
    /// What happened.
    pub reason: Reason,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Why.
    pub why: String,
}

/// Which entries are wanted; what is not said is any.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Only those of this pool.
    pub pool: Option<Id>,
    /// Only those of this customer.
    pub customer: Option<Id>,
}

const COLUMNS: &str = "pool_id, customer_id, from_id, to_id, reason, at, why";
const LEFT: &str = "SELECT at FROM pool_log WHERE customer_id = ?1 AND from_id = ?2 AND to_id IS NULL ORDER BY id DESC LIMIT 1";
const CLAIMED: &str =
    "SELECT count(*) FROM pool_log WHERE pool_id = ?1 AND to_id = ?2 AND at >= ?3 AND reason = 'claim'";

impl Wanted {
    /// The statement that lists them, the newest first, and its values.
    fn statement(self) -> (String, Vec<Sql>) {
        let pairs = [("pool_id", self.pool), ("customer_id", self.customer)];
        let asked: Vec<(&str, Id)> = pairs
            .into_iter()
            .filter_map(|(column, id)| Some((column, id?)))
            .collect();
        let tests: Vec<String> = asked.iter().map(|(column, _)| format!("{column} = ?")).collect();
        let condition = match tests.is_empty() {
            true => String::new(),
            false => format!("WHERE {}", tests.join(" AND ")),
        };
        let sql = format!("SELECT {COLUMNS} FROM pool_log {condition} ORDER BY id DESC");
        (sql, asked.iter().map(|(_, id)| Sql::Integer(id.raw())).collect())
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let reason: String = row.get(4)?;
    Ok(Entry {
        pool: Id::from_raw(row.get(0)?),
        customer: Id::from_raw(row.get(1)?),
        from: row.get::<_, Option<i64>>(2)?.map(Id::from_raw),
        to: row.get::<_, Option<i64>>(3)?.map(Id::from_raw),
        reason: Reason::parse(&reason).unwrap_or(Reason::Give),
        at: row.get(5)?,
        why: row.get(6)?,
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

/// Notes that a customer went into a pool or out of it.
pub(crate) fn add(tx: &WriteTx<'_>, entry: &Entry) -> Result<()> {
    let user = |id: Option<Id>| id.map_or(Sql::Null, |id| Sql::Integer(id.raw()));
    tx.insert(
        "pool_log",
        tx.new_id(),
        vec![
            ("pool_id", Sql::Integer(entry.pool.raw())),
            ("customer_id", Sql::Integer(entry.customer.raw())),
            ("from_id", user(entry.from)),
            ("to_id", user(entry.to)),
            ("reason", Sql::Text(entry.reason.name().to_owned())),
            ("at", Sql::Integer(entry.at)),
            ("why", Sql::Text(entry.why.clone())),
        ],
    )
}

/// When a user last lost a customer to a pool or gave them up.
pub fn left_at(tx: &ReadTx<'_>, customer: Id, user: Id) -> Result<Option<i64>> {
    tx.one(LEFT, [customer.raw(), user.raw()], |row| row.get(0))
}

/// How many customers a user has claimed from a pool since an instant.
pub fn claimed_since(tx: &ReadTx<'_>, pool: Id, user: Id, since_ms: i64) -> Result<i64> {
    let count = tx.one(CLAIMED, [pool.raw(), user.raw(), since_ms], |row| row.get(0))?;
    Ok(count.unwrap_or(0))
}

/// The pools that take customers back, by name.
pub fn active(tx: &ReadTx<'_>) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM pool WHERE active = 1 AND deleted_at IS NULL ORDER BY key",
        [],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Where a customer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The pool.
    pub pool: Option<Id>,
    /// Who looks after them.
    pub owner: Option<Id>,
    /// Whether no rule takes them from the owner.
    pub locked: bool,
}

/// Where a customer is; none for one who is not there.
pub fn place(tx: &ReadTx<'_>, customer: Id) -> Result<Option<Place>> {
    tx.one(
        "SELECT pool_id, owner_id, locked FROM customer WHERE id = ?1",
        [customer.raw()],
        |row| {
            Ok(Place {
                pool: row.get::<_, Option<i64>>(0)?.map(Id::from_raw),
                owner: row.get::<_, Option<i64>>(1)?.map(Id::from_raw),
                locked: row.get(2)?,
            })
        },
    )
}

/// What the rules of a pool ask of a customer, by the days of `clock`; none for one who is not there.
pub fn facts(tx: &ReadTx<'_>, customer: Id, clock: &Clock) -> Result<Option<Facts>> {
    let deals = |which: &str| {
        format!(
            "EXISTS (SELECT 1 FROM deal WHERE customer_id = c.id AND deleted_at IS NULL AND status {which})"
        )
    };
    let sql = format!(
        "SELECT c.level, c.last_activity_on,
                coalesce((SELECT started_at FROM value_interval WHERE record_id = c.id AND attribute = 'owner'
                          AND ended_at IS NULL), c.created_at),
                {}, {}, {}
         FROM customer AS c WHERE c.id = ?1",
        deals("<> 'abandoned'"),
        deals("= 'open'"),
        deals("= 'won'")
    );
    let row = tx.one(&sql, [customer.raw()], |row| {
        let since: i64 = row.get(2)?;
        Ok((
            row.get::<_, Option<String>>(1)?,
            Facts {
                level: row.get(0)?,
                since: clock.day_of(jiff::Timestamp::from_millisecond(since).unwrap_or_default()),
                last_activity: None,
                has_deal: row.get(3)?,
                has_open_deal: row.get(4)?,
                has_won: row.get(5)?,
            },
        ))
    })?;
    let Some((last, mut facts)) = row else {
        return Ok(None);
    };
    facts.last_activity = last.as_deref().map(date).transpose()?;
    Ok(Some(facts))
}

/// The day after that of an instant by so many days, by the days of `clock`.
pub fn day_after(clock: &Clock, at_ms: i64, days: i64) -> Option<Date> {
    let day = clock.day_of(jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default());
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// The users of a team.
pub fn team(tx: &ReadTx<'_>, team: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM user WHERE team_id = ?1 AND deleted_at IS NULL ORDER BY id",
        [team.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The filter and the members of every pool, also of those in the trash.
pub(crate) fn texts(tx: &ReadTx<'_>) -> Result<Vec<(Id, [String; 2])>> {
    tx.all("SELECT id, filter, members FROM pool ORDER BY id", [], |row| {
        Ok((Id::from_raw(row.get(0)?), [row.get(1)?, row.get(2)?]))
    })
}

/// Gives a pool other texts; true if anything was different.
pub(crate) fn set_texts(
    tx: &WriteTx<'_>,
    pool: Id,
    texts: impl IntoIterator<Item = (&'static str, String)>,
) -> Result<bool> {
    let columns = texts.into_iter().map(|(column, text)| (column, Sql::Text(text)));
    tx.update("pool", pool, columns.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::tests::Base;

    /// However many went in and out: each who is claimed asks these.
    #[test]
    fn nothing_is_walked_or_sorted() {
        let base = Base::new();
        let one = Some(Id::from_raw(1));
        let lists = [
            Wanted::default(),
            Wanted {
                pool: one,
                customer: None,
            },
            Wanted {
                pool: None,
                customer: one,
            },
        ];
        let lists = lists.iter().map(|wanted| wanted.statement().0);
        for sql in [LEFT, CLAIMED].map(str::to_owned).into_iter().chain(lists) {
            let plan = base.read(|tx| {
                let mut statement = tx.connection().prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
                let values = vec![Sql::Integer(1); statement.parameter_count()];
                let rows = statement.query_map(params_from_iter(values), |row| row.get::<_, String>(3))?;
                Ok(rows.collect::<rusqlite::Result<Vec<String>>>()?)
            });
            let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
            let walks = sql.contains("WHERE") && plan.iter().any(|step| step.starts_with("SCAN"));
            assert!(!sorts && !walks, "{sql}\n{plan:?}");
        }
    }
}
