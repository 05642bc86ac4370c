//! Which records are compared at all: those with a key in common, found without looking at every pair.
//!
//! Each pass gives every record its keys of one sort, as hashes; sorting brings equal ones together. A few records with
//! one key are all compared with each other. Of many, those are that agree in a second part as well; and where even these
//! are many, each with its neighbours in the order of the names. Two keys with one hash cost a comparison and nothing else.

use crate::domain::duplicate::features::{Arena, Features};
use crate::domain::duplicate::text::mixed;
use crate::domain::duplicate::vocabulary::Vocabulary;

/// So many records with one key are compared with each other.
const FEW: usize = 8;
/// Of more records each is compared with so many that follow.
const NEIGHBOURS: usize = 2;
/// More records than this have a word of a company's name in common without that saying anything.
const TOO_COMMON: u32 = 200;

/// What keys are made of: the vocabulary of one kind, and the records of both.
pub(super) struct Records<'m> {
    pub(super) vocabulary: &'m Vocabulary,
    pub(super) arena: &'m Arena,
    pub(super) features: &'m [Features],
}

/// One sort of keys.
type Pass = fn(&Records<'_>, &Features, &mut Keys);

/// The keys of a record in one pass.
#[derive(Default)]
pub(super) struct Keys {
    hashes: Vec<u32>,
}

impl Keys {
    /// Adds a key of several parts, all of which must be there.
    fn all<const N: usize>(&mut self, parts: [u32; N]) {
        if parts.contains(&0) {
            return;
        }
        let sum = parts
            .iter()
            .fold(0_u64, |sum, part| mixed(sum ^ u64::from(*part)).wrapping_add(1));
        self.hashes.push((sum >> 16) as u32);
    }
}

/// The passes over people.
const PEOPLE: &[Pass] = &[
    mailboxes,
    phones,
    |records, features, keys| {
        for handle in records.arena.handles(features) {
            keys.all([handle.0]);
        }
    },
    |_, features, keys| features.letters.iter().for_each(|letters| keys.all([*letters])),
    |_, features, keys| keys.all([features.han.0]),
    |_, features, keys| keys.all([features.tax.0]),
    |_, features, keys| keys.all([features.day.0]),
    |_, features, keys| keys.all([features.family_sound, features.initial]),
    street_and_house,
    |_, features, keys| keys.all([features.code.0, features.given_sound]),
    |_, features, keys| keys.all([features.code.0, features.family_sound]),
    |_, features, keys| keys.all([features.code.0, features.house.0]),
    |_, features, keys| keys.all([features.firm.0, features.given_sound]),
    |_, features, keys| keys.all([features.firm.0, features.family_sound]),
    |_, features, keys| keys.all([features.street.0, features.given_sound]),
    |_, features, keys| keys.all([features.street.0, features.family_sound]),
    |_, features, keys| keys.all([features.city.0, features.family_sound]),
];

/// The passes over companies.
const COMPANIES: &[Pass] = &[
    mailboxes,
    phones,
    |_, features, keys| keys.all([features.firm.0]),
    |_, features, keys| {
        keys.all([features.reading.some().unwrap_or(features.firm).0]);
    },
    |records, features, keys| {
        for domain in records.arena.domains(features) {
            keys.all([domain.0]);
        }
    },
    |_, features, keys| keys.all([features.tax.0]),
    street_and_house,
    |_, features, keys| keys.all([features.code.0, features.house.0]),
    |records, features, keys| {
        for word in records.arena.words(features) {
            if records.vocabulary.count(*word) <= TOO_COMMON {
                keys.all([records.vocabulary.sound(*word)]);
            }
        }
    },
    |records, features, keys| {
        for word in records.arena.words(features) {
            keys.all([features.city.0, records.vocabulary.sound(*word)]);
        }
    },
    |records, features, keys| {
        let text = records.vocabulary.text(features.firm);
        for bits in [beginning(text, 5), ending(text, 5)] {
            keys.all([bits]);
        }
    },
    |_, features, keys| keys.all([features.street.0, features.city.0]),
];

fn mailboxes(records: &Records<'_>, features: &Features, keys: &mut Keys) {
    for mail in records.arena.mails(features) {
        let local = records.vocabulary.text(mail.local);
        if records.vocabulary.is_role(mail.local) {
            keys.all([mail.local.0, mail.domain.0]);
        } else if local.len() >= 4 {
            // Whoever changes the employer often keeps what stands before the @.
            keys.all([mail.local.0]);
        } else {
            keys.all([mail.local.0, mail.domain.0]);
        }
    }
}

fn phones(records: &Records<'_>, features: &Features, keys: &mut Keys) {
    for phone in records.arena.phones(features) {
        keys.all([ending(records.vocabulary.text(*phone), 7)]);
    }
}

fn street_and_house(_: &Records<'_>, features: &Features, keys: &mut Keys) {
    keys.all([features.street.0, features.house.0]);
}

fn beginning(text: &str, letters: usize) -> u32 {
    let end = text
        .char_indices()
        .nth(letters)
        .map_or(text.len(), |(place, _)| place);
    hashed(text.get(..end).unwrap_or_default(), 3)
}

fn ending(text: &str, letters: usize) -> u32 {
    let count = text.chars().count();
    let start = text
        .char_indices()
        .nth(count.saturating_sub(letters))
        .map_or(0, |(place, _)| place);
    hashed(text.get(start..).unwrap_or_default(), 5)
}

fn hashed(text: &str, seed: u64) -> u32 {
    if text.is_empty() {
        0
    } else {
        (crate::domain::duplicate::text::hash(seed, text) as u32).max(1)
    }
}

/// Calls `pair` with the places of every two records of one kind, companies or people, that are worth a comparison, some of
/// them several times. The lower place comes first.
pub(super) fn candidates(records: &Records<'_>, companies: bool, mut pair: impl FnMut(u32, u32)) {
    let passes = if companies { COMPANIES } else { PEOPLE };
    let mut entries: Vec<u64> = Vec::new();
    let mut keys = Keys::default();
    for pass in passes {
        entries.clear();
        for (place, features) in (0_u32..).zip(records.features) {
            if features.is_company != companies {
                continue;
            }
            keys.hashes.clear();
            pass(records, features, &mut keys);
            entries.extend(
                keys.hashes
                    .iter()
                    .map(|hash| u64::from(*hash) << 32 | u64::from(place)),
            );
        }
        entries.sort_unstable();
        entries.dedup();
        for block in entries.chunk_by(|one, other| one >> 32 == other >> 32) {
            if block.len() <= FEW {
                every(block, &mut pair);
            } else {
                narrowed(records, block, &mut pair);
            }
        }
    }
}

/// So many parts narrow a block that is too large.
const PARTS: usize = 8;

/// A record in a block that is too large, with what narrows it; the order of the parts is that in which neighbours stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    parts: [u32; PARTS],
    place: u32,
}

