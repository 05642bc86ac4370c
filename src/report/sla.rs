//! How often what was promised for tickets was kept.

use crate::domain::noun::Noun;
use crate::error::Result;
use crate::report::cell::ratio;
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column, period};
use crate::store::ReadTx;
use crate::store::rollups::Group;
use crate::store::rollups::tickets::{Fact, fold};

/// The name.
pub const NAME: &str = "sla";

/// The columns: of the clocks that were decided in the period, how many promises were kept; the clock of the first answer
/// and that of the solution apart.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("tickets", CellKind::Count),
    column("first_met", CellKind::Count),
    column("first_breached", CellKind::Count),
    column("first_attainment", CellKind::Ratio),
    column("resolution_met", CellKind::Count),
    column("resolution_breached", CellKind::Count),
    column("resolution_attainment", CellKind::Ratio),
];

const DEFINITION: &str = "attainment = met / (met + breached) of the clocks that were decided in the period: in time at the end, \
    or when the time ran out, whatever happened later; clocks that run in time, and tickets that were called off in time or \
    have no policy, are in neither; tickets = those with a decided clock";

/// The decided clocks of a group.
#[derive(Debug, Clone, Copy, Default)]
struct Kept {
    tickets: i64,
    first: [i64; 2],
    resolution: [i64; 2],
}

/// Makes the report; over this month and as one row of all unless asked otherwise. Filters are of tickets.
///
/// # Errors
///
/// `Usage` for a filter or a dimension that makes no sense here.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, &Dimension::OF_TICKETS)?;
    let group = by.map_or(Group::All, Dimension::group);
    let condition = request.condition_on(tx, Noun::Ticket)?;
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let (from, to) = period::instants(tx.caller(), span);
    let now = tx.caller().clock.now_ms();
    let within = |at: i64| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
    let found = fold(tx, &condition, group, &mut |kept: &mut Kept, fact, _| {
        let [first, resolution] = decided(&fact, now);
        let mut is_any = false;
        for (clock, sums) in [(first, &mut kept.first), (resolution, &mut kept.resolution)] {
            if let Some(clock) = clock.filter(|clock| within(clock.at)) {
                let [met, breached] = sums;
                *(if clock.is_met { met } else { breached }) += 1;
                is_any = true;
            }
        }
        kept.tickets += i64::from(is_any);
    })?;
    let mut lines: Lines<Kept> = Lines::new();
    for (key, heading, kept) in found {
        *lines.at(&key, &heading) = kept;
    }
    let lines = lines.sorted(group, |kept| kept.tickets);
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Kept::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, kept) in &lines {
        all.tickets += kept.tickets;
        for at in 0..2 {
            add(&mut all.first, &kept.first, at);
            add(&mut all.resolution, &kept.resolution, at);
        }
        if kept.tickets > 0 {
            rows.push(cells(names.cell(group, heading), kept));
        }
    }
    let totals = cells(Cell::Null, &all);
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period: span,
        by,
        columns: COLUMNS,
    };
    Ok(frame.report(tx, request, rows, totals, Vec::new()))
}

fn add(sums: &mut [i64; 2], more: &[i64; 2], at: usize) {
    if let (Some(sum), Some(more)) = (sums.get_mut(at), more.get(at)) {
        *sum += more;
    }
}

/// How a clock was decided.
#[derive(Debug, Clone, Copy)]
struct Decided {
    at: i64,
    is_met: bool,
}

/// How the clocks of the first answer and of the solution were decided; none that is not.
fn decided(fact: &Fact, now: i64) -> [Option<Decided>; 2] {
    let over = fact.resolved_at.or(fact.closed_at);
    let clock = |due: Option<i64>, late: Option<i64>, end: Option<i64>| match late {
        Some(at) if at <= now => Some(Decided { at, is_met: false }),
        _ if fact.is_cancelled => None,
        _ => due.and(end).map(|at| Decided { at, is_met: true }),
    };
    [
        clock(fact.first_due_at, fact.first_late_at, fact.responded_at.or(over)),
        clock(fact.resolution_due_at, fact.resolution_late_at, fact.resolved_at),
    ]
}

fn cells(name: Cell, kept: &Kept) -> Vec<Cell> {
    let mut cells = vec![name, Cell::Count(kept.tickets)];
    for [met, breached] in [kept.first, kept.resolution] {
        cells.extend([
            Cell::Count(met),
            Cell::Count(breached),
            ratio(met, met + breached),
        ]);
    }
    cells
}
