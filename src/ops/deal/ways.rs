//! The ways of a deal by name: to a stage, won, lost, opened again. Each is an edit of its stage.

use jiff::civil::Date;

use super::moves::{self, Move};
use super::{edit, place};
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::pipeline::StageType;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::Lists;
use crate::ops::typed::Policy;
use crate::store::seed::Stage;
use crate::store::{WriteTx, pipelines};

/// Moves a deal to the stage of its pipeline with this key or label.
///
/// # Errors
///
/// `Invalid` with the legal stages; also for a loss, which needs a reason.
pub fn move_to(tx: &WriteTx<'_>, id: Id, stage: &str) -> Result<Outcome> {
    let stage = ("stage".to_owned(), Input::text(stage));
    edit(tx, id, &[stage], Lists::Replace, &Policy::strict())
}

/// The same, with further fields in the same edit: what the stage asks for may be given with the move.
///
/// # Errors
///
/// As [`move_to`]; `Invalid` for a value.
pub fn move_with(tx: &WriteTx<'_>, id: Id, stage: &str, given: &[Assignment]) -> Result<Outcome> {
    let mut assignments = given.to_vec();
    assignments.push(("stage".to_owned(), Input::text(stage)));
    edit(tx, id, &assignments, Lists::Replace, &Policy::strict())
}

/// Wins a deal on a day; none for today. Winning a won deal again changes its day, if one is given.
///
/// # Errors
///
/// `Invalid` if it has ended otherwise, or was opened later.
pub fn win(tx: &WriteTx<'_>, id: Id, on: Option<Date>) -> Result<Outcome> {
    close(tx, id, StageType::Won, on, Vec::new())
}

/// Loses a deal on a day, for a reason from the picklist; the reason `other` needs a note.
///
/// # Errors
///
/// `Invalid` without a reason, if it has ended otherwise, or was opened later.
pub fn lose(tx: &WriteTx<'_>, id: Id, on: Option<Date>, reason: &str, note: Option<&str>) -> Result<Outcome> {
    let mut assignments = vec![("lost_reason".to_owned(), Input::text(reason))];
    assignments.extend(note.map(|note| ("lost_note".to_owned(), Input::text(note))));
    close(tx, id, StageType::Lost, on, assignments)
}

/// Ends a deal on a day, with further fields in the same edit.
///
/// # Errors
///
/// As [`win`] and [`lose`]; `Invalid` for a value.
pub fn close(
    tx: &WriteTx<'_>,
    id: Id,
    kind: StageType,
    on: Option<Date>,
    mut assignments: Vec<Assignment>,
) -> Result<Outcome> {
    let deal = moves::get(tx, id)?;
    let current = pipelines::stage(tx, deal.stage)?.filter(|stage| stage.kind == kind);
    if current.is_none() {
        let stage = place::ending(tx, &deal, kind)?;
        assignments.push(("stage".to_owned(), Input::text(stage.key)));
    }
    assignments.extend(on.map(|day| ("closed_on".to_owned(), Input::text(day.to_string()))));
    edit(tx, id, &assignments, Lists::Replace, &Policy::strict())
}

/// Opens a closed deal again, in the stage in which it was last; the history keeps how it ended.
///
/// # Errors
///
/// `Invalid` if it is open.
pub fn reopen(tx: &WriteTx<'_>, id: Id) -> Result<Outcome> {
    let deal = moves::get(tx, id)?;
    let Some(closed) = &deal.closed else {
        return Err(Error::invalid("stage", "stage: the deal is open"));
    };
    let stage = match closed.last_open_stage {
        Some(last) => place::reopening(tx, &deal, last)?,
        None => place::first_open(tx, deal.pipeline)?,
    };
    move_to(tx, id, &stage.key)
}

/// Moves a deal out of a stage that goes, to another of the same type.
pub(crate) fn relocate(tx: &WriteTx<'_>, id: Id, to: &Stage) -> Result<()> {
    let deal = moves::get(tx, id)?;
    Move::plan(tx, &deal, to.clone(), None, None)?.make(tx, id)
}
