//! After a win: what was won this month, and what is done next for the customer.

use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::domain::when::Leaning;
use crm::error::{Error, Result};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::text::number;
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::Dialog;
use crate::tui::modal::outcome::lines::{Event, Line, Lines, day};
use crate::tui::page::Typed;
use crate::tui::query::board::{Found, Question};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

const STEP: &str = "Thank them, agree what comes next";
const DUE: &str = "in 1 week";

/// The offer of a next step.
#[derive(Debug)]
pub(crate) struct Next {
    deal: Link,
    lines: Lines,
}

impl Next {
    /// For a deal that was just won.
    pub(crate) fn new(deal: Link) -> Next {
        let lines = vec![
            Line::new("title", "Next step", STEP, "what to do; empty for nothing"),
            Line::new("due", "Due", DUE, "tomorrow, fri 3pm, +2w"),
        ];
        Next {
            lines: Lines::new(format!("Won: {}", deal.name), lines),
            deal,
        }
    }

    fn understand(&mut self, world: &World) {
        if let Some(line) = self.lines.line("due") {
            line.answer = day(&line.input.text(), Leaning::Future, world).unwrap_or_default();
        }
    }

    fn deed(&mut self, title: String, world: &World) -> Option<Deed> {
        let due = self.lines.text("due");
        if let Err(message) = day(due.as_deref().unwrap_or_default(), Leaning::Future, world) {
            self.lines.refuse(Some("due"), message);
            return None;
        }
        let mut assignments = vec![
            ("title".to_owned(), Input::text(title)),
            ("deal".to_owned(), Input::text(self.deal.reference().to_string())),
        ];
        assignments.extend(due.map(|due| ("due".to_owned(), Input::text(due))));
        Some(Deed::Add {
            noun: Noun::Task,
            assignments,
            anyway: false,
        })
    }
}

impl Dialog for Next {
    fn begin(&mut self, world: &World) -> Vec<Effect> {
        self.understand(world);
        vec![Effect::Read(0, Query::Pipeline(Question::Won))]
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        match self.lines.typed(typed) {
            Event::Kept => Vec::new(),
            Event::Changed => {
                self.understand(world);
                Vec::new()
            }
            Event::Close => vec![
                Effect::Close,
                Effect::Say(Message::hint(format!("{} has no next step", self.deal.name))),
            ],
            Event::Save => match self.lines.text("title") {
                None => vec![Effect::Close],
                Some(title) => {
                    let deed = self.deed(title, world);
                    deed.map(|deed| self.lines.send(deed)).unwrap_or_default()
                }
            },
        }
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        if let Ok(Answer::Pipeline(Found::Won { deals, amount })) = answer {
            let noun = if deals == 1 { "deal" } else { "deals" };
            self.lines.head = vec![format!(
                "Won this month: {} in {} {noun}",
                number::money(amount),
                number::grouped(deals)
            )];
        }
        Vec::new()
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.lines.has_sent(deed)
    }

    fn refused(&mut self, _deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        self.lines.sent_back(error.field(), error)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        self.lines.draw(frame, area, "adds it", world)
    }
}
