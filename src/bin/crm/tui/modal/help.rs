//! What can be done on the page that is shown, with the keys that do it: a letter filters, Enter runs.

use crm::domain::fold::fold;
use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use crate::text::shell;
use crate::tui::action::{ACTIONS, Action};
use crate::tui::app::App;
use crate::tui::component::draw;
use crate::tui::component::input::Input;
use crate::tui::component::look::Look;
use crate::tui::component::popup::{self, Popup};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::{Key, shown};
use crate::tui::modal::Dialog;
use crate::tui::page::{Page, Typed};
use crate::tui::world::World;

/// The words of this popup.
mod words {
    pub(super) const TITLE: &str = "Help";
    pub(super) const FOOT: &str = "Enter runs · ? or Esc closes";
    pub(super) const SEARCH: &str = "type to filter, @x finds key x";
    pub(super) const TWIN: &str = "In scripts: crm ";
    pub(super) const NOTHING: &str = "nothing here is called so; Esc shows all";
}

/// From this width on there are two columns.
const WIDE: u16 = 100;
/// The widest that the popup becomes.
const WIDEST: u16 = 118;
/// The cells of keys.
const KEYS: u16 = 13;
/// The rows around the lines: the search, a blank, and at the foot a blank and the twin.
const ROWS_AROUND: u16 = 4;

/// One thing that can be done.
#[derive(Debug)]
struct Row {
    /// The heading under which it stands.
    topic: &'static str,
    action: Action,
    keys: Vec<String>,
    title: &'static str,
    id: &'static str,
    /// Why it cannot be done now.
    off: Option<String>,
}

/// A line of the help.
#[derive(Debug, Clone, Copy)]
enum Line {
    Blank,
    Heading(&'static str),
    /// The row with this number.
    Row(usize),
}

/// The help that is open.
#[derive(Debug)]
pub(crate) struct Help {
    page: String,
    twin: String,
    rows: Vec<Row>,
    search: Input,
    /// The row under the cursor, of those that are shown.
    cursor: usize,
}

impl Help {
    /// The help for what is shown.
    pub(crate) fn of(app: &App) -> Help {
        let scopes = app.scopes();
        let mut rows = Vec::new();
        for scope in scopes {
            for entry in ACTIONS.iter().filter(|entry| entry.scope == *scope) {
                rows.push(Row {
                    topic: scope.title(),
                    action: entry.action,
                    keys: app.world.keymap.keys_here(scopes, entry.action),
                    title: entry.title,
                    id: entry.id,
                    off: app.possible(entry.action).err(),
                });
            }
        }
        Help {
            page: app.page().map(Page::title).unwrap_or_default(),
            twin: shell::line(&app.page().map(Page::command).unwrap_or_default()),
            rows,
            search: Input::new("").placeholder(words::SEARCH),
            cursor: 0,
        }
    }

    /// The numbers of the rows that fit what was typed.
    fn fitting(&self) -> Vec<usize> {
        let typed = self.search.text();
        let key = typed.strip_prefix('@').filter(|key| !key.is_empty());
        let key = key.map(|key| Key::sequence(key).map_or_else(|| key.to_owned(), |keys| shown(&keys)));
        let words: Vec<String> = fold(&typed).split_whitespace().map(str::to_owned).collect();
        let fits = |row: &Row| match &key {
            Some(key) => row.keys.contains(key),
            None if typed == "@" => true,
            None => {
                let text = fold(&format!("{} {} {}", row.title, row.id, row.topic));
                words.iter().all(|word| text.contains(word.as_str()))
            }
        };
        let rows = self.rows.iter().enumerate();
        rows.filter(|(_, row)| fits(row)).map(|(at, _)| at).collect()
    }

    /// What is shown: the rows that fit, under their headings.
    fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut topic = "";
        for at in self.fitting() {
            let Some(row) = self.rows.get(at) else { continue };
            if row.topic != topic {
                topic = row.topic;
                if !lines.is_empty() {
                    lines.push(Line::Blank);
                }
                lines.push(Line::Heading(topic));
            }
            lines.push(Line::Row(at));
        }
        lines
    }

    fn here(&self) -> Option<usize> {
        let fitting = self.fitting();
        let last = fitting.len().checked_sub(1)?;
        fitting.get(self.cursor.min(last)).copied()
    }

    fn go(&mut self, by: isize) {
        let last = self.fitting().len().saturating_sub(1);
        self.cursor = self.cursor.min(last).saturating_add_signed(by).min(last);
    }

    fn run(&self) -> Vec<Effect> {
        let Some(row) = self.here().and_then(|at| self.rows.get(at)) else {
            return Vec::new();
        };
        match &row.off {
            Some(reason) => vec![Effect::Say(Message::refused(reason.clone()))],
            None => vec![Effect::Close, Effect::Act(row.action)],
        }
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        let page = 10;
        match (key.code, key.control) {
            (KeyCode::Esc, _) if !self.search.is_empty() => {
                self.search.set("");
                self.cursor = 0;
            }
            (KeyCode::Esc | KeyCode::F(1), _) => return vec![Effect::Close],
            (KeyCode::Char('?'), false) if self.search.is_empty() => return vec![Effect::Close],
            (KeyCode::Enter, _) => return self.run(),
            (KeyCode::Down, _) | (KeyCode::Char('n'), true) => self.go(1),
            (KeyCode::Up, _) | (KeyCode::Char('p'), true) => self.go(-1),
            (KeyCode::PageDown, _) => self.go(page),
            (KeyCode::PageUp, _) => self.go(-page),
            _ => {
                self.search.key(key);
                self.cursor = 0;
            }
        }
        Vec::new()
    }

