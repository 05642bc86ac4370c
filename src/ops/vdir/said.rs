//! What a record and a file say, in the same words; what differs; a file with only that replaced.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::domain::digest;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::phone::Phone;
use crate::error::{Error, Result};
use crate::ops::import::calendar::entry::Entry;
use crate::ops::list;
use crate::store::{ReadTx, records};
use crate::wire::calendar::read as calendar;
use crate::wire::calendar::write::Calendar;
use crate::wire::column::Column;
use crate::wire::content::patch::{self, Patch};
use crate::wire::vcard::read as vcard;
use crate::wire::vcard::write::{Version, card};

/// What is said of each field, in the order in which it is said.
pub(super) type Said = BTreeMap<String, Vec<Assignment>>;

/// The file of a record as it would be written anew.
///
/// # Errors
///
/// The record is not there.
pub(super) fn whole(tx: &ReadTx<'_>, noun: Noun, id: Id, version: Version) -> Result<Vec<u8>> {
    let selected = list::whole_columns(tx, noun)?;
    let row = records::get(tx, noun, id, &selected)?.ok_or_else(|| Error::not_found(noun, &id.uid()))?;
    let columns: Vec<Column> = selected
        .iter()
        .map(|column| Column::new(column.name.clone(), column.kind))
        .collect();
    if noun == Noun::Customer {
        return Ok(card(&columns, &row, version).into_bytes());
    }
    let mut calendar = Calendar::default();
    let text = [
        calendar.begin(),
        calendar.entry(noun, &columns, &row),
        calendar.end(),
    ];
    Ok(text.concat().into_bytes())
}

/// What a file says; none if it says nothing that can be told.
pub(super) fn of_file(tx: &ReadTx<'_>, noun: Noun, bytes: &[u8]) -> Result<Option<Said>> {
    let cells = match noun {
        Noun::Customer => vcard::plain(bytes),
        _ => match calendar::plain(bytes) {
            Some(row) => {
                let entry = Entry::literal(&row);
                let row = match noun {
                    Noun::Task => entry.task(tx)?,
                    _ => entry.activity(tx)?,
                };
                Some(row.cells)
            }
            None => None,
        },
    };
    Ok(cells.map(|cells| {
        let mut said = Said::new();
        for (name, input) in cells {
            if !matches!(name.as_str(), "uid" | "external_ids") {
                let head = name.split('.').next().unwrap_or(&name).to_owned();
                let input = if head == "phones" { numbers(input) } else { input };
                said.entry(head).or_default().push((name, input));
            }
        }
        said
    }))
}

/// Telephone numbers, those that say their country in one form.
fn numbers(input: Input) -> Input {
    match input {
        Input::Text(text) => {
            let phone = Phone::parse(&text, None);
            Input::Text(match (phone.e164, phone.extension) {
                (Some(number), None) => number,
                (Some(number), Some(extension)) => format!("{number} ext. {extension}"),
                (None, _) => text,
            })
        }
        Input::List(items) => Input::List(items.into_iter().map(numbers).collect()),
        other => other,
    }
}

/// What a record says.
///
/// # Errors
///
/// The record is not there.
pub(super) fn of_record(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Said> {
    // The version changes how it is said and not what.
    let bytes = whole(tx, noun, id, Version::V4)?;
    Ok(of_file(tx, noun, &bytes)?.unwrap_or_default())
}

/// A mark of what a record says.
///
/// # Errors
///
/// The record is not there.
pub(super) fn mark(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let said = of_record(tx, noun, id)?;
    let mut text = String::new();
    // Writing into a string cannot fail.
    let _ = write!(text, "{said:?}");
    Ok(digest::sha256(text.as_bytes()))
}

/// The fields of which two say different things.
pub(super) fn difference(one: &Said, other: &Said) -> Vec<String> {
    let mut names: Vec<String> = one.keys().chain(other.keys()).cloned().collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| {
        one.get(name).map(|cells| normal(cells)) != other.get(name).map(|cells| normal(cells))
    });
    names
}

/// What is said of a field without blanks around.
fn normal(cells: &[Assignment]) -> Vec<(String, String)> {
    cells
        .iter()
        .map(|(name, input)| match input {
            Input::Text(text) => (name.clone(), text.trim().replace("\r\n", "\n")),
            other => (name.clone(), format!("{other:?}")),
        })
        .collect()
}

