//! What is asked before a task is done: of a call how it went. The call is logged and the task done as one operation.

use crm::domain::input::Input as Given;
use crm::domain::value::Link;
use crm::error::{Error, Result};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::deed::{Deed, TaskVerb};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::page::Typed;
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// How a call can go: the key, what is written down, the word.
const OUTCOMES: [(char, &str, &str); 5] = [
    ('r', "connected", "Reached"),
    ('v', "left_message", "Voicemail, left a message"),
    ('n', "no_answer", "No answer"),
    ('b', "busy", "Busy"),
    ('w', "wrong_number", "Wrong number"),
];
/// The key for a call that is done without anything to write down.
const PLAIN: char = 'x';

/// The question.
#[derive(Debug)]
pub(crate) struct Finish {
    task: Link,
    /// The customer who was to be called; none until it is known that it is a call.
    called: Option<Link>,
    menu: Menu,
}

impl Finish {
    /// Of a task of which the sort is not known yet.
    pub(crate) fn new(task: Link) -> Finish {
        let item = |(key, label): (char, &str)| Item {
            key: Some(Key::letter(key)),
            label: label.to_owned(),
            note: String::new(),
            off: None,
        };
        let outcomes = OUTCOMES.iter().map(|(key, _, label)| (*key, *label));
        let items = outcomes
            .chain([(PLAIN, "Done, nothing to log")])
            .map(item)
            .collect();
        Finish {
            menu: Menu::new(&format!("How was it? {}", task.name), items),
            task,
            called: None,
        }
    }

    /// Of a call to a customer.
    pub(crate) fn call(task: Link, customer: Link) -> Finish {
        Finish {
            called: Some(customer),
            ..Finish::new(task)
        }
    }

    fn plain(&self) -> Vec<Effect> {
        vec![Effect::Close, Effect::Write(done(&self.task))]
    }

    fn chosen(&self, item: usize) -> Vec<Effect> {
        let (Some((_, outcome, word)), Some(customer)) = (OUTCOMES.get(item), &self.called) else {
            return self.plain();
        };
        let given = |name: &str, text: &str| (name.to_owned(), Given::text(text));
        let call = Deed::Log {
            customer: customer.clone(),
            assignments: vec![
                given("type", "call"),
                given("text", &self.task.name),
                given("direction", "out"),
                given("outcome", outcome),
            ],
            next: None,
        };
        let word = word.split(',').next().unwrap_or_default().to_lowercase();
        let title = format!("Called {}: {word}; done {}", customer.name, self.task.reference());
        vec![
            Effect::Close,
            Effect::Write(Deed::All(title, vec![call, done(&self.task)])),
        ]
    }
}

fn done(task: &Link) -> Deed {
    Deed::Tasks(TaskVerb::Done, vec![task.clone()])
}

impl Dialog for Finish {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        match self.called {
            Some(_) => Vec::new(),
            None => vec![Effect::Read(0, Query::Step(self.task.clone()))],
        }
    }

    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        let Typed::Key(key) = typed else { return Vec::new() };
        match self.menu.key(*key) {
            MenuEvent::Closed => vec![Effect::Close],
            MenuEvent::Chosen(item) if self.called.is_some() => self.chosen(item),
            _ => Vec::new(),
        }
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        let told = |error: &Error| Effect::Say(Message::refused(act::told(error)));
        match answer {
            Ok(Answer::Step(Some(step))) if step.kind == "call" && step.customer.is_some() => {
                self.called = step.customer;
                Vec::new()
            }
            Ok(_) => self.plain(),
            Err(error) => vec![Effect::Close, told(&error)],
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        if self.called.is_some() {
            self.menu.render(area, frame.buffer_mut(), &world.look);
        }
        None
    }
}
