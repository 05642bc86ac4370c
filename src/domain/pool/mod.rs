//! What a public pool is: where customers go whom nobody follows up, and from where its members claim them.

pub mod due;
pub mod limit;

use std::ops::RangeInclusive;

use crate::domain::field::{Field, FieldType};

/// Why a customer went into a pool or out of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nobody followed up, and a rule of the pool took them.
    Recycle,
    /// Somebody gave them up.
    Release,
    /// A member took them.
    Claim,
    /// Somebody gave them to a user.
    Give,
}

impl Reason {
    /// All of them, as [`REASONS`] has them.
    pub const ALL: [Reason; 4] = [Reason::Recycle, Reason::Release, Reason::Claim, Reason::Give];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Reason::Recycle => "recycle",
            Reason::Release => "release",
            Reason::Claim => "claim",
            Reason::Give => "give",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.name() == word)
    }
}

/// The words for why.
pub const REASONS: &[&str] = &["recycle", "release", "claim", "give"];

/// How many days a rule of a pool may wait, warn or cool down.
pub const DAYS: RangeInclusive<i64> = 0..=3650;

/// Whom a pool without a filter is about: who has bought is none of them.
pub const USUAL_FILTER: &str = "lifecycle:lead,qualified";

/// What stands before the name of a team among members.
pub const TEAM: &str = "team:";

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "key",
    "members",
    "customers",
    "no_follow_up",
    "no_deal",
    "no_won",
    "warn",
    "cool_down",
    "active",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "pool", "公海", "名称"],
        "name of the pool",
    ),
    Field::write(
        "filter",
        FieldType::Text,
        &["where", "条件"],
        "customers whom the pool takes back, in the language of filters",
    ),
    Field::write(
        "members",
        FieldType::LongText,
        &["member", "成员"],
        "users and teams who claim from it and whose customers it takes back, one a line: ann, team:North; empty for all",
    ),
    Field::write(
        "no_follow_up",
        FieldType::Text,
        &["未跟进天数"],
        "after how many days without an activity it takes a customer back; 30, or by level 30;A=60;C=never",
    ),
    Field::write(
        "no_deal",
        FieldType::Text,
        &["无商机天数"],
        "after how many days without a deal it takes a customer back",
    ),
    Field::write(
        "no_won",
        FieldType::Text,
        &["未成交天数"],
        "after how many days without a won deal it takes a customer back",
    ),
    Field::write(
        "exempt_open_deal",
        FieldType::Bool,
        &["有商机豁免"],
        "whether customers with an open deal stay",
    ),
    Field::write(
        "exempt_won",
        FieldType::Bool,
        &["成交豁免"],
        "whether customers with a won deal stay",
    ),
    Field::write(
        "warn",
        FieldType::Integer,
        &["warn_days", "提醒天数"],
        "number of days before which the owner is warned",
    ),
    Field::write(
        "cool_down",
        FieldType::Integer,
        &["cool_down_days", "冷却天数"],
        "number of days for which whoever lost or gave up a customer may not claim them again",
    ),
    Field::write(
        "claim_per_day",
        FieldType::Integer,
        &["每日领取上限"],
        "how many customers a member may claim in a day",
    ),
    Field::write(
        "own_limit",
        FieldType::Integer,
        &["持有上限"],
        "how many customers of the filter a member may have and still claim",
    ),
    Field::write(
        "zone",
        FieldType::Text,
        &["时区"],
        "time zone whose days count, wherever the command runs",
    ),
    Field::write(
        "active",
        FieldType::Bool,
        &["启用"],
        "whether the pool takes customers back",
    ),
    Field::write("description", FieldType::Text, &["说明"], "what it is for"),
    Field::read(
        "customers",
        FieldType::Integer,
        &[],
        "number of customers that are in it",
    ),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];

/// The members that a text names, one a line or with commas between.
pub fn members(text: &str) -> Vec<String> {
    let parts = text.split(['\n', ',', '，']).map(str::trim);
    let mut found: Vec<String> = Vec::new();
    for part in parts.filter(|part| !part.is_empty()) {
        if !found.iter().any(|known| known == part) {
            found.push(part.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_types() {
        assert_eq!(Reason::ALL.map(Reason::name), REASONS);
        for reason in Reason::ALL {
            assert_eq!(Reason::parse(reason.name()), Some(reason));
        }
        assert_eq!(Reason::parse("lost"), None);
    }

    #[test]
    fn members_are_lines_or_have_commas_between() {
        assert_eq!(
            members(" ann, team:North，陈晓\nann\n\n"),
            ["ann", "team:North", "陈晓"]
        );
        assert!(members(" ,\n").is_empty());
    }
}
