//! The figures of the whole board.

use crm::ops::board::Card;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::text::number;
use crate::tui::component::draw;
use crate::tui::page::board::{Board, view, words};
use crate::tui::query::board::label;
use crate::tui::world::World;

/// The sign before a sum that is not exact, because amounts of another currency are in it or missing from it.
pub(super) fn about<'w>(board: &Board, cards: &[Card], no_rate: i64, world: &'w World) -> &'w str {
    let base = board.sight.as_ref().map(|sight| sight.currency);
    let is_foreign = |card: &Card| card.amount.is_some_and(|amount| Some(amount.currency) != base);
    match no_rate > 0 || cards.iter().any(is_foreign) {
        true => world.look.symbols.about,
        false => "",
    }
}

pub(super) fn draw(board: &Board, buffer: &mut Buffer, area: Rect, is_narrow: bool, world: &World) {
    match is_narrow {
        true => narrow(board, buffer, area, world),
        false => wide(board, buffer, area, world),
    }
}

fn wide(board: &Board, buffer: &mut Buffer, line: Rect, world: &World) {
    let look = &world.look;
    let right = shown(board);
    let used = draw::text_right(buffer, line, &format!("{right} "), look.dim, look);
    let room = Rect {
        width: line.width.saturating_sub(used + 1),
        ..line
    };
    let mut texts: Vec<(String, Style)> = Vec::new();
    if !board.marked.is_empty() {
        texts.push((format!(" {} marked ", board.marked.len()), look.marked));
    }
    if let Some(figures) = &board.figures {
        let all = &figures.all;
        let about = about_all(board, world);
        let mut facts = vec![
            format!("{} open", number::grouped(all.deals)),
            format!("total {about}{}", number::money_short(all.amount)),
            format!("weighted {about}{}", number::money_short(all.weighted)),
            format!("due this month {about}{}", number::money_short(figures.due)),
        ];
        let without_amount = all.no_amount - all.no_rate;
        if all.no_rate > 0 {
            facts.push(format!("{} without rate", number::grouped(all.no_rate)));
        }
        if without_amount > 0 {
            facts.push(format!("{} without amount", number::grouped(without_amount)));
        }
        // What does not fit is left out as a whole, so that no figure is cut.
        let mut left = usize::from(room.width).saturating_sub(texts.iter().map(|(text, _)| text.len()).sum());
        for fact in facts {
            let cells = draw::cells(&fact) + 2;
            if cells > left {
                break;
            }
            left -= cells;
            texts.push((format!(" {fact} "), look.text));
        }
    }
    let texts: Vec<(&str, Style)> = texts
        .iter()
        .map(|(text, style)| (text.as_str(), *style))
        .collect();
    draw::texts(buffer, room, &texts, look);
}

fn about_all<'w>(board: &Board, world: &'w World) -> &'w str {
    let no_rate = board.figures.as_ref().map_or(0, |figures| figures.all.no_rate);
    let piles = board.piles.iter();
    let signs = piles.map(|pile| about(board, pile.cards(), no_rate, world));
    signs.max_by_key(|sign| sign.len()).unwrap_or_default()
}

fn narrow(board: &Board, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let line = |what: &str, about: &str, amount, weighted| {
        format!(
            " {what:<5} {about}{:<9} weighted {about}{}",
            number::money_short(amount),
            number::money_short(weighted)
        )
    };
    let pile = board.pile();
    if let Some((pile, totals)) = pile.and_then(|pile| Some((pile, pile.column.totals?))) {
        let what = words::dimension(board.by);
        let about = about(board, pile.cards(), totals.no_rate, world);
        let text = line(what, about, totals.amount, totals.weighted);
        draw::text(buffer, draw::row(area, 0), &text, look.text, look);
    }
    if let Some(figures) = &board.figures {
        let all = figures.all;
        let text = line("all", about_all(board, world), all.amount, all.weighted);
        draw::text(buffer, draw::row(area, 1), &text, look.dim, look);
    }
}

/// The pipeline and what its columns are.
fn shown(board: &Board) -> String {
    let by = view::grouping(board.by);
    let Some(sight) = board.sight.as_ref().filter(|sight| sight.pipelines.len() > 1) else {
        return by.to_owned();
    };
    let name = label(&sight.pipeline.labels, &sight.pipeline.key);
    format!("{name}, {by}")
}
