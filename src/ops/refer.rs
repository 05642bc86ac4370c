//! Which record is meant: a ref, uid, external id, address or exact name becomes one id, or an error that says why not.

use std::collections::HashSet;

use crate::domain::actor::Via;
use crate::domain::customer::HANDLE_KINDS;
use crate::domain::email::Email;
use crate::domain::fold::fold;
use crate::domain::handle::Handle;
use crate::domain::id::{Id, Ref};
use crate::domain::input::Input;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::error::{Candidate, Error, Kind, Result};
use crate::ops;
use crate::ops::typed::Policy;
use crate::store::customers::{self, Channel};
use crate::store::letters::SYSTEM;
use crate::store::{ReadTx, WriteTx, fields, links, search, tickets};

/// The one record of `noun` that `text` names.
///
/// Tried in order: ref, uid, external id `system:value`, e-mail address, telephone number, handle, exact folded name.
/// A merged customer is its survivor.
///
/// # Errors
///
/// `NotFound`, or `Ambiguous` with the candidates.
pub fn one(tx: &ReadTx<'_>, noun: Noun, text: &str) -> Result<Id> {
    let text = text.trim();
    let found = candidates(tx, noun, text)?;
    match found.as_slice() {
        [] => Err(missing(tx, noun, text)?),
        [id] => survivor(tx, noun, *id),
        several => Err(ambiguous(tx, noun, text, several)?),
    }
}

/// The one record of any noun that `text` names: by its ref or uid, by what names a customer, or by its exact name or
/// key; tasks and activities by ref and uid alone.
///
/// # Errors
///
/// `NotFound`, or `Ambiguous` with the candidates.
pub fn any(tx: &ReadTx<'_>, text: &str) -> Result<(Noun, Id)> {
    let text = text.trim();
    if let Some(reference) = Ref::parse(text)
        && links::by_number(tx, reference)?.is_some()
    {
        return Ok((reference.noun, one(tx, reference.noun, text)?));
    }
    let mut found = Vec::new();
    for noun in Noun::ALL.into_iter().filter(|noun| !is_rule(*noun)) {
        let ids = match noun {
            Noun::Task | Noun::Activity | Noun::Feedback => by_reference(tx, noun, text)?,
            _ => candidates(tx, noun, text)?,
        };
        found.extend(ids.into_iter().map(|id| (noun, id)));
    }
    match found.as_slice() {
        [] => Err(Ref::parse(text).map_or_else(
            || Error::new(Kind::NotFound, format!("there is no record {text:?}")),
            |reference| Error::not_found(reference.noun, text),
        )),
        [(noun, id)] => Ok((*noun, survivor(tx, *noun, *id)?)),
        several => {
            let message = format!("{text:?} names {} records", several.len());
            let mut described_all = Vec::new();
            for (noun, id) in several {
                described_all.extend(described(tx, *noun, &[*id])?);
            }
            Err(Error::new(Kind::Ambiguous, message).with_candidates(described_all))
        }
    }
}

/// The same for several references; a record named twice comes once.
///
/// # Errors
///
/// As [`any`].
pub fn all_of_any(tx: &ReadTx<'_>, texts: &[String]) -> Result<Vec<(Noun, Id)>> {
    let mut found = Vec::new();
    for text in texts {
        let one = any(tx, text)?;
        if !found.contains(&one) {
            found.push(one);
        }
    }
    Ok(found)
}

/// The one record of `noun` in the trash that `text` names, by reference or, of several, the latest of that name.
///
/// # Errors
///
/// `NotFound` if nothing in the trash is called so.
pub fn trashed(tx: &ReadTx<'_>, noun: Noun, text: &str) -> Result<Id> {
    let text = text.trim();
    for id in by_reference(tx, noun, text)? {
        if links::is_trashed(tx, noun, id)? {
            return Ok(id);
        }
    }
    let named = links::trashed_by_name(tx, noun, text)?;
    visible(tx, noun, named)?.into_iter().next().ok_or_else(|| {
        Error::new(
            Kind::NotFound,
            format!("there is no {noun} {text:?} in the trash"),
        )
    })
}

/// The same for several references; a record named twice comes once.
pub fn all(tx: &ReadTx<'_>, noun: Noun, texts: &[String]) -> Result<Vec<Id>> {
    let mut ids = Vec::with_capacity(texts.len());
    let mut seen = HashSet::with_capacity(texts.len());
    for text in texts {
        let id = one(tx, noun, text)?;
        if seen.insert(id) {
            ids.push(id);
        }
    }
    Ok(ids)
}

