//! Tickets with the rows that belong to them: stays in steps, and what was written.

mod clocks;
mod comments;
mod join;
mod kept;
mod steps;

use jiff::Timestamp;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::ticket::{Life, told};
use crate::error::Result;
use crate::store::tx::{Column, ReadTx, WriteTx};

pub use clocks::course;
pub(crate) use clocks::under;
pub(crate) use comments::add_comment;
pub use comments::{Comment, comments};
pub use join::children;
pub(crate) use join::{gather, set_parent};
pub(crate) use kept::{contacts, keep, parties};
pub use steps::{Stayed, stays};
pub(crate) use steps::{enter, set_received, set_stays};

/// A ticket as the rules of its steps know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The record.
    pub id: Id,
    /// Who wants it.
    pub customer: Option<Id>,
    /// Who is spoken with.
    pub contact: Option<Id>,
    /// Who works on it.
    pub assignee: Option<Id>,
    /// Who answers for it.
    pub owner: Option<Id>,
    /// The problem behind it.
    pub parent: Option<Id>,
    /// The ticket that it lives on in.
    pub merged_into: Option<Id>,
    /// How it was solved; may be empty.
    pub solution: String,
    /// Whether it is in the trash.
    pub is_trashed: bool,
    /// What follows from its stays.
    pub life: Life,
}

/// A ticket; none if it is not there, or was nowhere yet.
pub fn get(tx: &ReadTx<'_>, id: Id) -> Result<Option<Ticket>> {
    let stays: Vec<_> = steps::stays(tx, id)?
        .into_iter()
        .map(|stayed| stayed.stay)
        .collect();
    let Some(life) = told(&stays) else {
        return Ok(None);
    };
    tx.one(
        "SELECT customer_id, contact_id, assignee_id, owner_id, parent_id, merged_into_id, solution, deleted_at IS NOT NULL
         FROM ticket WHERE id = ?1",
        [id.raw()],
        |row| {
            let link = |at| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(at)?.map(Id::from_raw));
            Ok(Ticket {
                id,
                customer: link(0)?,
                contact: link(1)?,
                assignee: link(2)?,
                owner: link(3)?,
                parent: link(4)?,
                merged_into: link(5)?,
                solution: row.get(6)?,
                is_trashed: row.get(7)?,
                life,
            })
        },
    )
}

/// How much a ticket presses.
pub fn priority(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let found = tx.one("SELECT priority FROM ticket WHERE id = ?1", [id.raw()], |row| {
        row.get(0)
    })?;
    Ok(found.unwrap_or_default())
}

/// The ticket that a merged one lives on in.
pub fn survivor(tx: &ReadTx<'_>, id: Id) -> Result<Option<Id>> {
    let found: Option<Option<i64>> = tx.one(
        "SELECT merged_into_id FROM ticket WHERE id = ?1",
        [id.raw()],
        |row| row.get(0),
    )?;
    Ok(found.flatten().map(Id::from_raw))
}

/// Says where a person worked when it wanted the ticket; true if that is news.
pub(crate) fn set_company(tx: &WriteTx<'_>, id: Id, company: Option<Id>) -> Result<bool> {
    tx.update("ticket", id, vec![company_column(company)])
}

/// The same for a new row.
pub(crate) fn company_column(company: Option<Id>) -> Column<'static> {
    (
        "company_id",
        company.map_or(Sql::Null, |company| Sql::Integer(company.raw())),
    )
}

/// Writes down why something was done; true if that is news.
pub(crate) fn set_reason(tx: &WriteTx<'_>, id: Id, reason: &str) -> Result<bool> {
    tx.update("ticket", id, vec![("reason", Sql::Text(reason.to_owned()))])
}

/// When an activity happened.
pub(crate) fn activity_at(tx: &ReadTx<'_>, activity: Id) -> Result<Option<Timestamp>> {
    let at: Option<i64> = tx.one("SELECT at FROM activity WHERE id = ?1", [activity.raw()], |row| {
        row.get(0)
    })?;
    at.map(steps::instant).transpose()
}
