//! What only a full export says of a record: its identity and past, the details of its lists, its links to records
//! that may come later.

pub(super) mod custom;
mod customer;
mod deal;
mod order;
pub(super) mod pipeline;
mod quote;
mod ticket;

use crate::domain::actor::FOUNDER;
use crate::domain::field::{self, FieldType};
use crate::domain::id::{Id, Ref};
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::draft::texts;
use crate::ops::{refer, typed};
use crate::store::attachments::{self, Attachment};
use crate::store::letters::{self, Letter};
use crate::store::rows::{self, Identity, Past};
use crate::store::{LAST_AT_ORIGIN, ReadTx, WriteTx, activities, columns, links, parts};

use super::rows::Wanted;

/// True if a field can lead to records of its own noun, which a later row may bring.
pub(super) fn leads_back(noun: Noun, name: &str) -> bool {
    field::find(noun, name).is_some_and(|field| match field.kind {
        FieldType::Link(linked) | FieldType::Links(linked) => linked == noun,
        _ => false,
    })
}

/// True if the record with the uid of a row is here. The first user has the same uid in every base; only the name tells
/// whether two of them are one.
pub(super) fn is_here(tx: &ReadTx<'_>, noun: Noun, uid: Id, wanted: &Wanted) -> Result<bool> {
    if noun == Noun::User && uid == FOUNDER {
        let name = wanted.text("name").unwrap_or_default();
        return Ok(links::by_key(tx, noun, name)? == Some(uid));
    }
    Ok(links::version(tx, noun, uid)?.is_some())
}

/// Who a new record is: what the row says, where that is free.
pub(super) fn identity(tx: &ReadTx<'_>, noun: Noun, wanted: &Wanted) -> Result<Identity> {
    let mut identity = Identity::default();
    let reference = wanted.kept_text("id").and_then(Ref::parse);
    if let Some(reference) = reference.filter(|reference| reference.noun == noun)
        && links::by_number(tx, reference)?.is_none()
    {
        identity.no = Some(reference.no);
    }
    let Some(uid) = wanted.uid() else {
        return Ok(identity);
    };
    if rows::is_free(tx, uid)? {
        identity.id = Some(uid);
    }
    if wanted.is_full() {
        identity.past = past(tx, wanted)?;
    }
    Ok(identity)
}

/// What a row of a full export says about the past of its record.
fn past(tx: &ReadTx<'_>, wanted: &Wanted) -> Result<Past> {
    Ok(Past {
        created_at: wanted.instant("created_at"),
        created_by: user(tx, wanted.kept("created_by"))?,
        updated_at: wanted.instant("updated_at"),
        updated_by: user(tx, wanted.kept("updated_by"))?,
        version: wanted.kept_text("version").and_then(|text| text.parse().ok()),
        deleted_at: wanted.instant("deleted_at"),
    })
}

/// The past that a record is to have once a row of a full export has changed it: that of the row, if the record is an
/// older copy of the same one. What every base has from its founding is such a copy.
pub(super) fn past_of_copy(tx: &ReadTx<'_>, noun: Noun, id: Id, wanted: &Wanted) -> Result<Option<Past>> {
    if !wanted.is_full() || wanted.uid() != Some(id) {
        return Ok(None);
    }
    let told = past(tx, wanted)?;
    let Some(known) = rows::past(tx, noun, id)? else {
        return Ok(None);
    };
    // When a base was founded says nothing of its age.
    let is_older = id <= LAST_AT_ORIGIN || known.updated_at <= told.updated_at;
    // Who it was is not always told; then it stays.
    let merged = Past {
        created_by: told.created_by.or(known.created_by),
        updated_by: told.updated_by.or(known.updated_by),
        deleted_at: known.deleted_at,
        ..told
    };
    Ok((known.version <= told.version && is_older && merged != known).then_some(merged))
}

