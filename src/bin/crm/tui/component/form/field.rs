//! One field of a form: its label, what stands in it, and what is said about that.

use crossterm::event::KeyCode;

use crate::tui::component::area::Area;
use crate::tui::component::choice::{Choice, Fits, Listed, Takes};
use crate::tui::component::edit::Answer;
use crate::tui::component::input::Input;
use crate::tui::component::words;
use crate::tui::key::Key;

/// What a field takes, for those who check it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// One line.
    Text,
    /// Several lines.
    Long,
    /// One of a list.
    Choice,
    /// Several words of a list, or new ones.
    Tags,
    /// Yes or no.
    Bool,
    /// A phrase that means a day or a time.
    Date,
    /// An amount.
    Money,
}

/// What a field is edited with.
#[derive(Debug, Clone)]
pub(super) enum Control {
    Input(Input),
    Area(Area),
    Choice(Choice),
    /// None while many records have different ones.
    Tick(Option<bool>),
}

/// One field of a form.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) sort: Sort,
    pub(super) is_required: bool,
    pub(super) asks_for_choices: bool,
    pub(super) control: Control,
    /// What is said about the text: how it is understood, or what is wrong with it.
    pub(super) answer: Option<Result<String, String>>,
    /// The value at first; none where many records have different ones.
    initial: Option<String>,
    is_touched: bool,
    /// It was left once, or a save was tried: what is wrong is said from then on.
    pub(super) was_left: bool,
}

impl Field {
    fn new(name: &str, label: &str, sort: Sort, control: Control) -> Field {
        let mut field = Field {
            name: name.to_owned(),
            label: label.to_owned(),
            help: String::new(),
            sort,
            is_required: false,
            asks_for_choices: false,
            control,
            answer: None,
            initial: None,
            is_touched: false,
            was_left: false,
        };
        field.initial = Some(field.value());
        field
    }

    /// A field for a line of text.
    pub(crate) fn text(name: &str, label: &str, value: &str) -> Field {
        Field::new(name, label, Sort::Text, Control::Input(Input::new(value)))
    }

    /// A field for a phrase that means a day or a time.
    pub(crate) fn date(name: &str, label: &str, value: &str) -> Field {
        Field::new(name, label, Sort::Date, Control::Input(Input::new(value)))
    }

    /// A field for an amount.
    pub(crate) fn money(name: &str, label: &str, value: &str) -> Field {
        Field::new(name, label, Sort::Money, Control::Input(Input::new(value)))
    }

    /// A field for several lines of text.
    pub(crate) fn long(name: &str, label: &str, value: &str) -> Field {
        Field::new(name, label, Sort::Long, Control::Area(Area::new(value)))
    }

    /// A field with a list; `value` is the label of what is chosen at first. With [`Takes::Words`] it is for tags.
    pub(crate) fn choice(
        name: &str,
        label: &str,
        value: &str,
        takes: Takes,
        options: Vec<Listed>,
        fits: Fits,
    ) -> Field {
        let sort = match takes {
            Takes::Words => Sort::Tags,
            Takes::OneOf | Takes::Anything => Sort::Choice,
        };
        let control = Control::Choice(Choice::new(value, takes, options, fits));
        Field::new(name, label, sort, control)
    }

    /// A field for yes or no.
    pub(crate) fn tick(name: &str, label: &str, value: bool) -> Field {
        Field::new(name, label, Sort::Bool, Control::Tick(Some(value)))
    }

    /// The same that must not be empty.
    pub(crate) fn required(self) -> Field {
        Field {
            is_required: true,
            ..self
        }
    }

    /// The same with a line of help.
    pub(crate) fn help(self, help: &str) -> Field {
        Field {
            help: help.to_owned(),
            ..self
        }
    }

    /// The same with choices that come from outside, by what is typed.
    pub(crate) fn asking_for_choices(self) -> Field {
        Field {
            asks_for_choices: true,
            ..self
        }
    }

    /// The same with an example, or whatever else is shown while it is empty.
    pub(crate) fn placeholder(mut self, placeholder: &str) -> Field {
        self.control = match self.control {
            Control::Input(input) => Control::Input(input.placeholder(placeholder)),
            Control::Area(area) => Control::Area(area.placeholder(placeholder)),
            Control::Choice(choice) => Control::Choice(choice.placeholder(placeholder)),
            Control::Tick(tick) => Control::Tick(tick),
        };
        self
    }

