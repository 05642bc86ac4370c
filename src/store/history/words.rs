//! From the rows of a change to the fields of the record, and from columns to values that people read.

use jiff::Timestamp;
use serde_json::Value as Json;

use super::{Image, Step};
use crate::domain::decimal;
use crate::domain::field::{self, Field, FieldType};
use crate::domain::id::Id;
use crate::domain::money::{Currency, Money};
use crate::domain::noun::Noun;
use crate::domain::relationship;
use crate::domain::value::Value;
use crate::error::Result;
use crate::store::columns::{source, table};
use crate::store::records::instant;
use crate::store::tx::{ReadTx, is_audit};
use crate::store::{fields, links};

/// One field that changed.
pub(super) struct Change {
    pub(super) field: String,
    pub(super) old: Value,
    pub(super) new: Value,
}

/// Columns that follow from others, or say nothing to people.
const SILENT: &[&str] = &[
    "probability_mode",
    "category_mode",
    "stage_entered_on",
    "closed_rate",
    "rate",
    "closed_owner_id",
    "last_open_stage_id",
    "completed_by",
    "series_id",
    "created_at",
    "created_by",
];

/// What a step changed of a record.
pub(super) fn changes(tx: &ReadTx<'_>, noun: Noun, id: Id, step: &Step) -> Result<Vec<Change>> {
    if step.table == table(noun) {
        return own(tx, noun, id, step);
    }
    let told = |image: &Option<Image>| match image {
        Some(image) => child(tx, id, step.table, image),
        None => Ok(None),
    };
    let (old, new) = (told(&step.before)?, told(&step.after)?);
    let field = match (&old, &new) {
        (_, Some((field, _))) | (Some((field, _)), None) => field.clone(),
        (None, None) => return Ok(Vec::new()),
    };
    let value = |told: Option<(String, String)>| told.map_or(Value::Null, |(_, text)| Value::text(text));
    let (old, new) = (value(old), value(new));
    let change = (old != new).then_some(Change { field, old, new });
    Ok(change.into_iter().collect())
}

/// A change of the record's own row.
fn own(tx: &ReadTx<'_>, noun: Noun, id: Id, step: &Step) -> Result<Vec<Change>> {
    let name = || {
        Ok::<_, crate::Error>(links::link(tx, noun, id)?.map_or(Value::Null, |link| Value::text(link.name)))
    };
    let whole = |old: Value, new: Value| Change {
        field: noun.name().to_owned(),
        old,
        new,
    };
    let (before, after) = match (&step.before, &step.after) {
        (Some(before), Some(after)) => (before, after),
        (None, Some(_)) => return Ok(vec![whole(Value::Null, name()?)]),
        (_, None) => return Ok(vec![whole(name()?, Value::Null)]),
    };
    let mut found: Vec<Change> = Vec::new();
    for (column, new) in after {
        if is_audit(column) || SILENT.contains(&column.as_str()) || before.get(column) == Some(new) {
            continue;
        }
        let of = field_of(noun, column);
        let name = of.map_or(column.trim_end_matches("_id"), |field| field.name);
        // Several columns may be one field: an amount and its currency.
        if found.iter().any(|change| change.field == name) {
            continue;
        }
        found.push(Change {
            field: name.to_owned(),
            old: value(tx, noun, of, column, before)?,
            new: value(tx, noun, of, column, after)?,
        });
    }
    Ok(found)
}

/// The field that lives in a column.
fn field_of(noun: Noun, column: &str) -> Option<&'static Field> {
    let mut table = field::fields(noun).iter();
    table.find(|field| source(noun, field).write.contains(&column))
}

/// The value of a column, as the field types it.
fn value(tx: &ReadTx<'_>, noun: Noun, of: Option<&Field>, column: &str, image: &Image) -> Result<Value> {
    let Some(field) = of else {
        return plain(tx, column, image);
    };
    let columns = source(noun, field).write;
    let first = columns.first().copied().unwrap_or(column);
    let number = image.get(first).and_then(Json::as_i64);
    Ok(match field.kind {
        FieldType::Money => match (number, columns.get(1).map(|currency| text(image, currency))) {
            (Some(minor), Some(code)) => money(tx, minor, code)?,
            (Some(minor), None) => money(tx, minor, "")?,
            (None, _) => Value::Null,
        },
        FieldType::Due => match (text(image, "due_on"), text(image, "due_time")) {
            (day, "") => Value::text(day),
            (day, time) => Value::text(format!("{day} {time}")),
        },
        FieldType::Percent => number.map_or(Value::Null, Value::Percent),
        FieldType::Duration => number.map_or(Value::Null, Value::Seconds),
        FieldType::Bool => Value::Bool(number == Some(1)),
        FieldType::Instant => number.map(instant).transpose()?.unwrap_or(Value::Null),
        FieldType::Link(linked) => match number {
            Some(id) => Value::text(named(tx, linked, Id::from_raw(id))?),
            None => Value::Null,
        },
        _ => plain(tx, first, image)?,
    })
}

