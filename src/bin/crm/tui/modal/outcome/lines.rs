//! A few lines to fill in, over the page: under each what was understood, or what is wrong.

use crm::domain::when::{Leaning, When, instant, read};
use crm::error::Error;
use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};
use ratatui::style::Style;

use crate::text::{cut, relative, sanitise};
use crate::tui::act;
use crate::tui::component::draw;
use crate::tui::component::input::Input;
use crate::tui::component::popup::{self, Popup};
use crate::tui::deed::Deed;
use crate::tui::effect::Effect;
use crate::tui::page::Typed;
use crate::tui::world::World;

/// The widest that the popup becomes.
const WIDEST: u16 = 64;
/// The cells of a label.
const LABEL: u16 = 11;

/// One line.
#[derive(Debug)]
pub(super) struct Line {
    /// The field, as the library names it.
    pub(super) name: String,
    label: String,
    pub(super) input: Input,
    /// Of something to tick off whether it is.
    pub(super) tick: Option<bool>,
    /// What was understood.
    pub(super) answer: String,
    /// What is wrong, once somebody has tried to save it.
    pub(super) error: Option<String>,
}

impl Line {
    pub(super) fn new(name: &str, label: &str, text: &str, hint: &str) -> Line {
        Line {
            name: name.to_owned(),
            label: cut::cut(label, usize::from(LABEL) - 1).into_owned(),
            input: Input::new(text).placeholder(hint),
            tick: None,
            answer: String::new(),
            error: None,
        }
    }

    /// Something to tick off, which takes the whole width.
    pub(super) fn to_tick(item: &str) -> Line {
        Line {
            name: item.to_owned(),
            label: item.to_owned(),
            tick: Some(false),
            answer: "Space ticks it off".to_owned(),
            ..Line::new("", "", "", "")
        }
    }

    /// What was typed, without blanks around it; none for nothing.
    pub(super) fn text(&self) -> Option<String> {
        let text = self.input.text();
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }
}

/// What a key did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    Kept,
    Changed,
    Save,
    Close,
}

/// The lines, and which has the cursor.
#[derive(Debug)]
pub(super) struct Lines {
    pub(super) title: String,
    /// What is said above them.
    pub(super) head: Vec<String>,
    pub(super) lines: Vec<Line>,
    at: usize,
    /// What is wrong with all of it.
    pub(super) error: Option<String>,
    /// What they were made into, until it is known what became of it.
    sent: Option<Deed>,
}

impl Lines {
    pub(super) fn new(title: String, lines: Vec<Line>) -> Lines {
        Lines {
            title,
            head: Vec::new(),
            lines,
            at: 0,
            error: None,
            sent: None,
        }
    }

    /// Has a deed done that was made of them.
    pub(super) fn send(&mut self, deed: Deed) -> Vec<Effect> {
        self.sent = Some(deed.clone());
        vec![Effect::Write(deed)]
    }

    /// Whether this is what they were made into.
    pub(super) fn has_sent(&self, deed: &Deed) -> bool {
        self.sent.as_ref() == Some(deed)
    }

    /// What was sent was refused: it can be mended, and sent again.
    pub(super) fn sent_back(&mut self, field: Option<&str>, error: &Error) -> Vec<Effect> {
        self.sent = None;
        self.refuse(field, act::told(error));
        Vec::new()
    }

