//! What can be done with a public pool: add, edit, let it take customers back, claim from it and give up to it.

mod hand;
mod recycle;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use jiff::tz::TimeZone;

use crate::domain::clock::Clock;
use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::pool::due::Rules;
use crate::domain::pool::limit::Limit;
use crate::domain::pool::{DAYS, TEAM, USUAL_FILTER, members};
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{keyed, list, refer, view};
use crate::store::rows::{self, Identity, Set};
use crate::store::{ReadTx, WriteTx, links, pools, records};

pub use hand::{claim, give, release};
pub use recycle::{RECYCLING, Recycled, Warning, recycle, warnings};

/// A pool as it works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// The customers whom it takes back; empty for everybody.
    pub filter: String,
    /// Users and teams; none for all.
    pub members: Vec<String>,
    /// What it takes customers back by.
    pub rules: Rules,
    /// Days before which the owner is warned.
    pub warn: i64,
    /// Days for which a former owner may not claim.
    pub cool_down: i64,
    /// How many a member may claim in a day.
    pub claim_per_day: Option<i64>,
    /// How many a member may have and still claim.
    pub own_limit: Option<i64>,
    /// The zone whose days count.
    pub zone: String,
}

impl Pool {
    /// The clock by whose days the pool works.
    pub fn clock(&self, tx: &ReadTx<'_>) -> Clock {
        let clock = &tx.caller().clock;
        match TimeZone::get(&self.zone) {
            Ok(zone) => Clock::new(clock.now(), zone),
            Err(_) => clock.clone(),
        }
    }

    /// The users who are members; none for all.
    ///
    /// # Errors
    ///
    /// Whatever the base fails with. A member who is not there any more is none.
    pub fn users(&self, tx: &ReadTx<'_>) -> Result<Option<BTreeSet<Id>>> {
        if self.members.is_empty() {
            return Ok(None);
        }
        let mut users = BTreeSet::new();
        for member in &self.members {
            match member.strip_prefix(TEAM) {
                Some(team) => {
                    if let Some(team) = links::by_key(tx, Noun::Team, team)? {
                        users.extend(pools::team(tx, team)?);
                    }
                }
                None => users.extend(links::by_key(tx, Noun::User, member)?),
            }
        }
        Ok(Some(users))
    }
}

/// Adds a pool. Without a filter it is about leads, and its days are those of the caller's zone.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` for a filter or a number of days that means nothing, and for
/// members who are not there.
pub fn add(tx: &WriteTx<'_>, given: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), given, policy)
}

/// Adds a pool with a restored identity, which may speak of what is not here any more.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    given: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Pool, given, policy)?;
    let key = keyed::named(tx, Noun::Pool, &mut draft, (identity, "a pool"))?;
    let zone = tx.caller().clock.zone().iana_name().unwrap_or("UTC").to_owned();
    for (name, usual) in [
        ("filter", Value::text(USUAL_FILTER)),
        ("exempt_open_deal", Value::Bool(true)),
        ("exempt_won", Value::Bool(true)),
        ("warn", Value::Int(3)),
        ("cool_down", Value::Int(7)),
        ("zone", Value::Text(zone)),
        ("active", Value::Bool(true)),
    ] {
        draft.fallback(Noun::Pool, name, usual);
    }
    if identity.id.is_none() {
        canonical(tx, &mut draft)?;
    }
    let id = rows::add(tx, Noun::Pool, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Pool, id, Lists::Replace)?;
    tx.describe(format!("Added pool {key}"));
    Ok(Outcome::made(id))
}

/// Changes a pool.
///
/// # Errors
///
/// As [`add`].
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Pool, given, policy)?;
    keyed::renamed(tx, Noun::Pool, id, &mut draft, "a pool")?;
    for (name, usual) in [("warn", 0), ("cool_down", 0)] {
        if draft.get(name).is_some_and(Value::is_empty) {
            draft.put(Noun::Pool, name, Value::Int(usual));
        }
    }
    canonical(tx, &mut draft)?;
    let mut changed = rows::set(tx, Noun::Pool, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Pool, id, how)?;
    if changed {
        tx.describe(format!("Changed pool {}", load(tx, id)?.key));
    }
    Ok(Outcome::kept(id, changed))
}