    /// Where everything stands: all of the popup, and its lines in columns, each with the line there.
    fn places(&self, screen: Rect) -> (Rect, Vec<(Rect, Line)>) {
        let lines = self.lines();
        let columns: u16 = if screen.width >= WIDE { 2 } else { 1 };
        let needed = u16::try_from(lines.len().div_ceil(usize::from(columns))).unwrap_or(u16::MAX);
        let wanted = Size::new(
            screen.width.saturating_sub(4).clamp(36, WIDEST),
            needed.max(12).saturating_add(ROWS_AROUND + 2),
        );
        let area = popup::centred(draw::split_last(screen).1, wanted);
        let inner = popup::inside(area);
        let body = Rect {
            height: inner.height.saturating_sub(ROWS_AROUND),
            ..draw::below(inner, 2)
        };
        let height = usize::from(body.height).max(1);
        let seen = height * usize::from(columns);
        let here = self.here();
        let cursor = lines
            .iter()
            .position(|line| matches!(line, Line::Row(at) if Some(*at) == here))
            .unwrap_or(0);
        // The heading above the first row is seen with it.
        let top = match cursor {
            ..=1 => 0,
            _ => (cursor + 1).saturating_sub(seen),
        };
        let width = body.width / columns;
        let mut places = Vec::new();
        for (at, line) in lines.into_iter().skip(top).take(seen).enumerate() {
            let (column, row) = (at / height, at % height);
            let column = u16::try_from(column).unwrap_or(0);
            let place = Rect {
                x: body.x + column * width,
                width: width.saturating_sub(columns - 1),
                ..draw::row(body, u16::try_from(row).unwrap_or(0))
            };
            places.push((place, line));
        }
        (area, places)
    }

    fn draw_row(&self, row: &Row, is_here: bool, place: Rect, buffer: &mut Buffer, look: &Look) {
        let base = match row.off {
            Some(_) => look.text.patch(look.dim),
            None => look.text,
        };
        let base = if is_here { base.patch(look.selection) } else { base };
        draw::clear(buffer, place, base);
        let sign = look.sign(is_here);
        draw::text(buffer, place, sign, base, look);
        let keys = Rect {
            width: KEYS.min(place.width.saturating_sub(1)),
            ..draw::right_of(place, 1)
        };
        draw::text(buffer, keys, &row.keys.join(", "), base.patch(look.accent), look);
        let rest = draw::right_of(place, KEYS + 2);
        let used = draw::text(buffer, rest, row.title, base, look);
        if let Some(reason) = &row.off {
            draw::text(
                buffer,
                draw::right_of(rest, used),
                &format!(" ({reason})"),
                base,
                look,
            );
        }
    }
}

impl Dialog for Help {
    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        match typed {
            Typed::Key(key) => self.key(*key),
            Typed::Paste(text) => {
                self.search.paste(text);
                self.cursor = 0;
                Vec::new()
            }
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        let (area, places) = self.places(area);
        let buffer = frame.buffer_mut();
        let popup = Popup {
            title: format!("{} · {}", words::TITLE, self.page).into(),
            foot: words::FOOT.into(),
        };
        let inner = popup.render(area, buffer, look);
        let cursor = self.search.render(draw::row(inner, 0), buffer, look);
        let here = self.here();
        if places.is_empty() {
            draw::text(buffer, draw::row(inner, 2), words::NOTHING, look.dim, look);
        }
        for (place, line) in places {
            match line {
                Line::Blank => {}
                Line::Heading(topic) => {
                    draw::text(buffer, place, topic, look.title, look);
                }
                Line::Row(at) => {
                    if let Some(row) = self.rows.get(at) {
                        self.draw_row(row, Some(at) == here, place, buffer, look);
                    }
                }
            }
        }
        let (last, _) = draw::split_last(inner);
        if inner.height > ROWS_AROUND {
            draw::texts(
                buffer,
                last,
                &[(words::TWIN, look.dim), (&self.twin, look.text)],
                look,
            );
        }
        cursor
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, _world: &World) -> Vec<Effect> {
        match event.kind {
            MouseEventKind::ScrollDown => self.go(3),
            MouseEventKind::ScrollUp => self.go(-3),
            MouseEventKind::Down(MouseButton::Left) => {
                let at = Position::new(event.column, event.row);
                let (popup, places) = self.places(area);
                if !popup.contains(at) {
                    return vec![Effect::Close];
                }
                let row = places.into_iter().find_map(|(place, line)| match line {
                    Line::Row(row) if place.contains(at) => Some(row),
                    _ => None,
                });
                let fitting = self.fitting();
                if let Some(at) = row.and_then(|row| fitting.iter().position(|known| *known == row)) {
                    self.cursor = at;
                    return self.run();
                }
            }
            _ => {}
        }
        Vec::new()
    }
}
