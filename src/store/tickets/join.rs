//! Tickets that belong together: a problem and what came of it, and one that was written down twice.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};
use crate::store::{articles, links};

/// The tickets that a problem is behind, outside the trash, the oldest first.
pub fn children(tx: &ReadTx<'_>, ticket: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM ticket WHERE parent_id = ?1 AND deleted_at IS NULL ORDER BY id",
        [ticket.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Says which problem is behind a ticket; true if that is news.
pub(crate) fn set_parent(tx: &WriteTx<'_>, ticket: Id, parent: Option<Id>) -> Result<bool> {
    let parent = parent.map_or(Sql::Null, |parent| Sql::Integer(parent.raw()));
    tx.update("ticket", ticket, vec![("parent_id", parent)])
}

/// Gives everything that belongs to `from` to `into`, and marks it as merged. Its stays remain its own.
pub(crate) fn gather(tx: &WriteTx<'_>, from: Id, into: Id) -> Result<()> {
    let rows = |table: &str, column: &str| -> Result<Vec<Id>> {
        let sql = format!("SELECT id FROM {table} WHERE {column} = ?1 ORDER BY id");
        tx.all(&sql, [from.raw()], |row| Ok(Id::from_raw(row.get(0)?)))
    };
    let to = || Sql::Integer(into.raw());
    for (table, column) in [
        ("ticket_comment", "ticket_id"),
        ("activity", "ticket_id"),
        ("feedback", "ticket_id"),
        ("ticket", "parent_id"),
        ("ticket", "merged_into_id"),
        ("attachment", "record_id"),
        ("external_id", "record_id"),
    ] {
        for row in rows(table, column)? {
            // No ticket is behind itself.
            let new = if row == into { Sql::Null } else { to() };
            tx.update(table, row, vec![(column, new)])?;
        }
    }
    articles::move_to(tx, from, into)?;
    for (tag, _) in links::tags(tx, from)? {
        links::tag(tx, Noun::Ticket, into, tag)?;
    }
    let now = Sql::Integer(tx.caller().clock.now_ms());
    let columns = vec![
        ("merged_into_id", to()),
        ("deleted_at", now),
        ("parent_id", Sql::Null),
    ];
    tx.update("ticket", from, columns)?;
    Ok(())
}
