//! What can be done with a rule of assignment: add, edit, and let it give leads away.

mod give;

use std::collections::BTreeMap;

use crate::domain::assignment::member::Member;
use crate::domain::assignment::{Strategy, USUAL_FILTER};
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{keyed, list, refer, view};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, assignments, links, records};

pub use give::{Given, Told, add_lead, by, made_since, one, run};

/// A rule as leads meet it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// The customers whom it gives away; empty for everybody.
    pub filter: String,
    /// How it chooses.
    pub strategy: Strategy,
    /// Who gets them.
    pub members: Vec<Member>,
    /// Who gets what no member can take.
    pub fallback: Option<Id>,
}

/// Adds a rule. Without a filter it is about leads, without a strategy its members take turns, without a position it is
/// asked last.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` for a filter that means nothing and for users who are not there.
pub fn add(tx: &WriteTx<'_>, given: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), given, policy)
}

/// Adds a rule with a restored identity, which may speak of what is not here any more.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    given: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Assignment, given, policy)?;
    let key = keyed::named(
        tx,
        Noun::Assignment,
        &mut draft,
        (identity, "a rule of assignment"),
    )?;
    draft.fallback(Noun::Assignment, "filter", Value::text(USUAL_FILTER));
    draft.fallback(
        Noun::Assignment,
        "strategy",
        Value::text(Strategy::RoundRobin.name()),
    );
    draft.fallback(Noun::Assignment, "active", Value::Bool(true));
    let last = assignments::next_position(tx)?;
    draft.fallback(Noun::Assignment, "position", Value::Int(last));
    if identity.id.is_none() {
        canonical(tx, &mut draft)?;
        if draft.text("members").is_none() && draft.get("fallback").is_none_or(Value::is_empty) {
            return Err(Error::invalid("members", "a rule of assignment needs members"));
        }
    }
    let id = rows::add(tx, Noun::Assignment, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Assignment, id, Lists::Replace)?;
    if identity.id.is_none() {
        whole(&load(tx, id)?)?;
    }
    tx.describe(format!("Added assignment {key}"));
    Ok(Outcome::made(id))
}

/// Changes a rule.
///
/// # Errors
///
/// As [`add`].
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Assignment, given, policy)?;
    keyed::renamed(tx, Noun::Assignment, id, &mut draft, "a rule of assignment")?;
    for (name, usual) in [
        ("strategy", Value::text(Strategy::RoundRobin.name())),
        ("position", Value::Int(assignments::next_position(tx)?)),
    ] {
        if draft.get(name).is_some_and(Value::is_empty) {
            draft.put(Noun::Assignment, name, usual);
        }
    }
    canonical(tx, &mut draft)?;
    let mut changed = rows::set(tx, Noun::Assignment, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Assignment, id, how)?;
    let rule = load(tx, id)?;
    if changed {
        whole(&rule)?;
        tx.describe(format!("Changed assignment {}", rule.key));
    }
    Ok(Outcome::kept(id, changed))
}

/// What a rule asks is read from the base.
const READ: &[&str] = &["key", "filter", "strategy", "members", "fallback"];

/// The rule with this identity.
///
/// # Errors
///
/// `NotFound` if there is none.
pub fn load(tx: &ReadTx<'_>, id: Id) -> Result<Rule> {
    let columns = READ
        .iter()
        .map(|name| list::column(tx, Noun::Assignment, name))
        .collect::<Result<Vec<_>>>()?;
    let row = records::get(tx, Noun::Assignment, id, &columns)?
        .ok_or_else(|| Error::not_found(Noun::Assignment, &id.uid()))?;
    let row: BTreeMap<&str, Value> = READ.iter().copied().zip(row).collect();
    let text = |name: &str| match row.get(name) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    Ok(Rule {
        id,
        key: text("key").to_owned(),
        filter: text("filter").to_owned(),
        strategy: Strategy::parse(text("strategy")).unwrap_or(Strategy::RoundRobin),
        members: Member::parse_all(text("members"))?,
        fallback: match text("fallback") {
            "" => None,
            name => links::by_key(tx, Noun::User, name)?,
        },
    })
}

/// Lets every rule call a user by a new name.
pub(crate) fn rename_user(tx: &WriteTx<'_>, old: &str, new: &str) -> Result<()> {
    rewrite(tx, |_, members| {
        for member in members.iter_mut().filter(|member| member.user == old) {
            new.clone_into(&mut member.user);
        }
    })
}

/// Lets every rule that asks for the tag `old` ask for `new`.
pub(crate) fn rename_tag(tx: &WriteTx<'_>, old: &str, new: &str) -> Result<()> {
    rewrite(tx, |filter, members| {
        let territories = members.iter_mut().map(|member| &mut member.territory);
        for text in std::iter::once(filter).chain(territories) {
            if let Some(renamed) = view::with_renamed_tag(text, old, new) {
                *text = renamed;
            }
        }
    })
}

/// Lets `work` change the filter and the members of every rule.
fn rewrite(tx: &WriteTx<'_>, work: impl Fn(&mut String, &mut [Member])) -> Result<()> {
    for (id, [filter, members]) in assignments::texts(tx)? {
        // What cannot be read is no reason to refuse a new name.
        let Ok(known) = Member::parse_all(&members) else {
            continue;
        };
        let (mut new_filter, mut new) = (filter.clone(), known.clone());
        work(&mut new_filter, &mut new);
        if new_filter != filter || new != known {
            let lines: Vec<String> = new.iter().map(ToString::to_string).collect();
            assignments::set_texts(tx, id, [new_filter, lines.join("\n")])?;
        }
    }
    Ok(())
}

/// Checks what is given for single fields, and puts canonical texts in its place.
fn canonical(tx: &WriteTx<'_>, draft: &mut Draft) -> Result<()> {
    for (field, value) in &mut draft.plain {
        let Value::Text(text) = value else { continue };
        let checked = match field.name {
            "filter" => filter(tx, text, "filter")?,
            "members" => {
                let mut lines = Vec::new();
                for mut member in Member::parse_all(text)? {
                    member.user = called(tx, &member.user)?;
                    member.territory = filter(tx, &member.territory, "members")?;
                    lines.push(member.to_string());
                }
                lines.join("\n")
            }
            _ => continue,
        };
        *value = Value::text(checked);
    }
    Ok(())
}

/// A filter over customers with canonical names.
fn filter(tx: &ReadTx<'_>, text: &str, field: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let joined = view::joined(tx, Noun::Customer, &[text.to_owned()]);
    joined.map_err(|error| error.on_field(field))
}

/// The user whom a rule names, as they are called.
fn called(tx: &ReadTx<'_>, name: &str) -> Result<String> {
    let id = refer::one(tx, Noun::User, name).map_err(|error| match error.kind() {
        Kind::NotFound => Error::invalid("members", error.message()).with_near(error.near().to_vec()),
        _ => error,
    })?;
    let link = links::link(tx, Noun::User, id)?;
    Ok(link.map(|link| link.name).unwrap_or_default())
}

/// Checks what has to hold between the fields of a rule.
fn whole(rule: &Rule) -> Result<()> {
    let by_territory = rule.strategy == Strategy::Territory;
    if !by_territory && let Some(member) = rule.members.iter().find(|member| !member.territory.is_empty()) {
        let message = format!(
            "members: {} has a territory, which counts for the strategy territory alone",
            member.user
        );
        return Err(Error::invalid("members", message));
    }
    Ok(())
}
