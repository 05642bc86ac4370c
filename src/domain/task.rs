//! What a task is: something to be done, by somebody, mostly by a day. A follow-up is a task.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;
use crate::error::{Error, Result};

/// Sorts of task.
pub const TYPES: &[&str] = &[
    "todo",
    "call",
    "email",
    "meeting",
    "follow_up",
    "deadline",
    "send_quote",
    "visit",
];

/// Whether it is still to be done.
pub const STATUSES: &[&str] = &["open", "done", "cancelled"];

/// How pressing it is, in order.
pub const PRIORITIES: &[&str] = &["low", "normal", "high", "urgent"];

/// The instant at which a task becomes overdue: its time of day (`HH:MM`), or the end of its day where it has none.
///
/// # Errors
///
/// The time of day or the zone cannot be read.
pub fn due_at(day: Date, time: &str, zone: &str) -> Result<Timestamp> {
    let zone = match zone {
        "" => TimeZone::UTC,
        name => TimeZone::get(name)
            .map_err(|_| Error::invalid("zone", format!("there is no time zone {name:?}")))?,
    };
    let moment = match time {
        "" => day.tomorrow().unwrap_or(day).at(0, 0, 0, 0),
        time => {
            let time: Time = time
                .parse()
                .map_err(|_| Error::invalid("due", format!("{time:?} is not a time of day")))?;
            day.to_datetime(time)
        }
    };
    // A time that the clock skips or shows twice means the later instant.
    zone.to_ambiguous_timestamp(moment)
        .later()
        .map_err(|_| Error::invalid("due", format!("{day} is out of range")))
}

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "id", "title", "due", "priority", "status", "customer", "deal", "assignee",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read("id", FieldType::Ref, &["ref"], "ref, T13"),
    Field::UID,
    Field::write(
        "title",
        FieldType::Text,
        &["name", "subject", "标题"],
        "what is to be done",
    ),
    Field::write("type", FieldType::Word(TYPES), &["类型"], "sort of task"),
    Field::write(
        "status",
        FieldType::Word(STATUSES),
        &["状态"],
        "open, done or cancelled",
    ),
    Field::write(
        "due",
        FieldType::Due,
        &["due_on", "due_date", "截止日期"],
        "day, or day and time, by which it is due",
    ),
    Field::read(
        "due_at",
        FieldType::Instant,
        &[],
        "instant at which it becomes overdue",
    ),
    Field::write(
        "priority",
        FieldType::Word(PRIORITIES),
        &["优先级"],
        "low, normal, high or urgent",
    ),
    Field::write(
        "customer",
        FieldType::Link(Noun::Customer),
        &["for", "客户"],
        "customer it is about",
    ),
    Field::write("deal", FieldType::Link(Noun::Deal), &["商机"], "deal it is about"),
    Field::write(
        "assignee",
        FieldType::Link(Noun::User),
        &["owner", "负责人"],
        "user who is to do it",
    ),
    Field::write(
        "repeat",
        FieldType::Text,
        &["recurrence", "重复"],
        "rule by which it comes again: weekly, every mon,thu, monthly on the last day, every 3 days after done",
    ),
    Field::write(
        "remind",
        FieldType::Text,
        &["reminder", "reminders", "提醒"],
        "when to be reminded: 1h, 1d before it is due, or a moment",
    ),
    Field::NOTE,
    Field::TAGS,
    Field::read(
        "zone",
        FieldType::Text,
        &["time_zone"],
        "time zone in which a time of day is meant",
    ),
    Field::read(
        "planned_on",
        FieldType::Date,
        &[],
        "day that its rule gave, if it was put off",
    ),
    Field::read(
        "series",
        FieldType::Uid,
        &[],
        "uid of the first task of those that come by one rule",
    ),
    Field::write(
        "completed_at",
        FieldType::Instant,
        &["completed"],
        "when it was done",
    ),
    Field::read(
        "completed_by",
        FieldType::Link(Noun::User),
        &[],
        "user who did it",
    ),
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id"],
        "identities in other systems, system:value",
    ),
    Field::ATTACHMENTS,
    Field::CREATED_AT,
    Field::CREATED_BY,
    Field::UPDATED_AT,
    Field::UPDATED_BY,
    Field::DELETED_AT,
    Field::VERSION,
];
