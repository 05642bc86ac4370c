//! A checked filter: every name is a field, every word a key, every date resolved. The store compiles it.
//!
//! The rules that the compiler of a plan keeps:
//!
//! * **Two values.** A test of something that is missing is false, and [`Condition::Not`] of it is true; there is
//!   no third answer. (In SQL: `coalesce(test, 0)` under every `Not`.)
//! * **Missing** means no value, an empty list, or, on the way there, no linked record.
//! * **Many** ([`Step::Many`], a step over a `Links` field): a test holds if it holds for one related record at
//!   least. Each condition looks for a record of its own. `Missing` holds if no related record has a value.
//!   Related records in the trash do not count, neither for tests nor for counts and sums.
//! * **Counts and sums** are never missing: over nothing they are 0. Sums of amounts are in the base currency.
//! * **Amounts**: a bound in the base currency is compared with the amount in base currency; a bound in another
//!   currency only with amounts in that currency, and others fail.
//! * **Text** is compared folded (case, accents, width), except by [`Test::Matches`].
//! * The **trash** is left out of the records themselves unless [`Condition::mentions_trash`].

use std::fmt;

use jiff::civil::Date;

use crate::domain::field::Field;
use crate::domain::id::{Id, Ref};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::query::context::CustomField;

/// Something that holds for a record or does not.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Every record.
    All,
    /// All hold; at least two.
    And(Vec<Condition>),
    /// One holds at least; at least two.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// What is at the end of the path has a value, and it passes the test.
    Compare {
        /// Where the value is.
        path: Path,
        /// What it has to be.
        test: Test,
    },
    /// Nothing is at the end of the path.
    Missing(Path),
    /// An `is:` word that means other conditions: `is:rotting`. The word is kept to be shown.
    Named {
        /// The canonical word.
        word: &'static str,
        /// What it means.
        condition: Box<Condition>,
    },
    /// An `is:` word about the record's own state.
    Predicate(Predicate),
    /// The record carries the tag with this key.
    Tag(String),
    /// The search finds the record by this word or phrase.
    Words(String),
    /// It is one of these records: what a word stands for that no field shows.
    Records(Vec<Id>),
}

/// States of a record that no field shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Predicate {
    /// It is in the trash.
    Trashed,
    /// It is archived.
    Archived,
    /// Always holds; says that trash and archive are wanted too.
    Any,
}

impl Predicate {
    /// The word after `is:`.
    pub fn name(self) -> &'static str {
        match self {
            Predicate::Trashed => "trashed",
            Predicate::Archived => "archived",
            Predicate::Any => "any",
        }
    }
}

impl Condition {
    /// Whether words are searched for somewhere in it.
    pub fn has_words(&self) -> bool {
        match self {
            Condition::Words(_) => true,
            Condition::And(parts) | Condition::Or(parts) => parts.iter().any(Condition::has_words),
            Condition::Not(condition) | Condition::Named { condition, .. } => condition.has_words(),
            Condition::All
            | Condition::Compare { .. }
            | Condition::Missing(_)
            | Condition::Predicate(_)
            | Condition::Tag(_)
            | Condition::Records(_) => false,
        }
    }

    /// Whether the `is:` word is somewhere in it.
    pub fn has_named(&self, wanted: &str) -> bool {
        match self {
            Condition::Named { word, condition } => *word == wanted || condition.has_named(wanted),
            Condition::And(parts) | Condition::Or(parts) => parts.iter().any(|part| part.has_named(wanted)),
            Condition::Not(inner) => inner.has_named(wanted),
            Condition::All
            | Condition::Compare { .. }
            | Condition::Missing(_)
            | Condition::Predicate(_)
            | Condition::Tag(_)
            | Condition::Words(_)
            | Condition::Records(_) => false,
        }
    }

    /// The same with `meaning` for what the `is:` word stands for.
    #[must_use]
    pub fn with_named(self, wanted: &str, meaning: &Condition) -> Condition {
        let all = |parts: Vec<Condition>| -> Vec<Condition> {
            parts
                .into_iter()
                .map(|part| part.with_named(wanted, meaning))
                .collect()
        };
        match self {
            Condition::Named { word, condition } => Condition::Named {
                word,
                condition: Box::new(match word == wanted {
                    true => meaning.clone(),
                    false => condition.with_named(wanted, meaning),
                }),
            },
            Condition::And(parts) => Condition::And(all(parts)),
            Condition::Or(parts) => Condition::Or(all(parts)),
            Condition::Not(inner) => Condition::negation(inner.with_named(wanted, meaning)),
            other => other,
        }
    }

