//! Frames that lie over the screen: where they go, their border and title. What lies above what is the caller's.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;
use ratatui::symbols::border;

use super::draw;
use super::look::Look;

/// A frame with words in its border.
#[derive(Debug, Clone, Default)]
pub(crate) struct Popup<'a> {
    /// In the upper border, at the left.
    pub(crate) title: Cow<'a, str>,
    /// In the lower border, at the right.
    pub(crate) foot: Cow<'a, str>,
}

/// A place for `wanted` in the middle of `screen`, a little smaller than it where it would cover all.
pub(crate) fn centred(screen: Rect, wanted: Size) -> Rect {
    let width = wanted.width.min(screen.width);
    let height = wanted.height.min(screen.height);
    Rect {
        x: screen.x + (screen.width - width) / 2,
        // A little above the middle, where the eye is.
        y: screen.y + (screen.height - height) * 2 / 5,
        width,
        height,
    }
}

/// A place for `wanted` on `screen` that begins under `anchor`, or ends above it where there is more room.
pub(crate) fn anchored(screen: Rect, anchor: Position, wanted: Size) -> Rect {
    let width = wanted.width.min(screen.width);
    let x = anchor
        .x
        .clamp(screen.x, screen.right().saturating_sub(width).max(screen.x));
    let anchor_y = anchor
        .y
        .clamp(screen.y, screen.bottom().saturating_sub(1).max(screen.y));
    let below = screen.bottom().saturating_sub(anchor_y + 1);
    let above = anchor_y - screen.y;
    if wanted.height <= below || below >= above {
        let height = wanted.height.min(below);
        let y = (anchor_y + 1).min(screen.bottom());
        return Rect { x, y, width, height };
    }
    let height = wanted.height.min(above);
    Rect {
        x,
        y: anchor_y - height,
        width,
        height,
    }
}

/// What is inside of a frame around `area`; all of it where there is no room for a frame.
pub(crate) fn inside(area: Rect) -> Rect {
    match has_border(area) {
        true => Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2),
        false => area,
    }
}

fn has_border(area: Rect) -> bool {
    area.width >= 4 && area.height >= 3
}

impl Popup<'_> {
    /// Clears `area` and draws the frame; tells what is inside.
    ///
    /// Where there is no room for a frame there is none, and the caller has all of `area`.
    pub(crate) fn render(&self, area: Rect, buffer: &mut Buffer, look: &Look) -> Rect {
        let area = area.intersection(buffer.area);
        draw::clear(buffer, area, look.text);
        if !has_border(area) {
            return area;
        }
        border(buffer, area, &look.symbols.border_focus, look.border_focus, look);
        let edge = |y| Rect::new(area.x + 2, y, area.width - 4, 1);
        write_into(buffer, edge(area.y), &self.title, look.accent, Side::Left, look);
        write_into(
            buffer,
            edge(area.bottom() - 1),
            &self.foot,
            look.dim,
            Side::Right,
            look,
        );
        inside(area)
    }
}

#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

/// Words in a border, with a blank on either side.
fn write_into(buffer: &mut Buffer, edge: Rect, words: &str, style: Style, side: Side, look: &Look) {
    if words.is_empty() || edge.width < 3 {
        return;
    }
    let words = draw::fit(words, usize::from(edge.width - 2), look);
    let words = format!(" {words} ");
    match side {
        Side::Left => draw::text(buffer, edge, &words, style, look),
        Side::Right => draw::text_right(buffer, edge, &words, style, look),
    };
}

/// A border along the edges of `area`, which is at least 2 by 2.
fn border(buffer: &mut Buffer, area: Rect, set: &border::Set<'_>, style: Style, look: &Look) {
    let (left, right) = (area.left(), area.right().saturating_sub(1));
    let (top, bottom) = (area.top(), area.bottom().saturating_sub(1));
    let mut put = |x, y, symbol| draw::text(buffer, Rect::new(x, y, 1, 1), symbol, style, look);
    for x in left..=right {
        put(x, top, set.horizontal_top);
        put(x, bottom, set.horizontal_bottom);
    }
    for y in top..=bottom {
        put(left, y, set.vertical_left);
        put(right, y, set.vertical_right);
    }
    put(left, top, set.top_left);
    put(right, top, set.top_right);
    put(left, bottom, set.bottom_left);
    put(right, bottom, set.bottom_right);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::screen_tests::{draw_inside, hostile, lines, sizes};
    use super::*;

    #[test]
    fn a_frame_covers_what_is_behind_it() {
        let mut buffer = Buffer::with_lines(["张伟张伟张伟张伟"; 4]);
        let popup = Popup {
            title: "公司".into(),
            foot: "3".into(),
        };
        let inner = popup.render(Rect::new(1, 0, 12, 4), &mut buffer, &Look::plain());
        assert_eq!(inner, Rect::new(2, 1, 10, 2));
        assert_eq!(
            lines(&buffer),
            [
                " ┏━ 公司 ━━━┓ 伟",
                " ┃          ┃ 伟",
                " ┃          ┃ 伟",
                " ┗━━━━━━ 3 ━┛ 伟"
            ]
        );
    }

    #[test]
    fn frames_find_a_place_on_any_screen() {
        let screen = Rect::new(0, 0, 20, 5);
        assert_eq!(centred(screen, Size::new(60, 20)), screen);
        assert_eq!(centred(screen, Size::new(10, 3)), Rect::new(5, 0, 10, 3));
        let wanted = Size::new(10, 3);
        assert_eq!(
            anchored(screen, Position::new(15, 0), wanted),
            Rect::new(10, 1, 10, 3)
        );
        assert_eq!(
            anchored(screen, Position::new(3, 4), wanted),
            Rect::new(3, 1, 10, 3)
        );
    }

    proptest! {
        #[test]
        fn frames_stay_in_their_area(title in hostile(), foot in hostile(), area in sizes()) {
            let popup = Popup { title: title.into(), foot: foot.into() };
            for look in [Look::plain(), Look::ascii()] {
                let buffer = draw_inside(area, |area, buffer| {
                    let inner = popup.render(area, buffer, &look);
                    assert_eq!(inner, if area.is_empty() { area.intersection(buffer.area) } else { inside(area) });
                });
                if has_border(area) {
                    for y in area.y + 1..area.bottom() - 1 {
                        let set = &look.symbols.border_focus;
                        prop_assert_eq!(buffer[(area.x, y)].symbol(), set.vertical_left);
                        prop_assert_eq!(buffer[(area.right() - 1, y)].symbol(), set.vertical_right);
                    }
                }
            }
        }

        #[test]
        fn places_are_on_the_screen(
            screen in sizes(), width in 0_u16..60, height in 0_u16..20, x in 0_u16..60, y in 0_u16..20,
        ) {
            let wanted = Size::new(width, height);
            for place in [centred(screen, wanted), anchored(screen, Position::new(x, y), wanted)] {
                prop_assert_eq!(place.intersection(screen).area(), place.area());
            }
        }
    }
}
