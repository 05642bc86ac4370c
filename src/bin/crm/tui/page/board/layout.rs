//! Where the parts of a board stand. Drawing and the mouse go by the same places.

use ratatui::layout::Rect;

use crate::tui::component::draw;
use crate::tui::component::pane::Pane;

/// The fewest cells of a column, in which the name of a company can still be told.
const LEAST_WIDTH: u16 = 22;
/// Under so many columns of the terminal there is one stage at a time.
const NARROW: u16 = 60;
/// From so many rows on cards stand apart.
const ROWS_WITH_GAPS: u16 = 10;
/// From so many rows on there is a line of figures.
const ROWS_WITH_FOOT: u16 = 12;

/// The places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// The line of the filter, with what is wrong with it under it.
    pub(super) filter: Option<Rect>,
    /// The line with all columns, where not all of them fit.
    pub(super) strip: Option<Rect>,
    /// The columns that are drawn, each by its number.
    pub(super) columns: Vec<(usize, Rect)>,
    /// The figures.
    pub(super) foot: Option<Rect>,
    /// Whether there is one column at a time, without borders and with cards of one line.
    pub(super) is_narrow: bool,
}

/// Places for so many columns, the one with the cursor in sight.
pub(super) fn places(area: Rect, count: usize, focus: usize, filter_rows: u16) -> Places {
    let is_narrow = area.width < NARROW;
    let mut rest = area;
    let filter = Rect {
        height: filter_rows.min(rest.height),
        ..rest
    };
    rest = draw::below(rest, filter.height);
    let foot_rows = match (rest.height >= ROWS_WITH_FOOT, is_narrow) {
        (false, _) => 0,
        (true, true) => 2,
        (true, false) => 1,
    };
    let foot = Rect {
        y: rest.bottom() - foot_rows,
        height: foot_rows,
        ..rest
    };
    rest.height -= foot_rows;
    let fitting = match is_narrow {
        true => 1,
        false => usize::from(area.width / LEAST_WIDTH).max(1),
    };
    let shown = fitting.min(count);
    let strip = (shown < count && !is_narrow).then(|| draw::row(rest, 0));
    if strip.is_some() {
        rest = draw::below(rest, 1);
    }
    let start = focus.saturating_sub(shown / 2).min(count - shown);
    Places {
        filter: (!filter.is_empty()).then_some(filter),
        strip,
        columns: split(rest, start, shown),
        foot: (foot_rows > 0).then_some(foot),
        is_narrow,
    }
}

/// Columns side by side; what remains goes to the first ones.
fn split(area: Rect, start: usize, shown: usize) -> Vec<(usize, Rect)> {
    let Some(parts) = u16::try_from(shown).ok().filter(|parts| *parts > 0) else {
        return Vec::new();
    };
    let (width, more) = (area.width / parts, area.width % parts);
    let mut x = area.x;
    (start..)
        .zip(0..parts)
        .map(|(column, at)| {
            let width = width + u16::from(at < more);
            let place = Rect { x, width, ..area };
            x += width;
            (column, place)
        })
        .collect()
}

/// Where the cards of a column stand, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slots {
    /// Inside the border; in the last row it is said what is not seen.
    area: Rect,
    /// The rows of a card.
    rows: u16,
    /// The rows from one card to the next.
    pitch: u16,
}

/// The cards of a column.
pub(super) fn slots(column: Rect, is_narrow: bool) -> Slots {
    if is_narrow {
        return Slots {
            area: draw::below(column, 2),
            rows: 1,
            pitch: 1,
        };
    }
    let area = Pane::inner(column);
    Slots {
        area,
        rows: 2,
        pitch: if area.height >= ROWS_WITH_GAPS { 3 } else { 2 },
    }
}

impl Slots {
    /// How many cards are seen.
    pub(super) fn capacity(self) -> usize {
        let rows = self.area.height.saturating_sub(1) + (self.pitch - self.rows);
        usize::from((rows / self.pitch).max(1))
    }

    /// The place of a card, the first being 0.
    pub(super) fn place(self, card: usize) -> Rect {
        let y = u16::try_from(card).unwrap_or(u16::MAX).saturating_mul(self.pitch);
        let rest = draw::below(self.area, y);
        Rect {
            height: self.rows.min(rest.height),
            ..rest
        }
    }

    /// The line below the cards.
    pub(super) fn more(self) -> Rect {
        draw::split_last(self.area).0
    }

    /// All of it.
    pub(super) fn area(self) -> Rect {
        self.area
    }

    /// The card that is drawn in this row of the terminal.
    pub(super) fn at(self, y: u16) -> Option<usize> {
        let row = y.checked_sub(self.area.y)?;
        let is_on_card = row % self.pitch < self.rows;
        let card = usize::from(row / self.pitch);
        (is_on_card && card < self.capacity()).then_some(card)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn columns(width: u16, count: usize, focus: usize) -> Vec<(usize, u16)> {
        let places = places(Rect::new(0, 1, width, 22), count, focus, 0);
        let columns = places.columns.iter();
        columns.map(|(at, place)| (*at, place.width)).collect()
    }

    #[test]
    fn columns_share_the_width_and_the_cursor_stays_in_sight() {
        assert_eq!(columns(88, 4, 0), [(0, 22), (1, 22), (2, 22), (3, 22)]);
        assert_eq!(columns(80, 7, 0), [(0, 27), (1, 27), (2, 26)]);
        assert_eq!(columns(80, 7, 4), [(3, 27), (4, 27), (5, 26)]);
        assert_eq!(columns(80, 7, 6), [(4, 27), (5, 27), (6, 26)]);
        assert_eq!(columns(62, 7, 6), [(5, 31), (6, 31)]);
        assert_eq!(columns(40, 7, 3), [(3, 40)]);
        assert_eq!(columns(500, 7, 3).len(), 7);
    }

    proptest! {
        #[test]
        fn nothing_stands_outside_or_on_anything_else(
            width in 0_u16..300, height in 0_u16..80, count in 0_usize..30, focus in 0_usize..30, filter_rows in 0_u16..4,
        ) {
            let area = Rect::new(0, 1, width, height);
            let places = places(area, count, focus.min(count.saturating_sub(1)), filter_rows);
            let mut all: Vec<Rect> = places.columns.iter().map(|(_, place)| *place).collect();
            all.extend([places.filter, places.strip, places.foot].into_iter().flatten());
            for (at, place) in all.iter().enumerate() {
                prop_assert_eq!(place.intersection(area).area(), place.area());
                prop_assert!(all[at + 1..].iter().all(|other| !other.intersects(*place)));
            }
            if count > 0 && focus < count {
                prop_assert!(places.columns.iter().any(|(at, _)| *at == focus));
            }
            for (_, column) in &places.columns {
                let slots = slots(*column, places.is_narrow);
                for card in 0..slots.capacity() {
                    let place = slots.place(card);
                    prop_assert_eq!(place.intersection(*column).area(), place.area());
                    if place.height == 2 {
                        prop_assert_eq!(slots.at(place.y + 1), Some(card));
                    }
                }
            }
        }
    }
}
