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
use crate::error::{Error, Result};
use crate::store::tables::{Table, Touch, WISH_COLUMNS};
use crate::store::tx::{ReadTx, WriteTx};
use crate::store::{documents, feedback, orders, quotes, service, tickets};

mod customers;
mod deals;
mod tasks;

pub(super) use customers::keep_customer;
pub(super) use deals::keep_deal;
pub(super) use tasks::{activity, keep_task};

/// The records whose kept-up values may be out of date.
#[derive(Debug, Default)]
pub(crate) struct Dirty {
    customers: BTreeSet<Id>,
    documents: BTreeSet<Id>,
    deals: BTreeSet<Id>,
    tasks: BTreeSet<Id>,
    activities: BTreeSet<Id>,
    products: BTreeSet<Id>,
    quotes: BTreeSet<Id>,
    orders: BTreeSet<Id>,
    tickets: BTreeSet<Id>,
    feedback: BTreeSet<Id>,
    surveys: BTreeSet<Id>,
    policies: BTreeSet<Id>,
    calendars: BTreeSet<Id>,
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
            + self.quotes.len()
            + self.orders.len()
            + self.tickets.len()
            + self.feedback.len()
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
            Touch::Quote(_) => &mut self.quotes,
            Touch::Order(_) => &mut self.orders,
            Touch::Ticket(_) => &mut self.tickets,
            Touch::Feedback(_) => &mut self.feedback,
            Touch::Survey(_) => &mut self.surveys,
            Touch::Policy(_) => &mut self.policies,
            Touch::Calendar(_) => &mut self.calendars,
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
        dirty.quotes.extend(quotes::foreign(tx)?);
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
    for id in std::mem::take(&mut dirty.quotes) {
        quotes::keep(tx, id)?;
        dirty.documents.insert(id);
    }
    for id in std::mem::take(&mut dirty.orders) {
        orders::keep(tx, id)?;
        dirty.documents.insert(id);
    }
    for calendar in std::mem::take(&mut dirty.calendars) {
        dirty.policies.extend(service::policies_of(tx, calendar)?);
    }
    for policy in std::mem::take(&mut dirty.policies) {
        dirty.tickets.extend(tickets::under(tx, policy)?);
    }
    for id in std::mem::take(&mut dirty.tickets) {
        tickets::keep(tx, id)?;
        dirty.customers.extend(tickets::parties(tx, id)?);
        dirty.documents.insert(id);
    }
    for survey in std::mem::take(&mut dirty.surveys) {
        dirty.feedback.extend(feedback::of_survey(tx, survey)?);
    }
    for id in std::mem::take(&mut dirty.feedback) {
        feedback::keep(tx, id)?;
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

/// A day as stored.
pub(crate) fn date(text: &str) -> Result<Date> {
    text.parse()
        .map_err(|error| Error::internal(format!("the base holds a day {text:?}")).with_source(error))
}
