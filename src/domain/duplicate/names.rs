//! The name of a person in parts: whatever the order, script and spelling, equal names have equal parts as far as that
//! can be told from the name alone.

use crate::domain::duplicate::{chinese, kana};
use crate::domain::fold::{self, fold};
use crate::domain::pinyin;

/// More given or family names than this are not looked at.
const MOST: usize = 4;
/// So many readings of a Chinese name are compared with Latin spellings.
const READINGS: usize = 3;
/// Fewer letters than this can be put in another order by chance.
const FEWEST_LETTERS: usize = 5;

/// A name in parts, all of them folded, accents and umlaut spellings gone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonName {
    /// Given names, the first one first.
    pub given: Vec<String>,
    /// Family names; several for double names and for one that was given up at a marriage.
    pub family: Vec<String>,
    /// The name in Chinese characters, simplified; empty if there is none.
    pub han: String,
    /// `jr`, `sr`, `ii` …; empty if nothing is said.
    pub generation: String,
    /// All letters in the order of the alphabet, one entry for each reading: equal for `Wei Zhang`, `ZHANG Wei` and 张伟.
    pub letters: Vec<String>,
}

/// Words before or after a name that are no part of it.
const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "doctor",
    "sir",
    "dame",
    "lord",
    "lady",
    "rev",
    "hon",
    "phd",
    "md",
    "mba",
    "msc",
    "bsc",
    "ba",
    "ma",
    "esq",
    "dds",
    "cpa",
    "pe",
    "rn",
    "herr",
    "frau",
    "dipl",
    "ing",
    "mag",
    "med",
    "rer",
    "nat",
    "phil",
    "jur",
    "habil",
    "hc",
    "monsieur",
    "madame",
    "mme",
    "mlle",
    "m",
    "sig",
    "sra",
    "sr",
    "srta",
    "don",
    "dona",
    "dott",
    "dottssa",
    "ir",
    "drs",
    "san",
    "sama",
];
/// Which of them are names or initials as often as not, and count as titles only in front and before two more words.
const DOUBTFUL: &[&str] = &[
    "m", "ma", "ba", "md", "pe", "rn", "don", "san", "med", "nat", "sr", "dame", "hon", "ir", "ing", "mag",
];
const GENERATIONS: &[(&str, &str)] = &[
    ("jr", "jr"),
    ("junior", "jr"),
    ("jun", "jr"),
    ("sr", "sr"),
    ("senior", "sr"),
    ("sen", "sr"),
    ("ii", "ii"),
    ("2nd", "ii"),
    ("iii", "iii"),
    ("3rd", "iii"),
    ("iv", "iv"),
];
/// Small words in front of a family name, which some write and some do not.
const PARTICLES: &[&str] = &[
    "van", "von", "vom", "de", "der", "den", "del", "della", "dela", "di", "da", "das", "do", "dos", "du",
    "des", "la", "las", "le", "los", "el", "al", "bin", "ibn", "ben", "bint", "ten", "ter", "zu", "zum",
    "zur", "af", "av", "y", "e", "und", "d", "st", "t",
];
/// What stands before the family name that somebody was born with.
const BORN: &[&str] = &["nee", "geb", "geborene", "born", "formerly", "fka"];

/// Takes a name apart.
///
/// `Last, First` and a family name in capitals are understood; otherwise the last word is the family name in Latin
/// letters, the first characters in Chinese. A mistaken guess costs little: comparing tries both ways round.
pub fn parse(name: &str) -> PersonName {
    let mut parsed = PersonName::default();
    let (main, beside) = split_brackets(name);
    read(&main, &mut parsed);
    for part in &beside {
        read_beside(part, &mut parsed);
    }
    parsed.given.truncate(MOST);
    parsed.family.truncate(MOST);
    if parsed.letters.is_empty() {
        let all: String = parsed
            .given
            .iter()
            .chain(&parsed.family)
            .map(String::as_str)
            .collect();
        parsed.letters.extend(sorted(&all));
    }
    parsed
}

/// The letters in the order of the alphabet; none if they are too few or not Latin.
fn sorted(text: &str) -> Option<String> {
    let mut bytes: Vec<u8> = text.bytes().filter(u8::is_ascii_lowercase).collect();
    if bytes.len() < FEWEST_LETTERS || !text.is_ascii() {
        return None;
    }
    bytes.sort_unstable();
    String::from_utf8(bytes).ok()
}

