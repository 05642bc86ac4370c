//! By hand: claiming from a pool, giving up to it, and giving somebody from it to a user.

use jiff::ToSpan;

use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::pool::Reason;
use crate::error::{Error, Result};
use crate::ops::draft::Lists;
use crate::ops::pool::{Pool, load};
use crate::ops::typed::Policy;
use crate::ops::{customer, list};
use crate::store::pools::{self, Entry, Place};
use crate::store::{ReadTx, WriteTx, links, records};

/// Lets the caller look after a customer from a pool.
///
/// # Errors
///
/// `Conflict` for a customer who is in no pool; `Invalid` for somebody who is no member, lost or gave up the customer not
/// long ago, has claimed as many as the pool allows today, or has as many as it allows. The message says until when.
pub fn claim(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    let (pool, _) = pooled(tx, id)?;
    let me = tx.caller().actor.id;
    if pool.users(tx)?.is_some_and(|users| !users.contains(&me)) {
        let message = format!(
            "members: {} is no member of the pool {}",
            tx.caller().actor.name,
            pool.key
        );
        return Err(Error::invalid("members", message));
    }
    refuse_warm(tx, &pool, id, me)?;
    refuse_greedy(tx, &pool, me)?;
    let why = format!("claimed from {}", pool.key);
    out_of_pool(tx, &pool, id, me, Reason::Claim, why)?;
    let label = customer::label(tx, id)?;
    tx.describe(format!("Claimed customer {label} from pool {}", pool.key));
    Ok(())
}

/// Refuses whoever had the customer not long ago.
fn refuse_warm(tx: &ReadTx<'_>, pool: &Pool, customer: Id, user: Id) -> Result<()> {
    let Some(left) = pools::left_at(tx, customer, user)? else {
        return Ok(());
    };
    let clock = pool.clock(tx);
    match pools::day_after(&clock, left, pool.cool_down) {
        Some(day) if clock.today() < day => {
            let message = format!(
                "cool_down: whoever lost or gave up a customer may claim them again after {} days, on {day}",
                pool.cool_down
            );
            Err(Error::invalid("cool_down", message))
        }
        _ => Ok(()),
    }
}

/// Refuses whoever has claimed or has enough.
fn refuse_greedy(tx: &ReadTx<'_>, pool: &Pool, user: Id) -> Result<()> {
    let clock = pool.clock(tx);
    let today = clock.today();
    if let Some(most) = pool.claim_per_day {
        let begins = today
            .to_zoned(clock.zone().clone())
            .map_or(0, |midnight| midnight.timestamp().as_millisecond());
        if pools::claimed_since(tx, pool.id, user, begins)? >= most {
            let tomorrow = today.checked_add(1.day()).unwrap_or(today);
            let message = format!(
                "claim_per_day: {most} were claimed from {} today; the next can be on {tomorrow}",
                pool.key
            );
            return Err(Error::invalid("claim_per_day", message));
        }
    }
    if let Some(most) = pool.own_limit {
        let mut filters = vec!["owner:@me".to_owned()];
        if !pool.filter.is_empty() {
            filters.push(pool.filter.clone());
        }
        let owned = records::ids(
            tx,
            Noun::Customer,
            &list::condition(tx, Noun::Customer, &filters)?,
        )?
        .len();
        if i64::try_from(owned).unwrap_or(i64::MAX) >= most {
            let message = format!(
                "own_limit: who claims from {} may have {most} of its customers",
                pool.key
            );
            return Err(Error::invalid("own_limit", message));
        }
    }
    Ok(())
}

/// Gives a customer from a pool to a user, whatever the pool allows its members.
///
/// # Errors
///
/// `Conflict` for a customer who is in no pool; `Invalid` for a user who is disabled.
pub fn give(tx: &WriteTx<'_>, id: Id, user: Id) -> Result<()> {
    let (pool, _) = pooled(tx, id)?;
    let name = user_name(tx, user)?;
    let why = format!("given to {name} by {}", tx.caller().actor.name);
    out_of_pool(tx, &pool, id, user, Reason::Give, why)?;
    let label = customer::label(tx, id)?;
    tx.describe(format!("Gave customer {label} from pool {} to {name}", pool.key));
    Ok(())
}

