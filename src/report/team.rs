//! Who won most, and what everybody did for it.

use std::collections::HashMap;

use crate::domain::activity::TYPES;
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::report::cell::{mean_days, money, ratio};
use crate::report::drill::{self, Drill};
use crate::report::groups::{self, Lines};
use crate::report::win_rate::rate;
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::activities::{self, ByType};
use crate::store::rollups::tasks::{self, Done};
use crate::store::rollups::{self, Deals, Group, Heading, Key, Side, Which};

/// The name.
pub const NAME: &str = "team";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[Dimension::Owner];

/// The columns. `rank` is by the amount won; `rank_delta` is how many places that is up on the period before; `cycle`
/// is in days; then tasks done and the share of them that was done in time, and activities by type.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("rank", CellKind::Count),
    column("rank_delta", CellKind::Count),
    column("won", CellKind::Count),
    column("amount", CellKind::Money),
    column("win_rate", CellKind::Ratio),
    column("cycle", CellKind::Days),
    column("tasks_done", CellKind::Count),
    column("on_time", CellKind::Ratio),
    column("activities", CellKind::Count),
    column("call", CellKind::Count),
    column("email", CellKind::Count),
    column("meeting", CellKind::Count),
    column("message", CellKind::Count),
    column("visit", CellKind::Count),
    column("demo", CellKind::Count),
    column("note", CellKind::Count),
];

const DEFINITION: &str = "per owner: deals won in the period and their amount; win rate = won / (won + lost); cycle = mean \
    days from opening to close of won deals; tasks done in the period, on time = done by the time they were due / done \
    with a due day; activities without notes; rank by the amount won";

/// The figures of one user.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    won: Side,
    lost: Side,
    done: Option<Done>,
    activities: Option<ByType>,
}

impl Line {
    fn add(&mut self, other: &Line) {
        self.won.add(&other.won);
        self.lost.add(&other.lost);
        if let Some(other) = other.done {
            let done = self.done.get_or_insert_default();
            done.done += other.done;
            done.with_due += other.with_due;
            done.on_time += other.on_time;
        }
        if let Some(other) = other.activities {
            let mine = self.activities.get_or_insert_default();
            for (mine, theirs) in mine.iter_mut().zip(other) {
                *mine += theirs;
            }
        }
    }

    /// What the rank is by.
    fn standing(&self) -> (i64, i64) {
        (self.won.amount, self.won.deals)
    }

    fn is_empty(&self) -> bool {
        let done = self.done.is_none_or(|done| done.done == 0);
        let active = self
            .activities
            .is_some_and(|counts| counts.iter().any(|count| *count > 0));
        self.won.deals + self.lost.deals == 0 && done && !active
    }

    fn cells(&self, name: Cell, ranks: [Cell; 2], currency: Currency) -> Vec<Cell> {
        let mut cells = vec![name];
        cells.extend(ranks);
        cells.extend([
            Cell::Count(self.won.deals),
            money(i128::from(self.won.amount), 1, currency),
            rate(self.won.deals, self.lost.deals),
            mean_days(self.won.days, self.won.deals),
        ]);
        match self.done {
            Some(done) => cells.extend([Cell::Count(done.done), ratio(done.on_time, done.with_due)]),
            None => cells.extend([Cell::Null, Cell::Null]),
        }
        match self.activities {
            Some(counts) => {
                // The last type is the note, which is no activity with anybody.
                let held: i64 = counts.iter().take(TYPES.len() - 1).sum();
                cells.push(Cell::Count(held));
                cells.extend(counts.map(Cell::Count));
            }
            None => cells.extend(std::iter::repeat_n(Cell::Null, TYPES.len() + 1)),
        }
        cells
    }
}

/// The period that a request is about: this month unless it says otherwise.
fn period(tx: &ReadTx<'_>, request: &Request) -> Result<Period> {
    super::period::or_phrase(tx.caller(), request.period, "this-month")
}

