//! What is said about tickets: to the customer, by the customer, among us; and visits.

use jiff::Timestamp;

use super::{get, label, moment, steps};
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::ticket::{CommentType, Status, Step, Wait};
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::draft::Lists;
use crate::ops::typed::{self, Policy};
use crate::ops::{Outcome, activity, list, refer};
use crate::store::tickets::{self, Comment, Ticket};
use crate::store::{ReadTx, WriteTx, fields, records};

/// What was said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said<'g> {
    /// The words.
    pub text: &'g str,
    /// How it went, by key or label; none for how the ticket came in.
    pub channel: Option<&'g str>,
    /// When; none for now.
    pub at: Option<&'g str>,
    /// Whether no person said it.
    pub is_automatic: bool,
    /// Whether we wait for the customer then.
    pub waits: bool,
}

/// Answers the customer: the first answer by a person is contact, whatever was before.
///
/// # Errors
///
/// `Invalid` without words, for an unknown channel, and for a time before the ticket came in.
pub fn reply(tx: &WriteTx<'_>, id: Id, said: &Said<'_>) -> Result<Outcome> {
    let before = get(tx, id)?;
    let at = written(tx, &before, CommentType::Reply, said, None)?;
    let life = &before.life;
    let is_contact = !said.is_automatic && life.step < Step::Contacted;
    let waits = said.waits && !life.step.is_solved();
    let wait = if waits { Wait::Customer } else { life.wait };
    if is_contact || wait != life.wait {
        let step = if is_contact { Step::Contacted } else { life.step };
        steps::enter(tx, id, step, wait, at)?;
    }
    tx.describe(format!("Replied to ticket {}", label(tx, id)?));
    Ok(changed(id))
}

/// Takes down what the customer said. It wakes a ticket that waited for that, and brings a solved one back; a closed one
/// stays closed. What no person said does neither.
///
/// # Errors
///
/// As [`reply`].
pub fn receive(tx: &WriteTx<'_>, id: Id, said: &Said<'_>, from: Option<Id>) -> Result<Outcome> {
    let before = get(tx, id)?;
    let at = written(
        tx,
        &before,
        CommentType::Message,
        said,
        from.or(before.contact).or(before.customer),
    )?;
    if !said.is_automatic {
        match before.life.status {
            Status::WaitingCustomer => steps::enter(tx, id, before.life.step, Wait::Nobody, at)?,
            Status::Resolved => steps::enter(tx, id, Step::Analyzing, Wait::Nobody, at)?,
            _ => {}
        }
    }
    tx.describe(format!("Received a message for ticket {}", label(tx, id)?));
    Ok(changed(id))
}