/// What stands outside and what inside of brackets and quotes.
fn split_brackets(name: &str) -> (String, Vec<String>) {
    let (mut main, mut beside, mut within) = (String::new(), Vec::new(), None::<(char, String)>);
    for letter in name.chars() {
        within = match (within.take(), letter) {
            (None, '(' | '（') => Some((')', String::new())),
            (None, '[' | '【') => Some((']', String::new())),
            (None, '"' | '“' | '„' | '”') => Some(('"', String::new())),
            (None, letter) => {
                main.push(letter);
                None
            }
            (Some((')', text)), ')' | '）')
            | (Some((']', text)), ']' | '】')
            | (Some(('"', text)), '"' | '”' | '“') => {
                main.push(' ');
                beside.push(text);
                None
            }
            (Some((close, mut text)), letter) => {
                text.push(letter);
                Some((close, text))
            }
        };
    }
    if let Some((_, text)) = within {
        main.push(' ');
        main.push_str(&text);
    }
    if main.trim().is_empty() && !beside.is_empty() {
        main = beside.remove(0);
    }
    (main, beside)
}

fn read(text: &str, parsed: &mut PersonName) {
    let han = text.chars().filter(|letter| fold::is_han(*letter)).count();
    let latin = text
        .chars()
        .filter(|letter| letter.is_alphabetic() && !fold::is_cjk(*letter))
        .count();
    if han > 0 && pinyin::is_chinese(text) {
        read_chinese(text, parsed);
        if latin > 1 {
            let rest: String = text
                .chars()
                .map(|letter| if fold::is_han(letter) { ' ' } else { letter })
                .collect();
            read_beside(&rest, parsed);
        }
    } else if text
        .chars()
        .any(|letter| fold::is_kana(letter) || fold::is_hangul(letter))
    {
        read_eastern(text, parsed);
    } else {
        read_latin(text, parsed);
    }
}

/// A second form of the name: in the other script, a name of daily use, or the family name before a marriage.
fn read_beside(text: &str, parsed: &mut PersonName) {
    let mut other = PersonName::default();
    if parsed.han.is_empty() && text.chars().any(fold::is_han) && pinyin::is_chinese(text) {
        read_chinese(text, &mut other);
        parsed.han = other.han;
        return;
    }
    if text.chars().any(fold::is_cjk) {
        return;
    }
    let mut words = words(text);
    if words
        .first()
        .is_some_and(|word| BORN.contains(&word.text.as_str()))
    {
        words.remove(0);
        parsed.family.extend(without_particles(words));
        return;
    }
    read_latin(text, &mut other);
    for given in other.given {
        if !parsed.given.contains(&given) && !parsed.family.contains(&given) {
            parsed.given.push(given);
        }
    }
    for family in other.family {
        if !parsed.family.contains(&family) && !parsed.given.contains(&family) {
            // One word alone is what somebody is called.
            parsed.given.push(family);
        }
    }
}

fn read_chinese(text: &str, parsed: &mut PersonName) {
    let han: String = fold(text)
        .chars()
        .filter(|letter| fold::is_han(*letter))
        .collect();
    let han = chinese::simplified(&han);
    let parts = chinese::parts(&han);
    let name = format!("{}{}", parts.surname, parts.given);
    let surname_length = parts.surname.chars().count();
    for reading in pinyin::readings(&name).iter().take(READINGS) {
        let (surname, given) = reading.split_at_checked(surname_length).unwrap_or((reading, &[]));
        for (part, into) in [(surname, &mut parsed.family), (given, &mut parsed.given)] {
            let part = part.concat().replace('v', "u");
            if into.is_empty() && !part.is_empty() {
                into.push(part);
            }
        }
        if let Some(letters) = sorted(&reading.concat().replace('v', "u"))
            && !parts.given.is_empty()
            && !parsed.letters.contains(&letters)
        {
            parsed.letters.push(letters);
        }
    }
    // A surname alone says no more than the surname in letters.
    if !parts.given.is_empty() && !parts.surname.is_empty() {
        parsed.han = name;
    }
}

/// Japanese and Korean names: the family name comes first.
fn read_eastern(text: &str, parsed: &mut PersonName) {
    let folded = fold(text);
    let mut words: Vec<String> = folded
        .split(|letter: char| letter.is_whitespace() || letter == '・' || letter == '·')
        .map(|word| kana::romanised(word).unwrap_or_else(|| word.to_owned()))
        .filter(|word| !word.is_empty())
        .collect();
    if let [word] = words.as_slice()
        && word.chars().all(fold::is_hangul)
        && (2..=4).contains(&word.chars().count())
    {
        let family: String = word.chars().take(1).collect();
        let given: String = word.chars().skip(1).collect();
        words = vec![family, given];
    }
    let mut words = words.into_iter();
    parsed.family.extend(words.next());
    parsed.given.extend(words);
}

/// A word of a name as it was written.
struct Word {
    /// Folded, umlauts as one letter.
    text: String,
    /// Written in capitals throughout.
    shouted: bool,
    /// Hangs on the word before it by a hyphen.
    joined: bool,
}

