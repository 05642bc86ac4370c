//! Records and values as JSON. The rules are a promise: keys, order and types change only with a new version.
//!
//! Amounts are `{"amount":"48000.00","currency":"EUR"}`, percentages 0 to 1, days ISO, instants RFC 3339 in UTC,
//! other records `{"id":"C42","name":"…"}`. What is unknown is null and never missing; a list without entries is
//! `[]`. A dotted column becomes an object: `fields.size` is `{"fields":{"size":…}}`.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Map;

use crate::domain::decimal;
use crate::domain::field::FieldType;
use crate::domain::value::{Link, Value};
use crate::wire::column::Column;
use crate::wire::time;

/// How much a record says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Full fidelity: other records carry their `uid` too.
    pub full: bool,
}

/// The JSON of `value`. `kind` tells an unknown list (`[]`) from any other unknown (`null`).
pub fn value(value: &Value, kind: FieldType, options: Options) -> serde_json::Value {
    // Everything that is written is a string, a number, a list or an object with text keys.
    serde_json::to_value(Member { value, kind, options }).unwrap_or_default()
}

/// The JSON object of a row with `"kind"` first, unless `kind` is empty or a column of that name exists.
pub fn record(kind: &str, columns: &[Column], row: &[Value]) -> serde_json::Value {
    let options = Options::default();
    Record {
        kind,
        columns,
        row,
        options,
    }
    .tree()
}

/// A row that serialises as [`record`] does, without building the object first.
#[derive(Debug, Clone, Copy)]
pub struct Record<'a> {
    /// The noun; empty for rows that are no record, those of a report.
    pub kind: &'a str,
    /// The columns, in the order of the keys.
    pub columns: &'a [Column],
    /// The values; missing ones are unknown.
    pub row: &'a [Value],
    /// How much is said.
    pub options: Options,
}

impl Record<'_> {
    /// The columns with their values.
    fn members(&self) -> impl Iterator<Item = (&Column, Member<'_>)> {
        self.columns.iter().enumerate().map(|(at, column)| {
            let member = Member {
                value: self.row.get(at).unwrap_or(&Value::Null),
                kind: column.kind,
                options: self.options,
            };
            (column, member)
        })
    }

    /// The kind, if it is to be written.
    fn own_kind(&self) -> Option<&str> {
        let named = self.columns.iter().any(|column| column.name == "kind");
        (!self.kind.is_empty() && !named).then_some(self.kind)
    }

    /// The row as an object, dotted names nested.
    pub fn tree(&self) -> serde_json::Value {
        let mut object = Map::new();
        if let Some(kind) = self.own_kind() {
            object.insert("kind".to_owned(), kind.into());
        }
        for (column, member) in self.members() {
            let value = serde_json::to_value(member).unwrap_or_default();
            nest(&mut object, &column.name, value);
        }
        serde_json::Value::Object(object)
    }
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.columns.iter().any(|column| column.name.contains('.')) {
            return self.tree().serialize(serializer);
        }
        let mut object = serializer.serialize_map(None)?;
        if let Some(kind) = self.own_kind() {
            object.serialize_entry("kind", kind)?;
        }
        for (column, member) in self.members() {
            object.serialize_entry(&column.name, &member)?;
        }
        object.end()
    }
}

/// Puts `value` at the dotted `path`. A stub that is there already is added to: `customer` and `customer.city`.
fn nest(object: &mut Map<String, serde_json::Value>, path: &str, value: serde_json::Value) {
    let Some((head, rest)) = path.split_once('.') else {
        match (object.get_mut(path), value) {
            (Some(serde_json::Value::Object(there)), serde_json::Value::Object(more)) => there.extend(more),
            (Some(serde_json::Value::Object(_)), serde_json::Value::Null) => {}
            (_, value) => {
                object.insert(path.to_owned(), value);
            }
        }
        return;
    };
    let inner = object
        .entry(head)
        .or_insert_with(|| serde_json::Value::Object(Map::new()));
    match inner {
        serde_json::Value::Object(inner) => nest(inner, rest, value),
        // Nothing is known of the other record, so nothing is known of its parts.
        serde_json::Value::Null if value.is_null() => {}
        other => {
            let mut fresh = Map::new();
            nest(&mut fresh, rest, value);
            *other = serde_json::Value::Object(fresh);
        }
    }
}

/// A value with what its JSON depends on.
struct Member<'a> {
    value: &'a Value,
    kind: FieldType,
    options: Options,
}

