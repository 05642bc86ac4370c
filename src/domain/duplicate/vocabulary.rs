//! Texts as small numbers, each counted: records hold these, so that a million of them stay small and equal texts are
//! equal numbers.

use crate::domain::duplicate::text::{hash, sound};
use crate::domain::mailbox;

/// A text of one sort; zero stands for none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Word(pub(super) u32);

impl Word {
    /// No text.
    pub(super) const NONE: Word = Word(0);

    pub(super) fn is_none(self) -> bool {
        self.0 == 0
    }

    pub(super) fn is_some(self) -> bool {
        self.0 != 0
    }

    /// The same if it is there.
    pub(super) fn some(self) -> Option<Word> {
        self.is_some().then_some(self)
    }
}

/// What a text is. The same text of two sorts is two words, which are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Given and family names, and words of company names.
    Name,
    /// A whole name in Chinese characters.
    Han,
    /// What stands before the `@`.
    Local,
    /// A domain.
    Domain,
    /// The last digits of a number.
    Phone,
    /// A name in another service.
    Handle,
    /// A street.
    Street,
    /// The number of a house.
    House,
    /// A city.
    City,
    /// A postal code.
    Code,
    /// A country.
    Country,
    /// A day of birth.
    Day,
    /// A company by its key.
    Firm,
    /// A tax id.
    Tax,
    /// `jr`, `sr`, and genders.
    Mark,
    /// The name of a company as it was written; its mark is the word of its key.
    Written,
}

impl Sort {
    /// How many bits the typical value of this sort is worth where the base itself cannot tell yet.
    fn usual_bits(self) -> f32 {
        match self {
            Sort::Mark | Sort::Written => 1.0,
            Sort::Country => 2.0,
            Sort::House => 6.0,
            Sort::City => 7.0,
            Sort::Name => 9.0,
            Sort::Code | Sort::Street | Sort::Local => 10.0,
            Sort::Domain => 12.0,
            Sort::Han => 13.0,
            Sort::Day => 14.0,
            Sort::Firm => 15.0,
            Sort::Phone | Sort::Handle | Sort::Tax => 18.0,
        }
    }
}

/// So many records weigh as much as what is known without any.
const KNOWN_BEFORE: f32 = 200.0;

/// All texts.
#[derive(Debug)]
pub(super) struct Vocabulary {
    text: String,
    words: Vec<Entry>,
    /// Places in `words`, found by the hash; zero is free.
    slots: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Where the text begins; it ends where that of the next word begins.
    start: u32,
    sort: Sort,
    count: u32,
    /// The hash of how a name sounds; of what stands before an `@`, 1 if a department reads it; else zero.
    mark: u32,
}

const NOTHING: Entry = Entry {
    start: 0,
    sort: Sort::Mark,
    count: 0,
    mark: 0,
};

impl Vocabulary {
    pub(super) fn new() -> Vocabulary {
        Vocabulary {
            text: String::new(),
            words: vec![NOTHING],
            slots: vec![0; 1 << 12],
        }
    }

    /// The word for a text, counted once more; none for an empty one.
    pub(super) fn word(&mut self, sort: Sort, text: &str) -> Word {
        if text.is_empty() {
            return Word::NONE;
        }
        if self.words.len() * 3 > self.slots.len() * 2 {
            self.grow();
        }
        let mut slot = self.slot(sort, text);
        loop {
            let found = self.slots.get(slot).copied().unwrap_or(0);
            if found == 0 {
                break;
            }
            if self.sort(Word(found)) == sort && self.text(Word(found)) == text {
                if let Some(entry) = self.words.get_mut(found as usize) {
                    entry.count += 1;
                }
                return Word(found);
            }
            slot = (slot + 1) % self.slots.len();
        }
        // A base of four thousand million texts does not fit into a memory anyway.
        let word = u32::try_from(self.words.len()).unwrap_or(0);
        if let Some(free) = self.slots.get_mut(slot) {
            *free = word;
        }
        self.words.push(Entry {
            start: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            sort,
            count: 1,
            mark: mark(sort, text),
        });
        self.text.push_str(text);
        Word(word)
    }

    /// The word for what a text amounts to, of which `amounts` is asked for each text once only.
    pub(super) fn amount(&mut self, sort: Sort, text: &str, amounts: impl Fn(&str) -> String) -> Word {
        let written = self.word(Sort::Written, text);
        if written.is_none() {
            return Word::NONE;
        }
        let known = Word(self.entry(written).mark);
        if let Some(entry) = self.words.get_mut(known.0 as usize).filter(|_| known.is_some()) {
            entry.count += 1;
            return known;
        }
        let word = self.word(sort, &amounts(text));
        if let Some(entry) = self.words.get_mut(written.0 as usize) {
            entry.mark = word.0;
        }
        word
    }

