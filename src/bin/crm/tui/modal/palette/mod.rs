//! Go to anything, do anything: actions, reports, saved views, records and whole command lines, by a part of a name.

pub(crate) mod item;
mod line;
mod rank;
pub(crate) mod reach;
#[cfg(test)]
mod tests;
mod view;
mod words;

use crm::domain::noun::Noun;
use crm::error::Result;
use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::action::{Action, Scope};
use crate::tui::app::App;
use crate::tui::component::input::Input;
use crate::tui::effect::{Effect, Message};
use crate::tui::event::Completion;
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::modal::output::Output;
use crate::tui::modal::palette::item::{Does, Item};
use crate::tui::modal::palette::line::{Mode, Run};
use crate::tui::modal::palette::rank::Ranking;
use crate::tui::page::Typed;
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// Questions of the palette.
const RECORDS: u8 = 0;
const KNOWN: u8 = 1;

/// At most so many lines that were run before are offered.
const AGAIN: usize = 3;

/// The palette while it is open.
#[derive(Debug)]
pub(crate) struct Palette {
    input: Input,
    /// What there is without asking the base, the likeliest first.
    actions: Vec<Item>,
    reports: Vec<Item>,
    commands: Vec<Item>,
    again: Vec<Item>,
    /// What the base has whatever is typed, once it has told.
    views: Vec<Item>,
    tags: Vec<Item>,
    /// The rows for what was typed.
    shown: Vec<Item>,
    cursor: usize,
    /// Whether the base has not answered yet what was typed last.
    is_searching: bool,
    /// Whether there is a list to filter.
    has_filter: bool,
}

impl Palette {
    /// The palette on the page that is shown.
    pub(crate) fn of(app: &App) -> Palette {
        let again = app
            .habits
            .lines
            .iter()
            .rev()
            .filter_map(|line| line.strip_prefix("crm "));
        let mut palette = Palette {
            input: Input::new("").placeholder(words::PLACEHOLDER),
            actions: item::actions(app),
            reports: item::reports(),
            commands: item::commands(&app.commands),
            again: again.take(AGAIN).map(item::again).collect(),
            views: Vec::new(),
            tags: Vec::new(),
            shown: Vec::new(),
            cursor: 0,
            is_searching: false,
            has_filter: app.scopes().contains(&Scope::List),
        };
        palette.rank();
        palette
    }

    /// What is typed for, and what was typed for it.
    fn mode(&self) -> (Mode, String) {
        let text = self.input.text();
        let typed = text.trim_start().to_lowercase();
        // `log a call` is what an action is called, `log C1 call` is a command.
        let is_title = |item: &Item| item.title.to_lowercase().starts_with(&typed);
        let is_called_so = self.actions.iter().any(is_title);
        let (mode, rest) = line::mode(&text, |word| {
            let has = |command: &Item| command.names.iter().any(|name| name == word);
            !is_called_so && self.commands.iter().any(has)
        });
        (mode, rest.to_owned())
    }

    /// The rows for what was typed, as far as they need no answer of the base.
    fn rank(&mut self) {
        let (mode, typed) = self.mode();
        let is_empty = typed.trim().is_empty();
        let sources: Vec<&Item> = match mode {
            Mode::All if is_empty => [&self.again, &self.actions, &self.views, &self.reports]
                .into_iter()
                .flatten()
                .collect(),
            Mode::All => [&self.actions, &self.views, &self.reports]
                .into_iter()
                .flatten()
                .chain(self.begun(&typed))
                .collect(),
            Mode::Commands => [&self.again, &self.actions, &self.commands]
                .into_iter()
                .flatten()
                .collect(),
            Mode::Tags => self.tags.iter().collect(),
            Mode::People | Mode::Filter | Mode::Line => Vec::new(),
        };
        let mut ranking = Ranking::new(&typed);
        let mut found: Vec<(bool, std::cmp::Reverse<u32>, Item)> = sources
            .into_iter()
            .filter_map(|item| {
                let names: Vec<&str> = item.names.iter().map(String::as_str).collect();
                let score = ranking.score(&item.title, &names)?;
                Some((item.off.is_some(), std::cmp::Reverse(score), item.clone()))
            })
            .collect();
        // Equals stay in the order in which they are likely.
        found.sort_by_key(|(is_off, score, _)| (*is_off, *score));
        self.shown = found.into_iter().map(|(.., item)| item).collect();
        self.cursor = 0;
    }

