//! How long tickets stay in each step.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::ticket::Step;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::behind::{Behind, Row};
use crate::report::cell::{divide, median_seconds};
use crate::report::drill::Drill;
use crate::report::{Cell, CellKind, Frame, Report, ReportColumn, Request, column, figure, period};
use crate::store::ReadTx;
use crate::store::rollups::Group;
use crate::store::rollups::tickets::{Needs, Walk, fold};

/// The name.
pub const NAME: &str = "ticket-steps";

/// The columns. Times are in seconds as they pass.
pub const COLUMNS: &[ReportColumn] = &[
    column("step", CellKind::Text),
    column("tickets", CellKind::Count),
    column("stays", CellKind::Count),
    column("mean_s", CellKind::Seconds),
    column("median_s", CellKind::Seconds),
];

/// The figures whose records can be asked for.
pub const FIGURES: &[&str] = &["tickets"];

const DEFINITION: &str = "stays in a step that ended in the period, and of how many tickets; time = from when the ticket came there until it went on, \
    as it passes, waiting included";

/// The stays in a step.
#[derive(Debug, Clone, Default)]
struct Stays {
    tickets: BTreeSet<Id>,
    seconds: Vec<i64>,
}

/// Makes the report; over this month unless asked otherwise. Filters are of tickets.
///
/// # Errors
///
/// `Usage` for a filter that makes no sense here.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    request.dimension(NAME, &[])?;
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let mut steps = steps(tx, request, span)?;
    let mut all = Stays::default();
    let mut rows = Vec::new();
    for step in Step::ALL {
        if let Some(mut stays) = steps.remove(&step) {
            all.tickets.extend(&stays.tickets);
            all.seconds.extend(&stays.seconds);
            rows.push(cells(Cell::Text(step.name().to_owned()), &mut stays));
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

/// The stays that ended in the period, by step.
fn steps(tx: &ReadTx<'_>, request: &Request, span: Period) -> Result<BTreeMap<Step, Stays>> {
    let condition = request.condition_on(tx, Noun::Ticket)?;
    let (from, to) = period::instants(tx.caller(), span);
    let within = |at: i64| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
    let walk = Walk {
        group: Group::All,
        since: from,
        needs: Needs::Stays,
    };
    let found = fold(
        tx,
        &condition,
        walk,
        &mut |steps: &mut BTreeMap<Step, Stays>, fact, stays| {
            let mut stays = stays.iter().peekable();
            while let Some(first) = stays.next() {
                // To wait, and to go on, leaves the step where it is.
                let mut last = first;
                while let Some(next) = stays.next_if(|next| next.step == first.step) {
                    last = next;
                }
                if let Some(left) = last.left_at.filter(|left| within(*left)) {
                    let step = steps.entry(first.step).or_default();
                    step.seconds.push((left - first.entered_at) / 1000);
                    step.tickets.insert(fact.id);
                }
            }
        },
    )?;
    Ok(found
        .into_iter()
        .map(|(_, _, steps)| steps)
        .next()
        .unwrap_or_default())
}

/// The tickets that left a step in the period.
pub(super) fn records(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    figure::chosen(NAME, request)?;
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    Ok(drill(steps(tx, request, span)?.values()))
}

/// The tickets that left the step of one row in the period.
pub(super) fn records_of(tx: &ReadTx<'_>, request: &Request, row: &Row) -> Result<Behind> {
    figure::chosen(NAME, request)?;
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let steps = steps(tx, request, span)?;
    let own = steps
        .iter()
        .filter(|(step, _)| row.is_total || row.name() == Some(step.name()));
    Ok(Behind {
        drill: drill(own.map(|(_, stays)| stays)),
        counted: row.count("tickets"),
    })
}

fn drill<'s>(steps: impl Iterator<Item = &'s Stays>) -> Drill {
    let ids = steps.flat_map(|stays| stays.tickets.iter().copied());
    Drill::Records(Noun::Ticket, figure::each_once(ids))
}

fn cells(name: Cell, stays: &mut Stays) -> Vec<Cell> {
    let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
    let ended = count(stays.seconds.len());
    let sum: i128 = stays.seconds.iter().map(|seconds| i128::from(*seconds)).sum();
    let mean = divide(sum, i128::from(ended)).and_then(|mean| i64::try_from(mean).ok());
    vec![
        name,
        Cell::Count(count(stays.tickets.len())),
        Cell::Count(ended),
        mean.map_or(Cell::Null, Cell::Seconds),
        median_seconds(&mut stays.seconds),
    ]
}
