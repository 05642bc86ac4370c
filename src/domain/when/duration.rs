//! Lengths of time: how long a call took. A length is not a date; nothing here knows what day it is.

use crate::domain::when::scan::Scan;
use crate::domain::when::{NotADate, lexer, plain_of};

/// Seconds in a minute.
const MINUTE: i64 = 60;

/// Seconds in an hour.
const HOUR: i64 = 3600;

/// The longest length, in hours; more is a slip of the fingers.
const LONGEST_HOURS: i64 = 100_000;

/// Reads a length of time in seconds: `18m`, `1h30m`, `1.5h`, `45s`, `1:30` (hours and minutes), `18分钟`.
///
/// # Errors
///
/// The text is not understood as a whole, or has no unit; a bare number might be minutes or hours.
pub fn read_duration(text: &str) -> Result<i64, NotADate> {
    let plain = plain_of(text)?;
    let seconds = if lexer::has_han(&plain) {
        chinese(&plain)
    } else {
        let tokens = lexer::tokens(&plain).unwrap_or_default();
        let cursor = lexer::Cursor::new(&tokens);
        if let Some(number) = bare(cursor) {
            return Err(NotADate::new(format!("{number} has no unit"))
                .suggesting([format!("{number}m"), format!("{number}h")]));
        }
        with_colon(cursor).or_else(|| with_units(cursor))
    };
    seconds
        .filter(|seconds| *seconds <= LONGEST_HOURS * HOUR)
        .ok_or_else(|| NotADate::new(format!("{text:?} is not a length of time")))
}

/// Shows a length in seconds as [`read_duration`] reads it: `18m`, `1h30m`, `45s`; zero is `0m`.
pub fn show_duration(seconds: i64) -> String {
    let whole = seconds.unsigned_abs();
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60);
    let mut shown = String::from(if seconds < 0 { "-" } else { "" });
    for (count, unit) in [(hours, "h"), (minutes, "m"), (rest, "s")] {
        if count > 0 {
            shown.push_str(&format!("{count}{unit}"));
        }
    }
    if whole == 0 {
        shown.push_str("0m");
    }
    shown
}

fn bare(mut cursor: lexer::Cursor<'_>) -> Option<u32> {
    let (number, _) = cursor.number()?;
    cursor.is_done().then_some(number)
}

fn with_colon(mut cursor: lexer::Cursor<'_>) -> Option<i64> {
    let (hours, _) = cursor.number()?;
    if !cursor.glued_mark(':') {
        return None;
    }
    let (minutes, digits) = cursor.glued_number()?;
    let is_whole = digits == 2 && minutes < 60 && cursor.is_done();
    is_whole.then_some(i64::from(hours) * HOUR + i64::from(minutes) * MINUTE)
}

fn with_units(mut cursor: lexer::Cursor<'_>) -> Option<i64> {
    let (mut total, mut smallest) = (0, i64::MAX);
    while !cursor.is_done() {
        let (whole, _) = cursor.number()?;
        let (parts, scale) = decimals(&mut cursor)?;
        let unit = match cursor.word()? {
            "h" | "hr" | "hrs" | "hour" | "hours" => HOUR,
            "m" | "min" | "mins" | "minute" | "minutes" => MINUTE,
            "s" | "sec" | "secs" | "second" | "seconds" => 1,
            _ => return None,
        };
        // Each unit once, the large before the small: anything else is a slip.
        if unit >= smallest || parts * unit % scale != 0 {
            return None;
        }
        smallest = unit;
        total += i64::from(whole) * unit + parts * unit / scale;
    }
    Some(total)
}

/// Up to two decimals, as a numerator and its denominator.
fn decimals(cursor: &mut lexer::Cursor<'_>) -> Option<(i64, i64)> {
    if !cursor.glued_mark('.') {
        return Some((0, 1));
    }
    match cursor.glued_number()? {
        (value, 1) => Some((i64::from(value), 10)),
        (value, 2) => Some((i64::from(value), 100)),
        _ => None,
    }
}

fn chinese(plain: &str) -> Option<i64> {
    let mut scan = Scan::new(plain);
    if scan.eat("半小时") || scan.eat("半个小时") {
        return scan.is_done().then_some(HOUR / 2);
    }
    let (mut total, mut smallest) = (0, i64::MAX);
    while !scan.is_done() {
        let count = i64::from(scan.number()?);
        let (unit, extra) = if scan.eat("个半小时") {
            (HOUR, HOUR / 2)
        } else if scan.eat("小时") || scan.eat("个小时") {
            (HOUR, if scan.eat("半") { HOUR / 2 } else { 0 })
        } else if scan.eat("刻钟") {
            (15 * MINUTE, 0)
        } else if scan.eat("分钟") || scan.eat("分") {
            (MINUTE, if scan.eat("半") { MINUTE / 2 } else { 0 })
        } else if scan.eat("秒钟") || scan.eat("秒") {
            (1, 0)
        } else {
            return None;
        };
        if unit >= smallest {
            return None;
        }
        smallest = unit;
        total += count * unit + extra;
    }
    Some(total)
}
