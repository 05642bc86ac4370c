//! What an intake form is: which fields somebody outside may send, which of ours they feed, and what becomes of it.

pub mod assignee;
pub mod entry;

use crate::domain::field::{Field, FieldType};

/// What happens to a submission by somebody who is in the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnDuplicate {
    /// What is blank is filled.
    UpdateBlank,
    /// What was sent takes the place of what is there.
    UpdateAll,
    /// Only that it was sent is noted.
    NewActivity,
    /// A new customer is made all the same.
    Create,
    /// It is noted, and somebody is asked to look at it.
    Review,
    /// It is refused.
    Reject,
}

impl OnDuplicate {
    /// All of them.
    pub const ALL: [OnDuplicate; 6] = [
        OnDuplicate::UpdateBlank,
        OnDuplicate::UpdateAll,
        OnDuplicate::NewActivity,
        OnDuplicate::Create,
        OnDuplicate::Review,
        OnDuplicate::Reject,
    ];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            OnDuplicate::UpdateBlank => "update_blank",
            OnDuplicate::UpdateAll => "update_all",
            OnDuplicate::NewActivity => "new_activity",
            OnDuplicate::Create => "create",
            OnDuplicate::Review => "review",
            OnDuplicate::Reject => "reject",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<OnDuplicate> {
        OnDuplicate::ALL.into_iter().find(|what| what.name() == word)
    }
}

/// What became of a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// A customer was made.
    Created,
    /// A customer who was there got something new.
    Updated,
    /// It was noted with a customer who was there.
    Matched,
    /// It was refused, and nothing was made of it.
    Rejected,
    /// Its sender has to confirm it first.
    PendingConfirm,
    /// It was sent by a machine that fills every field.
    Spam,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 6] = [
        Outcome::Created,
        Outcome::Updated,
        Outcome::Matched,
        Outcome::Rejected,
        Outcome::PendingConfirm,
        Outcome::Spam,
    ];

    /// The word as stored and as programs read it.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Created => "created",
            Outcome::Updated => "updated",
            Outcome::Matched => "matched",
            Outcome::Rejected => "rejected",
            Outcome::PendingConfirm => "pending_confirm",
            Outcome::Spam => "spam",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.name() == word)
    }
}

/// The words for what happens to a submission by somebody who is in the base.
pub const ON_DUPLICATE: &[&str] = &[
    "update_blank",
    "update_all",
    "new_activity",
    "create",
    "review",
    "reject",
];

/// For how long the sender of a submission may confirm it where a form does not say, in hours.
pub const CONFIRM_HOURS: i64 = 48;

/// Within so many milliseconds the same content without an identity of its own is the same submission.
pub const SAME_WITHIN_MS: i64 = 24 * 60 * 60 * 1000;

/// Where an entry leads that is no field of a customer.
///
/// `consent` is a yes to the consent text of the form, `key` what the sender calls the submission, `started` when the
/// visitor began.
pub const SPECIAL: &[(&str, &[&str])] = &[
    ("consent", &["同意"]),
    ("campaign", &["utm_campaign"]),
    ("key", &["submission_key"]),
    ("started", &[]),
    (
        "message",
        &["comment", "comments", "question", "inquiry", "留言", "咨询内容"],
    ),
    ("first_name", &["given_name", "firstname", "名"]),
    ("last_name", &["family_name", "lastname", "surname", "姓"]),
];

/// The fields of feedback that an entry can feed, behind `feedback.`.
pub const OF_FEEDBACK: &[&str] = &["score", "comment", "type"];

