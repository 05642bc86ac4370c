//! The line in which a list is filtered: what is typed, what may follow, and what is wrong with it.

use crm::error::Error;
use crm::ops::propose::Proposal;
use crm::query::error::QueryError;
use crossterm::event::KeyCode;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect, Size};

use crate::tui::act;
use crate::tui::component::input::Input;
use crate::tui::component::{draw, edit, popup};
use crate::tui::key::Key;
use crate::tui::page::Typed;
use crate::tui::world::World;

/// What stands before the text.
const LABEL: &str = "Filter › ";
/// What may be typed.
const PLACEHOLDER: &str = "words, or is:quiet city:berlin";
/// The most proposals that are seen at once.
const MOST: usize = 6;
/// The widest that the list of proposals becomes.
const WIDEST: u16 = 60;

/// The narrowest.
const NARROWEST: u16 = 20;

/// What became of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Another text is to be looked for.
    Changed,
    /// The text stays, and the list has the keys again.
    Kept,
    /// There is no filter any more, and the list has the keys again.
    Cleared,
    /// Nothing that matters to the list.
    Nothing,
}

/// What is wrong with a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Problem {
    message: String,
    /// The bytes of the text that it is about.
    place: Option<std::ops::Range<usize>>,
}

/// The filter of a list.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    input: Input,
    typing: bool,
    problem: Option<Problem>,
    proposal: Proposal,
    chosen: Option<usize>,
    /// Proposals are wanted before anything was typed.
    asked: bool,
}

impl Filter {
    /// No filter.
    pub(crate) fn new() -> Filter {
        Filter {
            input: Input::new("").placeholder(PLACEHOLDER),
            typing: false,
            problem: None,
            proposal: Proposal::default(),
            chosen: None,
            asked: false,
        }
    }

    /// What the list is to be filtered by; empty for nothing.
    pub(crate) fn text(&self) -> String {
        self.input.text().trim().to_owned()
    }

    /// Sets the filter.
    pub(crate) fn set(&mut self, text: &str) {
        *self = Filter::new();
        self.input.set(text);
    }

    /// Gives the line the keys.
    pub(crate) fn open(&mut self) {
        self.typing = true;
        self.chosen = None;
        self.asked = false;
    }

    /// Whether the line has the keys.
    pub(crate) fn is_open(&self) -> bool {
        self.typing
    }

    /// Whether there is anything in the line.
    pub(crate) fn is_empty(&self) -> bool {
        self.input.text().trim().is_empty()
    }

    /// What was typed before the cursor.
    pub(crate) fn before_cursor(&self) -> String {
        self.input.before_cursor()
    }

    /// How many rows the line and what is said under it take.
    pub(crate) fn height(&self) -> u16 {
        match (self.typing || !self.is_empty(), &self.problem) {
            (false, _) => 0,
            (true, None) => 1,
            (true, Some(problem)) => 2 + u16::from(problem.place.is_some()),
        }
    }

