//! The work queue: one customer after the other, with one key for how it went. What is logged, done and planned by a key is
//! one operation.

mod outcome;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeSet;

use crm::domain::agenda::{Entry, Section};
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Result;
use crossterm::event::{KeyCode, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::action::{Action, Scope};
use crate::tui::component::input::Input;
use crate::tui::deed::{DealVerb, Deed, Done, Step, TaskVerb};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::modal::date_line::DateField;
use crate::tui::page::queue::outcome::Outcome;
use crate::tui::page::selection::Selection;
use crate::tui::page::today::read::Preview;
use crate::tui::page::{Page, Typed};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// Questions of this page.
const AGENDA: u8 = 0;
const PREVIEW: u8 = 1;

/// The most entries of a section that are worked through at a time.
const MOST: i64 = 200;

/// A customer, and why it is time for one.
#[derive(Debug, Clone)]
struct Stop {
    customer: Link,
    entry: Entry,
}

/// What became of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    Skipped,
    /// By the operation with this number; none if nothing had to be changed.
    Done(Option<Outcome>, Option<i64>),
}

/// What is asked before an outcome is written down.
#[derive(Debug)]
enum Asking {
    /// What was said.
    Note(Input),
    /// When to be in touch again; an empty answer is none where that is possible.
    When(Outcome, DateField),
    /// Why not.
    Reason(Input),
    /// Whether the only open deal is lost by it.
    Lose(Link),
}

/// The queue.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    /// None until they were read.
    stops: Option<Vec<Stop>>,
    /// What became of those before the one that is shown.
    trail: Vec<Left>,
    preview: Option<Box<Preview>>,
    note: String,
    asking: Option<Asking>,
    /// What is being written, and how the stop is left by it.
    waiting: Option<(Deed, Option<Outcome>)>,
    scroll: u16,
    error: Option<String>,
}

impl Queue {
    /// A queue of which nothing was read yet.
    pub(crate) fn new() -> Queue {
        Queue::default()
    }

    fn at(&self) -> usize {
        self.trail.len()
    }

    fn stop(&self) -> Option<&Stop> {
        self.stops.as_ref()?.get(self.at())
    }

    fn count(&self) -> usize {
        self.stops.as_ref().map_or(0, Vec::len)
    }

    /// Asks for what is known of the customer who is shown.
    fn detail(&self) -> Vec<Effect> {
        self.stop()
            .map(|stop| Effect::Read(PREVIEW, Query::Preview(stop.entry.record.clone())))
            .into_iter()
            .collect()
    }

    fn forward(&mut self, left: Left) -> Vec<Effect> {
        self.trail.push(left);
        self.note.clear();
        self.arrive()
    }

    fn arrive(&mut self) -> Vec<Effect> {
        self.asking = None;
        self.scroll = 0;
        self.detail()
    }

    fn back(&mut self) -> Vec<Effect> {
        match self.trail.last() {
            None => vec![Effect::Say(Message::hint("this is where the queue begins"))],
            Some(Left::Done(_, Some(no))) => {
                let deed = Deed::Undo(Some(*no));
                self.waiting = Some((deed.clone(), None));
                vec![Effect::Write(deed)]
            }
            Some(Left::Skipped | Left::Done(_, None)) => {
                self.trail.pop();
                self.arrive()
            }
        }
    }

    fn choose(&mut self, outcome: Outcome) -> Vec<Effect> {
        if self.stop().is_none() || self.waiting.is_some() {
            return Vec::new();
        }
        match outcome {
            Outcome::Voicemail | Outcome::NoAnswer => self.write(outcome, outcome.again(), None),
            Outcome::Reached | Outcome::CallBack => {
                self.asking = Some(Asking::When(
                    outcome,
                    DateField::new(outcome.again().unwrap_or("")),
                ));
                Vec::new()
            }
            Outcome::NotInterested => {
                self.asking = Some(Asking::Reason(Input::new(&self.note)));
                Vec::new()
            }
        }
    }

