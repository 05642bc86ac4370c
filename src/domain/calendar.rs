//! What a business calendar is: the hours of a week in a zone, and the days that differ.
//!
//! What the texts mean is read by `hours`.

use crate::domain::field::{Field, FieldType};

/// The calendar that every base has from its founding.
pub const DEFAULT_CALENDAR: &str = "standard";

/// The week of a calendar of which none is said.
pub const USUAL_WEEK: &str = "mon-fri 09:00-18:00";

/// The columns of a list.
pub const COLUMNS: &[&str] = &["key", "zone", "week", "differing_days", "policies", "description"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "calendar", "日历", "名称"],
        "name of the calendar",
    ),
    Field::write(
        "zone",
        FieldType::Text,
        &["timezone", "time_zone", "时区"],
        "time zone of its hours, as in Asia/Shanghai",
    ),
    Field::write(
        "week",
        FieldType::Text,
        &["hours", "工作时间"],
        "when the team works: mon-fri 09:00-12:00 13:30-18:00; sat 10:00-14:00",
    ),
    Field::write(
        "days",
        FieldType::LongText,
        &["holidays", "节假日"],
        "days that differ, one a line: 2026-10-01..2026-10-07 off National Day, 2026-10-10 work, 2026-12-24 09:00-12:00",
    ),
    Field::write("description", FieldType::Text, &["说明"], "what it is for"),
    Field::read(
        "differing_days",
        FieldType::Integer,
        &[],
        "number of lines about days that differ",
    ),
    Field::read(
        "policies",
        FieldType::Integer,
        &[],
        "number of service policies that count by it",
    ),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];
