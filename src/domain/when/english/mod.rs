//! English and ISO phrases. A reader that finds nothing of its own leaves the place where it was.

pub(super) mod date;
mod time;

use jiff::civil::{Date, Weekday};

use crate::domain::when::calendar::{self, Unit};
use crate::domain::when::english::date::{day_first, month_first, year_behind, year_first};
use crate::domain::when::english::time::{time, time_behind};
use crate::domain::when::lexer::{self, Cursor};
use crate::domain::when::relative::{self, Amount, Direction, Step};
use crate::domain::when::time_of_day::{self, TimeOfDay};
use crate::domain::when::{Base, Leaning, NotADate, Parsed, Reading, When};

const NUMBERS: [(&str, u32); 14] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
];

type Reader = fn(&mut Cursor<'_>, &Reading<'_>) -> Parsed<Base>;

/// In the order in which they are tried; each tells its phrases from the others' by the first tokens.
const READERS: [Reader; 11] = [
    signed_amount,
    amount,
    year_first,
    day_first,
    month_first,
    named_day,
    weekday,
    edge,
    quarter,
    week,
    stepped_unit,
];

/// Reads a whole phrase.
pub(super) fn read(plain: &str, reading: &Reading<'_>) -> Parsed<When> {
    let Some(tokens) = lexer::tokens(plain) else {
        return Ok(None);
    };
    let mut cursor = Cursor::new(&tokens);
    if let Some(time) = time(&mut cursor, reading)? {
        return time_first(time, cursor, reading);
    }
    let base = match date(&mut cursor, reading) {
        Ok(Some(base)) => base,
        Ok(None) => return Ok(None),
        Err(refusal) => return Err(refusal_with_time(refusal, cursor, reading)),
    };
    if cursor.is_done() {
        return Ok(Some(time_of_day::alone(base)));
    }
    Ok(time_behind(&mut cursor, reading)?
        .filter(|_| cursor.is_done())
        .and_then(|time| time_of_day::combine(base, time)))
}

/// Reads a date without a time of day, to its end.
pub(super) fn read_date(plain: &str, reading: &Reading<'_>) -> Parsed<Base> {
    let Some(tokens) = lexer::tokens(plain) else {
        return Ok(None);
    };
    let mut cursor = Cursor::new(&tokens);
    Ok(date(&mut cursor, reading)?.filter(|_| cursor.is_done()))
}

/// Reads a time of day, to its end.
pub(super) fn read_time(plain: &str, reading: &Reading<'_>) -> Parsed<TimeOfDay> {
    let Some(tokens) = lexer::tokens(plain) else {
        return Ok(None);
    };
    let mut cursor = Cursor::new(&tokens);
    Ok(time(&mut cursor, reading)?.filter(|_| cursor.is_done()))
}

fn time_first(time: TimeOfDay, mut cursor: Cursor<'_>, reading: &Reading<'_>) -> Parsed<When> {
    if cursor.is_done() {
        return time_of_day::today_at(time, reading).map(Some);
    }
    cursor.take_word(&["on"]);
    match date(&mut cursor, reading) {
        Ok(Some(base)) if cursor.is_done() => Ok(time_of_day::combine(base, time)),
        Ok(_) => Ok(None),
        Err(refusal) if cursor.is_done() => Err(time_of_day::with_time(refusal, time)),
        Err(refusal) => Err(refusal),
    }
}

fn refusal_with_time(refusal: NotADate, mut cursor: Cursor<'_>, reading: &Reading<'_>) -> NotADate {
    match time_behind(&mut cursor, reading) {
        Ok(Some(time)) if cursor.is_done() => time_of_day::with_time(refusal, time),
        _ => refusal,
    }
}

/// A date with the signed amounts behind it: `fri+1w`.
fn date(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let Some(mut base) = first_of(&READERS, cursor, reading)? else {
        return Ok(None);
    };
    while let Some((direction, amount)) = signed(cursor) {
        match relative::shift(base, &amount, direction, reading)? {
            Some(moved) => base = moved,
            None => return Ok(None),
        }
    }
    Ok(Some(base))
}

fn first_of(readers: &[Reader], cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    for reader in readers {
        let mut ahead = *cursor;
        let found = reader(&mut ahead, reading);
        if !matches!(found, Ok(None)) {
            *cursor = ahead;
            return found;
        }
    }
    Ok(None)
}