    /// The commands of the program that begin with the one word that was typed.
    fn begun(&self, typed: &str) -> impl Iterator<Item = &Item> {
        let typed = typed.trim().to_owned();
        self.commands
            .iter()
            .filter(move |command| command.names.iter().any(|name| name.starts_with(&typed)))
    }

    /// Something else was typed.
    fn changed(&mut self) -> Vec<Effect> {
        let (mode, typed) = self.mode();
        if mode == Mode::Line {
            // The words for the line before may still fit; better ones are on their way.
            self.shown.retain(|item| item.sort.is_empty());
            self.is_searching = false;
            self.cursor = 0;
            return vec![Effect::Complete(typed)];
        }
        self.rank();
        let noun = match mode {
            Mode::All => None,
            Mode::People => Some(Noun::Customer),
            _ => {
                self.is_searching = false;
                return Vec::new();
            }
        };
        self.is_searching = !typed.trim().is_empty();
        match self.is_searching {
            true => vec![Effect::Read(RECORDS, Query::Reach(typed.trim().to_owned(), noun))],
            false => Vec::new(),
        }
    }

    fn set(&mut self, text: &str) -> Vec<Effect> {
        self.input.set(text);
        self.changed()
    }

    fn here(&self) -> Option<&Item> {
        self.shown.get(self.cursor)
    }

