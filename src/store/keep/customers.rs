//! What follows from customers.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::{customer, pinyin};
use crate::error::Result;
use crate::store::keep::date;
use crate::store::keep::tasks::next_step;
use crate::store::tickets;
use crate::store::tx::{ReadTx, WriteTx};

/// The last days of contact, the newest first: activities but notes, and tickets.
fn contacts(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<String>> {
    let most = customer::RHYTHM_CONTACTS;
    let mut days: Vec<String> = tx.all(
        "SELECT DISTINCT contact_on FROM activity_customer WHERE customer_id = ?1 AND contact_on IS NOT NULL
         ORDER BY contact_on DESC LIMIT ?2",
        (customer.raw(), most),
        |row| row.get(0),
    )?;
    days.extend(tickets::contacts(tx, customer, most)?);
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.dedup();
    days.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(days)
}

pub(in crate::store) fn keep_customer(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    let row: Option<(String, Option<i64>, bool, String)> = tx.one(
        "SELECT name,
                (SELECT min(days) FROM (
                   SELECT keep_in_touch AS days
                   UNION ALL
                   SELECT tag.keep_in_touch FROM tagging JOIN tag ON tag.id = tagging.tag_id
                   WHERE tagging.record_id = customer.id AND tag.deleted_at IS NULL)),
                do_not_contact, date(created_at / 1000, 'unixepoch')
         FROM customer WHERE id = ?1",
        [id.raw()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let Some((name, keep_in_touch, do_not_contact, created_on)) = row else {
        return Ok(());
    };
    let company: Option<i64> = tx.one(
        "SELECT company_id FROM employment WHERE customer_id = ?1 AND ended_on IS NULL
         ORDER BY is_primary DESC, id DESC LIMIT 1",
        [id.raw()],
        |row| row.get(0),
    )?;
    let contacts = contacts(tx, id)?;
    let (open_tasks, next_task) = next_step(tx, "customer_id", id)?;
    let open_deals: i64 = tx
        .one(
            "SELECT count(*) FROM deal WHERE customer_id = ?1 AND status = 'open' AND deleted_at IS NULL",
            [id.raw()],
            |row| row.get(0),
        )?
        .unwrap_or(0);
    let days: Vec<Date> = contacts.iter().map(|day| date(day)).collect::<Result<_>>()?;
    // Somebody with a next step is not forgotten, and who wants to be left alone is not missed.
    let quiet_on = if open_tasks > 0 || do_not_contact {
        None
    } else {
        customer::quiet_on(keep_in_touch, &days, date(&created_on)?)
    };
    tx.keep(
        "customer",
        id,
        &[
            ("name_key", Sql::Text(fold(&name))),
            ("sort_key", Sql::Text(pinyin::sort_key(&name))),
            ("company_id", company.map_or(Sql::Null, Sql::Integer)),
            (
                "last_activity_on",
                contacts.into_iter().next().map_or(Sql::Null, Sql::Text),
            ),
            ("next_task_at", next_task.map_or(Sql::Null, Sql::Integer)),
            ("open_tasks", Sql::Integer(open_tasks)),
            ("open_deals", Sql::Integer(open_deals)),
            (
                "quiet_on",
                quiet_on.map_or(Sql::Null, |day| Sql::Text(day.to_string())),
            ),
        ],
    )
}
