//! What is open: the deals of the pipeline, plain and weighted by probability.

use crate::domain::money::Currency;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::cell::money;
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column, groups};
use crate::store::ReadTx;
use crate::store::rollups::{self, Deals, Side, Which};

/// The name.
pub const NAME: &str = "pipeline";

/// The columns. `deals` counts those without an amount too; `no_amount` says how many they are.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("deals", CellKind::Count),
    column("amount", CellKind::Money),
    column("weighted", CellKind::Money),
    column("no_amount", CellKind::Count),
];

const DEFINITION: &str = "open pipeline = sum of the amounts of deals open now; \
    weighted = sum of amount x probability; closed deals never enter";

/// Makes the report; by stage unless asked otherwise. A period keeps the deals that should close in it; months and
/// quarters are those of the expected close.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let condition = request.condition(tx)?;
    let period = request.period.unwrap_or(Period::ALL);
    let by = request.by.unwrap_or(Dimension::Stage);
    let deals = Deals {
        condition: &condition,
        which: Which::Open(period),
    };
    let currency = tx.base_currency()?;
    let groups = groups::read(tx, &deals, by.group())?;
    let names = groups.names(by.group());
    let rows = groups.tallies.iter().map(|tally| {
        let name = names.cell(by.group(), &tally.heading);
        cells(name, groups::side(&tally.sides, 0), currency)
    });
    let mut left_out = groups::without_amount(&groups.totals);
    if period != Period::ALL {
        let undated = Deals {
            which: Which::OpenUndated,
            ..deals
        };
        let undated = rollups::total(tx, &undated)?;
        left_out.push(("no expected close".to_owned(), groups::side(&undated, 0).deals));
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: Some(by),
        columns: COLUMNS,
    };
    let totals = cells(Cell::Null, groups.total(0), currency);
    Ok(frame.report(tx, request, rows.collect(), totals, left_out))
}

fn cells(name: Cell, side: Side, currency: Currency) -> Vec<Cell> {
    vec![
        name,
        Cell::Count(side.deals),
        money(i128::from(side.amount), 1, currency),
        money(side.weighted, 100, currency),
        Cell::Count(side.deals - side.in_sum),
    ]
}
