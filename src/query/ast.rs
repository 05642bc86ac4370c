//! A filter as it was written: names and values are still words, nothing is looked up.

use std::ops::Range;

/// Where something stands in the text, in bytes.
///
/// Places never tell two filters apart: the same filter written with other blanks is equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place {
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Place {
    /// The bytes from `start` to before `end`.
    pub fn new(start: usize, end: usize) -> Place {
        Place { start, end }
    }

    /// The same as a range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl PartialEq for Place {
    fn eq(&self, _: &Place) -> bool {
        true
    }
}

impl Eq for Place {}

/// A whole filter; without an expression it lets everything through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// What has to hold.
    pub expression: Option<Expression>,
}

/// Something that holds for a record or does not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// All hold. At least two, none of them an `And`: see [`Expression::and`].
    And(Vec<Expression>),
    /// One holds at least. At least two, none of them an `Or`: see [`Expression::or`].
    Or(Vec<Expression>),
    /// It does not hold.
    Not(Box<Expression>),
    /// `is:word`, `has:field`, `no:field`.
    Flag(Flag),
    /// `+tag`.
    Tag(Word),
    /// `field:value`.
    Compare(Compare),
    /// A word or a quoted phrase to be searched for.
    Text(Word),
}

impl Expression {
    /// All of `parts`, which are not empty; an `And` among them is taken apart.
    pub fn and(parts: Vec<Expression>) -> Expression {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Expression::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.pop() {
            Some(only) if flat.is_empty() => only,
            last => Expression::And(flat.into_iter().chain(last).collect()),
        }
    }

    /// At least one of `parts`, which are not empty; an `Or` among them is taken apart.
    pub fn or(parts: Vec<Expression>) -> Expression {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Expression::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.pop() {
            Some(only) if flat.is_empty() => only,
            last => Expression::Or(flat.into_iter().chain(last).collect()),
        }
    }

    /// The opposite of `inner`.
    pub fn negation(inner: Expression) -> Expression {
        Expression::Not(Box::new(inner))
    }
}

/// A word with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The word, without quotes; never empty.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// What a flag asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// `is:word`: a named rule holds.
    Is,
    /// `has:field`: the field has a value.
    Has,
    /// `no:field`: the field has none.
    No,
}

impl Question {
    /// The word before the colon.
    pub fn name(self) -> &'static str {
        match self {
            Question::Is => "is",
            Question::Has => "has",
            Question::No => "no",
        }
    }
}

/// `is:word`, `has:field`, `no:field`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// What is asked.
    pub question: Question,
    /// The word, or the names of the path, at least one.
    pub names: Vec<Word>,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `field:x`: what the type of the field understands by it.
    Plain,
    /// `:=`, the whole value.
    Whole,
    /// `:ne:`, not the whole value.
    Unlike,
    /// `:~`, a regular expression.
    Matches,
    /// `:>` or `:gt:`.
    Above,
    /// `:>=` or `:ge:`.
    AtLeast,
    /// `:<` or `:lt:`.
    Below,
    /// `:<=` or `:le:`.
    AtMost,
}

impl Operator {
    /// The canonical spelling.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Plain => "",
            Operator::Whole => "=",
            Operator::Unlike => "ne:",
            Operator::Matches => "~",
            Operator::Above => ">",
            Operator::AtLeast => ">=",
            Operator::Below => "<",
            Operator::AtMost => "<=",
        }
    }
}

/// What a field is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Values {
    /// Any of these, at least one.
    Any(Vec<Word>),
    /// `from..to`, both included, at least one given. Only with [`Operator::Plain`] and [`Operator::Whole`].
    Range(Option<Word>, Option<Word>),
}

/// `field:values`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compare {
    /// The names of the path, at least one.
    pub names: Vec<Word>,
    /// How.
    pub operator: Operator,
    /// With what; exactly one value for the regular expression and the operators of order.
    pub values: Values,
    /// Where the whole comparison stands.
    pub place: Place,
}
