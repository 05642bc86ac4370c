//! Forms for records: a new one, one that is there, several at once, one field of them, what happened with a customer,
//! labels. Texts are understood while they are typed; what was typed is never lost.

mod above;
mod draft;
mod fields;
mod meaning;
mod purpose;
#[cfg(test)]
mod tests;
mod turns;

use crm::domain::field::FieldType;
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::domain::value::Link;
use crm::error::{Error, Kind, Result};
use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Frame;
use ratatui::layout::{Position, Rect, Size};

use crate::tui::act;
use crate::tui::component::form::field::{Field, Sort};
use crate::tui::component::form::{Form, FormEvent};
use crate::tui::component::popup::{self, Popup};
use crate::tui::deed::{Deed, Done};
use crate::tui::effect::{Effect, Message};
use crate::tui::event::Returned;
use crate::tui::modal::Dialog;
use crate::tui::modal::menu::clicked;
use crate::tui::page::{Place, Typed};
use crate::tui::query::record::{Question, Sketch};
use crate::tui::query::{Answer, Query};
use crate::tui::ticket::Speech;
use crate::tui::world::World;

use above::Above;
use purpose::Purpose;

/// From so many records on there is a question before they are changed.
const MANY: usize = 3;
/// For more than so many their number has to be typed.
const TYPED: usize = 100;
/// So many lines of a preview.
const LINES: usize = 200;
/// The widest that a form becomes.
const WIDEST: u16 = 100;

/// The rows for the list of a field that is alone.
const LIST: u16 = 9;

/// What is asked, by number.
const SKETCH: u8 = 0;
const DRAFT: u8 = 1;
const CHOICES: u8 = 2;
const SIMILAR: u8 = 3;
const EDITED: u8 = 4;
const REFER: u8 = 5;
/// What a field means; its number is added.
const MEANING: u8 = 10;

/// A form that is open, or about to be.
#[derive(Debug)]
pub(crate) struct RecordForm {
    purpose: Purpose,
    sketch: Option<Box<Sketch>>,
    form: Option<Form>,
    /// Whether it is known if there is a draft.
    is_recalled: bool,
    draft: Option<draft::Draft>,
    /// What was typed before there was a form.
    early: Vec<Typed>,
    /// Whether all fields are shown, and how many are not.
    all: bool,
    hidden: usize,
    above: Option<Above>,
    waiting: Option<Deed>,
    /// Whether the fields are read anew because somebody else has changed them.
    is_clashing: bool,
    similar: Vec<Link>,
    /// The field that waits for choices, and the one that is in the editor.
    choosing: Option<usize>,
    editing: Option<usize>,
}

impl RecordForm {
    fn new(purpose: Purpose) -> RecordForm {
        RecordForm {
            is_recalled: purpose.key().is_none(),
            purpose,
            sketch: None,
            form: None,
            draft: None,
            early: Vec::new(),
            all: false,
            hidden: 0,
            above: None,
            waiting: None,
            is_clashing: false,
            similar: Vec::new(),
            choosing: None,
            editing: None,
        }
    }

    /// For a new record that begins with these values.
    pub(crate) fn add(noun: Noun, values: Vec<Assignment>) -> RecordForm {
        RecordForm::new(Purpose::Add(noun, values))
    }

    /// For a record.
    pub(crate) fn revise(link: Link) -> RecordForm {
        RecordForm::new(Purpose::Revise(link))
    }

    /// For several records of one noun.
    pub(crate) fn bulk(noun: Noun, of: Vec<Link>) -> RecordForm {
        RecordForm::new(Purpose::Bulk(noun, of))
    }

    /// For one field of one or several records; where it is one of a short list, a menu.
    pub(crate) fn one(noun: Noun, of: Vec<Link>, name: &str) -> RecordForm {
        RecordForm::new(Purpose::One(noun, of, name.to_owned()))
    }

