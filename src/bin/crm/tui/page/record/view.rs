//! How a record is drawn: on wide terminals what it is beside what happened, else one tab at a time.

use crm::domain::noun::Noun;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::text::number;
use crate::tui::action::Action;
use crate::tui::component::draw;
use crate::tui::component::tabs::{self, Tab as Label};
use crate::tui::page::record::tab::Body;
use crate::tui::page::record::{Record, lines as laid};
use crate::tui::page::records::{table, view as panes};
use crate::tui::page::sheet::{self, Line, Part};
use crate::tui::world::World;

/// From so many columns on the overview stands beside the other tabs.
const WIDE: u16 = 120;

/// Where everything stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Layout {
    /// The pane of the overview, where it stands by itself.
    left: Option<Rect>,
    /// The pane of the tabs.
    pane: Rect,
    head: Rect,
    tabs: Rect,
    body: Rect,
}

/// Whether the overview stands beside the other tabs.
pub(super) fn is_wide(world: &World) -> bool {
    world.area.width >= WIDE
}

/// The tabs that are in sight.
pub(super) fn seen(page: &Record, world: &World) -> Vec<usize> {
    match (is_wide(world), page.at) {
        (true, 0) => vec![0, page.beside],
        (true, at) => vec![0, at],
        (false, at) => vec![at],
    }
}

fn head(page: &Record, room: usize, world: &World) -> Vec<Line> {
    let sheet = page.sheet.as_ref();
    sheet
        .map(|sheet| sheet::head(sheet, room, world))
        .unwrap_or_default()
}

fn layout(page: &Record, area: Rect, world: &World) -> Layout {
    let (left, pane) = match is_wide(world) {
        true => {
            let width = area.width * 42 / 100;
            (Some(Rect { width, ..area }), draw::right_of(area, width))
        }
        false => (None, area),
    };
    let inner = panes::inside(pane, world);
    let rows = match left {
        Some(_) => 0,
        None => head(page, usize::from(inner.width), world).len().min(5),
    };
    let head = Rect {
        height: u16::try_from(rows).unwrap_or(0).min(inner.height / 2),
        ..inner
    };
    let rest = draw::below(inner, head.height);
    Layout {
        left,
        pane,
        head,
        tabs: draw::row(rest, 0),
        body: draw::below(rest, 1),
    }
}

/// Where the tab with this number shows what it has.
pub(super) fn room(page: &Record, at: usize, world: &World) -> Rect {
    let layout = layout(page, panes::area(world), world);
    match layout.left {
        Some(left) if at == 0 => panes::inside(left, world),
        _ => layout.body,
    }
}

/// The lines of a tab in so many cells.
pub(super) fn lines(page: &Record, at: usize, width: u16, world: &World) -> Vec<Line> {
    let part = match (is_wide(world), page.link.noun) {
        // What is sold stands beside.
        (true, Noun::Order | Noun::Quote) => Part::Fields,
        (true, _) => Part::Facts,
        (false, _) => Part::Body,
    };
    let tab = page.tabs.get(at);
    let sheet = page.sheet.as_deref();
    tab.map(|tab| laid::lines(tab, sheet, part, usize::from(width), world))
        .unwrap_or_default()
}

/// The names of the tabs: with counts, without, shorter or short, as there is room.
fn labels(page: &Record, room: u16, world: &World) -> Vec<Label> {
    let label = |name: String| Label {
        key: String::new(),
        name,
    };
    let skipped = usize::from(is_wide(world));
    let shown = || page.tabs.iter().skip(skipped);
    let counted = shown().map(|tab| {
        let of = match &tab.body {
            Body::Activity(Some(kind), ..) if kind != "note" => format!(": {kind}"),
            _ => String::new(),
        };
        let count = tab.count().filter(|count| !count.is_none()).map(number::count);
        let count = count.map(|count| format!(" {count}")).unwrap_or_default();
        label(format!("{}{of}{count}", tab.name))
    });
    let named = shown().map(|tab| label(tab.name.to_owned()));
    let middle = shown().map(|tab| label(tab.middle().to_owned()));
    let short = shown().map(|tab| label(tab.short.to_owned()));
    let fits = |labels: &Vec<Label>| {
        let cells: usize = labels.iter().map(|label| draw::cells(&label.name) + 2).sum();
        cells <= usize::from(room)
    };
    let choices: [Vec<Label>; 4] = [
        counted.collect(),
        named.collect(),
        middle.collect(),
        short.collect(),
    ];
    let found = choices.iter().find(|labels| fits(labels)).cloned();
    found.unwrap_or_else(|| shown().map(|tab| label(tab.short.to_owned())).collect())
}