impl Member<'_> {
    /// A value inside this one; it has no field of its own.
    fn inner<'b>(&self, value: &'b Value) -> Member<'b> {
        Member {
            value,
            kind: FieldType::Text,
            options: self.options,
        }
    }

    fn link<S: Serializer>(&self, link: &Link, serializer: S) -> Result<S::Ok, S::Error> {
        if link.noun.prefix().is_none() {
            return serializer.serialize_str(&link.name);
        }
        let mut object = serializer.serialize_map(None)?;
        object.serialize_entry("id", &link.reference().to_string())?;
        if self.options.full {
            object.serialize_entry("uid", &link.id.uid())?;
        }
        object.serialize_entry("name", &link.name)?;
        object.end()
    }
}

impl Serialize for Member<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Null if is_list(self.kind) => serializer.serialize_seq(Some(0))?.end(),
            Value::Null => serializer.serialize_unit(),
            Value::Bool(yes) => serializer.serialize_bool(*yes),
            Value::Int(number) | Value::Seconds(number) => serializer.serialize_i64(*number),
            Value::Decimal(millionths) => match decimal::whole(*millionths) {
                Some(whole) => serializer.serialize_i64(whole),
                None => serializer.serialize_f64(decimal::number(*millionths)),
            },
            // What is no number has no place in JSON.
            Value::Real(number) if !number.is_finite() => serializer.serialize_unit(),
            Value::Real(number) => serializer.serialize_f64(*number),
            Value::Days(first, last) => {
                let mut object = serializer.serialize_map(Some(2))?;
                object.serialize_entry("from", &first.to_string())?;
                object.serialize_entry("to", &last.to_string())?;
                object.end()
            }
            Value::Percent(percent) => serializer.serialize_f64(share(*percent)),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Date(date) => serializer.collect_str(date),
            Value::DateTime(moment) => serializer.serialize_str(&time::moment(*moment)),
            Value::Instant(instant) => serializer.serialize_str(&time::instant(*instant)),
            Value::Money(money) => {
                let mut object = serializer.serialize_map(Some(2))?;
                object.serialize_entry("amount", &money.decimal())?;
                object.serialize_entry("currency", money.currency.code())?;
                object.end()
            }
            Value::Ref(reference) => serializer.collect_str(reference),
            Value::Link(link) => self.link(link, serializer),
            Value::List(items) => serializer.collect_seq(items.iter().map(|item| self.inner(item))),
            Value::Map(entries) => {
                serializer.collect_map(entries.iter().map(|(name, value)| (name, self.inner(value))))
            }
        }
    }
}

/// A percentage as a share of one.
fn share(percent: i64) -> f64 {
    // Percentages are small; the nearest double prints as the two decimal places that were meant.
    percent as f64 / 100.0
}

