//! Merging: which other customer it is, what stays of both, and then one of them.

use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::{Error, Result};
use crm::ops::understand::reference;
use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use crate::tui::act;
use crate::tui::component::choice::Takes;
use crate::tui::component::confirm::{Confirm, ConfirmEvent, Grade};
use crate::tui::component::form::field::Field;
use crate::tui::component::form::{Form, FormEvent};
use crate::tui::component::popup::{self, Popup};
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::modal::Dialog;
use crate::tui::page::Typed;
use crate::tui::query::record::{Compared, Found, Question};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

const CHOICES: u8 = 0;
const REFER: u8 = 1;
const COMPARE: u8 = 2;
const WIDEST: u16 = 76;

/// The dialog.
#[derive(Debug)]
pub(crate) struct Merge {
    loser: Link,
    winner: Option<Link>,
    form: Form,
    confirm: Option<Confirm>,
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
            confirm: None,
            waiting: None,
        }
    }

    fn place(&self, area: Rect) -> Rect {
        let width = area.width.min(WIDEST);
        // The choices lie over the rows below the field.
        let height = self.form.height(width.saturating_sub(2)).saturating_add(10);
        popup::centred(area, Size::new(width, height))
    }

    fn compared(&mut self, fields: &[Compared]) {
        let Some(winner) = &self.winner else { return };
        let preview = fields
            .iter()
            .map(|field| match (field.first.is_empty(), field.second.is_empty()) {
                (true, _) => format!("{}: {} (taken over)", field.label, field.second),
                (false, true) => format!("{}: {}", field.label, field.first),
                (false, false) => format!("{}: {} | {}", field.label, field.first, field.second),
            });
        let question = format!(
            "Merge {} {} into {} {}? What {} has stays, blanks are filled, lists are united.",
            self.loser.reference(),
            self.loser.name,
            winner.reference(),
            winner.name,
            winner.name
        );
        self.confirm = Some(Confirm::new(
            "Merge",
            &question,
            preview.collect(),
            "Merge",
            Grade::Simple,
        ));
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
}

fn refuse(text: impl Into<String>) -> Vec<Effect> {
    vec![Effect::Say(Message::refused(text))]
}

impl Dialog for Merge {
    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        if self.waiting.is_some() {
            return Vec::new();
        }
        if let Some(confirm) = &mut self.confirm {
            let Typed::Key(key) = typed else {
                return Vec::new();
            };
            match (confirm.key(*key), &self.winner) {
                (ConfirmEvent::Yes, Some(winner)) => {
                    let deed = Deed::Merge {
                        winner: winner.clone(),
                        loser: self.loser.clone(),
                    };
                    self.waiting = Some(deed.clone());
                    return vec![Effect::Write(deed)];
                }
                (ConfirmEvent::No, _) => self.confirm = None,
                _ => {}
            }
            return Vec::new();
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
                self.winner = Some(link.clone());
                let question = Question::Compare(link, self.loser.clone());
                vec![Effect::Read(COMPARE, Query::Change(question))]
            }
            (REFER, Ok(_)) => {
                self.form
                    .refuse(vec![(0, "this has to be another customer".to_owned())]);
                Vec::new()
            }
            (COMPARE, Ok(Answer::Change(Found::Compared(fields)))) => {
                self.compared(&fields);
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
        self.confirm = None;
        refuse(act::told(error))
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        let buffer = frame.buffer_mut();
        if let Some(confirm) = &self.confirm {
            return confirm.render(area, buffer, look);
        }
        let border = Popup {
            title: format!("Merge {} {}", self.loser.reference(), self.loser.name).into(),
            foot: "Down choices  Enter go on  Esc close".into(),
        };
        let inner = border.render(self.place(area), buffer, look);
        self.form.render(inner, buffer, look)
    }
}
