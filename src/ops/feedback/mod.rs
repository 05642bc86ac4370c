//! What can be done with feedback: ask for it, add, answer, edit, and deal with it.
//!
//! An answer belongs to a survey, and its score is on the scale of that. One that somebody was asked for and did not give
//! yet is feedback too, without a score and a day of the answer: so the share of those who answer is known.

mod tickets;

use jiff::civil::Date;

use crate::domain::actor::Via;
use crate::domain::feedback::{ANSWER, STATUSES, Status};
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::{self, Policy};
use crate::ops::{list, refer};
use crate::store::feedback::{self, Feedback, Survey};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links, records};

pub use tickets::{Rating, close, customer_of, escalate, rate};

/// Adds feedback: an answer to a survey, or what a customer says unasked. Without a type, a survey makes it an answer;
/// without a day it came today; without a customer, that of the order or the ticket says it, or else the contact.
///
/// # Errors
///
/// `Invalid` for a score that is not on the scale, for an answer without a survey or a score, and for a survey that is
/// not asked any more; `Duplicate` if an external id is taken.
pub fn add(tx: &WriteTx<'_>, given: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), given, policy)
}

/// Adds feedback with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    given: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Feedback, given, policy)?;
    let is_new = identity.id.is_none();
    let has = |draft: &Draft, name: &str| draft.get(name).is_some_and(|value| !value.is_empty());
    if !has(&draft, "type") {
        if !has(&draft, "survey") && !has(&draft, "score") {
            let message =
                "type: say what it is, complaint, suggestion, praise or question; or which survey it answers";
            return Err(Error::invalid("type", message));
        }
        draft.put(Noun::Feedback, "type", Value::text(ANSWER));
    }
    let is_answer = draft.text("type") == Some(ANSWER);
    if !has(&draft, "answered_on") && (has(&draft, "score") || !is_answer) {
        draft.put(
            Noun::Feedback,
            "answered_on",
            Value::Date(tx.caller().clock.today()),
        );
    }
    if is_new {
        of_whom(tx, &mut draft)?;
        draft.complete_custom(tx, Noun::Feedback)?;
    }
    let status = status(&draft)?.unwrap_or(Status::New);
    let day = match draft.get("answered_on") {
        Some(Value::Date(day)) => *day,
        _ => tx.caller().clock.today(),
    };
    let id = rows::add(
        tx,
        Noun::Feedback,
        identity,
        &draft.plain,
        feedback::placed(status, day),
    )?;
    draft.write_common(tx, Noun::Feedback, id, Lists::Replace)?;
    if is_new {
        let added = get(tx, id)?;
        let survey = whole(tx, &added)?;
        asks(tx, survey.as_ref())?;
    }
    tx.describe(format!("Added feedback {}", label(tx, id)?));
    Ok(Outcome::made(id))
}

/// Changes feedback. A score makes an answer of what was only asked, today unless a day is given; a status moves it.
///
/// # Errors
///
/// As [`add`]; `Invalid` for an illegal move, with the legal ones.
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Feedback, given, policy)?;
    if draft.get("type").is_some_and(Value::is_empty) {
        return Err(Error::invalid("type", "type: say what it is"));
    }
    let before = get(tx, id)?;
    let is_answer = draft.text("type").unwrap_or(&before.kind) == ANSWER;
    match (draft.get("score"), draft.get("answered_on")) {
        (Some(score), None) if is_answer && score.is_empty() => {
            draft.put(Noun::Feedback, "answered_on", Value::Null);
        }
        (Some(_), None) if is_answer && before.answered_on.is_none() => {
            draft.put(
                Noun::Feedback,
                "answered_on",
                Value::Date(tx.caller().clock.today()),
            );
        }
        _ => {}
    }
    let changes = tx.changes();
    rows::set(tx, Noun::Feedback, id, &draft.plain)?;
    draft.write_common(tx, Noun::Feedback, id, how)?;
    whole(tx, &get(tx, id)?)?;
    if let Some(status) = status(&draft)?.filter(|status| *status != before.status) {
        place(tx, &before, status, tx.caller().clock.today())?;
    }
    let changed = tx.changes() != changes;
    if changed {
        tx.describe(format!("Changed feedback {}", label(tx, id)?));
    }
    Ok(Outcome::kept(id, changed))
}

