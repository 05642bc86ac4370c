//! The story of a record in words: each entry as one text.

use crm::domain::clock::Clock;
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::report::story::{Entry, Fact};

use crate::text::display;

/// What stands between the parts of an entry.
const BETWEEN: &str = " · ";

/// What an entry says, each value as `shown` shows it.
pub(crate) fn said(entry: &Entry, shown: &dyn Fn(&Fact) -> String) -> String {
    let facts = entry.facts.iter().map(shown);
    let value = |value: &Value| {
        shown(&Fact {
            value: value.clone(),
            kind: FieldType::Text,
        })
    };
    let changes = entry
        .changes
        .iter()
        .map(|(field, old, new)| changed(field, (old, new), &value));
    let all: Vec<String> = changes.chain(facts).filter(|text| !text.is_empty()).collect();
    // What begins a list of its own ends with a colon.
    all.join(BETWEEN).replace(&format!(":{BETWEEN}"), ": ")
}

/// A field that was something and became something else.
pub(crate) fn changed(field: &str, (old, new): (&Value, &Value), shown: &dyn Fn(&Value) -> String) -> String {
    let field = field.replace('_', " ");
    match (field.as_str(), old.is_empty(), new.is_empty()) {
        ("deleted at", true, _) => "moved to the trash".to_owned(),
        ("deleted at", false, true) => "taken out of the trash".to_owned(),
        (_, true, _) => format!("added {field} {}", shown(new)),
        (_, false, true) => format!("removed {field} {}", shown(old)),
        (_, false, false) => format!("{field} {} → {}", shown(old), shown(new)),
    }
}

/// A value of a story on a terminal.
pub(crate) fn fact(fact: &Fact, clock: &Clock) -> String {
    match (&fact.value, fact.kind) {
        (Value::Text(key), FieldType::Choice(_) | FieldType::Word(_)) => key.replace('_', " "),
        (Value::Link(_) | Value::Text(_), kind) => display::lines(&fact.value, kind, clock),
        (_, kind) => display::cell(&fact.value, kind, clock),
    }
}
