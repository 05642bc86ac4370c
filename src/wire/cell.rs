//! Values as plain text cells, for TSV, CSV and whatever else is made of text. Nothing here knows a terminal.
//!
//! What is written can be read back by an import: another record is written as its ref, an amount as a decimal
//! with its currency in a column of its own, several values are joined by `; `. Named parts are written as JSON, and so
//! are several values of which one contains what stands between values.

use std::fmt::Write;

use crate::domain::decimal;
use crate::domain::field::FieldType;
use crate::domain::value::Value;
use crate::wire::column::Column;
use crate::wire::{json, time};

/// What stands between the values of a list.
const SEPARATOR: &str = "; ";
/// What the column of the currency adds to the name of the column of the amount.
const CURRENCY_SUFFIX: &str = "_currency";

/// What an import takes for the end of a value in a list.
const SEPARATORS: [char; 5] = [';', ',', '；', '、', '\n'];

/// True for a value that could not be told from its neighbours in a list with separators.
fn needs_json(item: &Value) -> bool {
    match item {
        Value::Map(_) => true,
        Value::Text(text) => text.contains(SEPARATORS),
        _ => false,
    }
}

/// The text of `value`; empty if nothing is known.
pub fn cell(value: &Value) -> String {
    let mut text = String::new();
    push(&mut text, value);
    text
}

/// Appends the text of `value`, see [`cell`].
pub fn push(text: &mut String, value: &Value) {
    // Writing into a string cannot fail.
    let _ = match value {
        Value::Null => Ok(()),
        Value::Bool(yes) => write!(text, "{yes}"),
        Value::Int(number) | Value::Seconds(number) => write!(text, "{number}"),
        Value::Decimal(millionths) => write!(text, "{}", decimal::text(*millionths)),
        Value::Real(number) => write!(text, "{number}"),
        Value::Days(first, last) => write!(text, "{first}..{last}"),
        Value::Percent(percent) => write!(text, "{percent}%"),
        Value::Text(words) => write!(text, "{words}"),
        Value::Date(date) => write!(text, "{date}"),
        Value::DateTime(moment) => {
            time::push_moment(text, *moment);
            Ok(())
        }
        Value::Instant(instant) => {
            time::push_instant(text, *instant);
            Ok(())
        }
        Value::Money(money) => write!(text, "{}", money.decimal()),
        Value::Ref(reference) => write!(text, "{reference}"),
        Value::Link(link) if link.noun.prefix().is_some() => write!(text, "{}", link.reference()),
        Value::Link(link) => write!(text, "{}", link.name),
        Value::List(items) if items.iter().any(needs_json) => {
            write!(text, "{}", parts(value))
        }
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    text.push_str(SEPARATOR);
                }
                push(text, item);
            }
            Ok(())
        }
        Value::Map(entries) if entries.is_empty() => Ok(()),
        Value::Map(_) => write!(text, "{}", parts(value)),
    };
}

/// Named parts as JSON; they have no flat form.
fn parts(value: &Value) -> serde_json::Value {
    json::value(value, FieldType::Parts, json::Options::default())
}

/// The header of `columns`: an amount is followed by the column of its currency, `amount`, `amount_currency`.
pub fn expand_columns(columns: &[Column]) -> Vec<String> {
    let mut names = Vec::with_capacity(columns.len() + 1);
    for column in columns {
        names.push(column.name.clone());
        if column.kind == FieldType::Money {
            names.push(format!("{}{CURRENCY_SUFFIX}", column.name));
        }
    }
    names
}

/// Writes the cells of `row` over `cells`, as many as [`expand_columns`] has names.
///
/// The strings are used again, so that a long export does not allocate for each cell. A row that is too short
/// leaves its last cells empty.
pub fn expand_row(columns: &[Column], row: &[Value], cells: &mut Vec<String>) {
    let amounts = columns.iter().filter(|column| column.kind == FieldType::Money);
    cells.resize_with(columns.len() + amounts.count(), String::new);
    let mut slots = cells.iter_mut();
    for (at, column) in columns.iter().enumerate() {
        let value = row.get(at).unwrap_or(&Value::Null);
        if let Some(slot) = slots.next() {
            slot.clear();
            push(slot, value);
        }
        if column.kind != FieldType::Money {
            continue;
        }
        if let Some(slot) = slots.next() {
            slot.clear();
            if let Value::Money(money) = value {
                slot.push_str(money.currency.code());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::id::Id;
    use crate::domain::money::{Currency, Money};
    use crate::domain::noun::Noun;
    use crate::domain::value::Link;

    fn money(minor: i64, code: &str) -> Value {
        Value::Money(Money {
            minor,
            currency: Currency::parse(code).unwrap(),
        })
    }

    fn link(noun: Noun) -> Value {
        Value::Link(Link {
            noun,
            id: Id::from_raw(1),
            no: 42,
            name: "Hafen GmbH".to_owned(),
        })
    }

    #[test]
    fn every_value_has_a_plain_text() {
        let tags = Value::List(vec![Value::text("vip"), Value::text("fair 2026")]);
        let parts = Value::Map(vec![("city".to_owned(), Value::text("Łódź"))]);
        for (value, expected) in [
            (Value::Null, ""),
            (Value::Bool(true), "true"),
            (Value::Int(-3), "-3"),
            (Value::Seconds(90), "90"),
            (Value::Decimal(-1_250_000), "-1.25"),
            (Value::Decimal(3_000_000), "3"),
            (Value::Real(0.5), "0.5"),
            (
                Value::Days(date(2026, 9, 1), date(2026, 9, 30)),
                "2026-09-01..2026-09-30",
            ),
            (Value::Percent(60), "60%"),
            (Value::Text("a\tb".to_owned()), "a\tb"),
            (Value::Date(date(2026, 9, 30)), "2026-09-30"),
            (
                Value::DateTime(date(2026, 9, 30).at(9, 30, 0, 0)),
                "2026-09-30T09:30",
            ),
            (
                Value::Instant("2026-09-30T09:30:00+02:00".parse().unwrap()),
                "2026-09-30T07:30:00Z",
            ),
            (money(4_800_000, "EUR"), "48000.00"),
            (link(Noun::Customer), "C42"),
            (link(Noun::User), "Hafen GmbH"),
            (tags, "vip; fair 2026"),
            (
                Value::List(vec![Value::text("shop:7"), Value::text("old:a,b")]),
                r#"["shop:7","old:a,b"]"#,
            ),
            (Value::List(Vec::new()), ""),
            (parts.clone(), r#"{"city":"Łódź"}"#),
            (Value::List(vec![parts]), r#"[{"city":"Łódź"}]"#),
            (Value::Map(Vec::new()), ""),
        ] {
            assert_eq!(cell(&value), expected, "{value:?}");
        }
    }

    #[test]
    fn an_amount_takes_two_columns() {
        let columns = [
            Column::new("name", FieldType::Text),
            Column::new("amount", FieldType::Money),
            Column::new("owner", FieldType::Link(Noun::User)),
        ];
        assert_eq!(
            expand_columns(&columns),
            ["name", "amount", "amount_currency", "owner"]
        );
        let mut cells = vec!["left over".to_owned(); 7];
        expand_row(
            &columns,
            &[Value::text("Crane"), money(1200, "JPY"), Value::text("anna")],
            &mut cells,
        );
        assert_eq!(cells, ["Crane", "1200", "JPY", "anna"]);
        expand_row(&columns, &[Value::text("Crane")], &mut cells);
        assert_eq!(cells, ["Crane", "", "", ""]);
    }
}
