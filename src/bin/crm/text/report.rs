//! The figures of a report as values: what stands in a cell, for people and for machines, and how long its bar is.

use crm::domain::clock::Clock;
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::report::{Cell, CellKind, Report};

use crate::text::display;

/// A figure that is not known.
pub(crate) const UNKNOWN: &str = "–";
/// What the row of totals is called.
pub(crate) const TOTAL: &str = "total";
/// A single row with more columns than this stands upright, a line for each figure.
const UPRIGHT: usize = 8;

/// How a column is laid out. A share and a mean have places that no field has, so their values are texts.
pub(crate) fn field(kind: CellKind) -> FieldType {
    match kind {
        CellKind::Count | CellKind::Days | CellKind::Mean | CellKind::Any => FieldType::Integer,
        CellKind::Ratio => FieldType::Percent,
        CellKind::Money => FieldType::Money,
        CellKind::Seconds => FieldType::Duration,
        CellKind::Day => FieldType::Date,
        CellKind::Text => FieldType::Text,
    }
}

/// The value of a figure; for people one that is not known has a sign.
pub(crate) fn value(cell: &Cell, people: bool) -> Value {
    let known = |text: Option<String>| match text {
        None if people => Value::text(UNKNOWN),
        text => Value::text(text.unwrap_or_default()),
    };
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => Value::text(text.as_str()),
        Cell::Count(count) => Value::Int(*count),
        Cell::Money(money) => Value::Money(*money),
        Cell::Ratio(..) => Value::text(
            cell.percent(2)
                .map_or_else(|| UNKNOWN.to_owned(), |percent| format!("{percent}%")),
        ),
        Cell::Mean(..) => known(cell.days()),
        Cell::Days(_) => Value::text(cell.days().unwrap_or_default()),
        Cell::Seconds(seconds) => Value::Seconds(*seconds),
        Cell::Day(day) => Value::Date(*day),
    }
}

/// A figure on one line, for people.
pub(crate) fn shown(cell: &Cell, kind: CellKind, clock: &Clock) -> String {
    display::cell(&value(cell, true), field(kind), clock)
}

/// What the totals are called in their first cell, and their figures behind it.
pub(crate) fn totals(report: &Report, people: bool) -> Vec<Value> {
    let mut totals: Vec<Value> = report.totals.iter().map(|cell| value(cell, people)).collect();
    if let Some(first) = totals.first_mut() {
        *first = Value::text(TOTAL);
    }
    totals
}

/// Whether the report is one row of so many figures that they stand below one another.
pub(crate) fn is_upright(report: &Report) -> bool {
    let is_one = report.rows.len() <= 1 && report.by == "all" && !report.totals.is_empty();
    is_one && report.columns.len() > UPRIGHT
}

/// The column that a bar shows: the first share or amount, else the number of everything.
pub(crate) fn measured(report: &Report) -> Option<usize> {
    let columns = &report.columns;
    if columns.iter().any(|column| column.kind == CellKind::Any) {
        return None;
    }
    columns
        .iter()
        .position(|column| matches!(column.kind, CellKind::Ratio | CellKind::Money))
        .filter(|at| *at < 5)
        .or_else(|| columns.iter().position(|column| column.name == "total"))
}

/// How long the bar of a figure is, on a scale of its own.
pub(crate) fn size(cell: &Cell) -> i64 {
    match cell {
        Cell::Ratio(part, whole) => i64::try_from(part.saturating_mul(1_000) / (*whole).max(1)).unwrap_or(0),
        Cell::Money(money) => money.minor,
        Cell::Count(count) => *count,
        _ => 0,
    }
}
