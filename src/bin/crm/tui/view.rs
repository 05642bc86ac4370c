//! The frame: tabs on top, the page, the line of hints or of what was said, popups above all.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::text::number;
use crate::tui::action::{ACTIONS, Action, Entry};
use crate::tui::app::App;
use crate::tui::component::draw;
use crate::tui::effect::Tone;
use crate::tui::key::shown;
use crate::tui::keymap::Meaning;
use crate::tui::page::Place;

/// Fewer columns than these are too few.
const LEAST_COLUMNS: u16 = 40;
/// Fewer rows than these are too few.
const LEAST_ROWS: u16 = 10;
/// From so many rows on there is a line of tabs.
const ROWS_WITH_TABS: u16 = 14;

/// Draws everything.
pub(crate) fn draw(frame: &mut Frame<'_>, app: &App) {
    let area = frame.area();
    if area.width < LEAST_COLUMNS || area.height < LEAST_ROWS {
        return too_small(frame, area, app);
    }
    // Some themes have a background of their own, which has to be behind everything.
    frame.buffer_mut().set_style(area, app.world.look.text);
    let (top, bottom) = bars(area);
    if let Some(top) = top {
        tabs(frame, top, app);
    }
    let mut cursor = app
        .page()
        .and_then(|page| page.draw(frame, inner(area), &app.world));
    hints(frame, bottom, app);
    app.tutorial.draw(frame.buffer_mut(), inner(area), &app.world);
    for popup in &app.popups {
        cursor = popup.modal.draw(frame, area, &app.world);
    }
    if app.popups.is_empty() && !app.pressed.is_empty() {
        which_key(frame, area, app);
    }
    if app.world.look.symbols.cut.is_ascii() {
        draw::in_ascii(frame.buffer_mut());
    }
    if let Some(position) = cursor {
        frame.set_cursor_position(position);
    }
}

/// Where the page is drawn.
pub(crate) fn page_area(app: &App) -> Rect {
    inner(app.world.area)
}

/// Where a page is drawn in a terminal of this size.
pub(crate) fn inner(area: Rect) -> Rect {
    let (top, _) = bars(area);
    let above = u16::from(top.is_some());
    Rect {
        y: area.y + above,
        height: area.height.saturating_sub(above + 1),
        ..area
    }
}

/// The line of tabs, where there is room for one, and the line of hints.
fn bars(area: Rect) -> (Option<Rect>, Rect) {
    let (bottom, _) = draw::split_last(area);
    let top = (area.height >= ROWS_WITH_TABS).then(|| draw::row(area, 0));
    (top, bottom)
}

fn too_small(frame: &mut Frame<'_>, area: Rect, app: &App) {
    let look = &app.world.look;
    let lines = [
        format!("{}x{} is too small", area.width, area.height),
        format!("{LEAST_COLUMNS}x{LEAST_ROWS} is needed; q quits"),
    ];
    for (row, line) in (0..).zip(&lines) {
        draw::text(frame.buffer_mut(), draw::row(area, row), line, look.text, look);
    }
}

/// The screens, the base and the time.
fn tabs(frame: &mut Frame<'_>, area: Rect, app: &App) {
    let look = &app.world.look;
    let line = tab_line(area, app);
    let used = draw::text_right(frame.buffer_mut(), area, &line.right, look.dim, look);
    let mut room = Rect {
        width: area.width.saturating_sub(used + 1),
        ..area
    };
    for (at, text) in line.texts {
        let style = if at == app.root { look.accent } else { look.dim };
        let used = draw::text(frame.buffer_mut(), room, &text, style, look);
        room = draw::right_of(room, used);
    }
}

/// What stands in the line of tabs.
struct TabLine {
    /// What stands for each screen.
    texts: Vec<(usize, String)>,
    /// What stands at the right end.
    right: String,
}

/// All names with the base and the time; without the base where that is too long; of the other screens the keys alone where
/// the names are too long too.
fn tab_line(area: Rect, app: &App) -> TabLine {
    let clock = app.world.clock();
    let time = clock
        .now()
        .to_zoned(clock.zone().clone())
        .strftime("%H:%M")
        .to_string();
    let whole = format!("{} {time} ", app.world.base);
    let fits = |texts: &[(usize, String)], right: &str| {
        let cells: usize = texts.iter().map(|(_, text)| draw::cells(text)).sum();
        cells + 1 + draw::cells(right) <= usize::from(area.width)
    };
    let names = tab_texts(app, true);
    if fits(&names, &whole) {
        return TabLine {
            texts: names,
            right: whole,
        };
    }
    let names = without_margins(names);
    if fits(&names, &time) {
        return TabLine {
            texts: names,
            right: time,
        };
    }
    TabLine {
        texts: tab_texts(app, false),
        right: whole,
    }
}

