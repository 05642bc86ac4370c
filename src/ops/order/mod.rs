//! What can be done with an order: add, edit, confirm, process, complete, cancel, return, reopen; and with its payments
//! and shipments.
//!
//! Whether an order is paid and delivered is nowhere said: it follows from payments and shipments when the transaction
//! settles.

pub mod pay;
pub mod plan;
pub mod ship;

#[cfg(test)]
mod tests;

use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::order::STATUSES;
use crate::domain::sale::OrderStatus;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::quote;
use crate::ops::sale::{self, Given};
use crate::ops::typed::{self, Policy};
use crate::store::orders::{self, Facts, Line, Order};
use crate::store::rows::{self, Identity};
use crate::store::sales::Terms;
use crate::store::{ReadTx, WriteTx, rates};

pub use pay::{METHODS, PAYMENT_STATES};

/// Adds an order, also one that is confirmed or done already.
///
/// It needs a customer; without one, that of the quote or the deal buys, and what else they say stands where nothing is
/// given. Without a name it is called after its first line.
///
/// # Errors
///
/// `Duplicate` if an external id is taken; `Invalid` for a value, or a line that cannot be read.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds an order with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Order, assignments, policy)?;
    sale::taken_external_id(tx, Noun::Order, &draft)?;
    let brought = match quote::brought(tx, &mut draft)? {
        Some(brought) => brought,
        None => quote::Brought {
            lines: sale::of_deal(tx, Noun::Order, &mut draft)?,
            shipping: None,
        },
    };
    let Some(Value::Link(customer)) = draft.get("customer").cloned() else {
        return Err(Error::invalid("customer", "an order needs a customer"));
    };
    let today = tx.caller().clock.today();
    if draft.get("currency").is_none_or(Value::is_empty) {
        sale::set(
            &mut draft,
            Noun::Order,
            "currency",
            Value::text(tx.base_currency()?.code()),
        )?;
    }
    if draft.get("ordered_on").is_none_or(Value::is_empty) {
        sale::set(&mut draft, Noun::Order, "ordered_on", Value::Date(today))?;
    }
    let mut wanted = Wanted::read(tx, &mut draft, None)?;
    wanted.given.lines = wanted.given.lines.or(brought.lines);
    wanted.given.shipping = wanted.given.shipping.or(brought.shipping);
    if draft.text("name").is_none() {
        let first = wanted.given.lines.as_ref().and_then(|lines| lines.first());
        let name = first.map_or(customer.name, |line| line.name().to_owned());
        sale::set(&mut draft, Noun::Order, "name", Value::text(name))?;
    }
    let is_new = identity.id.is_none();
    if is_new {
        draft.complete_custom(tx, Noun::Order)?;
    }
    let status = wanted.status.unwrap_or(OrderStatus::Draft);
    if is_new
        && is_bound(status)
        && !sale::is_import(tx)
        && wanted.given.lines.as_ref().is_none_or(Vec::is_empty)
    {
        return Err(empty());
    }
    let ordered_on = match draft.get("ordered_on") {
        Some(Value::Date(day)) => *day,
        _ => today,
    };
    let mut facts = Facts {
        status: Some(status),
        shipping: wanted.given.shipping,
        ..Facts::default()
    };
    if is_bound(status) {
        facts.confirmed = Some(Some((ordered_on, frozen(tx, wanted.given.currency, ordered_on)?)));
    }
    if is_closed(status) {
        facts.closed_on = Some(Some(ordered_on));
    }
    let id = rows::add(tx, Noun::Order, identity, &draft.plain, facts.columns())?;
    if let Some(lines) = &wanted.given.lines {
        orders::set_lines(tx, id, lines)?;
    }
    draft.write_common(tx, Noun::Order, id, Lists::Replace)?;
    tx.describe(format!("Added order {}", label(tx, id)?));
    Ok(Outcome::made(id))
}

