//! Deals: what is frozen, every stay in a stage, lines with their prices, people with their roles.

use jiff::civil::Date;

use crate::domain::deal::{Direction, MODES};
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::money::{Currency, Money};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::pipeline::{self, StageSpec};
use crate::ops::typed;
use crate::store::parts::{self, DealPast, Part};
use crate::store::steps::Kind;
use crate::store::{ReadTx, WriteTx, links};

use super::super::rows::Wanted;
use super::{instant, list, text};

/// How a deal can have come into a stage.
const DIRECTIONS: [Direction; 6] = [
    Direction::Create,
    Direction::Forward,
    Direction::Backward,
    Direction::Skip,
    Direction::Reopen,
    Direction::Close,
];

/// Writes what belongs to a new deal alone.
pub(super) fn details(tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
    let mut past = DealPast::default();
    let pipeline = wanted.text("pipeline").unwrap_or_default();
    for name in ["probability_mode", "category_mode"] {
        if let Some(mode) = wanted.kept_text(name) {
            let mode = typed::word(name, MODES, mode)?;
            past.columns.push((name, Value::text(mode)));
        }
    }
    if let Some(text) = wanted.kept_text("stage_since") {
        past.columns.push(("stage_entered_on", day("stage_since", text)?));
    }
    if let Some(key) = wanted.kept_text("last_open_stage") {
        past.columns
            .push(("last_open_stage_id", past_stage(tx, pipeline, key)?));
    }
    for item in list(wanted, "intervals") {
        match text(item, "attribute") {
            "stage" => past.stays.push(stay(tx, pipeline, item)?),
            "closed" => past.columns.extend(closed(tx, item)?),
            _ => {}
        }
    }
    if wanted.kept("lines").is_some() {
        let lines = (1_i64..).zip(list(wanted, "lines"));
        let lines = lines.map(|(position, item)| line(tx, position, item));
        past.lines = Some(lines.collect::<Result<_>>()?);
    }
    if wanted.kept("person_details").is_some() {
        let people = list(wanted, "person_details").map(|item| person(tx, item));
        past.people = Some(people.collect::<Result<_>>()?);
    }
    for item in list(wanted, "steps") {
        past.steps.push(step(tx, pipeline, item)?);
    }
    parts::restore_deal(tx, id, past)
}

pub(super) fn day(field: &str, text: &str) -> Result<Value> {
    let day: Date = text
        .parse()
        .map_err(|_| Error::invalid(field, format!("{field}: {text:?} is no day")))?;
    Ok(Value::Date(day))
}

pub(super) fn day_or_null(field: &str, text: &str) -> Result<Value> {
    match text {
        "" => Ok(Value::Null),
        text => day(field, text),
    }
}

pub(super) fn number(field: &str, text: &str) -> Result<Value> {
    match text {
        "" => Ok(Value::Null),
        text => text
            .parse()
            .map(Value::Int)
            .map_err(|_| Error::invalid(field, format!("{field}: {text:?} is no whole number"))),
    }
}

/// A stage in which a deal once was. One that is not there has been taken away since, where the export comes from: it
/// is made and taken away here too, because the past names it.
fn past_stage(tx: &WriteTx<'_>, pipeline: &str, key: &str) -> Result<Value> {
    if let Some(stage) = parts::stage(tx, pipeline, key)? {
        return Ok(Value::Int(stage.raw()));
    }
    let Some(id) = links::by_key(tx, Noun::Pipeline, pipeline)? else {
        return Err(Error::not_found(Noun::Pipeline, pipeline).on_field("intervals"));
    };
    let spec = StageSpec {
        key: Some(key.to_owned()),
        ..StageSpec::default()
    };
    let stage = pipeline::stage_add(tx, id, &spec)?;
    pipeline::stage_remove(tx, stage, None)?;
    Ok(Value::Int(stage.raw()))
}

/// One stay in a stage.
fn stay(tx: &WriteTx<'_>, own: &str, item: &Input) -> Result<Part> {
    let pipeline = match text(item, "pipeline") {
        "" => own,
        other => other,
    };
    let direction = text(item, "direction");
    if !DIRECTIONS.iter().any(|known| known.name() == direction) {
        let message = format!("intervals: {direction:?} is no direction");
        return Err(Error::invalid("intervals", message));
    }
    let at = |name: &str| -> Result<Value> {
        Ok(instant(item, name, "intervals")?.map_or(Value::Null, Value::Int))
    };
    Ok(vec![
        ("stage_id", past_stage(tx, pipeline, text(item, "value"))?),
        ("entered_on", day("intervals", text(item, "entered_on"))?),
        ("entered_at", at("entered_at")?),
        ("left_on", day_or_null("intervals", text(item, "left_on"))?),
        ("left_at", at("left_at")?),
        ("direction", Value::text(direction)),
        ("amount", number("intervals", text(item, "amount"))?),
        ("probability", number("intervals", text(item, "probability"))?),
    ])
}

