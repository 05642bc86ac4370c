//! What only a full export says of an order: days and rate, lines with their costs, the plan, payments, shipments.

use super::deal::{day, day_or_null, minor, number, record, scaled};
use super::{instant, list, text, user};
use crate::domain::decimal;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::sale::{REMIND_DAYS, ShipmentStatus, notation};
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::import::rows::Wanted;
use crate::ops::order::{METHODS, PAYMENT_STATES};
use crate::ops::typed;
use crate::store::parts::{self, Part};
use crate::store::{ReadTx, WriteTx};

/// Writes what belongs to a new order alone.
pub(super) fn details(tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
    let mut columns: Part = Vec::new();
    for name in ["confirmed_on", "closed_on"] {
        if let Some(text) = wanted.kept_text(name) {
            columns.push((name, day(name, text)?));
        }
    }
    if let Some(text) = wanted.kept_text("rate") {
        columns.push(("rate", rate(text)?));
    }
    if !columns.is_empty() {
        parts::amend(tx, "sales_order", id, &columns)?;
    }
    let mut rows = Vec::new();
    for (position, item) in (1_i64..).zip(list(wanted, "line_details")) {
        rows.push(parts::add_to_order(
            tx,
            "order_line",
            id,
            &line(tx, position, item)?,
        )?);
    }
    let mut plan = Vec::new();
    for (position, item) in (1_i64..).zip(list(wanted, "plan")) {
        plan.push(parts::add_to_order(
            tx,
            "installment",
            id,
            &installment(position, item)?,
        )?);
    }
    for item in list(wanted, "payments") {
        parts::add_to_order(tx, "payment", id, &payment(tx, item, &plan)?)?;
    }
    for (position, item) in (1_i64..).zip(list(wanted, "shipments")) {
        let shipment = parts::add_to_order(tx, "shipment", id, &shipment(position, item)?)?;
        for entry in text(item, "contents").split_whitespace() {
            let mut part = content(entry, &rows)?;
            part.push(("shipment_id", Value::Int(shipment.raw())));
            parts::add_to_order(tx, "shipment_line", id, &part)?;
        }
    }
    Ok(())
}

fn invalid(field: &str, what: &str, text: &str) -> Error {
    Error::invalid(field, format!("{field}: {text:?} is no {what}"))
}

/// A rate in thousand-millionths.
fn rate(text: &str) -> Result<Value> {
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = rest.len() <= 9 && format!("{whole}{rest}").bytes().all(|byte| byte.is_ascii_digit());
    let nano = format!("{whole}{rest:0<9}").parse::<i64>().ok();
    nano.filter(|nano| is_plain && *nano > 0)
        .map(Value::Int)
        .ok_or_else(|| invalid("rate", "rate", text))
}

/// A line of a quote or an order.
pub(super) fn line(tx: &ReadTx<'_>, position: i64, item: &Input) -> Result<Part> {
    let product = match item.part("product") {
        Some(stub) => record(tx, "line_details", Noun::Product, stub)?,
        None => Value::Null,
    };
    let price = match minor(item, "unit_price")? {
        Value::Null => Value::Int(0),
        price => price,
    };
    let is_shipped = matches!(text(item, "is_shipped"), "true" | "1");
    Ok(vec![
        ("position", Value::Int(position)),
        ("product_id", product),
        ("description", Value::Text(text(item, "description").to_owned())),
        ("quantity", scaled(text(item, "quantity"), 3, 1000)?),
        ("unit", Value::Text(text(item, "unit").to_owned())),
        ("unit_price", price),
        ("discount", scaled(text(item, "discount"), 2, 0)?),
        ("tax_rate", scaled(text(item, "tax_rate"), 2, 0)?),
        ("cost", minor(item, "cost")?),
        ("is_shipped", Value::Bool(is_shipped)),
    ])
}