/// Gives a customer up to a pool: the one that is named, or the only one that takes such customers from their owner.
///
/// # Errors
///
/// `Conflict` for a customer whom nobody looks after; `Invalid` where no pool or several could be meant.
pub fn release(tx: &WriteTx<'_>, id: Id, pool: Option<Id>, note: Option<&str>) -> Result<()> {
    let place = place(tx, id)?;
    let Some(owner) = place.owner else {
        return Err(Error::new(
            crate::error::Kind::Conflict,
            "nobody looks after this customer",
        ));
    };
    let pool = match pool {
        Some(pool) => load(tx, pool)?,
        None => fitting(tx, id, owner)?,
    };
    let by = &tx.caller().actor.name;
    let why = match note.map(str::trim).filter(|note| !note.is_empty()) {
        Some(note) => format!("given up by {by}: {note}"),
        None => format!("given up by {by}"),
    };
    into_pool(tx, &pool, id, Reason::Release, &why)?;
    let label = customer::label(tx, id)?;
    tx.describe(format!("Released customer {label} to pool {}", pool.key));
    Ok(())
}

/// The only active pool whose filter a customer meets and of which the owner is a member.
fn fitting(tx: &ReadTx<'_>, id: Id, owner: Id) -> Result<Pool> {
    let reference = links::link(tx, Noun::Customer, id)?.map(|link| link.reference().to_string());
    let only = format!("id:{}", reference.unwrap_or_default());
    let mut found: Vec<Pool> = Vec::new();
    for candidate in pools::active(tx)? {
        let pool = load(tx, candidate)?;
        if pool.users(tx)?.is_some_and(|users| !users.contains(&owner)) {
            continue;
        }
        let mut filters = vec![only.clone()];
        if !pool.filter.is_empty() {
            filters.push(pool.filter.clone());
        }
        let meets = list::condition(tx, Noun::Customer, &filters)
            .and_then(|condition| records::ids(tx, Noun::Customer, &condition));
        // A pool whose filter means nothing any more takes nobody.
        if meets.is_ok_and(|found| !found.is_empty()) {
            found.push(pool);
        }
    }
    let names: Vec<String> = found.iter().map(|pool| pool.key.clone()).collect();
    match (found.pop(), names.as_slice()) {
        (Some(pool), [_]) => Ok(pool),
        (None, _) => Err(Error::invalid(
            "pool",
            "pool: no pool takes this customer from their owner; name one",
        )),
        _ => Err(Error::invalid(
            "pool",
            format!("pool: {} take this customer; name one", names.join(" and ")),
        )
        .with_near(names)),
    }
}

/// Lets a customer be nobody's and in the pool.
pub(super) fn into_pool(tx: &WriteTx<'_>, pool: &Pool, id: Id, reason: Reason, why: &str) -> Result<()> {
    let from = place(tx, id)?.owner;
    let today = pool.clock(tx).today();
    let wanted: [Assignment; 2] = [
        ("pool".to_owned(), Input::text(pool.key.as_str())),
        ("pooled_on".to_owned(), Input::text(today.to_string())),
    ];
    customer::edit(tx, id, &wanted, Lists::Replace, &Policy::strict())?;
    pools::add(
        tx,
        &Entry {
            pool: pool.id,
            customer: id,
            from,
            to: None,
            reason,
            at: tx.caller().clock.now_ms(),
            why: why.to_owned(),
        },
    )
}

/// Lets a customer be somebody's and in no pool.
fn out_of_pool(tx: &WriteTx<'_>, pool: &Pool, id: Id, to: Id, reason: Reason, why: String) -> Result<()> {
    let owner = [("owner".to_owned(), Input::Text(to.uid()))];
    customer::edit(tx, id, &owner, Lists::Replace, &Policy::strict())?;
    pools::add(
        tx,
        &Entry {
            pool: pool.id,
            customer: id,
            from: None,
            to: Some(to),
            reason,
            at: tx.caller().clock.now_ms(),
            why,
        },
    )
}

/// The pool that a customer is in.
fn pooled(tx: &ReadTx<'_>, id: Id) -> Result<(Pool, Place)> {
    let place = place(tx, id)?;
    let conflict = |message: String| Error::new(crate::error::Kind::Conflict, message);
    match (place.pool, place.owner) {
        (_, Some(owner)) => Err(conflict(format!(
            "{} looks after this customer",
            user_name(tx, owner)?
        ))),
        (None, None) => Err(conflict("this customer is in no pool".to_owned())),
        (Some(pool), None) => Ok((load(tx, pool)?, place)),
    }
}

fn place(tx: &ReadTx<'_>, id: Id) -> Result<Place> {
    pools::place(tx, id)?.ok_or_else(|| Error::not_found(Noun::Customer, &id.uid()))
}

fn user_name(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    Ok(links::link(tx, Noun::User, id)?.map_or_else(String::new, |link| link.name))
}
