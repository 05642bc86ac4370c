//! What is told of a customer: how to reach it, who belongs to it, what is open.

use super::{Entry, FEEDBACK, Fact, Limit, ORDER, QUOTE, Section, TASK, TICKET, entries, facts};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::relationship;
use crate::domain::value::Value;
use crate::error::Result;
use crate::store::customers::{self, Address, Channel};
use crate::store::{ReadTx, around, links, relationships};

/// The sections of a customer, but for those that every record has.
pub(super) fn sections(tx: &ReadTx<'_>, id: Id, limit: Limit) -> Result<Vec<Section>> {
    let mut sections = Vec::new();
    sections.extend(Limit::NONE.section("Reach", reach(tx, id)?));
    let (there, gone) = people(tx, id)?;
    sections.extend(limit.section("People", there));
    sections.extend(limit.section("Jobs", jobs(tx, id)?));
    sections.extend(limit.section("Related", related(tx, id)?));
    let companies = entries(
        tx,
        Noun::Customer,
        &around::subsidiaries(tx, id)?,
        &["name", "city"],
    )?;
    sections.extend(limit.section("Subsidiaries", companies));
    let (open, closed) = deals(tx, id)?;
    sections.extend(limit.section("Open deals", open));
    let quotes = around::quotes(tx, Noun::Customer, id)?;
    sections.extend(limit.section("Quotes", entries(tx, Noun::Quote, &quotes, QUOTE)?));
    let orders = around::orders(tx, Noun::Customer, id)?;
    sections.extend(limit.section("Orders", entries(tx, Noun::Order, &orders, ORDER)?));
    let tickets = around::tickets(tx, id)?;
    sections.extend(limit.section("Tickets", entries(tx, Noun::Ticket, &tickets, TICKET)?));
    let feedback = around::feedback(tx, Noun::Customer, id)?;
    sections.extend(limit.section("Feedback", entries(tx, Noun::Feedback, &feedback, FEEDBACK)?));
    let tasks = around::open_tasks(tx, Noun::Customer, id)?;
    sections.extend(limit.section("Open tasks", entries(tx, Noun::Task, &tasks, TASK)?));
    sections.extend(limit.section("Closed deals", closed));
    sections.extend(limit.section("Former people", gone));
    let merged = entries(
        tx,
        Noun::Customer,
        &around::merged(tx, id)?,
        &["name", "deleted_at"],
    )?;
    sections.extend(limit.section("Merged into this one", merged));
    Ok(sections)
}

/// Every address, with what it is for and whether it may be used.
fn reach(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for channel in Channel::ALL {
        for address in customers::addresses(tx, id, channel)? {
            all.push(reached(channel, &address));
        }
    }
    if let Some(own) = facts(
        tx,
        Noun::Customer,
        id,
        &["address", "city", "region", "postal_code", "country"],
    )? {
        all.extend(place("address", own.into_iter().map(|fact| fact.value)));
    }
    if let Some(mut details) = facts(tx, Noun::Customer, id, &["address_details"])?
        && let Some(Value::List(items)) = details.pop().map(|fact| fact.value)
    {
        for item in items {
            let Value::Map(parts) = item else { continue };
            let label = parts.iter().find(|(name, _)| name == "label");
            let label = match label {
                Some((_, Value::Text(label))) => format!("address {label}"),
                _ => "address".to_owned(),
            };
            let rest = parts.into_iter().filter(|(name, _)| name != "label");
            all.extend(place(&label, rest.map(|(_, value)| value)));
        }
    }
    Ok(all)
}

fn reached(channel: Channel, address: &Address) -> Entry {
    let what = match channel {
        Channel::Handle => address.kind.clone(),
        _ if address.label.is_empty() => channel.name().to_owned(),
        _ => format!("{} {}", channel.name(), address.label),
    };
    let text = match channel {
        Channel::Phone if !address.kind.is_empty() => address.kind.clone(),
        _ => address.text.clone(),
    };
    let extension = match address.extension.as_str() {
        "" => String::new(),
        extension => format!("ext. {extension}"),
    };
    let doubt = match address.validity.as_str() {
        word @ ("invalid" | "disposable") => word,
        _ => "",
    };
    let refusal = if address.opted_out_at.is_some() {
        "opted out"
    } else {
        ""
    };
    Entry::new(
        Fact::text(what),
        [
            Fact::text(text),
            Fact::text(extension),
            Fact::text(doubt),
            Fact::text(refusal),
        ],
    )
}

fn place(label: &str, parts: impl Iterator<Item = Value>) -> Option<Entry> {
    let parts: Vec<String> = parts
        .filter_map(|part| match part {
            Value::Text(text) => Some(text),
            _ => None,
        })
        .collect();
    (!parts.is_empty()).then(|| Entry::new(Fact::text(label), [Fact::text(parts.join(", "))]))
}

