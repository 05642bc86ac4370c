//! Business hours: when a team works, and how much of a span of time that is.
//!
//! A week has windows of wall-clock time in one zone; single days differ: a holiday has none, a day of make-up work has
//! those of a usual day, any other day may have its own. Time is counted as it passes, so that the night in which the
//! clocks change is as long as it was.

pub mod days;
mod text;

#[cfg(test)]
mod tests;

use std::fmt;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use days::Days;
pub use text::NotHours;

/// The last minute of a day, which is the first of the next.
const MIDNIGHT: u16 = 24 * 60;

/// So many days without any working time, and there will be none: the longest shutdown is shorter.
const GIVE_UP: usize = 3 * 366;

/// A span of wall-clock time within one day: minutes after midnight, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    from: u16,
    to: u16,
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Window { from, to } = self;
        write!(
            f,
            "{:02}:{:02}-{:02}:{:02}",
            from / 60,
            from % 60,
            to / 60,
            to % 60
        )
    }
}

/// When a team works.
#[derive(Debug, Clone, PartialEq)]
pub struct Hours {
    zone: TimeZone,
    /// From Monday on; the windows of a day do not overlap and stand in order.
    week: [Vec<Window>; 7],
    /// Those of a usual day: of the first of the week that has any.
    usual: Vec<Window>,
    days: Days,
}

impl Hours {
    /// Around the clock, every day.
    pub fn always() -> Hours {
        let day = vec![Window {
            from: 0,
            to: MIDNIGHT,
        }];
        Hours {
            zone: TimeZone::UTC,
            week: std::array::from_fn(|_| day.clone()),
            usual: day,
            days: Days::default(),
        }
    }

    /// The hours that `week` and `days` describe, in `zone`. See [`NotHours`] for what they may say.
    ///
    /// ```text
    /// week  mon-fri 09:00-12:00 13:00-18:00      days  2026-10-01..2026-10-07 off National Day
    ///       sat 10:00-14:00                            2026-10-10 work
    ///                                                  2026-12-24 09:00-12:00
    /// ```
    ///
    /// # Errors
    ///
    /// The line that cannot be read, and why.
    pub fn read(week: &str, days: &str, zone: TimeZone) -> Result<Hours, NotHours> {
        let week = text::week(week)?;
        let days = Days::read(days)?;
        let usual = week.iter().find(|windows| !windows.is_empty());
        Ok(Hours {
            zone,
            usual: usual.cloned().unwrap_or_default(),
            week,
            days,
        })
    }

    /// The windows of the week as [`Hours::read`] reads them: one line, days that are alike together.
    pub fn week(&self) -> String {
        text::show_week(&self.week)
    }

    /// The zone in which the windows stand.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// Whether somebody works at this instant.
    pub fn is_open(&self, at: Timestamp) -> bool {
        let day = self.day_of(at);
        self.spans(day).any(|(from, to)| from <= at && at < to)
    }

    /// The working time between two instants; none if `to` is not after `from`.
    pub fn between(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        let mut sum = SignedDuration::ZERO;
        let mut day = self.day_of(from);
        let last = self.day_of(to);
        while day <= last && from < to {
            for (open, close) in self.spans(day) {
                let (open, close) = (open.max(from), close.min(to));
                if open < close {
                    sum += open.duration_until(close);
                }
            }
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        sum
    }

    /// The instant at which `work` of working time has passed since `from`; at once for none of it. None if nobody works
    /// for three years.
    pub fn after(&self, from: Timestamp, work: SignedDuration) -> Option<Timestamp> {
        let mut left = work;
        if left <= SignedDuration::ZERO {
            return Some(from);
        }
        let mut day = self.day_of(from);
        let mut idle = 0;
        while idle < GIVE_UP {
            idle += 1;
            for (open, close) in self.spans(day) {
                let open = open.max(from);
                if open >= close {
                    continue;
                }
                idle = 0;
                let here = open.duration_until(close);
                if left <= here {
                    return open.checked_add(left).ok();
                }
                left -= here;
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    fn day_of(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    fn windows(&self, day: Date) -> &[Window] {
        match self.days.of(day) {
            Some(days::Work::Off) => &[],
            Some(days::Work::Usual) => &self.usual,
            Some(days::Work::Within(windows)) => windows,
            None => of_week(&self.week, day.weekday()),
        }
    }

    /// The windows of a day as instants. A wall-clock time that the day leaves out is met when its hour would be, one
    /// that it has twice the first time.
    fn spans(&self, day: Date) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let at = move |minutes: u16| -> Option<Timestamp> {
            let (day, minutes) = match minutes {
                MIDNIGHT => (day.checked_add(1.day()).ok()?, 0),
                minutes => (day, minutes),
            };
            let time = day.at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0);
            Some(time.to_zoned(self.zone.clone()).ok()?.timestamp())
        };
        self.windows(day)
            .iter()
            .filter_map(move |window| Some((at(window.from)?, at(window.to)?)))
    }
}

/// The windows of a day of the week.
fn of_week(week: &[Vec<Window>; 7], day: Weekday) -> &[Window] {
    let at = usize::from(day.to_monday_zero_offset().unsigned_abs());
    week.get(at).map_or(&[], Vec::as_slice)
}
