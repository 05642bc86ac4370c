//! The line at the foot: the keys that matter now, as many as fit.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw;
use super::look::Look;

/// A key and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint {
    /// As it is written.
    pub(crate) key: String,
    /// What it does, in a word or two.
    pub(crate) label: String,
}

impl Hint {
    fn cells(&self) -> usize {
        draw::cells(&self.key) + 1 + draw::cells(&self.label)
    }
}

/// Draws the hints into the first row of `area`: those that come first are the more important ones, and `last`
/// stands at the right end whatever happens to the others. Tells where which hint stands; `last` has the number
/// after all others.
pub(crate) fn render(
    hints: &[Hint],
    last: &Hint,
    area: Rect,
    buffer: &mut Buffer,
    look: &Look,
) -> Vec<(Rect, usize)> {
    let row = draw::row(area.intersection(buffer.area), 0);
    draw::clear(buffer, row, look.text);
    let mut places = Vec::new();
    let end_cells = u16::try_from(last.cells())
        .unwrap_or(u16::MAX)
        .min(row.width.saturating_sub(1));
    let end = draw::right_of(row, row.width.saturating_sub(end_cells + 1));
    let mut rest = Rect {
        x: row.x + 1.min(row.width),
        width: row.width.saturating_sub(end_cells + 3),
        ..row
    };
    for (number, hint) in hints.iter().enumerate() {
        // A shorter hint may still fit where a longer one does not.
        if hint.cells() > usize::from(rest.width) {
            continue;
        }
        let used = one(hint, rest, buffer, look);
        places.push((Rect { width: used, ..rest }, number));
        rest = draw::right_of(rest, used + 2);
    }
    let used = one(
        last,
        Rect {
            width: end_cells,
            ..end
        },
        buffer,
        look,
    );
    if used > 0 {
        places.push((Rect { width: used, ..end }, hints.len()));
    }
    places
}

fn one(hint: &Hint, place: Rect, buffer: &mut Buffer, look: &Look) -> u16 {
    let texts = [
        (hint.key.as_str(), look.accent),
        (" ", look.text),
        (hint.label.as_str(), look.text),
    ];
    draw::texts(buffer, place, &texts, look)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    fn hint(key: &str, label: &str) -> Hint {
        Hint {
            key: key.to_owned(),
            label: label.to_owned(),
        }
    }

    #[test]
    fn the_most_important_hints_and_the_last_one_are_seen() {
        let hints = [
            hint("c", "contact"),
            hint("Enter", "open"),
            hint("x", "完成"),
            hint("/", "filter"),
        ];
        let last = hint("?", "help");
        for (width, expected) in [
            (50, " c contact  Enter open  x 完成  / filter   ? help "),
            (32, " c contact  Enter open   ? help "),
            (20, " c contact   ? help "),
            (15, " x 完成 ? help "),
            (7, "? help "),
            (3, "?  "),
        ] {
            let mut buffer = Buffer::empty(Rect::new(0, 0, width, 1));
            let area = buffer.area;
            let places = render(&hints, &last, area, &mut buffer, &Look::plain());
            assert_eq!(lines(&buffer).concat(), expected, "{width}");
            assert_eq!(places.last().map(|(_, number)| *number), Some(4));
        }
    }

    proptest! {
        #[test]
        fn hints_stay_in_their_area(texts in prop::collection::vec(hostile(), 1..8), area in sizes()) {
            let hints: Vec<_> = texts.iter().map(|text| hint(text, text)).collect();
            draw_inside(area, |area, buffer| {
                draw::clear(buffer, area, Look::plain().text);
                for (place, _) in render(&hints, &hints[0], area, buffer, &Look::plain()) {
                    assert_eq!(place.intersection(area), place);
                }
            });
        }
    }
}
