//! What can be done with a ticket: add it and change it; what moves it, is said of it and joins it to others has files of
//! its own.
//!
//! A ticket is nowhere told to have some status: it comes to a step, waits, and what follows from that is brought up to
//! date when the transaction settles.

pub mod clock;
mod course;
pub mod join;
pub mod steps;
pub mod talk;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use crate::domain::actor::Via;
use crate::domain::field::{self, FieldType};
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::ticket::{Step, Wait};
use crate::domain::value::Value;
use crate::domain::when::Leaning;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::{self, Policy};
use crate::ops::{article, refer, sla};
use crate::store::rows::{self, Identity};
use crate::store::tickets::{self, Ticket};
use crate::store::{ReadTx, WriteTx, customers, links, orders, service, users};

use course::Given;

/// Adds a ticket, also one that is on its way or done already.
///
/// Without a subject it is called after the first line of what the customer said. Who works on it answers for it, unless
/// somebody else is named. The customer of the order that it is about wants it, unless another is named.
///
/// # Errors
///
/// `Duplicate` if an external id is taken; `Invalid` for a value, and for times that are out of order.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a ticket with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Ticket, assignments, policy)?;
    taken_external_id(tx, &draft)?;
    if draft.text("name").is_none() {
        let first = draft
            .text("description")
            .and_then(|text| text.trim().lines().next());
        let name = first.map(|line| line.chars().take(120).collect::<String>());
        let name = name.ok_or_else(|| Error::invalid("name", "a ticket needs a subject"))?;
        draft.set(known("name")?, Value::text(name));
    }
    if draft.get("priority").is_none_or(Value::is_empty) {
        draft.set(known("priority")?, Value::text("normal"));
    }
    whose(tx, &mut draft)?;
    let assignee = assigned(tx, &mut draft)?.flatten();
    let given = Given::read(tx, &draft)?;
    let stays = given.stays(tx, assignee.is_some())?;
    if identity.id.is_none() {
        draft.complete_custom(tx, Noun::Ticket)?;
    }
    let mut columns = Vec::new();
    if let Some(Value::Link(customer)) = draft.get("customer") {
        columns.push(tickets::company_column(employer(tx, customer.id)?));
    }
    let id = rows::add(tx, Noun::Ticket, identity, &draft.plain, columns)?;
    let by = Some(tx.caller().actor.id);
    let stays: Vec<_> = stays.into_iter().map(|stay| (stay, by)).collect();
    tickets::set_stays(tx, id, &stays)?;
    if draft.get("parent").is_some() {
        join::fits(tx, id)?;
    }
    draft.write_common(tx, Noun::Ticket, id, Lists::Replace)?;
    article::helped::write(tx, id, &draft, Lists::Replace, policy)?;
    // To whoever was answered long ago, in another program, nothing was promised here.
    let is_history = is_import(tx) && get(tx, id)?.life.step.is_solved();
    if identity.id.is_none() && draft.get("sla").is_none() && !is_history {
        let policy = sla::choose(tx, id)?;
        service::set_policy(tx, id, policy)?;
    }
    tx.describe(format!("Added ticket {}", label(tx, id)?));
    Ok(Outcome::made(id))
}

/// Changes a ticket; a step or status that is given moves it.
///
/// # Errors
///
/// `Invalid` for a value, for an illegal step (with the legal ones), and for a time that follows from the steps.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Ticket, assignments, policy)?;
    if draft.get("name").is_some_and(Value::is_empty) {
        return Err(Error::invalid("name", "a ticket needs a subject"));
    }
    if draft.get("priority").is_some_and(Value::is_empty) {
        draft.set(known("priority")?, Value::text("normal"));
    }
    let before = get(tx, id)?;
    let assignee = assigned(tx, &mut draft)?;
    let given = Given::read(tx, &draft)?;
    let follows = follows(tx, &before, &draft)?;
    let changes = tx.changes();
    rows::set(tx, Noun::Ticket, id, &draft.plain)?;
    if let Some(customer) = draft.get("customer") {
        let new = match customer {
            Value::Link(link) => Some(link.id),
            _ => None,
        };
        // Where somebody works now is no news of where that was then.
        if new != before.customer {
            let company = match new {
                Some(customer) => employer(tx, customer)?,
                None => None,
            };
            tickets::set_company(tx, id, company)?;
        }
    }
    if draft.get("parent").is_some() {
        join::fits(tx, id)?;
    }
    draft.write_common(tx, Noun::Ticket, id, how)?;
    article::helped::write(tx, id, &draft, how, policy)?;
    let moved = given.apply(tx, &before)?;
    if !moved && assignee.flatten().is_some() && before.life.step == Step::Received {
        steps::enter(tx, id, Step::Assigned, before.life.wait, None)?;
    }
    let changed = tx.changes() != changes;
    if changed && follows {
        let policy = sla::choose(tx, id)?;
        sla::set(tx, id, policy)?;
    }
    if changed {
        let label = label(tx, id)?;
        tx.describe(match moved {
            true => format!("Moved ticket {label} to {}", get(tx, id)?.life.step.name()),
            false => format!("Changed ticket {label}"),
        });
    }
    Ok(Outcome::kept(id, changed))
}

