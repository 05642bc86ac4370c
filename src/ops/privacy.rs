//! What is held of one person, and its erasure: for good, with hashes that keep the addresses out from then on.
//!
//! Figures stay: deals, activities and tasks remain as rows without what they said, and the customer as a row in the trash
//! without a name. An address that somebody else has too is theirs, and is not kept out.

use serde_json::{Value as Json, json};

use crate::domain::digest::sha256;
use crate::domain::email::Email;
use crate::domain::handle::Handle;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::error::{Error, Kind, Result};
use crate::ops::{Outcome, refer, schema};
use crate::store::customers::{self, Address, Channel};
use crate::store::privacy::{self, Held, Words};
use crate::store::{ReadTx, WriteTx, attachments, erasures, links, records};
use crate::wire::column::Column;
use crate::wire::json;

/// So many records of others that mention somebody are told.
pub const MOST_MENTIONS: usize = 20;

/// The channel of identities in other systems.
const EXTERNAL: &str = "external_id";

/// What is held of somebody, one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What it is: customer, email, activity, letter, log …
    pub what: String,
    /// Its ref, or else its uid.
    pub id: String,
    /// All of it.
    pub data: Json,
}

/// What an erasure did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// The ref of the row that stays behind.
    pub reference: String,
    /// How many rows said something.
    pub rows: usize,
    /// How many addresses are kept out from now on.
    pub kept_out: usize,
    /// Addresses that others have too, and that are not kept out.
    pub shared: Vec<String>,
    /// Files that nothing refers to any more.
    pub files: Vec<String>,
    /// Refs of records of others whose text still has the name or an address; at most [`MOST_MENTIONS`].
    pub mentions: Vec<String>,
}

/// The customer whom a text names, who has to be a person.
///
/// # Errors
///
/// As [`refer::one`]; `Invalid` for a company.
pub fn person(tx: &ReadTx<'_>, text: &str) -> Result<Id> {
    let id = match refer::one(tx, Noun::Customer, text) {
        // Who is in the trash is held as well.
        Err(error) if error.kind() == Kind::NotFound => {
            refer::trashed(tx, Noun::Customer, text).map_err(|_| error)?
        }
        found => found?,
    };
    match customers::kind_and_survivor(tx, id)? {
        Some((kind, _)) if kind == "company" => Err(Error::invalid(
            "customer",
            format!(
                "{} is a company and no person; its people have data of their own",
                refer::name(tx, Noun::Customer, id)?
            ),
        )),
        _ => Ok(id),
    }
}

/// Everything that is held of a person: the record as programs read it, every row of every table, and the log.
///
/// # Errors
///
/// Whatever the store fails with.
pub fn entries(tx: &ReadTx<'_>, person: Id) -> Result<Vec<Entry>> {
    let held = privacy::held(tx, person)?;
    let mut found = vec![Entry {
        what: "record".to_owned(),
        id: reference(tx, person)?,
        data: record(tx, person)?,
    }];
    for (table, rows) in &held {
        for id in rows {
            let Some(text) = privacy::row(tx, table, *id)? else {
                continue;
            };
            let data: Json = serde_json::from_str(&text).unwrap_or(Json::Null);
            let noun = Noun::parse(table);
            let link = match noun {
                Some(noun) => links::link(tx, noun, *id)?,
                None => None,
            };
            found.push(Entry {
                what: (*table).to_owned(),
                id: link.map_or_else(|| id.uid(), |link| link.reference().to_string()),
                data,
            });
        }
    }
    let image = |text: Option<String>| text.and_then(|text| serde_json::from_str(&text).ok());
    for line in privacy::logged(tx, &held, &words(tx, &held)?)? {
        let (before, after): (Option<Json>, Option<Json>) = (image(line.before), image(line.after));
        found.push(Entry {
            what: "log".to_owned(),
            id: line.op.to_string(),
            data: json!({
                "operation": line.op,
                "at_ms": line.at_ms,
                "title": line.title,
                "action": line.action,
                "table": line.table,
                "before": before,
                "after": after,
            }),
        });
    }
    Ok(found)
}

