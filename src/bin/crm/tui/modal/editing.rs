//! Records in the editor of a person: what was changed there is shown field by field before it is written.

use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::{Error, Result};
use crm::ops::transcript::{Changes, Transcript};
use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use crate::text::{mistake, width};
use crate::tui::act;
use crate::tui::component::confirm::{Confirm, ConfirmEvent, Grade};
use crate::tui::deed::Deed;
use crate::tui::effect::{Effect, Message};
use crate::tui::event::Returned;
use crate::tui::key::Key;
use crate::tui::modal::Dialog;
use crate::tui::page::Typed;
use crate::tui::query::record::{Found, Question};
use crate::tui::query::{Answer, Query};
use crate::tui::world::World;

/// So many lines of a preview.
const LINES: usize = 500;

/// The dialog.
#[derive(Debug)]
pub(crate) struct Editing {
    noun: Noun,
    of: Vec<Link>,
    transcript: Option<Box<Transcript>>,
    /// What went into the editor last.
    text: String,
    /// Whether it was changed at all.
    is_touched: bool,
    preview: Option<(Confirm, Deed)>,
    waiting: Option<Deed>,
}

impl Editing {
    /// Opens these records, all of one noun, in the editor.
    pub(crate) fn new(noun: Noun, of: Vec<Link>) -> Editing {
        Editing {
            noun,
            of,
            transcript: None,
            text: String::new(),
            is_touched: false,
            preview: None,
            waiting: None,
        }
    }

    fn edit(&self, head: &str) -> Vec<Effect> {
        let Some(transcript) = &self.transcript else {
            return Vec::new();
        };
        let text = format!("{head}{}", self.text);
        vec![Effect::Edit(transcript.extension(), 0, text)]
    }

    /// What is to be done for these changes, and the lines that show them.
    fn revised(&self, changes: &Changes) -> (Deed, Vec<String>) {
        let mut of = Vec::new();
        let mut all = Vec::new();
        let mut lines = Vec::new();
        for link in &self.of {
            let Some(changes) = changes.get(&link.id) else {
                continue;
            };
            of.push(link.clone());
            all.push(changes.clone());
            lines.push(format!("{} {}", link.reference(), link.name));
            lines.extend(changes.iter().map(|change| {
                let (before, wanted) = (change.before.shown(), change.wanted.shown());
                format!("  {}: {before} → {wanted}", change.name)
            }));
        }
        if lines.len() > LINES {
            let more = lines.len() - LINES;
            lines.truncate(LINES);
            lines.push(format!("and {more} more lines"));
        }
        (Deed::Revise { of, changes: all }, lines)
    }

    /// The editor again, with the mistake above the text; unless nobody knows a better one.
    fn again(&mut self, error: &Error, was_touched: bool) -> Vec<Effect> {
        if !was_touched || !mistake::is_mendable(error) {
            return close(Message::refused(act::told(error)));
        }
        self.edit(&mistake::told(error))
    }
}

fn close(message: Message) -> Vec<Effect> {
    vec![Effect::Close, Effect::Say(message)]
}

impl Dialog for Editing {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        let ids: Vec<Id> = self.of.iter().map(|link| link.id).collect();
        let question = Question::Transcribe(self.noun, ids);
        vec![Effect::Read(0, Query::Change(question))]
    }

    fn answer(&mut self, _slot: u8, answer: Result<Answer>, _world: &World) -> Vec<Effect> {
        match answer {
            Ok(Answer::Change(Found::Transcript(transcript))) => {
                self.text = transcript.text(width::width);
                self.transcript = Some(transcript);
                self.edit("")
            }
            Ok(_) => Vec::new(),
            Err(error) => close(Message::refused(act::told(&error))),
        }
    }

    fn returned(&mut self, returned: Returned, _world: &World) -> Vec<Effect> {
        let text = match returned.text {
            Ok(text) => mistake::removed(&text),
            Err(message) => return close(Message::refused(message)),
        };
        let was_touched = text != self.text;
        self.is_touched |= was_touched;
        self.text = text;
        let Some(transcript) = self.transcript.as_ref().filter(|_| self.is_touched) else {
            return close(Message::hint("nothing was changed in the editor"));
        };
        let changes = match transcript.changes(&self.text) {
            Ok(changes) => changes,
            Err(error) => return self.again(&error, was_touched),
        };
        if changes.is_empty() {
            return close(Message::hint("nothing to change"));
        }
        let (deed, lines) = self.revised(&changes);
        let values: usize = changes.values().map(Vec::len).sum();
        let question = match (values, changes.len()) {
            (1, _) => "Write 1 value?".to_owned(),
            (_, 1) => format!("Write {values} values?"),
            (_, records) => format!("Write {values} values of {records} {}?", self.noun.plural()),
        };
        let mut confirm = Confirm::new("Edited", &question, lines, "Write", Grade::Simple);
        // Who has edited and saved wants it written; it can be taken back.
        confirm.key(Key::code(KeyCode::Tab));
        self.preview = Some((confirm, deed));
        Vec::new()
    }

    fn typed(&mut self, typed: &Typed, _world: &World) -> Vec<Effect> {
        let Typed::Key(key) = typed else {
            return Vec::new();
        };
        if self.waiting.is_some() {
            return Vec::new();
        }
        let Some((confirm, deed)) = &mut self.preview else {
            let is_escape = key.code == KeyCode::Esc;
            return is_escape.then_some(Effect::Close).into_iter().collect();
        };
        if *key == Key::letter('e') {
            self.preview = None;
            return self.edit("");
        }
        match confirm.key(*key) {
            ConfirmEvent::Yes => {
                self.waiting = Some(deed.clone());
                vec![Effect::Write(deed.clone())]
            }
            ConfirmEvent::No => close(Message::hint("nothing was written")),
            ConfirmEvent::Kept => Vec::new(),
        }
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.waiting.as_ref() == Some(deed)
    }

    fn refused(&mut self, _deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        self.waiting = None;
        if mistake::is_mendable(error) {
            self.preview = None;
            return self.edit(&mistake::told(error));
        }
        // What somebody else has changed is not mended by another word; the text is an `e` away.
        vec![Effect::Say(Message::refused(act::told(error)))]
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let (confirm, _) = self.preview.as_ref()?;
        confirm.render(area, frame.buffer_mut(), &world.look)
    }
}