/// Marks a record in which a link is missing as one change behind its export, so that importing it once more, when
/// the other record is there, makes it the same.
pub(super) fn leave_open(tx: &WriteTx<'_>, noun: Noun, id: Id, wanted: &Wanted) -> Result<()> {
    let Some(version) = past(tx, wanted)?.version else {
        return Ok(());
    };
    parts::amend(
        tx,
        columns::table(noun),
        id,
        &vec![("version", Value::Int(version - 1))],
    )
}

/// A user by name; none if nobody has it here.
fn user(tx: &ReadTx<'_>, input: Option<&Input>) -> Result<Option<Id>> {
    match input.and_then(Input::as_text) {
        Some(name) => links::by_key(tx, Noun::User, name),
        None => Ok(None),
    }
}

/// Takes out of a new record what is written after it, with all its details.
pub(super) fn take_over(noun: Noun, wanted: &mut Wanted) {
    let later: &[&'static str] = match noun {
        Noun::Customer => {
            for (details, list) in [("email_details", "emails"), ("phone_details", "phones")] {
                if wanted.kept(details).is_some() {
                    wanted.drop(list);
                }
            }
            if wanted.kept("employments").is_some() {
                &["company", "parent"]
            } else {
                &["parent"]
            }
        }
        Noun::Deal => {
            for (details, list) in [("lines", "product"), ("person_details", "people")] {
                if wanted.kept(details).is_some() {
                    wanted.drop(list);
                }
            }
            &[]
        }
        Noun::Quote | Noun::Order => {
            if wanted.kept("line_details").is_some() {
                wanted.drop("lines");
            }
            &[]
        }
        Noun::Ticket => {
            if wanted.kept("steps").is_some() {
                for told in [
                    "step",
                    "status",
                    "received_at",
                    "first_responded_at",
                    "resolved_at",
                    "closed_at",
                ] {
                    wanted.drop(told);
                }
            }
            &["parent"]
        }
        Noun::User | Noun::Team => &["manager"],
        Noun::Field => {
            // Labels follow with their languages.
            if wanted.kept("labels").is_some() {
                wanted.drop("label");
            }
            &[]
        }
        _ => &[],
    };
    for name in later {
        if let Some(input) = wanted.get(name) {
            let input = input.clone();
            wanted.kept.push((name, input));
            wanted.drop(name);
        }
    }
}

/// Writes what belongs to a new record alone.
pub(super) fn details(tx: &WriteTx<'_>, noun: Noun, id: Id, wanted: &Wanted) -> Result<()> {
    match noun {
        Noun::Customer => customer::details(tx, id, wanted)?,
        Noun::Deal => deal::details(tx, id, wanted)?,
        Noun::Quote => quote::details(tx, id, wanted)?,
        Noun::Order => order::details(tx, id, wanted)?,
        Noun::Ticket => ticket::details(tx, id, wanted)?,
        Noun::Feedback => feedback(tx, id, wanted)?,
        Noun::Task => task(tx, id, wanted)?,
        Noun::Activity => activity(tx, id, wanted)?,
        Noun::Field => custom::labels(tx, id, wanted)?,
        _ => {}
    }
    for item in list(wanted, "attachments") {
        attachment(tx, noun, id, item)?;
    }
    for item in list(wanted, "intervals") {
        if !matches!(text(item, "attribute"), "stage" | "closed") {
            interval(tx, id, item)?;
        }
    }
    Ok(())
}

/// A file or link, with when and by whom it was attached.
fn attachment(tx: &WriteTx<'_>, noun: Noun, id: Id, item: &Input) -> Result<()> {
    let bytes = match text(item, "bytes") {
        "" => None,
        number => Some(
            number
                .parse()
                .map_err(|_| Error::invalid("attachments", format!("attachments: {number:?} is no size")))?,
        ),
    };
    let by = user(tx, item.part("created_by"))?;
    attachments::add(
        tx,
        noun,
        id,
        &Attachment {
            id,
            location: text(item, "location").to_owned(),
            title: text(item, "title").to_owned(),
            bytes,
            sha256: text(item, "sha256").to_owned(),
            created_at: instant(item, "created_at", "attachments")?.unwrap_or(tx.caller().clock.now_ms()),
            created_by: by.unwrap_or(tx.caller().actor.id),
        },
    )
}