/// Changes an order; a status that is given moves it.
///
/// What an order comes to can only be changed while it is a draft; an import may correct it later too.
///
/// # Errors
///
/// `Invalid` for a value, for an illegal move (with the legal ones), and for amounts of an order that binds.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Order, assignments, policy)?;
    for (name, needs) in [
        ("name", "a name"),
        ("customer", "a customer"),
        ("currency", "a currency"),
    ] {
        if draft.get(name).is_some_and(Value::is_empty) {
            return Err(Error::invalid(name, format!("an order needs {needs}")));
        }
    }
    if draft.get("ordered_on").is_some_and(Value::is_empty) {
        let message = "an order needs the day on which it was ordered";
        return Err(Error::invalid("ordered_on", message));
    }
    let before = get(tx, id)?;
    let (terms, lines) = (before.terms(), orders::lines(tx, id)?);
    let known = (&terms, lines.as_slice());
    let wanted = Wanted::read(tx, &mut draft, Some(known))?;
    wanted.keeps_its_word(tx, &before, known, &draft)?;

    let changes = tx.changes();
    rows::set(tx, Noun::Order, id, &draft.plain)?;
    let facts = Facts {
        shipping: wanted.given.shipping,
        ..Facts::default()
    };
    orders::set(tx, id, &facts)?;
    if let Some(lines) = &wanted.given.lines {
        orders::set_lines(tx, id, lines)?;
    }
    draft.write_common(tx, Noun::Order, id, how)?;
    let mut title = None;
    if let Some(status) = wanted.status.filter(|status| *status != before.status) {
        place(tx, &before, status, None)?;
        title = Some(status);
    }
    tx.settle()?;
    pay::advance(tx, id)?;
    let changed = tx.changes() != changes;
    if changed {
        let label = label(tx, id)?;
        tx.describe(match title {
            Some(status) => format!("{} order {label}", done(status)),
            None => format!("Changed order {label}"),
        });
    }
    Ok(Outcome::kept(id, changed))
}

/// Adds to what is written down about an order.
///
/// # Errors
///
/// Whatever [`edit`] fails with.
pub fn note(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<Outcome> {
    let known = orders::note(tx, id)?;
    let whole = match known.is_empty() {
        true => text.to_owned(),
        false => format!("{known}\n\n{text}"),
    };
    let note = ("note".to_owned(), Input::Text(whole));
    edit(tx, id, &[note], Lists::Replace, &Policy::strict())
}

/// Moves an order to a status, on a day (none for today), for a reason. Confirming freezes the rate to the base currency.
///
/// # Errors
///
/// `Invalid` for an illegal move, with the legal ones.
pub fn move_to(
    tx: &WriteTx<'_>,
    id: Id,
    status: OrderStatus,
    on: Option<Date>,
    reason: Option<&str>,
) -> Result<Outcome> {
    let before = get(tx, id)?;
    let changes = tx.changes();
    place(tx, &before, status, on)?;
    if let Some(reason) = reason {
        let facts = Facts {
            reason: Some(typed::clean("reason", reason)?),
            ..Facts::default()
        };
        orders::set(tx, id, &facts)?;
    }
    tx.settle()?;
    pay::advance(tx, id)?;
    tx.describe(format!("{} order {}", done(status), label(tx, id)?));
    Ok(Outcome {
        id,
        created: false,
        changed: tx.changes() != changes,
    })
}

/// Writes the status and what it brings about.
fn place(tx: &WriteTx<'_>, before: &Order, status: OrderStatus, on: Option<Date>) -> Result<()> {
    if !before.status.allowed().contains(&status) {
        return Err(illegal(tx, before, status)?);
    }
    let day = on.unwrap_or(tx.caller().clock.today());
    if status != OrderStatus::Draft && day < before.ordered_on {
        let message = format!("{day} is before the order was made on {}", before.ordered_on);
        return Err(Error::invalid("on", message));
    }
    let mut facts = Facts {
        status: Some(status),
        closed_on: Some(is_closed(status).then_some(day)),
        ..Facts::default()
    };
    if is_bound(status) && before.confirmed_on.is_none() {
        if orders::lines(tx, before.id)?.is_empty() && !sale::is_import(tx) {
            return Err(empty());
        }
        let currency = get(tx, before.id)?.currency;
        facts.confirmed = Some(Some((day, frozen(tx, currency, day)?)));
    }
    if status == OrderStatus::Draft {
        facts.confirmed = Some(None);
        facts.reason = Some(String::new());
    }
    orders::set(tx, before.id, &facts)?;
    Ok(())
}

/// What was done to an order that is in this status now.
fn done(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::Draft => "Reopened",
        OrderStatus::Confirmed => "Confirmed",
        OrderStatus::Processing => "Began work on",
        OrderStatus::Completed => "Completed",
        OrderStatus::Cancelled => "Cancelled",
        OrderStatus::Returned => "Took back",
    }
}

