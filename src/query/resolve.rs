//! Makes a plan of a filter: finds fields and keys, reads values, and refuses what makes no sense.

use std::cmp::Ordering;

use regex::RegexBuilder;

use crate::domain::country;
use crate::domain::id::{Id, Ref};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::query::ast::{Compare, Expression, Filter, Operator, Question, Values, Word};
use crate::query::context::Context;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::plan::{Bound, Condition, Path, Record, Target, Test};
use crate::query::shape::{self, Keys, Scalar, Shape};
use crate::query::values::{self, Interval};
use crate::query::{birthday, path, predicates};

/// How large a compiled regular expression may be, in bytes.
const EXPRESSION_SIZE: usize = 1 << 20;

/// The plan of a whole filter.
pub(super) fn filter(filter: &Filter, noun: Noun, context: &Context<'_>) -> Result<Condition, QueryError> {
    match &filter.expression {
        None => Ok(Condition::All),
        Some(expression) => resolve(expression, noun, context),
    }
}

fn resolve(expression: &Expression, noun: Noun, context: &Context<'_>) -> Result<Condition, QueryError> {
    let all = |parts: &[Expression]| -> Result<Vec<Condition>, QueryError> {
        parts.iter().map(|part| resolve(part, noun, context)).collect()
    };
    match expression {
        Expression::And(parts) => Ok(Condition::and(all(parts)?)),
        Expression::Or(parts) => Ok(Condition::or(all(parts)?)),
        Expression::Not(inner) => Ok(Condition::negation(resolve(inner, noun, context)?)),
        Expression::Text(word) => Ok(Condition::Words(word.text.clone())),
        Expression::Tag(name) => {
            let keys = Keys::of_noun(Noun::Tag, context).find(name)?;
            Ok(Condition::or(keys.into_iter().map(Condition::Tag).collect()))
        }
        Expression::Flag(flag) => match flag.question {
            Question::Is => predicates::named(noun, only(&flag.names)?, context),
            Question::Has => Ok(Condition::negation(missing(noun, &flag.names, context)?)),
            Question::No => missing(noun, &flag.names, context),
        },
        Expression::Compare(comparison) => compare(comparison, noun, context),
    }
}

/// The one name after `is:`.
pub(super) fn only(names: &[Word]) -> Result<&Word, QueryError> {
    match names {
        [name] => Ok(name),
        [_, second, ..] => Err(QueryError::syntax(
            second.place.range(),
            "is: takes one word, not a path",
        )),
        // The parser gives one name at least.
        [] => Err(QueryError::syntax(0..0, "a name is missing after is:")),
    }
}

fn missing(noun: Noun, names: &[Word], context: &Context<'_>) -> Result<Condition, QueryError> {
    let found = path::find(noun, names, context)?;
    if let (Target::Count | Target::Sum(_), Some(last)) = (&found.path.target, names.last()) {
        let message = format!("{} is never missing", found.path);
        return Err(QueryError::new(
            QueryErrorKind::Operator,
            last.place.range(),
            message,
        ));
    }
    Ok(Condition::Missing(found.path))
}

fn compare(compare: &Compare, noun: Noun, context: &Context<'_>) -> Result<Condition, QueryError> {
    let found = path::find(noun, &compare.names, context)?;
    let path = &found.path;
    match shape::of(&found, context) {
        Shape::Text => text(compare, path),
        Shape::Keys(keys) => by_key(compare, path, &keys),
        Shape::Record(of) => record(compare, path, of),
        Shape::Reference(of) => each(compare, path, Test::Records, |word| {
            let reference = Ref::parse(&word.text).filter(|reference| reference.noun == of);
            let reference = reference.map(Record::Ref);
            reference
                .or_else(|| Id::parse_uid(&word.text).map(Record::Id))
                .ok_or_else(|| values::refused(word, format!("{:?} is not the ref of a {of}", word.text)))
        }),
        Shape::Uid => each(compare, path, Test::Records, |word| {
            let id = Id::parse_uid(&word.text).map(Record::Id);
            id.ok_or_else(|| values::refused(word, format!("{:?} is not a uid", word.text)))
        }),
        Shape::Scalar(scalar) => ordered(compare, path, scalar, context),
        Shape::Bool => each(compare, path, Test::Values, |word| {
            values::yes(word).map(Value::Bool)
        }),
        Shape::Birthday => birthday::compare(compare, path, context),
        // What is no country may stand in the base as it was written.
        Shape::Country => each(compare, path, Test::Equals, |word| {
            Ok(country::parse(&word.text).map_or_else(|| word.text.clone(), str::to_owned))
        }),
        Shape::Parts => Err(QueryError::new(
            QueryErrorKind::Operator,
            compare.place.range(),
            format!("{path} has no value to compare, it can only be there or not"),
        )),
    }
}

