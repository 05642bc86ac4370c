//! What feedback is: an answer to a survey, or what a customer says by itself, and what we made of it.

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;
use crate::domain::satisfaction::{VERDICTS, Verdict};

/// The sorts of feedback.
pub const TYPES: &[&str] = &["answer", "complaint", "suggestion", "praise", "question"];

/// The sort that answers a survey.
pub const ANSWER: &str = "answer";

/// By which way feedback comes.
pub const CHANNELS: &[&str] = &[
    "phone", "email", "web", "wechat", "visit", "chat", "sms", "social", "other",
];

/// How far feedback is dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Nobody has looked at it.
    New,
    /// Somebody has told the customer that it was heard.
    Acknowledged,
    /// Something was done about it.
    Acted,
    /// There is nothing more to do.
    Closed,
}

impl Status {
    /// All of them, as [`STATUSES`] has them.
    pub const ALL: [Status; 4] = [Status::New, Status::Acknowledged, Status::Acted, Status::Closed];

    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Status::New => "new",
            Status::Acknowledged => "acknowledged",
            Status::Acted => "acted",
            Status::Closed => "closed",
        }
    }

    /// The one named by `word`.
    pub fn parse(word: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.name() == word)
    }

    /// What it can become: anything further on, and what is closed is taken up again.
    pub fn allowed(self) -> &'static [Status] {
        match self {
            Status::New => &[Status::Acknowledged, Status::Acted, Status::Closed],
            Status::Acknowledged => &[Status::Acted, Status::Closed],
            Status::Acted => &[Status::Closed],
            Status::Closed => &[Status::New],
        }
    }
}

/// The words for how far feedback is dealt with.
pub const STATUSES: &[&str] = &["new", "acknowledged", "acted", "closed"];

/// Whether something has to be done about feedback: a complaint waits until it was acted on, an answer of somebody who is
/// not content until that was heard.
pub fn is_waiting(kind: &str, verdict: Option<Verdict>, status: Status) -> bool {
    match kind {
        "complaint" => status < Status::Acted,
        _ => verdict.is_some_and(Verdict::is_bad) && status == Status::New,
    }
}

/// The most letters of the comment in the name of feedback.
const SHOWN: usize = 60;