/// Notes that customers were asked by a survey, and waits for their answers. Nothing is sent.
///
/// # Errors
///
/// As [`add`]; `Invalid` for a customer who does not want to be contacted.
pub fn send(tx: &WriteTx<'_>, customers: &[Id], given: &[Assignment], on: Option<Date>) -> Result<Vec<Id>> {
    let day = on.unwrap_or(tx.caller().clock.today());
    let mut asked = Vec::with_capacity(customers.len());
    for customer in customers {
        if wants_no_contact(tx, *customer)? {
            let name = refer::name(tx, Noun::Customer, *customer)?;
            let message = format!("customer: {name} does not want to be contacted");
            return Err(Error::invalid("customer", message));
        }
        let mut wanted = given.to_vec();
        wanted.push(("customer".to_owned(), Input::Text(customer.uid())));
        wanted.push(("sent_on".to_owned(), Input::Text(day.to_string())));
        asked.push(add(tx, &wanted, &Policy::strict())?.id);
    }
    if let [one] = asked.as_slice() {
        tx.describe(format!("Asked for feedback {}", label(tx, *one)?));
    } else {
        tx.describe(format!("Asked {} customers for feedback", asked.len()));
    }
    Ok(asked)
}

/// Takes in the answer of somebody who was asked.
///
/// # Errors
///
/// `Invalid` for feedback that is there already, and for a score that is not on the scale.
pub fn answer(tx: &WriteTx<'_>, id: Id, given: &[Assignment]) -> Result<Outcome> {
    let before = get(tx, id)?;
    if let Some(day) = before.answered_on {
        let reference = reference(tx, id)?;
        let message = format!(
            "score: {reference} was answered on {day}; `crm feedback set {reference} score=…` corrects it"
        );
        return Err(Error::invalid("score", message));
    }
    let outcome = edit(tx, id, given, Lists::Add, &Policy::strict())?;
    tx.describe(format!("Took in feedback {}", label(tx, id)?));
    Ok(outcome)
}

/// Moves feedback on, on a day (none for today); `action` says what was done about it, and is added to what was.
///
/// # Errors
///
/// `Invalid` for an illegal move, with the legal ones, and for what nobody has answered yet.
pub fn move_to(
    tx: &WriteTx<'_>,
    id: Id,
    status: Status,
    on: Option<Date>,
    action: Option<&str>,
) -> Result<Outcome> {
    let before = get(tx, id)?;
    let changes = tx.changes();
    place(tx, &before, status, on.unwrap_or(tx.caller().clock.today()))?;
    if let Some(action) = action {
        let whole = joined(&before.action, &typed::clean("action", action)?);
        feedback::set_action(tx, id, whole)?;
    }
    let done = match status {
        Status::New => "Reopened",
        Status::Acknowledged => "Acknowledged",
        Status::Acted => "Acted on",
        Status::Closed => "Closed",
    };
    tx.describe(format!("{done} feedback {}", label(tx, id)?));
    Ok(Outcome {
        id,
        created: false,
        changed: tx.changes() != changes,
    })
}

/// Adds to what is written down about feedback.
///
/// # Errors
///
/// Whatever [`edit`] fails with.
pub fn note(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<Outcome> {
    let whole = joined(&get(tx, id)?.note, text);
    let note = ("note".to_owned(), Input::Text(whole));
    edit(tx, id, &[note], Lists::Replace, &Policy::strict())
}

fn joined(known: &str, text: &str) -> String {
    match known.is_empty() {
        true => text.to_owned(),
        false => format!("{known}\n\n{text}"),
    }
}

fn get(tx: &ReadTx<'_>, id: Id) -> Result<Feedback> {
    feedback::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Feedback, &id.uid()))
}

/// Fills in who says it: the customer of the order, or of the ticket with whom is spoken there, or else the contact, who then
/// speaks for nobody else.
fn of_whom(tx: &WriteTx<'_>, draft: &mut Draft) -> Result<()> {
    if draft.get("customer").is_some_and(|value| !value.is_empty()) {
        return Ok(());
    }
    if let Some(Value::Link(order)) = draft.get("order").cloned()
        && let Some(order) = crate::store::orders::get(tx, order.id)?
    {
        let customer = typed::linked_value(tx, Noun::Customer, order.customer)?;
        draft.put(Noun::Feedback, "customer", customer);
    } else if let Some(Value::Link(ticket)) = draft.get("ticket").cloned()
        && let Some(ticket) = crate::store::tickets::get(tx, ticket.id)?
        && let Some(customer) = ticket.customer
    {
        draft.put(
            Noun::Feedback,
            "customer",
            typed::linked_value(tx, Noun::Customer, customer)?,
        );
        let contact = ticket.contact.filter(|contact| *contact != customer);
        if let Some(contact) = contact
            && draft.get("contact").is_none_or(Value::is_empty)
        {
            draft.put(
                Noun::Feedback,
                "contact",
                typed::linked_value(tx, Noun::Customer, contact)?,
            );
        }
    } else if let Some(Value::Link(contact)) = draft.get("contact").cloned() {
        draft.put(Noun::Feedback, "customer", Value::Link(contact));
        draft.put(Noun::Feedback, "contact", Value::Null);
    }
    Ok(())
}