/// An item that was ticked off, or a task that was made, in a stage.
fn step(tx: &WriteTx<'_>, own: &str, item: &Input) -> Result<Part> {
    let pipeline = match text(item, "pipeline") {
        "" => own,
        other => other,
    };
    let kind = text(item, "type");
    if ![Kind::Check, Kind::Task].iter().any(|known| known.name() == kind) {
        let message = format!("steps: {kind:?} is no kind of step");
        return Err(Error::invalid("steps", message));
    }
    let at = instant(item, "done_at", "steps")?.unwrap_or(tx.caller().clock.now_ms());
    let by = match text(item, "done_by") {
        "" => None,
        name => links::by_key(tx, Noun::User, name)?,
    };
    Ok(vec![
        ("stage_id", past_stage(tx, pipeline, text(item, "stage"))?),
        ("type", Value::text(kind)),
        ("item", Value::Text(text(item, "item").to_owned())),
        ("done_at", Value::Int(at)),
        ("done_by", by.map_or(Value::Null, |by| Value::Int(by.raw()))),
    ])
}

/// What was frozen when the deal was closed: the rate and who gets the credit.
fn closed(tx: &ReadTx<'_>, item: &Input) -> Result<Part> {
    let owner = match text(item, "value") {
        "" => Value::Null,
        name => match links::by_key(tx, Noun::User, name)? {
            Some(user) => Value::Int(user.raw()),
            None => return Err(Error::not_found(Noun::User, name).on_field("intervals")),
        },
    };
    Ok(vec![
        ("closed_rate", number("intervals", text(item, "rate"))?),
        ("closed_owner_id", owner),
    ])
}

fn line(tx: &ReadTx<'_>, position: i64, item: &Input) -> Result<Part> {
    let product = match item.part("product") {
        Some(stub) => record(tx, "lines", Noun::Product, stub)?,
        None => Value::Null,
    };
    let price = minor(item, "unit_price")?;
    Ok(vec![
        ("position", Value::Int(position)),
        ("product_id", product),
        ("description", Value::Text(text(item, "description").to_owned())),
        ("quantity", scaled(text(item, "quantity"), 3, 1000)?),
        ("unit_price", price),
        ("discount", scaled(text(item, "discount"), 2, 0)?),
    ])
}

/// An amount in minor units; nothing where it is not given.
pub(super) fn minor(item: &Input, name: &str) -> Result<Value> {
    match item.part(name) {
        Some(price @ Input::Map(_)) => {
            let currency = Currency::parse(text(price, "currency"));
            let money = currency.and_then(|currency| Money::parse(text(price, "amount"), currency).ok());
            let money = money.ok_or_else(|| Error::invalid("lines", "lines: a price is no amount"))?;
            Ok(Value::Int(money.minor))
        }
        Some(Input::Text(minor)) => number("lines", minor),
        _ => Ok(Value::Null),
    }
}

/// A decimal in parts of one, `places` after the point; `usual` where it is not given.
pub(super) fn scaled(text: &str, places: usize, usual: i64) -> Result<Value> {
    if text.is_empty() {
        return Ok(Value::Int(usual));
    }
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = rest.len() <= places && rest.bytes().all(|byte| byte.is_ascii_digit());
    let number = format!("{whole}{rest:0<places$}").parse().ok();
    number
        .filter(|_| digits)
        .map(Value::Int)
        .ok_or_else(|| Error::invalid("lines", format!("lines: {text:?} is no number")))
}

fn person(tx: &ReadTx<'_>, item: &Input) -> Result<Part> {
    let customer = match item.part("customer") {
        Some(stub) => record(tx, "person_details", Noun::Customer, stub)?,
        None => {
            let message = "person_details: one names no customer";
            return Err(Error::invalid("person_details", message));
        }
    };
    let is_primary = matches!(text(item, "is_primary"), "true" | "1");
    Ok(vec![
        ("customer_id", customer),
        ("role", Value::Text(text(item, "role").to_owned())),
        ("is_primary", Value::Bool(is_primary)),
    ])
}

pub(super) fn record(tx: &ReadTx<'_>, field: &str, noun: Noun, stub: &Input) -> Result<Value> {
    let id = typed::stub(tx, noun, stub).map_err(|error| error.on_field(field).context(field))?;
    Ok(Value::Int(id.raw()))
}
