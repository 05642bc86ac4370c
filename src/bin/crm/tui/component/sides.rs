//! Records side by side: a line for each field, and a sign before what is taken.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::draw;
use super::look::Look;

/// The widest that the names of the fields become.
const LABELS: usize = 16;

/// One field of all records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Side {
    pub(crate) label: String,
    /// What each record says.
    pub(crate) values: Vec<String>,
    /// Which of them are taken.
    pub(crate) taken: Vec<usize>,
}

/// What is drawn.
#[derive(Debug)]
pub(crate) struct Sides<'s> {
    /// What the records are called.
    pub(crate) heads: &'s [String],
    pub(crate) rows: &'s [Side],
    /// The first row that is seen.
    pub(crate) top: usize,
    /// The row under the cursor, if there is one.
    pub(crate) cursor: Option<usize>,
}

impl Sides<'_> {
    /// Draws the heads and as many rows as there is room for.
    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, look: &Look) {
        let places = self.places(area);
        for (place, head) in places.iter().skip(1).zip(self.heads) {
            draw::text(
                buffer,
                draw::row(*place, 0),
                &format!("  {head}"),
                look.title,
                look,
            );
        }
        let shown = self.rows.iter().enumerate().skip(self.top);
        for (line, (at, side)) in (1..area.height).zip(shown) {
            let here = self.cursor == Some(at);
            let style = if here { look.selection } else { look.text };
            if here {
                draw::clear(buffer, draw::row(area, line), style);
            }
            let mut cells = places.iter().map(|place| draw::row(*place, line));
            let label = format!("{}{}", look.sign(here), side.label);
            if let Some(cell) = cells.next() {
                let dim = if here { style } else { look.dim };
                draw::text(buffer, cell, &label, dim, look);
            }
            for (of, (cell, value)) in cells.zip(&side.values).enumerate() {
                let is_taken = side.taken.contains(&of) && !value.is_empty();
                let sign = if is_taken { look.symbols.mark } else { " " };
                let dim = if here || is_taken { style } else { look.dim };
                draw::text(buffer, cell, &format!("{sign} {value}"), dim, look);
            }
        }
    }

    /// Where the names of the fields stand, and then each record.
    pub(crate) fn places(&self, area: Rect) -> Vec<Rect> {
        let widest = self.rows.iter().map(|side| draw::cells(&side.label)).max();
        let room = usize::from(area.width);
        let labels = widest.unwrap_or(0).min(LABELS).min(room / 4) + 2;
        let labels = u16::try_from(labels).unwrap_or(area.width).min(area.width);
        let count = u16::try_from(self.heads.len().max(1)).unwrap_or(u16::MAX);
        let rest = draw::right_of(area, labels);
        let apiece = rest.width / count;
        let mut places = vec![Rect {
            width: labels.saturating_sub(1),
            ..area
        }];
        for at in 0..count {
            let own = draw::right_of(rest, apiece.saturating_mul(at));
            places.push(Rect {
                width: apiece.saturating_sub(1),
                ..own
            });
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    fn side(label: &str, values: [&str; 2], taken: &[usize]) -> Side {
        Side {
            label: label.to_owned(),
            values: values.map(str::to_owned).to_vec(),
            taken: taken.to_vec(),
        }
    }

    #[test]
    fn what_is_taken_has_a_sign() {
        let look = Look::plain();
        let heads = ["张伟 C8".to_owned(), "Zhang Wei C9".to_owned()];
        let rows = [
            side("name", ["张伟", "Zhang Wei"], &[0]),
            side("title", ["", "CEO"], &[1]),
            side("emails", ["a@mail.example", "b@mail.example"], &[0, 1]),
        ];
        let sides = Sides {
            heads: &heads,
            rows: &rows,
            top: 0,
            cursor: Some(1),
        };
        let mut buffer = Buffer::empty(Rect::new(0, 0, 48, 4));
        let area = buffer.area;
        sides.draw(&mut buffer, area, &look);
        let mark = look.symbols.mark;
        let shown = lines(&buffer);
        assert!(
            shown[0].contains("张伟 C8") && shown[0].contains("Zhang Wei C9"),
            "{shown:?}"
        );
        assert!(shown[1].contains(&format!("{mark} 张伟")), "{shown:?}");
        assert!(!shown[1].contains(&format!("{mark} Zhang")), "{shown:?}");
        assert!(shown[2].contains(&format!("{mark} CEO")), "{shown:?}");
        assert_eq!(shown[3].matches(mark).count(), 2, "{shown:?}");
    }

    proptest! {
        #[test]
        fn it_stays_inside(
            area in sizes(),
            texts in prop::collection::vec(hostile(), 1..12),
            cursor in 0..12_usize,
        ) {
            let rows: Vec<Side> = texts.iter().map(|text| side(text, [text, text], &[1])).collect();
            let heads: Vec<String> = texts.iter().take(2).cloned().collect();
            let sides = Sides { heads: &heads, rows: &rows, top: cursor / 2, cursor: Some(cursor) };
            draw_inside(area, |area, buffer| sides.draw(buffer, area, &Look::plain()));
        }
    }
}
