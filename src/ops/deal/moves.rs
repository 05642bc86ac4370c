//! How a deal moves through its pipeline: which moves are legal, and what each brings about.

use jiff::civil::Date;

use crate::domain::deal::{Direction, direction};
use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::customer;
use crate::ops::draft::Draft;
use crate::ops::process::{self, Step};
use crate::store::deals::{self, Closed, Deal, Entry, Facts};
use crate::store::rows::{self, Set};
use crate::store::seed::{self, Stage};
use crate::store::{ReadTx, WriteTx, pipelines, rates};

/// A move that has been checked.
#[derive(Debug)]
pub(super) struct Move {
    to: Stage,
    direction: Direction,
    on: Date,
    /// Whether somebody makes it, and is held to the rules of the stages.
    is_asked: bool,
}

impl Move {
    /// Checks a move of `deal` to `to`. `on` is the day of a close; none for today. `draft` is what else is to change with
    /// it; none for a move that nobody asked for, because a stage goes.
    ///
    /// # Errors
    ///
    /// `Invalid` with the legal stages, for a close before the deal was opened, or for what the stages ask and the deal
    /// does not have.
    pub(super) fn plan(
        tx: &ReadTx<'_>,
        deal: &Deal,
        to: Stage,
        on: Option<Date>,
        draft: Option<&Draft>,
    ) -> Result<Move> {
        let from = pipelines::stage(tx, deal.stage)?
            .ok_or_else(|| Error::internal(format!("deal {} is in no stage", deal.id)))?;
        let Some(direction) = direction((from.kind, rank(tx, &from)?), (to.kind, rank(tx, &to)?)) else {
            return Err(illegal(tx, &from, &to)?);
        };
        let today = tx.caller().clock.today();
        let since = deals::intervals(tx, deal.id)?
            .last()
            .map_or(deal.opened_on, |interval| interval.entered_on);
        let on = match (direction, on) {
            (Direction::Close, Some(day)) => day,
            (Direction::Close, None) => deal.closed.as_ref().map_or(today, |closed| closed.on),
            (_, Some(_)) => return Err(not_closed()),
            (_, None) => today.max(since),
        };
        span(deal.opened_on, Some(on))?;
        if let Some(draft) = draft {
            let step = Step {
                from: Some(&from),
                to: &to,
                direction,
            };
            process::check(tx, Some(deal), &step, draft)?;
        }
        Ok(Move {
            to,
            direction,
            on,
            is_asked: draft.is_some(),
        })
    }

    /// What it is, as titles of operations say it of the deal that is `label`.
    pub(super) fn title(&self, label: &str) -> String {
        match (self.direction, self.to.kind) {
            (Direction::Reopen, _) => format!("Reopened deal {label}"),
            (Direction::Close, StageType::Won) => format!("Won deal {label}"),
            (Direction::Close, StageType::Lost) => format!("Lost deal {label}"),
            _ => format!("Moved deal {label} to {}", self.to.key),
        }
    }

    pub(super) fn direction(&self) -> Direction {
        self.direction
    }

    /// Makes the move: history, place, what is frozen, what follows the stage.
    pub(super) fn make(&self, tx: &WriteTx<'_>, id: Id) -> Result<()> {
        let deal = get(tx, id)?;
        follow(tx, &deal, &self.to)?;
        let probability = get(tx, id)?.probability.value;
        deals::enter(
            tx,
            id,
            &Entry {
                stage: self.to.id,
                on: self.on,
                direction: self.direction,
                amount: deal.amount,
                probability,
            },
        )?;
        let closed = match (self.to.kind, &deal.closed) {
            (StageType::Open, _) => None,
            (_, Some(closed)) => Some(Closed {
                on: self.on,
                ..closed.clone()
            }),
            (_, None) => Some(Closed {
                on: self.on,
                rate: frozen_rate(tx, deal.currency, self.on)?,
                owner: deal.owner,
                last_open_stage: Some(deal.stage),
            }),
        };
        if self.direction == Direction::Reopen {
            let forgotten = [set("lost_reason", Value::Null)?, set("lost_note", Value::Null)?];
            rows::set(tx, Noun::Deal, id, &forgotten)?;
        }
        let since = deals::fit(tx, id, deal.opened_on, closed.as_ref().map(|closed| closed.on))?;
        let facts = Facts {
            stage: Some(self.to.clone()),
            since: Some(since),
            closed: Some(closed),
            ..Facts::default()
        };
        deals::set(tx, id, &facts)?;
        if self.is_asked && !super::is_import(tx) {
            process::enter(tx, &deal, &self.to)?;
        }
        Ok(())
    }
}

