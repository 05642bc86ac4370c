//! When somebody wants to be reminded of a task: so long before it is due, or at a moment.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};

use crate::domain::when::duration::show_duration;
use crate::domain::when::scan::Scan;
use crate::domain::when::{Leaning, Reading, When, instant, lexer, read as read_date};
use crate::error::{Error, Result};

/// From which time of day a reminder of a task without one counts back.
const MORNING: Time = Time::constant(9, 0, 0, 0);

/// The most days before the due date; more is a slip of the fingers.
const MOST_DAYS: i64 = 3660;

const SECONDS_A_DAY: i64 = 24 * 60 * 60;

/// One reminder of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminder {
    /// So many days on the calendar and so many seconds before the task is due; before nine in the morning of its day if
    /// it has no time of day.
    Before {
        /// Days.
        days: i64,
        /// Seconds.
        seconds: i64,
    },
    /// At an instant.
    At(Timestamp),
}

impl Reminder {
    /// Reads a reminder: `1h`, `1d`, `1d 2h`, `2 days before`, `提前1小时`, or a moment: `fri 9:00`, `tomorrow`, `+3h`.
    ///
    /// A day alone means nine in the morning. An amount without a sign counts back from the due date.
    ///
    /// # Errors
    ///
    /// `Invalid` on `remind` for what is neither.
    pub fn read(text: &str, reading: &Reading<'_>) -> Result<Reminder> {
        let refuse = |suggestions: Vec<String>| {
            let message = format!(
                "{text:?} is no reminder: it is a length of time before the task is due (1h, 30min, 1d, 1w), or a moment \
                 (fri 9:00)"
            );
            Error::invalid("remind", message).with_near(suggestions)
        };
        if let Some(before) = before(text) {
            return match before {
                Reminder::Before { days, seconds } if days + seconds / SECONDS_A_DAY > MOST_DAYS => {
                    Err(refuse(Vec::new()))
                }
                before => Ok(before),
            };
        }
        if let Some(at) = instant::exact(text) {
            return Ok(Reminder::At(at));
        }
        // An amount without a sign that is no length of time is a slip; it must not become a moment.
        let reading = Reading {
            leaning: Leaning::None,
            ..*reading
        };
        let when = read_date(text, &reading).map_err(|refusal| refuse(refusal.suggestions))?;
        let local = match when {
            When::Day(day) => day.to_datetime(reading.morning),
            When::Moment(moment) => moment,
            When::Span(..) | When::Never => return Err(refuse(Vec::new())),
        };
        Ok(Reminder::At(instant::instant_of(local, reading.clock.zone())))
    }

    /// A reminder as [`Reminder::text`] wrote it.
    pub fn stored(text: &str) -> Option<Reminder> {
        before(text).or_else(|| instant::exact(text).map(Reminder::At))
    }

    /// The canonical text: `1w`, `1d2h`, `30m`; a moment to the minute with its offset in `zone`.
    pub fn text(self, zone: &TimeZone) -> String {
        match self {
            Reminder::At(at) => at
                .to_zoned(zone.clone())
                .strftime("%Y-%m-%dT%H:%M%:z")
                .to_string(),
            Reminder::Before { days: 0, seconds } => show_duration(seconds),
            Reminder::Before { days, seconds } => {
                let long = if days % 7 == 0 {
                    format!("{}w", days / 7)
                } else {
                    format!("{days}d")
                };
                match seconds {
                    0 => long,
                    seconds => long + &show_duration(seconds),
                }
            }
        }
    }

