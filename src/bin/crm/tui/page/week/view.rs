//! How a week is drawn: seven days side by side, or below each other where there is little room.

use jiff::ToSpan;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::text::agenda;
use crate::tui::action::Action;
use crate::tui::component::draw;
use crate::tui::component::pane::Pane;
use crate::tui::page::week::Week;
use crate::tui::page::week::read::{DAYS, Item, State};
use crate::tui::world::World;

/// From so many cells on, days stand side by side.
const CELLS_SIDE_BY_SIDE: u16 = 100;
/// The cells of the time and the sort of an entry.
const WHEN: u16 = 15;
/// From so many rows on, an entry has three of them, with what it is about in the last.
const ROWS_WITH_SUBJECT: u16 = 24;

/// Whether days stand side by side.
pub(super) fn is_side_by_side(world: &World) -> bool {
    world.area.width >= CELLS_SIDE_BY_SIDE
}

fn inner(area: Rect, world: &World) -> Rect {
    match world.is_narrow() {
        true => draw::below(area, 1),
        false => Pane::inner(area),
    }
}

pub(super) fn draw(page: &Week, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let last = page.first.saturating_add(6.days());
    let title = format!(
        "Week {} {} {} - {}",
        page.first.saturating_add(3.days()).strftime("%V"),
        look.symbols.dot,
        page.first.strftime("%-d %b"),
        last.strftime("%-d %b %Y")
    );
    if world.is_narrow() {
        draw::text(buffer, draw::row(area, 0), &title, look.accent, look);
    } else {
        let open = (0..DAYS).flat_map(|day| page.items(day));
        let open = open
            .filter(|item| matches!(item.state, State::Open | State::Late))
            .count();
        let pane = Pane {
            title: &title,
            note: &format!("{open} open"),
            focused: true,
        };
        pane.draw(buffer, area, look);
    }
    let inner = inner(area, world);
    if let Some(error) = &page.error {
        let text = format!("{error}; {} reads again", world.keymap.key(Action::Refresh));
        draw::text(buffer, draw::row(inner, 0), &text, look.error, look);
        return;
    }
    if page.days.is_none() {
        return;
    }
    match is_side_by_side(world) {
        true => (0..DAYS).for_each(|day| column(page, day, buffer, inner, world)),
        false => stacked(page, buffer, inner, world),
    }
}

/// Where a day stands among seven side by side.
fn column_area(inner: Rect, day: usize) -> Rect {
    let edge = |at: usize| {
        let cells = usize::from(inner.width) * at / DAYS;
        u16::try_from(cells).unwrap_or(inner.width)
    };
    Rect {
        x: inner.x + edge(day),
        width: edge(day + 1) - edge(day),
        ..inner
    }
}

/// The rows of an entry where days stand side by side and have so many rows.
fn entry_rows(height: u16) -> u16 {
    if height >= ROWS_WITH_SUBJECT { 3 } else { 2 }
}

/// The first entry of a day that is seen.
fn first_seen(page: &Week, day: usize, height: u16) -> usize {
    let most = usize::from(height / entry_rows(height)).max(1);
    match page.day == day {
        true => (page.entry + 1).saturating_sub(most),
        false => 0,
    }
}

fn heading(page: &Week, day: usize, world: &World) -> (String, Style) {
    let look = &world.look;
    let date = page.first.saturating_add(i64::try_from(day).unwrap_or(0).days());
    let today = world.clock().today();
    let text = date.strftime("%a %-d %b").to_string();
    match (date == today, page.day == day) {
        (true, _) => (date.strftime("Today %-d %b").to_string(), look.accent),
        (false, true) => (text, look.title),
        (false, false) => (text, look.dim),
    }
}

fn column(page: &Week, day: usize, buffer: &mut Buffer, inner: Rect, world: &World) {
    let look = &world.look;
    let area = column_area(inner, day);
    let area = Rect {
        width: area.width.saturating_sub(1),
        ..area
    };
    let (text, style) = heading(page, day, world);
    let here = page.day == day;
    let head = draw::row(area, 0);
    let line = draw::row(area, 1);
    let cursor = look.sign(here);
    draw::texts(buffer, head, &[(cursor, look.accent), (&text, style)], look);
    let ruler = look.symbols.line.repeat(usize::from(area.width));
    draw::text(buffer, line, &ruler, look.border, look);
    let rest = draw::below(area, 2);
    let items = page.items(day);
    let first = first_seen(page, day, rest.height);
    let rows = entry_rows(rest.height);
    for (row, (at, item)) in (0..rest.height / rows).zip(items.iter().enumerate().skip(first)) {
        let place = Rect {
            height: rows,
            ..draw::below(rest, row * rows)
        };
        let is_current = here && at == page.entry;
        entry(item, is_current, buffer, place, world);
    }
    let seen = usize::from(rest.height / rows);
    let hidden = items.len().saturating_sub(first + seen);
    if hidden > 0 {
        let text = format!("{} {hidden} more", look.symbols.cut);
        let at = draw::row(rest, rest.height.saturating_sub(1));
        draw::text_right(buffer, at, &text, look.dim, look);
    }
}

