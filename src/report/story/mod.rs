//! The whole story of a record on one page: who it is, what is open, what happened, how it came to be what it is.
//!
//! A story is typed values in sections; how they are worded and laid out is the business of whoever shows them. The
//! fields of the record itself are not in it: every face has them already.

mod article;
mod customer;
mod deal;
mod order;
mod quote;
mod ticket;
mod timeline;

pub use timeline::{Asked, Happening, Page, page};

use crate::domain::field::{Field, FieldType};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::Result;
use crate::ops::list;
use crate::store::{ReadTx, attachments, links, records};

/// What is told of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// The record.
    pub record: Link,
    /// The sections that have anything to say, in the order in which they are read.
    pub sections: Vec<Section>,
}

/// Entries that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// The entries.
    pub entries: Vec<Entry>,
    /// Whether there are more.
    pub more: bool,
}

/// One line.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What stands at its head: a day, a ref, a role.
    pub label: Fact,
    /// What is said, in order; what is unknown is not there.
    pub facts: Vec<Fact>,
    /// Values that changed: the field, what it was, what it became.
    pub changes: Vec<(String, Value, Value)>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The value.
    pub value: Value,
    /// What sort of value.
    pub kind: FieldType,
}

impl Fact {
    /// A text.
    pub fn text(text: impl Into<String>) -> Fact {
        Fact {
            value: Value::text(text),
            kind: FieldType::Text,
        }
    }

    /// Another record.
    fn link(link: Link) -> Fact {
        Fact {
            kind: FieldType::Link(link.noun),
            value: Value::Link(link),
        }
    }
}

impl Entry {
    fn new(label: Fact, facts: impl IntoIterator<Item = Fact>) -> Entry {
        Entry {
            label,
            facts: facts.into_iter().filter(|fact| !fact.value.is_empty()).collect(),
            changes: Vec::new(),
        }
    }
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(Option<usize>);

impl Limit {
    /// Everything.
    pub const NONE: Limit = Limit(None);
    /// What stands on a page.
    pub const PAGE: Limit = Limit(Some(10));

