//! How a report is drawn: the field that is typed in, the drawing, the table, what did not fit into it, the definition.

use crm::report::Report;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::cut;
use crate::tui::action::Action;
use crate::tui::component::draw;
use crate::tui::component::pane::Pane;
use crate::tui::component::table::{Row, Table};
use crate::tui::page::report::asked::Asked;
use crate::tui::page::report::drawing::Drawing;
use crate::tui::page::report::grid::Grid;
use crate::tui::page::report::{ReportPage, title_of, typing, words};
use crate::tui::world::World;

/// From so many columns on the drawing stands beside the table.
const BESIDE: u16 = 120;
/// From so many rows on there is room for a drawing above the table.
const ABOVE: u16 = 12;
/// The cells that a figure with its name mostly takes.
const FIGURE: u16 = 28;

/// Where the parts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Parts {
    typing: Rect,
    chart: Rect,
    table: Rect,
    /// What did not fit into the table, of the row under the cursor.
    strip: Rect,
    foot: Rect,
}

/// Where the page is drawn when it fills `world`.
fn whole(world: &World) -> Rect {
    Rect {
        y: 1,
        height: world.area.height.saturating_sub(2),
        ..world.area
    }
}

/// Inside the border; on a narrow screen below the title.
fn inner(area: Rect, world: &World) -> Rect {
    match world.is_narrow() {
        true => draw::below(area, 1),
        false => Pane::inner(area),
    }
}

fn parts(page: &ReportPage, area: Rect, world: &World) -> Parts {
    let inner = inner(area, world);
    let is_typing = page
        .typing
        .as_ref()
        .is_some_and(|typing| typing.field().is_some());
    let typing = Rect {
        height: inner.height.min(if is_typing { 2 } else { 0 }),
        ..inner
    };
    let body = draw::below(inner, typing.height);
    let Some((asked, report)) = &page.shown else {
        return Parts {
            typing,
            table: body,
            ..Parts::default()
        };
    };
    let lines = foot(asked, report, usize::from(body.width), world).len();
    let most = match body.height {
        ..8 => 0,
        8..12 => 1,
        height => (height / 5).max(2),
    };
    let (body, foot) = split_bottom(body, u16::try_from(lines).unwrap_or(most).min(most));
    let drawing = Drawing::of(report, page.cursor, world.clock());
    let drawing = drawing.filter(|_| world.preview && !world.is_narrow());
    let is_beside = body.width >= BESIDE;
    let (body, chart) = match drawing {
        Some(_) if is_beside => {
            let width = body.width * 3 / 5;
            let chart = draw::right_of(body, width + 2);
            (Rect { width, ..body }, chart)
        }
        Some(drawing) if body.height >= ABOVE => {
            let wanted = u16::try_from(drawing.height()).unwrap_or(u16::MAX);
            let height = wanted.min(body.height * 2 / 5);
            (draw::below(body, height + 1), Rect { height, ..body })
        }
        _ => (body, Rect::default()),
    };
    let strip = match (hidden(report, page, body, world).len(), world.is_narrow()) {
        (_, true) => 3,
        (0, _) => 0,
        (hidden, _) => {
            let beside = (body.width / FIGURE).max(1);
            u16::try_from(hidden).unwrap_or(u16::MAX).div_ceil(beside).min(4)
        }
    };
    let strip = if body.height > strip + 4 { strip } else { 0 };
    let (table, strip) = split_bottom(body, strip);
    Parts {
        typing,
        chart,
        table,
        strip,
        foot,
    }
}

/// The last rows of an area, and what is above them.
fn split_bottom(area: Rect, rows: u16) -> (Rect, Rect) {
    let rows = rows.min(area.height);
    let above = Rect {
        height: area.height - rows,
        ..area
    };
    (above, draw::below(area, above.height))
}

/// How many lines of the table are drawn.
fn lines(table: Rect, world: &World) -> usize {
    let height = usize::from(table.height);
    match world.is_narrow() {
        true => height / 2,
        false => height.saturating_sub(1),
    }
}

