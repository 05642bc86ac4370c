//! The canonical text of a filter: what is saved, and what reads back as the same filter.

use std::fmt::{self, Display, Formatter, Write as _};

use crate::query::ast::{Compare, Expression, Filter, Operator, Values, Word};
use crate::query::lexer::{self, ends_word, is_colon, opens_quote};
use crate::query::term::{self, is_comma};

impl Display for Filter {
    /// One blank for and, ` or ` for or, a leading minus for not before tags, comparisons and texts.
    ///
    /// Quotes stand only where they are needed.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.expression
            .as_ref()
            .map_or(Ok(()), |expression| expression.fmt(f))
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expression::And(parts) => joined(f, parts, " ", |part| matches!(part, Expression::Or(_))),
            Expression::Or(parts) => joined(f, parts, " or ", |_| false),
            Expression::Not(inner) => negation(f, inner),
            Expression::Flag(flag) => {
                write!(f, "{}:", flag.question.name())?;
                path(f, &flag.names)
            }
            Expression::Tag(name) => {
                f.write_char('+')?;
                tag(f, &name.text)
            }
            Expression::Compare(compare) => comparison(f, compare),
            Expression::Text(word) => {
                let bare = is_bare_text(&word.text);
                if bare {
                    f.write_str(&word.text)
                } else {
                    quoted(f, &word.text)
                }
            }
        }
    }
}

fn joined(
    f: &mut Formatter<'_>,
    parts: &[Expression],
    between: &str,
    grouped: fn(&Expression) -> bool,
) -> fmt::Result {
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            f.write_str(between)?;
        }
        if grouped(part) {
            write!(f, "({part})")?;
        } else {
            part.fmt(f)?;
        }
    }
    Ok(())
}

fn negation(f: &mut Formatter<'_>, inner: &Expression) -> fmt::Result {
    match inner {
        Expression::And(_) | Expression::Or(_) => write!(f, "not ({inner})"),
        Expression::Not(_) | Expression::Flag(_) => write!(f, "not {inner}"),
        Expression::Compare(_) => write!(f, "-{inner}"),
        Expression::Tag(name) if is_bare_tag(&name.text) => write!(f, "-{}", name.text),
        // A minus before a quote negates a text.
        Expression::Tag(_) => write!(f, "not {inner}"),
        Expression::Text(word) => {
            f.write_char('-')?;
            quoted(f, &word.text)
        }
    }
}

fn comparison(f: &mut Formatter<'_>, compare: &Compare) -> fmt::Result {
    path(f, &compare.names)?;
    write!(f, ":{}", compare.operator.sign())?;
    match &compare.values {
        Values::Any(values) if compare.operator == Operator::Matches => {
            for pattern in values {
                if lexer::is_bare_expression(&pattern.text) {
                    f.write_str(&pattern.text)?;
                } else {
                    quoted(f, &pattern.text)?;
                }
            }
            Ok(())
        }
        Values::Any(values) => {
            for (number, word) in values.iter().enumerate() {
                if number > 0 {
                    f.write_char(',')?;
                }
                value(f, &word.text)?;
            }
            Ok(())
        }
        Values::Range(low, high) => {
            low.iter().try_for_each(|word| value(f, &word.text))?;
            f.write_str("..")?;
            high.iter().try_for_each(|word| value(f, &word.text))
        }
    }
}

fn path(f: &mut Formatter<'_>, names: &[Word]) -> fmt::Result {
    for (number, name) in names.iter().enumerate() {
        if number > 0 {
            f.write_char('.')?;
        }
        f.write_str(&name.text)?;
    }
    Ok(())
}

fn value(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let bare = !text.contains(|letter| ends_word(letter) || opens_quote(letter) || is_comma(letter))
        && !text.contains("..")
        && !text.starts_with('.')
        && !text.ends_with('.')
        && term::operator(text).is_none();
    if bare { f.write_str(text) } else { quoted(f, text) }
}

fn tag(f: &mut Formatter<'_>, name: &str) -> fmt::Result {
    if is_bare_tag(name) {
        f.write_str(name)
    } else {
        quoted(f, name)
    }
}

/// True if a tag can stand without quotes.
fn is_bare_tag(name: &str) -> bool {
    let stops = |letter| ends_word(letter) || opens_quote(letter) || is_colon(letter) || is_comma(letter);
    let phone = term::is_phone(&format!("+{name}"));
    !name.contains(stops) && !phone
}

/// True if a text reads back as itself without quotes.
fn is_bare_text(text: &str) -> bool {
    !text.contains(|letter| ends_word(letter) || opens_quote(letter) || is_colon(letter))
        && (!text.starts_with(['+', '-', '!']) || term::is_phone(text))
        && lexer::connective(text).is_none()
}

fn quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for letter in text.chars() {
        if matches!(letter, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(letter)?;
    }
    f.write_char('"')
}
