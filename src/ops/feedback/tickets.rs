//! Feedback and tickets: how satisfied somebody is with one, and the ticket that is made of a complaint.

use jiff::civil::Date;

use super::{answer, edit, reference};
use crate::domain::feedback::ANSWER;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::satisfaction::SurveyType;
use crate::domain::ticket::Step;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::draft::Lists;
use crate::ops::ticket::steps;
use crate::ops::typed::{self, Policy};
use crate::ops::{Outcome, list, refer, ticket};
use crate::store::feedback::{self, Survey};
use crate::store::{ReadTx, WriteTx, fields, records, tickets};

/// How satisfied a customer is with what became of a ticket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rating<'g> {
    /// The score, on the scale of the survey.
    pub score: &'g str,
    /// The survey; none for the only one that is asked.
    pub survey: Option<&'g str>,
    /// What the customer says.
    pub comment: Option<&'g str>,
}

/// Moves a ticket to its end, by name or as the next step, and writes down how satisfied the customer is. Gives the
/// feedback.
///
/// # Errors
///
/// As for the move, and as [`rate`]; `Invalid` for another step.
pub fn close(
    tx: &WriteTx<'_>,
    ticket: Id,
    to: Option<Step>,
    at: Option<&str>,
    rating: &Rating<'_>,
) -> Result<Outcome> {
    steps::advance(tx, ticket, to, at)?;
    let known = ticket::get(tx, ticket)?;
    if known.life.step != Step::Closed {
        let message = format!(
            "csat: the ticket comes to {} and not to its end, where the customer says how satisfied it is",
            known.life.step.name()
        );
        return Err(Error::invalid("csat", message));
    }
    let at = ticket::moment(tx, at)?;
    let told = rate(tx, ticket, rating, at.map(|at| tx.caller().clock.day_of(at)))?;
    tx.describe(format!(
        "Closed ticket {}, {}",
        ticket::label(tx, ticket)?,
        refer::name(tx, Noun::Feedback, told.id)?
    ));
    Ok(told)
}

/// Writes down how satisfied a customer is with a ticket, on a day (none for today): as the answer of what was asked about it, or else unasked.
///
/// # Errors
///
/// `Invalid` for a score that is not on the scale, and if it is not clear which survey is answered; `NotFound` for a survey.
pub fn rate(tx: &WriteTx<'_>, ticket: Id, rating: &Rating<'_>, on: Option<Date>) -> Result<Outcome> {
    let survey = csat(tx, rating.survey)?;
    let known = ticket::get(tx, ticket)?;
    let text = |name: &str, text: &str| (name.to_owned(), Input::text(text));
    let mut given: Vec<Assignment> = vec![text("score", rating.score)];
    given.extend(rating.comment.map(|comment| text("comment", comment)));
    given.extend(on.map(|day| text("answered_on", &day.to_string())));
    if let Some(asked) = feedback::asked_about(tx, survey.id, ticket)? {
        return answer(tx, asked, &given);
    }
    given.push(text("survey", &survey.id.uid()));
    given.push(text("ticket", &ticket.uid()));
    // Who has worked on it hears what the customer thinks of that.
    let owner = known.assignee.or(known.owner);
    given.extend(owner.map(|user| text("owner", &user.uid())));
    super::add(tx, &given, &Policy::strict())
}

/// The survey by which the satisfaction with tickets is measured. Of several that are asked, one about tickets comes before
/// the others.
fn csat(tx: &ReadTx<'_>, named: Option<&str>) -> Result<Survey> {
    if let Some(named) = named {
        let id = refer::one(tx, Noun::Survey, named).map_err(|error| error.on_field("survey"))?;
        let found = feedback::survey(tx, id)?.ok_or_else(|| Error::not_found(Noun::Survey, named))?;
        if found.kind != SurveyType::Csat {
            let message = format!(
                "survey: {} is of type {}; satisfaction with a ticket is measured by one of type csat",
                found.key,
                found.kind.name()
            );
            return Err(Error::invalid("survey", message));
        }
        return Ok(found);
    }
    let asked = feedback::asked_of(tx, SurveyType::Csat)?;
    let about: Vec<Survey> = asked
        .iter()
        .filter(|(about, _)| about == "ticket")
        .map(|(_, survey)| survey.clone())
        .collect();
    let all = match about.is_empty() {
        true => asked.into_iter().map(|(_, survey)| survey).collect(),
        false => about,
    };
    match <[Survey; 1]>::try_from(all) {
        Ok([only]) => Ok(only),
        Err(none) if none.is_empty() => Err(Error::invalid(
            "survey",
            "survey: no survey of type csat is asked; `crm survey add KEY type=csat` makes one",
        )),
        Err(several) => {
            let keys: Vec<String> = several.into_iter().map(|survey| survey.key).collect();
            let message = format!(
                "survey: several of type csat are asked ({}); say which with --survey",
                keys.join(", ")
            );
            Err(Error::invalid("survey", message).with_near(keys))
        }
    }
}

