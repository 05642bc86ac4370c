//! Days and times of entries: `20261204`, `20261204T150000` in a zone or in none, `20261204T140000Z`; lengths of time.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::domain::when::instant;
use crate::wire::content::property::Property;

use super::zone::Zones;

/// When something is.
#[derive(Debug, Clone, PartialEq)]
pub enum Moment {
    /// A day.
    Day(Date),
    /// A time of day wherever one is.
    Floating(DateTime),
    /// An instant, and how clocks show it where it was meant.
    At(DateTime, TimeZone),
}

impl Moment {
    /// The day and the time of day, as clocks of `zone` show it.
    pub fn local(&self, zone: &TimeZone) -> (Date, Option<Time>) {
        match self {
            Moment::Day(day) => (*day, None),
            Moment::Floating(moment) => (moment.date(), Some(moment.time())),
            Moment::At(moment, there) => {
                let here = instant::instant_of(*moment, there).to_zoned(zone.clone());
                (here.date(), Some(here.time()))
            }
        }
    }

    /// The instant, where a day and a floating time are meant in `zone`.
    pub fn instant(&self, zone: &TimeZone) -> Timestamp {
        match self {
            Moment::Day(day) => instant::instant_of(day.at(0, 0, 0, 0), zone),
            Moment::Floating(moment) => instant::instant_of(*moment, zone),
            Moment::At(moment, there) => instant::instant_of(*moment, there),
        }
    }

    /// As a cell, which [`Moment::from_cell`] reads.
    pub(crate) fn cell(&self) -> String {
        match self {
            Moment::Day(day) => day.to_string(),
            Moment::Floating(moment) => moment.to_string(),
            Moment::At(moment, zone) => instant::instant_of(*moment, zone).to_string(),
        }
    }

    /// What `Moment::cell` wrote.
    pub fn from_cell(text: &str) -> Option<Moment> {
        if let Ok(at) = text.parse::<Timestamp>() {
            let utc = at.to_zoned(TimeZone::UTC);
            return Some(Moment::At(utc.datetime(), TimeZone::UTC));
        }
        match text.len() {
            10 => text.parse().ok().map(Moment::Day),
            _ => text.parse().ok().map(Moment::Floating),
        }
    }
}

/// Reads the value of a property.
pub(crate) fn read(property: &Property, zones: &Zones) -> Option<Moment> {
    let text = property.text();
    let (day, time) = match text.split_once(['T', 't']) {
        Some((day, time)) => (day, Some(time)),
        None => (text.as_str(), None),
    };
    let day = date(day)?;
    let Some(time) = time else {
        return Some(Moment::Day(day));
    };
    let (time, is_utc) = match time.strip_suffix(['Z', 'z']) {
        Some(time) => (time, true),
        None => (time, false),
    };
    let moment = day.to_datetime(time_of_day(time)?);
    Some(match (is_utc, property.first_param("TZID")) {
        (true, _) => Moment::At(moment, TimeZone::UTC),
        (false, Some(name)) => match zones.get(name) {
            Some(zone) => Moment::At(moment, zone),
            None => Moment::Floating(moment),
        },
        (false, None) => match zones.of_floating() {
            Some(zone) => Moment::At(moment, zone),
            None => Moment::Floating(moment),
        },
    })
}

/// A day of eight digits; with signs too, as some write it.
pub(crate) fn date(text: &str) -> Option<Date> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = digits.get(..4)?.parse().ok()?;
    let month = digits.get(4..6)?.parse().ok()?;
    let day = digits.get(6..)?.parse().ok()?;
    Date::new(year, month, day).ok()
}

fn time_of_day(text: &str) -> Option<Time> {
    let digits: String = text.chars().filter(|letter| *letter != ':').collect();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hour = digits.get(..2)?.parse().ok()?;
    let minute = digits.get(2..4)?.parse().ok()?;
    // A leap second is none of a day's seconds.
    let second: i8 = digits.get(4..6).unwrap_or("0").parse().ok()?;
    Time::new(hour, minute, second.min(59), 0).ok()
}

/// Reads a length of time: `P1DT2H`, `-PT15M`, `P2W`; in seconds.
pub(crate) fn duration(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_uppercase();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let rest = rest.strip_prefix('P')?;
    let mut seconds: i64 = 0;
    let mut number = String::new();
    let mut any = false;
    for letter in rest.chars() {
        let unit = match letter {
            '0'..='9' => {
                number.push(letter);
                continue;
            }
            'T' if number.is_empty() => continue,
            'W' => 7 * 24 * 60 * 60,
            'D' => 24 * 60 * 60,
            'H' => 60 * 60,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        let count: i64 = number.parse().ok()?;
        seconds = seconds.checked_add(count.checked_mul(unit)?)?;
        number.clear();
        any = true;
    }
    (any && number.is_empty()).then_some(sign * seconds)
}

/// A length of time as a value.
pub(crate) fn show_duration(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let whole = seconds.unsigned_abs();
    let (days, rest) = (whole / 86_400, whole % 86_400);
    let (hours, minutes, seconds) = (rest / 3600, rest / 60 % 60, rest % 60);
    let mut text = format!("{sign}P");
    if days > 0 {
        text.push_str(&format!("{days}D"));
    }
    let parts = [(hours, 'H'), (minutes, 'M'), (seconds, 'S')];
    let parts: String = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count}{unit}"))
        .collect();
    if !parts.is_empty() || days == 0 {
        text.push('T');
        text.push_str(if parts.is_empty() { "0S" } else { &parts });
    }
    text
}

/// An instant as a value.
pub(crate) fn show_instant(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A day as a value.
pub(crate) fn show_day(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// A day and time as a value, without a zone.
pub(crate) fn show_local(moment: DateTime) -> String {
    moment.strftime("%Y%m%dT%H%M%S").to_string()
}

/// The instant so many seconds away.
pub(crate) fn away(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at)
}
