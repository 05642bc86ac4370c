//! What follows from activities and tasks.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::reminder::Reminder;
use crate::domain::task;
use crate::error::Result;
use crate::store::keep::{Dirty, date};
use crate::store::tx::{ReadTx, WriteTx};

pub(in crate::store) fn activity(tx: &WriteTx<'_>, id: Id, dirty: &mut Dirty) -> Result<()> {
    dirty.documents.insert(id);
    let row: Option<(Option<String>, Option<i64>)> = tx.one(
        "SELECT CASE WHEN type <> 'note' AND deleted_at IS NULL THEN on_date END, deal_id FROM activity WHERE id = ?1",
        [id.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let Some((contact_on, deal)) = row else {
        return Ok(());
    };
    dirty.deals.extend(deal.map(Id::from_raw));
    let links: Vec<(i64, i64)> = tx.all(
        "SELECT id, customer_id FROM activity_customer WHERE activity_id = ?1",
        [id.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (link, customer) in links {
        let value = contact_on.clone().map_or(Sql::Null, Sql::Text);
        tx.keep("activity_customer", Id::from_raw(link), &[("contact_on", value)])?;
        dirty.customers.insert(Id::from_raw(customer));
    }
    Ok(())
}

pub(in crate::store) fn keep_task(tx: &WriteTx<'_>, id: Id, dirty: &mut Dirty) -> Result<()> {
    dirty.documents.insert(id);
    let row = tx.one(
        "SELECT due_on, due_time, zone, customer_id, deal_id, status = 'open' AND deleted_at IS NULL
         FROM task WHERE id = ?1",
        [id.raw()],
        |row| {
            Ok(TaskRow {
                due_on: row.get(0)?,
                due_time: row.get(1)?,
                zone: row.get(2)?,
                customer: row.get(3)?,
                deal: row.get(4)?,
                is_open: row.get(5)?,
            })
        },
    )?;
    let Some(row) = row else {
        return Ok(());
    };
    dirty.customers.extend(row.customer.map(Id::from_raw));
    dirty.deals.extend(row.deal.map(Id::from_raw));
    let due_on = row.due_on.as_deref().map(date).transpose()?;
    let due_at = match due_on {
        Some(day) => Some(task::due_at(day, &row.due_time, &row.zone)?.as_millisecond()),
        None => None,
    };
    tx.keep("task", id, &[("due_at", due_at.map_or(Sql::Null, Sql::Integer))])?;
    let reminders: Vec<(i64, String)> = tx.all(
        "SELECT id, text FROM reminder WHERE task_id = ?1",
        [id.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (reminder, text) in reminders {
        let at = match Reminder::stored(&text).filter(|_| row.is_open) {
            Some(reminder) => reminder.instant(due_on, &row.due_time, &row.zone)?,
            None => None,
        };
        let at = at.map_or(Sql::Null, |at| Sql::Integer(at.as_millisecond()));
        tx.keep("reminder", Id::from_raw(reminder), &[("at", at)])?;
    }
    Ok(())
}

/// What the kept-up columns of a task and its reminders follow from.
struct TaskRow {
    due_on: Option<String>,
    due_time: String,
    zone: String,
    customer: Option<i64>,
    deal: Option<i64>,
    is_open: bool,
}

/// How many open tasks a record has, and when the next one is due.
pub(super) fn next_step(tx: &ReadTx<'_>, column: &str, id: Id) -> Result<(i64, Option<i64>)> {
    let sql = format!(
        "SELECT count(*), min(due_at) FROM task WHERE {column} = ?1 AND status = 'open' AND deleted_at IS NULL"
    );
    Ok(tx
        .one(&sql, [id.raw()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .unwrap_or((0, None)))
}
