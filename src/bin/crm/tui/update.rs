//! What becomes of the model by what happens. No clock, no base, no terminal: all that is wanted of them is returned.

use crm::error::{Kind, Result};
use crossterm::event::{MouseButton, MouseEventKind};
use ratatui::layout::Position;

use crate::tui::act;
use crate::tui::action::{Action, Scope, entry};
use crate::tui::app::{App, FRAME};
use crate::tui::deed::Deed;
use crate::tui::effect::{Address, Effect, Job, Message};
use crate::tui::event::{Event, Returned};
use crate::tui::key::{Key, shown};
use crate::tui::keymap::Meaning;
use crate::tui::page::selection::Selection;
use crate::tui::page::today::read::Freshness;
use crate::tui::page::{Page, Place, Typed};
use crate::tui::query::{Answer, Query};
use crate::tui::view::Clicked;

/// Within so many milliseconds a second Ctrl+C quits.
const TWICE_MS: i64 = 1000;

impl App {
    /// Takes an event, and says what has to be done for it.
    pub(crate) fn update(&mut self, event: Event) -> Vec<Job> {
        match event {
            Event::Key(key) => {
                self.input();
                self.typed(Typed::Key(key))
            }
            Event::Paste(text) => {
                self.input();
                self.typed(Typed::Paste(text))
            }
            Event::Mouse(event) => {
                self.input();
                self.mouse_did(event)
            }
            Event::Resize(columns, rows) => {
                self.dirty = true;
                self.world.area = ratatui::layout::Rect::new(0, 0, columns, rows);
                self.resized()
            }
            // Whoever comes back wants to see how things stand.
            Event::Focus(true) => self.look_around(),
            Event::Focus(false) => Vec::new(),
            Event::Answered(address, generation, answer) => self.answer(address, generation, answer),
            Event::Written(deed, done) => self.written(deed, done.map(|done| *done)),
            Event::Changed => self.look_around(),
            Event::Settings(text) => self.settings(text.as_deref()),
            Event::Clock(clock) => self.clock(clock),
            Event::Late(clock) => {
                if self.is_reading() && !self.slow {
                    self.slow = true;
                    self.dirty = true;
                }
                self.clock(clock)
            }
            Event::Returned(returned) => self.returned(returned),
            Event::Said(message) => self.say(message),
            Event::Ran(address, ran) => self.ran(address, ran),
            Event::Completed(address, generation, words) => self.completed(address, generation, words),
            Event::Terminal(answer) => vec![Job::Heard(answer)],
            Event::Background(background) => {
                self.dirty |= self.world.display.background != Some(background);
                self.world.stand_on(background);
                Vec::new()
            }
            Event::Suspend => vec![Job::Suspend],
            Event::Resumed => vec![Job::TakeAgain],
            Event::End(code) => vec![Job::Quit(code)],
        }
    }

    /// Reads what is shown, and whether rules told anything.
    pub(super) fn look_around(&mut self) -> Vec<Job> {
        let mut jobs = self.refresh();
        jobs.extend(self.ask_unread());
        jobs
    }

    fn input(&mut self) {
        self.inputs += 1;
        self.dirty = true;
    }

    /// The window may be larger than what was read for it.
    fn resized(&mut self) -> Vec<Job> {
        self.refresh()
    }

    fn clock(&mut self, clock: crm::domain::clock::Clock) -> Vec<Job> {
        let before = std::mem::replace(&mut self.world.caller.clock, clock);
        let now = self.world.clock();
        let is_new_minute = now.now().as_second() / 60 != before.now().as_second() / 60;
        let is_new_day = now.today() != before.today();
        if !is_new_minute {
            return Vec::new();
        }
        self.dirty = true;
        // What is due becomes late by itself; a page is not pulled away under an open popup.
        match (self.popups.is_empty(), is_new_day) {
            (true, true) => self.refresh(),
            (true, false) => self.look_again(),
            (false, _) => Vec::new(),
        }
    }

