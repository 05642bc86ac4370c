//! The JSON shape of a report: an object whose rows are objects by column.

use serde_json::{Map, Value as Json, json};

use crate::domain::field::FieldType;
use crate::domain::value::Value;
use crate::report::{Cell, Report};
use crate::wire::json::{self, Options};

/// A report as JSON: `report definition as_of zone period filter by rows totals left_out`.
///
/// Ratios are shares of one, days and means are numbers, all unrounded; amounts are objects; what does not exist is null,
/// also the totals of a report without a sum. What is left out is counted by the name of what it is.
pub fn report(report: &Report) -> Json {
    let row = |cells: &[Cell]| {
        let entries = report
            .columns
            .iter()
            .zip(cells)
            .map(|(column, cell)| (column.name.to_owned(), cell_json(cell)));
        Json::Object(entries.collect::<Map<String, Json>>())
    };
    let rows: Vec<Json> = report.rows.iter().map(|cells| row(cells)).collect();
    let left_out: Vec<Json> = report
        .left_out
        .iter()
        .map(|(reason, count)| json!({"reason": reason, report.noun.plural(): count}))
        .collect();
    json!({
        "report": report.name,
        "definition": report.definition,
        "as_of": json::value(&Value::Instant(report.as_of), FieldType::Instant, Options::default()),
        "zone": report.zone,
        "period": report.period,
        "filter": report.filter,
        "by": report.by,
        "rows": rows,
        "totals": if report.totals.is_empty() { Json::Null } else { row(&report.totals) },
        "left_out": left_out,
    })
}

fn cell_json(cell: &Cell) -> Json {
    match cell {
        Cell::Null => Json::Null,
        Cell::Text(text) => Json::from(text.as_str()),
        Cell::Count(count) => Json::from(*count),
        Cell::Money(money) => json::value(&Value::Money(*money), FieldType::Money, Options::default()),
        Cell::Ratio(..) => cell.share().map_or(Json::Null, Json::from),
        Cell::Days(days) => Json::from(*days),
        Cell::Seconds(seconds) => Json::from(*seconds),
        Cell::Mean(..) => cell.mean().map_or(Json::Null, Json::from),
        Cell::Day(day) => Json::from(day.to_string()),
    }
}
