//! What a command prints: it runs while this is open, and can be stopped.

use crossterm::event::{KeyCode, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use crm::domain::value::Link;
use crm::error::Result;

use crate::text::shell;
use crate::tui::act::copy::Rows;
use crate::tui::act::pipe::{self, Change};
use crate::tui::act::told;
use crate::tui::component::confirm::{Confirm, ConfirmEvent, Grade};
use crate::tui::component::draw;
use crate::tui::component::popup::{self, Popup};
use crate::tui::component::viewer::{Viewer, ViewerEvent};
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::event::{Ended, Ran};
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::page::Typed;
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// The words of this popup.
mod words {
    pub(super) const RUNNING: &str = "running…";
    pub(super) const FOOT_RUNNING: &str = "Esc stops it";
    pub(super) const FOOT: &str = "/ search · y copy · Esc close";
    pub(super) const CUT: &str = "(more was printed than is kept: 1 MiB)";
    pub(super) const NOTHING: &str = "nothing was printed";
    pub(super) const STOPPED: &str = "it was stopped";
    pub(super) const APPLY: &str = "Change them";

    pub(super) fn offered(changes: usize) -> String {
        match changes {
            1 => "e changes 1 record as printed".to_owned(),
            _ => format!("e changes {changes} records as printed"),
        }
    }

    pub(super) fn question(changes: usize) -> String {
        match changes {
            1 => "Change this record as the command has printed it?".to_owned(),
            _ => format!("Change {changes} records as the command has printed them?"),
        }
    }

    pub(super) fn code(code: i32) -> String {
        format!("exit code {code}")
    }
}

/// What is run.
#[derive(Debug, Clone)]
enum Task {
    /// A command line of this program.
    Command(Vec<String>),
    /// A command of the shell.
    Shell(String),
    /// A command of the shell that is sent these records.
    Pipe(String, Vec<Link>),
}

/// How far it is.
#[derive(Debug)]
enum State {
    Running,
    Shown(Box<Viewer>),
    /// Whether the changes are to be made that were printed.
    Asking(Box<Viewer>, Box<Confirm>),
}

/// A command and what it prints.
#[derive(Debug)]
pub(crate) struct Output {
    task: Task,
    state: State,
    /// Whether what it was started from is below, and closes with it when all went well.
    is_above: bool,
    is_well: bool,
    text: String,
    sent: Rows,
    changes: Vec<Change>,
    /// The changes that are being made.
    waiting: Option<Deed>,
    size: Size,
}

impl Output {
    fn new(task: Task) -> Output {
        Output {
            task,
            state: State::Running,
            is_above: false,
            is_well: false,
            text: String::new(),
            sent: Rows::default(),
            changes: Vec::new(),
            waiting: None,
            size: Size::new(0, 0),
        }
    }

    /// A command line of this program that was typed in the popup below, which stays if it fails.
    pub(crate) fn of_command(words: Vec<String>) -> Output {
        Output {
            is_above: true,
            ..Output::new(Task::Command(words))
        }
    }

    /// A command of the shell.
    pub(crate) fn of_shell(command: &str) -> Output {
        Output::new(Task::Shell(command.to_owned()))
    }

    /// A command of the shell that is sent records.
    pub(crate) fn of_pipe(command: &str, links: Vec<Link>) -> Output {
        Output::new(Task::Pipe(command.to_owned(), links))
    }

    fn title(&self) -> String {
        match &self.task {
            Task::Command(words) => format!("crm {}", shell::line(words)),
            Task::Shell(command) | Task::Pipe(command, _) => format!("$ {command}"),
        }
    }

    fn close(&self) -> Vec<Effect> {
        match self.is_above && self.is_well {
            true => vec![Effect::Close, Effect::Close],
            false => vec![Effect::Close],
        }
    }

    /// Shows what was printed, or says it in the status line if it is a line of success.
    fn show(&mut self, ran: &Ran) -> Vec<Effect> {
        self.is_well = ran.end == Ended::Well;
        let output = without_sequences(&ran.output);
        let talk = without_sequences(&ran.talk);
        let mut parts: Vec<String> = [output.trim_end(), talk.trim_end()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        self.text = parts.join("\n");
        if self.is_well && self.text.lines().count() <= 1 {
            let said = match self.text.is_empty() {
                true => format!("{}: {}", self.title(), words::NOTHING),
                false => self.text.clone(),
            };
            let mut effects = self.close();
            effects.push(Effect::Say(Message::done(said)));
            return effects;
        }
        if ran.is_cut {
            parts.push(words::CUT.to_owned());
        }
        match &ran.end {
            Ended::Well => {}
            Ended::Code(code) => parts.push(words::code(*code)),
            Ended::Stopped => parts.push(words::STOPPED.to_owned()),
            Ended::Not(reason) => parts.push(reason.clone()),
        }
        if self.is_well && matches!(self.task, Task::Pipe(..)) {
            self.changes = pipe::changes(&self.sent, &ran.output);
        }
        let mut viewer = Viewer::new(&parts.join("\n"));
        if matches!(self.task, Task::Command(_)) {
            viewer = viewer.unwrapped();
        }
        viewer.resize(self.size);
        self.state = State::Shown(Box::new(viewer));
        Vec::new()
    }

    fn foot(&self) -> String {
        match (&self.state, self.changes.len()) {
            (State::Running, _) => words::FOOT_RUNNING.to_owned(),
            (_, 0) => words::FOOT.to_owned(),
            (_, count) => format!("{} · {}", words::offered(count), words::FOOT),
        }
    }

    /// Asks whether the changes are to be made, and shows each.
    fn ask(&mut self) {
        let State::Shown(viewer) = std::mem::replace(&mut self.state, State::Running) else {
            return;
        };
        let preview = self.changes.iter().flat_map(|change| {
            let head = format!("{} {}", change.record.reference(), change.record.name);
            std::iter::once(head).chain(change.lines.iter().map(|line| format!("  {line}")))
        });
        let count = self.changes.len();
        let grade = match count {
            ..=100 => Grade::Simple,
            _ => Grade::Typed(count.to_string()),
        };
        let question = words::question(count);
        let title = self.title();
        let confirm = Confirm::new(&title, &question, preview.collect(), words::APPLY, grade);
        self.state = State::Asking(viewer, Box::new(confirm));
    }

    fn key(&mut self, key: Key) -> Vec<Effect> {
        match &mut self.state {
            State::Running => match key.code {
                KeyCode::Esc | KeyCode::Char('q') => vec![Effect::Stop, Effect::Close],
                _ => Vec::new(),
            },
            State::Asking(..) if self.waiting.is_some() => Vec::new(),
            State::Asking(_, confirm) => match confirm.key(key) {
                ConfirmEvent::Kept => Vec::new(),
                ConfirmEvent::Yes => {
                    let deed = pipe::deed(&self.changes, &self.title());
                    self.waiting = Some(deed.clone());
                    vec![Effect::Write(deed)]
                }
                ConfirmEvent::No => {
                    if let State::Asking(viewer, _) = std::mem::replace(&mut self.state, State::Running) {
                        self.state = State::Shown(viewer);
                    }
                    Vec::new()
                }
            },
            State::Shown(viewer) => {
                viewer.resize(self.size);
                match (viewer.is_searching(), key.text()) {
                    (false, Some('y')) => {
                        return vec![Effect::Copy("what was printed".to_owned(), self.text.clone())];
                    }
                    (false, Some('e')) if !self.changes.is_empty() => {
                        self.ask();
                        return Vec::new();
                    }
                    _ => {}
                }
                match viewer.key(key) {
                    ViewerEvent::Closed => self.close(),
                    ViewerEvent::Kept | ViewerEvent::Ignored => Vec::new(),
                }
            }
        }
    }

    /// All of the popup.
    fn area(screen: Rect) -> Rect {
        let screen = draw::split_last(screen).1;
        let wanted = match screen.width {
            ..80 => screen.as_size(),
            _ => Size::new(screen.width - 4, screen.height.saturating_sub(2)),
        };
        popup::centred(screen, wanted)
    }
}

/// The cells in which a command can print on a screen of this size.
pub(crate) fn width(screen: Rect) -> u16 {
    popup::inside(Output::area(screen)).width
}

impl Dialog for Output {
    fn begin(&mut self, world: &World) -> Vec<Effect> {
        self.size = popup::inside(Output::area(world.area)).as_size();
        vec![match self.task.clone() {
            Task::Command(words) => Effect::Command(words),
            Task::Shell(command) => Effect::Shell(command, String::new()),
            Task::Pipe(_, links) => Effect::Read(0, Query::Rows(links)),
        }]
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        self.size = popup::inside(Output::area(world.area)).as_size();
        match (typed, &mut self.state) {
            (Typed::Key(key), _) => return self.key(*key),
            (Typed::Paste(text), State::Shown(viewer)) => viewer.paste(text),
            (Typed::Paste(text), State::Asking(_, confirm)) => confirm.paste(text),
            (Typed::Paste(_), State::Running) => {}
        }
        Vec::new()
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        let Task::Pipe(command, _) = &self.task else {
            return Vec::new();
        };
        match answer {
            Ok(Answer::Rows(rows)) => {
                let input = rows.lines();
                self.sent = *rows;
                vec![Effect::Shell(command.clone(), input)]
            }
            Ok(_) => Vec::new(),
            Err(error) => vec![Effect::Close, Effect::Say(Message::refused(told(&error)))],
        }
    }

    fn ran(&mut self, ran: Ran, _world: &World) -> Vec<Effect> {
        self.show(&ran)
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.waiting.as_ref() == Some(deed)
    }

    fn refused(&mut self, _deed: &Deed, error: &crm::error::Error, _world: &World) -> Vec<Effect> {
        self.waiting = None;
        if let State::Asking(viewer, _) = std::mem::replace(&mut self.state, State::Running) {
            self.state = State::Shown(viewer);
        }
        vec![Effect::Say(Message::refused(told(error)))]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        let buffer = frame.buffer_mut();
        let popup = Popup {
            title: self.title().into(),
            foot: self.foot().into(),
        };
        let inner = popup.render(Output::area(area), buffer, look);
        match &self.state {
            State::Running => {
                draw::text(buffer, draw::row(inner, 0), words::RUNNING, look.dim, look);
                None
            }
            State::Shown(viewer) if inner.as_size() == self.size => viewer.render(inner, buffer, look),
            State::Shown(viewer) => {
                let mut viewer = viewer.clone();
                viewer.resize(inner.as_size());
                viewer.render(inner, buffer, look)
            }
            State::Asking(_, confirm) => confirm.render(area, buffer, look),
        }
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, _world: &World) -> Vec<Effect> {
        let inside = Output::area(area).contains(Position::new(event.column, event.row));
        if let State::Shown(viewer) = &mut self.state {
            match event.kind {
                MouseEventKind::ScrollDown => viewer.scroll(3),
                MouseEventKind::ScrollUp => viewer.scroll(-3),
                MouseEventKind::Down(_) if !inside => return self.close(),
                _ => {}
            }
        }
        Vec::new()
    }
}

/// A text without the sequences by which programs colour what they print. Others are left, and seen as text.
fn without_sequences(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut parts = text.split("\u{1b}[");
    plain.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.find(|letter: char| !letter.is_ascii_digit() && letter != ';');
        match end.and_then(|end| part.get(end..)) {
            Some(rest) if rest.starts_with(['m', 'K']) => plain.push_str(rest.get(1..).unwrap_or_default()),
            _ => {
                plain.push_str("\u{1b}[");
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_programs_are_left_out_and_nothing_else() {
        for (text, plain) in [
            ("plain 张伟", "plain 张伟"),
            ("\u{1b}[1;31mred\u{1b}[0m\n", "red\n"),
            ("a\u{1b}[Kb", "ab"),
            ("\u{1b}[2J", "\u{1b}[2J"),
            ("\u{1b}[", "\u{1b}["),
            ("\u{1b}]0;title\u{7}", "\u{1b}]0;title\u{7}"),
        ] {
            assert_eq!(without_sequences(text), plain, "{text:?}");
        }
    }
}