/// The people of a company: those who are there, and those who were.
fn people(tx: &ReadTx<'_>, id: Id) -> Result<(Vec<Entry>, Vec<Entry>)> {
    let (mut there, mut gone) = (Vec::new(), Vec::new());
    for one in around::staff(tx, id)? {
        let Some(link) = links::link(tx, Noun::Customer, one.person)? else {
            continue;
        };
        let label = Fact::text(link.reference().to_string());
        let name = Fact::text(link.name);
        let span = span(one.started_on.as_deref(), one.ended_on.as_deref());
        let mut entry = Entry::new(label, [name, Fact::text(one.title), Fact::text(one.role), span]);
        if one.ended_on.is_some() {
            gone.push(entry);
            continue;
        }
        if let Some(addresses) = facts(tx, Noun::Customer, one.person, &["phones", "emails"])? {
            let first = addresses.into_iter().filter_map(|fact| match fact.value {
                Value::List(items) => items.into_iter().next(),
                _ => None,
            });
            entry.facts.extend(first.map(|value| Fact {
                value,
                kind: crate::domain::field::FieldType::Text,
            }));
        }
        there.push(entry);
    }
    Ok((there, gone))
}

/// Where a person works and worked.
fn jobs(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for stay in customers::employments(tx, id)? {
        let Some(link) = links::link(tx, Noun::Customer, stay.company)? else {
            continue;
        };
        let label = match (&stay.ended_on, stay.is_primary) {
            (Some(_), _) => "former",
            (None, true) => "main",
            (None, false) => "further",
        };
        let span = span(stay.started_on.as_deref(), stay.ended_on.as_deref());
        let facts = [
            Fact::link(link),
            Fact::text(stay.title),
            Fact::text(stay.role),
            span,
        ];
        all.push(Entry::new(Fact::text(label), facts));
    }
    Ok(all)
}

fn span(from: Option<&str>, to: Option<&str>) -> Fact {
    Fact::text(match (from, to) {
        (Some(from), Some(to)) => format!("{from} to {to}"),
        (Some(from), None) => format!("since {from}"),
        (None, Some(to)) => format!("until {to}"),
        (None, None) => String::new(),
    })
}

/// What others are to a customer, each seen from here.
fn related(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Entry>> {
    let mut all = Vec::new();
    for relation in relationships::of(tx, id)? {
        let sort = relationship::stored(&relation.sort);
        let (side, other) = if relation.from == id {
            (sort.map(|sort| sort.own), relation.to)
        } else {
            (sort.map(|sort| sort.inverse), relation.from)
        };
        if let Some(link) = links::link(tx, Noun::Customer, other)? {
            let label = side.map_or(relation.sort.as_str(), |side| side.english);
            all.push(Entry::new(
                Fact::text(label),
                [Fact::link(link), Fact::text(relation.note)],
            ));
        }
    }
    Ok(all)
}

/// Columns of deals.
const DEAL: &[&str] = &[
    "name",
    "stage",
    "amount",
    "probability",
    "expected_close",
    "owner",
];
const CLOSED: &[&str] = &["name", "status", "amount", "closed_on", "lost_reason"];

/// The deals that are open, with their next step, and those that are not.
fn deals(tx: &ReadTx<'_>, id: Id) -> Result<(Vec<Entry>, Vec<Entry>)> {
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for deal in around::deals(tx, id)? {
        let Some(status) = facts(tx, Noun::Deal, deal, &["status"])? else {
            continue;
        };
        let is_open = status
            .first()
            .is_some_and(|fact| fact.value == Value::text("open"));
        if !is_open {
            closed.extend(entries(tx, Noun::Deal, &[deal], CLOSED)?);
            continue;
        }
        let mut found = entries(tx, Noun::Deal, &[deal], DEAL)?;
        if let Some(entry) = found.first_mut() {
            entry.facts.extend(next_step(tx, deal)?);
        }
        open.extend(found);
    }
    Ok((open, closed))
}

/// The next open task of a deal.
pub(super) fn next_step(tx: &ReadTx<'_>, deal: Id) -> Result<Vec<Fact>> {
    let Some(first) = around::open_tasks(tx, Noun::Deal, deal)?.into_iter().next() else {
        return Ok(vec![Fact::text("no next step")]);
    };
    let step = facts(tx, Noun::Task, first, &["id", "title", "due"])?;
    let mut all = vec![Fact::text("next:")];
    all.extend(step.into_iter().flatten().filter(|fact| !fact.value.is_empty()));
    Ok(all)
}
