//! One field of a record: a menu of all fields with what stands in them, and then the field alone.

use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Result;
use crossterm::event::{KeyCode, MouseEvent};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::modal::form::RecordForm;
use crate::tui::modal::menu::clicked;
use crate::tui::page::Typed;
use crate::tui::query::record::{Found, Question};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// Letters of the items; those that move or close a menu are not among them.
const LETTERS: &str = "abcdefghilmnoprstuvwxyzABCDEFGHILMNOPRSTUVWXYZ";

/// The menu, once the fields are known.
#[derive(Debug)]
pub(crate) struct PickField {
    noun: Noun,
    of: Vec<Link>,
    names: Vec<String>,
    menu: Option<Menu>,
}

impl PickField {
    /// A menu of the fields of these records, all of one noun.
    pub(crate) fn new(noun: Noun, of: Vec<Link>) -> PickField {
        PickField {
            noun,
            of,
            names: Vec::new(),
            menu: None,
        }
    }

    fn chosen(&self, number: usize) -> Vec<Effect> {
        let form = self
            .names
            .get(number)
            .map(|name| RecordForm::one(self.noun, self.of.clone(), name));
        let popup = form.map(|form| Effect::Popup(Box::new(form)));
        std::iter::once(Effect::Close).chain(popup).collect()
    }
}

impl Dialog for PickField {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        let question = Question::Sketch(self.noun, self.of.clone());
        vec![Effect::Read(0, Query::Change(question))]
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        let sketch = match answer {
            Ok(Answer::Change(Found::Sketch(sketch))) => sketch,
            Ok(_) => return Vec::new(),
            Err(error) => {
                return vec![Effect::Close, Effect::Say(Message::refused(act::told(&error)))];
            }
        };
        let mut letters = LETTERS.chars();
        let items = sketch.fields.iter().map(|drawn| {
            let is_same = drawn
                .items
                .split_first()
                .is_none_or(|(first, rest)| rest.iter().all(|item| item.same(first)));
            let note = match (drawn.items.first(), is_same) {
                (Some(item), true) => item.shown(),
                _ => format!("({} different)", self.of.len()),
            };
            Item {
                key: letters.next().map(Key::letter),
                label: drawn.label.clone(),
                note: if note == "nothing" { String::new() } else { note },
                off: None,
            }
        });
        self.menu = Some(Menu::new("Edit one field", items.collect()));
        self.names = sketch.fields.into_iter().map(|drawn| drawn.name).collect();
        Vec::new()
    }

    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        let Typed::Key(key) = typed else {
            return Vec::new();
        };
        let Some(menu) = &mut self.menu else {
            // Nobody has to wait for the fields.
            let is_escape = key.code == KeyCode::Esc;
            return is_escape.then_some(Effect::Close).into_iter().collect();
        };
        match menu.key(*key) {
            MenuEvent::Chosen(number) => self.chosen(number),
            MenuEvent::Closed => vec![Effect::Close],
            MenuEvent::Refused(_) | MenuEvent::Kept | MenuEvent::Unknown => Vec::new(),
        }
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let menu = self.menu.as_ref();
        match menu.and_then(|menu| clicked(menu, event, area, world)) {
            Some(item) => self.chosen(item),
            None => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        if let Some(menu) = &self.menu {
            menu.render(area, frame.buffer_mut(), &world.look);
        }
        None
    }
}
