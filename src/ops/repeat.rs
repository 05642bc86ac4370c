//! Tasks that come again: the rule that a task is given, and the task that follows when it is done or called off.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::recurrence::Recurrence;
use crate::domain::reminder::Reminder;
use crate::domain::value::{Link, Value};
use crate::domain::when::{Leaning, When};
use crate::error::{Error, Result};
use crate::ops::draft::Draft;
use crate::ops::task;
use crate::store::series::{self, Repeating, Step};
use crate::store::{ReadTx, WriteTx, customers, links, reminders};

/// The task that follows another of its series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The task.
    pub task: Link,
    /// When it is due.
    pub due: When,
}

/// The open task that follows `task` in its series; none if there is none.
pub fn next(tx: &ReadTx<'_>, task: Id) -> Result<Option<Next>> {
    let Some(next) = series::successor(tx, task)? else {
        return Ok(None);
    };
    let link = links::link(tx, Noun::Task, next)?;
    let due = task::due(tx, next)?;
    Ok(link.zip(due).map(|(task, due)| Next { task, due }))
}

/// Puts the rule of a draft into its canonical form; a rule that stands is fitted to a new due date.
///
/// # Errors
///
/// `Invalid` for what is no rule, and for a rule without a due date.
pub(super) fn settle(tx: &WriteTx<'_>, draft: &mut Draft, task: Option<Id>) -> Result<()> {
    if draft.get("repeat").is_none() && draft.get("due").is_none() {
        return Ok(());
    }
    let known = task.map(|task| series::repeating(tx, task)).transpose()?;
    let rule = match (draft.get("repeat"), &known) {
        (Some(Value::Text(text)), _) => read(tx, text)?,
        (Some(_), _) => return Ok(()),
        (None, Some(known)) if !known.repeat.is_empty() => read(tx, &known.repeat)?,
        (None, _) => return Ok(()),
    };
    let day = match draft.get("due") {
        Some(Value::Date(day)) => Some(*day),
        Some(Value::DateTime(moment)) => Some(moment.date()),
        Some(_) => None,
        None => known
            .and_then(|known| known.due_on)
            .map(|day| customers::day(&day))
            .transpose()?,
    };
    let day = day.ok_or_else(without_day)?;
    let field = field::find(Noun::Task, "repeat").ok_or_else(|| Error::internal("no field repeat"))?;
    draft.set(field, Value::Text(rule.pinned(day).to_string()));
    Ok(())
}

/// Why a rule without a due date is refused.
pub(super) fn without_day() -> Error {
    Error::invalid("due", "a task that comes again needs a due date")
}

/// A rule as it is written.
fn read(tx: &ReadTx<'_>, text: &str) -> Result<Recurrence> {
    Recurrence::read(text, &tx.caller().reading(Leaning::Future))
        .map_err(|refusal| refusal.on_field("repeat"))
}

/// Makes the task that follows one which was just done or called off; none if it does not come again, or has already.
pub(super) fn come_again(tx: &WriteTx<'_>, task: Id) -> Result<Option<Id>> {
    let known = series::repeating(tx, task)?;
    let Some(due_on) = known.due_on.as_deref().filter(|_| !known.repeat.is_empty()) else {
        return Ok(None);
    };
    // A task that was opened again and is done once more has its successor.
    if series::successor(tx, task)?.is_some() {
        return Ok(None);
    }
    let rule = read(tx, &known.repeat)?;
    let plan = customers::day(known.planned_on.as_deref().unwrap_or(due_on))?;
    let Some(day) = rule.next(plan, done_on(tx, &known)?, earliest(tx, &known)?) else {
        return Ok(None);
    };
    let zone = zone(tx, &known)?;
    let moved = customers::day(due_on)?
        .until(day)
        .map_or(0, |span| i64::from(span.get_days()));
    let reminders = reminders::of_task(tx, task)?;
    let step = Step {
        due_on: day.to_string(),
        repeat: rule.reduced().to_string(),
        reminders: reminders
            .iter()
            .filter_map(|text| Reminder::stored(text))
            .map(|reminder| reminder.later(moved, &zone).text(&zone))
            .collect(),
    };
    series::succeed(tx, task, &step).map(Some)
}

/// The zone in which a task is due.
fn zone(tx: &ReadTx<'_>, known: &Repeating) -> Result<TimeZone> {
    match known.zone.as_str() {
        "" => Ok(tx.caller().clock.zone().clone()),
        name => {
            TimeZone::get(name).map_err(|_| Error::invalid("zone", format!("there is no time zone {name:?}")))
        }
    }
}

/// The day on which a task was done; today for one that was called off.
fn done_on(tx: &ReadTx<'_>, known: &Repeating) -> Result<Date> {
    let clock = &tx.caller().clock;
    let at = match known.completed_at {
        Some(at) => jiff::Timestamp::from_millisecond(at)
            .map_err(|_| Error::internal(format!("{at} is out of range")))?,
        None => clock.now(),
    };
    Ok(at.to_zoned(zone(tx, known)?).date())
}

/// The first day on which a task of this time of day would not be late already.
fn earliest(tx: &ReadTx<'_>, known: &Repeating) -> Result<Date> {
    let now = tx.caller().clock.now().to_zoned(zone(tx, known)?).datetime();
    let has_passed = match known.due_time.as_str() {
        "" => false,
        time => time.parse::<Time>().is_ok_and(|time| time <= now.time()),
    };
    match has_passed {
        true => now
            .date()
            .tomorrow()
            .map_err(|_| Error::internal("the clock stands at the end of time")),
        false => Ok(now.date()),
    }
}
