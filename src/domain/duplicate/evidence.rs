//! What two records have in common whether they are people or companies: addresses of every sort, and where they are.

use crate::domain::duplicate::features::{Arena, Features};
use crate::domain::duplicate::likeness::{Comparing, Likeness, same_digits};
use crate::domain::duplicate::text::{distance, one_edit};
use crate::domain::duplicate::vocabulary::{Vocabulary, Word};
use crate::domain::duplicate::{How, Part, Reason};

/// An equal e-mail address says so much at least and at most.
const SAME_MAIL: (f32, f32) = (10.0, 16.0);
/// An equal name before the `@` of two domains that are one slip apart.
const SAME_BOX: (f32, f32) = (3.0, 9.0);
/// A slip in that name, at one domain.
const SLIP_IN_A_BOX: f32 = 6.0;

/// Two records side by side, and what is needed to compare them.
pub(super) struct Pair<'m> {
    pub(super) vocabulary: &'m Vocabulary,
    pub(super) arena: &'m Arena,
    pub(super) comparing: &'m Comparing,
    /// How many records of this sort there are.
    pub(super) records: f32,
    /// How many bits it takes to tell one record from all of them.
    pub(super) before: f32,
    /// How many bits have to come together at least; a pair that cannot reach them is not compared to its end.
    pub(super) needed: f32,
    pub(super) one: &'m Features,
    pub(super) other: &'m Features,
}

/// Where reasons go, and what they sum up to.
pub(super) struct Sheet<'r> {
    pub(super) bits: f32,
    reasons: Option<&'r mut Vec<Reason>>,
}

impl<'r> Sheet<'r> {
    pub(super) fn new(reasons: Option<&'r mut Vec<Reason>>) -> Sheet<'r> {
        Sheet { bits: 0.0, reasons }
    }

    /// Notes what a part says. What says nothing is not noted.
    pub(super) fn note(&mut self, part: Part, how: How, bits: f32) {
        self.bits += bits;
        if let Some(reasons) = &mut self.reasons
            && bits.abs() >= 0.5
        {
            reasons.push(Reason { part, how, bits });
        }
    }

    pub(super) fn verdict(&mut self, part: Part, verdict: Verdict) {
        self.note(part, verdict.how, verdict.bits);
    }
}

/// What one part says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Verdict {
    pub(super) how: How,
    pub(super) bits: f32,
}

impl Verdict {
    pub(super) const NOTHING: Verdict = Verdict {
        how: How::Differs,
        bits: 0.0,
    };

    pub(super) fn same(bits: f32) -> Verdict {
        Verdict { how: How::Same, bits }
    }

    pub(super) fn alike(bits: f32) -> Verdict {
        Verdict {
            how: How::Alike,
            bits,
        }
    }

    pub(super) fn differs(bits: f32) -> Verdict {
        Verdict {
            how: How::Differs,
            bits,
        }
    }

    pub(super) fn best(self, other: Verdict) -> Verdict {
        if other.bits > self.bits { other } else { self }
    }
}

