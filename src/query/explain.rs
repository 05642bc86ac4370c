//! Shows a plan to a person: a tree with keys found and dates resolved.

use crate::domain::value::Value;
use crate::query::plan::{Bound, Condition, Record, Test};

/// The plan as an indented tree, one condition a line, without a newline at the end.
pub(super) fn explain(condition: &Condition) -> String {
    let mut lines = Vec::new();
    tree(condition, 0, &mut lines);
    lines.join("\n")
}

fn tree(condition: &Condition, depth: usize, lines: &mut Vec<String>) {
    let indent = "  ".repeat(depth);
    let line = |text: String| format!("{indent}{text}");
    match condition {
        Condition::All => lines.push(line("everything".to_owned())),
        Condition::And(parts) => {
            lines.push(line("all of".to_owned()));
            parts.iter().for_each(|part| tree(part, depth + 1, lines));
        }
        Condition::Or(parts) => {
            lines.push(line("any of".to_owned()));
            parts.iter().for_each(|part| tree(part, depth + 1, lines));
        }
        Condition::Not(inner) => match inner.as_ref() {
            Condition::Missing(path) => lines.push(line(format!("{path} is there"))),
            other => {
                lines.push(line("not".to_owned()));
                tree(other, depth + 1, lines);
            }
        },
        Condition::Named { word, condition } => {
            lines.push(line(format!("is {word}")));
            tree(condition, depth + 1, lines);
        }
        Condition::Compare { path, test } => lines.push(line(format!("{path} {}", described(test)))),
        Condition::Missing(path) => lines.push(line(format!("{path} is missing"))),
        Condition::Predicate(predicate) => lines.push(line(format!("is {}", predicate.name()))),
        Condition::Tag(key) => lines.push(line(format!("tag {key}"))),
        Condition::Records(ids) => lines.push(line(format!("one of {} records", ids.len()))),
        Condition::Words(words) => lines.push(line(format!("found by {words:?}"))),
    }
}

fn described(test: &Test) -> String {
    match test {
        Test::Contains(texts) => listed("contains", texts.iter().map(|text| format!("{text:?}"))),
        Test::Equals(keys) if keys.is_empty() => "is none of the possible".to_owned(),
        Test::Equals(keys) => listed("is", keys.iter().cloned()),
        Test::Matches(pattern) => format!("matches /{pattern}/"),
        Test::Values(values) => listed("is", values.iter().map(shown)),
        Test::Records(records) => listed("is", records.iter().map(record)),
        Test::Range { from, to } => {
            let from = from.as_ref().map(lower);
            let to = to.as_ref().map(upper);
            from.into_iter().chain(to).collect::<Vec<_>>().join(" ")
        }
        Test::Anniversary { from, to } if from == to => {
            format!("is {} of any year", from.strftime("%m-%d"))
        }
        Test::Anniversary { from, to } => {
            format!(
                "from {} to {} of any year",
                from.strftime("%m-%d"),
                to.strftime("%m-%d")
            )
        }
    }
}

fn listed(verb: &str, items: impl Iterator<Item = String>) -> String {
    format!("{verb} {}", items.collect::<Vec<_>>().join(" or "))
}

fn lower(bound: &Bound) -> String {
    let word = if bound.inclusive { "from" } else { "after" };
    format!("{word} {}", shown(&bound.value))
}

fn upper(bound: &Bound) -> String {
    let word = if bound.inclusive { "to" } else { "before" };
    format!("{word} {}", shown(&bound.value))
}

fn record(record: &Record) -> String {
    match record {
        Record::Ref(reference) => reference.to_string(),
        Record::Id(id) => id.uid(),
        Record::Named(name) => format!("named like {name:?}"),
        Record::Called(name) => format!("named {name:?}"),
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Percent(percent) => format!("{percent}%"),
        Value::Date(day) => day.to_string(),
        Value::Instant(instant) => instant.to_string(),
        Value::Seconds(seconds) => format!("{seconds}s"),
        Value::Money(money) => money.to_string(),
        Value::Text(text) => format!("{text:?}"),
        // No other value is ever put into a plan.
        other => format!("{other:?}"),
    }
}
