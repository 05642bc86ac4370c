//! Tickets that belong together: a problem with what came of it, and one that was written down twice.

use super::{get, label, reference, stands};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::{Outcome, refer};
use crate::store::tickets;
use crate::store::{ReadTx, WriteTx};

/// Says which problem is behind a ticket; none for none any more.
///
/// # Errors
///
/// `Invalid` for itself, for a problem that has one behind it, and for one that is the problem behind others.
pub fn link(tx: &WriteTx<'_>, id: Id, parent: Option<Id>) -> Result<Outcome> {
    let changed = tickets::set_parent(tx, id, parent)?;
    fits(tx, id)?;
    let own = label(tx, id)?;
    tx.describe(match parent {
        Some(parent) => format!("Put ticket {own} under {}", label(tx, parent)?),
        None => format!("Took ticket {own} from its problem"),
    });
    Ok(Outcome::kept(id, changed))
}

/// Refuses a problem that does not fit: problems are one level deep.
pub(super) fn fits(tx: &ReadTx<'_>, id: Id) -> Result<()> {
    let Some(parent) = get(tx, id)?.parent else {
        return Ok(());
    };
    let refuse = |message: String| Err(Error::invalid("parent", message));
    if parent == id {
        return refuse("parent: a ticket is not the problem behind itself".to_owned());
    }
    let problem = get(tx, parent)?;
    if problem.is_trashed {
        return refuse(format!(
            "parent: ticket {} is in the trash",
            reference(tx, parent)?
        ));
    }
    if let Some(above) = problem.parent {
        let (problem, above) = (reference(tx, parent)?, reference(tx, above)?);
        return refuse(format!(
            "parent: ticket {problem} has a problem behind it itself, {above}"
        ));
    }
    match tickets::children(tx, id)?.first() {
        Some(child) => {
            let (own, child) = (reference(tx, id)?, reference(tx, *child)?);
            refuse(format!(
                "parent: ticket {own} is the problem behind others itself, {child}"
            ))
        }
        None => Ok(()),
    }
}

/// Merges tickets into another: what was written, files, labels, activities and what they are behind go there, they
/// themselves into the trash. Their refs lead to the one they live on in.
///
/// # Errors
///
/// `Invalid` for a ticket and itself; `Conflict` for one that is in the trash or was merged.
pub fn merge(tx: &WriteTx<'_>, from: &[Id], into: Id) -> Result<Outcome> {
    let survivor = get(tx, into)?;
    for id in from {
        let ticket = get(tx, *id)?;
        if *id == into {
            return Err(Error::invalid("into", "a ticket cannot be merged into itself"));
        }
        for ticket in [&ticket, &survivor] {
            if ticket.is_trashed || ticket.merged_into.is_some() {
                let message = format!("ticket {} is in the trash", reference(tx, ticket.id)?);
                return Err(Error::new(Kind::Conflict, message));
            }
        }
        tickets::gather(tx, *id, into)?;
    }
    let names: Vec<String> = from.iter().map(|id| reference(tx, *id)).collect::<Result<_>>()?;
    tx.describe(format!(
        "Merged ticket {} into {}",
        names.join(", "),
        label(tx, into)?
    ));
    Ok(Outcome::kept(into, true))
}

/// The tickets that a problem is behind, in words, for those who close it.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn still_open(tx: &ReadTx<'_>, id: Id) -> Result<Option<String>> {
    let mut open = Vec::new();
    for child in tickets::children(tx, id)? {
        let ticket = get(tx, child)?;
        if !ticket.life.step.is_solved() {
            open.push(format!("{} ({})", reference(tx, child)?, stands(&ticket)));
        }
    }
    Ok((!open.is_empty()).then(|| format!("still open behind it: {}", open.join(", "))))
}

/// Refuses to take a merged ticket out of the trash.
pub(crate) fn restorable(tx: &ReadTx<'_>, id: Id) -> Result<()> {
    match tickets::survivor(tx, id)? {
        Some(survivor) => {
            let (own, other) = (
                refer::name(tx, Noun::Ticket, id)?,
                refer::name(tx, Noun::Ticket, survivor)?,
            );
            let message = format!("cannot restore {own}: it was merged into {other}");
            Err(Error::new(Kind::Conflict, message))
        }
        None => Ok(()),
    }
}
