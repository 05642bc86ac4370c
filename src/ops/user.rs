//! What can be done with a user: add, edit.

use crate::domain::actor::Via;
use crate::domain::email::Email;
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::assignment;
use crate::ops::draft::{Draft, Lists};
use crate::ops::pool;
use crate::ops::refer;
use crate::ops::typed::Policy;
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links, users};

/// Adds a user.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` for a value.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a user with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let draft = read(tx, assignments, policy)?;
    let Some(name) = draft.text("name").map(str::to_owned) else {
        return Err(Error::invalid("name", "a user needs a name"));
    };
    if identity.is_live() {
        refer::free(tx, Noun::User, &name, None)?;
    }
    let id = rows::add(tx, Noun::User, identity, &draft.plain, Vec::new())?;
    tx.describe(format!("Added user {name}"));
    Ok(Outcome::made(id))
}

/// Changes a user.
///
/// # Errors
///
/// `Duplicate` for the name of another; `Invalid` for a value, for a manager who reports to the user, or if the
/// acting user, or one who still looks after something, would be disabled.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    _: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let draft = read(tx, assignments, policy)?;
    if draft.get("name").is_some_and(Value::is_empty) {
        return Err(Error::invalid("name", "a user needs a name"));
    }
    if let Some(name) = draft.text("name") {
        refer::free(tx, Noun::User, name, Some(id))?;
    }
    if let Some(Value::Link(manager)) = draft.get("manager") {
        refuse_circle(tx, id, manager.id)?;
    }
    if draft.text("status") == Some("disabled") && !users::is_disabled(tx, id)? {
        refuse_self(tx, id)?;
        // A file that says so tells of a base in which it is so.
        if tx.caller().via != Via::Import {
            refuse_duties(tx, id)?;
        }
    }
    let called = |tx: &WriteTx<'_>| -> Result<String> {
        Ok(links::link(tx, Noun::User, id)?.map_or_else(String::new, |link| link.name))
    };
    let old = called(tx)?;
    let changed = rows::set(tx, Noun::User, id, &draft.plain)?;
    if changed {
        let name = called(tx)?;
        if name != old {
            assignment::rename_user(tx, &old, &name)?;
            pool::rename_member(tx, Noun::User, &old, &name)?;
        }
        tx.describe(format!("Changed user {name}"));
    }
    Ok(Outcome::kept(id, changed))
}

/// Refuses that the acting user is disabled.
pub(crate) fn refuse_self(tx: &ReadTx<'_>, id: Id) -> Result<()> {
    if tx.caller().actor.id == id {
        return Err(Error::invalid("status", "status: nobody can disable themselves"));
    }
    Ok(())
}

/// Refuses that a user is disabled who still looks after something.
///
/// # Errors
///
/// `Invalid`, with what it is and how many of it.
pub(crate) fn refuse_duties(tx: &ReadTx<'_>, id: Id) -> Result<()> {
    let duties: Vec<String> = users::duties(tx, id)?
        .into_iter()
        .map(|(count, what)| format!("{what} ({count})"))
        .collect();
    if duties.is_empty() {
        return Ok(());
    }
    let name = links::link(tx, Noun::User, id)?.map_or_else(String::new, |link| link.name);
    let message = format!("status: {name} still has {}", duties.join(", "));
    Err(Error::invalid("status", message))
}

/// The assignments, with the address checked, and with the usual words in place of what is cleared.
fn read(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Draft> {
    let mut draft = Draft::read(tx, Noun::User, assignments, policy)?;
    for (field, value) in &mut draft.plain {
        match (field.name, &*value) {
            ("scope", Value::Null) => *value = Value::Text("all".to_owned()),
            ("status", Value::Null) => *value = Value::Text("active".to_owned()),
            ("email", Value::Text(text)) => {
                let email = Email::parse(text).map_err(|error| error.on_field("email"))?;
                *value = Value::Text(email.as_str().to_owned());
            }
            _ => {}
        }
    }
    Ok(draft)
}

/// Refuses a manager who reports to the user, directly or through others.
fn refuse_circle(tx: &ReadTx<'_>, user: Id, manager: Id) -> Result<()> {
    let mut seen = Vec::new();
    let mut next = Some(manager);
    while let Some(above) = next.filter(|above| !seen.contains(above)) {
        if above == user {
            let message = if manager == user {
                "manager: nobody reports to themselves"
            } else {
                "manager: this user reports to the other, directly or through others"
            };
            return Err(Error::invalid("manager", message));
        }
        seen.push(above);
        next = users::manager(tx, above)?;
    }
    Ok(())
}
