//! Days and times as a task takes them, and as people read them.

use jiff::civil::{Date, Time};

use crate::domain::input::{Assignment, Input};
use crate::wire::calendar::moment::Moment;

pub(super) fn give(cells: &mut Vec<Assignment>, name: &str, text: &str) {
    if !text.trim().is_empty() {
        cells.push((name.to_owned(), Input::text(text)));
    }
}

/// A day and time as a task takes it.
pub(super) fn written(day: Date, time: Option<Time>) -> String {
    match time {
        Some(time) => format!("{day}T{}", time.strftime("%H:%M")),
        None => day.to_string(),
    }
}

/// A moment as people read it.
pub(super) fn shown(moment: &Moment, zone: &jiff::tz::TimeZone) -> String {
    match moment.local(zone) {
        (day, Some(time)) => format!("{day} {}", time.strftime("%H:%M")),
        (day, None) => day.to_string(),
    }
}
