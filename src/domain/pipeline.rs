//! What a pipeline is: the stages of a sales process, in order, each with a type that decides the outcome.

use crate::domain::field::{Field, FieldType};

/// What being in a stage means for the deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StageType {
    /// The deal is running.
    Open,
    /// The deal is won.
    Won,
    /// The deal is lost.
    Lost,
    /// The deal should not have been one; it counts in no rate.
    Abandoned,
}

impl StageType {
    /// All types.
    pub const ALL: [StageType; 4] = [
        StageType::Open,
        StageType::Won,
        StageType::Lost,
        StageType::Abandoned,
    ];

    /// The word, which is also the status of a deal in such a stage.
    pub fn name(self) -> &'static str {
        match self {
            StageType::Open => "open",
            StageType::Won => "won",
            StageType::Lost => "lost",
            StageType::Abandoned => "abandoned",
        }
    }

    /// The type named by `word`.
    pub fn parse(word: &str) -> Option<StageType> {
        StageType::ALL.into_iter().find(|kind| kind.name() == word)
    }

    /// The forecast category of a stage for which none is given.
    pub fn default_category(self) -> &'static str {
        match self {
            StageType::Open => "pipeline",
            StageType::Won => "closed",
            StageType::Lost | StageType::Abandoned => "omitted",
        }
    }
}

/// A stage as a new base has it.
#[derive(Debug, Clone, Copy)]
pub struct DefaultStage {
    /// Key.
    pub key: &'static str,
    /// English label.
    pub english: &'static str,
    /// Simplified Chinese label.
    pub chinese: &'static str,
    /// What being in it means.
    pub kind: StageType,
    /// Chance of winning in percent.
    pub probability: i64,
    /// Forecast category.
    pub category: &'static str,
    /// Days without news after which a deal rots; 0 for never.
    pub rot_days: i64,
}

/// The key of the pipeline that a new base has.
pub const DEFAULT_PIPELINE: &str = "sales";

/// The stages of the pipeline that a new base has.
pub const DEFAULT_STAGES: [DefaultStage; 8] = [
    stage(
        "prospecting",
        "Prospecting",
        "初步接触",
        StageType::Open,
        10,
        "pipeline",
        14,
    ),
    stage(
        "qualification",
        "Qualification",
        "验证客户",
        StageType::Open,
        20,
        "pipeline",
        14,
    ),
    stage(
        "needs_analysis",
        "Needs analysis",
        "需求分析",
        StageType::Open,
        40,
        "pipeline",
        21,
    ),
    stage(
        "proposal",
        "Proposal",
        "方案/报价",
        StageType::Open,
        60,
        "best_case",
        14,
    ),
    stage(
        "negotiation",
        "Negotiation",
        "商务谈判",
        StageType::Open,
        80,
        "commit",
        10,
    ),
    stage("won", "Won", "赢单", StageType::Won, 100, "closed", 0),
    stage("lost", "Lost", "输单", StageType::Lost, 0, "omitted", 0),
    stage(
        "abandoned",
        "Abandoned",
        "无效",
        StageType::Abandoned,
        0,
        "omitted",
        0,
    ),
];

const fn stage(
    key: &'static str,
    english: &'static str,
    chinese: &'static str,
    kind: StageType,
    probability: i64,
    category: &'static str,
    rot_days: i64,
) -> DefaultStage {
    DefaultStage {
        key,
        english,
        chinese,
        kind,
        probability,
        category,
        rot_days,
    }
}

/// The columns of a list.
pub const COLUMNS: &[&str] = &["key", "label", "default", "stages", "deals"];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::UID,
    Field::write("key", FieldType::Text, &["name"], "name in filters and JSON"),
    Field::write("label", FieldType::Text, &[], "what people see"),
    Field::write(
        "default",
        FieldType::Bool,
        &["is_default"],
        "whether new deals go into it",
    ),
    Field::read(
        "stages",
        FieldType::Parts,
        &[],
        "stages in order, with type, probability, category and days",
    ),
    Field::read("deals", FieldType::Integer, &[], "number of open deals"),
    Field::CREATED_AT,
    Field::UPDATED_AT,
    Field::DELETED_AT,
    Field::VERSION,
];