    /// The field of many records that have different values: it is empty and says `note` (`(3 different)`), and
    /// counts as changed once something was typed.
    pub(crate) fn differing(mut self, note: &str) -> Field {
        self.set("");
        self.initial = None;
        match self.control {
            Control::Tick(_) => Field {
                control: Control::Tick(None),
                ..self
            },
            _ => self.placeholder(note),
        }
    }

    /// Its name, which is not shown.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// What it takes.
    pub(crate) fn sort(&self) -> Sort {
        self.sort
    }

    /// What stands in it, as it is typed.
    pub(crate) fn content(&self) -> String {
        match &self.control {
            Control::Input(input) => input.text(),
            Control::Area(area) => area.text(),
            Control::Choice(choice) => choice.text(),
            Control::Tick(tick) => tick.map(|tick| tick.to_string()).unwrap_or_default(),
        }
    }

    /// What is to be saved: the value of a choice, `true` or `false` of a tick, the text of all others without
    /// blanks around it.
    pub(crate) fn value(&self) -> String {
        match &self.control {
            Control::Choice(choice) => choice.value(),
            Control::Input(_) | Control::Area(_) | Control::Tick(_) => self.content().trim().to_owned(),
        }
    }

    /// Whether it holds something else than at first.
    pub(crate) fn is_changed(&self) -> bool {
        let differs = |initial: &String| *initial != self.value();
        self.is_touched && self.initial.as_ref().is_none_or(differs)
    }

    /// Whether it would take away a value that many records have each in its own way.
    pub(super) fn is_emptied(&self) -> bool {
        self.initial.is_none() && self.is_touched && self.value().is_empty()
    }

    /// What is wrong with it, whether or not that is shown yet.
    pub(crate) fn error(&self) -> Option<&str> {
        let is_open = self.initial.is_none() && !self.is_touched;
        if self.is_required && self.value().is_empty() && !is_open {
            return Some(words::REQUIRED);
        }
        if let Control::Choice(choice) = &self.control
            && !choice.is_valid()
        {
            return Some(words::NO_CHOICE);
        }
        match &self.answer {
            Some(Err(message)) => Some(message),
            _ => None,
        }
    }

    /// Sets what stands in it, as typed by someone.
    pub(super) fn fill(&mut self, text: &str) {
        self.set(text);
        self.touch();
    }

    fn set(&mut self, text: &str) {
        match &mut self.control {
            Control::Input(input) => input.set(text),
            Control::Area(area) => area.set(text),
            Control::Choice(choice) => choice.set(text),
            Control::Tick(tick) => *tick = text.parse().ok(),
        }
    }

    /// It was typed into: what was said about the text before no longer holds.
    pub(super) fn touch(&mut self) {
        self.is_touched = true;
        self.answer = None;
    }

    /// The keys go elsewhere.
    pub(super) fn leave(&mut self) {
        self.was_left = true;
        if let Control::Choice(choice) = &mut self.control {
            let before = choice.text();
            choice.leave();
            if choice.text() != before {
                self.touch();
            }
        }
    }

    /// Does what `key` says, if the field has a use for it.
    pub(super) fn key(&mut self, key: Key) -> Answer {
        let answer = match &mut self.control {
            Control::Input(input) => input.key(key),
            Control::Area(area) => area.key(key),
            Control::Choice(choice) => choice.key(key),
            Control::Tick(tick) => tick_key(tick, key),
        };
        if answer == Answer::Changed {
            self.touch();
        }
        answer
    }

    /// Puts a pasted text in.
    pub(super) fn paste(&mut self, text: &str) -> Answer {
        let answer = match &mut self.control {
            Control::Input(input) => input.paste(text),
            Control::Area(area) => area.paste(text),
            Control::Choice(choice) => choice.paste(text),
            Control::Tick(_) => Answer::Ignored,
        };
        if answer == Answer::Changed {
            self.touch();
        }
        answer
    }
}

fn tick_key(tick: &mut Option<bool>, key: Key) -> Answer {
    *tick = match (key.code, key.control || key.alt) {
        (KeyCode::Char(' '), false) => Some(!tick.unwrap_or(false)),
        (KeyCode::Char('y'), false) => Some(true),
        (KeyCode::Char('n'), false) => Some(false),
        _ => return Answer::Ignored,
    };
    Answer::Changed
}
