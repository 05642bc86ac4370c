//! Times of day in English phrases.

use jiff::civil::Time;

use crate::domain::when::lexer::Cursor;
use crate::domain::when::time_of_day::{self, TimeOfDay};
use crate::domain::when::{Parsed, Reading};

/// Reads a time of day: `15:00`, `15:00:30`, `3pm`, `3:30 pm`, `noon`, `morning`, `evening`.
pub(super) fn time(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<TimeOfDay> {
    let mut ahead = *cursor;
    let time = if let Some(word) = ahead.word() {
        match word {
            "noon" => time_of_day::NOON,
            "morning" => reading.morning,
            "evening" => time_of_day::EVENING,
            _ => return Ok(None),
        }
    } else {
        return clock_time(cursor);
    };
    *cursor = ahead;
    Ok(Some(TimeOfDay {
        time,
        is_marked: true,
    }))
}

/// Reads the time of a clock: digits with a colon or with `am` or `pm`.
pub(super) fn clock_time(cursor: &mut Cursor<'_>) -> Parsed<TimeOfDay> {
    let mut ahead = *cursor;
    let Some((hour, 1..=2)) = ahead.number() else {
        return Ok(None);
    };
    let (mut minute, mut second, mut nanosecond) = (0, 0, 0);
    let has_minutes = ahead.glued_mark(':');
    if has_minutes {
        let Some((value, 2)) = ahead.glued_number() else {
            return Ok(None);
        };
        minute = value;
        if ahead.glued_mark(':') {
            let Some((value, 2)) = ahead.glued_number() else {
                return Ok(None);
            };
            second = value;
            nanosecond = fraction(&mut ahead);
        }
    }
    let half = ["am", "pm"].into_iter().find(|half| ahead.take_word(&[half]));
    if !has_minutes && half.is_none() {
        return Ok(None);
    }
    let typed = if has_minutes {
        format!("{hour}:{minute:02}{}", half.unwrap_or_default())
    } else {
        format!("{hour}{}", half.unwrap_or_default())
    };
    let hour = match half {
        Some("am") if (1..=12).contains(&hour) => hour % 12,
        Some("pm") if (1..=12).contains(&hour) => hour % 12 + 12,
        Some(_) => return Err(time_of_day::not_a_time(&typed)),
        None => hour,
    };
    let whole = time_of_day::time_of(hour, minute, second, &typed)?;
    let time = Time::new(whole.hour(), whole.minute(), whole.second(), nanosecond).unwrap_or(whole);
    *cursor = ahead;
    Ok(Some(TimeOfDay {
        time,
        is_marked: half.is_some(),
    }))
}

/// The digits behind the seconds, in nanoseconds; zero if there are none.
fn fraction(cursor: &mut Cursor<'_>) -> i32 {
    let mut ahead = *cursor;
    if !ahead.glued_mark('.') {
        return 0;
    }
    let Some((value, digits)) = ahead.glued_number() else {
        return 0;
    };
    let scale = u32::try_from(9usize.saturating_sub(digits)).map_or(1, |power| 10_u32.pow(power));
    *cursor = ahead;
    i32::try_from(value.saturating_mul(scale)).unwrap_or_default()
}

/// Reads a time behind a date: after a blank, `at`, a comma, or the `T` of ISO.
pub(super) fn time_behind(cursor: &mut Cursor<'_>, reading: &Reading<'_>) -> Parsed<TimeOfDay> {
    let is_glued = cursor.is_glued();
    if is_glued && cursor.take_word(&["t"]) {
        return if cursor.is_glued() {
            time(cursor, reading)
        } else {
            Ok(None)
        };
    }
    if !cursor.mark(',') && is_glued {
        return Ok(None);
    }
    cursor.take_word(&["at"]);
    time(cursor, reading)
}