/// A deal that must be there.
pub(super) fn get(tx: &ReadTx<'_>, id: Id) -> Result<Deal> {
    deals::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Deal, &id.uid()))
}

/// Lets the probability and the category follow a stage, as far as no person has set them; with their history.
fn follow(tx: &WriteTx<'_>, deal: &Deal, stage: &Stage) -> Result<()> {
    let mut sets: Vec<Set> = Vec::new();
    if !deal.probability.is_manual {
        sets.push(set("probability", Value::Percent(stage.probability))?);
    }
    if !deal.category.is_manual {
        sets.push(set("category", Value::Text(stage.category.clone()))?);
    }
    rows::set(tx, Noun::Deal, deal.id, &sets)?;
    Ok(())
}

/// A field of a deal and its value.
pub(super) fn set(name: &str, value: Value) -> Result<Set> {
    let field = field::find(Noun::Deal, name)
        .ok_or_else(|| Error::internal(format!("a deal has no field {name}")))?;
    Ok((field, value))
}

/// The rate at which a closed deal counts for good; none without an amount or a rate.
pub(super) fn frozen_rate(tx: &ReadTx<'_>, currency: Option<Currency>, day: Date) -> Result<Option<i64>> {
    match currency {
        Some(currency) => Ok(rates::on(tx, currency, day)?.map(|rate| rate.nano())),
        None => Ok(None),
    }
}

/// Refuses a deal that closes before it opens.
pub(super) fn span(opened_on: Date, closed_on: Option<Date>) -> Result<()> {
    match closed_on {
        Some(closed_on) if closed_on < opened_on => Err(Error::invalid(
            "closed_on",
            format!("closed_on: {closed_on} is before the deal was opened on {opened_on}"),
        )),
        _ => Ok(()),
    }
}

/// Refuses a day of closing for a deal that is open.
pub(super) fn not_closed() -> Error {
    Error::invalid("closed_on", "closed_on: a deal in an open stage has none")
}

/// Refuses a loss without a reason, and a reason that says nothing.
///
/// # Errors
///
/// `Invalid` on `lost_reason` or `lost_note`.
pub(super) fn excuse(kind: StageType, reason: &str, note: &str) -> Result<()> {
    match (kind, reason) {
        (StageType::Open | StageType::Won, "") => Ok(()),
        (StageType::Open | StageType::Won, _) => Err(Error::invalid(
            "lost_reason",
            format!("lost_reason: the deal is {}, not lost", kind.name()),
        )),
        (StageType::Lost, "") => Err(Error::invalid(
            "lost_reason",
            "lost_reason: a lost deal needs a reason",
        )),
        (_, "other") if note.trim().is_empty() => Err(Error::invalid(
            "lost_note",
            "lost_note: the reason other needs a note",
        )),
        _ => Ok(()),
    }
}

/// Moves the customer's lifecycle on to what a deal in a stage of this type shows; never back.
pub(super) fn advance(tx: &WriteTx<'_>, deal: &Deal, kind: StageType) -> Result<()> {
    let Some(customer) = deal.customer else {
        return Ok(());
    };
    let shown = match kind {
        StageType::Open | StageType::Lost => "opportunity",
        StageType::Won if deals::has_bought_before(tx, customer, deal.id)? => "repeat_customer",
        StageType::Won => "first_customer",
        StageType::Abandoned => return Ok(()),
    };
    customer::raise(tx, customer, shown)
}

/// The place of a stage among the open stages of its pipeline; also of one in the trash.
fn rank(tx: &ReadTx<'_>, stage: &Stage) -> Result<usize> {
    Ok(seed::stages(tx, stage.pipeline)?
        .iter()
        .filter(|other| other.kind == StageType::Open && other.position < stage.position)
        .count())
}

fn illegal(tx: &ReadTx<'_>, from: &Stage, to: &Stage) -> Result<Error> {
    let legal: Vec<String> = seed::stages(tx, from.pipeline)?
        .into_iter()
        .filter(|stage| stage.id != from.id && direction((from.kind, 0), (stage.kind, 0)).is_some())
        .map(|stage| stage.key)
        .collect();
    let message = format!(
        "stage: a deal that is {} cannot move to {}, only to {}",
        from.kind.name(),
        to.key,
        legal.join(", ")
    );
    Ok(Error::invalid("stage", message).with_near(legal))
}