/// The customer that a company's name, or any other reference, means: among several of one name, the only company.
pub fn company(tx: &ReadTx<'_>, text: &str) -> Result<Id> {
    let text = text.trim();
    let direct = by_reference(tx, Noun::Customer, text)?;
    if let [id] = direct.as_slice() {
        return survivor(tx, Noun::Customer, *id);
    }
    match customers::companies_by_name_key(tx, &fold(text))?.as_slice() {
        [id] => Ok(*id),
        [] => one(tx, Noun::Customer, text),
        several => Err(ambiguous(tx, Noun::Customer, text, several)?),
    }
}

/// Every record that the first applicable way of naming finds.
fn candidates(tx: &ReadTx<'_>, noun: Noun, text: &str) -> Result<Vec<Id>> {
    let direct = by_reference(tx, noun, text)?;
    if !direct.is_empty() {
        return Ok(direct);
    }
    if noun == Noun::Product
        && let Some(id) = links::by_sku(tx, text)?
    {
        return Ok(vec![id]);
    }
    if noun == Noun::Field {
        return Ok(ops::field::candidates(tx, text)?
            .iter()
            .map(|field| field.id)
            .collect());
    }
    if is_rule(noun) {
        let key = ops::view::key(text).unwrap_or_else(|_| text.to_owned());
        return visible(tx, noun, links::by_key(tx, noun, &key)?.into_iter().collect());
    }
    if noun.prefix().is_none() {
        return Ok(links::by_key(tx, noun, text)?.into_iter().collect());
    }
    if matches!(noun, Noun::Activity | Noun::Feedback) {
        return Ok(Vec::new());
    }
    visible(tx, noun, links::by_name(tx, noun, text)?)
}

/// By everything but the name.
fn by_reference(tx: &ReadTx<'_>, noun: Noun, text: &str) -> Result<Vec<Id>> {
    if let Some(reference) = Ref::parse(text).filter(|reference| reference.noun == noun)
        && let Some(id) = links::by_number(tx, reference)?
    {
        return visible(tx, noun, vec![id]);
    }
    if let Some(id) = Id::parse_uid(text)
        && links::link(tx, noun, id)?.is_some()
    {
        return Ok(vec![id]);
    }
    if let Some((system, value)) = external(text)
        && let Some(id) = links::by_external_id(tx, system, noun, value)?
    {
        return visible(tx, noun, vec![id]);
    }
    if noun == Noun::Customer {
        by_address(tx, text)
    } else {
        Ok(Vec::new())
    }
}

/// The system and the value of an external id. The id of a message is also understood as messages write it, in angle
/// brackets.
fn external(text: &str) -> Option<(&str, &str)> {
    match text.split_once(':') {
        Some((SYSTEM, value)) => Some((SYSTEM, in_brackets(value).unwrap_or(value))),
        other => in_brackets(text).map(|id| (SYSTEM, id)).or(other),
    }
}

fn in_brackets(text: &str) -> Option<&str> {
    text.strip_prefix('<')?.strip_suffix('>')
}

fn by_address(tx: &ReadTx<'_>, text: &str) -> Result<Vec<Id>> {
    if text.contains('@')
        && let Ok(email) = Email::parse(text)
    {
        let found = customers::holders(tx, Channel::Email, "", &email.key(), None)?;
        if !found.is_empty() {
            return visible(tx, Noun::Customer, found);
        }
    }
    if text.chars().filter(char::is_ascii_digit).count() >= 6
        && text
            .chars()
            .all(|letter| letter.is_ascii_digit() || " +-()./".contains(letter))
    {
        let phone = Phone::parse(text, tx.caller().region.as_deref());
        let found = customers::holders(tx, Channel::Phone, "", &phone.key(), None)?;
        if !found.is_empty() {
            return visible(tx, Noun::Customer, found);
        }
    }
    if let Some((kind, _)) = text.split_once(':')
        && HANDLE_KINDS.contains(&kind)
        && let Ok(handle) = Handle::parse(text)
    {
        return visible(
            tx,
            Noun::Customer,
            customers::holders(tx, Channel::Handle, handle.kind, &handle.key(), None)?,
        );
    }
    Ok(Vec::new())
}

/// Those that the caller may see.
fn visible(tx: &ReadTx<'_>, noun: Noun, ids: Vec<Id>) -> Result<Vec<Id>> {
    let mut seen = Vec::with_capacity(ids.len());
    for id in ids {
        if links::link(tx, noun, id)?.is_some() {
            seen.push(id);
        }
    }
    Ok(seen)
}

