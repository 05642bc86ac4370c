//! What was won: how much, how large, how long it took.

use std::collections::HashMap;

use crate::domain::money::Currency;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::cell::{mean_days, median_days, median_money, money};
use crate::report::{Cell, CellKind, Frame, Report, ReportColumn, Request, column, groups};
use crate::store::ReadTx;
use crate::store::rollups::{self, Deals, Group, Key, Sample, Side, Which};

/// The name.
pub const NAME: &str = "won";

/// The columns. Average and median are over deals that have an amount; cycles are in days.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("won", CellKind::Count),
    column("amount", CellKind::Money),
    column("average", CellKind::Money),
    column("median", CellKind::Money),
    column("cycle_mean", CellKind::Days),
    column("cycle_median", CellKind::Days),
];

const DEFINITION: &str = "closed won = sum of the amounts of won deals, by the day of the close; \
    average and median over deals with an amount; cycle = days from opening to close";

/// Makes the report over deals won in the period; one row of all unless asked otherwise. Months and quarters are those
/// of the close.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let condition = request.condition(tx)?;
    let period = request.period.unwrap_or(Period::ALL);
    let group = request.by.map_or(Group::All, |by| by.group());
    let deals = Deals {
        condition: &condition,
        which: Which::Closed(&[StageType::Won], period),
    };
    let currency = tx.base_currency()?;
    let groups = groups::read(tx, &deals, group)?;
    let names = groups.names(group);
    let mut samples = rollups::samples(tx, &deals, group)?;
    let mut all = if group.is_many() {
        rollups::samples(tx, &deals, Group::All)?
            .remove(&Key::None)
            .unwrap_or_default()
    } else {
        gathered(&samples)
    };
    let mut rows = Vec::with_capacity(groups.tallies.len());
    for tally in &groups.tallies {
        let name = names.cell(group, &tally.heading);
        let mut sample = samples.remove(&tally.key).unwrap_or_default();
        rows.push(cells(name, &groups::side(&tally.sides, 0), &mut sample, currency));
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: request.by,
        columns: COLUMNS,
    };
    let totals = cells(Cell::Null, &groups.total(0), &mut all, currency);
    let left_out = groups::without_amount(&groups.totals);
    Ok(frame.report(tx, request, rows, totals, left_out))
}

/// The deals of all groups.
fn gathered(samples: &HashMap<Key, Sample>) -> Sample {
    let mut all = Sample::default();
    for sample in samples.values() {
        all.amounts.extend(&sample.amounts);
        all.days.extend(&sample.days);
    }
    all
}

fn cells(name: Cell, side: &Side, sample: &mut Sample, currency: Currency) -> Vec<Cell> {
    vec![
        name,
        Cell::Count(side.deals),
        money(i128::from(side.amount), 1, currency),
        money(i128::from(side.amount), i128::from(side.in_sum), currency),
        median_money(&mut sample.amounts, currency),
        mean_days(side.days, side.deals),
        median_days(&mut sample.days),
    ]
}