    fn go(&mut self, by: isize) {
        let last = self.shown.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// The first row that is seen of so many.
    fn top(&self, height: usize) -> usize {
        (self.cursor + 1).saturating_sub(height.max(1))
    }

    /// Does what is under the cursor.
    fn run(&mut self) -> Vec<Effect> {
        let (mode, typed) = self.mode();
        match mode {
            Mode::Line => return self.run_line(&typed),
            Mode::Filter => return self.filter(&typed),
            _ => {}
        }
        let Some(item) = self.here().cloned() else {
            return Vec::new();
        };
        if let Some(reason) = item.off {
            return vec![Effect::Say(Message::refused(reason))];
        }
        match item.does {
            Does::Run(action) => vec![Effect::Close, Effect::Run(action)],
            Does::Open(place) => vec![Effect::Close, Effect::Open(place)],
            Does::Line(line) => self.set(&line),
        }
    }

    /// Has a command line run; it stays here until it has gone well.
    fn run_line(&self, line: &str) -> Vec<Effect> {
        let remember = Effect::Remember(format!("crm {}", line.trim()));
        match line::run(line) {
            Run::Refused(reason) => vec![Effect::Say(Message::refused(reason))],
            Run::HandedOver(words) => vec![Effect::Close, remember, Effect::HandOver(words)],
            Run::Captured(words) => {
                vec![remember, Effect::Popup(Box::new(Output::of_command(words)))]
            }
        }
    }

    /// Filters the page below as if it had been typed there.
    fn filter(&self, text: &str) -> Vec<Effect> {
        if !self.has_filter {
            return vec![Effect::Say(Message::refused(words::NO_FILTER))];
        }
        vec![
            Effect::Close,
            Effect::Act(Action::Filter),
            Effect::Type(Typed::Paste(text.trim().to_owned())),
            Effect::Type(Typed::Key(Key::code(KeyCode::Enter))),
        ]
    }

    /// Completes the word that is being typed, or makes a command line of what is under the cursor.
    fn complete(&mut self) -> Vec<Effect> {
        let (mode, typed) = self.mode();
        let Some(item) = self.here().cloned() else {
            return Vec::new();
        };
        if mode == Mode::Line {
            let word = line::put(&item.title);
            let kept: String = typed.chars().take(line::last_word(&typed)).collect();
            return self.set(&format!("{kept}{word}"));
        }
        match item.line {
            Some(line) => self.set(&line),
            None => vec![Effect::Say(Message::hint(format!(
                "{}: there is no command that does the same",
                item.title
            )))],
        }
    }

    fn key(&mut self, key: Key, world: &World) -> Vec<Effect> {
        let page = isize::try_from(view::height(world.area)).unwrap_or(1);
        match (key.code, key.control) {
            (KeyCode::Esc, _) => return vec![Effect::Close],
            (KeyCode::Enter, _) => return self.run(),
            (KeyCode::Tab, _) if key.shift => self.go(-1),
            (KeyCode::Tab, _) => return self.complete(),
            (KeyCode::Down, _) | (KeyCode::Char('n'), true) => self.go(1),
            (KeyCode::Up, _) | (KeyCode::Char('p'), true) => self.go(-1),
            (KeyCode::PageDown, _) => self.go(page),
            (KeyCode::PageUp, _) => self.go(-page),
            (KeyCode::Char('t'), true) => {
                let text = line::next_sigil(&self.input.text());
                return self.set(&text);
            }
            // Nothing is left to take away.
            (KeyCode::Backspace, _) if self.input.is_empty() => return vec![Effect::Close],
            _ => {
                let before = self.input.text();
                self.input.key(key);
                if self.input.text() != before {
                    return self.changed();
                }
            }
        }
        Vec::new()
    }

    /// Adds records behind what is there and before what is not possible. The cursor stays on its row.
    fn found(&mut self, records: Vec<Item>) {
        self.is_searching = false;
        let at = self
            .shown
            .iter()
            .position(|item| item.off.is_some())
            .unwrap_or(self.shown.len());
        if self.cursor >= at && self.cursor > 0 {
            self.cursor += records.len();
        }
        self.shown.splice(at..at, records);
    }
}

impl Dialog for Palette {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        vec![Effect::Read(KNOWN, Query::Known)]
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        match typed {
            Typed::Key(key) => self.key(*key, world),
            Typed::Paste(text) => {
                self.input.paste(text);
                self.changed()
            }
        }
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        match answer {
            // It was asked before the text became a command line.
            Ok(Answer::Reach(_)) if self.mode().0 == Mode::Line => {}
            Ok(Answer::Reach(hits)) => self.found(hits.iter().map(item::record).collect()),
            Ok(Answer::Known(known)) => {
                self.views = known.views.iter().map(item::view).collect();
                self.tags = known.tags.iter().map(|tag| item::tag(tag)).collect();
                let (mode, typed) = self.mode();
                // Rows that are there stay where they are.
                if mode == Mode::Tags {
                    self.rank();
                } else if mode == Mode::All && typed.is_empty() {
                    self.found(self.views.clone());
                }
            }
            Err(error) if slot == RECORDS => {
                self.is_searching = false;
                return vec![Effect::Say(Message::refused(error.to_string()))];
            }
            _ => {}
        }
        Vec::new()
    }

    fn completed(&mut self, completions: Vec<Completion>, _world: &World) -> Vec<Effect> {
        if self.mode().0 == Mode::Line {
            self.shown = completions
                .iter()
                .map(|completion| item::completion(&completion.word, &completion.note))
                .collect();
            self.cursor = 0;
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        view::draw(self, area, frame.buffer_mut(), &world.look)
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, _world: &World) -> Vec<Effect> {
        match event.kind {
            MouseEventKind::ScrollDown => self.go(1),
            MouseEventKind::ScrollUp => self.go(-1),
            MouseEventKind::Down(MouseButton::Left) => {
                let at = Position::new(event.column, event.row);
                match view::hit(self, area, at) {
                    None => return vec![Effect::Close],
                    Some(None) => {}
                    Some(Some(row)) => {
                        self.cursor = row;
                        let is_line = self.mode().0 == Mode::Line;
                        return if is_line { self.complete() } else { self.run() };
                    }
                }
            }
            _ => {}
        }
        Vec::new()
    }
}
