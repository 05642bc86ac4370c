//! Relating customers to each other, and taking that back.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::relationship::{self as rules, Sort};
use crate::error::{Error, Result};
use crate::ops::customer::label;
use crate::ops::{Outcome, refer, typed};
use crate::store::relationships::{self, Relationship};
use crate::store::{ReadTx, WriteTx};

/// Says that a customer is something to another: `C1 reports_to C2`.
///
/// The sort may be named from either side. A relation that is there already gets the note.
///
/// # Errors
///
/// `Invalid` for a sort that does not exist, for a customer and itself, and where somebody would come out above
/// themselves.
pub fn relate(tx: &WriteTx<'_>, customer: Id, sort: &str, other: Id, note: Option<&str>) -> Result<Outcome> {
    let changed = add(tx, customer, sort, other, note)?;
    let named = rules::parse(sort)?;
    let side = if named.is_inverse {
        &named.sort.inverse
    } else {
        &named.sort.own
    };
    tx.describe(format!(
        "Related {} {} {}",
        label(tx, customer)?,
        side.english,
        label(tx, other)?
    ));
    Ok(Outcome::kept(customer, changed))
}

/// Writes a relation; true if anything was different.
pub(crate) fn add(tx: &WriteTx<'_>, customer: Id, sort: &str, other: Id, note: Option<&str>) -> Result<bool> {
    let named = rules::parse(sort)?;
    // A merged customer has no relations of its own any more.
    let [customer, other] = [customer, other].map(|id| refer::survivor(tx, Noun::Customer, id));
    let (customer, other) = (customer?, other?);
    if customer == other {
        return Err(Error::invalid(
            "relationships",
            "relationships: nobody is related to themselves",
        ));
    }
    let (from, to) = if named.is_inverse {
        (other, customer)
    } else {
        (customer, other)
    };
    refuse_circle(tx, named.sort, from, to)?;
    let note = note.map(|note| typed::clean("note", note)).transpose()?;
    relationships::put(tx, from, to, named.sort.own.key, note.as_deref())
}

/// Sorts in which nobody can come out above themselves.
const LADDERS: &[&str] = &["reports_to", "parent", "referred_by"];

fn refuse_circle(tx: &ReadTx<'_>, sort: &Sort, from: Id, to: Id) -> Result<()> {
    if !LADDERS.contains(&sort.own.key) || !relationships::leads_to(tx, to, from, sort.own.key)? {
        return Ok(());
    }
    Err(Error::invalid(
        "relationships",
        format!(
            "relationships: {} {} {} already, directly or through others",
            label(tx, to)?,
            sort.own.english,
            label(tx, from)?
        ),
    ))
}

/// Takes back that a customer is something to another: of one sort, or of every sort.
///
/// # Errors
///
/// `Invalid` for a sort that does not exist, or if they are not related so.
pub fn unrelate(tx: &WriteTx<'_>, customer: Id, sort: Option<&str>, other: Id) -> Result<Outcome> {
    let named = sort.map(rules::parse).transpose()?;
    let between = |relation: &&Relationship| {
        let ends = (relation.from, relation.to);
        match named {
            Some(named) if named.is_inverse => relation.same(other, customer, named.sort.own.key),
            Some(named) => relation.same(customer, other, named.sort.own.key),
            None => ends == (customer, other) || ends == (other, customer),
        }
    };
    let known = relationships::of(tx, customer)?;
    let found: Vec<&Relationship> = known.iter().filter(between).collect();
    let (one, two) = (label(tx, customer)?, label(tx, other)?);
    if found.is_empty() {
        let how = sort.map_or_else(String::new, |sort| format!(" by {sort}"));
        return Err(Error::invalid(
            "relationships",
            format!("relationships: {one} and {two} are not related{how}"),
        ));
    }
    for relation in found {
        relationships::remove(tx, relation.id)?;
    }
    tx.describe(format!("Took back how {one} and {two} are related"));
    Ok(Outcome::kept(customer, true))
}
