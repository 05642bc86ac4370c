//! What is open: the deals of the pipeline, plain and weighted by probability.

use crate::domain::money::Currency;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::report::cell::money;
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column, groups};
use crate::store::ReadTx;
use crate::store::rollups::{self, Deals, Key, Side, Tally, Which};

/// The name.
pub const NAME: &str = "pipeline";

/// The columns. `deals` counts those without an amount too; `no_amount` says how many they are.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("deals", CellKind::Count),
    column("amount", CellKind::Money),
    column("weighted", CellKind::Money),
    column("no_amount", CellKind::Count),
];

const DEFINITION: &str = "open pipeline = sum of the amounts of deals open now; \
    weighted = sum of amount x probability; closed deals never enter";

/// The figures of one group of open deals.
#[derive(Debug, Clone)]
pub struct Figures {
    /// The group; none for all deals together.
    pub key: Key,
    /// What it is called; none for all deals, and for those that have nothing there.
    pub name: Option<String>,
    side: Side,
    currency: Currency,
}

impl Figures {
    /// How many deals, those without an amount too.
    pub fn deals(&self) -> i64 {
        self.side.deals
    }

    /// The sum of their amounts in the base currency.
    pub fn amount(&self) -> Cell {
        money(i128::from(self.side.amount), 1, self.currency)
    }

    /// The sum of their amounts, each times its probability, in the base currency.
    pub fn weighted(&self) -> Cell {
        money(self.side.weighted, 100, self.currency)
    }

    /// How many are not in the sums, because they have no amount or there is no rate for it.
    pub fn no_amount(&self) -> i64 {
        self.side.deals - self.side.in_sum
    }

    /// How many have an amount that is not in the sums, because there is no rate for its currency.
    pub fn no_rate(&self) -> i64 {
        self.side.with_amount - self.side.in_sum
    }

    fn cells(&self, name: Cell) -> Vec<Cell> {
        vec![
            name,
            Cell::Count(self.deals()),
            self.amount(),
            self.weighted(),
            Cell::Count(self.no_amount()),
        ]
    }
}

/// The figures of every group of the deals that are open now, in the order of the report. This visits all of them.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn figures(tx: &ReadTx<'_>, condition: &Condition, by: Dimension) -> Result<Vec<Figures>> {
    let deals = Deals {
        condition,
        which: Which::Open(Period::ALL),
    };
    let groups = groups::read(tx, &deals, by.group())?;
    let currency = tx.base_currency()?;
    let figures = |tally: Tally| Figures {
        name: tally.heading.name,
        side: groups::side(&tally.sides, 0),
        key: tally.key,
        currency,
    };
    Ok(groups.tallies.into_iter().map(figures).collect())
}

/// Makes the report; by stage unless asked otherwise. A period keeps the deals that should close in it; months and
/// quarters are those of the expected close.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let condition = request.condition(tx)?;
    let period = request.period.unwrap_or(Period::ALL);
    let by = request.by.unwrap_or(Dimension::Stage);
    let deals = Deals {
        condition: &condition,
        which: Which::Open(period),
    };
    let currency = tx.base_currency()?;
    let groups = groups::read(tx, &deals, by.group())?;
    let names = groups.names(by.group());
    let figures = |key: Key, side: Side| Figures {
        key,
        name: None,
        side,
        currency,
    };
    let rows = groups.tallies.iter().map(|tally| {
        let name = names.cell(by.group(), &tally.heading);
        figures(tally.key.clone(), groups::side(&tally.sides, 0)).cells(name)
    });
    let mut left_out = groups::without_amount(&groups.totals);
    if period != Period::ALL {
        let undated = Deals {
            which: Which::OpenUndated,
            ..deals
        };
        let undated = rollups::total(tx, &undated)?;
        left_out.push(("no expected close".to_owned(), groups::side(&undated, 0).deals));
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: Some(by),
        columns: COLUMNS,
    };
    let totals = figures(Key::None, groups.total(0)).cells(Cell::Null);
    Ok(frame.report(tx, request, rows.collect(), totals, left_out))
}
