//! Which encoding text is in that has no mark: told from the bytes beyond ASCII, or not at all.
//!
//! UTF-8 shows by its form alone. Where the bytes are not that, the frequencies of letters decide
//! (`chardetng`), and are not believed blindly: a short text of Chinese names is often good Korean too, and bytes
//! that are no text at all are always good windows-1252.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, DecoderResult, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, WINDOWS_1252};

use super::watch::{Watch, is_control};

/// What bytes show that begin with the first one beyond ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// It is UTF-8, as far as the bytes go.
    Utf8,
    /// It is most likely in this encoding.
    In(&'static Encoding),
    /// It is in none, and why; the place at which that shows.
    Nothing(&'static str, usize),
}

/// What is said of a text that ends within a sequence of bytes.
pub(super) const BREAKS_OFF: &str = "the text breaks off in the middle of a letter";

/// What is said of a text that is neither.
const CHANGES: &str = "the text changes its encoding here, or is damaged";

/// Tells the encoding of `bytes`, before which stood `before`; `ended` if nothing comes after them.
pub(super) fn find(before: Option<u8>, bytes: &[u8], ended: bool) -> Finding {
    let error = match std::str::from_utf8(bytes) {
        Ok(_) => return Finding::Utf8,
        Err(error) if error.error_len().is_none() && !ended => return Finding::Utf8,
        Err(error) => error,
    };
    let cut = error.error_len().is_none();
    let at = error.valid_up_to();
    if is_utf8_but_for_little(bytes) {
        let what = if cut { BREAKS_OFF } else { CHANGES };
        return Finding::Nothing(what, at);
    }
    let mut watch = Watch::default();
    if let Some(place) = watch.pass(bytes).or_else(|| watch.end()) {
        // Whichever half comes second.
        let second = if place.offset == 0 {
            at
        } else {
            usize::try_from(place.offset).unwrap_or(at)
        };
        return Finding::Nothing(CHANGES, second);
    }
    if let Some(at) = bytes.iter().position(|&byte| is_control(byte)) {
        return Finding::Nothing("this is no text", at);
    }
    match guess(before, bytes, ended) {
        Some(encoding) => Finding::In(encoding),
        None => Finding::Nothing("the encoding of the text cannot be told", at),
    }
}

/// UTF-8 with a few damaged bytes: most of its sequences beyond ASCII are good.
fn is_utf8_but_for_little(bytes: &[u8]) -> bool {
    let (mut good, mut damaged) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        damaged += usize::from(!chunk.invalid().is_empty());
    }
    good > damaged * 4
}

fn guess(before: Option<u8>, bytes: &[u8], ended: bool) -> Option<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, ended);
    let guessed = detector.guess(None, Utf8Detection::Deny);
    // Where the text breaks off in the middle of a letter is told when it is read.
    let western =
        (seems_of_words(before, bytes) || seems_private(bytes)) && seems_of_letters(WINDOWS_1252, bytes);
    let chinese = !western && is_valid(GB18030, bytes) && seems_of_pairs(bytes);
    let of_pairs = [GBK, GB18030, BIG5, SHIFT_JIS, EUC_JP, EUC_KR].contains(&guessed);
    if of_pairs && !chinese && western {
        return Some(WINDOWS_1252);
    }
    if guessed == GBK || guessed == GB18030 {
        return chinese.then_some(GB18030);
    }
    if chinese && (!of_pairs || usual(guessed, bytes) < usual(GB18030, bytes).max(MOSTLY)) {
        return Some(GB18030);
    }
    if !of_pairs && guessed != WINDOWS_1252 && only_signs_differ(guessed, bytes) {
        return Some(WINDOWS_1252);
    }
    let believed = is_valid(guessed, bytes)
        && if of_pairs {
            seems_of_pairs(bytes) || guessed == SHIFT_JIS
        } else {
            seems_of_letters(guessed, bytes)
        };
    believed.then_some(guessed)
}

fn is_valid(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(room.unwrap_or(bytes.len() * 4));
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, false);
    result == DecoderResult::InputEmpty
}

/// So many of a hundred pairs are common characters in a text that is really in its encoding.
const MOSTLY: usize = 60;

