//! What a filter is resolved against: the clock, who asks, and the words that are data of the base.

use jiff::civil::Weekday;

use crate::domain::clock::Clock;
use crate::domain::field::FieldType;
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::when::{DateOrder, Leaning, Reading};

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
    /// Now, and the zone in which a day is a day.
    pub clock: &'a Clock,
    /// The base currency: that of an amount without one.
    pub currency: Currency,
    /// The key of the user for whom `@me` stands.
    pub me: &'a str,
    /// The words that are data.
    pub vocabulary: &'a dyn Vocabulary,
    /// The first day of the week.
    pub week_start: Weekday,
    /// The order of days and months in slashed dates.
    pub order: Option<DateOrder>,
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
            clock,
            currency,
            me,
            vocabulary,
            week_start: Weekday::Monday,
            order: None,
        }
    }

    /// How date phrases of a filter are read: without a direction of their own.
    pub(super) fn reading(&self) -> Reading<'a> {
        Reading {
            week_start: self.week_start,
            order: self.order,
            ..Reading::new(self.clock, Leaning::None)
        }
    }
}
