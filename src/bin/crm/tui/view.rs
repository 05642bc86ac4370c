//! The frame: tabs on top, the page, the line of hints or of what was said, popups above all.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::action::{ACTIONS, Entry};
use crate::tui::app::App;
use crate::tui::component::draw;
use crate::tui::effect::{Effect, Tone};
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
    for popup in &app.popups {
        cursor = popup.modal.draw(frame, area, &app.world);
    }
    if app.popups.is_empty() && !app.pressed.is_empty() {
        which_key(frame, area, app);
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

/// The base and the time, as they stand at the right end of the line of tabs.
fn status(app: &App) -> String {
    let clock = app.world.clock();
    let local = clock.now().to_zoned(clock.zone().clone());
    format!("{} {} ", app.world.base, local.strftime("%H:%M"))
}

/// The screens as tabs of this line: where each stands, its number, its text.
fn tab_texts(app: &App, area: Rect) -> Vec<(Rect, usize, String)> {
    let used = u16::try_from(draw::cells(&status(app))).unwrap_or(area.width);
    let mut rest = Rect {
        width: area.width.saturating_sub(used + 1),
        ..area
    };
    let full = area.width >= 80;
    let mut found = Vec::new();
    for (at, (_, digit, name)) in Place::ROOTS.iter().enumerate() {
        let is_here = at == app.root;
        let text = match (full || is_here, is_here) {
            (true, true) => format!("[{digit} {name}]"),
            (true, false) => format!(" {digit} {name} "),
            (false, _) => format!(" {digit} "),
        };
        let width = u16::try_from(draw::cells(&text))
            .unwrap_or(u16::MAX)
            .min(rest.width);
        found.push((Rect { width, ..rest }, at, text));
        rest = draw::right_of(rest, width);
    }
    found
}

/// Where which screen can be gone to.
pub(crate) fn tab_places(app: &App) -> Vec<(Rect, Place)> {
    let Some(top) = bars(app.world.area).0 else {
        return Vec::new();
    };
    tab_texts(app, top)
        .into_iter()
        .filter(|(place, ..)| place.width > 0)
        .filter_map(|(place, at, _)| Some((place, Place::ROOTS.get(at)?.0.clone())))
        .collect()
}

/// What a click on the line of tabs or of hints means; none if it means nothing there.
pub(crate) fn clicked(app: &App, event: MouseEvent) -> Option<Effect> {
    if event.kind != MouseEventKind::Down(MouseButton::Left) {
        return None;
    }
    let at = Position::new(event.column, event.row);
    let tab = tab_places(app).into_iter().find(|(place, _)| place.contains(at));
    if let Some((_, place)) = tab {
        return Some(Effect::Go(place));
    }
    let (_, bottom) = bars(app.world.area);
    if said(app).is_some() {
        return None;
    }
    let hint = hint_texts(app, bottom)
        .into_iter()
        .find(|(place, ..)| place.contains(at));
    hint.map(|(_, entry, _)| Effect::Act(entry.action))
}

/// The screens, the base and the time.
fn tabs(frame: &mut Frame<'_>, area: Rect, app: &App) {
    let look = &app.world.look;
    draw::text_right(frame.buffer_mut(), area, &status(app), look.dim, look);
    for (place, at, text) in tab_texts(app, area) {
        let style = if at == app.root { look.accent } else { look.dim };
        draw::text(frame.buffer_mut(), place, &text, style, look);
    }
}

/// What stands in the last line in place of the hints, if anything does.
fn said(app: &App) -> Option<(String, Tone)> {
    let message = app.message.as_ref();
    let said = message.map(|message| (message.text.clone(), message.tone));
    said.or_else(|| app.slow.then(|| ("reading…".to_owned(), Tone::Hint)))
        .or_else(|| app.banner.clone().map(|text| (text, Tone::Refused)))
}

/// The hints that fit: where each stands, what it is for, its key.
fn hint_texts(app: &App, area: Rect) -> Vec<(Rect, &'static Entry, String)> {
    let scopes = app.scopes();
    let mut rest = area;
    let mut found = Vec::new();
    for entry in hinted(app) {
        let Some((_, word)) = entry.hint else { continue };
        let key = app.world.keymap.key_here(scopes, entry.action);
        let cells = u16::try_from(draw::cells(&key) + draw::cells(word) + 3).unwrap_or(u16::MAX);
        if key.is_empty() || cells > rest.width {
            continue;
        }
        found.push((Rect { width: cells, ..rest }, entry, key));
        rest = draw::right_of(rest, cells);
    }
    found
}

/// What was said last, else what can be done here.
fn hints(frame: &mut Frame<'_>, area: Rect, app: &App) {
    let look = &app.world.look;
    if let Some((text, tone)) = said(app) {
        let style = match tone {
            Tone::Done => look.good,
            Tone::Hint => look.dim,
            Tone::Refused => look.error,
        };
        draw::text(frame.buffer_mut(), area, &format!(" {text}"), style, look);
        return;
    }
    for (place, entry, key) in hint_texts(app, area) {
        let word = entry.hint.map_or("", |(_, word)| word);
        let used = draw::text(frame.buffer_mut(), place, &format!(" {key}"), look.accent, look);
        let rest = draw::right_of(place, used);
        draw::text(frame.buffer_mut(), rest, &format!(" {word} "), look.dim, look);
    }
}

/// The actions that have a word in the line of hints and make sense now, the help last.
fn hinted(app: &App) -> Vec<&'static Entry> {
    let scopes = app.scopes();
    let mut found: Vec<&Entry> = ACTIONS
        .iter()
        .filter(|entry| entry.hint.is_some() && scopes.contains(&entry.scope))
        .filter(|entry| app.possible(entry.action).is_ok())
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
    let rows: Vec<String> = next
        .iter()
        .map(|(key, action)| {
            let title = ACTIONS.iter().find(|entry| entry.action == *action);
            format!(" {key}  {}", title.map_or("", |entry| entry.title))
        })
        .collect();
    let height = u16::try_from(rows.len() + 1).unwrap_or(u16::MAX).min(area.height);
    let place = Rect {
        y: area.bottom().saturating_sub(height),
        height,
        ..area
    };
    draw::clear(frame.buffer_mut(), place, look.text);
    let title = format!(" {} …", shown(&app.pressed));
    draw::text(frame.buffer_mut(), draw::row(place, 0), &title, look.title, look);
    for (row, text) in (1..).zip(&rows) {
        draw::text(frame.buffer_mut(), draw::row(place, row), text, look.text, look);
    }
}