/// How many of a hundred pairs beyond ASCII are the common characters of an encoding: their sets begin with those.
fn usual(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let (mut common, mut pairs) = (0_usize, 0_usize);
    let mut rest = bytes.iter();
    while let Some(&lead) = rest.next() {
        if lead.is_ascii() || (encoding == SHIFT_JIS && (0xA1..=0xDF).contains(&lead)) {
            continue;
        }
        let Some(&trail) = rest.next() else { break };
        pairs += 1;
        let is_common = if encoding == GB18030 {
            (0xB0..=0xD7).contains(&lead) && trail >= 0xA1
        } else if encoding == BIG5 {
            (0xA4..=0xC6).contains(&lead)
        } else if encoding == SHIFT_JIS {
            (0x82..=0x83).contains(&lead) || (0x88..=0x97).contains(&lead)
        } else if encoding == EUC_JP {
            matches!(lead, 0xA4 | 0xA5 | 0xB0..=0xCF)
        } else {
            (0xB0..=0xC8).contains(&lead)
        };
        common += usize::from(is_common);
    }
    common * 100 / pairs.max(1)
}

/// Whether bytes that are valid in an encoding of pairs are likely meant so. Western text of single bytes is often
/// valid too: its accented letters stand alone before plain letters, so nearly all its pairs end in an ASCII letter,
/// which in Chinese text are rare.
fn seems_of_pairs(bytes: &[u8]) -> bool {
    let (mut pairs, mut letters) = (0_usize, 0_usize);
    let mut rest = bytes.iter();
    while let Some(lead) = rest.next() {
        if lead.is_ascii() {
            continue;
        }
        match rest.next() {
            Some(b'0'..=b'9') => {
                rest.nth(1);
                pairs += 1;
            }
            Some(trail) => {
                pairs += 1;
                letters += usize::from(trail.is_ascii_alphabetic());
            }
            None => {}
        }
    }
    pairs > 0 && letters * 4 <= pairs * 3
}

/// Whether most pairs stand within words of plain letters, and are none of the common characters: `Sören` and `Straße` are
/// valid Chinese too, but nobody writes a rare character in the middle of a Western word. `before` stood before `bytes`.
fn seems_of_words(before: Option<u8>, bytes: &[u8]) -> bool {
    let is_accented = |byte: u8| byte >= 0xC0;
    let (mut pairs, mut within) = (0_usize, 0_usize);
    let mut before = before;
    let mut rest = bytes.iter().copied().peekable();
    while let Some(lead) = rest.next() {
        if lead.is_ascii() {
            before = Some(lead);
            continue;
        }
        let trail = rest.next();
        pairs += 1;
        let is_common = (0xB0..=0xD7).contains(&lead) && trail.is_some_and(|trail| trail >= 0xA1);
        let of_letters =
            is_accented(lead) && trail.is_none_or(|trail| trail.is_ascii() || is_accented(trail));
        let joined = [before, rest.peek().copied()]
            .iter()
            .flatten()
            .any(u8::is_ascii_alphabetic);
        within += usize::from(!is_common && of_letters && joined);
        before = trail;
    }
    pairs > 0 && within * 2 > pairs
}

/// Whether more than a few pairs stand for nothing but what somebody agreed with himself.
fn seems_private(bytes: &[u8]) -> bool {
    let (text, _) = GB18030.decode_without_bom_handling(bytes);
    let (mut all, mut private) = (0_usize, 0_usize);
    for letter in text.chars().filter(|letter| !letter.is_ascii()) {
        all += 1;
        private += usize::from(matches!(letter, '\u{e000}'..='\u{f8ff}'));
    }
    private * 10 > all
}

/// Whether the bytes that mean one thing in `encoding` and another in windows-1252 are there signs that stand apart from
/// words, as before an amount: too little to believe in a rarer encoding.
fn only_signs_differ(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let of_word = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
    };
    let letter = |encoding: &'static Encoding, byte: u8| {
        let one = [byte];
        let (text, _) = encoding.decode_without_bom_handling(&one);
        text.chars().next()
    };
    bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| !byte.is_ascii())
        .all(|(at, &byte)| {
            let western = letter(WINDOWS_1252, byte);
            western == letter(encoding, byte)
                || (western.is_some_and(|sign| !sign.is_alphabetic() && !sign.is_control())
                    && !of_word(at.checked_sub(1))
                    && !of_word(Some(at + 1)))
        })
}

/// Whether bytes are letters for the most part in an encoding of single bytes, and none stands for nothing.
fn seems_of_letters(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    let high: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii()).collect();
    let (text, _) = encoding.decode_without_bom_handling(&high);
    // One byte again and again is filling.
    let is_filling = high.len() > 3 && high.windows(2).all(|pair| pair.first() == pair.last());
    if text.chars().any(char::is_control) || is_filling {
        return false;
    }
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    let marks = text
        .chars()
        .filter(|letter| "€£¥§©®°·²³½¼–—‘’“”„…•™«»¿¡\u{a0}".contains(*letter))
        .count();
    (letters + marks) * 10 >= high.len() * 9 && letters + high.len().min(4) > marks
}
