//! How much was done: activities by group and type, and those behind the deals that were won.

use rusqlite::params_from_iter;
use rusqlite::types::{Value as Sql, ValueRef};

use crate::domain::activity::TYPES;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::rollups::statement::Statement;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Deals, Group, Heading, Key};
use crate::store::tx::ReadTx;

/// Numbers of activities, in the order of the types.
pub type ByType = [i64; TYPES.len()];

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// The activities of every group in the period, in no order. Groups are by owner, team, customer, month and quarter.
pub fn by_type(
    tx: &ReadTx<'_>,
    condition: &Condition,
    period: Period,
    group: Group,
) -> Result<Vec<(Key, Heading, ByType)>> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Activity, condition, &mut bound)?;
    let mut tests = vec![chosen.condition, "r.deleted_at IS NULL".to_owned()];
    for (day, day_test, at_test, slack) in [
        (period.from, "r.on_date >= ?", "r.at >= ?", -2),
        (period.to, "r.on_date < ?", "r.at < ?", 2),
    ] {
        let Some(day) = day else { continue };
        tests.push(day_test.to_owned());
        bound.push(Sql::Text(day.to_string()));
        // The day is that of the place where it happened. Wherever that is, its instant is not two days away; and
        // by the instant there is an index.
        tests.push(at_test.to_owned());
        let midnight = super::days::number_of(day) * DAY_MS;
        bound.push(Sql::Integer(midnight + slack * DAY_MS));
    }
    let sql = format!(
        "SELECT {}, r.type FROM {} WHERE {}",
        key_expression(group),
        chosen.from,
        tests.join(" AND ")
    );
    let mut sums: Sums<ByType> = Sums::default();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        let kind = row.get_ref(1)?;
        let counts = sums.at(row.get_ref(0)?, ByType::default)?;
        let at = TYPES
            .iter()
            .position(|known| kind == ValueRef::Text(known.as_bytes()));
        if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
        Ok(())
    })?;
    sums.named(tx, group)
}

fn key_expression(group: Group) -> &'static str {
    match group {
        Group::Owner => "r.owner_id",
        Group::Team => "(SELECT team_id FROM user WHERE id = r.owner_id)",
        Group::Customer => {
            "(SELECT l.customer_id FROM activity_customer AS l WHERE l.activity_id = r.id AND l.role = 'customer')"
        }
        Group::Month => "substr(r.on_date, 1, 7)",
        Group::Quarter => {
            "substr(r.on_date, 1, 5) || 'Q' || ((CAST(substr(r.on_date, 6, 2) AS INTEGER) + 2) / 3)"
        }
        _ => "NULL",
    }
}

/// Deals, and the activities about them that are no mere notes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Behind {
    /// How many deals.
    pub deals: i64,
    /// How many activities.
    pub activities: i64,
}

/// The activities behind the deals of every group, of whatever day, in no order.
pub fn behind(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<Vec<(Key, Heading, Behind)>> {
    let statement = Statement::new(tx, deals, group)?;
    let sql = statement.rows(&[
        "(SELECT count(*) FROM activity AS a WHERE a.deal_id = r.id AND a.type <> 'note' AND a.deleted_at IS NULL)",
    ]);
    let mut sums: Sums<Behind> = Sums::default();
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        let behind = sums.at(row.get_ref(0)?, Behind::default)?;
        behind.deals += 1;
        behind.activities += row.get::<_, i64>(1)?;
        Ok(())
    })?;
    sums.named(tx, group)
}