/// Erases a person. Whoever keeps the base in a file lets [`crate::store::Store::scrub`] follow.
///
/// # Errors
///
/// `Conflict` if it was done before.
pub fn erase(tx: &WriteTx<'_>, person: Id, reason: &str) -> Result<Erased> {
    let reference = reference(tx, person)?;
    if erasures::of(tx, person)?.is_some() {
        let message = format!("the data of {reference} was erased before");
        return Err(Error::new(Kind::Conflict, message));
    }
    let held = privacy::held(tx, person)?;
    let words = words(tx, &held)?;
    let mut erased = Erased {
        reference: reference.clone(),
        rows: held.values().map(std::collections::BTreeSet::len).sum(),
        ..Erased::default()
    };
    let hashes = hashes(tx, person, &held, &mut erased)?;
    let files = files(tx, &held)?;
    privacy::erase(tx, person, &held, &words)?;
    erasures::add(tx, person, reason, &hashes)?;
    for file in files {
        if !attachments::is_attached(tx, &file)? {
            erased.files.push(file);
        }
    }
    erased.kept_out = hashes.len();
    // What stays is told by the index once it is up to date.
    tx.settle()?;
    let words = without_shared(words, &erased.shared);
    let mentions = privacy::mentions(tx, &words, MOST_MENTIONS)?;
    erased.mentions = mentions.iter().map(|link| link.reference().to_string()).collect();
    tx.describe(format!("Erased the data of {reference}"));
    Ok(erased)
}

/// Lets an address come back.
///
/// # Errors
///
/// `NotFound` if it is not kept out; `Invalid` for what is no address.
pub fn lift(tx: &WriteTx<'_>, text: &str) -> Result<Outcome> {
    let mut lifted = false;
    for (channel, hash) in meanings(tx, text) {
        lifted |= erasures::lift(tx, channel, &hash)?;
    }
    if !lifted {
        return Err(Error::new(Kind::NotFound, format!("{text:?} is not kept out")));
    }
    tx.describe("Lifted the ban on an address");
    Ok(Outcome {
        id: tx.caller().actor.id,
        created: false,
        changed: true,
    })
}