fn installment(position: i64, item: &Input) -> Result<Part> {
    Ok(vec![
        ("position", Value::Int(position)),
        ("due_on", day("plan", text(item, "due_on"))?),
        ("amount", amount(item, "plan")?),
        ("note", Value::Text(text(item, "note").to_owned())),
        (
            "remind_days",
            scaled(text(item, "remind_days"), 0, REMIND_DAYS.into())?,
        ),
    ])
}

/// An amount that has to be there.
fn amount(item: &Input, field: &str) -> Result<Value> {
    match minor(item, "amount")? {
        Value::Null => Err(Error::invalid(field, format!("{field}: one has no amount"))),
        amount => Ok(amount),
    }
}

fn payment(tx: &ReadTx<'_>, item: &Input, plan: &[Id]) -> Result<Part> {
    let now = tx.caller().clock.now_ms();
    let part = match text(item, "part") {
        "" => Value::Null,
        given => {
            let place = given.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
            let found = place.and_then(|place| plan.get(place));
            Value::Int(
                found
                    .ok_or_else(|| invalid("payments", "part of the plan", given))?
                    .raw(),
            )
        }
    };
    let by = |name: &str| user(tx, item.part(name));
    let at = |name: &str| instant(item, name, "payments");
    let link = |id: Option<Id>| id.map_or(Value::Null, |id| Value::Int(id.raw()));
    let kind = typed::word("payments", &["payment", "refund"], text(item, "type"))?;
    let status = typed::word("payments", PAYMENT_STATES, text(item, "status"))?;
    let method = typed::word("payments", METHODS, text(item, "method"))?;
    Ok(vec![
        ("installment_id", part),
        ("type", Value::text(kind)),
        ("status", Value::text(status)),
        ("received_on", day("payments", text(item, "received_on"))?),
        ("amount", amount(item, "payments")?),
        ("amount_base", number("payments", text(item, "amount_base"))?),
        ("method", Value::text(method)),
        ("reference", Value::Text(text(item, "reference").to_owned())),
        ("note", Value::Text(text(item, "note").to_owned())),
        ("confirmed_by", link(by("confirmed_by")?)),
        (
            "confirmed_at",
            at("confirmed_at")?.map_or(Value::Null, Value::Int),
        ),
        ("created_at", Value::Int(at("created_at")?.unwrap_or(now))),
        (
            "created_by",
            link(Some(by("created_by")?.unwrap_or(tx.caller().actor.id))),
        ),
    ])
}

fn shipment(position: i64, item: &Input) -> Result<Part> {
    let states = ShipmentStatus::ALL.map(ShipmentStatus::name);
    let status = typed::word("shipments", &states, text(item, "status"))?;
    Ok(vec![
        ("position", Value::Int(position)),
        ("status", Value::text(status)),
        ("carrier", Value::Text(text(item, "carrier").to_owned())),
        ("tracking", Value::Text(text(item, "tracking").to_owned())),
        ("shipped_on", day_or_null("shipments", text(item, "shipped_on"))?),
        (
            "delivered_on",
            day_or_null("shipments", text(item, "delivered_on"))?,
        ),
        ("note", Value::Text(text(item, "note").to_owned())),
    ])
}

/// A line and how much of it: `2:1.500`.
fn content(entry: &str, lines: &[Id]) -> Result<Part> {
    let refuse = || invalid("shipments", "line and quantity", entry);
    let (place, quantity) = entry.split_once(':').ok_or_else(refuse)?;
    let place = place.parse::<usize>().ok().and_then(|place| place.checked_sub(1));
    let line = place.and_then(|place| lines.get(place)).ok_or_else(refuse)?;
    let quantity =
        notation::quantity(quantity).or_else(|| decimal::parse(quantity).filter(|zero| *zero == 0));
    Ok(vec![
        ("order_line_id", Value::Int(line.raw())),
        ("quantity", Value::Int(quantity.ok_or_else(refuse)?)),
    ])
}
