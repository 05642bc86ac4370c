//! What an assignment is: a rule that says who gets a lead which belongs to nobody.
//!
//! Rules are asked in the order of their positions, and the first whose filter a customer meets gives it away.

pub mod member;
pub mod ring;

use crate::domain::field::{Field, FieldType};

/// How a rule chooses among its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strategy {
    /// The first who can take it; the others stand in.
    Fixed,
    /// One after another.
    RoundRobin,
    /// Whoever has the fewest leads in hand.
    LeastBusy,
    /// In proportion to their weights.
    Weighted,
    /// The first whose own filter the customer meets.
    Territory,
}

impl Strategy {
    /// All of them, as [`STRATEGIES`] has them.
    pub const ALL: [Strategy; 5] = [
        Strategy::Fixed,
        Strategy::RoundRobin,
        Strategy::LeastBusy,
        Strategy::Weighted,
        Strategy::Territory,
    ];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Strategy::Fixed => "fixed",
            Strategy::RoundRobin => "round_robin",
            Strategy::LeastBusy => "least_busy",
            Strategy::Weighted => "weighted",
            Strategy::Territory => "territory",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<Strategy> {
        Strategy::ALL.into_iter().find(|strategy| strategy.name() == word)
    }
}

/// The words for how a rule chooses.
pub const STRATEGIES: &[&str] = &["fixed", "round_robin", "least_busy", "weighted", "territory"];

/// The lifecycles of a customer who is still a lead; whoever has few of these is not busy.
pub const LEADS: &[&str] = &["prospect", "lead", "qualified"];

/// Whom a rule without a filter is about.
pub const USUAL_FILTER: &str = "lifecycle:lead";

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "key", "position", "filter", "strategy", "members", "fallback", "active", "given",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "assignment", "分配规则", "名称"],
        "name of the rule",
    ),
    Field::write(
        "position",
        FieldType::Integer,
        &["order", "顺序"],
        "rules with lower numbers are asked first",
    ),
    Field::write(
        "filter",
        FieldType::Text,
        &["where", "条件"],
        "customers whom the rule gives away, in the language of filters",
    ),
    Field::write(
        "strategy",
        FieldType::Word(STRATEGIES),
        &["策略"],
        "fixed, round_robin, least_busy, weighted or territory",
    ),
    Field::write(
        "members",
        FieldType::LongText,
        &["member", "成员"],
        "users who get them, one a line: ann;weight=2;cap=30;where=city:Berlin",
    ),
    Field::write(
        "fallback",
        FieldType::Link(crate::domain::noun::Noun::User),
        &["后备"],
        "user who gets what no member can take",
    ),
    Field::write(
        "active",
        FieldType::Bool,
        &["启用"],
        "whether the rule gives anything away",
    ),
    Field::write("description", FieldType::Text, &["说明"], "what it is for"),
    Field::read(
        "last",
        FieldType::Text,
        &["pointer"],
        "member whom it gave a customer last; the next one has the turn",
    ),
    Field::read(
        "given",
        FieldType::Integer,
        &[],
        "number of customers that it gave away",
    ),
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
        assert_eq!(Strategy::ALL.map(Strategy::name), STRATEGIES);
        for strategy in Strategy::ALL {
            assert_eq!(Strategy::parse(strategy.name()), Some(strategy));
        }
        assert_eq!(Strategy::parse("random"), None);
    }
}
