//! How much speaks for two records being one person.

use crate::domain::duplicate::evidence::{Pair, Sheet, Verdict};
use crate::domain::duplicate::likeness::Likeness;
use crate::domain::duplicate::text::distance;
use crate::domain::duplicate::vocabulary::Word;
use crate::domain::duplicate::{How, Part};

/// What is shared by those who live or work together weighs so much at most between two with different first names.
const TOGETHER: f32 = 5.0;
/// Telephone, employer, street, place and domain say so much at most.
const MOST_OF_THE_REST: f32 = 41.0;
/// A given or a family name alone says so much at most.
const HALF_A_NAME: f32 = 5.0;
/// Nothing but a name is never more than this.
const NAME_ALONE: f32 = 14.0;

/// Compares two people.
pub(super) fn compare(pair: &Pair<'_>, sheet: &mut Sheet<'_>) {
    let name = name(pair);
    sheet.note(Part::Name, name.verdict.how, name.verdict.bits);
    let rest = [
        (Part::Handle, pair.handles()),
        (Part::Birthday, birthday(pair)),
        (Part::TaxId, pair.tax(-8.0)),
    ];
    let together = if name.is_another {
        TOGETHER
    } else {
        MOST_OF_THE_REST
    };
    // Most pairs end here, before any letter of an address is looked at.
    let bits: f32 = rest.iter().map(|(_, verdict)| verdict.bits).sum();
    if sheet.bits + bits + pair.most_of_mails() + together < pair.needed {
        sheet.bits += bits.min(0.0);
        return;
    }
    let mail = pair.mails();
    sheet.verdict(Part::Email, mail);
    for (part, verdict) in rest {
        sheet.verdict(part, verdict);
    }
    if sheet.bits + together < pair.needed {
        return;
    }
    let phone = pair.phones();
    let firm = firm(pair);
    let street = pair.street();
    let place = pair.place();
    let domain = pair.domains(2.0, 0.0);
    if name.is_another {
        // A household has one street, one line and one surname; colleagues have one employer and its switchboard.
        let shared = [phone, firm, street, place];
        let sum: f32 = shared.iter().map(|verdict| verdict.bits.max(0.0)).sum();
        let share = if sum > TOGETHER { TOGETHER / sum } else { 1.0 };
        for (part, verdict) in [Part::Phone, Part::Company, Part::Street, Part::Place]
            .into_iter()
            .zip(shared)
        {
            let bits = if verdict.bits > 0.0 {
                verdict.bits * share
            } else {
                verdict.bits
            };
            sheet.note(part, verdict.how, bits);
        }
    } else {
        sheet.verdict(Part::Phone, phone);
        sheet.verdict(Part::Company, firm);
        // People move, and take the name of the city along with that of the street.
        let moved = (street.bits + place.bits).clamp(-3.0, 18.0) - place.bits;
        sheet.note(Part::Street, street.how, moved);
        sheet.verdict(Part::Place, place);
        if firm.bits < 2.0 && mail.how != How::Same {
            sheet.verdict(Part::Domain, domain);
        }
    }
    if let (Some(one), Some(other)) = (pair.one.gender.some(), pair.other.gender.some())
        && one != other
    {
        sheet.note(Part::Gender, How::Differs, -4.0);
    }
}

/// What the names say.
struct Names {
    verdict: Verdict,
    /// The first names are those of two people.
    is_another: bool,
}

