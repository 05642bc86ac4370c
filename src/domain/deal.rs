//! What a deal is: a chance to sell that moves through the stages of its pipeline.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::field::{Field, FieldType};
use crate::domain::fold::fold;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;

/// Whether a deal is running and how it ended; it follows from the type of its stage, never from a name.
pub const STATUSES: &[&str] = &["open", "won", "lost", "abandoned"];

/// Whether a kept number follows the stage or was set by a person.
pub const MODES: &[&str] = &["stage", "manual"];

/// Forecast categories.
pub const CATEGORIES: &[&str] = &["omitted", "pipeline", "best_case", "commit", "closed"];

/// The part a person plays in a deal.
pub const ROLES: &[&str] = &[
    "decision_maker",
    "economic_buyer",
    "champion",
    "influencer",
    "technical_evaluator",
    "end_user",
    "blocker",
    "legal",
    "other",
];

/// What Chinese readers call the parts, in the order of [`ROLES`].
pub const ROLES_CHINESE: &[&str] = &[
    "决策人",
    "经济决策人",
    "支持者",
    "影响者",
    "技术评估人",
    "最终用户",
    "反对者",
    "法务",
    "其他",
];

/// The parts of those who can say yes.
pub const DECIDERS: &[&str] = &["decision_maker", "economic_buyer"];

/// The part that `word` names, in either language; none if there is none.
pub fn role(word: &str) -> Option<&'static str> {
    let wanted = fold(word).trim().replace([' ', '-'], "_");
    let names = ROLES.iter().zip(ROLES_CHINESE);
    names
        .filter(|(role, chinese)| **role == wanted || **chinese == wanted)
        .map(|(role, _)| *role)
        .next()
}

/// How a deal came into a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// It was made there.
    Create,
    /// From the stage before.
    Forward,
    /// From a later stage.
    Backward,
    /// From an earlier stage, over at least one other.
    Skip,
    /// From a stage in which it was closed.
    Reopen,
    /// It was closed.
    Close,
}

impl Direction {
    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Create => "create",
            Direction::Forward => "forward",
            Direction::Backward => "backward",
            Direction::Skip => "skip",
            Direction::Reopen => "reopen",
            Direction::Close => "close",
        }
    }
}

/// The direction of a move between two stages, each given by its type and its place among the open stages of its
/// pipeline. None if a deal may not move so: one that is closed has to be reopened before it can end otherwise.
pub fn direction(from: (StageType, usize), to: (StageType, usize)) -> Option<Direction> {
    match (from.0, to.0) {
        (StageType::Open, StageType::Open) => Some(if to.1 < from.1 {
            Direction::Backward
        } else if to.1 > from.1 + 1 {
            Direction::Skip
        } else {
            Direction::Forward
        }),
        (StageType::Open, _) => Some(Direction::Close),
        (_, StageType::Open) => Some(Direction::Reopen),
        (was, is) => (was == is).then_some(Direction::Close),
    }
}

