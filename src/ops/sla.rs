//! What can be done with a service policy: add and edit it.

use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::sla::targets::Targets;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{refer, view};
use crate::query;
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links, service};

/// Adds a policy. What it does not say of a priority is as usual ([`Targets::USUAL`]); without a word of a calendar it
/// counts by the one that was there first, without a position it is asked last of those with a filter.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` for a filter, targets or a calendar that mean nothing.
pub fn add(tx: &WriteTx<'_>, given: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), given, policy)
}

/// Adds a policy with a restored identity, which may speak of what is not here any more.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    given: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Sla, given, policy)?;
    let Some(name) = draft.text("key") else {
        return Err(Error::invalid("key", "a service policy needs a name"));
    };
    let key = view::key(name)?;
    if identity.is_live() {
        refer::free(tx, Noun::Sla, &key, None)?;
    }
    put(&mut draft, "key", Value::text(key.as_str()));
    draft.fallback(Noun::Sla, "active", Value::Bool(true));
    draft.fallback(Noun::Sla, "position", Value::Int(service::next_position(tx)?));
    draft.fallback(Noun::Sla, "targets", Value::text(""));
    if identity.id.is_none() {
        let first = match draft.get("calendar") {
            Some(_) => None,
            None => service::first_calendar(tx)?,
        };
        if let Some(first) = first
            && let Some(link) = links::link(tx, Noun::Calendar, first)?
        {
            draft.fallback(Noun::Sla, "calendar", Value::Link(link));
        }
        canonical(tx, &mut draft, Targets::USUAL)?;
    }
    let id = rows::add(tx, Noun::Sla, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Sla, id, Lists::Replace)?;
    tx.describe(format!("Added service policy {key}"));
    Ok(Outcome {
        id,
        created: true,
        changed: true,
    })
}

/// Changes a policy. What new targets do not say of a priority stays as it was.
///
/// # Errors
///
/// As [`add`].
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Sla, given, policy)?;
    if let Some(name) = draft.get("key") {
        let key = match name {
            Value::Text(name) => view::key(name)?,
            _ => return Err(Error::invalid("key", "a service policy needs a name")),
        };
        refer::free(tx, Noun::Sla, &key, Some(id))?;
        put(&mut draft, "key", Value::Text(key));
    }
    for (name, usual) in [
        ("position", Value::Int(service::next_position(tx)?)),
        ("targets", Value::text(Targets::USUAL.to_string())),
    ] {
        if draft.get(name).is_some_and(Value::is_empty) {
            put(&mut draft, name, usual);
        }
    }
    let known = service::policy_of(tx, id)?.ok_or_else(|| Error::not_found(Noun::Sla, &id.uid()))?;
    let known = Targets::read(&known.targets, Targets::default()).unwrap_or_default();
    canonical(tx, &mut draft, known)?;
    let mut changed = rows::set(tx, Noun::Sla, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Sla, id, how)?;
    if changed {
        let key = links::link(tx, Noun::Sla, id)?.map_or_else(String::new, |link| link.name);
        tx.describe(format!("Changed service policy {key}"));
    }
    Ok(Outcome {
        id,
        created: false,
        changed,
    })
}

/// Lets every policy that asks for the tag `old` ask for `new`.
pub(crate) fn rename_tag(tx: &WriteTx<'_>, old: &str, new: &str) -> Result<()> {
    for (id, filter) in service::filters(tx)? {
        if let Some(renamed) = view::with_renamed_tag(&filter, old, new) {
            service::set_filter(tx, id, &renamed)?;
        }
    }
    Ok(())
}

fn put(draft: &mut Draft, name: &str, value: Value) {
    draft.plain.retain(|(field, _)| field.name != name);
    draft.fallback(Noun::Sla, name, value);
}

/// Checks what is given for single fields, and puts canonical texts in its place.
fn canonical(tx: &ReadTx<'_>, draft: &mut Draft, known: Targets) -> Result<()> {
    for (field, value) in &mut draft.plain {
        let text = match value {
            Value::Text(text) => text.as_str(),
            _ => "",
        };
        let checked = match field.name {
            "filter" => filter(tx, text)?,
            "targets" => Targets::read(text, known)
                .map_err(|why| Error::invalid("targets", format!("targets: {why}")))?
                .to_string(),
            _ => continue,
        };
        *value = Value::text(checked);
    }
    Ok(())
}

/// A filter over tickets with canonical names.
fn filter(tx: &ReadTx<'_>, text: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    match Noun::parse("ticket") {
        Some(noun) => view::joined(tx, noun, &[text.to_owned()]).map_err(|error| error.on_field("filter")),
        // Which fields a ticket has is not known here; that it is a filter at all is.
        None => match query::parse(text) {
            Ok(filter) => Ok(filter.to_string()),
            Err(error) => Err(error.into_error(text).on_field("filter")),
        },
    }
}
