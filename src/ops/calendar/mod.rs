//! What can be done with a business calendar: add and edit it, say something of single days, count by it.

pub mod days;

use jiff::tz::TimeZone;

use crate::domain::calendar::USUAL_WEEK;
use crate::domain::hours::Hours;
use crate::domain::hours::days::{Days, Line};
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{keyed, refer};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links, service};

/// A calendar to count by.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// Its hours.
    pub hours: Hours,
}

/// Adds a calendar. Without a zone it is in that of the caller, without a week it has the usual one.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` for a zone that is not known, and for hours and days that cannot
/// be read.
pub fn add(tx: &WriteTx<'_>, given: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), given, policy)
}

/// Adds a calendar with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    given: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Calendar, given, policy)?;
    let key = keyed::named(tx, Noun::Calendar, &mut draft, (identity, "a calendar"))?;
    usual(tx, &mut draft);
    draft.fallback(Noun::Calendar, "zone", own_zone(tx));
    draft.fallback(Noun::Calendar, "week", Value::text(USUAL_WEEK));
    canonical(&mut draft)?;
    let id = rows::add(tx, Noun::Calendar, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Calendar, id, Lists::Replace)?;
    tx.describe(format!("Added calendar {key}"));
    Ok(Outcome::made(id))
}

/// Changes a calendar.
///
/// # Errors
///
/// As [`add`].
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Calendar, given, policy)?;
    keyed::renamed(tx, Noun::Calendar, id, &mut draft, "a calendar")?;
    usual(tx, &mut draft);
    canonical(&mut draft)?;
    let mut changed = write(tx, id, &draft)?;
    changed |= draft.write_common(tx, Noun::Calendar, id, how)?;
    if changed {
        let key = links::link(tx, Noun::Calendar, id)?.map_or_else(String::new, |link| link.name);
        tx.describe(format!("Changed calendar {key}"));
    }
    Ok(Outcome::kept(id, changed))
}

/// Says something of days, whatever was said of them before.
///
/// # Errors
///
/// `NotFound` if there is no such calendar.
pub fn set_days(tx: &WriteTx<'_>, id: Id, lines: &[Line]) -> Result<Outcome> {
    change_days(tx, id, |days| {
        for line in lines {
            days.set(line.clone());
        }
        Ok(())
    })
}

/// Lets days be like any others of their week; each line names a day or a span of days, as `2026-10-01..2026-10-07`.
///
/// # Errors
///
/// `Invalid` for what is no day, and for days of which nothing was said.
pub fn remove_days(tx: &WriteTx<'_>, id: Id, spans: &[String]) -> Result<Outcome> {
    change_days(tx, id, |days| {
        for span in spans {
            let refused = |why: String| Error::invalid("days", format!("days: {why}"));
            let line = Line::read(&format!("{span} off")).map_err(refused)?;
            if !days.remove(line.first, line.last) {
                let message = format!("{span}: the calendar says nothing of these days");
                return Err(refused(message));
            }
        }
        Ok(())
    })
}

fn change_days(tx: &WriteTx<'_>, id: Id, change: impl FnOnce(&mut Days) -> Result<()>) -> Result<Outcome> {
    let texts = service::calendar(tx, id)?.ok_or_else(|| Error::not_found(Noun::Calendar, &id.uid()))?;
    let mut days = Days::read(&texts.days).map_err(|error| unreadable("days", &error))?;
    change(&mut days)?;
    let mut draft = Draft::default();
    draft.put(Noun::Calendar, "days", Value::text(days.to_string()));
    let changed = write(tx, id, &draft)?;
    if changed {
        tx.describe(format!("Changed days of calendar {}", texts.key));
    }
    Ok(Outcome::kept(id, changed))
}

/// Writes what is to change; every policy that counts by the calendar remembers what it said.
fn write(tx: &WriteTx<'_>, id: Id, draft: &Draft) -> Result<bool> {
    let mut before = Vec::new();
    for policy in service::policies_of(tx, id)? {
        before.extend(service::content_of(tx, policy)?.map(|content| (policy, content)));
    }
    let changed = rows::set(tx, Noun::Calendar, id, &draft.plain)?;
    for (policy, content) in before {
        service::remember(tx, policy, &content)?;
    }
    Ok(changed)
}

/// The calendar that `name` means.
///
/// # Errors
///
/// `NotFound` if there is none.
pub fn named(tx: &ReadTx<'_>, name: &str) -> Result<Calendar> {
    load(tx, refer::one(tx, Noun::Calendar, name)?)
}

/// The calendar with this identity, also one in the trash.
///
/// # Errors
///
/// `NotFound` if there is none.
pub fn load(tx: &ReadTx<'_>, id: Id) -> Result<Calendar> {
    let texts = service::calendar(tx, id)?.ok_or_else(|| Error::not_found(Noun::Calendar, &id.uid()))?;
    let zone = zone(&texts.zone)?;
    let hours = Hours::read(&texts.week, &texts.days, zone).map_err(|error| unreadable("week", &error))?;
    Ok(Calendar {
        id,
        key: texts.key,
        hours,
    })
}

/// The zone of the caller.
fn own_zone(tx: &ReadTx<'_>) -> Value {
    Value::text(tx.caller().clock.zone().iana_name().unwrap_or("UTC"))
}

/// Gives what was emptied its usual value.
fn usual(tx: &ReadTx<'_>, draft: &mut Draft) {
    for (name, value) in [("zone", own_zone(tx)), ("week", Value::text(USUAL_WEEK))] {
        if draft.get(name).is_some_and(Value::is_empty) {
            draft.put(Noun::Calendar, name, value);
        }
    }
}

/// Checks the texts that are given, and puts canonical ones in their place.
fn canonical(draft: &mut Draft) -> Result<()> {
    for (field, value) in &mut draft.plain {
        let text = match value {
            Value::Text(text) => text.as_str(),
            _ => "",
        };
        let checked = match field.name {
            "zone" => {
                let known = zone(text)?;
                known.iana_name().unwrap_or(text).to_owned()
            }
            "week" => {
                let hours = Hours::read(text, "", TimeZone::UTC);
                hours.map_err(|error| unreadable("week", &error))?.week()
            }
            "days" => Days::read(text)
                .map_err(|error| unreadable("days", &error))?
                .to_string(),
            _ => continue,
        };
        *value = Value::text(checked);
    }
    Ok(())
}

fn zone(name: &str) -> Result<TimeZone> {
    TimeZone::get(name).map_err(|_| {
        let message = format!("zone: there is no time zone {name:?}; they are called as in Asia/Shanghai");
        Error::invalid("zone", message)
    })
}

fn unreadable(field: &str, error: &crate::domain::hours::NotHours) -> Error {
    Error::invalid(field, format!("{field}: {error}"))
}