/// The same where the page fills `world`.
pub(super) fn height(page: &ReportPage, world: &World) -> usize {
    lines(parts(page, whole(world), world).table, world)
}

/// The first line that is drawn, so that the cursor is seen.
pub(super) fn top(page: &ReportPage, world: &World) -> usize {
    top_for(page, height(page, world))
}

fn top_for(page: &ReportPage, height: usize) -> usize {
    let len = page.grid().map_or(0, Grid::len);
    let least = (page.cursor + 1).saturating_sub(height.max(1));
    page.top
        .min(page.cursor)
        .max(least)
        .min(len.saturating_sub(height))
}

/// How far the definition is scrolled, by so many lines from where it is.
pub(super) fn scrolled(page: &ReportPage, world: &World, by: isize) -> usize {
    let area = parts(page, whole(world), world).foot;
    let lines = page.shown.as_ref().map_or(0, |(asked, report)| {
        foot(asked, report, usize::from(area.width), world).len()
    });
    let last = lines.saturating_sub(usize::from(area.height));
    page.scroll.saturating_add_signed(by).min(last)
}

/// The line of the table at a place of the screen.
pub(super) fn line_at(page: &ReportPage, area: Rect, world: &World, place: Position) -> Option<usize> {
    let table = parts(page, area, world).table;
    let rows = match world.is_narrow() {
        true => table,
        false => draw::below(table, 1),
    };
    if !rows.contains(place) {
        return None;
    }
    let row = usize::from(place.y - rows.y);
    let at = if world.is_narrow() { row / 2 } else { row };
    let line = top_for(page, lines(table, world)) + at;
    (line < page.grid().map_or(0, Grid::len)).then_some(line)
}

/// The item of the open menu at a place of the screen.
pub(super) fn menu_item(page: &ReportPage, area: Rect, world: &World, place: Position) -> Option<usize> {
    let menu = page.typing.as_ref()?.menu()?;
    let mut elsewhere = Buffer::empty(area);
    let items = menu.render(area, &mut elsewhere, &world.look);
    let hit = items.into_iter().find(|(rect, _)| rect.contains(place));
    hit.map(|(_, number)| number)
}

pub(super) fn draw(page: &ReportPage, buffer: &mut Buffer, area: Rect, world: &World) -> Option<Position> {
    let look = &world.look;
    let title = match (&page.asked, &page.shown) {
        (_, Some((asked, report))) => title_of(asked, report, world),
        (Some(asked), None) => asked.entry.name.to_owned(),
        (None, None) => String::new(),
    };
    let len = page.grid().map_or(0, Grid::len);
    if world.is_narrow() {
        draw::text(buffer, draw::row(area, 0), &title, look.accent, look);
    } else {
        let note = match len {
            0 => String::new(),
            len => format!("{} of {len}", page.cursor + 1),
        };
        let pane = Pane {
            title: &title,
            note: &note,
            focused: true,
        };
        pane.draw(buffer, area, look);
    }
    let parts = parts(page, area, world);
    let cursor = field(page, buffer, parts.typing, world);
    if let Some(error) = &page.error {
        for (row, line) in (0..parts.table.height).zip(cut::wrap(error, usize::from(parts.table.width))) {
            draw::text(buffer, draw::row(parts.table, row), &line, look.error, look);
        }
    } else if let Some((asked, report)) = &page.shown {
        match len {
            0 => empty(asked, buffer, parts.table, world),
            _ => table(page, report, buffer, parts, world),
        }
        let foot = foot(asked, report, usize::from(parts.foot.width), world);
        for (row, line) in (0..parts.foot.height).zip(foot.iter().skip(page.scroll)) {
            draw::text(buffer, draw::row(parts.foot, row), line, look.dim, look);
        }
    }
    if let Some(menu) = page.typing.as_ref().and_then(typing::Typing::menu) {
        menu.render(area, buffer, look);
    }
    cursor
}

