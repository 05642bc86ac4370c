//! What an activity is: something that happened between us and customers.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// Sorts of activity.
pub const TYPES: &[&str] = &["call", "email", "meeting", "message", "visit", "demo", "note"];

/// Who began it.
pub const DIRECTIONS: &[&str] = &["in", "out", "none"];

/// What it was for.
pub const PURPOSES: &[&str] = &["pre_sale", "follow_up", "complaint", "service", "other"];

/// The columns of a list.
pub const COLUMNS: &[&str] = &["id", "at", "type", "customer", "deal", "text", "outcome", "owner"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read("id", FieldType::Ref, &["ref"], "ref, A99"),
    Field::UID,
    Field::write(
        "type",
        FieldType::Word(TYPES),
        &["类型"],
        "call, email, meeting, message, visit, demo or note",
    ),
    Field::write(
        "at",
        FieldType::Instant,
        &["date", "happened_at", "时间"],
        "when it happened",
    ),
    Field::read(
        "on_date",
        FieldType::Date,
        &[],
        "day on which it happened, in the zone of whoever logged it",
    ),
    Field::write(
        "customer",
        FieldType::Link(Noun::Customer),
        &["with", "客户"],
        "customer it was with",
    ),
    Field::write(
        "people",
        FieldType::Links(Noun::Customer),
        &["participants"],
        "further people who took part",
    ),
    Field::read(
        "employers",
        FieldType::Links(Noun::Customer),
        &[],
        "companies of those who took part, at that time",
    ),
    Field::write(
        "deal",
        FieldType::Link(Noun::Deal),
        &["商机"],
        "deal it was about",
    ),
    Field::write(
        "ticket",
        FieldType::Link(Noun::Ticket),
        &["工单"],
        "ticket it was for",
    ),
    Field::write("direction", FieldType::Word(DIRECTIONS), &[], "in, out or none"),
    Field::write(
        "text",
        FieldType::LongText,
        &["subject", "body", "note", "内容"],
        "what was said or done",
    ),
    Field::write("outcome", FieldType::Choice("outcome"), &["结果"], "how it went"),
    Field::write(
        "duration",
        FieldType::Duration,
        &[],
        "how long it took, in seconds",
    ),
    Field::write("purpose", FieldType::Word(PURPOSES), &[], "what it was for"),
    Field::write(
        "owner",
        FieldType::Link(Noun::User),
        &["user", "负责人"],
        "user who did it",
    ),
    Field::TAGS,
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id"],
        "identities in other systems, system:value",
    ),
    Field::ATTACHMENTS,
    Field::read(
        "letter",
        FieldType::Parts,
        &[],
        "conversation, subject and whole text of a message",
    ),
    Field::CREATED_AT,
    Field::CREATED_BY,
    Field::UPDATED_AT,
    Field::UPDATED_BY,
    Field::DELETED_AT,
    Field::VERSION,
];