/// Any of the values, for what has no order; the values are read one by one.
fn each<T>(
    compare: &Compare,
    path: &Path,
    test: fn(Vec<T>) -> Test,
    read: impl Fn(&Word) -> Result<T, QueryError>,
) -> Result<Condition, QueryError> {
    let words = match (&compare.values, compare.operator) {
        (Values::Any(words), Operator::Plain | Operator::Whole | Operator::Unlike) => words,
        _ => return Err(senseless(compare, path)),
    };
    let read = words.iter().map(read).collect::<Result<_, _>>()?;
    Ok(signed(compare, tested(path, test(read))))
}

/// The condition, or its opposite for `ne:`.
pub(super) fn signed(compare: &Compare, condition: Condition) -> Condition {
    match compare.operator {
        Operator::Unlike => Condition::negation(condition),
        _ => condition,
    }
}

pub(super) fn tested(path: &Path, test: Test) -> Condition {
    Condition::Compare {
        path: path.clone(),
        test,
    }
}

fn text(compare: &Compare, path: &Path) -> Result<Condition, QueryError> {
    let raw = |word: &Word| Ok(word.text.clone());
    match compare.operator {
        Operator::Plain => each(compare, path, Test::Contains, raw),
        Operator::Matches => expression(compare, path),
        _ => each(compare, path, Test::Equals, raw),
    }
}

fn expression(compare: &Compare, path: &Path) -> Result<Condition, QueryError> {
    let Values::Any(words) = &compare.values else {
        return Err(senseless(compare, path));
    };
    let mut tests = Vec::new();
    for word in words {
        let built = RegexBuilder::new(&word.text)
            .size_limit(EXPRESSION_SIZE)
            .dfa_size_limit(EXPRESSION_SIZE)
            .build();
        if let Err(error) = built {
            // The crate draws its own caret over several lines; its last line is the reason.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or("").trim_start_matches("error: ");
            return Err(values::refused(
                word,
                format!("not a regular expression: {reason}"),
            ));
        }
        tests.push(tested(path, Test::Matches(word.text.clone())));
    }
    Ok(Condition::or(tests))
}

fn by_key(compare: &Compare, path: &Path, keys: &Keys) -> Result<Condition, QueryError> {
    let range = match (&compare.values, compare.operator) {
        (Values::Any(words), Operator::Plain | Operator::Whole | Operator::Unlike) => {
            let mut wanted: Vec<String> = Vec::new();
            for word in words {
                for key in keys.find(word)? {
                    if !wanted.contains(&key) {
                        wanted.push(key);
                    }
                }
            }
            return Ok(signed(compare, tested(path, Test::Equals(wanted))));
        }
        _ if !keys.ordered => return Err(senseless(compare, path)),
        (Values::Range(low, high), _) => {
            let low = low.as_ref().map_or(Ok(0), |word| keys.position(word))?;
            let high = high
                .as_ref()
                .map_or(Ok(usize::MAX - 1), |word| keys.position(word))?;
            low..high + 1
        }
        (Values::Any(words), operator) => {
            let at = words.first().map_or(Ok(0), |word| keys.position(word))?;
            match operator {
                Operator::Above => at + 1..usize::MAX,
                Operator::AtLeast => at..usize::MAX,
                Operator::Below => 0..at,
                Operator::AtMost => 0..at + 1,
                _ => return Err(senseless(compare, path)),
            }
        }
    };
    let within = keys
        .entries
        .iter()
        .enumerate()
        .filter(|(at, _)| range.contains(at));
    let wanted = within.map(|(_, entry)| entry.key.clone()).collect();
    Ok(tested(path, Test::Equals(wanted)))
}

