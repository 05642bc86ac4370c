//! How values and texts are kept in columns.

use rusqlite::types::Value as Sql;

use crate::domain::field::{Field, FieldType};
use crate::domain::fold::fold;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};

/// The column that keeps a text folded already.
pub(super) fn folded(noun: Noun, field: &Field, alias: &str) -> Option<String> {
    match (noun, field.name) {
        (
            Noun::Customer
            | Noun::Deal
            | Noun::Quote
            | Noun::Order
            | Noun::Ticket
            | Noun::Product
            | Noun::User
            | Noun::Team
            | Noun::Tag,
            "name",
        ) => Some(format!("{alias}.name_key")),
        _ => None,
    }
}

/// A text as the key of an address is kept.
pub(super) fn comparable(kind: FieldType, text: &str) -> String {
    match kind {
        FieldType::Phones => text.chars().filter(char::is_ascii_digit).collect(),
        FieldType::ExternalIds => text.to_owned(),
        _ => fold(text),
    }
}

/// A value as it is stored in a column of this type.
pub(super) fn stored(value: &Value, kind: FieldType) -> Result<Sql> {
    Ok(match value {
        Value::Bool(yes) => Sql::Integer(i64::from(*yes)),
        Value::Int(number) | Value::Decimal(number) | Value::Percent(number) | Value::Seconds(number) => {
            Sql::Integer(*number)
        }
        Value::Money(money) => Sql::Integer(money.minor),
        Value::Date(day) => Sql::Text(day.to_string()),
        Value::Instant(instant) if kind == FieldType::Date => {
            Sql::Text(instant.to_zoned(jiff::tz::TimeZone::UTC).date().to_string())
        }
        Value::Instant(instant) => Sql::Integer(instant.as_millisecond()),
        Value::Text(text) => Sql::Text(text.clone()),
        other => return Err(Error::internal(format!("{other:?} cannot be compared"))),
    })
}
