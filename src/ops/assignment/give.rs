//! Giving leads away: which rule, who by it, and why.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::assignment::Strategy;
use crate::domain::assignment::ring::{Ring, Seat};
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Link;
use crate::error::{Kind, Result};
use crate::ops::assignment::{Rule, load};
use crate::ops::draft::Lists;
use crate::ops::typed::Policy;
use crate::ops::{Outcome, customer, list};
use crate::store::assignments::{self, Entry};
use crate::store::{ReadTx, WriteTx, links, records, users};

/// After so many records what they touch is brought up to date.
const SETTLE_EVERY: usize = 500;

/// Whom alone a rule gives away: who is in a public pool waits for somebody to claim them.
const OF_NOBODY: &str = "no:owner no:pool";

/// What became of one lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The lead.
    pub customer: Id,
    /// The rule.
    pub rule: String,
    /// Who got it; none if nobody could take it.
    pub user: Option<Link>,
    /// Why.
    pub why: String,
}

/// What became of several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// Each of them, those who were given away first, the oldest first by rule.
    pub told: Vec<Told>,
    /// Members of rules who are no users here any more: rule and name.
    pub unknown: Vec<(String, String)>,
    /// Rules whose filters mean nothing any more, and why.
    pub broken: Vec<(String, String)>,
}

/// Gives away whoever belongs to nobody and meets the filters, the oldest first.
///
/// The first rule whose filter a customer meets, and which has somebody for it, gives it away.
///
/// # Errors
///
/// `Usage` for a filter that means nothing.
pub fn run(tx: &WriteTx<'_>, filters: &[String]) -> Result<Given> {
    let given = among(tx, filters, &|_| true)?;
    let count = given.told.iter().filter(|told| told.user.is_some()).count();
    tx.describe(match count {
        1 => "Assigned 1 customer by rule".to_owned(),
        count => format!("Assigned {count} customers by rule"),
    });
    Ok(given)
}

/// Gives away those who were made since an id was taken, as a part of the operation that made them.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn made_since(tx: &WriteTx<'_>, mark: Id) -> Result<Given> {
    // Filters read what is kept up.
    tx.settle()?;
    // The operation is what made them, not the last change of one of them.
    let title = tx.title();
    let given = among(tx, &[], &|customer| customer > mark)?;
    tx.describe(title);
    Ok(given)
}

/// Gives away those of whom the rules may dispose.
fn among(tx: &WriteTx<'_>, filters: &[String], may: &dyn Fn(Id) -> bool) -> Result<Given> {
    let mut given = Given::default();
    let mut left: BTreeMap<Id, Told> = BTreeMap::new();
    let mut gone: BTreeSet<Id> = BTreeSet::new();
    for id in assignments::active(tx)? {
        let rule = load(tx, id)?;
        if let Some(why) = fault(tx, &rule)? {
            given.broken.push((rule.key, why));
            continue;
        }
        let mut wanted = matching(tx, &rule, filters, "")?;
        wanted.retain(|customer| may(*customer) && !gone.contains(customer));
        let mut round = Round::new(tx, &rule, filters)?;
        given.unknown.append(&mut round.unknown);
        for customer in wanted {
            let told = round.give(tx, &rule, customer)?;
            if told.user.is_none() {
                left.insert(customer, told);
                continue;
            }
            left.remove(&customer);
            gone.insert(customer);
            given.told.push(told);
            if given.told.len() % SETTLE_EVERY == 0 {
                tx.settle()?;
            }
        }
    }
    given.told.extend(left.into_values());
    Ok(given)
}

/// Gives away one customer who belongs to nobody; none if no rule is about it.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn one(tx: &WriteTx<'_>, customer: Id) -> Result<Option<Told>> {
    let rules = assignments::active(tx)?;
    let Some(link) = links::link(tx, Noun::Customer, customer)?.filter(|_| !rules.is_empty()) else {
        return Ok(None);
    };
    // Filters read what is kept up.
    tx.settle()?;
    let only = [format!("id:{}", link.reference())];
    let mut last = None;
    for id in rules {
        let rule = load(tx, id)?;
        if fault(tx, &rule)?.is_some() || matching(tx, &rule, &only, "")?.is_empty() {
            continue;
        }
        let told = Round::new(tx, &rule, &only)?.give(tx, &rule, customer)?;
        if told.user.is_some() {
            return Ok(Some(told));
        }
        last = Some(told);
    }
    Ok(last)
}

/// Gives away one customer by one rule, whoever looked after it before and whatever the filter of the rule is; none if its
/// filters mean nothing any more.
///
/// # Errors
///
/// `NotFound` if there is no such rule.
pub fn by(tx: &WriteTx<'_>, rule: Id, customer: Id) -> Result<Option<Told>> {
    let rule = load(tx, rule)?;
    if fault(tx, &rule)?.is_some() {
        return Ok(None);
    }
    tx.settle()?;
    Round::new(tx, &rule, &[])?.give(tx, &rule, customer).map(Some)
}

