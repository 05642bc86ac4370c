//! What is asked before money or goods of an order move: how much and how, what and with whom, or why nothing comes of it.

use crm::domain::sale::OrderStatus;
use crm::domain::value::Link;
use crm::domain::when::Leaning;
use crm::error::Error;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::deed::Deed;
use crate::tui::effect::Effect;
use crate::tui::modal::Dialog;
use crate::tui::modal::outcome::called;
use crate::tui::modal::outcome::lines::{Event, Line, Lines, day};
use crate::tui::orders::{Given, OrderVerb};
use crate::tui::page::Typed;
use crate::tui::world::World;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    Pay,
    Refund,
    Ship,
    Cancel,
}

/// The questions.
#[derive(Debug)]
pub(crate) struct Dialogue {
    sort: Sort,
    of: Vec<Link>,
    lines: Lines,
}

impl Dialogue {
    /// For these orders; money and goods move for one alone.
    pub(crate) fn new(sort: Sort, of: Vec<Link>) -> Dialogue {
        let money = |hint: &str| {
            vec![
                Line::new("amount", "Amount", "", hint),
                Line::new("on", "Day", "", "today"),
                Line::new(
                    "method",
                    "How",
                    "",
                    "bank_transfer, cash, card, alipay, wechat_pay …",
                ),
                Line::new("reference", "Reference", "", "what the bank calls it"),
            ]
        };
        let (title, lines) = match sort {
            Sort::Pay => ("Money for", money("all that is open")),
            Sort::Refund => ("Give back of", money("all that was kept")),
            Sort::Ship => (
                "Send",
                vec![
                    Line::new("lines", "What", "", "all that is left; or SKU x2, SKU x1"),
                    Line::new("carrier", "Carrier", "", "who carries it"),
                    Line::new("tracking", "Tracking", "", "what the carrier calls it"),
                ],
            ),
            Sort::Cancel => (
                "Cancel",
                vec![Line::new("reason", "Reason", "", "why nothing comes of it")],
            ),
        };
        Dialogue {
            sort,
            lines: Lines::new(format!("{title} {}", called(&of)), lines),
            of,
        }
    }

    /// The deed, if everything can be understood.
    fn deed(&mut self, world: &World) -> Option<Deed> {
        let on = self.lines.text("on");
        if let Err(message) = day(on.as_deref().unwrap_or_default(), Leaning::Past, world) {
            self.lines.refuse(Some("on"), message);
            return None;
        }
        let text = |name: &str| self.lines.text(name);
        let given = || Given {
            amount: text("amount"),
            on: on.clone(),
            method: text("method"),
            reference: text("reference"),
        };
        let verb = match self.sort {
            Sort::Pay => OrderVerb::Pay(given()),
            Sort::Refund => OrderVerb::Refund(given()),
            Sort::Ship => OrderVerb::Ship {
                lines: pieces(&text("lines").unwrap_or_default()),
                carrier: text("carrier"),
                tracking: text("tracking"),
            },
            Sort::Cancel => OrderVerb::Move(OrderStatus::Cancelled, text("reason")),
        };
        Some(Deed::Orders(verb, self.of.clone()))
    }
}

/// The lines in a text that has commas between them.
fn pieces(text: &str) -> Vec<String> {
    let pieces = text.split([',', '，', '、']).map(str::trim);
    pieces
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

impl Dialog for Dialogue {
    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        match self.lines.typed(typed) {
            Event::Kept => Vec::new(),
            Event::Changed => {
                for line in self.lines.lines.iter_mut().filter(|line| line.name == "on") {
                    line.answer = day(&line.input.text(), Leaning::Past, world).unwrap_or_default();
                }
                Vec::new()
            }
            Event::Close => vec![Effect::Close],
            Event::Save => {
                let deed = self.deed(world);
                deed.map(|deed| self.lines.send(deed)).unwrap_or_default()
            }
        }
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.lines.has_sent(deed)
    }

    fn refused(&mut self, _deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        self.lines.sent_back(error.field(), error)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let word = match self.sort {
            Sort::Pay => "writes it down",
            Sort::Refund => "gives it back",
            Sort::Ship => "sends",
            Sort::Cancel => "cancels the order",
        };
        self.lines.draw(frame, area, word, world)
    }
}