fn record(compare: &Compare, path: &Path, noun: Noun) -> Result<Condition, QueryError> {
    if compare.operator == Operator::Matches {
        return expression(compare, path);
    }
    each(compare, path, Test::Records, |word| {
        // A company may be called A1: a ref of another noun is a name.
        let reference = Ref::parse(&word.text).filter(|reference| reference.noun == noun);
        let known = reference
            .map(Record::Ref)
            .or_else(|| Id::parse_uid(&word.text).map(Record::Id));
        Ok(known.unwrap_or_else(|| match compare.operator {
            Operator::Plain => Record::Named(word.text.clone()),
            _ => Record::Called(word.text.clone()),
        }))
    })
}

fn ordered(
    compare: &Compare,
    path: &Path,
    scalar: Scalar,
    context: &Context<'_>,
) -> Result<Condition, QueryError> {
    let one = |word: &Word| {
        values::read(scalar, word, context)?
            .ok_or_else(|| values::refused(word, format!("{:?} cannot be put in an order", word.text)))
    };
    let (from, to) = match (&compare.values, compare.operator) {
        (Values::Any(words), Operator::Plain | Operator::Whole | Operator::Unlike) => {
            let intervals: Result<Vec<_>, _> = words
                .iter()
                .map(|word| values::read(scalar, word, context))
                .collect();
            return Ok(signed(compare, any(path, intervals?)));
        }
        (_, Operator::Matches) => return Err(senseless(compare, path)),
        (Values::Range(low, high), _) => {
            let from = low.as_ref().map(one).transpose()?.map(|interval| interval.from);
            let to = high.as_ref().map(one).transpose()?.map(|interval| interval.to);
            forward(compare, from.as_ref(), to.as_ref())?;
            (from, to)
        }
        (Values::Any(words), operator) => {
            let interval = words.first().map(one).transpose()?;
            let Some(Interval { from, to }) = interval else {
                return Err(senseless(compare, path));
            };
            match operator {
                Operator::Above => (Some(beside(to)), None),
                Operator::AtLeast => (Some(from), None),
                Operator::Below => (None, Some(beside(from))),
                _ => (None, Some(to)),
            }
        }
    };
    Ok(tested(path, Test::Range { from, to }))
}

/// The bound that begins where `bound` ends.
fn beside(bound: Bound) -> Bound {
    Bound {
        inclusive: !bound.inclusive,
        ..bound
    }
}

/// Any of the intervals, points together; none stands for what is missing.
fn any(path: &Path, intervals: Vec<Option<Interval>>) -> Condition {
    // Days and instants apart: a due date is compared with either, but not with both at once.
    let mut days = Vec::new();
    let mut points = Vec::new();
    let mut conditions = Vec::new();
    for interval in intervals {
        match interval {
            None => conditions.push(Condition::Missing(path.clone())),
            Some(interval) => match interval.as_point() {
                Some(day @ Value::Date(_)) => days.push(day.clone()),
                Some(point) => points.push(point.clone()),
                None => {
                    let (from, to) = (Some(interval.from), Some(interval.to));
                    conditions.push(tested(path, Test::Range { from, to }));
                }
            },
        }
    }
    for values in [points, days] {
        if !values.is_empty() {
            conditions.insert(0, tested(path, Test::Values(values)));
        }
    }
    Condition::or(conditions)
}

/// Refuses a range of numbers or amounts that can never hold anything. A range of dates may be empty today and
/// not tomorrow, so those stand.
fn forward(compare: &Compare, from: Option<&Bound>, to: Option<&Bound>) -> Result<(), QueryError> {
    let (Some(from), Some(to)) = (from, to) else {
        return Ok(());
    };
    let refuse = |message: &str| {
        Err(QueryError::new(
            QueryErrorKind::Value,
            compare.place.range(),
            message,
        ))
    };
    if let (Value::Money(from), Value::Money(to)) = (&from.value, &to.value)
        && from.currency != to.currency
    {
        return refuse("the ends of the range are in two currencies");
    }
    match values::order(&from.value, &to.value) {
        Some(Ordering::Greater) => refuse("the range ends before it begins"),
        _ => Ok(()),
    }
}

/// An operator that the values behind the path do not have.
pub(super) fn senseless(compare: &Compare, path: &Path) -> QueryError {
    let message = match (compare.operator, &compare.values) {
        (Operator::Matches, _) => format!("{path} is not text, it takes no regular expression"),
        _ => format!("{path} has no order, it takes no range"),
    };
    QueryError::new(QueryErrorKind::Operator, compare.place.range(), message)
}
