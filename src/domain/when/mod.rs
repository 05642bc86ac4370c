//! Dates as people write them, read against an injected clock; the whole phrase is understood or refused.

use jiff::civil::{Date, DateTime, Weekday};

use crate::domain::clock::Clock;

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
}

impl<'a> Reading<'a> {
    /// The usual reading: weeks begin on Monday, slashed dates are refused.
    pub fn new(clock: &'a Clock, leaning: Leaning) -> Reading<'a> {
        Reading {
            clock,
            leaning,
            week_start: Weekday::Monday,
            order: None,
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

/// Why a phrase was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotADate {
    /// What is wrong, lower case, no period.
    pub message: String,
    /// Phrases that would be understood, best first.
    pub suggestions: Vec<String>,
}

/// Reads a date phrase.
///
/// # Errors
///
/// The phrase is not understood as a whole, or has two readings; the suggestions can be typed instead.
pub fn read(text: &str, reading: &Reading<'_>) -> Result<When, NotADate> {
    let _ = reading;
    text.parse().map(When::Day).map_err(|_| NotADate {
        message: format!("{text:?} is not a date"),
        suggestions: Vec::new(),
    })
}
