//! One change made to many records, as one operation: what each of them became, which were so already, which were
//! refused and why.
//!
//! Nothing is gathered but ids and a bounded number of reasons, and what the rows touch is brought up to date now and
//! then, so that a hundred thousand records need no more memory than a thousand.

use std::collections::HashSet;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Candidate, Error, Kind, Result};
use crate::ops::refer;
use crate::store::records::{Fetch, Selected};
use crate::store::{ReadTx, WriteTx, links};

/// After so many records what they touch is brought up to date.
const SETTLE_EVERY: usize = 500;

/// Of so many refused records the reason is kept.
pub const MOST_REASONS: usize = 1000;

/// What is done with one record, or asked of it.
pub type Act<'p> = dyn Fn(&WriteTx<'_>, Id) -> Result<()> + 'p;

/// What is to be done with each record.
pub struct Plan<'p> {
    /// The kind of record.
    pub noun: Noun,
    /// Refuses a record before the first one is changed.
    pub check: Option<&'p Act<'p>>,
    /// Changes one record, or leaves it as it is.
    pub act: &'p Act<'p>,
}

/// Called with a record, a column, and its value before and after.
pub type Seen<'w> = dyn FnMut(Id, &Selected, &Value, &Value) -> Result<()> + 'w;

/// What became of the records.
#[derive(Debug, Default)]
pub struct Tally {
    /// The records that are now as they were to be, in order.
    pub accepted: Vec<Id>,
    /// How many of them were not so before.
    pub changed: u64,
    /// How many records were refused.
    pub refused: u64,
    /// The first of them, each with the reason as its detail; at most [`MOST_REASONS`].
    pub reasons: Vec<Candidate>,
    /// The first refusal itself.
    first: Option<Error>,
    /// Some were refused for another reason than the first.
    differ: bool,
}

/// Does to each of `ids` what the plan says.
///
/// # Errors
///
/// Whatever has nothing to do with the record at hand: a request that makes no sense, a full disk. A record that is
/// refused is no error here; see [`Tally::verdict`].
pub fn each(tx: &WriteTx<'_>, plan: &Plan<'_>, ids: &[Id]) -> Result<Tally> {
    run(tx, plan, ids, None)
}

/// Does the same, and tells of every value in `columns` that is another one afterwards.
///
/// # Errors
///
/// As [`each`], and whatever `seen` fails with.
pub fn watched(
    tx: &WriteTx<'_>,
    plan: &Plan<'_>,
    ids: &[Id],
    columns: &[Selected],
    seen: &mut Seen<'_>,
) -> Result<Tally> {
    run(tx, plan, ids, Some((columns, seen)))
}