    pub(super) fn typed(&mut self, typed: Typed) -> Vec<Job> {
        self.message = None;
        self.habits.lesson = None;
        // Whatever has the keys, what takes too long can be cancelled.
        if let Typed::Key(key) = typed
            && self.world.keymap.meaning(&[Scope::Global], &[key]) == Meaning::Action(Action::Cancel)
        {
            return self.act(Action::Cancel);
        }
        if let Some(popup) = self.popups.last_mut() {
            let (owner, effects) = (popup.owner, popup.modal.typed(&typed, &self.world));
            return self.apply(owner, effects);
        }
        if let Some((shown, world)) = self.shown_mut() {
            let owner = shown.owner;
            if let Some(effects) = shown.page.typed(&typed, world) {
                return self.apply(owner, effects);
            }
        }
        match typed {
            Typed::Key(key) => self.key(key),
            Typed::Paste(text) => {
                let effects = act::pasted(&text, &self.selection());
                self.apply(FRAME, effects)
            }
        }
    }

    fn key(&mut self, key: Key) -> Vec<Job> {
        if !self.pressed.is_empty() && key == Key::code(crossterm::event::KeyCode::Esc) {
            self.pressed.clear();
            return Vec::new();
        }
        self.pressed.push(key);
        match self.world.keymap.meaning(self.scopes(), &self.pressed) {
            Meaning::Action(action) => {
                self.pressed.clear();
                self.act(action)
            }
            Meaning::Prefix(_) => Vec::new(),
            Meaning::Nothing if self.looks_up(key) => {
                self.pressed.clear();
                let mut jobs = self.act(Action::Filter);
                jobs.extend(self.typed(Typed::Key(key)));
                jobs
            }
            // Esc and a key so soon after it that the terminal cannot tell them from one with Alt.
            Meaning::Nothing if key.alt && self.pressed == [key] => {
                self.pressed.clear();
                let mut jobs = self.key(Key::code(crossterm::event::KeyCode::Esc));
                jobs.extend(self.key(Key { alt: false, ..key }));
                jobs
            }
            Meaning::Nothing => {
                let keys = shown(&self.pressed);
                self.pressed.clear();
                let help = self.world.keymap.key(Action::Help);
                self.say(Message::hint(format!(
                    "{keys} does nothing here; {help} shows what does"
                )))
            }
        }
    }

    /// Does an action, or says why it cannot be done.
    pub(crate) fn act(&mut self, action: Action) -> Vec<Job> {
        if !action.looks_around() {
            self.tutorial.begun();
        }
        if let Some((shown, world)) = self.shown_mut() {
            let owner = shown.owner;
            if let Some(effects) = shown.page.act(action, world) {
                return self.apply(owner, effects);
            }
        }
        if let Err(reason) = self.possible(action) {
            let key = self.world.keymap.key_here(self.scopes(), action);
            let named = if key.is_empty() {
                String::new()
            } else {
                format!("{key}: ")
            };
            return self.say(Message::refused(format!("{named}{reason}")));
        }
        if let Some(jobs) = self.overlay(action).or_else(|| self.everywhere(action)) {
            return jobs;
        }
        let selection = self.selection();
        let effects = act::on(action, &selection, &self.world);
        self.apply(FRAME, effects)
    }

    /// Whether an action makes sense now, else why not.
    pub(crate) fn possible(&self, action: Action) -> std::result::Result<(), String> {
        self.possible_with(action, &self.selection())
    }

    /// The same where what is chosen is known.
    pub(crate) fn possible_with(
        &self,
        action: Action,
        selection: &Selection,
    ) -> std::result::Result<(), String> {
        let Some(entry) = entry(action) else {
            return Ok(());
        };
        match action {
            Action::Open if self.is_list_of_nothing() => {
                return Err("there is nothing here to open".to_owned());
            }
            action if action.is_of_living() && self.scopes().contains(&Scope::Trash) => {
                let key = self.world.keymap.key_here(self.scopes(), Action::Restore);
                return Err(format!("this is the trash; {key} takes a record out of it first"));
            }
            Action::Repeat if self.last.is_none() => return Err("nothing was done yet".to_owned()),
            Action::New if self.scopes().iter().any(|scope| scope.is_of_reports()) => {
                return Err("a report is made of what is there; nothing can be added to it".to_owned());
            }
            _ => {}
        }
        if !entry.needs.is_empty() && !selection.has(entry.needs) {
            let nouns: Vec<&str> = entry.needs.iter().map(|noun| noun.name()).collect();
            return Err(match nouns.as_slice() {
                [one] => format!("there is no {one} here"),
                _ => "there is no record here for that".to_owned(),
            });
        }
        Ok(())
    }

