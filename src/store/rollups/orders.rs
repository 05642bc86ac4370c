//! What was ordered, what came in for it, and how it was delivered.

use rusqlite::params_from_iter;
use rusqlite::types::{Value as Sql, ValueRef};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::sale::cover;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::orders::{installments, payments, plan};
use crate::store::rollups::days::days;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Group, Heading, Key};
use crate::store::tx::ReadTx;

/// The figures of one group. Amounts are in the base currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sold {
    /// How many orders were made that bind both sides.
    pub orders: i64,
    /// How many of them have a rate, and so are in the sums.
    pub in_sum: i64,
    /// What they come to, less what was given back.
    pub revenue: i64,
    /// What is still to come of them.
    pub receivable: i64,
    /// How many were delivered whole that had been promised for a day.
    pub promised: i64,
    /// How many of these by that day.
    pub on_time: i64,
    /// How many were sent, at least in part, and how many days after they were confirmed.
    pub sent: i64,
    /// The sum of these days.
    pub days_to_send: i64,
    /// How many shipments left.
    pub shipments: i64,
    /// How many of these went wrong.
    pub exceptions: i64,
    /// How many arrived.
    pub arrived: i64,
    /// The sum of the days that these were on their way.
    pub days_on_way: i64,
    /// What came in the period less what was given back in it, whenever it was ordered.
    pub collected: i64,
    /// What was to be paid in the period by the plans, or by the days of orders without one.
    pub due: i64,
    /// How much of that was paid, whenever that was.
    pub covered: i64,
    /// Payments of the period without a rate, which are in no sum.
    pub money_without_rate: i64,
    /// Orders of the period that were taken back, and count in nothing.
    pub returned: i64,
}

impl Sold {
    /// Adds the figures of another group.
    pub fn add(&mut self, other: &Sold) {
        for (mine, theirs) in [
            (&mut self.orders, other.orders),
            (&mut self.in_sum, other.in_sum),
            (&mut self.revenue, other.revenue),
            (&mut self.receivable, other.receivable),
            (&mut self.promised, other.promised),
            (&mut self.on_time, other.on_time),
            (&mut self.sent, other.sent),
            (&mut self.days_to_send, other.days_to_send),
            (&mut self.shipments, other.shipments),
            (&mut self.exceptions, other.exceptions),
            (&mut self.arrived, other.arrived),
            (&mut self.days_on_way, other.days_on_way),
            (&mut self.collected, other.collected),
            (&mut self.due, other.due),
            (&mut self.covered, other.covered),
            (&mut self.money_without_rate, other.money_without_rate),
            (&mut self.returned, other.returned),
        ] {
            *mine = mine.saturating_add(theirs);
        }
    }
}

/// The statuses of orders that count, as SQL has them.
const COUNTING: &str = "r.status IN ('confirmed', 'processing', 'completed')";

/// The figures of every group, in no order. Orders and deliveries are those of orders that were made in the period; money
/// is that of the period itself, and so are the months by which it is grouped.
pub fn sold(
    tx: &ReadTx<'_>,
    condition: &Condition,
    period: Period,
    group: Group,
) -> Result<Vec<(Key, Heading, Sold)>> {
    let walk = Walk {
        tx,
        condition,
        period,
        group,
    };
    let mut sums = Sums::default();
    walk.orders(&mut sums)?;
    walk.shipments(&mut sums)?;
    walk.payments(&mut sums)?;
    walk.dues(&mut sums)?;
    sums.named(tx, group)
}

struct Walk<'t, 's, 'c> {
    tx: &'t ReadTx<'s>,
    condition: &'c Condition,
    period: Period,
    group: Group,
}

