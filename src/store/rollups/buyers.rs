//! Who bought: customers by the deals that were won with them.

use std::collections::HashMap;

use rusqlite::params_from_iter;

use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::rollups::days::{day, number_of};
use crate::store::rollups::statement::Statement;
use crate::store::rollups::{Deals, Group, Which};
use crate::store::tx::ReadTx;

/// Numbers of customers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Buyers {
    /// With a deal won in the period.
    pub active: i64,
    /// With the first deal ever won in the period.
    pub first: i64,
}

/// The customers who bought in the period.
pub fn buyers(tx: &ReadTx<'_>, condition: &Condition, period: Period) -> Result<Buyers> {
    let up_to = Period { from: None, ..period };
    let deals = Deals {
        condition,
        which: Which::Closed(&[StageType::Won], up_to),
    };
    let statement = Statement::new(tx, &deals, Group::Customer)?;
    let sql = statement.rows(&["r.closed_on"]);
    let mut found: HashMap<i64, (i64, i64)> = HashMap::new();
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        if let Some(customer) = row.get::<_, Option<i64>>(0)? {
            let on = day(row, 1)?;
            let (first, last) = found.entry(customer).or_insert((on, on));
            *first = (*first).min(on);
            *last = (*last).max(on);
        }
        Ok(())
    })?;
    let from = period.from.map_or(i64::MIN, number_of);
    let mut buyers = Buyers::default();
    for (first, last) in found.into_values() {
        buyers.first += i64::from(first >= from);
        buyers.active += i64::from(last >= from);
    }
    Ok(buyers)
}
