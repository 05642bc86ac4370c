//! What the last term of a filter may become: fields, `is:` words, and what a field can be. Only reads.

use crate::domain::field::{self, Access, FieldType};
use crate::domain::fold::fold;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::complete::{self, Word};
use crate::query::predicates::DEFINITIONS;
use crate::store::ReadTx;

/// What can stand at the end of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// What stays of the text.
    pub before: String,
    /// What may follow it.
    pub words: Vec<Word>,
}

/// Days as people write them.
const DAYS: &[&str] = &[
    "today",
    "tomorrow",
    "yesterday",
    "..today",
    "today..+6d",
    "this-month",
    "last-month",
    "+1w",
    "<-30d",
];

/// Those that begin with `typed`, or stand for something that does.
pub fn matching(words: impl IntoIterator<Item = Word>, typed: &str) -> Vec<Word> {
    let wanted = fold(typed);
    let begins = |text: &str| fold(text).starts_with(&wanted);
    words
        .into_iter()
        .filter(|word| begins(&word.value) || (!typed.is_ascii() && begins(&word.note)))
        .collect()
}

/// What the end of a filter of `noun` may become; at most `most` records are looked for.
///
/// # Errors
///
/// The base cannot be read.
pub fn filter(tx: &ReadTx<'_>, noun: Noun, typed: &str, most: usize) -> Result<Proposal> {
    let term = typed.rsplit([' ', '(', '　', '（']).next().unwrap_or(typed);
    let term = term.trim_start_matches('-');
    let stays = typed.strip_suffix(term).unwrap_or_default();
    let proposal = |before: String, words| Ok(Proposal { before, words });
    if let Some(tag) = term.strip_prefix('+') {
        let words = matching(complete::keys(tx, Noun::Tag)?, tag);
        return proposal(format!("{stays}+"), words);
    }
    let Some((name, value)) = term.split_once([':', '：']) else {
        let words = ["is:", "has:", "no:"].map(|word| Word::new(word, ""));
        let fields = fields(tx, noun, term, None)?.into_iter();
        let fields = fields.map(|word| Word::new(format!("{}:", word.value), word.note));
        let words = matching(words, term).into_iter().chain(fields).collect();
        return proposal(stays.to_owned(), words);
    };
    let before = format!("{stays}{name}:");
    match name {
        "is" => {
            let words = DEFINITIONS.iter().filter(|word| word.noun == noun);
            let words = words.map(|word| Word::new(word.word, word.help));
            proposal(before, matching(words, value))
        }
        "has" | "no" => proposal(before, fields(tx, noun, value, None)?),
        "stage" => proposal(before, matching(complete::stages(tx, None)?, value)),
        name => {
            let last = value.rsplit([',', '，']).next().unwrap_or(value);
            let given = value.strip_suffix(last).unwrap_or_default();
            let (kind, list) = field_type(tx, noun, name)?;
            let words = values(tx, kind, list.as_deref(), last, most)?;
            proposal(format!("{before}{given}"), words)
        }
    }
}

/// The fields of a noun by their names or other names, custom ones behind, and through links: `company.city`.
///
/// # Errors
///
/// The base cannot be read.
pub fn fields(tx: &ReadTx<'_>, noun: Noun, typed: &str, access: Option<Access>) -> Result<Vec<Word>> {
    if let Some((head, rest)) = typed.split_once('.')
        && let Some(FieldType::Link(linked)) = field::find(noun, head).map(|field| field.kind)
    {
        let fields = fields(tx, linked, rest, None)?.into_iter();
        return Ok(fields
            .map(|word| Word::new(format!("{head}.{}", word.value), word.note))
            .collect());
    }
    let wanted = fold(typed);
    let fits = |field: &&field::Field| {
        let mut names = std::iter::once(&field.name).chain(field.aliases);
        access.is_none_or(|access| field.access == access)
            && names.any(|name| fold(name).starts_with(&wanted) && (*name == field.name || !typed.is_empty()))
    };
    let own = field::fields(noun).iter().filter(fits);
    let mut words: Vec<Word> = own.map(|field| Word::new(field.name, field.help)).collect();
    // Those that are called so come before those that are also called so.
    words.sort_by_key(|word| !word.value.starts_with(&wanted));
    words.extend(matching(complete::customs(tx, noun)?, typed));
    Ok(words)
}

/// The type of a field, and the picklist of a custom one.
fn field_type(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<(FieldType, Option<String>)> {
    if let Some(field) = field::find(noun, name) {
        return Ok((field.kind, None));
    }
    if let Some((head, rest)) = name.split_once('.')
        && let Some(FieldType::Link(linked)) = field::find(noun, head).map(|field| field.kind)
    {
        return field_type(tx, linked, rest);
    }
    let key = name.strip_prefix("fields.").unwrap_or(name);
    let custom = complete::custom(tx, noun, key)?;
    Ok(custom.map_or((FieldType::Text, None), |(kind, list)| (kind, Some(list))))
}

/// What a value of a field may be.
fn values(
    tx: &ReadTx<'_>,
    kind: FieldType,
    list: Option<&str>,
    typed: &str,
    most: usize,
) -> Result<Vec<Word>> {
    match kind {
        FieldType::Link(noun) | FieldType::Links(noun) if noun.prefix().is_some() => {
            let found = complete::records(tx, noun, typed, most)?.into_iter();
            Ok(found
                .map(|found| Word::new(&found.reference, found.line()))
                .collect())
        }
        FieldType::Date | FieldType::Due | FieldType::Instant => {
            Ok(matching(DAYS.iter().map(|day| Word::new(*day, "")), typed))
        }
        kind => Ok(matching(complete::values(tx, kind, list)?, typed)),
    }
}
