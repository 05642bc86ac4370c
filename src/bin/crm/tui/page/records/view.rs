//! How a list and its detail are drawn.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::{display, number};
use crate::tui::component::draw;
use crate::tui::component::pane::Pane;
use crate::tui::component::table::{Column, Row, Table};
use crate::tui::page::records::Records;
use crate::tui::page::sheet;
use crate::tui::world::World;

/// Where the rows stand when this page fills `world`.
pub(super) fn list_area(world: &World) -> Rect {
    let area = Rect {
        height: world.area.height.saturating_sub(2),
        ..world.area
    };
    rows_area(panes(area, world).0)
}

/// The list, and the detail where there is room for it.
fn panes(area: Rect, world: &World) -> (Rect, Option<Rect>) {
    if !world.preview || !world.is_wide() {
        return (area, None);
    }
    let width = area.width * 45 / 100;
    let list = Rect { width, ..area };
    (list, Some(draw::right_of(area, width)))
}

/// Inside the border, below the header.
fn rows_area(list: Rect) -> Rect {
    draw::below(Pane::inner(list), 1)
}

pub(super) fn draw(page: &Records, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
    let (list, detail) = panes(area, world);
    let buffer = frame.buffer_mut();
    self::list(page, buffer, list, world);
    if let Some(detail) = detail {
        let pane = Pane {
            title: "Detail",
            ..Pane::default()
        };
        let inner = pane.draw(buffer, detail, &world.look);
        if let Some(sheet) = &page.sheet {
            sheet::draw(sheet, buffer, inner, page.scroll, world);
        }
    }
    None
}

fn list(page: &Records, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let total = page.rows.total.map(number::many);
    let place = page.rows.place().map(number::many);
    let note = match (place, &total) {
        (Some(place), Some(total)) => format!("{place} of {total}"),
        _ => String::new(),
    };
    let pane = Pane {
        title: &format!("{} {}", page.title, total.unwrap_or_default()),
        note: &note,
        focused: true,
    };
    let inner = pane.draw(buffer, area, look);
    if let Some(error) = &page.error {
        draw::text(buffer, draw::row(inner, 0), error, look.error, look);
        return;
    }
    if page.rows.is_empty() {
        let text = match page.rows.read {
            true => "nothing here yet; n adds one",
            false => "",
        };
        draw::text(buffer, draw::row(inner, 0), text, look.dim, look);
        return;
    }
    let height = usize::from(inner.height.saturating_sub(1));
    let columns: Vec<Column> = page
        .rows
        .columns
        .iter()
        .map(|(name, kind)| Column {
            head: name.replace('_', " "),
            right: display::is_right(*kind),
        })
        .collect();
    let shown = || page.rows.visible(height);
    let rows: Vec<Row> = shown()
        .map(|(_, row, _)| {
            let cells = page.rows.columns.iter().zip(&row.values);
            let cells = cells.map(|((_, kind), value)| display::cell(value, *kind, world.clock()));
            Row {
                cells: cells.collect(),
                is_marked: page.marked.iter().any(|link| link.id == row.id),
                is_dim: false,
            }
        })
        .collect();
    let table = Table {
        columns: &columns,
        rows: &rows,
        cursor: shown().position(|(_, _, here)| here),
        wide: 1,
    };
    table.draw(buffer, inner, look);
}
