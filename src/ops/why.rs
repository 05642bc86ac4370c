//! What stands behind an entry of the agenda: enough to act on it without opening anything.

use crate::domain::id::Id;
use crate::domain::money::Money;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::domain::when::When;
use crate::error::{Error, Result};
use crate::ops::{list, task};
use crate::report::story::{self, Asked, Happening};
use crate::store::customers::{self, Channel};
use crate::store::{ReadTx, links, records};

/// The most characters of a first line.
const LINE: usize = 400;

/// What there is to know about a task, feedback, an order, a quote, a deal or a customer on the agenda.
#[derive(Debug, Clone, PartialEq)]
pub struct Grounds {
    /// The record as it is now; its name is the title of a task.
    pub record: Link,
    /// The customer it is about.
    pub customer: Option<Link>,
    /// The deal it is about.
    pub deal: Option<Link>,
    /// The sort of task, the stage of a deal, the status of an order, the job of a customer; may be empty.
    pub kind: String,
    /// The priority of a task; empty for others.
    pub priority: String,
    /// When a task is due, the day on which a deal should close, on which the first unpaid part of an order is due, or until which a quote is good.
    pub due: Option<When>,
    /// What a deal is worth, a quote comes to, or what is still to come of an order.
    pub amount: Option<Money>,
    /// The first line of what is written down about the record; may be empty.
    pub note: String,
    /// The first telephone number of the customer that may be called; empty for none.
    pub phone: String,
    /// The first e-mail address of the customer that may be written to; empty for none.
    pub email: String,
    /// Whether the customer wants no contact at all.
    pub do_not_contact: bool,
    /// The last thing that happened with the deal, or else with the customer; its text is the first line of what was said.
    pub last: Option<Happening>,
}

/// What stands behind an entry; for the one that is looked at, since it reads many rows.
///
/// # Errors
///
/// `NotFound` if the record is gone or out of sight.
pub fn why(tx: &ReadTx<'_>, record: &Link) -> Result<Grounds> {
    let names: &[&str] = match record.noun {
        Noun::Task => &["customer", "deal", "type", "note", "priority"],
        Noun::Ticket => &["customer", "uid", "status", "description"],
        Noun::Feedback => &["customer", "uid", "type", "comment"],
        Noun::Order => &["customer", "deal", "status", "note", "overdue_on", "balance"],
        Noun::Quote => &["customer", "deal", "status", "note", "valid_until", "total"],
        Noun::Deal => &["customer", "uid", "stage", "note", "expected_close", "amount"],
        Noun::Customer => &["uid", "uid", "title", "note"],
        other => return Err(Error::usage(format!("no {other} is on the agenda"))),
    };
    let gone = || Error::not_found(record.noun, &record.reference().to_string());
    let now = links::link(tx, record.noun, record.id)?.ok_or_else(gone)?;
    let columns = names
        .iter()
        .map(|name| list::column(tx, record.noun, name))
        .collect::<Result<Vec<_>>>()?;
    let row = records::get(tx, record.noun, record.id, &columns)?.ok_or_else(gone)?;
    let mut row = row.into_iter();
    let mut next = || row.next().unwrap_or(Value::Null);
    let (customer, deal) = match (record.noun, link(next()), link(next())) {
        (Noun::Customer, ..) => (Some(now.clone()), None),
        (Noun::Deal, customer, _) => (customer, Some(now.clone())),
        (_, customer, deal) => (customer, deal),
    };
    let mut grounds = Grounds {
        record: now,
        kind: text(next()),
        note: first_line(&text(next())),
        priority: String::new(),
        due: None,
        amount: None,
        phone: String::new(),
        email: String::new(),
        do_not_contact: false,
        last: last(tx, customer.as_ref(), deal.as_ref())?,
        customer,
        deal,
    };
    match record.noun {
        Noun::Task => {
            grounds.priority = text(next());
            grounds.due = task::due(tx, record.id)?;
        }
        Noun::Deal | Noun::Quote | Noun::Order => {
            grounds.due = match next() {
                Value::Date(day) => Some(When::Day(day)),
                _ => None,
            };
            grounds.amount = match next() {
                Value::Money(money) => Some(money),
                _ => None,
            };
        }
        _ => {}
    }
    if let Some(customer) = &grounds.customer {
        let id = customer.id;
        grounds.phone = address(tx, id, Channel::Phone)?;
        grounds.email = address(tx, id, Channel::Email)?;
        let column = list::column(tx, Noun::Customer, "do_not_contact")?;
        let wish = records::get(tx, Noun::Customer, id, &[column])?;
        grounds.do_not_contact = wish.is_some_and(|row| row.first() == Some(&Value::Bool(true)));
    }
    Ok(grounds)
}

/// The last thing that happened with a deal, or else with a customer.
fn last(tx: &ReadTx<'_>, customer: Option<&Link>, deal: Option<&Link>) -> Result<Option<Happening>> {
    for link in deal.into_iter().chain(customer) {
        let asked = Asked {
            most: Some(1),
            ..Asked::default()
        };
        let found = story::page(tx, link.noun, link.id, asked)?
            .entries
            .into_iter()
            .next();
        if let Some(mut found) = found {
            let line = first_line(&found.text);
            found.is_cut |= line != found.text;
            found.text = line;
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// The first address of a customer that may be used; empty for none.
fn address(tx: &ReadTx<'_>, customer: Id, channel: Channel) -> Result<String> {
    let all = customers::addresses(tx, customer, channel)?;
    let usable = all.into_iter().find(|address| address.opted_out_at.is_none());
    Ok(usable.map_or_else(String::new, |address| match channel {
        Channel::Phone if !address.kind.is_empty() => address.kind,
        _ => address.text,
    }))
}

/// The first line that says anything.
fn first_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    line.unwrap_or_default().chars().take(LINE).collect()
}

fn text(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        _ => String::new(),
    }
}

fn link(value: Value) -> Option<Link> {
    match value {
        Value::Link(link) => Some(link),
        _ => None,
    }
}
