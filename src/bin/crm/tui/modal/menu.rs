//! A menu whose items are things to do.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::page::Typed;
use crate::tui::world::World;

/// A menu, and what is wanted where an item is chosen.
#[derive(Debug)]
pub(crate) struct Options {
    menu: Menu,
    effects: Vec<Vec<Effect>>,
}

impl Options {
    /// A menu of these items.
    pub(crate) fn new(title: &str, options: Vec<(Item, Vec<Effect>)>) -> Options {
        let (items, effects) = options.into_iter().unzip();
        Options {
            menu: Menu::new(title, items),
            effects,
        }
    }

    fn chosen(&mut self, item: usize) -> Vec<Effect> {
        let effects = self.effects.get_mut(item).map(std::mem::take);
        std::iter::once(Effect::Close)
            .chain(effects.unwrap_or_default())
            .collect()
    }

    /// The same as an effect that opens it.
    pub(crate) fn popup(title: &str, options: Vec<(Item, Vec<Effect>)>) -> Effect {
        Effect::Popup(Box::new(Options::new(title, options)))
    }
}

/// The item of a menu that the left button was pressed on.
pub(crate) fn clicked(menu: &Menu, event: MouseEvent, area: Rect, world: &World) -> Option<usize> {
    let is_click = event.kind == MouseEventKind::Down(MouseButton::Left);
    let at = Position::new(event.column, event.row);
    menu.item_at(area, at, &world.look).filter(|_| is_click)
}

/// An item with a letter.
pub(crate) fn item(key: char, label: impl Into<String>) -> Item {
    Item {
        key: Some(Key::letter(key)),
        label: label.into(),
        note: String::new(),
        off: None,
    }
}

/// Says why an item cannot be chosen.
pub(crate) fn why_not(menu: &Menu, item: usize) -> Effect {
    let item = menu.items().get(item);
    let label = item.map_or("", |item| item.label.as_str());
    let off = item.and_then(|item| item.off.as_deref()).unwrap_or_default();
    Effect::Say(Message::refused(format!("{label}: {off}")))
}

impl Dialog for Options {
    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        let Typed::Key(key) = typed else {
            return Vec::new();
        };
        match self.menu.key(*key) {
            MenuEvent::Chosen(item) => self.chosen(item),
            MenuEvent::Refused(item) => vec![why_not(&self.menu, item)],
            MenuEvent::Closed => vec![Effect::Close],
            MenuEvent::Kept => Vec::new(),
            MenuEvent::Unknown => vec![Effect::Say(Message::hint(format!("{key} is not in this menu")))],
        }
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let Some(item) = clicked(&self.menu, event, area, world) else {
            return Vec::new();
        };
        match self.menu.choose(item) {
            MenuEvent::Chosen(item) => self.chosen(item),
            MenuEvent::Refused(item) => vec![why_not(&self.menu, item)],
            MenuEvent::Closed | MenuEvent::Kept | MenuEvent::Unknown => Vec::new(),
        }
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        self.menu.render(area, frame.buffer_mut(), &world.look);
        None
    }
}
