//! What a team is: a group of users, named by a key.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// The columns of a list.
pub const COLUMNS: &[&str] = &["name", "manager", "members"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read(
        "uid",
        FieldType::Uid,
        &[],
        "identity that never changes and is unique across bases",
    ),
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
    Field::read(
        "created_at",
        FieldType::Instant,
        &["created"],
        "when the record was made",
    ),
    Field::read(
        "updated_at",
        FieldType::Instant,
        &["updated"],
        "when the record was last changed",
    ),
    Field::read(
        "deleted_at",
        FieldType::Instant,
        &[],
        "when the record went to the trash",
    ),
    Field::read("version", FieldType::Integer, &[], "rises with every change"),
];