    /// Whether a list is shown in which no row is.
    fn is_list_of_nothing(&self) -> bool {
        let is_list = matches!(self.scopes().first(), Some(Scope::List | Scope::Trash));
        is_list && self.selection() == Selection::default()
    }

    /// What can be done without a record; none if the action is no such one.
    fn everywhere(&mut self, action: Action) -> Option<Vec<Job>> {
        let place = match action {
            Action::Today => Some(Place::Today),
            Action::Customers => Some(Place::Customers),
            Action::Pipeline => Some(Place::Pipeline),
            Action::Tasks => Some(Place::Tasks),
            Action::Orders => Some(Place::Orders),
            Action::Tickets => Some(Place::Tickets),
            Action::Reports => Some(Place::Reports),
            _ => None,
        };
        if let Some(place) = place {
            return Some(self.go(&place));
        }
        Some(match action {
            Action::Week => self.open(&Place::Week),
            Action::Operations => self.open(&Place::Operations),
            Action::Trash => self.open(&Place::Trash),
            Action::Duplicates => self.open(&Place::Duplicates),
            Action::Notices => self.open(&Place::Notices),
            Action::Queue => self.open(&Place::Queue),
            Action::Back => match self.back() {
                Some(jobs) => jobs,
                None if self.tutorial.is_greeting() => {
                    self.tutorial.leave();
                    Vec::new()
                }
                None if self.tutorial.leave() => self.say(Message::hint(
                    "the lessons are left; the palette takes them up again",
                )),
                None => self.say(Message::hint(format!(
                    "this is the top; {} quits",
                    self.world.keymap.key(Action::Leave)
                ))),
            },
            Action::Leave => self.back().unwrap_or_else(|| vec![Job::Quit(0)]),
            Action::Quit => vec![Job::Quit(0)],
            Action::Cancel => self.cancel(),
            Action::Tutorial => {
                self.tutorial.take_up();
                self.dirty = true;
                Vec::new()
            }
            Action::Suspend => vec![Job::Suspend],
            Action::Redraw => vec![Job::Redraw],
            Action::Refresh => self.refresh(),
            Action::Undo => self.write(Deed::Undo(None)),
            Action::Redo => self.write(Deed::Redo(None)),
            Action::Repeat => self.repeat(),
            Action::CopyCommand => self.copy_command(),
            Action::Mouse => self.apply(FRAME, vec![Effect::Mouse]),
            Action::Preview => {
                self.world.preview = !self.world.preview;
                self.refresh()
            }
            _ => return None,
        })
    }

    /// Asks whether somebody begins on a base of samples, who is greeted then.
    pub(crate) fn welcome(&mut self) -> Vec<Job> {
        self.apply(FRAME, vec![Effect::Read(0, Query::Fresh)])
    }

    fn cancel(&mut self) -> Vec<Job> {
        let now = self.world.clock().now_ms();
        let is_second = self.cancelled_ms.is_some_and(|before| now - before < TWICE_MS);
        if is_second {
            return vec![Job::Quit(0)];
        }
        self.cancelled_ms = Some(now);
        self.give_up();
        self.pressed.clear();
        self.dirty = true;
        let mut jobs = vec![Job::Cancel];
        jobs.extend(self.say(Message::hint("cancelled; once more quits")));
        jobs
    }

    fn write(&mut self, deed: Deed) -> Vec<Job> {
        self.apply(FRAME, vec![Effect::Write(deed)])
    }