    /// For what happened with a customer: a note, call, e-mail or meeting.
    pub(crate) fn log(kind: &'static str, customer: Link, deal: Option<Link>) -> RecordForm {
        RecordForm::new(Purpose::Log(kind, customer, deal))
    }

    /// For what is said about tickets.
    pub(crate) fn said(speech: Speech, of: Vec<Link>) -> RecordForm {
        RecordForm::new(Purpose::Said(speech, of))
    }

    /// For labels of records.
    pub(crate) fn tags(noun: Noun, of: Vec<Link>) -> RecordForm {
        RecordForm::new(Purpose::Tags(noun, of))
    }

    /// Begins once everything is known.
    fn ready(&mut self, world: &World) -> Vec<Effect> {
        let Some(sketch) = self.sketch.as_ref().filter(|_| self.is_recalled) else {
            return Vec::new();
        };
        if let Some(above) = turns::pick(&self.purpose, sketch) {
            self.above = Some(above);
            return Vec::new();
        }
        let (fields, hidden) = self.purpose.fields(sketch, self.all);
        self.hidden = hidden;
        self.form = Some(Form::new(fields));
        if let Some(draft) = self.draft.take() {
            self.above = Some(Above::draft(draft, world));
            self.early.clear();
        }
        let mut effects = self.understand_all();
        for typed in std::mem::take(&mut self.early) {
            effects.extend(self.typed(&typed, world));
        }
        effects
    }

    /// Shows all fields, with what was typed so far.
    fn show_all(&mut self) -> Vec<Effect> {
        let (Some(sketch), Some(form)) = (&self.sketch, &mut self.form) else {
            return Vec::new();
        };
        self.all = true;
        let typed = form.draft();
        let focus = form
            .fields()
            .get(form.focus())
            .map(|field| field.name().to_owned());
        let (fields, hidden) = self.purpose.fields(sketch, true);
        self.hidden = hidden;
        *form = Form::new(fields);
        form.restore(&typed);
        if let Some(focus) = focus.and_then(|name| form.find(&name)) {
            form.go(focus);
        }
        self.understand_all()
    }

    /// Keeps what was typed.
    fn keep(&self, world: &World) -> Option<Effect> {
        let typed = self.form.as_ref()?.draft();
        let text = (!typed.is_empty()).then(|| draft::write(world.clock().now(), &typed));
        Some(Effect::Draft(self.purpose.key()?, text))
    }

    /// Forgets what was typed.
    fn forget(&self) -> Option<Effect> {
        Some(Effect::Draft(self.purpose.key()?, None))
    }

    /// Does what follows a key in the form.
    fn react(&mut self, event: &FormEvent, world: &World) -> Vec<Effect> {
        match event {
            FormEvent::Changed(field) => self
                .understand(*field)
                .into_iter()
                .chain(self.keep(world))
                .collect(),
            FormEvent::WantChoices(field, text) => {
                let form = self.form.as_ref();
                let name = form.and_then(|form| Some(form.fields().get(*field)?.name().to_owned()));
                let Some(FieldType::Link(noun)) = name.and_then(|name| self.drawn(&name)) else {
                    return Vec::new();
                };
                self.choosing = Some(*field);
                let mut effects = vec![ask(CHOICES, Question::Propose(noun, text.clone()))];
                effects.extend(self.understand(*field).into_iter().chain(self.keep(world)));
                effects
            }
            FormEvent::Left(field) => self
                .understand(*field)
                .into_iter()
                .chain(self.look_for_similar(*field))
                .collect(),
            FormEvent::Save => self.save(),
            FormEvent::Refused(1) => refuse("a field needs attention"),
            FormEvent::Refused(count) => refuse(format!("{count} fields need attention")),
            FormEvent::Close => self.close(world),
            FormEvent::Edit(field) => {
                self.editing = Some(*field);
                let form = self.form.as_ref();
                let text = form.and_then(|form| Some(form.fields().get(*field)?.content()));
                vec![Effect::Edit(".txt", EDITED, text.unwrap_or_default())]
            }
            FormEvent::Help(_) if !self.similar.is_empty() => {
                self.above = Some(Above::similar(&self.similar));
                Vec::new()
            }
            FormEvent::Help(_) => {
                vec![Effect::Say(Message::hint(
                    "Tab next, Ctrl+S save, Ctrl+G in the editor, Down choices, Esc close",
                ))]
            }
            FormEvent::TooLong(_) => refuse("this is too long to be edited here; Ctrl+G opens the editor"),
            FormEvent::Kept | FormEvent::Ignored => Vec::new(),
        }
    }

