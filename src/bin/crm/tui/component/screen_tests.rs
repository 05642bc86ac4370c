//! What the tests of components share: what a screen shows as text, hostile texts, and odd sizes.

use proptest::prelude::*;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;

/// The rows of a buffer as text; the second cells of wide characters are left out.
pub(crate) fn lines(buffer: &Buffer) -> Vec<String> {
    let width = usize::from(buffer.area.width.max(1));
    buffer
        .content
        .chunks(width)
        .map(|row| {
            let mut line = String::new();
            let mut skip = 0;
            for cell in row {
                if skip == 0 {
                    line.push_str(cell.symbol());
                    skip = usize::from(cell.symbol().cell_width());
                }
                skip = skip.saturating_sub(1);
            }
            line
        })
        .collect()
}

/// Text with wide characters, emoji of several parts, marks, right-to-left letters and control characters.
pub(crate) fn hostile() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "a",
        "Hafen",
        " ",
        "  ",
        "张伟",
        "한국",
        "👨‍👩‍👧‍👦",
        "🇩🇪",
        "👍🏽",
        "☎️",
        "ｶﾞ",
        "क्षि",
        "مرحبا",
        "e\u{301}",
        "\u{301}",
        "\u{200b}",
        "\u{202e}",
        "\u{1b}[2J",
        "\u{7}",
        "\t",
        "\n",
        "\r\n",
        "\0",
        "…",
    ]);
    prop::collection::vec(parts, 0..14).prop_map(|parts| parts.concat())
}

/// Areas from nothing to a small screen, not always at the corner.
pub(crate) fn sizes() -> impl Strategy<Value = Rect> {
    (0_u16..4, 0_u16..4, 0_u16..50, 0_u16..14)
        .prop_map(|(x, y, width, height)| Rect::new(x, y, width, height))
}

/// Draws into the middle of a larger screen and checks that nothing else on it was touched, and that no character
/// reaches over the right edge.
pub(crate) fn draw_inside(area: Rect, draw: impl FnOnce(Rect, &mut Buffer)) -> Buffer {
    let screen = Rect::new(0, 0, area.right() + 3, area.bottom() + 3);
    let mut buffer = Buffer::empty(screen);
    for cell in &mut buffer.content {
        cell.set_symbol("~");
    }
    draw(area, &mut buffer);
    for y in screen.top()..screen.bottom() {
        for x in screen.left()..screen.right() {
            let symbol = buffer[(x, y)].symbol();
            if area.contains((x, y).into()) {
                let end = usize::from(x) + usize::from(symbol.cell_width().max(1));
                assert!(
                    end <= usize::from(area.right()),
                    "{symbol} at {x},{y} reaches out of {area}"
                );
                assert!(!symbol.contains(char::is_control), "{symbol:?} at {x},{y}");
            } else {
                assert_eq!(symbol, "~", "{x},{y} is outside of {area}");
            }
        }
    }
    buffer
}
