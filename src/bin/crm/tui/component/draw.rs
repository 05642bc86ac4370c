//! Text into cells: never outside the area that is given, never half a character, never a character that could
//! drive the terminal.

use std::borrow::Cow;

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use super::look::Look;
use crate::text::sanitise;

/// The number of cells in which `text` is drawn on one line.
///
/// It differs from the measure of the command line for a few marks that the terminal library counts apart.
pub(crate) fn cells(text: &str) -> usize {
    let shown = sanitise::line(text);
    if shown.is_ascii() {
        return shown.len();
    }
    shown
        .graphemes(true)
        .map(|grapheme| usize::from(grapheme.cell_width()))
        .sum()
}

/// `text` on one line, harmless, in at most `room` cells; what does not fit is replaced by the sign of a cut.
pub(crate) fn fit<'a>(text: &'a str, room: usize, look: &Look) -> Cow<'a, str> {
    let shown = sanitise::line(text);
    if cells(&shown) <= room {
        return shown;
    }
    let Some(room) = room.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in shown.graphemes(true) {
        used += usize::from(grapheme.cell_width());
        if used > room {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.truncate(kept.trim_end_matches(' ').len());
    kept.push_str(look.symbols.cut);
    Cow::Owned(kept)
}

/// Draws `text` into the first row of `area`, cut where it does not fit. Tells how many cells it took.
pub(crate) fn text(buffer: &mut Buffer, area: Rect, text: &str, style: Style, look: &Look) -> u16 {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return 0;
    }
    let shown = fit(text, usize::from(area.width), look);
    let (end, _) = buffer.set_stringn(area.x, area.y, shown, usize::from(area.width), style);
    end.saturating_sub(area.x)
}

/// Draws `text` at the right end of the first row of `area`, cut where it does not fit. Tells how many cells it took.
pub(crate) fn text_right(buffer: &mut Buffer, area: Rect, text: &str, style: Style, look: &Look) -> u16 {
    let area = area.intersection(buffer.area);
    let shown = fit(text, usize::from(area.width), look);
    let used = u16::try_from(cells(&shown)).unwrap_or(area.width).min(area.width);
    let at = Rect {
        x: area.right().saturating_sub(used),
        width: used,
        ..area
    };
    self::text(buffer, at, &shown, style, look)
}

/// Draws texts one after the other into the first row of `area`; the last that does not fit is cut.
pub(crate) fn texts(buffer: &mut Buffer, area: Rect, texts: &[(&str, Style)], look: &Look) -> u16 {
    let mut used = 0;
    for (text, style) in texts {
        let rest = right_of(area, used);
        if rest.is_empty() {
            break;
        }
        used += self::text(buffer, rest, text, *style, look);
    }
    used
}

/// What remains of `area` right of its first `cells` cells.
pub(crate) fn right_of(area: Rect, cells: u16) -> Rect {
    let taken = cells.min(area.width);
    Rect {
        x: area.x + taken,
        width: area.width - taken,
        ..area
    }
}

/// What remains of `area` below its first `rows` rows.
pub(crate) fn below(area: Rect, rows: u16) -> Rect {
    let taken = rows.min(area.height);
    Rect {
        y: area.y + taken,
        height: area.height - taken,
        ..area
    }
}

/// One row of `area`; empty where it has no such row.
pub(crate) fn row(area: Rect, row: u16) -> Rect {
    let rest = below(area, row);
    Rect {
        height: rest.height.min(1),
        ..rest
    }
}

/// The last row of `area` and what is above it.
pub(crate) fn split_last(area: Rect) -> (Rect, Rect) {
    let above = Rect {
        height: area.height.saturating_sub(1),
        ..area
    };
    (row(area, above.height), above)
}

/// Blanks `area` in `style`, and what would reach into it from the left.
pub(crate) fn clear(buffer: &mut Buffer, area: Rect, style: Style) {
    let area = area.intersection(buffer.area);
    for y in area.top()..area.bottom() {
        // A wide character before the area would swallow the first cell of it.
        if let Some(before) = area.x.checked_sub(1)
            && let Some(cell) = buffer.cell_mut((before, y))
            && cell.symbol().cell_width() > 1
        {
            cell.set_symbol(" ");
        }
        // The second half of one that begins in the last cell of the area is seen without its first.
        let last = buffer.cell((area.right().saturating_sub(1), y));
        if last.is_some_and(|cell| cell.symbol().cell_width() > 1)
            && let Some(half) = buffer.cell_mut((area.right(), y))
        {
            half.set_style(style);
        }
        for x in area.left()..area.right() {
            if let Some(cell) = buffer.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }
}

/// Signs within words, with what stands for them where there is no more than ASCII.
const IN_ASCII: [(&str, &str); 7] = [
    ("\u{a0}", " "),
    ("·", "-"),
    ("…", "~"),
    ("–", "-"),
    ("×", "x"),
    ("→", ">"),
    ("›", ">"),
];

/// Replaces the signs that words are joined by. Names are left as they are: what a terminal cannot show of them says
/// more than what it was not told.
pub(crate) fn in_ascii(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if let Some((_, plain)) = IN_ASCII.iter().find(|(sign, _)| *sign == cell.symbol()) {
            cell.set_symbol(plain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_fits_by_the_cells_it_is_drawn_in() {
        let (unicode, ascii) = (Look::plain(), Look::ascii());
        for (text, room, expected) in [
            ("Hafen GmbH", 10, "Hafen GmbH"),
            ("Hafen GmbH", 7, "Hafen…"),
            ("株式会社", 6, "株式…"),
            ("a\u{1b}[2J", 20, "a\\e[2J"),
            ("abc", 0, ""),
        ] {
            assert_eq!(fit(text, room, &unicode), expected);
        }
        assert_eq!(fit("Hafen GmbH", 7, &ascii), "Hafen~");
    }

    #[test]
    fn what_is_cleared_is_not_reached_into() {
        let mut buffer = Buffer::with_lines(["张伟张伟"]);
        clear(&mut buffer, Rect::new(1, 0, 2, 1), Style::new());
        let symbols: Vec<&str> = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(symbols, [" ", " ", " ", " ", "张", " ", "伟", " "]);
    }

    #[test]
    fn texts_stand_side_by_side_and_at_the_right() {
        let look = Look::plain();
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
        let area = buffer.area;
        let used = texts(
            &mut buffer,
            area,
            &[("张", Style::new()), ("b", Style::new())],
            &look,
        );
        assert_eq!(used, 3);
        assert_eq!(
            text_right(&mut buffer, right_of(area, used), "end", look.dim, &look),
            3
        );
        assert_eq!(buffer.content[7].symbol(), "e");
    }
}
