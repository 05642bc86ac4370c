//! A form: fields with labels, one of which has the keys. What is wrong with a field is said from outside, and
//! shown once the field was left, never while it is typed in for the first time.

pub(crate) mod field;
#[cfg(test)]
mod tests;
mod view;

use crossterm::event::KeyCode;
use ratatui::layout::{Position, Rect, Size};

use crate::tui::component::choice::Listed;
use crate::tui::component::edit::Answer;
use crate::tui::key::Key;
use field::{Control, Field};

/// A form that is open.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    fields: Vec<Field>,
    focus: usize,
    /// Said at the foot, such as when the draft was kept.
    status: String,
}

/// What a key did to a form. Fields are told by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FormEvent {
    /// Another text stands in this field.
    Changed(usize),
    /// This field has choices from outside, and this is what narrows them down; its text may be another.
    WantChoices(usize, String),
    /// The keys went from this field to another.
    Left(usize),
    /// Save; no field is known to be wrong.
    Save,
    /// A save was asked for, and so many fields are wrong. The first of them has the keys now.
    Refused(usize),
    /// Close; what was typed is still there.
    Close,
    /// Open this field in the editor.
    Edit(usize),
    /// Explain this field.
    Help(usize),
    /// What was typed or pasted into this field makes it longer than can be edited here, and was not taken.
    TooLong(usize),
    /// Nothing to do for the caller.
    Kept,
    /// The key is not for forms.
    Ignored,
}

impl Form {
    /// A form with the keys on its first field.
    pub(crate) fn new(fields: Vec<Field>) -> Form {
        Form {
            fields,
            focus: 0,
            status: String::new(),
        }
    }

    /// The fields.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The number of the field with this name.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// What is to be saved of the field with this name; empty if there is none.
    pub(crate) fn value(&self, name: &str) -> String {
        let field = self.fields.iter().find(|field| field.name == name);
        field.map(Field::value).unwrap_or_default()
    }

    /// The names and values of the fields that hold something else than at first.
    pub(crate) fn changed(&self) -> Vec<(&str, String)> {
        let changed = self.fields.iter().filter(|field| field.is_changed());
        changed
            .map(|field| (field.name.as_str(), field.value()))
            .collect()
    }

    /// Whether any field does.
    pub(crate) fn is_changed(&self) -> bool {
        self.fields.iter().any(Field::is_changed)
    }

    /// The number of the field that has the keys.
    pub(crate) fn focus(&self) -> usize {
        self.focus
    }

    /// Gives the keys to a field.
    pub(crate) fn go(&mut self, field: usize) -> FormEvent {
        if field == self.focus || field >= self.fields.len() {
            return FormEvent::Kept;
        }
        let left = self.focus;
        self.leave(left);
        self.focus = field;
        FormEvent::Left(left)
    }

    /// What is said at the foot.
    pub(crate) fn set_status(&mut self, status: &str) {
        status.clone_into(&mut self.status);
    }

    /// Says how a text is understood (`Ok`) or what is wrong with it (`Err`).
    ///
    /// `text` is the one that was checked: if another stands in the field by now, the answer is late and dropped.
    pub(crate) fn set_answer(&mut self, field: usize, text: &str, answer: Result<String, String>) {
        if let Some(field) = self.fields.get_mut(field)
            && field.content() == text
        {
            field.answer = Some(answer).filter(|answer| answer != &Ok(String::new()));
        }
    }

    /// Says what a save found wrong; the first of these fields gets the keys.
    pub(crate) fn refuse(&mut self, errors: Vec<(usize, String)>) {
        if let Some(first) = errors.iter().map(|(field, _)| *field).min() {
            self.go(first);
        }
        for (field, message) in errors {
            if let Some(field) = self.fields.get_mut(field) {
                field.answer = Some(Err(message));
                field.was_left = true;
            }
        }
    }

    /// Gives the choices of a field, where they come from outside.
    pub(crate) fn set_choices(&mut self, field: usize, options: Vec<Listed>) {
        if let Some(Control::Choice(choice)) = self.fields.get_mut(field).map(|field| &mut field.control) {
            choice.set_options(options);
            // In a field that was left a list would only be in the way.
            if field == self.focus {
                choice.offer();
            }
        }
    }

    /// Puts a text into a field, as from the editor.
    pub(crate) fn fill(&mut self, field: usize, text: &str) {
        if let Some(field) = self.fields.get_mut(field) {
            field.fill(text);
        }
    }

    /// What was typed, by the names of the fields, to be restored another time.
    pub(crate) fn draft(&self) -> Vec<(String, String)> {
        let changed = self.fields.iter().filter(|field| field.is_changed());
        changed
            .map(|field| (field.name.clone(), field.content()))
            .collect()
    }

    /// Puts a draft into the fields; names that no field has are left out.
    pub(crate) fn restore(&mut self, draft: &[(String, String)]) {
        for (name, text) in draft {
            if let Some(field) = self.fields.iter_mut().find(|field| field.name == *name) {
                field.fill(text);
            }
        }
    }