fn read_latin(text: &str, parsed: &mut PersonName) {
    let (before, after) = match text.split_once([',', '，']) {
        Some((before, after)) => (words(before), words(after)),
        None => (words(text), Vec::new()),
    };
    let mut before = without_titles(before, parsed);
    let is_title = |word: &Word| {
        TITLES.contains(&word.text.as_str()) || GENERATIONS.iter().any(|(known, _)| *known == word.text)
    };
    let after = if !before.is_empty() && after.iter().all(is_title) {
        // `Ann Lee, PhD` is no family name Lee Ann.
        before.extend(after);
        before = without_titles(before, parsed);
        Vec::new()
    } else {
        without_titles(after, parsed)
    };
    born(&mut before, parsed);
    if !after.is_empty() && !before.is_empty() {
        parsed.family.extend(without_particles(before));
        parsed.given.extend(without_particles(after));
        return;
    }
    let words = if before.is_empty() { after } else { before };
    let shouted = words
        .iter()
        .filter(|word| word.shouted && word.text.len() > 1)
        .count();
    let (given, family): (Vec<Word>, Vec<Word>) = if shouted > 0 && shouted < words.len() {
        let mut last = false;
        words.into_iter().partition(|word| {
            let is_family = if word.joined {
                last
            } else {
                word.shouted && word.text.len() > 1
            };
            last = is_family;
            !is_family
        })
    } else {
        let mut given = words;
        let start = family_start(&given);
        let family = given.split_off(start);
        (given, family)
    };
    parsed.given.extend(without_particles(given));
    parsed.family.extend(without_particles(family));
}

/// Where the family name begins: at the last word and whatever particles stand before it.
fn family_start(words: &[Word]) -> usize {
    let mut start = words.len().saturating_sub(1);
    while start > 0 && words.get(start).is_some_and(|word| word.joined) {
        start -= 1;
    }
    // A single letter at the end is an initial: `Zhang W`.
    if words
        .get(start)
        .is_some_and(|word| word.text.chars().count() == 1)
        && start == 1
    {
        return 0;
    }
    while start > 1
        && words
            .get(start - 1)
            .is_some_and(|word| PARTICLES.contains(&word.text.as_str()))
    {
        start -= 1;
    }
    start
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut joined = false;
    let mut word = String::new();
    let mut finish = |word: &mut String, joined: bool| {
        let text = loose(&fold(word));
        let text: String = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
        if !text.is_empty() {
            let mut letters = word.chars().filter(|letter| letter.is_alphabetic()).peekable();
            words.push(Word {
                shouted: letters.peek().is_some() && letters.all(char::is_uppercase),
                joined,
                text,
            });
        }
        word.clear();
    };
    for letter in text.chars() {
        match letter {
            '-' | '‐' | '‑' | '–' => {
                finish(&mut word, joined);
                joined = true;
            }
            '.' | '·' | '_' | '/' | '&' | '+' | ';' | ':' | '|' => {
                finish(&mut word, joined);
                joined = false;
            }
            letter if letter.is_whitespace() => {
                finish(&mut word, joined);
                joined = false;
            }
            letter => word.push(letter),
        }
    }
    finish(&mut word, joined);
    words
}

/// Takes titles and generations out of the words.
fn without_titles(words: Vec<Word>, parsed: &mut PersonName) -> Vec<Word> {
    let count = words.len();
    let mut kept: Vec<Word> = Vec::with_capacity(count);
    for (place, word) in words.into_iter().enumerate() {
        let text = word.text.as_str();
        let rest = count - place - 1;
        let last = rest == 0 && !kept.is_empty();
        if let Some((_, generation)) = GENERATIONS.iter().find(|(known, _)| *known == text)
            && last
            && (kept.len() > 1 || !text.ends_with("en") && !text.ends_with("un"))
        {
            (*generation).clone_into(&mut parsed.generation);
            continue;
        }
        let doubtful = DOUBTFUL.contains(&text);
        let in_front = kept.is_empty() && rest >= if doubtful { 2 } else { 1 };
        let behind = !doubtful && kept.len() >= 2;
        if TITLES.contains(&text) && (in_front || behind) && !word.joined {
            continue;
        }
        kept.push(word);
    }
    kept
}

/// Takes the family name of birth out: `Anna Weber geb. Krause`.
fn born(words: &mut Vec<Word>, parsed: &mut PersonName) {
    let found = words.iter().position(|word| BORN.contains(&word.text.as_str()));
    if let Some(place) = found.filter(|place| *place > 0) {
        let rest = words.split_off(place);
        // The present name comes first.
        let names: Vec<String> = without_particles(rest.into_iter().skip(1).collect());
        let start = family_start(words);
        let family = words.split_off(start);
        parsed.family.extend(without_particles(family));
        parsed.family.extend(names);
        parsed.given.extend(without_particles(std::mem::take(words)));
    }
}

