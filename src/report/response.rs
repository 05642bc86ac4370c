//! How soon customers hear from us.

use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::behind::Row;
use crate::report::cell::{median_seconds, ratio};
use crate::report::drill::Drill;
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::Group;
use crate::store::rollups::response::{self, Waits};

/// The name.
pub const NAME: &str = "lead-response";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[Dimension::Owner, Dimension::Team, Dimension::Source];

/// The columns. `median_s` is in seconds, over those who heard from us; the shares are of all customers.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("customers", CellKind::Count),
    column("responded", CellKind::Count),
    column("median_s", CellKind::Seconds),
    column("within_5_min", CellKind::Ratio),
    column("within_1_h", CellKind::Ratio),
    column("within_24_h", CellKind::Ratio),
    column("untouched", CellKind::Count),
];

const DEFINITION: &str = "customers added in the period; response = time from then to the first activity that is no note \
    and was not begun by the customer; shares = customers who heard from us within that time / all customers; \
    untouched = never heard from us";

/// Makes the report; over all time and as one row of all unless asked otherwise. Filters are of customers.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, BY)?;
    let group = by.map_or(Group::All, Dimension::group);
    let condition = request.condition_on(tx, Noun::Customer)?;
    let period = request.period.unwrap_or(Period::ALL);
    let (from_ms, to_ms) = super::period::instants(tx.caller(), period);
    let mut lines: Lines<Waits> = Lines::new();
    for (key, heading, waits) in response::waits(tx, &condition, from_ms, to_ms, group)? {
        *lines.at(&key, &heading) = waits;
    }
    let lines = lines.sorted(group, size);
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Waits::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, mut waits) in lines {
        all.seconds.extend(&waits.seconds);
        all.untouched += waits.untouched;
        all.known_before += waits.known_before;
        if size(&waits) > 0 {
            rows.push(cells(names.cell(group, &heading), &mut waits));
        }
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by,
        columns: COLUMNS,
    };
    let left_out = vec![(
        "heard from us before they were added".to_owned(),
        all.known_before,
    )];
    let totals = cells(Cell::Null, &mut all);
    Ok(frame.report(tx, request, rows, totals, left_out))
}

/// The customers who were added in the period.
pub(super) fn records(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let within = super::drill::within("created_at", request.period.unwrap_or(Period::ALL));
    Ok(Drill::filtered(Noun::Customer, request, within.trim().to_owned()))
}

/// The customers of one row.
pub(super) fn records_of(tx: &ReadTx<'_>, request: &Request, row: &Row) -> Result<Drill> {
    let group = row.by.map_or(Group::All, Dimension::group);
    let condition = request.condition_on(tx, Noun::Customer)?;
    let period = request.period.unwrap_or(Period::ALL);
    let (from_ms, to_ms) = super::period::instants(tx.caller(), period);
    let found = response::waits(tx, &condition, from_ms, to_ms, group)?;
    let names = Names::of(group, found.iter().map(|(_, heading, _)| heading));
    let own = found
        .into_iter()
        .filter(|(_, heading, _)| row.is_total || row.cells.first() == Some(&names.cell(group, heading)));
    let mut ids: Vec<_> = own.flat_map(|(_, _, waits)| waits.ids).collect();
    ids.sort_unstable();
    Ok(Drill::Records(Noun::Customer, ids))
}

/// How many customers waited.
fn size(waits: &Waits) -> i64 {
    i64::try_from(waits.seconds.len()).unwrap_or(i64::MAX) + waits.untouched
}

fn cells(name: Cell, waits: &mut Waits) -> Vec<Cell> {
    let all = size(waits);
    let within = |seconds: &[i64], limit: i64| {
        let soon = seconds.iter().filter(|wait| **wait <= limit).count();
        ratio(i64::try_from(soon).unwrap_or(i64::MAX), all)
    };
    let shares = [300, 3_600, 86_400].map(|limit| within(&waits.seconds, limit));
    let mut row = vec![
        name,
        Cell::Count(all),
        Cell::Count(all - waits.untouched),
        median_seconds(&mut waits.seconds),
    ];
    row.extend(shares);
    row.push(Cell::Count(waits.untouched));
    row
}
