//! Who is in the base twice: finding them, and remembering of whom somebody said that they are two.
//!
//! [`find`] is what a list and a review page ask: `found.pairs()` gives the pairs with their reasons, the surest first,
//! and `found.groups()` whole sets. What comes of a pair is [`crate::ops::merge::merge`], or [`distinguish`], which keeps
//! it from being shown again; [`reconsider`] takes that back, as undoing the operation does.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::domain::duplicate::matcher::{Match, Matcher};
use crate::domain::duplicate::{Profile, Reason, USUAL_SCORE};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::ops::customer::label;
use crate::ops::{Outcome, list, refer};
use crate::store::records::{self, Listing};
use crate::store::{ReadTx, WriteTx, duplicates};

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// `person` or `company`; none for both.
    pub kind: Option<String>,
    /// The least score that is shown, 0 to 100.
    pub least: u8,
    /// Filters, all of which hold for one of the two at least.
    pub filters: Vec<String>,
    /// Only pairs with one of these. They are found by indexes, without reading the whole base.
    pub of: Vec<Id>,
}

impl Default for Request {
    fn default() -> Request {
        Request {
            kind: None,
            least: USUAL_SCORE,
            filters: Vec::new(),
            of: Vec::new(),
        }
    }
}

/// Two customers who may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The one who was asked for, else the one who was made first.
    pub one: Id,
    /// The other.
    pub other: Id,
    /// How sure it is, 0 to 100.
    pub score: u8,
    /// Why, what weighs most first; what speaks against it comes last.
    pub reasons: Vec<Reason>,
}

/// Customers who hang together by pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Who, in the order in which they were made.
    pub members: Vec<Id>,
    /// The score of the least sure pair by which they hang together.
    pub score: u8,
}

/// What was found.
#[derive(Debug)]
pub struct Found {
    parts: Vec<Part>,
}

/// The records that one search compared, and which of them are alike.
#[derive(Debug)]
struct Part {
    matcher: Matcher,
    ids: Vec<Id>,
    matches: Vec<Match>,
}

impl Part {
    fn ends(&self, found: &Match) -> Option<(Id, Id)> {
        let id = |place: u32| self.ids.get(usize::try_from(place).ok()?).copied();
        Some((id(found.one)?, id(found.other)?))
    }
}

