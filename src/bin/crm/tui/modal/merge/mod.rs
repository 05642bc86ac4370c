//! Merging: which other customer it is, then both side by side, whose value of each field stays, and then one of them.

mod apart;
mod choosing;
pub(crate) mod shown;

use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::{Error, Result};
use crm::ops::understand::reference;
use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use crate::tui::act;
use crate::tui::component::choice::Takes;
use crate::tui::component::form::field::Field;
use crate::tui::component::form::{Form, FormEvent};
use crate::tui::component::popup::{self, Popup};
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::Dialog;
use crate::tui::modal::merge::choosing::{Choosing, Chosen};
use crate::tui::page::Typed;
use crate::tui::query::record::{Found, Question};
use crate::tui::query::{Answer, Query};
use crate::tui::same::{Same, Union};
use crate::tui::world::World;

pub(crate) use apart::Apart;

const CHOICES: u8 = 0;
const REFER: u8 = 1;
const LOOK: u8 = 2;
const WIDEST: u16 = 76;

/// The dialog.
#[derive(Debug)]
pub(crate) struct Merge {
    loser: Link,
    /// Who stays; none as long as nobody has said it.
    winner: Option<Link>,
    form: Form,
    choosing: Option<Choosing>,
    waiting: Option<Deed>,
}

impl Merge {
    /// Merges this customer into another one, which stays.
    pub(crate) fn new(loser: Link) -> Merge {
        let field = Field::choice("into", "Merge into", "", Takes::Anything, Vec::new(), |_, _| true);
        let field = field
            .asking_for_choices()
            .required()
            .help("the customer who stays; nothing of the other is lost");
        Merge {
            loser,
            winner: None,
            form: Form::new(vec![field]),
            choosing: None,
            waiting: None,
        }
    }

    /// Merges the second into the first.
    pub(crate) fn into(winner: Link, loser: Link) -> Merge {
        Merge {
            winner: Some(winner),
            ..Merge::new(loser)
        }
    }

    fn place(&self, area: Rect) -> Rect {
        let width = area.width.min(WIDEST);
        // The choices lie over the rows below the field.
        let height = self.form.height(width.saturating_sub(2)).saturating_add(10);
        popup::centred(area, Size::new(width, height))
    }

    /// Asks what would become of both.
    fn look(&self) -> Vec<Effect> {
        let union = match (&self.choosing, &self.winner) {
            (Some(choosing), _) => choosing.union(),
            (None, Some(winner)) => Union::new(winner.clone(), self.loser.clone()),
            (None, None) => return Vec::new(),
        };
        vec![Effect::Read(LOOK, Query::Change(Question::Merging(union)))]
    }

    fn react(&mut self, event: &FormEvent) -> Vec<Effect> {
        match event {
            FormEvent::WantChoices(_, text) => {
                let question = Question::Propose(Noun::Customer, text.clone());
                vec![Effect::Read(CHOICES, Query::Change(question))]
            }
            FormEvent::Save => {
                let text = reference(Noun::Customer, &self.form.value("into")).to_owned();
                vec![Effect::Read(REFER, Query::Refer(text))]
            }
            FormEvent::Close => vec![Effect::Close],
            _ => Vec::new(),
        }
    }

    fn chosen(&mut self, chosen: &Chosen) -> Vec<Effect> {
        let Some(choosing) = &self.choosing else {
            return Vec::new();
        };
        match chosen {
            Chosen::Kept => Vec::new(),
            Chosen::Refused(why) => vec![Effect::Say(Message::hint(*why))],
            Chosen::Changed => self.look(),
            Chosen::Close => vec![Effect::Close],
            Chosen::Merge => match choosing.obstacle() {
                Some(obstacle) => refuse(obstacle),
                None => {
                    let deed = Deed::Same(Same::Merge(Box::new(choosing.union())));
                    self.waiting = Some(deed.clone());
                    vec![Effect::Write(deed)]
                }
            },
        }
    }
}

fn refuse(text: impl Into<String>) -> Vec<Effect> {
    vec![Effect::Say(Message::refused(text))]
}

impl Dialog for Merge {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        self.look()
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        if self.waiting.is_some() {
            return Vec::new();
        }
        if let Some(choosing) = &mut self.choosing {
            let Typed::Key(key) = typed else {
                return Vec::new();
            };
            let chosen = choosing.key(*key, world);
            return self.chosen(&chosen);
        }
        let inside = popup::inside(self.place(world.area));
        self.form.resize(inside.as_size());
        let event = match typed {
            Typed::Key(key) => self.form.key(*key),
            Typed::Paste(text) => self.form.paste(text),
        };
        self.react(&event)
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        match (slot, answer) {
            (CHOICES, Ok(Answer::Change(Found::Proposed(options)))) => {
                let own = self.loser.reference().to_string();
                let options = options.into_iter().filter(|option| option.value != own);
                self.form.set_choices(0, options.collect());
                Vec::new()
            }
            (REFER, Ok(Answer::Refer(link))) if link.noun == Noun::Customer && link.id != self.loser.id => {
                self.winner = Some(link);
                self.look()
            }
            (REFER, Ok(_)) => {
                self.form
                    .refuse(vec![(0, "this has to be another customer".to_owned())]);
                Vec::new()
            }
            (LOOK, Ok(Answer::Change(Found::Merging(preview)))) => {
                match (&mut self.choosing, &self.winner) {
                    (Some(choosing), _) => choosing.look(*preview),
                    (None, Some(winner)) => {
                        let union = Union::new(winner.clone(), self.loser.clone());
                        self.choosing = Some(Choosing::new(union, *preview));
                    }
                    (None, None) => {}
                }
                Vec::new()
            }
            (_, Ok(_)) => Vec::new(),
            (REFER, Err(error)) => {
                self.form.refuse(vec![(0, act::told(&error))]);
                Vec::new()
            }
            (_, Err(error)) => refuse(act::told(&error)),
        }
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.waiting.as_ref() == Some(deed)
    }

    fn refused(&mut self, _deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        self.waiting = None;
        // Somebody may have changed one of them meanwhile: what is shown is what there is now.
        let mut effects = self.look();
        effects.extend(refuse(act::told(error)));
        effects
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        let buffer = frame.buffer_mut();
        if let Some(choosing) = &self.choosing {
            choosing.draw(buffer, area, world);
            return None;
        }
        if self.winner.is_some() {
            return None;
        }
        let border = Popup {
            title: format!("Merge {} {}", self.loser.reference(), self.loser.name).into(),
            foot: "Down choices  Enter go on  Esc close".into(),
        };
        let inner = border.render(self.place(area), buffer, look);
        self.form.render(inner, buffer, look)
    }
}
