//! Where each field lives: from a line of a field table to SQL that reads it and columns that keep it.
//!
//! Most fields are a column of their own name; only the others are listed. In the expressions `@` stands for the alias
//! of the record's row, so that the same line serves lists, filters and paths through links.

mod service;

use crate::domain::field::{Field, FieldType};
use crate::domain::noun::Noun;

use service::{ARTICLE, CALENDAR, SLA, TICKET};

/// Where a field lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// An expression for the value: text, number, or lines joined by record separators. For links to nouns with refs, the id.
    pub(crate) read: String,
    /// For links: the column with the id.
    pub(crate) link: Option<&'static str>,
    /// The columns that are written; empty if the field has rows of its own or is kept by the program.
    pub(crate) write: &'static [&'static str],
}

/// One line of the exceptions: field, expression, link column, written columns.
type Line = (
    &'static str,
    &'static str,
    Option<&'static str>,
    &'static [&'static str],
);

/// Where `field` of `noun` lives.
pub(crate) fn source(noun: Noun, field: &Field) -> Source {
    let lines = exceptions(noun).iter().chain(COMMON);
    if let Some((_, read, link, write)) = lines.into_iter().find(|line| line.0 == field.name) {
        return Source {
            read: (*read).to_owned(),
            link: *link,
            write,
        };
    }
    Source {
        read: format!("@.{}", field.name),
        link: None,
        write: plain(noun, field.name),
    }
}

/// The written column of a field that has a column of its own name.
fn plain(noun: Noun, name: &str) -> &'static [&'static str] {
    crate::domain::field::fields(noun)
        .iter()
        .find(|field| field.name == name)
        .map_or(&[], |field| std::slice::from_ref(&field.name))
}

/// The table of a noun.
pub(crate) fn table(noun: Noun) -> &'static str {
    match noun {
        // The word itself is taken by SQL.
        Noun::Order => "sales_order",
        _ => noun.name(),
    }
}

/// The noun whose records are in a table; none for what belongs to records.
pub(crate) fn noun_of(name: &str) -> Option<Noun> {
    Noun::ALL.into_iter().find(|noun| table(*noun) == name)
}

/// The column with the currency of an amount; none if it is in the base currency.
pub(crate) fn currency_column(noun: Noun, field: &Field) -> Option<&'static str> {
    match noun {
        // A quote and an order are in one currency.
        Noun::Quote | Noun::Order if field.name.ends_with("_base") => None,
        Noun::Quote | Noun::Order => Some("currency"),
        _ => source(noun, field).write.get(1).copied(),
    }
}

/// The column that names a record for people.
pub(crate) fn name_column(noun: Noun) -> &'static str {
    match noun {
        Noun::Task => "title",
        Noun::Activity => "text",
        _ if noun.is_keyed() => "key",
        _ => "name",
    }
}

/// The column with the user to whom a record belongs; none if the noun belongs to everybody.
pub(crate) fn owner_column(noun: Noun) -> Option<&'static str> {
    match noun {
        Noun::Customer
        | Noun::Deal
        | Noun::Quote
        | Noun::Order
        | Noun::Ticket
        | Noun::Feedback
        | Noun::Activity => Some("owner_id"),
        Noun::Task => Some("assignee_id"),
        _ => None,
    }
}

/// True if a field of this type has rows of its own, which are loaded record by record.
pub(crate) fn is_parts(kind: FieldType) -> bool {
    kind == FieldType::Parts
}

/// Fields that live alike in every table that has them.
const COMMON: &[Line] = &[
    ("id", "@.no", None, &[]),
    ("uid", "@.id", None, &[]),
    (
        "tags",
        "(SELECT group_concat(name, char(30)) FROM (SELECT t.name FROM tagging AS g JOIN tag AS t ON t.id = g.tag_id
          WHERE g.record_id = @.id AND t.deleted_at IS NULL ORDER BY t.name_key))",
        None,
        &[],
    ),
    (
        "external_ids",
        "(SELECT group_concat(line, char(30)) FROM (SELECT e.system || ':' || e.value AS line FROM external_id AS e
          WHERE e.record_id = @.id ORDER BY e.id))",
        None,
        &[],
    ),
    ("attachments", "(SELECT 1 FROM attachment AS a WHERE a.record_id = @.id LIMIT 1)", None, &[]),
    ("intervals", "(SELECT 1 FROM value_interval AS i WHERE i.record_id = @.id LIMIT 1)", None, &[]),
    ("owner", "(SELECT u.name FROM user AS u WHERE u.id = @.owner_id)", Some("owner_id"), &["owner_id"]),
    ("created_by", "(SELECT u.name FROM user AS u WHERE u.id = @.created_by)", Some("created_by"), &[]),
    ("updated_by", "(SELECT u.name FROM user AS u WHERE u.id = @.updated_by)", Some("updated_by"), &[]),
];

