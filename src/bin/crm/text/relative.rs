//! Days and instants as people say them, near now: `tomorrow`, `3 days ago`, `in 5 min`. The clock is handed in.

use crm::domain::clock::Clock;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// How many days away a day is still told by its distance.
const NEAR_DAYS: i64 = 7;
/// How many seconds away an instant of another day is still told in hours.
const NEAR_HOURS: i64 = 6;

/// A day: `today`, `in 3 days`, `2 days ago`; the ISO date if it is more than a week away.
pub(crate) fn day(date: Date, clock: &Clock) -> String {
    near(date, clock).unwrap_or_else(|| date.to_string())
}

/// The distance of a day, if it is at most a week away.
pub(crate) fn near(date: Date, clock: &Clock) -> Option<String> {
    let away = i64::from((date - clock.today()).get_days());
    Some(match away {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        2..=NEAR_DAYS => format!("in {away} days"),
        _ if (-NEAR_DAYS..0).contains(&away) => format!("{} days ago", -away),
        _ => return None,
    })
}

/// An instant: minutes and hours on the same day or nearby, else as [`day`], in the zone of the clock.
pub(crate) fn instant(instant: Timestamp, clock: &Clock) -> String {
    let seconds = instant.as_second() - clock.now().as_second();
    let date = clock.day_of(instant);
    let distance = match seconds.abs() {
        0..60 => return "now".to_owned(),
        away @ 60..3600 => format!("{} min", away / 60),
        away if date == clock.today() || away < NEAR_HOURS * 3600 => format!("{} h", away / 3600),
        _ => return day(date, clock),
    };
    if seconds > 0 {
        format!("in {distance}")
    } else {
        format!("{distance} ago")
    }
}

/// How long it is until an instant, or since it: `45m left`, `2h 10m left`, `1d 4h over`. Short enough for a column.
pub(crate) fn left(instant: Timestamp, clock: &Clock) -> String {
    let seconds = instant.as_second() - clock.now().as_second();
    let minutes = seconds.unsigned_abs() / 60;
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let long = match (days, hours, minutes) {
        (0, 0, 0) => "<1m".to_owned(),
        (0, 0, minutes) => format!("{minutes}m"),
        (0, hours, 0) => format!("{hours}h"),
        (0, hours, minutes) => format!("{hours}h {minutes}m"),
        (days @ 1..3, 1.., _) => format!("{days}d {hours}h"),
        (days, ..) => format!("{days}d"),
    };
    let word = if seconds > 0 { "left" } else { "over" };
    format!("{long} {word}")
}

/// A local day and time: `tomorrow 15:00`, `2026-11-27 15:00`.
pub(crate) fn moment(moment: DateTime, clock: &Clock) -> String {
    let day = day(moment.date(), clock);
    format!("{day} {:02}:{:02}", moment.hour(), moment.minute())
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    fn clock() -> Clock {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        Clock::new("2026-09-30T08:00:00Z".parse().unwrap(), zone)
    }

    #[test]
    fn days_within_a_week() {
        for (date, expected) in [
            ("2026-09-30", "today"),
            ("2026-10-01", "tomorrow"),
            ("2026-09-29", "yesterday"),
            ("2026-10-07", "in 7 days"),
            ("2026-10-08", "2026-10-08"),
            ("2026-09-23", "7 days ago"),
            ("2026-09-22", "2026-09-22"),
            ("-009999-01-01", "-009999-01-01"),
        ] {
            assert_eq!(day(date.parse().unwrap(), &clock()), expected);
        }
    }

    #[test]
    fn instants_in_the_zone_of_the_clock() {
        for (at, expected) in [
            ("2026-09-30T08:00:30Z", "now"),
            ("2026-09-30T08:05:00Z", "in 5 min"),
            ("2026-09-30T07:01:00Z", "59 min ago"),
            ("2026-09-29T22:30:00Z", "9 h ago"),
            ("2026-09-30T21:30:00Z", "in 13 h"),
            ("2026-09-30T22:30:00Z", "tomorrow"),
            ("2026-09-29T21:30:00Z", "yesterday"),
            ("2026-10-03T08:00:00Z", "in 3 days"),
            ("2027-01-01T08:00:00Z", "2027-01-01"),
        ] {
            assert_eq!(instant(at.parse().unwrap(), &clock()), expected, "{at}");
        }
        for (at, expected) in [
            ("2026-09-30T08:00:30Z", "<1m left"),
            ("2026-09-30T08:00:00Z", "<1m over"),
            ("2026-09-30T08:45:59Z", "45m left"),
            ("2026-09-30T10:10:00Z", "2h 10m left"),
            ("2026-09-30T06:00:00Z", "2h over"),
            ("2026-10-01T07:59:00Z", "23h 59m left"),
            ("2026-09-29T08:00:00Z", "1d over"),
            ("2026-09-28T04:00:00Z", "2d 4h over"),
            ("2026-10-05T20:00:00Z", "5d left"),
        ] {
            assert_eq!(left(at.parse().unwrap(), &clock()), expected, "{at}");
        }
        let due = jiff::civil::date(2026, 10, 1).at(15, 0, 0, 0);
        assert_eq!(moment(due, &clock()), "tomorrow 15:00");
    }
}
