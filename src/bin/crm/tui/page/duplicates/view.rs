//! The page of duplicates as it is drawn: the pairs above, the two under the cursor below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::tui::component::draw;
use crate::tui::component::sides::Sides;
use crate::tui::component::table::{Column, Row, Table};
use crate::tui::modal::merge::shown;
use crate::tui::page::duplicates::read::Double;
use crate::tui::page::duplicates::{Duplicates, key};
use crate::tui::page::records::view as panes;
use crate::tui::world::World;

/// The pairs, and the two under the cursor.
fn split(area: Rect) -> (Rect, Rect) {
    let height = (area.height * 2 / 5).max(5).min(area.height);
    let list = Rect { height, ..area };
    (list, draw::below(area, height))
}

/// Where the rows of the list stand.
pub(super) fn rows(area: Rect, world: &World) -> Rect {
    draw::below(panes::inside(split(area).0, world), 1)
}

/// How many pairs are seen at once.
pub(super) fn list_height(area: Rect, world: &World) -> usize {
    usize::from(rows(area, world).height)
}

/// How many fields are seen at once.
pub(super) fn sides_height(area: Rect, world: &World) -> usize {
    let inner = panes::inside(split(area).1, world);
    usize::from(inner.height.saturating_sub(2))
}

impl Duplicates {
    pub(super) fn draw_all(&self, buffer: &mut Buffer, area: Rect, world: &World) {
        let (list, sides) = split(area);
        self.draw_pairs(buffer, list, world);
        self.draw_sides(buffer, sides, world);
    }

    fn draw_pairs(&self, buffer: &mut Buffer, pane: Rect, world: &World) {
        let look = &world.look;
        let title = match self.total {
            0 => "Duplicates".to_owned(),
            total => format!("Duplicates {total}"),
        };
        let place = match self.pairs.is_empty() {
            true => String::new(),
            false => format!("{} of {}", self.cursor + 1, self.pairs.len()),
        };
        let inner = panes::frame(buffer, pane, (&title, &place, true), world);
        let told = match (&self.error, self.is_read, self.pairs.is_empty()) {
            (Some(error), ..) => Some((error.as_str(), look.error)),
            (None, true, true) => Some(("Nobody is here twice, as far as can be told", look.good)),
            (None, false, _) => Some(("Comparing everybody with everybody …", look.dim)),
            _ => None,
        };
        if let Some((text, style)) = told {
            draw::text(buffer, draw::row(inner, 0), text, style, look);
            return;
        }
        let column = |head: &str, right, cut| Column {
            head: head.to_owned(),
            right,
            cut,
        };
        let columns = [
            column("sure", true, false),
            column("one", false, true),
            column("other", false, true),
            column("why", false, false),
        ];
        let height = usize::from(inner.height.saturating_sub(1));
        let shown = self.pairs.iter().skip(self.top).take(height);
        let rows: Vec<Row> = shown.map(|pair| self.row(pair)).collect();
        let table = Table {
            columns: &columns,
            rows: &rows,
            cursor: self.cursor.checked_sub(self.top).filter(|at| *at < height),
            wide: if world.is_narrow() { 1 } else { 3 },
        };
        table.draw(buffer, inner, look);
    }

    fn row(&self, pair: &Double) -> Row {
        let named = |link: &crm::domain::value::Link| format!("{} {}", link.name, link.reference());
        Row {
            cells: vec![
                format!("{} %", pair.score),
                named(&pair.one),
                named(&pair.other),
                pair.why.clone(),
            ],
            is_marked: false,
            is_dim: self.skipped.contains(&key(pair)),
        }
    }

    fn draw_sides(&self, buffer: &mut Buffer, pane: Rect, world: &World) {
        let look = &world.look;
        let title = match self.both() {
            Some((winner, _)) => format!("{} {} stays", winner.reference(), winner.name),
            None => String::new(),
        };
        let (Some(preview), Some(pair)) = (self.shown(), self.here()) else {
            panes::frame(buffer, pane, (&title, "", false), world);
            return;
        };
        let moves = shown::moves(preview);
        let inner = panes::frame(buffer, pane, (&title, &moves, false), world);
        let (last, above) = draw::split_last(inner);
        let (heads, rows) = shown::sides(preview, world);
        let sides = Sides {
            heads: &heads,
            rows: &rows,
            top: self.scroll.min(rows.len().saturating_sub(1)),
            cursor: None,
        };
        sides.draw(buffer, above, look);
        match &preview.obstacle {
            Some(obstacle) => draw::text(buffer, last, obstacle, look.warning, look),
            None => draw::text(buffer, last, &pair.why, look.dim, look),
        };
    }
}
