//! A command of the shell, as it is typed.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use crm::domain::value::Link;

use crate::text::number;
use crate::tui::component::draw;
use crate::tui::component::input::Input;
use crate::tui::component::popup::{self, Popup};
use crate::tui::effect::Effect;
use crate::tui::modal::Dialog;
use crate::tui::modal::output::Output;
use crate::tui::page::Typed;
use crate::tui::world::World;

/// The words of this popup.
mod words {
    pub(super) const SHELL: &str = "Run in the shell";
    pub(super) const FOOT: &str = "Enter run · Up earlier · Esc close";
    pub(super) const FOOT_ASCII: &str = "Enter run - up: earlier - Esc close";
    pub(super) const PIPE_EXAMPLE: &str = "jq -r .name | sort";
    pub(super) const SHELL_EXAMPLE: &str = "cal";
    pub(super) const HOW: &str = "one JSON object a line; what comes back changed can be taken over";

    pub(super) fn pipe(what: &str) -> String {
        format!("Send {what} to a command")
    }
}

/// The widest that the popup becomes.
const WIDEST: u16 = 76;

/// A command that is being typed.
#[derive(Debug)]
pub(crate) struct ShellLine {
    /// The records that it is sent; none for a command without.
    links: Option<Vec<Link>>,
    input: Input,
    /// Commands that were run before, the latest last.
    before: Vec<String>,
    /// Which of them is shown; the one that is being typed if it is their number.
    at: usize,
}

impl ShellLine {
    /// A command without records.
    pub(crate) fn new(before: Vec<String>) -> ShellLine {
        ShellLine {
            links: None,
            input: Input::new("").placeholder(words::SHELL_EXAMPLE),
            at: before.len(),
            before,
        }
    }

    /// A command that is sent records.
    pub(crate) fn of_pipe(links: Vec<Link>, before: Vec<String>) -> ShellLine {
        ShellLine {
            links: Some(links),
            input: Input::new("").placeholder(words::PIPE_EXAMPLE),
            at: before.len(),
            before,
        }
    }

    fn title(&self) -> String {
        match self.links.as_deref() {
            None => words::SHELL.to_owned(),
            Some([one]) => words::pipe(&one.name),
            Some(several) => {
                let noun = several.first().map(|link| link.noun.plural()).unwrap_or_default();
                words::pipe(&format!("{} {noun}", number::many(several.len() as u64)))
            }
        }
    }

    fn run(&self) -> Vec<Effect> {
        let text = self.input.text();
        let command = text.trim();
        if command.is_empty() {
            return Vec::new();
        }
        let output = match &self.links {
            None => Output::of_shell(command),
            Some(links) => Output::of_pipe(command, links.clone()),
        };
        vec![
            Effect::Close,
            Effect::Remember(command.to_owned()),
            Effect::Popup(Box::new(output)),
        ]
    }

    /// Shows another one of the commands that were run before.
    fn recall(&mut self, by: isize) {
        self.at = self.at.saturating_add_signed(by).min(self.before.len());
        let text = self.before.get(self.at).cloned().unwrap_or_default();
        self.input.set(&text);
    }
}

impl Dialog for ShellLine {
    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        match typed {
            Typed::Paste(text) => {
                self.input.paste(text);
            }
            Typed::Key(key) => match key.code {
                KeyCode::Esc => return vec![Effect::Close],
                KeyCode::Enter => return self.run(),
                KeyCode::Up => self.recall(-1),
                KeyCode::Down => self.recall(1),
                _ => {
                    self.input.key(*key);
                }
            },
        }
        Vec::new()
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        let height = if self.links.is_some() { 4 } else { 3 };
        let width = area.width.saturating_sub(2).min(WIDEST);
        let place = popup::centred(area, Size::new(width, height));
        let foot = match look.symbols.cut.is_ascii() {
            true => words::FOOT_ASCII,
            false => words::FOOT,
        };
        let popup = Popup {
            title: self.title().into(),
            foot: foot.into(),
        };
        let buffer = frame.buffer_mut();
        let inner = popup.render(place, buffer, look);
        if self.links.is_some() {
            draw::text(buffer, draw::row(inner, 1), words::HOW, look.dim, look);
        }
        let line = draw::row(inner, 0);
        let used = draw::text(buffer, line, "$ ", look.accent, look);
        self.input.render(draw::right_of(line, used), buffer, look)
    }
}
