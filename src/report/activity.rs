//! What was done, by whom, and how much of it a deal takes.

use crate::domain::activity::TYPES;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::error::Result;
use crate::report::drill::{self, Drill};
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::activities::{self, Behind, ByType};
use crate::store::rollups::{Deals, Which};

/// The name.
pub const NAME: &str = "activity";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[
    Dimension::Owner,
    Dimension::Team,
    Dimension::Customer,
    Dimension::Month,
    Dimension::Quarter,
];

/// The columns: all of them, deals won, activities per won deal, and a number for each type in the order of the types.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("total", CellKind::Count),
    column("won", CellKind::Count),
    column("per_won", CellKind::Mean),
    column("call", CellKind::Count),
    column("email", CellKind::Count),
    column("meeting", CellKind::Count),
    column("message", CellKind::Count),
    column("visit", CellKind::Count),
    column("demo", CellKind::Count),
    column("note", CellKind::Count),
];

const DEFINITION: &str = "activities by the day on which they happened; won = deals won in the period; per won deal = \
    activities of any day about these deals, without notes / deals won";

/// The figures of one group.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    done: ByType,
    behind: Behind,
}

impl Line {
    fn total(&self) -> i64 {
        self.done.iter().sum()
    }

    fn add(&mut self, other: &Line) {
        for (mine, theirs) in self.done.iter_mut().zip(other.done) {
            *mine += theirs;
        }
        self.behind.deals += other.behind.deals;
        self.behind.activities += other.behind.activities;
    }

    /// The cells; of deals only where they are known.
    fn cells(&self, name: Cell, has_deals: bool) -> Vec<Cell> {
        let mut cells = vec![name, Cell::Count(self.total())];
        if has_deals {
            cells.push(Cell::Count(self.behind.deals));
            cells.push(Cell::Mean(self.behind.activities, self.behind.deals));
        } else {
            cells.extend([Cell::Null, Cell::Null]);
        }
        cells.extend(self.done.map(Cell::Count));
        cells
    }
}

/// Makes the report; by owner and for this month unless asked otherwise. Filters are of activities; where one makes no
/// sense for deals, the figures of deals are missing.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, BY)?.unwrap_or(Dimension::Owner);
    let group = by.group();
    let condition = request.condition_on(tx, Noun::Activity)?;
    let period = super::period::or_phrase(tx.caller(), request.period, "this-month")?;
    let mut lines: Lines<Line> = Lines::new();
    for (key, heading, done) in activities::by_type(tx, &condition, period, group)? {
        lines.at(&key, &heading).done = done;
    }
    let of_deals = request.condition_where_fitting(tx, Noun::Deal)?;
    if let Some(condition) = &of_deals {
        let deals = Deals {
            condition,
            which: Which::Closed(&[StageType::Won], period),
        };
        for (key, heading, behind) in activities::behind(tx, &deals, group)? {
            lines.at(&key, &heading).behind = behind;
        }
    }
    let lines = lines.sorted(group, Line::total);
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Line::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, line) in &lines {
        all.add(line);
        rows.push(line.cells(names.cell(group, heading), of_deals.is_some()));
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: Some(by),
        columns: COLUMNS,
    };
    let totals = all.cells(Cell::Null, of_deals.is_some());
    Ok(frame.report(tx, request, rows, totals, Vec::new()))
}

/// The activities of the period.
pub(super) fn records(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let period = super::period::or_phrase(tx.caller(), request.period, "this-month")?;
    let within = drill::within("on_date", period);
    Ok(Drill::filtered(Noun::Activity, request, within.trim().to_owned()))
}

/// The types have a column each.
const _: () = assert!(COLUMNS.len() == TYPES.len() + 4);