    fn slot(&self, sort: Sort, text: &str) -> usize {
        // The number of slots is a power of two.
        (hash(sort as u64, text) as usize) & (self.slots.len() - 1)
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        self.slots = vec![0; size];
        for word in 1..u32::try_from(self.words.len()).unwrap_or(0) {
            let mut slot = self.slot(self.sort(Word(word)), self.text(Word(word)));
            while self.slots.get(slot).is_some_and(|taken| *taken != 0) {
                slot = (slot + 1) % size;
            }
            if let Some(free) = self.slots.get_mut(slot) {
                *free = word;
            }
        }
    }

    fn entry(&self, word: Word) -> &Entry {
        self.words.get(word.0 as usize).unwrap_or(&NOTHING)
    }

    fn sort(&self, word: Word) -> Sort {
        self.entry(word).sort
    }

    /// The text of a word.
    pub(super) fn text(&self, word: Word) -> &str {
        if word.is_none() {
            return "";
        }
        let start = self.entry(word).start as usize;
        let next = self.words.get(word.0 as usize + 1);
        let end = next.map_or(self.text.len(), |next| next.start as usize);
        self.text.get(start..end).unwrap_or_default()
    }

    /// How often a word was given.
    pub(super) fn count(&self, word: Word) -> u32 {
        self.entry(word).count
    }

    /// The hash of how a name sounds; zero for none.
    pub(super) fn sound(&self, word: Word) -> u32 {
        self.entry(word).mark
    }

    /// Whether what stands before an `@` is what a department has there.
    pub(super) fn is_role(&self, local: Word) -> bool {
        self.entry(local).mark == 1
    }

    /// How much it says that two of `records` records have this word, in bits: the two themselves are not counted, so that
    /// a word that only they have is as rare as words of its sort are.
    pub(super) fn bits(&self, word: Word, records: f32) -> f32 {
        let entry = self.entry(word);
        let others = entry.count.saturating_sub(2) as f32;
        let usual = (-entry.sort.usual_bits()).exp2();
        let share = (others + KNOWN_BEFORE * usual) / (records + KNOWN_BEFORE);
        -share.min(1.0).log2()
    }
}

fn mark(sort: Sort, text: &str) -> u32 {
    match sort {
        Sort::Name => hash(7, &sound(text)) as u32,
        Sort::Local => u32::from(mailbox::is_role(text)),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_one_word() {
        let mut vocabulary = Vocabulary::new();
        let words: Vec<Word> = (0..20_000)
            .map(|number: u32| vocabulary.word(Sort::Name, &format!("name{}", number % 9_000)))
            .collect();
        for (number, word) in words.iter().enumerate() {
            assert_eq!(vocabulary.text(*word), format!("name{}", number % 9_000));
            assert_eq!(*word, words[number % 9_000]);
        }
        assert_eq!(vocabulary.count(words[0]), 3);
        assert_ne!(vocabulary.word(Sort::City, "name0"), words[0]);
        assert_eq!(vocabulary.word(Sort::City, ""), Word::NONE);
        assert_eq!(vocabulary.text(Word::NONE), "");
    }

    #[test]
    fn what_a_text_amounts_to_is_counted_each_time() {
        let mut vocabulary = Vocabulary::new();
        let upper = |text: &str| text.to_uppercase();
        let words: Vec<Word> = ["acme", "ACME", "acme", "Acme", ""]
            .map(|text| vocabulary.amount(Sort::Firm, text, upper))
            .to_vec();
        assert!(words.iter().take(4).all(|word| vocabulary.text(*word) == "ACME"));
        assert_eq!(vocabulary.count(words[0]), 4);
        assert_eq!(words[4], Word::NONE);
    }

    #[test]
    fn what_is_rare_says_more() {
        let mut vocabulary = Vocabulary::new();
        let rare = vocabulary.word(Sort::Name, "quittenbaum");
        vocabulary.word(Sort::Name, "quittenbaum");
        let mut common = Word::NONE;
        for _ in 0..100 {
            common = vocabulary.word(Sort::Name, "muller");
        }
        assert!(vocabulary.bits(rare, 1_000.0) > vocabulary.bits(common, 1_000.0) + 5.0);
        // In a small base a name is as rare as names are.
        assert!((vocabulary.bits(rare, 2.0) - 9.0).abs() < 0.1);
    }
}
