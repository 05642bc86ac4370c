//! Deals that should have closed in a period and were put off to a later one.

use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::{Error, Result};
use crate::report::behind::Row;
use crate::report::cell::{money, ratio};
use crate::report::drill::Drill;
use crate::report::groups::{self, Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::slippage::{self, Slips, Span};
use crate::store::rollups::{Group, Heading, Key};

/// The name.
pub const NAME: &str = "slippage";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[
    Dimension::Owner,
    Dimension::Team,
    Dimension::Pipeline,
    Dimension::Stage,
    Dimension::Source,
    Dimension::Customer,
];

/// The columns. `pushes` counts how often the day of those that slipped was moved to a later one.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("expected", CellKind::Count),
    column("expected_amount", CellKind::Money),
    column("slipped", CellKind::Count),
    column("amount", CellKind::Money),
    column("pushes", CellKind::Count),
    column("slip_rate", CellKind::Ratio),
];

const DEFINITION: &str = "slipped = deals whose expected close was moved during the period from a day in it to a later \
    period; expected = deals open at its start and expected in it; slip rate = those of the expected that slipped / \
    expected; pushes = moves of slipped deals to a later day";

/// Makes the report; for this quarter and as one row of all unless asked otherwise.
///
/// # Errors
///
/// `Usage` for a period that has no beginning or no end.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, BY)?;
    let group = by.map_or(Group::All, Dimension::group);
    let currency = tx.base_currency()?;
    let (period, found) = slips(tx, request, group)?;
    let mut lines: Lines<Slips> = Lines::new();
    for (key, heading, slips) in found {
        *lines.at(&key, &heading) = slips;
    }
    let lines = lines.sorted(group, |slips| slips.slipped.deals);
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Slips::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, slips) in &lines {
        rows.push(cells(names.cell(group, heading), slips, currency));
        all.expected.add(&slips.expected);
        all.slipped.add(&slips.slipped);
        all.slipped_of_expected += slips.slipped_of_expected;
        all.pushes += slips.pushes;
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by,
        columns: COLUMNS,
    };
    let left_out = groups::without_amount(&[all.slipped]);
    let totals = cells(Cell::Null, &all, currency);
    Ok(frame.report(tx, request, rows, totals, left_out))
}

/// The deals that slipped.
pub(super) fn records(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let (_, found) = slips(tx, request, Group::All)?;
    let mut ids: Vec<_> = found.into_iter().flat_map(|(_, _, slips)| slips.ids).collect();
    ids.sort_unstable();
    Ok(Drill::Records(Noun::Deal, ids))
}

/// The deals of one row that slipped.
pub(super) fn records_of(tx: &ReadTx<'_>, request: &Request, row: &Row) -> Result<Drill> {
    let group = row.by.map_or(Group::All, Dimension::group);
    let (_, found) = slips(tx, request, group)?;
    let names = Names::of(group, found.iter().map(|(_, heading, _)| heading));
    let own = found
        .iter()
        .filter(|(_, heading, _)| row.cells.first() == Some(&names.cell(group, heading)));
    let mut ids: Vec<_> = own.flat_map(|(_, _, slips)| slips.ids.iter().copied()).collect();
    ids.sort_unstable();
    Ok(Drill::Records(Noun::Deal, ids))
}

/// The groups of one report.
type Found = Vec<(Key, Heading, Slips)>;

fn slips(tx: &ReadTx<'_>, request: &Request, group: Group) -> Result<(Period, Found)> {
    let caller = tx.caller();
    let period = super::period::or_phrase(caller, request.period, "this-quarter")?;
    let (from_ms, to_ms) = super::period::instants(caller, period);
    let (Some(from), Some(to), Some(from_ms), Some(to_ms)) = (period.from, period.to, from_ms, to_ms) else {
        return Err(Error::usage(
            "deals slip out of a period that has a beginning and an end",
        ));
    };
    let span = Span {
        from,
        to,
        from_ms,
        to_ms,
    };
    let condition = request.condition(tx)?;
    Ok((period, slippage::slips(tx, &condition, span, group)?))
}

fn cells(name: Cell, slips: &Slips, currency: Currency) -> Vec<Cell> {
    vec![
        name,
        Cell::Count(slips.expected.deals),
        money(i128::from(slips.expected.amount), 1, currency),
        Cell::Count(slips.slipped.deals),
        money(i128::from(slips.slipped.amount), 1, currency),
        Cell::Count(slips.pushes),
        ratio(slips.slipped_of_expected, slips.expected.deals),
    ]
}