impl Member {
    fn of(records: &Records<'_>, entry: u64) -> Option<Member> {
        let place = (entry & 0xffff_ffff) as u32;
        let features = records.features.get(place as usize)?;
        let word = records.arena.words(features).first().map_or(0, |word| word.0);
        Some(Member {
            parts: [
                features.family_sound,
                features.given_sound,
                word,
                features.street.0,
                features.code.0,
                features.day.0,
                features.firm.0,
                features.city.0,
            ],
            place,
        })
    }
}

fn narrowed(records: &Records<'_>, block: &[u64], pair: &mut impl FnMut(u32, u32)) {
    let mut members: Vec<Member> = block
        .iter()
        .filter_map(|entry| Member::of(records, *entry))
        .collect();
    let mut inner: Vec<(u32, Member)> = Vec::with_capacity(members.len());
    for second in 0..PARTS {
        inner.clear();
        inner.extend(members.iter().filter_map(|member| {
            let part = *member.parts.get(second)?;
            (part != 0).then_some((part, *member))
        }));
        inner.sort_unstable();
        for part in inner.chunk_by(|one, other| one.0 == other.0) {
            // A part that all have narrows nothing, and all together come at the end.
            if part.len() == members.len() {
                continue;
            }
            let reach = if part.len() <= FEW { part.len() } else { NEIGHBOURS };
            neighbours(part.iter().map(|(_, member)| member.place), reach, pair);
        }
    }
    members.sort_unstable();
    neighbours(members.iter().map(|member| member.place), NEIGHBOURS, pair);
}

fn every(block: &[u64], pair: &mut impl FnMut(u32, u32)) {
    for (number, one) in block.iter().enumerate() {
        for other in block.iter().skip(number + 1) {
            pair((one & 0xffff_ffff) as u32, (other & 0xffff_ffff) as u32);
        }
    }
}

/// Pairs each record with so many that follow it.
fn neighbours(places: impl Iterator<Item = u32> + Clone, reach: usize, pair: &mut impl FnMut(u32, u32)) {
    let mut rest = places;
    while let Some(one) = rest.next() {
        for other in rest.clone().take(reach) {
            pair(one.min(other), one.max(other));
        }
    }
}
