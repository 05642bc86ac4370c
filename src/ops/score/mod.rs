//! What can be done with a rule of scoring: add, edit, and let it count.

mod count;

use std::collections::BTreeMap;

use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::score::sum::Measure;
use crate::domain::score::{CAP, DECAY, Event, POINTS, Side};
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{keyed, list, refer, view};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links, records, scores};

pub use count::{Change, Counted, Ran, Reason, of, run};

/// A rule as it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// What its points say.
    pub side: Side,
    /// What has to happen; none for what a customer is.
    pub event: Option<Event>,
    /// Which customers or events; for forms their names with commas between.
    pub filter: String,
    /// How it counts.
    pub measure: Measure,
}

/// Adds a rule. With an event it says something of the engagement, without one of the fit, unless it is said otherwise.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` without points, for a filter that means nothing, and for a form
/// that is not there.
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
    let mut draft = Draft::read(tx, Noun::Score, given, policy)?;
    let key = keyed::named(tx, Noun::Score, &mut draft, (identity, "a rule of scoring"))?;
    let side = match draft.text("event") {
        Some(_) => Side::Engagement,
        None => Side::Fit,
    };
    draft.fallback(Noun::Score, "side", Value::text(side.name()));
    draft.fallback(Noun::Score, "active", Value::Bool(true));
    if identity.id.is_none() && draft.get("points").is_none() {
        return Err(Error::invalid("points", "points: say how many the rule gives"));
    }
    let id = rows::add(tx, Noun::Score, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Score, id, Lists::Replace)?;
    if identity.id.is_none() {
        settle(tx, id)?;
    }
    tx.describe(format!("Added score {key}"));
    Ok(Outcome::made(id))
}

/// Changes a rule.
///
/// # Errors
///
/// As [`add`].
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Score, given, policy)?;
    keyed::renamed(tx, Noun::Score, id, &mut draft, "a rule of scoring")?;
    if draft.get("points").is_some_and(Value::is_empty) {
        return Err(Error::invalid("points", "points: say how many the rule gives"));
    }
    let mut changed = rows::set(tx, Noun::Score, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Score, id, how)?;
    if changed {
        settle(tx, id)?;
        tx.describe(format!("Changed score {}", load(tx, id)?.key));
    }
    Ok(Outcome::kept(id, changed))
}

/// What a rule asks is read from the base.
const READ: &[&str] = &["key", "side", "event", "filter", "points", "cap", "decay"];

/// The rule with this identity.
///
/// # Errors
///
/// `NotFound` if there is none.
pub fn load(tx: &ReadTx<'_>, id: Id) -> Result<Rule> {
    let columns = READ
        .iter()
        .map(|name| list::column(tx, Noun::Score, name))
        .collect::<Result<Vec<_>>>()?;
    let row = records::get(tx, Noun::Score, id, &columns)?
        .ok_or_else(|| Error::not_found(Noun::Score, &id.uid()))?;
    let row: BTreeMap<&str, Value> = READ.iter().copied().zip(row).collect();
    let text = |name: &str| match row.get(name) {
        Some(Value::Text(text)) => text.as_str(),
        _ => "",
    };
    let number = |name: &str| match row.get(name) {
        Some(Value::Int(number)) => Some(*number),
        _ => None,
    };
    let event = Event::parse(text("event"));
    Ok(Rule {
        id,
        key: text("key").to_owned(),
        side: Side::parse(text("side")).unwrap_or(match event {
            Some(_) => Side::Engagement,
            None => Side::Fit,
        }),
        event,
        filter: text("filter").to_owned(),
        measure: Measure {
            points: number("points").unwrap_or(0),
            cap: number("cap"),
            decay: number("decay"),
        },
    })
}

/// Checks what has to hold of a rule and between its fields, and puts the canonical filter in place.
fn settle(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    let rule = load(tx, id)?;
    let within = |name: &str, number: Option<i64>, range: &std::ops::RangeInclusive<i64>| match number {
        Some(number) if !range.contains(&number) => Err(Error::invalid(
            name,
            format!(
                "{name}: {number} is not from {} to {}",
                range.start(),
                range.end()
            ),
        )),
        _ => Ok(()),
    };
    within("points", Some(rule.measure.points), &POINTS)?;
    if rule.measure.points == 0 {
        return Err(Error::invalid(
            "points",
            "points: a rule that gives none says nothing",
        ));
    }
    within("cap", rule.measure.cap, &CAP)?;
    within("decay", rule.measure.decay, &DECAY)?;
    if rule.event.is_none() && rule.measure.decay.is_some() {
        return Err(Error::invalid(
            "decay",
            "decay: only what happens fades; the rule has no event",
        ));
    }
    if rule.event.is_none() && rule.filter.trim().is_empty() {
        return Err(Error::invalid(
            "filter",
            "filter: say which customers, or which event",
        ));
    }
    let filter = match rule.event {
        Some(Event::Form) => {
            let mut keys = Vec::new();
            for form in forms(tx, &rule.filter)? {
                keys.extend(links::link(tx, Noun::Form, form)?.map(|link| link.name));
            }
            keys.join(",")
        }
        event => {
            let noun = event.and_then(Event::noun).unwrap_or(Noun::Customer);
            canonical(tx, noun, &rule.filter)?
        }
    };
    if filter != rule.filter {
        scores::set_filter(tx, id, &filter)?;
    }
    Ok(())
}

/// A filter with canonical names.
fn canonical(tx: &ReadTx<'_>, noun: Noun, text: &str) -> Result<String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    view::joined(tx, noun, &[text.to_owned()]).map_err(|error| error.on_field("filter"))
}

/// The forms that a rule names.
fn forms(tx: &ReadTx<'_>, text: &str) -> Result<Vec<Id>> {
    let names = text
        .split([',', '，'])
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let mut found = Vec::new();
    for name in names {
        let form = refer::one(tx, Noun::Form, name).map_err(|error| {
            Error::invalid("filter", format!("filter: {}", error.message())).with_near(error.near().to_vec())
        })?;
        found.push(form);
    }
    Ok(found)
}

/// Lets every rule that asks for the tag `old` ask for `new`.
pub(crate) fn rename_tag(tx: &WriteTx<'_>, old: &str, new: &str) -> Result<()> {
    for (id, text) in scores::filters(tx)? {
        if let Some(renamed) = view::with_renamed_tag(&text, old, new) {
            scores::set_filter(tx, id, &renamed)?;
        }
    }
    Ok(())
}
