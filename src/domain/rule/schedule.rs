//! When something happens again and again by the clock of a wall: `09:00`, `mon,fri 09:00`, `weekdays 08:30`, or the five
//! fields of cron, `0 9 1 * *`.

use std::fmt;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use crate::domain::clock::Clock;
use crate::domain::when::instant;

/// The moments of a schedule, as sets of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    /// From Sunday, 0, to Saturday, 6.
    weekdays: u64,
}

/// One field of cron: its lowest and highest number.
#[derive(Debug, Clone, Copy)]
struct Span {
    low: u32,
    high: u32,
}

const MINUTES: Span = Span { low: 0, high: 59 };
const HOURS: Span = Span { low: 0, high: 23 };
const DAYS: Span = Span { low: 1, high: 31 };
const MONTHS: Span = Span { low: 1, high: 12 };
const WEEKDAYS: Span = Span { low: 0, high: 6 };

/// The words for the days of the week, from Sunday.
const NAMES: [&str; 7] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// A moment that comes is looked for over so many days: the 29th of February comes once in eight years at the least.
const FARTHEST: i32 = 8 * 366;

impl Span {
    fn all(self) -> u64 {
        (self.low..=self.high).fold(0, |set, number| set | 1 << number)
    }
}

impl Schedule {
    /// Reads a schedule.
    ///
    /// # Errors
    ///
    /// Why it is none, in words.
    pub fn parse(text: &str) -> Result<Schedule, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let every = |time: &str, weekdays: u64| {
            let (hour, minute) = time_of_day(time)?;
            Ok(Schedule {
                minutes: 1 << minute,
                hours: 1 << hour,
                days: DAYS.all(),
                months: MONTHS.all(),
                weekdays,
            })
        };
        match words.as_slice() {
            [time] => every(time, WEEKDAYS.all()),
            [days, time] => every(time, week(days)?),
            [minute, hour, day, month, weekday] => {
                let schedule = Schedule {
                    minutes: set(minute, MINUTES)?,
                    hours: set(hour, HOURS)?,
                    days: set(day, DAYS)?,
                    months: set(month, MONTHS)?,
                    weekdays: week_set(weekday)?,
                };
                match schedule.comes() {
                    true => Ok(schedule),
                    false => Err("that day never comes".to_owned()),
                }
            }
            _ => {
                Err("a time (09:00), days and a time (mon,fri 09:00), or the five fields of cron".to_owned())
            }
        }
    }

    /// The last moment that has come by now.
    pub fn latest(&self, clock: &Clock) -> Option<Timestamp> {
        let now = clock.now();
        let mut day = clock.today();
        for _ in 0..FARTHEST {
            if self.is_on(day) {
                for hour in (HOURS.low..=HOURS.high)
                    .rev()
                    .filter(|hour| has(self.hours, *hour))
                {
                    for minute in (MINUTES.low..=MINUTES.high)
                        .rev()
                        .filter(|minute| has(self.minutes, *minute))
                    {
                        let at = instant::instant_of(moment(day, hour, minute), clock.zone());
                        if at <= now {
                            return Some(at);
                        }
                    }
                }
            }
            day = day.checked_sub(1.day()).ok()?;
        }
        None
    }

    /// Whether a day is one of its own. As cron has it: where both days of the month and of the week are given, either.
    fn is_on(&self, day: Date) -> bool {
        let number = |number: i8| u32::try_from(number).unwrap_or(0);
        let by_month = has(self.days, number(day.day()));
        let by_week = has(self.weekdays, number(day.weekday().to_sunday_zero_offset()));
        let is_day = match (self.days == DAYS.all(), self.weekdays == WEEKDAYS.all()) {
            (false, false) => by_month || by_week,
            _ => by_month && by_week,
        };
        is_day && has(self.months, number(day.month()))
    }

    /// Whether there is any such day.
    fn comes(&self) -> bool {
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        self.weekdays != WEEKDAYS.all()
            || (1..).zip(longest).any(|(month, last)| {
                has(self.months, month) && (DAYS.low..=last).any(|day| has(self.days, day))
            })
    }
}

