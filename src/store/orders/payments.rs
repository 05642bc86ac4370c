//! Money: what is due on which day, what came and what went back.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::sale::Installment;
use crate::error::Result;
use crate::store::keep::date;
use crate::store::tx::{Column, ReadTx, WriteTx};

/// A part of an order that is due on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The row.
    pub id: Id,
    /// When it is due.
    pub due_on: Date,
    /// How much, in minor units.
    pub amount: i64,
    /// What was said of it.
    pub note: String,
    /// How many days before one is to be reminded of it.
    pub remind_days: i32,
}

/// A part as it is to be: its day, how much, what is said of it, how many days before one is to be reminded of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewPart {
    /// When it is due.
    pub(crate) due_on: Date,
    /// How much, in minor units.
    pub(crate) amount: i64,
    /// What is said of it.
    pub(crate) note: String,
    /// How many days before one is to be reminded of it.
    pub(crate) remind_days: i32,
}

/// The parts in which an order is to be paid, in order; empty where it is to be paid at once.
pub fn plan(tx: &ReadTx<'_>, order: Id) -> Result<Vec<Part>> {
    let mut found = Vec::new();
    tx.each_row(
        "SELECT id, due_on, amount, note, remind_days FROM installment WHERE order_id = ?1 ORDER BY position",
        [order.raw()],
        |row| {
            found.push(Part {
                id: Id::from_raw(row.get(0)?),
                due_on: date(&row.get::<_, String>(1)?)?,
                amount: row.get(2)?,
                note: row.get(3)?,
                remind_days: row.get(4)?,
            });
            Ok(())
        },
    )?;
    Ok(found)
}

/// The parts of a plan, each with what was confirmed for this very part.
pub fn installments(plan: &[Part], payments: &[Payment]) -> Vec<Installment> {
    let own = |part: &Part| {
        payments
            .iter()
            .filter(|payment| payment.status == "confirmed" && !payment.is_refund)
            .filter(|payment| payment.installment == Some(part.id))
            .fold(0_i64, |sum, payment| sum.saturating_add(payment.amount))
    };
    plan.iter()
        .map(|part| Installment {
            due_on: Some(part.due_on),
            amount: part.amount,
            paid: own(part),
            remind_days: part.remind_days,
        })
        .collect()
}

/// Makes `wanted` the parts of an order. Rows are kept by their place, so that payments still name them; what was paid for
/// a part that goes is for whatever is due first.
pub(crate) fn set_plan(tx: &WriteTx<'_>, order: Id, wanted: &[NewPart]) -> Result<bool> {
    let known = plan(tx, order)?;
    let mut changed = false;
    for (position, (at, part)) in (1_i64..).zip(wanted.iter().enumerate()) {
        let mut columns = vec![
            ("position", Sql::Integer(position)),
            ("due_on", Sql::Text(part.due_on.to_string())),
            ("amount", Sql::Integer(part.amount)),
            ("note", Sql::Text(part.note.clone())),
            ("remind_days", Sql::Integer(part.remind_days.into())),
        ];
        match known.get(at) {
            Some(part) => changed |= tx.update("installment", part.id, columns)?,
            None => {
                columns.push(("order_id", Sql::Integer(order.raw())));
                tx.insert("installment", tx.new_id(), columns)?;
                changed = true;
            }
        }
    }
    for part in known.iter().skip(wanted.len()) {
        let sql = "SELECT id FROM payment WHERE installment_id = ?1";
        let naming: Vec<i64> = tx.all(sql, [part.id.raw()], |row| row.get(0))?;
        for payment in naming {
            tx.update(
                "payment",
                Id::from_raw(payment),
                vec![("installment_id", Sql::Null)],
            )?;
        }
        tx.delete("installment", part.id)?;
        changed = true;
    }
    Ok(changed)
}

