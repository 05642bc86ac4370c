//! The tokens of a record in the full-text table. What is written here is what `query` asks for.
//!
//! The table is to be FTS5 with `tokenize='unicode61'`, `detail=none` and a prefix index over one character.
//! Tokens hold only ASCII letters and digits, common Chinese, Japanese and Korean characters, and characters for
//! private use, which unicode61 takes for letters in every version: so no token is ever cut in two. Every other
//! letter is written as one for private use; two letters may share one, since hits are verified anyway.
//!
//! | token | of | asked for by |
//! |---|---|---|
//! | first two letters | words of names, beginnings of `words`, syllables, initials | one and two letters |
//! | two characters, last character | Chinese, Japanese, Korean text | the same; one character as prefix |
//! | mark, three letters | words of names and `words`, pinyin, initials | three letters and more |
//! | mark, three digits; mark, last four digits | phones | numbers |
//! | mark, word | notes | whole words, longer ones as prefix |
//! | another mark, word or two characters | what was said in an activity | the same, where activities are asked for |
//! | mark, owner; mark, noun | the record | scope |

use std::collections::HashSet;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::search::{Script, Sections, items, segments};
use crate::domain::{fold, pinyin};

/// Marks three letters of a word.
const GRAM: char = '\u{e000}';
/// Marks three digits of a telephone number.
const DIGITS: char = '\u{e001}';
/// Marks the last four digits of a telephone number.
const TAIL: char = '\u{e002}';
/// Marks a word of a note.
const NOTE: char = '\u{e003}';
/// Marks what was said. There are many times more activities than customers; with tokens of their own they do not stand
/// in the way of who looks for a customer.
const TALK: char = '\u{e006}';
/// Marks the owner of the record.
const OWNER: char = '\u{e004}';
/// Marks the sort of the record.
const NOUN: char = '\u{e005}';
/// The first of the characters that stand for letters which cannot be relied on.
const STAND_INS: u32 = 0xe100;
/// How many there are.
const STAND_IN_COUNT: u32 = 0x1700;
/// A Chinese name of up to so many characters may be a person's, and is found by each of its syllables.
pub(super) const LONGEST_PERSON: usize = 4;
/// A word of a note is told from others by so many letters.
const LONGEST_NOTE_WORD: usize = 32;

/// The tokens of a stored text ([`super::Document::text`]), separated by blanks, each once.
pub fn tokens(text: &str) -> String {
    let sections = Sections::of(text);
    let mut all = String::with_capacity(text.len() * 6);
    for name in items(sections.names) {
        let chinese = pinyin::is_chinese(name);
        for (script, segment) in segments(name) {
            match script {
                Script::Cjk => {
                    push_pairs(&mut all, segment);
                    if chinese {
                        push_readings(&mut all, segment);
                    }
                }
                Script::Word => {
                    push_head(&mut all, segment);
                    push_grams(&mut all, segment);
                }
            }
        }
    }
    for word in items(sections.words) {
        for (at, (script, segment)) in segments(word).enumerate() {
            match script {
                Script::Cjk => push_pairs(&mut all, segment),
                Script::Word => {
                    if at == 0 {
                        push_head(&mut all, segment);
                    }
                    push_grams(&mut all, segment);
                }
            }
        }
    }
    for phone in items(sections.phones) {
        push_phone_grams(&mut all, phone);
        push_tail(&mut all, phone);
    }
    let talk = sections.noun == Noun::Activity.name();
    for (script, segment) in items(sections.notes).flat_map(segments) {
        match (script, talk) {
            (Script::Cjk, false) => push_pairs(&mut all, segment),
            (Script::Cjk, true) => push_talk_pairs(&mut all, segment),
            (Script::Word, false) => push_note(&mut all, segment),
            (Script::Word, true) => push_talk(&mut all, segment),
        }
    }
    push_marked(&mut all, OWNER, sections.owner.parse().unwrap_or(0));
    push_noun(&mut all, sections.noun);
    distinct(&all)
}

/// The token of all records of `owner`; of those without an owner for none.
pub fn owner_token(owner: Option<Id>) -> String {
    let mut token = String::new();
    push_marked(&mut token, OWNER, owner.map_or(0, Id::raw));
    token.trim_end().to_owned()
}

/// The token of all records of `noun`.
pub fn noun_token(noun: Noun) -> String {
    let mut token = String::new();
    push_noun(&mut token, noun.name());
    token.trim_end().to_owned()
}

/// The first two letters of `word`, or its only one.
pub(super) fn push_head(all: &mut String, word: &str) {
    all.extend(word.chars().take(2).map(reliable));
    all.push(' ');
}

