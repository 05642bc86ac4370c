//! How old open deals are, in their stage and in all, by buckets.

use jiff::civil::Date;
use rusqlite::params_from_iter;
use rusqlite::types::ValueRef;

use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::rollups::days::{day, number_of};
use crate::store::rollups::statement::Statement;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Deals, Group, Heading, Key, Side, Which};
use crate::store::tx::ReadTx;

/// The last day of every bucket but the last one, which has no end.
pub const LIMITS: [i64; 5] = [7, 14, 30, 60, 90];

/// How many buckets there are.
pub const BUCKETS: usize = LIMITS.len() + 1;

/// The open deals of one group by their age; the days of a side are the sum of the ages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ages {
    /// By the days since they came into their stage.
    pub in_stage: [Side; BUCKETS],
    /// By the days since they were opened.
    pub in_all: [Side; BUCKETS],
}

/// The ages of the deals of every group that are open now and should close in the period, in no order.
pub fn ages(
    tx: &ReadTx<'_>,
    condition: &Condition,
    period: Period,
    today: Date,
    group: Group,
) -> Result<Vec<(Key, Heading, Ages)>> {
    let deals = Deals {
        condition,
        which: Which::Open(period),
    };
    let today = number_of(today);
    let statement = Statement::new(tx, &deals, group)?;
    let sql = statement.rows(&[
        "r.amount_base",
        "r.amount IS NOT NULL",
        "r.stage_entered_on",
        "r.opened_on",
    ]);
    let mut sums: Sums<Ages> = Sums::default();
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        let amount = match row.get_ref(1)? {
            ValueRef::Integer(amount) => Some(amount),
            _ => None,
        };
        let one = Side {
            deals: 1,
            with_amount: row.get(2)?,
            in_sum: i64::from(amount.is_some()),
            amount: amount.unwrap_or(0),
            ..Side::default()
        };
        let ages = sums.at(row.get_ref(0)?, Ages::default)?;
        for (buckets, age) in [
            (&mut ages.in_stage, today - day(row, 3)?),
            (&mut ages.in_all, today - day(row, 4)?),
        ] {
            if let Some(side) = buckets.get_mut(bucket(age)) {
                side.add(&Side { days: age, ..one });
            }
        }
        Ok(())
    })?;
    sums.named(tx, group)
}

/// The bucket of an age in days; what begins in the future has no age yet.
fn bucket(age: i64) -> usize {
    LIMITS
        .iter()
        .position(|limit| age <= *limit)
        .unwrap_or(LIMITS.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_include_their_last_day() {
        for (age, expected) in [
            (-3, 0),
            (0, 0),
            (7, 0),
            (8, 1),
            (14, 1),
            (15, 2),
            (30, 2),
            (31, 3),
            (60, 3),
            (61, 4),
            (90, 4),
            (91, 5),
            (4_000, 5),
        ] {
            assert_eq!(bucket(age), expected, "{age}");
        }
    }
}
