//! How long tickets stay in each step.

use std::collections::BTreeMap;

use crate::domain::noun::Noun;
use crate::domain::ticket::Step;
use crate::error::Result;
use crate::report::cell::{divide, median_seconds};
use crate::report::{Cell, CellKind, Frame, Report, ReportColumn, Request, column, period};
use crate::store::ReadTx;
use crate::store::rollups::Group;
use crate::store::rollups::tickets::fold;

/// The name.
pub const NAME: &str = "ticket-steps";

/// The columns. Times are in seconds as they pass.
pub const COLUMNS: &[ReportColumn] = &[
    column("step", CellKind::Text),
    column("stays", CellKind::Count),
    column("mean_s", CellKind::Seconds),
    column("median_s", CellKind::Seconds),
];

const DEFINITION: &str = "stays in a step that ended in the period; time = from when the ticket came there until it went on, \
    as it passes, waiting included";

/// Makes the report; over this month unless asked otherwise. Filters are of tickets.
///
/// # Errors
///
/// `Usage` for a filter that makes no sense here.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    request.dimension(NAME, &[])?;
    let condition = request.condition_on(tx, Noun::Ticket)?;
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let (from, to) = period::instants(tx.caller(), span);
    let within = |at: i64| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
    let found = fold(
        tx,
        &condition,
        Group::All,
        &mut |times: &mut BTreeMap<String, Vec<i64>>, _, stays| {
            let mut stays = stays.iter().peekable();
            while let Some(first) = stays.next() {
                // To wait, and to go on, leaves the step where it is.
                let mut last = first;
                while let Some(next) = stays.next_if(|next| next.step == first.step) {
                    last = next;
                }
                if let Some(left) = last.left_at.filter(|left| within(*left)) {
                    let seconds = (left - first.entered_at) / 1000;
                    times.entry(first.step.clone()).or_default().push(seconds);
                }
            }
        },
    )?;
    let mut times = found
        .into_iter()
        .map(|(_, _, times)| times)
        .next()
        .unwrap_or_default();
    let mut all = Vec::new();
    let mut rows = Vec::new();
    for step in Step::ALL {
        if let Some(mut seconds) = times.remove(step.name()) {
            all.extend(&seconds);
            rows.push(cells(Cell::Text(step.name().to_owned()), &mut seconds));
        }
    }
    let totals = cells(Cell::Null, &mut all);
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period: span,
        by: None,
        columns: COLUMNS,
    };
    Ok(frame.report(tx, request, rows, totals, Vec::new()))
}

fn cells(name: Cell, seconds: &mut [i64]) -> Vec<Cell> {
    let count = i64::try_from(seconds.len()).unwrap_or(i64::MAX);
    let sum: i128 = seconds.iter().map(|seconds| i128::from(*seconds)).sum();
    let mean = divide(sum, i128::from(count)).and_then(|mean| i64::try_from(mean).ok());
    vec![
        name,
        Cell::Count(count),
        mean.map_or(Cell::Null, Cell::Seconds),
        median_seconds(seconds),
    ]
}
