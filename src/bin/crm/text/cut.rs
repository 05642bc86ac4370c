//! Making text fit: cut to one line of so many cells, or wrapped into several. Graphemes are never split.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

use super::width::width;

/// What stands where something was left out.
const ELLIPSIS: &str = "…";
/// Marks that close a phrase and may not begin a line in Chinese and Japanese text.
const CLOSING: &str = "。，、！？；：）」』】》”’,.!?;:)]}";

/// `text` in at most `cells` cells; what does not fit is replaced by `…`.
pub(crate) fn cut(text: &str, cells: usize) -> Cow<'_, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(width(ELLIPSIS)) else {
        return Cow::Borrowed("");
    };
    let (kept, _) = split(text, room);
    Cow::Owned(format!("{}{ELLIPSIS}", kept.trim_end_matches(' ')))
}

/// Splits `text` before the first grapheme that does not fit into `cells` cells.
fn split(text: &str, cells: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, grapheme) in text.grapheme_indices(true) {
        used += width(grapheme);
        if used > cells {
            return text.split_at_checked(at).unwrap_or((text, ""));
        }
    }
    (text, "")
}

/// The lines of `text`, each in at most `cells` cells (one at least).
///
/// Line breaks of the text stay. Lines break at blanks, between wide characters, and inside a word only if it is
/// longer than a line. A grapheme wider than a line stands alone on one.
pub(crate) fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split(' ').filter(|word| !word.is_empty()) {
            let mut gap = if line.is_empty() { "" } else { " " };
            for piece in pieces(word) {
                append(&mut lines, &mut line, gap, piece, cells);
                gap = "";
            }
        }
        lines.push(line);
    }
    lines
}

/// Adds `piece` to `line`, after breaking the line where it would become too long.
fn append(lines: &mut Vec<String>, line: &mut String, gap: &str, piece: &str, cells: usize) {
    if !line.is_empty() && width(line) + width(gap) + width(piece) > cells {
        lines.push(std::mem::take(line));
    }
    if !line.is_empty() {
        line.push_str(gap);
    }
    let mut rest = piece;
    while width(rest) > cells {
        let (mut head, mut tail) = split(rest, cells);
        if head.is_empty() {
            let first = rest.graphemes(true).next().map_or(rest.len(), str::len);
            (head, tail) = rest.split_at_checked(first).unwrap_or((rest, ""));
        }
        if tail.is_empty() {
            break;
        }
        lines.push(head.to_owned());
        rest = tail;
    }
    line.push_str(rest);
}

/// The parts of a word between which a line may break: before and after each wide character, unless a closing
/// mark follows.
fn pieces(word: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut after_wide = false;
    for (at, grapheme) in word.grapheme_indices(true) {
        let wide = width(grapheme) > 1;
        let may_break = (wide || after_wide) && !CLOSING.contains(grapheme);
        if at > start && may_break {
            pieces.extend(word.get(start..at));
            start = at;
        }
        after_wide = wide;
    }
    pieces.extend(word.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cuts_between_graphemes() {
        for (text, cells, expected) in [
            ("Hafen GmbH", 10, "Hafen GmbH"),
            ("Hafen GmbH", 9, "Hafen Gm…"),
            ("Hafen GmbH", 7, "Hafen…"),
            ("株式会社", 7, "株式会…"),
            ("株式会社", 6, "株式…"),
            ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3, "👨‍👩‍👧‍👦…"),
            ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2, "…"),
            ("cafe\u{301}s", 4, "caf…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
            ("", 0, ""),
        ] {
            assert_eq!(cut(text, cells), expected, "{text} in {cells}");
        }
    }

    #[test]
    fn wraps_at_blanks_and_between_wide_characters() {
        for (text, cells, expected) in [
            ("call back on friday", 9, vec!["call back", "on friday"]),
            ("a\n\nb", 9, vec!["a", "", "b"]),
            ("extraordinary", 5, vec!["extra", "ordin", "ary"]),
            ("客户要求下周回电。", 8, vec!["客户要求", "下周回", "电。"]),
            ("见 GTXPro 报价", 8, vec!["见", "GTXPro", "报价"]),
            ("宽", 1, vec!["宽"]),
        ] {
            assert_eq!(wrap(text, cells), expected, "{text} in {cells}");
        }
    }

    proptest! {
        #[test]
        fn a_cut_fits_and_keeps_graphemes_whole(text in "\\PC*", cells in 0_usize..20) {
            let short = cut(&text, cells);
            prop_assert!(width(&short) <= cells);
            if let Some(kept) = short.strip_suffix(ELLIPSIS)
                && *short != text
            {
                let at_boundary = text
                    .grapheme_indices(true)
                    .map(|(at, _)| at)
                    .chain([text.len()])
                    .any(|at| at == kept.len());
                prop_assert!(text.starts_with(kept) && at_boundary);
            }
        }

        #[test]
        fn a_wrap_fits_and_loses_nothing_but_blanks(text in "[a-z 张伟公司。👍\n]{0,60}", cells in 2_usize..12) {
            let lines = wrap(&text, cells);
            for line in &lines {
                prop_assert!(width(line) <= cells, "{line:?}");
            }
            let bare = |text: &str| text.replace([' ', '\n'], "");
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }
    }
}
