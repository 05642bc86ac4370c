//! What each source brings: leads, deals, money.

use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::cell::{mean_days, money, ratio};
use crate::report::drill::Drill;
use crate::report::groups::{self, Lines, Names};
use crate::report::leads::{self, Counts};
use crate::report::win_rate::rate;
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::{self, Deals, Group, Heading, Key, Side, Which};

/// The name.
pub const NAME: &str = "sources";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[Dimension::Source];

/// The columns. `qualified_rate` is of the leads; `cycle` is in days.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("leads", CellKind::Count),
    column("qualified", CellKind::Count),
    column("qualified_rate", CellKind::Ratio),
    column("deals", CellKind::Count),
    column("won", CellKind::Count),
    column("won_amount", CellKind::Money),
    column("win_rate", CellKind::Ratio),
    column("cycle", CellKind::Days),
];

const DEFINITION: &str = "per source: customers who became leads in the period, and how many of these are qualified or further \
    on by now; deals of the source opened in the period, abandoned ones left out; won in the period and their amount; win rate \
    = won / (won + lost) in the period; cycle = mean days from opening to close of won deals";

/// The figures of one source.
#[derive(Debug, Clone, Default)]
struct Line {
    leads: i64,
    qualified: i64,
    /// Opened, won, lost; none where the filters make no sense for deals.
    deals: Option<[Side; 3]>,
}

impl Line {
    fn add(&mut self, other: &Line) {
        self.leads += other.leads;
        self.qualified += other.qualified;
        if let Some(other) = other.deals {
            let mine = self.deals.get_or_insert_default();
            for (mine, theirs) in mine.iter_mut().zip(&other) {
                mine.add(theirs);
            }
        }
    }

    fn is_empty(&self) -> bool {
        let deals = self
            .deals
            .is_none_or(|sides| sides.iter().all(|side| side.deals == 0));
        self.leads == 0 && deals
    }

    fn cells(&self, name: Cell, currency: Currency) -> Vec<Cell> {
        let mut cells = vec![
            name,
            Cell::Count(self.leads),
            Cell::Count(self.qualified),
            ratio(self.qualified, self.leads),
        ];
        match &self.deals {
            Some([opened, won, lost]) => cells.extend([
                Cell::Count(opened.deals),
                Cell::Count(won.deals),
                money(i128::from(won.amount), 1, currency),
                rate(won.deals, lost.deals),
                mean_days(won.days, won.deals),
            ]),
            None => cells.extend(std::iter::repeat_n(Cell::Null, 5)),
        }
        cells
    }
}

/// Makes the report; over all time unless asked otherwise. Filters are of customers; where one makes no sense for deals,
/// their figures are missing.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    request.dimension(NAME, BY)?;
    let period = request.period.unwrap_or(Period::ALL);
    let mut lines: Lines<Line> = Lines::new();
    for (key, heading, counts) in
        leads::lines(tx, request, Group::Source)?.sorted(Group::Source, Counts::leads)
    {
        let line = lines.at(&key, &heading);
        line.leads = counts.leads();
        line.qualified = counts.converted;
    }
    let knows_deals = deals(tx, request, period, &mut lines)?;
    if knows_deals {
        lines.each(|line| {
            line.deals.get_or_insert_default();
        });
    }
    let sorted: Vec<(Key, Heading, Line)> = lines.sorted(Group::Source, |line| line.leads);
    let names = Names::of(Group::Source, sorted.iter().map(|(_, heading, _)| heading));
    let currency = tx.base_currency()?;
    let mut all = Line {
        deals: knows_deals.then(Default::default),
        ..Line::default()
    };
    let mut rows = Vec::with_capacity(sorted.len());
    for (_, heading, line) in &sorted {
        all.add(line);
        if !line.is_empty() {
            rows.push(line.cells(names.cell(Group::Source, heading), currency));
        }
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: Some(Dimension::Source),
        columns: COLUMNS,
    };
    let left_out = match &all.deals {
        Some([_, won, _]) => groups::without_amount(&[*won]),
        None => Vec::new(),
    };
    let totals = all.cells(Cell::Null, currency);
    Ok(frame.report(tx, request, rows, totals, left_out))
}

/// Adds the deals of every source; false where the filters make no sense for deals.
fn deals(tx: &ReadTx<'_>, request: &Request, period: Period, lines: &mut Lines<Line>) -> Result<bool> {
    let Some(condition) = request.condition_where_fitting(tx, Noun::Deal)? else {
        return Ok(false);
    };
    let closed = Which::Closed(&[StageType::Won, StageType::Lost], period);
    for (which, first) in [(Which::Opened(period), 0), (closed, 1)] {
        let deals = Deals {
            condition: &condition,
            which,
        };
        for tally in rollups::tallies(tx, &deals, Group::Source)? {
            let sides = lines.at(&tally.key, &tally.heading).deals.get_or_insert_default();
            for (place, side) in sides.iter_mut().skip(first).zip(&tally.sides) {
                *place = *side;
            }
        }
    }
    Ok(true)
}

/// The leads of the period.
pub(super) fn records(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    leads::records(tx, request)
}