/// What stands for each screen: its key and its name, or of those that are not shown the key alone.
fn tab_texts(app: &App, full: bool) -> Vec<(usize, String)> {
    let roots = Place::ROOTS.iter().enumerate();
    roots
        .map(|(at, (_, digit, name))| {
            let is_here = at == app.root;
            let text = match (full || is_here, is_here) {
                (true, true) => format!("[{digit} {name}]"),
                (true, false) => format!(" {digit} {name} "),
                (false, _) => format!(" {digit} "),
            };
            (at, text)
        })
        .collect()
}

/// The texts without the blanks at both ends of the line.
fn without_margins(mut texts: Vec<(usize, String)>) -> Vec<(usize, String)> {
    if let Some((_, first)) = texts.first_mut() {
        *first = first.trim_start().to_owned();
    }
    if let Some((_, last)) = texts.last_mut() {
        *last = last.trim_end().to_owned();
    }
    texts
}

/// Where which screen can be gone to.
pub(crate) fn tab_places(app: &App) -> Vec<(Position, Place)> {
    let Some(top) = bars(app.world.area).0 else {
        return Vec::new();
    };
    let mut x = top.x;
    let mut places = Vec::new();
    for (root, text) in tab_line(top, app).texts {
        if let Some((place, ..)) = Place::ROOTS.get(root) {
            places.push((Position::new(x, top.y), place.clone()));
        }
        x = x.saturating_add(u16::try_from(draw::cells(&text)).unwrap_or(u16::MAX));
    }
    places
}

/// What a click there means: a screen of the line of tabs, or an action of the line of hints.
pub(crate) fn clicked(app: &App, at: Position) -> Option<Clicked> {
    let (top, bottom) = bars(app.world.area);
    if top.is_some_and(|top| top.contains(at)) {
        let texts = tab_line(top?, app).texts;
        let places = texts.into_iter().map(|(root, text)| (root, draw::cells(&text)));
        let root = under(places, at.x)?;
        return Place::ROOTS
            .get(root)
            .map(|(place, ..)| Clicked::Place(place.clone()));
    }
    let is_said = app.message.is_some() || app.slow || app.banner.is_some();
    if !bottom.contains(at) || is_said && self::bottom(bottom, app).0.contains(at) {
        return None;
    }
    let (room, _) = self::bottom(bottom, app);
    if !room.contains(at) {
        return Some(Clicked::Action(Action::Notices));
    }
    let hints = hint_texts(app, room.width).into_iter();
    let places = hints.map(|(action, key, word)| (action, draw::cells(&key) + draw::cells(&word)));
    under(places, at.x).map(Clicked::Action)
}

/// What a click on the frame means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Clicked {
    Place(Place),
    Action(Action),
}

/// Which of things that stand side by side, each so many cells wide, is at a column.
fn under<T>(places: impl Iterator<Item = (T, usize)>, x: u16) -> Option<T> {
    let mut end = 0;
    places
        .map(|(thing, cells)| {
            end += cells;
            (thing, end)
        })
        .find(|(_, end)| usize::from(x) < *end)
        .map(|(thing, _)| thing)
}

/// The line of hints without what stands at its right end: how much rules told that was not read.
fn bottom(area: Rect, app: &App) -> (Rect, String) {
    if app.unread == 0 {
        return (area, String::new());
    }
    let key = app.world.keymap.key(Action::Notices);
    let unread = number::many(app.unread);
    let text = match app.world.is_narrow() {
        true => format!("{unread} unread "),
        false => format!("{unread} unread {key} "),
    };
    let cells = u16::try_from(draw::cells(&text)).unwrap_or(u16::MAX);
    let width = area.width.saturating_sub(cells.saturating_add(1));
    (Rect { width, ..area }, text)
}

