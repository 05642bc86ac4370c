//! How many of the decided deals were won.

use crate::domain::money::Currency;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::cell::money;
use crate::report::{Cell, CellKind, Frame, Measure, Report, ReportColumn, Request, column, groups};
use crate::store::ReadTx;
use crate::store::rollups::{Deals, Group, Side, Which};

/// The name.
pub const NAME: &str = "win-rate";

/// The columns.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("won", CellKind::Count),
    column("lost", CellKind::Count),
    column("win_rate", CellKind::Ratio),
    column("won_amount", CellKind::Money),
    column("lost_amount", CellKind::Money),
];

/// Makes the report over deals closed in the period; one row of all unless asked otherwise. Months and quarters are
/// those of the close.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    // Abandoned deals are read only to say how many they are.
    const OUTCOMES: &[StageType] = &[StageType::Won, StageType::Lost, StageType::Abandoned];
    let condition = request.condition(tx)?;
    let period = request.period.unwrap_or(Period::ALL);
    let group = request.by.map_or(Group::All, |by| by.group());
    let deals = Deals {
        condition: &condition,
        which: Which::Closed(OUTCOMES, period),
    };
    let currency = tx.base_currency()?;
    let groups = groups::read(tx, &deals, group)?;
    let names = groups.names(group);
    let decided = |sides: &[Side]| (groups::side(sides, 0), groups::side(sides, 1));
    let rows = groups.tallies.iter().filter_map(|tally| {
        let (won, lost) = decided(&tally.sides);
        let name = names.cell(group, &tally.heading);
        (won.deals + lost.deals > 0).then(|| cells(name, &won, &lost, request.measure, currency))
    });
    let (won, lost) = decided(&groups.totals);
    let mut left_out = groups::without_amount(&[won, lost]);
    left_out.push(("abandoned".to_owned(), groups.total(2).deals));
    let frame = Frame {
        name: NAME,
        definition: match request.measure {
            Measure::Count => {
                "win rate = deals won / (deals won + deals lost), by the day of the close; \
                 open and abandoned deals do not count"
            }
            Measure::Value => {
                "win rate = amount won / (amount won + amount lost), by the day of the close; \
                 open and abandoned deals do not count"
            }
        },
        period,
        by: request.by,
        columns: COLUMNS,
    };
    let totals = cells(Cell::Null, &won, &lost, request.measure, currency);
    Ok(frame.report(tx, request, rows.collect(), totals, left_out))
}

fn cells(name: Cell, won: &Side, lost: &Side, measure: Measure, currency: Currency) -> Vec<Cell> {
    let (part, rest) = match measure {
        Measure::Count => (won.deals, lost.deals),
        Measure::Value => (won.amount, lost.amount),
    };
    vec![
        name,
        Cell::Count(won.deals),
        Cell::Count(lost.deals),
        rate(part, rest),
        money(i128::from(won.amount), 1, currency),
        money(i128::from(lost.amount), 1, currency),
    ]
}

/// `won / (won + lost)`.
pub(super) fn rate(won: i64, lost: i64) -> Cell {
    Cell::Ratio(i128::from(won), i128::from(won) + i128::from(lost))
}
