//! What a filter is resolved against: the clock, who asks, and the words that are data of the base.

use crate::domain::clock::Clock;
use crate::domain::field::FieldType;
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::when::{Leaning, Reading};

/// An entry of a picklist, or a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the base keeps.
    pub key: String,
    /// What people see, in every language that is known.
    pub labels: Vec<String>,
}

/// A custom field as a filter needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// The name after `fields.`.
    pub key: String,
    /// What it holds: `Choice("")` for a select of one or several, whose entries are `options`.
    pub kind: FieldType,
    /// The entries of a select; empty otherwise.
    pub options: Vec<Choice>,
    /// What people see.
    pub label: String,
}

/// The words that are data: the store knows them, tests make them up.
pub trait Vocabulary {
    /// The custom field of `noun` with exactly this key.
    fn custom_field(&self, noun: Noun, key: &str) -> Option<CustomField>;

    /// The keys of all custom fields of `noun`, in their order.
    fn custom_fields(&self, noun: Noun) -> Vec<String>;

    /// The entries of the picklist `set`, in their order; retired entries too, since records still carry them.
    fn choices(&self, set: &str) -> Vec<Choice>;

    /// The keys of all records of a noun that is named by key: users, teams, pipelines, tags.
    fn keys(&self, noun: Noun) -> Vec<String>;

    /// The stages of all pipelines, in their order. The same key may come several times.
    fn stages(&self) -> Vec<Choice>;
}

/// What a filter is resolved against.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// How date phrases are read, with the clock: now, and the zone in which a day is a day. It leans to neither
    /// side, since a filter looks ahead as often as back.
    pub reading: Reading<'a>,
    /// The base currency: that of an amount without one.
    pub currency: Currency,
    /// The key of the user for whom `@me` stands.
    pub me: &'a str,
    /// The words that are data.
    pub vocabulary: &'a dyn Vocabulary,
}

impl<'a> Context<'a> {
    /// The usual context: weeks begin on Monday, slashed dates are refused.
    pub fn new(
        clock: &'a Clock,
        currency: Currency,
        me: &'a str,
        vocabulary: &'a dyn Vocabulary,
    ) -> Context<'a> {
        Context {
            reading: Reading::new(clock, Leaning::None),
            currency,
            me,
            vocabulary,
        }
    }
}
