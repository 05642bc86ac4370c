//! Taking operations back, and doing them again.

use crate::domain::actor::Scope;
use crate::error::{Error, Kind, Result};
use crate::store::log::{self, Op, OpKind};
use crate::store::{WriteTx, undo};

/// Takes back operation `no`, or the caller's latest that stands; gives the operation that was taken back.
///
/// # Errors
///
/// `NotFound` if there is nothing to undo, `Conflict` if it is undone already or later work stands on it, `ReadOnly`
/// for somebody else's operation out of scope.
pub fn undo(tx: &WriteTx<'_>, no: Option<i64>) -> Result<Op> {
    let target = match no {
        Some(no) => named(tx, no)?,
        None => {
            log::latest_standing(tx)?.ok_or_else(|| Error::new(Kind::NotFound, "there is nothing to undo"))?
        }
    };
    allowed(tx, &target)?;
    let embodiment = embodiment(tx, &target)?;
    if matches!(embodiment.kind, OpKind::Undo(_)) {
        return Err(Error::new(
            Kind::Conflict,
            format!("operation {} is undone already", target.no),
        ));
    }
    undo::invert(tx, &embodiment, OpKind::Undo(target.id))?;
    tx.describe(format!("Undid {}: {}", target.no, target.title));
    Ok(target)
}

/// Does operation `no` again, or the one that the caller undid last; gives the operation that was done again.
///
/// # Errors
///
/// As [`undo()`].
pub fn redo(tx: &WriteTx<'_>, no: Option<i64>) -> Result<Op> {
    let target = match no {
        Some(no) => named(tx, no)?,
        None => {
            log::latest_undone(tx)?.ok_or_else(|| Error::new(Kind::NotFound, "there is nothing to redo"))?
        }
    };
    allowed(tx, &target)?;
    let embodiment = embodiment(tx, &target)?;
    if !matches!(embodiment.kind, OpKind::Undo(_)) {
        return Err(Error::new(
            Kind::Conflict,
            format!("operation {} is not undone", target.no),
        ));
    }
    undo::invert(tx, &embodiment, OpKind::Redo(target.id))?;
    tx.describe(format!("Redid {}: {}", target.no, target.title));
    Ok(target)
}

/// The operation with this number; of an undo or redo the one it is about.
fn named(tx: &WriteTx<'_>, no: i64) -> Result<Op> {
    let missing = || Error::new(Kind::NotFound, format!("there is no operation {no}"));
    let op = log::by_number(tx, no)?.ok_or_else(missing)?;
    match op.kind {
        OpKind::Do => Ok(op),
        OpKind::Undo(target) | OpKind::Redo(target) => log::by_id(tx, target)?.ok_or_else(missing),
    }
}

fn embodiment(tx: &WriteTx<'_>, target: &Op) -> Result<Op> {
    log::embodiment(tx, target.id)?.ok_or_else(|| Error::internal("an operation has vanished"))
}

/// Who does not see everything may take back only own operations.
fn allowed(tx: &WriteTx<'_>, target: &Op) -> Result<()> {
    let actor = &tx.caller().actor;
    if actor.scope == Scope::All || target.actor == actor.name {
        return Ok(());
    }
    Err(Error::new(
        Kind::ReadOnly,
        format!("operation {} is {}'s", target.no, target.actor),
    ))
}
