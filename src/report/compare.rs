//! A report beside the same one of the period before.

use std::collections::HashMap;

use crate::domain::money::{Currency, Money};
use crate::error::{Error, Result};
use crate::report::{Cell, CellKind, Dimension, Entry, Report, Request, column, entry};
use crate::store::ReadTx;

/// Makes the report called `name` with three more columns behind the one that is compared: `previous` is the figure that is compared in the period
/// before, of equal length, `delta` the difference, of rates in points, and `change` the difference by the previous one.
///
/// A group that only the period before has comes last, with figures of zero.
///
/// # Errors
///
/// `Usage` for a report that is not compared, for a period without anything before it, and for rows by month or
/// quarter, which are different ones in every period.
pub fn run(tx: &ReadTx<'_>, name: &str, request: &Request) -> Result<Report> {
    let entry = entry(name)?;
    let compared = compared(entry, request)?;
    let period = super::period::or_phrase(tx.caller(), request.period, entry.period)?;
    let before = super::period::before(period)?;
    let of = |period| {
        let request = Request {
            period: Some(period),
            ..request.clone()
        };
        (entry.run)(tx, &request)
    };
    let (mut report, earlier) = (of(period)?, of(before)?);
    let Some(at) = report.columns.iter().position(|column| column.name == compared) else {
        return Err(Error::internal(format!("{name} has no column {compared}")));
    };
    beside(&mut report, &earlier, at, tx.base_currency()?);
    let kind = report.columns.get(at).map_or(CellKind::Any, |column| column.kind);
    let more = [
        column("previous", kind),
        column("delta", kind),
        column("change", CellKind::Ratio),
    ];
    report.columns.splice(at + 1..at + 1, more);
    report.definition.push_str(&format!(
        "; previous = {} in {}",
        compared.replace('_', " "),
        before.label()
    ));
    Ok(report)
}

/// The column that is compared.
fn compared(entry: &Entry, request: &Request) -> Result<&'static str> {
    let Some(compared) = entry.compared else {
        let comparable = super::REPORTS.iter().filter(|entry| entry.compared.is_some());
        let names = comparable.map(|entry| entry.name.to_owned()).collect();
        let message = format!("the report {} is not compared with the period before", entry.name);
        return Err(Error::usage(message).with_near(names));
    };
    match request.by {
        Some(by @ (Dimension::Month | Dimension::Quarter)) => Err(Error::usage(format!(
            "rows by {} are not the same ones in the period before",
            by.name()
        ))),
        _ => Ok(compared),
    }
}

/// Puts the cells of the comparison behind every row and the totals.
fn beside(report: &mut Report, earlier: &Report, at: usize, currency: Currency) {
    let kinds: Vec<CellKind> = report.columns.iter().map(|column| column.kind).collect();
    let nothing: Vec<Cell> = kinds.iter().map(|kind| zero(*kind, currency)).collect();
    let of = |row: &[Cell]| row.get(at).cloned().unwrap_or(Cell::Null);
    let mut known: HashMap<String, Cell> = earlier.rows.iter().map(|row| (key(row), of(row))).collect();
    for row in &mut report.rows {
        let previous = known.remove(&key(row)).unwrap_or_else(|| of(&nothing));
        extend(row, at, previous);
    }
    for row in &earlier.rows {
        let Some(previous) = known.remove(&key(row)) else {
            continue;
        };
        let mut gone = nothing.clone();
        if let (Some(first), Some(name)) = (gone.first_mut(), row.first()) {
            *first = name.clone();
        }
        extend(&mut gone, at, previous);
        report.rows.push(gone);
    }
    extend(&mut report.totals, at, of(&earlier.totals));
}

/// What tells a row from the others.
fn key(row: &[Cell]) -> String {
    match row.first() {
        Some(Cell::Text(name)) => format!("={name}"),
        _ => String::new(),
    }
}

/// The figure of a group that has nothing.
fn zero(kind: CellKind, currency: Currency) -> Cell {
    match kind {
        CellKind::Count => Cell::Count(0),
        CellKind::Money => Cell::Money(Money { minor: 0, currency }),
        CellKind::Ratio => Cell::Ratio(0, 0),
        _ => Cell::Null,
    }
}

/// Adds the three cells of the comparison.
fn extend(row: &mut Vec<Cell>, at: usize, previous: Cell) {
    let Some(now) = row.get(at).cloned() else { return };
    let (delta, change) = (delta(&now, &previous), change(&now, &previous));
    row.splice(at + 1..at + 1, [previous, delta, change]);
}

/// What there is more now than before; of shares in points of one. None where either is not known.
pub(super) fn delta(now: &Cell, before: &Cell) -> Cell {
    match (now, before) {
        (Cell::Count(now), Cell::Count(before)) => Cell::Count(now - before),
        (Cell::Money(now), Cell::Money(before)) => Cell::Money(Money {
            minor: now.minor.saturating_sub(before.minor),
            currency: now.currency,
        }),
        (Cell::Ratio(part, whole), Cell::Ratio(before, all)) if *whole != 0 && *all != 0 => {
            let more = part
                .saturating_mul(*all)
                .saturating_sub(before.saturating_mul(*whole));
            Cell::Ratio(more, whole.saturating_mul(*all))
        }
        (Cell::Days(now), Cell::Days(before)) => Cell::Days(now - before),
        (Cell::Ratio(..), Cell::Ratio(..)) => Cell::Ratio(0, 0),
        _ => Cell::Null,
    }
}

/// The difference by what there was before; none where there was nothing, and for shares.
pub(super) fn change(now: &Cell, before: &Cell) -> Cell {
    let (now, before) = match (now, before) {
        (Cell::Count(now), Cell::Count(before)) => (i128::from(*now), i128::from(*before)),
        (Cell::Money(now), Cell::Money(before)) => (i128::from(now.minor), i128::from(before.minor)),
        // To the thousandth of a day, which is closer than anybody looks.
        (Cell::Days(now), Cell::Days(before)) => ((now * 1000.0) as i128, (before * 1000.0) as i128),
        _ => (0, 0),
    };
    Cell::Ratio(now - before, before.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_and_changes() {
        let euros = |minor| {
            Cell::Money(Money {
                minor,
                currency: Currency::parse("EUR").unwrap(),
            })
        };
        for (now, before, more, by) in [
            (Cell::Count(6), Cell::Count(4), Cell::Count(2), Some("50.0")),
            (Cell::Count(1), Cell::Count(4), Cell::Count(-3), Some("-75.0")),
            (Cell::Count(1), Cell::Count(0), Cell::Count(1), None),
            (euros(150), euros(100), euros(50), Some("50.0")),
            (euros(150), Cell::Null, Cell::Null, None),
            (
                Cell::Days(30.0),
                Cell::Days(40.0),
                Cell::Days(-10.0),
                Some("-25.0"),
            ),
            (Cell::Ratio(1, 2), Cell::Ratio(1, 4), Cell::Ratio(2, 8), None),
            (Cell::Ratio(1, 2), Cell::Ratio(0, 0), Cell::Ratio(0, 0), None),
        ] {
            assert_eq!(delta(&now, &before), more, "{now:?} after {before:?}");
            let change = change(&now, &before);
            assert_eq!(change.percent(1).as_deref(), by, "{now:?} after {before:?}");
        }
    }
}
