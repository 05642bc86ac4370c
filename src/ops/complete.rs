//! What a word may become: records by ref, name, address or pinyin, and the words of a base. Only reads, and only by indexes.

use crate::domain::field::FieldType;
use crate::domain::fold::fold;
use crate::domain::id::{Id, Ref};
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::list::{self, Request};
use crate::store::customers::{self, Channel};
use crate::store::records::{self, Selected};
use crate::store::{ReadTx, fields, links, pipelines, search, seed};
use crate::wire::cell;

/// A word, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// What is typed.
    pub value: String,
    /// What it means, in a few words; may be empty.
    pub note: String,
}

impl Word {
    /// A word with what it means.
    pub fn new(value: impl Into<String>, note: impl Into<String>) -> Word {
        Word {
            value: value.into(),
            note: note.into(),
        }
    }
}

/// A record that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The record.
    pub id: Id,
    /// Its ref.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// What tells it from others of the same name: company, customer, stage …
    pub details: Vec<String>,
}

impl Found {
    /// The name and the details in one line.
    pub fn line(&self) -> String {
        let details = self.details.iter().map(String::as_str);
        std::iter::once(self.name.as_str())
            .chain(details)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// The records of `noun` that `typed` may be the beginning of, at most `limit`.
///
/// A ref is completed by its number. Other text is searched as `find` does it, but only in the records themselves.
/// Without any text they are the newest.
///
/// # Errors
///
/// The base cannot be read.
pub fn records(tx: &ReadTx<'_>, noun: Noun, typed: &str, limit: usize) -> Result<Vec<Found>> {
    let letter = noun.prefix().map(String::from);
    if typed.trim().is_empty() || Some(typed) == letter.as_deref() {
        return newest(tx, noun, &[], limit);
    }
    let mut ids = numbered(tx, noun, typed, limit)?;
    if ids.is_empty() {
        let links = search::hits(tx, typed, Some(noun), limit)?.links;
        ids = links.into_iter().map(|link| link.id).collect();
    }
    described(tx, noun, &ids, limit)
}

/// The newest records of `noun` that `filters` select, at most `limit`; all of them for the largest number.
///
/// # Errors
///
/// `Usage` for a filter that does not resolve.
pub fn newest(tx: &ReadTx<'_>, noun: Noun, filters: &[String], limit: usize) -> Result<Vec<Found>> {
    let request = Request {
        filters: filters.to_vec(),
        limit: u64::try_from(limit).ok().filter(|_| limit < usize::MAX),
        ..Request::default()
    };
    let mut listing = list::listing(tx, noun, &request)?;
    listing.columns = columns(tx, noun)?;
    let mut found = Vec::new();
    records::select(tx, &listing, |id, row| {
        found.push(read(id, &row));
        Ok(std::ops::ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// The records of these ids that are not in the trash, described.
///
/// # Errors
///
/// The base cannot be read.
pub fn described(tx: &ReadTx<'_>, noun: Noun, ids: &[Id], limit: usize) -> Result<Vec<Found>> {
    let columns = columns(tx, noun)?;
    let mut found = Vec::new();
    for id in ids {
        if found.len() >= limit {
            break;
        }
        if links::is_trashed(tx, noun, *id)? {
            continue;
        }
        if let Some(row) = records::get(tx, noun, *id, &columns)? {
            found.push(read(*id, &row));
        }
    }
    Ok(found)
}

/// The records whose ref begins with `typed`: C4 is C4, C40 … C49, C400 …
fn numbered(tx: &ReadTx<'_>, noun: Noun, typed: &str, limit: usize) -> Result<Vec<Id>> {
    let Some(reference) = Ref::parse(typed).filter(|reference| reference.noun == noun) else {
        return Ok(Vec::new());
    };
    let mut ids = Vec::new();
    let (mut first, mut width) = (reference.no, 1);
    // Two more digits are as many as a list has lines.
    while width <= 100 && ids.len() < limit {
        for no in first..first.saturating_add(width) {
            ids.extend(links::by_number(tx, Ref { noun, no })?);
        }
        (first, width) = (first.saturating_mul(10), width * 10);
    }
    Ok(ids)
}

/// The columns that tell records of one noun apart: the ref, the name, then details.
fn columns(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<Selected>> {
    let names: &[&str] = match noun {
        Noun::Customer => &["id", "name", "company.name", "city"],
        Noun::Deal => &["id", "name", "customer.name", "stage"],
        Noun::Quote => &["id", "name", "customer.name", "status"],
        Noun::Order | Noun::Ticket => &["id", "name", "customer.name", "status"],
        Noun::Feedback => &["id", "name", "customer.name", "status"],
        Noun::Task => &["id", "title", "customer.name", "due"],
        Noun::Activity => &["id", "text", "type", "customer.name"],
        Noun::Product => &["id", "name", "sku"],
        Noun::Pipeline | Noun::Field | Noun::Form => &["key", "label"],
        Noun::View
        | Noun::Assignment
        | Noun::Score
        | Noun::Pool
        | Noun::Calendar
        | Noun::Sla
        | Noun::Rule => &["key", "description"],
        Noun::Survey => &["key", "question"],
        Noun::Article => &["key", "title", "status"],
        _ => &["name", "name"],
    };
    names.iter().map(|name| list::column(tx, noun, name)).collect()
}

fn read(id: Id, row: &[crate::domain::value::Value]) -> Found {
    let mut texts = row.iter().map(cell::cell);
    let reference = texts.next().unwrap_or_default();
    let name = texts.next().unwrap_or_default();
    let name = name.lines().next().unwrap_or_default().to_owned();
    let details = texts.filter(|text| !text.is_empty() && *text != name).collect();
    Found {
        id,
        reference,
        name,
        details,
    }
}

/// The names or keys of all records of a noun that is named by one.
///
/// # Errors
///
/// The base cannot be read.
pub fn keys(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<Word>> {
    if noun == Noun::Field {
        let mut words = Vec::new();
        for of in Noun::ALL {
            let customs = fields::customs(tx, of)?.into_iter();
            words.extend(customs.map(|field| Word::new(format!("{of}.{}", field.key), field.label)));
        }
        return Ok(words);
    }
    let keys = fields::keys(tx, noun)?;
    Ok(keys.into_iter().map(|key| Word::new(key, "")).collect())
}

/// The stages of a pipeline, or of every one if none is named.
///
/// # Errors
///
/// The base cannot be read.
pub fn stages(tx: &ReadTx<'_>, pipeline: Option<&str>) -> Result<Vec<Word>> {
    let pipeline = match pipeline {
        Some(name) => links::by_key(tx, Noun::Pipeline, name)?,
        None => None,
    };
    let all = pipelines::all(tx)?;
    let mut words: Vec<Word> = Vec::new();
    for (id, _) in all
        .into_iter()
        .filter(|(id, _)| pipeline.is_none_or(|only| only == *id))
    {
        for stage in seed::stages(tx, id)? {
            let label = fields::labels(tx, stage.id)?
                .into_iter()
                .next()
                .unwrap_or_default();
            if !words.iter().any(|word| word.value == stage.key) {
                words.push(Word::new(stage.key, label));
            }
        }
    }
    Ok(words)
}

/// The pipeline that a deal is in, by key.
///
/// # Errors
///
/// The base cannot be read.
pub fn pipeline_of(tx: &ReadTx<'_>, deal: &str) -> Result<Option<String>> {
    let Ok(id) = crate::ops::refer::one(tx, Noun::Deal, deal) else {
        return Ok(None);
    };
    let column = list::column(tx, Noun::Deal, "pipeline")?;
    let row = records::get(tx, Noun::Deal, id, &[column])?;
    Ok(row.and_then(|row| row.first().map(cell::cell)))
}

/// The words that a field takes, by its type; none for free text.
///
/// # Errors
///
/// The base cannot be read.
pub fn values(tx: &ReadTx<'_>, kind: FieldType, list: Option<&str>) -> Result<Vec<Word>> {
    let plain = |words: &[&str]| words.iter().map(|word| Word::new(*word, "")).collect();
    Ok(match kind {
        FieldType::Word(words) => plain(words),
        FieldType::Choice(name) | FieldType::Choices(name) => choices(tx, list.unwrap_or(name))?,
        FieldType::Bool => plain(&["yes", "no"]),
        FieldType::Tags => keys(tx, Noun::Tag)?,
        FieldType::Link(noun) | FieldType::Links(noun) if noun.prefix().is_none() => keys(tx, noun)?,
        _ => Vec::new(),
    })
}

fn choices(tx: &ReadTx<'_>, list: &str) -> Result<Vec<Word>> {
    let entries = fields::choices(tx, list)?;
    Ok(entries
        .into_iter()
        .map(|entry| {
            let label = entry.labels.into_iter().next().unwrap_or_default();
            Word::new(entry.key, label)
        })
        .collect())
}

/// The custom fields of `noun`, as lists and filters name them.
///
/// # Errors
///
/// The base cannot be read.
pub fn customs(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<Word>> {
    let customs = fields::customs(tx, noun)?.into_iter();
    Ok(customs
        .map(|field| Word::new(format!("fields.{}", field.key), field.label))
        .collect())
}

/// The type of a custom field, and the name of its picklist.
///
/// # Errors
///
/// The base cannot be read.
pub fn custom(tx: &ReadTx<'_>, noun: Noun, key: &str) -> Result<Option<(FieldType, String)>> {
    let field = fields::custom(tx, noun, key)?;
    Ok(field.map(|field| (field.kind, field.list())))
}

/// The e-mail addresses that begin with `typed`, each with whose it is, at most `limit`.
///
/// # Errors
///
/// The base cannot be read.
pub fn addresses(tx: &ReadTx<'_>, typed: &str, limit: usize) -> Result<Vec<Word>> {
    let wanted = fold(typed);
    let mut words = Vec::new();
    for found in records(tx, Noun::Customer, typed, limit)? {
        let all = customers::addresses(tx, found.id, Channel::Email)?;
        let address = all
            .into_iter()
            .find(|address| fold(&address.text).starts_with(&wanted));
        words.extend(
            address.map(|address| Word::new(address.text, format!("{} {}", found.reference, found.line()))),
        );
    }
    Ok(words)
}