/// True for an address of somebody who was erased.
pub(crate) fn is_kept_out(tx: &ReadTx<'_>, text: &str) -> Result<bool> {
    if text.is_empty() || !erasures::any(tx)? {
        return Ok(false);
    }
    for (channel, hash) in meanings(tx, text) {
        if erasures::by_hash(tx, channel, &hash)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What an address may mean, as channels and hashes.
fn meanings(tx: &ReadTx<'_>, text: &str) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if let Ok(email) = Email::parse(text) {
        found.push((Channel::Email.name(), sha256(email.key().as_bytes())));
    }
    let phone = Phone::parse(text, tx.caller().region.as_deref());
    if !phone.key().is_empty() {
        found.push((Channel::Phone.name(), sha256(phone.key().as_bytes())));
    }
    if let Ok(handle) = Handle::parse(text) {
        let known = format!("{}:{}", handle.kind, handle.key());
        found.push((Channel::Handle.name(), sha256(known.as_bytes())));
    }
    found.push((EXTERNAL, sha256(text.trim().as_bytes())));
    found
}

/// Refuses addresses and identities of somebody who was erased.
///
/// # Errors
///
/// `Erased`, on the field.
pub(crate) fn refuse_erased(
    tx: &ReadTx<'_>,
    channels: &[(Channel, Vec<Address>)],
    external: &[(String, String)],
) -> Result<()> {
    if channels.is_empty() && external.is_empty() || !erasures::any(tx)? {
        return Ok(());
    }
    let refuse = |channel: &str, known: &str, field: &str, shown: &str| -> Result<()> {
        match erasures::by_hash(tx, channel, &sha256(known.as_bytes()))? {
            None => Ok(()),
            Some(erasure) => Err(Error::new(
                Kind::Erased,
                format!(
                    "{field}: {shown} belongs to somebody whose data was erased on request (C{})",
                    erasure.no
                ),
            )
            .on_field(field)),
        }
    };
    for (channel, addresses) in channels {
        let field = format!("{}s", channel.name());
        for address in addresses {
            refuse(channel.name(), &known(*channel, address), &field, &address.text)?;
        }
    }
    for (system, value) in external {
        let whole = format!("{system}:{value}");
        refuse(EXTERNAL, &whole, "external_ids", &whole)?;
    }
    Ok(())
}

/// What of an address is hashed: the same where somebody is erased and where an address comes in again.
pub(crate) fn known(channel: Channel, address: &Address) -> String {
    match channel {
        Channel::Handle => format!("{}:{}", address.kind, address.key),
        _ => address.key.clone(),
    }
}

/// Leaves out the addresses that others have too: there they are no mention.
fn without_shared(mut words: Words, shared: &[String]) -> Words {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    words.telling.retain(|word| {
        !shared.iter().any(|text| {
            let (one, other) = (digits(text), digits(word));
            let is_number = one.len() > 4 && other.len() > 4 && !word.contains('@');
            text.eq_ignore_ascii_case(word) || is_number && (one.ends_with(&other) || other.ends_with(&one))
        })
    });
    words
}

/// The hashes of all addresses that are the person's alone.
fn hashes(tx: &ReadTx<'_>, person: Id, held: &Held, erased: &mut Erased) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    let selves = held.get("customer").cloned().unwrap_or_default();
    for own in &selves {
        for channel in Channel::ALL {
            for address in customers::addresses(tx, *own, channel)? {
                let holders = customers::holders(tx, channel, &address.kind, &address.key, Some(person))?;
                if holders.iter().any(|holder| !selves.contains(holder)) {
                    erased.shared.push(address.text);
                } else if !address.key.is_empty() {
                    found.push((
                        channel.name().to_owned(),
                        sha256(known(channel, &address).as_bytes()),
                    ));
                }
            }
        }
        for (system, value) in links::external_ids(tx, *own)? {
            found.push((
                EXTERNAL.to_owned(),
                sha256(format!("{system}:{value}").as_bytes()),
            ));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The files that are attached to what goes.
fn files(tx: &ReadTx<'_>, held: &Held) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for noun in ["customer", "activity", "task"] {
        for id in held.get(noun).into_iter().flatten() {
            let attached = attachments::of(tx, *id)?;
            let files = attached.into_iter().filter(|one| !one.is_link());
            found.extend(files.map(|one| one.location));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// What a person is known by in free text: the names of all records of the person that became one, and the addresses.
fn words(tx: &ReadTx<'_>, held: &Held) -> Result<Words> {
    let mut words = Words::default();
    for own in held.get("customer").into_iter().flatten() {
        let name = links::link(tx, Noun::Customer, *own)?.map_or_else(String::new, |link| link.name);
        words.parts.extend(
            name.split_whitespace()
                .filter(|part| part.chars().count() > 2 || !part.is_ascii())
                .map(str::to_owned),
        );
        // A name that is too short to mean anybody is no more than a part.
        let is_telling = name.chars().count() > 4 || !name.is_ascii() && name.chars().count() > 1;
        words.telling.extend(Some(name).filter(|_| is_telling));
        for channel in Channel::ALL {
            for address in customers::addresses(tx, *own, channel)? {
                let forms = [address.text, address.key, address.kind];
                let forms = match channel {
                    // The kind of a handle is the service.
                    Channel::Handle => forms.into_iter().take(2),
                    _ => forms.into_iter().take(3),
                };
                words.telling.extend(forms.filter(|text| text.len() > 4));
            }
        }
    }
    Ok(words)
}

fn reference(tx: &ReadTx<'_>, person: Id) -> Result<String> {
    let link = links::link(tx, Noun::Customer, person)?;
    link.map(|link| link.reference().to_string())
        .ok_or_else(|| Error::not_found(Noun::Customer, &person.uid()))
}

/// The record as programs read it.
fn record(tx: &ReadTx<'_>, person: Id) -> Result<Json> {
    let columns = schema::columns(tx, Noun::Customer)?;
    let row = records::get(tx, Noun::Customer, person, &columns)?;
    let row = row.ok_or_else(|| Error::not_found(Noun::Customer, &person.uid()))?;
    let columns: Vec<Column> = columns
        .iter()
        .map(|column| Column::new(column.name.clone(), column.kind))
        .collect();
    Ok(json::record("customer", &columns, &row))
}