/// The tab whose name stands at a place.
pub(super) fn tab_at(page: &Record, area: Rect, at: Position, world: &World) -> Option<usize> {
    let layout = layout(page, area, world);
    let mut unseen = Buffer::empty(layout.tabs);
    let places = draw_tabs(page, &mut unseen, layout.tabs, world);
    let found = places.into_iter().find(|(place, _)| place.contains(at));
    found.map(|(_, number)| number + usize::from(layout.left.is_some()))
}

fn draw_tabs(page: &Record, buffer: &mut Buffer, area: Rect, world: &World) -> Vec<(Rect, usize)> {
    let labels = labels(page, area.width, world);
    let active = match (is_wide(world), page.at) {
        (true, 0) => page.beside.saturating_sub(1),
        (true, at) => at - 1,
        (false, at) => at,
    };
    tabs::render(&labels, active, area, buffer, &world.look)
}

pub(super) fn draw(page: &Record, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
    let look = &world.look;
    let layout = layout(page, area, world);
    let buffer = frame.buffer_mut();
    let name = format!("{} {}", capitalised(page.link.noun.name()), reference(page));
    let keys = &world.keymap;
    let key = |action| keys.key(action);
    let turn = format!(
        "{} {} next record",
        key(Action::NextRecord),
        key(Action::PreviousRecord)
    );
    if let Some(left) = layout.left {
        panes::frame(buffer, left, (&name, &turn, page.at == 0), world);
        draw_body(page, buffer, 0, panes::inside(left, world), world);
    }
    let title = match layout.left {
        Some(_) => String::new(),
        None => name,
    };
    let tabs = format!("{} {} tabs", key(Action::PreviousTab), key(Action::NextTab));
    let focused = layout.left.is_none() || page.at > 0;
    panes::frame(buffer, layout.pane, (&title, &tabs, focused), world);
    for (row, line) in (0..layout.head.height).zip(head(page, usize::from(layout.head.width), world)) {
        sheet::draw_lines(&[line], buffer, draw::row(layout.head, row), (0, None), world);
    }
    draw_tabs(page, buffer, layout.tabs, world);
    let beside = if page.at == 0 && layout.left.is_some() {
        page.beside
    } else {
        page.at
    };
    let cursor = draw_body(page, buffer, beside, layout.body, world);
    if let Some(error) = &page.error {
        let retry = format!("{error}; {} tries again", key(Action::Refresh));
        draw::clear(buffer, draw::row(layout.body, 0), look.text);
        draw::text(buffer, draw::row(layout.body, 0), &retry, look.error, look);
    }
    if let Some(menu) = &page.sorts {
        menu.render(area, buffer, look);
        return None;
    }
    cursor
}

fn draw_body(page: &Record, buffer: &mut Buffer, at: usize, area: Rect, world: &World) -> Option<Position> {
    let look = &world.look;
    let tab = page.tabs.get(at)?;
    let Some(list) = tab.list() else {
        let lines = lines(page, at, area.width, world);
        let (top, chosen) = tab.scroller.shown(lines.len(), usize::from(area.height));
        sheet::draw_lines(
            &lines,
            buffer,
            area,
            (top, chosen.filter(|_| at == page.at)),
            world,
        );
        return None;
    };
    let filter = Rect {
        height: list.filter.height().min(area.height),
        ..area
    };
    let mut cursor = None;
    if !filter.is_empty() {
        cursor = list.filter.draw(buffer, filter, world);
    }
    let rest = draw::below(area, filter.height);
    if list.rows.is_empty() {
        let text = match (&list.error, list.rows.read && !list.waits) {
            (Some(error), _) => error.clone(),
            (None, false) => String::new(),
            (None, true) if list.filter.is_empty() => {
                let new = world.keymap.key(Action::New);
                format!("No {} yet; {new} adds one", list.noun.plural())
            }
            (None, true) => format!("No {} pass the filter; Esc clears it", list.noun.plural()),
        };
        draw::text(buffer, draw::row(rest, 0), &text, look.dim, look);
    } else {
        table::draw(list, buffer, rest, (at == page.at, &|_| false), world);
    }
    if !filter.is_empty() {
        list.filter
            .draw_proposals(buffer, draw::row(filter, 0), panes::area(world), world);
    }
    cursor
}

fn reference(page: &Record) -> String {
    match page.link.noun.prefix() {
        Some(_) => page.link.reference().to_string(),
        None => page.link.name.clone(),
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}
