//! Reads single values: numbers, amounts, lengths of time, days and instants, each as an interval.

use std::cmp::Ordering;

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, ToSpan};

use crate::domain::money::Money;
use crate::domain::value::Value;
use crate::domain::when::{self, When};
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
        Scalar::Percent => point(Value::Percent(percent(word)?)),
        Scalar::Money | Scalar::Total => {
            let money = Money::parse(&word.text, context.currency)
                .map_err(|reason| refused(word, format!("{:?} is {reason}", word.text)))?;
            if scalar == Scalar::Total && money.currency != context.currency {
                let message = format!("sums are in {}, not in {}", context.currency, money.currency);
                return Err(refused(word, message));
            }
            point(Value::Money(money))
        }
        Scalar::Duration => point(Value::Seconds(seconds(word)?)),
        Scalar::Date | Scalar::Instant | Scalar::Due => {
            let when = when::read(&word.text, &context.reading).map_err(|not| {
                let near = not.suggestions.into_iter().take(3).collect();
                refused(word, not.message).with_near(near)
            })?;
            match scalar {
                Scalar::Date => Ok(days(when)),
                Scalar::Instant => instants(when, word, context),
                _ => match when {
                    When::Moment(_) => instants(when, word, context),
                    _ => Ok(days(when)),
                },
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

/// The instants of the days or of the moment: a minute, or a second if seconds are given.
fn instants(when: When, word: &Word, context: &Context<'_>) -> Result<Option<Interval>, QueryError> {
    let beyond = |_: jiff::Error| refused(word, format!("{:?} is out of range", word.text));
    let start = |day: Date| context.reading.clock.zone().to_timestamp(day.at(0, 0, 0, 0));
    let whole_days = |first: Date, last: Date| {
        let end = last.tomorrow().and_then(start);
        Ok(Interval::until(
            start(first).map_err(beyond)?,
            end.map_err(beyond)?,
        ))
    };
    match when {
        When::Day(day) => whole_days(day, day).map(Some),
        When::Span(first, last) => whole_days(first, last).map(Some),
        // `now` is no minute but this instant.
        When::Moment(moment) if moment == context.reading.clock.zoned().datetime() => {
            Ok(Some(Interval::point(Value::Instant(context.reading.clock.now()))))
        }
        When::Moment(moment) => {
            let from = instant(moment, context).map_err(beyond)?;
            let precise = moment.second() != 0 || moment.subsec_nanosecond() != 0;
            let length = if precise { 1.second() } else { 1.minute() };
            let end = from.checked_add(length).map_err(beyond)?;
            Ok(Some(Interval::until(from, end)))
        }
        When::Never => Ok(None),
    }
}

/// A doubled or skipped time of day is the later one, as everywhere.
fn instant(moment: DateTime, context: &Context<'_>) -> Result<Timestamp, jiff::Error> {
    context
        .reading
        .clock
        .zone()
        .to_ambiguous_timestamp(moment)
        .later()
}

/// The order of two values that can be put in a range; none if they cannot be compared.
pub(super) fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(left), Value::Int(right))
        | (Value::Percent(left), Value::Percent(right))
        | (Value::Seconds(left), Value::Seconds(right)) => Some(left.cmp(right)),
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

/// Reads a length of time in seconds: `45s`, `18m`, `1h30m`, `2 h`, `30分钟`. The unit is never guessed.
fn seconds(word: &Word) -> Result<i64, QueryError> {
    const UNITS: [(&str, i64); 14] = [
        ("s", 1),
        ("sec", 1),
        ("m", 60),
        ("min", 60),
        ("h", 3_600),
        ("hour", 3_600),
        ("hours", 3_600),
        ("d", 86_400),
        ("秒", 1),
        ("分", 60),
        ("分钟", 60),
        ("时", 3_600),
        ("小时", 3_600),
        ("天", 86_400),
    ];
    let not = || refused(word, format!("{:?} is not a length of time", word.text));
    let mut rest = word.text.trim();
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.len()
            - rest
                .trim_start_matches(|letter: char| letter.is_ascii_digit())
                .len();
        let (number, after) = rest.split_at_checked(digits).ok_or_else(not)?;
        let after = after.trim_start();
        let letters = after.find(|letter: char| letter.is_ascii_digit() || letter.is_whitespace());
        let (unit, after) = after
            .split_at_checked(letters.unwrap_or(after.len()))
            .ok_or_else(not)?;
        let number: i64 = number.parse().map_err(|_| {
            // `m30` and `99999999999999999999s` alike: there is nothing more to say than that.
            not()
        })?;
        if unit.is_empty() {
            let near = vec![format!("{number}m"), format!("{number}s"), format!("{number}h")];
            let message = format!("{:?} has no unit of time", word.text);
            return Err(refused(word, message).with_near(near));
        }
        let known = UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit));
        let (_, length) = known.ok_or_else(not)?;
        let part = number.checked_mul(*length).ok_or_else(not)?;
        total = total.checked_add(part).ok_or_else(not)?;
        rest = after.trim_start();
    }
    Ok(total)
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
