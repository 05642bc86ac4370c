//! What can be done with a task: add, change, do, put off.

use crate::domain::actor::{Caller, Via};
use crate::domain::clock::Clock;
use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::reminder::Reminder;
use crate::domain::value::Value;
use crate::domain::when::{Leaning, Reading, When, instant, read, show};
use crate::error::{Error, Result};
use crate::ops::draft::{self, Draft, Lists};
use crate::ops::handover::{self, History};
use crate::ops::typed::{self, Policy};
use crate::ops::{Outcome, list, repeat};
use crate::store::records;
use crate::store::rows::{self, Identity};
use crate::store::{self, ReadTx, WriteTx, activities, links, reminders};

/// Adds a task.
///
/// # Errors
///
/// `Invalid` without a title, or for a value.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a task with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Task, assignments, policy)?;
    if draft.text("title").is_none() {
        return Err(Error::invalid("title", "a task needs a title"));
    }
    inherit_customer(tx, &mut draft, None)?;
    completion(tx, &mut draft, None)?;
    repeat::settle(tx, &mut draft, None)?;
    if identity.id.is_none() {
        handover::may_own(tx, Noun::Task, None, &draft, history(tx, &draft, None)?, policy)?;
        draft.complete_custom(tx, Noun::Task)?;
    }
    let id = rows::add(tx, Noun::Task, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Task, id, Lists::Replace)?;
    set_reminders(tx, &draft, id, Lists::Replace)?;
    tx.describe(format!("Added task {}", label(tx, id)?));
    Ok(Outcome::made(id))
}

/// What becomes of the series of a task that is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Series {
    /// It goes on: a task that is done or called off comes again.
    GoesOn,
    /// It goes on, and the day that its rule gave stays what the next one is counted from.
    KeepsPlan,
    /// It ends with this task.
    Ends,
}

/// Changes a task. One that is done or called off so, and has a rule, comes again; but not in an import, which brings
/// what follows itself.
///
/// # Errors
///
/// `Invalid` for a value.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    edit_in(tx, id, assignments, how, policy, Series::GoesOn)
}

fn edit_in(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
    series: Series,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Task, assignments, policy)?;
    if draft.get("title").is_some() && draft.text("title").is_none() {
        return Err(Error::invalid("title", "a task needs a title"));
    }
    handover::may_own(
        tx,
        Noun::Task,
        Some(id),
        &draft,
        history(tx, &draft, Some(id))?,
        policy,
    )?;
    inherit_customer(tx, &mut draft, Some(id))?;
    completion(tx, &mut draft, Some(id))?;
    let before = store::series::repeating(tx, id)?;
    match draft.get("due") {
        Some(Value::Null) if series == Series::KeepsPlan && !before.repeat.is_empty() => {
            return Err(repeat::without_day());
        }
        _ if series == Series::KeepsPlan => {}
        _ => repeat::settle(tx, &mut draft, Some(id))?,
    }
    let mut changed = rows::set(tx, Noun::Task, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Task, id, how)?;
    changed |= set_reminders(tx, &draft, id, how)?;
    // The same day once more is no new plan.
    if draft.get("due").is_some() && store::series::repeating(tx, id)?.due_on != before.due_on {
        let plan = match before.planned_on.or(before.due_on) {
            Some(day) if series == Series::KeepsPlan && !before.repeat.is_empty() => Some(day),
            _ => None,
        };
        changed |= store::series::set_plan(tx, id, plan.as_deref())?;
    }
    let ends = draft.text("status").is_some_and(|status| status != "open");
    if ends && before.status == "open" && series != Series::Ends && tx.caller().via != Via::Import {
        repeat::come_again(tx, id)?;
    }
    if changed {
        tx.describe(format!("Changed task {}", label(tx, id)?));
    }
    Ok(Outcome::kept(id, changed))
}

/// Marks a task as done.
pub fn done(tx: &WriteTx<'_>, id: Id) -> Result<Outcome> {
    let outcome = status(tx, id, "done", Series::GoesOn)?;
    tx.describe(format!("Done: {}", label(tx, id)?));
    Ok(outcome)
}

/// Opens a task again.
pub fn reopen(tx: &WriteTx<'_>, id: Id) -> Result<Outcome> {
    let outcome = status(tx, id, "open", Series::GoesOn)?;
    tx.describe(format!("Reopened task {}", label(tx, id)?));
    Ok(outcome)
}

