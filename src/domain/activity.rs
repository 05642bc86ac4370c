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
    Field::read(
        "uid",
        FieldType::Uid,
        &[],
        "identity that never changes and is unique across bases",
    ),
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
    Field::write("tags", FieldType::Tags, &["tag", "标签"], "labels"),
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id"],
        "identities in other systems, system:value",
    ),
    Field::read(
        "attachments",
        FieldType::Parts,
        &["files", "附件"],
        "files and links, with size and hash",
    ),
    Field::read(
        "letter",
        FieldType::Parts,
        &[],
        "conversation, subject and whole text of a message",
    ),
    Field::read(
        "created_at",
        FieldType::Instant,
        &["created"],
        "when the record was made",
    ),
    Field::read(
        "created_by",
        FieldType::Link(Noun::User),
        &[],
        "user who made the record",
    ),
    Field::read(
        "updated_at",
        FieldType::Instant,
        &["updated"],
        "when the record was last changed",
    ),
    Field::read(
        "updated_by",
        FieldType::Link(Noun::User),
        &[],
        "user who last changed the record",
    ),
    Field::read(
        "deleted_at",
        FieldType::Instant,
        &[],
        "when the record went to the trash",
    ),
    Field::read("version", FieldType::Integer, &[], "rises with every change"),
];
