//! Whether a term really matches a stored text. Exact, unlike the expression that gave the candidate.

use crate::domain::search::term::{Number, Term, Word, begins_notes, dialled, is_pinyin, is_whole_number};
use crate::domain::search::tokens::LONGEST_PERSON;
use crate::domain::search::{Sections, is_word_letter, items, segments};
use crate::domain::{fold, pinyin};

impl Term {
    pub(super) fn matches(&self, sections: &Sections) -> bool {
        match self {
            Term::Cjk(run) => [sections.names, sections.words, sections.notes]
                .iter()
                .any(|section| section.contains(run.as_str())),
            Term::Word(word) => word.matches(sections),
            Term::Joined(text) => joined_matches(sections, text),
            Term::Number(number) => number.matches(sections),
        }
    }
}

impl Word {
    fn matches(&self, sections: &Sections) -> bool {
        is_fragment(sections, &self.text)
            || self
                .spelled
                .as_deref()
                .is_some_and(|spelled| is_fragment(sections, spelled))
            || in_notes(sections.notes, &self.text)
            || (is_pinyin(&self.text) && items(sections.names).any(|name| in_pinyin(name, &self.text)))
    }
}

impl Number {
    fn matches(&self, sections: &Sections) -> bool {
        let one = phone_matches(sections.phones, &self.joined)
            || (self.joined.len() > 2 && is_fragment(sections, &self.joined));
        one || self
            .parts
            .iter()
            .all(|part| part.matches(sections) || phone_matches(sections.phones, &part.text))
    }
}

fn phone_matches(phones: &str, digits: &str) -> bool {
    let Some(digits) = dialled(digits) else {
        return false;
    };
    items(phones).any(|phone| {
        if digits.len() == 4 {
            phone.ends_with(digits)
        } else {
            phone.contains(digits) || ends_with_number(digits, phone)
        }
    })
}

/// True if the query is the stored number with a country code or an area code before it.
fn ends_with_number(digits: &str, phone: &str) -> bool {
    let phone = phone.trim_start_matches('0');
    is_whole_number(phone) && digits.ends_with(phone)
}

pub(super) fn is_number(phone: &str, digits: &str) -> bool {
    dialled(digits).is_some_and(|digits| {
        is_whole_number(digits) && (phone.ends_with(digits) || ends_with_number(digits, phone))
    })
}

fn is_fragment(sections: &Sections, word: &str) -> bool {
    if word.chars().nth(2).is_some() {
        sections.names.contains(word) || sections.words.contains(word)
    } else {
        begins_word(sections.names, word) || items(sections.words).any(|item| item.starts_with(word))
    }
}

fn joined_matches(sections: &Sections, text: &str) -> bool {
    let long = |segment: &str| segment.chars().nth(2).is_some();
    if !segments(text).any(|(_, segment)| long(segment)) {
        return [sections.names, sections.words]
            .into_iter()
            .flat_map(items)
            .any(|item| item.starts_with(text));
    }
    // `St.Gallen` is also the name `St. Gallen`, but an address is never its parts in another order.
    let in_name = |segment| {
        if long(segment) {
            sections.names.contains(segment)
        } else {
            begins_word(sections.names, segment)
        }
    };
    sections.names.contains(text)
        || sections.words.contains(text)
        || (!text.contains('@') && segments(text).all(|(_, segment)| in_name(segment)))
}

fn in_notes(notes: &str, word: &str) -> bool {
    if begins_notes(word) {
        return begins_word(notes, word);
    }
    word_starts(notes, word).any(|at| {
        let after = notes
            .get(at + word.len()..)
            .and_then(|after| after.chars().next());
        !after.is_some_and(is_word_letter)
    })
}

fn begins_word(text: &str, word: &str) -> bool {
    word_starts(text, word).next().is_some()
}

/// Where `word` stands at the beginning of a word of `text`.
fn word_starts(text: &str, word: &str) -> impl Iterator<Item = usize> {
    text.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let before = text.get(..*at).and_then(|before| before.chars().next_back());
        !before.is_some_and(is_word_letter)
    })
}

/// The readings of all runs of Chinese characters in `name`.
fn readings(name: &str) -> impl Iterator<Item = Vec<&'static str>> {
    let chinese = pinyin::is_chinese(name);
    let runs = pinyin::runs(name).filter(move |(kind, _)| chinese && *kind == pinyin::Run::Han);
    runs.flat_map(|(_, run)| pinyin::readings(run))
}

fn in_pinyin(name: &str, word: &str) -> bool {
    readings(name).any(|reading| {
        let initials: String = reading
            .iter()
            .filter_map(|syllable| syllable.chars().next())
            .collect();
        let person = reading.len() <= LONGEST_PERSON;
        match word.len() {
            0..=2 => {
                let heads = if person { reading.len() } else { 1 };
                initials.starts_with(word)
                    || reading
                        .iter()
                        .take(heads)
                        .any(|syllable| spelled(syllable).any(|spelling| spelling.starts_with(word)))
            }
            length => {
                // Three initials within a long name would be found by chance too often.
                let abbreviated = if length == 3 {
                    initials.starts_with(word)
                } else {
                    initials.contains(word)
                };
                abbreviated
                    || (0..reading.len()).any(|at| reads_as(reading.get(at..).unwrap_or_default(), word))
            }
        }
    })
}

pub(super) fn name_in_pinyin_begins(name: &str, word: &str) -> bool {
    is_pinyin(word)
        && name.chars().next().is_some_and(fold::is_han)
        && readings(name).any(|reading| {
            let initials = reading.iter().filter_map(|syllable| syllable.chars().next());
            reads_as(&reading, word) || (word.len() > 1 && initials.eq(word.chars()))
        })
}

/// True if `word` is the whole name in pinyin.
pub(super) fn name_in_pinyin_is(name: &str, word: &str) -> bool {
    is_pinyin(word)
        && name.chars().next().is_some_and(fold::is_han)
        && readings(name).any(|reading| spells(&reading, word))
}

/// True if `word` is all syllables, and nothing else.
fn spells(reading: &[&'static str], word: &str) -> bool {
    let Some((syllable, rest)) = reading.split_first() else {
        return word.is_empty();
    };
    spelled(syllable).any(|spelling| word.strip_prefix(spelling).is_some_and(|word| spells(rest, word)))
}

/// True if `word` is whole syllables from the first on, of which the last may be cut short.
fn reads_as(reading: &[&'static str], word: &str) -> bool {
    let Some((syllable, rest)) = reading.split_first() else {
        return false;
    };
    spelled(syllable).any(|spelling| {
        spelling.starts_with(word)
            || word
                .strip_prefix(spelling)
                .is_some_and(|word| reads_as(rest, word))
    })
}

fn spelled(syllable: &'static str) -> impl Iterator<Item = &'static str> {
    let spellings = pinyin::spellings(syllable);
    let plain = spellings.is_empty().then_some(syllable);
    spellings.iter().copied().chain(plain)
}