/// Writes something down for us alone.
///
/// # Errors
///
/// As [`reply`].
pub fn note(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<Outcome> {
    let said = Said {
        text,
        ..Said::default()
    };
    note_at(tx, id, &said)
}

/// The same at another time.
///
/// # Errors
///
/// As [`reply`].
pub fn note_at(tx: &WriteTx<'_>, id: Id, said: &Said<'_>) -> Result<Outcome> {
    written(tx, &get(tx, id)?, CommentType::Note, said, None)?;
    tx.describe(format!("Noted on ticket {}", label(tx, id)?));
    Ok(changed(id))
}

/// Writes a comment down; when it was said, if that was told.
fn written(
    tx: &WriteTx<'_>,
    ticket: &Ticket,
    kind: CommentType,
    said: &Said<'_>,
    customer: Option<Id>,
) -> Result<Option<Timestamp>> {
    let text = typed::clean("text", said.text)?.trim().to_owned();
    if text.is_empty() {
        return Err(Error::invalid("text", "text: there is nothing to write down"));
    }
    let at = moment(tx, said.at)?;
    if at.is_some_and(|at| at < ticket.life.received_at) {
        let message = format!("at: it came in only at {}", ticket.life.received_at);
        return Err(Error::invalid("at", message));
    }
    let channel = match said.channel {
        Some(word) => {
            let entries = fields::choices(tx, "ticket_channel")?;
            let found = typed::matching(&entries, word).map(|entry| entry.key.clone());
            found.ok_or_else(|| {
                let keys: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
                Error::invalid(
                    "channel",
                    format!("channel: {word:?} is none of {}", keys.join(", ")),
                )
            })?
        }
        None => String::new(),
    };
    let comment = Comment {
        kind,
        at: at.unwrap_or(tx.caller().clock.now()),
        text,
        channel,
        is_automatic: said.is_automatic,
        author: (kind != CommentType::Message && !said.is_automatic).then_some(tx.caller().actor.id),
        customer,
    };
    tickets::add_comment(tx, ticket.id, &comment)?;
    Ok(at)
}

/// Logs an activity for a ticket, with its customer unless somebody else is named: an after-sales visit. To meet the
/// customer is contact.
///
/// # Errors
///
/// `Invalid` for a value.
pub fn visit(tx: &WriteTx<'_>, id: Id, given: &[Assignment]) -> Result<Outcome> {
    let before = get(tx, id)?;
    let mut assignments = given.to_vec();
    let mut fallback = |name: &str, input: Input| {
        if assignments.iter().all(|(known, _)| known != name) {
            assignments.push((name.to_owned(), input));
        }
    };
    fallback("type", Input::text("visit"));
    fallback("purpose", Input::text("service"));
    fallback("ticket", Input::text(id.uid()));
    if let Some(customer) = before.customer {
        fallback("customer", Input::text(customer.uid()));
    }
    if let Some(contact) = before.contact.filter(|contact| Some(*contact) != before.customer) {
        fallback("people", Input::text(contact.uid()));
    }
    let outcome = activity::add(tx, &assignments, &Policy::strict())?;
    if before.life.step < Step::Contacted {
        let at = tickets::activity_at(tx, outcome.id)?;
        let at = at.filter(|at| *at >= before.life.step_since && *at <= tx.caller().clock.now());
        steps::enter(tx, id, Step::Contacted, before.life.wait, at)?;
    }
    tx.describe(format!(
        "Logged {} for ticket {}",
        activity::label(tx, outcome.id)?,
        label(tx, id)?
    ));
    Ok(outcome)
}

/// Makes a ticket of something that happened: its customer, its words and its time, unless others are given. The activity
/// is for the ticket then.
///
/// # Errors
///
/// `NotFound` for the activity; otherwise as for any ticket.
pub fn from_activity(tx: &WriteTx<'_>, activity: &str, given: &[Assignment]) -> Result<Outcome> {
    let source = refer::one(tx, Noun::Activity, activity)?;
    let columns =
        ["customer", "text", "type", "at", "people"].map(|name| list::column(tx, Noun::Activity, name));
    let columns = columns.into_iter().collect::<Result<Vec<_>>>()?;
    let row = records::get(tx, Noun::Activity, source, &columns)?;
    let row = row.ok_or_else(|| Error::not_found(Noun::Activity, activity))?;
    let mut assignments = given.to_vec();
    let mut fallback = |name: &str, input: Input| {
        if assignments.iter().all(|(known, _)| known != name) {
            assignments.push((name.to_owned(), input));
        }
    };
    for (name, value) in ["customer", "description", "channel", "received_at", "contact"]
        .into_iter()
        .zip(row)
    {
        match (name, value) {
            ("channel", Value::Text(kind)) => {
                let channel = match kind.as_str() {
                    "call" => "phone",
                    "email" => "email",
                    "message" => "chat",
                    "visit" | "meeting" | "demo" => "visit",
                    _ => "other",
                };
                fallback(name, Input::text(channel));
            }
            (_, Value::Link(link)) => fallback(name, Input::text(link.id.uid())),
            (_, Value::Text(text)) => fallback(name, Input::text(text)),
            (_, Value::Instant(at)) => fallback(name, Input::text(at.to_string())),
            (_, Value::List(people)) => {
                if let Some(Value::Link(person)) = people.into_iter().next() {
                    fallback(name, Input::text(person.id.uid()));
                }
            }
            _ => {}
        }
    }
    let outcome = super::add(tx, &assignments, &Policy::strict())?;
    let of = [("ticket".to_owned(), Input::text(outcome.id.uid()))];
    activity::edit(tx, source, &of, Lists::Replace, &Policy::strict())?;
    tx.describe(format!("Added ticket {}", label(tx, outcome.id)?));
    Ok(outcome)
}

/// When a person first answered, as the rows tell it now.
pub(super) fn first_response(tx: &ReadTx<'_>, id: Id) -> Result<Option<Timestamp>> {
    let comments = tickets::comments(tx, id)?;
    let answers = comments
        .iter()
        .filter(|comment| comment.kind == CommentType::Reply && !comment.is_automatic)
        .map(|comment| comment.at);
    Ok(answers.chain(get(tx, id)?.life.contacted_at).min())
}

fn changed(id: Id) -> Outcome {
    Outcome {
        id,
        created: false,
        changed: true,
    }
}
