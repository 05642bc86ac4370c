//! A brief in words: who it is, a contact, what is open, what to ask and why.

use crm::domain::clock::Clock;
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::report::brief::{Ask, Brief, Contact, Open, Rule};

use crate::text::{display, number, relative};

/// A field of [`crm::report::brief::WHO`] in words; empty if it is not known.
pub(crate) fn known(brief: &Brief, name: &str, clock: &Clock) -> String {
    let Some((_, value, kind)) = brief.who.iter().find(|(known, ..)| *known == name) else {
        return String::new();
    };
    match value {
        Value::List(_) => display::lines(value, *kind, clock).replace('\n', ", "),
        Value::Link(_) => display::lines(value, *kind, clock),
        _ => display::cell(value, *kind, clock),
    }
}

/// Those of these fields that are known, side by side.
pub(crate) fn all_known(brief: &Brief, names: &[&str], clock: &Clock) -> String {
    joined(names.iter().map(|name| known(brief, name, clock)))
}

/// A contact without its day: the sort, how it went, what was said, with whom, by whom.
pub(crate) fn contact(contact: &Contact) -> String {
    let with = contact
        .with
        .as_ref()
        .map_or_else(String::new, |link| format!("with {}", named(link)));
    let kind = match contact.direction.as_str() {
        "" => contact.kind.clone(),
        direction => format!("{} {direction}", contact.kind),
    };
    let outcome = contact.outcome.replace('_', " ");
    joined([
        kind,
        outcome,
        contact.activity.name.clone(),
        with,
        contact.by.clone(),
    ])
}

/// Something that is open, without its ref.
pub(crate) fn open(open: &Open, clock: &Clock) -> String {
    let due = match (&open.due, open.is_overdue) {
        (None, _) => String::new(),
        (Some(due), overdue) => {
            let when = display::cell(due, FieldType::Due, clock);
            let word = match (open.record.noun, overdue) {
                (Noun::Deal, true) => "should have closed",
                (Noun::Deal, false) => "closes",
                (Noun::Quote, true) => "ran out",
                (Noun::Quote, false) => "runs out",
                (Noun::Feedback, _) => "waits since",
                (_, true) => "overdue, due",
                (_, false) => "due",
            };
            format!("{word} {when}")
        }
    };
    let amount = open.amount.map_or_else(String::new, number::money);
    let next = match (&open.next, open.record.noun) {
        (Some(next), _) => format!("next: {}", named(next)),
        (None, Noun::Deal) => "no next step".to_owned(),
        (None, _) => String::new(),
    };
    joined([
        open.record.name.clone(),
        open.kind.replace('_', " "),
        amount,
        due,
        next,
    ])
}

/// Those parts that say anything, side by side.
pub(crate) fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let known: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    known.join(" · ")
}

/// A record by its name and its ref.
pub(crate) fn named(link: &Link) -> String {
    format!("{} {}", link.name, link.reference())
}

/// What to ask, and why.
pub(crate) fn words(ask: &Ask, clock: &Clock) -> (String, String) {
    let (question, reason) = match &ask.about {
        Some(deal) => return of_deal(clock, ask, &deal.name),
        None => match ask.rule {
            Rule::DoNotContact => ("Do not call without a reason", "asked not to be contacted"),
            Rule::BirthdaySoon => {
                return (
                    "Congratulate".to_owned(),
                    format!("birthday on {}", when(clock, ask)),
                );
            }
            Rule::Quiet => {
                let reason = format!("silent since {}, longer than usual", when(clock, ask));
                return ("Ask how things are".to_owned(), reason);
            }
            Rule::NeverContacted => ("Introduce yourself", "there has been no contact yet"),
            Rule::NoPeople => ("Ask whom to talk to", "no person of the company is known"),
            Rule::NoPhone => ("Ask for a telephone number", "none is known"),
            Rule::NoEmail => ("Ask for an e-mail address", "none is known"),
            Rule::NoUsableEmail => (
                "Ask for another e-mail address",
                "those that are known are invalid or opted out",
            ),
            Rule::NoCompany => ("Ask where they work", "no employer is known"),
            Rule::NoTitle => ("Ask what they do", "no job title is known"),
            Rule::NoNeeds => ("Ask what they need", "no needs are written down"),
            Rule::NoBirthday => ("Ask for the birthday", "it is not known"),
            other => ("Ask", other.name()),
        },
    };
    (question.to_owned(), reason.to_owned())
}

/// What to ask about a deal or an order, and why.
fn of_deal(clock: &Clock, ask: &Ask, name: &str) -> (String, String) {
    let when = when(clock, ask);
    match ask.rule {
        Rule::ClosePassed => (
            format!("Ask when {name} can close"),
            format!("it should have closed on {when}"),
        ),
        Rule::Rotting => (
            format!("Ask what holds {name} up"),
            format!("no news for too long, rotting since {when}"),
        ),
        Rule::NoNextStep => (
            format!("Agree on the next step for {name}"),
            "it has no open task".to_owned(),
        ),
        Rule::NoDecisionMaker => (
            format!("Ask who decides on {name}"),
            "no decision maker or economic buyer is known".to_owned(),
        ),
        Rule::NoAmount => (
            format!("Ask what budget there is for {name}"),
            "it has no amount".to_owned(),
        ),
        Rule::NoExpectedClose => (
            format!("Ask when {name} is to be decided"),
            "it has no expected close".to_owned(),
        ),
        Rule::PaymentOverdue => (
            format!("Ask when {name} will be paid"),
            format!("a payment was due on {when}"),
        ),
        Rule::DeliveryLate => (
            format!("Say when {name} arrives"),
            format!("it was promised for {when}"),
        ),
        Rule::LostLastTime => {
            let reason = match ask.word.as_str() {
                "" => String::new(),
                word => format!(" for {}", word.replace('_', " ")),
            };
            (
                format!("Ask what has changed since {name}"),
                format!("the last deal was lost{reason} on {when}"),
            )
        }
        other => (format!("Ask about {name}"), other.name().replace('_', " ")),
    }
}

/// The day that a reason speaks of, with its distance where it is near.
fn when(clock: &Clock, ask: &Ask) -> String {
    let Some(day) = ask.day else { return String::new() };
    match relative::near(day, clock) {
        Some(near) => format!("{day}, {near}"),
        None => day.to_string(),
    }
}
