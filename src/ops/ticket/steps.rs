//! Tickets on their way: taken, moved on, waiting, solved, closed, called off, reopened.

use jiff::Timestamp;

use super::{get, illegal, label, moment, stands};
use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::ticket::{Status, Stay, Step, Wait};
use crate::error::{Error, Result};
use crate::ops::draft::Lists;
use crate::ops::typed::{self, Policy};
use crate::ops::{Outcome, refer};
use crate::store::rows;
use crate::store::tickets::{self, Ticket};
use crate::store::{ReadTx, WriteTx, links};

/// How a ticket was solved.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Solution<'g> {
    /// How.
    pub solution: Option<&'g str>,
    /// Why it happened.
    pub root_cause: Option<&'g str>,
    /// Whether what it is the problem behind is solved with it.
    pub children: bool,
    /// When; none for now.
    pub at: Option<&'g str>,
}

/// Gives a ticket to a user, who answers for it from then on; one that just came in is assigned.
///
/// # Errors
///
/// `Invalid` for a disabled user, and for a ticket that is closed.
pub fn assign(tx: &WriteTx<'_>, id: Id, user: Id, at: Option<&str>) -> Result<Outcome> {
    let before = get(tx, id)?;
    let at = moment(tx, at)?;
    let name = links::link(tx, Noun::User, user)?.map_or_else(String::new, |link| link.name);
    let changes = tx.changes();
    let who = Input::text(name.as_str());
    let sets = [("assignee".to_owned(), who.clone()), ("owner".to_owned(), who)];
    if before.life.step == Step::Received {
        enter(tx, id, Step::Assigned, before.life.wait, at)?;
    }
    super::edit(tx, id, &sets, Lists::Replace, &Policy::strict())?;
    tx.describe(match user == tx.caller().actor.id {
        true => format!("Took ticket {}", label(tx, id)?),
        false => format!("Assigned ticket {} to {name}", label(tx, id)?),
    });
    Ok(outcome(id, tx.changes() != changes))
}

/// Moves a ticket to a step; to the next one if none is named.
///
/// # Errors
///
/// `Invalid` for an illegal step, with the legal ones; for a step that needs something first: an assignee, a solution.
pub fn advance(tx: &WriteTx<'_>, id: Id, to: Option<Step>, at: Option<&str>) -> Result<Outcome> {
    let before = get(tx, id)?;
    let at = moment(tx, at)?;
    let Some(step) = to.or(before.life.step.next()) else {
        let allowed = before
            .life
            .step
            .allowed()
            .into_iter()
            .map(|step| step.name().to_owned());
        return Err(illegal(tx, &before, "anything after that", allowed.collect())?);
    };
    may_come(tx, &before, step)?;
    arrive(tx, &before, step, step.wait(), false, at)?;
    tx.describe(format!("Moved ticket {} to {}", label(tx, id)?, step.name()));
    Ok(outcome(id, true))
}

/// Lets a ticket wait for somebody outside, and its clock with it; saying so again is no news.
///
/// # Errors
///
/// `Invalid` for a ticket that is solved.
pub fn wait(tx: &WriteTx<'_>, id: Id, wait: Wait, at: Option<&str>) -> Result<Outcome> {
    let before = get(tx, id)?;
    let at = moment(tx, at)?;
    if before.life.step.is_solved() {
        let message = format!(
            "ticket {} is {}, and waits for nobody",
            label(tx, id)?,
            stands(&before)
        );
        return Err(Error::invalid("wait", message));
    }
    if before.life.wait == wait {
        return Ok(outcome(id, false));
    }
    enter(tx, id, before.life.step, wait, at)?;
    let label = label(tx, id)?;
    tx.describe(match wait {
        Wait::Nobody => format!("Went on with ticket {label}"),
        wait => format!("Ticket {label} waits for the {}", wait.name().replace('_', " ")),
    });
    Ok(outcome(id, true))
}

/// Says how a ticket was solved; whether it helped is to be checked.
///
/// # Errors
///
/// `Invalid` if nobody says how, and for a ticket that is solved already.
pub fn resolve(tx: &WriteTx<'_>, id: Id, given: &Solution<'_>) -> Result<Outcome> {
    let at = moment(tx, given.at)?;
    let label = label(tx, id)?;
    one_resolved(tx, id, given, at)?;
    let mut others = 0;
    if given.children {
        for child in tickets::children(tx, id)? {
            if !get(tx, child)?.life.step.is_solved() {
                let known = get(tx, id)?.solution;
                let same = Solution {
                    solution: Some(&known),
                    root_cause: given.root_cause,
                    ..Solution::default()
                };
                one_resolved(tx, child, &same, at)?;
                others += 1;
            }
        }
    }
    tx.describe(match others {
        0 => format!("Resolved ticket {label}"),
        1 => format!("Resolved ticket {label} and 1 behind which it was"),
        several => format!("Resolved ticket {label} and {several} behind which it was"),
    });
    Ok(outcome(id, true))
}

fn one_resolved(tx: &WriteTx<'_>, id: Id, given: &Solution<'_>, at: Option<Timestamp>) -> Result<()> {
    let before = get(tx, id)?;
    let mut sets = Vec::new();
    for (name, text) in [("solution", given.solution), ("root_cause", given.root_cause)] {
        if let Some(text) = text.filter(|text| !text.trim().is_empty()) {
            let field = field::find(Noun::Ticket, name)
                .ok_or_else(|| Error::internal(format!("a ticket has no field {name}")))?;
            let text = typed::clean(name, text)?.trim().to_owned();
            sets.push((field, crate::domain::value::Value::Text(text)));
        }
    }
    rows::set(tx, Noun::Ticket, id, &sets)?;
    may_come(tx, &get(tx, id)?, Step::Verifying)?;
    arrive(tx, &before, Step::Verifying, Wait::Nobody, false, at)
}

