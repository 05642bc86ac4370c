//! The trash: what was deleted, one kind of record at a time, and the way back.

use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::Result;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use crate::tui::action::{Action, Scope};
use crate::tui::component::draw;
use crate::tui::component::tabs::{self, Tab};
use crate::tui::deed::Deed;
use crate::tui::effect::Effect;
use crate::tui::page::records::{Records, SLOTS};
use crate::tui::page::selection::Selection;
use crate::tui::page::{Page, Typed};
use crate::tui::query::Answer;
use crate::tui::world::World;

/// The kinds of record, in the order of their tabs.
const NOUNS: &[(Noun, &str)] = &[
    (Noun::Customer, "Customers"),
    (Noun::Deal, "Deals"),
    (Noun::Task, "Tasks"),
    (Noun::Activity, "Activities"),
    (Noun::Product, "Products"),
    (Noun::Quote, "Quotes"),
    (Noun::Order, "Orders"),
    (Noun::Ticket, "Tickets"),
    (Noun::Feedback, "Feedback"),
];

/// What was deleted.
#[derive(Debug)]
pub(crate) struct Trash {
    lists: Vec<Records>,
    at: usize,
}

impl Trash {
    /// The trash, with the customers in it shown first.
    pub(crate) fn new() -> Trash {
        let list = |(noun, name): &(Noun, &str)| Records::trash(*noun, &format!("Trash › {name}"));
        Trash {
            lists: NOUNS.iter().map(list).collect(),
            at: 0,
        }
    }

    fn list(&self) -> Option<&Records> {
        self.lists.get(self.at)
    }

    /// Has the list that is shown do something; what it asks for comes back to it, whichever is shown then.
    fn told(&mut self, tell: impl FnOnce(&mut Records) -> Option<Vec<Effect>>) -> Option<Vec<Effect>> {
        let effects = tell(self.lists.get_mut(self.at)?)?;
        Some(self.addressed(self.at, effects))
    }

    /// What the list of a tab wants, with its questions at slots of its own.
    fn addressed(&self, at: usize, effects: Vec<Effect>) -> Vec<Effect> {
        let first = u8::try_from(at).unwrap_or_default() * SLOTS;
        let moved = |effect| match effect {
            Effect::Read(slot, query) => Effect::Read(first + slot, query),
            other => other,
        };
        effects.into_iter().map(moved).collect()
    }

    fn show(&mut self, at: usize, world: &World) -> Vec<Effect> {
        self.at = at;
        self.refresh(world)
    }

    fn draw_tabs(&self, buffer: &mut Buffer, area: Rect, world: &World) -> Vec<(Rect, usize)> {
        let labels: Vec<Tab> = NOUNS
            .iter()
            .map(|(_, name)| Tab {
                key: String::new(),
                name: (*name).to_owned(),
            })
            .collect();
        tabs::render(&labels, self.at, draw::row(area, 0), buffer, &world.look)
    }
}

impl Page for Trash {
    fn title(&self) -> String {
        "Trash".to_owned()
    }

    fn scopes(&self) -> &'static [Scope] {
        &[Scope::Trash, Scope::List, Scope::Global]
    }

    fn refresh(&mut self, world: &World) -> Vec<Effect> {
        self.told(|list| Some(list.refresh(world))).unwrap_or_default()
    }

    fn act(&mut self, action: Action, world: &World) -> Option<Vec<Effect>> {
        let count = NOUNS.len();
        match action {
            Action::NextTab => Some(self.show((self.at + 1) % count, world)),
            Action::PreviousTab => Some(self.show((self.at + count - 1) % count, world)),
            // The frame says why not.
            action if action.is_of_living() => None,
            other => self.told(|list| list.act(other, world)),
        }
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Option<Vec<Effect>> {
        self.told(|list| list.typed(typed, world))
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        let at = usize::from(slot / SLOTS);
        let list = self.lists.get_mut(at);
        let effects = list.map(|list| list.answer(slot % SLOTS, answer, world));
        let mut effects = effects.unwrap_or_default();
        // A list that is not shown has nothing to say.
        effects.retain(|effect| at == self.at || matches!(effect, Effect::Read(..)));
        self.addressed(at, effects)
    }

    fn selection(&self) -> Selection {
        // What belongs to a record is not in the trash with it.
        let selection = self.list().map(Page::selection).unwrap_or_default();
        Selection {
            related: Vec::new(),
            ..selection
        }
    }

    fn command(&self) -> Vec<String> {
        vec!["trash".to_owned(), "list".to_owned()]
    }

    fn wrote(&mut self, deed: &Deed) {
        if let Some(list) = self.lists.get_mut(self.at) {
            list.wrote(deed);
        }
    }

    fn step(&mut self, by: isize, world: &World) -> (Option<Link>, Vec<Effect>) {
        let mut record = None;
        let effects = self.told(|list| {
            let (next, effects) = list.step(by, world);
            record = next;
            Some(effects)
        });
        (record, effects.unwrap_or_default())
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let cursor = self
            .list()
            .and_then(|list| list.draw(frame, draw::below(area, 1), world));
        self.draw_tabs(frame.buffer_mut(), area, world);
        cursor
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        let at = Position::new(event.column, event.row);
        if event.kind == MouseEventKind::Down(MouseButton::Left) {
            let mut unseen = Buffer::empty(area);
            let places = self.draw_tabs(&mut unseen, area, world);
            if let Some((_, tab)) = places.into_iter().find(|(place, _)| place.contains(at)) {
                return self.show(tab, world);
            }
        }
        self.told(|list| Some(list.mouse(event, draw::below(area, 1), world)))
            .unwrap_or_default()
    }
}
