//! What only a full export says of a record: its identity and past, the details of its lists, its links to records
//! that may come later.

use crate::domain::email::Email;
use crate::domain::field::{self, FieldType};
use crate::domain::handle::Handle;
use crate::domain::id::{Id, Ref};
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::typed;
use crate::store::customers::{self, Address, Channel, Employment};
use crate::store::rows::{self, Identity, Past};
use crate::store::{ReadTx, WriteTx, links, parts};

use super::rows::Wanted;

/// True if a field can lead to records of its own noun, which a later row may bring.
pub(super) fn leads_back(noun: Noun, name: &str) -> bool {
    field::find(noun, name).is_some_and(|field| match field.kind {
        FieldType::Link(linked) | FieldType::Links(linked) => linked == noun,
        _ => false,
    })
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
        identity.past = Past {
            created_at: wanted.instant("created_at"),
            created_by: user(tx, wanted.kept("created_by"))?,
            updated_at: wanted.instant("updated_at"),
            updated_by: user(tx, wanted.kept("updated_by"))?,
            version: wanted.kept_text("version").and_then(|text| text.parse().ok()),
            deleted_at: wanted.instant("deleted_at"),
        };
    }
    Ok(identity)
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
    if noun != Noun::Customer {
        return;
    }
    for (details, list) in [("email_details", "emails"), ("phone_details", "phones")] {
        if wanted.kept(details).is_some() {
            wanted.drop(list);
        }
    }
    let mut later = Vec::new();
    for name in ["company", "parent"] {
        if let Some(input) = wanted.get(name) {
            later.push((name, input.clone()));
            wanted.drop(name);
        }
    }
    wanted.kept.extend(later);
}

/// Writes what belongs to a new record alone.
pub(super) fn details(tx: &WriteTx<'_>, noun: Noun, id: Id, wanted: &Wanted) -> Result<()> {
    if noun != Noun::Customer {
        return Ok(());
    }
    for (name, channel) in [("email_details", Channel::Email), ("phone_details", Channel::Phone)] {
        if wanted.kept(name).is_some() {
            let addresses = list(wanted, name)
                .map(|item| address(channel, item, name))
                .collect::<Result<Vec<_>>>()?;
            customers::set_addresses(tx, id, channel, &addresses)?;
        }
    }
    for (position, item) in (1_i64..).zip(list(wanted, "address_details")) {
        let texts = parts::ADDRESS.map(|name| text(item, name).to_owned());
        parts::add_address(tx, id, position, &texts)?;
    }
    for item in list(wanted, "intervals") {
        interval(tx, id, item)?;
    }
    Ok(())
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

fn address(channel: Channel, item: &Input, field: &str) -> Result<Address> {
    let mut address = Address {
        text: String::new(),
        key: String::new(),
        kind: String::new(),
        extension: text(item, "extension").to_owned(),
        label: text(item, "label").to_owned(),
        validity: match text(item, "validity") {
            "" => "unverified".to_owned(),
            validity => validity.to_owned(),
        },
        opted_out_at: instant(item, "opted_out_at", field)?,
    };
    match channel {
        Channel::Email => {
            let email = Email::parse(text(item, "email")).map_err(|error| error.on_field(field))?;
            address.text = email.as_str().to_owned();
            address.key = email.key();
        }
        Channel::Phone => {
            // The number as it was understood then; the country of then is not known any more.
            let number = text(item, "phone");
            let known = number.starts_with('+');
            let phone = Phone {
                e164: known.then(|| number.to_owned()),
                raw: number.to_owned(),
                valid: false,
                extension: None,
            };
            address.key = phone.key();
            address.kind = phone.e164.unwrap_or_default();
            address.text = match text(item, "raw") {
                "" => number.to_owned(),
                raw => raw.to_owned(),
            };
        }
        Channel::Handle => {
            let handle = Handle::parse(text(item, "handle")).map_err(|error| error.on_field(field))?;
            address.key = handle.key();
            address.kind = handle.kind.to_owned();
            address.text = handle.value;
        }
    }
    Ok(address)
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
        ("owner", name) => match links::by_key(tx, Noun::User, name)? {
            Some(user) => Value::Int(user.raw()),
            None => return Err(Error::not_found(Noun::User, name).on_field("intervals")),
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
pub(super) fn complete(
    tx: &WriteTx<'_>,
    noun: Noun,
    id: Id,
    wanted: &Wanted,
    last: bool,
) -> Result<Missing> {
    let mut missing = Vec::new();
    if noun != Noun::Customer {
        return Ok(missing);
    }
    for (field, column) in [("parent", "parent_id"), ("merged_into", "merged_into_id")] {
        let input = wanted.kept(field).or(wanted.get(field));
        if let Some(input) = input
            && let Some(other) = other(tx, noun, field, input, &mut missing)?
        {
            rows::amend(tx, noun, id, column, other)?;
        }
    }
    employments(tx, id, wanted, last, &mut missing)?;
    relationships(tx, id, wanted, last, &mut missing)?;
    Ok(missing)
}

/// Names that lead to no record yet: field and name.
type Missing = Vec<(&'static str, String)>;

fn employments(tx: &WriteTx<'_>, id: Id, wanted: &Wanted, last: bool, missing: &mut Missing) -> Result<()> {
    let before = missing.len();
    let mut found = Vec::new();
    for item in list(wanted, "employments") {
        if let Some(company) = item.part("company")
            && let Some(company) = other(tx, Noun::Customer, "employments", company, missing)?
        {
            found.push(employment(company, item));
        }
    }
    if (missing.len() > before && !last) || !customers::employments(tx, id)?.is_empty() {
        return Ok(());
    }
    // The list has the latest first; of two alike, the one made last is the latest.
    for employment in found.iter().rev() {
        customers::add_employment(tx, id, employment)?;
    }
    Ok(())
}

fn relationships(tx: &WriteTx<'_>, id: Id, wanted: &Wanted, last: bool, missing: &mut Missing) -> Result<()> {
    let before = missing.len();
    let mut found = Vec::new();
    for item in list(wanted, "relationships") {
        if let Some(customer) = item.part("customer")
            && let Some(customer) = other(tx, Noun::Customer, "relationships", customer, missing)?
        {
            found.push((customer, item));
        }
    }
    if missing.len() > before && !last {
        return Ok(());
    }
    for (customer, item) in found {
        parts::add_relationship(tx, id, customer, text(item, "type"), text(item, "note"))?;
    }
    Ok(())
}

fn employment(company: Id, item: &Input) -> Employment {
    let day = |name: &str| match text(item, name) {
        "" => None,
        day => Some(day.to_owned()),
    };
    Employment {
        id: company,
        company,
        title: text(item, "title").to_owned(),
        role: text(item, "role").to_owned(),
        is_primary: text(item, "is_primary") != "false",
        started_on: day("started_on"),
        ended_on: day("ended_on"),
    }
}

/// The record that a stub means; one that is not there is noted as missing.
fn other(
    tx: &ReadTx<'_>,
    noun: Noun,
    field: &'static str,
    input: &Input,
    missing: &mut Missing,
) -> Result<Option<Id>> {
    match typed::stub(tx, noun, input) {
        Ok(id) => Ok(Some(id)),
        Err(error) if error.kind() == Kind::NotFound => {
            let name = ["name", "id", "uid"]
                .into_iter()
                .map(|part| text(input, part))
                .find(|text| !text.is_empty());
            missing.push((field, name.unwrap_or_default().to_owned()));
            Ok(None)
        }
        Err(error) => Err(error.on_field(field)),
    }
}
