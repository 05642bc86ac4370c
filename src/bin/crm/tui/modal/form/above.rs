//! What lies above a form: a draft that is offered, who is similar, what is about to be saved, what somebody else did.

use crm::error::Candidate;
use crm::wire::form::Item as Given;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};

use super::draft::Draft;
use crate::tui::component::confirm::{Confirm, Grade};
use crate::tui::component::menu::{Item, Menu};
use crate::tui::deed::Deed;
use crate::tui::modal::menu::item;
use crate::tui::world::World;

/// Something above a form that has the keys.
#[derive(Debug)]
pub(super) enum Above {
    /// What was typed another time.
    Draft(Menu, Draft),
    /// Somebody has the address already.
    Duplicate(Menu, Candidate),
    /// Records with the same name or address, by their refs.
    Similar(Menu, Vec<crm::domain::value::Link>),
    /// One value of a list.
    Pick(Menu, Vec<Deed>),
    /// What is about to be saved.
    Preview(Box<Confirm>, Deed),
    /// Fields that somebody else has changed meanwhile; the first is asked about.
    Clash(Menu, Vec<Clash>),
}

/// A field with three values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clash {
    pub(super) name: String,
    pub(super) label: String,
    /// Before both.
    pub(super) base: Given,
    pub(super) theirs: Given,
    pub(super) mine: Given,
}

impl Above {
    /// Offers a draft.
    pub(super) fn draft(draft: Draft, world: &World) -> Above {
        let title = format!("A draft of {}", draft.time(world.clock()));
        // Whoever types at once means the form: no letter may take the draft or throw it away.
        let plain = |label: &str| Item {
            key: None,
            ..item(' ', label)
        };
        let mut take = plain("take it");
        let fields: Vec<&str> = draft.fields.iter().map(|(name, _)| name.as_str()).collect();
        take.note = fields.join(", ");
        let menu = Menu::new(&title, vec![take, plain("begin anew and forget it")]);
        Above::Draft(menu, draft)
    }

    /// Asks what to do about somebody who has the address.
    pub(super) fn duplicate(candidate: Candidate) -> Above {
        let title = format!("{} {} is there already", candidate.reference, candidate.name);
        let mut open = item('o', "open it, and keep this as a draft");
        open.note.clone_from(&candidate.detail);
        let items = vec![
            open,
            item('u', "add what is new to it"),
            item('a', "add this one anyway"),
            item('b', "back to the form"),
        ];
        Above::Duplicate(Menu::new(&title, items), candidate)
    }

    /// Shows who has the same name or address.
    pub(super) fn similar(links: &[crm::domain::value::Link]) -> Above {
        let items = links.iter().map(|link| Item {
            key: None,
            label: format!("{} {}", link.reference(), link.name),
            note: "opens it; what was typed is kept".to_owned(),
            off: None,
        });
        Above::Similar(Menu::new("Similar ones", items.collect()), links.to_vec())
    }

    /// Asks before several records are changed.
    pub(super) fn preview(question: &str, lines: Vec<String>, count: usize, deed: Deed) -> Above {
        let grade = match count > super::TYPED {
            true => Grade::Typed(count.to_string()),
            false => Grade::Simple,
        };
        let confirm = Confirm::new("Save", question, lines, "Save", grade);
        Above::Preview(Box::new(confirm), deed)
    }

    /// Asks which value of a field is to hold; none if no field is left.
    pub(super) fn clash(clashes: Vec<Clash>) -> Option<Above> {
        let first = clashes.first()?;
        let title = format!("{} was changed by somebody else", first.label);
        let choice = |key: char, label: &str, value: &Given| {
            let mut item = item(key, label);
            item.note = value.shown();
            item
        };
        let items = vec![
            choice('m', "mine", &first.mine),
            choice('t', "theirs", &first.theirs),
            choice('b', "as it was before both", &first.base),
        ];
        Some(Above::Clash(Menu::new(&title, items), clashes))
    }

    /// The menu, unless it is a question.
    pub(super) fn menu(&self) -> Option<&Menu> {
        match self {
            Above::Draft(menu, _)
            | Above::Duplicate(menu, _)
            | Above::Similar(menu, _)
            | Above::Pick(menu, _)
            | Above::Clash(menu, _) => Some(menu),
            Above::Preview(..) => None,
        }
    }

    /// Draws itself over the form; where the cursor belongs.
    pub(super) fn draw(&self, frame: &mut Frame<'_>, area: Rect, world: &World) -> Option<Position> {
        let buffer = frame.buffer_mut();
        if let Some(menu) = self.menu() {
            menu.render(area, buffer, &world.look);
        }
        match self {
            Above::Preview(confirm, _) => confirm.render(area, buffer, &world.look),
            _ => None,
        }
    }
}
