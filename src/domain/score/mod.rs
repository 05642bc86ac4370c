//! What a score is: a rule that gives points to customers, for what they are or for what they do.
//!
//! Fit and engagement are kept apart: the one says whether somebody is right for us, the other whether we are for them.

pub mod sum;

use std::ops::RangeInclusive;

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// What the points of a rule say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What the customer is.
    Fit,
    /// What the customer does.
    Engagement,
}

impl Side {
    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Side::Fit => "fit",
            Side::Engagement => "engagement",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<Side> {
        [Side::Fit, Side::Engagement]
            .into_iter()
            .find(|side| side.name() == word)
    }
}

/// The words for what points say.
pub const SIDES: &[&str] = &["fit", "engagement"];

/// What has to happen for a rule to give its points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An activity with the customer that is no mere note.
    Activity,
    /// A form that the customer sent.
    Form,
    /// A deal that was opened.
    Deal,
    /// An order that both sides are bound to.
    Order,
}

impl Event {
    /// All of them, as [`EVENTS`] has them.
    pub const ALL: [Event; 4] = [Event::Activity, Event::Form, Event::Deal, Event::Order];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Event::Activity => "activity",
            Event::Form => "form",
            Event::Deal => "deal",
            Event::Order => "order",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<Event> {
        Event::ALL.into_iter().find(|event| event.name() == word)
    }

    /// What a filter of the rule is about; none for forms, which are named.
    pub fn noun(self) -> Option<Noun> {
        match self {
            Event::Activity => Some(Noun::Activity),
            Event::Form => None,
            Event::Deal => Some(Noun::Deal),
            Event::Order => Some(Noun::Order),
        }
    }
}

/// The words for what happens.
pub const EVENTS: &[&str] = &["activity", "form", "deal", "order"];

/// The most points that a rule gives or takes at once.
pub const POINTS: RangeInclusive<i64> = -1000..=1000;

/// How many points a rule may give in all.
pub const CAP: RangeInclusive<i64> = 1..=1_000_000;

/// Over how many days points may fade.
pub const DECAY: RangeInclusive<i64> = 1..=3650;

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "key", "side", "points", "event", "filter", "cap", "decay", "active",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "score", "评分规则", "名称"],
        "name of the rule",
    ),
    Field::write(
        "points",
        FieldType::Integer,
        &["分值"],
        "how many points it gives, or takes where it is negative, each time",
    ),
    Field::write(
        "side",
        FieldType::Word(SIDES),
        &["类别"],
        "fit for what a customer is, engagement for what a customer does",
    ),
    Field::write(
        "event",
        FieldType::Word(EVENTS),
        &["事件"],
        "what has to happen: activity, form, deal or order; nothing for what a customer is",
    ),
    Field::write(
        "filter",
        FieldType::Text,
        &["where", "条件"],
        "which customers, or which events: in the language of filters, forms by their names",
    ),
    Field::write(
        "cap",
        FieldType::Integer,
        &["most", "上限"],
        "the most points that the rule gives or takes in all",
    ),
    Field::write(
        "decay",
        FieldType::Integer,
        &["decay_days", "衰减天数"],
        "number of days over which the points of an event fade to nothing, a little each day",
    ),
    Field::write(
        "active",
        FieldType::Bool,
        &["启用"],
        "whether the rule gives any points",
    ),
    Field::write("description", FieldType::Text, &["说明"], "what it is for"),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_types() {
        assert_eq!(Event::ALL.map(Event::name), EVENTS);
        assert_eq!([Side::Fit, Side::Engagement].map(Side::name), SIDES);
        for event in Event::ALL {
            assert_eq!(Event::parse(event.name()), Some(event));
        }
        for word in SIDES {
            assert_eq!(Side::parse(word).map(Side::name), Some(*word));
        }
        assert_eq!((Event::parse("click"), Side::parse("")), (None, None));
    }
}
