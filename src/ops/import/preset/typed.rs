//! Which columns of a file hold numbers and days, of which the file as a whole shows how they are written.

use crate::domain::convention::Order;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;

use super::feeds::Feeds;
use super::plan::Plan;
use super::{As, Dates};

/// A column that feeds one value.
#[derive(Debug, Clone)]
pub(in crate::ops::import) struct Typed {
    pub(in crate::ops::import) column: usize,
    pub(in crate::ops::import) noun: Noun,
    pub(in crate::ops::import) field: String,
    pub(in crate::ops::import) kind: FieldType,
}

impl Plan {
    /// The order of days in digits, if the program always writes the same.
    pub(in crate::ops::import) fn order(&self) -> Option<Order> {
        self.dates.map(|dates| match dates {
            Dates::Ymd => Order::YearFirst,
            Dates::Dmy => Order::DayFirst,
            Dates::Mdy => Order::MonthFirst,
        })
    }

    /// The columns whose cells feed one value of a certain type as they stand, each once.
    pub(in crate::ops::import) fn typed(&self) -> Vec<Typed> {
        let mut typed: Vec<Typed> = Vec::new();
        for record in &self.records {
            for step in &record.steps {
                let Feeds::One(field, kind) = &step.feeds else {
                    continue;
                };
                let is_plain = step.rule.reading == As::Text && step.rule.split.is_none();
                if is_plain && typed.iter().all(|known| known.column != step.column) {
                    typed.push(Typed {
                        column: step.column,
                        noun: record.noun,
                        field: field.clone(),
                        kind: *kind,
                    });
                }
            }
        }
        typed
    }
}
