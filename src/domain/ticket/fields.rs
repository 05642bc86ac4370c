//! The field table of tickets.

use super::{PRIORITIES, STATUSES, STEPS, WAITS};
use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "id",
    "priority",
    "name",
    "customer",
    "status",
    "step",
    "assignee",
    "received_at",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read("id", FieldType::Ref, &["ref"], "ref, K5"),
    Field::read(
        "uid",
        FieldType::Uid,
        &[],
        "identity that never changes and is unique across bases",
    ),
    Field::write(
        "name",
        FieldType::Text,
        &["subject", "ticket_name", "title", "主题", "工单"],
        "what it is about, in one line",
    ),
    Field::write(
        "customer",
        FieldType::Link(Noun::Customer),
        &["account", "requester", "客户"],
        "customer who wants it: a company or a person",
    ),
    Field::read(
        "company",
        FieldType::Link(Noun::Customer),
        &["公司"],
        "where a person who is the customer worked then",
    ),
    Field::write(
        "contact",
        FieldType::Link(Noun::Customer),
        &["person", "联系人"],
        "person to speak with about it",
    ),
    Field::write(
        "description",
        FieldType::LongText,
        &["body", "描述"],
        "what the customer said, whole",
    ),
    Field::write(
        "channel",
        FieldType::Choice("ticket_channel"),
        &["origin", "渠道"],
        "how it came in",
    ),
    Field::write(
        "type",
        FieldType::Choice("ticket_type"),
        &["ticket_type", "类型"],
        "what sort of thing it is",
    ),
    Field::write(
        "category",
        FieldType::Choice("ticket_category"),
        &["分类"],
        "what part of our work it is about",
    ),
    Field::write(
        "priority",
        FieldType::Word(PRIORITIES),
        &["优先级"],
        "how much it presses: low, normal, high or urgent",
    ),
    Field::write(
        "severity",
        FieldType::Choice("ticket_severity"),
        &["严重程度"],
        "how much harm it does",
    ),
    Field::write(
        "step",
        FieldType::Word(STEPS),
        &["步骤"],
        "received, assigned, contacted, analyzing, confirming, executing, verifying or closed",
    ),
    Field::read(
        "wait",
        FieldType::Word(WAITS),
        &["waiting", "等待"],
        "for whom it waits: none, customer or third_party",
    ),
    Field::write(
        "status",
        FieldType::Word(STATUSES),
        &["ticket_status", "状态"],
        "open, waiting_customer, waiting_third_party, resolved, closed or cancelled; follows from step and wait",
    ),
    Field::write(
        "assignee",
        FieldType::Link(Noun::User),
        &["agent", "assigned_to", "处理人"],
        "user who works on it",
    ),
    Field::write(
        "team",
        FieldType::Link(Noun::Team),
        &["group", "团队"],
        "team that works on it",
    ),
    Field::write(
        "owner",
        FieldType::Link(Noun::User),
        &["负责人"],
        "user who answers for it: who works on it, unless somebody else is named",
    ),
    Field::write(
        "order",
        FieldType::Link(Noun::Order),
        &["订单"],
        "order that it is about",
    ),
    Field::write(
        "product",
        FieldType::Link(Noun::Product),
        &["产品"],
        "product that it is about",
    ),
    Field::write(
        "parent",
        FieldType::Link(Noun::Ticket),
        &["problem", "父工单"],
        "problem behind it",
    ),
    Field::write(
        "root_cause",
        FieldType::LongText,
        &["cause", "根本原因"],
        "why it happened",
    ),
    Field::write(
        "solution",
        FieldType::LongText,
        &["resolution", "解决方案"],
        "how it was solved",
    ),
    Field::write(
        "reason",
        FieldType::LongText,
        &["原因"],
        "why it was called off or reopened",
    ),
    Field::write(
        "source",
        FieldType::Choice("source"),
        &["来源"],
        "where it came from",
    ),
    Field::write(
        "received_at",
        FieldType::Instant,
        &["opened_at", "reported_at", "受理时间"],
        "when it came in",
    ),
    Field::write(
        "first_responded_at",
        FieldType::Instant,
        &["first_response_at", "首次响应时间"],
        "when a person first answered; follows from replies and steps",
    ),
    Field::write(
        "resolved_at",
        FieldType::Instant,
        &["solved_at", "解决时间"],
        "when it was solved; follows from its steps",
    ),
    Field::write(
        "closed_at",
        FieldType::Instant,
        &["关闭时间"],
        "when it was closed or called off; follows from its steps",
    ),
    Field::read(
        "step_since",
        FieldType::Instant,
        &[],
        "when it came to the step where it is",
    ),
    Field::read(
        "paused_since",
        FieldType::Instant,
        &[],
        "since when it waits for somebody outside",
    ),
    Field::read(
        "last_message_at",
        FieldType::Instant,
        &[],
        "when the customer last wrote",
    ),
    Field::read(
        "last_reply_at",
        FieldType::Instant,
        &[],
        "when we last wrote to the customer",
    ),
    Field::read(
        "replies",
        FieldType::Integer,
        &[],
        "how often a person has answered",
    ),
    Field::read(
        "reopen_count",
        FieldType::Integer,
        &["reopened"],
        "how often it was solved and came back",
    ),
    Field::write("tags", FieldType::Tags, &["tag", "标签"], "labels"),
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id", "ticket_id", "ticket_number", "工单号"],
        "identities in other systems, system:value",
    ),
    Field::read(
        "steps",
        FieldType::Parts,
        &[],
        "its stays in steps, waiting or not, with when and by whom",
    ),
    Field::read(
        "comments",
        FieldType::Parts,
        &[],
        "what was written: replies, messages of the customer, notes",
    ),
    Field::read(
        "intervals",
        FieldType::Parts,
        &[],
        "former values of owner, assignee, priority, with from when to when",
    ),
    Field::read(
        "attachments",
        FieldType::Parts,
        &["files", "附件"],
        "files and links, with size and hash",
    ),
    Field::read(
        "merged_into",
        FieldType::Link(Noun::Ticket),
        &[],
        "ticket that it lives on in",
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