    fn close(&self, world: &World) -> Vec<Effect> {
        let is_changed = self.form.as_ref().is_some_and(Form::is_changed);
        match self.keep(world).filter(|_| is_changed) {
            None => vec![Effect::Close],
            Some(keep) => vec![
                Effect::Close,
                keep,
                Effect::Say(Message::hint(
                    "kept as a draft, which is offered when the form is opened again",
                )),
            ],
        }
    }

    fn save(&mut self) -> Vec<Effect> {
        let (Some(sketch), Some(form)) = (&self.sketch, &self.form) else {
            return Vec::new();
        };
        let Some(deed) = self.purpose.deed(sketch, form) else {
            let hint = Effect::Say(Message::hint("nothing to change"));
            return std::iter::once(Effect::Close)
                .chain(self.forget())
                .chain([hint])
                .collect();
        };
        let count = self.purpose.count();
        if count >= MANY {
            let lines = self.purpose.preview(sketch, form, LINES);
            let question = format!("Change {count} {}?", self.purpose.noun().plural());
            self.above = Some(Above::preview(&question, lines, count, deed));
            return Vec::new();
        }
        self.write(deed)
    }

    fn write(&mut self, deed: Deed) -> Vec<Effect> {
        self.waiting = Some(deed.clone());
        vec![Effect::Write(deed)]
    }

    fn foot(&self, width: u16) -> String {
        let more = match self.hidden {
            0 => String::new(),
            count => format!("Ctrl+O {count} more  "),
        };
        match width >= 60 {
            true => format!("Ctrl+S save  Tab next  {more}Esc close"),
            false => format!("Ctrl+S save  {more}Esc"),
        }
    }

    /// Where the form is drawn, and what is inside of its frame.
    fn place(form: &Form, area: Rect) -> Rect {
        let width = area.width.min(WIDEST);
        let has_list = |field: &Field| matches!(field.sort(), Sort::Choice | Sort::Tags);
        // The list of a field lies inside of the form.
        let room = match form.fields() {
            [one] if has_list(one) => LIST,
            _ => 0,
        };
        let height = form.height(width.saturating_sub(2)).saturating_add(2 + room);
        popup::centred(area, Size::new(width, height))
    }
}

fn ask(slot: u8, question: Question) -> Effect {
    Effect::Read(slot, Query::Change(question))
}

fn refuse(text: impl Into<String>) -> Vec<Effect> {
    vec![Effect::Say(Message::refused(text))]
}

impl Dialog for RecordForm {
    fn begin(&mut self, _world: &World) -> Vec<Effect> {
        let recall = self.purpose.key().map(|key| Effect::Recall(DRAFT, key));
        let question = Question::Sketch(self.purpose.noun(), self.purpose.of());
        std::iter::once(ask(SKETCH, question)).chain(recall).collect()
    }

    fn typed(&mut self, typed: &Typed, world: &World) -> Vec<Effect> {
        if self.waiting.is_some() {
            return Vec::new();
        }
        if self.above.is_some() {
            return self.typed_above(typed, world);
        }
        let is_escape = matches!(typed, Typed::Key(key) if key.code == KeyCode::Esc);
        let Some(form) = &mut self.form else {
            if is_escape {
                return vec![Effect::Close];
            }
            self.early.push(typed.clone());
            return Vec::new();
        };
        let inside = popup::inside(RecordForm::place(form, world.area));
        form.resize(inside.as_size());
        let event = match typed {
            Typed::Key(key) if key.control && key.code == KeyCode::Char('o') => return self.show_all(),
            Typed::Key(key) => form.key(*key),
            Typed::Paste(text) => form.paste(text),
        };
        self.react(&event, world)
    }