    /// Logs what happened, marks the task as done, plans what comes next, loses a deal: one operation.
    fn write(&mut self, outcome: Outcome, due: Option<&str>, lost: Option<Link>) -> Vec<Effect> {
        let Some(stop) = self.stop() else {
            return Vec::new();
        };
        let next = due.filter(|due| !due.is_empty()).map(|due| Step {
            title: outcome.next_title(&stop.entry),
            due: Some(due.to_owned()),
        });
        let mut deeds = vec![Deed::Log {
            customer: stop.customer.clone(),
            assignments: outcome.activity(&stop.entry, &self.note),
            next,
        }];
        if stop.entry.record.noun == Noun::Task {
            deeds.push(Deed::Tasks(TaskVerb::Done, vec![stop.entry.record.clone()]));
        }
        if let Some(deal) = lost {
            let note = match self.note.trim() {
                "" => outcome.word().to_owned(),
                note => note.to_owned(),
            };
            deeds.push(Deed::Deals(
                DealVerb::Lose("other".to_owned(), Some(note)),
                vec![deal],
            ));
        }
        let title = format!("{}: {}", stop.customer.name, outcome.word());
        let deed = Deed::All(title, deeds);
        self.asking = None;
        self.waiting = Some((deed.clone(), Some(outcome)));
        vec![Effect::Write(deed)]
    }

    /// What is known of the customer who is shown; none until it was read.
    fn known(&self) -> Option<&Preview> {
        let stop = self.stop()?;
        let preview = self.preview.as_deref()?;
        (preview.record.id == stop.entry.record.id).then_some(preview)
    }

    /// The only open deal of the customer.
    fn only_deal(&self) -> Option<Link> {
        let brief = self.known()?.brief.as_ref()?;
        let mut deals = brief.open.iter().filter(|open| open.record.noun == Noun::Deal);
        match (deals.next(), deals.next()) {
            (Some(deal), None) => Some(deal.record.clone()),
            _ => None,
        }
    }

    /// Takes a key while something is asked.
    fn answered(&mut self, key: Key, world: &World) -> Vec<Effect> {
        if key.code == KeyCode::Esc {
            self.asking = None;
            return Vec::new();
        }
        let is_enter = key.code == KeyCode::Enter;
        match self.asking.take() {
            Some(Asking::Note(mut input)) => match is_enter {
                true => self.note = input.text().trim().to_owned(),
                false => {
                    input.key(key);
                    self.asking = Some(Asking::Note(input));
                }
            },
            Some(Asking::When(outcome, mut field)) => {
                let phrase = field.phrase();
                match (is_enter, phrase.is_empty() || field.meaning(None, world).is_ok()) {
                    (true, true) => return self.write(outcome, Some(&phrase), None),
                    (true, false) => {
                        let (why, _) = field.answer(None, world);
                        self.asking = Some(Asking::When(outcome, field));
                        return vec![Effect::Say(Message::refused(why))];
                    }
                    (false, _) => {
                        field.input.key(key);
                        self.asking = Some(Asking::When(outcome, field));
                    }
                }
            }
            Some(Asking::Reason(mut input)) if !is_enter => {
                input.key(key);
                self.asking = Some(Asking::Reason(input));
            }
            Some(Asking::Reason(input)) => {
                self.note = input.text().trim().to_owned();
                match self.only_deal() {
                    Some(deal) => self.asking = Some(Asking::Lose(deal)),
                    None => return self.write(Outcome::NotInterested, None, None),
                }
            }
            Some(Asking::Lose(deal)) => match key.text() {
                Some('y' | 'Y') => return self.write(Outcome::NotInterested, None, Some(deal)),
                Some('n' | 'N') => return self.write(Outcome::NotInterested, None, None),
                _ if is_enter => return self.write(Outcome::NotInterested, None, None),
                _ => self.asking = Some(Asking::Lose(deal)),
            },
            None => {}
        }
        Vec::new()
    }

    fn pasted(&mut self, text: &str) {
        match &mut self.asking {
            Some(Asking::Note(input) | Asking::Reason(input)) => drop(input.paste(text)),
            Some(Asking::When(_, field)) => drop(field.input.paste(text)),
            Some(Asking::Lose(_)) | None => {}
        }
    }
}

/// The stops of an agenda: what is late, calls and follow-ups first; then today, deals, quiet customers. One each.
fn stops(sections: &[Section]) -> Vec<Stop> {
    let is_talk = |entry: &Entry| matches!(entry.kind.as_str(), "call" | "follow_up");
    let mut known = BTreeSet::new();
    let mut stops = Vec::new();
    for section in sections.iter().filter(|section| section.name != "week") {
        let mut entries: Vec<&Entry> = section.entries.iter().collect();
        if section.name == "overdue" {
            entries.sort_by_key(|entry| !is_talk(entry));
        }
        for entry in entries {
            if let Some(customer) = &entry.customer
                && known.insert(customer.id)
            {
                stops.push(Stop {
                    customer: customer.clone(),
                    entry: entry.clone(),
                });
            }
        }
    }
    stops
}

