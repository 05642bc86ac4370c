//! Who reports to whom, and what a user or a team still has to look after.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::columns::{owner_column, table};
use crate::store::filter;
use crate::store::tx::ReadTx;

/// The user to whom a user reports.
pub fn manager(tx: &ReadTx<'_>, user: Id) -> Result<Option<Id>> {
    let manager: Option<Option<i64>> =
        tx.one("SELECT manager_id FROM user WHERE id = ?1", [user.raw()], |row| {
            row.get(0)
        })?;
    Ok(manager.flatten().map(Id::from_raw))
}

/// The user with this e-mail address; case is ignored.
pub fn by_email(tx: &ReadTx<'_>, address: &str) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM user WHERE lower(email) = ?1 AND deleted_at IS NULL ORDER BY id LIMIT 1",
        [address.to_lowercase()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// What a user looks after, each as a number and what it counts; nothing that is zero.
pub fn duties(tx: &ReadTx<'_>, user: Id) -> Result<Vec<(i64, &'static str)>> {
    let counts = [
        (
            "open deals",
            "SELECT count(*) FROM deal WHERE owner_id = ?1 AND status = 'open' AND deleted_at IS NULL",
        ),
        (
            "open tasks",
            "SELECT count(*) FROM task WHERE assignee_id = ?1 AND status = 'open' AND deleted_at IS NULL",
        ),
        (
            "open tickets",
            "SELECT count(*) FROM ticket WHERE (owner_id = ?1 OR assignee_id = ?1) AND deleted_at IS NULL
               AND status IN ('open', 'waiting_customer', 'waiting_third_party')",
        ),
        (
            "customers",
            "SELECT count(*) FROM customer WHERE owner_id = ?1 AND deleted_at IS NULL",
        ),
        (
            "users who report to them",
            "SELECT count(*) FROM user WHERE manager_id = ?1 AND deleted_at IS NULL",
        ),
        (
            "teams that they lead",
            "SELECT count(*) FROM team WHERE manager_id = ?1 AND deleted_at IS NULL",
        ),
    ];
    let mut duties = Vec::new();
    for (what, sql) in counts {
        let count: i64 = tx.one(sql, [user.raw()], |row| row.get(0))?.unwrap_or(0);
        if count > 0 {
            duties.push((count, what));
        }
    }
    Ok(duties)
}

/// How many users outside the trash are in a team.
pub fn count_members(tx: &ReadTx<'_>, team: Id) -> Result<i64> {
    let count = tx.one(
        "SELECT count(*) FROM user WHERE team_id = ?1 AND deleted_at IS NULL",
        [team.raw()],
        |row| row.get(0),
    )?;
    Ok(count.unwrap_or(0))
}

/// True if the user does not work here any more.
pub fn is_disabled(tx: &ReadTx<'_>, user: Id) -> Result<bool> {
    let disabled = tx.one(
        "SELECT status = 'disabled' FROM user WHERE id = ?1",
        [user.raw()],
        |row| row.get(0),
    )?;
    Ok(disabled.unwrap_or(false))
}

/// The user to whom a record belongs; none for nobody, and for nouns that belong to everybody.
pub fn owner(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Option<Id>> {
    let Some(column) = owner_column(noun) else {
        return Ok(None);
    };
    let sql = format!("SELECT {column} FROM {} WHERE id = ?1", table(noun));
    let owner: Option<Option<i64>> = tx.one(&sql, [id.raw()], |row| row.get(0))?;
    Ok(owner.flatten().map(Id::from_raw))
}

/// Something that a user looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// The record.
    pub id: Id,
    /// The customer whom it is about, for a deal and a task.
    pub customer: Option<Id>,
    /// The deal that it is about, for a task.
    pub deal: Option<Id>,
}

/// What of a user's is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// Customers.
    Customers,
    /// Open deals.
    OpenDeals,
    /// Deals, closed ones too.
    AllDeals,
    /// Open tasks.
    OpenTasks,
    /// Tickets that are not solved.
    OpenTickets,
    /// Users who report to the user.
    Reports,
    /// Teams that the user leads.
    Teams,
}

/// What a user looks after and the caller may see, outside the trash, the oldest first.
pub fn holdings(tx: &ReadTx<'_>, user: Id, share: Share) -> Result<Vec<Holding>> {
    let (noun, columns, from, condition) = match share {
        Share::Customers => (
            Noun::Customer,
            "r.id, NULL, NULL",
            "customer AS r",
            "r.owner_id = ?1",
        ),
        Share::OpenDeals => (
            Noun::Deal,
            "r.id, r.customer_id, NULL",
            "deal AS r",
            "r.owner_id = ?1 AND r.status = 'open'",
        ),
        Share::AllDeals => (
            Noun::Deal,
            "r.id, r.customer_id, NULL",
            "deal AS r",
            "r.owner_id = ?1",
        ),
        Share::OpenTasks => (
            Noun::Task,
            "r.id, coalesce(r.customer_id, d.customer_id), r.deal_id",
            "task AS r LEFT JOIN deal AS d ON d.id = r.deal_id",
            "r.assignee_id = ?1 AND r.status = 'open'",
        ),
        Share::OpenTickets => (
            Noun::Ticket,
            "r.id, r.customer_id, NULL",
            "ticket AS r",
            "(r.owner_id = ?1 OR r.assignee_id = ?1) AND r.status IN ('open', 'waiting_customer', 'waiting_third_party')",
        ),
        Share::Reports => (Noun::User, "r.id, NULL, NULL", "user AS r", "r.manager_id = ?1"),
        Share::Teams => (Noun::Team, "r.id, NULL, NULL", "team AS r", "r.manager_id = ?1"),
    };
    let mut bound = vec![Sql::Integer(user.raw())];
    let scope = filter::scope(tx, noun, "r", &mut bound);
    let sql = format!(
        "SELECT {columns} FROM {from} WHERE {condition} AND r.deleted_at IS NULL{scope} ORDER BY r.id"
    );
    tx.all(&sql, params_from_iter(bound), |row| {
        Ok(Holding {
            id: Id::from_raw(row.get(0)?),
            customer: row.get::<_, Option<i64>>(1)?.map(Id::from_raw),
            deal: row.get::<_, Option<i64>>(2)?.map(Id::from_raw),
        })
    })
}