    /// True if the default exclusion of trash and archive is lifted: `is:trashed`, `is:archived` or `is:any`
    /// appears anywhere, negated or not.
    pub fn mentions_trash(&self) -> bool {
        match self {
            Condition::Predicate(_) => true,
            Condition::And(parts) | Condition::Or(parts) => parts.iter().any(Condition::mentions_trash),
            Condition::Not(inner) => inner.mentions_trash(),
            Condition::Named { condition, .. } => condition.mentions_trash(),
            Condition::All
            | Condition::Compare { .. }
            | Condition::Missing(_)
            | Condition::Tag(_)
            | Condition::Words(_)
            | Condition::Records(_) => false,
        }
    }

    /// The opposite.
    pub fn negation(inner: Condition) -> Condition {
        Condition::Not(Box::new(inner))
    }

    /// All of `parts`: `All` is left out, and an `And` among them is taken apart.
    ///
    /// So that several filters, each parsed alone, become one plan.
    pub fn and(parts: impl IntoIterator<Item = Condition>) -> Condition {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Condition::All => {}
                Condition::And(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.pop() {
            None => Condition::All,
            Some(only) if flat.is_empty() => only,
            last => Condition::And(flat.into_iter().chain(last).collect()),
        }
    }

    /// One of `parts` at least, which are not empty.
    pub(super) fn or(mut parts: Vec<Condition>) -> Condition {
        match parts.pop() {
            Some(only) if parts.is_empty() => only,
            last => Condition::Or(parts.into_iter().chain(last).collect()),
        }
    }
}

/// The way from a record to what is compared: `company.city`, `deals.count`, `fields.size`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Records to go through, at most [`Path::MAX_STEPS`].
    pub steps: Vec<Step>,
    /// What is compared there.
    pub target: Target,
}

impl Path {
    /// The most steps of a path.
    pub const MAX_STEPS: usize = 3;

    /// The canonical names, as they stand between the points.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .steps
            .iter()
            .map(|step| match step {
                Step::Link(field) => field.name,
                Step::Many(relation) => relation.name(),
            })
            .collect();
        match &self.target {
            Target::Field(field) => names.push(field.name),
            Target::Custom(field) => names.extend([CUSTOM, &field.key]),
            Target::Record => {}
            Target::Count => names.push("count"),
            Target::Sum(field) => names.extend(["sum", field.name]),
        }
        names
    }
}

/// One step from a record to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// To the record in a `Link` field, or to each one in a `Links` field.
    Link(&'static Field),
    /// To each related record.
    Many(Relation),
}

impl Step {
    /// True if the step may lead to several records.
    pub fn is_many(self) -> bool {
        match self {
            Step::Link(field) => matches!(field.kind, crate::domain::field::FieldType::Links(_)),
            Step::Many(_) => true,
        }
    }
}

/// Records that point to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Of a customer: the deals with it as customer, or with it among the people.
    Deals,
    /// Of a customer: the quotes for it. Of a deal: those that were made for it.
    Quotes,
    /// Of a customer: the orders of it. Of a deal: the orders that it led to. Of a quote: those that were made of it.
    Orders,
    /// Of a customer: the tickets of it, of its people, and those in which it is spoken with. Of an order: those about it.
    Tickets,
    /// Of a ticket: those that it is the problem behind.
    Children,
    /// Of a customer: what it said. Of an order or ticket: what was said about it.
    Feedback,
    /// Of a customer: the tasks for it. Of a deal: the tasks for it.
    Tasks,
    /// Of a customer: the activities with it, or with it among the people. Of a deal or ticket: those about it.
    Activities,
    /// Of a company: the people whose current employer it is, primary or not.
    People,
    /// Of a person: every employer, past and present.
    Employers,
    /// Of a company: the companies with it as parent.
    Subsidiaries,
    /// Of a customer: the customers related to it in any way, seen from either side.
    Related,
    /// Of a customer: those who report to it.
    Reports,
    /// Of a customer: those whom it referred.
    Referrals,
}

impl Relation {
    /// All relations.
    pub const ALL: [Relation; 14] = [
        Relation::Deals,
        Relation::Quotes,
        Relation::Orders,
        Relation::Tickets,
        Relation::Children,
        Relation::Feedback,
        Relation::Tasks,
        Relation::Activities,
        Relation::People,
        Relation::Employers,
        Relation::Subsidiaries,
        Relation::Related,
        Relation::Reports,
        Relation::Referrals,
    ];