/// Calls a task off: it is neither done nor to be done.
pub fn cancel(tx: &WriteTx<'_>, id: Id) -> Result<Outcome> {
    let outcome = status(tx, id, "cancelled", Series::GoesOn)?;
    tx.describe(format!("Cancelled: {}", label(tx, id)?));
    Ok(outcome)
}

/// Calls a task off, and all that would come after it by its rule.
pub fn cancel_series(tx: &WriteTx<'_>, id: Id) -> Result<Outcome> {
    let outcome = status(tx, id, "cancelled", Series::Ends)?;
    tx.describe(format!("Cancelled for good: {}", label(tx, id)?));
    Ok(outcome)
}

/// Puts a task off to what `phrase` means.
///
/// A signed span (`+2d`, `推迟两天`) counts from when the task is due, if that is still ahead, and keeps its time of day.
/// A task that comes again does so from the day that its rule gave.
///
/// # Errors
///
/// `Invalid` for a phrase that is no date.
pub fn snooze(tx: &WriteTx<'_>, id: Id, phrase: &str) -> Result<Outcome> {
    let input = Input::text(put_off(tx.caller(), due(tx, id)?, phrase)?);
    let due = ("due".to_owned(), input);
    let outcome = edit_in(
        tx,
        id,
        &[due],
        Lists::Replace,
        &Policy::strict(),
        Series::KeepsPlan,
    )?;
    tx.describe(format!("Put off task {}{}", label(tx, id)?, by_when(tx, id)?));
    Ok(outcome)
}

/// When a task is due; none if it has no day.
pub fn due(tx: &ReadTx<'_>, id: Id) -> Result<Option<When>> {
    let column = list::column(tx, Noun::Task, "due")?;
    let due = records::get(tx, Noun::Task, id, &[column])?.and_then(|row| row.into_iter().next());
    Ok(match due {
        Some(Value::Date(day)) => Some(When::Day(day)),
        Some(Value::DateTime(moment)) => Some(When::Moment(moment)),
        _ => None,
    })
}

/// What a task that is due at `due` is put off to by [`snooze`].
///
/// # Errors
///
/// `Invalid` for a phrase that is no date.
pub fn postponed(caller: &Caller, due: Option<When>, phrase: &str) -> Result<When> {
    let text = put_off(caller, due, phrase)?;
    read(&text, &caller.reading(Leaning::Future)).map_err(|error| error.on_field("due"))
}

/// A phrase as it can be typed, counted from when the task is due where that is meant.
fn put_off(caller: &Caller, due: Option<When>, phrase: &str) -> Result<String> {
    let longer = ["推迟", "延后", "延期", "顺延", "+", "＋"]
        .iter()
        .find_map(|word| phrase.trim().strip_prefix(word))
        .filter(|rest| !rest.is_ascii())
        .map(|rest| format!("{}后", rest.trim()));
    let is_span = longer.is_some() || phrase.trim_start().starts_with(['+', '-', '＋', '－']);
    let phrase = longer.as_deref().unwrap_or(phrase);
    match due.filter(|due| is_span && is_ahead(*due, &caller.clock)) {
        Some(due) => shifted(caller, due, phrase),
        None => Ok(phrase.to_owned()),
    }
}

fn is_ahead(due: When, clock: &Clock) -> bool {
    match due {
        When::Day(day) => day > clock.today(),
        When::Moment(moment) => instant::instant_of(moment, clock.zone()) > clock.now(),
        When::Span(..) | When::Never => false,
    }
}

/// What a span from `due` leads to, as it can be typed.
fn shifted(caller: &Caller, due: When, phrase: &str) -> Result<String> {
    let clock = &caller.clock;
    let (day, time) = match due {
        When::Moment(moment) => (moment.date(), Some(moment.time())),
        other => (instant::first_day(other).unwrap_or(clock.today()), None),
    };
    let noon = instant::instant_of(day.at(12, 0, 0, 0), clock.zone());
    let there = Clock::new(noon, clock.zone().clone());
    let reading = Reading {
        clock: &there,
        ..caller.reading(Leaning::Future)
    };
    let when = read(phrase, &reading).map_err(|error| error.on_field("due"))?;
    Ok(match (when, time) {
        (When::Day(day), Some(time)) => day.to_datetime(time).to_string(),
        (When::Day(day), None) => day.to_string(),
        (When::Moment(moment), _) => moment.to_string(),
        _ => phrase.to_owned(),
    })
}

