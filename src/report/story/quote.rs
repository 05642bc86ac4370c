//! What is told of a quote: what is in it, its other versions, what came of it.

use super::{Limit, ORDER, Section, entries, order};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::store::{ReadTx, around, quotes};

/// Columns of other versions.
const VERSION: &[&str] = &["name", "revision", "status", "total", "valid_until"];

/// The sections of a quote, but for those that every record has.
pub(super) fn sections(tx: &ReadTx<'_>, id: Id, limit: Limit) -> Result<Vec<Section>> {
    let quote = quotes::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Quote, &id.uid()))?;
    let lines = quotes::lines(tx, id)?;
    let mut sections = Vec::new();
    sections.extend(limit.section("Lines", order::lines(tx, quote.terms.currency, &lines)?));
    let versions = around::versions(tx, id)?;
    sections.extend(limit.section("Other versions", entries(tx, Noun::Quote, &versions, VERSION)?));
    let orders = around::orders_of_quote(tx, id)?;
    sections.extend(limit.section("Orders", entries(tx, Noun::Order, &orders, ORDER)?));
    Ok(sections)
}
