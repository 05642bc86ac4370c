//! What follows from deals.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::deal;
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::money::{Currency, Money, Rate};
use crate::error::Result;
use crate::store::keep::tasks::next_step;
use crate::store::keep::{Dirty, date};
use crate::store::rates;
use crate::store::tx::{ReadTx, WriteTx};

pub(in crate::store) fn keep_deal(tx: &WriteTx<'_>, id: Id, dirty: &mut Dirty) -> Result<()> {
    dirty.documents.insert(id);
    let Some(row) = deal_row(tx, id)? else {
        return Ok(());
    };
    dirty.customers.extend(row.customer);
    let last_activity: Option<String> = tx
        .one(
            "SELECT max(on_date) FROM activity WHERE deal_id = ?1 AND type <> 'note' AND deleted_at IS NULL",
            [id.raw()],
            |row| row.get(0),
        )?
        .flatten();
    let (open_tasks, next_task) = next_step(tx, "deal_id", id)?;
    let rotting_on = match row.rot_days {
        0 => None,
        days => {
            let news = [
                Some(row.stage_entered_on.clone()),
                last_activity.clone(),
                row.edited_on.clone(),
            ];
            let news: Vec<Date> = news
                .into_iter()
                .flatten()
                .map(|day| date(&day))
                .collect::<Result<_>>()?;
            deal::rotting_on(&news, days)
        }
    };
    let amount_base = base_amount(tx, &row)?;
    tx.keep(
        "deal",
        id,
        &[
            ("name_key", Sql::Text(fold(&row.name))),
            ("amount_base", amount_base.map_or(Sql::Null, Sql::Integer)),
            ("last_activity_on", last_activity.map_or(Sql::Null, Sql::Text)),
            ("next_task_at", next_task.map_or(Sql::Null, Sql::Integer)),
            ("open_tasks", Sql::Integer(open_tasks)),
            (
                "rotting_on",
                rotting_on.map_or(Sql::Null, |day| Sql::Text(day.to_string())),
            ),
        ],
    )
}

/// What the kept-up columns of a deal follow from.
struct DealRow {
    name: String,
    customer: Option<Id>,
    amount: Option<i64>,
    currency: String,
    closed: bool,
    closed_rate: Option<i64>,
    stage_entered_on: String,
    rot_days: i64,
    edited_on: Option<String>,
}

fn deal_row(tx: &ReadTx<'_>, id: Id) -> Result<Option<DealRow>> {
    tx.one(
        "SELECT deal.name, deal.customer_id, deal.amount, deal.currency, deal.status <> 'open', deal.closed_rate,
                deal.stage_entered_on, CASE WHEN deal.status = 'open' THEN stage.rot_days ELSE 0 END,
                (SELECT date(max(started_at) / 1000, 'unixepoch') FROM value_interval
                 WHERE record_id = deal.id AND started_at > deal.created_at)
         FROM deal JOIN stage ON stage.id = deal.stage_id WHERE deal.id = ?1",
        [id.raw()],
        |row| {
            Ok(DealRow {
                name: row.get(0)?,
                customer: row.get::<_, Option<i64>>(1)?.map(Id::from_raw),
                amount: row.get(2)?,
                currency: row.get(3)?,
                closed: row.get(4)?,
                closed_rate: row.get(5)?,
                stage_entered_on: row.get(6)?,
                rot_days: row.get(7)?,
                edited_on: row.get(8)?,
            })
        },
    )
}

/// A closed deal counts at the rate that was frozen, an open one at the newest.
fn base_amount(tx: &ReadTx<'_>, row: &DealRow) -> Result<Option<i64>> {
    let (Some(minor), Some(currency)) = (row.amount, Currency::parse(&row.currency)) else {
        return Ok(None);
    };
    let rate = if row.closed {
        row.closed_rate.map(Rate::from_nano)
    } else {
        rates::current(tx, currency)?
    };
    let base = tx.base_currency()?;
    Ok(rate
        .and_then(|rate| Money { minor, currency }.convert(base, rate))
        .map(|money| money.minor))
}
