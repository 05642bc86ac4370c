//! What sort of values a path takes: the type of its field, and the words that are allowed.

use crate::domain::field::FieldType;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::query::ast::Word;
use crate::query::context::{Choice, Context};
use crate::query::error::{QueryError, QueryErrorKind};
use crate::query::path::{Found, normal};
use crate::query::plan::Target;

/// How the values behind a path are read and compared.
pub(super) enum Shape {
    /// Text, compared by its parts.
    Text,
    /// One word of a known list.
    Keys(Keys),
    /// A record of this noun.
    Record(Noun),
    /// The record's own ref.
    Reference(Noun),
    /// The record's own uid.
    Uid,
    /// Something with an order.
    Scalar(Scalar),
    /// Yes or no.
    Bool,
    /// A day of the year, with or without the year.
    Birthday,
    /// A country.
    Country,
    /// Nothing that can be compared, only asked for.
    Parts,
}

/// What has an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scalar {
    Number,
    Percent,
    /// An amount.
    Money,
    /// A sum of amounts, which is in the base currency.
    Total,
    Duration,
    Decimal,
    Date,
    /// A range of days, of which one lies within what is asked for.
    Days,
    /// A time of day.
    Time,
    Instant,
    Due,
}

/// The list of words a path takes.
pub(super) struct Keys {
    /// What a word names: `stage`, `user`, `priority`.
    pub what: String,
    /// The words, in order.
    pub entries: Vec<Choice>,
    /// Whether the order means something: low, normal, high.
    pub ordered: bool,
    /// The key for which `@me` stands, where it stands for anything.
    pub me: Option<String>,
}

/// What stands for the user who asks.
pub(super) const ME: &str = "@me";

/// The fields with a list of words whose order means something.
const ORDERED: [&str; 3] = ["lifecycle", "level", "priority"];

/// The fields that hold the key of a stage.
const STAGES: [&str; 2] = ["stage", "last_open_stage"];

impl Keys {
    fn of(what: &str, entries: Vec<Choice>) -> Keys {
        Keys {
            what: what.to_owned(),
            entries,
            ordered: false,
            me: None,
        }
    }

    /// The list of a noun that is named by key.
    pub(super) fn of_noun(noun: Noun, context: &Context<'_>) -> Keys {
        let mut keys = Keys::of(noun.name(), plain(context.vocabulary.keys(noun)));
        keys.me = (noun == Noun::User).then(|| context.me.to_owned());
        keys
    }

    /// The keys that `word` names: an exact key, else every key with that label, without case.
    pub(super) fn find(&self, word: &Word) -> Result<Vec<String>, QueryError> {
        if let Some(me) = self.me.as_ref().filter(|_| word.text == ME) {
            return Ok(vec![me.clone()]);
        }
        let wanted = normal(&word.text);
        let by_key = self.entries.iter().find(|entry| entry.key == word.text);
        let by_key = by_key.or_else(|| self.entries.iter().find(|entry| normal(&entry.key) == wanted));
        if let Some(entry) = by_key {
            return Ok(vec![entry.key.clone()]);
        }
        let mut found: Vec<String> = Vec::new();
        for entry in &self.entries {
            let named = entry.labels.iter().any(|label| normal(label) == wanted);
            if named && !found.contains(&entry.key) {
                found.push(entry.key.clone());
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
        let names = self
            .entries
            .iter()
            .flat_map(|entry| std::iter::once(&entry.key).chain(&entry.labels))
            .map(String::as_str);
        let mut suggestions = near(&word.text, names);
        if suggestions.is_empty() && self.entries.len() <= 3 {
            suggestions = self.entries.iter().map(|entry| entry.key.clone()).collect();
        }
        let message = format!("there is no {} {:?}", self.what, word.text);
        Err(QueryError::new(QueryErrorKind::UnknownValue, word.place.range(), message).with_near(suggestions))
    }

    /// The place of `word` in the order.
    pub(super) fn position(&self, word: &Word) -> Result<usize, QueryError> {
        let keys = self.find(word)?;
        let at = self.entries.iter().position(|entry| keys.contains(&entry.key));
        Ok(at.unwrap_or(0))
    }
}

/// The shape of what is behind a path.
pub(super) fn of(found: &Found, context: &Context<'_>) -> Shape {
    match &found.path.target {
        Target::Field(field) if found.noun == Noun::Deal && STAGES.contains(&field.name) => {
            Shape::Keys(Keys::of("stage", context.vocabulary.stages()))
        }
        Target::Field(field) => of_type(field.kind, field.name, found.noun, context),
        Target::Custom(field) => match field.kind {
            FieldType::Choice(_) | FieldType::Choices(_) => {
                Shape::Keys(Keys::of(&field.key, field.options.clone()))
            }
            kind => of_type(kind, &field.key, found.noun, context),
        },
        Target::Record => Shape::Record(found.noun),
        Target::Count => Shape::Scalar(Scalar::Number),
        Target::Sum(field) => Shape::Scalar(match field.kind {
            FieldType::Money => Scalar::Total,
            FieldType::Duration => Scalar::Duration,
            _ => Scalar::Number,
        }),
    }
}

fn of_type(kind: FieldType, name: &str, noun: Noun, context: &Context<'_>) -> Shape {
    match kind {
        FieldType::Ref => Shape::Reference(noun),
        FieldType::Uid => Shape::Uid,
        FieldType::Text
        | FieldType::LongText
        | FieldType::Url
        | FieldType::Emails
        | FieldType::Phones
        | FieldType::Handles
        | FieldType::ExternalIds => Shape::Text,
        FieldType::Word(words) => {
            let mut keys = Keys::of(name, plain(words.iter().map(ToString::to_string).collect()));
            keys.ordered = ORDERED.contains(&name);
            Shape::Keys(keys)
        }
        FieldType::Choice(set) | FieldType::Choices(set) => {
            Shape::Keys(Keys::of(name, context.vocabulary.choices(set)))
        }
        FieldType::Tags => Shape::Keys(Keys::of_noun(Noun::Tag, context)),
        FieldType::Link(to) | FieldType::Links(to) if to.prefix().is_some() => Shape::Record(to),
        FieldType::Link(to) | FieldType::Links(to) => Shape::Keys(Keys::of_noun(to, context)),
        FieldType::Integer => Shape::Scalar(Scalar::Number),
        FieldType::Decimal => Shape::Scalar(Scalar::Decimal),
        FieldType::Percent => Shape::Scalar(Scalar::Percent),
        FieldType::Money => Shape::Scalar(Scalar::Money),
        FieldType::Duration => Shape::Scalar(Scalar::Duration),
        FieldType::Date => Shape::Scalar(Scalar::Date),
        FieldType::Days => Shape::Scalar(Scalar::Days),
        FieldType::Time => Shape::Scalar(Scalar::Time),
        FieldType::Instant => Shape::Scalar(Scalar::Instant),
        FieldType::Due => Shape::Scalar(Scalar::Due),
        FieldType::Bool => Shape::Bool,
        FieldType::Birthday => Shape::Birthday,
        FieldType::Country => Shape::Country,
        FieldType::Parts => Shape::Parts,
    }
}

fn plain(keys: Vec<String>) -> Vec<Choice> {
    keys.into_iter()
        .map(|key| Choice {
            key,
            labels: Vec::new(),
        })
        .collect()
}
