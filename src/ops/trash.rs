//! Into the trash and out of it again.
//!
//! Most records may go at any time: whatever refers to them still finds them, and they come back as they were. What
//! others depend on to work (a user with duties, a team with members, a pipeline with deals) may not.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::refer::{self, name};
use crate::ops::{custom, ticket};
use crate::store::customers::{self, Channel};
use crate::store::{ReadTx, WriteTx, articles, deals, erasures, feedback, links, pipelines, service, users};

/// Puts records into the trash; gives those that were not there.
///
/// # Errors
///
/// `Invalid` for the acting user, a user who still looks after something, a team with members, the default pipeline, a
/// pipeline with deals, a calendar that policies count by, an article that helped a ticket. Then nothing is trashed.
pub fn remove(tx: &WriteTx<'_>, noun: Noun, ids: &[Id]) -> Result<Vec<Id>> {
    for id in ids {
        dispensable(tx, noun, *id)?;
    }
    let changed = set(tx, noun, ids, true)?;
    tell(tx, noun, &changed, "Moved", "to the trash")?;
    Ok(changed)
}

/// Takes records out of the trash; gives those that were there.
///
/// # Errors
///
/// `Duplicate` if meanwhile another record has an address, name, key or code of one of them; `Conflict` for a customer
/// that was merged, for a deal whose pipeline is in the trash and a policy whose calendar is. Then nothing is restored.
pub fn restore(tx: &WriteTx<'_>, noun: Noun, ids: &[Id]) -> Result<Vec<Id>> {
    // All are checked before the first comes back: what they share among themselves they shared before.
    for id in ids {
        if links::is_trashed(tx, noun, *id)? {
            free(tx, noun, *id)?;
        }
    }
    let changed = set(tx, noun, ids, false)?;
    tell(tx, noun, &changed, "Restored", "from the trash")?;
    Ok(changed)
}

