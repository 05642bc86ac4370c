//! Cutting what somebody typed into terms: runs of one script, words, addresses, numbers.

use crate::domain::phone;
use crate::domain::search::{Script, script, segments};

/// Signs that hold an address together: `ann@firm.example` is one term, `Jean-Luc` is two.
const JOINTS: &[char] = &['@', '.', '_', '/', ':'];
/// So many digits are a subscriber's number, not just a part of one.
pub(super) const SUBSCRIBER: usize = 7;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    /// A run of Chinese, Japanese or Korean characters.
    Cjk(String),
    /// Letters and digits.
    Word(Word),
    /// Words held together by signs, the way an e-mail address is.
    Joined(String),
    /// Digits in groups, the way telephone numbers are written.
    Number(Number),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// The same with umlauts spelled out.
    pub(super) spelled: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Number {
    /// All digits, as one telephone number.
    pub(super) joined: String,
    /// The groups, as words of their own.
    pub(super) parts: Vec<Word>,
}

impl Word {
    fn new(text: &str) -> Word {
        Word {
            text: text.to_owned(),
            spelled: None,
        }
    }
}

/// Cuts folded text into terms.
pub(super) fn terms(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut number = String::new();
    for chunk in text.split(' ') {
        if is_numeric(chunk) {
            number.push(' ');
            number.push_str(chunk);
            continue;
        }
        push_number(&mut terms, &mut number);
        let chunk = chunk.split_once("://").map_or(chunk, |(_, rest)| rest);
        for piece in chunk.split(|letter| script(letter).is_none() && !JOINTS.contains(&letter)) {
            push_piece(&mut terms, piece.trim_matches(JOINTS));
        }
    }
    push_number(&mut terms, &mut number);
    terms
}

fn push_piece(terms: &mut Vec<Term>, piece: &str) {
    let one_script = piece.chars().all(|letter| script(letter) != Some(Script::Cjk));
    if piece.contains(JOINTS) && one_script {
        terms.push(Term::Joined(piece.to_owned()));
        return;
    }
    for (script, segment) in segments(piece) {
        terms.push(match script {
            Script::Cjk => Term::Cjk(segment.to_owned()),
            Script::Word => Term::Word(Word::new(segment)),
        });
    }
}

fn push_number(terms: &mut Vec<Term>, number: &mut String) {
    // The trunk zero in brackets is not dialled from abroad: +49 (0)30 …
    let written = number.replace("(0)", " ");
    number.clear();
    let parts: Vec<Word> = written
        .split(|letter: char| !letter.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(Word::new)
        .collect();
    if !parts.is_empty() {
        let joined = phone::digits(&written);
        terms.push(Term::Number(Number { joined, parts }));
    }
}

/// True for what can be part of a telephone number as people write them.
fn is_numeric(chunk: &str) -> bool {
    chunk.contains(|letter: char| letter.is_ascii_digit())
        && chunk
            .chars()
            .all(|letter| letter.is_ascii_digit() || "+()-./".contains(letter))
}

/// The digits without leading zeros: a trunk prefix, or that of international calls. Four digits are the last
/// four of a number, so their zeros count.
pub(super) fn dialled(digits: &str) -> Option<&str> {
    if digits.len() < 5 {
        return Some(digits).filter(|digits| digits.len() == 4);
    }
    let short = digits.trim_start_matches('0');
    Some(if short.len() < 4 { digits } else { short })
}

pub(super) fn is_whole_number(digits: &str) -> bool {
    digits.len() >= SUBSCRIBER
}

/// Shorter words match notes only as a whole: too many words begin with them.
pub(super) fn begins_notes(word: &str) -> bool {
    word.chars().nth(3).is_some()
}

pub(super) fn is_pinyin(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
}
