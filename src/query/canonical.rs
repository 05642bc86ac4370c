//! The same filter with canonical names and keys: what is saved, so that a renamed label breaks nothing.

use crate::domain::noun::Noun;
use crate::query::ast::{Compare, Expression, Filter, Flag, Question, Values, Word};
use crate::query::context::Context;
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::parser::MAX_BYTES;
use crate::query::shape::{self, Keys, ME, Shape};
use crate::query::{path, predicates, resolve};

/// The canonical form of a filter that resolves.
pub(super) fn filter(filter: &Filter, noun: Noun, context: &Context<'_>) -> Result<Filter, QueryError> {
    resolve::filter(filter, noun, context)?;
    let expression = filter.expression.as_ref();
    let expression = expression.map(|expression| rename(expression, noun, context));
    let canonical = Filter {
        expression: expression.transpose()?,
    };
    let length = canonical.to_string().len();
    if length > MAX_BYTES {
        let message = format!("in canonical form the filter has {length} bytes, more than {MAX_BYTES}");
        return Err(QueryError::new(QueryErrorKind::TooLong, 0..0, message));
    }
    Ok(canonical)
}

fn rename(expression: &Expression, noun: Noun, context: &Context<'_>) -> Result<Expression, QueryError> {
    let all = |parts: &[Expression]| -> Result<Vec<Expression>, QueryError> {
        parts.iter().map(|part| rename(part, noun, context)).collect()
    };
    Ok(match expression {
        Expression::And(parts) => Expression::and(all(parts)?),
        Expression::Or(parts) => Expression::or(all(parts)?),
        Expression::Not(inner) => Expression::negation(rename(inner, noun, context)?),
        Expression::Text(_) => expression.clone(),
        Expression::Tag(name) => Expression::Tag(key(name, &Keys::of_noun(Noun::Tag, context))?),
        Expression::Flag(flag) => Expression::Flag(Flag {
            question: flag.question,
            names: match flag.question {
                Question::Is => {
                    let word = resolve::only(&flag.names)?;
                    vec![renamed(word, predicates::canonical(noun, word)?)]
                }
                Question::Has | Question::No => names(&path::find(noun, &flag.names, context)?, &flag.names),
            },
        }),
        Expression::Compare(compare) => Expression::Compare(comparison(compare, noun, context)?),
    })
}

fn comparison(compare: &Compare, noun: Noun, context: &Context<'_>) -> Result<Compare, QueryError> {
    let found = path::find(noun, &compare.names, context)?;
    let values = match shape::of(&found, context) {
        Shape::Keys(keys) => {
            let end = |word: &Option<Word>| word.as_ref().map(|word| key(word, &keys)).transpose();
            match &compare.values {
                Values::Any(words) => {
                    let words: Result<_, _> = words.iter().map(|word| key(word, &keys)).collect();
                    Values::Any(words?)
                }
                Values::Range(low, high) => Values::Range(end(low)?, end(high)?),
            }
        }
        _ => compare.values.clone(),
    };
    Ok(Compare {
        names: names(&found, &compare.names),
        operator: compare.operator,
        values,
        place: compare.place,
    })
}

/// The key of a word; `@me` and a label of several keys stay what they are.
fn key(word: &Word, keys: &Keys) -> Result<Word, QueryError> {
    if word.text == ME && keys.me.is_some() {
        return Ok(word.clone());
    }
    match keys.find(word)?.as_slice() {
        [only] => Ok(renamed(word, only)),
        _ => Ok(word.clone()),
    }
}

fn names(found: &path::Found, old: &[Word]) -> Vec<Word> {
    let place = old.first().map(|word| word.place).unwrap_or_default();
    let words = found.path.names().into_iter().zip(old.iter());
    words
        .map(|(name, old)| renamed(old, name))
        .chain(found.path.names().into_iter().skip(old.len()).map(|name| Word {
            text: name.to_owned(),
            place,
        }))
        .collect()
}

fn renamed(word: &Word, text: &str) -> Word {
    Word {
        text: text.to_owned(),
        place: word.place,
    }
}
