//! Values as people see them on a terminal: relative times, signs and grouping, names instead of refs. Every text
//! that leaves here is harmless.

use crm::domain::clock::Clock;
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::wire::cell;
use jiff::civil::Time;

use crate::text::{number, relative, sanitise};

/// `value` on one line of a table. Of several addresses or links the first is shown and the others are counted.
pub(crate) fn cell(value: &Value, kind: FieldType, clock: &Clock) -> String {
    match value {
        Value::List(items) if shows_first(kind) => match items.split_first() {
            None => String::new(),
            Some((first, [])) => one(first, kind, clock),
            Some((first, rest)) => format!("{} +{}", one(first, kind, clock), rest.len()),
        },
        Value::List(items) if !items.iter().any(|item| matches!(item, Value::Map(_))) => {
            let texts: Vec<String> = items.iter().map(|item| one(item, kind, clock)).collect();
            texts.join(", ")
        }
        other => one(other, kind, clock),
    }
}

/// `value` on as many lines as it needs: each entry of a list on its own, days with their distance.
pub(crate) fn lines(value: &Value, kind: FieldType, clock: &Clock) -> String {
    match value {
        Value::List(items) if kind == FieldType::Tags => {
            let texts: Vec<String> = items.iter().map(|item| one(item, kind, clock)).collect();
            texts.join(", ")
        }
        Value::List(items) => {
            let texts: Vec<String> = items.iter().map(|item| lines(item, kind, clock)).collect();
            texts.join("\n")
        }
        Value::Map(entries) => {
            let known = entries.iter().filter(|(_, value)| !value.is_empty());
            let texts: Vec<String> = known
                .map(|(name, value)| format!("{} {}", sanitise::line(name), one(value, kind, clock)))
                .collect();
            texts.join(", ")
        }
        Value::Text(text) => sanitise::block(text).into_owned(),
        Value::Link(link) if link.noun.prefix().is_some() => {
            format!("{} {}", sanitise::line(&link.name), link.reference())
        }
        Value::Date(date) if kind != FieldType::Birthday => {
            with_distance(date.to_string(), relative::near(*date, clock))
        }
        Value::DateTime(moment) => with_distance(
            format!("{} {:02}:{:02}", moment.date(), moment.hour(), moment.minute()),
            relative::near(moment.date(), clock),
        ),
        Value::Instant(instant) => {
            let local = instant.to_zoned(clock.zone().clone());
            let near = relative::near(local.date(), clock).map(|_| relative::instant(*instant, clock));
            // What is due on a day, without a time, is due from its first moment.
            let format = if local.time() == Time::midnight() {
                "%Y-%m-%d"
            } else {
                "%Y-%m-%d %H:%M"
            };
            with_distance(local.strftime(format).to_string(), near)
        }
        other => one(other, kind, clock),
    }
}

/// A time, and its distance in brackets if there is one.
fn with_distance(time: String, distance: Option<String>) -> String {
    match distance {
        Some(distance) => format!("{time} ({distance})"),
        None => time,
    }
}

/// A single value on one line.
fn one(value: &Value, kind: FieldType, clock: &Clock) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Int(number) => number::grouped(*number),
        Value::Seconds(seconds) => number::duration(*seconds),
        Value::Date(date) if kind == FieldType::Birthday => date.to_string(),
        Value::Date(date) => relative::day(*date, clock),
        Value::DateTime(moment) => relative::moment(*moment, clock),
        Value::Instant(instant) => relative::instant(*instant, clock),
        Value::Money(money) => number::money(*money),
        Value::Link(link) => sanitise::line(&link.name).into_owned(),
        other => sanitise::line(&cell::cell(other)).into_owned(),
    }
}

/// Whether the first value stands for all in a table.
fn shows_first(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Links(_)
            | FieldType::Emails
            | FieldType::Phones
            | FieldType::Handles
            | FieldType::ExternalIds
    )
}

/// Whether values of this type stand at the right of their column.
pub(crate) fn is_right(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Integer | FieldType::Decimal | FieldType::Percent | FieldType::Money | FieldType::Duration
    )
}
