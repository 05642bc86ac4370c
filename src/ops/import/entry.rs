//! A row on its way to a record: its cells, and what stands in the note because no field takes it.

use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;

// Cells that no file has, because what is read of files has no NUL.

/// A line of the note.
pub(super) const NOTE_CELL: &str = "\0note";
/// An address beyond the main one, as a map of its parts.
pub(super) const ADDRESS_CELL: &str = "\0address";
/// The channel on which a customer does not want to be reached.
pub(super) const OPT_OUT_CELL: &str = "\0opt out";
/// The channel whose addresses are known not to work.
pub(super) const DEAD_CELL: &str = "\0dead";
/// The pipeline or the stage of a deal, as the file calls it.
pub(super) const PLACE_CELL: &str = "\0place";

// Parts of the map that says a place.

/// The field.
pub(super) const FIELD: &str = "field";
/// What the file says.
pub(super) const SAID: &str = "said";
/// What the preset says that it is, where the base does not know it.
pub(super) const MAPPED: &str = "mapped";

// Parts of the map that names a record as foreign files do.

/// An identity in another system, `system:value`.
pub(super) const EXTERNAL: &str = "external";
/// A user by name, address, or both.
pub(super) const USER: &str = "user";
/// A person by name.
pub(super) const PERSON: &str = "person";
/// The line of the note if there is no such record.
pub(super) const LINE: &str = "line";

/// A row made ready by a preset.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// Its cells, named by our fields.
    pub(super) cells: Vec<Assignment>,
    /// What could not be read as its field: header and text.
    pub(super) doubts: Vec<(String, String)>,
}

impl Entry {
    /// Adds a cell.
    pub(super) fn cell(&mut self, name: &str, input: Input) {
        self.cells.push((name.to_owned(), input));
    }

    /// Adds a line of the note.
    pub(super) fn note(&mut self, title: &str, text: &str) {
        self.cell(NOTE_CELL, Input::Text(format!("{title}: {text}")));
    }

    /// Notes what could not be read.
    pub(super) fn doubt(&mut self, title: &str, text: &str) {
        self.doubts.push((title.to_owned(), text.to_owned()));
    }

    /// The text of a cell.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let found = self.cells.iter().find(|(known, _)| known == name);
        found.and_then(|(_, input)| input.as_text())
    }
}

/// The field that is the note of a noun.
pub(super) fn note_field(noun: Noun) -> Option<&'static str> {
    match noun {
        Noun::Customer | Noun::Deal | Noun::Quote | Noun::Order | Noun::Feedback | Noun::Task => Some("note"),
        Noun::Ticket => Some("description"),
        Noun::Activity => Some("text"),
        _ => None,
    }
}

/// A note with `lines` behind it, without those that it has already.
pub(super) fn with_lines(note: &str, lines: &[String]) -> String {
    let mut whole = note.trim_end().to_owned();
    for line in lines {
        if !has_line(&whole, line) {
            if !whole.is_empty() {
                whole.push('\n');
            }
            whole.push_str(line);
        }
    }
    whole
}

/// A note without `lines`, each of which may be several.
pub(super) fn without_lines(note: &str, lines: &[String]) -> String {
    let mut whole = note.to_owned();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        let found = whole.match_indices(line.as_str()).map(|(at, _)| at);
        let place = found.into_iter().find(|at| is_line(&whole, *at, line.len()));
        let Some(at) = place else { continue };
        let before = whole.get(..at).unwrap_or_default();
        let after = whole.get(at + line.len()..).unwrap_or_default();
        let after = after.trim_start_matches('\r').strip_prefix('\n').unwrap_or(after);
        whole = format!("{before}{after}");
    }
    match whole.len() == note.len() {
        true => whole,
        false => whole.trim_end().to_owned(),
    }
}

/// True if what stands at a place of a note is whole lines.
fn is_line(note: &str, at: usize, length: usize) -> bool {
    let before = note.get(..at).unwrap_or_default();
    let after = note.get(at + length..).unwrap_or_default();
    (before.is_empty() || before.ends_with('\n')) && (after.is_empty() || after.starts_with(['\n', '\r']))
}

/// True if `line`, which may be several, stands in a note as a line of its own.
pub(super) fn has_line(note: &str, line: &str) -> bool {
    note.match_indices(line)
        .any(|(at, _)| is_line(note, at, line.len()))
}
