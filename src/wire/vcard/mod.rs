//! vCard 2.1, 3.0 and 4.0 to rows of customers, and customers to vCard 4.0 and 3.0.
//!
//! * `read.rs`: cards of a file, one at a time; groups of people.
//! * `about.rs`, `name.rs`, `reach.rs`, `place.rs`, `relation.rs`: what a property means.
//! * `write.rs`: a customer as a card.
//!
//! # What is promised
//!
//! Nothing of a card is lost: what no field takes stands in the note as `NAME: value`. A card of this program that
//! comes back unchanged makes the same customer in an empty base. The identity of a card is the external id
//! `vcard:UID`.

mod about;
mod name;
mod place;
mod reach;
pub(crate) mod read;
mod relation;
pub mod write;

/// The system of the external ids of cards.
pub const SYSTEM: &str = "vcard";

/// The column of the members of a group: it makes a label of the row, and gives it to them.
pub const MEMBERS: &str = "members";

/// The column of relations to others who may be known or not.
pub const RELATIONS: &str = "relations";

/// The parameter that tells which of a customer's addresses one is, and its value for all but the main one.
const PART: &str = "X-CRM-PART";
const FURTHER: &str = "further";

/// What is understood of a card so far.
#[derive(Debug, Default)]
pub(crate) struct Understood {
    pub(crate) cells: Vec<crate::domain::input::Assignment>,
    /// Paragraphs of the note.
    pub(crate) notes: Vec<String>,
    /// Lines at the end of the note: what no field takes.
    pub(crate) rest: Vec<String>,
}

impl Understood {
    /// Gives a field one text; nothing if it is empty.
    pub(crate) fn give(&mut self, field: impl Into<String>, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            self.cells
                .push((field.into(), crate::domain::input::Input::Text(text)));
        }
    }

    /// Gives a field with several values one more.
    pub(crate) fn add(&mut self, field: impl Into<String>, text: impl Into<String>) {
        let text = text.into();
        if !text.trim().is_empty() {
            let list = crate::domain::input::Input::List(vec![crate::domain::input::Input::Text(text)]);
            self.cells.push((field.into(), list));
        }
    }

    /// Keeps what no field takes.
    pub(crate) fn keep(&mut self, name: &str, label: &str, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let label = if label.is_empty() {
            String::new()
        } else {
            format!(" ({label})")
        };
        let line = format!("{name}{label}: {}", text.trim());
        if !self.rest.contains(&line) {
            self.rest.push(line);
        }
    }
}