/// The value of a column that is its own field.
fn plain(tx: &ReadTx<'_>, column: &str, image: &Image) -> Result<Value> {
    let linked = match column {
        "customer_id" | "company_id" | "parent_id" | "merged_into_id" | "other_id" => Some(Noun::Customer),
        "deal_id" => Some(Noun::Deal),
        "pipeline_id" => Some(Noun::Pipeline),
        "owner_id" | "assignee_id" | "manager_id" => Some(Noun::User),
        _ => None,
    };
    Ok(match (linked, image.get(column)) {
        (Some(noun), Some(Json::Number(id))) => {
            Value::text(named(tx, noun, Id::from_raw(id.as_i64().unwrap_or_default()))?)
        }
        (_, Some(Json::Number(id))) if column == "stage_id" => {
            Value::text(stage(tx, id.as_i64().unwrap_or_default())?)
        }
        (_, Some(Json::Number(ms))) if column.ends_with("_at") => instant(ms.as_i64().unwrap_or_default())?,
        (_, Some(Json::Number(number))) => number.as_i64().map_or(Value::Null, Value::Int),
        (_, Some(Json::String(text))) => Value::text(text.as_str()),
        _ => Value::Null,
    })
}

fn stage(tx: &ReadTx<'_>, id: i64) -> Result<String> {
    let key = tx.one("SELECT key FROM stage WHERE id = ?1", [id], |row| row.get(0))?;
    Ok(key.unwrap_or_default())
}

fn money(tx: &ReadTx<'_>, minor: i64, code: &str) -> Result<Value> {
    let currency = Currency::parse(code).map_or_else(|| tx.base_currency(), Ok)?;
    Ok(Value::Money(Money { minor, currency }))
}

fn text<'i>(image: &'i Image, column: &str) -> &'i str {
    image.get(column).and_then(Json::as_str).unwrap_or_default()
}

/// The ref and the name of a record, or its name alone where it has no ref; empty where it is out of sight.
fn named(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let link = links::link(tx, noun, id)?;
    Ok(link.map_or_else(String::new, |link| match noun.prefix() {
        Some(_) => format!("{} {}", link.reference(), link.name),
        None => link.name,
    }))
}

/// A row that belongs to the record `id`: the field it is of, and what it says. None if it says nothing by itself.
fn child(tx: &ReadTx<'_>, id: Id, table: &str, image: &Image) -> Result<Option<(String, String)>> {
    let get = |column: &str| text(image, column).to_owned();
    let linked = |column: &str, noun: Noun| match image.get(column).and_then(Json::as_i64) {
        Some(raw) => named(tx, noun, Id::from_raw(raw)),
        None => Ok(String::new()),
    };
    let is_own = |column: &str| image.get(column).and_then(Json::as_i64) == Some(id.raw());
    let (field, text) = match table {
        "email" => ("emails", reached(&get("address"), image)),
        "phone" => {
            let number = Some(get("e164")).filter(|number| !number.is_empty());
            ("phones", reached(&number.unwrap_or_else(|| get("raw")), image))
        }
        "handle" => ("handles", format!("{}:{}", get("kind"), get("value"))),
        "address" => {
            let parts = ["street", "district", "city", "region", "postal_code", "country"];
            let parts: Vec<String> = parts.iter().map(|part| get(part)).collect();
            ("addresses", said(&parts))
        }
        "employment" if is_own("customer_id") => {
            ("employments", job(&linked("company_id", Noun::Customer)?, image))
        }
        "employment" => ("people", job(&linked("customer_id", Noun::Customer)?, image)),
        "relationship" => {
            let sort = relationship::stored(&get("type"));
            let (side, other) = if is_own("customer_id") {
                (sort.map(|sort| sort.own), "other_id")
            } else {
                (sort.map(|sort| sort.inverse), "customer_id")
            };
            let how = side.map_or("related to", |side| side.english);
            let whole = format!("{how} {}", linked(other, Noun::Customer)?);
            ("relationships", said(&[whole, get("note")]))
        }
        "reminder" => ("remind", get("text")),
        "tagging" => ("tags", linked("tag_id", Noun::Tag)?),
        "external_id" => ("external_ids", format!("{}:{}", get("system"), get("value"))),
        "attachment" => ("attachments", get("title")),
        "label" => ("label", get("text")),
        "deal_person" => {
            let main = image.get("is_primary").and_then(Json::as_i64) == Some(1);
            let main = if main { "main" } else { "" }.to_owned();
            let parts = [linked("customer_id", Noun::Customer)?, get("role"), main];
            ("people", said(&parts))
        }
        // A task that was made has a story of its own.
        "deal_step" if get("type") == "check" => ("checklist", get("item")),
        "deal_line" => ("product", linked("product_id", Noun::Product)?),
        "activity_customer" => {
            let field = match get("role").as_str() {
                "customer" => "customer",
                "participant" => "people",
                _ => "employers",
            };
            (field, linked("customer_id", Noun::Customer)?)
        }
        "stage" => ("stages", get("key")),
        "ticket_step" => ("step", stay(image)),
        "ticket_article" => ("articles", linked("article_id", Noun::Article)?),
        "ticket_comment" => (comment(image), get("text")),
        "custom_value" => return custom(tx, image),
        _ => return Ok(None),
    };
    Ok(Some((field.to_owned(), text)))
}

