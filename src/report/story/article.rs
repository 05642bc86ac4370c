//! What is told of an article: the tickets that it helped.

use super::{Limit, Section, TICKET, entries};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::{ReadTx, articles};

/// The sections of an article, but for those that every record has.
pub(super) fn sections(tx: &ReadTx<'_>, id: Id, limit: Limit) -> Result<Vec<Section>> {
    let tickets = articles::tickets(tx, id)?;
    let section = limit.section(
        "Tickets that it helped",
        entries(tx, Noun::Ticket, &tickets, TICKET)?,
    );
    Ok(section.into_iter().collect())
}