impl Found {
    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.matches.len()).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pairs, the surest first. Reasons are made as the iterator goes on, so that a million pairs need no memory.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        self.parts.iter().flat_map(|part| {
            part.matches.iter().filter_map(|found| {
                let (one, other) = part.ends(found)?;
                Some(Pair {
                    one,
                    other,
                    score: found.score,
                    reasons: part.matcher.reasons(found.one, found.other),
                })
            })
        })
    }

    /// The sets of customers who hang together by pairs, in the order of the surest pair of each.
    pub fn groups(&self) -> Vec<Group> {
        let mut leaders: HashMap<Id, Id> = HashMap::new();
        let mut scores: HashMap<Id, u8> = HashMap::new();
        let mut order: Vec<Id> = Vec::new();
        let ends = self.parts.iter().flat_map(|part| {
            part.matches
                .iter()
                .filter_map(|found| Some((part.ends(found)?, found.score)))
        });
        for ((one, other), score) in ends {
            for id in [one, other] {
                if let Entry::Vacant(free) = leaders.entry(id) {
                    free.insert(id);
                    scores.insert(id, u8::MAX);
                    order.push(id);
                }
            }
            let (one, other) = (leader(&mut leaders, one), leader(&mut leaders, other));
            // The first pairs are the surest: only one that joins two sets tells how weakly they hang together.
            if one != other {
                let least = [one, other]
                    .iter()
                    .filter_map(|id| scores.get(id))
                    .copied()
                    .fold(score, u8::min);
                leaders.insert(other, one);
                scores.insert(one, least);
            }
        }
        let mut groups: Vec<Group> = Vec::new();
        let mut places: HashMap<Id, usize> = HashMap::new();
        for id in order {
            let first = leader(&mut leaders, id);
            let place = *places.entry(first).or_insert_with(|| {
                groups.push(Group {
                    members: Vec::new(),
                    score: scores.get(&first).copied().unwrap_or(0),
                });
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(place) {
                group.members.push(id);
            }
        }
        groups.iter_mut().for_each(|group| group.members.sort_unstable());
        groups
    }
}

/// Who stands for the set that `id` is in.
fn leader(leaders: &mut HashMap<Id, Id>, id: Id) -> Id {
    let mut at = id;
    while let Some(next) = leaders.get(&at).copied()
        && next != at
    {
        // Each step halves the way for the next one who asks.
        let further = leaders.get(&next).copied().unwrap_or(next);
        leaders.insert(at, further);
        at = further;
    }
    at
}

/// Looks for customers who are in the base twice.
///
/// Pairs of whom somebody said that they are two are left out, and so is the trash.
///
/// # Errors
///
/// `Usage` for a filter that does not resolve and a type that does not exist; `NotFound` for a customer in the trash.
pub fn find(tx: &ReadTx<'_>, request: &Request) -> Result<Found> {
    if let Some(kind) = &request.kind
        && !["person", "company"].contains(&kind.as_str())
    {
        return Err(Error::usage(format!(
            "there is no type {kind:?}, only person and company"
        )));
    }
    let chosen = chosen(tx, &request.filters)?;
    let told: HashSet<(Id, Id)> = duplicates::distinct(tx, None)?.into_iter().collect();
    let mut parts = if request.of.is_empty() {
        vec![among_all(tx, request)?]
    } else {
        let mut parts = Vec::new();
        for id in &request.of {
            parts.push(around(tx, *id, request)?);
        }
        parts
    };
    let mut shown: HashSet<(Id, Id)> = HashSet::new();
    let is_listed = !request.of.is_empty();
    for part in &mut parts {
        let mut matches = std::mem::take(&mut part.matches);
        matches.retain(|found| {
            let Some((one, other)) = part.ends(found) else {
                return false;
            };
            let pair = (one.min(other), one.max(other));
            let of_kind = chosen
                .as_ref()
                .is_none_or(|chosen| chosen.contains(&one) || chosen.contains(&other));
            of_kind && !told.contains(&pair) && (!is_listed || shown.insert(pair))
        });
        part.matches = matches;
    }
    Ok(Found { parts })
}

/// Compares everybody with everybody who could be the same.
fn among_all(tx: &ReadTx<'_>, request: &Request) -> Result<Part> {
    let mut matcher = Matcher::new();
    let mut ids = Vec::new();
    duplicates::each(tx, request.kind.as_deref(), |id, profile| {
        matcher.add(profile);
        ids.push(id);
        Ok(())
    })?;
    let matches = matcher.matches(request.least);
    Ok(Part {
        matcher,
        ids,
        matches,
    })
}

/// Compares one customer with those that indexes find.
fn around(tx: &ReadTx<'_>, id: Id, request: &Request) -> Result<Part> {
    let profile = duplicates::profile(tx, id)?.ok_or_else(|| Error::not_found(Noun::Customer, &id.uid()))?;
    let candidates = duplicates::candidates(tx, &profile)?;
    let mut part = beside(
        tx,
        &profile,
        candidates.into_iter().filter(|other| *other != id),
        request.least,
    )?;
    if let Some(first) = part.ids.first_mut() {
        *first = id;
    }
    Ok(part)
}

/// Compares a record, which takes the first place, with some others.
fn beside(
    tx: &ReadTx<'_>,
    profile: &Profile,
    others: impl IntoIterator<Item = Id>,
    least: u8,
) -> Result<Part> {
    let mut matcher = Matcher::sample(duplicates::population(tx)?);
    matcher.add(profile);
    let mut ids = vec![Id::from_raw(0)];
    for other in others {
        if let Some(profile) = duplicates::profile(tx, other)? {
            matcher.add(&profile);
            ids.push(other);
        }
    }
    let places = 1..u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let mut matches: Vec<Match> = places
        .map(|other| Match {
            one: 0,
            other,
            score: matcher.score(0, other),
        })
        .filter(|found| found.score >= least)
        .collect();
    matches.sort_by_key(|found| (u8::MAX - found.score, found.other));
    Ok(Part {
        matcher,
        ids,
        matches,
    })
}

/// Customers of the same name who may be the one that was just added, the likeliest first.
///
/// Only the index of names is asked, so that adding a customer stays as quick as it was; whoever has one of its
/// addresses was named already when it was added.
pub fn namesakes(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Pair>> {
    let Some(profile) = duplicates::profile(tx, id)? else {
        return Ok(Vec::new());
    };
    let mut others = duplicates::namesakes(tx, &profile)?;
    others.retain(|other| *other != id);
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let mut part = beside(tx, &profile, others, USUAL_SCORE)?;
    if let Some(first) = part.ids.first_mut() {
        *first = id;
    }
    Ok(Found { parts: vec![part] }.pairs().collect())
}

/// The customers that filters select; none if there are no filters.
fn chosen(tx: &ReadTx<'_>, filters: &[String]) -> Result<Option<HashSet<Id>>> {
    if filters.is_empty() {
        return Ok(None);
    }
    let listing = Listing {
        noun: Noun::Customer,
        columns: Vec::new(),
        condition: list::condition(tx, Noun::Customer, filters)?,
        sort: Vec::new(),
        limit: None,
    };
    let mut chosen = HashSet::new();
    records::select(tx, &listing, |id, _| {
        chosen.insert(id);
        Ok(std::ops::ControlFlow::Continue(()))
    })?;
    Ok(Some(chosen))
}

/// Remembers that each of these customers is another: they are never shown as duplicates of each other again.
///
/// It holds for whoever they are merged into.
///
/// # Errors
///
/// `Usage` for fewer than two customers, and for one that is named twice.
pub fn distinguish(tx: &WriteTx<'_>, ids: &[Id]) -> Result<Outcome> {
    told(tx, ids, "are not one", duplicates::remember)
}

/// Takes back what [`distinguish`] said of these customers.
///
/// # Errors
///
/// `Usage` for fewer than two customers, and for one that is named twice; `Invalid` if nobody had said it.
pub fn reconsider(tx: &WriteTx<'_>, ids: &[Id]) -> Result<Outcome> {
    let outcome = told(tx, ids, "may be one after all", duplicates::forget)?;
    if !outcome.changed {
        return Err(Error::invalid("customer", "nobody had said that these are two"));
    }
    Ok(outcome)
}

fn told(
    tx: &WriteTx<'_>,
    ids: &[Id],
    title: &str,
    each: fn(&WriteTx<'_>, Id, Id) -> Result<bool>,
) -> Result<Outcome> {
    let ids: Vec<Id> = ids
        .iter()
        .map(|id| refer::survivor(tx, Noun::Customer, *id))
        .collect::<Result<_>>()?;
    let [first, second, rest @ ..] = ids.as_slice() else {
        return Err(Error::usage("two customers at least have to be named"));
    };
    let mut changed = false;
    for (number, one) in ids.iter().enumerate() {
        for other in ids.iter().skip(number + 1) {
            if one == other {
                return Err(Error::usage(format!("{} is named twice", label(tx, *one)?)));
            }
            changed |= each(tx, *one, *other)?;
        }
    }
    let (one, other) = (label(tx, *first)?, label(tx, *second)?);
    let more = if rest.is_empty() {
        String::new()
    } else {
        format!(" and {} more", rest.len())
    };
    if changed {
        tx.describe(format!("Noted that {one} and {other}{more} {title}"));
    }
    Ok(Outcome {
        id: *first,
        created: false,
        changed,
    })
}

/// The pairs of whom somebody said that they are two; those of one customer, if one is named.
pub fn distinct(tx: &ReadTx<'_>, of: Option<Id>) -> Result<Vec<(Id, Id)>> {
    duplicates::distinct(tx, of)
}
