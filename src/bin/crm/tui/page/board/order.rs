//! The menus over the board: how a column is ordered, and which pipeline is shown.

use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::page::Typed;
use crate::tui::page::board::{Board, words};
use crate::tui::query::board::label;
use crate::tui::world::World;

/// How the cards of a column are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// The newest first; what closes first in a month; what was closed last among closed ones.
    Usual,
    /// The largest first.
    Amount,
    /// The longest in its stage first.
    Days,
    /// What should close first.
    Close,
    /// By name.
    Name,
}

/// Orders: the letter, the name, the keys of a list.
const ORDERS: &[(Order, char, &str, &[&str])] = &[
    (Order::Usual, 'u', "As usual: newest first", &[]),
    (Order::Amount, 'a', "Amount, largest first", &["-amount"]),
    (
        Order::Days,
        'd',
        "Days in the stage, most first",
        &["stage_since"],
    ),
    (
        Order::Close,
        'c',
        "Expected close, soonest first",
        &["expected_close"],
    ),
    (Order::Name, 'n', "Name", &["name"]),
];

impl Order {
    /// The keys as of a list.
    pub(super) fn keys(self) -> Vec<String> {
        let found = ORDERS.iter().find(|(order, ..)| *order == self);
        let keys = found.map_or(&[][..], |(.., keys)| keys);
        keys.iter().map(|key| (*key).to_owned()).collect()
    }
}

/// What is chosen from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    Order,
    Pipeline,
}

/// A menu over the board.
#[derive(Debug)]
pub(super) struct Picker {
    topic: Topic,
    pub(super) menu: Menu,
}

impl Board {
    /// Lets a person choose the order.
    pub(super) fn pick_order(&mut self) -> Vec<Effect> {
        let items = ORDERS.iter().map(|(order, letter, name, _)| Item {
            key: Some(Key::letter(*letter)),
            label: (*name).to_owned(),
            note: if *order == self.order { "now" } else { "" }.to_owned(),
            off: None,
        });
        self.picker = Some(Picker {
            topic: Topic::Order,
            menu: Menu::new(words::ORDER_TITLE, items.collect()),
        });
        Vec::new()
    }

    /// Lets a person choose the pipeline.
    pub(super) fn pick_pipeline(&mut self) -> Vec<Effect> {
        let Some(sight) = &self.sight else {
            return Vec::new();
        };
        if sight.pipelines.len() < 2 {
            return vec![Effect::Say(Message::hint(words::ONE_PIPELINE))];
        }
        let items = sight.pipelines.iter().map(|process| Item {
            key: None,
            label: label(&process.labels, &process.key).to_owned(),
            note: match (process.id == sight.pipeline.id, process.is_default) {
                (true, _) => "now",
                (false, true) => "for new deals",
                (false, false) => "",
            }
            .to_owned(),
            off: None,
        });
        self.picker = Some(Picker {
            topic: Topic::Pipeline,
            menu: Menu::new(words::PIPELINES, items.collect()),
        });
        Vec::new()
    }

    /// Takes a key of the menu that is open.
    pub(super) fn picked(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        let (Some(picker), Typed::Key(key)) = (&mut self.picker, typed) else {
            return Vec::new();
        };
        let topic = picker.topic;
        match picker.menu.key(*key) {
            MenuEvent::Chosen(at) => self.choose(topic, at, world),
            MenuEvent::Closed => {
                self.picker = None;
                Vec::new()
            }
            MenuEvent::Refused(_) | MenuEvent::Kept | MenuEvent::Unknown => Vec::new(),
        }
    }

    fn choose(&mut self, topic: Topic, at: usize, world: &World) -> Vec<Effect> {
        self.picker = None;
        match topic {
            Topic::Order => {
                let Some((order, ..)) = ORDERS.get(at) else {
                    return Vec::new();
                };
                self.order = *order;
                self.go_to_top();
                self.read(world)
            }
            Topic::Pipeline => {
                let pipelines = self.sight.as_ref().map(|sight| &sight.pipelines);
                self.pipeline = pipelines.and_then(|all| all.get(at)).map(|process| process.id);
                self.anew(world)
            }
        }
    }
}
