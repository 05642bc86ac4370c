//! How alike two words of names are, with a memory for the pairs that come again and again.

use std::cell::RefCell;

use crate::domain::duplicate::nicknames;
use crate::domain::duplicate::text::{distance, jaro_winkler};
use crate::domain::duplicate::vocabulary::{Vocabulary, Word};

/// How alike two words are, the most alike first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// Equal.
    Same,
    /// Forms of one name: Robert and Bob, Alex and Alexander.
    Form,
    /// A typing error apart, or equal to the ear.
    Slip,
    /// Rather alike: two or three errors in a long word.
    Near,
    /// One is the initial of the other.
    Initial,
    /// Not so unlike that they could not be one.
    Vague,
    /// Unlike.
    Unlike,
}

/// How many pairs are remembered; a power of two.
const REMEMBERED: usize = 1 << 17;

/// Compares words, and remembers.
#[derive(Debug)]
pub(super) struct Comparing {
    known: RefCell<Vec<(u64, Likeness)>>,
}

impl Comparing {
    pub(super) fn new() -> Comparing {
        Comparing {
            known: RefCell::new(vec![(0, Likeness::Unlike); REMEMBERED]),
        }
    }

    /// How alike two words are.
    pub(super) fn names(&self, vocabulary: &Vocabulary, one: Word, other: Word) -> Likeness {
        if one == other {
            return Likeness::Same;
        }
        let (low, high) = (one.min(other), one.max(other));
        let pair = u64::from(low.0) << 32 | u64::from(high.0);
        let place = crate::domain::duplicate::text::mixed(pair) as usize & (REMEMBERED - 1);
        let mut known = self.known.borrow_mut();
        if let Some((of, likeness)) = known.get(place)
            && *of == pair
        {
            return *likeness;
        }
        let sounds = vocabulary.sound(low) == vocabulary.sound(high);
        let likeness = compared(vocabulary.text(low), vocabulary.text(high), sounds);
        if let Some(memory) = known.get_mut(place) {
            *memory = (pair, likeness);
        }
        likeness
    }
}

/// How alike two different words are; `sounds` says whether they sound the same.
fn compared(one: &str, other: &str, sounds: bool) -> Likeness {
    let (one_length, other_length) = (one.chars().count(), other.chars().count());
    let (short, long) = (one_length.min(other_length), one_length.max(other_length));
    if short == 1 {
        let same = one.chars().next() == other.chars().next() && one.is_ascii() && other.is_ascii();
        return if same { Likeness::Initial } else { Likeness::Unlike };
    }
    // Whoever is numbered is told apart by the number.
    if !same_digits(one, other) {
        return Likeness::Unlike;
    }
    if nicknames::same(one, other) {
        return Likeness::Form;
    }
    if short >= 3 && (one.starts_with(other) || other.starts_with(one)) {
        return Likeness::Form;
    }
    let most = match long {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    if distance(one, other, most).is_some() || sounds && short >= 3 {
        return Likeness::Slip;
    }
    if short == 3 && long <= 4 && distance(one, other, 1).is_some() {
        return Likeness::Near;
    }
    match jaro_winkler(one, other) {
        likeness if likeness >= 0.88 && short >= 4 => Likeness::Near,
        likeness if likeness >= 0.77 => Likeness::Vague,
        _ => Likeness::Unlike,
    }
}

/// Whether two texts have the same digits, in order.
pub(super) fn same_digits(one: &str, other: &str) -> bool {
    let digits = |word: &str| {
        word.bytes().filter(u8::is_ascii_digit).fold(1_u64, |sum, digit| {
            sum.wrapping_mul(31).wrapping_add(u64::from(digit))
        })
    };
    digits(one) == digits(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::duplicate::vocabulary::Sort;

    #[test]
    fn compares_names() {
        let mut vocabulary = Vocabulary::new();
        let comparing = Comparing::new();
        for (one, other, expected) in [
            ("robert", "robert", Likeness::Same),
            ("robert", "bob", Likeness::Form),
            ("alexander", "alex", Likeness::Form),
            ("meier", "mayer", Likeness::Slip),
            ("smith", "smiht", Likeness::Slip),
            ("katharina", "kate", Likeness::Form),
            ("r", "robert", Likeness::Initial),
            ("r", "james", Likeness::Unlike),
            ("wei", "mei", Likeness::Near),
            ("james", "peter", Likeness::Unlike),
        ] {
            let (one, other) = (
                vocabulary.word(Sort::Name, one),
                vocabulary.word(Sort::Name, other),
            );
            for _ in 0..2 {
                let found = comparing.names(&vocabulary, one, other);
                assert_eq!(
                    found,
                    expected,
                    "{} {}",
                    vocabulary.text(one),
                    vocabulary.text(other)
                );
                assert_eq!(found, comparing.names(&vocabulary, other, one));
            }
        }
    }
}
