//! From civil days and times to instants and back. The rule for clock changes is here and nowhere else.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::domain::clock::Clock;
use crate::domain::when::When;

/// The instant at which a clock in `zone` shows `local`.
///
/// A time that a clock change skips or doubles is read with the later offset, that is as the later of the two
/// instants: 02:30 in the hour skipped in spring is 03:30 on the clock, and a doubled 02:30 is the second one.
/// Beyond the range of instants the nearest one is given.
pub fn instant_of(local: DateTime, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(local).later().unwrap_or({
        if local.year() < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        }
    })
}

/// The instant of a moment; none for a day, a span or never, which have no time of day.
///
/// The local time of the clock itself is its own instant, even in a doubled hour.
pub fn moment(when: When, clock: &Clock) -> Option<Timestamp> {
    match when {
        When::Moment(local) if local == clock.zoned().datetime() => Some(clock.now()),
        When::Moment(local) => Some(instant_of(local, clock.zone())),
        When::Day(_) | When::Span(..) | When::Never => None,
    }
}

/// The instants from the start of `first` to the end of `last`, half open.
///
/// A day begins at its first instant, also where the clock change falls on midnight.
pub fn bounds(first: Date, last: Date, zone: &TimeZone) -> (Timestamp, Timestamp) {
    let end = last
        .tomorrow()
        .map_or(Timestamp::MAX, |next| start_of(next, zone));
    (start_of(first, zone), end)
}

fn start_of(day: Date, zone: &TimeZone) -> Timestamp {
    day.to_zoned(zone.clone()).map_or_else(
        |_| instant_of(day.to_datetime(jiff::civil::Time::midnight()), zone),
        |start| start.timestamp(),
    )
}

/// The first and last day meant, both included; a day is a span of itself.
///
/// None for never, and for a moment, whose time of day would be lost.
pub fn to_span(when: When) -> Option<(Date, Date)> {
    match when {
        When::Day(day) => Some((day, day)),
        When::Span(first, last) => Some((first, last)),
        When::Moment(_) | When::Never => None,
    }
}

/// The day for a field that holds one day: of a span the first, of a moment its day; none for never.
pub fn first_day(when: When) -> Option<Date> {
    match when {
        When::Day(day) => Some(day),
        When::Span(first, _) => Some(first),
        When::Moment(local) => Some(local.date()),
        When::Never => None,
    }
}

/// The instant that a machine wrote with its offset: `2026-11-27T14:00:00Z`, `2026-11-27T15:00+01:00`.
///
/// [`super::read`] understands the same texts, but gives the local time, which names two instants in a doubled
/// hour; what was exported is read back through this first. Nothing without an offset is an instant.
pub fn exact(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let is_plain = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"-+:.tTzZ ".contains(&byte));
    if is_plain { text.parse().ok() } else { None }
}
