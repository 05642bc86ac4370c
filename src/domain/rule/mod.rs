//! What a rule is: when something happens to a record and a filter holds, it does something.
//!
//! Its parts are texts that people write: when it looks ([`trigger`]), and what it does ([`action`]).

pub mod action;
pub mod schedule;
pub mod trigger;

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// The nouns whose records a rule can watch: those that have refs.
pub const NOUNS: &[Noun] = &[
    Noun::Customer,
    Noun::Deal,
    Noun::Quote,
    Noun::Order,
    Noun::Ticket,
    Noun::Feedback,
    Noun::Task,
    Noun::Activity,
    Noun::Product,
];

/// So many rules may follow one upon another's changes; then it is over.
pub const MOST_DEPTH: i64 = 8;

/// What became of a rule for a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Everything was done but a command, which is still to run.
    Pending,
    /// Nothing was done, or a command failed.
    Failed,
    /// Too many rules followed one upon another.
    Stopped,
}

impl Outcome {
    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Done => "done",
            Outcome::Pending => "pending",
            Outcome::Failed => "failed",
            Outcome::Stopped => "stopped",
        }
    }
}

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "key", "position", "on", "filter", "actions", "once", "active", "fired",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "rule", "规则", "名称"],
        "name of the rule",
    ),
    Field::write(
        "position",
        FieldType::Integer,
        &["order", "顺序"],
        "rules with lower numbers go first",
    ),
    Field::write(
        "on",
        FieldType::Text,
        &["trigger", "when", "触发"],
        "when it looks: deal entered proposal, customer created, order overdue, customer at mon 09:00",
    ),
    Field::read("noun", FieldType::Text, &[], "kind of record that it watches"),
    Field::write(
        "filter",
        FieldType::Text,
        &["where", "条件"],
        "records that it is about, in the language of filters",
    ),
    Field::write(
        "actions",
        FieldType::LongText,
        &["action", "do", "动作"],
        "what it does, one a line: set priority=high, task 'Call {{ customer }}' --due +2d",
    ),
    Field::write(
        "once",
        FieldType::Bool,
        &["once_per_record", "仅一次"],
        "whether it does so once for each record, or each time",
    ),
    Field::write("active", FieldType::Bool, &["启用"], "whether it does anything"),
    Field::write("description", FieldType::Text, &["说明"], "what it is for"),
    Field::read(
        "owner",
        FieldType::Link(Noun::User),
        &["maker"],
        "user who made it, and for whom it acts",
    ),
    Field::read(
        "fired",
        FieldType::Integer,
        &[],
        "for how many records it did something",
    ),
    Field::read(
        "failed",
        FieldType::Integer,
        &[],
        "for how many records it failed",
    ),
    Field::read(
        "last",
        FieldType::Instant,
        &["last_fired"],
        "when it did something last",
    ),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];
