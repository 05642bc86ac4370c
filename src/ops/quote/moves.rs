//! Where a quote stands: sent, accepted, rejected, void, a draft again; and what that means for its other versions.

use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::sale::QuoteStatus;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::quote::{empty, get, label, reference, runs_out_before};
use crate::ops::{sale, typed};
use crate::store::quotes::{self, Facts, Quote};
use crate::store::{ReadTx, WriteTx};

/// How a quote is moved.
#[derive(Debug, Clone, Default)]
pub struct Move {
    /// On which day; none for today.
    pub on: Option<Date>,
    /// Until when it can be accepted; none to leave that as it is.
    pub until: Option<Date>,
    /// Why; none to leave that as it is.
    pub reason: Option<String>,
}

/// Moves a quote to a status. One that is sent, or accepted, makes the other versions void that were open.
///
/// # Errors
///
/// `Invalid` for an illegal move, with the legal ones; for a day that is past already; if another version was accepted.
pub fn move_to(tx: &WriteTx<'_>, id: Id, status: QuoteStatus, step: &Move) -> Result<Outcome> {
    let before = get(tx, id)?;
    let changes = tx.changes();
    place(tx, &before, status, step)?;
    tx.describe(format!("{} quote {}", done(status), label(tx, id)?));
    Ok(Outcome {
        id,
        created: false,
        changed: tx.changes() != changes,
    })
}

/// Takes back what was decided, or that it was made void: the customer has it again, if ever it was sent.
///
/// # Errors
///
/// As [`move_to`].
pub fn reopen(tx: &WriteTx<'_>, id: Id, step: &Move) -> Result<Outcome> {
    let before = get(tx, id)?;
    let status = match (before.status, before.sent_on) {
        (QuoteStatus::Void, _) | (_, None) => QuoteStatus::Draft,
        (_, Some(_)) => QuoteStatus::Sent,
    };
    // What goes on keeps the day on which it was sent.
    let step = Move {
        on: before.sent_on.filter(|_| status == QuoteStatus::Sent),
        ..step.clone()
    };
    let outcome = move_to(tx, id, status, &step)?;
    tx.describe(format!("Reopened quote {}", label(tx, id)?));
    Ok(outcome)
}

/// Writes the status and what it brings about.
pub(super) fn place(tx: &WriteTx<'_>, before: &Quote, status: QuoteStatus, step: &Move) -> Result<()> {
    if !before.status.allowed().contains(&status) {
        return Err(illegal(tx, before, status)?);
    }
    let today = tx.caller().clock.today();
    let day = step.on.unwrap_or(today);
    if before.status == QuoteStatus::Accepted {
        no_order(tx, before)?;
    }
    let mut facts = Facts {
        status: Some(status),
        decided_on: Some(status.is_decided().then_some(day)),
        valid_until: step.until,
        ..Facts::default()
    };
    match status {
        QuoteStatus::Sent | QuoteStatus::Accepted => {
            if quotes::lines(tx, before.id)?.is_empty() && !sale::is_import(tx) {
                return Err(empty());
            }
            others_give_way(tx, before, status, day)?;
        }
        QuoteStatus::Draft => facts.sent_on = Some(None),
        _ => {}
    }
    if status == QuoteStatus::Sent {
        facts.sent_on = Some(Some(day));
        let until = step.until.or(before.valid_until);
        if let Some(until) = until.filter(|until| *until < today.max(day))
            && !sale::is_import(tx)
        {
            return Err(match step.on {
                Some(on) if until < on => runs_out_before(until, on),
                _ => past(tx, before, until)?,
            });
        }
    }
    if !matches!(status, QuoteStatus::Rejected | QuoteStatus::Void) && before.status.is_decided() {
        facts.reason = Some(String::new());
    }
    if let Some(reason) = &step.reason {
        facts.reason = Some(typed::clean("reason", reason)?);
    }
    quotes::set(tx, before.id, &facts)?;
    Ok(())
}

/// A customer who has a new version cannot take an old one, and one who took a version needs no other.
fn others_give_way(tx: &WriteTx<'_>, quote: &Quote, status: QuoteStatus, day: Date) -> Result<()> {
    let others = quotes::versions(tx, quote.first, quote.id)?;
    if let Some((other, _)) = others.iter().find(|(_, known)| *known == QuoteStatus::Accepted) {
        let message = format!(
            "status: {}, another version of {}, is accepted",
            reference(tx, *other)?,
            reference(tx, quote.id)?
        );
        return Err(Error::invalid("status", message));
    }
    for (other, known) in others {
        let gives_way = match known {
            QuoteStatus::Sent | QuoteStatus::Expired => true,
            QuoteStatus::Draft => status == QuoteStatus::Accepted,
            _ => false,
        };
        if gives_way {
            let facts = Facts {
                status: Some(QuoteStatus::Void),
                decided_on: Some(Some(day)),
                ..Facts::default()
            };
            quotes::set(tx, other, &facts)?;
        }
    }
    Ok(())
}

/// Refuses to take back what an order stands on.
fn no_order(tx: &ReadTx<'_>, quote: &Quote) -> Result<()> {
    let Some(order) = quotes::orders(tx, quote.id)?.first().copied() else {
        return Ok(());
    };
    let order = sale::reference(tx, crate::domain::noun::Noun::Order, order)?;
    let message = format!(
        "status: order {order} was made of quote {}; `crm order cancel {order}` first",
        reference(tx, quote.id)?
    );
    Err(Error::invalid("status", message))
}

fn past(tx: &ReadTx<'_>, quote: &Quote, until: Date) -> Result<Error> {
    let reference = reference(tx, quote.id)?;
    let message =
        format!("valid_until: quote {reference} was good until {until}; say until when it is: --until +30d");
    Ok(Error::invalid("valid_until", message))
}

/// What was done to a quote that is in this status now.
pub(super) fn done(status: QuoteStatus) -> &'static str {
    match status {
        QuoteStatus::Draft => "Reopened",
        QuoteStatus::Sent | QuoteStatus::Expired => "Sent",
        QuoteStatus::Accepted => "Accepted",
        QuoteStatus::Rejected => "Rejected",
        QuoteStatus::Void => "Made void",
    }
}

fn illegal(tx: &ReadTx<'_>, quote: &Quote, to: QuoteStatus) -> Result<Error> {
    let allowed: Vec<String> = quote
        .status
        .allowed()
        .iter()
        .map(|status| status.name().to_owned())
        .collect();
    let message = format!(
        "status: quote {} is {}, and can only become {}; not {}",
        reference(tx, quote.id)?,
        quote.status.name(),
        allowed.join(", "),
        to.name()
    );
    Ok(Error::invalid("status", message).with_near(allowed))
}