/// The status that is given.
fn status(draft: &Draft) -> Result<Option<Status>> {
    Ok(match draft.specials("status").last() {
        Some((_, Input::Text(text))) if !text.trim().is_empty() => {
            Status::parse(typed::word("status", STATUSES, text)?)
        }
        _ => None,
    })
}

/// Checks what has to hold between the fields of feedback; gives its survey.
fn whole(tx: &ReadTx<'_>, told: &Feedback) -> Result<Option<Survey>> {
    let survey = match told.survey {
        Some(survey) => feedback::survey(tx, survey)?,
        None => None,
    };
    let is_answer = told.kind == ANSWER;
    match &survey {
        Some(survey) if !is_answer => {
            let message = format!("survey: a {} answers no survey, only an answer does", told.kind);
            return Err(Error::invalid("survey", message).with_near(vec![survey.key.clone()]));
        }
        None if is_answer => {
            return Err(Error::invalid("survey", "survey: an answer needs its survey"));
        }
        None if told.score.is_some() => {
            return Err(Error::invalid(
                "score",
                "score: only an answer to a survey has a score",
            ));
        }
        _ => {}
    }
    if let (Some(survey), Some(score)) = (&survey, told.score) {
        let scale = survey.kind.scale();
        if !scale.contains(&score) {
            let message = format!(
                "score: {score} is not on the scale of {}, which goes from {} to {}",
                survey.key,
                scale.start(),
                scale.end()
            );
            return Err(Error::invalid("score", message));
        }
    }
    match (told.score, told.sent_on, told.answered_on) {
        (None, _, Some(_)) if is_answer => Err(Error::invalid("score", "score: an answer needs a score")),
        (Some(_), _, None) => Err(Error::invalid(
            "answered_on",
            "answered_on: there is a score, so there is a day on which it came",
        )),
        (None, None, None) if is_answer => Err(Error::invalid(
            "score",
            "score: an answer needs a score; `crm feedback send` notes that somebody was asked",
        )),
        (_, _, None) if !is_answer => Err(Error::invalid("answered_on", "answered_on: on some day it came")),
        (_, Some(sent), Some(answered)) if answered < sent => {
            let message = format!("answered_on: {answered} is before the customer was asked on {sent}");
            Err(Error::invalid("answered_on", message))
        }
        _ => Ok(survey),
    }
}

/// Refuses a survey that is switched off; an import brings what was asked once.
fn asks(tx: &ReadTx<'_>, survey: Option<&Survey>) -> Result<()> {
    match survey {
        Some(survey) if !survey.active && tx.caller().via != Via::Import => {
            let message = format!(
                "survey: {0} is not asked any more; `crm survey set {0} active=yes` begins again",
                survey.key
            );
            Err(Error::invalid("survey", message))
        }
        _ => Ok(()),
    }
}

/// Writes a status and its day.
fn place(tx: &WriteTx<'_>, before: &Feedback, status: Status, day: Date) -> Result<()> {
    let now = get(tx, before.id)?;
    let reference = reference(tx, before.id)?;
    if now.answered_on.is_none() {
        let message = format!("status: {reference} is not answered yet");
        return Err(Error::invalid("status", message));
    }
    let allowed = before.status.allowed();
    if !allowed.contains(&status) {
        let allowed: Vec<String> = allowed.iter().map(|status| status.name().to_owned()).collect();
        let message = format!(
            "status: {reference} is {}, and can only become {}; not {}",
            before.status.name(),
            allowed.join(", "),
            status.name()
        );
        return Err(Error::invalid("status", message).with_near(allowed));
    }
    if now.answered_on.is_some_and(|answered| day < answered) {
        let message = format!("on: {day} is before {reference} came");
        return Err(Error::invalid("on", message));
    }
    feedback::place(tx, before.id, status, day)?;
    Ok(())
}

/// Whether a customer does not want to be contacted.
fn wants_no_contact(tx: &ReadTx<'_>, customer: Id) -> Result<bool> {
    let column = list::column(tx, Noun::Customer, "do_not_contact")?;
    let row = records::get(tx, Noun::Customer, customer, &[column])?;
    Ok(row.is_some_and(|row| row.first() == Some(&Value::Bool(true))))
}

fn link(tx: &ReadTx<'_>, id: Id) -> Result<Link> {
    links::link(tx, Noun::Feedback, id)?.ok_or_else(|| Error::not_found(Noun::Feedback, &id.uid()))
}

fn reference(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    Ok(link(tx, id)?.reference().to_string())
}

/// How feedback is called in the log: its ref and name.
fn label(tx: &WriteTx<'_>, id: Id) -> Result<String> {
    feedback::keep(tx, id)?;
    let link = link(tx, id)?;
    Ok(format!("{} {}", link.reference(), link.name))
}
