//! How far back operations can be undone, as people say it: `90 days`, `6个月`, `1000 operations`, `forever`.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::fold::fold;

/// How much of the past can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// All of it.
    Forever,
    /// The newest operations, so many.
    Operations(u32),
    /// What was done in the last days, so many.
    Days(u32),
    /// What was done in the last months, so many.
    Months(u32),
}

impl Horizon {
    /// The first day whose operations can be undone, seen from `today`; none if no day decides.
    pub fn first_day(self, today: Date) -> Option<Date> {
        match self {
            Horizon::Forever | Horizon::Operations(_) => None,
            Horizon::Days(count) => today.checked_sub(i64::from(count).days()).ok(),
            Horizon::Months(count) => today.checked_sub(i64::from(count).months()).ok(),
        }
    }
}

/// The text is no horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAHorizon;

impl fmt::Display for NotAHorizon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("90 days, 12 weeks, 6 months, 2 years, 1000 operations or forever")
    }
}

/// The largest number that makes sense: centuries of days, and more operations than people remember.
const MOST: u32 = 100_000;

/// The words for a unit, and the horizon that a number of them is.
type Unit = (&'static [&'static str], fn(u32) -> Horizon);

/// Words for units, and by how much a number of them counts.
const UNITS: &[Unit] = &[
    (&["d", "day", "days", "天", "日"], Horizon::Days),
    (&["w", "week", "weeks", "周", "个星期", "星期"], |count| {
        Horizon::Days(count * 7)
    }),
    (&["month", "months", "个月", "月"], Horizon::Months),
    (&["y", "year", "years", "年"], |count| {
        Horizon::Months(count * 12)
    }),
    (
        &["op", "ops", "operation", "operations", "次", "次操作", "个操作"],
        Horizon::Operations,
    ),
];

impl FromStr for Horizon {
    type Err = NotAHorizon;

    fn from_str(text: &str) -> Result<Horizon, NotAHorizon> {
        let text = fold(text);
        if matches!(text.trim(), "forever" | "永久" | "永远") {
            return Ok(Horizon::Forever);
        }
        let text = text.trim();
        let end = text
            .find(|letter: char| !letter.is_ascii_digit())
            .ok_or(NotAHorizon)?;
        let (number, unit) = text.split_at_checked(end).ok_or(NotAHorizon)?;
        let number: u32 = number.parse().map_err(|_| NotAHorizon)?;
        if number == 0 || number > MOST {
            return Err(NotAHorizon);
        }
        let unit = unit.trim();
        let found = UNITS.iter().find(|(words, _)| words.contains(&unit));
        found.map(|(_, horizon)| horizon(number)).ok_or(NotAHorizon)
    }
}

impl fmt::Display for Horizon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match *self {
            Horizon::Forever => return f.write_str("forever"),
            Horizon::Operations(count) => (count, "operation"),
            Horizon::Days(count) => (count, "day"),
            Horizon::Months(count) if count % 12 == 0 => (count / 12, "year"),
            Horizon::Months(count) => (count, "month"),
        };
        let plural = if count == 1 { "" } else { "s" };
        write!(f, "{count} {unit}{plural}")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn horizons_are_read_as_people_say_them() {
        for (text, horizon) in [
            ("90 days", Horizon::Days(90)),
            ("90d", Horizon::Days(90)),
            ("９０天", Horizon::Days(90)),
            ("12 Weeks", Horizon::Days(84)),
            ("6个月", Horizon::Months(6)),
            ("1 year", Horizon::Months(12)),
            ("1000 operations", Horizon::Operations(1000)),
            ("500次操作", Horizon::Operations(500)),
            (" forever ", Horizon::Forever),
        ] {
            assert_eq!(text.parse(), Ok(horizon), "{text}");
        }
        for text in [
            "",
            "90",
            "days",
            "0 days",
            "-1 day",
            "90 moons",
            "99999999999 days",
            "天",
        ] {
            assert_eq!(text.parse::<Horizon>(), Err(NotAHorizon), "{text}");
        }
    }

    #[test]
    fn a_day_decides_or_none() {
        let today: Date = "2026-03-31".parse().unwrap();
        assert_eq!(Horizon::Days(31).first_day(today), "2026-02-28".parse().ok());
        assert_eq!(Horizon::Months(1).first_day(today), "2026-02-28".parse().ok());
        assert_eq!(Horizon::Operations(9).first_day(today), None);
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_shown_is_read_back(text in "\\PC{0,12}", count in 1..=MOST) {
            let _ = text.parse::<Horizon>();
            for horizon in [Horizon::Days(count), Horizon::Months(count), Horizon::Operations(count)] {
                prop_assert_eq!(horizon.to_string().parse(), Ok(horizon));
            }
        }
    }
}
