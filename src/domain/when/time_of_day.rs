//! A time of day beside a day, and what a time of day alone may mean.

use jiff::civil::Time;

use crate::domain::when::{Base, Leaning, NotADate, Reading, When};

/// A time of day as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeOfDay {
    /// The time, in 24 hours.
    pub(super) time: Time,
    /// Whether the phrase itself said which half of the day is meant.
    pub(super) is_marked: bool,
}

/// What `noon` means.
pub(super) const NOON: Time = Time::constant(12, 0, 0, 0);

/// What `evening` means.
pub(super) const EVENING: Time = Time::constant(18, 0, 0, 0);

/// A time from its parts; `typed` is for the message.
pub(super) fn time_of(hour: u32, minute: u32, second: u32, typed: &str) -> Result<Time, NotADate> {
    let part = |value: u32| i8::try_from(value).unwrap_or(i8::MAX);
    Time::new(part(hour), part(minute), part(second), 0)
        .ok()
        .ok_or_else(|| not_a_time(typed))
}

/// The refusal of a time that no clock shows.
pub(super) fn not_a_time(typed: &str) -> NotADate {
    NotADate::new(format!("{typed} is not a time of day"))
}

/// `time` as it can be typed back.
pub(super) fn typed(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A day with a time. Spans and moments take none.
pub(super) fn combine(base: Base, time: TimeOfDay) -> Option<When> {
    match base {
        Base::Day(day) => Some(When::Moment(day.to_datetime(time.time))),
        Base::Span(..) | Base::Moment(_) => None,
    }
}

/// What is meant without a time.
pub(super) fn alone(base: Base) -> When {
    match base {
        Base::Day(day) => When::Day(day),
        Base::Span(first, last) => When::Span(first, last),
        Base::Moment(moment) => When::Moment(moment),
    }
}

/// A time of day today, unless it lies on the wrong side of now for the leaning: then it is a question.
pub(super) fn today_at(time: TimeOfDay, reading: &Reading<'_>) -> Result<When, NotADate> {
    let now = reading.clock.zoned().time();
    let minute = Time::new(now.hour(), now.minute(), 0, 0).unwrap_or(now);
    let shown = typed(time.time);
    // `3:15` at ten in the morning is as likely a quarter past three in the afternoon.
    let afternoon = Time::new(
        time.time.hour().saturating_add(12),
        time.time.minute(),
        time.time.second(),
        0,
    )
    .ok()
    .filter(|later| !time.is_marked && *later >= minute);
    match reading.leaning {
        Leaning::Future if time.time < minute => Err(NotADate::new(format!("{shown} is past today"))
            .suggesting([format!("tomorrow {shown}")])
            .suggesting(afternoon.map(typed))),
        Leaning::Past if time.time > now => Err(NotADate::new(format!("{shown} is still to come today"))
            .suggesting([format!("yesterday {shown}")])),
        Leaning::Future | Leaning::Past | Leaning::None => {
            Ok(When::Moment(reading.clock.today().to_datetime(time.time)))
        }
    }
}

/// How `time` alone can be typed so that it is understood.
pub(super) fn suggestions(time: Time, reading: &Reading<'_>) -> Vec<String> {
    let time_of_day = TimeOfDay {
        time,
        is_marked: false,
    };
    match today_at(time_of_day, reading) {
        Ok(_) => vec![typed(time)],
        Err(refusal) => refusal.suggestions,
    }
}

/// Puts a time behind every suggestion, for a phrase whose day was refused and whose time was fine.
pub(super) fn with_time(refusal: NotADate, time: TimeOfDay) -> NotADate {
    let shown = typed(time.time);
    let suggestions = refusal
        .suggestions
        .iter()
        .map(|day| format!("{day} {shown}"))
        .collect();
    NotADate {
        message: refusal.message,
        suggestions,
    }
}
