//! What is to be imported, and how.

use super::convention::Conventions;
use super::unknown::Unknown;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::ops::typed::OnMissing;

/// What happens to a row whose record is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDuplicate {
    /// The record gets what the row says.
    Update,
    /// The row is left out.
    Skip,
    /// A new record is made, unless uid, external id or the very same row say that it is there.
    Create,
}

/// What is to be imported, and how. The country of telephone numbers is the caller's.
#[derive(Debug, Clone)]
pub struct Request {
    /// The kind of record.
    pub noun: Noun,
    /// `person` or `company`, where the command said so.
    pub kind: Option<&'static str>,
    /// Columns and the fields that they feed; an empty field leaves the column out.
    pub map: Vec<(String, String)>,
    /// Fields that every row gets, whatever it says itself.
    pub set: Vec<Assignment>,
    /// Fields by which a record is recognised; empty for the usual ones.
    pub key: Vec<String>,
    /// The system from which external ids are.
    pub system: String,
    /// What happens to a row whose record is there already.
    pub on_duplicate: OnDuplicate,
    /// What happens where a row names what does not exist. None is as `Fail`, except that the employer in the row
    /// of a person is made.
    pub on_missing: Option<OnMissing>,
    /// What becomes of columns that feed no field.
    pub unknown: Unknown,
    /// How the file writes numbers and days; what [`super::convention::survey`] shows of it.
    pub conventions: Conventions,
    /// What the rows come from, as the title of the operation names it.
    pub file: String,
}

impl Request {
    /// An import of `noun` from `file` in which nothing else was said.
    pub fn new(noun: Noun, file: impl Into<String>, system: impl Into<String>) -> Request {
        Request {
            noun,
            kind: None,
            map: Vec::new(),
            set: Vec::new(),
            key: Vec::new(),
            system: system.into(),
            on_duplicate: OnDuplicate::Update,
            on_missing: None,
            unknown: Unknown::default(),
            conventions: Conventions::default(),
            file: file.into(),
        }
    }
}
