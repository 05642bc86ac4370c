//! Birthdays: a day of the year, with the year where it is known.

use std::fmt;

use jiff::civil::Date;

use crate::error::{Error, Result};

/// A year in which 29 February exists, to check days of an unknown year.
const LEAP_YEAR: i16 = 2000;

/// A birthday that exists in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Birthday {
    year: Option<i16>,
    month: i8,
    day: i8,
}

impl Birthday {
    /// Reads `1985-05-17`, `--05-17` or `05-17`; also `1985/5/17` and `1985年5月17日`.
    ///
    /// Without a year, 29 February is a day like any other.
    pub fn parse(text: &str) -> Result<Birthday> {
        let refused = || {
            Error::invalid(
                "birthday",
                format!("{text:?} is not a birthday like 1985-05-17 or --05-17"),
            )
        };
        let parts = numbers(text.trim()).ok_or_else(refused)?;
        let (year, month, day) = match parts.as_slice() {
            [year, month, day] if (1800..=9999).contains(year) => (Some(*year), *month, *day),
            [month, day] => (None, *month, *day),
            _ => return Err(refused()),
        };
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
            return Err(refused());
        };
        match Date::new(year.unwrap_or(LEAP_YEAR), month, day) {
            Ok(_) => Ok(Birthday { year, month, day }),
            Err(_) => Err(Error::invalid(
                "birthday",
                format!("{text:?} is not a day of the calendar"),
            )),
        }
    }

    /// The year, where it is known.
    pub fn year(self) -> Option<i16> {
        self.year
    }

    /// The month, 1 to 12.
    pub fn month(self) -> i8 {
        self.month
    }

    /// The day of the month, from 1.
    pub fn day(self) -> i8 {
        self.day
    }

    /// The first time the birthday is kept on or after `today`; 29 February is kept on the 28th in common years.
    ///
    /// None only at the end of the calendar.
    pub fn next(self, today: Date) -> Option<Date> {
        [today.year(), today.year().saturating_add(1)]
            .into_iter()
            .filter_map(|year| self.kept_in(year))
            .find(|date| *date >= today)
    }

    /// The age reached on the birthday of `year`; none where the year of birth is unknown or later.
    pub fn age_in(self, year: i16) -> Option<i16> {
        self.year
            .map(|born| year.saturating_sub(born))
            .filter(|age| *age >= 0)
    }

    fn kept_in(self, year: i16) -> Option<Date> {
        let last = Date::new(year, self.month, 1).ok()?.days_in_month();
        Date::new(year, self.month, self.day.min(last)).ok()
    }
}

impl fmt::Display for Birthday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.year {
            Some(year) => write!(f, "{year:04}-{:02}-{:02}", self.month, self.day),
            None => write!(f, "--{:02}-{:02}", self.month, self.day),
        }
    }
}

/// The numbers of a date, largest unit first; none if anything else stands between them.
fn numbers(text: &str) -> Option<Vec<i16>> {
    let text = text.strip_prefix("--").unwrap_or(text);
    let text = text.strip_suffix(['日', '号']).unwrap_or(text);
    text.split(['-', '/', '年', '月'])
        .map(|part| part.trim())
        .map(|part| {
            let short = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
            if short { part.parse().ok() } else { None }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parses_and_prints() {
        let cases = [
            ("1985-05-17", "1985-05-17"),
            (" 1985-5-7 ", "1985-05-07"),
            ("--05-17", "--05-17"),
            ("05-17", "--05-17"),
            ("02-29", "--02-29"),
            ("2000-02-29", "2000-02-29"),
            ("1985/05/17", "1985-05-17"),
            ("1985年5月17日", "1985-05-17"),
            ("5月17日", "--05-17"),
        ];
        for (text, expected) in cases {
            assert_eq!(Birthday::parse(text).unwrap().to_string(), expected, "{text:?}");
        }
    }

    #[test]
    fn refuses() {
        for text in [
            "",
            "1985",
            "1985-02-29",
            "2000-13-01",
            "00-10",
            "--02-30",
            "17-05-1985",
            "a-b-c",
            "1985-05-17x",
            "-5-17",
            "0001-01-01",
        ] {
            assert!(Birthday::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn comes_round() {
        let cases = [
            ("1985-05-17", date(2026, 5, 17), date(2026, 5, 17)),
            ("1985-05-17", date(2026, 5, 18), date(2027, 5, 17)),
            ("--02-29", date(2026, 1, 1), date(2026, 2, 28)),
            ("--02-29", date(2028, 1, 1), date(2028, 2, 29)),
            ("--02-29", date(2027, 3, 1), date(2028, 2, 29)),
        ];
        for (text, today, expected) in cases {
            assert_eq!(
                Birthday::parse(text).unwrap().next(today),
                Some(expected),
                "{text} {today}"
            );
        }
        assert_eq!(Birthday::parse("1985-05-17").unwrap().age_in(2026), Some(41));
        assert_eq!(Birthday::parse("05-17").unwrap().age_in(2026), None);
    }

    proptest! {
        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = Birthday::parse(&text);
        }

        #[test]
        fn round_trips(text in "(19[0-9]{2}-|--)(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])") {
            if let Ok(birthday) = Birthday::parse(&text) {
                prop_assert_eq!(birthday.to_string(), text);
            }
        }
    }
}
