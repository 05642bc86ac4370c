//! How often what was promised for tickets was kept.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::report::behind::{Behind, Row};
use crate::report::cell::ratio;
use crate::report::drill::Drill;
use crate::report::figure::{self, count};
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column, period};
use crate::store::ReadTx;
use crate::store::rollups::tickets::{Fact, Needs, Walk, fold};
use crate::store::rollups::{Group, Heading, Key};

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

/// The figures whose records can be asked for.
pub const FIGURES: &[&str] = &[
    "tickets",
    "first_met",
    "first_breached",
    "resolution_met",
    "resolution_breached",
];

/// The tickets of a group with decided clocks.
#[derive(Debug, Clone, Default)]
struct Kept {
    tickets: Vec<Id>,
    first: Promises,
    resolution: Promises,
}

/// Tickets whose promise was kept, and others.
#[derive(Debug, Clone, Default)]
struct Promises {
    met: Vec<Id>,
    breached: Vec<Id>,
}

impl Kept {
    fn add(&mut self, other: &Kept) {
        self.tickets.extend(&other.tickets);
        for (mine, theirs) in [
            (&mut self.first, &other.first),
            (&mut self.resolution, &other.resolution),
        ] {
            mine.met.extend(&theirs.met);
            mine.breached.extend(&theirs.breached);
        }
    }

    /// The records of the figure with this name.
    fn of(&self, figure: &str) -> Vec<Id> {
        match figure {
            "first_met" => self.first.met.clone(),
            "first_breached" => self.first.breached.clone(),
            "resolution_met" => self.resolution.met.clone(),
            "resolution_breached" => self.resolution.breached.clone(),
            _ => self.tickets.clone(),
        }
    }
}

/// Makes the report; over this month and as one row of all unless asked otherwise. Filters are of tickets.
///
/// # Errors
///
/// `Usage` for a filter or a dimension that makes no sense here.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, &Dimension::OF_TICKETS)?;
    let group = by.map_or(Group::All, Dimension::group);
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let lines = lines(tx, request, span, group)?;
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Kept::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, kept) in &lines {
        all.add(kept);
        if !kept.tickets.is_empty() {
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

/// The decided clocks of every group, in the order of the rows.
fn lines(
    tx: &ReadTx<'_>,
    request: &Request,
    span: Period,
    group: Group,
) -> Result<Vec<(Key, Heading, Kept)>> {
    let condition = request.condition_on(tx, Noun::Ticket)?;
    kept(tx, &condition, span, group)
}

/// The decided clocks of every group of tickets under a condition.
fn kept(
    tx: &ReadTx<'_>,
    condition: &Condition,
    span: Period,
    group: Group,
) -> Result<Vec<(Key, Heading, Kept)>> {
    let (from, to) = period::instants(tx.caller(), span);
    let now = tx.caller().clock.now_ms();
    let within = |at: i64| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
    let walk = Walk {
        group,
        since: from,
        needs: Needs::Clocks,
    };
    let found = fold(tx, condition, walk, &mut |kept: &mut Kept, fact, _| {
        let [first, resolution] = decided(fact, now);
        let mut is_any = false;
        for (clock, promises) in [(first, &mut kept.first), (resolution, &mut kept.resolution)] {
            if let Some(clock) = clock.filter(|clock| within(clock.at)) {
                let tickets = match clock.is_met {
                    true => &mut promises.met,
                    false => &mut promises.breached,
                };
                tickets.push(fact.id);
                is_any = true;
            }
        }
        if is_any {
            kept.tickets.push(fact.id);
        }
    })?;
    let mut lines: Lines<Kept> = Lines::new();
    for (key, heading, kept) in found {
        *lines.at(&key, &heading) = kept;
    }
    Ok(lines.sorted(group, |kept| count(&kept.tickets)))
}

/// The tickets whose solution came in time, and those whose time ran out, within a period.
pub(super) fn solutions(tx: &ReadTx<'_>, condition: &Condition, span: Period) -> Result<[Vec<Id>; 2]> {
    let mut all = Promises::default();
    for (.., kept) in kept(tx, condition, span, Group::All)? {
        all.met.extend(kept.resolution.met);
        all.breached.extend(kept.resolution.breached);
    }
    Ok([all.met, all.breached])
}

/// The tickets of a figure.
pub(super) fn records(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let figure = figure::chosen(NAME, request)?.unwrap_or_default();
    let lines = lines(tx, request, span, Group::All)?;
    figure::all(tx, request, &lines, |kept| kept.of(figure), None)
}

/// The tickets of a figure of one row.
pub(super) fn records_of(tx: &ReadTx<'_>, request: &Request, row: &Row) -> Result<Behind> {
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let figure = figure::chosen(NAME, request)?.unwrap_or_default();
    let group = row.by.map_or(Group::All, Dimension::group);
    let lines = lines(tx, request, span, group)?;
    figure::of_row(tx, (request, row), (&lines, group), |kept| kept.of(figure), None)
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
    let mut cells = vec![name, Cell::Count(count(&kept.tickets))];
    for promises in [&kept.first, &kept.resolution] {
        let (met, breached) = (count(&promises.met), count(&promises.breached));
        cells.extend([
            Cell::Count(met),
            Cell::Count(breached),
            ratio(met, met + breached),
        ]);
    }
    cells
}
