//! What was understood, said back in English. No phrase is read here.

use jiff::civil::{Date, DateTime};

use crate::domain::clock::Clock;
use crate::domain::when::instant::{instant_of, moment};
use crate::domain::when::time_of_day::typed;
use crate::domain::when::{When, period};

/// Says what was understood: `Fri 27 Nov 2026 15:00 (in 6 days)`.
///
/// A span is its first and last day and its ISO name; a local time that a clock change moved or doubled is
/// shown as it was taken, with a remark. Never is `none`.
pub fn echo(when: When, clock: &Clock) -> String {
    let today = clock.today();
    match when {
        When::Never => String::from("none"),
        When::Day(day) => format!("{} ({})", long(day), relative_day(day, today)),
        When::Span(first, last) => {
            let name = period::named((first, last)).map_or_else(String::new, |name| format!(" ({name})"));
            format!("{} to {}{name}", long(first), long(last))
        }
        When::Moment(local) => echo_moment(local, clock),
    }
}

/// The day and the time by themselves, `Fri 27 Nov 2026 15:00`: for what is read at another time than it is written.
pub fn plain(when: When) -> String {
    match when {
        When::Never => String::from("none"),
        When::Day(day) => long(day),
        When::Span(first, last) => format!("{} to {}", long(first), long(last)),
        When::Moment(local) => format!("{} {}", long(local.date()), typed(local.time())),
    }
}

fn echo_moment(local: DateTime, clock: &Clock) -> String {
    let instant = moment(When::Moment(local), clock).unwrap_or_else(|| instant_of(local, clock.zone()));
    let taken = instant.to_zoned(clock.zone().clone()).datetime();
    let relative = relative_day(taken.date(), clock.today());
    let ambiguous = clock.zone().to_ambiguous_timestamp(local);
    let remark = if taken != local {
        format!("; the clock change skips {}", typed(local.time()))
    } else if ambiguous.is_ambiguous() && instant != clock.now() {
        format!("; the second {} of the clock change", typed(local.time()))
    } else {
        String::new()
    };
    format!(
        "{} {} ({relative}{remark})",
        long(taken.date()),
        typed(taken.time())
    )
}

fn long(day: Date) -> String {
    day.strftime("%a %-d %b %Y").to_string()
}

/// A day as seen from today: `today`, `tomorrow`, `in 6 days`, `3 weeks ago`; coarser as it lies farther off.
///
/// Weeks from three weeks on, months from three months on, years from two years on, rounded down.
pub fn relative_day(day: Date, today: Date) -> String {
    let days = today.until(day).map_or(0, |span| span.get_days());
    let count = match days.unsigned_abs() {
        0 => return String::from("today"),
        1 if days > 0 => return String::from("tomorrow"),
        1 => return String::from("yesterday"),
        far @ 2..=20 => format!("{far} days"),
        far @ 21..=90 => format!("{} weeks", far / 7),
        far => match whole_months(day, today) {
            // 91 days can be two months and a bit; weeks say it better.
            0..=2 => format!("{} weeks", far / 7),
            months @ 3..=23 => format!("{months} months"),
            months => format!("{} years", months / 12),
        },
    };
    if days > 0 {
        format!("in {count}")
    } else {
        format!("{count} ago")
    }
}

/// Whole months between two days.
fn whole_months(one: Date, other: Date) -> i32 {
    let (early, late) = if one < other { (one, other) } else { (other, one) };
    let index = |day: Date| i32::from(day.year()) * 12 + i32::from(day.month());
    index(late) - index(early) - i32::from(late.day() < early.day())
}
