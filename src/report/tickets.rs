//! What customers want from us: what came in, what was solved, what is left and what came back.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::behind::{Behind, Row};
use crate::report::cell::{median_seconds, ratio};
use crate::report::drill::{Drill, within};
use crate::report::figure::{self, count};
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column, period};
use crate::store::ReadTx;
use crate::store::rollups::tickets::{Needs, StayFact, Walk, fold, still};
use crate::store::rollups::{Group, Heading, Key};

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

/// The figures whose records can be asked for.
pub const FIGURES: &[&str] = &["backlog", "inflow", "outflow", "resolved", "reopened"];

/// The figures of a group, those of records with the records.
#[derive(Debug, Clone, Default)]
struct Flow {
    backlog: Vec<Id>,
    inflow: Vec<Id>,
    outflow: Vec<Id>,
    resolved: Vec<Id>,
    reopened: Vec<Id>,
    at_once: i64,
    seconds: Vec<i64>,
}

impl Flow {
    fn add(&mut self, other: &Flow) {
        self.backlog.extend(&other.backlog);
        self.inflow.extend(&other.inflow);
        self.outflow.extend(&other.outflow);
        self.resolved.extend(&other.resolved);
        self.reopened.extend(&other.reopened);
        self.at_once += other.at_once;
        self.seconds.extend(&other.seconds);
    }

    fn is_empty(&self) -> bool {
        [&self.backlog, &self.inflow, &self.outflow, &self.reopened]
            .iter()
            .all(|ids| ids.is_empty())
    }

    /// The records of the figure with this name.
    fn of(&self, figure: &str) -> Vec<Id> {
        match figure {
            "inflow" => self.inflow.clone(),
            "outflow" => self.outflow.clone(),
            "resolved" => self.resolved.clone(),
            "reopened" => self.reopened.clone(),
            _ => self.backlog.clone(),
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

/// The figures of every group, in the order of the rows.
fn lines(
    tx: &ReadTx<'_>,
    request: &Request,
    span: Period,
    group: Group,
) -> Result<Vec<(Key, Heading, Flow)>> {
    let condition = request.condition_on(tx, Noun::Ticket)?;
    let (from, to) = period::instants(tx.caller(), span);
    let now = tx.caller().clock.now_ms();
    let end = to.map_or(now, |to| to.min(now));
    let within = |at: i64| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
    let walk = Walk {
        group,
        since: from,
        needs: Needs::Moves,
    };
    let found = fold(tx, &condition, walk, &mut |flow: &mut Flow, fact, stays| {
        let is_open = |stay: &&StayFact| stay.entered_at <= end && stay.left_at.is_none_or(|left| end < left);
        let note = |ids: &mut Vec<Id>, is_one: bool| {
            if is_one {
                ids.push(fact.id);
            }
        };
        let is_left = stays.iter().find(is_open).is_some_and(|stay| !stay.is_over());
        note(&mut flow.backlog, is_left);
        note(
            &mut flow.inflow,
            stays.first().is_some_and(|stay| within(stay.entered_at)),
        );
        let (mut is_out, mut is_resolved, mut is_back) = (false, false, false);
        let before = std::iter::once(None).chain(stays.iter().map(Some));
        for (before, stay) in before.zip(stays).filter(|(_, stay)| within(stay.entered_at)) {
            let was_over = before.is_some_and(StayFact::is_over);
            is_out |= stay.is_over() && !was_over;
            is_resolved |= stay.is_solved() && !was_over;
            is_back |= !stay.is_over() && before.is_some_and(StayFact::is_solved);
        }
        note(&mut flow.outflow, is_out);
        note(&mut flow.resolved, is_resolved);
        note(&mut flow.reopened, is_back);
        if is_resolved {
            flow.at_once += i64::from(fact.replies <= 1 && fact.reopen_count == 0);
            flow.seconds.extend(fact.resolution_s);
        }
    })?;
    let mut lines: Lines<Flow> = Lines::new();
    for (key, heading, flow) in found {
        *lines.at(&key, &heading) = flow;
    }
    // Whoever was open when the period began and went nowhere since is open at its end.
    if let Some(from) = from {
        for (key, heading, ids) in still(tx, &condition, group, from)? {
            lines.at(&key, &heading).backlog.extend(ids);
        }
    }
    Ok(lines.sorted(group, |flow| count(&flow.backlog) + count(&flow.inflow)))
}

/// The tickets of a figure.
pub(super) fn records(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let figure = figure::chosen(NAME, request)?.unwrap_or_default();
    let lines = lines(tx, request, span, Group::All)?;
    figure::all(
        tx,
        request,
        &lines,
        |flow| flow.of(figure),
        filter(tx, figure, span),
    )
}

/// The tickets of a figure of one row.
pub(super) fn records_of(tx: &ReadTx<'_>, request: &Request, row: &Row) -> Result<Behind> {
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let figure = figure::chosen(NAME, request)?.unwrap_or_default();
    let group = row.by.map_or(Group::All, Dimension::group);
    let lines = lines(tx, request, span, group)?;
    let filter = filter(tx, figure, span);
    figure::of_row(
        tx,
        (request, row),
        (&lines, group),
        |flow| flow.of(figure),
        filter,
    )
}

/// The filter that selects the tickets of a figure, where one may: what is left can be told of now only.
fn filter(tx: &ReadTx<'_>, figure: &str, span: Period) -> Option<String> {
    let is_over = span.to.is_some_and(|to| to <= tx.caller().clock.today());
    match figure {
        "backlog" if !is_over => Some("is:open".to_owned()),
        "inflow" => Some(within("received_at", span).trim().to_owned()),
        _ => None,
    }
}

fn cells(name: Cell, flow: &mut Flow) -> Vec<Cell> {
    vec![
        name,
        Cell::Count(count(&flow.backlog)),
        Cell::Count(count(&flow.inflow)),
        Cell::Count(count(&flow.outflow)),
        Cell::Count(count(&flow.resolved)),
        Cell::Count(count(&flow.reopened)),
        ratio(count(&flow.reopened), count(&flow.resolved)),
        ratio(flow.at_once, count(&flow.resolved)),
        median_seconds(&mut flow.seconds),
    ]
}