/// When a task is due, to follow its name in the title of an operation; empty if it has no day.
pub(crate) fn by_when(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    Ok(due(tx, id)?.map_or_else(String::new, |due| format!(", {}", show::plain(due))))
}

/// Adds to what is written down about a task.
pub fn note(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<Outcome> {
    let column = list::column(tx, Noun::Task, "note")?;
    let known = records::get(tx, Noun::Task, id, &[column])?.and_then(|row| row.into_iter().next());
    let whole = match known {
        Some(Value::Text(known)) if !known.is_empty() => format!("{known}\n\n{text}"),
        _ => text.to_owned(),
    };
    let note = ("note".to_owned(), Input::Text(whole));
    edit(tx, id, &[note], Lists::Replace, &Policy::strict())
}

/// The ref and the title.
pub fn label(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let link = links::link(tx, Noun::Task, id)?;
    Ok(link
        .map(|link| format!("{} {}", link.reference(), link.name))
        .unwrap_or_default())
}

fn status(tx: &WriteTx<'_>, id: Id, word: &str, series: Series) -> Result<Outcome> {
    edit_in(
        tx,
        id,
        &[("status".to_owned(), Input::text(word))],
        Lists::Replace,
        &Policy::strict(),
        series,
    )
}

/// Writes the reminders that a draft gives; true if anything changed.
///
/// # Errors
///
/// `Invalid` for what is no reminder, and for one that counts from a due date which the task does not have.
fn set_reminders(tx: &WriteTx<'_>, draft: &Draft, id: Id, how: Lists) -> Result<bool> {
    let inputs: Vec<&Input> = draft.specials("remind").map(|(_, input)| input).collect();
    if inputs.is_empty() {
        return Ok(false);
    }
    let caller = tx.caller();
    let mut texts = match how {
        Lists::Add => reminders::of_task(tx, id)?,
        Lists::Replace => Vec::new(),
    };
    for input in inputs {
        for text in draft::texts("remind", input)? {
            if text == "none" && how == Lists::Replace {
                continue;
            }
            let reminder = Reminder::read(&text, &caller.reading(Leaning::Future))?;
            if matches!(reminder, Reminder::Before { .. }) && due(tx, id)?.is_none() {
                let message = format!("{text:?} counts from the due date, and the task has none");
                return Err(Error::invalid("remind", message));
            }
            let canonical = reminder.text(caller.clock.zone());
            if !texts.contains(&canonical) {
                texts.push(canonical);
            }
        }
    }
    reminders::set(tx, id, &texts)
}

/// A task about a deal is about the deal's customer, unless another is given, or it was about that deal before.
fn inherit_customer(tx: &WriteTx<'_>, draft: &mut Draft, id: Option<Id>) -> Result<()> {
    let Some(Value::Link(deal)) = draft.get("deal") else {
        return Ok(());
    };
    if let Some(id) = id
        && activities::deal_of_task(tx, id)? == Some(deal.id)
    {
        return Ok(());
    }
    if draft.get("customer").is_none()
        && let Some(customer) = activities::customer_of_deal(tx, deal.id)?
    {
        let value = typed::linked_value(tx, Noun::Customer, customer)?;
        draft.fallback(Noun::Task, "customer", value);
    }
    Ok(())
}

/// Whether a task is to be done with.
fn history(tx: &ReadTx<'_>, draft: &Draft, id: Option<Id>) -> Result<History> {
    let known = match id {
        Some(id) => activities::task_status(tx, id)?,
        None => None,
    };
    let status = draft.text("status").or(known.as_deref()).unwrap_or("open");
    Ok(match status {
        "open" => History::Open,
        _ => History::Closed,
    })
}

/// When a task was done follows its status, unless it is given.
fn completion(tx: &WriteTx<'_>, draft: &mut Draft, id: Option<Id>) -> Result<()> {
    let Some(status) = draft.text("status").map(str::to_owned) else {
        return Ok(());
    };
    let before = match id {
        Some(id) => activities::task_status(tx, id)?,
        None => None,
    };
    let field =
        field::find(Noun::Task, "completed_at").ok_or_else(|| Error::internal("no field completed_at"))?;
    if status != "done" {
        draft.set(field, Value::Null);
    } else if before.as_deref() != Some("done") {
        draft.fallback(
            Noun::Task,
            "completed_at",
            Value::Instant(tx.caller().clock.now()),
        );
    }
    Ok(())
}
