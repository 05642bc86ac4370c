//! The plan of an order: in which parts it is to be paid, and when.

use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::sale::{self, MOST_REMIND_DAYS, REMIND_DAYS, notation};
use crate::domain::when::{Leaning, instant, read};
use crate::error::{Error, Result};
use crate::ops::order::{get, label, pay};
use crate::ops::sale::lines;
use crate::store::orders::{self, NewPart, Order, Part};
use crate::store::{ReadTx, WriteTx};

/// The most parts of a plan.
const MOST: usize = 400;

/// Makes a plan for an order of parts as people write them, `AMOUNT@DAY`: `300@2026-05-01`, `30%@tomorrow`, `rest@+30d`.
/// No part at all takes the plan away. One is reminded of each so many days before; without a number, as many as of the
/// part at its place until now, or three.
///
/// # Errors
///
/// `Invalid` for what is no part, parts that do not come to the whole, or more than 90 days.
pub fn set(tx: &WriteTx<'_>, id: Id, texts: &[String], remind_days: Option<i32>) -> Result<bool> {
    tx.settle()?;
    let order = get(tx, id)?;
    if texts.len() > MOST {
        return Err(Error::invalid("plan", format!("plan: at most {MOST} parts")));
    }
    if remind_days.is_some_and(|days| !(0..=MOST_REMIND_DAYS).contains(&days)) {
        let message = format!("remind: between 0 and {MOST_REMIND_DAYS} days before a part is due");
        return Err(Error::invalid("remind", message));
    }
    let before = orders::plan(tx, id)?;
    let mut parts: Vec<NewPart> = Vec::with_capacity(texts.len());
    let sum = |parts: &[NewPart]| {
        parts
            .iter()
            .fold(0_i64, |sum, part| sum.saturating_add(part.amount))
    };
    for (at, text) in texts.iter().enumerate() {
        let (due_on, amount) = part(tx, &order, text, sum(&parts))?;
        let known = before.get(at).map(|part| part.remind_days);
        parts.push(NewPart {
            due_on,
            amount,
            note: String::new(),
            remind_days: remind_days.or(known).unwrap_or(REMIND_DAYS),
        });
    }
    let whole = sum(&parts);
    if !parts.is_empty() && whole != order.total {
        let message = format!(
            "plan: the parts come to {}, the order to {}; `rest@DAY` is what remains",
            pay::shown(&order, whole),
            pay::shown(&order, order.total)
        );
        return Err(Error::invalid("plan", message));
    }
    let changed = orders::set_plan(tx, id, &parts)?;
    let verb = if parts.is_empty() {
        "Dropped the plan of"
    } else {
        "Planned the payments of"
    };
    tx.describe(format!("{verb} order {}", label(tx, id)?));
    Ok(changed)
}

fn part(tx: &WriteTx<'_>, order: &Order, text: &str, known: i64) -> Result<(Date, i64)> {
    let refuse = |why: &str| Error::invalid("plan", format!("plan: {text:?} {why}"));
    let usual = "is no part; write 300@2026-05-01, 30%@tomorrow or rest@+30d";
    let (amount, day) = text.split_once(['@', '＠']).ok_or_else(|| refuse(usual))?;
    let amount = amount.trim();
    let minor = if matches!(amount, "rest" | "剩余") {
        order.total.saturating_sub(known)
    } else if amount.ends_with(['%', '％']) {
        let rate = notation::percent(amount).ok_or_else(|| refuse(usual))?;
        sale::share(order.total, rate).ok_or_else(|| refuse(usual))?
    } else {
        lines::amount(tx, "plan", &Input::text(amount), order.currency)?.unwrap_or(0)
    };
    if minor <= 0 {
        return Err(refuse("is not above nothing"));
    }
    let when =
        read(day.trim(), &tx.caller().reading(Leaning::Future)).map_err(|error| error.on_field("plan"))?;
    let day = instant::first_day(when).ok_or_else(|| refuse(usual))?;
    Ok((day, minor))
}

/// A part of a plan, and how far it is paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// The part.
    pub part: Part,
    /// What was paid of it.
    pub paid: i64,
    /// pending, partial, done or overdue.
    pub status: &'static str,
}

/// The plan of an order, with how far each part is paid. Without one, the whole is due on the day of the order.
pub fn list(tx: &ReadTx<'_>, id: Id) -> Result<(Order, Vec<Due>)> {
    let order = get(tx, id)?;
    let mut plan = orders::plan(tx, id)?;
    if plan.is_empty() {
        plan.extend(order.due_on.map(|due_on| Part {
            id,
            due_on,
            amount: order.total,
            note: String::new(),
            remind_days: REMIND_DAYS,
        }));
    }
    let parts = orders::installments(&plan, &orders::payments(tx, id)?);
    let covered = sale::cover(order.paid, &parts);
    let today = tx.caller().clock.today();
    let due = plan.into_iter().zip(covered).map(|(part, paid)| Due {
        status: match paid {
            paid if paid >= part.amount => "done",
            _ if part.due_on < today => "overdue",
            0 => "pending",
            _ => "partial",
        },
        part,
        paid,
    });
    let due = due.collect();
    Ok((order, due))
}
