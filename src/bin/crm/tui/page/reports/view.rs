//! How the overview is drawn.

use crm::report::Entry;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::cut;
use crate::tui::component::draw;
use crate::tui::component::pane::Pane;
use crate::tui::page::report::asked::Asked;
use crate::tui::page::report::{title_of, view};
use crate::tui::page::reports::charts::Chart;
use crate::tui::page::reports::{Answered, Reports, words};
use crate::tui::world::World;

/// From so many columns and rows on there are the four drawings.
const WIDE: u16 = 100;
const HIGH: u16 = 22;
/// From so many rows on the report in small stands below the list of a screen that is not wide.
const BELOW: u16 = 28;
/// The cells of a name in the list.
const NAME: u16 = 18;

/// The fewest cells in which a part of a sentence helps.
const SENTENCE: u16 = 24;

/// What was clicked on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hit {
    /// The report with this place in the list.
    Entry(usize),
    Chart(Chart),
}

/// Where the parts are.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    list: Rect,
    preview: Rect,
    charts: [Rect; 4],
}

/// Whether the drawings are shown.
pub(super) fn has_charts(world: &World) -> bool {
    world.area.width >= WIDE && world.area.height >= HIGH
}

/// Whether the chosen report is shown in small.
pub(super) fn has_preview(world: &World) -> bool {
    let area = Rect {
        height: world.area.height.saturating_sub(2),
        ..world.area
    };
    !parts(area, world).preview.is_empty()
}

fn parts(area: Rect, world: &World) -> Parts {
    let upper = |height: u16| Rect {
        height: height.min(area.height),
        ..area
    };
    // The list with its border and the line of the filter.
    let whole = u16::try_from(crm::report::REPORTS.len())
        .unwrap_or(u16::MAX)
        .saturating_add(3);
    if has_charts(world) {
        let width = (area.width * 3 / 10).clamp(30, 60);
        let left = Rect { width, ..area };
        let rest = draw::right_of(area, width);
        let (half, top) = (rest.width / 2, rest.height / 2);
        let above = Rect { height: top, ..rest };
        let below = draw::below(rest, top);
        let pair = |row: Rect| [Rect { width: half, ..row }, draw::right_of(row, half)];
        let ([one, two], [three, four]) = (pair(above), pair(below));
        let has_preview = world.preview && area.height >= whole + 8;
        let list = if has_preview {
            Rect {
                height: whole,
                ..left
            }
        } else {
            left
        };
        return Parts {
            list,
            preview: if has_preview {
                draw::below(left, whole)
            } else {
                Rect::default()
            },
            charts: [one, two, three, four],
        };
    }
    if !world.preview {
        return Parts {
            list: area,
            ..Parts::default()
        };
    }
    if world.is_wide() {
        let width = (area.width / 3).max(26);
        return Parts {
            list: Rect { width, ..area },
            preview: draw::right_of(area, width),
            ..Parts::default()
        };
    }
    if !world.is_narrow() && area.height >= BELOW - 2 {
        let height = (area.height / 2).min(whole);
        return Parts {
            list: upper(height),
            preview: draw::below(area, height),
            ..Parts::default()
        };
    }
    Parts {
        list: area,
        ..Parts::default()
    }
}

/// Where the reports are listed.
fn rows(page: &Reports, list: Rect, world: &World) -> Rect {
    let inner = inner(list, world);
    let rows = match page.is_typing || !page.filter.is_empty() {
        true => draw::below(inner, 1),
        false => inner,
    };
    Rect {
        height: rows.height.saturating_sub(help(list, world).height),
        ..rows
    }
}

/// Where a narrow screen says what the chosen report answers.
fn help(list: Rect, world: &World) -> Rect {
    let rows = if world.is_narrow() && list.height >= 8 {
        2
    } else {
        0
    };
    draw::below(list, list.height.saturating_sub(rows))
}

fn inner(list: Rect, world: &World) -> Rect {
    match world.is_narrow() {
        true => draw::below(list, 1),
        false => Pane::inner(list),
    }
}

/// The first report that is drawn.
fn top(page: &Reports, height: u16) -> usize {
    (page.cursor + 1).saturating_sub(usize::from(height.max(1)))
}

/// What is at a place of the screen.
pub(super) fn hit(page: &Reports, area: Rect, world: &World, place: Position) -> Option<Hit> {
    let parts = parts(area, world);
    let rows = rows(page, parts.list, world);
    if rows.contains(place) {
        let at = top(page, rows.height) + usize::from(place.y - rows.y);
        return (at < page.entries().len()).then_some(Hit::Entry(at));
    }
    let mut charts = parts.charts.into_iter().zip(Chart::ALL);
    let found = charts.find(|(rect, _)| rect.contains(place));
    found.map(|(_, chart)| Hit::Chart(chart))
}

