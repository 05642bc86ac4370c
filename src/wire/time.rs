//! Times as machine formats write them: ISO 8601, instants in UTC.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::DateTime;

/// Appends `instant` as RFC 3339 in UTC with `Z`; milliseconds are written only where there are any.
pub fn push_instant(text: &mut String, instant: Timestamp) {
    // Writing into a string cannot fail.
    let _ = if instant.as_millisecond().rem_euclid(1000) == 0 {
        write!(text, "{instant:.0}")
    } else {
        write!(text, "{instant:.3}")
    };
}

/// Appends a local day and time, `2026-11-27T15:00`; seconds are written only where there are any.
pub fn push_moment(text: &mut String, moment: DateTime) {
    let date = moment.date();
    let _ = write!(text, "{date}T{:02}:{:02}", moment.hour(), moment.minute());
    if moment.second() != 0 {
        let _ = write!(text, ":{:02}", moment.second());
    }
}

/// `instant` as RFC 3339 in UTC, see [`push_instant`].
pub fn instant(instant: Timestamp) -> String {
    let mut text = String::new();
    push_instant(&mut text, instant);
    text
}

/// A local day and time, see [`push_moment`].
pub fn moment(moment: DateTime) -> String {
    let mut text = String::new();
    push_moment(&mut text, moment);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_and_seconds_only_where_there_are_any() {
        let at = |ms| instant(Timestamp::from_millisecond(ms).unwrap());
        assert_eq!(at(1_790_000_000_000), "2026-09-21T14:13:20Z");
        assert_eq!(at(1_790_000_000_070), "2026-09-21T14:13:20.070Z");
        assert_eq!(at(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(at(-1000), "1969-12-31T23:59:59Z");
        let due = jiff::civil::date(2026, 11, 27);
        assert_eq!(moment(due.at(15, 0, 0, 0)), "2026-11-27T15:00");
        assert_eq!(moment(due.at(9, 5, 7, 0)), "2026-11-27T09:05:07");
    }
}