/// The special target that a name means.
pub fn special(name: &str) -> Option<&'static str> {
    let name = crate::domain::fold::fold(name).replace([' ', '-'], "_");
    SPECIAL
        .iter()
        .find(|(target, aliases)| *target == name || aliases.contains(&name.as_str()))
        .map(|(target, _)| *target)
}

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "key",
    "label",
    "active",
    "on_duplicate",
    "assign",
    "submissions",
    "rejected",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "form", "表单", "名称"],
        "name of the form",
    ),
    Field::write(
        "label",
        FieldType::Text,
        &["heading", "标题"],
        "heading that visitors read",
    ),
    Field::write(
        "entries",
        FieldType::LongText,
        &["entry", "fields", "字段"],
        "fields of the form, one a line: email!=emails;label=E-mail",
    ),
    Field::write(
        "defaults",
        FieldType::LongText,
        &["default", "默认值"],
        "what every new customer gets, one a line: source=web_form",
    ),
    Field::write(
        "on_duplicate",
        FieldType::Word(ON_DUPLICATE),
        &["重复"],
        "what happens if somebody who is in the base sends it",
    ),
    Field::write(
        "assign",
        FieldType::Text,
        &["分配"],
        "owner of new customers: a user, or round-robin:a,b",
    ),
    Field::write(
        "source",
        FieldType::Choice("source"),
        &["来源"],
        "where new customers came from",
    ),
    Field::write(
        "tags",
        FieldType::Tags,
        &["tag", "标签"],
        "labels of everybody who sends it",
    ),
    Field::write(
        "campaign",
        FieldType::Text,
        &["活动", "市场活动"],
        "campaign that it belongs to, where the sender names none; a label of everybody who sends it",
    ),
    Field::write(
        "survey",
        FieldType::Text,
        &["问卷"],
        "survey that the form asks; an entry feeds feedback.score",
    ),
    Field::write(
        "next",
        FieldType::Text,
        &["task", "下一步"],
        "title of the task that a submission makes",
    ),
    Field::write(
        "due",
        FieldType::Text,
        &["到期"],
        "when that task is due: today, +1d",
    ),
    Field::write(
        "double_opt_in",
        FieldType::Bool,
        &["confirm", "双重确认"],
        "whether the sender has to confirm the address before anything is made",
    ),
    Field::write(
        "confirm_hours",
        FieldType::Integer,
        &[],
        "for how many hours the sender may confirm it",
    ),
    Field::write(
        "honeypot",
        FieldType::Text,
        &[],
        "field that people do not see; whoever fills it is a machine",
    ),
    Field::write(
        "min_seconds",
        FieldType::Integer,
        &[],
        "who sends it within fewer seconds after `started` is a machine; 0 for no limit",
    ),
    Field::write(
        "consent",
        FieldType::LongText,
        &["同意书"],
        "what the visitor agrees to",
    ),
    Field::write(
        "consent_version",
        FieldType::Text,
        &[],
        "version of that text, kept with each consent",
    ),
    Field::write(
        "region",
        FieldType::Country,
        &["country", "地区"],
        "country of telephone numbers without a prefix",
    ),
    Field::write(
        "thanks",
        FieldType::LongText,
        &["感谢"],
        "what the visitor reads afterwards",
    ),
    Field::write(
        "active",
        FieldType::Bool,
        &["启用"],
        "whether it takes submissions",
    ),
    Field::write("description", FieldType::Text, &["说明"], "what it is for"),
    Field::read(
        "submissions",
        FieldType::Integer,
        &[],
        "number of submissions, whatever became of them",
    ),
    Field::read(
        "rejected",
        FieldType::Integer,
        &[],
        "number of submissions that were refused",
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
        assert!(
            OnDuplicate::ALL
                .iter()
                .map(|what| what.name())
                .eq(ON_DUPLICATE.iter().copied())
        );
        for what in OnDuplicate::ALL {
            assert_eq!(OnDuplicate::parse(what.name()), Some(what));
        }
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.name()), Some(outcome));
        }
    }

    #[test]
    fn targets_that_are_no_fields_have_aliases() {
        for (name, target) in [
            ("message", Some("message")),
            ("First Name", Some("first_name")),
            ("姓", Some("last_name")),
            ("留言", Some("message")),
            ("email", None),
        ] {
            assert_eq!(special(name), target, "{name}");
        }
    }
}