    /// The instant at which it is time, for a task that is due on `day` at `time` (`HH:MM` or empty) in `zone`; none if it
    /// counts from a due date and there is none.
    ///
    /// # Errors
    ///
    /// The time of day or the zone cannot be read.
    pub fn instant(self, day: Option<Date>, time: &str, zone: &str) -> Result<Option<Timestamp>> {
        let (days, seconds) = match self {
            Reminder::At(at) => return Ok(Some(at)),
            Reminder::Before { days, seconds } => (days, seconds),
        };
        let Some(day) = day else {
            return Ok(None);
        };
        let zone = match zone {
            "" => TimeZone::UTC,
            name => TimeZone::get(name)
                .map_err(|_| Error::invalid("zone", format!("there is no time zone {name:?}")))?,
        };
        let time = match time {
            "" => MORNING,
            time => time
                .parse()
                .map_err(|_| Error::invalid("due", format!("{time:?} is not a time of day")))?,
        };
        let there = Span::new()
            .try_days(-days)
            .and_then(|span| day.checked_add(span))
            .unwrap_or(day)
            .to_datetime(time);
        let base = instant::instant_of(there, &zone);
        let back = SignedDuration::from_secs(seconds);
        Ok(Some(base.checked_sub(back).unwrap_or(base)))
    }

    /// The same reminder of a task that is due so many days later.
    #[must_use]
    pub fn later(self, days: i64, zone: &TimeZone) -> Reminder {
        let Reminder::At(at) = self else {
            return self;
        };
        let moved = Span::new()
            .try_days(days)
            .and_then(|span| at.to_zoned(zone.clone()).checked_add(span));
        moved.map_or(self, |moved| Reminder::At(moved.timestamp()))
    }
}

/// A length of time before the due date; none if the text is none.
fn before(text: &str) -> Option<Reminder> {
    let plain = lexer::normalise(text);
    let (days, seconds) = if lexer::has_han(&plain) {
        chinese(&plain)?
    } else {
        english(&plain)?
    };
    Some(Reminder::Before { days, seconds })
}

/// Days and seconds of `1w`, `1d 2h`, `30 minutes before`.
fn english(plain: &str) -> Option<(i64, i64)> {
    let mut rest = plain.strip_suffix("before").unwrap_or(plain).trim();
    if rest.is_empty() {
        return None;
    }
    let (mut days, mut seconds, mut smallest) = (0_i64, 0_i64, i64::MAX);
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let (digits, behind) = rest.split_at_checked(end)?;
        let behind = behind.trim_start();
        let end = behind
            .find(|letter: char| !letter.is_ascii_alphabetic())
            .unwrap_or(behind.len());
        let (unit, behind) = behind.split_at_checked(end)?;
        let count: i64 = digits.parse().ok().filter(|count| *count <= 1_000_000)?;
        let length = match unit {
            "w" | "wk" | "week" | "weeks" => 7 * SECONDS_A_DAY,
            "d" | "day" | "days" => SECONDS_A_DAY,
            "h" | "hr" | "hrs" | "hour" | "hours" => 3600,
            "m" | "min" | "mins" | "minute" | "minutes" => 60,
            _ => return None,
        };
        // Each unit once, the large before the small: anything else is a slip.
        if length >= smallest {
            return None;
        }
        smallest = length;
        add(&mut days, &mut seconds, count, length);
        rest = behind.trim_start();
    }
    Some((days, seconds))
}

/// Days and seconds of 提前1小时, 两天前, 半小时.
fn chinese(plain: &str) -> Option<(i64, i64)> {
    const UNITS: [(&str, i64); 10] = [
        ("个星期", 7 * SECONDS_A_DAY),
        ("星期", 7 * SECONDS_A_DAY),
        ("周", 7 * SECONDS_A_DAY),
        ("天", SECONDS_A_DAY),
        ("个小时", 3600),
        ("小时", 3600),
        ("刻钟", 15 * 60),
        ("分钟", 60),
        ("分", 60),
        ("个钟头", 3600),
    ];
    let mut scan = Scan::new(plain);
    scan.eat("提前");
    let (mut days, mut seconds, mut smallest) = (0, 0, i64::MAX);
    if scan.eat("半小时") || scan.eat("半个小时") {
        seconds = 1800;
    } else {
        while let Some(count) = scan.number() {
            let length = scan.any(&UNITS).filter(|length| *length < smallest)?;
            smallest = length;
            add(&mut days, &mut seconds, i64::from(count), length);
        }
        if smallest == i64::MAX {
            return None;
        }
    }
    for ending in ["之前", "以前", "前"] {
        if scan.eat(ending) {
            break;
        }
    }
    scan.is_done().then_some((days, seconds))
}

