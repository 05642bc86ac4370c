//! What a team is: a group of users, named by a key.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// The columns of a list.
pub const COLUMNS: &[&str] = &["name", "manager", "members"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "name",
        FieldType::Text,
        &["team", "团队"],
        "name, which is also the key",
    ),
    Field::write(
        "manager",
        FieldType::Link(Noun::User),
        &[],
        "user who leads the team",
    ),
    Field::read("members", FieldType::Integer, &[], "number of users in the team"),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];