fn exceptions(noun: Noun) -> &'static [Line] {
    match noun {
        Noun::Customer => CUSTOMER,
        Noun::Deal => DEAL,
        Noun::Quote => QUOTE,
        Noun::Order => ORDER,
        Noun::Ticket => TICKET,
        Noun::Feedback => FEEDBACK,
        Noun::Task => TASK,
        Noun::Activity => ACTIVITY,
        Noun::Product => PRODUCT,
        Noun::User => USER,
        Noun::Team => TEAM,
        Noun::Tag => TAG,
        Noun::Pipeline => PIPELINE,
        Noun::Field => FIELD,
        Noun::View => &[],
        Noun::Form => FORM,
        Noun::Assignment => ASSIGNMENT,
        Noun::Calendar => CALENDAR,
        Noun::Sla => SLA,
        Noun::Article => ARTICLE,
        Noun::Score => &[],
        Noun::Pool => POOL,
        Noun::Survey => SURVEY,
        Noun::Rule => RULE,
    }
}

const CUSTOMER: &[Line] = &[
    ("company", "@.company_id", Some("company_id"), &[]),
    ("parent", "@.parent_id", Some("parent_id"), &["parent_id"]),
    (
        "pool",
        "(SELECT p.key FROM pool AS p WHERE p.id = @.pool_id)",
        Some("pool_id"),
        &["pool_id"],
    ),
    ("merged_into", "@.merged_into_id", Some("merged_into_id"), &[]),
    (
        "emails",
        "(SELECT group_concat(address, char(30)) FROM (SELECT e.address FROM email AS e
          WHERE e.customer_id = @.id ORDER BY e.position))",
        None,
        &[],
    ),
    (
        "phones",
        "(SELECT group_concat(number, char(30)) FROM (SELECT CASE p.e164 WHEN '' THEN p.raw ELSE p.e164 END AS number
          FROM phone AS p WHERE p.customer_id = @.id ORDER BY p.position))",
        None,
        &[],
    ),
    (
        "handles",
        "(SELECT group_concat(line, char(30)) FROM (SELECT h.kind || ':' || h.value AS line FROM handle AS h
          WHERE h.customer_id = @.id ORDER BY h.position))",
        None,
        &[],
    ),
    ("email_details", "(SELECT 1 FROM email AS e WHERE e.customer_id = @.id LIMIT 1)", None, &[]),
    ("phone_details", "(SELECT 1 FROM phone AS p WHERE p.customer_id = @.id LIMIT 1)", None, &[]),
    ("address_details", "(SELECT 1 FROM address AS a WHERE a.customer_id = @.id LIMIT 1)", None, &[]),
    ("employments", "(SELECT 1 FROM employment AS e WHERE e.customer_id = @.id LIMIT 1)", None, &[]),
    (
        "relationships",
        "(SELECT 1 FROM relationship AS l WHERE l.customer_id = @.id OR l.other_id = @.id LIMIT 1)",
        None,
        &[],
    ),
    ("annual_revenue", "@.annual_revenue", None, &["annual_revenue", "revenue_currency"]),
    ("last_activity", "@.last_activity_on", None, &[]),
    ("next_task", "@.next_task_at", None, &[]),
];

const DEAL: &[Line] = &[
    ("customer", "@.customer_id", Some("customer_id"), &["customer_id"]),
    (
        "people",
        "(SELECT group_concat(line, char(30)) FROM (SELECT c.id || char(31) || c.no || char(31) || c.name AS line
          FROM deal_person AS l JOIN customer AS c ON c.id = l.customer_id WHERE l.deal_id = @.id
          ORDER BY l.is_primary DESC, l.id))",
        None,
        &[],
    ),
    ("lines", "(SELECT 1 FROM deal_line AS l WHERE l.deal_id = @.id LIMIT 1)", None, &[]),
    ("person_details", "(SELECT 1 FROM deal_person AS l WHERE l.deal_id = @.id LIMIT 1)", None, &[]),
    (
        "checklist",
        "(SELECT 1 FROM stage AS s WHERE s.id = @.stage_id AND s.checklist <> '[]')",
        None,
        &[],
    ),
    ("steps", "(SELECT 1 FROM deal_step AS x WHERE x.deal_id = @.id LIMIT 1)", None, &[]),
    ("pipeline", "(SELECT p.key FROM pipeline AS p WHERE p.id = @.pipeline_id)", Some("pipeline_id"), &[]),
    ("stage", "(SELECT s.key FROM stage AS s WHERE s.id = @.stage_id)", None, &[]),
    ("last_open_stage", "(SELECT s.key FROM stage AS s WHERE s.id = @.last_open_stage_id)", None, &[]),
    ("amount", "@.amount", None, &["amount", "currency"]),
    (
        "product",
        "(SELECT group_concat(line, char(30)) FROM (SELECT p.id || char(31) || p.no || char(31) || p.name AS line
          FROM deal_line AS l JOIN product AS p ON p.id = l.product_id WHERE l.deal_id = @.id ORDER BY l.position))",
        None,
        &[],
    ),
    ("expected_close", "@.expected_close_on", None, &["expected_close_on"]),
    ("stage_since", "@.stage_entered_on", None, &[]),
    ("last_activity", "@.last_activity_on", None, &[]),
    ("next_task", "@.next_task_at", None, &[]),
];