    /// The line of a field.
    pub(super) fn line(&mut self, name: &str) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.name == name)
    }

    /// What was typed for a field; none for nothing.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.lines.iter().find(|line| line.name == name)?.text()
    }

    /// Shows what is wrong at the line that it is about, and goes there.
    pub(super) fn refuse(&mut self, field: Option<&str>, message: String) {
        let at = self
            .lines
            .iter()
            .position(|line| Some(line.name.as_str()) == field);
        match at.and_then(|at| self.lines.get_mut(at)) {
            Some(line) => {
                line.error = Some(message);
                self.at = at.unwrap_or(self.at);
            }
            None => self.error = Some(message),
        }
    }

    /// Takes what was typed.
    pub(super) fn typed(&mut self, typed: &Typed) -> Event {
        if self.sent.is_some() {
            // Whoever presses Enter twice wants it done once.
            return Event::Kept;
        }
        let last = self.lines.len().saturating_sub(1);
        let Some(line) = self.lines.get_mut(self.at) else {
            return Event::Close;
        };
        let key = match typed {
            Typed::Paste(_) if line.tick.is_some() => return Event::Kept,
            Typed::Paste(text) => {
                line.input.paste(text);
                line.error = None;
                return Event::Changed;
            }
            Typed::Key(key) => key,
        };
        match key.code {
            KeyCode::Esc => return Event::Close,
            KeyCode::Char('s') if key.control => return Event::Save,
            KeyCode::Enter if key.alt || self.at == last => return Event::Save,
            KeyCode::Tab if key.shift => self.at = self.at.checked_sub(1).unwrap_or(last),
            KeyCode::Up => self.at = self.at.saturating_sub(1),
            KeyCode::Tab => self.at = if self.at == last { 0 } else { self.at + 1 },
            KeyCode::Enter | KeyCode::Down => self.at = (self.at + 1).min(last),
            _ if line.tick.is_some() => {
                if let (Some(tick), KeyCode::Char(' ' | 'x')) = (&mut line.tick, key.code) {
                    *tick = !*tick;
                    line.error = None;
                    self.error = None;
                }
            }
            _ => {
                let before = line.input.text();
                line.input.key(*key);
                if line.input.text() != before {
                    line.error = None;
                    self.error = None;
                    return Event::Changed;
                }
            }
        }
        Event::Kept
    }

    /// Draws them in the middle of the screen; where the cursor is.
    pub(super) fn draw(
        &self,
        frame: &mut Frame<'_>,
        screen: Rect,
        save: &str,
        world: &World,
    ) -> Option<Position> {
        let look = &world.look;
        let buffer = frame.buffer_mut();
        let width = WIDEST.min(screen.width);
        let room = usize::from(width.saturating_sub(4)).max(1);
        let wrapped = |text: &String| cut::wrap(text, room);
        let head: Vec<String> = self.head.iter().flat_map(wrapped).collect();
        let wrong: Vec<String> = self.error.iter().flat_map(wrapped).collect();
        let rows = head.len() + self.lines.len() * 2 + wrong.len() + 2;
        let height = u16::try_from(rows).unwrap_or(u16::MAX);
        let area = popup::centred(screen, Size::new(width, height));
        let popup = Popup {
            title: self.title.as_str().into(),
            foot: match self.at + 1 < self.lines.len() {
                true => format!("Enter next, Ctrl+S {save}, Esc back").into(),
                false => format!("Enter {save}, Esc back").into(),
            },
        };
        let mut rest = popup.render(area, buffer, look);
        rest = draw::right_of(rest, 1);
        for text in &head {
            draw::text(buffer, draw::row(rest, 0), text, look.text, look);
            rest = draw::below(rest, 1);
        }
        // Where not all lines fit, the one with the cursor is seen.
        let fitting = usize::from(rest.height / 2).max(1);
        let first = (self.at + 1).saturating_sub(fitting);
        let mut cursor = None;
        for (at, line) in self.lines.iter().enumerate().skip(first) {
            let label = if at == self.at { look.accent } else { look.dim };
            let row = draw::row(rest, 0);
            let label = (&line.label, label);
            if let Some(is_done) = line.tick {
                ticked(buffer, rest, (line, is_done), label.1, world);
                rest = draw::below(rest, 2);
                continue;
            }
            draw::text(buffer, row, label.0, label.1, look);
            let field = draw::right_of(row, LABEL);
            let field = Rect {
                width: field.width.saturating_sub(1),
                ..field
            };
            let place = line.input.render(field, buffer, look);
            cursor = if at == self.at { place } else { cursor };
            let below = draw::right_of(draw::row(rest, 1), LABEL);
            match &line.error {
                Some(error) => draw::text(buffer, below, &format!("! {error}"), look.error, look),
                None => draw::text(buffer, below, &line.answer, look.dim, look),
            };
            rest = draw::below(rest, 2);
        }
        for text in &wrong {
            draw::text(buffer, draw::row(rest, 0), text, look.error, look);
            rest = draw::below(rest, 1);
        }
        cursor
    }
}

/// Draws something to tick off, and what is to be known of it.
fn ticked(buffer: &mut Buffer, rest: Rect, (line, is_done): (&Line, bool), style: Style, world: &World) {
    let look = &world.look;
    let sign = if is_done { look.symbols.done } else { " " };
    let text = format!("[{sign}] {}", sanitise::line(&line.label));
    draw::text(buffer, draw::row(rest, 0), &text, style, look);
    let below = draw::right_of(draw::row(rest, 1), 4);
    match &line.error {
        Some(error) => draw::text(buffer, below, &format!("! {error}"), look.error, look),
        None if is_done => 0,
        None => draw::text(buffer, below, &line.answer, look.dim, look),
    };
}

/// What a phrase for a day means, in words; empty for nothing typed.
///
/// # Errors
///
/// It means no day; with what may have been meant.
pub(super) fn day(text: &str, leaning: Leaning, world: &World) -> Result<String, String> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    let when = read(text.trim(), &world.caller.reading(leaning)).map_err(|error| {
        let near = error.suggestions.first();
        let near = near.map_or_else(String::new, |near| format!("; did you mean {near}?"));
        format!("{error}{near}")
    })?;
    let Some(day) = instant::first_day(when) else {
        return Ok(String::new());
    };
    let time = match when {
        When::Moment(moment) => moment.strftime(" %H:%M").to_string(),
        _ => String::new(),
    };
    let near = relative::near(day, world.clock());
    let near = near.map_or_else(String::new, |near| format!(", {near}"));
    let arrow = world.look.symbols.arrow;
    Ok(format!("{arrow} {}{time}{near}", day.strftime("%a %-d %b %Y")))
}
