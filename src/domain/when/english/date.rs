//! Written-out dates: ISO, dotted, slashed, and with the name of a month. No relative phrase is known here.

use jiff::civil::Date;

use crate::domain::when::calendar;
use crate::domain::when::english::{span, time};
use crate::domain::when::lexer::Cursor;
use crate::domain::when::{Base, DateOrder, NotADate, Parsed, Reading};

/// Years that may stand alone; outside of them four digits are more likely a time of day.
const BARE_YEARS: std::ops::RangeInclusive<u32> = 1900..=2199;

const MONTHS: [&[&str]; 12] = [
    &["jan", "january"],
    &["feb", "february"],
    &["mar", "march"],
    &["apr", "april"],
    &["may"],
    &["jun", "june"],
    &["jul", "july"],
    &["aug", "august"],
    &["sep", "sept", "september"],
    &["oct", "october"],
    &["nov", "november"],
    &["dec", "december"],
];

/// What starts with a year: `2026-11-27`, `2026-11`, `2026-W48`, `2026-Q4`, `2026/11/27`, `2026`.
pub(super) fn year_first(cursor: &mut Cursor<'_>, _: &Reading<'_>) -> Parsed<Base> {
    let Some((typed, 4)) = cursor.number() else {
        return Ok(None);
    };
    let year = i16::try_from(typed).unwrap_or(i16::MAX);
    let mut ahead = *cursor;
    if ahead.glued_mark('-') && ahead.is_glued() {
        if ahead.take_word(&["w"]) {
            *cursor = ahead;
            return iso_week(year, cursor);
        }
        if ahead.take_word(&["q"]) {
            *cursor = ahead;
            return quarter_number(year, cursor);
        }
        if let Some((month, digits @ 1..=2)) = ahead.glued_number() {
            *cursor = ahead;
            if let Some(day) = separated(cursor, '-') {
                return exact_day(year, month, day).map(Some);
            }
            return if digits == 2 {
                whole_month(year, month)
            } else {
                Ok(None)
            };
        }
    }
    for separator in ['/', '.'] {
        let mut ahead = *cursor;
        if let Some(month) = separated(&mut ahead, separator)
            && let Some(day) = separated(&mut ahead, separator)
        {
            *cursor = ahead;
            return exact_day(year, month, day).map(Some);
        }
    }
    if cursor.take_word(&["q"]) {
        return quarter_number(year, cursor);
    }
    let is_bare = BARE_YEARS.contains(&typed);
    Ok(calendar::year(year).filter(|_| is_bare).map(span))
}

/// A number of one or two digits behind a separator, all without blanks.
fn separated(cursor: &mut Cursor<'_>, separator: char) -> Option<u32> {
    let mut ahead = *cursor;
    if !ahead.glued_mark(separator) {
        return None;
    }
    let (value, digits) = ahead.glued_number()?;
    if digits > 2 {
        return None;
    }
    *cursor = ahead;
    Some(value)
}

fn iso_week(year: i16, cursor: &mut Cursor<'_>) -> Parsed<Base> {
    let Some((number, 1..=2)) = cursor.glued_number() else {
        return Ok(None);
    };
    let Some((first, last)) = calendar::iso_week(year, number) else {
        return Err(NotADate::new(format!("{year} has no week {number}")));
    };
    match separated(cursor, '-') {
        None => Ok(Some(Base::Span(first, last))),
        Some(day @ 1..=7) => Ok(i32::try_from(day - 1)
            .ok()
            .and_then(|days| calendar::add_days(first, days))
            .map(Base::Day)),
        Some(day) => Err(NotADate::new(format!("a week has no day {day}"))),
    }
}

fn quarter_number(year: i16, cursor: &mut Cursor<'_>) -> Parsed<Base> {
    match cursor.glued_number() {
        Some((number, 1)) => match calendar::quarter(year, number) {
            Some(days) => Ok(Some(span(days))),
            None => Err(NotADate::new(format!("a year has no quarter {number}"))),
        },
        _ => Ok(None),
    }
}

fn whole_month(year: i16, month: u32) -> Parsed<Base> {
    match calendar::month(year, month) {
        Some(days) => Ok(Some(span(days))),
        None => Err(NotADate::new(format!("a year has no month {month}"))),
    }
}

fn exact_day(year: i16, month: u32, day: u32) -> Result<Base, NotADate> {
    no_such_day(calendar::day(year, month, day), year, month, day).map(Base::Day)
}

/// The refusal of a day that is not in the calendar, with the last of that month as a suggestion.
pub(in crate::domain::when) fn no_such_day(
    found: Option<Date>,
    year: i16,
    month: u32,
    day: u32,
) -> Result<Date, NotADate> {
    found.ok_or_else(|| {
        let last = calendar::month(year, month)
            .filter(|_| day > 0)
            .map(|(_, last)| last);
        NotADate::new(format!("there is no day {year:04}-{month:02}-{day:02}"))
            .suggesting(last.map(|last| last.to_string()))
    })
}

