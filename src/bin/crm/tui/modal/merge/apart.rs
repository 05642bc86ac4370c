//! Taking a merge apart: who was merged into a customer, and which of them is to live alone again.

use crm::domain::value::Link;
use crm::error::Result;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::component::menu::Item;
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::Dialog;
use crate::tui::modal::menu::Options;
use crate::tui::page::Typed;
use crate::tui::query::record::{Found, Question};
use crate::tui::query::{Answer, Query};
use crate::tui::same::Same;
use crate::tui::world::World;

/// Looks who was merged into a customer, and gives way to a menu of them.
#[derive(Debug)]
pub(crate) struct Apart {
    survivor: Link,
}

impl Apart {
    /// Of whom somebody is to be taken out.
    pub(crate) fn new(survivor: Link) -> Apart {
        Apart { survivor }
    }
}

impl Dialog for Apart {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        let question = Question::Parts(self.survivor.clone());
        vec![Effect::Read(0, Query::Change(question))]
    }

    fn typed(&mut self, _typed: &Typed, _world: &World) -> Vec<Effect> {
        // Whoever does not wait for the answer does not want it.
        vec![Effect::Close]
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        let parts = match answer {
            Ok(Answer::Change(Found::Parts(parts))) => parts,
            Ok(_) => return Vec::new(),
            Err(error) => return vec![Effect::Close, Effect::Say(Message::refused(act::told(&error)))],
        };
        let who = format!("{} {}", self.survivor.reference(), self.survivor.name);
        if parts.is_empty() {
            let told = format!("nobody was merged into {who}");
            return vec![Effect::Close, Effect::Say(Message::hint(told))];
        }
        let options = parts.into_iter().map(|part| {
            let item = Item {
                key: None,
                label: format!("{} {}", part.reference(), part.name),
                note: String::new(),
                off: None,
            };
            (item, vec![Effect::Write(Deed::Same(Same::Apart(part)))])
        });
        let title = format!("Take out of {who}");
        vec![Effect::Close, Options::popup(&title, options.collect())]
    }

    fn draw(&self, _frame: &mut Frame<'_>, _area: Rect, _world: &World) -> Option<Position> {
        None
    }
}