/// A stay of a ticket in a step.
fn stay(image: &Image) -> String {
    let is_cancelled = image.get("is_cancelled").and_then(Json::as_i64) == Some(1);
    let step = if is_cancelled {
        "cancelled"
    } else {
        text(image, "step")
    };
    let waits = match text(image, "wait") {
        "none" => String::new(),
        wait => format!("waits for {}", wait.replace('_', " ")),
    };
    said(&[step.to_owned(), waits])
}

/// What a comment on a ticket is called.
fn comment(image: &Image) -> &'static str {
    match text(image, "type") {
        "reply" => "reply",
        "message" => "message",
        _ => "note",
    }
}

/// An address with what is known about it.
fn reached(address: &str, image: &Image) -> String {
    let invalid = matches!(text(image, "validity"), "invalid" | "disposable");
    let opted_out = image.get("opted_out_at").is_some_and(Json::is_number);
    said(&[
        address.to_owned(),
        text(image, "label").to_owned(),
        if invalid { text(image, "validity") } else { "" }.to_owned(),
        if opted_out { "opted out" } else { "" }.to_owned(),
    ])
}

/// A stay at a company, with the other side of it.
fn job(other: &str, image: &Image) -> String {
    let since = text(image, "started_on");
    let until = text(image, "ended_on");
    said(&[
        other.to_owned(),
        text(image, "title").to_owned(),
        text(image, "role").to_owned(),
        if since.is_empty() {
            String::new()
        } else {
            format!("from {since}")
        },
        if until.is_empty() {
            String::new()
        } else {
            format!("until {until}")
        },
    ])
}

/// What is known, with commas between.
fn said(parts: &[String]) -> String {
    let known: Vec<&str> = parts
        .iter()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    known.join(", ")
}

/// A value of a custom field.
fn custom(tx: &ReadTx<'_>, image: &Image) -> Result<Option<(String, String)>> {
    let Some(id) = image.get("field_id").and_then(Json::as_i64) else {
        return Ok(None);
    };
    let field = fields::custom_by_id(tx, Id::from_raw(id))?;
    let number = image.get("int_value").and_then(Json::as_i64);
    let kind = field.as_ref().map(|field| field.kind);
    let value = match (kind, number) {
        (Some(FieldType::Money), Some(minor)) => match money(tx, minor, text(image, "text_value"))? {
            Value::Money(money) => money.to_string(),
            _ => String::new(),
        },
        (Some(FieldType::Bool), Some(number)) => if number == 1 { "yes" } else { "no" }.to_owned(),
        (Some(FieldType::Decimal), Some(number)) => decimal::text(number),
        (Some(FieldType::Percent), Some(number)) => format!("{number}%"),
        (Some(FieldType::Instant), Some(ms)) => {
            Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |at| at.to_string())
        }
        (Some(FieldType::Link(noun)), _) => match image.get("link_id").and_then(Json::as_i64) {
            Some(id) => named(tx, noun, Id::from_raw(id))?,
            None => String::new(),
        },
        (Some(FieldType::Days), _) => text(image, "text_value").replace('/', ".."),
        (_, Some(number)) => number.to_string(),
        (_, None) => text(image, "text_value").to_owned(),
    };
    let key = field.map_or_else(String::new, |field| field.key);
    Ok(Some((format!("fields.{key}"), value)))
}