impl Pair<'_> {
    /// How much an equal word says.
    pub(super) fn bits(&self, word: Word) -> f32 {
        self.vocabulary.bits(word, self.records)
    }

    /// How much two words that mean the same say: as much as the commoner one.
    pub(super) fn common_bits(&self, one: Word, other: Word) -> f32 {
        self.bits(one).min(self.bits(other))
    }

    pub(super) fn text(&self, word: Word) -> &str {
        self.vocabulary.text(word)
    }

    pub(super) fn names(&self, one: Word, other: Word) -> Likeness {
        self.comparing.names(self.vocabulary, one, other)
    }

    /// The most alike of the e-mail addresses.
    pub(super) fn mails(&self) -> Verdict {
        let ours = self.arena.mails(self.one);
        let theirs = self.arena.mails(self.other);
        let mut best: Option<Verdict> = None;
        for our in ours {
            for their in theirs.clone() {
                let verdict = if our == their {
                    self.same_mail(our.local, our.domain)
                } else {
                    self.other_mail((our.local, our.domain), (their.local, their.domain))
                };
                best = Some(best.map_or(verdict, |best| best.best(verdict)));
            }
        }
        best.unwrap_or(Verdict::NOTHING)
    }

    /// More than this the e-mail addresses cannot say, as far as equal halves of them tell.
    pub(super) fn most_of_mails(&self) -> f32 {
        let theirs = self.arena.mails(self.other);
        let most = self.arena.mails(self.one).flat_map(|our| {
            theirs.clone().map(
                move |their| match (our.local == their.local, our.domain == their.domain) {
                    (true, true) => SAME_MAIL.1,
                    (true, false) => SAME_BOX.1,
                    (false, true) => SLIP_IN_A_BOX,
                    (false, false) => 0.0,
                },
            )
        });
        most.fold(0.0, f32::max)
    }

    fn same_mail(&self, local: Word, domain: Word) -> Verdict {
        let role = self.vocabulary.is_role(local);
        let own = self.bits(local) + self.bits(domain).min(4.0);
        Verdict::same(if role {
            own.min(6.0)
        } else {
            own.clamp(SAME_MAIL.0, SAME_MAIL.1)
        })
    }

    fn other_mail(&self, one: (Word, Word), other: (Word, Word)) -> Verdict {
        if self.vocabulary.is_role(one.0) || self.vocabulary.is_role(other.0) {
            return Verdict::differs(-0.5);
        }
        if one.0 != other.0 && one.1 != other.1 {
            return Verdict::differs(-1.0);
        }
        let (one_local, other_local) = (self.text(one.0), self.text(other.0));
        let short = one_local.len().min(other_local.len());
        if one.1 == other.1 {
            // Numbers behind a name are what tells boxes apart.
            let slip = short >= 5 && one_edit(one_local, other_local) && same_digits(one_local, other_local);
            return if slip {
                Verdict::alike(SLIP_IN_A_BOX)
            } else {
                Verdict::differs(-1.5)
            };
        }
        let (one_domain, other_domain) = (self.text(one.1), self.text(other.1));
        let slip = one_domain.len() >= 6 && distance(one_domain, other_domain, 2).is_some();
        let own = self.bits(one.0);
        match (slip, short) {
            (true, _) => Verdict::alike(own.clamp(SAME_BOX.0, SAME_BOX.1)),
            (false, 5..) => Verdict::alike(own.clamp(0.5, 4.0)),
            _ => Verdict::differs(0.0),
        }
    }

    /// The most alike of the telephone numbers.
    pub(super) fn phones(&self) -> Verdict {
        self.any(
            self.arena.phones(self.one),
            self.arena.phones(self.other),
            |one, other| {
                if one == other {
                    return Verdict::same(self.bits(one).clamp(0.5, 13.0));
                }
                let (our, their) = (self.text(one), self.text(other));
                if our.len() >= 7 && distance(our, their, 1).is_some() {
                    return Verdict::alike(5.0);
                }
                // One of them without the code of its area.
                let (short, long) = if our.len() < their.len() {
                    (our, their)
                } else {
                    (their, our)
                };
                if short.len() >= 7 && long.ends_with(short) {
                    return Verdict::alike(6.0);
                }
                Verdict::differs(-1.0)
            },
        )
    }

    /// The most alike of the names in other services.
    pub(super) fn handles(&self) -> Verdict {
        self.any(
            self.arena.handles(self.one),
            self.arena.handles(self.other),
            |one, other| {
                if one == other {
                    Verdict::same(self.bits(one).clamp(4.0, 14.0))
                } else {
                    Verdict::differs(0.0)
                }
            },
        )
    }

    /// A domain in common, `most` at best; none in common counts as `none`.
    pub(super) fn domains(&self, most: f32, none: f32) -> Verdict {
        self.any(
            self.arena.domains(self.one),
            self.arena.domains(self.other),
            |one, other| {
                if one == other {
                    Verdict::same(self.bits(one).min(most))
                } else {
                    Verdict::differs(none)
                }
            },
        )
    }

    fn any(&self, ours: &[Word], theirs: &[Word], compare: impl Fn(Word, Word) -> Verdict) -> Verdict {
        let pairs = ours
            .iter()
            .flat_map(|our| theirs.iter().map(move |their| (*our, *their)));
        pairs
            .map(|(our, their)| compare(our, their))
            .reduce(Verdict::best)
            .unwrap_or(Verdict::NOTHING)
    }

    /// Street and house.
    pub(super) fn street(&self) -> Verdict {
        let (Some(one), Some(other)) = (self.one.street.some(), self.other.street.some()) else {
            return Verdict::NOTHING;
        };
        let houses = match (self.one.house.some(), self.other.house.some()) {
            (Some(our), Some(their)) if our == their => self.bits(our).min(5.0),
            (Some(our), Some(their)) if one_edit(self.text(our), self.text(their)) => 0.5,
            (Some(_), Some(_)) => -1.5,
            _ => 0.0,
        };
        if one == other {
            return Verdict::same(self.bits(one).min(9.0) + houses);
        }
        let (our, their) = (self.text(one), self.text(other));
        let short = our.len().min(their.len());
        let within = short >= 4 && (our.contains(their) || their.contains(our));
        let slips = if short >= 8 { 2 } else { 1 };
        if within || short >= 4 && distance(our, their, slips).is_some() {
            return Verdict::alike((self.common_bits(one, other).min(9.0) * 0.75 + houses).max(0.0));
        }
        if shared_words(our, their) >= 2 {
            return Verdict::alike((self.common_bits(one, other).min(9.0) * 0.5 + houses).max(0.0));
        }
        let joined = |text: &str| text.replace(' ', "");
        if short >= 6 && distance(&joined(our), &joined(their), 3).is_some() {
            return Verdict::alike((3.0 + houses).max(0.0));
        }
        Verdict::differs(if houses > 1.0 { 0.0 } else { -1.0 })
    }

    /// Postal code, city and country.
    pub(super) fn place(&self) -> Verdict {
        let mut sum = 0.0;
        let mut how = How::Differs;
        let mut seen = false;
        if let (Some(one), Some(other)) = (self.one.code.some(), self.other.code.some()) {
            seen = true;
            if one == other {
                sum += self.bits(one).min(7.0);
                how = How::Same;
            } else if self.text(one).len() >= 4 && one_edit(self.text(one), self.text(other)) {
                sum += 2.0;
                how = How::Alike;
            } else {
                sum -= 0.7;
            }
        }
        if let (Some(one), Some(other)) = (self.one.city.some(), self.other.city.some()) {
            seen = true;
            let share = if how == How::Same { 0.4 } else { 0.8 };
            let (our, their) = (self.text(one), self.text(other));
            let short = our.len().min(their.len());
            if one == other {
                sum += self.bits(one).min(7.0) * share;
                how = How::Same;
            } else if short >= 4 && distance(our, their, if short >= 7 { 2 } else { 1 }).is_some() {
                sum += self.common_bits(one, other).min(7.0) * share * 0.7;
                how = if how == How::Same { how } else { How::Alike };
            } else {
                sum -= 1.0;
            }
        }
        let countries = (self.one.country.some(), self.other.country.some());
        if let (Some(one), Some(other)) = countries
            && one != other
        {
            seen = true;
            sum -= 1.5;
        }
        if !seen {
            return Verdict::NOTHING;
        }
        Verdict {
            how: if sum < 0.0 { How::Differs } else { how },
            bits: sum.max(-2.5),
        }
    }

    pub(super) fn tax(&self, differs: f32) -> Verdict {
        match (self.one.tax.some(), self.other.tax.some()) {
            (Some(one), Some(other)) if one == other => Verdict::same(self.bits(one).clamp(4.0, 16.0)),
            (Some(_), Some(_)) => Verdict::differs(differs),
            _ => Verdict::NOTHING,
        }
    }
}

/// How many words of the shorter of two streets are in the other, a typing error apart; none if more are not.
fn shared_words(one: &str, other: &str) -> usize {
    let (short, long) = if one.len() < other.len() {
        (one, other)
    } else {
        (other, one)
    };
    let count = short.split(' ').count();
    let is_shared = |word: &&str| {
        long.split(' ')
            .any(|other| word.len() >= 3 && one_edit(word, other))
    };
    let shared = short.split(' ').filter(is_shared).count();
    if shared * 3 >= count * 2 { shared } else { 0 }
}