/// Checks what is given for single fields, and puts canonical texts in its place.
fn canonical(tx: &WriteTx<'_>, draft: &mut Draft) -> Result<()> {
    for (field, value) in &mut draft.plain {
        let within = |number: i64, range: &RangeInclusive<i64>| match range.contains(&number) {
            true => Ok(()),
            false => Err(Error::invalid(
                field.name,
                format!(
                    "{}: {number} is not from {} to {}",
                    field.name,
                    range.start(),
                    range.end()
                ),
            )),
        };
        match (field.name, &*value) {
            ("warn" | "cool_down", Value::Int(days)) => within(*days, &DAYS)?,
            ("claim_per_day" | "own_limit", Value::Int(number)) => within(*number, &(0..=1_000_000))?,
            ("filter", Value::Text(text)) => *value = Value::Text(filter(tx, text)?),
            ("members", Value::Text(text)) => {
                let called = members(text)
                    .iter()
                    .map(|name| called(tx, name))
                    .collect::<Result<Vec<_>>>()?;
                *value = Value::Text(called.join("\n"));
            }
            ("no_follow_up" | "no_deal" | "no_won", Value::Text(text)) => {
                let limit = Limit::parse(text)
                    .map_err(|why| Error::invalid(field.name, format!("{}: {why}", field.name)))?;
                *value = Value::Text(limit.to_string());
            }
            ("zone", Value::Text(name)) => {
                let zone = TimeZone::get(name)
                    .map_err(|_| Error::invalid("zone", format!("zone: there is no time zone {name:?}")))?;
                *value = Value::Text(zone.iana_name().unwrap_or(name).to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}

/// A filter over customers with canonical names.
fn filter(tx: &ReadTx<'_>, text: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let joined = view::joined(tx, Noun::Customer, &[text.to_owned()]);
    joined.map_err(|error| error.on_field("filter"))
}

/// A member as it is kept: a user by name, a team with what says that it is one.
fn called(tx: &ReadTx<'_>, name: &str) -> Result<String> {
    let of = |noun: Noun, name: &str| -> Result<Option<String>> {
        match refer::one(tx, noun, name) {
            Ok(id) => Ok(links::link(tx, noun, id)?.map(|link| link.name)),
            Err(error) if error.kind() == Kind::NotFound => Ok(None),
            Err(error) => Err(error.on_field("members")),
        }
    };
    let team = name.strip_prefix(TEAM).map(str::trim);
    if team.is_none()
        && let Some(user) = of(Noun::User, name)?
    {
        return Ok(user);
    }
    match of(Noun::Team, team.unwrap_or(name))? {
        Some(team) => Ok(format!("{TEAM}{team}")),
        None => Err(Error::invalid(
            "members",
            format!("members: there is no user or team {name:?}"),
        )),
    }
}

/// What a pool works by is read from the base.
const READ: &[&str] = &[
    "key",
    "filter",
    "members",
    "no_follow_up",
    "no_deal",
    "no_won",
    "exempt_open_deal",
    "exempt_won",
    "warn",
    "cool_down",
    "claim_per_day",
    "own_limit",
    "zone",
];

/// The pool with this identity.
///
/// # Errors
///
/// `NotFound` if there is none.
pub fn load(tx: &ReadTx<'_>, id: Id) -> Result<Pool> {
    let columns = READ
        .iter()
        .map(|name| list::column(tx, Noun::Pool, name))
        .collect::<Result<Vec<_>>>()?;
    let row =
        records::get(tx, Noun::Pool, id, &columns)?.ok_or_else(|| Error::not_found(Noun::Pool, &id.uid()))?;
    let row: BTreeMap<&str, Value> = READ.iter().copied().zip(row).collect();
    let text = |name: &str| match row.get(name) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let number = |name: &str| match row.get(name) {
        Some(Value::Int(number)) => Some(*number),
        _ => None,
    };
    let limit = |name: &str| Limit::parse(text(name)).unwrap_or_default();
    let is_so = |name: &str| row.get(name) == Some(&Value::Bool(true));
    Ok(Pool {
        id,
        key: text("key").to_owned(),
        filter: text("filter").to_owned(),
        members: members(text("members")),
        rules: Rules {
            no_follow_up: limit("no_follow_up"),
            no_deal: limit("no_deal"),
            no_won: limit("no_won"),
            exempt_open_deal: is_so("exempt_open_deal"),
            exempt_won: is_so("exempt_won"),
        },
        warn: number("warn").unwrap_or(0),
        cool_down: number("cool_down").unwrap_or(0),
        claim_per_day: number("claim_per_day"),
        own_limit: number("own_limit"),
        zone: text("zone").to_owned(),
    })
}

/// Lets whoever gets an owner leave the pool, and whoever goes into one have no owner, whichever way it is said.
pub(crate) fn complete(tx: &ReadTx<'_>, draft: &mut Draft) -> Result<()> {
    let is_given = |draft: &Draft, name: &str| draft.get(name).is_some_and(|value| !value.is_empty());
    let put: &[(&str, Value)] = if is_given(draft, "owner") {
        &[("pool", Value::Null), ("pooled_on", Value::Null)]
    } else if is_given(draft, "pool") {
        let today = Value::Date(tx.caller().clock.today());
        match is_given(draft, "pooled_on") {
            true => &[("owner", Value::Null)],
            false => &[("owner", Value::Null), ("pooled_on", today)],
        }
    } else if draft.get("pool").is_some() {
        &[("pooled_on", Value::Null)]
    } else {
        &[]
    };
    for (name, value) in put {
        let (field, value) = set(name, value.clone())?;
        draft.set(field, value);
    }
    Ok(())
}

/// A field of a customer and its value.
fn set(name: &str, value: Value) -> Result<Set> {
    let field = field::find(Noun::Customer, name)
        .ok_or_else(|| Error::internal(format!("a customer has no field {name}")))?;
    Ok((field, value))
}

/// Lets every pool call a user or a team by a new name.
pub(crate) fn rename_member(tx: &WriteTx<'_>, noun: Noun, old: &str, new: &str) -> Result<()> {
    let called = |name: &str| match noun {
        Noun::Team => format!("{TEAM}{name}"),
        _ => name.to_owned(),
    };
    let (old, new) = (called(old), called(new));
    for (id, [_, text]) in pools::texts(tx)? {
        let mut known = members(&text);
        if let Some(member) = known.iter_mut().find(|member| **member == old) {
            member.clone_from(&new);
            pools::set_texts(tx, id, [("members", known.join("\n"))])?;
        }
    }
    Ok(())
}

/// Lets every pool that asks for the tag `old` ask for `new`.
pub(crate) fn rename_tag(tx: &WriteTx<'_>, old: &str, new: &str) -> Result<()> {
    for (id, [text, _]) in pools::texts(tx)? {
        if let Some(renamed) = view::with_renamed_tag(&text, old, new) {
            pools::set_texts(tx, id, [("filter", renamed)])?;
        }
    }
    Ok(())
}
