//! What is understood of a text that somebody types for a field, before anything is written.

use crate::domain::field::{self, FieldType};
use crate::domain::fold;
use crate::domain::id::{Id, Ref};
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::domain::value::{Link, Value};
use crate::domain::when::Leaning;
use crate::error::Result;
use crate::ops::draft::texts;
use crate::ops::{customer, refer, typed};
use crate::store::customers::{self, Channel};
use crate::store::{ReadTx, fields, links};

/// At most so many records are told as similar.
const SIMILAR: usize = 9;

/// What a text given for a field means.
#[derive(Debug, Clone, PartialEq)]
pub enum Meaning {
    /// This value.
    Value(FieldType, Value),
    /// What it says; it is kept as it stands.
    AsItIs,
    /// Telephone numbers, each with whether there can be such a one.
    Phones(Vec<(String, bool)>),
}

/// What `text` means as a value of the field `name`.
///
/// # Errors
///
/// `Invalid` for what would be refused.
pub fn understood(tx: &ReadTx<'_>, noun: Noun, name: &str, text: &str) -> Result<Meaning> {
    let custom = match name.strip_prefix("fields.") {
        Some(key) => fields::custom(tx, noun, key)?,
        None => None,
    };
    let kind = match (&custom, field::find(noun, name)) {
        (Some(custom), _) => custom.kind,
        (None, Some(field)) => field.kind,
        (None, None) => return Ok(Meaning::AsItIs),
    };
    if text.trim().is_empty() {
        return Ok(Meaning::AsItIs);
    }
    let input = Input::text(text);
    let leaning = match custom {
        Some(_) => Leaning::None,
        None => typed::leaning(noun, name),
    };
    Ok(match kind {
        FieldType::Money => Meaning::Value(kind, typed::money(tx, name, &input)?),
        FieldType::Date
        | FieldType::Due
        | FieldType::Instant
        | FieldType::Percent
        | FieldType::Integer
        | FieldType::Decimal
        | FieldType::Time
        | FieldType::Duration
        | FieldType::Birthday
        | FieldType::Url => Meaning::Value(kind, typed::scalar(tx, name, kind, text, leaning)?),
        FieldType::Emails => {
            for text in texts(name, &input)? {
                customer::address(tx, Channel::Email, None, &text)?;
            }
            Meaning::AsItIs
        }
        FieldType::Handles => {
            for text in texts(name, &input)? {
                customer::address(tx, Channel::Handle, None, &text)?;
            }
            Meaning::AsItIs
        }
        FieldType::Phones => {
            let mut phones = Vec::new();
            for text in texts(name, &input)? {
                customer::address(tx, Channel::Phone, None, &text)?;
                let phone = Phone::parse(&text, tx.caller().region.as_deref());
                phones.push((phone.show(), phone.valid));
            }
            Meaning::Phones(phones)
        }
        FieldType::Link(linked) if linked.prefix().is_some() => {
            let text = reference(linked, text);
            let id = match linked == Noun::Customer && !matches!(noun, Noun::Activity | Noun::Task) {
                true => refer::company(tx, text)?,
                false => refer::one(tx, linked, text)?,
            };
            match links::link(tx, linked, id)? {
                Some(link) => Meaning::Value(kind, Value::Link(link)),
                None => Meaning::AsItIs,
            }
        }
        _ => Meaning::AsItIs,
    })
}

/// The ref at the end of a name, as lists of choices have it; else the text.
pub fn reference(noun: Noun, text: &str) -> &str {
    let text = text.trim();
    let last = text.split_whitespace().next_back().unwrap_or_default();
    match Ref::parse(last) {
        Some(reference) if reference.noun == noun => last,
        _ => text,
    }
}

/// Customers other than `except` who have the same name or one of the addresses, at most a handful.
///
/// # Errors
///
/// The base cannot be read.
pub fn similar(tx: &ReadTx<'_>, name: &str, text: &str, except: Option<Id>) -> Result<Vec<Link>> {
    let channel = match name {
        "emails" => Some(Channel::Email),
        "phones" => Some(Channel::Phone),
        "handles" => Some(Channel::Handle),
        _ => None,
    };
    let mut ids: Vec<Id> = Vec::new();
    match channel {
        None if text.trim().is_empty() => {}
        None => ids.extend(customers::by_name_key(tx, &fold::fold(text))?),
        Some(channel) => {
            for text in texts(name, &Input::text(text))? {
                // What is no address is nobody's.
                let Ok(address) = customer::address(tx, channel, None, &text) else {
                    continue;
                };
                let kind = if channel == Channel::Handle {
                    address.kind.as_str()
                } else {
                    ""
                };
                ids.extend(customers::holders(tx, channel, kind, &address.key, except)?);
            }
        }
    }
    let mut found: Vec<Link> = Vec::new();
    for id in ids {
        let is_new = Some(id) != except && found.iter().all(|known| known.id != id);
        if is_new && found.len() < SIMILAR {
            found.extend(links::link(tx, Noun::Customer, id)?);
        }
    }
    Ok(found)
}
