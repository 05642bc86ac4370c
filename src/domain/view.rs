//! What a saved view is: a list under a name, with its filter, columns and order.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// The nouns whose records can be listed.
pub const NOUNS: &[&str] = &[
    "customer",
    "deal",
    "quote",
    "order",
    "ticket",
    "feedback",
    "task",
    "activity",
    "product",
    "pipeline",
    "user",
    "team",
    "tag",
    "field",
    "view",
    "form",
    "assignment",
    "calendar",
    "sla",
    "article",
    "score",
    "pool",
    "survey",
    "rule",
];

/// Who sees a view: its owner, the team of its owner, everybody. Without a team, the team is everybody.
pub const VISIBILITIES: &[&str] = &["private", "team", "all"];

/// The columns of a list.
pub const COLUMNS: &[&str] = &["key", "noun", "filter", "columns", "sort", "visibility", "owner"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "view", "视图", "名称"],
        "name of the view",
    ),
    Field::write("noun", FieldType::Word(NOUNS), &["of", "对象"], "what it lists"),
    Field::write(
        "owner",
        FieldType::Link(Noun::User),
        &["负责人", "所有者"],
        "user whose view it is",
    ),
    Field::write(
        "visibility",
        FieldType::Word(VISIBILITIES),
        &["可见范围"],
        "who sees it: its owner, the owner's team, everybody",
    ),
    Field::write(
        "filter",
        FieldType::Text,
        &["where", "筛选"],
        "which records; relative days stay relative",
    ),
    Field::write(
        "columns",
        FieldType::Text,
        &["fields", "列"],
        "columns, separated by commas; +x adds to the usual ones, -x takes away",
    ),
    Field::write("sort", FieldType::Text, &["order", "排序"], "order: name,-amount"),
    Field::write("description", FieldType::Text, &["说明"], "what it is for"),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];
