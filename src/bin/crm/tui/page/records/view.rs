//! How a list and its detail are drawn. One function lays them out, for drawing and for the mouse.

use crm::domain::noun::Noun;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::number;
use crate::tui::action::Action;
use crate::tui::component::draw;
use crate::tui::component::pane::Pane;
use crate::tui::effect::Effect;
use crate::tui::page::records::cells;
use crate::tui::page::records::{Focus, Records, Zoom, table, words};
use crate::tui::page::sheet::{self, Part};
use crate::tui::world::World;

/// From so many columns on there is a third pane.
const WITH_STORY: u16 = 150;
/// From so many rows on the detail stands under the list where it cannot stand beside it.
const STACKED: u16 = 28;

/// From so many columns on the detail stands beside a list with long rows.
const BESIDE_LONG: u16 = 116;

/// Where the panes stand; those that are not shown are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) list: Option<Rect>,
    pub(super) detail: Option<Rect>,
    /// What happened with the record, where that is not in the detail.
    pub(super) story: Option<Rect>,
}

/// The parts of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) filter: Rect,
    /// The head and the rows.
    pub(super) table: Rect,
    pub(super) foot: Rect,
}

/// Where a page is drawn.
pub(crate) fn area(world: &World) -> Rect {
    crate::tui::view::inner(world.area)
}

/// Where this page is drawn, below what stands above it.
pub(super) fn own_area(page: &Records, world: &World) -> Rect {
    draw::below(area(world), page.above)
}

/// Where the panes stand in `area`.
pub(super) fn layout(page: &Records, area: Rect, world: &World) -> Layout {
    let alone = |focus| match focus {
        Focus::List => Layout {
            list: Some(area),
            ..Layout::default()
        },
        Focus::Detail => Layout {
            detail: Some(area),
            ..Layout::default()
        },
    };
    let is_stacked = !world.is_narrow() && world.area.height >= STACKED;
    let is_beside = match page.list.noun {
        // These are told by their rows.
        Noun::Ticket | Noun::Order => world.area.width >= BESIDE_LONG,
        _ => world.is_wide(),
    };
    let is_long = matches!(page.list.noun, Noun::Ticket | Noun::Order);
    let has_room = is_beside || is_stacked;
    if page.zoom == Zoom::Full || !has_room || !world.preview {
        return alone(page.focus);
    }
    let percent = match (page.zoom, page.focus) {
        // A task is told by its row, which has a second name in it.
        (Zoom::Normal, _) if page.list.noun == Noun::Task => 58,
        (Zoom::Normal, _) if is_long && is_beside => 62,
        (Zoom::Normal, _) => 45,
        (_, Focus::List) => 62,
        (_, Focus::Detail) => 30,
    };
    if !is_beside {
        let height = area.height * (percent + 10) / 100;
        return Layout {
            list: Some(Rect { height, ..area }),
            detail: Some(draw::below(area, height)),
            story: None,
        };
    }
    let has_story = area.width >= WITH_STORY && page.zoom == Zoom::Normal && page.list.noun == Noun::Customer;
    let width = match has_story {
        true => area.width * 2 / 5,
        false => area.width * percent / 100,
    };
    let rest = draw::right_of(area, width);
    let (detail, story) = match has_story {
        true => {
            let half = rest.width / 2;
            (Rect { width: half, ..rest }, Some(draw::right_of(rest, half)))
        }
        false => (rest, None),
    };
    Layout {
        list: Some(Rect { width, ..area }),
        detail: Some(detail),
        story,
    }
}

/// What is inside of a pane: all below its title where there is no room for a border.
pub(crate) fn inside(pane: Rect, world: &World) -> Rect {
    match world.is_narrow() {
        true => draw::below(pane, 1),
        false => Pane::inner(pane),
    }
}

/// Draws the border of a pane, or its title alone where there is no room for a border; what is inside.
pub(crate) fn frame(
    buffer: &mut Buffer,
    area: Rect,
    (title, note, focused): (&str, &str, bool),
    world: &World,
) -> Rect {
    let look = &world.look;
    if !world.is_narrow() {
        let pane = Pane { title, note, focused };
        return pane.draw(buffer, area, look);
    }
    let row = draw::row(area, 0);
    let used = draw::text_right(buffer, row, note, look.dim, look);
    let room = Rect {
        width: row.width.saturating_sub(used + 1),
        ..row
    };
    draw::text(buffer, room, title, look.title, look);
    inside(area, world)
}