/// Properties of a card that say a field: those of which all are replaced, and those of which the first is.
const OF_CARDS: &[(&str, &[&str], &[&str])] = &[
    ("name", &[], &["FN", "N"]),
    ("company", &[], &["ORG"]),
    ("title", &[], &["TITLE"]),
    ("emails", &["EMAIL"], &[]),
    ("phones", &["TEL"], &[]),
    ("handles", &["IMPP", "X-SOCIALPROFILE"], &[]),
    ("website", &[], &["URL"]),
    ("address", &["ADR"], &[]),
    ("city", &["ADR"], &[]),
    ("region", &["ADR"], &[]),
    ("postal_code", &["ADR"], &[]),
    ("country", &["ADR"], &[]),
    ("address_details", &["ADR"], &[]),
    ("birthday", &[], &["BDAY"]),
    ("gender", &[], &["GENDER"]),
    ("language", &[], &["LANG"]),
    ("tags", &["CATEGORIES"], &[]),
    ("note", &["NOTE"], &[]),
];

/// The same of an entry of a calendar.
const OF_ENTRIES: &[(&str, &[&str], &[&str])] = &[
    ("title", &["SUMMARY"], &[]),
    ("text", &["SUMMARY", "DESCRIPTION"], &[]),
    ("note", &["DESCRIPTION"], &[]),
    ("due", &["DTSTART", "DTEND", "DUE", "DURATION"], &[]),
    ("at", &["DTSTART", "DTEND", "DURATION"], &[]),
    ("duration", &["DTEND", "DURATION"], &[]),
    ("status", &["STATUS", "COMPLETED", "PERCENT-COMPLETE"], &[]),
    ("completed_at", &["STATUS", "COMPLETED", "PERCENT-COMPLETE"], &[]),
    ("priority", &["PRIORITY"], &[]),
    ("repeat", &["RRULE"], &[]),
    ("remind", &["VALARM"], &[]),
    ("tags", &["CATEGORIES"], &[]),
];

/// The file `old` with what differs from `new` replaced; none if it is no file of one record.
pub(super) fn patched(tx: &ReadTx<'_>, noun: Noun, old: &[u8], new: &[u8]) -> Result<Option<Vec<u8>>> {
    let (Some(before), Some(after)) = (of_file(tx, noun, old)?, of_file(tx, noun, new)?) else {
        return Ok(None);
    };
    let component = component(old);
    if component != self::component(new) || !is_single(old) {
        return Ok(None);
    }
    let table = if noun == Noun::Customer {
        OF_CARDS
    } else {
        OF_ENTRIES
    };
    let mut all = vec!["X-CRM-*", "REV", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE"];
    let mut first = Vec::new();
    for name in difference(&before, &after) {
        if let Some((_, every, single)) = table.iter().find(|(known, ..)| *known == name) {
            all.extend_from_slice(every);
            first.extend_from_slice(single);
        }
    }
    let what = Patch {
        component,
        all: &all,
        first: &first,
    };
    Ok(Some(patch::patch(old, new, what)))
}

/// Components that are records.
const COMPONENTS: [&str; 4] = ["VCARD", "VTODO", "VEVENT", "VJOURNAL"];

/// The component that a file holds.
fn component(bytes: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(bytes).to_ascii_uppercase();
    let mut lines = text.lines().filter_map(|line| line.trim().strip_prefix("BEGIN:"));
    let found = lines.find_map(|name| COMPONENTS.into_iter().find(|known| *known == name.trim()));
    found.unwrap_or("")
}

/// True for a file of one record: a series with exceptions has several entries.
pub(super) fn is_single(bytes: &[u8]) -> bool {
    patch::is_single(bytes, &COMPONENTS)
}

/// True for an entry that comes again.
pub(super) fn repeats(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_uppercase();
    let component = component(bytes);
    let mut is_inside = false;
    text.lines().any(|line| {
        let line = line.trim_end();
        if let Some(name) = line.strip_prefix("BEGIN:") {
            is_inside |= name == component;
        }
        is_inside && line.starts_with("RRULE")
    })
}