/// Money that came, or went back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The row.
    pub id: Id,
    /// The part it is for; none for the one that is due first.
    pub installment: Option<Id>,
    /// Whether it went back.
    pub is_refund: bool,
    /// pending, confirmed or failed.
    pub status: String,
    /// The day.
    pub received_on: Date,
    /// How much, in minor units; above nothing.
    pub amount: i64,
    /// How it came.
    pub method: String,
    /// What it is known by to the bank.
    pub reference: String,
    /// Free text.
    pub note: String,
}

/// The payments of an order, as they were written down.
pub fn payments(tx: &ReadTx<'_>, order: Id) -> Result<Vec<Payment>> {
    let mut found = Vec::new();
    tx.each_row(
        "SELECT id, installment_id, type = 'refund', status, received_on, amount, method, reference, note
         FROM payment WHERE order_id = ?1 ORDER BY id",
        [order.raw()],
        |row| {
            found.push(Payment {
                id: Id::from_raw(row.get(0)?),
                installment: row.get::<_, Option<i64>>(1)?.map(Id::from_raw),
                is_refund: row.get(2)?,
                status: row.get(3)?,
                received_on: date(&row.get::<_, String>(4)?)?,
                amount: row.get(5)?,
                method: row.get(6)?,
                reference: row.get(7)?,
                note: row.get(8)?,
            });
            Ok(())
        },
    )?;
    Ok(found)
}

/// Writes a payment down; its id is made here. `amount_base` is its worth at the rate of its day, if one is known.
pub(crate) fn add_payment(
    tx: &WriteTx<'_>,
    order: Id,
    payment: &Payment,
    amount_base: Option<i64>,
) -> Result<Id> {
    let id = tx.new_id();
    let (now, actor) = (tx.caller().clock.now_ms(), tx.caller().actor.id);
    let mut columns: Vec<Column<'static>> = vec![
        ("order_id", Sql::Integer(order.raw())),
        (
            "installment_id",
            payment
                .installment
                .map_or(Sql::Null, |part| Sql::Integer(part.raw())),
        ),
        (
            "type",
            Sql::Text(if payment.is_refund { "refund" } else { "payment" }.to_owned()),
        ),
        ("status", Sql::Text(payment.status.clone())),
        ("received_on", Sql::Text(payment.received_on.to_string())),
        ("amount", Sql::Integer(payment.amount)),
        ("amount_base", amount_base.map_or(Sql::Null, Sql::Integer)),
        ("method", Sql::Text(payment.method.clone())),
        ("reference", Sql::Text(payment.reference.clone())),
        ("note", Sql::Text(payment.note.clone())),
        ("created_at", Sql::Integer(now)),
        ("created_by", Sql::Integer(actor.raw())),
    ];
    if payment.status == "confirmed" {
        columns.push(("confirmed_by", Sql::Integer(actor.raw())));
        columns.push(("confirmed_at", Sql::Integer(now)));
    }
    tx.insert("payment", id, columns)?;
    Ok(id)
}

/// Confirms a payment that was pending, or says that it failed.
pub(crate) fn set_payment(tx: &WriteTx<'_>, payment: Id, status: &str) -> Result<bool> {
    let (by, at) = match status {
        "confirmed" => (
            Sql::Integer(tx.caller().actor.id.raw()),
            Sql::Integer(tx.caller().clock.now_ms()),
        ),
        _ => (Sql::Null, Sql::Null),
    };
    let columns = vec![
        ("status", Sql::Text(status.to_owned())),
        ("confirmed_by", by),
        ("confirmed_at", at),
    ];
    tx.update("payment", payment, columns)
}

/// How many orders of a customer are paid whole, as of the last settling.
pub fn paid_orders(tx: &ReadTx<'_>, customer: Id) -> Result<i64> {
    Ok(tx
        .one(
            "SELECT count(*) FROM sales_order WHERE customer_id = ?1 AND deleted_at IS NULL
             AND status IN ('confirmed', 'processing', 'completed') AND payment_status IN ('paid', 'overpaid')",
            [customer.raw()],
            |row| row.get(0),
        )?
        .unwrap_or(0))
}
