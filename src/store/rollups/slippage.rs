//! Deals whose expected close moved, from the history of that day.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::params_from_iter;
use rusqlite::types::{Value as Sql, ValueRef};

use crate::domain::id::Id;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::rollups::days::{day, number, number_of};
use crate::store::rollups::statement::Statement;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Deals, Group, Heading, Key, Side, Which};
use crate::store::tx::ReadTx;

/// A stretch of whole days with the instants at which it begins and ends, in milliseconds since 1970; half open.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The first day.
    pub from: Date,
    /// The day after the last one.
    pub to: Date,
    /// The instant at which it begins.
    pub from_ms: i64,
    /// The instant at which it ends.
    pub to_ms: i64,
}

/// What became of the deals of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Slips {
    /// Those that were open at the beginning and should have closed in the span.
    pub expected: Side,
    /// Those that were moved out of the span, to a later day.
    pub slipped: Side,
    /// How many of these were expected at the beginning.
    pub slipped_of_expected: i64,
    /// How often the day of one that slipped was moved to a later one.
    pub pushes: i64,
    /// Those that slipped.
    pub ids: Vec<Id>,
}

/// The slips of every group, in no order.
pub fn slips(
    tx: &ReadTx<'_>,
    condition: &Condition,
    span: Span,
    group: Group,
) -> Result<Vec<(Key, Heading, Slips)>> {
    let histories = histories(tx)?;
    let deals = Deals {
        condition,
        which: Which::ExpectedOnce(span.from, span.to),
    };
    let statement = Statement::new(tx, &deals, group)?;
    let sql = statement.rows(&[
        "r.id",
        "r.amount_base",
        "r.amount IS NOT NULL",
        "r.opened_on",
        "r.closed_on",
        "r.expected_close_on",
    ]);
    let (from, to) = (number_of(span.from), number_of(span.to));
    let mut sums: Sums<Slips> = Sums::default();
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        let id: i64 = row.get(1)?;
        let closed = day_or_none(row.get_ref(5)?);
        let now = History {
            stays: vec![Stay {
                day: day_or_none(row.get_ref(6)?),
                started_at: i64::MIN,
            }],
        };
        let history = histories.get(&id).unwrap_or(&now);
        let was_open = day(row, 4)? < from && closed.is_none_or(|closed| closed >= from);
        let within = |day: Option<i64>| day.is_some_and(|day| (from..to).contains(&day));
        let is_expected = was_open && within(history.at(span.from_ms));
        let pushes = history.pushes(span, from..to);
        if !is_expected && pushes.is_none() {
            return Ok(());
        }
        let amount = match row.get_ref(2)? {
            ValueRef::Integer(amount) => Some(amount),
            _ => None,
        };
        let one = Side {
            deals: 1,
            with_amount: row.get(3)?,
            in_sum: i64::from(amount.is_some()),
            amount: amount.unwrap_or(0),
            ..Side::default()
        };
        let slips = sums.at(row.get_ref(0)?, Slips::default)?;
        if is_expected {
            slips.expected.add(&one);
        }
        if let Some(pushes) = pushes {
            slips.slipped.add(&one);
            slips.slipped_of_expected += i64::from(is_expected);
            slips.pushes += pushes;
            slips.ids.push(Id::from_raw(id));
        }
        Ok(())
    })?;
    sums.named(tx, group)
}

fn day_or_none(value: ValueRef<'_>) -> Option<i64> {
    match value {
        ValueRef::Text(text) => number(text),
        _ => None,
    }
}

/// From when on a day was expected; none for no day.
#[derive(Debug, Clone, Copy)]
struct Stay {
    day: Option<i64>,
    started_at: i64,
}

/// The days that were expected, oldest first.
#[derive(Debug, Clone, Default)]
struct History {
    stays: Vec<Stay>,
}

impl History {
    /// The day that was expected at an instant; before the first that is known, that one.
    fn at(&self, instant: i64) -> Option<i64> {
        let begun = self.stays.iter().rev().find(|stay| stay.started_at <= instant);
        begun.or(self.stays.first())?.day
    }

    /// How often the day was moved to a later one within the span; none unless the deal left the days of the span
    /// for later ones, and was there at the end.
    fn pushes(&self, span: Span, days: std::ops::Range<i64>) -> Option<i64> {
        let mut pushes = 0;
        let mut left = false;
        for pair in self.stays.windows(2) {
            let [before, after] = pair else { continue };
            let (Some(old), Some(new)) = (before.day, after.day) else {
                continue;
            };
            if new > old && (span.from_ms..span.to_ms).contains(&after.started_at) {
                pushes += 1;
                left |= days.contains(&old) && new >= days.end;
            }
        }
        let is_later = self.at(span.to_ms - 1).is_some_and(|day| day >= days.end);
        (left && is_later).then_some(pushes)
    }
}

/// The history of every deal whose expected close was ever changed.
fn histories(tx: &ReadTx<'_>) -> Result<HashMap<i64, History>> {
    let mut found: HashMap<i64, History> = HashMap::new();
    tx.each_row(
        "SELECT record_id, value, started_at FROM value_interval WHERE attribute = 'expected_close'
         ORDER BY record_id, id",
        [],
        |row| {
            let value: Sql = row.get(1)?;
            let history = found.entry(row.get(0)?).or_default();
            history.stays.push(Stay {
                day: match &value {
                    Sql::Text(text) => number(text.as_bytes()),
                    _ => None,
                },
                started_at: row.get(2)?,
            });
            Ok(())
        },
    )?;
    Ok(found)
}
