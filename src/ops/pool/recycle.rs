//! Taking customers back whom nobody follows up, and warning before.
//!
//! Whom a pool takes depends on the day in its own zone and on nothing else of the time: it is the same set at whatever
//! hour it runs, and a second run takes nobody.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::pool::Reason;
use crate::domain::pool::due::{Due, due};
use crate::error::{Kind, Result};
use crate::ops::list;
use crate::ops::pool::hand::into_pool;
use crate::ops::pool::{Pool, load};
use crate::store::{ReadTx, WriteTx, pools, records};

/// After so many records what they touch is brought up to date.
const SETTLE_EVERY: usize = 500;

/// Whom no rule takes: who is nobody's, who is locked, and who was found to be no lead.
const TAKEN: &str = "has:owner no:pool locked:no no:disqualified_on";

/// The word of a filter for whom a pool warns of.
pub const RECYCLING: &str = "recycling";

/// A customer whom a pool takes or will take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// The customer.
    pub customer: Id,
    /// Who looks after them.
    pub owner: Id,
    /// The name of the pool.
    pub pool: String,
    /// The day on which they go.
    pub on: Date,
    /// In how many days that is; 0 and less for today and for what should have been taken.
    pub days: i64,
    /// Why, for people.
    pub why: String,
}

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recycled {
    /// Who was taken, the longest due first by pool.
    pub taken: Vec<Warning>,
    /// Pools whose filters mean nothing any more, and why.
    pub broken: Vec<(String, String)>,
}

/// Takes back whoever is due today: of one pool, or of all that are active, by name.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn recycle(tx: &WriteTx<'_>, only: Option<Id>) -> Result<Recycled> {
    let mut recycled = Recycled::default();
    for id in wanted(tx, only)? {
        let pool = load(tx, id)?;
        let found = match candidates(tx, &pool, 0, None)? {
            Ok(found) => found,
            Err(why) => {
                recycled.broken.push((pool.key, why));
                continue;
            }
        };
        for warning in found {
            into_pool(tx, &pool, warning.customer, Reason::Recycle, &warning.why)?;
            recycled.taken.push(warning);
            if recycled.taken.len().is_multiple_of(SETTLE_EVERY) {
                tx.settle()?;
            }
        }
        // The next pool must not take who has just gone.
        tx.settle()?;
    }
    tx.describe(match recycled.taken.len() {
        1 => "Took 1 customer back into the pool".to_owned(),
        count => format!("Took {count} customers back into the pool"),
    });
    Ok(recycled)
}

/// Who will be taken within the days of warning, or is due and was not taken yet; the first to go come first.
///
/// # Errors
///
/// Whatever the base fails with. A pool whose filter means nothing any more warns of nobody.
pub fn warnings(tx: &ReadTx<'_>, only: Option<Id>, owner: Option<Id>) -> Result<Vec<Warning>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    for id in wanted(tx, only)? {
        let pool = load(tx, id)?;
        if let Ok(warnings) = candidates(tx, &pool, pool.warn, owner)? {
            found.extend(warnings);
        }
    }
    found.retain(|warning: &Warning| owner.is_none_or(|owner| warning.owner == owner));
    found.sort_by_key(|warning| (warning.on, warning.customer));
    found.retain(|warning| seen.insert(warning.customer));
    Ok(found)
}

fn wanted(tx: &ReadTx<'_>, only: Option<Id>) -> Result<Vec<Id>> {
    match only {
        Some(id) => Ok(vec![id]),
        None => pools::active(tx),
    }
}

/// Who goes within so many days; or what is wrong with the filter, which may speak of what has gone since.
fn candidates(
    tx: &ReadTx<'_>,
    pool: &Pool,
    within: i64,
    owner: Option<Id>,
) -> Result<std::result::Result<Vec<Warning>, String>> {
    let clock = pool.clock(tx);
    let today = clock.today();
    let last = today.checked_add(within.days()).unwrap_or(today);
    let mut filters = vec![TAKEN.to_owned()];
    if !pool.filter.is_empty() {
        filters.push(pool.filter.clone());
    }
    // One's own are few among all.
    if owner == Some(tx.caller().actor.id) {
        filters.push("owner:@me".to_owned());
    }
    let condition = match list::by_fields(tx, Noun::Customer, &filters) {
        Ok(condition) if condition.has_named(RECYCLING) => {
            return Ok(Err(format!(
                "is:{RECYCLING} says whom pools take, so no pool can go by it"
            )));
        }
        Ok(condition) => condition,
        Err(error) if error.kind() == Kind::Usage => return Ok(Err(error.message().to_owned())),
        Err(error) => return Err(error),
    };
    let users = pool.users(tx)?;
    let mut found: Vec<Warning> = Vec::new();
    for customer in records::ids(tx, Noun::Customer, &condition)? {
        let Some(owner) = pools::place(tx, customer)?.and_then(|place| place.owner) else {
            continue;
        };
        if users.as_ref().is_some_and(|users| !users.contains(&owner)) {
            continue;
        }
        let Some(facts) = pools::facts(tx, customer, &clock)? else {
            continue;
        };
        let goes: Option<Due> = due(&pool.rules, &facts).filter(|due| due.on <= last);
        if let Some(due) = goes {
            found.push(Warning {
                customer,
                owner,
                pool: pool.key.clone(),
                on: due.on,
                days: today.until(due.on).map_or(0, |span| i64::from(span.get_days())),
                why: due.why(),
            });
        }
    }
    found.sort_by_key(|warning| (warning.on, warning.customer));
    Ok(Ok(found))
}
