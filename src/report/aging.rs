//! How long open deals have been where they are.

use crate::domain::money::Currency;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::cell::money;
use crate::report::groups::{self, Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::Side;
use crate::store::rollups::aging::{self, Ages, BUCKETS};

/// The name.
pub const NAME: &str = "aging";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[
    Dimension::Stage,
    Dimension::Owner,
    Dimension::Team,
    Dimension::Pipeline,
    Dimension::Source,
    Dimension::Customer,
];

/// The columns: of the deals in a bucket by the days in their stage, and of those in it by their whole age, how many
/// there are and what they are worth.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("days", CellKind::Text),
    column("in_stage", CellKind::Count),
    column("in_stage_amount", CellKind::Money),
    column("in_all", CellKind::Count),
    column("in_all_amount", CellKind::Money),
];

/// The names of the buckets.
const NAMES: [&str; BUCKETS] = ["0-7", "8-14", "15-30", "31-60", "61-90", ">90"];

const DEFINITION: &str = "open deals by age: in stage = today - day on which the deal came into its stage; \
    in all = today - day on which it was opened";

/// Makes the report; by stage unless asked otherwise. A period keeps the deals that should close in it.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, BY)?.unwrap_or(Dimension::Stage);
    let group = by.group();
    let condition = request.condition(tx)?;
    let period = request.period.unwrap_or(Period::ALL);
    let today = tx.caller().clock.today();
    let currency = tx.base_currency()?;
    let mut lines: Lines<Ages> = Lines::new();
    for (key, heading, ages) in aging::ages(tx, &condition, period, today, group)? {
        *lines.at(&key, &heading) = ages;
    }
    let lines = lines.sorted(group, |ages| sum(&ages.in_all).deals);
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut rows = Vec::with_capacity(lines.len() * BUCKETS);
    let mut all = Ages::default();
    for (_, heading, ages) in &lines {
        let name = names.cell(group, heading);
        let buckets = NAMES.iter().zip(ages.in_stage.iter().zip(&ages.in_all));
        for (bucket, (in_stage, in_all)) in buckets {
            let bucket = Cell::Text((*bucket).to_owned());
            rows.push(cells(name.clone(), bucket, in_stage, in_all, currency));
        }
        for (mine, theirs) in all.in_stage.iter_mut().zip(&ages.in_stage) {
            mine.add(theirs);
        }
        for (mine, theirs) in all.in_all.iter_mut().zip(&ages.in_all) {
            mine.add(theirs);
        }
    }
    let (in_stage, in_all) = (sum(&all.in_stage), sum(&all.in_all));
    let totals = cells(Cell::Null, Cell::Null, &in_stage, &in_all, currency);
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: Some(by),
        columns: COLUMNS,
    };
    let left_out = groups::without_amount(&[in_all]);
    Ok(frame.report(tx, request, rows, totals, left_out))
}

fn sum(sides: &[Side]) -> Side {
    let mut all = Side::default();
    for side in sides {
        all.add(side);
    }
    all
}

fn cells(name: Cell, bucket: Cell, in_stage: &Side, in_all: &Side, currency: Currency) -> Vec<Cell> {
    vec![
        name,
        bucket,
        Cell::Count(in_stage.deals),
        money(i128::from(in_stage.amount), 1, currency),
        Cell::Count(in_all.deals),
        money(i128::from(in_all.amount), 1, currency),
    ]
}
