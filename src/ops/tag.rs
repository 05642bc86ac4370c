//! What can be done with a tag itself: add, rename, describe. Putting one on records is in `tagging.rs`.

use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{self, Draft, Lists};
use crate::ops::refer;
use crate::ops::typed::Policy;
use crate::store::rows::{self, Identity};
use crate::store::{WriteTx, links};

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
    Ok(Outcome {
        id,
        created: true,
        changed: true,
    })
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
    if let Some(name) = &name {
        refer::free(tx, Noun::Tag, name, Some(id))?;
    }
    let changed = rows::set(tx, Noun::Tag, id, &draft.plain)?;
    if changed {
        let name = links::link(tx, Noun::Tag, id)?.map_or_else(String::new, |link| link.name);
        tx.describe(format!("Changed tag {name}"));
    }
    Ok(Outcome {
        id,
        created: false,
        changed,
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
