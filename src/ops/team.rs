//! What can be done with a team: add, edit.

use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::pool;
use crate::ops::refer;
use crate::ops::typed::Policy;
use crate::store::rows::{self, Identity};
use crate::store::{WriteTx, links};

/// Adds a team.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` for a value.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a team with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let draft = Draft::read(tx, Noun::Team, assignments, policy)?;
    let Some(name) = draft.text("name").map(str::to_owned) else {
        return Err(Error::invalid("name", "a team needs a name"));
    };
    if identity.is_live() {
        refer::free(tx, Noun::Team, &name, None)?;
    }
    let id = rows::add(tx, Noun::Team, identity, &draft.plain, Vec::new())?;
    tx.describe(format!("Added team {name}"));
    Ok(Outcome::made(id))
}

/// Changes a team.
///
/// # Errors
///
/// `Duplicate` for the name of another; `Invalid` for a value.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    _: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let draft = Draft::read(tx, Noun::Team, assignments, policy)?;
    if draft.get("name").is_some_and(Value::is_empty) {
        return Err(Error::invalid("name", "a team needs a name"));
    }
    if let Some(name) = draft.text("name") {
        refer::free(tx, Noun::Team, name, Some(id))?;
    }
    let called = || -> Result<String> {
        Ok(links::link(tx, Noun::Team, id)?.map_or_else(String::new, |link| link.name))
    };
    let old = called()?;
    let changed = rows::set(tx, Noun::Team, id, &draft.plain)?;
    if changed {
        let name = called()?;
        if name != old {
            pool::rename_member(tx, Noun::Team, &old, &name)?;
        }
        tx.describe(format!("Changed team {name}"));
    }
    Ok(Outcome::kept(id, changed))
}