/// The first day on which a deal rots: more than `rot_days` after its last news (an activity, a move, an edit).
pub fn rotting_on(news: &[Date], rot_days: i64) -> Option<Date> {
    news.iter().max()?.checked_add((rot_days + 1).days()).ok()
}

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "id",
    "name",
    "customer",
    "stage",
    "amount",
    "probability",
    "expected_close",
    "owner",
    "next_task",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read("id", FieldType::Ref, &["ref"], "ref, D7"),
    Field::UID,
    Field::write(
        "name",
        FieldType::Text,
        &["deal_name", "opportunity", "opportunity_name", "商机", "商机名称"],
        "what is being sold",
    ),
    Field::write(
        "customer",
        FieldType::Link(Noun::Customer),
        &["account", "company", "客户"],
        "customer it is sold to",
    ),
    Field::write(
        "people",
        FieldType::Links(Noun::Customer),
        &["contacts"],
        "people who have a part in it",
    ),
    Field::write(
        "pipeline",
        FieldType::Link(Noun::Pipeline),
        &["销售流程"],
        "sales process",
    ),
    Field::write(
        "stage",
        FieldType::Text,
        &["deal_stage", "阶段", "销售阶段"],
        "key of the stage it is in",
    ),
    Field::read(
        "status",
        FieldType::Word(STATUSES),
        &["状态"],
        "open, won, lost or abandoned: the type of its stage",
    ),
    Field::write(
        "amount",
        FieldType::Money,
        &["value", "close_value", "金额", "预计金额"],
        "what it is worth; filters compare in the base currency",
    ),
    Field::read(
        "amount_base",
        FieldType::Money,
        &[],
        "amount in the base currency; none without a rate",
    ),
    Field::write(
        "probability",
        FieldType::Percent,
        &["赢率"],
        "chance of winning in percent",
    ),
    Field::read(
        "probability_mode",
        FieldType::Word(MODES),
        &[],
        "whether the probability follows the stage",
    ),
    Field::write(
        "category",
        FieldType::Word(CATEGORIES),
        &["forecast_category"],
        "forecast category",
    ),
    Field::read(
        "category_mode",
        FieldType::Word(MODES),
        &[],
        "whether the category follows the stage",
    ),
    Field::write(
        "expected_close",
        FieldType::Date,
        &["close", "expected_close_on", "预计成交日期"],
        "day on which it should close",
    ),
    Field::write(
        "opened_on",
        FieldType::Date,
        &["opened", "engage_date"],
        "day on which it began",
    ),
    Field::write(
        "closed_on",
        FieldType::Date,
        &["closed", "close_date", "成交日期"],
        "day on which it was won, lost or abandoned",
    ),
    Field::write(
        "owner",
        FieldType::Link(Noun::User),
        &["sales_agent", "负责人"],
        "user who works on it",
    ),
    Field::write(
        "product",
        FieldType::Links(Noun::Product),
        &["products", "产品"],
        "products in its lines",
    ),
    Field::write(
        "source",
        FieldType::Choice("source"),
        &["lead_source", "来源"],
        "where the deal came from",
    ),
    Field::write(
        "type",
        FieldType::Choice("deal_type"),
        &["类型"],
        "new business, renewal …",
    ),
    Field::write(
        "competitor",
        FieldType::Text,
        &["竞争对手"],
        "who else is in the race",
    ),
    Field::write(
        "lost_reason",
        FieldType::Choice("lost_reason"),
        &["输单原因"],
        "why it was lost",
    ),
    Field::write(
        "lost_note",
        FieldType::LongText,
        &[],
        "what was said when it was lost",
    ),
    Field::read(
        "last_open_stage",
        FieldType::Text,
        &[],
        "stage in which it was when it was closed",
    ),
    Field::TAGS,
    Field::NOTE,
    Field::read(
        "stage_since",
        FieldType::Date,
        &["stage_entered_on"],
        "day on which it came into its stage",
    ),
    Field::read(
        "last_activity",
        FieldType::Date,
        &[],
        "day of the last activity that was not a mere note",
    ),
    Field::read(
        "next_task",
        FieldType::Instant,
        &["next_step_at"],
        "when the next open task is due",
    ),
    Field::read("open_tasks", FieldType::Integer, &[], "number of open tasks"),
    Field::read(
        "rotting_on",
        FieldType::Date,
        &[],
        "day from which it rots without a next step",
    ),
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id", "opportunity_id"],
        "identities in other systems, system:value",
    ),
    Field::ATTACHMENTS,
    Field::read(
        "lines",
        FieldType::Parts,
        &[],
        "products with quantity, price and discount",
    ),
    Field::read("person_details", FieldType::Parts, &[], "people with their roles"),
    Field::read(
        "checklist",
        FieldType::Parts,
        &[],
        "what its stage wants done before it moves on, and what is",
    ),
    Field::read(
        "steps",
        FieldType::Parts,
        &[],
        "what was ticked off, and which tasks were made, stage by stage",
    ),
    Field::read(
        "intervals",
        FieldType::Parts,
        &["history"],
        "stage, owner, amount, close date … over time",
    ),
    Field::CREATED_AT,
    Field::CREATED_BY,
    Field::UPDATED_AT,
    Field::UPDATED_BY,
    Field::DELETED_AT,
    Field::VERSION,
];