    /// Whether the text cannot be understood; what is wrong.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.problem.as_ref().map(|problem| problem.message.as_str())
    }

    /// The text was understood.
    pub(crate) fn understood(&mut self) {
        self.problem = None;
    }

    /// The text was not understood.
    pub(crate) fn refused(&mut self, error: &Error) {
        let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<QueryError>());
        let near = error.near().first();
        self.problem = Some(match source {
            Some(query) => Problem {
                message: match near {
                    Some(near) => format!("{}; did you mean {near}?", query.message),
                    None => query.message.clone(),
                },
                place: Some(query.span.clone()),
            },
            None => Problem {
                message: act::told(error),
                place: None,
            },
        });
    }

    /// What may follow what was typed.
    pub(crate) fn propose(&mut self, proposal: Proposal) {
        self.chosen = None;
        self.proposal = proposal;
    }

    /// Takes what was typed.
    pub(crate) fn typed(&mut self, typed: &Typed) -> Told {
        match typed {
            Typed::Paste(text) => match self.input.paste(text) {
                edit::Answer::Changed => Told::Changed,
                edit::Answer::Kept | edit::Answer::Full | edit::Answer::Ignored => Told::Nothing,
            },
            Typed::Key(key) => self.key(*key),
        }
    }

    fn key(&mut self, key: Key) -> Told {
        let last = self.shown().len().saturating_sub(1);
        let is_control = |letter| key.control && key.code == KeyCode::Char(letter);
        match key.code {
            KeyCode::Esc => {
                *self = Filter::new();
                Told::Cleared
            }
            KeyCode::Enter => match self.chosen {
                Some(_) => self.accept(),
                None if self.problem.is_some() => Told::Nothing,
                None => {
                    self.typing = false;
                    match self.is_empty() {
                        true => Told::Cleared,
                        false => Told::Kept,
                    }
                }
            },
            KeyCode::Tab if !key.shift => self.accept(),
            KeyCode::Down => self.choose(self.chosen.map_or(0, |at| (at + 1).min(last))),
            _ if is_control('n') => self.choose(self.chosen.map_or(0, |at| (at + 1).min(last))),
            KeyCode::Up => self.choose_before(),
            _ if is_control('p') => self.choose_before(),
            _ => match self.input.key(key) {
                edit::Answer::Changed => {
                    self.asked = false;
                    Told::Changed
                }
                _ => Told::Nothing,
            },
        }
    }

    fn choose(&mut self, at: usize) -> Told {
        self.asked = true;
        self.chosen = (at < self.shown().len()).then_some(at);
        Told::Nothing
    }

    fn choose_before(&mut self) -> Told {
        self.chosen = self.chosen.and_then(|at| at.checked_sub(1));
        Told::Nothing
    }

    /// Puts the chosen proposal, or the first one, where the last word is.
    fn accept(&mut self) -> Told {
        let word = self.shown().get(self.chosen.unwrap_or(0)).cloned();
        let Some((value, _)) = word else {
            return Told::Nothing;
        };
        let start = self.proposal.before.chars().count();
        // A field wants a value next, a value is followed by the next word.
        let ending = if value.ends_with(':') { "" } else { " " };
        self.input.replace_back_to(start, &format!("{value}{ending}"));
        self.chosen = None;
        Told::Changed
    }

    /// The proposals that are shown: the word, and what it means.
    fn shown(&self) -> Vec<(String, String)> {
        let typed = self.before_cursor();
        let Some(end) = typed.strip_prefix(self.proposal.before.as_str()) else {
            return Vec::new();
        };
        if end.is_empty() && !self.asked && !typed.ends_with([':', '：', '+']) {
            return Vec::new();
        }
        let words = self.proposal.words.iter().filter(|word| word.value != end);
        words
            .map(|word| {
                let value = match word.value.contains([' ', '　', '(', ')', ',']) {
                    true => format!("\"{}\"", word.value.replace('"', "")),
                    false => word.value.clone(),
                };
                (value, word.note.clone())
            })
            .collect()
    }

    /// Draws the line and what is wrong with it; where the cursor is.
    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        let label = draw::text(buffer, draw::row(area, 0), LABEL, look.dim, look);
        let field = draw::right_of(draw::row(area, 0), label);
        let mut cursor = None;
        if self.typing {
            cursor = self.input.render(field, buffer, look);
        } else {
            draw::text(buffer, field, &self.input.text(), look.matched, look);
        }
        let Some(problem) = &self.problem else {
            return cursor;
        };
        if let Some(place) = &problem.place {
            let text = self.input.text();
            let before = text.get(..place.start).unwrap_or(&text);
            let marked = text.get(place.start..place.end).unwrap_or_default();
            let column = draw::cells(&crate::text::sanitise::line(before));
            let carets = "^".repeat(draw::cells(&crate::text::sanitise::line(marked)).max(1));
            let shift = u16::try_from(column)
                .unwrap_or(u16::MAX)
                .min(field.width.saturating_sub(1));
            let under = draw::row(draw::below(area, 1), 0);
            let under = draw::right_of(under, label.saturating_add(shift));
            draw::text(buffer, under, &carets, look.error, look);
        }
        let row = draw::row(area, self.height().saturating_sub(1));
        draw::text(buffer, row, &problem.message, look.error, look);
        cursor
    }

    /// Draws what may follow over whatever is there, under the line.
    pub(crate) fn draw_proposals(&self, buffer: &mut Buffer, line: Rect, screen: Rect, world: &World) {
        let (look, shown) = (&world.look, self.shown());
        if !self.typing || shown.is_empty() {
            return;
        }
        let wide = |of: fn(&(String, String)) -> &str| {
            shown.iter().map(|word| draw::cells(of(word))).fold(0, usize::max)
        };
        let value = wide(|word| word.0.as_str());
        let width = u16::try_from(value + wide(|word| word.1.as_str()) + 6).unwrap_or(WIDEST);
        let rows = shown.len().min(MOST);
        let wanted = Size::new(
            width.clamp(NARROWEST, WIDEST),
            u16::try_from(rows + 2).unwrap_or(u16::MAX),
        );
        let under = line.y + self.height().saturating_sub(1);
        // Within the pane, whose border goes on beside it.
        let screen = Rect {
            x: line.x,
            width: line.width,
            ..screen
        };
        let anchor = Position::new(line.x + 8, under);
        let place = popup::anchored(screen, anchor, wanted);
        let foot = match self.chosen {
            Some(at) => format!("{} of {}", at + 1, shown.len()),
            None => "tab takes it".to_owned(),
        };
        let frame = popup::Popup {
            title: "".into(),
            foot: foot.into(),
        };
        let inner = frame.render(place, buffer, look);
        let top = self.chosen.map_or(0, |at| (at + 1).saturating_sub(rows));
        for (row, (at, (word, note))) in (0..inner.height).zip(shown.iter().enumerate().skip(top)) {
            let line = draw::row(inner, row);
            let style = match self.chosen == Some(at) {
                true => look.selection,
                false => look.text,
            };
            draw::clear(buffer, line, style);
            let note_style = style.patch(look.dim);
            draw::texts(buffer, line, &[(" ", style), (word, style)], look);
            let beside = u16::try_from(value + 3).unwrap_or(u16::MAX);
            draw::text(buffer, draw::right_of(line, beside), note, note_style, look);
        }
    }
}
