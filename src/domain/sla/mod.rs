//! What a service policy is: what is promised for which tickets, in the hours of which calendar.
//!
//! Policies with a filter are asked first, in the order of their positions; the first whose filter a ticket meets is its
//! own. Of those without a filter the last one is for all other tickets.

pub mod targets;

use crate::domain::field::{Field, FieldType};

/// The policy that every base has from its founding.
pub const DEFAULT_POLICY: &str = "standard";

/// The columns of a list.
pub const COLUMNS: &[&str] = &["key", "position", "filter", "calendar", "targets", "active"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "policy", "策略", "名称"],
        "name of the policy",
    ),
    Field::write(
        "position",
        FieldType::Integer,
        &["order", "顺序"],
        "policies with lower numbers are asked first",
    ),
    Field::write(
        "filter",
        FieldType::Text,
        &["where", "条件"],
        "tickets that it is for, in the language of filters; without one all that no other is for",
    ),
    Field::write(
        "calendar",
        FieldType::Link(crate::domain::noun::Noun::Calendar),
        &["hours", "日历"],
        "calendar whose hours count; without one time counts as it passes",
    ),
    Field::write(
        "targets",
        FieldType::LongText,
        &["target", "目标"],
        "what is promised, a priority a line: urgent first=30m next=1h resolution=2h; low none",
    ),
    Field::write(
        "active",
        FieldType::Bool,
        &["启用"],
        "whether it is for any ticket at all",
    ),
    Field::write("description", FieldType::Text, &["说明"], "what it is for"),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];