/// What feedback is called: by its survey and score, or by its sort, and how the comment begins.
pub fn name(kind: &str, survey: Option<&str>, score: Option<i64>, comment: &str) -> String {
    let head = match (survey, score) {
        (Some(survey), Some(score)) => format!("{survey} {score}"),
        (Some(survey), None) => format!("{survey} asked"),
        (None, _) => kind.to_owned(),
    };
    let line = comment.lines().map(str::trim).find(|line| !line.is_empty());
    let Some(line) = line else { return head };
    let mut letters = line.chars();
    let mut shown: String = letters.by_ref().take(SHOWN).collect();
    if letters.next().is_some() {
        shown.push('…');
    }
    format!("{head}: {shown}")
}

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "id",
    "type",
    "survey",
    "score",
    "customer",
    "comment",
    "answered_on",
    "status",
    "owner",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read("id", FieldType::Ref, &["ref"], "ref, F12"),
    Field::UID,
    Field::read(
        "name",
        FieldType::Text,
        &[],
        "what it is called; follows from survey, score and comment",
    ),
    Field::write(
        "type",
        FieldType::Word(TYPES),
        &["category", "feedback_type", "类型", "反馈类型"],
        "answer, complaint, suggestion, praise or question",
    ),
    Field::write(
        "survey",
        FieldType::Link(Noun::Survey),
        &["survey_name", "questionnaire", "问卷", "调查"],
        "survey that is answered",
    ),
    Field::write(
        "score",
        FieldType::Integer,
        &[
            "rating",
            "nps_score",
            "csat_score",
            "ces_score",
            "stars",
            "评分",
            "得分",
            "打分",
            "满意度",
        ],
        "score on the scale of the survey",
    ),
    Field::read(
        "verdict",
        FieldType::Word(VERDICTS),
        &["评价等级"],
        "what the score says: promoter, passive, detractor, satisfied …; follows from it",
    ),
    Field::write(
        "comment",
        FieldType::LongText,
        &[
            "comments", "text", "feedback", "answer", "verbatim", "message", "评论", "评价", "反馈", "意见",
            "内容",
        ],
        "what the customer says",
    ),
    Field::write(
        "customer",
        FieldType::Link(Noun::Customer),
        &["customer_name", "account", "client", "客户"],
        "customer who says it",
    ),
    Field::write(
        "contact",
        FieldType::Link(Noun::Customer),
        &[
            "person",
            "email",
            "e_mail",
            "email_address",
            "respondent",
            "recipient",
            "联系人",
            "邮箱",
            "电子邮件",
        ],
        "person who says it for the customer; without a customer, the customer",
    ),
    Field::write(
        "order",
        FieldType::Link(Noun::Order),
        &["订单"],
        "order that it is about",
    ),
    Field::write(
        "ticket",
        FieldType::Link(Noun::Ticket),
        &["case", "ticket_id", "工单"],
        "ticket that it is about, or that was made of it",
    ),
    Field::write(
        "channel",
        FieldType::Word(CHANNELS),
        &["via", "渠道"],
        "by which way it came",
    ),
    Field::write(
        "sent_on",
        FieldType::Date,
        &["sent", "sent_at", "sent_date", "asked_on", "发送日期"],
        "day on which the customer was asked; none for what came unasked",
    ),
    Field::write(
        "answered_on",
        FieldType::Date,
        &[
            "answered",
            "answered_at",
            "received_on",
            "date",
            "response_date",
            "responded_at",
            "submitted_at",
            "日期",
            "回答日期",
            "反馈日期",
        ],
        "day on which it came; none while a survey is not answered",
    ),
    Field::write(
        "status",
        FieldType::Word(STATUSES),
        &["状态"],
        "new, acknowledged, acted or closed",
    ),
    Field::write(
        "action",
        FieldType::LongText,
        &["measure", "resolution", "处理措施", "处理结果"],
        "what was done about it",
    ),
    Field::read(
        "acknowledged_on",
        FieldType::Date,
        &[],
        "day on which the customer was told that it was heard",
    ),
    Field::read(
        "acted_on",
        FieldType::Date,
        &[],
        "day on which something was done about it",
    ),
    Field::read(
        "closed_on",
        FieldType::Date,
        &["closed"],
        "day on which it was closed",
    ),
    Field::read(
        "waiting_on",
        FieldType::Date,
        &[],
        "day on which a complaint or an unhappy answer came about which nothing was done yet",
    ),
    Field::write(
        "owner",
        FieldType::Link(Noun::User),
        &["assignee", "负责人"],
        "user who looks after it",
    ),
    Field::TAGS,
    Field::write(
        "note",
        FieldType::LongText,
        &["notes", "internal_note", "备注"],
        "free text of ours",
    ),
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id", "response_id", "feedback_id"],
        "identities in other systems, system:value",
    ),
    Field::ATTACHMENTS,
    Field::CREATED_AT,
    Field::CREATED_BY,
    Field::UPDATED_AT,
    Field::UPDATED_BY,
    Field::DELETED_AT,
    Field::VERSION,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_the_states() {
        assert_eq!(Status::ALL.map(Status::name), STATUSES);
        for status in Status::ALL {
            assert_eq!(Status::parse(status.name()), Some(status));
            assert!(!status.allowed().contains(&status));
        }
        assert!(TYPES.contains(&ANSWER));
    }

    #[test]
    fn what_says_that_something_is_wrong_waits() {
        for (kind, verdict, waits) in [
            ("complaint", None, [true, true, false, false]),
            (ANSWER, Some(Verdict::Detractor), [true, false, false, false]),
            (ANSWER, Some(Verdict::Dissatisfied), [true, false, false, false]),
            (ANSWER, Some(Verdict::Hard), [true, false, false, false]),
            (ANSWER, Some(Verdict::Passive), [false; 4]),
            (ANSWER, None, [false; 4]),
            ("suggestion", None, [false; 4]),
        ] {
            let found = Status::ALL.map(|status| is_waiting(kind, verdict, status));
            assert_eq!(found, waits, "{kind} {verdict:?}");
        }
    }

    #[test]
    fn it_is_called_by_what_it_says() {
        assert_eq!(
            name("answer", Some("nps"), Some(3), "\n 太慢了 \n"),
            "nps 3: 太慢了"
        );
        assert_eq!(name("answer", Some("nps"), None, ""), "nps asked");
        assert_eq!(name("complaint", None, None, "  "), "complaint");
        let long = "é".repeat(61);
        let told = name("praise", None, None, &long);
        assert_eq!(told.chars().count(), "praise: ".len() + 61);
        assert!(told.ends_with("é…"));
    }
}