/// Whether a field of this type holds any number of values.
fn is_list(kind: FieldType) -> bool {
    matches!(
        kind,
        FieldType::Links(_)
            | FieldType::Emails
            | FieldType::Phones
            | FieldType::Handles
            | FieldType::Tags
            | FieldType::Choices(_)
            | FieldType::ExternalIds
    )
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::id::{Id, Ref};
    use crate::domain::money::{Currency, Money};
    use crate::domain::noun::Noun;

    fn link(noun: Noun) -> Value {
        Value::Link(Link {
            noun,
            id: Id::from_raw(1),
            no: 42,
            name: "张伟".to_owned(),
        })
    }

    #[test]
    fn numbers_and_ranges_have_theirs() {
        for (value, kind, expected) in [
            (Value::Decimal(2_500_000), FieldType::Decimal, "2.5"),
            (Value::Decimal(-7_000_000), FieldType::Decimal, "-7"),
            (
                Value::Decimal(999_999_999_123_456),
                FieldType::Decimal,
                "999999999.123456",
            ),
            (Value::Real(0.1), FieldType::Text, "0.1"),
            (Value::Real(f64::INFINITY), FieldType::Text, "null"),
            (
                Value::Days(date(2026, 9, 1), date(2026, 9, 30)),
                FieldType::Days,
                r#"{"from":"2026-09-01","to":"2026-09-30"}"#,
            ),
            (Value::Percent(100), FieldType::Percent, "1.0"),
        ] {
            let json = super::value(&value, kind, Options::default());
            assert_eq!(json.to_string(), expected, "{value:?}");
        }
    }

    #[test]
    fn every_value_has_its_json() {
        let money = Value::Money(Money {
            minor: 4_800_000,
            currency: Currency::parse("EUR").unwrap(),
        });
        let reference = Value::Ref(Ref {
            noun: Noun::Deal,
            no: 7,
        });
        let parts = Value::Map(vec![
            ("city".to_owned(), Value::Null),
            ("share".to_owned(), Value::Percent(5)),
        ]);
        for (value, kind, expected) in [
            (Value::Null, FieldType::Text, "null"),
            (Value::Null, FieldType::Tags, "[]"),
            (Value::List(Vec::new()), FieldType::Parts, "[]"),
            (Value::Bool(false), FieldType::Bool, "false"),
            (Value::Int(12), FieldType::Integer, "12"),
            (Value::Seconds(1080), FieldType::Duration, "1080"),
            (Value::Percent(60), FieldType::Percent, "0.6"),
            (Value::Percent(29), FieldType::Percent, "0.29"),
            (
                Value::Text("a\u{1b}\"ü".to_owned()),
                FieldType::Text,
                r#""a\u001b\"ü""#,
            ),
            (Value::Date(date(2026, 9, 30)), FieldType::Date, r#""2026-09-30""#),
            (
                Value::DateTime(date(2026, 9, 30).at(15, 0, 0, 0)),
                FieldType::Due,
                r#""2026-09-30T15:00""#,
            ),
            (
                Value::Instant("2026-09-30T15:00:00.5Z".parse().unwrap()),
                FieldType::Instant,
                r#""2026-09-30T15:00:00.500Z""#,
            ),
            (
                money,
                FieldType::Money,
                r#"{"amount":"48000.00","currency":"EUR"}"#,
            ),
            (reference, FieldType::Ref, r#""D7""#),
            (
                link(Noun::Customer),
                FieldType::Link(Noun::Customer),
                r#"{"id":"C42","name":"张伟"}"#,
            ),
            (link(Noun::User), FieldType::Link(Noun::User), r#""张伟""#),
            (
                Value::List(vec![link(Noun::Product)]),
                FieldType::Links(Noun::Product),
                r#"[{"id":"P42","name":"张伟"}]"#,
            ),
            (parts, FieldType::Parts, r#"{"city":null,"share":0.05}"#),
        ] {
            let json = super::value(&value, kind, Options::default());
            assert_eq!(json.to_string(), expected, "{value:?}");
        }
        let full = super::value(
            &link(Noun::Customer),
            FieldType::Link(Noun::Customer),
            Options { full: true },
        );
        assert_eq!(
            full.to_string(),
            r#"{"id":"C42","uid":"0000000000001","name":"张伟"}"#
        );
    }

    #[test]
    fn dotted_columns_nest_and_both_ways_agree() {
        let customer = FieldType::Link(Noun::Customer);
        let columns = [
            Column::new("name", FieldType::Text),
            Column::new("fields.size", FieldType::Text),
            Column::new("customer", customer),
            Column::new("customer.city", FieldType::Text),
            Column::new("fields.colour", FieldType::Tags),
        ];
        let row = [
            Value::text("Crane"),
            Value::text("XL"),
            link(Noun::Customer),
            Value::text("Łódź"),
        ];
        let json = record("deal", &columns, &row);
        let expected = concat!(
            r#"{"kind":"deal","name":"Crane","fields":{"size":"XL","colour":[]},"#,
            r#""customer":{"id":"C42","name":"张伟","city":"Łódź"}}"#
        );
        assert_eq!(json.to_string(), expected);
        for (columns, row) in [(&columns[..], &row[..]), (&columns[..1], &row[..1])] {
            let streamed = Record {
                kind: "deal",
                columns,
                row,
                options: Options::default(),
            };
            assert_eq!(
                serde_json::to_string(&streamed).unwrap(),
                streamed.tree().to_string()
            );
        }
    }

    #[test]
    fn stubs_and_paths_agree_in_any_order() {
        let customer = Column::new("customer", FieldType::Link(Noun::Customer));
        let city = Column::new("customer.city", FieldType::Text);
        for (columns, row, expected) in [
            (
                [city.clone(), customer.clone()],
                [Value::text("Ulm"), link(Noun::Customer)],
                r#"{"customer":{"city":"Ulm","id":"C42","name":"张伟"}}"#,
            ),
            (
                [customer.clone(), city.clone()],
                [Value::Null, Value::Null],
                r#"{"customer":null}"#,
            ),
            (
                [city, customer],
                [Value::Null, Value::Null],
                r#"{"customer":{"city":null}}"#,
            ),
        ] {
            assert_eq!(record("", &columns, &row).to_string(), expected);
        }
        let named = [Column::new("kind", FieldType::Text)];
        assert_eq!(
            record("deal", &named, &[Value::text("task")]).to_string(),
            r#"{"kind":"task"}"#
        );
    }
}