/// The zone in which a time of day was meant, who did it, and that it is about a deal alone, if it is.
fn task(tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
    let mut part = Vec::new();
    if wanted.get("customer").is_none() {
        part.push(("customer_id", Value::Null));
    }
    if let Some(zone) = wanted.kept_text("zone") {
        part.push(("zone", Value::text(zone)));
    }
    if let Some(day) = wanted.kept_text("planned_on").and_then(|day| day.parse().ok()) {
        part.push(("planned_on", Value::Date(day)));
    }
    if let Some(first) = wanted.kept_text("series").and_then(Id::parse_uid) {
        part.push(("series_id", Value::Int(first.raw())));
    }
    if let Some(by) = user(tx, wanted.kept("completed_by"))? {
        part.push(("completed_by", Value::Int(by.raw())));
    }
    match part.is_empty() {
        true => Ok(()),
        false => parts::amend(tx, "task", id, &part),
    }
}

/// The days on which something was done about it.
fn feedback(tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
    let mut part = Vec::new();
    for name in ["acknowledged_on", "acted_on", "closed_on"] {
        if let Some(text) = wanted.kept_text(name) {
            part.push((name, deal::day(name, text)?));
        }
    }
    match part.is_empty() {
        true => Ok(()),
        false => parts::amend(tx, "feedback", id, &part),
    }
}

/// Where those who took part worked then, the day on which it happened where it happened, and what a message says beyond
/// the activity that it is.
fn activity(tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
    for item in list(wanted, "letter").take(1) {
        let letter = Letter {
            thread: text(item, "thread").to_owned(),
            ancestors: text(item, "ancestors")
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
            subject: text(item, "subject").to_owned(),
            text: text(item, "text").to_owned(),
        };
        letters::add(tx, id, &letter)?;
    }
    if let Some(input) = wanted.kept("employers") {
        let employers = match input {
            Input::List(items) => items.clone(),
            other => texts("employers", other)?.into_iter().map(Input::Text).collect(),
        };
        let found = employers.iter().map(|employer| match employer {
            Input::Text(text) => refer::one(tx, Noun::Customer, text),
            stub => typed::stub(tx, Noun::Customer, stub),
        });
        let found = found.collect::<Result<Vec<Id>>>();
        let found = found.map_err(|error| error.on_field("employers").context("employers"))?;
        let mut about = activities::about(tx, id)?;
        about.customer = about.customer.filter(|_| wanted.get("customer").is_some());
        activities::restore_parties(tx, id, &about, &found)?;
    }
    match wanted.kept_text("on_date").and_then(|day| day.parse().ok()) {
        Some(day) => parts::amend(tx, "activity", id, &vec![("on_date", Value::Date(day))]),
        None => Ok(()),
    }
}

/// The entries of a field with named parts.
fn list<'w>(wanted: &'w Wanted, name: &str) -> impl Iterator<Item = &'w Input> {
    let items: &[Input] = match wanted.kept(name) {
        Some(Input::List(items)) => items,
        _ => &[],
    };
    items.iter()
}

/// A part as text; empty if it is not given.
fn text<'i>(item: &'i Input, name: &str) -> &'i str {
    item.part(name).and_then(Input::as_text).unwrap_or_default()
}

/// A part as an instant, in milliseconds since 1970.
fn instant(item: &Input, name: &str, field: &str) -> Result<Option<i64>> {
    match text(item, name) {
        "" => Ok(None),
        given => {
            let at: jiff::Timestamp = given
                .parse()
                .map_err(|_| Error::invalid(field, format!("{field}: {name} {given:?} is no instant")))?;
            Ok(Some(at.as_millisecond()))
        }
    }
}

