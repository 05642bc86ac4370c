//! Stays of tickets in steps.

use jiff::Timestamp;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::ticket::{Stay, Step, Wait};
use crate::error::{Error, Result};
use crate::store::tickets::kept::keep;
use crate::store::tx::{Column, ReadTx, WriteTx};

/// A stay with the row that keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stayed {
    /// The row.
    pub id: Id,
    /// The stay.
    pub stay: Stay,
    /// Who brought the ticket there.
    pub by: Option<Id>,
}

/// The stays of a ticket, the earliest first.
pub fn stays(tx: &ReadTx<'_>, ticket: Id) -> Result<Vec<Stayed>> {
    let mut found = Vec::new();
    tx.each_row(
        "SELECT id, step, wait, is_cancelled, entered_at, left_at, by_id FROM ticket_step
         WHERE ticket_id = ?1 ORDER BY id",
        [ticket.raw()],
        |row| {
            let (step, wait): (String, String) = (row.get(1)?, row.get(2)?);
            let foreign =
                |what: &str, text: &str| Error::internal(format!("the base holds a {what} {text:?}"));
            found.push(Stayed {
                id: Id::from_raw(row.get(0)?),
                stay: Stay {
                    step: Step::parse(&step).ok_or_else(|| foreign("step", &step))?,
                    wait: Wait::parse(&wait).ok_or_else(|| foreign("wait", &wait))?,
                    is_cancelled: row.get(3)?,
                    entered_at: instant(row.get(4)?)?,
                    left_at: row.get::<_, Option<i64>>(5)?.map(instant).transpose()?,
                },
                by: row.get::<_, Option<i64>>(6)?.map(Id::from_raw),
            });
            Ok(())
        },
    )?;
    Ok(found)
}

pub(super) fn instant(ms: i64) -> Result<Timestamp> {
    Timestamp::from_millisecond(ms)
        .map_err(|error| Error::internal(format!("the base holds an instant {ms}")).with_source(error))
}

/// Lets a ticket come to a step: its last stay ends, and another begins. The actor brings it there.
pub(crate) fn enter(tx: &WriteTx<'_>, ticket: Id, stay: &Stay) -> Result<()> {
    if let Some(last) = stays(tx, ticket)?.last() {
        let left_at = Sql::Integer(stay.entered_at.as_millisecond());
        tx.update("ticket_step", last.id, vec![("left_at", left_at)])?;
    }
    let by = Some(tx.caller().actor.id);
    add(tx, ticket, stay, by)?;
    // A rehearsal looks at once.
    keep(tx, ticket)
}

fn add(tx: &WriteTx<'_>, ticket: Id, stay: &Stay, by: Option<Id>) -> Result<()> {
    let instant = |at: Timestamp| Sql::Integer(at.as_millisecond());
    let columns: Vec<Column<'static>> = vec![
        ("ticket_id", Sql::Integer(ticket.raw())),
        ("step", Sql::Text(stay.step.name().to_owned())),
        ("wait", Sql::Text(stay.wait.name().to_owned())),
        ("is_cancelled", Sql::Integer(i64::from(stay.is_cancelled))),
        ("entered_at", instant(stay.entered_at)),
        ("left_at", stay.left_at.map_or(Sql::Null, instant)),
        ("by_id", by.map_or(Sql::Null, |by| Sql::Integer(by.raw()))),
    ];
    tx.insert("ticket_step", tx.new_id(), columns)
}

/// Gives a ticket that this operation has made all its stays, in place of those that it has.
pub(crate) fn set_stays(tx: &WriteTx<'_>, ticket: Id, stays: &[(Stay, Option<Id>)]) -> Result<()> {
    tx.unmake("ticket_step", "ticket_id", ticket)?;
    for (stay, by) in stays {
        add(tx, ticket, stay, *by)?;
    }
    Ok(())
}

/// Lets a ticket have come in at another time; true if that is news.
pub(crate) fn set_received(tx: &WriteTx<'_>, ticket: Id, at: Timestamp) -> Result<bool> {
    let Some(first) = stays(tx, ticket)?.into_iter().next() else {
        return Ok(false);
    };
    let columns = vec![("entered_at", Sql::Integer(at.as_millisecond()))];
    tx.update("ticket_step", first.id, columns)
}
