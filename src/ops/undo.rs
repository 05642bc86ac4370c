//! Taking operations back, and doing them again.

use jiff::civil::Date;

use crate::domain::actor::Scope;
use crate::domain::clock::Clock;
use crate::domain::horizon::Horizon;
use crate::domain::when::instant;
use crate::error::{Error, Kind, Result};
use crate::store::log::{self, Op, OpKind};
use crate::store::trim::{self, Forgotten, Keep};
use crate::store::{ReadTx, WriteTx, undo};

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
    let op = match log::by_number(tx, no)? {
        Some(op) => op,
        None => return Err(missing(tx, no)?),
    };
    let target = match op.kind {
        OpKind::Do => return Ok(op),
        OpKind::Undo(target) | OpKind::Redo(target) => log::by_id(tx, target)?,
    };
    match target {
        Some(target) => Ok(target),
        None => Err(beyond(tx, &format!("what operation {no} was about"))?),
    }
}

/// There is no such operation, or none any more.
fn missing(tx: &ReadTx<'_>, no: i64) -> Result<Error> {
    if (1..=trim::horizon(tx)?.forgotten).contains(&no) {
        return beyond(tx, &format!("operation {no}"));
    }
    Ok(Error::new(Kind::NotFound, format!("there is no operation {no}")))
}

fn beyond(tx: &ReadTx<'_>, what: &str) -> Result<Error> {
    let begins = match trim::horizon(tx)?.first {
        Some(first) => format!("the log begins with operation {first}"),
        None => "the log is empty".to_owned(),
    };
    Ok(Error::new(
        Kind::NotFound,
        format!("{what} is beyond the horizon of undo: {begins}"),
    ))
}

/// Forgets the oldest operations, which cannot be undone any more.
///
/// # Errors
///
/// `ReadOnly` for who does not see everything.
pub fn trim(tx: &WriteTx<'_>, keep: Keep) -> Result<Forgotten> {
    if tx.caller().actor.scope != Scope::All {
        return Err(Error::new(
            Kind::ReadOnly,
            "only who sees everything can forget operations",
        ));
    }
    trim::trim(tx, keep)
}

/// What of the log an [`Horizon`] keeps today; none for all of it.
pub fn kept_by(horizon: Horizon, clock: &Clock) -> Option<Keep> {
    match horizon {
        Horizon::Forever => None,
        Horizon::Operations(count) => Some(Keep::Newest(u64::from(count))),
        Horizon::Days(_) | Horizon::Months(_) => {
            horizon.first_day(clock.today()).map(|day| since(day, clock))
        }
    }
}

/// What of the log is kept if everything before `day` is forgotten.
pub fn since(day: Date, clock: &Clock) -> Keep {
    Keep::Since(instant::instant_of(day.at(0, 0, 0, 0), clock.zone()).as_millisecond())
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
