//! What only this program knows of a record: `X-CRM-` and the name of the field, a text or JSON.
//!
//! So what comes back unchanged is the same record. Whatever has a property that others read is not here, and what
//! others change there counts.

use crate::domain::field::FieldType;
use crate::domain::input::{Assignment, Input};
use crate::domain::value::Value;
use crate::wire::column::Column;
use crate::wire::json;
use crate::wire::read::json as read;

use super::property::Property;
use super::write::Lines;

/// How the names of such properties begin.
const PREFIX: &str = "X-CRM-";

/// Fields that follow from others, lead to places on one machine, or tell what was before.
const DERIVED: &[&str] = &[
    "last_activity",
    "next_task",
    "open_tasks",
    "open_deals",
    "quiet_on",
    "due_at",
    "kind",
    "attachments",
    "letter",
    "intervals",
];

/// True for a property of this program.
pub(crate) fn is_own(property: &Property) -> bool {
    property.name.starts_with(PREFIX)
}

/// The field of which a property of this program tells.
fn field(property: &Property) -> Option<String> {
    let name = property.name.strip_prefix(PREFIX)?;
    Some(name.to_lowercase().replace('-', "_"))
}

/// Writes the columns that `said` does not name, as far as anything is known.
pub(crate) fn write(lines: &mut Lines, columns: &[Column], row: &[Value], said: &[&str]) {
    let mut custom = Vec::new();
    for (column, value) in columns.iter().zip(row) {
        let name = column.name.as_str();
        if value.is_empty() || said.contains(&name) || DERIVED.contains(&name) {
            continue;
        }
        if let Some(key) = name.strip_prefix("fields.") {
            custom.push((key, tree(value, column.kind)));
            continue;
        }
        if name.contains('.') {
            // Of another record.
            continue;
        }
        let head = format!("{PREFIX}{}", name.to_uppercase().replace('_', "-"));
        match tree(value, column.kind) {
            // A text that would be read as something else, or lose letters, is written as JSON too.
            serde_json::Value::String(text) if text.starts_with(['{', '[', '"']) || !survives(&text) => {
                lines.text(&head, &json_text(&text));
            }
            serde_json::Value::String(text) => lines.text(&head, &text),
            other => lines.text(&head, &other.to_string()),
        }
    }
    if !custom.is_empty() {
        let object: serde_json::Map<String, serde_json::Value> = custom
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect();
        let text = serde_json::Value::Object(object).to_string();
        lines.text(&format!("{PREFIX}FIELDS"), &text);
    }
}

/// True for a text that comes back from a property as it is.
pub(crate) fn survives(text: &str) -> bool {
    text.trim() == text
        && text
            .chars()
            .all(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
}

/// What comes back of a text.
pub(crate) fn what_survives(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t'))
        .collect();
    plain.trim().to_owned()
}

/// A text as JSON without a control character; those beyond ASCII too, which JSON itself would leave.
fn json_text(text: &str) -> String {
    let mut json = String::new();
    for letter in serde_json::Value::String(text.to_owned()).to_string().chars() {
        match u32::from(letter) {
            code @ (0x7f..=0x9f) => json.push_str(&format!("\\u{code:04x}")),
            _ => json.push(letter),
        }
    }
    json
}

fn tree(value: &Value, kind: FieldType) -> serde_json::Value {
    json::value(value, kind, json::Options { full: true })
}

/// The fields that properties of this program tell of, as cells.
pub(crate) fn cells(properties: &[Property]) -> Vec<Assignment> {
    let own = properties.iter().filter(|property| is_own(property));
    own.filter_map(|property| {
        let text = property.text();
        let input = match text.chars().next() {
            Some('{' | '[' | '"') => read::parse(&text).unwrap_or(Input::Text(text)),
            _ => Input::Text(text),
        };
        Some((field(property)?, input))
    })
    .collect()
}
