//! Money for orders: payments, refunds, and what a paid order makes of its customer.

use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::money::{Money, Rate};
use crate::domain::sale::OrderStatus;
use crate::error::{Error, Result};
use crate::ops::customer;
use crate::ops::order::{get, label, reference};
use crate::ops::sale::lines;
use crate::ops::typed;
use crate::store::orders::{self, Order, Payment};
use crate::store::{ReadTx, WriteTx, rates};

/// How money comes.
pub const METHODS: &[&str] = &[
    "bank_transfer",
    "cash",
    "cheque",
    "alipay",
    "wechat_pay",
    "card",
    "post",
    "other",
];

/// What is known of a payment.
pub const PAYMENT_STATES: &[&str] = &["pending", "confirmed", "failed"];

/// Money that came or went back, as it is given.
#[derive(Debug, Clone, Default)]
pub struct Given<'g> {
    /// How much, as people write it; none for all that is still to come, or was kept.
    pub amount: Option<&'g str>,
    /// The day; none for today.
    pub on: Option<Date>,
    /// How it came; none for a bank transfer.
    pub method: Option<&'g str>,
    /// What it is known by to the bank.
    pub reference: Option<&'g str>,
    /// Free text.
    pub note: Option<&'g str>,
    /// The part of the plan that it is for, from 1.
    pub part: Option<usize>,
    /// Whether it is only announced.
    pub is_pending: bool,
}

/// Writes down that money came for an order.
///
/// # Errors
///
/// `Invalid` for an order that binds nobody, or what is no amount above nothing.
pub fn pay(tx: &WriteTx<'_>, id: Id, given: &Given<'_>) -> Result<()> {
    let order = get(tx, id)?;
    if matches!(order.status, OrderStatus::Draft | OrderStatus::Cancelled) {
        let message = format!(
            "status: order {0} is {1}, so nothing is owed; `crm order confirm {0}` first",
            reference(tx, id)?,
            order.status.name()
        );
        return Err(Error::invalid("status", message));
    }
    let amount = amount(tx, &order, given, order.balance)?;
    let payment = payment(tx, &order, given, amount, false)?;
    write(tx, &order, &payment)?;
    let verb = if given.is_pending { "Announced" } else { "Received" };
    tx.describe(format!(
        "{verb} {} for order {}",
        shown(&order, amount),
        label(tx, id)?
    ));
    Ok(())
}

/// Writes down that money went back.
///
/// # Errors
///
/// `Invalid` if it is more than was kept.
pub fn refund(tx: &WriteTx<'_>, id: Id, given: &Given<'_>) -> Result<()> {
    let order = get(tx, id)?;
    let amount = amount(tx, &order, given, order.paid)?;
    if amount > order.paid && !given.is_pending {
        let message = format!(
            "amount: only {} was paid for order {} and not given back",
            shown(&order, order.paid),
            reference(tx, id)?
        );
        return Err(Error::invalid("amount", message));
    }
    let payment = payment(tx, &order, given, amount, true)?;
    write(tx, &order, &payment)?;
    tx.describe(format!(
        "Gave back {} for order {}",
        shown(&order, amount),
        label(tx, id)?
    ));
    Ok(())
}

fn write(tx: &WriteTx<'_>, order: &Order, payment: &Payment) -> Result<()> {
    let money = Money {
        minor: payment.amount,
        currency: order.currency,
    };
    let base = tx.base_currency()?;
    let rate: Option<Rate> = rates::on(tx, order.currency, payment.received_on)?;
    let worth = rate
        .and_then(|rate| money.convert(base, rate))
        .map(|money| money.minor);
    orders::add_payment(tx, order.id, payment, worth)?;
    tx.settle()?;
    advance(tx, order.id)
}

