//! Keeping up: columns and search documents that follow from other rows, brought up to date once per transaction.
//!
//! Every change of a row says what it touches (`tables.rs`). Here the touched records are gathered, and what follows
//! from their rows is computed again. So a kept-up value is a function of the rows, whichever way they changed: an
//! undo, a merge and an import need no code of their own.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::money::{Currency, Money, Rate};
use crate::domain::reminder::Reminder;
use crate::domain::{customer, deal, pinyin, task};
use crate::error::{Error, Result};
use crate::store::tables::{Table, Touch, WISH_COLUMNS};
use crate::store::tx::{ReadTx, WriteTx};
use crate::store::{documents, orders};

/// The records whose kept-up values may be out of date.
#[derive(Debug, Default)]
pub(crate) struct Dirty {
    customers: BTreeSet<Id>,
    documents: BTreeSet<Id>,
    deals: BTreeSet<Id>,
    tasks: BTreeSet<Id>,
    activities: BTreeSet<Id>,
    products: BTreeSet<Id>,
    orders: BTreeSet<Id>,
    stages: BTreeSet<Id>,
    tagged: BTreeSet<Id>,
    tags: BTreeSet<Id>,
    rates: bool,
}

impl Dirty {
    /// Notes what a change of row `id` touches, by those of its columns that are given.
    pub(crate) fn touch<'a>(
        &mut self,
        table: &Table,
        id: Id,
        columns: impl IntoIterator<Item = (&'a str, &'a Sql)>,
    ) {
        self.rates |= table.touches.contains(&Touch::Rates);
        let is_wish = table.touches.contains(&Touch::Wish);
        for touch in table.touches.iter().filter(|touch| touch.column() == Some("id")) {
            self.add(*touch, id);
        }
        for (name, value) in columns {
            if is_wish && WISH_COLUMNS.contains(&name) {
                self.tags.insert(id);
            }
            let touched = table.touches.iter().filter(|touch| touch.column() == Some(name));
            if let Sql::Integer(raw) = value {
                touched.for_each(|touch| self.add(*touch, Id::from_raw(*raw)));
            }
        }
    }

    /// Notes what a change of all rows from `first` to `last` touches, but for the records that are `spared`; the rows
    /// themselves never are.
    pub(crate) fn touch_range(
        &mut self,
        tx: &ReadTx<'_>,
        table: &Table,
        (first, last): (Id, Id),
        spared: &dyn Fn(Id) -> bool,
    ) -> Result<()> {
        for touch in table.touches {
            self.rates |= *touch == Touch::Rates;
            // A range may be a million labels that say nothing of their customers.
            if matches!(touch, Touch::Tagged(_)) && self.tags.is_empty() && !has_wishes(tx)? {
                continue;
            }
            let column = match (touch, touch.column()) {
                (Touch::Wish, _) => "id",
                (_, Some(column)) => column,
                (_, None) => continue,
            };
            let sql = format!(
                "SELECT DISTINCT {column} FROM {} WHERE id BETWEEN ?1 AND ?2 AND {column} IS NOT NULL",
                table.name
            );
            tx.each_row(&sql, [first.raw(), last.raw()], |row| {
                let id = Id::from_raw(row.get(0)?);
                if column == "id" || !spared(id) {
                    self.add(*touch, id);
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// How many records are remembered.
    fn len(&self) -> usize {
        self.customers.len()
            + self.documents.len()
            + self.deals.len()
            + self.tasks.len()
            + self.activities.len()
            + self.products.len()
            + self.orders.len()
            + self.tagged.len()
    }

    /// Notes that a customer was made in this transaction, whose row already has what follows from its name.
    pub(crate) fn fresh_customer(&mut self, id: Id) {
        self.customers.remove(&id);
        self.documents.insert(id);
    }

    fn add(&mut self, touch: Touch, id: Id) {
        let set = match touch {
            Touch::Customer(_) => &mut self.customers,
            Touch::Document(_) => &mut self.documents,
            Touch::Deal(_) => &mut self.deals,
            Touch::Task(_) => &mut self.tasks,
            Touch::Activity(_) => &mut self.activities,
            Touch::Product(_) => &mut self.products,
            Touch::Order(_) => &mut self.orders,
            Touch::Stage(_) => &mut self.stages,
            Touch::Tagged(_) => &mut self.tagged,
            Touch::Wish => &mut self.tags,
            Touch::Rates => return,
        };
        set.insert(id);
    }
}

/// How many records a long operation remembers before it brings them up to date; few in tests, as in `log.rs`.
const PART: usize = if cfg!(test) { 2 } else { 10_000 };

/// Brings up to date what was touched if that is much, so that what is remembered stays small whatever is done.
pub(crate) fn settle_if_many(tx: &WriteTx<'_>) -> Result<()> {
    let many = tx.dirty().borrow().len() >= PART;
    if many { settle(tx) } else { Ok(()) }
}

/// Brings everything up to date that the transaction has touched so far.
pub(crate) fn settle(tx: &WriteTx<'_>) -> Result<()> {
    let mut dirty = tx.dirty().take();
    if std::mem::take(&mut dirty.rates) {
        let open = tx.all(
            "SELECT id FROM deal WHERE status = 'open' AND deleted_at IS NULL",
            [],
            |row| row.get(0),
        )?;
        dirty.deals.extend(open.into_iter().map(Id::from_raw));
        dirty.orders.extend(orders::unfrozen(tx)?);
    }
    for stage in std::mem::take(&mut dirty.stages) {
        let inside = tx.all("SELECT id FROM deal WHERE stage_id = ?1", [stage.raw()], |row| {
            row.get(0)
        })?;
        dirty.deals.extend(inside.into_iter().map(Id::from_raw));
    }
    wishes(tx, &mut dirty)?;
    for id in std::mem::take(&mut dirty.activities) {
        activity(tx, id, &mut dirty)?;
    }
    for id in std::mem::take(&mut dirty.tasks) {
        keep_task(tx, id, &mut dirty)?;
    }
    for id in std::mem::take(&mut dirty.deals) {
        keep_deal(tx, id, &mut dirty)?;
    }
    for id in std::mem::take(&mut dirty.orders) {
        orders::keep(tx, id)?;
        dirty.documents.insert(id);
    }
    for id in std::mem::take(&mut dirty.customers) {
        keep_customer(tx, id)?;
        dirty.documents.insert(id);
    }
    for id in std::mem::take(&mut dirty.products) {
        keep_product(tx, id)?;
        dirty.documents.insert(id);
    }
    for id in dirty.documents {
        documents::refresh(tx, id)?;
    }
    Ok(())
}

pub(super) fn keep_product(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    let name: Option<String> = tx.one("SELECT name FROM product WHERE id = ?1", [id.raw()], |row| {
        row.get(0)
    })?;
    match name {
        Some(name) => tx.keep("product", id, &[("name_key", Sql::Text(fold(&name)))]),
        None => Ok(()),
    }
}

/// Adds the customers whose wish to be heard of may have changed with a label.
fn wishes(tx: &WriteTx<'_>, dirty: &mut Dirty) -> Result<()> {
    let tags = std::mem::take(&mut dirty.tags);
    let tagged = std::mem::take(&mut dirty.tagged);
    for tag in &tags {
        let with_it = tx.all(
            "SELECT record_id FROM tagging WHERE tag_id = ?1 AND noun = 'customer'",
            [tag.raw()],
            |row| row.get(0),
        )?;
        dirty.customers.extend(with_it.into_iter().map(Id::from_raw));
    }
    // Most bases have no label of that kind, and an import puts labels on a million customers.
    if !tagged.is_empty() && (!tags.is_empty() || has_wishes(tx)?) {
        dirty.customers.extend(tagged);
    }
    Ok(())
}

/// Whether any label says how often its customers want to be heard of.
fn has_wishes(tx: &ReadTx<'_>) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM tag WHERE keep_in_touch IS NOT NULL)";
    Ok(tx.one(sql, [], |row| row.get(0))?.unwrap_or(false))
}

pub(super) fn activity(tx: &WriteTx<'_>, id: Id, dirty: &mut Dirty) -> Result<()> {
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

pub(super) fn keep_task(tx: &WriteTx<'_>, id: Id, dirty: &mut Dirty) -> Result<()> {
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
fn next_step(tx: &ReadTx<'_>, column: &str, id: Id) -> Result<(i64, Option<i64>)> {
    let sql = format!(
        "SELECT count(*), min(due_at) FROM task WHERE {column} = ?1 AND status = 'open' AND deleted_at IS NULL"
    );
    Ok(tx
        .one(&sql, [id.raw()], |row| Ok((row.get(0)?, row.get(1)?)))?
        .unwrap_or((0, None)))
}

pub(super) fn keep_deal(tx: &WriteTx<'_>, id: Id, dirty: &mut Dirty) -> Result<()> {
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
        current_rate(tx, currency)?
    };
    let base = tx.base_currency()?;
    Ok(rate
        .and_then(|rate| Money { minor, currency }.convert(base, rate))
        .map(|money| money.minor))
}

/// The newest rate of `currency` up to today; none if there is none.
pub(crate) fn current_rate(tx: &ReadTx<'_>, currency: Currency) -> Result<Option<Rate>> {
    rate_on(tx, currency, tx.caller().clock.today())
}

/// The rate of `currency` that held on `day`; none if there is none.
pub(crate) fn rate_on(tx: &ReadTx<'_>, currency: Currency, day: Date) -> Result<Option<Rate>> {
    if currency == tx.base_currency()? {
        return Ok(Some(Rate::ONE));
    }
    tx.one(
        "SELECT rate FROM rate WHERE currency = ?1 AND on_date <= ?2 ORDER BY on_date DESC LIMIT 1",
        (currency.code(), day.to_string()),
        |row| Ok(Rate::from_nano(row.get(0)?)),
    )
}

pub(super) fn keep_customer(tx: &WriteTx<'_>, id: Id) -> Result<()> {
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
    let contacts: Vec<String> = tx.all(
        "SELECT DISTINCT contact_on FROM activity_customer WHERE customer_id = ?1 AND contact_on IS NOT NULL
         ORDER BY contact_on DESC LIMIT ?2",
        (id.raw(), customer::RHYTHM_CONTACTS),
        |row| row.get(0),
    )?;
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

/// A day as stored.
pub(crate) fn date(text: &str) -> Result<Date> {
    text.parse()
        .map_err(|error| Error::internal(format!("the base holds a day {text:?}")).with_source(error))
}
