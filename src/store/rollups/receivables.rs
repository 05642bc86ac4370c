//! What customers still owe, order by order and part by part.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::params_from_iter;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::sale::cover;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::orders::{installments, payments, plan};
use crate::store::rollups::days::number_of;
use crate::store::rollups::{Heading, Key};
use crate::store::tx::ReadTx;
use crate::store::{filter, keep};

/// By what receivables are gathered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Debtor {
    /// Who owes.
    Customer,
    /// Who looks after the order.
    Owner,
}

/// How many buckets there are: what is not late, and four of what is.
pub const BUCKETS: usize = 5;

/// The last day of every bucket of what is late but the last one, which has no end.
pub const LIMITS: [i64; 3] = [30, 60, 90];

/// What is owed to one group, in the base currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owed {
    /// How many orders are not paid.
    pub orders: i64,
    /// How many of them have no rate to the base currency, and are in no sum.
    pub without_rate: i64,
    /// By how late it is.
    pub ages: [i64; BUCKETS],
}

impl Owed {
    /// Adds what is owed to another group.
    pub fn add(&mut self, other: &Owed) {
        self.orders += other.orders;
        self.without_rate += other.without_rate;
        for (mine, theirs) in self.ages.iter_mut().zip(other.ages) {
            *mine = mine.saturating_add(theirs);
        }
    }
}

/// An order that is not paid.
struct Open {
    id: Id,
    total: i64,
    paid: i64,
    balance: i64,
    in_base: Option<i64>,
    due_on: Option<Date>,
    has_plan: bool,
}

/// What is owed of the orders that are bound and not paid, by groups in no order. A part that is due `today` is not late.
pub fn receivables(
    tx: &ReadTx<'_>,
    condition: &Condition,
    by: Debtor,
    today: Date,
) -> Result<Vec<(Key, Heading, Owed)>> {
    let mut bound = Vec::new();
    let selection = filter::selection(tx, Noun::Order, condition, &mut bound)?;
    let (key, name, no, join) = match by {
        Debtor::Customer => (
            "r.customer_id",
            "d.name",
            "d.no",
            "customer AS d ON d.id = r.customer_id",
        ),
        Debtor::Owner => ("r.owner_id", "d.name", "0", "user AS d ON d.id = r.owner_id"),
    };
    let sql = format!(
        "SELECT {key}, {name}, {no}, r.id, r.total, r.paid, r.balance, r.balance_base, r.due_on,
                EXISTS (SELECT 1 FROM installment AS i WHERE i.order_id = r.id)
         FROM {} LEFT JOIN {join}
         WHERE {} AND r.deleted_at IS NULL AND r.status IN ('confirmed', 'processing', 'completed')
           AND r.payment_status IN ('unpaid', 'partially_paid')",
        selection.from, selection.condition
    );
    let mut found: HashMap<Key, (Heading, Owed)> = HashMap::new();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        let raw: Option<i64> = row.get(0)?;
        let key = raw.map_or(Key::None, Key::Record);
        let heading = Heading {
            place: 0,
            name: row.get(1)?,
            no: row.get::<_, Option<i64>>(2)?.unwrap_or(0),
        };
        let due_on: Option<String> = row.get(8)?;
        let open = Open {
            id: Id::from_raw(row.get(3)?),
            total: row.get(4)?,
            paid: row.get(5)?,
            balance: row.get(6)?,
            in_base: row.get(7)?,
            due_on: due_on.as_deref().map(keep::date).transpose()?,
            has_plan: row.get(9)?,
        };
        let owed = owed(tx, &open, today)?;
        found
            .entry(key)
            .or_insert_with(|| (heading, Owed::default()))
            .1
            .add(&owed);
        Ok(())
    })?;
    let found = found
        .into_iter()
        .map(|(key, (heading, owed))| (key, heading, owed));
    Ok(found.collect())
}

/// What is owed of one order, by how late it is.
fn owed(tx: &ReadTx<'_>, open: &Open, today: Date) -> Result<Owed> {
    let mut owed = Owed {
        orders: 1,
        ..Owed::default()
    };
    let Some(in_base) = open.in_base else {
        owed.without_rate = 1;
        return Ok(owed);
    };
    let mut left = in_base;
    let mut put = |age: usize, amount: i64| {
        if let Some(bucket) = owed.ages.get_mut(age) {
            *bucket = bucket.saturating_add(amount);
        }
    };
    let parts = match open.has_plan {
        true => unpaid(tx, open)?,
        false => vec![(open.due_on, open.balance)],
    };
    for (due_on, amount) in parts {
        let share = i128::from(in_base) * i128::from(amount) / i128::from(open.balance.max(1));
        let share = i64::try_from(share).unwrap_or(left).min(left);
        left -= share;
        put(bucket(due_on, today), share);
    }
    // What rounding leaves, and what no part of the plan asks for, is not late.
    put(0, left);
    Ok(owed)
}

/// What is still to come of each part of a plan.
fn unpaid(tx: &ReadTx<'_>, open: &Open) -> Result<Vec<(Option<Date>, i64)>> {
    let parts = installments(&plan(tx, open.id)?, &payments(tx, open.id)?);
    let covered = cover(open.paid.min(open.total), &parts);
    let left = parts.iter().zip(covered);
    Ok(left
        .map(|(part, covered)| (part.due_on, part.amount - covered))
        .collect())
}

/// The bucket of what was due on a day.
fn bucket(due_on: Option<Date>, today: Date) -> usize {
    let late = due_on.map_or(0, |due_on| number_of(today) - number_of(due_on));
    match late {
        ..=0 => 0,
        late => {
            1 + LIMITS
                .iter()
                .position(|limit| late <= *limit)
                .unwrap_or(LIMITS.len())
        }
    }
}
