//! Of whom it was said that they are two, when one of them is a part of another, or is not one any more.

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::merge::apart::{Verdict, Why, number};
use crate::store::merge::past::{Image, Merges};
use crate::store::tx::{ReadTx, WriteTx};
use crate::store::{customers, duplicates};

/// The table of those of whom it was said.
pub(super) const TOLD_APART: &str = "not_duplicate";

/// Lets a row be about whoever the two of whom it was said are a part of now; it goes where these are one, or another row
/// says it of them, and comes back where a merge had taken it out.
pub(super) fn settle(tx: &WriteTx<'_>, merges: &Merges, row: Id, customer: Id) -> Result<Verdict> {
    let now = duplicates::ends(tx, row)?;
    let known = match now {
        Some(ends) => Some(ends),
        None => merges.taken_out(tx, TOLD_APART, row)?.as_ref().and_then(ends),
    };
    let Some((one, other)) = known else {
        return Ok(Verdict::Kept(Why::Gone));
    };
    let origin = Merges::origin(tx, (TOLD_APART, row))?;
    let said = |column: &str, now: Id| number(origin.get(column)).map_or(now, Id::from_raw);
    let (one, other) = (said("customer_id", one), said("other_id", other));
    let homes = (home(tx, one)?, home(tx, other)?);
    if now.is_none() && !duplicates::is_told(tx, homes)? {
        // By whom it was said, so that it is known when that one leaves.
        duplicates::put_back(tx, row, (one, other))?;
    }
    duplicates::restate(tx, row, homes)?;
    let is_back = homes.0 != homes.1 && [homes.0, homes.1].contains(&customer);
    Ok(if is_back { Verdict::Back } else { Verdict::Nothing })
}

fn ends(image: &Image) -> Option<(Id, Id)> {
    let end = |column: &str| number(image.get(column)).map(Id::from_raw);
    Some((end("customer_id")?, end("other_id")?))
}

/// Who somebody is a part of now, or the one itself.
fn home(tx: &ReadTx<'_>, customer: Id) -> Result<Id> {
    let known = customers::kind_and_survivor(tx, customer)?;
    Ok(known.and_then(|(_, survivor)| survivor).unwrap_or(customer))
}