fn signed(cursor: &mut Cursor<'_>) -> Option<(Direction, Amount)> {
    let mut ahead = *cursor;
    let direction = match ahead.sign()? {
        '-' => Direction::Back,
        _ => Direction::Ahead,
    };
    let amount = numbers_with_units(&mut ahead)?;
    *cursor = ahead;
    Some((direction, amount))
}

fn signed_amount(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    match signed(cursor) {
        Some((direction, amount)) => relative::from_now(&amount, direction, reading),
        None => Ok(None),
    }
}

/// `3d`, `in 3 days`, `two weeks ago`, `3 days from now`.
fn amount(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let is_ahead = cursor.take_word(&["in"]);
    let Some(amount) = numbers_with_units(cursor) else {
        return Ok(None);
    };
    let direction = if is_ahead {
        Direction::Ahead
    } else if cursor.take_word(&["ago"]) {
        Direction::Back
    } else if cursor.take_word(&["from"]) {
        if !cursor.take_word(&["now", "today"]) {
            return Ok(None);
        }
        Direction::Ahead
    } else {
        relative::leaning_of(&amount, reading)?
    };
    relative::from_now(&amount, direction, reading)
}

fn numbers_with_units(cursor: &mut Cursor<'_>) -> Option<Amount> {
    let mut amount = Amount::new();
    loop {
        let mut ahead = *cursor;
        let count = match ahead.number() {
            Some((value, _)) => Some(value),
            None if amount.is_empty() => ahead.word().and_then(|word| find(&NUMBERS, word)),
            None => None,
        };
        // Behind hours an `m` means minutes: `1h30m`.
        let is_clock = matches!(amount.last(), Some((_, Step::Hour)));
        let step = count.and_then(|_| unit(&mut ahead, is_clock));
        let (Some(count), Some(step)) = (count, step) else {
            break;
        };
        amount.push((count, step));
        *cursor = ahead;
    }
    (!amount.is_empty()).then_some(amount)
}

fn unit(cursor: &mut Cursor<'_>, is_behind_hours: bool) -> Option<Step> {
    let step = match cursor.word()? {
        "m" if is_behind_hours => Step::Minute,
        "d" | "day" | "days" => Step::Day,
        "w" | "wk" | "wks" | "week" | "weeks" => Step::Week,
        "m" | "mo" | "mos" | "month" | "months" => Step::Month,
        // `2025 q4` is a quarter of a year, not two thousand quarters.
        "q" if cursor.is_glued() => return None,
        "q" | "quarter" | "quarters" => Step::Quarter,
        "y" | "yr" | "yrs" | "year" | "years" => Step::Year,
        "bd" | "workday" | "workdays" => Step::WorkingDay,
        "working" | "business" if cursor.take_word(&["day", "days"]) => Step::WorkingDay,
        "h" | "hr" | "hrs" | "hour" | "hours" => Step::Hour,
        "min" | "mins" | "minute" | "minutes" => Step::Minute,
        _ => return None,
    };
    Some(step)
}

fn find<T: Copy>(table: &[(&str, T)], word: &str) -> Option<T> {
    table
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, value)| *value)
}

fn named_day(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let today = reading.clock.today();
    let days = match cursor.word() {
        Some("today") => 0,
        Some("tomorrow") => 1,
        Some("yesterday") => -1,
        Some("now") => return Ok(Some(Base::Moment(reading.clock.zoned().datetime()))),
        _ => return Ok(None),
    };
    Ok(calendar::add_days(today, days).map(Base::Day))
}

