//! Who works on how many tickets, how soon customers hear from them, and how satisfied these are.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::report::behind::{Behind, Row};
use crate::report::cell::{median_seconds, ratio};
use crate::report::drill::Drill;
use crate::report::figure::{self, count};
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Frame, Report, ReportColumn, Request, column, period};
use crate::store::ReadTx;
use crate::store::rollups::feedback::of_agents;
use crate::store::rollups::tickets::{Needs, StayFact, Walk, fold, hands};
use crate::store::rollups::{Group, Heading, Key};

/// The name.
pub const NAME: &str = "agents";

/// The columns.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("open", CellKind::Count),
    column("assigned", CellKind::Count),
    column("resolved", CellKind::Count),
    column("median_response_s", CellKind::Seconds),
    column("breached", CellKind::Count),
    column("answers", CellKind::Count),
    column("csat", CellKind::Ratio),
];

const DEFINITION: &str = "open = tickets that are not solved now, of who works on them; assigned = came to them in the period; \
    resolved = were solved in it; response = working time until a person answered, of those first answered in it; breached = \
    a promise was broken in it; answers = scores from 1 to 5 that came in it about tickets, for who works on these now; csat = \
    scores of 4 and 5 / answers";

/// The figures whose records can be asked for.
pub const FIGURES: &[&str] = &["open", "assigned", "resolved", "breached"];

/// What tells the open tickets.
const OPEN: &str = "is:open";

/// The figures of somebody, those of records with the records.
#[derive(Debug, Clone, Default)]
struct Load {
    open: Vec<Id>,
    assigned: BTreeSet<Id>,
    resolved: Vec<Id>,
    responses: Vec<i64>,
    breached: Vec<Id>,
    answers: i64,
    satisfied: i64,
}

impl Load {
    /// The records of the figure with this name.
    fn of(&self, figure: &str) -> Vec<Id> {
        match figure {
            "assigned" => self.assigned.iter().copied().collect(),
            "resolved" => self.resolved.clone(),
            "breached" => self.breached.clone(),
            _ => self.open.clone(),
        }
    }
}

/// Makes the report; over this month unless asked otherwise. Filters are of tickets.
///
/// # Errors
///
/// `Usage` for a filter that makes no sense here.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    request.dimension(NAME, &[])?;
    let group = Group::Assignee;
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let lines = gathered(tx, request, span)?.sorted(group, |load| count(&load.open));
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Load::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, mut load) in lines {
        all.open.extend(&load.open);
        all.assigned.extend(&load.assigned);
        all.resolved.extend(&load.resolved);
        all.responses.extend(&load.responses);
        all.breached.extend(&load.breached);
        all.answers += load.answers;
        all.satisfied += load.satisfied;
        rows.push(cells(names.cell(group, &heading), &mut load));
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

/// The figures of everybody who works on tickets, or had one in the period.
fn gathered(tx: &ReadTx<'_>, request: &Request, span: Period) -> Result<Lines<Load>> {
    let condition = request.condition_on(tx, Noun::Ticket)?;
    let (from, to) = period::instants(tx.caller(), span);
    let now = tx.caller().clock.now_ms();
    let within = |at: i64| from.is_none_or(|from| from <= at) && to.is_none_or(|to| at < to);
    let mut changed: BTreeMap<Id, Vec<(Id, i64)>> = BTreeMap::new();
    for (ticket, user, since) in hands(tx)? {
        changed.entry(ticket).or_default().push((user, since));
    }
    // Who had a ticket in between may have none now.
    let mut others: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
    let walk = Walk {
        group: Group::Assignee,
        since: from,
        needs: Needs::Hands,
    };
    let found = fold(tx, &condition, walk, &mut |load: &mut Load, fact, stays| {
        let note = |ids: &mut Vec<Id>, is_one: bool| {
            if is_one {
                ids.push(fact.id);
            }
        };
        note(&mut load.open, stays.last().is_some_and(|stay| !stay.is_over()));
        let came = match changed.get(&fact.id) {
            Some(hands) => hands.clone(),
            None => fact
                .assignee
                .map(|user| (user, fact.created_at))
                .into_iter()
                .collect(),
        };
        for (user, _) in came.iter().filter(|(_, since)| within(*since)) {
            if Some(*user) == fact.assignee {
                load.assigned.insert(fact.id);
            } else {
                others.entry(*user).or_default().insert(fact.id);
            }
        }
        let before = std::iter::once(None).chain(stays.iter().map(Some));
        let solved = before.zip(stays).any(|(before, stay)| {
            within(stay.entered_at) && stay.is_solved() && !before.is_some_and(StayFact::is_over)
        });
        note(&mut load.resolved, solved);
        if fact.responded_at.is_some_and(&within) {
            load.responses.extend(fact.response_s);
        }
        let late = [fact.first_late_at, fact.resolution_late_at]
            .into_iter()
            .flatten();
        let is_late = late.min().is_some_and(|late| late <= now && within(late));
        note(&mut load.breached, is_late);
    })?;
    let mut lines: Lines<Load> = Lines::new();
    for (key, heading, load) in found {
        *lines.at(&key, &heading) = load;
    }
    rated(tx, &condition, span, &mut lines)?;
    for (user, tickets) in others {
        let name = crate::store::links::link(tx, Noun::User, user)?.map(|link| link.name);
        let heading = Heading {
            name,
            ..Heading::default()
        };
        lines
            .at(&Key::Record(user.raw()), &heading)
            .assigned
            .extend(tickets);
    }
    Ok(lines)
}

/// Adds how satisfied customers are.
fn rated(tx: &ReadTx<'_>, condition: &Condition, span: Period, lines: &mut Lines<Load>) -> Result<()> {
    for (key, heading, answers) in of_agents(tx, condition, span)? {
        let line = lines.at(&key, &heading);
        line.answers = answers.count();
        line.satisfied = answers.good();
    }
    Ok(())
}

/// The tickets of a figure.
pub(super) fn records(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let figure = figure::chosen(NAME, request)?.unwrap_or_default();
    let lines = gathered(tx, request, span)?.sorted(Group::Assignee, |load| count(&load.open));
    let filter = (figure == "open").then(|| OPEN.to_owned());
    figure::all(tx, request, &lines, |load| load.of(figure), filter)
}

/// The tickets of a figure of one row.
pub(super) fn records_of(tx: &ReadTx<'_>, request: &Request, row: &Row) -> Result<Behind> {
    let span = period::or_phrase(tx.caller(), request.period, "this-month")?;
    let figure = figure::chosen(NAME, request)?.unwrap_or_default();
    let group = Group::Assignee;
    let lines = gathered(tx, request, span)?.sorted(group, |load| count(&load.open));
    let filter = (figure == "open").then(|| OPEN.to_owned());
    figure::of_row(
        tx,
        (request, row),
        (&lines, group),
        |load| load.of(figure),
        filter,
    )
}

fn cells(name: Cell, load: &mut Load) -> Vec<Cell> {
    vec![
        name,
        Cell::Count(count(&load.open)),
        Cell::Count(i64::try_from(load.assigned.len()).unwrap_or(i64::MAX)),
        Cell::Count(count(&load.resolved)),
        median_seconds(&mut load.responses),
        Cell::Count(count(&load.breached)),
        Cell::Count(load.answers),
        ratio(load.satisfied, load.answers),
    ]
}
