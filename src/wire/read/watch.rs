//! Keeps an eye on text of another encoding than UTF-8, whether it turns into UTF-8 on the way.
//!
//! Two files that were put together, or one that a program went on writing after its settings were changed: in
//! nearly every encoding the bytes of UTF-8 are valid and mean nonsense. What gives them away is a run of lines whose
//! bytes beyond ASCII are all well-formed UTF-8, more of them than chance allows.

use std::mem;

/// A place in what was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Bytes before it.
    pub(super) offset: u64,
    /// Line ends before it.
    pub(super) lines: u64,
}

/// So much evidence is no chance.
const ENOUGH: u32 = 12;

/// A longer line is looked at in pieces.
const LONGEST: usize = 64 << 10;

/// What was seen so far.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The part of the line that was passed before.
    line: Vec<u8>,
    offset: u64,
    lines: u64,
    after_return: bool,
    evidence: u32,
    first: Option<Place>,
}

impl Watch {
    /// Takes note of the bytes that come next; the place where UTF-8 begins, once it is certain.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Option<Place> {
        for piece in bytes.split_inclusive(|byte| matches!(byte, b'\n' | b'\r')) {
            let end = piece.last().copied().filter(|byte| matches!(byte, b'\n' | b'\r'));
            self.line.extend_from_slice(piece);
            if end.is_some() || self.line.len() > LONGEST {
                if let Some(place) = self.look() {
                    return Some(place);
                }
                let pair = end == Some(b'\n') && self.after_return && piece.len() == 1;
                self.lines += u64::from(end.is_some() && !pair);
                self.after_return = end == Some(b'\r');
            }
        }
        None
    }

    /// Nothing comes after what was passed.
    pub(super) fn end(&mut self) -> Option<Place> {
        self.look()
    }

    /// Weighs the line that is complete.
    fn look(&mut self) -> Option<Place> {
        let line = mem::take(&mut self.line);
        let place = Place {
            offset: self.offset,
            lines: self.lines,
        };
        self.offset += line.len() as u64;
        if line.is_ascii() {
            return None;
        }
        match weight(&line) {
            0 => {
                self.evidence = 0;
                self.first = None;
            }
            weight => {
                self.evidence += weight;
                self.first.get_or_insert(place);
            }
        }
        (self.evidence >= ENOUGH).then_some(self.first).flatten()
    }
}

/// How much a line speaks for UTF-8; nothing if it is none.
fn weight(line: &[u8]) -> u32 {
    let Ok(text) = std::str::from_utf8(line) else {
        return 0;
    };
    let mut sum: u32 = 0;
    let mut before = ' ';
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let beside = before.is_ascii_alphabetic() || letters.peek().is_some_and(char::is_ascii_alphabetic);
        sum = sum.saturating_add(match letter {
            '\0'..='\u{7f}' => 0,
            // ü, é, ś within a word: what its two bytes are elsewhere stands in no word.
            '\u{c0}'..='\u{17f}' if beside => ENOUGH,
            '\u{80}'..='\u{7ff}' => 2,
            _ => 3,
        });
        before = letter;
    }
    sum
}

/// True for bytes that no text has: control characters but blanks, line ends, escapes and the old end of file.
pub(super) fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, 0 | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C | 0x1A | 0x1B)
}