/// The parts of the list; none where it is not shown.
pub(super) fn parts(page: &Records, area: Rect, world: &World) -> Option<Parts> {
    let inner = inside(layout(page, area, world).list?, world);
    let filter = Rect {
        height: page.list.filter.height().min(inner.height),
        ..inner
    };
    let rest = draw::below(inner, filter.height);
    let foot = u16::from(!page.marks.is_empty()).min(rest.height);
    let table = Rect {
        height: rest.height - foot,
        ..rest
    };
    Some(Parts {
        filter,
        table,
        foot: draw::below(rest, table.height),
    })
}

/// How many rows of the list are drawn.
pub(super) fn rows_height(page: &Records, world: &World) -> usize {
    let area = own_area(page, world);
    let table = parts(page, area, world).map_or(area, |parts| parts.table);
    usize::from(table.height.saturating_sub(1))
}

/// How far the detail can be scrolled.
pub(super) fn detail_end(page: &Records, world: &World) -> u16 {
    let layout = layout(page, own_area(page, world), world);
    let (Some(detail), Some(sheet)) = (layout.detail, &page.sheet) else {
        return 0;
    };
    let inner = inside(detail, world);
    let part = part(layout);
    let lines = sheet::lines(sheet, part, usize::from(inner.width), world).len();
    let first = u16::try_from(lines)
        .unwrap_or(u16::MAX)
        .saturating_sub(inner.height);
    let Some(story) = layout.story.map(|story| inside(story, world)) else {
        return first;
    };
    let lines = sheet::lines(sheet, Part::Story, usize::from(story.width), world).len();
    first.max(
        u16::try_from(lines)
            .unwrap_or(u16::MAX)
            .saturating_sub(story.height),
    )
}

/// What of the record the detail shows.
fn part(layout: Layout) -> Part {
    match layout.story {
        Some(_) => Part::Facts,
        None => Part::All,
    }
}

pub(super) fn draw(page: &Records, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
    let layout = layout(page, area, world);
    let buffer = frame.buffer_mut();
    let mut cursor = None;
    if let Some(list) = layout.list {
        cursor = draw_list(page, buffer, list, area, world);
    }
    let focused = page.focus == Focus::Detail;
    let sheet = page.sheet.as_ref().filter(|_| !page.list.rows.is_empty());
    if let Some(detail) = layout.detail {
        let keys = &world.keymap;
        let title = match focused {
            true => format!("Detail {} Esc goes back", world.look.symbols.dot),
            false => format!(
                "Detail {} {} to focus",
                world.look.symbols.dot,
                keys.key(Action::Detail)
            ),
        };
        let note = format!(
            "{} {} scroll",
            keys.key(Action::DetailDown),
            keys.key(Action::DetailUp)
        );
        let inner = self::frame(buffer, detail, (&title, &note, focused), world);
        if let Some(sheet) = sheet {
            sheet::draw(sheet, part(layout), buffer, inner, page.scroll, world);
        }
    }
    if let Some(story) = layout.story {
        let inner = self::frame(buffer, story, ("Timeline", "", focused), world);
        if let Some(sheet) = sheet {
            sheet::draw(sheet, Part::Story, buffer, inner, page.scroll, world);
        }
    }
    match &page.over {
        Some(over) => over.draw(buffer, area, world),
        None => cursor,
    }
}

/// The title of the list: what it shows, how many there are.
fn title(page: &Records) -> String {
    let view = page
        .view
        .as_ref()
        .map(|view| format!(" › {view}"))
        .unwrap_or_default();
    let total = page.list.rows.total.map(number::count);
    let count = match (total, page.whole) {
        (Some(total), Some(whole)) if !page.list.filter.is_empty() => {
            format!(" {total} of {}", number::count(whole))
        }
        (Some(total), _) => format!(" {total}"),
        (None, _) => String::new(),
    };
    format!("{}{view}{count}", page.title)
}

