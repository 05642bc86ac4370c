//! How a board is drawn.

use crm::ops::board::By;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use crate::text::number;
use crate::tui::action::Action;
use crate::tui::component::draw;
use crate::tui::component::pane::Pane;
use crate::tui::page::board::layout::{Places, slots};
use crate::tui::page::board::pile::Pile;
use crate::tui::page::board::{Board, card, foot, words};
use crate::tui::query::board::label;
use crate::tui::world::World;

pub(super) fn draw(board: &Board, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
    let buffer = frame.buffer_mut();
    let places = board.places(area);
    let cursor = places
        .filter
        .and_then(|line| board.filter.draw(buffer, line, world));
    if let Some(line) = places.strip {
        strip(board, buffer, line, world);
    }
    for (at, column) in &places.columns {
        let Some(pile) = board.piles.get(*at) else {
            continue;
        };
        match places.is_narrow {
            true => narrow(board, pile, buffer, *column, world),
            false => wide(board, pile, *at, buffer, *column, world),
        }
    }
    if let Some(line) = places.foot {
        foot::draw(board, buffer, line, places.is_narrow, world);
    }
    if let Some((text, style)) = instead(board, world) {
        draw::text(
            buffer,
            sentence(area, &places),
            &format!(" {text}"),
            style,
            &world.look,
        );
    }
    if let Some(line) = places.filter {
        board
            .filter
            .draw_proposals(buffer, draw::row(line, 0), area, world);
    }
    if let Some(picker) = &board.picker {
        picker.menu.render(area, buffer, &world.look);
    }
    cursor
}

/// All columns with their counts, the one with the cursor in brackets.
fn strip(board: &Board, buffer: &mut Buffer, line: Rect, world: &World) {
    let look = &world.look;
    let texts = heads(board, line, world);
    let texts: Vec<(&str, Style)> = (0..)
        .zip(&texts)
        .map(|(at, text)| match at == board.focus {
            true => (text.as_str(), look.accent),
            false => (text.as_str(), look.dim),
        })
        .collect();
    draw::texts(buffer, line, &texts, look);
}

/// What the line with all columns says of each.
fn heads(board: &Board, line: Rect, world: &World) -> Vec<String> {
    let look = &world.look;
    let heads: Vec<(String, String)> = board
        .piles
        .iter()
        .map(|pile| (words::name(&pile.column), count(pile)))
        .collect();
    // The longest names are cut first.
    let taken = |most: usize| -> usize {
        let cells = heads
            .iter()
            .map(|(name, count)| (draw::cells(name), draw::cells(count)));
        cells.map(|(name, count)| name.min(most) + count + 3).sum()
    };
    let longest = heads.iter().map(|(name, _)| draw::cells(name)).max().unwrap_or(0);
    let fits = |most: &usize| taken(*most) <= usize::from(line.width);
    let most = (2..=longest).rev().find(fits).unwrap_or(2);
    heads
        .iter()
        .enumerate()
        .map(|(at, (name, count))| {
            let name = draw::fit(name, most, look);
            match at == board.focus {
                true => format!("[{name} {count}]"),
                false => format!(" {name} {count} "),
            }
        })
        .collect()
}

/// The column whose name stands in this cell of the line with all of them.
pub(super) fn head_at(board: &Board, line: Rect, x: u16, world: &World) -> Option<usize> {
    let wanted = usize::from(x.checked_sub(line.x)?);
    let mut end = 0;
    heads(board, line, world).iter().position(|text| {
        end += draw::cells(text);
        wanted < end
    })
}

/// How many deals are in a column, as far as that is known.
fn count(pile: &Pile) -> String {
    match pile.total() {
        Some(total) => number::many(u64::try_from(total).unwrap_or(u64::MAX)),
        None => format!("{}+", pile.cards().len()),
    }
}

/// Total and weighted total of a column; empty where they are not known.
fn note(board: &Board, pile: &Pile, room: u16, world: &World) -> String {
    let Some(totals) = pile.column.totals.filter(|totals| totals.deals > 0) else {
        return String::new();
    };
    let about = foot::about(board, pile.cards(), totals.no_rate, world);
    let amount = number::money_short(totals.amount);
    let both = format!(
        "{about}{amount} {} {}",
        world.look.symbols.arrow,
        number::money_short(totals.weighted)
    );
    match draw::cells(&both) <= usize::from(room.saturating_sub(4)) {
        true => both,
        false => format!("{about}{amount}"),
    }
}

