//! What is told of an order: what is in it, how it is to be paid and was, what was sent.

use super::{Entry, FEEDBACK, Fact, Limit, Section, entries};
use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::money::{Currency, Money};
use crate::domain::noun::Noun;
use crate::domain::sale::notation::{percent_text, quantity_text};
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::order::plan;
use crate::store::orders::{self, Order};
use crate::store::sales::Line;
use crate::store::{ReadTx, around, links};

/// The sections of an order, but for those that every record has.
pub(super) fn sections(tx: &ReadTx<'_>, id: Id, limit: Limit) -> Result<Vec<Section>> {
    let order = orders::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Order, &id.uid()))?;
    let known = orders::lines(tx, id)?;
    let mut sections = Vec::new();
    sections.extend(limit.section("Lines", lines(tx, order.currency, &known)?));
    sections.extend(limit.section("Plan", parts(tx, &order)?));
    sections.extend(limit.section("Payments", payments(tx, &order)?));
    sections.extend(limit.section("Shipments", shipments(tx, id, &known)?));
    let feedback = around::feedback(tx, Noun::Order, id)?;
    sections.extend(limit.section("Feedback", entries(tx, Noun::Feedback, &feedback, FEEDBACK)?));
    Ok(sections)
}

fn money(currency: Currency, minor: i64) -> Fact {
    Fact {
        value: Value::Money(Money { minor, currency }),
        kind: FieldType::Money,
    }
}

fn day(day: Option<jiff::civil::Date>) -> Fact {
    Fact {
        value: day.map_or(Value::Null, Value::Date),
        kind: FieldType::Date,
    }
}

/// The lines of a quote or an order.
pub(super) fn lines(tx: &ReadTx<'_>, currency: Currency, known: &[Line]) -> Result<Vec<Entry>> {
    let mut all = Vec::with_capacity(known.len());
    for line in known {
        let product = match line.product {
            Some(product) => links::link(tx, Noun::Product, product)?,
            None => None,
        };
        let unit = if line.unit.is_empty() { "×" } else { &line.unit };
        let rate = |sign: char, rate: i64| match rate {
            0 => Fact::text(""),
            rate => Fact::text(format!("{sign}{}%", percent_text(rate))),
        };
        let facts = [
            product.map_or_else(|| Fact::text(""), Fact::link),
            Fact::text(line.description.clone()),
            money(currency, line.figures.unit_price),
            rate('-', line.figures.discount),
            rate('+', line.figures.tax_rate),
        ];
        let label = format!("{} {unit}", quantity_text(line.figures.quantity));
        all.push(Entry::new(Fact::text(label), facts));
    }
    Ok(all)
}

fn parts(tx: &ReadTx<'_>, order: &Order) -> Result<Vec<Entry>> {
    let (_, due) = plan::list(tx, order.id)?;
    let entry = |due: plan::Due| {
        let status = Fact::text(due.status);
        Entry::new(
            day(Some(due.part.due_on)),
            [money(order.currency, due.part.amount), status],
        )
    };
    Ok(due.into_iter().map(entry).collect())
}

fn payments(tx: &ReadTx<'_>, order: &Order) -> Result<Vec<Entry>> {
    let all = orders::payments(tx, order.id)?.into_iter().map(|payment| {
        let kind = if payment.is_refund { "refund" } else { "" };
        let status = match payment.status.as_str() {
            "confirmed" => "",
            other => other,
        };
        let facts = [
            Fact::text(kind),
            money(order.currency, payment.amount),
            Fact::text(status),
            Fact::text(payment.method.replace('_', " ")),
            Fact::text(payment.reference),
            Fact::text(payment.note),
        ];
        Entry::new(day(Some(payment.received_on)), facts)
    });
    Ok(all.collect())
}

fn shipments(tx: &ReadTx<'_>, id: Id, known: &[Line]) -> Result<Vec<Entry>> {
    let all = orders::shipments(tx, id)?.into_iter().map(|shipment| {
        let contents: Vec<String> = shipment
            .contents
            .iter()
            .filter_map(|sent| {
                let line = known.iter().find(|line| line.id == Some(sent.line))?;
                Some(format!("{} x{}", line.name(), quantity_text(sent.quantity)))
            })
            .collect();
        let arrived = match shipment.delivered_on {
            Some(on) => Fact::text(format!("on {on}")),
            None => Fact::text(""),
        };
        let facts = [
            Fact::text(shipment.status.replace('_', " ")),
            arrived,
            Fact::text(shipment.carrier),
            Fact::text(shipment.tracking),
            Fact::text(contents.join(", ")),
            Fact::text(shipment.note),
        ];
        Entry::new(day(shipment.shipped_on), facts)
    });
    Ok(all.collect())
}
