//! What lies over the page when somebody asks for it: help, palette, labels, copying, commands.

use std::collections::HashSet;

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::tui::action::{Action, RECORDS, Scope};
use crate::tui::app::{App, FRAME};
use crate::tui::effect::{Address, Effect, Job, Message, Tone};
use crate::tui::event::{Completion, Ended, Ran};
use crate::tui::key::Key;
use crate::tui::modal::Modal;
use crate::tui::modal::copy::Copying;
use crate::tui::modal::help::Help;
use crate::tui::modal::labels::Labels;
use crate::tui::modal::palette::Palette;
use crate::tui::modal::shell::ShellLine;
use crate::tui::view;

/// The question of completions, at any owner.
pub(crate) const COMPLETION: u8 = 200;

/// So many actions and lines are remembered.
const REMEMBERED: usize = 50;

/// What a person did so far.
#[derive(Debug, Default)]
pub(crate) struct Habits {
    /// Actions that were chosen by name, the latest first.
    pub(crate) recent: Vec<Action>,
    /// Those whose key was told.
    taught: HashSet<Action>,
    /// What is to be told of a key with the next thing that is said.
    pub(crate) lesson: Option<String>,
    /// Commands of the shell and command lines of the program (`crm …`), the latest last.
    pub(crate) lines: Vec<String>,
}

impl App {
    /// Opens what lies over the page for an action; none if the action opens nothing such.
    pub(super) fn overlay(&mut self, action: Action) -> Option<Vec<Job>> {
        let modal: Modal = match action {
            Action::Help => Box::new(Help::of(self)),
            Action::Palette => Box::new(Palette::of(self)),
            Action::Labels => {
                let targets = self.targets();
                if targets.is_empty() {
                    return Some(self.say(Message::refused("there is nothing here to jump to")));
                }
                Box::new(Labels::new(targets))
            }
            Action::Copy => Box::new(Copying::new(self.selection().of(RECORDS))),
            Action::Pipe => Box::new(ShellLine::of_pipe(
                self.selection().of(RECORDS),
                self.habits.lines.clone(),
            )),
            Action::Shell => Box::new(ShellLine::new(self.habits.lines.clone())),
            _ => return None,
        };
        Some(self.apply(FRAME, vec![Effect::Popup(modal)]))
    }

    /// What can be gone to by a letter: what the page has, and the screens.
    fn targets(&self) -> Vec<(Position, Effect)> {
        let area = view::page_area(self);
        let of_page = self.page().map(|page| page.targets(area, &self.world));
        let mut targets = of_page.unwrap_or_default();
        let tabs = view::tab_places(self).into_iter();
        targets.extend(tabs.map(|(at, place)| (at, Effect::Go(place))));
        targets
    }

    /// Does an action that was chosen by its name, and tells its key the first time.
    pub(super) fn act_by_name(&mut self, action: Action) -> Vec<Job> {
        let key = self.world.keymap.key_here(self.scopes(), action);
        self.habits.recent.retain(|known| *known != action);
        self.habits.recent.insert(0, action);
        self.habits.recent.truncate(REMEMBERED);
        let is_new = !key.is_empty() && self.habits.taught.insert(action);
        self.habits.lesson = is_new.then(|| format!("next time: {key}"));
        let jobs = self.act(action);
        if self.habits.lesson.is_some() {
            self.teach();
        }
        jobs
    }

    /// Tells the key of what was chosen by name, behind what is said already.
    pub(super) fn teach(&mut self) {
        let Some(lesson) = self.habits.lesson.clone() else {
            return;
        };
        match &mut self.message {
            // What went wrong matters more.
            Some(message) if message.tone == Tone::Refused => {}
            Some(message) if message.text.ends_with(&lesson) => {}
            Some(message) => message.text.push_str(&format!("; {lesson}")),
            None => self.message = Some(Message::hint(lesson)),
        }
    }

    /// Keeps a line, so that it can be run again.
    pub(super) fn remember(&mut self, line: String) -> Vec<Job> {
        let lines = &mut self.habits.lines;
        lines.retain(|known| *known != line);
        lines.push(line);
        let surplus = lines.len().saturating_sub(REMEMBERED);
        lines.drain(..surplus);
        Vec::new()
    }

    /// Whether a key that means nothing begins to look for a name.
    pub(super) fn looks_up(&self, key: Key) -> bool {
        let is_letter = key.text().is_some_and(char::is_alphanumeric);
        self.world.keymap.types_ahead
            && is_letter
            && self.pressed.len() == 1
            && self.scopes().contains(&Scope::List)
    }

    /// Does what a click there would do.
    pub(super) fn click(&mut self, at: Position) -> Vec<Job> {
        let mut did = |kind| {
            self.mouse_did(MouseEvent {
                kind,
                column: at.x,
                row: at.y,
                modifiers: KeyModifiers::NONE,
            })
        };
        let mut jobs = did(MouseEventKind::Down(MouseButton::Left));
        jobs.extend(did(MouseEventKind::Up(MouseButton::Left)));
        jobs
    }

    /// A command has ended. It may have written, whoever waits for what it printed.
    pub(super) fn ran(&mut self, address: Address, ran: Ran) -> Vec<Job> {
        self.end_run();
        self.dirty = true;
        let mut jobs = self.refresh();
        let popup = self.popups.iter_mut().find(|popup| popup.owner == address.owner);
        match (popup, &ran.end) {
            (Some(popup), _) => {
                let effects = popup.modal.ran(ran, &self.world);
                jobs.extend(self.apply(address.owner, effects));
            }
            // Of what was launched only a failure comes back.
            (None, Ended::Not(reason)) => jobs.extend(self.say(Message::refused(reason.clone()))),
            (None, _) => {}
        }
        jobs
    }

    /// What may stand at the end of a command line is known.
    pub(super) fn completed(
        &mut self,
        address: Address,
        generation: u64,
        words: Vec<Completion>,
    ) -> Vec<Job> {
        if !self.answered(address, generation) {
            return Vec::new();
        }
        self.dirty = true;
        let popup = self.popups.iter_mut().find(|popup| popup.owner == address.owner);
        let Some(popup) = popup else { return Vec::new() };
        let effects = popup.modal.completed(words, &self.world);
        self.apply(address.owner, effects)
    }
}
