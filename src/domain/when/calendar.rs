//! Weeks, months, quarters and years as first and last days. No phrase is known here.

use jiff::Span;
use jiff::civil::{Date, ISOWeekDate, Weekday};

use crate::domain::when::{Leaning, Reading};

/// The first and the last day of a stretch, both included.
pub(super) type Days = (Date, Date);

/// A calendar unit that has a start and an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Week,
    Month,
    Quarter,
    Year,
}

/// Months in a quarter.
const QUARTER: i32 = 3;

/// The unit of `steps` units after the one that holds `day`.
pub(super) fn unit_of(unit: Unit, day: Date, steps: i32, week_start: Weekday) -> Option<Days> {
    match unit {
        Unit::Week => {
            let back = i32::from(day.weekday().since(week_start));
            let first = add_days(day, steps.checked_mul(7)?.checked_sub(back)?)?;
            Some((first, add_days(first, 6)?))
        }
        Unit::Month => {
            let first = add_months(day.first_of_month(), steps)?;
            Some((first, first.last_of_month()))
        }
        Unit::Quarter => {
            let months = steps.checked_mul(QUARTER)?;
            let (first, _) = quarter(day.year(), quarter_of(day))?;
            let first = add_months(first, months)?;
            Some((first, add_months(first, QUARTER - 1)?.last_of_month()))
        }
        Unit::Year => {
            let first = add_months(day.first_of_year(), steps.checked_mul(12)?)?;
            Some((first, first.last_of_year()))
        }
    }
}

/// The quarter of the year in which `day` lies, from 1.
pub(super) fn quarter_of(day: Date) -> u32 {
    u32::from(day.month().unsigned_abs()).div_ceil(3)
}

/// The quarter `number`, 1 to 4, of `year`.
pub(super) fn quarter(year: i16, number: u32) -> Option<Days> {
    let month = match number {
        1 => 1,
        2 => 4,
        3 => 7,
        4 => 10,
        _ => return None,
    };
    let (first, _) = self::month(year, month)?;
    let (_, last) = self::month(year, month + 2)?;
    Some((first, last))
}

/// The month `number`, 1 to 12, of `year`.
pub(super) fn month(year: i16, number: u32) -> Option<Days> {
    let first = day(year, number, 1)?;
    Some((first, first.last_of_month()))
}

/// The whole of `year`.
pub(super) fn year(year: i16) -> Option<Days> {
    let first = day(year, 1, 1)?;
    Some((first, first.last_of_year()))
}

/// The ISO week `number` of the ISO year `year`: Monday to Sunday.
pub(super) fn iso_week(year: i16, number: u32) -> Option<Days> {
    let number = i8::try_from(number).ok()?;
    let first = ISOWeekDate::new(year, number, Weekday::Monday).ok()?.date();
    Some((first, add_days(first, 6)?))
}

/// The day of that number, if the month has it.
pub(super) fn day(year: i16, month: u32, day: u32) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `days` later, or earlier if negative.
pub(super) fn add_days(day: Date, days: i32) -> Option<Date> {
    day.checked_add(Span::new().try_days(days).ok()?).ok()
}

/// `months` later, or earlier if negative; the end of a month clamps.
pub(super) fn add_months(day: Date, months: i32) -> Option<Date> {
    day.checked_add(Span::new().try_months(months).ok()?).ok()
}

/// `count` working days later, or earlier if negative; zero leaves the day as it is, even a free one.
pub(super) fn add_working_days(day: Date, count: i32, holidays: &[Date]) -> Option<Date> {
    let step = count.signum();
    let mut left = count.abs();
    let mut reached = day;
    while left > 0 {
        reached = add_days(reached, step)?;
        if is_working_day(reached, holidays) {
            left -= 1;
        }
    }
    Some(reached)
}

fn is_working_day(day: Date, holidays: &[Date]) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !holidays.contains(&day)
}

/// The nearest day of that name where the reading leans, never today.
pub(super) fn named_weekday(weekday: Weekday, reading: &Reading<'_>) -> Option<Date> {
    let nth = match reading.leaning {
        Leaning::Past => -1,
        Leaning::Future | Leaning::None => 1,
    };
    reading.clock.today().nth_weekday(nth, weekday).ok()
}

/// Of stretches that come around every year, the current one or else the nearest where the reading leans.
pub(super) fn coming(reading: &Reading<'_>, in_year: impl Fn(i16) -> Option<Days>) -> Option<Days> {
    let today = reading.clock.today();
    // The 29th of February may be eight years away, over a century without one.
    let years = today.year().saturating_sub(8)..=today.year().saturating_add(8);
    let mut stretches = years.filter_map(in_year);
    match reading.leaning {
        Leaning::Past => stretches.rfind(|(first, _)| *first <= today),
        Leaning::Future | Leaning::None => stretches.find(|(_, last)| *last >= today),
    }
}

/// The nearest day of that number where the reading leans, today included, in a month that has it.
pub(super) fn coming_day_of_month(number: u32, reading: &Reading<'_>) -> Option<Date> {
    let today = reading.clock.today();
    let mut steps: Box<dyn Iterator<Item = i32>> = match reading.leaning {
        Leaning::Past => Box::new((-2..=0).rev()),
        Leaning::Future | Leaning::None => Box::new(0..=2),
    };
    steps.find_map(|step| {
        let (first, _) = unit_of(Unit::Month, today, step, Weekday::Monday)?;
        let found = day(first.year(), u32::from(first.month().unsigned_abs()), number)?;
        let fits = match reading.leaning {
            Leaning::Past => found <= today,
            Leaning::Future | Leaning::None => found >= today,
        };
        fits.then_some(found)
    })
}