/// A column with its border.
fn wide(board: &Board, pile: &Pile, at: usize, buffer: &mut Buffer, place: Rect, world: &World) {
    let look = &world.look;
    let count = count(pile);
    let room = usize::from(place.width).saturating_sub(draw::cells(&count) + 5);
    let name = words::name(&pile.column);
    let target = board.held.as_ref().is_some_and(|held| held.is_over(at));
    let sign = if target { look.symbols.more } else { "" };
    let name = draw::fit(&name, room, look);
    let pane = Pane {
        title: &format!("{sign}{name} {count}"),
        note: &note(board, pile, place.width, world),
        focused: at == board.focus,
    };
    pane.draw(buffer, place, look);
    cards(board, pile, at == board.focus, buffer, place, false, world);
}

/// A column that fills a narrow terminal: a line with its name, a rule, the cards.
fn narrow(board: &Board, pile: &Pile, buffer: &mut Buffer, place: Rect, world: &World) {
    let look = &world.look;
    let at = format!("{}/{} ", board.focus + 1, board.piles.len());
    let head = draw::row(place, 0);
    let used = draw::text_right(buffer, head, &at, look.dim, look);
    let room = Rect {
        width: head.width.saturating_sub(used + 1),
        ..head
    };
    let name = words::name(&pile.column);
    let count = count(pile);
    let cells = usize::from(room.width).saturating_sub(draw::cells(&count) + 6);
    let title = format!(" < {} {count} >", draw::fit(&name, cells, look));
    draw::text(buffer, room, &title, look.accent, look);
    let rule = look.symbols.line.repeat(usize::from(place.width));
    draw::text(buffer, draw::row(place, 1), &rule, look.border, look);
    cards(board, pile, true, buffer, place, true, world);
}

/// The cards of a column that are in sight, and how many are not.
fn cards(
    board: &Board,
    pile: &Pile,
    has_cursor: bool,
    buffer: &mut Buffer,
    place: Rect,
    is_narrow: bool,
    world: &World,
) {
    let look = &world.look;
    let slots = slots(place, is_narrow);
    let capacity = slots.capacity();
    if pile.is_empty() && board.sight.is_some() {
        draw::text(
            buffer,
            draw::row(slots.area(), 0),
            &format!(" {}", words::NO_DEALS),
            look.dim,
            look,
        );
        return;
    }
    for (at, (card, is_here)) in pile.visible(capacity).enumerate() {
        let drawn = card::Drawn {
            card,
            kind: pile.column.kind,
            by: board.by,
            is_here: is_here && has_cursor,
            is_marked: board.marked.iter().any(|link| link.id == card.deal.id),
        };
        drawn.draw(buffer, slots.place(at), is_narrow, world);
    }
    let (above, below) = pile.hidden(capacity);
    if let Some(text) = words::hidden(above, below, look.symbols.cut) {
        draw::text(buffer, slots.more(), &format!(" {text}"), look.dim, look);
    }
}

/// What is said where there is no card at all.
fn instead(board: &Board, world: &World) -> Option<(String, Style)> {
    let look = &world.look;
    if let Some(error) = &board.error {
        let refresh = world.keymap.key(Action::Refresh);
        return Some((words::error(error, &refresh), look.error));
    }
    let sight = board.sight.as_ref()?;
    if board.piles.iter().any(|pile| !pile.is_empty()) {
        return None;
    }
    if !board.filter.is_empty() {
        return Some((words::nothing_fits(&board.filter.text()), look.text));
    }
    let name = label(&sight.pipeline.labels, &sight.pipeline.key);
    let new = world.keymap.key(Action::New);
    Some((words::empty(name, &new), look.text))
}

/// Where that is said: over the columns, or where they would be.
fn sentence(area: Rect, places: &Places) -> Rect {
    let columns = places.columns.first().map(|(_, place)| *place);
    let place = columns.unwrap_or(area);
    let row = if places.columns.is_empty() {
        1
    } else {
        place.height / 2
    };
    let line = draw::row(place, row);
    let inset = u16::from(!places.columns.is_empty() && !places.is_narrow);
    Rect {
        x: area.x + inset,
        width: area.width.saturating_sub(2 * inset),
        ..line
    }
}

/// What the columns of this board are, for the line of figures.
pub(super) fn grouping(by: By) -> &'static str {
    words::by(by)
}
