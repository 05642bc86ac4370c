//! Who is in the base twice: finding them, and remembering of whom somebody said that they are two.
//!
//! [`find`] is what a list and a review page ask: `found.pairs()` gives the pairs with their reasons, the surest first,
//! and `found.groups()` whole sets. What comes of a pair is [`crate::ops::merge::merge`], or [`distinguish`], which keeps
//! it from being shown again; [`reconsider`] takes that back, as undoing the operation does.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::domain::duplicate::matcher::{Match, Matcher};
use crate::domain::duplicate::{Reason, USUAL_SCORE};
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
    /// Only pairs with one of these. The rest of the base is read all the same: how much what two have in common says
    /// depends on how many others have it.
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

/// What was found: the records that were compared, and which of them are alike.
#[derive(Debug)]
pub struct Found {
    matcher: Matcher,
    ids: Vec<Id>,
    matches: Vec<Match>,
}

impl Found {
    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.matches.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The pairs, the surest first. Reasons are made as the iterator goes on, so that a million pairs need no memory.
    pub fn pairs(&self) -> impl Iterator<Item = Pair> {
        self.matches.iter().filter_map(|found| {
            let (one, other) = self.ends(found)?;
            Some(Pair {
                one,
                other,
                score: found.score,
                reasons: self.matcher.reasons(found.one, found.other),
            })
        })
    }

    fn ends(&self, found: &Match) -> Option<(Id, Id)> {
        let id = |place: u32| self.ids.get(usize::try_from(place).ok()?).copied();
        Some((id(found.one)?, id(found.other)?))
    }

    /// The sets of customers who hang together by pairs, in the order of the surest pair of each.
    pub fn groups(&self) -> Vec<Group> {
        let mut leaders: HashMap<Id, Id> = HashMap::new();
        let mut scores: HashMap<Id, u8> = HashMap::new();
        let mut order: Vec<Id> = Vec::new();
        let ends = |found: &Match| Some((self.ends(found)?, found.score));
        for ((one, other), score) in self.matches.iter().filter_map(ends) {
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
    let asked = Asked::read(tx, &request.of)?;
    let mut found = Found {
        matcher: Matcher::new(),
        ids: Vec::new(),
        matches: Vec::new(),
    };
    let kind = match (&request.kind, asked.kind()) {
        (Some(wanted), Some(kind)) if wanted != kind => return Ok(found),
        (wanted, kind) => wanted.as_deref().or(kind),
    };
    duplicates::each(tx, kind, |id, profile| {
        found.matcher.add(profile);
        found.ids.push(id);
        Ok(())
    })?;
    found.matches = asked.matches(&found, request.least);
    let mut matches = std::mem::take(&mut found.matches);
    matches.retain(|pair| {
        found.ends(pair).is_some_and(|(one, other)| {
            let is_chosen = |chosen: &HashSet<Id>| chosen.contains(&one) || chosen.contains(&other);
            chosen.as_ref().is_none_or(is_chosen) && !told.contains(&(one.min(other), one.max(other)))
        })
    });
    found.matches = matches;
    Ok(found)
}

/// The customers whose doubles are looked for.
struct Asked {
    ids: Vec<Id>,
    people: bool,
    companies: bool,
}

impl Asked {
    fn read(tx: &ReadTx<'_>, ids: &[Id]) -> Result<Asked> {
        let mut asked = Asked {
            ids: ids.to_vec(),
            people: false,
            companies: false,
        };
        for id in ids {
            let missing = || Error::not_found(Noun::Customer, &id.uid());
            let profile = duplicates::profile(tx, *id)?.ok_or_else(missing)?;
            asked.people |= !profile.is_company;
            asked.companies |= profile.is_company;
        }
        Ok(asked)
    }

    /// The type that all of them are of; none if there are both, or nobody was named.
    fn kind(&self) -> Option<&'static str> {
        match (self.people, self.companies) {
            (true, false) => Some("person"),
            (false, true) => Some("company"),
            _ => None,
        }
    }

    /// The pairs with one of them, who comes first; all pairs if nobody was named.
    fn matches(&self, found: &Found, least: u8) -> Vec<Match> {
        if self.ids.is_empty() {
            return found.matcher.matches(least);
        }
        let places: HashSet<u32> = self
            .ids
            .iter()
            .filter_map(|id| u32::try_from(found.ids.binary_search(id).ok()?).ok())
            .collect();
        let is_asked = |one: u32, other: u32| places.contains(&one) || places.contains(&other);
        let mut matches = found.matcher.matches_among(least, is_asked);
        for pair in matches.iter_mut().filter(|pair| !places.contains(&pair.one)) {
            std::mem::swap(&mut pair.one, &mut pair.other);
        }
        matches.sort_unstable_by_key(|pair| (u8::MAX - pair.score, pair.one, pair.other));
        matches
    }
}

/// Customers of the same name who may be the one that was just added, the likeliest first.
///
/// Only the index of names is asked, so that adding a customer stays as quick as it was; whoever has one of its
/// addresses was named already when it was added. So how rare something is in the base is not known here, and the scores
/// are not those that [`find`] gives.
pub fn namesakes(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Pair>> {
    let Some(profile) = duplicates::profile(tx, id)? else {
        return Ok(Vec::new());
    };
    let mut others = duplicates::namesakes(tx, &profile)?;
    others.retain(|other| *other != id);
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Found {
        matcher: Matcher::sample(duplicates::population(tx)?),
        ids: vec![id],
        matches: Vec::new(),
    };
    found.matcher.add(&profile);
    for other in others {
        if let Some(profile) = duplicates::profile(tx, other)? {
            found.matcher.add(&profile);
            found.ids.push(other);
        }
    }
    let places = 1..u32::try_from(found.ids.len()).unwrap_or(u32::MAX);
    let mut matches: Vec<Match> = places
        .map(|other| Match {
            one: 0,
            other,
            score: found.matcher.score(0, other),
        })
        .filter(|pair| pair.score >= USUAL_SCORE)
        .collect();
    matches.sort_by_key(|pair| (u8::MAX - pair.score, pair.other));
    found.matches = matches;
    Ok(found.pairs().collect())
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