    /// Does what `key` says.
    pub(crate) fn key(&mut self, key: Key) -> FormEvent {
        match key.code {
            KeyCode::Char('s') if key.control => return self.save(),
            KeyCode::Enter if key.alt => return self.save(),
            KeyCode::Char('g') if key.control => return FormEvent::Edit(self.focus),
            KeyCode::F(4) => return FormEvent::Edit(self.focus),
            KeyCode::F(1) => return FormEvent::Help(self.focus),
            KeyCode::Tab if key.shift => return self.step(-1),
            KeyCode::Tab => return self.step(1),
            _ => {}
        }
        let was_open = self.has_open_list();
        let Some(field) = self.fields.get_mut(self.focus) else {
            return self.frame_key(key);
        };
        let answer = field.key(key);
        let is_opened = !was_open && self.has_open_list();
        match answer {
            Answer::Changed => self.wanted().unwrap_or(FormEvent::Changed(self.focus)),
            Answer::Kept if was_open || is_opened => {
                let wanted = self.wanted().filter(|_| is_opened);
                wanted.unwrap_or(FormEvent::Kept)
            }
            Answer::Kept => FormEvent::Kept,
            Answer::Full => FormEvent::TooLong(self.focus),
            Answer::Ignored => self.frame_key(key),
        }
    }

    /// The keys that a field has no use for.
    fn frame_key(&mut self, key: Key) -> FormEvent {
        let last = self.fields.len().saturating_sub(1);
        match key.code {
            KeyCode::Esc => FormEvent::Close,
            KeyCode::Enter if self.focus >= last => self.save(),
            KeyCode::Enter => self.step(1),
            KeyCode::Up => self.go(self.focus.saturating_sub(1)),
            KeyCode::Down => self.go((self.focus + 1).min(last)),
            _ => FormEvent::Ignored,
        }
    }

    /// Puts a pasted text into the field that has the keys.
    pub(crate) fn paste(&mut self, text: &str) -> FormEvent {
        match self.fields.get_mut(self.focus).map(|field| field.paste(text)) {
            Some(Answer::Changed) => self.wanted().unwrap_or(FormEvent::Changed(self.focus)),
            Some(Answer::Full) => FormEvent::TooLong(self.focus),
            Some(Answer::Kept) => FormEvent::Kept,
            Some(Answer::Ignored) | None => FormEvent::Ignored,
        }
    }

    /// Gives the keys to the field under a click.
    pub(crate) fn click(&mut self, area: Rect, at: Position) -> FormEvent {
        match self.field_at(area, at) {
            Some(field) => self.go(field),
            None => FormEvent::Kept,
        }
    }

    /// Says how large the form is drawn: in long texts up and down move by what is seen.
    pub(crate) fn resize(&mut self, size: Size) {
        let area = Rect::new(0, 0, size.width, size.height);
        let sizes: Vec<Size> = self.placed(area).iter().map(|placed| placed.size).collect();
        for (field, size) in self.fields.iter_mut().zip(sizes) {
            if let Control::Area(text) = &mut field.control {
                text.resize(size);
            }
        }
    }

    /// How many fields are seen to be wrong.
    pub(super) fn errors(&self) -> usize {
        let fields = self.fields.iter();
        fields
            .filter(|field| field.was_left && field.error().is_some())
            .count()
    }

    /// Whether a list of choices lies over the form.
    fn has_open_list(&self) -> bool {
        let control = self.fields.get(self.focus).map(|field| &field.control);
        matches!(control, Some(Control::Choice(choice)) if choice.is_open())
    }

    /// What the field with the keys asks for, if its choices come from outside.
    fn wanted(&self) -> Option<FormEvent> {
        let field = self.fields.get(self.focus)?;
        match &field.control {
            Control::Choice(choice) if field.asks_for_choices => {
                Some(FormEvent::WantChoices(self.focus, choice.query()))
            }
            _ => None,
        }
    }

    fn leave(&mut self, field: usize) {
        if let Some(field) = self.fields.get_mut(field) {
            field.leave();
        }
    }

    /// Gives the keys to the next field, and from the last to the first.
    fn step(&mut self, by: isize) -> FormEvent {
        let count = self.fields.len();
        let next = match by {
            ..0 => self.focus.checked_sub(1).unwrap_or(count.saturating_sub(1)),
            _ if self.focus + 1 >= count => 0,
            _ => self.focus + 1,
        };
        if next == self.focus {
            self.leave(next);
            return FormEvent::Left(next);
        }
        self.go(next)
    }

    fn save(&mut self) -> FormEvent {
        for field in &mut self.fields {
            field.leave();
        }
        match self.fields.iter().position(|field| field.error().is_some()) {
            None => FormEvent::Save,
            Some(first) => {
                self.focus = first;
                FormEvent::Refused(self.errors())
            }
        }
    }
}