const QUOTE: &[Line] = &[
    ("customer", "@.customer_id", Some("customer_id"), &["customer_id"]),
    ("contact", "@.contact_id", Some("contact_id"), &["contact_id"]),
    ("deal", "@.deal_id", Some("deal_id"), &["deal_id"]),
    ("version_of", "@.version_of_id", Some("version_of_id"), &[]),
    // What these are to be is read with the rules of the quote, not word by word.
    ("status", "@.status", None, &[]),
    ("shipping", "@.shipping", None, &[]),
    ("lines", "@.lines", None, &[]),
    ("line_details", "(SELECT 1 FROM quote_line AS l WHERE l.quote_id = @.id LIMIT 1)", None, &[]),
    (
        "product",
        "(SELECT group_concat(line, char(30)) FROM (SELECT p.id || char(31) || p.no || char(31) || p.name AS line
          FROM quote_line AS l JOIN product AS p ON p.id = l.product_id WHERE l.quote_id = @.id ORDER BY l.position))",
        None,
        &[],
    ),
];

const ORDER: &[Line] = &[
    ("customer", "@.customer_id", Some("customer_id"), &["customer_id"]),
    ("contact", "@.contact_id", Some("contact_id"), &["contact_id"]),
    ("deal", "@.deal_id", Some("deal_id"), &["deal_id"]),
    ("quote", "@.quote_id", Some("quote_id"), &["quote_id"]),
    // What these are to be is read with the rules of the order, not word by word.
    ("status", "@.status", None, &[]),
    ("shipping", "@.shipping", None, &[]),
    ("lines", "@.lines", None, &[]),
    ("line_details", "(SELECT 1 FROM order_line AS l WHERE l.order_id = @.id LIMIT 1)", None, &[]),
    ("plan", "(SELECT 1 FROM installment AS i WHERE i.order_id = @.id LIMIT 1)", None, &[]),
    ("payments", "(SELECT 1 FROM payment AS p WHERE p.order_id = @.id LIMIT 1)", None, &[]),
    ("shipments", "(SELECT 1 FROM shipment AS s WHERE s.order_id = @.id LIMIT 1)", None, &[]),
    (
        "rate",
        "rtrim(rtrim(printf('%d.%09d', @.rate / 1000000000, @.rate % 1000000000), '0'), '.') || CASE WHEN @.rate IS NULL THEN NULL ELSE '' END",
        None,
        &[],
    ),
    (
        "product",
        "(SELECT group_concat(line, char(30)) FROM (SELECT p.id || char(31) || p.no || char(31) || p.name AS line
          FROM order_line AS l JOIN product AS p ON p.id = l.product_id WHERE l.order_id = @.id ORDER BY l.position))",
        None,
        &[],
    ),
];

const FEEDBACK: &[Line] = &[
    (
        "survey",
        "(SELECT s.key FROM survey AS s WHERE s.id = @.survey_id)",
        Some("survey_id"),
        &["survey_id"],
    ),
    // Follow from the rest.
    ("name", "@.name", None, &[]),
    ("verdict", "@.verdict", None, &[]),
    ("customer", "@.customer_id", Some("customer_id"), &["customer_id"]),
    ("contact", "@.contact_id", Some("contact_id"), &["contact_id"]),
    ("order", "@.order_id", Some("order_id"), &["order_id"]),
    ("ticket", "@.ticket_id", Some("ticket_id"), &["ticket_id"]),
    // What it is to be is a move.
    ("status", "@.status", None, &[]),
];

