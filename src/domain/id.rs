//! Who a record is: the 63-bit id, its text form `uid`, and the short ref that people type.

use std::fmt;

use crate::domain::noun::Noun;

/// How many low bits of an id are not time.
const SEQUENCE_BITS: u32 = 21;
/// The alphabet of a uid: Crockford's base 32, which leaves out i, l, o and u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 63 bits in five-bit digits.
const UID_LENGTH: usize = 13;

/// The identity of a row: 42 bits of milliseconds since 1970, then 21 bits of randomness and sequence.
///
/// Ids sort by time, are unique over all tables of a base and, by their random part, over copies of a base
/// that grow apart. Rows that are made together have consecutive ids. They are made from a clock and random
/// bits that the caller supplies, see [`Id::first`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(i64);

impl Id {
    /// The first id of a run that starts at `now_ms` (milliseconds since 1970).
    ///
    /// Only 20 random bits are taken, so that a million ids fit into the same millisecond; a longer run goes on
    /// into the next one, which does no harm.
    pub fn first(now_ms: i64, random: u64) -> Id {
        let time = now_ms.clamp(0, (1 << 42) - 1);
        let low = i64::try_from(random & ((1 << (SEQUENCE_BITS - 1)) - 1)).unwrap_or(0);
        Id((time << SEQUENCE_BITS) | low)
    }

    /// The id stored as `raw`; the store is the only caller.
    pub const fn from_raw(raw: i64) -> Id {
        Id(raw)
    }

    /// The number as stored.
    pub fn raw(self) -> i64 {
        self.0
    }

    /// The next id of the same run.
    #[must_use]
    pub fn next(self) -> Id {
        Id(self.0 + 1)
    }

    /// The text form that leaves the process: 13 characters, in the same order as the ids.
    pub fn uid(self) -> String {
        (0..UID_LENGTH)
            .rev()
            .map(|digit| {
                let value = (self.0 >> (digit * 5)) & 31;
                usize::try_from(value)
                    .ok()
                    .and_then(|at| ALPHABET.get(at))
                    .map_or('0', |&byte| char::from(byte))
            })
            .collect()
    }

    /// Reads a uid; any other text is none.
    pub fn parse_uid(text: &str) -> Option<Id> {
        if text.len() != UID_LENGTH {
            return None;
        }
        let mut raw: i64 = 0;
        for byte in text.bytes() {
            let value = ALPHABET
                .iter()
                .position(|&letter| letter == byte.to_ascii_lowercase())?;
            raw = raw.checked_mul(32)?.checked_add(i64::try_from(value).ok()?)?;
        }
        Some(Id(raw))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.uid())
    }
}

/// A ref: what people see and type, `C42`. Case-insensitive, exact, never padded, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ref {
    /// The kind of record.
    pub noun: Noun,
    /// The number behind the letter, from a counter per noun.
    pub no: i64,
}

impl Ref {
    /// Reads a ref; any other text is none.
    pub fn parse(text: &str) -> Option<Ref> {
        let mut letters = text.chars();
        let noun = Noun::from_prefix(letters.next()?)?;
        let digits = letters.as_str();
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        let no = digits.parse().ok().filter(|_| plain)?;
        Some(Ref { noun, no })
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.noun.prefix() {
            Some(letter) => write!(f, "{letter}{}", self.no),
            None => write!(f, "{}", self.no),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uid_round_trips_and_keeps_order() {
        let early = Id::first(1_700_000_000_000, 5);
        let late = Id::first(1_700_000_000_001, 3);
        assert!(early < late && early.uid() < late.uid());
        assert_eq!(Id::parse_uid(&late.uid().to_uppercase()), Some(late));
        assert_eq!(Id::parse_uid("C42"), None);
        assert_eq!(Id::parse_uid("zzzzzzzzzzzzz"), None, "more than 63 bits");
    }

    #[test]
    fn refs_are_exact() {
        let c42 = Ref {
            noun: Noun::Customer,
            no: 42,
        };
        assert_eq!(Ref::parse("c42"), Some(c42));
        assert_eq!(c42.to_string(), "C42");
        for text in [
            "C042",
            "C",
            "C4x",
            "C-4",
            "C+4",
            "42",
            "Z9",
            "",
            "C99999999999999999999",
        ] {
            assert_eq!(Ref::parse(text), None, "{text}");
        }
    }
}
