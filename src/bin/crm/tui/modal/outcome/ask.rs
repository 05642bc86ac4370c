//! What was missing for a move, fields and items of the checklist: it is asked for, and the move goes on.

use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::{Error, Lack, Result};
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::deed::{DealVerb, Deed};
use crate::tui::effect::Effect;
use crate::tui::modal::Dialog;
use crate::tui::modal::outcome::lines::{Event, Line, Lines};
use crate::tui::modal::outcome::{called, titled};
use crate::tui::page::Typed;
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// What a line is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Need {
    /// A field of the deals.
    Own(String),
    /// A field of the customer of the deal.
    OfCustomer(String),
    /// An item of the checklist.
    Item(String),
}

/// The question for what is missing.
#[derive(Debug)]
pub(crate) struct Ask {
    /// What goes on once nothing is missing.
    deed: Deed,
    needs: Vec<Need>,
    /// The ref of the customer of whom something is asked, and who that is.
    customer: Option<(String, Option<Link>)>,
    lines: Lines,
}

impl Ask {
    /// For what `deed` was refused for.
    pub(crate) fn new(deed: Deed, field: &str, error: &Error) -> Ask {
        let (mut needs, mut customer) = (Vec::new(), None);
        for lack in error.lacks() {
            needs.push(match lack {
                Lack::Field {
                    noun: Noun::Customer,
                    reference,
                    name,
                } => {
                    customer = Some((reference.clone(), None));
                    Need::OfCustomer(name.clone())
                }
                Lack::Field { name, .. } => Need::Own(name.clone()),
                Lack::Item { item, .. } => Need::Item(item.clone()),
            });
        }
        if needs.is_empty() {
            needs.push(Need::Own(field.to_owned()));
        }
        let called = called(deed.subjects());
        let title = match needs.as_slice() {
            [Need::Own(name)] => format!("{} of {called}", name.replace('_', " ")),
            _ => format!("What {called} needs"),
        };
        let is_alone = needs.len() == 1;
        let lines = needs.iter().map(|need| line(need, is_alone)).collect();
        let mut lines = Lines::new(title, lines);
        lines.head = vec![error.to_string()];
        Ask {
            deed,
            needs,
            customer,
            lines,
        }
    }

    /// What was typed and ticked, and then what was refused before; none if something is missing still.
    fn deeds(&mut self) -> Option<Vec<Deed>> {
        let of = self.deed.subjects().to_vec();
        let (mut own, mut customers, mut ticks) = (Vec::new(), Vec::new(), Vec::new());
        let mut wrong: Option<(String, &str)> = None;
        for (need, line) in self.needs.iter().zip(&self.lines.lines) {
            let text = line.text().map(Input::text);
            match (need, text) {
                (Need::Own(name), Some(text)) => own.push((name.clone(), text)),
                (Need::OfCustomer(name), Some(text)) => customers.push((name.clone(), text)),
                (Need::Item(item), _) if line.tick == Some(true) => {
                    ticks.push(Deed::Deals(DealVerb::Tick(item.clone(), true), of.clone()));
                }
                (Need::Item(_), _) => wrong = wrong.or(Some((line.name.clone(), "this is to be ticked off"))),
                (_, None) => wrong = wrong.or(Some((line.name.clone(), "something is needed here"))),
            }
        }
        let set = |of: Vec<Link>, assignments: Vec<Assignment>| Deed::Set {
            of,
            assignments,
            version: None,
        };
        let mut deeds = Vec::new();
        if !own.is_empty() {
            deeds.push(set(of, own));
        }
        match &self.customer {
            Some((_, Some(customer))) if !customers.is_empty() => {
                deeds.push(set(vec![customer.clone()], customers));
            }
            Some((reference, None)) if wrong.is_none() => {
                self.lines
                    .refuse(None, format!("{reference} is still being read; once more"));
                return None;
            }
            _ => {}
        }
        if let Some((name, why)) = wrong {
            self.lines.refuse(Some(&name), why.to_owned());
            return None;
        }
        deeds.extend(ticks);
        deeds.push(self.deed.clone());
        Some(deeds)
    }
}

/// The line for one thing that is missing.
fn line(need: &Need, is_alone: bool) -> Line {
    let label = |name: &str| name.trim_start_matches("fields.").replace('_', " ");
    match need {
        Need::Own(name) if is_alone => Line::new(name, "Value", "", ""),
        Need::Own(name) => Line::new(name, &label(name), "", ""),
        Need::OfCustomer(name) => Line::new(&format!("customer.{name}"), &label(name), "", "of the customer"),
        Need::Item(item) => Line::to_tick(item),
    }
}

impl Dialog for Ask {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        let reference = self.customer.as_ref().map(|(reference, _)| reference.clone());
        let ask = reference.map(|reference| Effect::Read(0, Query::Refer(reference)));
        ask.into_iter().collect()
    }

    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        match self.lines.typed(typed) {
            Event::Kept | Event::Changed => Vec::new(),
            Event::Close => vec![Effect::Close],
            Event::Save => {
                let Some(deeds) = self.deeds() else {
                    return Vec::new();
                };
                let title = format!("Changed {}", titled(self.deed.subjects()));
                self.lines.send(Deed::All(title, deeds))
            }
        }
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        match (answer, &mut self.customer) {
            (Ok(Answer::Refer(link)), Some((_, customer))) => *customer = Some(link),
            (Err(error), _) => self.lines.refuse(None, act::told(&error)),
            _ => {}
        }
        Vec::new()
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.lines.has_sent(deed)
    }

    fn refused(&mut self, _deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        let first = self.lines.lines.first().map(|line| line.name.clone());
        let asked = error
            .field()
            .filter(|field| self.lines.lines.iter().any(|line| line.name == *field));
        let field = asked.map(str::to_owned).or(first);
        self.lines.sent_back(field.as_deref(), error)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        self.lines.draw(frame, area, "goes on", world)
    }
}