impl Walk<'_, '_, '_> {
    /// The expression that is the key of the group; `day` is the column with the day that a month takes.
    fn key(&self, day: &str) -> String {
        match self.group {
            Group::Owner => "r.owner_id".to_owned(),
            Group::Team => "(SELECT team_id FROM user WHERE id = r.owner_id)".to_owned(),
            Group::Status => "r.status".to_owned(),
            Group::Source => "nullif(r.source, '')".to_owned(),
            Group::Customer => "r.customer_id".to_owned(),
            Group::Month => format!("substr({day}, 1, 7)"),
            Group::Quarter => format!("substr({day}, 1, 4) || '-Q' || ((substr({day}, 6, 2) + 2) / 3)"),
            _ => "NULL".to_owned(),
        }
    }

    /// A statement over the orders that the filter selects, with `join` behind them; `{from, tests}` are more conditions.
    fn statement(&self, columns: &str, join: &str, tests: &str, day: &str) -> Result<(String, Vec<Sql>)> {
        let mut bound = Vec::new();
        let selection = filter::selection(self.tx, Noun::Order, self.condition, &mut bound)?;
        let within = self.within(day, &mut bound);
        let sql = format!(
            "SELECT {}, {columns} FROM {} {join} WHERE {} AND r.deleted_at IS NULL AND {tests}{within}",
            self.key(day),
            selection.from,
            selection.condition,
        );
        Ok((sql, bound))
    }

    /// That a day lies in the period, beginning with ` AND `; empty for all days.
    fn within(&self, day: &str, bound: &mut Vec<Sql>) -> String {
        let mut tests = String::new();
        for (sign, limit) in [(">=", self.period.from), ("<", self.period.to)] {
            if let Some(limit) = limit {
                tests.push_str(&format!(" AND {day} {sign} ?"));
                bound.push(Sql::Text(limit.to_string()));
            }
        }
        tests
    }

    fn orders(&self, sums: &mut Sums<Sold>) -> Result<()> {
        let columns = "r.status = 'returned', r.total_base,
            CASE WHEN r.payment_status IN ('unpaid', 'partially_paid') THEN r.balance_base END,
            (SELECT sum(back.amount_base) FROM payment AS back
             WHERE back.order_id = r.id AND back.type = 'refund' AND back.status = 'confirmed'),
            r.confirmed_on, (SELECT min(gone.shipped_on) FROM shipment AS gone WHERE gone.order_id = r.id),
            CASE r.fulfilment_status WHEN 'delivered' THEN r.promised_on END,
            (SELECT max(there.delivered_on) FROM shipment AS there WHERE there.order_id = r.id)";
        let tests = "r.status IN ('confirmed', 'processing', 'completed', 'returned')";
        let (sql, bound) = self.statement(columns, "", tests, "r.ordered_on")?;
        self.tx.each_row(&sql, params_from_iter(&bound), |row| {
            let sold = sums.at(row.get_ref(0)?, Sold::default)?;
            if row.get(1)? {
                sold.returned += 1;
                return Ok(());
            }
            sold.orders += 1;
            if let Some(total) = row.get::<_, Option<i64>>(2)? {
                let back = row.get::<_, Option<i64>>(4)?.unwrap_or(0);
                sold.in_sum += 1;
                sold.revenue = sold.revenue.saturating_add(total.saturating_sub(back));
                let balance = row.get::<_, Option<i64>>(3)?.unwrap_or(0);
                sold.receivable = sold.receivable.saturating_add(balance);
            }
            let is_known = |at: usize| -> Result<bool> { Ok(row.get_ref(at)? != ValueRef::Null) };
            if is_known(5)? && is_known(6)? {
                sold.sent += 1;
                sold.days_to_send += days(row, 6, 5)?;
            }
            if is_known(7)? && is_known(8)? {
                sold.promised += 1;
                sold.on_time += i64::from(days(row, 8, 7)? <= 0);
            }
            Ok(())
        })
    }

    fn shipments(&self, sums: &mut Sums<Sold>) -> Result<()> {
        let (sql, bound) = self.statement(
            "sent.status = 'exception', sent.shipped_on, sent.delivered_on",
            "JOIN shipment AS sent ON sent.order_id = r.id",
            &format!("{COUNTING} AND sent.shipped_on IS NOT NULL"),
            "r.ordered_on",
        )?;
        self.tx.each_row(&sql, params_from_iter(&bound), |row| {
            let sold = sums.at(row.get_ref(0)?, Sold::default)?;
            sold.shipments += 1;
            sold.exceptions += row.get::<_, i64>(1)?;
            if row.get_ref(3)? != ValueRef::Null {
                sold.arrived += 1;
                sold.days_on_way += days(row, 3, 2)?;
            }
            Ok(())
        })
    }

    fn payments(&self, sums: &mut Sums<Sold>) -> Result<()> {
        let (sql, bound) = self.statement(
            "money.type = 'refund', money.amount_base",
            "JOIN payment AS money ON money.order_id = r.id",
            "money.status = 'confirmed'",
            "money.received_on",
        )?;
        self.tx.each_row(&sql, params_from_iter(&bound), |row| {
            let sold = sums.at(row.get_ref(0)?, Sold::default)?;
            let sign = if row.get(1)? { -1 } else { 1 };
            match row.get::<_, Option<i64>>(2)? {
                Some(amount) => sold.collected = sold.collected.saturating_add(sign * amount),
                None => sold.money_without_rate += 1,
            }
            Ok(())
        })
    }

    /// What was to be paid, part by part of the plans and by the days of orders without one.
    fn dues(&self, sums: &mut Sums<Sold>) -> Result<()> {
        let columns = "r.total, r.paid, r.total_base";
        let tests = |has_plan: bool| {
            let not = if has_plan { "" } else { "NOT " };
            format!(
                "{COUNTING} AND r.total > 0 AND r.total_base IS NOT NULL
                 AND {not}EXISTS (SELECT 1 FROM installment AS any WHERE any.order_id = r.id)"
            )
        };
        let (sql, bound) = self.statement(
            columns,
            "",
            &format!("{} AND r.due_on IS NOT NULL", tests(false)),
            "r.due_on",
        )?;
        self.tx.each_row(&sql, params_from_iter(&bound), |row| {
            let (total, paid, worth): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let sold = sums.at(row.get_ref(0)?, Sold::default)?;
            sold.due = sold.due.saturating_add(worth);
            let covered = share(paid.clamp(0, total), total, worth);
            sold.covered = sold.covered.saturating_add(covered);
            Ok(())
        })?;
        // Which part a payment is for depends on all of them; the parts in the period are told by their ids.
        let (sql, bound) = self.statement(
            &format!("{columns}, r.id, part.id, part.amount"),
            "JOIN installment AS part ON part.order_id = r.id",
            &tests(true),
            "part.due_on",
        )?;
        self.tx.each_row(&sql, params_from_iter(&bound), |row| {
            let (total, paid, worth): (i64, i64, i64) = (row.get(1)?, row.get(2)?, row.get(3)?);
            let (order, part) = (Id::from_raw(row.get(4)?), Id::from_raw(row.get(5)?));
            let covered = covered(self.tx, order, part, paid.clamp(0, total))?;
            let sold = sums.at(row.get_ref(0)?, Sold::default)?;
            sold.due = sold.due.saturating_add(share(row.get(6)?, total, worth));
            sold.covered = sold.covered.saturating_add(share(covered, total, worth));
            Ok(())
        })
    }
}

/// How much of a part of a plan is paid.
fn covered(tx: &ReadTx<'_>, order: Id, part: Id, kept: i64) -> Result<i64> {
    let parts = plan(tx, order)?;
    let covered = cover(kept, &installments(&parts, &payments(tx, order)?));
    let mut all = parts.iter().zip(covered);
    Ok(all
        .find(|(known, _)| known.id == part)
        .map_or(0, |(_, covered)| covered))
}

/// What a part of a whole is worth, where the whole is worth so much.
fn share(part: i64, whole: i64, worth: i64) -> i64 {
    let share = i128::from(part) * i128::from(worth) / i128::from(whole.max(1));
    i64::try_from(share).unwrap_or(worth)
}
