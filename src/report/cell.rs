//! The figures of a report, exact; and the one place that rounds them.

use jiff::civil::Date;

use crate::domain::money::{Currency, Money};

/// One figure.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// There is none.
    Null,
    /// A name or a key.
    Text(String),
    /// A number of records.
    Count(i64),
    /// An amount in the base currency.
    Money(Money),
    /// A part of a whole, kept as both; without a whole there is no ratio.
    Ratio(i128, i128),
    /// A length of time in days.
    Days(f64),
    /// A length of time in seconds.
    Seconds(i64),
    /// How many there are for one of something else, kept as both; for none there is no mean.
    Mean(i64, i64),
    /// A calendar day.
    Day(Date),
}

impl Cell {
    /// The ratio as a share of one, not rounded; none for a whole of 0, and for every other figure.
    pub fn share(&self) -> Option<f64> {
        match self {
            Cell::Ratio(part, whole) if *whole != 0 => Some(*part as f64 / *whole as f64),
            _ => None,
        }
    }

    /// The ratio in percent with so many places, `63.2`, rounded half away from zero from the exact parts.
    pub fn percent(&self, places: u32) -> Option<String> {
        let Cell::Ratio(part, whole) = self else {
            return None;
        };
        let scale = 10_i128.checked_pow(places)?;
        let scaled = part.checked_mul(scale.checked_mul(100)?)?;
        let rounded = divide(scaled, *whole)?;
        let sign = if rounded < 0 { "-" } else { "" };
        let (whole, rest) = (rounded.abs() / scale, rounded.abs() % scale);
        let places = usize::try_from(places).ok()?;
        Some(match places {
            0 => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{rest:0places$}"),
        })
    }

    /// The days, or the mean, with one place, `51.8`, rounded half away from zero.
    pub fn days(&self) -> Option<String> {
        let number = match self {
            Cell::Days(days) => *days,
            Cell::Mean(..) => self.mean()?,
            _ => return None,
        };
        // Nothing less than nothing: zero has no sign.
        Some(format!("{:.1}", (number * 10.0).round() / 10.0 + 0.0))
    }

    /// The mean, not rounded; none for none, and for every other figure.
    pub fn mean(&self) -> Option<f64> {
        match self {
            Cell::Mean(part, whole) if *whole != 0 => Some(*part as f64 / *whole as f64),
            _ => None,
        }
    }
}

/// `part / whole`, rounded half away from zero; none for a whole of 0.
pub(crate) fn divide(part: i128, whole: i128) -> Option<i128> {
    let (quotient, rest) = (part.checked_div(whole)?, part.checked_rem(whole)?);
    let away = if (part < 0) == (whole < 0) { 1 } else { -1 };
    let up = rest.unsigned_abs() >= whole.unsigned_abs() - rest.unsigned_abs();
    Some(if up { quotient + away } else { quotient })
}

/// The amount `part / whole` in minor units, rounded half away from zero.
pub(crate) fn money(part: i128, whole: i128, currency: Currency) -> Cell {
    divide(part, whole)
        .and_then(|minor| i64::try_from(minor).ok())
        .map_or(Cell::Null, |minor| Cell::Money(Money { minor, currency }))
}

/// The mean of whole days.
pub(crate) fn mean_days(sum: i64, count: i64) -> Cell {
    if count == 0 {
        Cell::Null
    } else {
        Cell::Days(sum as f64 / count as f64)
    }
}

/// The two middle values, the same one twice for an odd number; none of nothing.
pub(crate) fn middle(values: &mut [i64]) -> Option<(i64, i64)> {
    let upper = values.len() / 2;
    if values.is_empty() {
        return None;
    }
    let even = values.len().is_multiple_of(2);
    let (below, high, _) = values.select_nth_unstable(upper);
    let high = *high;
    let low = if even { below.iter().copied().max()? } else { high };
    Some((low, high))
}

/// The median amount.
pub(crate) fn median_money(amounts: &mut [i64], currency: Currency) -> Cell {
    middle(amounts).map_or(Cell::Null, |(low, high)| {
        money(i128::from(low) + i128::from(high), 2, currency)
    })
}

/// The median of seconds, to the second.
pub(crate) fn median_seconds(seconds: &mut [i64]) -> Cell {
    let found = middle(seconds).and_then(|(low, high)| divide(i128::from(low) + i128::from(high), 2));
    found
        .and_then(|median| i64::try_from(median).ok())
        .map_or(Cell::Null, Cell::Seconds)
}

/// `part / whole`.
pub(crate) fn ratio(part: i64, whole: i64) -> Cell {
    Cell::Ratio(i128::from(part), i128::from(whole))
}

/// The median of whole days.
pub(crate) fn median_days(days: &mut [i64]) -> Cell {
    middle(days).map_or(Cell::Null, |(low, high)| {
        Cell::Days((low as f64 + high as f64) / 2.0)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn percentages_round_half_away_from_zero() {
        for (part, whole, places, expected) in [
            (4238, 6711, 2, Some("63.15")),
            (4238, 6711, 1, Some("63.2")),
            (1, 8, 1, Some("12.5")),
            (1, 16, 1, Some("6.3")),
            (-1, 16, 1, Some("-6.3")),
            (1, 3, 0, Some("33")),
            (1, 1, 1, Some("100.0")),
            (0, 5, 2, Some("0.00")),
            (1, 2000, 1, Some("0.1")),
            (1, 2001, 1, Some("0.0")),
            (0, 0, 1, None),
            (5, 0, 1, None),
        ] {
            assert_eq!(
                Cell::Ratio(part, whole).percent(places).as_deref(),
                expected,
                "{part}/{whole}"
            );
        }
        assert_eq!(Cell::Ratio(1, 4).share(), Some(0.25));
        assert_eq!(Cell::Ratio(1, 0).share(), None);
        assert_eq!(Cell::Count(3).percent(1), None);
        assert_eq!(Cell::Days(51.75).days().as_deref(), Some("51.8"));
        assert_eq!(Cell::Mean(7, 2).days().as_deref(), Some("3.5"));
        assert_eq!(Cell::Mean(7, 0).days(), None);
        assert_eq!(median_seconds(&mut [1, 4]), Cell::Seconds(3));
        assert_eq!(median_seconds(&mut []), Cell::Null);
    }

    #[test]
    fn the_middle_of_nothing_one_and_many() {
        assert_eq!(middle(&mut []), None);
        assert_eq!(middle(&mut [4]), Some((4, 4)));
        assert_eq!(middle(&mut [9, 1]), Some((1, 9)));
        assert_eq!(middle(&mut [5, 1, 9]), Some((5, 5)));
        assert_eq!(middle(&mut [5, 1, 9, 7]), Some((5, 7)));
    }

    proptest! {
        #[test]
        fn a_quotient_is_never_further_than_half_away(part in any::<i64>(), whole in any::<i64>()) {
            let (part, whole) = (i128::from(part), i128::from(whole));
            match divide(part, whole) {
                None => prop_assert_eq!(whole, 0),
                Some(found) => {
                    let error = (found * whole - part).abs() * 2;
                    prop_assert!(error <= whole.abs());
                    // Of two equally near ones the one further from zero.
                    if error == whole.abs() {
                        prop_assert!((found * whole).abs() >= part.abs());
                    }
                }
            }
        }

        #[test]
        fn no_percentage_panics(part in any::<i128>(), whole in any::<i128>(), places in 0_u32..60) {
            let _ = Cell::Ratio(part, whole).percent(places);
        }
    }
}
