//! Losing deals: the reason by its letter, then what was said and who won instead.

use crm::domain::input::Input;
use crm::domain::value::Link;
use crm::error::{Error, Result};
use crm::store::sheets::PickOption;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::tui::act;
use crate::tui::component::menu::{Item, Menu, MenuEvent};
use crate::tui::deed::{DealVerb, Deed};
use crate::tui::effect::{Effect, Message};
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::modal::outcome::lines::{Event, Line, Lines};
use crate::tui::modal::outcome::{called, titled};
use crate::tui::page::Typed;
use crate::tui::query::board::{Found, Question, label};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// The reason that says nothing by itself.
const OTHER: &str = "other";
/// Letters that move in a menu, or close it.
const TAKEN: &[char] = &['j', 'k', 'q'];

/// The questions before deals are lost.
#[derive(Debug)]
pub(crate) struct Lose {
    of: Vec<Link>,
    reasons: Vec<PickOption>,
    menu: Menu,
    /// The reason that was chosen.
    reason: Option<String>,
    lines: Lines,
}

impl Lose {
    /// For these deals.
    pub(crate) fn new(of: Vec<Link>) -> Lose {
        let lines = vec![
            Line::new("lost_note", "Note", "", "what was said"),
            Line::new("competitor", "Competitor", "", "who won instead, if anybody"),
        ];
        let title = format!("Lose {}", called(&of));
        Lose {
            menu: Menu::new(&title, Vec::new()),
            lines: Lines::new(title, lines),
            of,
            reasons: Vec::new(),
            reason: None,
        }
    }

    fn pick(&mut self, typed: &Typed) -> Vec<Effect> {
        let Typed::Key(key) = typed else {
            return Vec::new();
        };
        match self.menu.key(*key) {
            MenuEvent::Chosen(at) => {
                if let Some(reason) = self.reasons.get(at) {
                    let name = label(&reason.labels, &reason.key);
                    self.lines.head = vec![format!("Reason: {name}")];
                    self.lines.error = None;
                    self.reason = Some(reason.key.clone());
                }
                Vec::new()
            }
            MenuEvent::Closed => vec![Effect::Close],
            _ => Vec::new(),
        }
    }

    fn deed(&mut self, reason: String) -> Option<Deed> {
        let note = self.lines.text("lost_note");
        if reason == OTHER && note.is_none() {
            let message = "the reason other needs a note".to_owned();
            self.lines.refuse(Some("lost_note"), message);
            return None;
        }
        let lose = Deed::Deals(DealVerb::Lose(reason, note), self.of.clone());
        Some(match self.lines.text("competitor") {
            None => lose,
            Some(competitor) => {
                let set = Deed::Set {
                    of: self.of.clone(),
                    assignments: vec![("competitor".to_owned(), Input::text(competitor))],
                    version: None,
                };
                Deed::All(format!("Lost {}", titled(&self.of)), vec![set, lose])
            }
        })
    }
}

/// The reasons with a letter each: the one they begin with, as far as it is free, else another one of theirs.
fn items(reasons: &[PickOption]) -> Vec<Item> {
    let names: Vec<&str> = reasons
        .iter()
        .map(|reason| label(&reason.labels, &reason.key))
        .collect();
    let mut used: Vec<char> = TAKEN.to_vec();
    let mut letters: Vec<Option<char>> = Vec::new();
    for name in &names {
        letters.push(free(name.chars().take(1), &mut used));
    }
    for (letter, (name, reason)) in letters.iter_mut().zip(names.iter().zip(reasons)) {
        if letter.is_none() {
            *letter = free(name.chars().chain(reason.key.chars()).chain('a'..='z'), &mut used);
        }
    }
    let items = names.iter().zip(letters);
    items
        .map(|(name, letter)| Item {
            key: letter.map(Key::letter),
            label: (*name).to_owned(),
            note: String::new(),
            off: None,
        })
        .collect()
}

/// The first letter that is not used yet, which it is from then on.
fn free(letters: impl Iterator<Item = char>, used: &mut Vec<char>) -> Option<char> {
    let mut letters = letters.map(|letter| letter.to_ascii_lowercase());
    let found = letters.find(|letter| letter.is_ascii_lowercase() && !used.contains(letter));
    used.extend(found);
    found
}

impl Dialog for Lose {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        vec![Effect::Read(0, Query::Pipeline(Question::Reasons))]
    }

    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        let Some(reason) = self.reason.clone() else {
            return self.pick(typed);
        };
        match self.lines.typed(typed) {
            Event::Kept | Event::Changed => Vec::new(),
            Event::Close => {
                self.reason = None;
                Vec::new()
            }
            Event::Save => {
                let deed = self.deed(reason);
                deed.map(|deed| self.lines.send(deed)).unwrap_or_default()
            }
        }
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        match answer {
            Ok(Answer::Pipeline(Found::Reasons(reasons))) => {
                self.menu = Menu::new(&format!("{}: why?", self.lines.title), items(&reasons));
                self.reasons = reasons;
                Vec::new()
            }
            Ok(_) => Vec::new(),
            Err(error) => vec![Effect::Close, Effect::Say(Message::refused(act::told(&error)))],
        }
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.lines.has_sent(deed)
    }

    fn refused(&mut self, _deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        self.lines.sent_back(error.field(), error)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        if self.reason.is_some() {
            return self.lines.draw(frame, area, "loses", world);
        }
        if !self.reasons.is_empty() {
            self.menu.render(area, frame.buffer_mut(), &world.look);
        }
        None
    }
}
