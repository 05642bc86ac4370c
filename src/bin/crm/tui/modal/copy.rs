//! What is to be copied of the records that are chosen.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crm::domain::value::Link;
use crm::error::Result;

use crate::text::number;
use crate::tui::act::copy::Form;
use crate::tui::act::told;
use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::page::Typed;
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// The words of this popup.
mod words {
    pub(super) const NONE: &str = "there is none";

    pub(super) fn title(what: &str) -> String {
        format!("Copy of {what}")
    }
}

/// The most cells of what would be copied that a menu shows.
const SHOWN: usize = 40;

/// The menu, once it is known what there is.
#[derive(Debug)]
pub(crate) struct Copying {
    links: Vec<Link>,
    forms: Vec<Form>,
    menu: Menu,
}

impl Copying {
    /// A menu for these records.
    pub(crate) fn new(links: Vec<Link>) -> Copying {
        let menu = Menu::new(&title(&links), Vec::new());
        Copying {
            links,
            forms: Vec::new(),
            menu,
        }
    }

    fn took(&mut self, event: MenuEvent) -> Vec<Effect> {
        match event {
            MenuEvent::Closed => vec![Effect::Close],
            MenuEvent::Refused(at) => {
                let name = self.forms.get(at).map(|form| form.name).unwrap_or_default();
                vec![Effect::Say(Message::refused(format!("{name}: {}", words::NONE)))]
            }
            MenuEvent::Chosen(at) => match self.forms.get(at) {
                Some(Form {
                    what,
                    text: Some(text),
                    ..
                }) => vec![Effect::Close, Effect::Copy(what.clone(), text.clone())],
                _ => Vec::new(),
            },
            MenuEvent::Kept | MenuEvent::Unknown => Vec::new(),
        }
    }
}

/// What the menu is called.
fn title(links: &[Link]) -> String {
    match links {
        [one] => words::title(&one.name),
        several => {
            let noun = several.first().map(|link| link.noun.plural()).unwrap_or_default();
            words::title(&format!("{} {noun}", number::many(several.len() as u64)))
        }
    }
}

/// The beginning of a text, in one line.
fn beginning(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    crate::text::cut::cut(line, SHOWN).into_owned()
}

impl Dialog for Copying {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        vec![Effect::Read(0, Query::Rows(self.links.clone()))]
    }

    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        let Typed::Key(key) = typed else {
            return Vec::new();
        };
        let event = self.menu.key(*key);
        self.took(event)
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        match answer {
            Ok(Answer::Rows(rows)) => {
                self.forms = rows.forms();
                let items = self.forms.iter().map(|form| Item {
                    key: Some(Key::letter(form.letter)),
                    label: form.name.to_owned(),
                    note: match (form.letter, &form.text) {
                        ('j' | 't' | 'm', _) | (_, None) => String::new(),
                        (_, Some(text)) => beginning(text),
                    },
                    off: form.text.is_none().then(|| words::NONE.to_owned()),
                });
                self.menu = Menu::new(&title(&self.links), items.collect());
                Vec::new()
            }
            Ok(_) => Vec::new(),
            Err(error) => vec![Effect::Close, Effect::Say(Message::refused(told(&error)))],
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        self.menu.render(area, frame.buffer_mut(), &world.look);
        None
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        if event.kind != MouseEventKind::Down(MouseButton::Left) {
            return Vec::new();
        }
        let at = Position::new(event.column, event.row);
        match self.menu.item_at(area, at, &world.look) {
            Some(item) => {
                let event = self.menu.choose(item);
                self.took(event)
            }
            None => vec![Effect::Close],
        }
    }
}
