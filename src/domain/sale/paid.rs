//! How far an order is paid, by which instalments, and how late.

use jiff::ToSpan;
use jiff::civil::Date;

/// A part of an order that is due on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Installment {
    /// When it is due; none if nobody said.
    pub due_on: Option<Date>,
    /// How much.
    pub amount: i64,
    /// What was paid for this very part.
    pub paid: i64,
    /// How many days before one is to be reminded of it.
    pub remind_days: i32,
}

/// How many days before it is due one is reminded of a part of which nobody said.
pub const REMIND_DAYS: i32 = 3;

/// The most days before: so what a reminder speaks of is found among the days just before today.
pub const MOST_REMIND_DAYS: i32 = 90;

impl Installment {
    /// The day from which one is to be reminded of it; none without a day on which it is due.
    fn remind_on(&self) -> Option<Date> {
        let days = self.remind_days.clamp(0, MOST_REMIND_DAYS);
        let due_on = self.due_on?;
        Some(due_on.checked_sub(days.days()).unwrap_or(due_on))
    }
}

/// How an order is paid. Whether it is overdue depends on the day and is asked of [`Paid::overdue_on`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentStatus {
    /// Nothing came.
    Unpaid,
    /// A part came.
    PartiallyPaid,
    /// All came.
    Paid,
    /// More came.
    Overpaid,
    /// All that came went back.
    Refunded,
    /// A part went back.
    PartiallyRefunded,
}

impl PaymentStatus {
    /// All of them.
    pub const ALL: [PaymentStatus; 6] = [
        PaymentStatus::Unpaid,
        PaymentStatus::PartiallyPaid,
        PaymentStatus::Paid,
        PaymentStatus::Overpaid,
        PaymentStatus::Refunded,
        PaymentStatus::PartiallyRefunded,
    ];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            PaymentStatus::Unpaid => "unpaid",
            PaymentStatus::PartiallyPaid => "partially_paid",
            PaymentStatus::Paid => "paid",
            PaymentStatus::Overpaid => "overpaid",
            PaymentStatus::Refunded => "refunded",
            PaymentStatus::PartiallyRefunded => "partially_refunded",
        }
    }
}

/// How far an order is paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paid {
    /// The state.
    pub status: PaymentStatus,
    /// What is still to come; negative if too much came.
    pub balance: i64,
    /// The day on which the first unpaid instalment is due; it is overdue from the next day on. None if nothing with a
    /// day is unpaid.
    pub overdue_on: Option<Date>,
    /// The day from which one is to be reminded of that instalment.
    pub remind_on: Option<Date>,
}

/// How far an order of `total` is paid, when `received` came and `refunded` went back. Without instalments the whole is
/// due on the day of one that says so.
pub fn paid(total: i64, received: i64, refunded: i64, installments: &[Installment]) -> Paid {
    let kept = received.saturating_sub(refunded);
    let status = if refunded > 0 {
        if kept <= 0 {
            PaymentStatus::Refunded
        } else {
            PaymentStatus::PartiallyRefunded
        }
    } else if kept > total {
        PaymentStatus::Overpaid
    } else if kept == total {
        PaymentStatus::Paid
    } else if kept <= 0 {
        PaymentStatus::Unpaid
    } else {
        PaymentStatus::PartiallyPaid
    };
    let balance = total.saturating_sub(kept);
    let first = installments
        .iter()
        .zip(cover(kept, installments))
        .filter(|(part, covered)| *covered < part.amount && part.due_on.is_some())
        .map(|(part, _)| part)
        .min_by_key(|part| (part.due_on, part.remind_on()))
        // What went back because the customer does not want it any more is not asked for again.
        .filter(|_| balance > 0 && refunded == 0);
    Paid {
        status,
        balance,
        overdue_on: first.and_then(|part| part.due_on),
        remind_on: first.and_then(Installment::remind_on),
    }
}

/// How much of each instalment is paid when `kept` was kept: what was paid for one of them, and the rest from the one
/// that is due first.
pub fn cover(kept: i64, installments: &[Installment]) -> Vec<i64> {
    let mut left = kept.max(0);
    let mut covered: Vec<i64> = installments
        .iter()
        .map(|part| {
            let own = part.paid.clamp(0, part.amount.max(0)).min(left);
            left -= own;
            own
        })
        .collect();
    let mut order: Vec<usize> = (0..installments.len()).collect();
    order.sort_by_key(|at| {
        let due = installments.get(*at).and_then(|part| part.due_on);
        (due.is_none(), due, *at)
    });
    for at in order {
        if let (Some(part), Some(covered)) = (installments.get(at), covered.get_mut(at)) {
            let more = part.amount.saturating_sub(*covered).max(0).min(left);
            *covered += more;
            left -= more;
        }
    }
    covered
}

/// How late something is that was due: the usual columns of a list of receivables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Not due before today is over, or on no day.
    Current,
    /// 1 to 30 days late.
    To30,
    /// 31 to 60.
    To60,
    /// 61 to 90.
    To90,
    /// More.
    Over90,
}

impl Age {
    /// All of them.
    pub const ALL: [Age; 5] = [Age::Current, Age::To30, Age::To60, Age::To90, Age::Over90];

    /// The word.
    pub fn name(self) -> &'static str {
        match self {
            Age::Current => "current",
            Age::To30 => "1-30",
            Age::To60 => "31-60",
            Age::To90 => "61-90",
            Age::Over90 => "over 90",
        }
    }
}

/// How late something is on `today` that was due on `due_on`.
pub fn age(due_on: Option<Date>, today: Date) -> Age {
    let late = due_on
        .and_then(|due| due.until(today).ok())
        .map_or(0, |span| span.get_days());
    match late {
        ..=0 => Age::Current,
        1..=30 => Age::To30,
        31..=60 => Age::To60,
        61..=90 => Age::To90,
        _ => Age::Over90,
    }
}
