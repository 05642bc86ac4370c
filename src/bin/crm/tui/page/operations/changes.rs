//! What an operation changed, in words: which record, or how many rows of what; before and after.

use crm::domain::field::FieldType;
use crm::domain::value::Value;
use jiff::Timestamp;

use crate::text::{cut, display, number, relative, sanitise, story};
use crate::tui::query::work::Touched;
use crate::tui::world::World;

/// The most cells of a value that are shown.
const VALUE: usize = 200;

/// What a change is about: which record, or how many rows of what.
pub(super) fn subject(touched: &Touched) -> String {
    let change = &touched.change;
    let verb = match change.action.as_str() {
        "insert" => "added",
        "delete" => "took away",
        _ => "changed",
    };
    let table = change.table.replace('_', " ");
    let count = change.last_row.raw().saturating_sub(change.row.raw()) + 1;
    match &touched.record {
        Some(record) if count <= 1 && record.noun.prefix().is_some() => {
            let name = sanitise::line(&record.name);
            format!("{verb} {table} {} {name}", record.reference())
        }
        Some(record) if count <= 1 => format!("{verb} {table} {}", sanitise::line(&record.name)),
        _ if count <= 1 => format!("{verb} {table}"),
        _ => format!("{verb} up to {} rows: {table}", number::grouped(count)),
    }
}

/// What a change is about, before and after.
pub(super) fn values(touched: &Touched, world: &World) -> Vec<String> {
    if !touched.edits.is_empty() {
        let shown = |value: &Value| {
            let text = display::cell(value, FieldType::Text, world.clock());
            cut::cut(&text, VALUE).into_owned()
        };
        let edits = touched.edits.iter();
        return edits
            .map(|(field, old, new)| story::changed(field, (old, new), &shown))
            .collect();
    }
    let parse = |text: &Option<String>| -> serde_json::Map<String, serde_json::Value> {
        text.as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    };
    let (before, after) = (parse(&touched.change.before), parse(&touched.change.after));
    let text = |name: &str, value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => "nothing".to_owned(),
        Some(serde_json::Value::String(text)) if text.is_empty() => "nothing".to_owned(),
        Some(serde_json::Value::String(text)) => cut::cut(&sanitise::line(text), VALUE).into_owned(),
        Some(number) if name.ends_with("_at") => match number.as_i64().map(Timestamp::from_millisecond) {
            Some(Ok(at)) => relative::instant(at, world.clock()),
            _ => number.to_string(),
        },
        Some(other) => other.to_string(),
    };
    // What rows are called among themselves tells a person nothing.
    let is_told = |name: &str| {
        !matches!(
            name,
            "id" | "version" | "updated_at" | "updated_by" | "created_by"
        ) && !name.ends_with("_id")
    };
    let names = before
        .keys()
        .chain(after.keys().filter(|name| !before.contains_key(*name)));
    names
        .filter(|name| is_told(name))
        .map(|name| {
            let field = name.replace('_', " ");
            let old = text(name, before.get(name));
            match touched.change.action.as_str() {
                "delete" => format!("{field}: {old}"),
                _ => format!("{field} {old} → {}", text(name, after.get(name))),
            }
        })
        .collect()
}
