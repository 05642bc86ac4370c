//! Deliveries: what of an order was sent, with whom, and whether it arrived.

use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::sale::{OrderStatus, ShipmentStatus, notation};
use crate::error::{Error, Result};
use crate::ops::order::{get, label, reference};
use crate::ops::sale::lines;
use crate::ops::typed;
use crate::store::orders::{self, Line, Sent, Shipped};
use crate::store::{ReadTx, WriteTx};

/// A shipment as it is given.
#[derive(Debug, Clone, Default)]
pub struct Given<'g> {
    /// Who carries it.
    pub carrier: Option<&'g str>,
    /// What the carrier calls it.
    pub tracking: Option<&'g str>,
    /// The day; none for today.
    pub on: Option<Date>,
    /// Free text.
    pub note: Option<&'g str>,
    /// What is in it, `SKU x2` or `1 x2`; empty for all that was not sent yet.
    pub lines: &'g [String],
}

/// Sends an order, or lines of it. An order that was only confirmed is being worked on from then on.
///
/// # Errors
///
/// `Invalid` for an order that is not confirmed or is done, for more than was bought, and where nothing is left to send.
pub fn send(tx: &WriteTx<'_>, id: Id, given: &Given<'_>) -> Result<()> {
    let order = get(tx, id)?;
    if !order.status.counts() {
        let message = format!(
            "status: order {0} is {1}; only what is confirmed is sent",
            reference(tx, id)?,
            order.status.name()
        );
        return Err(Error::invalid("status", message));
    }
    let known = orders::lines(tx, id)?;
    let left = left(&known, &orders::shipments(tx, id)?);
    let contents = match given.lines.is_empty() {
        true => rest(&known, &left),
        false => chosen(tx, &known, &left, given.lines)?,
    };
    if contents.is_empty() {
        let message = format!(
            "lines: nothing of order {} is left to be sent",
            reference(tx, id)?
        );
        return Err(Error::invalid("lines", message));
    }
    let clean = |name: &str, text: Option<&str>| typed::clean(name, text.unwrap_or_default().trim());
    let shipment = Shipped {
        id,
        position: 0,
        status: ShipmentStatus::Shipped.name().to_owned(),
        carrier: clean("carrier", given.carrier)?,
        tracking: clean("tracking", given.tracking)?,
        shipped_on: Some(given.on.unwrap_or(tx.caller().clock.today())),
        delivered_on: None,
        note: clean("note", given.note)?,
        contents,
    };
    orders::add_shipment(tx, id, &shipment)?;
    if order.status == OrderStatus::Confirmed {
        super::place(tx, &order, OrderStatus::Processing, None)?;
    }
    tx.describe(format!("Sent order {}", label(tx, id)?));
    Ok(())
}

/// Says of a shipment of an order where it is: the one with this number, counted from 1; of none, all that can be there.
///
/// # Errors
///
/// `Invalid` for an illegal move, with the legal ones; where there is no such shipment; or if it would arrive before it left.
pub fn mark(
    tx: &WriteTx<'_>,
    id: Id,
    number: Option<i64>,
    to: ShipmentStatus,
    on: Option<Date>,
) -> Result<()> {
    let on = on.unwrap_or(tx.caller().clock.today());
    let shipments = orders::shipments(tx, id)?;
    let allowed =
        |shipment: &Shipped| ShipmentStatus::parse(&shipment.status).map_or(&[][..], ShipmentStatus::allowed);
    let chosen: Vec<&Shipped> = match number {
        Some(number) => shipments
            .iter()
            .filter(|shipment| shipment.position == number)
            .collect(),
        None => shipments
            .iter()
            .filter(|shipment| allowed(shipment).contains(&to))
            .collect(),
    };
    if chosen.is_empty() {
        let message = match number {
            Some(number) => format!("shipment: order {} has no shipment {number}", reference(tx, id)?),
            None => format!(
                "shipment: no shipment of order {} can be {}",
                reference(tx, id)?,
                to.name()
            ),
        };
        return Err(Error::invalid("shipment", message));
    }
    for shipment in chosen {
        let allowed = allowed(shipment);
        if !allowed.contains(&to) {
            let names: Vec<String> = allowed.iter().map(|status| status.name().to_owned()).collect();
            let message = format!(
                "shipment: shipment {} is {}, and can only become {}; not {}",
                shipment.position,
                shipment.status,
                names.join(", "),
                to.name()
            );
            return Err(Error::invalid("shipment", message).with_near(names));
        }
        let mut shipment = shipment.clone();
        to.name().clone_into(&mut shipment.status);
        if to == ShipmentStatus::Delivered {
            if shipment.shipped_on.is_some_and(|shipped| on < shipped) {
                return Err(Error::invalid("on", format!("{on} is before it was sent")));
            }
            shipment.delivered_on = Some(on);
        }
        orders::set_shipment(tx, &shipment)?;
    }
    let verb = match to {
        ShipmentStatus::Delivered => "Delivered",
        _ => "Followed",
    };
    tx.describe(format!("{verb} order {}", label(tx, id)?));
    Ok(())
}

/// The shipments of an order, and its lines.
pub fn list(tx: &ReadTx<'_>, id: Id) -> Result<(Vec<Line>, Vec<Shipped>)> {
    Ok((orders::lines(tx, id)?, orders::shipments(tx, id)?))
}

/// How much of each line was not sent yet, in thousandths. What came back may be sent again.
fn left(lines: &[Line], shipments: &[Shipped]) -> Vec<i64> {
    let sent = |line: Option<Id>| {
        shipments
            .iter()
            .filter(|shipment| shipment.status != ShipmentStatus::Returned.name())
            .flat_map(|shipment| &shipment.contents)
            .filter(|sent| Some(sent.line) == line)
            .fold(0_i64, |sum, sent| sum.saturating_add(sent.quantity))
    };
    lines
        .iter()
        .map(|line| line.figures.quantity.saturating_sub(sent(line.id)).max(0))
        .collect()
}

/// All that has to be sent and was not.
fn rest(lines: &[Line], left: &[i64]) -> Vec<Sent> {
    let open = lines
        .iter()
        .zip(left)
        .filter(|(line, left)| line.is_shipped && **left > 0);
    open.filter_map(|(line, left)| {
        Some(Sent {
            line: line.id?,
            quantity: *left,
        })
    })
    .collect()
}

/// What is named, each line once.
fn chosen(tx: &WriteTx<'_>, known: &[Line], left: &[i64], texts: &[String]) -> Result<Vec<Sent>> {
    let mut contents: Vec<Sent> = Vec::new();
    for text in texts {
        let refuse = |why: String| Error::invalid("lines", format!("lines: {text:?}: {why}"));
        let written = notation::read(text).ok_or_else(|| refuse("nothing is named".to_owned()))?;
        let found = lines::named(tx, known, &written.name);
        let (at, line) = found.ok_or_else(|| refuse("the order has no such line".to_owned()))?;
        let open = left.get(at).copied().unwrap_or(0);
        let quantity = written.quantity.unwrap_or(open);
        if quantity > open || quantity <= 0 || contents.iter().any(|sent| sent.line == line) {
            let open = notation::quantity_text(open);
            return Err(refuse(format!("only {open} of it are left to be sent")));
        }
        contents.push(Sent { line, quantity });
    }
    Ok(contents)
}
