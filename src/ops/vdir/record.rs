//! One file and one record: what a new file makes, and what a changed one changes.

use std::collections::HashSet;
use std::io::Cursor;

use crate::domain::id::{Id, Ref};
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::error::{Kind, Result};
use crate::ops::draft::Lists;
use crate::ops::import::verdict::{Judged, Sink, Verdict};
use crate::ops::import::{self, Request, card};
use crate::ops::typed::{OnMissing, Policy};
use crate::ops::{activity, customer, task};
use crate::store::{WriteTx, links};
use crate::wire::read::rows::{self, Reader, Row, Source};
use crate::wire::vcard;

use super::Collection;
use super::said::{self, Said};

/// True for an error that is about what a file says.
pub(super) fn is_about_the_file(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::NotFound | Kind::Ambiguous | Kind::Duplicate | Kind::Conflict | Kind::Invalid | Kind::Usage
    )
}

/// The first row of a file, or why there is none.
pub(super) fn first(collection: Collection, bytes: &[u8]) -> std::result::Result<Row, String> {
    let options = rows::Options {
        source: Some(match collection {
            Collection::Contacts => Source::Vcard,
            Collection::Calendar => Source::Ics,
        }),
        ..rows::Options::default()
    };
    let reader = Reader::open(Box::new(Cursor::new(bytes.to_vec())), &options);
    let mut reader = reader.map_err(|error| error.to_string())?;
    match reader.next() {
        None => Err("there is nothing in it".to_owned()),
        Some(Err(error)) => Err(error.to_string()),
        Some(Ok(Err(error))) => Err(format!("line {}: {}", error.line, error.reason)),
        Some(Ok(Ok(row))) if row.cells.iter().any(|(name, _)| name == vcard::MEMBERS) => {
            Err("it is a group".to_owned())
        }
        Some(Ok(Ok(row))) => Ok(row),
    }
}

/// The record of ours that a file says it is of.
pub(super) fn own_id(row: &Row) -> Option<Id> {
    let own = row.cells.iter().find(|(name, _)| name == "own");
    let inside = own.and_then(|(_, input)| input.part("uid"));
    let outside = row
        .cells
        .iter()
        .find(|(name, _)| name == "uid")
        .map(|(_, input)| input);
    inside
        .or(outside)
        .and_then(Input::as_text)
        .and_then(Id::parse_uid)
}

/// Hears what became of the only row.
#[derive(Default)]
struct Only {
    reference: Option<Ref>,
    is_new: bool,
    reason: String,
}

impl Sink for Only {
    fn judged(&mut self, row: &Judged<'_>) -> Result<()> {
        self.reference = row.reference.as_deref().and_then(Ref::parse);
        self.is_new = row.verdict == Verdict::Created;
        row.reason.clone_into(&mut self.reason);
        Ok(())
    }
}

/// Imports one row: the record and whether it is new, or why it was refused.
pub(super) fn one(tx: &WriteTx<'_>, noun: Noun, row: Row) -> Result<std::result::Result<(Id, bool), String>> {
    let request = Request::new(noun, "a folder", "vdir");
    let mut only = Only::default();
    match noun {
        Noun::Customer => card::one(tx, row, &request, &mut only)?,
        _ => {
            import::run(tx, None, std::iter::once(Ok(Ok(row))), &request, &mut only)?;
        }
    }
    tx.settle()?;
    let id = match only.reference {
        Some(reference) if only.reason.is_empty() => links::by_number(tx, reference)?,
        _ => None,
    };
    Ok(id.map(|id| (id, only.is_new)).ok_or(only.reason))
}

/// Gives a record what a file says otherwise; true if anything changed.
pub(super) fn assign(tx: &WriteTx<'_>, noun: Noun, id: Id, ours: &Said, theirs: &Said) -> Result<bool> {
    let differs: HashSet<String> = said::difference(ours, theirs).into_iter().collect();
    let mut assignments: Vec<Assignment> = Vec::new();
    let mut addresses = None;
    for name in &differs {
        match (name.as_str(), theirs.get(name)) {
            ("address_details", cells) => addresses = Some(cells.cloned().unwrap_or_default()),
            // What a card or an entry is follows from more than it says.
            ("type", _) | ("name" | "title", None) => {}
            (_, Some(cells)) => assignments.extend(cells.iter().cloned()),
            (_, None) => assignments.push((name.clone(), Input::Clear)),
        }
    }
    let policy = Policy {
        on_missing: OnMissing::Create,
        ..Policy::strict()
    };
    let mut changed = false;
    if !assignments.is_empty() {
        let edit = match noun {
            Noun::Customer => customer::edit,
            Noun::Task => task::edit,
            _ => activity::edit,
        };
        changed |= edit(tx, id, &assignments, Lists::Replace, &policy)?.changed;
    }
    if let Some(cells) = addresses {
        card::replace_addresses(tx, id, &cells)?;
        changed = true;
    }
    tx.settle()?;
    Ok(changed)
}
