//! What each source brings: leads, deals, money.

use std::collections::BTreeMap;

use crate::domain::money::{Currency, Money};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::{Error, Result};
use crate::ops::typed;
use crate::query::context::Vocabulary;
use crate::report::cell::{mean_days, money, ratio};
use crate::report::drill::Drill;
use crate::report::groups::{self, Lines, Names};
use crate::report::leads::{self, Counts};
use crate::report::win_rate::rate;
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::rollups::{self, Deals, Group, Heading, Key, Side, Which};
use crate::store::{ReadTx, rates};

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

/// Further columns where costs were given; those of the totals are over the sources with a cost.
const OF_COSTS: [ReportColumn; 4] = [
    column("cost", CellKind::Money),
    column("cost_per_lead", CellKind::Money),
    column("cost_per_won", CellKind::Money),
    column("return", CellKind::Ratio),
];

const BY_COSTS: &str = "; cost = as it was given for the period; cost per lead = cost / leads; cost per won = cost / deals won in \
    the period; return = (won amount - cost) / cost; their totals are those of the sources with a cost";

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
    /// What it cost, in minor units of the base currency; none where nobody said it.
    cost: Option<i64>,
}

impl Line {
    fn add(&mut self, other: &Line) {
        self.leads += other.leads;
        self.qualified += other.qualified;
        if let Some(cost) = other.cost {
            self.cost = Some(self.cost.unwrap_or(0).saturating_add(cost));
        }
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
        self.leads == 0 && deals && self.cost.is_none()
    }

    /// The cells of [`OF_COSTS`].
    fn of_costs(&self, currency: Currency) -> [Cell; 4] {
        let Some(cost) = self.cost else {
            return [const { Cell::Null }; 4];
        };
        let won = self.deals.map(|[_, won, _]| won);
        let each = |count: i64| money(i128::from(cost), i128::from(count), currency);
        [
            each(1),
            each(self.leads),
            won.map_or(Cell::Null, |won| each(won.deals)),
            won.map_or(Cell::Null, |won| {
                Cell::Ratio(i128::from(won.amount) - i128::from(cost), i128::from(cost))
            }),
        ]
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
    let costs = costs(tx, &request.costs)?;
    for (source, cost) in &costs {
        let heading = Heading {
            name: Some(source.clone()),
            ..Heading::default()
        };
        let line = lines.at(&Key::Word(source.clone()), &heading);
        line.cost = Some(*cost);
        if knows_deals {
            line.deals.get_or_insert_default();
        }
    }
    let sorted: Vec<(Key, Heading, Line)> = lines.sorted(Group::Source, |line| line.leads);
    let names = Names::of(Group::Source, sorted.iter().map(|(_, heading, _)| heading));
    let currency = tx.base_currency()?;
    let mut all = Line {
        deals: knows_deals.then(Default::default),
        ..Line::default()
    };
    let mut of_costs = Line::default();
    let mut rows = Vec::with_capacity(sorted.len());
    for (_, heading, line) in &sorted {
        all.add(line);
        if line.cost.is_some() {
            of_costs.add(line);
        }
        if !line.is_empty() {
            let mut cells = line.cells(names.cell(Group::Source, heading), currency);
            if !costs.is_empty() {
                cells.extend(line.of_costs(currency));
            }
            rows.push(cells);
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
    let mut totals = all.cells(Cell::Null, currency);
    if costs.is_empty() {
        return Ok(frame.report(tx, request, rows, totals, left_out));
    }
    totals.extend(of_costs.of_costs(currency));
    let mut report = frame.report(tx, request, rows, totals, left_out);
    report.columns.extend(OF_COSTS);
    report.definition.push_str(BY_COSTS);
    Ok(report)
}

/// What sources cost, by their keys, in minor units of the base currency; several costs of one source are added.
fn costs(tx: &ReadTx<'_>, given: &[(String, String)]) -> Result<BTreeMap<String, i64>> {
    let sources = tx.choices("source");
    let base = tx.base_currency()?;
    let mut costs: BTreeMap<String, i64> = BTreeMap::new();
    for (name, amount) in given {
        let Some(source) = typed::matching(&sources, name) else {
            let known = sources.iter().map(|source| source.key.as_str());
            return Err(Error::usage(format!("there is no source {name:?}")).with_near(near(name, known)));
        };
        let money = Money::parse(amount, base)
            .map_err(|why| Error::usage(format!("the cost of {name} is {amount:?}: {why}")))?;
        if money.minor <= 0 {
            return Err(Error::usage(format!(
                "the cost of {name} is {amount:?}: a cost is more than nothing"
            )));
        }
        let rate = rates::current(tx, money.currency)?;
        let Some(cost) = rate.and_then(|rate| money.convert(base, rate)) else {
            return Err(Error::usage(format!("there is no rate for {}", money.currency))
                .context(format!("the cost of {name}")));
        };
        let sum = costs.entry(source.key.clone()).or_default();
        *sum = sum.saturating_add(cost.minor);
    }
    Ok(costs)
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
