//! Dates as people write them, read against an injected clock; the whole phrase is understood or refused.
//!
//! A phrase is normalised by `lexer`, then read by `english` or, when it holds a Chinese character, by
//! `chinese`; both share the calendar, the relative amounts and the rules for a time of day. Nothing here
//! asks the system for the time or guesses between two readings.

mod calendar;
mod chinese;
pub mod duration;
mod english;
pub mod instant;
pub(in crate::domain) mod lexer;
pub mod period;
mod relative;
pub(in crate::domain) mod scan;
pub mod show;
#[cfg(test)]
mod tests;
mod time_of_day;

use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};

use crate::domain::clock::Clock;
use crate::domain::when::instant::exact;
use crate::error::Error;

/// The longest phrase that is looked at, in characters.
const LONGEST: usize = 80;

/// Which way a phrase without a direction points: `3d`, `friday`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaning {
    /// Ahead: due dates, expected closes.
    Future,
    /// Back: what happened.
    Past,
    /// Neither: filters, where the sign has to be written.
    None,
}

/// How `1/2/2026` is to be read; without one it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// Day, month, year.
    DayMonthYear,
    /// Month, day, year.
    MonthDayYear,
}

/// What a phrase is read against.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// Now, and the zone.
    pub clock: &'a Clock,
    /// Which way undirected phrases point.
    pub leaning: Leaning,
    /// The first day of the week.
    pub week_start: Weekday,
    /// The order of days and months in slashed dates.
    pub order: Option<DateOrder>,
    /// What `morning` means: the start of work.
    pub morning: Time,
    /// Days that are no working days, beside Saturdays and Sundays.
    pub holidays: &'a [Date],
}

impl<'a> Reading<'a> {
    /// The usual reading: weeks begin on Monday, work at nine, no holidays, slashed dates are refused.
    pub fn new(clock: &'a Clock, leaning: Leaning) -> Reading<'a> {
        Reading {
            clock,
            leaning,
            week_start: Weekday::Monday,
            order: None,
            morning: Time::constant(9, 0, 0, 0),
            holidays: &[],
        }
    }
}

/// What a phrase means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// One day.
    Day(Date),
    /// A month, week, quarter or year: first and last day, both included.
    Span(Date, Date),
    /// A day and a time of day in the zone of the clock.
    Moment(DateTime),
    /// `none`: the date is to be cleared.
    Never,
}

/// A time of day as it is kept, `09:30` or `09:30:15`, of what people write for one: `9:30`, `3pm`, 下午3点. None for
/// anything else, and for a time on another day than today.
pub fn clock_time(text: &str, reading: &Reading<'_>) -> Option<String> {
    let neutral = Reading {
        leaning: Leaning::None,
        ..*reading
    };
    let exact = || text.trim().parse::<Time>().ok();
    let time = match read(text, &neutral) {
        Ok(When::Moment(local)) if local.date() == reading.clock.today() => local.time(),
        Ok(_) => return None,
        Err(_) => exact()?,
    };
    let format = if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    Some(time.strftime(format).to_string())
}

/// Why a phrase was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotADate {
    /// What is wrong, lower case, no period.
    pub message: String,
    /// Phrases that would be understood, best first.
    pub suggestions: Vec<String>,
}

impl NotADate {
    /// The refusal as an error about `field`, with the suggestions as the nearest words.
    pub fn on_field(self, field: &str) -> Error {
        Error::invalid(field, self.message).with_near(self.suggestions)
    }

    fn new(message: impl Into<String>) -> NotADate {
        NotADate {
            message: message.into(),
            suggestions: Vec::new(),
        }
    }

    fn suggesting(mut self, suggestions: impl IntoIterator<Item = String>) -> NotADate {
        for suggestion in suggestions {
            if !self.suggestions.contains(&suggestion) {
                self.suggestions.push(suggestion);
            }
        }
        self
    }
}

impl fmt::Display for NotADate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for NotADate {}

/// What a part of the grammar found: nothing of its own, something, or something that has to be refused.
type Parsed<T> = Result<Option<T>, NotADate>;

/// A day or span that a phrase starts from, before relative amounts and a time of day are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    Day(Date),
    Span(Date, Date),
    /// A phrase that already carries its time of day, such as `now` or `+90min`.
    Moment(DateTime),
}

/// Reads a date phrase.
///
/// English and Chinese phrases, ISO dates, weeks, quarters and instants. Undirected phrases point where the
/// reading leans; the end of a month clamps; the result lies in the years 1 to 9999.
///
/// # Errors
///
/// The phrase is not understood as a whole, or has two readings; the suggestions can be typed instead.
pub fn read(text: &str, reading: &Reading<'_>) -> Result<When, NotADate> {
    attempt(text, reading).map_err(|mut refusal| {
        // A part of the grammar suggests without seeing the rest of the phrase; what does not work in the end
        // must not be offered.
        refusal
            .suggestions
            .retain(|suggestion| attempt(suggestion, reading).is_ok());
        refusal
    })
}

fn attempt(text: &str, reading: &Reading<'_>) -> Result<When, NotADate> {
    let plain = plain_of(text)?;
    let found = if matches!(plain.as_str(), "none" | "never" | "无") {
        Some(When::Never)
    } else if let Some(instant) = exact(&plain) {
        Some(When::Moment(
            instant.to_zoned(reading.clock.zone().clone()).datetime(),
        ))
    } else if lexer::has_han(&plain) {
        chinese::read(&plain, reading)?
    } else {
        english::read(&plain, reading)?
    };
    let when = found.ok_or_else(|| not_understood(text, &plain, reading))?;
    if years(when).all(|year| (1..=9999).contains(&year)) {
        Ok(when)
    } else {
        Err(NotADate::new(format!(
            "{text:?} lies outside the years 1 to 9999"
        )))
    }
}

/// The normalised phrase, if there is one of a sensible length.
fn plain_of(text: &str) -> Result<String, NotADate> {
    if text.chars().nth(LONGEST).is_some() {
        return Err(NotADate::new(format!(
            "a date phrase has at most {LONGEST} characters"
        )));
    }
    let plain = lexer::normalise(text);
    if plain.is_empty() {
        return Err(NotADate::new("an empty text is not a date"));
    }
    Ok(plain)
}

fn not_understood(text: &str, plain: &str, reading: &Reading<'_>) -> NotADate {
    let refusal = NotADate::new(format!(
        "{text:?} is not a date; understood are friday, fri 15:00, +3d, eom, 2026-11-27, 下周三 and the like"
    ));
    let tokens = lexer::tokens(plain).unwrap_or_default();
    let mut cursor = lexer::Cursor::new(&tokens);
    match (cursor.sign(), cursor.number(), cursor.is_done()) {
        // A lone signed number only lacks its unit.
        (Some(sign), Some((value, _)), true) => {
            refusal.suggesting(["d", "w", "m"].map(|unit| format!("{sign}{value}{unit}")))
        }
        // `1530` may well be meant as a time of day.
        (None, Some((value, 4)), true) => match time_of_day::time_of(value / 100, value % 100, 0, plain) {
            Ok(time) => refusal.suggesting(time_of_day::suggestions(time, reading)),
            Err(_) => refusal,
        },
        _ => refusal,
    }
}

fn years(when: When) -> impl Iterator<Item = i16> {
    let (first, last) = match when {
        When::Day(day) => (Some(day.year()), None),
        When::Span(first, last) => (Some(first.year()), Some(last.year())),
        When::Moment(moment) => (Some(moment.year()), None),
        When::Never => (None, None),
    };
    first.into_iter().chain(last)
}