fn moment(day: Date, hour: u32, minute: u32) -> DateTime {
    let part = |number: u32| i8::try_from(number).unwrap_or(0);
    day.at(part(hour), part(minute), 0, 0)
}

fn has(set: u64, number: u32) -> bool {
    set & 1_u64.checked_shl(number).unwrap_or(0) != 0
}

fn number(text: &str) -> Option<u32> {
    let is_short = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_short)
}

fn time_of_day(text: &str) -> Result<(u32, u32), String> {
    let refused = || format!("{text:?} is no time of day (09:00)");
    let (hour, minute) = text.split_once([':', '：']).ok_or_else(refused)?;
    let hour = number(hour)
        .filter(|hour| *hour <= HOURS.high)
        .ok_or_else(refused)?;
    let minute = number(minute).filter(|minute| *minute <= MINUTES.high);
    Ok((hour, minute.ok_or_else(refused)?))
}

/// Days of the week as people write them.
fn week(text: &str) -> Result<u64, String> {
    match text.to_lowercase().as_str() {
        "daily" | "every-day" | "每天" => Ok(WEEKDAYS.all()),
        "weekdays" | "工作日" => Ok(0b011_1110),
        "weekends" | "周末" => Ok(0b100_0001),
        text => week_set(text),
    }
}

/// A set of days of the week: numbers (0 and 7 are Sunday) or words.
fn week_set(text: &str) -> Result<u64, String> {
    let mut numbers = text.to_lowercase();
    for (at, name) in NAMES.iter().enumerate() {
        numbers = numbers.replace(name, &at.to_string());
    }
    let found =
        set(&numbers, Span { low: 0, high: 7 }).map_err(|_| format!("{text:?} are no days of the week"))?;
    let sunday = (found >> 7) & 1;
    Ok((found & WEEKDAYS.all()) | sunday)
}

/// One field of cron: `*`, `*/5`, `1-5`, `1-9/2`, and several of these with commas.
fn set(text: &str, span: Span) -> Result<u64, String> {
    let refused = || format!("{text:?} is none of {}-{}", span.low, span.high);
    let mut found = 0;
    for part in text.split([',', '，']) {
        let (range, step) = match part.split_once('/') {
            Some((range, step)) => (range, number(step).filter(|step| *step > 0).ok_or_else(refused)?),
            None => (part, 1),
        };
        let (low, high) = match range.split_once('-') {
            _ if range == "*" => (span.low, span.high),
            Some((low, high)) => (
                number(low).ok_or_else(refused)?,
                number(high).ok_or_else(refused)?,
            ),
            None => {
                let one = number(range).ok_or_else(refused)?;
                (one, one)
            }
        };
        if low < span.low || high > span.high || low > high {
            return Err(refused());
        }
        for number in (low..=high).step_by(usize::try_from(step).unwrap_or(1)) {
            found |= 1 << number;
        }
    }
    Ok(found)
}

