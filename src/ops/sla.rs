//! What can be done with a service policy: add and edit it, and find the one that is for a ticket.

use std::collections::BTreeMap;

use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::sla::targets::Targets;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{keyed, list, view};
use crate::store::rows::{self, Identity};
use crate::store::service::PolicyRow;
use crate::store::{ReadTx, WriteTx, links, records, service};

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
    let key = keyed::named(tx, Noun::Sla, &mut draft, (identity, "a service policy"))?;
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
    Ok(Outcome::made(id))
}

/// Changes a policy. What new targets do not say of a priority stays as it was.
///
/// # Errors
///
/// As [`add`].
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Sla, given, policy)?;
    keyed::renamed(tx, Noun::Sla, id, &mut draft, "a service policy")?;
    for (name, usual) in [
        ("position", Value::Int(service::next_position(tx)?)),
        ("targets", Value::text(Targets::USUAL.to_string())),
    ] {
        if draft.get(name).is_some_and(Value::is_empty) {
            draft.put(Noun::Sla, name, usual);
        }
    }
    let known = service::policy_of(tx, id)?.ok_or_else(|| Error::not_found(Noun::Sla, &id.uid()))?;
    let known = Targets::read(&known.targets, Targets::default()).unwrap_or_default();
    canonical(tx, &mut draft, known)?;
    let before = service::content_of(tx, id)?;
    let mut changed = rows::set(tx, Noun::Sla, id, &draft.plain)?;
    if let Some(before) = before {
        service::remember(tx, id, &before)?;
    }
    changed |= draft.write_common(tx, Noun::Sla, id, how)?;
    if changed {
        let key = links::link(tx, Noun::Sla, id)?.map_or_else(String::new, |link| link.name);
        tx.describe(format!("Changed service policy {key}"));
    }
    Ok(Outcome::kept(id, changed))
}

/// The policy that is for a ticket as it stands: the first whose filter it meets, else the last one without a filter.
/// None if no policy is for it.
///
/// # Errors
///
/// Whatever the base fails with; a filter that means nothing any more is passed over.
pub fn choose(tx: &WriteTx<'_>, ticket: Id) -> Result<Option<Id>> {
    let policies = service::policies(tx)?;
    if policies.iter().any(|policy| !policy.filter.is_empty()) {
        // Filters read what is kept up.
        tx.settle()?;
    }
    let Some(link) = links::link(tx, Noun::Ticket, ticket)? else {
        return Ok(None);
    };
    let only = format!("id:{}", link.reference());
    for policy in policies {
        if policy.filter.is_empty() || !meeting(tx, &policy, &[only.as_str()])?.is_empty() {
            return Ok(Some(policy.id));
        }
    }
    Ok(None)
}

/// Whether an edit of a ticket can make another policy be for it.
pub(crate) fn has_filters(tx: &ReadTx<'_>) -> Result<bool> {
    let policies = service::policies(tx)?;
    Ok(policies.iter().any(|policy| !policy.filter.is_empty()))
}

/// The tickets that a policy with a filter is for, among those that others select as well.
fn meeting(tx: &ReadTx<'_>, policy: &PolicyRow, others: &[&str]) -> Result<Vec<Id>> {
    let mut all: Vec<String> = others.iter().map(|text| (*text).to_owned()).collect();
    if !policy.filter.is_empty() {
        all.push(policy.filter.clone());
    }
    match list::condition(tx, Noun::Ticket, &all) {
        Ok(condition) => records::ids(tx, Noun::Ticket, &condition),
        Err(error) if error.kind() == Kind::Usage && !policy.filter.is_empty() => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// A ticket that got another policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The ticket.
    pub ticket: Id,
    /// The policy that it had.
    pub old: Option<Id>,
    /// The policy that it has.
    pub new: Option<Id>,
}

/// Gives every ticket that is not solved, and that the filters select, the policy that is for it now.
///
/// # Errors
///
/// `Usage` for a filter that means nothing.
pub fn apply(tx: &WriteTx<'_>, filters: &[String]) -> Result<Vec<Applied>> {
    tx.settle()?;
    let open = std::iter::once("is:open");
    let wanted: Vec<&str> = open
        .chain(filters.iter().map(String::as_str))
        .filter(|filter| !filter.trim().is_empty())
        .collect();
    let asked: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
    // Before any policy is asked: what the caller says must mean something.
    let all = records::ids(tx, Noun::Ticket, &list::condition(tx, Noun::Ticket, &asked)?)?;
    let mut chosen: BTreeMap<Id, Id> = BTreeMap::new();
    for policy in service::policies(tx)? {
        for ticket in meeting(tx, &policy, &wanted)? {
            chosen.entry(ticket).or_insert(policy.id);
        }
    }
    let mut applied = Vec::new();
    for ticket in all {
        let old = service::policy_for(tx, ticket)?;
        let new = chosen.get(&ticket).copied();
        if old != new {
            set(tx, ticket, new)?;
            applied.push(Applied { ticket, old, new });
        }
    }
    tx.describe(match applied.len() {
        1 => "Gave 1 ticket the service policy that is for it".to_owned(),
        count => format!("Gave {count} tickets the service policies that are for them"),
    });
    Ok(applied)
}

/// Lets a ticket have another policy from now on.
pub(crate) fn set(tx: &WriteTx<'_>, ticket: Id, policy: Option<Id>) -> Result<bool> {
    let value = policy.map_or(Value::Null, |policy| Value::Int(policy.raw()));
    rows::set_columns(tx, Noun::Ticket, ticket, &[("sla_id", value)])
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
    view::joined(tx, Noun::Ticket, &[text.to_owned()]).map_err(|error| error.on_field("filter"))
}
