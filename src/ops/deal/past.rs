//! The stays of a deal as the history of another program tells them, in place of those that an import can only guess.

use jiff::civil::Date;

use crate::domain::deal::{self, Direction};
use crate::domain::id::Id;
use crate::domain::pipeline::StageType;
use crate::error::Result;
use crate::ops::deal::moves;
use crate::store::deals::{self, Closed, Deal, Entry, Facts, Interval};
use crate::store::seed::{self, Stage};
use crate::store::{WriteTx, pipelines};

/// A stay in a stage.
#[derive(Debug, Clone)]
pub(crate) struct Stay {
    /// First day.
    pub(crate) on: Date,
    /// The stage.
    pub(crate) stage: Stage,
    /// What the deal was worth, in minor units, if it is known.
    pub(crate) amount: Option<i64>,
    /// The chance of winning, if it was another than that of the stage.
    pub(crate) probability: Option<i64>,
}

/// Lets a deal have been where `told` says, in any order. What it did later than that stays, and it is where it is: the last
/// stay is that in its stage. True if anything was different.
///
/// # Errors
///
/// Whatever the store fails with.
pub(crate) fn retell(tx: &WriteTx<'_>, id: Id, mut told: Vec<Stay>) -> Result<bool> {
    told.sort_by_key(|stay| stay.on);
    let Some(last) = told.last().map(|stay| stay.on) else {
        return Ok(false);
    };
    let before = moves::get(tx, id)?;
    let known = deals::intervals(tx, id)?;
    for interval in known.iter().filter(|interval| interval.entered_on > last) {
        told.extend(own(tx, &before, interval)?);
    }
    if let Some(interval) = known.last()
        && told.last().is_some_and(|stay| stay.stage.id != before.stage)
    {
        told.extend(own(tx, &before, interval)?);
    }
    told.dedup_by(|next, stay| next.stage.id == stay.stage.id);
    if let [end] = told.as_slice()
        && end.stage.kind != StageType::Open
    {
        // The end alone says nothing of the way to it.
        return Ok(false);
    }
    let opened_on = told
        .first()
        .map_or(before.opened_on, |first| first.on.min(before.opened_on));
    let closed_on = before.closed.as_ref().map(|closed| closed.on);
    let count = told.len();
    let mut before_it = opened_on;
    for (at, stay) in told.iter_mut().enumerate() {
        stay.on = match closed_on {
            Some(closed_on) if at + 1 == count => closed_on,
            _ if at == 0 => opened_on,
            Some(closed_on) => stay.on.max(before_it).min(closed_on),
            None => stay.on.max(before_it),
        };
        before_it = stay.on;
    }
    let entries = entries(tx, &told)?;
    let changed = deals::retell(tx, id, &entries)?;
    let facts = Facts {
        opened_on: Some(opened_on),
        since: told.last().map(|stay| stay.on),
        closed: before.closed.map(|closed| {
            let open = told.iter().rev().find(|stay| stay.stage.kind == StageType::Open);
            Some(Closed {
                last_open_stage: open.map(|stay| stay.stage.id).or(closed.last_open_stage),
                ..closed
            })
        }),
        ..Facts::default()
    };
    Ok(deals::set(tx, id, &facts)? || changed)
}

/// A stay that the base itself knows.
fn own(tx: &WriteTx<'_>, deal: &Deal, interval: &Interval) -> Result<Option<Stay>> {
    let stage = pipelines::stage(tx, interval.stage)?;
    Ok(stage.map(|stage| Stay {
        on: interval.entered_on,
        probability: (stage.id == deal.stage).then_some(deal.probability.value),
        stage,
        amount: deal.amount,
    }))
}

/// The stays with how the deal came into each.
fn entries(tx: &WriteTx<'_>, stays: &[Stay]) -> Result<Vec<Entry>> {
    let mut entries = Vec::with_capacity(stays.len());
    let mut from: Option<(StageType, usize)> = None;
    for stay in stays {
        let stages = seed::stages(tx, stay.stage.pipeline)?;
        let rank = stages
            .iter()
            .filter(|other| other.kind == StageType::Open && other.position < stay.stage.position)
            .count();
        let to = (stay.stage.kind, rank);
        let direction = match from {
            None => Direction::Create,
            // What could not happen here, another program may have allowed.
            Some(from) => deal::direction(from, to).unwrap_or(Direction::Close),
        };
        from = Some(to);
        entries.push(Entry {
            stage: stay.stage.id,
            on: stay.on,
            direction,
            amount: stay.amount,
            probability: stay.probability.unwrap_or(stay.stage.probability),
        });
    }
    Ok(entries)
}
