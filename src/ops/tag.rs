//! What can be done with a tag itself: add, rename, describe, merge. Putting one on records is in `tagging.rs`.

use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{self, Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{list, refer, view};
use crate::store::rows::{self, Identity};
use crate::store::{WriteTx, links, records};

/// Adds a tag.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` for a name that no list of tags could hold.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a tag with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let (draft, name) = read(tx, assignments, policy)?;
    let Some(name) = name else {
        return Err(Error::invalid("name", "a tag needs a name"));
    };
    if identity.is_live() {
        refer::free(tx, Noun::Tag, &name, None)?;
    }
    let id = rows::add(tx, Noun::Tag, identity, &draft.plain, Vec::new())?;
    tx.describe(format!("Added tag {name}"));
    Ok(Outcome::made(id))
}

/// Changes a tag; under a new name it stays on all its records.
///
/// # Errors
///
/// As [`add`].
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    _: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let (draft, name) = read(tx, assignments, policy)?;
    let old = links::link(tx, Noun::Tag, id)?.map_or_else(String::new, |link| link.name);
    if let Some(name) = &name {
        refer::free(tx, Noun::Tag, name, Some(id))?;
    }
    let changed = rows::set(tx, Noun::Tag, id, &draft.plain)?;
    if let Some(name) = name.filter(|name| *name != old) {
        view::rename_tag(tx, &old, &name)?;
    }
    if changed {
        let name = links::link(tx, Noun::Tag, id)?.map_or_else(String::new, |link| link.name);
        tx.describe(format!("Changed tag {name}"));
    }
    Ok(Outcome::kept(id, changed))
}

/// Lets `to` take the place of other tags: on every record, and in the filters of views. They go into the trash; a
/// description that only one of them has stays.
///
/// # Errors
///
/// `Usage` for a tag that is to take its own place.
pub fn merge(tx: &WriteTx<'_>, from: &[Id], to: Id) -> Result<Outcome> {
    let name = |id: Id| -> Result<String> {
        Ok(links::link(tx, Noun::Tag, id)?.map_or_else(String::new, |link| link.name))
    };
    let into = name(to)?;
    let mut described = description(tx, to)?;
    let mut names = Vec::new();
    let mut records = 0;
    for tag in from {
        if *tag == to {
            return Err(Error::usage(format!(
                "the tag {into:?} cannot be merged into itself"
            )));
        }
        let old = name(*tag)?;
        records += links::retag(tx, *tag, to)?;
        view::rename_tag(tx, &old, &into)?;
        if described.is_empty() {
            described = description(tx, *tag)?;
            rows::set(tx, Noun::Tag, to, &[set("description", &described)?])?;
        }
        links::set_trashed(tx, Noun::Tag, *tag, true)?;
        names.push(old);
    }
    let records = match records {
        1 => "1 record".to_owned(),
        several => format!("{several} records"),
    };
    tx.describe(format!("Merged tag {} into {into}: {records}", names.join(", ")));
    Ok(Outcome::kept(to, true))
}

fn set(name: &str, text: &str) -> Result<rows::Set> {
    let field =
        field::find(Noun::Tag, name).ok_or_else(|| Error::internal(format!("a tag has no {name}")))?;
    Ok((field, Value::text(text)))
}

fn description(tx: &WriteTx<'_>, id: Id) -> Result<String> {
    let column = [list::column(tx, Noun::Tag, "description")?];
    let row = records::get(tx, Noun::Tag, id, &column)?;
    Ok(match row.and_then(|row| row.into_iter().next()) {
        Some(Value::Text(text)) => text,
        _ => String::new(),
    })
}

/// The assignments, and the name that they give.
fn read(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<(Draft, Option<String>)> {
    let mut draft = Draft::read(tx, Noun::Tag, assignments, policy)?;
    let mut name = None;
    for (field, value) in &mut draft.plain {
        if field.name == "name" {
            let given = match value {
                Value::Text(text) => text.as_str(),
                _ => "",
            };
            let given = draft::tag_name("name", given)?.to_owned();
            *value = Value::Text(given.clone());
            name = Some(given);
        }
    }
    Ok((draft, name))
}
