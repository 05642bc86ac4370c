//! Founding a base: its first user, its words and its sales process.

use crate::domain::calendar::{DEFAULT_CALENDAR, USUAL_WEEK};
use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::pipeline::{DEFAULT_PIPELINE, DEFAULT_STAGES};
use crate::domain::process::Rules;
use crate::domain::sla::DEFAULT_POLICY;
use crate::domain::sla::targets::Targets;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::survey;
use crate::store::rows::{self, Identity};
use crate::store::{WriteTx, fields, seed, service};

/// What a new base is to know.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The currency in which sums are made.
    pub currency: Currency,
    /// The name of the first user.
    pub user: String,
    /// Whether it holds sample data that may be thrown away.
    pub demo: bool,
}

/// The name of the user that a new base has, unless another is given.
pub const FIRST_USER: &str = "self";

/// One entry of a default picklist: key, English label, Chinese label.
type Entry = (&'static str, &'static str, &'static str);

/// The picklists that a new base has.
pub const LISTS: &[(&str, &[Entry])] = &[
    (
        "source",
        &[
            ("website", "Website", "官网"),
            ("web_form", "Web form", "表单"),
            ("search", "Search engine", "搜索引擎"),
            ("ads", "Advertising", "广告"),
            ("social", "Social media", "社交媒体"),
            ("wechat", "WeChat", "微信"),
            ("weibo", "Weibo", "微博"),
            ("event", "Event", "线下活动"),
            ("trade_show", "Trade show", "展会"),
            ("seminar", "Seminar", "研讨会"),
            ("referral", "Referral", "转介绍"),
            ("partner", "Partner", "合作伙伴"),
            ("existing_customer", "Existing customer", "老客户"),
            ("cold_call", "Cold call", "陌拜"),
            ("inbound_call", "Inbound call", "来电"),
            ("phone", "Telephone", "电话"),
            ("email", "E-mail", "邮件"),
            ("purchased_list", "Purchased list", "购买名单"),
            ("third_party", "Third-party data", "第三方数据"),
            ("import", "Import", "导入"),
            ("other", "Other", "其他"),
        ],
    ),
    (
        "industry",
        &[
            ("technology", "Technology", "信息技术"),
            ("software", "Software", "软件"),
            ("finance", "Finance", "金融业"),
            ("real_estate", "Real estate", "房地产"),
            ("business_services", "Business services", "商业服务"),
            ("transport", "Transport and logistics", "运输/物流"),
            ("manufacturing", "Manufacturing", "生产制造"),
            ("government", "Government", "政府"),
            ("media", "Culture and media", "文化传媒"),
            ("retail", "Retail", "零售"),
            ("medical", "Medical", "医疗"),
            ("education", "Education", "教育"),
            ("telecommunications", "Telecommunications", "通信"),
            ("marketing", "Marketing", "市场营销"),
            ("entertainment", "Entertainment", "娱乐"),
            ("employment", "Employment", "人力资源"),
            ("services", "Services", "服务业"),
            ("energy", "Energy", "能源"),
            ("other", "Other", "其他"),
        ],
    ),
    (
        "gender",
        &[
            ("female", "Female", "女"),
            ("male", "Male", "男"),
            ("other", "Other", "其他"),
        ],
    ),
    (
        "lost_reason",
        &[
            ("price", "Price", "价格"),
            ("competitor", "Competitor", "竞争对手"),
            ("budget", "No budget", "预算不足"),
            ("missing_feature", "Missing feature", "功能缺失"),
            ("timing", "Timing", "时机不对"),
            ("no_decision", "No decision", "无决策"),
            ("no_decision_maker", "No decision maker", "未触达决策人"),
            ("unresponsive", "Unresponsive", "无回应"),
            ("poor_fit", "Poor fit", "不匹配"),
            ("relationship", "Relationship", "关系"),
            ("duplicate", "Duplicate", "重复"),
            ("other", "Other", "其他"),
        ],
    ),
    (
        "deal_type",
        &[
            ("new_business", "New business", "新业务"),
            ("upsell", "Upsell", "增购"),
            ("cross_sell", "Cross-sell", "交叉销售"),
            ("renewal", "Renewal", "续约"),
            ("downgrade", "Downgrade", "降级"),
            ("replacement", "Replacement", "替换"),
        ],
    ),
    (
        "outcome",
        &[
            ("connected", "Reached", "已接通"),
            ("left_message", "Left a message", "已留言"),
            ("no_answer", "No answer", "无人接听"),
            ("busy", "Busy", "占线"),
            ("wrong_number", "Wrong number", "号码错误"),
            ("call_back", "Wants a call back", "要求回电"),
            ("not_interested", "Not interested", "不感兴趣"),
            ("positive", "Positive", "积极"),
            ("neutral", "Neutral", "一般"),
            ("negative", "Negative", "消极"),
        ],
    ),
];

/// From which id on the picklists that came later are made, so that a base to which a migration brought them has the same.
const LATER: Id = Id::from_raw(2_000_000);

/// From which id on the calendar and the policy are made, which came later too.
const PROMISES: Id = Id::from_raw(2_010_000);

/// Picklists that came later.
pub const LATER_LISTS: &[(&str, &[Entry])] = &[(
    "disqualified_reason",
    &[
        ("no_budget", "No budget", "没有预算"),
        ("no_need", "No need", "没有需求"),
        ("no_authority", "No authority", "没有决策权"),
        ("bad_timing", "Bad timing", "时机不对"),
        ("wrong_contact", "Wrong contact", "联系人不对"),
        ("competitor", "Competitor", "竞争对手"),
        ("duplicate", "Duplicate", "重复"),
        ("spam", "Spam", "垃圾信息"),
        ("out_of_territory", "Out of territory", "不在业务区域"),
        ("other", "Other", "其他"),
    ],
)];

/// Fills a new base.
///
/// # Errors
///
/// Whatever the store fails with.
pub fn found(tx: &WriteTx<'_>, founding: &Founding) -> Result<()> {
    seed::setting(tx, "base_currency", founding.currency.code())?;
    seed::setting(tx, "demo", if founding.demo { "yes" } else { "no" })?;
    tx.at_origin(|| seeds(tx, founding))
}

/// The first user, the picklists, the sales process, and what is promised for tickets.
fn seeds(tx: &WriteTx<'_>, founding: &Founding) -> Result<()> {
    let name = field::find(Noun::User, "name").ok_or_else(|| Error::internal("a user has no name"))?;
    rows::add(
        tx,
        Noun::User,
        Identity::default(),
        &[(name, Value::Text(founding.user.clone()))],
        Vec::new(),
    )?;
    picklists(tx, LISTS)?;
    let pipeline = seed::pipeline(tx, DEFAULT_PIPELINE, true)?;
    fields::set_label(tx, pipeline, "en", "Sales")?;
    fields::set_label(tx, pipeline, "zh", "销售")?;
    for stage in DEFAULT_STAGES {
        let id = seed::stage(
            tx,
            pipeline,
            &seed::NewStage {
                key: stage.key.to_owned(),
                position: None,
                kind: stage.kind,
                probability: stage.probability,
                category: stage.category.to_owned(),
                rot_days: stage.rot_days,
                rules: Rules::default(),
            },
        )?;
        fields::set_label(tx, id, "en", stage.english)?;
        fields::set_label(tx, id, "zh", stage.chinese)?;
    }
    survey::seed(tx)?;
    tx.at_origin_from(LATER, || picklists(tx, LATER_LISTS))?;
    tx.at_origin_from(PROMISES, || promises(tx))
}

/// A calendar in the zone of the founder, and the policy that promises what is usual.
fn promises(tx: &WriteTx<'_>) -> Result<()> {
    let zone = tx.caller().clock.zone().iana_name().unwrap_or("UTC").to_owned();
    let calendar = service::add_calendar(tx, DEFAULT_CALENDAR, &zone, USUAL_WEEK)?;
    service::add_policy(tx, DEFAULT_POLICY, calendar, &Targets::USUAL.to_string())?;
    Ok(())
}

fn picklists(tx: &WriteTx<'_>, lists: &[(&str, &[Entry])]) -> Result<()> {
    for (list, entries) in lists {
        for (key, english, chinese) in *entries {
            let id = fields::add_choice(tx, list, key)?;
            fields::set_label(tx, id, "en", english)?;
            fields::set_label(tx, id, "zh", chinese)?;
        }
    }
    Ok(())
}

/// Notes something about the base itself, beside its business data.
///
/// # Errors
///
/// Whatever the store fails with.
pub fn note(tx: &WriteTx<'_>, key: &str, value: &str) -> Result<()> {
    seed::setting(tx, key, value)
}