/// The customer of a ticket or an order, who is asked about it.
///
/// # Errors
///
/// `Invalid` if it is of no customer.
pub fn customer_of(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Id> {
    let customer = match noun {
        Noun::Ticket => ticket::get(tx, id)?.customer,
        _ => crate::store::orders::get(tx, id)?.map(|order| order.customer),
    };
    customer.ok_or_else(|| {
        let message = format!("customer: this {noun} is of no customer; say who is asked");
        Error::invalid("customer", message)
    })
}

/// Makes a ticket of what a customer is not content with: of the same customer, person and order, with the words as its
/// description, unless others are given. The feedback is about that ticket then. Gives the ticket.
///
/// # Errors
///
/// `Invalid` for what was not answered yet and for praise; `Conflict` for feedback that has its ticket; otherwise as for any
/// ticket.
pub fn escalate(tx: &WriteTx<'_>, id: Id, given: &[Assignment]) -> Result<Outcome> {
    const NAMES: [&str; 9] = [
        "type", "verdict", "name", "customer", "contact", "order", "comment", "channel", "owner",
    ];
    let told = super::get(tx, id)?;
    let own = reference(tx, id)?;
    if told.answered_on.is_none() {
        return Err(Error::invalid("feedback", format!("{own} is not answered yet")));
    }
    if let Some(known) = told.ticket {
        return Err(has_ticket(tx, &own, known)?);
    }
    let columns = NAMES.map(|name| list::column(tx, Noun::Feedback, name));
    let columns = columns.into_iter().collect::<Result<Vec<_>>>()?;
    let row = records::get(tx, Noun::Feedback, id, &columns)?;
    let row = row.ok_or_else(|| Error::not_found(Noun::Feedback, &own))?;
    let value = |name: &str| {
        NAMES
            .iter()
            .zip(&row)
            .find(|(known, _)| **known == name)
            .map(|(_, value)| value)
    };
    let text = |name: &str| match value(name) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let Some(kind) = sort_of(text("type"), text("verdict")) else {
        let message = format!("{own} {} says that the customer is content", text("name"));
        return Err(Error::invalid("feedback", message));
    };
    let mut wanted = given.to_vec();
    let has = |wanted: &[Assignment], name: &str| wanted.iter().any(|(known, _)| known == name);
    let mut fallback = |name: &str, text: &str| {
        if !text.is_empty() && !has(&wanted, name) {
            wanted.push((name.to_owned(), Input::text(text)));
        }
    };
    for name in ["customer", "contact", "order"] {
        if let Some(Value::Link(link)) = value(name) {
            fallback(name, &link.id.uid());
        }
    }
    let entries = fields::choices(tx, "ticket_type")?;
    if let Some(entry) = typed::matching(&entries, kind) {
        fallback("type", &entry.key);
    }
    let entries = fields::choices(tx, "ticket_channel")?;
    if let Some(entry) = typed::matching(&entries, text("channel")) {
        fallback("channel", &entry.key);
    }
    match text("comment") {
        "" => fallback("name", text("name")),
        comment => fallback("description", comment),
    }
    // Who looks after what was said answers for the ticket, while nobody works on it.
    if !has(given, "assignee") {
        match text("owner") {
            "" => fallback("owner", &tx.caller().actor.id.uid()),
            owner => fallback("owner", owner),
        }
    }
    let outcome = ticket::add(tx, &wanted, &Policy::strict())?;
    let of = [("ticket".to_owned(), Input::Text(outcome.id.uid()))];
    edit(tx, id, &of, Lists::Add, &Policy::strict())?;
    tx.describe(format!(
        "Escalated feedback {own} to ticket {}",
        ticket::label(tx, outcome.id)?
    ));
    Ok(outcome)
}

/// What sort of ticket is made of feedback; none of what says that the customer is content.
fn sort_of(kind: &str, verdict: &str) -> Option<&'static str> {
    match (kind, verdict) {
        ("praise", _) | (ANSWER, "promoter" | "satisfied" | "easy") => None,
        ("question", _) => Some("question"),
        ("suggestion", _) => Some("feature_request"),
        _ => Some("complaint"),
    }
}

/// That feedback has a ticket already, and what to do with that.
fn has_ticket(tx: &ReadTx<'_>, own: &str, known: Id) -> Result<Error> {
    let label = ticket::label(tx, known)?;
    let is_solved = tickets::get(tx, known)?.is_some_and(|ticket| ticket.life.step.is_solved());
    let next = match (is_solved, label.split(' ').next()) {
        (true, Some(reference)) => {
            format!("; `crm ticket reopen {reference} --reason TEXT` takes that up again")
        }
        _ => String::new(),
    };
    let message = format!("{own} is about ticket {label} already{next}");
    Ok(Error::new(Kind::Conflict, message).on_field("ticket"))
}
