//! Typed values of fields, as they are read from the base and handed to a format.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::domain::id::{Id, Ref};
use crate::domain::money::Money;
use crate::domain::noun::Noun;

/// The value of one field of one record.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing is known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with decimal places, in millionths.
    Decimal(i64),
    /// A number that somebody computed outside of the rules of this program.
    Real(f64),
    /// A percentage, 0 to 100.
    Percent(i64),
    /// Text, a key of a picklist, the key of a user, stage, tag …
    Text(String),
    /// A calendar day; it never shifts with a zone.
    Date(Date),
    /// A day and a time of day, in a zone that is kept elsewhere.
    DateTime(DateTime),
    /// Days from the first to the last, both included.
    Days(Date, Date),
    /// An instant.
    Instant(Timestamp),
    /// A length of time in seconds.
    Seconds(i64),
    /// An amount.
    Money(Money),
    /// The ref of the record itself.
    Ref(Ref),
    /// Another record.
    Link(Link),
    /// Several values, in order.
    List(Vec<Value>),
    /// Named values, in order: details of an address, a stage, a custom field.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// True if nothing is known: null, or a list or map without entries.
    pub fn is_empty(&self) -> bool {
        match self {
            Value::Null => true,
            Value::List(items) => items.is_empty(),
            Value::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }

    /// Text, unless it is empty.
    pub fn text(text: impl Into<String>) -> Value {
        let text = text.into();
        if text.is_empty() {
            Value::Null
        } else {
            Value::Text(text)
        }
    }
}

/// Another record that a field points to, with enough to show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The kind of record.
    pub noun: Noun,
    /// Its identity.
    pub id: Id,
    /// The number behind its ref.
    pub no: i64,
    /// Its name.
    pub name: String,
}

impl Link {
    /// The ref.
    pub fn reference(&self) -> Ref {
        Ref {
            noun: self.noun,
            no: self.no,
        }
    }
}
