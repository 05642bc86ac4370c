//! The stretch of days that a report is about, and the one before it.

use jiff::civil::{Date, Weekday};

use crate::domain::when::calendar::{self, Days, Unit};
use crate::domain::when::instant::{first_day, to_span};
use crate::domain::when::relative::Step;
use crate::domain::when::{NotADate, Reading, When, lexer, plain_of, read};

/// Whole days, half open; a missing end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Option<Date>,
    /// The day after the last one.
    pub to: Option<Date>,
}

impl Period {
    /// All days.
    pub const ALL: Period = Period { from: None, to: None };

    /// The days from `first` to `last`, both included.
    ///
    /// None if they are the wrong way around, or if `last` is 9999-12-31, which no day follows.
    pub fn of(first: Date, last: Date) -> Option<Period> {
        let to = last.tomorrow().ok()?;
        (first <= last).then_some(Period {
            from: Some(first),
            to: Some(to),
        })
    }

    /// The first and the last day, both included; none if an end is open.
    pub fn days(self) -> Option<(Date, Date)> {
        Some((self.from?, self.to?.yesterday().ok()?))
    }

    /// Whether `day` is one of the days.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day < to)
    }

    /// The period as [`read_period`] reads it: `2026`, `2026-Q4`, `2026-11`, `2026-W48`, `2026-11-05`,
    /// `2026-11-05..2026-11-30` with the last day included, `all`.
    pub fn label(self) -> String {
        let from = self.from.map_or_else(String::new, |from| from.to_string());
        let last = self.to.and_then(|to| to.yesterday().ok());
        match (self.from, last) {
            (None, None) => String::from("all"),
            (Some(first), Some(last)) => named((first, last)).unwrap_or_else(|| format!("{from}..{last}")),
            (_, Some(last)) => format!("{from}..{last}"),
            (_, None) => format!("{from}.."),
        }
    }

    /// The period of equal length that ends where this one begins; none if an end is open.
    ///
    /// Whole months, and so quarters and years, are counted in months: before March comes February.
    pub fn previous(self) -> Option<Period> {
        Some(Period {
            from: Some(self.moved(self.from?, -1)?),
            to: self.from,
        })
    }

    /// The period of equal length that begins where this one ends; none if an end is open. Months as in
    /// [`Period::previous`].
    pub fn next(self) -> Option<Period> {
        Some(Period {
            from: self.to,
            to: Some(self.moved(self.to?, 1)?),
        })
    }

    /// A day that lies so many lengths of the period after another.
    fn moved(self, day: Date, lengths: i32) -> Option<Date> {
        let (from, to) = (self.from?, self.to?);
        if from.day() == 1 && to.day() == 1 {
            let months = month_index(to) - month_index(from);
            return calendar::add_months(day, months.checked_mul(lengths)?);
        }
        let days = from.until(to).ok()?.get_days();
        calendar::add_days(day, days.checked_mul(lengths)?)
    }
}

fn month_index(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month())
}

/// The ISO name of a stretch that has one.
pub(super) fn named(days: Days) -> Option<String> {
    let (first, last) = days;
    let year = first.year();
    let is = |unit| calendar::unit_of(unit, first, 0, Weekday::Monday) == Some(days);
    // A bare year is only read where it cannot be a time of day.
    if is(Unit::Year) && (1900..=2199).contains(&year) {
        Some(format!("{year}"))
    } else if is(Unit::Quarter) {
        Some(format!("{year:04}-Q{}", calendar::quarter_of(first)))
    } else if is(Unit::Month) {
        Some(format!("{year:04}-{:02}", first.month()))
    } else if is(Unit::Week) {
        let week = first.iso_week_date();
        Some(format!("{:04}-W{:02}", week.year(), week.week()))
    } else {
        (first == last).then(|| first.to_string())
    }
}