fn illegal(tx: &ReadTx<'_>, order: &Order, to: OrderStatus) -> Result<Error> {
    let allowed: Vec<String> = order
        .status
        .allowed()
        .iter()
        .map(|status| status.name().to_owned())
        .collect();
    let only = match allowed.as_slice() {
        [] => "and stays so".to_owned(),
        allowed => format!("and can only become {}", allowed.join(", ")),
    };
    let message = format!(
        "status: order {} is {}, {only}; not {}",
        reference(tx, order.id)?,
        order.status.name(),
        to.name()
    );
    Ok(Error::invalid("status", message).with_near(allowed))
}

/// Whether both sides are, or were, bound by an order in this status.
fn is_bound(status: OrderStatus) -> bool {
    !matches!(status, OrderStatus::Draft | OrderStatus::Cancelled)
}

fn is_closed(status: OrderStatus) -> bool {
    matches!(
        status,
        OrderStatus::Completed | OrderStatus::Cancelled | OrderStatus::Returned
    )
}

fn empty() -> Error {
    Error::invalid("lines", "lines: an order without lines cannot be confirmed")
}

/// The rate at which an order counts for good; none where none is known.
fn frozen(tx: &ReadTx<'_>, currency: Currency, day: Date) -> Result<Option<i64>> {
    Ok(rates::on(tx, currency, day)?.map(|rate| rate.nano()))
}

/// What is given for an order and read with its rules.
struct Wanted {
    status: Option<OrderStatus>,
    given: Given,
}

impl Wanted {
    /// Takes out of a draft what is not written word by word, and brings the rest into its usual form.
    fn read(tx: &WriteTx<'_>, draft: &mut Draft, before: Option<(&Terms, &[Line])>) -> Result<Wanted> {
        let given = Given::read(tx, Noun::Order, draft, before)?;
        let status = match draft.specials("status").last() {
            Some((_, Input::Text(text))) if !text.trim().is_empty() => {
                OrderStatus::parse(typed::word("status", STATUSES, text)?)
            }
            _ => None,
        };
        Ok(Wanted { status, given })
    }

    /// Refuses to change what an order comes to once both sides are bound.
    fn keeps_its_word(
        &self,
        tx: &ReadTx<'_>,
        before: &Order,
        known: (&Terms, &[Line]),
        draft: &Draft,
    ) -> Result<()> {
        self.given.keeps_prices(known)?;
        if before.status == OrderStatus::Draft || sale::is_import(tx) {
            return Ok(());
        }
        let Some(changed) = self.given.changes(draft, known) else {
            return Ok(());
        };
        let reference = reference(tx, before.id)?;
        let way = match before.status.allowed().contains(&OrderStatus::Cancelled) {
            true => format!(
                ". `crm order cancel {reference}` and `crm order reopen {reference}` make a draft of it again"
            ),
            false => String::new(),
        };
        let status = before.status.name();
        let message = format!("{changed}: order {reference} is {status}; what it comes to is settled{way}");
        Err(Error::invalid(changed, message))
    }
}

/// An order that must be there.
pub(crate) fn get(tx: &ReadTx<'_>, id: Id) -> Result<Order> {
    orders::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Order, &id.uid()))
}

/// The ref and the name, as titles of operations show a record.
pub(crate) fn label(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    sale::label(tx, Noun::Order, id)
}

fn reference(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    sale::reference(tx, Noun::Order, id)
}