/// Refuses a record that cannot come out of the trash, as [`restore`] does; one that is not there is fine.
///
/// # Errors
///
/// As [`restore`].
pub fn restorable(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<()> {
    match links::is_trashed(tx, noun, id)? {
        true => free(tx, noun, id),
        false => Ok(()),
    }
}

/// Takes one of several records out of the trash, all of which were checked by [`restorable`] before the first came
/// back: what they share among themselves they shared before.
///
/// # Errors
///
/// `Duplicate` if one of the others has taken its name, key or code.
pub fn bring_back(tx: &WriteTx<'_>, noun: Noun, id: Id) -> Result<()> {
    let changed = set(tx, noun, &[id], false)?;
    tell(tx, noun, &changed, "Restored", "from the trash")
}

fn set(tx: &WriteTx<'_>, noun: Noun, ids: &[Id], trashed: bool) -> Result<Vec<Id>> {
    let mut changed = Vec::new();
    for id in ids {
        // Two of one name may be in the trash; only one of them can come back.
        if !trashed && links::is_trashed(tx, noun, *id)? {
            unique(tx, noun, *id)?;
            custom::still_unique(tx, noun, *id)?;
        }
        if links::set_trashed(tx, noun, *id, trashed)? {
            changed.push(*id);
        }
    }
    Ok(changed)
}

/// Refuses to take away what others depend on.
fn dispensable(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<()> {
    let refuse = |reason: String| {
        let name = name(tx, noun, id)?;
        Err(Error::new(
            Kind::Invalid,
            format!("cannot trash {name}: {reason}"),
        ))
    };
    match noun {
        Noun::User => {
            if tx.caller().actor.id == id {
                return refuse("it is the acting user".to_owned());
            }
            let duties: Vec<String> = users::duties(tx, id)?
                .into_iter()
                .map(|(count, what)| format!("{what} ({count})"))
                .collect();
            if !duties.is_empty() {
                return refuse(format!("it still has {}", duties.join(", ")));
            }
        }
        Noun::Team => {
            let members = users::count_members(tx, id)?;
            if members > 0 {
                return refuse(format!("users are in it ({members})"));
            }
        }
        Noun::Pipeline => {
            let deals = pipelines::count_deals(tx, id)?;
            if pipelines::is_default(tx, id)? {
                return refuse("new deals go into it by default".to_owned());
            }
            if deals > 0 {
                return refuse(format!("deals are in it ({deals})"));
            }
        }
        Noun::Survey => {
            let (asked, _) = feedback::uses(tx, id)?;
            if asked > 0 {
                return refuse(format!(
                    "customers were asked by it ({asked}); active=no switches it off"
                ));
            }
        }
        Noun::Article => {
            let tickets = articles::uses(tx, id)?;
            if tickets > 0 {
                return refuse(format!(
                    "it helped tickets ({tickets}); status=archived takes it out of use"
                ));
            }
        }
        Noun::Calendar => {
            let policies = service::policies_by(tx, id)?;
            if policies > 0 {
                return refuse(format!("service policies count by it ({policies})"));
            }
        }
        _ => {}
    }
    Ok(())
}

/// Refuses to bring back what has lost its place.
fn free(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<()> {
    match noun {
        Noun::Customer => free_customer(tx, id),
        Noun::Deal => {
            let pipeline = deals::get(tx, id)?.map(|deal| deal.pipeline);
            match pipeline {
                Some(pipeline) if links::is_trashed(tx, Noun::Pipeline, pipeline)? => {
                    let (deal, pipeline) = (name(tx, noun, id)?, name(tx, Noun::Pipeline, pipeline)?);
                    let message = format!("cannot restore {deal}: {pipeline} is in the trash");
                    Err(Error::new(Kind::Conflict, message))
                }
                _ => Ok(()),
            }
        }
        Noun::Sla => {
            if let Some(calendar) = service::trashed_calendar(tx, id)? {
                let (policy, calendar) = (name(tx, noun, id)?, name(tx, Noun::Calendar, calendar)?);
                let message = format!("cannot restore {policy}: {calendar} is in the trash");
                return Err(Error::new(Kind::Conflict, message));
            }
            unique(tx, noun, id)
        }
        Noun::Ticket => ticket::join::restorable(tx, id),
        _ => unique(tx, noun, id),
    }
}

/// Refuses a customer that lives on in another, and one whose addresses others have now.
fn free_customer(tx: &ReadTx<'_>, id: Id) -> Result<()> {
    if let Some((_, Some(survivor))) = customers::kind_and_survivor(tx, id)? {
        let (own, other) = (name(tx, Noun::Customer, id)?, name(tx, Noun::Customer, survivor)?);
        let message = format!("cannot restore {own}: it was merged into {other}");
        return Err(Error::new(Kind::Conflict, message));
    }
    if erasures::of(tx, id)?.is_some() {
        let own = name(tx, Noun::Customer, id)?;
        let message = format!("cannot restore {own}: the data was erased on request");
        return Err(Error::new(Kind::Conflict, message));
    }
    let mut holders = Vec::new();
    for channel in Channel::ALL {
        for address in customers::addresses(tx, id, channel)? {
            if address.key.is_empty() {
                continue;
            }
            let kind = match channel {
                Channel::Handle => address.kind.as_str(),
                _ => "",
            };
            for holder in customers::holders(tx, channel, kind, &address.key, Some(id))? {
                if !holders.contains(&holder) {
                    holders.push(holder);
                }
            }
        }
    }
    if holders.is_empty() {
        return Ok(());
    }
    let own = name(tx, Noun::Customer, id)?;
    let message = format!("cannot restore {own}: another customer has one of its addresses now");
    Err(Error::new(Kind::Duplicate, message).with_candidates(refer::described(tx, Noun::Customer, &holders)?))
}

fn unique(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<()> {
    let Some(other) = links::namesake(tx, noun, id)? else {
        return Ok(());
    };
    let own = name(tx, noun, id)?;
    let message = format!("cannot restore {own}: another {noun} has taken its place");
    Err(Error::new(Kind::Duplicate, message).with_candidates(refer::described(tx, noun, &[other])?))
}

fn tell(tx: &WriteTx<'_>, noun: Noun, changed: &[Id], verb: &str, whither: &str) -> Result<()> {
    match changed {
        [] => {}
        [one] => tx.describe(format!("{verb} {} {whither}", name(tx, noun, *one)?)),
        several => tx.describe(format!("{verb} {} {} {whither}", several.len(), noun.plural())),
    }
    Ok(())
}