/// Makes the report; for this month unless asked otherwise, whoever won most first. Filters are of deals; where one
/// makes no sense for tasks or activities, their figures are missing.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    request.dimension(NAME, BY)?;
    let period = period(tx, request)?;
    let condition = request.condition(tx)?;
    let currency = tx.base_currency()?;
    let lines = lines(tx, request, &condition, period)?;
    let before = match period.previous() {
        Some(before) => standings(tx, &condition, before)?,
        None => HashMap::new(),
    };
    let mut lines: Vec<(Key, Heading, Line)> = lines.sorted(Group::Owner, |line| line.won.deals);
    lines.retain(|(_, _, line)| !line.is_empty());
    // Within one standing the order of before holds; the work of nobody comes last.
    lines.sort_by(|a, b| {
        let last = |line: &(Key, Heading, Line)| line.1.name.is_none();
        last(a).cmp(&last(b)).then(b.2.standing().cmp(&a.2.standing()))
    });
    let now: Vec<(i64, i64)> = lines
        .iter()
        .filter(|(_, heading, _)| heading.name.is_some())
        .map(|(_, _, line)| line.standing())
        .collect();
    let mut all = Line::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (key, heading, line) in &lines {
        all.add(line);
        let (name, ranks) = match &heading.name {
            None => (Cell::Null, [Cell::Null, Cell::Null]),
            Some(name) => {
                let rank = place(now.iter().copied(), line.standing());
                let standing = before.get(key).copied().unwrap_or((0, 0));
                let delta = match before.is_empty() {
                    true => Cell::Null,
                    false => Cell::Count(place(before.values().copied(), standing) - rank),
                };
                (Cell::Text(name.clone()), [Cell::Count(rank), delta])
            }
        };
        rows.push(line.cells(name, ranks, currency));
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: Some(Dimension::Owner),
        columns: COLUMNS,
    };
    let totals = all.cells(Cell::Null, [Cell::Null, Cell::Null], currency);
    let left_out = groups::without_amount(&[all.won]);
    Ok(frame.report(tx, request, rows, totals, left_out))
}

/// The place of somebody: one behind all who stand higher.
fn place(all: impl Iterator<Item = (i64, i64)>, own: (i64, i64)) -> i64 {
    1 + i64::try_from(all.filter(|other| *other > own).count()).unwrap_or(i64::MAX - 1)
}

/// The figures of everybody.
fn lines(tx: &ReadTx<'_>, request: &Request, condition: &Condition, period: Period) -> Result<Lines<Line>> {
    let mut lines: Lines<Line> = Lines::new();
    let decided = Deals {
        condition,
        which: Which::Closed(&[StageType::Won, StageType::Lost], period),
    };
    for tally in rollups::tallies(tx, &decided, Group::Owner)? {
        let line = lines.at(&tally.key, &tally.heading);
        line.won = groups::side(&tally.sides, 0);
        line.lost = groups::side(&tally.sides, 1);
    }
    let of_tasks = request.condition_where_fitting(tx, Noun::Task)?;
    if let Some(condition) = &of_tasks {
        let (from_ms, to_ms) = super::period::instants(tx.caller(), period);
        for (key, heading, done) in tasks::done(tx, condition, from_ms, to_ms)? {
            lines.at(&key, &heading).done = Some(done);
        }
    }
    let of_activities = request.condition_where_fitting(tx, Noun::Activity)?;
    if let Some(condition) = &of_activities {
        for (key, heading, counts) in activities::by_type(tx, condition, period, Group::Owner)? {
            lines.at(&key, &heading).activities = Some(counts);
        }
    }
    // Who did nothing did none; only what nobody could count is missing.
    lines.each(|line| {
        if of_tasks.is_some() {
            line.done.get_or_insert_default();
        }
        if of_activities.is_some() {
            line.activities.get_or_insert_default();
        }
    });
    Ok(lines)
}

/// What everybody won in a period.
fn standings(tx: &ReadTx<'_>, condition: &Condition, period: Period) -> Result<HashMap<Key, (i64, i64)>> {
    let won = Deals {
        condition,
        which: Which::Closed(&[StageType::Won], period),
    };
    let tallies = rollups::tallies(tx, &won, Group::Owner)?.into_iter();
    let standings = tallies.filter(|tally| tally.key != Key::None).map(|tally| {
        let side = groups::side(&tally.sides, 0);
        (tally.key, (side.amount, side.deals))
    });
    Ok(standings.collect())
}

/// The deals that were decided in the period.
pub(super) fn records(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let request = Request {
        period: Some(period(tx, request)?),
        ..request.clone()
    };
    drill::decided(tx, &request)
}

/// Each type has a column, and the note is the last of them.
const _: () = assert!(COLUMNS.len() == TYPES.len() + 10);
