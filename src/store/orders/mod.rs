//! The rows of an order: its lines, what it comes to, its payments and shipments.

mod kept;
mod lines;
mod payments;
mod shipments;

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::money::Currency;
use crate::domain::sale::{OrderStatus, Tax};
use crate::error::{Error, Result};
use crate::store::keep as kept_up;
pub use crate::store::sales::Line;
use crate::store::sales::Terms;
use crate::store::tx::{Column, ReadTx, WriteTx};

pub(crate) use kept::{keep, unfrozen};
pub use lines::lines;
pub(crate) use lines::set_lines;
pub(crate) use payments::{NewPart, add_payment, set_payment, set_plan};
pub use payments::{Part, Payment, installments, paid_orders, payments, plan};
pub use shipments::{Sent, Shipped, shipments};
pub(crate) use shipments::{add_shipment, set_shipment};

/// What the rules of an order look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// The row.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// Who buys.
    pub customer: Id,
    /// Where it stands.
    pub status: OrderStatus,
    /// The currency of all amounts.
    pub currency: Currency,
    /// How prices and tax go together.
    pub tax: Tax,
    /// What is taken off the whole, as kept.
    pub discount: String,
    /// What sending it costs.
    pub shipping: i64,
    /// The day on which it was ordered.
    pub ordered_on: Date,
    /// The day on which it was confirmed; none if it was not.
    pub confirmed_on: Option<Date>,
    /// The day by which it is to be paid, where there is no plan.
    pub due_on: Option<Date>,
    /// The day by which it is to be delivered.
    pub promised_on: Option<Date>,
    /// The rate that was frozen, in thousand-millionths.
    pub rate: Option<i64>,
    /// What it comes to, as of the last settling.
    pub total: i64,
    /// What was paid, as of the last settling.
    pub paid: i64,
    /// What is still to come, as of the last settling.
    pub balance: i64,
}

/// An order, also one in the trash.
pub fn get(tx: &ReadTx<'_>, id: Id) -> Result<Option<Order>> {
    type Row = (
        i64,
        String,
        String,
        String,
        String,
        i64,
        [Option<String>; 4],
        Option<i64>,
        [i64; 3],
        String,
    );
    let row: Option<Row> = tx.one(
        "SELECT customer_id, status, currency, tax, discount, shipping, ordered_on, confirmed_on, due_on, rate, total,
                paid, balance, promised_on, name
         FROM sales_order WHERE id = ?1",
        [id.raw()],
        |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
                row.get(5)?,
                [row.get(6)?, row.get(7)?, row.get(8)?, row.get(13)?],
                row.get(9)?,
                [row.get(10)?, row.get(11)?, row.get(12)?],
                row.get(14)?,
            ))
        },
    )?;
    let Some((customer, status, currency, tax, discount, shipping, days, rate, sums, name)) = row else {
        return Ok(None);
    };
    let foreign = |what: &str, text: &str| Error::internal(format!("the base holds a {what} {text:?}"));
    let day = |day: &Option<String>| day.as_deref().map(kept_up::date).transpose();
    let [ordered_on, confirmed_on, due_on, promised_on] = days;
    let [total, paid, balance] = sums;
    Ok(Some(Order {
        id,
        name,
        customer: Id::from_raw(customer),
        status: OrderStatus::parse(&status).ok_or_else(|| foreign("status", &status))?,
        currency: Currency::parse(&currency).ok_or_else(|| foreign("currency", &currency))?,
        tax: if tax == "included" {
            Tax::Included
        } else {
            Tax::Added
        },
        discount,
        shipping,
        ordered_on: day(&ordered_on)?.unwrap_or(Date::ZERO),
        confirmed_on: day(&confirmed_on)?,
        due_on: day(&due_on)?,
        promised_on: day(&promised_on)?,
        rate,
        total,
        paid,
        balance,
    }))
}

/// What is written down about an order.
pub fn note(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let sql = "SELECT note FROM sales_order WHERE id = ?1";
    Ok(tx.one(sql, [id.raw()], |row| row.get(0))?.unwrap_or_default())
}

/// What stands in the row of an order and is given by no field alone; what is none is left as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Where it stands.
    pub(crate) status: Option<OrderStatus>,
    /// What sending it costs.
    pub(crate) shipping: Option<i64>,
    /// When it was confirmed and at which rate; none inside for a draft.
    pub(crate) confirmed: Option<Option<(Date, Option<i64>)>>,
    /// When it was completed, cancelled or returned; none inside for an open one.
    pub(crate) closed_on: Option<Option<Date>>,
    /// Why.
    pub(crate) reason: Option<String>,
}

impl Order {
    /// What beside its lines says what it comes to.
    pub fn terms(&self) -> Terms {
        Terms {
            currency: self.currency,
            tax: self.tax,
            discount: self.discount.clone(),
            shipping: self.shipping,
        }
    }
}

impl Facts {
    /// The columns, for a new row or an old one.
    pub(crate) fn columns(&self) -> Vec<Column<'static>> {
        let mut columns = Vec::new();
        columns.extend(
            self.status
                .map(|status| ("status", Sql::Text(status.name().to_owned()))),
        );
        columns.extend(self.shipping.map(|shipping| ("shipping", Sql::Integer(shipping))));
        if let Some(confirmed) = self.confirmed {
            let rate = confirmed.and_then(|(_, rate)| rate);
            columns.push(("confirmed_on", day(confirmed.map(|(on, _)| on))));
            columns.push(("rate", rate.map_or(Sql::Null, Sql::Integer)));
        }
        columns.extend(self.closed_on.map(|closed_on| ("closed_on", day(closed_on))));
        columns.extend(self.reason.clone().map(|reason| ("reason", Sql::Text(reason))));
        columns
    }
}

/// Writes facts of an order; true if anything was different.
pub(crate) fn set(tx: &WriteTx<'_>, id: Id, facts: &Facts) -> Result<bool> {
    let columns = facts.columns();
    match columns.is_empty() {
        true => Ok(false),
        false => tx.update("sales_order", id, columns),
    }
}

/// A day as a column.
pub(crate) fn day(day: Option<Date>) -> Sql {
    day.map_or(Sql::Null, |day| Sql::Text(day.to_string()))
}

/// The position behind the last row of a table that belongs to an order.
fn next_position(tx: &ReadTx<'_>, table: &str, order: Id) -> Result<i64> {
    let sql = format!("SELECT coalesce(max(position), 0) + 1 FROM {table} WHERE order_id = ?1");
    Ok(tx.one(&sql, [order.raw()], |row| row.get(0))?.unwrap_or(1))
}
