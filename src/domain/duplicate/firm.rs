//! How much speaks for two records being one company.

use crate::domain::duplicate::evidence::{Pair, Sheet, Verdict};
use crate::domain::duplicate::likeness::{Likeness, same_digits};
use crate::domain::duplicate::text::distance;
use crate::domain::duplicate::vocabulary::Word;
use crate::domain::duplicate::{How, Part};

/// A name that nobody else has says so much more than it takes to find somebody in the base.
const NAME: f32 = 5.0;
/// Street and place say so much at most.
const WHERE: f32 = 14.0;
/// What is near the same name says so much at most.
const NEAR: f32 = 14.0;

/// Compares two companies.
pub(super) fn compare(pair: &Pair<'_>, sheet: &mut Sheet<'_>) {
    sheet.verdict(Part::Name, name(pair));
    let mail = pair.mails();
    sheet.verdict(Part::Domain, pair.domains(10.0, -1.5));
    sheet.note(Part::Email, mail.how, mail.bits.clamp(-0.5, 6.0));
    sheet.verdict(Part::Phone, pair.phones());
    sheet.verdict(Part::Handle, pair.handles());
    sheet.verdict(Part::TaxId, pair.tax(-12.0));
    if sheet.bits + WHERE < pair.needed {
        return;
    }
    let (street, place) = (pair.street(), pair.place());
    let moved = (street.bits + place.bits).clamp(-3.0, WHERE) - place.bits;
    sheet.note(Part::Street, street.how, moved);
    sheet.verdict(Part::Place, place);
}

fn name(pair: &Pair<'_>) -> Verdict {
    let verdict = words(pair);
    let (ours, theirs) = (pair.arena.extra(pair.one), pair.arena.extra(pair.other));
    let within = |some: &[Word], all: &[Word]| some.iter().all(|word| all.contains(word));
    if verdict.bits > 0.0 && !within(ours, theirs) && !within(theirs, ours) {
        // Two places or two trades: sisters, not one.
        return Verdict::alike((verdict.bits - 9.0).max(-2.0));
    }
    verdict
}

fn words(pair: &Pair<'_>) -> Verdict {
    let (one, other) = (pair.one, pair.other);
    if let (Some(our), Some(their)) = (one.firm.some(), other.firm.some()) {
        if our == their {
            return Verdict::same(pair.bits(our).clamp(3.0, pair.before + NAME));
        }
        if one.reading == their || other.reading == our {
            return Verdict::alike(pair.common_bits(our, their).min(10.0));
        }
        let (our, their) = (pair.text(our), pair.text(their));
        let short = our.chars().count().min(their.chars().count());
        let slips = if short >= 8 { 2 } else { 1 };
        let begins = our.as_bytes().first() == their.as_bytes().first();
        let ends = our.as_bytes().last() == their.as_bytes().last();
        if short >= 5 && (begins || ends) && same_digits(our, their) && distance(our, their, slips).is_some()
        {
            return Verdict::alike(9.0);
        }
    }
    let (ours, theirs) = (pair.arena.words(one), pair.arena.words(other));
    if ours.is_empty() || theirs.is_empty() {
        return Verdict::NOTHING;
    }
    if is_acronym(pair, ours, theirs) || is_acronym(pair, theirs, ours) {
        return Verdict::alike(4.0);
    }
    overlap(pair, ours, theirs)
}

/// Weighs the words that two names have in common against those that they do not.
fn overlap(pair: &Pair<'_>, ours: &[Word], theirs: &[Word]) -> Verdict {
    let weight = |word: Word| pair.bits(word).clamp(0.5, 10.0);
    let mut shared = 0.0;
    let mut left: f32 = theirs.iter().map(|word| weight(*word)).sum();
    let mut free: u32 = (1 << theirs.len()) - 1;
    for our in ours {
        let mut best: Option<(usize, f32)> = None;
        for (place, their) in theirs
            .iter()
            .enumerate()
            .filter(|(place, _)| free & (1 << place) != 0)
        {
            let quality = match pair.names(*our, *their) {
                Likeness::Same => 1.0,
                Likeness::Slip => 0.8,
                Likeness::Form => 0.6,
                Likeness::Near => 0.5,
                _ => continue,
            };
            if best.is_none_or(|(_, best)| quality > best) {
                best = Some((place, quality));
            }
        }
        match best.and_then(|(place, quality)| Some((place, quality, theirs.get(place)?))) {
            Some((place, quality, their)) => {
                free &= !(1 << place);
                left -= weight(*their);
                shared += weight(*our).min(weight(*their)) * quality;
            }
            None => left += weight(*our),
        }
    }
    let share = shared / (shared + left * 0.6).max(0.1);
    match share {
        0.9.. => Verdict::alike(shared.min(NEAR)),
        0.6.. => Verdict::alike((shared * share).min(9.0) - 2.0),
        0.4.. => Verdict {
            how: How::Differs,
            bits: -2.0,
        },
        _ => Verdict::differs(-6.0),
    }
}

/// Whether one name is the first letters of the other.
fn is_acronym(pair: &Pair<'_>, short: &[Word], long: &[Word]) -> bool {
    let [one] = short else { return false };
    let letters = long.iter().filter_map(|word| pair.text(*word).chars().next());
    long.len() >= 3 && letters.eq(pair.text(*one).chars())
}