/// One interval of a value with a past.
fn interval(tx: &WriteTx<'_>, id: Id, item: &Input) -> Result<()> {
    let attribute = text(item, "attribute");
    let Some(started) = instant(item, "started_at", "intervals")? else {
        return Err(Error::invalid("intervals", "intervals: one has no start"));
    };
    let value = match (attribute, text(item, "value")) {
        ("", _) => return Err(Error::invalid("intervals", "intervals: one has no attribute")),
        (_, "") => Value::Null,
        ("owner" | "assignee", name) => match links::by_key(tx, Noun::User, name)? {
            Some(user) => Value::Int(user.raw()),
            None => return Err(Error::not_found(Noun::User, name).on_field("intervals")),
        },
        ("sla", key) => match links::by_key(tx, Noun::Sla, key)? {
            Some(policy) => Value::Int(policy.raw()),
            None => return Err(Error::not_found(Noun::Sla, key).on_field("intervals")),
        },
        ("amount" | "probability", number) => match number.parse() {
            Ok(number) => Value::Int(number),
            Err(_) => {
                return Err(Error::invalid(
                    "intervals",
                    format!("intervals: {number:?} is no number"),
                ));
            }
        },
        (_, text) => Value::Text(text.to_owned()),
    };
    let ended = instant(item, "ended_at", "intervals")?;
    rows::restore_interval(tx, id, attribute, &value, started, ended)
}

/// Adds the links of a new record to others of its noun, as far as those are there: the names of the fields and
/// records that are missing still. A list is written as a whole, so that its order stays; unless nothing more will
/// come (`last`), it waits for what is missing.
pub(super) fn complete(tx: &WriteTx<'_>, noun: Noun, id: Id, wanted: &Wanted, last: bool) -> Result<Missing> {
    let mut missing = Vec::new();
    let links: &[(&'static str, &'static str, Noun)] = match noun {
        Noun::Customer => &[
            ("parent", "parent_id", Noun::Customer),
            ("merged_into", "merged_into_id", Noun::Customer),
        ],
        Noun::Ticket => &[
            ("parent", "parent_id", Noun::Ticket),
            ("merged_into", "merged_into_id", Noun::Ticket),
        ],
        Noun::User | Noun::Team => &[("manager", "manager_id", Noun::User)],
        _ => &[],
    };
    for (field, column, linked) in links {
        let input = wanted.kept(field).or(wanted.get(field));
        if let Some(input) = input
            && let Some(other) = other(tx, *linked, field, input, &mut missing)?
        {
            rows::amend(tx, noun, id, column, other)?;
        }
    }
    if noun == Noun::Customer {
        customer::employments(tx, id, wanted, last, &mut missing)?;
        customer::relationships(tx, id, wanted, last, &mut missing)?;
    }
    Ok(missing)
}

/// Names that lead to no record yet: field and name.
type Missing = Vec<(&'static str, String)>;

/// The record that a stub means; one that is not there is noted as missing.
fn other(
    tx: &ReadTx<'_>,
    noun: Noun,
    field: &'static str,
    input: &Input,
    missing: &mut Missing,
) -> Result<Option<Id>> {
    let found = match input {
        Input::Text(text) => refer::one(tx, noun, text),
        stub => typed::stub(tx, noun, stub),
    };
    match found {
        Ok(id) => Ok(Some(id)),
        Err(error) if error.kind() == Kind::NotFound => {
            let name = ["name", "id", "uid"]
                .into_iter()
                .map(|part| text(input, part))
                .find(|text| !text.is_empty());
            let name = name.or(input.as_text()).unwrap_or_default();
            missing.push((field, name.to_owned()));
            Ok(None)
        }
        Err(error) => Err(error.on_field(field)),
    }
}