/// Confirms payments of an order that are pending, or says that they failed: the one with this number, counted from 1 as
/// `order payment list` does, else the only pending one.
///
/// # Errors
///
/// `Invalid` if there is no such payment, or several are pending.
pub fn settle(tx: &WriteTx<'_>, id: Id, number: Option<usize>, has_failed: bool) -> Result<()> {
    let order = get(tx, id)?;
    let payments = orders::payments(tx, id)?;
    let pending: Vec<(usize, &Payment)> = (1..)
        .zip(&payments)
        .filter(|(_, payment)| payment.status == "pending")
        .collect();
    let numbers = || {
        let numbers: Vec<String> = pending.iter().map(|(number, _)| number.to_string()).collect();
        if numbers.is_empty() {
            "none".to_owned()
        } else {
            numbers.join(", ")
        }
    };
    let found = match (number, pending.as_slice()) {
        (None, [(_, payment)]) => Some(*payment),
        (None, _) => None,
        (Some(number), _) => pending
            .iter()
            .find(|(known, _)| *known == number)
            .map(|(_, payment)| *payment),
    };
    let payment = found.ok_or_else(|| {
        let message = format!(
            "payment: say which of the pending payments of order {}: {}",
            reference(tx, id).unwrap_or_default(),
            numbers()
        );
        Error::invalid("payment", message)
    })?;
    let (status, verb) = match has_failed {
        true => ("failed", "Gave up"),
        false => ("confirmed", "Confirmed"),
    };
    orders::set_payment(tx, payment.id, status)?;
    tx.settle()?;
    advance(tx, id)?;
    let what = if payment.is_refund { "refund" } else { "payment" };
    tx.describe(format!(
        "{verb} the {what} of {} for order {}",
        shown(&order, payment.amount),
        label(tx, id)?
    ));
    Ok(())
}

/// An amount above nothing; `all` where none is given.
fn amount(tx: &WriteTx<'_>, order: &Order, given: &Given<'_>, all: i64) -> Result<i64> {
    let minor = match given.amount {
        Some(text) => lines::amount(tx, "amount", &Input::text(text), order.currency)?.unwrap_or(0),
        None => all,
    };
    if minor > 0 {
        return Ok(minor);
    }
    let message = match given.amount {
        Some(text) => format!("amount: {text:?} is not above nothing"),
        None => "amount: there is nothing left; say how much".to_owned(),
    };
    Err(Error::invalid("amount", message))
}

fn payment(
    tx: &WriteTx<'_>,
    order: &Order,
    given: &Given<'_>,
    amount: i64,
    is_refund: bool,
) -> Result<Payment> {
    let method = match given.method {
        Some(text) => typed::word("method", METHODS, text)?,
        None => "bank_transfer",
    };
    let clean = |name: &str, text: Option<&str>| typed::clean(name, text.unwrap_or_default().trim());
    let installment = match given.part {
        None => None,
        Some(number) => {
            let plan = orders::plan(tx, order.id)?;
            let part = number.checked_sub(1).and_then(|at| plan.get(at));
            let Some(part) = part else {
                let message = format!(
                    "part: the plan of order {} has {} parts",
                    reference(tx, order.id)?,
                    plan.len()
                );
                return Err(Error::invalid("part", message));
            };
            Some(part.id)
        }
    };
    Ok(Payment {
        id: order.id,
        installment,
        is_refund,
        status: if given.is_pending { "pending" } else { "confirmed" }.to_owned(),
        received_on: given.on.unwrap_or(tx.caller().clock.today()),
        amount,
        method: method.to_owned(),
        reference: clean("reference", given.reference)?,
        note: clean("note", given.note)?,
    })
}

/// An amount of an order, for people.
pub(super) fn shown(order: &Order, minor: i64) -> String {
    let money = Money {
        minor,
        currency: order.currency,
    };
    money.to_string()
}

/// Moves the lifecycle of the customer on to what paid orders show: the first makes a first customer, the second a repeat
/// customer; never back.
pub(super) fn advance(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    let order = get(tx, id)?;
    let shown = match orders::paid_orders(tx, order.customer)? {
        0 => return Ok(()),
        1 => "first_customer",
        _ => "repeat_customer",
    };
    customer::raise(tx, order.customer, shown)
}

/// The numbered payments of an order.
pub fn list(tx: &ReadTx<'_>, id: Id) -> Result<(Order, Vec<Payment>)> {
    Ok((get(tx, id)?, orders::payments(tx, id)?))
}
