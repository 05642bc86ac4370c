//! What a customer is: a person or a company, from the first sight of them to long after.

use std::ops::RangeInclusive;

use jiff::Span;
use jiff::civil::Date;

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

/// Person or company.
pub const TYPES: &[&str] = &["person", "company"];

/// How far the relation has come, in order; import and merge never move it backward.
pub const LIFECYCLES: &[&str] = &[
    "prospect",
    "lead",
    "qualified",
    "opportunity",
    "first_customer",
    "repeat_customer",
    "loyal",
    "advocate",
    "at_risk",
    "dormant",
    "churned",
    "other",
];

/// Importance for the business.
pub const LEVELS: &[&str] = &["A", "B", "C"];

/// Services in which a customer can have a handle.
pub const HANDLE_KINDS: &[&str] = &[
    "wechat",
    "weibo",
    "qq",
    "douyin",
    "xiaohongshu",
    "linkedin",
    "x",
    "facebook",
    "instagram",
    "whatsapp",
    "telegram",
    "github",
    "other",
];

/// The rank of a lifecycle for the rule that import and merge never move it backward; the later the higher.
pub fn lifecycle_rank(lifecycle: &str) -> usize {
    LIFECYCLES.iter().position(|word| *word == lifecycle).unwrap_or(0)
}

/// How many of the last days of contact make a customer's own rhythm.
pub const RHYTHM_CONTACTS: i64 = 10;

/// How many days may lie between two contacts that somebody wants.
pub const KEEP_IN_TOUCH: RangeInclusive<i64> = 1..=3650;

/// The day from which a customer counts as quiet; none without a rhythm.
///
/// The rhythm is the shortest interval in days that is wanted (`keep_in_touch` of the customer and its labels), and counts
/// from the last contact, or from the day on which the customer was added. Without one, and with at least four days of contact,
/// it is twice the mean gap between those days, and at least two weeks. `contacts` are distinct days, newest first.
pub fn quiet_on(keep_in_touch: Option<i64>, contacts: &[Date], created_on: Date) -> Option<Date> {
    let last = contacts.first().unwrap_or(&created_on);
    let first = contacts.last().unwrap_or(&created_on);
    let rhythm = match keep_in_touch {
        Some(days) => days,
        None if contacts.len() >= 4 => {
            let gaps = i64::try_from(contacts.len()).ok()? - 1;
            let spanned = i64::from(first.until(*last).ok()?.get_days());
            (2 * spanned / gaps).max(14)
        }
        None => return None,
    };
    last.checked_add(Span::new().try_days(rhythm).ok()?).ok()
}

/// The columns of a list.
pub const COLUMNS: &[&str] = &[
    "id",
    "name",
    "company",
    "title",
    "phones",
    "emails",
    "last_activity",
    "lifecycle",
    "owner",
];