/// What stands below the list: the place of the cursor, and the order.
fn note(page: &Records, world: &World) -> String {
    let rows = &page.list.rows;
    if page.list.filter.is_open() && world.is_narrow() {
        return String::new();
    }
    if page.list.filter.is_open() {
        return "Enter keeps · Esc clears".to_owned();
    }
    let place = match (rows.place(), rows.total) {
        (Some(place), Some(total)) if total.is_more || place <= total.counted => {
            format!("{} of {}", number::many(place), number::count(total))
        }
        _ => String::new(),
    };
    let key = page.list.sort.first().filter(|_| !world.is_narrow());
    let Some(key) = key.filter(|_| !rows.is_empty()) else {
        return place;
    };
    let name = cells::head(page.list.noun, key.trim_start_matches(['-', '+']));
    match place.is_empty() {
        true => format!("sorted by {name}"),
        false => format!("{place} · sorted by {name}"),
    }
}

fn draw_list(
    page: &Records,
    buffer: &mut Buffer,
    pane: Rect,
    screen: Rect,
    world: &World,
) -> Option<Position> {
    let look = &world.look;
    let focused = page.focus == Focus::List;
    frame(buffer, pane, (&title(page), &note(page, world), focused), world);
    let parts = parts(page, screen, world)?;
    let list = &page.list;
    let mut cursor = None;
    if !parts.filter.is_empty() {
        cursor = list.filter.draw(buffer, parts.filter, world);
    }
    draw_rows(page, buffer, parts.table, world);
    if !parts.foot.is_empty() {
        let range = page.marks.is_range().then(|| world.keymap.key(Action::Range));
        let told = words::marked(page.marks.len(), page.hidden.unwrap_or(0), range.as_deref());
        draw::text(buffer, parts.foot, &format!(" {told}"), look.marked, look);
    }
    if !parts.filter.is_empty() {
        list.filter
            .draw_proposals(buffer, draw::row(parts.filter, 0), screen, world);
    }
    cursor
}

fn draw_rows(page: &Records, buffer: &mut Buffer, area: Rect, world: &World) {
    let (look, list) = (&world.look, &page.list);
    let keys = &world.keymap;
    let lines = match (&list.error, list.rows.is_empty()) {
        (Some(error), _) => [
            error.clone(),
            format!("{} tries again", keys.key(Action::Refresh)),
        ],
        (None, false) => return draw_table(page, buffer, area, world),
        // Nothing is said about what is not known yet.
        (None, true) if !list.rows.read || list.waits || list.filter.problem().is_some() => return,
        (None, true) if list.filter.is_empty() => {
            words::empty(list.noun, page.is_trash, &keys.key(Action::New))
        }
        (None, true) => words::nothing(list.noun, &list.filter.text(), &keys.key(Action::Trash)),
    };
    let [first, second] = lines;
    let style = if list.error.is_some() {
        look.error
    } else {
        look.text
    };
    let wrap = |text: &str| {
        crate::text::cut::wrap(&crate::text::sanitise::line(text), usize::from(area.width.max(1)))
    };
    let first = wrap(&first).into_iter().map(|line| (line, style));
    let second = wrap(&second).into_iter().map(|line| (line, look.dim));
    for (row, (line, style)) in (1..area.height).zip(first.chain(second)) {
        draw::text(buffer, draw::row(area, row), &line, style, look);
    }
}

fn draw_table(page: &Records, buffer: &mut Buffer, area: Rect, world: &World) {
    let has_cursor = page.focus == Focus::List || !world.is_narrow();
    let marked = |id| page.marks.has(id);
    table::draw(&page.list, buffer, area, (has_cursor, &marked), world);
}

/// What can be gone to by a letter: the rows, the detail, the filter.
pub(super) fn targets(page: &Records, area: Rect, world: &World) -> Vec<(Position, Effect)> {
    let mut targets = Vec::new();
    if let Some(parts) = parts(page, area, world) {
        let rows = draw::below(parts.table, 1);
        let count = page.list.rows.visible(usize::from(rows.height)).count();
        for (y, _) in (rows.y..rows.bottom()).zip(0..count) {
            // In the first cells a click marks.
            targets.push((
                Position::new(rows.x, y),
                Effect::Click(Position::new(rows.x + 2, y)),
            ));
        }
        if parts.filter.height > 0 {
            targets.push((parts.filter.as_position(), Effect::Act(Action::Filter)));
        }
    }
    if let Some(detail) = layout(page, area, world).detail {
        let at = inside(detail, world).as_position();
        targets.push((at, Effect::Act(Action::Detail)));
    }
    targets
}