/// Reads the period of a report.
///
/// Every day and span that [`read`] knows, `this-month`, `last-quarter`, `mtd`, `qtd`, `ytd`, `90d` and
/// `last-90d` (that many days, today the last of them), `A..B` with both ends included, `A..`, `..B`, `all`.
///
/// # Errors
///
/// The text is not understood as a whole, ends before it begins, or has a time of day.
pub fn read_period(text: &str, reading: &Reading<'_>) -> Result<Period, NotADate> {
    let plain = plain_of(text)?;
    let today = reading.clock.today();
    let to_date = |unit| {
        calendar::unit_of(unit, today, 0, reading.week_start).and_then(|(first, _)| Period::of(first, today))
    };
    let found = match plain.as_str() {
        "all" | "全部" => Some(Period::ALL),
        "wtd" => to_date(Unit::Week),
        "mtd" => to_date(Unit::Month),
        "qtd" => to_date(Unit::Quarter),
        "ytd" => to_date(Unit::Year),
        _ => match plain.split_once("..") {
            Some((from, to)) => return between(text, from, to, reading),
            None => match trailing(&plain, today) {
                Some(period) => Some(period),
                None => whole_days(&plain, reading)?.and_then(|(first, last)| Period::of(first, last)),
            },
        },
    };
    found.ok_or_else(|| not_a_period(text))
}

fn not_a_period(text: &str) -> NotADate {
    NotADate::new(format!("{text:?} is not a period"))
}

/// The days of a phrase; none for a time of day or `none`.
fn whole_days(text: &str, reading: &Reading<'_>) -> Result<Option<Days>, NotADate> {
    let when = read(text, reading)?;
    // Now is the one moment that stands for its day: `2026-01-01..now`.
    let is_now = when == When::Moment(reading.clock.zoned().datetime());
    if is_now {
        return Ok(first_day(when).map(|day| (day, day)));
    }
    Ok(to_span(when))
}

fn between(text: &str, from: &str, to: &str, reading: &Reading<'_>) -> Result<Period, NotADate> {
    let end = |part: &str| match part.trim() {
        "" => Ok(None),
        phrase => match whole_days(phrase, reading)? {
            Some(days) => Ok(Some(days)),
            None => Err(not_a_period(text)),
        },
    };
    let first = end(from)?.map(|(first, _)| first);
    let last = end(to)?.map(|(_, last)| last);
    match (first, last) {
        // `..` alone says nothing; all days have their own word.
        (None, None) => Err(not_a_period(text).suggesting([String::from("all")])),
        (Some(first), Some(last)) if last < first => {
            Err(NotADate::new(format!("{text:?} ends before it begins"))
                .suggesting([format!("{last}..{first}")]))
        }
        (from, None) => Ok(Period { from, to: None }),
        (from, Some(last)) => {
            let to = last.tomorrow().ok();
            if to.is_some() {
                Ok(Period { from, to })
            } else {
                Err(not_a_period(text))
            }
        }
    }
}

/// `90d`, `last-90d`, `last 3 months`: that much time up to today, today included.
fn trailing(plain: &str, today: Date) -> Option<Period> {
    let tokens = lexer::tokens(plain)?;
    let mut cursor = lexer::Cursor::new(&tokens);
    if cursor.take_word(&["last"]) {
        cursor.glued_mark('-');
    }
    let (count, _) = cursor.number()?;
    let count = i32::try_from(count).ok().filter(|count| *count > 0)?;
    let step = match cursor.word()? {
        "d" | "day" | "days" => Step::Day,
        "w" | "week" | "weeks" => Step::Week,
        "m" | "month" | "months" => Step::Month,
        "y" | "year" | "years" => Step::Year,
        _ => return None,
    };
    if !cursor.is_done() {
        return None;
    }
    let to = today.tomorrow().ok()?;
    let from = match step {
        Step::Week => calendar::add_days(to, count.checked_mul(-7)?),
        Step::Month => calendar::add_months(to, -count),
        Step::Year => calendar::add_months(to, count.checked_mul(-12)?),
        _ => calendar::add_days(to, -count),
    }?;
    (from.year() >= 1).then_some(Period {
        from: Some(from),
        to: Some(to),
    })
}