/// The field table.
pub const FIELDS: &[Field] = &[
    Field::read("id", FieldType::Ref, &["ref"], "ref, C42"),
    Field::UID,
    Field::write("type", FieldType::Word(TYPES), &["类型"], "person or company"),
    Field::write(
        "name",
        FieldType::Text,
        &[
            "full_name",
            "display_name",
            "account",
            "account_name",
            "姓名",
            "联系人",
            "名称",
            "联系人姓名",
        ],
        "full name; family name first for Chinese, Japanese and Korean names",
    ),
    Field::write(
        "company",
        FieldType::Link(Noun::Customer),
        &[
            "organization",
            "organisation",
            "employer",
            "company_name",
            "公司",
            "公司名称",
            "客户名称",
            "单位",
            "企业名称",
        ],
        "current primary employer of a person",
    ),
    Field::write(
        "title",
        FieldType::Text,
        &["job_title", "position", "职位", "职务"],
        "job title of a person",
    ),
    Field::write(
        "emails",
        FieldType::Emails,
        &[
            "email",
            "e_mail",
            "mail",
            "email_address",
            "邮箱",
            "电子邮箱",
            "电子邮件",
        ],
        "e-mail addresses, primary first",
    ),
    Field::write(
        "phones",
        FieldType::Phones,
        &[
            "phone",
            "telephone",
            "tel",
            "phone_number",
            "电话",
            "手机",
            "手机号",
            "座机",
            "联系电话",
        ],
        "telephone numbers in E.164, primary first",
    ),
    Field::write(
        "handles",
        FieldType::Handles,
        &["handle"],
        "names in other services, wechat:zhangwei",
    ),
    Field::write("tags", FieldType::Tags, &["tag", "labels", "标签"], "labels"),
    Field::write(
        "lifecycle",
        FieldType::Word(LIFECYCLES),
        &["生命周期"],
        "how far the relation has come",
    ),
    Field::write(
        "disqualified_on",
        FieldType::Date,
        &["disqualified", "淘汰日期"],
        "day on which it was found that this is no lead",
    ),
    Field::write(
        "disqualified_reason",
        FieldType::Choice("disqualified_reason"),
        &["unqualified_reason", "淘汰原因"],
        "why this is no lead: no_budget, no_need, spam …",
    ),
    Field::write(
        "level",
        FieldType::Word(LEVELS),
        &["客户级别", "级别", "等级"],
        "importance: A, B or C",
    ),
    Field::write(
        "source",
        FieldType::Choice("source"),
        &["lead_source", "来源", "客户来源"],
        "where the customer came from",
    ),
    Field::write(
        "owner",
        FieldType::Link(Noun::User),
        &["sales_agent", "负责人", "所有人", "销售"],
        "user who looks after the customer",
    ),
    Field::write(
        "pool",
        FieldType::Link(Noun::Pool),
        &["公海"],
        "public pool that the customer is in; who gets an owner leaves it",
    ),
    Field::write(
        "pooled_on",
        FieldType::Date,
        &["pooled", "入公海日期"],
        "day on which the customer went into the pool",
    ),
    Field::write(
        "locked",
        FieldType::Bool,
        &["锁定"],
        "no pool takes the customer from the owner",
    ),
    Field::write(
        "industry",
        FieldType::Choice("industry"),
        &["sector", "行业"],
        "line of business of a company",
    ),
    Field::write(
        "employees",
        FieldType::Integer,
        &["number_of_employees", "headcount", "员工数", "人数"],
        "number of people in a company",
    ),
    Field::write(
        "annual_revenue",
        FieldType::Money,
        &["revenue", "年收入", "营业额"],
        "turnover of a company",
    ),
    Field::write(
        "tax_id",
        FieldType::Text,
        &["vat_id", "vat_number", "统一社会信用代码", "税号"],
        "tax or registration number of a company",
    ),
    Field::write(
        "website",
        FieldType::Url,
        &["url", "web", "homepage", "网站", "网址"],
        "web address",
    ),
    Field::write(
        "parent",
        FieldType::Link(Noun::Customer),
        &["subsidiary_of", "parent_company", "母公司"],
        "company that this company belongs to",
    ),
    Field::write(
        "address",
        FieldType::Text,
        &["street", "street_address", "地址", "详细地址"],
        "street and number",
    ),
    Field::write(
        "city",
        FieldType::Text,
        &["town", "城市"],
        "town of the main address",
    ),
    Field::write(
        "region",
        FieldType::Text,
        &["state", "province", "省份", "省"],
        "state or province",
    ),
    Field::write(
        "postal_code",
        FieldType::Text,
        &["zip", "zip_code", "postcode", "邮编"],
        "postal code",
    ),
    Field::write(
        "country",
        FieldType::Country,
        &["office_location", "国家"],
        "ISO code of the country; as it was written where it is not known",
    ),
    Field::write(
        "birthday",
        FieldType::Birthday,
        &["birth_date", "生日"],
        "1985-05-17, or --05-17 without the year",
    ),
    Field::write("gender", FieldType::Choice("gender"), &["性别"], "gender"),
    Field::write(
        "language",
        FieldType::Text,
        &["语言"],
        "language to write in, as a BCP 47 tag",
    ),
    Field::write(
        "interests",
        FieldType::LongText,
        &["兴趣"],
        "what the customer cares about",
    ),
    Field::write("needs", FieldType::LongText, &["需求"], "what the customer needs"),
    Field::write(
        "note",
        FieldType::LongText,
        &["notes", "description", "备注", "说明"],
        "free text",
    ),
    Field::write(
        "keep_in_touch",
        FieldType::Integer,
        &["keep_in_touch_days", "联系间隔"],
        "wanted number of days between contacts; that of a label counts if it is shorter",
    ),
    Field::write(
        "do_not_contact",
        FieldType::Bool,
        &["dnc"],
        "the customer asked not to be contacted",
    ),
    Field::read(
        "last_activity",
        FieldType::Date,
        &["last_contact", "last_contacted"],
        "day of the last activity that was not a mere note",
    ),
    Field::read(
        "next_task",
        FieldType::Instant,
        &["next_step_at"],
        "when the next open task is due",
    ),
    Field::read("open_tasks", FieldType::Integer, &[], "number of open tasks"),
    Field::read("open_deals", FieldType::Integer, &[], "number of open deals"),
    Field::read(
        "score",
        FieldType::Integer,
        &["评分"],
        "points of fit and engagement together, as they were last counted",
    ),
    Field::read(
        "score_fit",
        FieldType::Integer,
        &["fit"],
        "points for what the customer is",
    ),
    Field::read(
        "score_engagement",
        FieldType::Integer,
        &["engagement"],
        "points for what the customer does",
    ),
    Field::read(
        "scored_at",
        FieldType::Instant,
        &[],
        "when the points became what they are",
    ),
    Field::read(
        "quiet_on",
        FieldType::Date,
        &[],
        "day from which the customer counts as quiet",
    ),
    Field::write(
        "external_ids",
        FieldType::ExternalIds,
        &["external_id"],
        "identities in other systems, system:value",
    ),
    Field::ATTACHMENTS,
    Field::read(
        "email_details",
        FieldType::Parts,
        &[],
        "e-mail addresses with label, validity and opt-out",
    ),
    Field::read(
        "phone_details",
        FieldType::Parts,
        &[],
        "telephone numbers with label, validity and opt-out",
    ),
    Field::read(
        "address_details",
        FieldType::Parts,
        &["addresses"],
        "further addresses with their labels",
    ),
    Field::read(
        "employments",
        FieldType::Parts,
        &[],
        "employers with title and dates",
    ),
    Field::read(
        "relationships",
        FieldType::Parts,
        &[],
        "relations to other customers",
    ),
    Field::read(
        "intervals",
        FieldType::Parts,
        &["history"],
        "owner and lifecycle over time",
    ),
    Field::CREATED_AT,
    Field::CREATED_BY,
    Field::UPDATED_AT,
    Field::UPDATED_BY,
    Field::DELETED_AT,
    Field::read(
        "merged_into",
        FieldType::Link(Noun::Customer),
        &[],
        "record into which this one was merged",
    ),
    Field::VERSION,
];
