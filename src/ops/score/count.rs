//! Counting: what each rule gives to whom, and why.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::domain::customer::lifecycle_rank;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::score::sum::{Given, Happened};
use crate::domain::score::{Event, Side};
use crate::error::{Kind, Result};
use crate::ops::score::{Rule, forms, load};
use crate::ops::{customer, list};
use crate::query::plan::Condition;
use crate::store::scores::{self, Points, Wanted};
use crate::store::{ReadTx, WriteTx, customers, links, records};

/// After so many records what they touch is brought up to date.
const SETTLE_EVERY: usize = 500;

/// What one rule gives to one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// What it gives.
    pub given: Given,
}

/// What a customer has, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// The points today.
    pub points: Points,
    /// What they come of, by the name of the rule; rules that give nothing are left out.
    pub reasons: Vec<Reason>,
    /// Rules whose filters mean nothing any more, and why.
    pub broken: Vec<(String, String)>,
}

/// Counts the points of one customer as they are now.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn of(tx: &ReadTx<'_>, customer: Id) -> Result<Counted> {
    let mut counted = Counted::default();
    let Some(link) = links::link(tx, Noun::Customer, customer)? else {
        return Ok(counted);
    };
    let only = [format!("id:{}", link.reference())];
    for id in scores::active(tx)? {
        let rule = load(tx, id)?;
        match gives(tx, &rule, Some(customer), &only)? {
            Err(why) => counted.broken.push((rule.key, why)),
            Ok(mut found) => {
                if let Some(given) = found.remove(&customer) {
                    add(&mut counted.points, rule.side, given);
                    counted.reasons.push(Reason { rule, given });
                }
            }
        }
    }
    Ok(counted)
}

/// A customer whose points are others than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The customer.
    pub customer: Id,
    /// The points that were kept; none if nobody had counted them.
    pub before: Option<Points>,
    /// The points now.
    pub after: Points,
    /// Whether they are qualified by it.
    pub raised: bool,
}

/// What a run came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ran {
    /// Whose points are others than before, or who was raised; in the order in which they were added.
    pub changes: Vec<Change>,
    /// Rules whose filters mean nothing any more, and why.
    pub broken: Vec<(String, String)>,
}

/// Counts the points of all customers whom the filters select, and keeps them with the customers.
///
/// With `raise`, whoever has as many points and is a prospect or a lead is qualified; nobody who was disqualified is.
///
/// # Errors
///
/// `Usage` for a filter that means nothing.
pub fn run(tx: &WriteTx<'_>, filters: &[String], raise: Option<i64>) -> Result<Ran> {
    let mut ran = Ran::default();
    let condition = list::condition(tx, Noun::Customer, filters)?;
    let chosen: BTreeSet<Id> = records::ids(tx, Noun::Customer, &condition)?
        .into_iter()
        .collect();
    let mut points: BTreeMap<Id, Points> = BTreeMap::new();
    for id in scores::active(tx)? {
        let rule = load(tx, id)?;
        match gives(tx, &rule, None, filters)? {
            Err(why) => ran.broken.push((rule.key, why)),
            Ok(found) => {
                for (customer, given) in found
                    .into_iter()
                    .filter(|(customer, _)| chosen.contains(customer))
                {
                    add(points.entry(customer).or_default(), rule.side, given);
                }
            }
        }
    }
    let kept = scores::kept(tx)?;
    let mut raised = 0_usize;
    for customer in &chosen {
        let (before, after) = (kept.get(customer).copied(), points.get(customer).copied());
        // To whom no rule has ever given anything, there is nothing to keep.
        let (before, after) = match (before, after) {
            (None, None) => continue,
            (before, after) => (before, after.unwrap_or_default()),
        };
        if before != Some(after) {
            scores::keep(tx, *customer, after)?;
        }
        let is_raised = match raise {
            Some(least) if after.total() >= least => qualify(tx, *customer)?,
            _ => false,
        };
        if is_raised {
            raised += 1;
            if raised.is_multiple_of(SETTLE_EVERY) {
                tx.settle()?;
            }
        }
        if is_raised || before != Some(after) {
            ran.changes.push(Change {
                customer: *customer,
                before,
                after,
                raised: is_raised,
            });
        }
    }
    tx.describe(match raised {
        1 => "Qualified 1 customer by score".to_owned(),
        count => format!("Qualified {count} customers by score"),
    });
    Ok(ran)
}

/// Qualifies a prospect or a lead; false for everybody else.
fn qualify(tx: &WriteTx<'_>, id: Id) -> Result<bool> {
    let is_lead = customers::standing(tx, id)?.is_some_and(|standing| {
        standing.disqualified_on.is_none()
            && lifecycle_rank(&standing.lifecycle) < lifecycle_rank("qualified")
    });
    if is_lead {
        customer::raise(tx, id, "qualified")?;
    }
    Ok(is_lead)
}

fn add(points: &mut Points, side: Side, given: Given) {
    let sum = match side {
        Side::Fit => &mut points.fit,
        Side::Engagement => &mut points.engagement,
    };
    *sum = sum.saturating_add(given.given);
}

/// What a rule gives to whom; or what is wrong with its filter, which may speak of what has gone since.
fn gives(
    tx: &ReadTx<'_>,
    rule: &Rule,
    customer: Option<Id>,
    filters: &[String],
) -> Result<std::result::Result<HashMap<Id, Given>, String>> {
    let own: Vec<String> = match rule.filter.is_empty() {
        true => Vec::new(),
        false => vec![rule.filter.clone()],
    };
    let Some(event) = rule.event else {
        let condition = match condition(tx, Noun::Customer, &own)? {
            Ok(condition) => condition,
            Err(why) => return Ok(Err(why)),
        };
        let rest = list::condition(tx, Noun::Customer, filters)?;
        let found = records::ids(tx, Noun::Customer, &Condition::and(vec![condition, rest]))?;
        let once = [Happened { age: 0, times: 1 }];
        let given = rule.measure.give(&once);
        return Ok(Ok(found.into_iter().map(|id| (id, given)).collect()));
    };
    let (condition, forms) = match event {
        Event::Form => match forms(tx, &rule.filter) {
            Ok(forms) => (Condition::and(Vec::new()), forms),
            Err(error) if error.kind() == Kind::Invalid => return Ok(Err(error.message().to_owned())),
            Err(error) => return Err(error),
        },
        event => match condition(tx, event.noun().unwrap_or(Noun::Activity), &own)? {
            Ok(condition) => (condition, Vec::new()),
            Err(why) => return Ok(Err(why)),
        },
    };
    let wanted = Wanted {
        event,
        condition: &condition,
        forms: &forms,
        customer,
        within: rule.measure.decay,
    };
    let found = scores::happened(tx, &wanted)?;
    let given = found
        .into_iter()
        .map(|(id, events)| (id, rule.measure.give(&events)));
    Ok(Ok(given.filter(|(_, given)| given.times > 0).collect()))
}

/// The condition of a filter; or what is wrong with it.
fn condition(
    tx: &ReadTx<'_>,
    noun: Noun,
    filters: &[String],
) -> Result<std::result::Result<Condition, String>> {
    match list::condition(tx, noun, filters) {
        Ok(condition) => Ok(Ok(condition)),
        Err(error) if error.kind() == Kind::Usage => Ok(Err(error.message().to_owned())),
        Err(error) => Err(error),
    }
}