    /// The entries within the limit as a section, unless there are none.
    fn section(self, title: &'static str, mut entries: Vec<Entry>) -> Option<Section> {
        let most = self.0.unwrap_or(usize::MAX);
        let more = entries.len() > most;
        entries.truncate(most);
        (!entries.is_empty()).then_some(Section { title, entries, more })
    }
}

/// The story of a record.
///
/// # Errors
///
/// `NotFound` if it is out of the caller's sight.
pub fn of(tx: &ReadTx<'_>, noun: Noun, id: Id, limit: Limit) -> Result<Story> {
    let record = links::link(tx, noun, id)?;
    let record = record.ok_or_else(|| crate::Error::not_found(noun, &id.uid()))?;
    let mut sections = match noun {
        Noun::Customer => customer::sections(tx, id, limit)?,
        Noun::Deal => deal::sections(tx, id, limit)?,
        Noun::Quote => quote::sections(tx, id, limit)?,
        Noun::Order => order::sections(tx, id, limit)?,
        Noun::Ticket => ticket::sections(tx, id, limit)?,
        Noun::Article => article::sections(tx, id, limit)?,
        _ => Vec::new(),
    };
    sections.extend(attached(tx, id, limit)?);
    sections.extend(intervals(tx, noun, id, limit)?);
    sections.extend(timeline::section(tx, noun, id, limit)?);
    Ok(Story { record, sections })
}

/// Columns of one record by name, with what sort of value each holds; none if it is out of sight.
fn facts(tx: &ReadTx<'_>, noun: Noun, id: Id, names: &[&str]) -> Result<Option<Vec<Fact>>> {
    let columns = names
        .iter()
        .map(|name| list::column(tx, noun, name))
        .collect::<Result<Vec<_>>>()?;
    let row = records::get(tx, noun, id, &columns)?;
    Ok(row.map(|row| {
        let kinds = columns.iter().map(|column| column.kind);
        row.into_iter()
            .zip(kinds)
            .map(|(value, kind)| Fact { value, kind })
            .collect()
    }))
}

/// One line for each of these records: the ref, then these columns.
fn entries(tx: &ReadTx<'_>, noun: Noun, ids: &[Id], names: &[&str]) -> Result<Vec<Entry>> {
    let mut all = vec!["id"];
    all.extend(names);
    let mut found = Vec::new();
    for id in ids {
        if let Some(facts) = facts(tx, noun, *id, &all)? {
            let mut named = facts.into_iter().zip(&all);
            let label = named.next().map_or_else(|| Fact::text(""), |(fact, _)| fact);
            let told = named.flat_map(|(fact, name)| {
                let word = DAYS
                    .iter()
                    .find(|(known, _)| known == name)
                    .map(|(_, word)| Fact::text(*word));
                [word.filter(|_| !fact.value.is_empty()), Some(fact)]
            });
            found.push(Entry::new(label, told.flatten()));
        }
    }
    Ok(found)
}

/// Words before days, which say nothing by themselves.
const DAYS: &[(&str, &str)] = &[
    ("due", "due:"),
    ("expected_close", "closes:"),
    ("ordered_on", "ordered:"),
    ("valid_until", "until:"),
    ("received_at", "received:"),
];

/// Columns of quotes.
const QUOTE: &[&str] = &["name", "status", "total", "valid_until"];

/// Columns of orders.
const ORDER: &[&str] = &[
    "name",
    "ordered_on",
    "status",
    "total",
    "payment_status",
    "fulfilment_status",
];

/// Columns of tickets.
const TICKET: &[&str] = &[
    "name",
    "received_at",
    "status",
    "step",
    "priority",
    "assignee",
    "sla",
    "due_at",
];

/// Columns of feedback.
const FEEDBACK: &[&str] = &["name", "answered_on", "verdict", "status", "owner"];

/// Columns of open tasks.
const TASK: &[&str] = &["title", "type", "due", "priority", "assignee", "deal"];

/// Files and links.
fn attached(tx: &ReadTx<'_>, id: Id, limit: Limit) -> Result<Option<Section>> {
    let all = attachments::of(tx, id)?.into_iter().map(|one| {
        let is_named = one.title != one.location;
        let bytes = Fact {
            value: one
                .bytes
                .map_or(Value::Null, |bytes| Value::text(format!("{bytes} bytes"))),
            kind: FieldType::Text,
        };
        let title = if is_named { one.title } else { String::new() };
        let label = Fact::text(if one.bytes.is_none() { "link" } else { "file" });
        Entry::new(label, [Fact::text(title), Fact::text(one.location), bytes])
    });
    Ok(limit.section("Attachments", all.collect()))
}

/// What a value with a past was, the latest first.
fn intervals(tx: &ReadTx<'_>, noun: Noun, id: Id, limit: Limit) -> Result<Option<Section>> {
    let has_past = |field: &&Field| field.name == "intervals";
    if !crate::domain::field::fields(noun)
        .iter()
        .any(|field| has_past(&field))
    {
        return Ok(None);
    }
    let Some(mut facts) = facts(tx, noun, id, &["intervals"])? else {
        return Ok(None);
    };
    let Some(Value::List(items)) = facts.pop().map(|fact| fact.value) else {
        return Ok(None);
    };
    let mut past: Vec<(String, Entry)> = Vec::new();
    for item in items {
        let Value::Map(parts) = item else { continue };
        let part = |name: &str| {
            parts
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let Some(Value::Text(attribute)) = part("attribute").filter(|value| *value != Value::text("closed"))
        else {
            continue;
        };
        let currency = part("currency");
        let value = part("value").unwrap_or_else(|| Value::text("nothing"));
        let start = day(tx, part("entered_on").or_else(|| part("started_at")));
        let end = day(tx, part("left_on").or_else(|| part("ended_at")));
        let span = match (&start, &end) {
            (Some(start), Some(end)) => format!("{start} to {end}"),
            (Some(start), None) => format!("since {start}"),
            (None, Some(end)) => format!("until {end}"),
            (None, None) => String::new(),
        };
        let value = amount(tx, &attribute, value, currency)?;
        let entry = Entry::new(Fact::text(attribute), [value, Fact::text(span)]);
        past.push((start.unwrap_or_default(), entry));
    }
    past.reverse();
    past.sort_by(|one, other| other.0.cmp(&one.0));
    Ok(limit.section(
        "History of values",
        past.into_iter().map(|(_, entry)| entry).collect(),
    ))
}

/// A value of the past as it is shown; an amount stands in minor units of what the record is reckoned in.
fn amount(tx: &ReadTx<'_>, attribute: &str, value: Value, currency: Option<Value>) -> Result<Fact> {
    let code = match currency {
        Some(Value::Text(code)) => crate::domain::money::Currency::parse(&code),
        _ => None,
    };
    Ok(match (attribute, value) {
        ("amount", Value::Int(minor)) => Fact {
            value: Value::Money(crate::domain::money::Money {
                minor,
                currency: code.map_or_else(|| tx.base_currency(), Ok)?,
            }),
            kind: FieldType::Money,
        },
        ("probability", Value::Int(percent)) => Fact {
            value: Value::Percent(percent),
            kind: FieldType::Percent,
        },
        (_, value) => Fact {
            value,
            kind: FieldType::Text,
        },
    })
}

/// The day of a day or an instant.
fn day(tx: &ReadTx<'_>, value: Option<Value>) -> Option<String> {
    match value? {
        Value::Text(day) => Some(day),
        Value::Date(day) => Some(day.to_string()),
        Value::Instant(at) => Some(tx.caller().clock.day_of(at).to_string()),
        _ => None,
    }
}
