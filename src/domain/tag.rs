//! What a tag is: a label on any record, named by a key.

use crate::domain::field::{Field, FieldType};

/// The columns of a list.
pub const COLUMNS: &[&str] = &["name", "records", "description"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
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
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];