/// Adds a customer and lets the rules say who looks after them.
///
/// # Errors
///
/// As [`customer::add`].
pub fn add_lead(
    tx: &WriteTx<'_>,
    given: &[Assignment],
    on_duplicate: customer::OnDuplicate,
    policy: &Policy,
) -> Result<(Outcome, Option<Told>)> {
    let outcome = customer::add(tx, given, on_duplicate, policy)?;
    let told = one(tx, outcome.id)?;
    let label = customer::label(tx, outcome.id)?;
    match told.as_ref().and_then(|told| told.user.as_ref()) {
        Some(user) => tx.describe(format!("Added customer {label}, assigned to {}", user.name)),
        None if outcome.created => tx.describe(format!("Added customer {label}")),
        None => {}
    }
    Ok((outcome, told))
}

/// What is wrong with the filters of a rule, which may speak of what has gone since; none if nothing is.
fn fault(tx: &ReadTx<'_>, rule: &Rule) -> Result<Option<String>> {
    let territories = rule.members.iter().map(|member| &member.territory);
    for filter in std::iter::once(&rule.filter).chain(territories) {
        if !filter.is_empty()
            && let Err(error) = list::condition(tx, Noun::Customer, std::slice::from_ref(filter))
        {
            return match error.kind() {
                Kind::Usage => Ok(Some(error.message().to_owned())),
                _ => Err(error),
            };
        }
    }
    Ok(None)
}

/// Who belongs to nobody and meets the filter of a rule and others, the oldest first.
fn matching(tx: &ReadTx<'_>, rule: &Rule, filters: &[String], territory: &str) -> Result<Vec<Id>> {
    let own = [OF_NOBODY, &rule.filter, territory].map(str::to_owned);
    let mut all: Vec<String> = own.into_iter().filter(|filter| !filter.is_empty()).collect();
    all.extend(filters.iter().filter(|filter| !filter.trim().is_empty()).cloned());
    let mut found = records::ids(tx, Noun::Customer, &list::condition(tx, Noun::Customer, &all)?)?;
    found.sort_unstable();
    Ok(found)
}

/// A rule while it gives away.
struct Round {
    ring: Ring,
    /// Who is in the territory of each seat; empty where the rule knows none.
    territories: Vec<BTreeSet<Id>>,
    /// Whether the fallback is at work.
    has_fallback: bool,
    unknown: Vec<(String, String)>,
}

impl Round {
    fn new(tx: &ReadTx<'_>, rule: &Rule, filters: &[String]) -> Result<Round> {
        let clock = &tx.caller().clock;
        let first = clock.today().first_of_month().to_zoned(clock.zone().clone());
        let since = first.map_or(0, |first| first.timestamp().as_millisecond());
        // What was given in the month grows with it; where nobody has a limit, nobody asks.
        let given: BTreeMap<Id, i64> = match rule.members.iter().any(|member| member.cap.is_some()) {
            true => assignments::given_since(tx, rule.id, since)?
                .into_iter()
                .collect(),
            false => BTreeMap::new(),
        };
        let mut seats = Vec::new();
        let mut territories = Vec::new();
        let mut unknown = Vec::new();
        for member in &rule.members {
            let Some(user) = links::by_key(tx, Noun::User, &member.user)? else {
                unknown.push((rule.key.clone(), member.user.clone()));
                continue;
            };
            seats.push(Seat {
                user,
                name: member.user.clone(),
                weight: member.weight,
                cap: member.cap,
                given: given.get(&user).copied().unwrap_or(0),
                open: match rule.strategy {
                    Strategy::LeastBusy => assignments::open_leads(tx, user)?,
                    _ => 0,
                },
                away: users::is_disabled(tx, user)?,
                credit: 0,
                territory: member.territory.clone(),
            });
            if rule.strategy == Strategy::Territory {
                let inside = matching(tx, rule, filters, &member.territory)?;
                territories.push(inside.into_iter().collect());
            }
        }
        let mut ring = Ring {
            strategy: rule.strategy,
            seats,
            pointer: None,
        };
        if let Some((pointer, credits)) = assignments::last(tx, rule.id)? {
            ring.pointer = Some(pointer);
            ring.take_credits(&credits);
        }
        Ok(Round {
            ring,
            territories,
            has_fallback: match rule.fallback {
                Some(user) => !users::is_disabled(tx, user)?,
                None => false,
            },
            unknown,
        })
    }

    /// Gives one customer to whose turn it is, and notes why.
    fn give(&mut self, tx: &WriteTx<'_>, rule: &Rule, customer: Id) -> Result<Told> {
        let territories = &self.territories;
        let is_in = |at: usize| {
            territories
                .get(at)
                .is_some_and(|inside| inside.contains(&customer))
        };
        let choice = self.ring.next(&is_in);
        let mut told = Told {
            customer,
            rule: rule.key.clone(),
            user: None,
            why: choice.why,
        };
        let (user, position) = match (choice.taker, rule.fallback) {
            (Some((position, user)), _) => (user, Some(position)),
            (None, Some(user)) if self.has_fallback => {
                told.why = format!("fallback: {}", told.why);
                (user, None)
            }
            (None, _) => return Ok(told),
        };
        let owner = [("owner".to_owned(), Input::Text(user.uid()))];
        customer::edit(tx, customer, &owner, Lists::Add, &Policy::strict())?;
        assignments::add(
            tx,
            &Entry {
                rule: rule.id,
                customer,
                user,
                at: tx.caller().clock.now_ms(),
                why: told.why.clone(),
                position,
                credits: self.ring.credits(),
            },
        )?;
        told.user = links::link(tx, Noun::User, user)?;
        Ok(told)
    }
}