/// Who a merged customer has become; any other record is itself.
pub(crate) fn survivor(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Id> {
    if noun == Noun::Ticket {
        return Ok(tickets::survivor(tx, id)?.unwrap_or(id));
    }
    if noun != Noun::Customer {
        return Ok(id);
    }
    let merged = customers::kind_and_survivor(tx, id)?.and_then(|(_, survivor)| survivor);
    Ok(merged.unwrap_or(id))
}

/// Whether records of this noun say how others are dealt with: nobody means one of them by its bare key.
fn is_rule(noun: Noun) -> bool {
    matches!(
        noun,
        Noun::View
            | Noun::Form
            | Noun::Assignment
            | Noun::Score
            | Noun::Pool
            | Noun::Survey
            | Noun::Calendar
            | Noun::Sla
            | Noun::Article
            | Noun::Rule
    )
}

fn missing(tx: &ReadTx<'_>, noun: Noun, text: &str) -> Result<Error> {
    let error = Error::not_found(noun, text);
    // A file may name thousands who are not there yet, and looking for those who are called nearly so takes its time.
    if tx.caller().via == Via::Import {
        return Ok(error);
    }
    if noun.prefix().is_some() {
        let names = alike(tx, noun, text)?;
        return Ok(error.with_near(near(text, names.iter().map(String::as_str))));
    }
    let keys = fields::keys(tx, noun)?;
    Ok(error.with_near(near(text, keys.iter().map(String::as_str))))
}

/// How many records are looked at that share a word with a name.
const MOST_ALIKE: usize = 50;

/// The names of records that have a word of `text` in common with it, as far as they are soon found.
fn alike(tx: &ReadTx<'_>, noun: Noun, text: &str) -> Result<Vec<String>> {
    let mut names = Vec::new();
    // One letter less finds also words that end wrongly.
    for word in text
        .split_whitespace()
        .filter(|word| word.chars().count() >= 4)
        .take(3)
    {
        let stem: String = word.chars().take(word.chars().count() - 1).collect();
        for part in [word, stem.as_str()] {
            let found = search::hits(tx, part, Some(noun), MOST_ALIKE)?;
            names.extend(found.links.into_iter().map(|link| link.name));
        }
    }
    Ok(names)
}

fn ambiguous(tx: &ReadTx<'_>, noun: Noun, text: &str, ids: &[Id]) -> Result<Error> {
    let error = Error::new(
        Kind::Ambiguous,
        format!("{text:?} names {} {}", ids.len(), noun.plural()),
    );
    Ok(error.with_candidates(described(tx, noun, ids)?))
}

/// A record as messages name it: `deal D7 Big one`, `team North`.
pub fn name(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let Some(link) = links::link(tx, noun, id)? else {
        return Ok(noun.to_string());
    };
    Ok(match noun.prefix() {
        Some(_) => format!("{noun} {} {}", link.reference(), link.name),
        None => format!("{noun} {}", link.name),
    })
}

/// The records as candidates to choose from.
pub fn described(tx: &ReadTx<'_>, noun: Noun, ids: &[Id]) -> Result<Vec<Candidate>> {
    let mut candidates = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(link) = links::link(tx, noun, *id)? else {
            continue;
        };
        let detail = if noun == Noun::Customer {
            ops::customer::summary(tx, *id)?
        } else {
            String::new()
        };
        let reference = match (noun, fields::custom_by_id(tx, *id)?) {
            (Noun::Field, Some(field)) => format!("{}.{}", field.noun, field.key),
            _ if noun.prefix().is_some() => link.reference().to_string(),
            _ => link.name.clone(),
        };
        candidates.push(Candidate {
            noun,
            reference,
            name: link.name,
            detail,
        });
    }
    Ok(candidates)
}

/// Refuses a name or key that another record of a noun that is named by it has.
///
/// # Errors
///
/// `Duplicate` with that record.
pub fn free(tx: &ReadTx<'_>, noun: Noun, name: &str, except: Option<Id>) -> Result<()> {
    match links::by_key(tx, noun, name)? {
        Some(id) if Some(id) != except => {
            let error = Error::new(Kind::Duplicate, format!("there is a {noun} {name:?} already"));
            Err(error.with_candidates(described(tx, noun, &[id])?))
        }
        _ => Ok(()),
    }
}

/// Makes a record of which only the name is known, on behalf of an import.
///
/// # Errors
///
/// The noun needs more than a name.
pub fn make(tx: &WriteTx<'_>, noun: Noun, name: &str) -> Result<Id> {
    let policy = Policy::strict();
    let assignments = [("name".to_owned(), Input::text(name))];
    let outcome = match noun {
        Noun::Customer => return ops::customer::add_company(tx, name),
        Noun::User => ops::user::add(tx, &assignments, &policy)?,
        Noun::Team => ops::team::add(tx, &assignments, &policy)?,
        Noun::Product => ops::product::add(tx, &assignments, &policy)?,
        Noun::Tag => ops::tag::add(tx, &assignments, &policy)?,
        Noun::Pipeline => ops::pipeline::add(tx, &assignments, &[], &policy)?,
        _ => return Err(Error::not_found(noun, name)),
    };
    Ok(outcome.id)
}
