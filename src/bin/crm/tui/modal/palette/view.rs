//! How the palette is drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use crate::text::number;
use crate::tui::component::draw;
use crate::tui::component::look::Look;
use crate::tui::component::popup::{self, Popup};
use crate::tui::modal::palette::item::Item;
use crate::tui::modal::palette::line::Mode;
use crate::tui::modal::palette::{Palette, words};

/// The widest that it becomes.
const WIDEST: u16 = 110;
/// The highest that it becomes.
const HIGHEST: u16 = 40;
/// Fewer columns than these have no room for what sort of thing a row is.
const NARROW: u16 = 60;
/// The cells of the sort.
const SORT: u16 = 10;
/// The rows around the list: what is typed and a blank above, a blank and the keys below.
const ROWS_AROUND: u16 = 4;

/// Where everything stands: the popup, and the rows of the list.
fn areas(screen: Rect) -> (Rect, Rect) {
    let screen = draw::split_last(screen).1;
    let wanted = Size::new(
        screen.width.saturating_sub(4).clamp(36, WIDEST),
        screen.height.saturating_sub(2).clamp(8, HIGHEST),
    );
    let area = popup::centred(screen, wanted);
    let inner = popup::inside(area);
    let list = Rect {
        height: inner.height.saturating_sub(ROWS_AROUND),
        ..draw::below(inner, 2)
    };
    (area, list)
}

/// How many rows are seen at once.
pub(super) fn height(screen: Rect) -> usize {
    usize::from(areas(screen).1.height).max(1)
}

/// The number of the row at a place; none outside of the list, and none inside if it is outside of the popup.
pub(super) fn hit(palette: &Palette, screen: Rect, at: Position) -> Option<Option<usize>> {
    let (area, list) = areas(screen);
    if !area.contains(at) {
        return None;
    }
    let row = list.contains(at).then(|| usize::from(at.y - list.y));
    let row = row.map(|row| palette.top(usize::from(list.height)) + row);
    Some(row.filter(|row| *row < palette.shown.len()))
}

pub(super) fn draw(palette: &Palette, screen: Rect, buffer: &mut Buffer, look: &Look) -> Option<Position> {
    let (area, list) = areas(screen);
    let (mode, _) = palette.mode();
    let count = match palette.shown.len() {
        0 => String::new(),
        count => format!(
            "{} of {}",
            number::many(palette.cursor as u64 + 1),
            number::many(count as u64)
        ),
    };
    let popup = Popup {
        title: words::title(mode).into(),
        foot: count.into(),
    };
    let inner = popup.render(area, buffer, look);
    let cursor = palette.input.render(draw::row(inner, 0), buffer, look);
    if palette.shown.is_empty() {
        let (text, style) = match mode {
            _ if palette.is_searching => (words::SEARCHING, look.dim),
            Mode::Filter if !palette.has_filter => (words::NO_FILTER, look.warning),
            Mode::Filter => (words::FILTER, look.dim),
            Mode::Line => (words::LINE, look.dim),
            _ => (words::NOTHING, look.dim),
        };
        draw::text(buffer, draw::row(list, 0), text, style, look);
    }
    let height = usize::from(list.height);
    let rows = palette.shown.iter().enumerate().skip(palette.top(height));
    for (row, (at, item)) in (0..list.height).zip(rows) {
        self::row(item, at == palette.cursor, draw::row(list, row), buffer, look);
    }
    if inner.height > ROWS_AROUND {
        let (last, _) = draw::split_last(inner);
        let keys = words::keys(mode, inner.width < NARROW);
        draw::text(buffer, last, keys, look.dim, look);
    }
    cursor
}

fn row(item: &Item, is_here: bool, place: Rect, buffer: &mut Buffer, look: &Look) {
    let base = match item.off {
        Some(_) => look.text.patch(look.dim),
        None => look.text,
    };
    let base = if is_here { base.patch(look.selection) } else { base };
    draw::clear(buffer, place, base);
    let sign = look.sign(is_here);
    draw::text(buffer, place, sign, base, look);
    let mut rest = draw::right_of(place, 2);
    if !item.sort.is_empty() && place.width >= NARROW {
        draw::text(buffer, rest, item.sort, base.patch(look.dim), look);
        rest = draw::right_of(rest, SORT);
    }
    let used = draw::text_right(buffer, rest, &item.key, base.patch(look.accent), look);
    rest.width = rest.width.saturating_sub(used + u16::from(used > 0));
    let used = draw::text(buffer, rest, &item.title, base, look);
    let note = item.off.as_deref().unwrap_or(&item.note);
    if !note.is_empty() {
        draw::text(
            buffer,
            draw::right_of(rest, used + 2),
            note,
            base.patch(look.dim),
            look,
        );
    }
}