pub(super) fn draw(page: &Reports, buffer: &mut Buffer, area: Rect, world: &World) -> Option<Position> {
    let parts = parts(area, world);
    let entries = page.entries();
    let cursor = list(page, &entries, buffer, parts.list, world);
    if !parts.preview.is_empty()
        && let Some(entry) = page.entry()
    {
        preview(page, entry, buffer, parts.preview, world);
    }
    for (place, chart) in parts.charts.into_iter().zip(Chart::ALL) {
        if place.is_empty() {
            continue;
        }
        let pane = Pane {
            title: chart.title(),
            focused: page.focus == Some(chart),
            ..Pane::default()
        };
        let inner = pane.draw(buffer, place, &world.look);
        match page.chart(chart) {
            Some(Ok(reports)) => chart.draw(reports, inner, buffer, world),
            Some(Err(error)) => failure(error, buffer, inner, world),
            None => {}
        }
    }
    cursor
}

fn list(
    page: &Reports,
    entries: &[&Entry],
    buffer: &mut Buffer,
    area: Rect,
    world: &World,
) -> Option<Position> {
    let look = &world.look;
    let title = format!("{} {}", words::REPORTS, entries.len());
    if world.is_narrow() {
        draw::text(buffer, draw::row(area, 0), &title, look.accent, look);
    } else {
        let pane = Pane {
            title: &title,
            focused: page.focus.is_none(),
            ..Pane::default()
        };
        pane.draw(buffer, area, look);
    }
    let inner = inner(area, world);
    let rows = rows(page, area, world);
    let mut cursor = None;
    if rows.y > inner.y {
        let row = draw::row(inner, 0);
        let used = draw::text(buffer, row, words::FILTER, look.title, look);
        let field = page.filter.render(draw::right_of(row, used), buffer, look);
        cursor = field.filter(|_| page.is_typing);
    }
    if entries.is_empty() {
        for (row, line) in (0..rows.height).zip(cut::wrap(words::NONE_FITS, usize::from(rows.width))) {
            draw::text(buffer, draw::row(rows, row), &line, look.dim, look);
        }
        return cursor;
    }
    let below = help(area, world);
    let chosen = page.entry().map_or("", |entry| entry.help);
    for (row, line) in (0..below.height).zip(cut::wrap(chosen, usize::from(below.width))) {
        draw::text(buffer, draw::row(below, row), &line, look.dim, look);
    }
    let top = top(page, rows.height);
    for (y, (at, entry)) in (0..rows.height).zip(entries.iter().enumerate().skip(top)) {
        let row = draw::row(rows, y);
        let is_here = at == page.cursor;
        let style = if is_here { look.selection } else { look.text };
        if is_here {
            draw::clear(buffer, row, style);
        }
        let sign = look.sign(is_here);
        draw::texts(buffer, row, &[(sign, style), (entry.name, style)], look);
        let help = draw::right_of(row, NAME + 2);
        // A few letters of a sentence are no help.
        if help.width >= SENTENCE {
            let style = if is_here { look.selection } else { look.dim };
            draw::text(buffer, help, entry.help, style, look);
        }
    }
    cursor
}

/// The chosen report in small.
fn preview(page: &Reports, entry: &'static Entry, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    let asked = Asked::plain(entry);
    let answered: Option<&Answered> = match &page.preview {
        // Until the new one is there, the old one would have the wrong name.
        Some((name, answered)) if *name == entry.name => Some(answered),
        _ => None,
    };
    let report = answered.and_then(|answered| answered.as_ref().ok()?.first());
    let title = report.map_or_else(|| entry.name.to_owned(), |report| title_of(&asked, report, world));
    let pane = Pane {
        title: &title,
        ..Pane::default()
    };
    let inner = pane.draw(buffer, area, look);
    let help = cut::wrap(entry.help, usize::from(inner.width));
    let used = u16::try_from(help.len()).unwrap_or(u16::MAX);
    for (row, line) in (0..inner.height).zip(&help) {
        draw::text(buffer, draw::row(inner, row), line, look.dim, look);
    }
    let rest = draw::below(inner, used.saturating_add(1));
    match (report, answered) {
        (Some(report), _) => view::sketch(&asked, report, buffer, rest, world),
        (None, Some(Err(error))) => failure(error, buffer, rest, world),
        _ => {}
    }
}

fn failure(error: &str, buffer: &mut Buffer, area: Rect, world: &World) {
    let look = &world.look;
    for (row, line) in (0..area.height).zip(cut::wrap(error, usize::from(area.width))) {
        draw::text(buffer, draw::row(area, row), &line, look.error, look);
    }
}