    /// The name in a path.
    pub fn name(self) -> &'static str {
        match self {
            Relation::Deals => "deals",
            Relation::Quotes => "quotes",
            Relation::Orders => "orders",
            Relation::Tickets => "tickets",
            Relation::Children => "children",
            Relation::Feedback => "feedback",
            Relation::Tasks => "tasks",
            Relation::Activities => "activities",
            Relation::People => "people",
            Relation::Employers => "employers",
            Relation::Subsidiaries => "subsidiaries",
            Relation::Related => "related",
            Relation::Reports => "reports",
            Relation::Referrals => "referrals",
        }
    }

    /// The nouns whose records have it.
    pub fn from(self) -> &'static [Noun] {
        match self {
            Relation::Orders => &[Noun::Customer, Noun::Deal, Noun::Quote],
            Relation::Quotes | Relation::Tasks => &[Noun::Customer, Noun::Deal],
            Relation::Activities => &[Noun::Customer, Noun::Deal, Noun::Ticket],
            Relation::Tickets => &[Noun::Customer, Noun::Order],
            Relation::Children => &[Noun::Ticket],
            Relation::Feedback => &[Noun::Customer, Noun::Order, Noun::Ticket],
            _ => &[Noun::Customer],
        }
    }

    /// The noun to which it leads.
    pub fn to(self) -> Noun {
        match self {
            Relation::Deals => Noun::Deal,
            Relation::Quotes => Noun::Quote,
            Relation::Orders => Noun::Order,
            Relation::Tickets | Relation::Children => Noun::Ticket,
            Relation::Feedback => Noun::Feedback,
            Relation::Tasks => Noun::Task,
            Relation::Activities => Noun::Activity,
            _ => Noun::Customer,
        }
    }
}

/// The name before the key of a custom field.
pub(super) const CUSTOM: &str = "fields";

/// What is compared at the end of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A field of the last record.
    Field(&'static Field),
    /// A custom field of the last record.
    Custom(CustomField),
    /// The related records themselves, after a step that leads to many: `has:deals`, `people:C42`.
    Record,
    /// How many related records there are, after a step that leads to many.
    Count,
    /// The sum of a field over the related records, after a step that leads to many.
    Sum(&'static Field),
}

impl fmt::Display for Path {
    /// The canonical names, joined by points.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join("."))
    }
}

/// What a value has to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// The folded text contains one of these, which are as they were typed.
    ///
    /// On e-mail addresses, numbers, handles and external ids: one entry does. Numbers are compared by digits.
    Contains(Vec<String>),
    /// The value, or one entry of a list, is one of these: whole folded texts, or the keys of words, choices,
    /// stages, tags, users, teams and pipelines. For a country: the code, or a text as it was given.
    Equals(Vec<String>),
    /// The text, or one entry of a list, matches this regular expression (crate `regex`), which compiles.
    ///
    /// The text is taken as it is stored; on a link it is the name.
    Matches(String),
    /// The value is one of these: bool, whole number, percent, amount, seconds, day.
    Values(Vec<Value>),
    /// The value lies between the bounds; one bound at least is given.
    ///
    /// Bounds of a `Due` field are days (compared with the day on which it is due) or instants (compared with
    /// the instant at which it is).
    Range {
        /// The lower bound.
        from: Option<Bound>,
        /// The upper bound.
        to: Option<Bound>,
    },
    /// The record, or the record in a link, is one of these.
    Records(Vec<Record>),
    /// The month and day lie between these, both included, in any year: birthdays.
    ///
    /// Only month and day of the two dates count, which are less than a year apart; with `from` later in the
    /// year than `to`, new year lies between them. The last day of February stands for the 29th where there is none.
    Anniversary {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
}

/// One end of a range.
#[derive(Debug, Clone, PartialEq)]
pub struct Bound {
    /// A day, instant, amount, whole number, percentage or number of seconds.
    pub value: Value,
    /// Whether the value itself is within.
    pub inclusive: bool,
}

/// How a record is named in a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// By its ref. The ref of a merged record means the survivor.
    Ref(Ref),
    /// By its uid.
    Id(Id),
    /// By a part of its name, folded; of a product also by its whole sku.
    Named(String),
    /// By its whole name, folded; of a product also by its whole sku.
    Called(String),
}