fn signed(item: &Item, world: &World) -> (&'static str, Style) {
    let look = &world.look;
    match item.state {
        State::Late => (look.symbols.overdue, look.overdue),
        State::Open => (look.symbols.open, look.text),
        State::Done => (look.symbols.done, look.dim),
        State::Held => (look.symbols.mark, look.good),
    }
}

/// The time or the sort of an entry.
fn when(item: &Item) -> String {
    let kind = agenda::kind(&item.kind);
    match item.time {
        Some(time) => format!("{} {kind}", time.strftime("%H:%M")),
        None => kind.to_owned(),
    }
}

/// Whom and what it is about.
fn about(item: &Item) -> String {
    match &item.customer {
        Some(customer) => customer.name.clone(),
        None => item.record.name.clone(),
    }
}

/// An entry on two or three rows.
fn entry(item: &Item, here: bool, buffer: &mut Buffer, place: Rect, world: &World) {
    let look = &world.look;
    let (sign, own) = signed(item, world);
    let style = |own: Style| if here { look.selection } else { own };
    let (first, second, third) = (draw::row(place, 0), draw::row(place, 1), draw::row(place, 2));
    if here {
        draw::clear(buffer, place, look.selection);
    }
    let cursor = look.sign(here);
    let texts = [
        (cursor, style(look.accent)),
        (sign, style(own)),
        (" ", style(own)),
        (&*when(item), style(own)),
    ];
    draw::texts(buffer, first, &texts, look);
    let texts = [("   ", style(own)), (&*about(item), style(own))];
    draw::texts(buffer, second, &texts, look);
    if item.customer.is_some() {
        let texts = [("   ", style(own)), (&*item.record.name, style(look.dim))];
        draw::texts(buffer, third, &texts, look);
    }
}

/// A line where days stand below each other: the title of a day, or an entry of it.
#[derive(Clone, Copy)]
enum Line {
    Day(usize),
    Entry(usize, usize),
}

/// The lines in sight, and the first of them.
fn lines(page: &Week, height: u16) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut here = 0;
    for day in 0..DAYS {
        lines.push(Line::Day(day));
        if day == page.day {
            here = lines.len() + page.entry.min(page.items(day).len().saturating_sub(1));
        }
        lines.extend((0..page.items(day).len()).map(|at| Line::Entry(day, at)));
    }
    let height = usize::from(height);
    let top = (here + 2).saturating_sub(height);
    lines.into_iter().skip(top).take(height).collect()
}

fn stacked(page: &Week, buffer: &mut Buffer, inner: Rect, world: &World) {
    let look = &world.look;
    for (row, line) in (0..inner.height).zip(lines(page, inner.height)) {
        let place = draw::row(inner, row);
        match line {
            Line::Day(day) => {
                let (text, style) = heading(page, day, world);
                let is_here = page.day == day && page.items(day).is_empty();
                let cursor = look.sign(is_here);
                draw::texts(buffer, place, &[(cursor, look.accent), (&text, style)], look);
            }
            Line::Entry(day, at) => {
                if let Some(item) = page.items(day).get(at) {
                    let here = page.day == day && page.entry == at;
                    row_of(item, here, buffer, place, world);
                }
            }
        }
    }
}

/// An entry on one row.
fn row_of(item: &Item, here: bool, buffer: &mut Buffer, place: Rect, world: &World) {
    let look = &world.look;
    let (sign, own) = signed(item, world);
    let style = |own: Style| if here { look.selection } else { own };
    if here {
        draw::clear(buffer, place, look.selection);
    }
    let cursor = look.sign(here);
    let subject = match item.customer {
        Some(_) if !world.is_narrow() => item.record.name.clone(),
        _ => String::new(),
    };
    let texts = [
        (cursor, style(look.accent)),
        (" ", style(own)),
        (sign, style(own)),
        (" ", style(own)),
    ];
    let mut rest = draw::right_of(place, draw::texts(buffer, place, &texts, look));
    let whom = (rest.width / 3).max(WHEN);
    let columns = [
        (WHEN, when(item), own),
        (
            if subject.is_empty() { rest.width } else { whom },
            about(item),
            own,
        ),
        (rest.width, subject, look.dim),
    ];
    for (cells, text, own) in columns {
        let cell = Rect {
            width: cells.min(rest.width),
            ..rest
        };
        draw::text(buffer, cell, &text, style(own), look);
        rest = draw::right_of(rest, cells.saturating_add(1));
    }
}

/// The entry at a cell.
pub(super) fn at(page: &Week, area: Rect, cell: Position, world: &World) -> Option<(usize, usize)> {
    let inner = inner(area, world);
    if !inner.contains(cell) {
        return None;
    }
    if !is_side_by_side(world) {
        let row = usize::from(cell.y - inner.y);
        return match lines(page, inner.height).get(row)? {
            Line::Day(day) => Some((*day, 0)),
            Line::Entry(day, at) => Some((*day, *at)),
        };
    }
    let day = (0..DAYS).find(|day| column_area(inner, *day).contains(cell))?;
    let below = cell.y.saturating_sub(inner.y + 2);
    let height = inner.height.saturating_sub(2);
    let entry = first_seen(page, day, height) + usize::from(below / entry_rows(height));
    let last = page.items(day).len().saturating_sub(1);
    Some((day, entry.min(last)))
}
