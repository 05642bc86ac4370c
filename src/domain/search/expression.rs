//! How terms are asked for in the full-text table: by the tokens that `tokens` writes.
//!
//! Rows that fit an expression are candidates: maybe too many, never too few.

use crate::domain::search::term::{
    Number, SUBSCRIBER, Term, Word, begins_notes, dialled, is_pinyin, is_whole_number,
};
use crate::domain::search::{segments, tokens};

/// So many tokens of one term narrow the candidates well enough.
const MOST_TOKENS: usize = 24;
/// Three letters that a large part of all records has, of pinyin above all. Their lists of rows are long to walk and rule out little.
const COMMON: &[&str] = &[
    "ang", "ong", "ing", "eng", "ian", "uan", "iao", "han", "hen", "hon", "xia", "com", "ngx", "ngs", "ngj",
];

/// What is asked for: records with names and notes, what was said in activities, or both.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) records: bool,
    pub(super) talks: bool,
    /// Whether words of notes are asked for as wholes only.
    pub(super) whole_words: bool,
}

impl Term {
    pub(super) fn expression(&self, wanted: Wanted) -> String {
        match self {
            Term::Cjk(run) => any_of(&cjk_alternatives(run, wanted)),
            Term::Word(word) => any_of(&word.alternatives(wanted)),
            Term::Joined(text) => joined_expression(text),
            Term::Number(number) => any_of(&number.alternatives(wanted)),
        }
    }
}

impl Word {
    fn alternatives(&self, wanted: Wanted) -> Vec<String> {
        let begins = begins_notes(&self.text) && !wanted.whole_words;
        let star = if begins { "*" } else { "" };
        let whole = |push: fn(&mut String, &str)| {
            let mut word = String::new();
            push(&mut word, &self.text);
            format!("{}{star}", quoted(word.trim_end()))
        };
        let talk = wanted.talks.then(|| whole(tokens::push_talk));
        if !wanted.records {
            return talk.into_iter().collect();
        }
        let mut alternatives = vec![fragment_expression(&self.text)];
        if is_pinyin(&self.text) {
            let plain = tokens::with_plain_u(&self.text);
            if plain != self.text {
                alternatives.push(fragment_expression(&plain));
            }
        }
        alternatives.extend(self.spelled.as_deref().map(fragment_expression));
        alternatives.push(whole(tokens::push_note));
        alternatives.extend(talk);
        alternatives
    }
}

impl Number {
    fn alternatives(&self, wanted: Wanted) -> Vec<String> {
        let mut alternatives = Vec::new();
        if self.parts.len() > 1 {
            alternatives.extend(phone_expression(&self.joined));
            if self.joined.len() > 2 {
                alternatives.push(fragment_expression(&self.joined));
            }
        }
        let parts: Vec<String> = self
            .parts
            .iter()
            .map(|part| {
                let mut either = part.alternatives(wanted);
                either.extend(phone_expression(&part.text));
                any_of(&either)
            })
            .take(MOST_TOKENS)
            .collect();
        alternatives.push(format!("({})", parts.join(" AND ")));
        alternatives
    }
}

pub(super) fn quoted(token: &str) -> String {
    format!("\"{token}\"")
}

pub(super) fn any_of(alternatives: &[String]) -> String {
    format!("({})", alternatives.join(" OR "))
}

/// All of the blank-separated `tokens`; those that hardly narrow are left out where others do.
///
/// Digits among letters narrow best: `customer4711` is one of few, and `cus` begins every one of them.
fn all_of(tokens: &str) -> String {
    let all = || tokens.split(' ').filter(|token| !token.is_empty());
    let has_digit = |token: &&str| token.contains(|letter: char| letter.is_ascii_digit());
    let digits = all().filter(has_digit).count();
    let by_digits = digits > 2 && digits < all().count();
    let narrowing = || {
        all()
            .filter(|token| !COMMON.iter().any(|common| token.ends_with(common)))
            .filter(|token| !by_digits || has_digit(token))
    };
    let enough = narrowing().nth(1).is_some();
    let quoted: Vec<String> = if enough {
        narrowing().take(MOST_TOKENS).map(quoted).collect()
    } else {
        all().take(MOST_TOKENS).map(quoted).collect()
    };
    format!("({})", quoted.join(" AND "))
}

fn cjk_alternatives(run: &str, wanted: Wanted) -> Vec<String> {
    let record = wanted.records.then(|| cjk_expression(run, tokens::push_pairs));
    let talk = wanted.talks.then(|| cjk_expression(run, tokens::push_talk_pairs));
    record.into_iter().chain(talk).collect()
}

fn cjk_expression(run: &str, push: fn(&mut String, &str)) -> String {
    let mut all = String::new();
    push(&mut all, run);
    match all.trim_end().rsplit_once(' ') {
        // The last character alone is a token only where a run ends.
        Some((pairs, _)) => all_of(pairs),
        None => format!("{}*", quoted(all.trim_end())),
    }
}

/// A word of up to two letters as a beginning, a longer one as a part.
fn fragment_expression(word: &str) -> String {
    let mut all = String::new();
    match word.chars().take(3).count() {
        1 => {
            tokens::push_head(&mut all, word);
            return format!("{}*", quoted(all.trim_end()));
        }
        2 => tokens::push_head(&mut all, word),
        _ => tokens::push_grams(&mut all, word),
    }
    all_of(&all)
}

fn joined_expression(text: &str) -> String {
    let mut all = String::new();
    for (_, segment) in segments(text) {
        tokens::push_grams(&mut all, segment);
    }
    if all.is_empty() {
        let first = segments(text).next().map_or("", |(_, segment)| segment);
        return fragment_expression(first);
    }
    all_of(&all)
}

/// None for digits that no telephone number is found by.
fn phone_expression(digits: &str) -> Option<String> {
    let digits = dialled(digits)?;
    let mut all = String::new();
    if digits.len() == 4 {
        tokens::push_tail(&mut all, digits);
    } else {
        // The end is enough: the number may be stored without the country code that was typed, and numbers of one place
        // begin alike.
        let before = digits.len().saturating_sub(SUBSCRIBER);
        tokens::push_phone_grams(&mut all, digits.get(before..).unwrap_or(digits));
    }
    Some(all_of(&all))
}

/// The end of a whole telephone number: its last four digits, which few records have, and the digit before them; none for
/// fewer digits than a subscriber's number has.
pub(super) fn tail_expression(digits: &str) -> Option<String> {
    let digits = dialled(digits).filter(|digits| is_whole_number(digits))?;
    let mut all = String::new();
    tokens::push_tail(&mut all, digits);
    let end = digits.len();
    tokens::push_phone_grams(&mut all, digits.get(end - 5..end - 2).unwrap_or_default());
    let quoted: Vec<String> = all.split_whitespace().map(quoted).collect();
    Some(quoted.join(" AND "))
}
