//! What follows from the rows of an order: what it comes to, how far it is paid and delivered.

use rusqlite::types::Value as Sql;

use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::money::Rate;
use crate::domain::sale::{
    self, FulfilmentStatus, Installment, OrderStatus, Paid, PaymentStatus, REMIND_DAYS, ShipmentStatus, Sums,
};
use crate::error::Result;
use crate::store::orders::{Order, day, get, installments, lines, payments, plan, shipments};
use crate::store::rates;
use crate::store::tx::{ReadTx, WriteTx};

/// The orders whose worth follows the newest rate: those that nobody confirmed.
pub(crate) fn unfrozen(tx: &ReadTx<'_>) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM sales_order WHERE confirmed_on IS NULL AND deleted_at IS NULL",
        [],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Brings the kept-up columns of an order up to date.
pub(crate) fn keep(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    let Some(order) = get(tx, id)? else { return Ok(()) };
    let lines = lines(tx, id)?;
    let terms = order.terms();
    let sums = terms.sums(&lines)?;
    let (paid, kept) = paid(tx, &order, &sums, lines.is_empty())?;
    let counts = order.status.counts();
    let delivered = delivered(tx, &order, &lines)?;
    let is_under_way = matches!(order.status, OrderStatus::Confirmed | OrderStatus::Processing);
    let is_awaited = is_under_way && delivered != FulfilmentStatus::Delivered;
    let balance = if counts { paid.balance } else { 0 };
    let rate = match order.confirmed_on {
        Some(_) => order.rate.map(Rate::from_nano),
        None => rates::current(tx, order.currency)?,
    };
    let mut columns = terms.columns(&lines, &sums);
    columns.extend([
        ("name_key", Sql::Text(fold(&order.name))),
        ("total_base", terms.in_base(tx, sums.total, rate)?),
        ("paid", Sql::Integer(kept)),
        ("balance", Sql::Integer(balance)),
        ("balance_base", terms.in_base(tx, balance, rate)?),
        ("overdue_on", day(paid.overdue_on.filter(|_| counts))),
        ("remind_on", day(paid.remind_on.filter(|_| counts))),
        ("awaited_on", day(order.promised_on.filter(|_| is_awaited))),
        ("payment_status", Sql::Text(paid.status.name().to_owned())),
        ("fulfilment_status", Sql::Text(delivered.name().to_owned())),
    ]);
    tx.keep("sales_order", id, &columns)
}

/// How far an order is paid, and what was kept of what came.
fn paid(tx: &ReadTx<'_>, order: &Order, sums: &Sums, is_empty: bool) -> Result<(Paid, i64)> {
    let confirmed: Vec<_> = payments(tx, order.id)?
        .into_iter()
        .filter(|payment| payment.status == "confirmed")
        .collect();
    let sum = |is_refund: bool| -> i64 {
        let of_sort = confirmed.iter().filter(|payment| payment.is_refund == is_refund);
        of_sort.fold(0, |sum, payment| sum.saturating_add(payment.amount))
    };
    let (received, refunded) = (sum(false), sum(true));
    let mut parts = installments(&plan(tx, order.id)?, &confirmed);
    if parts.is_empty() {
        parts.push(Installment {
            due_on: order.due_on,
            amount: sums.total,
            paid: 0,
            remind_days: REMIND_DAYS,
        });
    }
    let mut paid = sale::paid(sums.total, received, refunded, &parts);
    // Nothing is paid of what is not written yet.
    if is_empty && received == 0 {
        paid.status = PaymentStatus::Unpaid;
    }
    Ok((paid, received.saturating_sub(refunded)))
}

/// How far an order is delivered. Where nothing has to be sent it is when it is done.
fn delivered(tx: &ReadTx<'_>, order: &Order, lines: &[super::Line]) -> Result<FulfilmentStatus> {
    let to_send = lines.iter().filter(|line| line.is_shipped);
    let ordered = to_send.fold(0_i64, |sum, line| sum.saturating_add(line.figures.quantity));
    let sent: Vec<sale::Shipment> = shipments(tx, order.id)?
        .iter()
        .map(|shipment| sale::Shipment {
            status: ShipmentStatus::parse(&shipment.status).unwrap_or(ShipmentStatus::Preparing),
            quantity: shipment
                .contents
                .iter()
                .fold(0, |sum, sent| sum.saturating_add(sent.quantity)),
        })
        .collect();
    if ordered == 0 && sent.is_empty() && order.status == OrderStatus::Completed {
        return Ok(FulfilmentStatus::Delivered);
    }
    Ok(sale::fulfilment(ordered, &sent))
}