/// Closes a solved ticket: the customer is content.
///
/// # Errors
///
/// `Invalid` for one that is not solved.
pub fn close(tx: &WriteTx<'_>, id: Id, at: Option<&str>) -> Result<Outcome> {
    let outcome = advance(tx, id, Some(Step::Closed), at)?;
    tx.describe(format!("Closed ticket {}", label(tx, id)?));
    Ok(outcome)
}

/// Calls a ticket off, for a reason.
///
/// # Errors
///
/// `Invalid` for one that is solved or closed, and without a reason.
pub fn cancel(tx: &WriteTx<'_>, id: Id, reason: &str, at: Option<&str>) -> Result<Outcome> {
    let before = get(tx, id)?;
    let at = moment(tx, at)?;
    may_cancel(tx, &before)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "reason: a ticket is called off for one"));
    }
    tickets::set_reason(tx, id, typed::clean("reason", reason)?.trim())?;
    arrive(tx, &before, Step::Closed, Wait::Nobody, true, at)?;
    tx.describe(format!("Cancelled ticket {}", label(tx, id)?));
    Ok(outcome(id, true))
}

/// Takes up a ticket again that was solved, closed or called off: the cause is looked for anew.
///
/// # Errors
///
/// `Invalid` for one that is open.
pub fn reopen(tx: &WriteTx<'_>, id: Id, reason: Option<&str>, at: Option<&str>) -> Result<Outcome> {
    let before = get(tx, id)?;
    let at = moment(tx, at)?;
    if !before.life.step.is_solved() {
        let message = format!(
            "ticket {} is {}; there is nothing to reopen",
            label(tx, id)?,
            stands(&before)
        );
        return Err(Error::invalid("step", message));
    }
    if let Some(reason) = reason {
        tickets::set_reason(tx, id, typed::clean("reason", reason)?.trim())?;
    }
    arrive(tx, &before, Step::Analyzing, Wait::Nobody, false, at)?;
    tx.describe(format!("Reopened ticket {}", label(tx, id)?));
    Ok(outcome(id, true))
}

/// The user whom a text names, who is to get tickets.
///
/// # Errors
///
/// `NotFound` if there is none.
pub fn user(tx: &ReadTx<'_>, text: &str) -> Result<Id> {
    refer::one(tx, Noun::User, text).map_err(|error| error.on_field("assignee"))
}

/// Refuses a step to which a ticket cannot come from where it is.
pub(super) fn may_come(tx: &ReadTx<'_>, ticket: &Ticket, step: Step) -> Result<()> {
    let allowed = ticket.life.step.allowed();
    if !allowed.contains(&step) {
        let names: Vec<String> = allowed.iter().map(|step| step.name().to_owned()).collect();
        let mut error = illegal(tx, ticket, step.name(), names)?;
        if step == Step::Closed && !ticket.life.step.is_solved() {
            let reference = super::reference(tx, ticket.id)?;
            let message = format!(
                "step: ticket {reference} is {}, and not solved; `crm ticket resolve {reference} --solution TEXT` comes first",
                stands(ticket)
            );
            error = Error::invalid("step", message);
        }
        return Err(error);
    }
    if step == Step::Assigned && ticket.assignee.is_none() {
        let reference = super::reference(tx, ticket.id)?;
        let message =
            format!("assignee: nobody works on it; `crm ticket take {reference}` or `crm ticket assign`");
        return Err(Error::invalid("assignee", message));
    }
    if step == Step::Verifying && ticket.solution.trim().is_empty() {
        return Err(Error::invalid(
            "solution",
            "solution: a solved ticket says how; give --solution",
        ));
    }
    Ok(())
}

/// Refuses to call off what is solved or closed.
pub(super) fn may_cancel(tx: &ReadTx<'_>, ticket: &Ticket) -> Result<()> {
    if ticket.life.step.is_solved() {
        let allowed = ticket
            .life
            .step
            .allowed()
            .into_iter()
            .map(|step| step.name().to_owned());
        return Err(illegal(tx, ticket, Status::Cancelled.name(), allowed.collect())?);
    }
    Ok(())
}

/// Lets a ticket come to a step, whatever was before.
pub(super) fn arrive(
    tx: &WriteTx<'_>,
    before: &Ticket,
    step: Step,
    wait: Wait,
    is_cancelled: bool,
    at: Option<Timestamp>,
) -> Result<()> {
    let last = tickets::stays(tx, before.id)?
        .last()
        .map(|stayed| stayed.stay.entered_at);
    let now = tx.caller().clock.now();
    let entered_at = match (at, last) {
        (Some(at), Some(last)) if at < last && !super::is_import(tx) => {
            let message = format!("at: {at} is before {last}, since when it is {}", stands(before));
            return Err(Error::invalid("at", message));
        }
        (at, last) => at.unwrap_or(now).max(last.unwrap_or(now)),
    };
    let stay = Stay {
        step,
        wait,
        is_cancelled,
        entered_at,
        left_at: None,
    };
    tickets::enter(tx, before.id, &stay)
}

/// The same for a step that is no end, by the record alone.
pub(super) fn enter(tx: &WriteTx<'_>, id: Id, step: Step, wait: Wait, at: Option<Timestamp>) -> Result<()> {
    arrive(tx, &get(tx, id)?, step, wait, false, at)
}

fn outcome(id: Id, changed: bool) -> Outcome {
    Outcome {
        id,
        created: false,
        changed,
    }
}