    fn answer(&mut self, slot: u8, answer: Result<Answer>, world: &World) -> Vec<Effect> {
        match answer {
            Ok(Answer::Change(found)) => self.found(slot, found, world),
            Ok(Answer::Refer(link)) => std::iter::once(Effect::Close)
                .chain(self.keep(world))
                .chain([Effect::Open(Place::Record(link))])
                .collect(),
            Ok(_) => Vec::new(),
            Err(error) if slot == SKETCH && self.form.is_none() => std::iter::once(Effect::Close)
                .chain(refuse(act::told(&error)))
                .collect(),
            Err(error) => refuse(act::told(&error)),
        }
    }

    fn waits_for(&self, deed: &Deed) -> bool {
        self.waiting.as_ref() == Some(deed)
    }

    fn done(&mut self, _deed: &Deed, _done: &Done) -> Vec<Effect> {
        std::iter::once(Effect::Close).chain(self.forget()).collect()
    }

    fn refused(&mut self, _deed: &Deed, error: &Error, _world: &World) -> Vec<Effect> {
        self.waiting = None;
        let is_one = self.purpose.count() == 1;
        if error.kind() == Kind::Conflict && is_one {
            self.is_clashing = true;
            let question = Question::Sketch(self.purpose.noun(), self.purpose.of());
            return vec![ask(SKETCH, question)];
        }
        if error.kind() == Kind::Duplicate
            && let Purpose::Add(Noun::Customer, _) = self.purpose
            && let Some(candidate) = error.candidates().first()
        {
            self.above = Some(Above::duplicate(candidate.clone()));
            return Vec::new();
        }
        let message = act::told(error);
        let field = error.field().and_then(|name| self.form.as_ref()?.find(name));
        if let (Some(field), Some(form)) = (field, &mut self.form) {
            form.refuse(vec![(field, message.clone())]);
        }
        refuse(message)
    }

    fn returned(&mut self, returned: Returned, world: &World) -> Vec<Effect> {
        if returned.to.slot == DRAFT {
            self.is_recalled = true;
            self.draft = returned.text.ok().and_then(|text| draft::read(&text));
            return self.ready(world);
        }
        let text = match returned.text {
            Ok(text) => text,
            Err(message) => return refuse(message),
        };
        if let (Some(field), Some(form)) = (self.editing.take(), &mut self.form) {
            form.fill(field, text.trim_end());
            return self.react(&FormEvent::Changed(field), world);
        }
        Vec::new()
    }

    fn mouse(&mut self, event: MouseEvent, area: Rect, world: &World) -> Vec<Effect> {
        if event.kind != MouseEventKind::Down(MouseButton::Left) || self.waiting.is_some() {
            return Vec::new();
        }
        if let Some(above) = &self.above {
            return match above.menu().and_then(|menu| clicked(menu, event, area, world)) {
                Some(item) => self.chosen_above(item, world),
                None => Vec::new(),
            };
        }
        let Some(form) = &mut self.form else {
            return Vec::new();
        };
        let inside = popup::inside(RecordForm::place(form, area));
        let event = form.click(inside, Position::new(event.column, event.row));
        self.react(&event, world)
    }

    fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let look = &world.look;
        let mut cursor = None;
        if let Some(form) = &self.form {
            let place = RecordForm::place(form, area);
            let border = Popup {
                title: self.purpose.title().into(),
                foot: self.foot(place.width).into(),
            };
            let buffer = frame.buffer_mut();
            let inner = border.render(place, buffer, look);
            cursor = form.render(inner, buffer, look);
        }
        match &self.above {
            Some(above) => above.draw(frame, area, world),
            None => cursor,
        }
    }
}
