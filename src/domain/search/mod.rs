//! How records are found by any fragment a person would type. Text in, tokens and verdicts out; no SQL.
//!
//! A record is kept for searching as one compact text ([`Document::text`]). [`tokens`] turns that text into the
//! tokens of a full-text table; [`query`] turns what somebody typed into an expression over those tokens, which
//! gives candidates, and then decides by the stored text which of them are hits.

mod expression;
pub mod keywords;
pub mod query;
mod term;
pub mod tokens;
mod verdict;

#[cfg(test)]
mod tests;

use unicode_normalization::char::is_combining_mark;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::{fold, phone};

/// Rises whenever [`fold::fold`], [`Document::text`] or [`tokens::tokens`] give something else for the same record:
/// what was indexed before has to be indexed again.
pub const FOLD_VERSION: i64 = 2;

/// Stands between the sections of a text.
const SECTION: char = '\u{1e}';
/// Stands between the items of a section.
const ITEM: char = '\u{1f}';
/// Notes are searched up to this many bytes: an index is not an archive.
const LONGEST_NOTE: usize = 16_384;

/// What of a record can be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Names, found by every scheme: fragments, first letters, pinyin, initials.
    pub names: Vec<String>,
    /// E-mail addresses, handles, web addresses, tax numbers, SKUs: found by fragments and by how they begin.
    pub words: Vec<String>,
    /// Telephone numbers in any format.
    pub phones: Vec<String>,
    /// Longer texts, found by whole words and how words begin.
    pub notes: Vec<String>,
    /// The user in whose scope the record is.
    pub owner: Option<Id>,
    /// What sort of record it is.
    pub noun: Noun,
}

impl Document {
    /// A document without any text.
    pub fn new(noun: Noun) -> Document {
        Document {
            names: Vec::new(),
            words: Vec::new(),
            phones: Vec::new(),
            notes: Vec::new(),
            owner: None,
            noun,
        }
    }

    /// The compact form that is stored beside the index: everything folded, in sections.
    ///
    /// Words with umlauts are also kept with two letters for one (`mueller` for `Müller`), among `words`.
    pub fn text(&self) -> String {
        let mut words: Vec<String> = Vec::with_capacity(self.words.len());
        let spelled = self
            .names
            .iter()
            .flat_map(|name| name.split_whitespace())
            .filter_map(fold::spelled_out);
        for word in self
            .words
            .iter()
            .map(|word| normal(word))
            .chain(spelled.map(without_apostrophes))
        {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        let mut text = String::with_capacity(160);
        push_section(&mut text, self.names.iter().map(|name| normal(name)));
        push_section(&mut text, words.into_iter());
        push_section(&mut text, self.phones.iter().map(|phone| phone::digits(phone)));
        push_section(&mut text, self.notes.iter().map(|note| normal(shortened(note))));
        if let Some(owner) = self.owner {
            text.push_str(&owner.raw().to_string());
        }
        text.push(SECTION);
        text.push_str(self.noun.name());
        text
    }

    /// Reads the compact form. What was folded stays folded, so that its text is the same again.
    ///
    /// Text that is no such form gives a document of whatever can be told from it.
    pub fn parse(text: &str) -> Document {
        let sections = Sections::of(text);
        let owned = |section| items(section).map(str::to_owned).collect();
        Document {
            names: owned(sections.names),
            words: owned(sections.words),
            phones: owned(sections.phones),
            notes: owned(sections.notes),
            owner: sections.owner.parse().ok().map(Id::from_raw),
            noun: Noun::parse(sections.noun).unwrap_or(Noun::Customer),
        }
    }
}

/// The sections of a stored text, without a copy.
#[derive(Debug, Clone, Copy)]
struct Sections<'a> {
    names: &'a str,
    words: &'a str,
    phones: &'a str,
    notes: &'a str,
    owner: &'a str,
    noun: &'a str,
}

impl<'a> Sections<'a> {
    fn of(text: &'a str) -> Sections<'a> {
        let mut sections = text.split(SECTION);
        let mut next = || sections.next().unwrap_or("");
        Sections {
            names: next(),
            words: next(),
            phones: next(),
            notes: next(),
            owner: next(),
            noun: next(),
        }
    }
}

fn items(section: &str) -> impl Iterator<Item = &str> {
    section.split(ITEM).filter(|item| !item.is_empty())
}

fn push_section(text: &mut String, items: impl Iterator<Item = String>) {
    let mut first = true;
    for item in items.filter(|item| !item.is_empty()) {
        if !first {
            text.push(ITEM);
        }
        text.push_str(&item);
        first = false;
    }
    text.push(SECTION);
}

/// Folded, and without apostrophes, so that `obrien` and `o'brien` are the same word.
fn normal(text: &str) -> String {
    without_apostrophes(fold::fold(text))
}

fn without_apostrophes(mut text: String) -> String {
    if text.contains('\'') {
        text.retain(|letter| letter != '\'');
        // An apostrophe may have stood alone between two blanks or at an end.
        return fold::fold(&text);
    }
    text
}

fn shortened(note: &str) -> &str {
    note.get(..note.floor_char_boundary(LONGEST_NOTE)).unwrap_or(note)
}

/// What a stretch of text is made of, for searching.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Chinese, Japanese or Korean: searched by one and two characters.
    Cjk,
    /// Letters and digits of any other script: searched by three letters and by first letters.
    Word,
}

fn script(letter: char) -> Option<Script> {
    if letter.is_ascii() {
        return letter.is_ascii_alphanumeric().then_some(Script::Word);
    }
    if fold::is_cjk(letter) {
        Some(Script::Cjk)
    } else {
        (letter.is_alphanumeric() || is_combining_mark(letter)).then_some(Script::Word)
    }
}

fn is_word_letter(letter: char) -> bool {
    script(letter) == Some(Script::Word)
}

/// The stretches of one script in `text`; signs and blanks are left out.
fn segments(text: &str) -> impl Iterator<Item = (Script, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(|letter| script(letter).is_some())?;
        rest = rest.get(start..)?;
        let kind = script(rest.chars().next()?)?;
        let end = rest
            .find(|letter| script(letter) != Some(kind))
            .unwrap_or(rest.len());
        let (segment, after) = rest.split_at_checked(end)?;
        rest = after;
        Some((kind, segment))
    })
}