/// The numbers of a set as cron writes them.
fn printed(found: u64, span: Span) -> String {
    if found == span.all() {
        return "*".to_owned();
    }
    let numbers = (span.low..=span.high).filter(|number| has(found, *number));
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    numbers.join(",")
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let every_day = self.days == DAYS.all() && self.months == MONTHS.all();
        if !every_day || self.minutes.count_ones() != 1 || self.hours.count_ones() != 1 {
            return write!(
                f,
                "{} {} {} {} {}",
                printed(self.minutes, MINUTES),
                printed(self.hours, HOURS),
                printed(self.days, DAYS),
                printed(self.months, MONTHS),
                printed(self.weekdays, WEEKDAYS)
            );
        }
        if self.weekdays != WEEKDAYS.all() {
            let days = (0..).zip(NAMES).filter(|(at, _)| has(self.weekdays, *at));
            // The week of people begins on Monday.
            let mut names: Vec<(u32, &str)> = days.map(|(at, name)| ((at + 6) % 7, name)).collect();
            names.sort_unstable();
            let names: Vec<&str> = names.into_iter().map(|(_, name)| name).collect();
            write!(f, "{} ", names.join(","))?;
        }
        let (hour, minute) = (self.hours.trailing_zeros(), self.minutes.trailing_zeros());
        write!(f, "{hour:02}:{minute:02}")
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn latest(text: &str, now: &str, zone: &str) -> String {
        let zone = TimeZone::get(zone).expect("a zone");
        let clock = Clock::new(now.parse().expect("an instant"), zone.clone());
        let schedule = Schedule::parse(text).expect("a schedule");
        let at = schedule.latest(&clock).expect("a moment");
        at.to_zoned(zone).datetime().to_string()
    }

    #[test]
    fn texts_are_canonical() {
        for (written, canonical) in [
            ("9:05", "09:05"),
            ("daily 09:00", "09:00"),
            ("weekdays 8:30", "mon,tue,wed,thu,fri 08:30"),
            ("sun,mon 09:00", "mon,sun 09:00"),
            ("mon-wed 09:00", "mon,tue,wed 09:00"),
            ("0 9 * * 1-5", "mon,tue,wed,thu,fri 09:00"),
            ("0 9 * * 7", "sun 09:00"),
            ("0 9 1 * *", "0 9 1 * *"),
            ("*/20 8-10 * 1,7 *", "0,20,40 8,9,10 * 1,7 *"),
        ] {
            assert_eq!(Schedule::parse(written).expect(written).to_string(), canonical);
        }
        for text in [
            "",
            "9",
            "24:00",
            "09:60",
            "someday 09:00",
            "60 9 * * *",
            "0 9 31 2 *",
            "0 9 0 * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "1 2 3",
            "123:00",
            "-1:00",
            "+9:00",
        ] {
            assert!(Schedule::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_last_moment_is_found() {
        // Saturday, 2026-11-28.
        for (text, now, expected) in [
            ("09:00", "2026-11-28T09:00:00Z", "2026-11-28T09:00:00"),
            ("09:00", "2026-11-28T08:59:59Z", "2026-11-27T09:00:00"),
            ("mon 09:00", "2026-11-28T12:00:00Z", "2026-11-23T09:00:00"),
            ("0 9 1 * *", "2026-11-28T12:00:00Z", "2026-11-01T09:00:00"),
            ("0 9 29 2 *", "2026-11-28T12:00:00Z", "2024-02-29T09:00:00"),
            // The first of the month, and every Friday.
            ("0 9 1 * 5", "2026-11-28T12:00:00Z", "2026-11-27T09:00:00"),
            ("*/15 * * * *", "2026-11-28T12:59:00Z", "2026-11-28T12:45:00"),
        ] {
            assert_eq!(latest(text, now, "UTC"), expected, "{text} at {now}");
        }
        // What the clock leaps over comes at its end.
        assert_eq!(
            latest("02:30", "2026-03-29T06:00:00Z", "Europe/Berlin"),
            "2026-03-29T03:30:00"
        );
        assert_eq!(
            latest("09:00", "2026-11-28T01:30:00Z", "Asia/Shanghai"),
            "2026-11-28T09:00:00"
        );
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_printed_is_read_back(text in "[0-9*/,: a-z-]{0,20}|\\PC{0,10}") {
            if let Ok(schedule) = Schedule::parse(&text) {
                prop_assert_eq!(Schedule::parse(&schedule.to_string()), Ok(schedule));
                let clock = Clock::new("2026-11-28T12:00:00Z".parse().expect("an instant"), TimeZone::UTC);
                prop_assert!(schedule.latest(&clock).is_some_and(|at| at <= clock.now()));
            }
        }

        #[test]
        fn any_five_sets_are_read_back(
            minute in 0..60_u32, hour in 0..24_u32, day in 1..29_u32, month in 1..13_u32, weekday in 0..7_u32,
        ) {
            let text = format!("{minute} {hour} {day} {month} {weekday}");
            let schedule = Schedule::parse(&text).expect("five fields");
            prop_assert_eq!(schedule.to_string(), text);
        }
    }
}
