//! What is typed or chosen on the page of a report before it becomes another one.

use crm::domain::when::period::Period;
use crm::error::Result;
use crm::report::{self, Dimension};
use crossterm::event::KeyCode;

use crate::tui::act;
use crate::tui::component::input::Input;
use crate::tui::component::menu::{Item, Menu};
use crate::tui::key::Key;
use crate::tui::page::report::copy::Form;
use crate::tui::page::report::words;
use crate::tui::world::World;

/// A field or a menu that has the keys.
#[derive(Debug, Clone)]
pub(super) enum Typing {
    Period(Input),
    Filter(Input),
    Pipe(Input),
    By(Menu, Vec<Option<Dimension>>),
    Copy(Menu),
}

impl Typing {
    pub(super) fn period() -> Typing {
        Typing::Period(Input::new("").placeholder(words::PERIODS))
    }

    pub(super) fn filter(text: &str) -> Typing {
        Typing::Filter(Input::new(text).placeholder(words::FILTERS))
    }

    pub(super) fn pipe() -> Typing {
        Typing::Pipe(Input::new("").placeholder(words::PIPES))
    }

    /// The ways in which the rows of a report can be made; `plain` if it can be one row of all.
    pub(super) fn by(known: &[Dimension], plain: bool) -> Typing {
        let ways: Vec<Option<Dimension>> = std::iter::once(None)
            .filter(|_| plain)
            .chain(known.iter().copied().map(Some))
            .collect();
        let items = ways.iter().map(|way| match way {
            None => item('a', words::ALL),
            Some(by) => item(letter(*by), by.name()),
        });
        let menu = Menu::new(words::BY, items.collect());
        Typing::By(menu, ways)
    }

    pub(super) fn copy() -> Typing {
        let items = Form::ALL.iter().map(|(_, letter, name)| item(*letter, name));
        Typing::Copy(Menu::new(words::COPY, items.collect()))
    }

    /// The field, and what it is for; none for a menu.
    pub(super) fn field(&self) -> Option<(&'static str, &Input)> {
        match self {
            Typing::Period(input) => Some((words::PERIOD, input)),
            Typing::Filter(input) => Some((words::FILTER, input)),
            Typing::Pipe(input) => Some((words::PIPE, input)),
            Typing::By(..) | Typing::Copy(_) => None,
        }
    }

    pub(super) fn field_mut(&mut self) -> Option<&mut Input> {
        match self {
            Typing::Period(input) | Typing::Filter(input) | Typing::Pipe(input) => Some(input),
            Typing::By(..) | Typing::Copy(_) => None,
        }
    }

    pub(super) fn menu(&self) -> Option<&Menu> {
        match self {
            Typing::By(menu, _) | Typing::Copy(menu) => Some(menu),
            _ => None,
        }
    }
}

/// The period that a phrase means; none for an empty one.
pub(super) fn period(text: &str, world: &World) -> Result<Option<Period>> {
    match text.trim() {
        "" => Ok(None),
        text => report::period::read(&world.caller, text).map(Some),
    }
}

/// What is said under a phrase while it is typed.
pub(super) fn answer(text: &str, world: &World) -> std::result::Result<String, String> {
    let arrow = world.look.symbols.arrow;
    match period(text, world) {
        Ok(None) => Ok(words::KEEP.to_owned()),
        Ok(Some(Period::ALL)) => Ok(format!("{arrow} {}", words::ALL_DAYS)),
        Ok(Some(period)) => {
            let label = period.label();
            Ok(match period.days() {
                Some((first, last)) if first != last && !label.contains("..") => {
                    format!("{arrow} {label}: {first}..{last}")
                }
                _ => format!("{arrow} {label}"),
            })
        }
        Err(error) => {
            let told = act::told(&error);
            // What a date may be is no help where a period is wanted.
            let wrong = told
                .split_once("; understood")
                .map_or(told.as_str(), |(wrong, _)| wrong);
            Err(format!("{wrong}; periods are {}", words::PERIODS))
        }
    }
}

/// Whether a key ends typing: with what was typed, or without.
pub(super) fn ending(key: Key) -> Option<bool> {
    match key.code {
        KeyCode::Enter => Some(true),
        KeyCode::Esc => Some(false),
        _ => None,
    }
}

/// The key of a dimension, the same in the menu of every report.
fn letter(by: Dimension) -> char {
    match by {
        Dimension::Owner => 'o',
        Dimension::Team => 't',
        Dimension::Pipeline => 'p',
        Dimension::Stage => 's',
        Dimension::Product => 'd',
        Dimension::Source => 'u',
        Dimension::Customer => 'c',
        Dimension::Reason => 'r',
        Dimension::Competitor => 'i',
        Dimension::Survey => 'y',
        Dimension::Level => 'l',
        Dimension::Channel => 'h',
        Dimension::Month => 'm',
        Dimension::Quarter => 'q',
        Dimension::Status => 'a',
        Dimension::Assignee => 'g',
        Dimension::Priority => 'x',
        Dimension::Policy => 'z',
    }
}

fn item(letter: char, label: &str) -> Item {
    Item {
        key: Some(Key::letter(letter)),
        label: label.to_owned(),
        note: String::new(),
        off: None,
    }
}