/// Days are counted on the calendar, so that nine o'clock stays nine o'clock over a clock change.
fn add(days: &mut i64, seconds: &mut i64, count: i64, length: i64) {
    if length >= SECONDS_A_DAY {
        *days += count * (length / SECONDS_A_DAY);
    } else {
        *seconds += count * length;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::clock::Clock;

    fn clock() -> Clock {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        Clock::new("2026-11-21T09:00:00Z".parse().unwrap(), zone)
    }

    fn read(text: &str) -> Result<String> {
        let clock = clock();
        let reading = Reading::new(&clock, Leaning::Future);
        Reminder::read(text, &reading).map(|reminder| reminder.text(clock.zone()))
    }

    #[test]
    fn reminders_as_people_write_them() {
        for (text, canonical) in [
            ("1h", "1h"),
            ("60min", "1h"),
            ("1d", "1d"),
            ("1d 2h", "1d2h"),
            ("2 days before", "2d"),
            ("14 days", "2w"),
            ("0m", "0m"),
            ("提前1小时", "1h"),
            ("两天前", "2d"),
            ("半小时", "30m"),
            ("提前1天2小时", "1d2h"),
            ("fri 9:00", "2026-11-27T09:00+01:00"),
            ("tomorrow", "2026-11-22T09:00+01:00"),
            ("+3h", "2026-11-21T13:00+01:00"),
            ("明天下午三点", "2026-11-22T15:00+01:00"),
            ("2026-12-01T08:00:00Z", "2026-12-01T09:00+01:00"),
        ] {
            assert_eq!(read(text).unwrap(), canonical, "{text}");
        }
        for text in [
            "",
            "soon",
            "1h 1d",
            "1x",
            "next week",
            "9999999d",
            "none",
            "d",
            "before",
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.field(), Some("remind"), "{text}");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar_and_whole_days_begin_at_nine() {
        let at = |text: &str, day: &str, time: &str| {
            let reminder = Reminder::stored(text).unwrap();
            let at = reminder
                .instant(Some(day.parse().unwrap()), time, "Europe/Berlin")
                .unwrap();
            at.unwrap().to_string()
        };
        assert_eq!(at("1h", "2026-12-04", "15:00"), "2026-12-04T13:00:00Z");
        assert_eq!(at("1d", "2026-12-04", ""), "2026-12-03T08:00:00Z");
        // The clocks go back on 25 October: nine stays nine.
        assert_eq!(at("1d", "2026-10-25", ""), "2026-10-24T07:00:00Z");
        assert_eq!(at("1d2h", "2026-10-26", "10:00"), "2026-10-25T07:00:00Z");
        assert_eq!(
            at("2026-12-01T09:00+01:00", "2026-12-04", ""),
            "2026-12-01T08:00:00Z"
        );
        let nothing = Reminder::stored("1h").unwrap().instant(None, "", "").unwrap();
        assert_eq!(nothing, None);
    }

    proptest! {
        #[test]
        fn the_canonical_text_reads_back(days in 0..3000_i64, minutes in 0..1440_i64, at in 0..4_000_000_000_i64) {
            let clock = clock();
            let reading = Reading::new(&clock, Leaning::Future);
            for reminder in [
                Reminder::Before { days, seconds: minutes * 60 },
                Reminder::At(Timestamp::from_second(at - at % 60).unwrap()),
            ] {
                let text = reminder.text(clock.zone());
                prop_assert_eq!(Reminder::stored(&text), Some(reminder));
                prop_assert_eq!(Reminder::read(&text, &reading).unwrap(), reminder);
            }
        }

        #[test]
        fn nothing_panics(text in "\\PC{0,20}") {
            let _ = read(&text);
        }
    }
}
