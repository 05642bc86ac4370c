//! Tables in Markdown: full values, names instead of refs, no alignment by blanks.

use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::wire::cell;
use crm::wire::column::Column;

use crate::text::display::is_right;

/// The two lines at the head of a table.
pub(crate) fn head(columns: &[Column]) -> String {
    let names: Vec<String> = columns.iter().map(|column| escaped(&column.name)).collect();
    let rule = |kind: FieldType| if is_right(kind) { "---:" } else { "---" };
    let rules: Vec<String> = columns
        .iter()
        .map(|column| rule(column.kind).to_owned())
        .collect();
    line(&names) + &line(&rules)
}

/// A row of so many columns.
pub(crate) fn row(columns: usize, row: &[Value]) -> String {
    let cells: Vec<String> = (0..columns)
        .map(|at| escaped(&plain(row.get(at).unwrap_or(&Value::Null))))
        .collect();
    line(&cells)
}

fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The text of a value: that of a cell, but with the currency in it, and names of other records.
fn plain(value: &Value) -> String {
    match value {
        Value::Money(money) => money.to_string(),
        Value::Link(link) => link.name.clone(),
        Value::List(items) if !items.iter().any(|item| matches!(item, Value::Map(_))) => {
            items.iter().map(plain).collect::<Vec<_>>().join("; ")
        }
        other => cell::cell(other),
    }
}

/// What would end a cell or a row, made text.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace("\r\n", "<br>")
        .replace(['\n', '\r'], "<br>")
}
