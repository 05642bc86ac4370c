//! Days as stored, as numbers: differences over a million deals without a calendar for each.

use jiff::civil::Date;
use rusqlite::Row;
use rusqlite::types::ValueRef;

use crate::error::{Error, Result};

/// The days from the day in column `from` to the one in column `to`.
pub(super) fn days(row: &Row<'_>, to: usize, from: usize) -> Result<i64> {
    Ok(day(row, to)? - day(row, from)?)
}

/// The day in a column as a number.
pub(super) fn day(row: &Row<'_>, at: usize) -> Result<i64> {
    let value = row.get_ref(at)?;
    let found = match value {
        ValueRef::Text(text) => number(text),
        _ => None,
    };
    found.ok_or_else(|| Error::internal(format!("the base holds a day {value:?}")))
}

/// A day as a number.
pub(super) fn number_of(day: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    epoch.until(day).map_or(0, |span| i64::from(span.get_days()))
}

/// `YYYY-MM-DD` as the number of days since 1970-01-01; none for any other text.
pub(super) fn number(text: &[u8]) -> Option<i64> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    let read = |digits: &[&u8]| {
        digits.iter().try_fold(0_i64, |number, digit| {
            digit
                .is_ascii_digit()
                .then(|| number * 10 + i64::from(**digit - b'0'))
        })
    };
    let (year, month, day) = (read(&[y1, y2, y3, y4])?, read(&[m1, m2])?, read(&[d1, d2])?);
    // Years that begin in March, so that the day that is not in every year comes last.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    Some(year * 365 + leaps + (month * 153 + 2) / 5 + day - 719_469)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (text, expected) in [
            ("1970-01-01", Some(0)),
            ("1970-01-02", Some(1)),
            ("1969-12-31", Some(-1)),
            ("2000-03-01", Some(11_017)),
            ("2026-11-27", Some(20_784)),
            ("2026-11", None),
            ("2026/11/27", None),
            ("20x6-11-27", None),
            ("", None),
        ] {
            assert_eq!(number(text.as_bytes()), expected, "{text}");
            if let Ok(day) = text.parse::<Date>() {
                assert_eq!(Some(number_of(day)), expected, "{text}");
            }
        }
    }

    proptest! {
        #[test]
        fn differences_are_those_of_the_calendar(a in 0_i32..3_000_000, b in 0_i32..3_000_000) {
            let first: Date = "0001-01-01".parse().unwrap();
            let day = |distance: i32| first.checked_add(jiff::Span::new().days(distance)).unwrap().to_string();
            let difference = number(day(a).as_bytes()).unwrap() - number(day(b).as_bytes()).unwrap();
            prop_assert_eq!(difference, i64::from(a - b));
        }
    }
}
