//! What a tag is: a label on any record, named by a key.

use crate::domain::field::{Field, FieldType};

/// The columns of a list.
pub const COLUMNS: &[&str] = &["name", "records", "description"];

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
        &["tag", "标签"],
        "the label, which is also the key",
    ),
    Field::write("description", FieldType::Text, &[], "what the label means"),
    Field::write(
        "keep_in_touch",
        FieldType::Integer,
        &["keep_in_touch_days", "联系间隔"],
        "days after which its customers want to hear from us; the shortest of a customer's own and its labels' counts",
    ),
    Field::read(
        "records",
        FieldType::Integer,
        &["count"],
        "number of records that carry it",
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
