//! What customers still owe, and how late it is.

use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::{Error, Result};
use crate::report::cell::money;
use crate::report::drill::Drill;
use crate::report::groups::{Lines, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::receivables::{Debtor, Owed, receivables};

/// The name.
pub const NAME: &str = "receivables";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[Dimension::Customer, Dimension::Owner];

/// The columns: how many orders are not paid, what is still to come of them, and how many days that is late.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("orders", CellKind::Count),
    column("receivable", CellKind::Money),
    column("current", CellKind::Money),
    column("1-30", CellKind::Money),
    column("31-60", CellKind::Money),
    column("61-90", CellKind::Money),
    column(">90", CellKind::Money),
];

const DEFINITION: &str = "receivable = total - paid of orders that are confirmed and not paid, in the base currency at the \
    rate of the order; late = today - day on which the part was due, of the plan or of the order; without a day it is current";

/// Makes the report; by customer unless asked otherwise.
///
/// # Errors
///
/// `Usage` for a period: what is owed is owed today.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    if request.period.is_some_and(|period| period != Period::ALL) {
        return Err(Error::usage(
            "what is owed is owed today; filter by ordered_on for the orders of a period",
        ));
    }
    let by = request.dimension(NAME, BY)?.unwrap_or(Dimension::Customer);
    let (group, debtor) = match by {
        Dimension::Owner => (by.group(), Debtor::Owner),
        _ => (by.group(), Debtor::Customer),
    };
    let condition = request.condition_on(tx, Noun::Order)?;
    let currency = tx.base_currency()?;
    let today = tx.caller().clock.today();
    let mut lines: Lines<Owed> = Lines::new();
    for (key, heading, owed) in receivables(tx, &condition, debtor, today)? {
        *lines.at(&key, &heading) = owed;
    }
    let lines = lines.sorted(group, |owed| owed.ages.iter().sum());
    let names = Names::of(group, lines.iter().map(|(_, heading, _)| heading));
    let mut all = Owed::default();
    let mut rows = Vec::with_capacity(lines.len());
    for (_, heading, owed) in &lines {
        all.add(owed);
        rows.push(cells(names.cell(group, heading), owed, currency));
    }
    let totals = cells(Cell::Null, &all, currency);
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period: Period::ALL,
        by: Some(by),
        columns: COLUMNS,
    };
    let left_out = vec![("no rate".to_owned(), all.without_rate)];
    Ok(frame.report(tx, request, rows, totals, left_out))
}

/// The orders that are not paid.
pub(super) fn records(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    Ok(Drill::filtered(Noun::Order, request, "is:unpaid".to_owned()))
}

fn cells(name: Cell, owed: &Owed, currency: Currency) -> Vec<Cell> {
    let amount = |minor: i64| money(i128::from(minor), 1, currency);
    let mut cells = vec![name, Cell::Count(owed.orders), amount(owed.ages.iter().sum())];
    cells.extend(owed.ages.map(amount));
    cells
}