/// What starts with a day: `27.11.2026`, `27/11/2026`, `27 nov`, `27th november 2026`.
pub(super) fn day_first(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let Some((first, 1..=2)) = cursor.number() else {
        return Ok(None);
    };
    let mut ahead = *cursor;
    if let Some(second) = separated(&mut ahead, '/') {
        *cursor = ahead;
        return slashed(first, second, cursor, reading);
    }
    if let Some(month) = separated(&mut ahead, '.')
        && ahead.glued_mark('.')
    {
        *cursor = ahead;
        if cursor.is_glued() {
            return match cursor.glued_number() {
                Some((year, 4)) => exact_day(i16::try_from(year).unwrap_or(i16::MAX), month, first).map(Some),
                _ => Ok(None),
            };
        }
        return coming_day(month, first, reading);
    }
    if cursor.is_glued() && !cursor.take_word(&["st", "nd", "rd", "th"]) {
        cursor.glued_mark('.');
    }
    match month_word(cursor) {
        Some(month) => match year_behind(cursor) {
            Some(year) => exact_day(year, month, first).map(Some),
            None => coming_day(month, first, reading),
        },
        None => Ok(None),
    }
}

fn slashed(first: u32, second: u32, cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let mut ahead = *cursor;
    let year = if ahead.glued_mark('/') {
        let Some((year, 4)) = ahead.glued_number() else {
            return Ok(None);
        };
        *cursor = ahead;
        Some(i16::try_from(year).unwrap_or(i16::MAX))
    } else {
        None
    };
    let (day, month) = match reading.order {
        Some(DateOrder::DayMonthYear) => (first, second),
        Some(DateOrder::MonthDayYear) => (second, first),
        None => {
            let typed = year.map_or_else(
                || format!("{first}/{second}"),
                |year| format!("{first}/{second}/{year:04}"),
            );
            let on = |month, day| match year {
                Some(year) => calendar::day(year, month, day),
                None => calendar::coming(reading, |year| both(calendar::day(year, month, day)))
                    .map(|(day, _)| day),
            };
            let readings = [on(second, first), on(first, second)];
            return Err(NotADate::new(format!(
                "{typed} does not say which is the day and which the month"
            ))
            .suggesting(readings.into_iter().flatten().map(|day| day.to_string())));
        }
    };
    match year {
        Some(year) => exact_day(year, month, day).map(Some),
        None => coming_day(month, day, reading),
    }
}

fn both(day: Option<Date>) -> Option<(Date, Date)> {
    day.map(|day| (day, day))
}

/// The nearest day of that name where the reading leans, today included.
pub(in crate::domain::when) fn coming_day(month: u32, day: u32, reading: &Reading<'_>) -> Parsed<Base> {
    match calendar::coming(reading, |year| both(calendar::day(year, month, day))) {
        Some((found, _)) => Ok(Some(Base::Day(found))),
        None => no_such_day(None, reading.clock.today().year(), month, day).map(|day| Some(Base::Day(day))),
    }
}

fn month_word(cursor: &mut Cursor<'_>) -> Option<u32> {
    let position = MONTHS.iter().position(|names| cursor.take_word(names))?;
    u32::try_from(position + 1).ok()
}

/// A year behind a month, perhaps after a comma.
pub(super) fn year_behind(cursor: &mut Cursor<'_>) -> Option<i16> {
    let mut ahead = *cursor;
    ahead.mark(',');
    let (year, digits) = ahead.number()?;
    let is_time = ahead.is_glued();
    if digits != 4 || is_time && ahead.mark(':') {
        return None;
    }
    *cursor = ahead;
    i16::try_from(year).ok()
}

/// What starts with the name of a month: `dec`, `december 2026`, `dec 5`, `dec 5, 2026`.
pub(super) fn month_first(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let Some(month) = month_word(cursor) else {
        return Ok(None);
    };
    if let Some(year) = year_behind(cursor) {
        return whole_month(year, month);
    }
    let mut ahead = *cursor;
    // In `dec 15:00` and `dec 3pm` the number is an hour.
    if time::clock_time(&mut ahead).is_ok_and(|time| time.is_none())
        && let Some((day, 1..=2)) = ahead.number()
    {
        if ahead.is_glued() {
            ahead.take_word(&["st", "nd", "rd", "th"]);
        }
        *cursor = ahead;
        return match year_behind(cursor) {
            Some(year) => exact_day(year, month, day).map(Some),
            None => coming_day(month, day, reading),
        };
    }
    Ok(calendar::coming(reading, |year| calendar::month(year, month)).map(span))
}
