//! What a custom field is: a typed question that a team asks of its own records.
//!
//! There are no formulas: a number that follows from others is a report, where it is defined once.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// The types a custom field can have.
pub const TYPES: &[&str] = &[
    "text",
    "long_text",
    "integer",
    "decimal",
    "money",
    "percent",
    "bool",
    "date",
    "datetime",
    "time",
    "duration",
    "date_range",
    "select",
    "multi_select",
    "user",
    "person",
    "company",
    "deal",
    "email",
    "phone",
    "url",
    "address",
    "auto_number",
];

/// The nouns whose records can have custom fields.
pub const NOUNS: &[&str] = &[
    "customer", "deal", "quote", "order", "ticket", "feedback", "task", "activity", "product",
];

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "noun", "key", "label", "type", "options", "required", "unique", "default",
];

/// How the values of a type are kept and compared. A select is a choice from the picklist of its field.
pub fn kind(word: &str) -> FieldType {
    match word {
        "long_text" | "address" => FieldType::LongText,
        "integer" | "auto_number" => FieldType::Integer,
        "decimal" => FieldType::Decimal,
        "money" => FieldType::Money,
        "percent" => FieldType::Percent,
        "bool" => FieldType::Bool,
        "date" => FieldType::Date,
        "datetime" => FieldType::Instant,
        "time" => FieldType::Time,
        "duration" => FieldType::Duration,
        "date_range" => FieldType::Days,
        "select" => FieldType::Choice(""),
        "multi_select" => FieldType::Choices(""),
        "user" => FieldType::Link(Noun::User),
        "person" | "company" => FieldType::Link(Noun::Customer),
        "deal" => FieldType::Link(Noun::Deal),
        "url" => FieldType::Url,
        _ => FieldType::Text,
    }
}

/// What a limit of a type is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// The value itself lies between the limits.
    Value,
    /// The number of letters does.
    Letters,
    /// There are no limits.
    None,
}

/// What limits of a type are about.
pub fn limit(word: &str) -> Limit {
    match kind(word) {
        _ if word == "auto_number" => Limit::None,
        FieldType::Text | FieldType::LongText | FieldType::Url => Limit::Letters,
        FieldType::Integer
        | FieldType::Decimal
        | FieldType::Money
        | FieldType::Percent
        | FieldType::Date
        | FieldType::Instant
        | FieldType::Time
        | FieldType::Duration
        | FieldType::Days => Limit::Value,
        _ => Limit::None,
    }
}

/// True for types of which no two records may have to differ: there are too few values, or too many in one.
pub fn never_unique(word: &str) -> bool {
    matches!(word, "bool" | "multi_select" | "long_text" | "address")
}

/// The field table of the noun `field`.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "noun",
        FieldType::Word(NOUNS),
        &["对象"],
        "the kind of record that has the field",
    ),
    Field::write(
        "key",
        FieldType::Text,
        &["name", "字段"],
        "name in filters and JSON, after `fields.`",
    ),
    Field::write(
        "label",
        FieldType::Text,
        &["标签"],
        "what people see; label.zh is that of one language",
    ),
    Field::write(
        "type",
        FieldType::Word(TYPES),
        &["类型"],
        "what sort of value it holds",
    ),
    Field::write(
        "options",
        FieldType::Text,
        &["选项"],
        "the choices of a select in their order, separated by commas, S:Small with a label; options.zh labels them",
    ),
    Field::write(
        "required",
        FieldType::Bool,
        &["必填"],
        "whether a new record must have it",
    ),
    Field::write(
        "unique",
        FieldType::Bool,
        &["唯一"],
        "whether no two records may have the same value",
    ),
    Field::write(
        "default",
        FieldType::Text,
        &["默认值"],
        "what a new record gets if nothing is said; `today` and @me are read anew each time",
    ),
    Field::write(
        "min",
        FieldType::Text,
        &["最小值"],
        "the least value, or the least number of letters of a text",
    ),
    Field::write(
        "max",
        FieldType::Text,
        &["最大值"],
        "the greatest value, or the greatest number of letters of a text",
    ),
    Field::write(
        "help",
        FieldType::Text,
        &["帮助"],
        "what is to be entered, in a line",
    ),
    Field::read("labels", FieldType::Parts, &[], "what people see, by language"),
    Field::read(
        "option_details",
        FieldType::Parts,
        &[],
        "the choices of a select with what people see, by language",
    ),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];