    fn repeat(&mut self) -> Vec<Job> {
        let selection = self.selection();
        let again = self.last.as_ref().and_then(|deed| deed.again(&selection));
        match again {
            Some(deed) => self.write(deed),
            None => self.say(Message::refused("what was done last cannot be done here")),
        }
    }

    fn copy_command(&mut self) -> Vec<Job> {
        let words = self.page().map(Page::command).unwrap_or_default();
        let line = match &self.last {
            // What was just done is what a person wants to see as a command.
            Some(deed) if self.fresh => deed.line(),
            _ => format!("crm {}", crate::text::shell::line(&words)),
        };
        vec![Job::Copy(line.clone(), line)]
    }

    /// Says something in the status line.
    pub(crate) fn say(&mut self, message: Message) -> Vec<Job> {
        self.message = Some(message);
        self.dirty = true;
        Vec::new()
    }

    fn answer(&mut self, address: Address, generation: u64, answer: Result<Answer>) -> Vec<Job> {
        if !self.answered(address, generation) {
            return Vec::new();
        }
        if answer
            .as_ref()
            .is_err_and(|error| error.kind() == Kind::Interrupted)
        {
            return Vec::new();
        }
        self.dirty = true;
        let popup = self.popups.iter_mut().find(|popup| popup.owner == address.owner);
        if let Some(popup) = popup {
            let effects = popup.modal.answer(address.slot, answer, &self.world);
            return self.apply(address.owner, effects);
        }
        let here = self.shown_mut().map(|(shown, _)| shown.owner);
        let mut pages = self.stacks.iter_mut().flatten();
        if let Some(shown) = pages.find(|shown| shown.owner == address.owner) {
            let mut effects = shown.page.answer(address.slot, answer, &self.world);
            if here != Some(address.owner) {
                // A page that was left goes on reading; it opens and says nothing where somebody else is now.
                effects.retain(|effect| matches!(effect, Effect::Read(..)));
                return self.apply(address.owner, effects);
            }
            self.tutorial.saw(&shown.page.command());
            return self.apply(address.owner, effects);
        }
        match (address.owner, answer) {
            (FRAME, Ok(Answer::Unread(count))) => {
                self.unread = count;
                Vec::new()
            }
            (FRAME, Ok(Answer::Fresh(fresh))) if fresh != Freshness::Used => self.greet(fresh),
            _ => Vec::new(),
        }
    }

    fn greet(&mut self, fresh: Freshness) -> Vec<Job> {
        let page = self.page().map(crate::tui::page::Page::command);
        let is_empty = fresh == Freshness::Empty;
        self.tutorial.greet(page.unwrap_or_default(), is_empty);
        if self.world.is_narrow() {
            return self.say(Message::hint(self.tutorial.greeting(&self.world)));
        }
        Vec::new()
    }

    fn returned(&mut self, returned: Returned) -> Vec<Job> {
        let owner = returned.to.owner;
        let popup = self.popups.iter_mut().find(|popup| popup.owner == owner);
        let effects = match popup {
            Some(popup) => popup.modal.returned(returned, &self.world),
            None => act::returned(returned, &self.world),
        };
        self.apply(owner, effects)
    }

    pub(super) fn mouse_did(&mut self, event: crossterm::event::MouseEvent) -> Vec<Job> {
        if let Some(popup) = self.popups.last_mut() {
            let owner = popup.owner;
            let effects = popup.modal.mouse(event, self.world.area, &self.world);
            return self.apply(owner, effects);
        }
        if event.kind == MouseEventKind::Down(MouseButton::Left) {
            let at = Position::new(event.column, event.row);
            let clicked = crate::tui::view::clicked(self, at);
            self.message = None;
            match clicked {
                Some(Clicked::Place(place)) => return self.go(&place),
                Some(Clicked::Action(action)) => return self.act(action),
                None => {}
            }
        }
        let area = crate::tui::view::page_area(self);
        let Some((shown, world)) = self.shown_mut() else {
            return Vec::new();
        };
        let (owner, effects) = (shown.owner, shown.page.mouse(event, area, world));
        self.apply(owner, effects)
    }
}