/// Whether a ticket that is not solved has the policy that is for it, which may be another one when it has changed. A policy
/// that somebody chose by hand stays.
fn follows(tx: &WriteTx<'_>, ticket: &Ticket, draft: &Draft) -> Result<bool> {
    if draft.get("sla").is_some() || ticket.life.step.is_solved() || !sla::has_filters(tx)? {
        return Ok(false);
    }
    Ok(sla::choose(tx, ticket.id)? == service::policy_for(tx, ticket.id)?)
}

/// Fills in who wants it: the customer of the order that it is about.
fn whose(tx: &WriteTx<'_>, draft: &mut Draft) -> Result<()> {
    if let Some(Value::Link(order)) = draft.get("order")
        && let Some(order) = orders::get(tx, order.id)?
    {
        let customer = typed::linked_value(tx, Noun::Customer, order.customer)?;
        draft.fallback(Noun::Ticket, "customer", customer);
    }
    Ok(())
}

/// Who is to work on it, if that is given; who does answers for it, unless somebody else is named.
fn assigned(tx: &ReadTx<'_>, draft: &mut Draft) -> Result<Option<Option<Id>>> {
    let Some(given) = draft.get("assignee").cloned() else {
        return Ok(None);
    };
    let Value::Link(user) = &given else {
        return Ok(Some(None));
    };
    if users::is_disabled(tx, user.id)? && !is_import(tx) {
        let message = format!("assignee: the user {:?} is disabled", user.name);
        return Err(Error::invalid("assignee", message));
    }
    let id = user.id;
    draft.fallback(Noun::Ticket, "owner", given);
    Ok(Some(Some(id)))
}

/// Where a person works; none for a company.
fn employer(tx: &ReadTx<'_>, customer: Id) -> Result<Option<Id>> {
    Ok(customers::employer(tx, customer)?.map(|job| job.company))
}

/// A ticket that must be there.
pub(crate) fn get(tx: &ReadTx<'_>, id: Id) -> Result<Ticket> {
    tickets::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Ticket, &id.uid()))
}

/// The ref and the subject, as titles of operations show a record.
pub(crate) fn label(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let link = links::link(tx, Noun::Ticket, id)?;
    Ok(link
        .map(|link| format!("{} {}", link.reference(), link.name))
        .unwrap_or_default())
}

fn reference(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let link = links::link(tx, Noun::Ticket, id)?;
    Ok(link.map(|link| link.reference().to_string()).unwrap_or_default())
}

fn known(name: &str) -> Result<&'static field::Field> {
    field::find(Noun::Ticket, name).ok_or_else(|| Error::internal(format!("a ticket has no field {name}")))
}

/// The instant that a phrase means, which is not to come; now if there is none.
///
/// # Errors
///
/// `Invalid` on `at` for no instant, and for one that is to come.
pub(crate) fn moment(tx: &ReadTx<'_>, phrase: Option<&str>) -> Result<Option<Timestamp>> {
    let Some(phrase) = phrase.filter(|phrase| !phrase.trim().is_empty()) else {
        return Ok(None);
    };
    match typed::scalar(tx, "at", FieldType::Instant, phrase, Leaning::Past)? {
        Value::Instant(at) => past(tx, "at", at).map(Some),
        _ => Err(Error::invalid("at", format!("at: {phrase:?} is no time"))),
    }
}

/// An instant that is not to come.
fn past(tx: &ReadTx<'_>, field: &str, at: Timestamp) -> Result<Timestamp> {
    if at > tx.caller().clock.now() && !is_import(tx) {
        return Err(Error::invalid(field, format!("{field}: {at} is still to come")));
    }
    Ok(at)
}

/// An import brings what is known of the past; a person can be asked for the rest.
fn is_import(tx: &ReadTx<'_>) -> bool {
    tx.caller().via == Via::Import
}

fn taken_external_id(tx: &ReadTx<'_>, draft: &Draft) -> Result<()> {
    for (system, value) in draft.external_ids() {
        if let Some(id) = links::by_external_id(tx, system, Noun::Ticket, value)? {
            let message = format!("external id {system}:{value} belongs to another ticket");
            return Err(Error::new(Kind::Duplicate, message)
                .on_field("external_ids")
                .with_candidates(refer::described(tx, Noun::Ticket, &[id])?));
        }
    }
    Ok(())
}

/// Refuses a step or status with those that are allowed.
fn illegal(tx: &ReadTx<'_>, ticket: &Ticket, to: &str, allowed: Vec<String>) -> Result<Error> {
    let message = format!(
        "step: ticket {} is {}, and can only become {}; not {to}",
        reference(tx, ticket.id)?,
        stands(ticket),
        allowed.join(", ")
    );
    Ok(Error::invalid("step", message).with_near(allowed))
}

/// How a ticket stands, in words.
fn stands(ticket: &Ticket) -> String {
    let life = &ticket.life;
    match (life.step, life.wait) {
        (Step::Closed, _) => life.status.name().to_owned(),
        (step, Wait::Nobody) => step.name().to_owned(),
        (step, wait) => format!(
            "{} and waits for the {}",
            step.name(),
            wait.name().replace('_', " ")
        ),
    }
}