fn without_particles(words: Vec<Word>) -> Vec<String> {
    let all: Vec<String> = words.into_iter().map(|word| word.text).collect();
    let kept: Vec<String> = all
        .iter()
        .filter(|word| !PARTICLES.contains(&word.as_str()))
        .cloned()
        .collect();
    if kept.is_empty() { all } else { kept }
}

/// A folded text in which umlauts that were written as two letters are one, as folding makes those with dots:
/// `mueller` is `muller`. Other words lose a letter too, on both sides of every comparison.
pub fn loose(folded: &str) -> String {
    let mut loose = String::with_capacity(folded.len());
    for letter in folded.chars() {
        if letter == 'e' && loose.len() > 1 && loose.ends_with(['a', 'o', 'u']) {
            continue;
        }
        loose.push(letter);
    }
    loose
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(name: &str) -> String {
        let parsed = parse(name);
        let mut shown = format!("{} | {}", parsed.given.join(" "), parsed.family.join(" "));
        for part in [&parsed.han, &parsed.generation] {
            if !part.is_empty() {
                shown.push_str(" | ");
                shown.push_str(part);
            }
        }
        shown
    }

    #[test]
    fn takes_names_apart() {
        for (name, expected) in [
            ("Ann Lee", "ann | lee"),
            ("Lee, Ann", "ann | lee"),
            ("LEE Ann", "ann | lee"),
            ("ANN LEE", "ann | lee"),
            ("Dr. Ann M. Lee, PhD", "ann m | lee"),
            ("Prof. Dr. Jürgen Müller-Weiß", "jurgen | muller weiss"),
            ("Juergen Mueller", "jurgen | muller"),
            ("Vincent van der Berg", "vincent | berg"),
            ("van der Berg, Vincent", "vincent | berg"),
            ("Anna Weber geb. Krause", "anna | weber krause"),
            ("Anna Weber (née Krause)", "anna | weber krause"),
            ("Robert \"Bob\" Smith", "robert bob | smith"),
            ("John Smith Jr.", "john | smith | jr"),
            ("John Smith, Jr.", "john | smith | jr"),
            ("O'Brien, Mary-Jane", "mary jane | obrien"),
            ("J. R. Smith", "j r | smith"),
            ("Smith J", "| smith j"),
            ("张伟", "wei | zhang | 张伟"),
            ("張偉", "wei | zhang | 张伟"),
            ("欧阳修", "xiu | ouyang | 欧阳修"),
            ("张伟先生", "wei | zhang | 张伟"),
            ("王总", " | wang"),
            ("老王", " | wang"),
            ("张伟 (Wei Zhang)", "wei | zhang | 张伟"),
            ("Wei Zhang (张伟)", "wei | zhang | 张伟"),
            ("山本 ゆい", "yui | 山本"),
            ("김민수", "민수 | 김"),
            ("Madonna", " | madonna"),
            ("", " | "),
            ("Mr", " | mr"),
        ] {
            assert_eq!(shown(name).trim_start(), expected.trim_start(), "{name}");
        }
    }

    #[test]
    fn letters_do_not_know_order_and_script() {
        for (one, other) in [
            ("张伟", "Wei Zhang"),
            ("张伟", "ZHANG Wei"),
            ("Zhang Xiao Ming", "张晓明"),
            ("Xiaoming Zhang", "Zhang Xiao-Ming"),
            ("Anne-Marie Dubois", "Dubois Annemarie"),
            ("单伟", "Dan Wei"),
            ("吕伟", "Lu Wei"),
        ] {
            let (one_letters, other_letters) = (parse(one).letters, parse(other).letters);
            assert!(
                one_letters.iter().any(|letters| other_letters.contains(letters)),
                "{one} {one_letters:?} {other} {other_letters:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn never_panics(name in "\\PC{0,40}|[A-Za-z .,'()\"-]{0,40}|[张伟欧阳王总老小先生 A-Za-z]{0,12}") {
            let parsed = parse(&name);
            prop_assert!(parsed.given.len() <= MOST && parsed.family.len() <= MOST);
        }

        #[test]
        fn case_of_a_whole_name_means_nothing(given in "[A-Z][a-z]{2,8}", family in "[A-Z][a-z]{2,8}") {
            let name = format!("{given} {family}");
            prop_assert_eq!(parse(&name), parse(&name.to_lowercase()));
            prop_assert_eq!(parse(&name.to_uppercase()), parse(&name));
        }
    }
}
