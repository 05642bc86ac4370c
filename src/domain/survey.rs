//! What a survey is: a question that customers answer with a score, and what it is about.

use crate::domain::field::{Field, FieldType};
use crate::domain::satisfaction::{SURVEY_TYPES, SurveyType};

/// What a survey can ask about.
pub const ABOUT: &[&str] = &["customer", "order", "ticket"];

/// A survey that every base begins with.
#[derive(Debug, Clone, Copy)]
pub struct Usual {
    /// The identity that it has in every base; older bases get the same ones by migration.
    pub id: i64,
    /// What is measured; also its key.
    pub kind: SurveyType,
    /// What it is about.
    pub about: &'static str,
    /// The question.
    pub question: &'static str,
    /// The same in Chinese.
    pub question_zh: &'static str,
}

/// The surveys that every base begins with, one of each type.
pub const USUAL: [Usual; 3] = [
    Usual {
        id: 2_020_001,
        kind: SurveyType::Csat,
        about: "ticket",
        question: "How satisfied are you with how we handled this?",
        question_zh: "您对我们这次的处理满意吗？",
    },
    Usual {
        id: 2_020_002,
        kind: SurveyType::Nps,
        about: "customer",
        question: "How likely are you to recommend us to a friend or colleague?",
        question_zh: "您有多大可能将我们推荐给朋友或同事？",
    },
    Usual {
        id: 2_020_003,
        kind: SurveyType::Ces,
        about: "order",
        question: "How far do you agree: it was easy to get done what you came for?",
        question_zh: "您在多大程度上同意：事情办得很省力？",
    },
];

impl Usual {
    /// The usual survey of a type.
    pub fn of(kind: SurveyType) -> Option<Usual> {
        USUAL.into_iter().find(|usual| usual.kind == kind)
    }
}

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "key", "type", "scale", "about", "question", "active", "asked", "answered",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write(
        "key",
        FieldType::Text,
        &["name", "survey", "问卷", "名称"],
        "name of the survey",
    ),
    Field::write(
        "type",
        FieldType::Word(SURVEY_TYPES),
        &["类型"],
        "csat, nps or ces; stays once somebody has answered",
    ),
    Field::read(
        "scale",
        FieldType::Text,
        &["量表"],
        "the scores that can be given, 0-10; follows from the type",
    ),
    Field::write("question", FieldType::Text, &["问题"], "what customers are asked"),
    Field::write(
        "question_zh",
        FieldType::Text,
        &["中文问题"],
        "the same in Chinese",
    ),
    Field::write(
        "about",
        FieldType::Word(ABOUT),
        &["对象"],
        "what it is about: customer, order or ticket",
    ),
    Field::write(
        "active",
        FieldType::Bool,
        &["启用"],
        "whether customers are asked",
    ),
    Field::write("description", FieldType::Text, &["说明"], "what it is for"),
    Field::read(
        "asked",
        FieldType::Integer,
        &[],
        "how often somebody was asked or answered unasked",
    ),
    Field::read("answered", FieldType::Integer, &[], "how often somebody answered"),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_a_usual_survey() {
        for kind in SurveyType::ALL {
            let usual = Usual::of(kind).unwrap();
            assert!(ABOUT.contains(&usual.about) && !usual.question.is_empty());
        }
    }
}
