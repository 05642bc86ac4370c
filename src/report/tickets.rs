//! What customers want from us: what came in, what was solved, what is left and what came back.

use crate::domain::noun::Noun;
use crate::error::Result;
use crate::report::cell::{median_seconds, ratio};
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column, period};
use crate::store::ReadTx;
use crate::store::rollups::Group;
use crate::store::rollups::tickets::{StayFact, fold};

/// The name.
pub const NAME: &str = "tickets";

/// The columns.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("backlog", CellKind::Count),
    column("inflow", CellKind::Count),
    column("outflow", CellKind::Count),
    column("resolved", CellKind::Count),
    column("reopened", CellKind::Count),
    column("reopen_rate", CellKind::Ratio),
    column("first_contact", CellKind::Ratio),
    column("median_resolution_s", CellKind::Seconds),
];

const DEFINITION: &str = "backlog = not solved at the end of the period, or now; inflow = came in during it; outflow = was solved \
    or called off in it; resolved = was solved in it; reopen rate = tickets that came back in it / resolved; first contact = \
    resolved with one answer at most that never came back / resolved; resolution = working time, pauses left out";

/// The figures of a group.
#[derive(Debug, Clone, Default)]
struct Flow {
    backlog: i64,
    inflow: i64,
    outflow: i64,
    resolved: i64,
    reopened: i64,
    at_once: i64,
    seconds: Vec<i64>,
}

impl Flow {
    fn add(&mut self, other: &Flow) {
        self.backlog += other.backlog;
        self.inflow += other.inflow;
        self.outflow += other.outflow;
        self.resolved += other.resolved;
        self.reopened += other.reopened;
        self.at_once += other.at_once;
        self.seconds.extend(&other.seconds);
    }

    fn is_empty(&self) -> bool {
        self.backlog + self.inflow + self.outflow + self.reopened == 0
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
    let condition = request.condition_on(tx, Noun::Ticket)?;
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let (from, to) = period::instants(tx.caller(), span);
    let now = tx.caller().clock.now_ms();
    let end = to.map_or(now, |to| to.min(now));
    let within = |at: i64| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
    let found = fold(tx, &condition, group, &mut |flow: &mut Flow, fact, stays| {
        let is_open = |stay: &&StayFact| stay.entered_at <= end && stay.left_at.is_none_or(|left| end < left);
        flow.backlog += i64::from(stays.iter().find(is_open).is_some_and(|stay| !stay.is_over()));
        flow.inflow += i64::from(stays.first().is_some_and(|stay| within(stay.entered_at)));
        let (mut is_out, mut is_resolved, mut is_back) = (false, false, false);
        let before = std::iter::once(None).chain(stays.iter().map(Some));
        for (before, stay) in before.zip(stays).filter(|(_, stay)| within(stay.entered_at)) {
            let was_over = before.is_some_and(StayFact::is_over);
            is_out |= stay.is_over() && !was_over;
            is_resolved |= stay.is_solved() && !was_over;
            is_back |= !stay.is_over() && before.is_some_and(StayFact::is_solved);
        }
        flow.outflow += i64::from(is_out);
        flow.resolved += i64::from(is_resolved);
        flow.reopened += i64::from(is_back);
        if is_resolved {
            flow.at_once += i64::from(fact.replies <= 1 && fact.reopen_count == 0);
            flow.seconds.extend(fact.resolution_s);
        }
    })?;
    let mut lines: Lines<Flow> = Lines::new();
    for (key, heading, flow) in found {
        *lines.at(&key, &heading) = flow;
    }
    let lines = lines.sorted(group, |flow| flow.backlog + flow.inflow);
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Flow::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, mut flow) in lines {
        all.add(&flow);
        if !flow.is_empty() {
            rows.push(cells(names.cell(group, &heading), &mut flow));
        }
    }
    let totals = cells(Cell::Null, &mut all);
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period: span,
        by,
        columns: COLUMNS,
    };
    Ok(frame.report(tx, request, rows, totals, Vec::new()))
}

fn cells(name: Cell, flow: &mut Flow) -> Vec<Cell> {
    vec![
        name,
        Cell::Count(flow.backlog),
        Cell::Count(flow.inflow),
        Cell::Count(flow.outflow),
        Cell::Count(flow.resolved),
        Cell::Count(flow.reopened),
        ratio(flow.reopened, flow.resolved),
        ratio(flow.at_once, flow.resolved),
        median_seconds(&mut flow.seconds),
    ]
}