/// The field that is typed in, and below it what its text means.
fn field(page: &ReportPage, buffer: &mut Buffer, area: Rect, world: &World) -> Option<Position> {
    let look = &world.look;
    let (name, input) = page.typing.as_ref()?.field()?;
    let row = draw::row(area, 0);
    let used = draw::text(buffer, row, &format!("{name}: "), look.title, look);
    let cursor = input.render(draw::right_of(row, used), buffer, look);
    let said = match (&page.problem, &page.typing) {
        (Some(problem), _) => Err(problem.clone()),
        (None, Some(typing::Typing::Period(input))) => typing::answer(&input.text(), world),
        _ => Ok(words::KEEP.to_owned()),
    };
    let (text, style) = match &said {
        Ok(text) => (text, look.dim),
        Err(text) => (text, look.error),
    };
    draw::text(buffer, draw::row(area, 1), text, style, look);
    cursor
}

fn empty(asked: &Asked, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let text = match asked.filters.is_empty() {
        true => words::EMPTY.to_owned(),
        false => words::nothing_under(&asked.filters.join(" "), &world.keymap.key(Action::Back)),
    };
    draw::text(buffer, draw::row(area, 0), &text, look.dim, look);
}

/// The drawing, the rows that are seen, and the figures of the one under the cursor that are not.
fn table(page: &ReportPage, report: &Report, buffer: &mut Buffer, parts: Parts, world: &World) {
    let look = &world.look;
    let height = lines(parts.table, world);
    let top = top_for(page, height);
    if !parts.chart.is_empty()
        && let Some(drawing) = Drawing::of(report, page.cursor, world.clock())
    {
        drawing.draw(top, parts.chart, buffer, look);
    }
    let grid = Grid::of(report);
    if world.is_narrow() {
        narrow(page, grid, buffer, (parts.table, top), world);
    } else {
        let rows: Vec<Row> = visible(grid, top, height, world);
        let columns = grid.columns();
        let table = Table {
            columns: &columns,
            rows: &rows,
            cursor: page.cursor.checked_sub(top),
            wide: 0,
        };
        table.draw(buffer, parts.table, look);
    }
    let figures = strip(page, report, parts, world);
    let lines = cut::wrap(&figures, usize::from(parts.strip.width.saturating_sub(1)));
    for (row, line) in (0..parts.strip.height).zip(lines) {
        draw::text(buffer, draw::row(parts.strip, row), &line, look.text, look);
    }
}

/// Draws a report in small: its drawing, as much of its table as fits, and how it is defined.
pub(crate) fn sketch(asked: &Asked, report: &Report, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let foot = foot(asked, report, usize::from(area.width), world);
    let most = if area.height < 12 { 0 } else { area.height / 4 };
    let (body, below) = split_bottom(area, u16::try_from(foot.len()).unwrap_or(most).min(most));
    for (row, line) in (0..below.height).zip(&foot) {
        draw::text(buffer, draw::row(below, row), line, look.dim, look);
    }
    let grid = Grid::of(report);
    if grid.len() == 0 {
        return empty(asked, buffer, body, world);
    }
    let drawing = Drawing::of(report, 0, world.clock()).filter(|_| body.height >= 8);
    let chart = drawing.map_or(0, |drawing| {
        let height = u16::try_from(drawing.height()).unwrap_or(u16::MAX);
        let height = height.min(body.height / 2);
        drawing.draw(0, Rect { height, ..body }, buffer, look);
        height + 1
    });
    let area = draw::below(body, chart);
    let (columns, rows) = (grid.columns(), visible(grid, 0, usize::from(area.height), world));
    let table = Table {
        columns: &columns,
        rows: &rows,
        cursor: None,
        wide: 0,
    };
    table.draw(buffer, area, look);
}

fn visible(grid: Grid<'_>, top: usize, height: usize, world: &World) -> Vec<Row> {
    (top..grid.len().min(top + height))
        .map(|line| Row {
            cells: grid.cells(line, world),
            ..Row::default()
        })
        .collect()
}

