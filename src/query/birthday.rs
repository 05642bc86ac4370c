//! Comparisons with birthdays: by day of the year, or by the date of birth where a year is meant.

use jiff::civil::Date;

use crate::domain::value::Value;
use crate::query::ast::{Compare, Operator, Values, Word};
use crate::query::context::Context;
use crate::query::error::QueryError;
use crate::query::plan::{Bound, Condition, Path, Test};
use crate::query::resolve::{senseless, signed, tested};
use crate::query::shape::Scalar;
use crate::query::values;

/// A leap year, for days without one.
const ANY_YEAR: i16 = 2000;
/// How far apart the ends of a range may be that is meant in any year.
const MOST_DAYS: i32 = 366;

/// The days that a value covers.
struct Days {
    first: Date,
    last: Date,
    /// Whether a date of birth is meant, and not a day of every year.
    dated: bool,
}

/// The plan of a comparison.
///
/// `birthday:today..+7d` and `birthday:05-17` mean days of any year. A value that begins with a year
/// (`1985-05-17`, `1985-05`) and a range with one open end or of more than a year mean the date of birth,
/// which then has to be known with its year.
pub(super) fn compare(
    compare: &Compare,
    path: &Path,
    context: &Context<'_>,
) -> Result<Condition, QueryError> {
    let wanted = |days: &Days| {
        if days.dated {
            return tested(path, between(Some(days.first), Some(days.last)));
        }
        tested(
            path,
            Test::Anniversary {
                from: days.first,
                to: days.last,
            },
        )
    };
    match (&compare.values, compare.operator) {
        (Values::Any(words), Operator::Plain | Operator::Whole | Operator::Unlike) => {
            let mut conditions = Vec::new();
            for word in words {
                conditions.push(match read(word, context)? {
                    Some(days) => wanted(&days),
                    None => Condition::Missing(path.clone()),
                });
            }
            Ok(signed(compare, Condition::or(conditions)))
        }
        (Values::Range(low, high), Operator::Plain | Operator::Whole) => {
            let low = low.as_ref().map(|word| end(word, context)).transpose()?;
            let high = high.as_ref().map(|word| end(word, context)).transpose()?;
            match (low, high) {
                (Some(low), Some(high)) => Ok(wanted(&Days {
                    first: low.first,
                    last: high.last,
                    dated: low.dated || high.dated || far(low.first, high.last),
                })),
                (low, high) => Ok(tested(
                    path,
                    between(low.map(|days| days.first), high.map(|days| days.last)),
                )),
            }
        }
        _ => Err(senseless(compare, path)),
    }
}

/// True for ends that are more than a year apart; `12-20..01-05` runs over new year and is not.
fn far(first: Date, last: Date) -> bool {
    (last - first).get_days() > MOST_DAYS
}

fn between(from: Option<Date>, to: Option<Date>) -> Test {
    let bound = |date| Bound {
        value: Value::Date(date),
        inclusive: true,
    };
    Test::Range {
        from: from.map(bound),
        to: to.map(bound),
    }
}

fn end(word: &Word, context: &Context<'_>) -> Result<Days, QueryError> {
    read(word, context)?
        .ok_or_else(|| values::refused(word, format!("{:?} cannot be put in an order", word.text)))
}

fn read(word: &Word, context: &Context<'_>) -> Result<Option<Days>, QueryError> {
    if let Some(day) = day_of_year(&word.text) {
        return Ok(Some(Days {
            first: day,
            last: day,
            dated: false,
        }));
    }
    let year = word.text.get(..4);
    let dated = year.is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
    let interval = values::read(Scalar::Date, word, context)?;
    Ok(
        interval.and_then(|interval| match (interval.from.value, interval.to.value) {
            (Value::Date(first), Value::Date(last)) => Some(Days { first, last, dated }),
            _ => None,
        }),
    )
}

/// Reads `05-17` or `--05-17`.
fn day_of_year(text: &str) -> Option<Date> {
    let (month, day) = text.strip_prefix("--").unwrap_or(text).split_once('-')?;
    let number = |digits: &str| -> Option<i8> {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse().ok().filter(|_| plain)
    };
    Date::new(ANY_YEAR, number(month)?, number(day)?).ok()
}