/// Whether a deed marks this task as done.
fn finishes(deed: &Deed, task: &Link) -> bool {
    match deed {
        Deed::Tasks(TaskVerb::Done | TaskVerb::Cancel, tasks) => {
            tasks.iter().any(|known| known.id == task.id)
        }
        Deed::All(_, deeds) => deeds.iter().any(|deed| finishes(deed, task)),
        _ => false,
    }
}

impl Page for Queue {
    fn title(&self) -> String {
        "Work queue".to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Queue, Scope::List, Scope::Global]
    }

    fn refresh(&mut self, _world: &World) -> Vec<Effect> {
        match self.stops {
            // The order stays while a person works through it.
            Some(_) => self.detail(),
            None => vec![Effect::Read(AGENDA, Query::Agenda(MOST))],
        }
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        Some(match action {
            Action::Reached => self.choose(Outcome::Reached),
            Action::Voicemail => self.choose(Outcome::Voicemail),
            Action::NoAnswer => self.choose(Outcome::NoAnswer),
            Action::CallBack => self.choose(Outcome::CallBack),
            Action::NotInterested => self.choose(Outcome::NotInterested),
            Action::Skip if self.waiting.is_some() || self.stop().is_none() => Vec::new(),
            Action::Skip => self.forward(Left::Skipped),
            Action::Undo if self.waiting.is_some() => Vec::new(),
            Action::Undo => self.back(),
            Action::Add | Action::Open if self.stop().is_some() => {
                self.asking = Some(Asking::Note(Input::new(&self.note)));
                Vec::new()
            }
            Action::Done if self.stop().is_some() => {
                let stop = self.stop()?;
                if stop.entry.record.noun != Noun::Task {
                    return None;
                }
                act::task::done(&stop.entry.record, &stop.entry.kind, Some(stop.customer.clone()))
            }
            Action::Down | Action::DetailDown => {
                self.scroll = self.scroll.saturating_add(1).min(view::last_line(self, world));
                Vec::new()
            }
            Action::Up | Action::DetailUp => {
                self.scroll = self.scroll.saturating_sub(1);
                Vec::new()
            }
            _ => return None,
        })
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Option<Vec<Effect>> {
        self.asking.as_ref()?;
        Some(match typed {
            Typed::Key(key) => self.answered(*key, world),
            Typed::Paste(text) => {
                self.pasted(text);
                Vec::new()
            }
        })
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        match (slot, answer) {
            (_, Ok(Answer::Agenda(agenda))) => {
                self.error = None;
                self.stops = Some(stops(&agenda.sections));
                self.detail()
            }
            (_, Ok(Answer::Preview(preview))) => {
                self.preview = Some(preview);
                Vec::new()
            }
            (AGENDA, Err(error)) => {
                self.error = Some(act::told(&error));
                Vec::new()
            }
            (_, Err(error)) => vec![Effect::Say(Message::refused(act::told(&error)))],
            _ => Vec::new(),
        }
    }

    fn settled(&mut self, deed: &Deed, done: Option<&Done>, _world: &World) -> Option<Vec<Effect>> {
        let no = done.and_then(|done| done.op.as_ref()).map(|op| op.no);
        if let Some((waiting, outcome)) = self.waiting.take_if(|(waiting, _)| waiting == deed) {
            return Some(match (done, matches!(waiting, Deed::Undo(_))) {
                (None, _) => return None,
                (Some(_), true) => {
                    self.trail.pop();
                    self.arrive()
                }
                (Some(_), false) => self.forward(Left::Done(outcome, no)),
            });
        }
        let stop = self.stop()?;
        if done.is_some() && finishes(deed, &stop.entry.record) {
            self.forward(Left::Done(None, no));
        }
        None
    }

    fn selection(&self) -> Selection {
        let Some(stop) = self.stop() else {
            return Selection::default();
        };
        let record = stop.entry.record.clone();
        let customer = Some(stop.customer.clone()).filter(|customer| customer.id != record.id);
        Selection::one(record, customer)
    }

    fn command(&self) -> Vec<String> {
        match self.stop() {
            Some(stop) => vec!["brief".to_owned(), stop.customer.reference().to_string()],
            None => vec!["today".to_owned()],
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        view::draw(self, frame.buffer_mut(), area, world)
    }

    fn mouse(&mut self, event: MouseEvent, _area: Rect, world: &World) -> Vec<Effect> {
        match event.kind {
            MouseEventKind::ScrollDown => {
                self.scroll = self.scroll.saturating_add(3).min(view::last_line(self, world));
            }
            MouseEventKind::ScrollUp => self.scroll = self.scroll.saturating_sub(3),
            _ => {}
        }
        Vec::new()
    }
}