/// Two lines for each row: what it is about and its last figure, and below the others.
fn narrow(page: &ReportPage, grid: Grid<'_>, buffer: &mut Buffer, (area, top): (Rect, usize), world: &World) {
    let look = &world.look;
    let columns = grid.columns();
    for (at, row) in visible(grid, top, usize::from(area.height) / 2, world)
        .iter()
        .enumerate()
    {
        let y = u16::try_from(at * 2).unwrap_or(u16::MAX);
        let is_here = top + at == page.cursor;
        let style = if is_here { look.selection } else { look.text };
        let first = draw::row(area, y);
        if is_here {
            draw::clear(buffer, first, style);
        }
        let sign = look.sign(is_here);
        let named = row.cells.iter().zip(&columns).skip(1);
        let figures: Vec<String> = named
            .map(|(cell, column)| match cell.is_empty() {
                true => String::new(),
                false => format!("{} {cell}", column.head),
            })
            .filter(|text| !text.is_empty())
            .collect();
        let name = row.cells.first().map(String::as_str).unwrap_or_default();
        let (main, others) = figures
            .split_first()
            .map_or(("", &[][..]), |(main, others)| (main.as_str(), others));
        let used = draw::text_right(buffer, first, main, style, look);
        let room = Rect {
            width: first.width.saturating_sub(used + 1),
            ..first
        };
        draw::texts(buffer, room, &[(sign, style), (name, style)], look);
        let second = draw::right_of(draw::row(area, y + 1), 2);
        draw::text(
            buffer,
            second,
            &others.join(&format!(" {} ", look.symbols.dot)),
            look.dim,
            look,
        );
    }
}

/// The columns that do not fit.
fn hidden(report: &Report, page: &ReportPage, area: Rect, world: &World) -> Vec<usize> {
    let grid = Grid::of(report);
    let columns = grid.columns();
    let height = usize::from(area.height);
    let rows = visible(grid, top_for(page, height), height, world);
    let table = Table {
        columns: &columns,
        rows: &rows,
        cursor: None,
        wide: 0,
    };
    table.hidden(area.width)
}

/// The figures of the row under the cursor that have no place in the table; on a narrow screen all.
fn strip(page: &ReportPage, report: &Report, parts: Parts, world: &World) -> String {
    if parts.strip.is_empty() {
        return String::new();
    }
    let grid = Grid::of(report);
    let cells = grid.cells(page.cursor, world);
    let columns = grid.columns();
    let hidden: Vec<usize> = match world.is_narrow() {
        true => (1..columns.len()).collect(),
        false => hidden(report, page, parts.table, world),
    };
    // On a narrow screen few figures stand in the row already.
    if world.is_narrow() && hidden.len() <= 2 {
        return String::new();
    }
    let figures: Vec<String> = hidden
        .into_iter()
        .filter_map(|at| Some((columns.get(at)?, cells.get(at)?)))
        .filter(|(_, cell)| !cell.is_empty())
        // A figure and its name are not parted at the end of a line.
        .map(|(column, cell)| format!("{} {cell}", column.head).replace(' ', "\u{a0}"))
        .collect();
    figures.join(&format!(" {} ", world.look.symbols.dot))
}

/// Of what the report speaks, and how its figures are defined.
fn foot(asked: &Asked, report: &Report, room: usize, world: &World) -> Vec<String> {
    let zone = world.clock().zone().clone();
    let mut facts = vec![format!(
        "as of {}",
        report.as_of.to_zoned(zone).strftime("%Y-%m-%d %H:%M")
    )];
    if !asked.filters.is_empty() {
        facts.push(format!("filter {}", report.filter));
    }
    facts.extend(
        report
            .left_out
            .iter()
            .map(|(reason, count)| format!("left out: {count} {reason}")),
    );
    let mut lines = cut::wrap(&facts.join("; "), room);
    lines.extend(cut::wrap(&report.definition, room));
    lines
}