fn weekday_word(cursor: &mut Cursor<'_>) -> Option<Weekday> {
    Some(match cursor.word()? {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tues" | "tuesday" => Weekday::Tuesday,
        "wed" | "wednesday" => Weekday::Wednesday,
        "thu" | "thur" | "thurs" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// `fri`, or `fri 27 nov 2026`, where the name of the day has to be true.
fn weekday(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let Some(weekday) = weekday_word(cursor) else {
        return Ok(None);
    };
    let mut ahead = *cursor;
    ahead.mark(',');
    if let Ok(Some(Base::Day(day))) = first_of(&[year_first, day_first, month_first], &mut ahead, reading) {
        *cursor = ahead;
        if day.weekday() != weekday {
            return Err(
                NotADate::new(format!("{day} is a {:?}, not a {weekday:?}", day.weekday()))
                    .suggesting([day.to_string()]),
            );
        }
        return Ok(Some(Base::Day(day)));
    }
    Ok(calendar::named_weekday(weekday, reading).map(Base::Day))
}

/// The start and the end of the current week, month, quarter or year: `sow`, `eom`.
fn edge(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let (is_end, unit) = match cursor.word() {
        Some("sow") => (false, Unit::Week),
        Some("som") => (false, Unit::Month),
        Some("soq") => (false, Unit::Quarter),
        Some("soy") => (false, Unit::Year),
        Some("eow") => (true, Unit::Week),
        Some("eom") => (true, Unit::Month),
        Some("eoq") => (true, Unit::Quarter),
        Some("eoy") => (true, Unit::Year),
        _ => return Ok(None),
    };
    let days = calendar::unit_of(unit, reading.clock.today(), 0, reading.week_start);
    Ok(days.map(|(first, last)| Base::Day(if is_end { last } else { first })))
}

/// `q4`, `q4 2026`.
fn quarter(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    if !cursor.take_word(&["q"]) {
        return Ok(None);
    }
    let Some((number, 1)) = cursor.glued_number() else {
        return Ok(None);
    };
    if !(1..=4).contains(&number) {
        return Err(NotADate::new(format!("a year has no quarter {number}")));
    }
    Ok(match year_behind(cursor) {
        Some(year) => calendar::quarter(year, number),
        None => calendar::coming(reading, |year| calendar::quarter(year, number)),
    }
    .map(span))
}

/// `week 48`, `w48`, `week 48 2026`.
fn week(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    if !cursor.take_word(&["week", "w", "wk"]) {
        return Ok(None);
    }
    let Some((number, 1..=2)) = cursor.number() else {
        return Ok(None);
    };
    if !(1..=53).contains(&number) {
        return Err(NotADate::new(format!("a year has no week {number}")));
    }
    match year_behind(cursor) {
        Some(year) => match calendar::iso_week(year, number) {
            Some(days) => Ok(Some(span(days))),
            None => Err(NotADate::new(format!("{year} has no week {number}"))),
        },
        None => Ok(calendar::coming(reading, |year| calendar::iso_week(year, number)).map(span)),
    }
}

/// `next month` is one span of the calendar; `next fri` is two days, and refused with both.
fn stepped_unit(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<Base> {
    let Some(word) = cursor.word() else {
        return Ok(None);
    };
    let steps = match word {
        "this" | "current" => 0,
        "next" => 1,
        "last" | "previous" => -1,
        _ => return Ok(None),
    };
    let mut ahead = *cursor;
    if let Some(weekday) = weekday_word(&mut ahead) {
        *cursor = ahead;
        return Err(two_readings(word, weekday, steps, reading));
    }
    // Reports write it with a hyphen: `this-month`.
    cursor.glued_mark('-');
    let unit = match cursor.word() {
        Some("week") => Unit::Week,
        Some("month") => Unit::Month,
        Some("quarter") => Unit::Quarter,
        Some("year") => Unit::Year,
        _ => return Ok(None),
    };
    Ok(calendar::unit_of(unit, reading.clock.today(), steps, reading.week_start).map(span))
}

/// The refusal of `next fri`: the nearest such day, and the one a week further or, for `this`, in this week.
fn two_readings(word: &str, weekday: Weekday, steps: i32, reading: &Reading<'_>) -> NotADate {
    let today = reading.clock.today();
    let leaning = if steps < 0 { Leaning::Past } else { Leaning::Future };
    let nearest = calendar::named_weekday(weekday, &Reading { leaning, ..*reading });
    let in_week = calendar::unit_of(Unit::Week, today, 0, reading.week_start)
        .and_then(|(first, _)| calendar::add_days(first, i32::from(weekday.since(first.weekday()))))
        .filter(|day| steps == 0 && Some(*day) != nearest);
    let step = if steps < 0 { -7 } else { 7 };
    let other = in_week.or_else(|| nearest.and_then(|day| calendar::add_days(day, step)));
    NotADate::new(format!("{word} {weekday:?} has two readings"))
        .suggesting([nearest, other].into_iter().flatten().map(|day| day.to_string()))
}

fn span((first, last): (Date, Date)) -> Base {
    Base::Span(first, last)
}
