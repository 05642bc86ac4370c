//! What an import tells: the verdict on every row as it falls, and the sum of them at the end.

use crate::domain::noun::Noun;
use crate::error::Result;
use crate::wire::read::rows::{Row, RowError};

use super::Request;

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A record was made.
    Created,
    /// A record was changed.
    Updated,
    /// The record says all that the row says.
    Unchanged,
    /// The row was left out on purpose.
    Skipped,
    /// The row was refused.
    Rejected,
}

impl Verdict {
    /// The word that people see.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Created => "create",
            Verdict::Updated => "update",
            Verdict::Unchanged => "unchanged",
            Verdict::Skipped => "skip",
            Verdict::Rejected => "reject",
        }
    }
}

/// Where a verdict comes from.
#[derive(Debug, Clone, Copy)]
pub enum Origin<'r> {
    /// A row.
    Row(&'r Row),
    /// A part of the file that is no row.
    Broken(&'r RowError),
}

/// One row and its verdict.
#[derive(Debug)]
pub struct Judged<'r> {
    /// The line on which the row starts.
    pub line: u64,
    /// What became of it.
    pub verdict: Verdict,
    /// The ref or key of the record; none without one.
    pub reference: Option<String>,
    /// The name of the record, as far as it is known.
    pub name: String,
    /// The field at fault.
    pub field: Option<&'r str>,
    /// Why it was refused or left out; empty otherwise.
    pub reason: &'r str,
    /// The row itself.
    pub origin: Origin<'r>,
}

impl<'r> Judged<'r> {
    /// A row that could not even be read.
    pub(super) fn broken(error: &'r RowError) -> Judged<'r> {
        Judged {
            line: error.line,
            verdict: Verdict::Rejected,
            reference: None,
            name: String::new(),
            field: error.column.as_deref(),
            reason: &error.reason,
            origin: Origin::Broken(error),
        }
    }
}

/// Who hears of every row: the table of a dry run, the file of rejects, the progress bar.
pub trait Sink {
    /// Takes note of a verdict. Rows that were put aside come last.
    ///
    /// # Errors
    ///
    /// Ends the import, of which nothing stays.
    fn judged(&mut self, row: &Judged<'_>) -> Result<()>;
}

/// A sink for those who only want the summary.
#[derive(Debug, Default)]
pub struct Silent;

impl Sink for Silent {
    fn judged(&mut self, _: &Judged<'_>) -> Result<()> {
        Ok(())
    }
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows that made a record.
    pub created: u64,
    /// Rows that changed one.
    pub updated: u64,
    /// Rows that said nothing new.
    pub unchanged: u64,
    /// Rows that were left out on purpose.
    pub skipped: u64,
    /// Rows that were refused.
    pub rejected: u64,
    /// Records that were made because a row named them, each once.
    pub made: Vec<(Noun, String)>,
    /// Words that were made because a row used them: picklist and key.
    pub made_words: Vec<(String, String)>,
    /// Columns that feed no field.
    pub unmapped: Vec<String>,
    /// What was kept although it could not be understood: field, text, and how often; at most a thousand of them.
    pub doubts: Vec<(String, String, u64)>,
    /// What could not be read as its field and stands in the note: column, text, and how often; at most a thousand.
    pub kept: Vec<(String, String, u64)>,
    /// Stages of the file, and those of the base that a preset takes them for.
    pub placed: Vec<(String, String, u64)>,
    /// Users who are named and are none here, and in how many records.
    pub strangers: Vec<(String, u64)>,
    /// Columns that stand in the note.
    pub noted: Vec<String>,
    /// Why rows were left out by what the file itself says, and how many.
    pub left: Vec<(String, u64)>,
    /// The encoding that was assumed for the file, if its letters alone speak for it.
    pub encoding: Option<&'static str>,
    /// Of rows that make several records: how many of each were made, by noun and type.
    pub records: Vec<(Noun, Option<&'static str>, u64)>,
}

impl Summary {
    /// The title of the operation: `Imported 120 customers from FILE (3 updated, 1 rejected)`.
    pub(super) fn title(&self, request: &Request) -> String {
        let (one, many) = match (request.noun, request.kind) {
            (Noun::Customer, Some("company")) => ("company", "companies"),
            (noun, _) => (noun.name(), noun.plural()),
        };
        let noun = if self.created == 1 { one } else { many };
        let mut title = format!("Imported {} {noun} from {}", self.created, request.file);
        let rest: Vec<String> = [(self.updated, "updated"), (self.rejected, "rejected")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if !rest.is_empty() {
            title.push_str(&format!(" ({})", rest.join(", ")));
        }
        title
    }

    /// The same where rows make several records: `Imported 120 people, 35 companies from FILE (3 updated)`.
    pub(super) fn title_of_all(&self, file: &str) -> String {
        let mut counts: Vec<(&str, &str, u64)> = Vec::new();
        for (noun, kind, count) in &self.records {
            let (one, many) = words(*noun, *kind);
            match counts.iter_mut().find(|(known, ..)| *known == one) {
                Some((.., known)) => *known += count,
                None => counts.push((one, many, *count)),
            }
        }
        title(&counts, self, file)
    }

    /// How many rows have this verdict.
    pub(super) fn count_of(&mut self, verdict: Verdict) -> &mut u64 {
        match verdict {
            Verdict::Created => &mut self.created,
            Verdict::Updated => &mut self.updated,
            Verdict::Unchanged => &mut self.unchanged,
            Verdict::Skipped => &mut self.skipped,
            Verdict::Rejected => &mut self.rejected,
        }
    }

    /// Adds what another file of the same import did.
    pub(super) fn add(&mut self, other: Summary) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.skipped += other.skipped;
        self.rejected += other.rejected;
        self.made.extend(other.made);
        self.made_words.extend(other.made_words);
    }

    /// How many rows there were.
    pub fn rows(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.skipped + self.rejected
    }
}

/// What records are called, one and several.
pub(super) fn words(noun: Noun, kind: Option<&str>) -> (&'static str, &'static str) {
    match (noun, kind) {
        (Noun::Customer, Some("company")) => ("company", "companies"),
        (Noun::Customer, Some("person")) => ("person", "people"),
        (noun, _) => (noun.name(), noun.plural()),
    }
}

/// The title of an operation that made so many of each kind, out of `from`.
pub(super) fn title(counts: &[(&str, &str, u64)], total: &Summary, from: &str) -> String {
    let made: Vec<String> = counts
        .iter()
        .filter(|(.., count)| *count > 0)
        .map(|(one, many, count)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    let made = if made.is_empty() {
        "nothing new".to_owned()
    } else {
        made.join(", ")
    };
    let rest: Vec<String> = [(total.updated, "updated"), (total.rejected, "rejected")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    match rest.is_empty() {
        true => format!("Imported {made} from {from}"),
        false => format!("Imported {made} from {from} ({})", rest.join(", ")),
    }
}
