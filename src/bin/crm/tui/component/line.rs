//! One line of text as pieces that are drawn whole, and where such a line breaks.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::draw;
use super::look::Look;
use crate::text::sanitise;

/// Marks that close a phrase and may not begin a row.
const CLOSING: &str = "。，、！？；：）」』】》”’,.!?;:)]}";

/// A character as people see it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece<'a> {
    /// Where it begins in the line, in bytes.
    pub(crate) at: usize,
    /// Where it begins in the line, in `char`s.
    pub(crate) char_at: usize,
    /// Itself.
    pub(crate) text: &'a str,
    /// How it is drawn: hazards are visible escapes, a tab is blanks.
    pub(crate) shown: Cow<'a, str>,
    /// The cells in which it is drawn.
    pub(crate) cells: usize,
}

impl Piece<'_> {
    /// Whether it is blank.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// The pieces of a line.
pub(crate) fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut char_at = 0;
    line.grapheme_indices(true)
        .map(|(at, text)| {
            // Long texts are drawn with every key: what is plain is not looked at twice.
            let is_plain = matches!(text.as_bytes(), [b' '..=b'~']);
            let shown = if is_plain {
                Cow::Borrowed(text)
            } else {
                sanitise::block(text)
            };
            let piece = Piece {
                at,
                char_at,
                text,
                cells: if is_plain { 1 } else { draw::cells(&shown) },
                shown,
            };
            char_at += text.chars().count();
            piece
        })
        .collect()
}

/// The pieces of each row of a line that is shown in rows of `room` cells; at least one row.
///
/// Rows break after blanks and beside wide characters, and inside a word only if it is longer than a row. Blanks
/// stay at the end of their row, even beyond its edge.
pub(crate) fn rows(pieces: &[Piece<'_>], room: usize) -> Vec<Range<usize>> {
    let room = room.max(1);
    let mut rows = Vec::new();
    let (mut start, mut used, mut may_break) = (0, 0, 0);
    for (index, piece) in pieces.iter().enumerate() {
        while used + piece.cells > room && index > start && !piece.is_blank() {
            let end = if may_break > start { may_break } else { index };
            rows.push(start..end);
            start = end;
            used = cells(pieces.get(start..index).unwrap_or_default());
        }
        used += piece.cells;
        let next = pieces.get(index + 1);
        let is_closed = next.is_some_and(|next| CLOSING.contains(next.text));
        let is_beside_wide = piece.cells > 1 || next.is_some_and(|next| next.cells > 1);
        if piece.is_blank() || (is_beside_wide && !is_closed) {
            may_break = index + 1;
        }
    }
    rows.push(start..pieces.len());
    rows
}

/// The cells that pieces take.
pub(crate) fn cells(pieces: &[Piece<'_>]) -> usize {
    pieces.iter().map(|piece| piece.cells).sum()
}

/// Draws pieces into the first row of `area`, each in the style that `style` has for it, as far as they fit.
/// Tells how many cells were used.
pub(crate) fn draw<'a>(
    buffer: &mut Buffer,
    area: Rect,
    pieces: &[Piece<'a>],
    style: impl Fn(&Piece<'a>) -> Style,
    look: &Look,
) -> u16 {
    let mut used = 0;
    for piece in pieces {
        let rest = draw::right_of(area, used);
        if piece.cells > usize::from(rest.width) {
            break;
        }
        used += draw::text(buffer, rest, &piece.shown, style(piece), look);
    }
    used
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wrapped(text: &str, room: usize) -> Vec<String> {
        let pieces = pieces(text);
        rows(&pieces, room)
            .into_iter()
            .map(|row| pieces[row].iter().map(|piece| piece.text).collect())
            .collect()
    }

    #[test]
    fn rows_break_at_blanks_and_beside_wide_characters() {
        for (text, room, expected) in [
            ("", 5, vec![""]),
            ("call back on friday", 9, vec!["call back ", "on friday"]),
            ("a   b", 2, vec!["a   ", "b"]),
            ("extraordinary", 5, vec!["extra", "ordin", "ary"]),
            ("客户要求下周回电。", 8, vec!["客户要求", "下周回", "电。"]),
            ("见 GTXPro 报价", 8, vec!["见 ", "GTXPro ", "报价"]),
            ("宽宽", 1, vec!["宽", "宽"]),
        ] {
            assert_eq!(wrapped(text, room), expected, "{text} in {room}");
        }
    }

    #[test]
    fn pieces_know_their_place_and_hide_nothing() {
        let pieces = pieces("e\u{301}\u{202e}\t张");
        let known: Vec<_> = pieces
            .iter()
            .map(|piece| (piece.at, piece.char_at, &*piece.shown, piece.cells))
            .collect();
        assert_eq!(
            known,
            [
                (0, 0, "e\u{301}", 1),
                (3, 2, "\\u{202e}", 8),
                (6, 3, "    ", 4),
                (7, 4, "张", 2)
            ]
        );
    }

    proptest! {
        #[test]
        fn rows_lose_nothing_and_fit(text in "[a-z 张伟。\u{301}👍]{0,60}", room in 2_usize..12) {
            let rows = wrapped(&text, room);
            prop_assert_eq!(rows.concat(), text);
            for row in rows {
                prop_assert!(draw::cells(row.trim_end()) <= room, "{row:?}");
            }
        }
    }
}