/// What was said last, else what can be done here.
fn hints(frame: &mut Frame<'_>, area: Rect, app: &App) {
    let look = &app.world.look;
    let (room, unread) = bottom(area, app);
    draw::text_right(frame.buffer_mut(), area, &unread, look.warning, look);
    let area = room;
    let said = app
        .message
        .as_ref()
        .map(|message| (message.text.clone(), message.tone));
    let said = said.or_else(|| app.slow.then(|| ("reading…".to_owned(), Tone::Hint)));
    let said = said.or_else(|| app.banner.clone().map(|text| (text, Tone::Refused)));
    if let Some((text, tone)) = said {
        let style = match tone {
            Tone::Done => look.good,
            Tone::Hint => look.dim,
            Tone::Refused => look.error,
        };
        draw::text(frame.buffer_mut(), area, &format!(" {text}"), style, look);
        return;
    }
    let texts = hint_texts(app, area.width);
    let texts: Vec<(&str, ratatui::style::Style)> = texts
        .iter()
        .flat_map(|(_, key, word)| [(key.as_str(), look.accent), (word.as_str(), look.dim)])
        .collect();
    draw::texts(frame.buffer_mut(), area, &texts, look);
}

/// The hints that there is room for: the action, its key, its word.
fn hint_texts(app: &App, width: u16) -> Vec<(Action, String, String)> {
    let hint = |entry: &Entry| {
        let (_, word) = entry.hint?;
        let key = app.world.keymap.key_here(app.scopes(), entry.action);
        let cells = draw::cells(&key) + draw::cells(word) + 3;
        let text = (entry.action, format!(" {key}"), format!(" {word} "));
        (!key.is_empty()).then_some((cells, text))
    };
    let mut hints: Vec<_> = hinted(app).into_iter().filter_map(hint).collect();
    // Whatever else has to go, the way to the help stays.
    let last = hints.pop();
    let mut room = usize::from(width).saturating_sub(last.as_ref().map_or(0, |(cells, _)| *cells));
    hints.retain(|(cells, _)| {
        let fits = *cells <= room;
        room -= if fits { *cells } else { 0 };
        fits
    });
    hints.into_iter().chain(last).map(|(_, text)| text).collect()
}

/// The actions that have a word in the line of hints and make sense now, the help last.
fn hinted(app: &App) -> Vec<&'static Entry> {
    let (scopes, selection) = (app.scopes(), app.selection());
    let mut found: Vec<&Entry> = ACTIONS
        .iter()
        .filter(|entry| entry.hint.is_some() && scopes.contains(&entry.scope))
        .filter(|entry| app.possible_with(entry.action, &selection).is_ok())
        .collect();
    found.sort_by_key(|entry| entry.hint.map_or(u8::MAX, |(priority, _)| priority));
    found
}

/// What may follow the keys that were pressed.
fn which_key(frame: &mut Frame<'_>, area: Rect, app: &App) {
    let look = &app.world.look;
    let Meaning::Prefix(next) = app.world.keymap.meaning(app.scopes(), &app.pressed) else {
        return;
    };
    let texts: Vec<String> = next
        .iter()
        .map(|(key, action)| {
            let title = ACTIONS.iter().find(|entry| entry.action == *action);
            format!(" {key}  {}  ", title.map_or("", |entry| entry.title))
        })
        .collect();
    // Side by side, so that of the page as much as can be stays in sight.
    let widest = texts.iter().map(|text| draw::cells(text)).max().unwrap_or(1);
    let across = (usize::from(area.width) / widest.max(1)).clamp(1, texts.len().max(1));
    let down = texts.len().div_ceil(across);
    let height = u16::try_from(down + 1).unwrap_or(u16::MAX).min(area.height);
    let place = Rect {
        y: area.bottom().saturating_sub(height),
        height,
        ..area
    };
    draw::clear(frame.buffer_mut(), place, look.text);
    let title = format!("{} … ", shown(&app.pressed));
    let rule = look.symbols.line.repeat(usize::from(place.width));
    draw::text(frame.buffer_mut(), draw::row(place, 0), &rule, look.border, look);
    let first = draw::right_of(draw::row(place, 0), 1);
    draw::text(frame.buffer_mut(), first, &title, look.title, look);
    let cells = u16::try_from(widest).unwrap_or(u16::MAX);
    for (column, texts) in (0u16..).zip(texts.chunks(down.max(1))) {
        let room = draw::right_of(place, column.saturating_mul(cells));
        for (row, text) in (1..).zip(texts) {
            draw::text(frame.buffer_mut(), draw::row(room, row), text, look.text, look);
        }
    }
}
