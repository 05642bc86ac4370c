//! Where in the text something is, shown as the line with carets under the part.

use std::ops::Range;

use crate::error::{Error, Kind};

/// How much of a line is shown on either side of the part, in characters.
const SHOWN: usize = 60;

/// The text that places are in.
pub(super) struct Place<'a> {
    text: &'a str,
}

impl<'a> Place<'a> {
    pub(super) fn new(text: &'a str) -> Place<'a> {
        Place { text }
    }

    /// The line of the byte at `offset`, from 1.
    pub(super) fn line(&self, offset: usize) -> usize {
        let before = self.text.as_bytes().get(..offset).unwrap_or(self.text.as_bytes());
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    }

    /// The refusal of the bytes of `span`: the message, and under it the line and the carets.
    pub(super) fn refuse(&self, span: &Range<usize>, message: &str) -> Error {
        let number = self.line(span.start);
        let line = self.text.split('\n').nth(number - 1).unwrap_or_default();
        let start = line.as_ptr() as usize - self.text.as_ptr() as usize;
        let from = characters_before(line, span.start.saturating_sub(start));
        let to = characters_before(line, span.end.saturating_sub(start)).max(from + 1);
        let skipped = from.saturating_sub(SHOWN);
        let shown = line.trim_end_matches('\r').chars().skip(skipped);
        let shown: String = shown.take(from - skipped + SHOWN).map(printable).collect();
        let blanks: String = shown.chars().take(from - skipped).map(blank_as_wide).collect();
        let carets: String = shown
            .chars()
            .skip(from - skipped)
            .take(to - from)
            .map(caret_as_wide)
            .collect();
        let carets = if carets.is_empty() { "^" } else { &carets };
        let margin = " ".repeat(number.to_string().len());
        Error::new(
            Kind::Usage,
            format!("line {number}: {message}\n {number} | {shown}\n {margin} | {blanks}{carets}"),
        )
    }
}

/// How many characters of `line` begin before the byte at `offset`.
fn characters_before(line: &str, offset: usize) -> usize {
    line.char_indices().take_while(|(at, _)| *at < offset).count()
}

/// Control characters would drive the terminal that the line is shown on.
fn printable(letter: char) -> char {
    match letter {
        '\t' => ' ',
        letter if letter.is_control() => '\u{FFFD}',
        letter => letter,
    }
}

/// From here on most letters take two columns: CJK, kana, hangul, full-width forms.
const WIDE: char = '\u{2E80}';

fn blank_as_wide(letter: char) -> char {
    if letter >= WIDE { '\u{3000}' } else { ' ' }
}

fn caret_as_wide(letter: char) -> char {
    if letter >= WIDE { '＾' } else { '^' }
}