fn run(
    tx: &WriteTx<'_>,
    plan: &Plan<'_>,
    ids: &[Id],
    mut watch: Option<(&[Selected], &mut Seen<'_>)>,
) -> Result<Tally> {
    let mut tally = Tally::default();
    let mut barred = HashSet::new();
    if let Some(check) = plan.check {
        for id in ids {
            if let Err(error) = check(tx, *id) {
                tally.refuse(tx, plan.noun, *id, error)?;
                barred.insert(*id);
            }
        }
    }
    let fetch = match &watch {
        Some((columns, _)) => Some(Fetch::new(tx, plan.noun, columns)?),
        None => None,
    };
    // The employer of a customer is read from a kept-up column.
    let settled =
        matches!(&watch, Some((columns, _)) if columns.iter().any(|column| column.name == "company"));
    for (at, id) in ids.iter().enumerate() {
        if barred.contains(id) {
            continue;
        }
        let before = match &fetch {
            Some(fetch) => fetch.get(tx, *id)?,
            None => None,
        };
        let changes = tx.changes();
        if let Err(error) = tx.attempt(|| (plan.act)(tx, *id)) {
            tally.refuse(tx, plan.noun, *id, error)?;
            continue;
        }
        tally.accepted.push(*id);
        tally.changed += u64::from(tx.changes() != changes);
        if settled || (at + 1) % SETTLE_EVERY == 0 {
            tx.settle()?;
        }
        if let (Some((columns, seen)), Some(fetch), Some(before)) = (&mut watch, &fetch, before) {
            let after = fetch.get(tx, *id)?.unwrap_or_default();
            for ((column, old), new) in columns.iter().zip(&before).zip(&after) {
                if old != new {
                    seen(*id, column, old, new)?;
                }
            }
        }
    }
    Ok(tally)
}

impl Tally {
    fn refuse(&mut self, tx: &ReadTx<'_>, noun: Noun, id: Id, error: Error) -> Result<()> {
        if !is_about_a_record(error.kind()) {
            return Err(error);
        }
        self.refused += 1;
        if self.reasons.len() < MOST_REASONS {
            let mut described = refer::described(tx, noun, &[id])?;
            for candidate in &mut described {
                candidate.detail = error.message().to_owned();
            }
            self.reasons.append(&mut described);
        }
        match &self.first {
            None => self.first = Some(error),
            Some(first) => self.differ |= first.message() != error.message(),
        }
        Ok(())
    }

    /// How many records were as they were to be before.
    pub fn unchanged(&self) -> u64 {
        u64::try_from(self.accepted.len()).unwrap_or(u64::MAX) - self.changed
    }

    /// Refuses the whole if one record was refused; with `keep_going` only if all were.
    ///
    /// # Errors
    ///
    /// The refusal itself if there is one record, or if all were refused for the same reason; else `Invalid` with the
    /// records and the reasons, or `Conflict` if the first reason is one.
    pub fn verdict(mut self, noun: Noun, going: Going) -> Result<Tally> {
        if self.refused == 0 || (going == Going::On && !self.accepted.is_empty()) {
            return Ok(self);
        }
        let count = self.refused + u64::try_from(self.accepted.len()).unwrap_or(0);
        match self.first.take() {
            Some(first) if count == 1 => Err(first),
            Some(first) if !self.differ && self.accepted.is_empty() => {
                Err(first.context(format!("all of {count} {}", noun.plural())))
            }
            first => {
                let kind = match first.map(|error| error.kind()) {
                    Some(Kind::Conflict) => Kind::Conflict,
                    _ => Kind::Invalid,
                };
                let message = format!(
                    "{} of {count} {} cannot be changed so; nothing was changed",
                    self.refused,
                    noun.plural()
                );
                Err(Error::new(kind, message).with_candidates(self.reasons))
            }
        }
    }
}

/// What one refused record means for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Going {
    /// Nothing is changed.
    Nowhere,
    /// The others are changed.
    On,
}

/// True for what is wrong with one record and may not be with the next.
fn is_about_a_record(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Invalid | Kind::Duplicate | Kind::Conflict | Kind::NotFound | Kind::Ambiguous
    )
}

/// Refuses a record that is not at `version` any more.
///
/// # Errors
///
/// `Conflict`, with who changed it when.
pub fn at_version(tx: &ReadTx<'_>, noun: Noun, id: Id, version: i64) -> Result<()> {
    let now = links::version(tx, noun, id)?.unwrap_or_default();
    if now == version {
        return Ok(());
    }
    let name = refer::name(tx, noun, id)?;
    let by = changed_by(tx, noun, id)?;
    let message = format!("{name} has version {now}, not {version}: {by}");
    Err(Error::new(Kind::Conflict, message))
}

/// Who changed a record when, for people: `changed by anna at 2026-11-27T09:00:00Z`.
pub fn changed_by(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let Some((who, at_ms)) = links::last_change(tx, noun, id)? else {
        return Ok("nobody has changed it".to_owned());
    };
    let at = jiff::Timestamp::from_millisecond(at_ms).unwrap_or_default();
    let at = at.to_zoned(tx.caller().clock.zone().clone());
    Ok(format!(
        "changed by {who} on {}",
        at.strftime("%Y-%m-%d at %H:%M")
    ))
}
