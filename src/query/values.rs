//! Reads single values: numbers, amounts, lengths of time, days and instants, each as an interval.

use std::cmp::Ordering;

use jiff::{Timestamp, ToSpan};

use crate::domain::clock::Clock;
use crate::domain::decimal;
use crate::domain::money::Money;
use crate::domain::value::Value;
use crate::domain::when::duration::read_duration;
use crate::domain::when::instant::{bounds, moment, to_span};
use crate::domain::when::{self, NotADate, When};
use crate::query::ast::Word;
use crate::query::context::Context;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::plan::Bound;
use crate::query::shape::Scalar;

/// What a value covers: a point for a number, a month for `2026-12`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Interval {
    pub from: Bound,
    pub to: Bound,
}

impl Interval {
    fn point(value: Value) -> Interval {
        Interval::closed(value.clone(), value)
    }

    fn closed(from: Value, to: Value) -> Interval {
        Interval {
            from: Bound {
                value: from,
                inclusive: true,
            },
            to: Bound {
                value: to,
                inclusive: true,
            },
        }
    }

    fn until(from: Timestamp, end: Timestamp) -> Interval {
        let mut interval = Interval::closed(Value::Instant(from), Value::Instant(end));
        interval.to.inclusive = false;
        interval
    }

    /// The value, if the interval is one.
    pub(super) fn as_point(&self) -> Option<&Value> {
        let is_point = self.from.inclusive && self.to.inclusive && self.from.value == self.to.value;
        is_point.then_some(&self.from.value)
    }
}

/// Reads a value; none for the date phrase `none`, which asks for what is missing.
pub(super) fn read(
    scalar: Scalar,
    word: &Word,
    context: &Context<'_>,
) -> Result<Option<Interval>, QueryError> {
    let point = |value| Ok(Some(Interval::point(value)));
    match scalar {
        Scalar::Number => point(Value::Int(whole(word)?)),
        Scalar::Decimal => match decimal::parse(&word.text) {
            Some(number) => point(Value::Decimal(number)),
            None => Err(refused(word, format!("{:?} is not a number", word.text))),
        },
        Scalar::Percent => point(Value::Percent(percent(word)?)),
        Scalar::Time => match when::clock_time(&word.text, &context.reading) {
            Some(time) => point(Value::Text(time)),
            None => Err(refused(word, format!("{:?} is not a time of day", word.text))),
        },
        Scalar::Money | Scalar::Total => {
            let money = Money::parse(&word.text, context.currency)
                .map_err(|reason| refused(word, format!("{:?} is {reason}", word.text)))?;
            if scalar == Scalar::Total && money.currency != context.currency {
                let message = format!("sums are in {}, not in {}", context.currency, money.currency);
                return Err(refused(word, message));
            }
            point(Value::Money(money))
        }
        Scalar::Duration => {
            let seconds = read_duration(&word.text).map_err(|not| not_a_date(word, not))?;
            point(Value::Seconds(seconds))
        }
        Scalar::Date | Scalar::Days | Scalar::Instant | Scalar::Due => {
            let when = when::read(&word.text, &context.reading).map_err(|not| not_a_date(word, not))?;
            match scalar {
                Scalar::Date | Scalar::Days => Ok(days(when)),
                Scalar::Instant => Ok(instants(when, context.reading.clock)),
                _ => Ok(match when {
                    When::Moment(_) => instants(when, context.reading.clock),
                    _ => days(when),
                }),
            }
        }
    }
}

fn days(when: When) -> Option<Interval> {
    match when {
        When::Day(day) => Some(Interval::point(Value::Date(day))),
        When::Span(first, last) => Some(Interval::closed(Value::Date(first), Value::Date(last))),
        When::Moment(moment) => Some(Interval::point(Value::Date(moment.date()))),
        When::Never => None,
    }
}

/// The instants of the days or of the moment: a minute, a second if seconds are given, and for `now` itself.
fn instants(when: When, clock: &Clock) -> Option<Interval> {
    match when {
        When::Day(_) | When::Span(..) => {
            let (first, last) = to_span(when)?;
            let (start, end) = bounds(first, last, clock.zone());
            Some(Interval::until(start, end))
        }
        When::Moment(local) => {
            let instant = moment(when, clock)?;
            if instant == clock.now() {
                return Some(Interval::point(Value::Instant(instant)));
            }
            let precise = local.second() != 0 || local.subsec_nanosecond() != 0;
            let length = if precise { 1.second() } else { 1.minute() };
            let end = instant.checked_add(length).unwrap_or(Timestamp::MAX);
            Some(Interval::until(instant, end))
        }
        When::Never => None,
    }
}

fn not_a_date(word: &Word, not: NotADate) -> QueryError {
    refused(word, not.message).with_near(not.suggestions.into_iter().take(3).collect())
}

/// The order of two values that can be put in a range; none if they cannot be compared.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right))
        | (Value::Decimal(left), Value::Decimal(right))
        | (Value::Percent(left), Value::Percent(right))
        | (Value::Seconds(left), Value::Seconds(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Money(left), Value::Money(right)) if left.currency == right.currency => {
            Some(left.minor.cmp(&right.minor))
        }
        _ => None,
    }
}

/// Reads a whole number: `42`, `-3`, `1k`, `2万`.
fn whole(word: &Word) -> Result<i64, QueryError> {
    const SCALES: [(&str, i64); 6] = [
        ("", 1),
        ("k", 1_000),
        ("K", 1_000),
        ("m", 1_000_000),
        ("千", 1_000),
        ("万", 10_000),
    ];
    let read = |(suffix, scale): &(&str, i64)| {
        let digits = word.text.strip_suffix(suffix)?;
        digits.parse::<i64>().ok()?.checked_mul(*scale)
    };
    let number = SCALES.iter().find_map(read);
    number.ok_or_else(|| refused(word, format!("{:?} is not a whole number", word.text)))
}

fn percent(word: &Word) -> Result<i64, QueryError> {
    let digits = word.text.strip_suffix(['%', '％']).unwrap_or(&word.text);
    let percent = digits.trim_end().parse().ok();
    percent
        .filter(|percent| (0..=100).contains(percent))
        .ok_or_else(|| refused(word, format!("{:?} is not a percentage from 0 to 100", word.text)))
}

/// Reads yes or no.
pub(super) fn yes(word: &Word) -> Result<bool, QueryError> {
    match word.text.to_lowercase().as_str() {
        "yes" | "true" | "y" | "是" => Ok(true),
        "no" | "false" | "n" | "否" => Ok(false),
        _ => {
            let near = vec!["yes".to_owned(), "no".to_owned()];
            Err(refused(word, format!("{:?} is neither yes nor no", word.text)).with_near(near))
        }
    }
}

/// A value that cannot be read.
pub(super) fn refused(word: &Word, message: impl Into<String>) -> QueryError {
    QueryError::new(QueryErrorKind::Value, word.place.range(), message)
}
