//! The table of a list: which columns it has where, what stands in its cells, and what is late.

use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::ops::window;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::text::display;
use crate::tui::component::draw;
use crate::tui::component::table::{Column, Row, Table};
use crate::tui::page::records::cells;
use crate::tui::page::records::list::List;
use crate::tui::page::records::rows::name_of;
use crate::tui::world::World;

/// Draws the rows of a list with their head; late days in their own style.
pub(crate) fn draw(
    list: &List,
    buffer: &mut Buffer,
    area: Rect,
    (has_cursor, marked): (bool, &dyn Fn(Id) -> bool),
    world: &World,
) {
    let height = usize::from(area.height.saturating_sub(1));
    let shown = shown(list, area.width, world);
    let (columns, wide) = columns(list, &shown, world);
    let rows = rows(list, &shown, height, marked, world);
    let cursor = list.rows.visible(height).position(|(_, _, here)| here);
    let table = Table {
        columns: &columns,
        rows: &rows,
        cursor: cursor.filter(|_| has_cursor),
        wide,
    };
    table.draw(buffer, area, &world.look);
    let sign = world.look.symbols.overdue;
    for (place, at) in table.places(draw::below(area, 1)) {
        let is_day = shown.get(at).and_then(|at| list.shown().get(*at));
        if !is_day.is_some_and(|(_, kind)| is_time(*kind)) {
            continue;
        }
        for (line, row) in (0..place.height).zip(&rows) {
            let is_late = row.cells.get(at).is_some_and(|cell| cell.starts_with(sign));
            if is_late && cursor != Some(usize::from(line)) {
                let cell = draw::row(place, line).intersection(buffer.area);
                buffer.set_style(cell, world.look.overdue);
            }
        }
    }
}

fn is_time(kind: FieldType) -> bool {
    matches!(kind, FieldType::Date | FieldType::Due | FieldType::Instant)
}

/// The column whose head stands at `x`: its name and type.
pub(super) fn column_at(list: &List, area: Rect, x: u16, world: &World) -> Option<(String, FieldType)> {
    let shown = shown(list, area.width, world);
    let (columns, wide) = columns(list, &shown, world);
    let height = usize::from(area.height.saturating_sub(1));
    let rows = rows(list, &shown, height, &|_| false, world);
    let table = Table {
        columns: &columns,
        rows: &rows,
        cursor: None,
        wide,
    };
    let places = table.places(area);
    let found = places
        .iter()
        .find(|(place, _)| (place.left()..place.right()).contains(&x));
    let at = found.and_then(|(_, at)| shown.get(*at))?;
    list.shown().get(*at).cloned()
}

/// The columns that are drawn, by their places in the rows.
fn shown(list: &List, width: u16, world: &World) -> Vec<usize> {
    if world.is_narrow() {
        return cells::few(list.noun, list.shown());
    }
    let least = cells::least_with_refs(list.noun);
    let is_ref = |at: &usize| {
        let column = list.shown().get(*at);
        column.is_some_and(|(_, kind)| *kind == FieldType::Ref)
    };
    let all = 0..list.shown().len();
    all.filter(|at| width >= least || !is_ref(at)).collect()
}

/// The columns of the table, each by its place in the rows, and which of them takes the rest.
fn columns(list: &List, shown: &[usize], world: &World) -> (Vec<Column>, usize) {
    let symbols = world.look.symbols;
    let named = |at: &usize| list.shown().get(*at);
    let columns = shown.iter().filter_map(named).map(|(name, kind)| {
        let arrow = match list.order(name) {
            Some(true) => format!(" {}", symbols.down),
            Some(false) => format!(" {}", symbols.up),
            None => String::new(),
        };
        Column {
            head: format!("{}{arrow}", cells::head(list.noun, name)),
            right: display::is_right(*kind),
            cut: matches!(
                (kind, list.noun),
                (FieldType::Link(_), _) | (FieldType::Text, Noun::Task)
            ),
        }
    });
    let name = name_of(list.noun);
    let is_name = |at: &usize| named(at).is_some_and(|(known, _)| known == name);
    (columns.collect(), shown.iter().position(is_name).unwrap_or(0))
}

/// The rows that are drawn.
fn rows<'l>(
    list: &'l List,
    shown: &[usize],
    height: usize,
    mark: &dyn Fn(Id) -> bool,
    world: &World,
) -> Vec<Row> {
    let columns = &list.rows.columns;
    let at = columns.iter().position(|(name, _)| name == "status");
    let known = |row: &'l window::Row| at.and_then(|at| row.values.get(at));
    // What is due of anything else is due as long as the day stands there.
    let can_end = matches!(list.noun, Noun::Task | Noun::Deal);
    let is_open = |row| !can_end || known(row).is_none_or(|status| *status == Value::text("open"));
    let status = |row| known(row).unwrap_or(&Value::Null);
    let visible = list.rows.visible(height);
    visible
        .map(|(_, row, _)| {
            let cell = |at: &usize| {
                let ((name, kind), value) = (columns.get(*at)?, row.values.get(*at)?);
                if list.noun == Noun::Ticket && name == "due_at" {
                    let late = cells::is_over(value, world.clock());
                    let sign = late.then_some(world.look.symbols.overdue);
                    return Some(cells::time_left(value, status(row), sign, world.clock()));
                }
                let late = cells::is_late(name, value, world.clock()) && is_open(row);
                let sign = late.then_some(world.look.symbols.overdue);
                Some(cells::cell(value, *kind, sign, world.clock()))
            };
            Row {
                cells: shown.iter().filter_map(cell).collect(),
                is_marked: mark(row.id),
                is_dim: list.rows.is_ghost(row) || (list.noun == Noun::Task && !is_open(row)),
            }
        })
        .collect()
}
