//! Where a field of a form leads.

use crate::domain::field::{self, Access, FieldType};
use crate::domain::form::entry::Entry;
use crate::domain::form::{OF_FEEDBACK, SPECIAL, special};
use crate::domain::input::{Assignment, Input};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::ops::draft::Draft;
use crate::ops::typed::Policy;
use crate::store::{ReadTx, WriteTx, fields};

/// Fields of a customer that nobody outside gets to set.
const CLOSED: &[&str] = &["owner", "external_ids", "parent", "lifecycle"];

/// Where a field of a form leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Nowhere: it is kept with the submission, and noted.
    Kept,
    /// Part of the message.
    Message,
    /// The given name.
    FirstName,
    /// The family name.
    LastName,
    /// A yes to the consent text.
    Consent,
    /// The campaign.
    Campaign,
    /// What the sender calls the submission.
    Key,
    /// When the visitor began.
    Started,
    /// A field of the feedback that a submission is.
    Feedback(&'static str),
    /// A field of the customer; an address may have a part: `phones.mobile`.
    Field(String),
}

impl Target {
    /// The name as a form has it.
    pub fn name(&self) -> String {
        match self {
            Target::Kept => "",
            Target::Message => "message",
            Target::FirstName => "first_name",
            Target::LastName => "last_name",
            Target::Consent => "consent",
            Target::Campaign => "campaign",
            Target::Key => "key",
            Target::Started => "started",
            Target::Feedback(part) => return format!("feedback.{part}"),
            Target::Field(name) => name,
        }
        .to_owned()
    }

    /// The field of the customer, without its part.
    pub fn field(&self) -> Option<&str> {
        match self {
            Target::Field(name) if name.starts_with("fields.") => Some(name),
            Target::Field(name) => name.split('.').next(),
            _ => None,
        }
    }

    /// What that field holds; none for a custom field.
    pub fn kind(&self) -> Option<FieldType> {
        field::find(Noun::Customer, self.field()?).map(|field| field.kind)
    }
}

/// Where an entry leads: what it says, or else what its name says.
///
/// # Errors
///
/// `Invalid` on `entries` for what leads nowhere.
pub(super) fn of(tx: &ReadTx<'_>, entry: &Entry) -> Result<Target> {
    let name = match &entry.feeds {
        Some(feeds) if feeds.is_empty() => return Ok(Target::Kept),
        Some(feeds) => feeds,
        None => &entry.name,
    };
    if let Some(word) = special(name) {
        return Ok(match word {
            "message" => Target::Message,
            "first_name" => Target::FirstName,
            "last_name" => Target::LastName,
            "consent" => Target::Consent,
            "campaign" => Target::Campaign,
            "key" => Target::Key,
            _ => Target::Started,
        });
    }
    if let Some(part) = name.strip_prefix("feedback.") {
        return match OF_FEEDBACK.iter().find(|known| **known == part) {
            Some(known) => Ok(Target::Feedback(known)),
            None => Err(nowhere(entry, name).with_near(
                OF_FEEDBACK
                    .iter()
                    .map(|part| format!("feedback.{part}"))
                    .collect(),
            )),
        };
    }
    if let Some(key) = name.strip_prefix("fields.") {
        let known = fields::customs(tx, Noun::Customer)?;
        if known.iter().any(|field| field.key == key) {
            return Ok(Target::Field(name.clone()));
        }
        let keys = near(key, known.iter().map(|field| field.key.as_str()));
        return Err(
            nowhere(entry, name).with_near(keys.into_iter().map(|key| format!("fields.{key}")).collect())
        );
    }
    let (head, part) = match name.split_once('.') {
        Some((head, part)) => (head, Some(part)),
        None => (name.as_str(), None),
    };
    let writable = |field: &&field::Field| field.access == Access::Write && !CLOSED.contains(&field.name);
    let Some(field) = field::find(Noun::Customer, head).filter(writable) else {
        let all = field::fields(Noun::Customer)
            .iter()
            .filter(writable)
            .map(|field| field.name);
        let names = SPECIAL.iter().map(|(name, _)| *name).chain(all);
        return Err(nowhere(entry, name).with_near(near(name, names)));
    };
    match (field.kind, part) {
        (_, None) => Ok(Target::Field(field.name.to_owned())),
        (FieldType::Emails | FieldType::Phones | FieldType::Handles, Some(part)) => {
            Ok(Target::Field(format!("{}.{part}", field.name)))
        }
        _ => Err(nowhere(entry, name)),
    }
}

fn nowhere(entry: &Entry, name: &str) -> Error {
    let message = match &entry.feeds {
        Some(_) => format!(
            "{}: {name:?} is no field of a customer that a form can feed",
            entry.name
        ),
        None => format!(
            "{0:?} is no field of a customer that a form can feed; {0}=FIELD says which it is, {0}= only keeps it",
            entry.name
        ),
    };
    Error::invalid("entries", message)
}

/// What every new customer gets: `FIELD=VALUE`, one a line.
pub(super) fn defaults(text: &str) -> Result<Vec<Assignment>> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| match line.split_once('=') {
            Some((name, value)) => Ok((name.trim().to_owned(), Input::text(value.trim()))),
            None => Err(Error::invalid(
                "defaults",
                format!("defaults: {line:?} is not FIELD=VALUE"),
            )),
        })
        .collect()
}

/// The same as text, after a look whether customers can have it.
pub(super) fn checked_defaults(tx: &WriteTx<'_>, text: &str) -> Result<String> {
    let given = defaults(text)?;
    Draft::read(tx, Noun::Customer, &given, &Policy::strict()).map_err(|error| {
        Error::invalid("defaults", format!("defaults: {}", error.message())).with_near(error.near().to_vec())
    })?;
    let line = |(name, value): &Assignment| format!("{name}={}", value.as_text().unwrap_or_default());
    Ok(given.iter().map(line).collect::<Vec<String>>().join("\n"))
}
