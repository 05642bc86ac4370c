//! What the page of duplicates reads.

use std::collections::BTreeSet;

use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Result;
use crm::ops::dupes::{self, Request};
use crm::store::{ReadTx, duplicates, links};

/// So many pairs are shown; who has gone through them finds the next ones.
const MOST: usize = 500;

/// Up to so many customers the whole base is compared whenever somebody has written; it takes less than a second.
const SMALL: u32 = 20_000;

/// Two customers who may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Double {
    pub(crate) one: Link,
    pub(crate) other: Link,
    /// How sure it is, 0 to 100.
    pub(crate) score: u8,
    /// Why, in few words.
    pub(crate) why: String,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Doubles {
    pub(crate) pairs: Vec<Double>,
    /// How many there are in all; none if only known ones were looked at.
    pub(crate) total: Option<usize>,
}

/// Compares everybody with everybody who could be the same; in a large base of which pairs are known, looks only which of
/// these are still two who may be one.
///
/// # Errors
///
/// Whatever the base fails with.
pub(crate) fn read(tx: &ReadTx<'_>, known: &[Double]) -> Result<Doubles> {
    if !known.is_empty() && duplicates::population(tx)? > SMALL {
        let left = remaining(tx, known)?;
        // Whoever has gone through all of them wants the next ones.
        if !left.pairs.is_empty() {
            return Ok(left);
        }
    }
    let found = dupes::find(tx, &Request::default())?;
    let total = found.len();
    let mut pairs = Vec::new();
    for pair in found.pairs().take(MOST) {
        let one = links::link(tx, Noun::Customer, pair.one)?;
        let other = links::link(tx, Noun::Customer, pair.other)?;
        if let (Some(one), Some(other)) = (one, other) {
            let why: Vec<String> = pair
                .reasons
                .iter()
                .map(crm::domain::duplicate::Reason::words)
                .collect();
            pairs.push(Double {
                one,
                other,
                score: pair.score,
                why: why.join(", "),
            });
        }
    }
    Ok(Doubles {
        pairs,
        total: Some(total),
    })
}

fn remaining(tx: &ReadTx<'_>, known: &[Double]) -> Result<Doubles> {
    let told: BTreeSet<(Id, Id)> = dupes::distinct(tx, None)?.into_iter().collect();
    let mut pairs = Vec::new();
    for pair in known {
        let (one, other) = (pair.one.id, pair.other.id);
        if told.contains(&(one.min(other), one.max(other))) {
            continue;
        }
        let (one, other) = (alive(tx, one)?, alive(tx, other)?);
        if let (Some(one), Some(other)) = (one, other) {
            pairs.push(Double {
                one,
                other,
                ..pair.clone()
            });
        }
    }
    Ok(Doubles { pairs, total: None })
}

fn alive(tx: &ReadTx<'_>, id: Id) -> Result<Option<Link>> {
    match links::is_trashed(tx, Noun::Customer, id)? {
        true => Ok(None),
        false => links::link(tx, Noun::Customer, id),
    }
}