fn name(pair: &Pair<'_>) -> Names {
    let (one, other) = (pair.one, pair.other);
    let straight_given = side(pair, &one.given, &other.given, -6.0);
    let straight_family = side(pair, &one.family, &other.family, -5.0);
    let mut given = straight_given;
    let mut family = straight_family;
    let mut turned = false;
    let whole = |names: &[Word]| names.first().is_some_and(|name| name.is_some());
    if whole(&one.given) && whole(&one.family) || whole(&other.given) && whole(&other.family) {
        let crossed_given = side(pair, &one.given, &other.family, -6.0);
        let crossed_family = side(pair, &one.family, &other.given, -5.0);
        let straight = straight_given.bits + straight_family.bits;
        if crossed_given.bits + crossed_family.bits - 2.0 > straight {
            (given, family, turned) = (crossed_given, crossed_family, true);
        }
    }
    let mut bits = given.bits + family.bits - if turned { 2.0 } else { 0.0 };
    if given.likeness.is_none() || family.likeness.is_none() {
        bits = bits.min(HALF_A_NAME);
    }
    let both = [given, family]
        .iter()
        .all(|side| side.likeness == Some(Likeness::Same));
    let mut is_same = both;
    match (one.han.some(), other.han.some()) {
        (Some(our), Some(their)) if our == their => {
            bits = bits.max(pair.bits(our).min(NAME_ALONE));
            is_same = true;
        }
        // Equal to the ear, and written otherwise: as often two people as a slip.
        (Some(our), Some(their)) => {
            let slip = pair.text(our).chars().count() >= 3
                && distance(pair.text(our), pair.text(their), 1).is_some();
            bits = bits.min(if slip { 4.0 } else { 1.0 });
            is_same = false;
        }
        _ => {}
    }
    if let (Some(our), Some(their)) = (one.generation.some(), other.generation.some())
        && our != their
    {
        bits = bits.min(NAME_ALONE) - 9.0;
        is_same = false;
    }
    let how = match () {
        () if is_same => How::Same,
        () if bits > 0.0 => How::Alike,
        () => How::Differs,
    };
    Names {
        verdict: Verdict {
            how,
            bits: bits.min(NAME_ALONE),
        },
        is_another: given.likeness >= Some(Likeness::Vague) && !turned,
    }
}

/// What given or family names say.
#[derive(Clone, Copy)]
struct Side {
    bits: f32,
    /// None where one of them is not known.
    likeness: Option<Likeness>,
}

/// The most alike of the names of one side.
fn side(pair: &Pair<'_>, ours: &[Word], theirs: &[Word], unlike: f32) -> Side {
    let mut best: Option<Side> = None;
    for our in ours.iter().filter(|word| word.is_some()) {
        for their in theirs.iter().filter(|word| word.is_some()) {
            let likeness = pair.names(*our, *their);
            let own = pair.common_bits(*our, *their).min(11.0);
            let bits = match likeness {
                Likeness::Same if pair.text(*our).len() == 1 => 2.0,
                Likeness::Same => own,
                Likeness::Form => own * 0.6,
                Likeness::Slip => own * 0.7,
                Likeness::Near => own * 0.4,
                Likeness::Initial => 2.0,
                Likeness::Vague => unlike * 0.4,
                Likeness::Unlike => unlike,
            };
            if best.is_none_or(|best| bits > best.bits) {
                best = Some(Side {
                    bits,
                    likeness: Some(likeness),
                });
            }
        }
    }
    best.unwrap_or(Side {
        bits: 0.0,
        likeness: None,
    })
}

fn firm(pair: &Pair<'_>) -> Verdict {
    let (Some(one), Some(other)) = (pair.one.firm.some(), pair.other.firm.some()) else {
        return Verdict::NOTHING;
    };
    if one == other {
        return Verdict::same(pair.bits(one).min(8.0));
    }
    let (our, their) = (pair.text(one), pair.text(other));
    let short = our.len().min(their.len());
    if short >= 5 && (distance(our, their, 2).is_some() || our.starts_with(their) || their.starts_with(our)) {
        return Verdict::alike(4.0);
    }
    Verdict::differs(-1.0)
}

fn birthday(pair: &Pair<'_>) -> Verdict {
    let (Some(one), Some(other)) = (pair.one.day.some(), pair.other.day.some()) else {
        return Verdict::NOTHING;
    };
    if one == other {
        return Verdict::same(pair.bits(one).min(12.0));
    }
    let (our, their) = (pair.text(one), pair.text(other));
    let ([our_year, our_month, our_day], [their_year, their_month, their_day]) = (parts(our), parts(their));
    let same_day = our_month == their_month && our_day == their_day;
    if same_day && (our_year.is_empty() || their_year.is_empty()) {
        return Verdict::same(7.0);
    }
    let turned = our_year == their_year && our_month == their_day && our_day == their_month;
    if turned || distance(our, their, 1).is_some() {
        return Verdict::alike(5.0);
    }
    let equal = usize::from(our_year == their_year)
        + usize::from(our_month == their_month)
        + usize::from(our_day == their_day);
    match equal {
        2 => Verdict::alike(1.0),
        _ if distance(our, their, 2).is_some() => Verdict::differs(-2.0),
        _ => Verdict::differs(-6.0),
    }
}

/// Year, month and day of a birthday; the year may be missing.
fn parts(day: &str) -> [&str; 3] {
    let (rest, of_month) = day.rsplit_once('-').unwrap_or_default();
    let (year, month) = rest.rsplit_once('-').unwrap_or_default();
    [year.trim_matches('-'), month, of_month]
}