/// Every three letters of `word`; none if it is shorter.
pub(super) fn push_grams(all: &mut String, word: &str) {
    push_triples(all, GRAM, word);
}

/// Every three digits of a telephone number.
pub(super) fn push_phone_grams(all: &mut String, digits: &str) {
    push_triples(all, DIGITS, digits);
}

/// The last four digits of a telephone number.
pub(super) fn push_tail(all: &mut String, digits: &str) {
    let start = digits.len().saturating_sub(4);
    all.push(TAIL);
    all.extend(digits.chars().skip(start).map(reliable));
    all.push(' ');
}

/// A whole word of a note.
pub(super) fn push_note(all: &mut String, word: &str) {
    push_whole(all, NOTE, word);
}

/// A whole word of what was said.
pub(super) fn push_talk(all: &mut String, word: &str) {
    push_whole(all, TALK, word);
}

/// [`push_pairs`] of what was said.
pub(super) fn push_talk_pairs(all: &mut String, run: &str) {
    let mut pairs = String::new();
    push_pairs(&mut pairs, run);
    for pair in pairs.split_ascii_whitespace() {
        all.push(TALK);
        all.push_str(pair);
        all.push(' ');
    }
}

fn push_whole(all: &mut String, mark: char, word: &str) {
    all.push(mark);
    all.extend(word.chars().take(LONGEST_NOTE_WORD).map(reliable));
    all.push(' ');
}

/// Every two characters of a run, and its last one: with the prefix index over one character, every single
/// character is found as well.
pub(super) fn push_pairs(all: &mut String, run: &str) {
    let mut previous = None;
    for letter in run.chars().map(reliable) {
        if let Some(previous) = previous {
            all.extend([previous, letter, ' ']);
        }
        previous = Some(letter);
    }
    all.extend(previous);
    all.push(' ');
}

/// `ü` as `u`, however it is typed: `lv` and `lyu` are `lu`. Index and query agree on this form.
pub(super) fn with_plain_u(pinyin: &str) -> String {
    pinyin
        .replace("lv", "lu")
        .replace("nv", "nu")
        .replace("lyu", "lu")
        .replace("nyu", "nu")
}

fn push_readings(all: &mut String, run: &str) {
    let (mut joined, mut initials) = (String::new(), String::new());
    for (kind, run) in pinyin::runs(run) {
        if kind == pinyin::Run::Other {
            continue;
        }
        for reading in pinyin::readings(run) {
            joined.clear();
            initials.clear();
            let heads = if reading.len() <= LONGEST_PERSON {
                reading.len()
            } else {
                1
            };
            for (at, syllable) in reading.into_iter().enumerate() {
                joined.push_str(syllable);
                initials.extend(syllable.chars().next());
                if at < heads {
                    push_head(all, syllable);
                    for spelling in pinyin::spellings(syllable) {
                        push_head(all, spelling);
                    }
                }
            }
            push_grams(all, &with_plain_u(&joined));
            push_head(all, &initials);
            push_grams(all, &initials);
        }
    }
}

fn push_triples(all: &mut String, mark: char, word: &str) {
    let mut before = (None, None);
    for letter in word.chars().map(reliable) {
        if let (Some(first), Some(second)) = before {
            all.extend([mark, first, second, letter, ' ']);
        }
        before = (before.1, Some(letter));
    }
}

fn push_marked(all: &mut String, mark: char, number: i64) {
    all.push(mark);
    // No sign: a minus would cut the token in two.
    all.push_str(&number.unsigned_abs().to_string());
    all.push(' ');
}

fn push_noun(all: &mut String, noun: &str) {
    all.push(NOUN);
    all.extend(noun.chars().map(reliable));
    all.push(' ');
}

/// `letter`, or what stands for it if some version of unicode61 might not take it for a letter or might change it.
fn reliable(letter: char) -> char {
    match letter {
        'a'..='z' | '0'..='9' => letter,
        '\u{4e00}'..='\u{9fa5}' | '\u{ac00}'..='\u{d7a3}' => letter,
        _ if fold::is_kana(letter) => letter,
        _ => char::from_u32(STAND_INS + u32::from(letter) % STAND_IN_COUNT).unwrap_or(GRAM),
    }
}

fn distinct(all: &str) -> String {
    let mut seen = HashSet::with_capacity(128);
    let mut tokens = String::with_capacity(all.len());
    for token in all.split(' ').filter(|token| !token.is_empty()) {
        if seen.insert(token) {
            if !tokens.is_empty() {
                tokens.push(' ');
            }
            tokens.push_str(token);
        }
    }
    tokens
}
