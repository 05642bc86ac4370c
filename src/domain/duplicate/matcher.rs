//! Many records at once: taken in one after the other, then compared.

use crate::domain::duplicate::blocks::{self, Records};
use crate::domain::duplicate::evidence::{Pair, Sheet};
use crate::domain::duplicate::features::{self, Arena, Features};
use crate::domain::duplicate::likeness::Comparing;
use crate::domain::duplicate::vocabulary::Vocabulary;
use crate::domain::duplicate::{Profile, Reason, firm, person};

/// So many pairs wait to be compared, so that one that several keys bring forth is compared once.
const WAITING: usize = 1 << 21;
/// In a base with fewer records than this, two are no likelier to be one: what is not there yet counts too.
const FEWEST: f32 = 1_000.0;
/// Parts that are compared depend on each other more than is known: each bit counts for so much.
const TRUST: f32 = 0.6;

/// Two records that may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The place of the one taken in first.
    pub one: u32,
    /// The place of the other.
    pub other: u32,
    /// How sure it is, 0 to 100.
    pub score: u8,
}

/// The people, or the companies. Neither are weighed by what the others are called, nor by where they are.
#[derive(Debug)]
struct Kind {
    vocabulary: Vocabulary,
    comparing: Comparing,
    count: u32,
}

impl Kind {
    fn new() -> Kind {
        Kind {
            vocabulary: Vocabulary::new(),
            comparing: Comparing::new(),
            count: 0,
        }
    }
}

/// The records that are compared.
#[derive(Debug)]
pub struct Matcher {
    people: Kind,
    companies: Kind,
    arena: Arena,
    features: Vec<Features>,
    /// How many records there are of which only some are here; none if all are.
    population: Option<u32>,
}

impl Matcher {
    /// A matcher for all records of a base: how rare something is follows from these.
    pub fn new() -> Matcher {
        Matcher {
            people: Kind::new(),
            companies: Kind::new(),
            arena: Arena::default(),
            features: Vec::new(),
            population: None,
        }
    }

    /// A matcher for some of `population` records: everything is taken to be as rare as it usually is.
    pub fn sample(population: u32) -> Matcher {
        Matcher {
            population: Some(population),
            ..Matcher::new()
        }
    }

    /// Takes a record in. Its place is the number of those before it.
    pub fn add(&mut self, profile: &Profile) {
        let kind = if profile.is_company {
            &mut self.companies
        } else {
            &mut self.people
        };
        kind.count += 1;
        let features = features::read(&mut kind.vocabulary, &mut self.arena, profile);
        self.features.push(features);
    }

    /// How many records were taken in.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Every two records that reach a score, the surest first, then in the order in which they were taken in.
    pub fn matches(&self, least: u8) -> Vec<Match> {
        self.matches_among(least, |_, _| true)
    }

    /// As [`Matcher::matches`], but only pairs that are `wanted`, which is asked with two places, the lower one first. The
    /// others are not compared.
    pub fn matches_among(&self, least: u8, wanted: impl Fn(u32, u32) -> bool) -> Vec<Match> {
        let mut waiting: Vec<u64> = Vec::new();
        let mut found: Vec<Match> = Vec::new();
        for (kind, companies) in [(&self.people, false), (&self.companies, true)] {
            let records = Records {
                vocabulary: &kind.vocabulary,
                arena: &self.arena,
                features: &self.features,
            };
            blocks::candidates(&records, companies, |one, other| {
                if wanted(one, other) {
                    waiting.push(u64::from(one) << 32 | u64::from(other));
                }
                if waiting.len() >= WAITING {
                    self.decide(&mut waiting, least, &mut found);
                }
            });
        }
        self.decide(&mut waiting, least, &mut found);
        found.sort_unstable_by_key(|found| (u8::MAX - found.score, found.one, found.other));
        found.dedup();
        found
    }

    fn decide(&self, waiting: &mut Vec<u64>, least: u8, found: &mut Vec<Match>) {
        waiting.sort_unstable();
        waiting.dedup();
        found.extend(waiting.drain(..).filter_map(|pair| {
            let (one, other) = ((pair >> 32) as u32, (pair & 0xffff_ffff) as u32);
            let score = self.compare(one, other, least, None);
            (score >= least).then_some(Match { one, other, score })
        }));
    }

    /// How sure it is that two records are one, 0 to 100; 0 for a person and a company.
    pub fn score(&self, one: u32, other: u32) -> u8 {
        self.compare(one, other, 0, None)
    }

    /// Why two records are thought to be one, what weighs most first, and what speaks against it after that.
    pub fn reasons(&self, one: u32, other: u32) -> Vec<Reason> {
        let mut reasons = Vec::new();
        self.compare(one, other, 0, Some(&mut reasons));
        reasons.sort_by(|one, other| other.bits.total_cmp(&one.bits));
        reasons
    }

    /// Compares two records; a score below `least` may be any below it, so that the work can end early.
    fn compare(&self, one: u32, other: u32, least: u8, reasons: Option<&mut Vec<Reason>>) -> u8 {
        // Whatever is taken in turn is taken in the same turn, so that it does not matter who is named first.
        let (one, other) = (one.min(other), one.max(other));
        let (Some(one), Some(other)) = (self.features.get(one as usize), self.features.get(other as usize))
        else {
            return 0;
        };
        if one.is_company != other.is_company {
            return 0;
        }
        let kind = if one.is_company {
            &self.companies
        } else {
            &self.people
        };
        let before = (self.population.unwrap_or(kind.count) as f32).max(FEWEST).log2() + 1.0;
        let pair = Pair {
            vocabulary: &kind.vocabulary,
            arena: &self.arena,
            comparing: &kind.comparing,
            records: self.population.map_or(kind.count as f32, |_| 0.0),
            before,
            needed: match least {
                0 => f32::NEG_INFINITY,
                // Half a point less, since scores are rounded.
                least => {
                    before
                        - (100.0 / (f32::from(least) - 0.5) - 1.0)
                            .max(f32::MIN_POSITIVE)
                            .log2()
                            / TRUST
                }
            },
            one,
            other,
        };
        let mut sheet = Sheet::new(reasons);
        if one.is_company {
            firm::compare(&pair, &mut sheet);
        } else {
            person::compare(&pair, &mut sheet);
        }
        let odds = ((before - sheet.bits) * TRUST).exp2();
        (100.0 / (1.0 + odds)).round() as u8
    }
}

impl Default for Matcher {
    fn default() -> Matcher {
        Matcher::new()
    }
}
