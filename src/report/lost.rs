//! What was lost, and why.

use crate::domain::money::Currency;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::cell::money;
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column, groups};
use crate::store::ReadTx;
use crate::store::rollups::{Deals, Side, Which};

/// The name.
pub const NAME: &str = "lost";

/// The columns.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("lost", CellKind::Count),
    column("amount", CellKind::Money),
    column("share", CellKind::Ratio),
];

const DEFINITION: &str = "lost deals by the day of the close; share = deals lost here / all deals lost; \
    stages are the last open ones; deals without a reason are shown";

/// Makes the report over deals lost in the period; by reason unless asked otherwise. Months and quarters are those of
/// the close.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let condition = request.condition(tx)?;
    let period = request.period.unwrap_or(Period::ALL);
    let by = request.by.unwrap_or(Dimension::Reason);
    let deals = Deals {
        condition: &condition,
        which: Which::Closed(&[StageType::Lost], period),
    };
    let currency = tx.base_currency()?;
    let groups = groups::read(tx, &deals, by.group())?;
    let names = groups.names(by.group());
    let all = groups.total(0);
    let rows = groups.tallies.iter().map(|tally| {
        let name = names.cell(by.group(), &tally.heading);
        cells(name, &groups::side(&tally.sides, 0), &all, currency)
    });
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: Some(by),
        columns: COLUMNS,
    };
    let totals = cells(Cell::Null, &all, &all, currency);
    let left_out = groups::without_amount(&groups.totals);
    Ok(frame.report(tx, request, rows.collect(), totals, left_out))
}

fn cells(name: Cell, side: &Side, all: &Side, currency: Currency) -> Vec<Cell> {
    vec![
        name,
        Cell::Count(side.deals),
        money(i128::from(side.amount), 1, currency),
        Cell::Ratio(i128::from(side.deals), i128::from(all.deals)),
    ]
}
