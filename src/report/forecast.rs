//! What will be won in a period: by category, alone and together, and weighted by probability.

use crate::domain::money::Currency;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::report::cell::money;
use crate::report::groups::{self, Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::{self, Deals, Group, Heading, Key, Side, Which};

/// The name.
pub const NAME: &str = "forecast";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[
    Dimension::Owner,
    Dimension::Team,
    Dimension::Month,
    Dimension::Quarter,
    Dimension::Pipeline,
    Dimension::Source,
    Dimension::Customer,
];

/// The columns. `closed` to `pipeline` are single categories, the last three amounts of forecasts are cumulative; `deals` counts the open
/// deals expected in the period, `no_amount` those of them that are in no sum.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("closed", CellKind::Money),
    column("commit", CellKind::Money),
    column("best_case", CellKind::Money),
    column("pipeline", CellKind::Money),
    column("weighted", CellKind::Money),
    column("commit_forecast", CellKind::Money),
    column("best_case_forecast", CellKind::Money),
    column("open_pipeline", CellKind::Money),
    column("deals", CellKind::Count),
    column("no_amount", CellKind::Count),
    column("overdue", CellKind::Count),
    column("overdue_amount", CellKind::Money),
];

const DEFINITION: &str = "closed = won in the period; commit, best case, pipeline = open deals of the category expected \
    in it; commit forecast = closed + commit; best-case forecast = closed + commit + best case; open pipeline = commit + \
    best case + pipeline; weighted = closed + open amounts x probability; overdue = open deals expected before today, \
    which are in the sums too if that day is in the period";

/// The figures of one group.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Outlook {
    /// Won in the period.
    pub(crate) closed: Side,
    /// Open and expected in the period, by category: commit, best case, pipeline.
    pub(crate) open: [Side; 3],
    /// Open and expected in the period, in none of these categories.
    pub(crate) omitted: Side,
    /// Open and expected before today.
    pub(crate) overdue: Side,
}

impl Outlook {
    fn add(&mut self, other: &Outlook) {
        self.closed.add(&other.closed);
        self.omitted.add(&other.omitted);
        self.overdue.add(&other.overdue);
        for (mine, theirs) in self.open.iter_mut().zip(&other.open) {
            mine.add(theirs);
        }
    }

    /// What is open in all three categories.
    pub(crate) fn open_all(&self) -> Side {
        let mut all = Side::default();
        for side in &self.open {
            all.add(side);
        }
        all
    }

    fn cells(&self, name: Cell, currency: Currency) -> Vec<Cell> {
        let [commit, best_case, pipeline] = self.open.map(|side| i128::from(side.amount));
        let closed = i128::from(self.closed.amount);
        let open = self.open_all();
        let amount = |sum: i128| money(sum, 1, currency);
        vec![
            name,
            amount(closed),
            amount(commit),
            amount(best_case),
            amount(pipeline),
            money(closed * 100 + open.weighted, 100, currency),
            amount(closed + commit),
            amount(closed + commit + best_case),
            amount(commit + best_case + pipeline),
            Cell::Count(open.deals),
            Cell::Count(open.deals - open.in_sum),
            Cell::Count(self.overdue.deals),
            amount(i128::from(self.overdue.amount)),
        ]
    }
}

/// The period that a request is about: this quarter unless it says otherwise.
pub(crate) fn period(tx: &ReadTx<'_>, request: &Request) -> Result<Period> {
    super::period::or_phrase(tx.caller(), request.period, "this-quarter")
}

/// The outlook of every group, in the order of the rows.
pub(crate) fn outlooks(
    tx: &ReadTx<'_>,
    condition: &Condition,
    period: Period,
    group: Group,
) -> Result<Vec<(Key, Heading, Outlook)>> {
    let today = tx.caller().clock.today();
    let mut lines: Lines<Outlook> = Lines::new();
    let walk = |which| rollups::tallies(tx, &Deals { condition, which }, group);
    for tally in walk(Which::Closed(&[StageType::Won], period))? {
        lines.at(&tally.key, &tally.heading).closed = groups::side(&tally.sides, 0);
    }
    for tally in walk(Which::Expected(period))? {
        let outlook = lines.at(&tally.key, &tally.heading);
        for (at, side) in outlook.open.iter_mut().enumerate() {
            *side = groups::side(&tally.sides, at);
        }
        outlook.omitted = groups::side(&tally.sides, outlook.open.len());
    }
    for tally in walk(Which::Overdue(today))? {
        lines.at(&tally.key, &tally.heading).overdue = groups::side(&tally.sides, 0);
    }
    Ok(lines.sorted(group, |outlook| outlook.closed.deals + outlook.open_all().deals))
}

/// Makes the report; for this quarter and as one row of all unless asked otherwise. A month or quarter takes what was
/// closed in it and what is expected in it.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, BY)?;
    let group = by.map_or(Group::All, Dimension::group);
    let condition = request.condition(tx)?;
    let period = period(tx, request)?;
    let currency = tx.base_currency()?;
    let outlooks = outlooks(tx, &condition, period, group)?;
    let names = Names::of(group, outlooks.iter().map(|(_, heading, _)| heading));
    let mut all = Outlook::default();
    let mut rows = Vec::with_capacity(outlooks.len());
    for (_, heading, outlook) in &outlooks {
        all.add(outlook);
        let has_something = outlook.closed.deals + outlook.open_all().deals + outlook.overdue.deals > 0;
        if has_something {
            rows.push(outlook.cells(names.cell(group, heading), currency));
        }
    }
    let mut left_out = groups::without_amount(&[all.closed, all.open_all()]);
    left_out.push(("omitted from forecasts".to_owned(), all.omitted.deals));
    if period != Period::ALL {
        let undated = Deals {
            condition: &condition,
            which: Which::OpenUndated,
        };
        let undated = rollups::total(tx, &undated)?;
        left_out.push(("no expected close".to_owned(), groups::side(&undated, 0).deals));
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by,
        columns: COLUMNS,
    };
    let totals = all.cells(Cell::Null, currency);
    Ok(frame.report(tx, request, rows, totals, left_out))
}
