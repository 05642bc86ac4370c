//! What a custom field is: a typed question that a team asks of its own records.

use crate::domain::field::{Field, FieldType};

/// The types a custom field can have.
pub const TYPES: &[&str] = &[
    "text",
    "long_text",
    "integer",
    "percent",
    "money",
    "bool",
    "date",
    "select",
    "multi_select",
    "url",
];

/// The nouns whose records can have custom fields.
pub const NOUNS: &[&str] = &["customer", "deal", "task", "activity", "product"];

/// The columns of a list.
pub const COLUMNS: &[&str] = &["noun", "key", "label", "type", "options", "required"];

/// The field table of the noun `field`.
pub const FIELDS: &[Field] = &[
    Field::read(
        "uid",
        FieldType::Uid,
        &[],
        "identity that never changes and is unique across bases",
    ),
    Field::write(
        "noun",
        FieldType::Word(NOUNS),
        &[],
        "the kind of record that has the field",
    ),
    Field::write(
        "key",
        FieldType::Text,
        &["name"],
        "name in filters and JSON, after `fields.`",
    ),
    Field::write("label", FieldType::Text, &[], "what a form shows"),
    Field::write("type", FieldType::Word(TYPES), &[], "what sort of value it holds"),
    Field::write(
        "options",
        FieldType::Text,
        &[],
        "the choices of a select, separated by commas",
    ),
    Field::write(
        "required",
        FieldType::Bool,
        &[],
        "whether a new record must have it",
    ),
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
