//! How the fields of lists are called and shown in them.

use crm::domain::clock::Clock;
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use jiff::Timestamp;
use jiff::civil::{Date, Time};

use crate::text::{display, relative};
use crate::tui::page::records::rows::name_of;

/// The columns of a list where the settings name none.
pub(crate) fn usual(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Customer => &[
            "id",
            "name",
            "next_task",
            "level",
            "type",
            "open_deals",
            "lifecycle",
            "company",
            "owner",
        ],
        Noun::Task => &["id", "title", "due", "customer", "priority", "type", "assignee"],
        Noun::Deal => &[
            "id",
            "name",
            "amount",
            "stage",
            "customer",
            "expected_close",
            "next_task",
            "owner",
        ],
        Noun::Order => &[
            "id",
            "name",
            "total",
            "payment_status",
            "overdue_on",
            "customer",
            "fulfilment_status",
            "status",
            "owner",
        ],
        Noun::Quote => &[
            "id",
            "name",
            "total",
            "status",
            "valid_until",
            "customer",
            "deal",
            "owner",
        ],
        Noun::Ticket => &[
            "id",
            "name",
            "due_at",
            "priority",
            "step",
            "customer",
            "assignee",
            "received_at",
        ],
        Noun::Activity => &["id", "text", "at", "type", "outcome", "customer", "owner"],
        noun => crm::domain::field::columns(noun),
    }
}

/// From so many cells on a list shows refs: in a small pane a day is worth more, and of a task whom it is for.
pub(crate) fn least_with_refs(noun: Noun) -> u16 {
    match noun {
        Noun::Task => 60,
        _ => 36,
    }
}

/// Columns that a list reads and does not show.
pub(crate) fn unseen(noun: Noun) -> &'static [&'static str] {
    match noun {
        Noun::Task | Noun::Deal | Noun::Ticket => &["status"],
        _ => &[],
    }
}

/// What stands above a column.
pub(crate) fn head(noun: Noun, name: &str) -> String {
    match name {
        "due_at" if noun == Noun::Ticket => "time left".to_owned(),
        "next_task" => "next step".to_owned(),
        "due_at" => "due".to_owned(),
        "open_deals" => "deals".to_owned(),
        "expected_close" => "close".to_owned(),
        "payment_status" => "payment".to_owned(),
        "fulfilment_status" => "delivery".to_owned(),
        "overdue_on" => "due".to_owned(),
        other => other.replace(['_', '.'], " "),
    }
}

/// The columns that stay where there is room for few: the name, one day, one number.
pub(crate) fn few(noun: Noun, columns: &[(String, FieldType)]) -> Vec<usize> {
    let is_day = |kind: FieldType| matches!(kind, FieldType::Date | FieldType::Due | FieldType::Instant);
    let name = columns.iter().position(|(name, _)| name == name_of(noun));
    let day = columns.iter().position(|(_, kind)| is_day(*kind));
    let of = |wanted| columns.iter().position(|(_, kind)| *kind == wanted);
    let number = of(FieldType::Money).or_else(|| of(FieldType::Integer));
    name.into_iter().chain(day).chain(number).collect()
}

/// Whether a day or time is one by which something should have been done, and has passed.
pub(crate) fn is_late(name: &str, value: &Value, clock: &Clock) -> bool {
    if !matches!(
        name,
        "due" | "next_task" | "expected_close" | "overdue_on" | "awaited_on"
    ) {
        return false;
    }
    let today = clock.today();
    match value {
        Value::Date(day) => *day < today,
        Value::DateTime(moment) => *moment < clock.now().to_zoned(clock.zone().clone()).datetime(),
        // What is due on a day, without a time, is late when the day is over.
        Value::Instant(instant) => match day_of(*instant, clock) {
            Some(day) => day < today,
            None => *instant < clock.now(),
        },
        _ => false,
    }
}

/// How long a ticket has still, or by how much it is over; why no clock runs, where none does.
pub(crate) fn time_left(due_at: &Value, status: &Value, late: Option<&str>, clock: &Clock) -> String {
    match (due_at, status) {
        (Value::Instant(at), _) => {
            let left = relative::left(*at, clock);
            late.map_or_else(|| left.clone(), |sign| format!("{sign} {left}"))
        }
        (_, Value::Text(status)) if status.starts_with("waiting") => "paused".to_owned(),
        (_, Value::Text(status)) if status == "resolved" => "solved".to_owned(),
        _ => String::new(),
    }
}

/// Whether a clock of a ticket has run out.
pub(crate) fn is_over(due_at: &Value, clock: &Clock) -> bool {
    matches!(due_at, Value::Instant(at) if *at <= clock.now())
}

/// The day, where an instant is the first of one: that is a day without a time.
fn day_of(instant: Timestamp, clock: &Clock) -> Option<Date> {
    let local = instant.to_zoned(clock.zone().clone());
    (local.time() == Time::midnight()).then(|| local.date())
}

/// A value in a list, with a sign before what is late.
pub(crate) fn cell(value: &Value, kind: FieldType, late: Option<&str>, clock: &Clock) -> String {
    let text = match (value, kind) {
        (Value::Int(0), _) => String::new(),
        (Value::Bool(false), _) => String::new(),
        (Value::Text(text), FieldType::Word(_) | FieldType::Choice(_)) => {
            let words = crate::text::sanitise::line(text).replace('_', " ");
            // A column is narrow.
            words.replace("partially ", "part ")
        }
        (Value::Instant(instant), _) => match day_of(*instant, clock) {
            Some(day) => relative::day(day, clock),
            None => display::cell(value, kind, clock),
        },
        _ => display::cell(value, kind, clock),
    };
    match late {
        Some(sign) => format!("{sign} {text}"),
        None => text,
    }
}