const TASK: &[Line] = &[
    (
        "due",
        "@.due_on || CASE @.due_time WHEN '' THEN '' ELSE 'T' || @.due_time END",
        None,
        &["due_on", "due_time", "zone"],
    ),
    ("customer", "@.customer_id", Some("customer_id"), &["customer_id"]),
    ("deal", "@.deal_id", Some("deal_id"), &["deal_id"]),
    (
        "remind",
        "(SELECT group_concat(text, ', ') FROM (SELECT n.text FROM reminder AS n WHERE n.task_id = @.id
          ORDER BY n.position))",
        None,
        &[],
    ),
    ("series", "@.series_id", None, &[]),
    (
        "assignee",
        "(SELECT u.name FROM user AS u WHERE u.id = @.assignee_id)",
        Some("assignee_id"),
        &["assignee_id"],
    ),
    (
        "completed_by",
        "(SELECT u.name FROM user AS u WHERE u.id = @.completed_by)",
        Some("completed_by"),
        &[],
    ),
];

const ACTIVITY: &[Line] = &[
    ("letter", "(SELECT 1 FROM letter AS l WHERE l.activity_id = @.id)", None, &[]),
    (
        "customer",
        "(SELECT l.customer_id FROM activity_customer AS l WHERE l.activity_id = @.id AND l.role = 'customer')",
        None,
        &[],
    ),
    (
        "people",
        "(SELECT group_concat(line, char(30)) FROM (SELECT c.id || char(31) || c.no || char(31) || c.name AS line
          FROM activity_customer AS l JOIN customer AS c ON c.id = l.customer_id
          WHERE l.activity_id = @.id AND l.role = 'participant' ORDER BY l.id))",
        None,
        &[],
    ),
    (
        "employers",
        "(SELECT group_concat(line, char(30)) FROM (SELECT c.id || char(31) || c.no || char(31) || c.name AS line
          FROM activity_customer AS l JOIN customer AS c ON c.id = l.customer_id
          WHERE l.activity_id = @.id AND l.role = 'employer' ORDER BY l.id))",
        None,
        &[],
    ),
    ("deal", "@.deal_id", Some("deal_id"), &["deal_id"]),
    ("ticket", "@.ticket_id", Some("ticket_id"), &["ticket_id"]),
    ("at", "@.at", None, &["at", "on_date"]),
];

const PRODUCT: &[Line] = &[
    ("price", "@.price", None, &["price", "currency"]),
    // Its currency is that of the price.
    ("cost", "@.cost", None, &["cost", "cost_currency"]),
];

const USER: &[Line] = &[
    (
        "manager",
        "(SELECT u.name FROM user AS u WHERE u.id = @.manager_id)",
        Some("manager_id"),
        &["manager_id"],
    ),
    (
        "team",
        "(SELECT t.name FROM team AS t WHERE t.id = @.team_id)",
        Some("team_id"),
        &["team_id"],
    ),
    (
        "reports",
        "(SELECT count(*) FROM user AS u WHERE u.manager_id = @.id AND u.deleted_at IS NULL)",
        None,
        &[],
    ),
];

const TEAM: &[Line] = &[
    (
        "manager",
        "(SELECT u.name FROM user AS u WHERE u.id = @.manager_id)",
        Some("manager_id"),
        &["manager_id"],
    ),
    (
        "members",
        "(SELECT count(*) FROM user AS u WHERE u.team_id = @.id AND u.deleted_at IS NULL)",
        None,
        &[],
    ),
];

const TAG: &[Line] = &[(
    "records",
    "(SELECT count(*) FROM tagging AS g WHERE g.tag_id = @.id AND @.deleted_at IS NULL AND 1 = CASE g.noun
      WHEN 'customer' THEN (SELECT deleted_at IS NULL FROM customer WHERE customer.id = g.record_id)
      WHEN 'deal' THEN (SELECT deleted_at IS NULL FROM deal WHERE deal.id = g.record_id)
      WHEN 'quote' THEN (SELECT deleted_at IS NULL FROM quote WHERE quote.id = g.record_id)
      WHEN 'order' THEN (SELECT deleted_at IS NULL FROM sales_order WHERE sales_order.id = g.record_id)
      WHEN 'ticket' THEN (SELECT deleted_at IS NULL FROM ticket WHERE ticket.id = g.record_id)
      WHEN 'feedback' THEN (SELECT deleted_at IS NULL FROM feedback WHERE feedback.id = g.record_id)
      WHEN 'article' THEN (SELECT deleted_at IS NULL FROM article WHERE article.id = g.record_id)
      WHEN 'task' THEN (SELECT deleted_at IS NULL FROM task WHERE task.id = g.record_id)
      WHEN 'activity' THEN (SELECT deleted_at IS NULL FROM activity WHERE activity.id = g.record_id)
      ELSE (SELECT deleted_at IS NULL FROM product WHERE product.id = g.record_id) END)",
    None,
    &[],
)];

