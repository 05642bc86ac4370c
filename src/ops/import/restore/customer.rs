//! Customers: addresses with their labels and opt-outs, employments, relationships.

use crate::domain::email::Email;
use crate::domain::handle::Handle;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::error::Result;
use crate::ops::relationship;
use crate::store::customers::{self, Address, Channel, Employment};
use crate::store::{WriteTx, parts};

use super::super::rows::Wanted;
use super::{Missing, instant, list, other, text};

/// Writes what belongs to a new customer alone.
pub(super) fn details(tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
    for (name, channel) in [
        ("email_details", Channel::Email),
        ("phone_details", Channel::Phone),
    ] {
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
    Ok(())
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

/// Adds where a person works and worked.
pub(super) fn employments(
    tx: &WriteTx<'_>,
    id: Id,
    wanted: &Wanted,
    last: bool,
    missing: &mut Missing,
) -> Result<()> {
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

/// Adds the relations to other customers.
pub(super) fn relationships(
    tx: &WriteTx<'_>,
    id: Id,
    wanted: &Wanted,
    last: bool,
    missing: &mut Missing,
) -> Result<()> {
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
        let note = text(item, "note");
        relationship::add(
            tx,
            id,
            text(item, "type"),
            customer,
            Some(note).filter(|note| !note.is_empty()),
        )?;
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
