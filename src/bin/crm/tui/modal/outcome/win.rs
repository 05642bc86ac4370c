//! Winning deals: on which day, and for how much.

use crm::domain::input::Input;
use crm::domain::money::{Currency, Money};
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::domain::when::Leaning;
use crm::error::{Error, Result};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::text::number;
use crate::tui::act::deal;
use crate::tui::deed::{DealVerb, Deed};
use crate::tui::effect::Effect;
use crate::tui::modal::Dialog;
use crate::tui::modal::outcome::lines::{Event, Line, Lines, day};
use crate::tui::modal::outcome::{called, titled};
use crate::tui::page::Typed;
use crate::tui::query::board::{Found, Question};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

const TODAY: &str = "today";

/// The questions before deals are won.
#[derive(Debug)]
pub(crate) struct Win {
    of: Vec<Link>,
    lines: Lines,
    /// The amount that is known.
    known: Option<Money>,
    /// The currency of an amount that names none.
    currency: Option<Currency>,
}

impl Win {
    /// For these deals. The amount is asked for one alone.
    pub(crate) fn new(of: Vec<Link>) -> Win {
        let mut lines = vec![Line::new("closed_on", "Won on", TODAY, "today")];
        if of.len() == 1 {
            lines.push(Line::new("amount", "Amount", "", "48000, 48k, 48kUSD"));
        }
        Win {
            lines: Lines::new(format!("Win {}", called(&of)), lines),
            of,
            known: None,
            currency: None,
        }
    }

    fn understand(&mut self, world: &World) {
        let currency = self.currency;
        for line in &mut self.lines.lines {
            let text = line.input.text();
            line.answer = match line.name.as_str() {
                "closed_on" => day(&text, Leaning::Past, world).unwrap_or_default(),
                _ => match amount(&text, currency) {
                    Ok(Some(money)) => format!("{} {}", world.look.symbols.arrow, number::money(money)),
                    _ => String::new(),
                },
            };
        }
    }

    /// The deed, if everything can be understood.
    fn deed(&mut self, world: &World) -> Option<Deed> {
        let phrase = self.lines.text("closed_on").filter(|phrase| phrase != TODAY);
        let on = day(phrase.as_deref().unwrap_or_default(), Leaning::Past, world);
        if let Err(message) = on {
            self.lines.refuse(Some("closed_on"), message);
            return None;
        }
        let text = self.lines.text("amount");
        let wanted = match amount(text.as_deref().unwrap_or_default(), self.currency) {
            Ok(wanted) => wanted,
            Err(message) => {
                self.lines.refuse(Some("amount"), message);
                return None;
            }
        };
        let win = Deed::Deals(DealVerb::Win(phrase), self.of.clone());
        Some(match wanted.filter(|wanted| Some(*wanted) != self.known) {
            None => win,
            Some(wanted) => {
                let set = Deed::Set {
                    of: self.of.clone(),
                    assignments: vec![(
                        "amount".to_owned(),
                        Input::text(format!("{} {}", wanted.decimal(), wanted.currency)),
                    )],
                    version: None,
                };
                Deed::All(format!("Won {}", titled(&self.of)), vec![set, win])
            }
        })
    }
}

/// The amount that a text means; none for nothing typed.
fn amount(text: &str, currency: Option<Currency>) -> std::result::Result<Option<Money>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let currency = currency.ok_or_else(|| "the currency is still being read; once more".to_owned())?;
    let read = Money::parse(text, currency);
    read.map(Some).map_err(|error| error.to_string())
}

impl Dialog for Win {
    fn begin(&mut self, world: &World) -> Vec<Effect> {
        self.understand(world);
        match self.of.as_slice() {
            [one] => vec![
                Effect::Read(0, Query::Pipeline(Question::Currency)),
                Effect::Read(1, Query::Sheet(Noun::Deal, one.id)),
            ],
            _ => Vec::new(),
        }
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        match self.lines.typed(typed) {
            Event::Kept => Vec::new(),
            Event::Changed => {
                self.understand(world);
                Vec::new()
            }
            Event::Close => vec![Effect::Close],
            Event::Save => {
                let deed = self.deed(world);
                deed.map(|deed| self.lines.send(deed)).unwrap_or_default()
            }
        }
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        let sheet = match answer {
            Ok(Answer::Pipeline(Found::Currency(currency))) => {
                // That of the deal itself comes first.
                self.currency = self.currency.or(Some(currency));
                self.understand(world);
                return Vec::new();
            }
            Ok(Answer::Sheet(sheet)) => sheet,
            _ => return Vec::new(),
        };
        if let Value::Link(customer) = sheet.value("customer") {
            let dot = world.look.symbols.dot;
            self.lines.title = format!("Win {} {dot} {}", called(&self.of), customer.name);
        }
        if let Value::Money(money) = sheet.value("amount") {
            self.known = Some(*money);
            self.currency = Some(money.currency);
            if let Some(line) = self.lines.line("amount").filter(|line| line.input.is_empty()) {
                let decimal = money.decimal();
                let whole = decimal
                    .split_once('.')
                    .filter(|(_, cents)| cents.bytes().all(|digit| digit == b'0'));
                line.input.set(whole.map_or(decimal.as_str(), |(whole, _)| whole));
            }
        }
        self.understand(world);
        Vec::new()
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.lines.has_sent(deed)
    }

    fn refused(&mut self, deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        // What a stage wants besides is asked for in its place.
        if let Some(asked) = deal::refused(deed, error).filter(|_| !error.lacks().is_empty()) {
            return std::iter::once(Effect::Close).chain(asked).collect();
        }
        self.lines.sent_back(error.field(), error)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        self.lines.draw(frame, area, "wins", world)
    }
}