const PIPELINE: &[Line] = &[
    (
        "label",
        "(SELECT l.text FROM label AS l WHERE l.record_id = @.id ORDER BY l.language LIMIT 1)",
        None,
        &[],
    ),
    (
        "stages",
        "(SELECT 1 FROM stage AS s WHERE s.pipeline_id = @.id AND s.deleted_at IS NULL LIMIT 1)",
        None,
        &[],
    ),
    ("default", "@.is_default", None, &["is_default"]),
    (
        "deals",
        "(SELECT count(*) FROM deal AS d WHERE d.pipeline_id = @.id AND d.status = 'open' AND d.deleted_at IS NULL)",
        None,
        &[],
    ),
];

const FORM: &[Line] = &[
    (
        "submissions",
        "(SELECT count(*) FROM form_submission AS s WHERE s.form_id = @.id)",
        None,
        &[],
    ),
    (
        "rejected",
        "(SELECT count(*) FROM form_submission AS s WHERE s.form_id = @.id AND s.outcome = 'rejected')",
        None,
        &[],
    ),
];

const ASSIGNMENT: &[Line] = &[
    (
        "fallback",
        "(SELECT u.name FROM user AS u WHERE u.id = @.fallback_id)",
        Some("fallback_id"),
        &["fallback_id"],
    ),
    (
        "last",
        "(SELECT u.name FROM assignment_log AS l JOIN user AS u ON u.id = l.user_id
          WHERE l.assignment_id = @.id AND l.position IS NOT NULL ORDER BY l.id DESC LIMIT 1)",
        None,
        &[],
    ),
    (
        "given",
        "(SELECT count(*) FROM assignment_log AS l WHERE l.assignment_id = @.id)",
        None,
        &[],
    ),
];

const RULE: &[Line] = &[
    ("on", "@.on_text", None, &["on_text"]),
    (
        "noun",
        "substr(@.on_text, 1, instr(@.on_text, ' ') - 1)",
        None,
        &[],
    ),
    (
        "owner",
        "(SELECT u.name FROM user AS u WHERE u.id = @.created_by)",
        Some("created_by"),
        &[],
    ),
    (
        "fired",
        "(SELECT count(*) FROM rule_log AS l WHERE l.rule_id = @.id AND l.outcome IN ('done', 'pending'))",
        None,
        &[],
    ),
    (
        "failed",
        "(SELECT count(*) FROM rule_log AS l WHERE l.rule_id = @.id AND l.outcome IN ('failed', 'stopped'))",
        None,
        &[],
    ),
    (
        "last",
        "(SELECT max(l.at) FROM rule_log AS l WHERE l.rule_id = @.id)",
        None,
        &[],
    ),
];

const POOL: &[Line] = &[(
    "customers",
    "(SELECT count(*) FROM customer AS c WHERE c.pool_id = @.id AND c.owner_id IS NULL AND c.deleted_at IS NULL)",
    None,
    &[],
)];

const SURVEY: &[Line] = &[
    (
        "scale",
        "CASE @.type WHEN 'nps' THEN '0-10' WHEN 'ces' THEN '1-7' ELSE '1-5' END",
        None,
        &[],
    ),
    (
        "asked",
        "(SELECT count(*) FROM feedback AS f WHERE f.survey_id = @.id AND f.deleted_at IS NULL)",
        None,
        &[],
    ),
    (
        "answered",
        "(SELECT count(*) FROM feedback AS f WHERE f.survey_id = @.id AND f.score IS NOT NULL AND f.deleted_at IS NULL)",
        None,
        &[],
    ),
];

const FIELD: &[Line] = &[
    (
        "label",
        "(SELECT l.text FROM label AS l WHERE l.record_id = @.id ORDER BY l.language LIMIT 1)",
        None,
        &[],
    ),
    (
        "options",
        "(SELECT group_concat(key, ',') FROM (SELECT o.key FROM option AS o
          WHERE o.list = @.noun || '.' || @.key ORDER BY o.position))",
        None,
        &[],
    ),
    (
        "labels",
        "(SELECT 1 FROM label AS l WHERE l.record_id = @.id LIMIT 1)",
        None,
        &[],
    ),
    (
        "option_details",
        "(SELECT 1 FROM option AS o WHERE o.list = @.noun || '.' || @.key LIMIT 1)",
        None,
        &[],
    ),
    ("unique", "@.is_unique", None, &["is_unique"]),
    ("default", "@.default_text", None, &["default_text"]),
    ("min", "@.least", None, &["least"]),
    ("max", "@.most", None, &["most"]),
];
