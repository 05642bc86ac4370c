//! Where the fields of tickets, calendars, service policies and articles live.

use super::Line;

pub(super) const TICKET: &[Line] = &[
    ("customer", "@.customer_id", Some("customer_id"), &["customer_id"]),
    ("company", "@.company_id", Some("company_id"), &[]),
    ("contact", "@.contact_id", Some("contact_id"), &["contact_id"]),
    (
        "assignee",
        "(SELECT u.name FROM user AS u WHERE u.id = @.assignee_id)",
        Some("assignee_id"),
        &["assignee_id"],
    ),
    (
        "team",
        "(SELECT t.name FROM team AS t WHERE t.id = @.team_id)",
        Some("team_id"),
        &["team_id"],
    ),
    ("order", "@.order_id", Some("order_id"), &["order_id"]),
    ("product", "@.product_id", Some("product_id"), &["product_id"]),
    ("parent", "@.parent_id", Some("parent_id"), &["parent_id"]),
    // Articles have no numbers.
    (
        "articles",
        "(SELECT group_concat(line, char(30)) FROM (SELECT a.id || char(31) || 0 || char(31) || a.key AS line
          FROM ticket_article AS l JOIN article AS a ON a.id = l.article_id
          WHERE l.ticket_id = @.id AND a.deleted_at IS NULL ORDER BY l.id))",
        None,
        &[],
    ),
    ("merged_into", "@.merged_into_id", Some("merged_into_id"), &[]),
    (
        "sla",
        "(SELECT s.key FROM sla AS s WHERE s.id = @.sla_id)",
        Some("sla_id"),
        &["sla_id"],
    ),
    ("response_time", "@.response_s", None, &[]),
    ("resolution_time", "@.resolution_s", None, &[]),
    // What these are to be becomes a stay in a step.
    ("step", "@.step", None, &[]),
    ("status", "@.status", None, &[]),
    ("received_at", "@.received_at", None, &[]),
    ("first_responded_at", "@.first_responded_at", None, &[]),
    ("resolved_at", "@.resolved_at", None, &[]),
    ("closed_at", "@.closed_at", None, &[]),
    (
        "steps",
        "(SELECT 1 FROM ticket_step AS s WHERE s.ticket_id = @.id LIMIT 1)",
        None,
        &[],
    ),
    (
        "comments",
        "(SELECT 1 FROM ticket_comment AS m WHERE m.ticket_id = @.id LIMIT 1)",
        None,
        &[],
    ),
];

pub(super) const CALENDAR: &[Line] = &[
    (
        "differing_days",
        "(CASE @.days WHEN '' THEN 0 ELSE length(@.days) - length(replace(@.days, char(10), '')) + 1 END)",
        None,
        &[],
    ),
    (
        "policies",
        "(SELECT count(*) FROM sla AS s WHERE s.calendar_id = @.id AND s.deleted_at IS NULL)",
        None,
        &[],
    ),
];

pub(super) const SLA: &[Line] = &[(
    "calendar",
    "(SELECT c.key FROM calendar AS c WHERE c.id = @.calendar_id)",
    Some("calendar_id"),
    &["calendar_id"],
)];

pub(super) const ARTICLE: &[Line] = &[(
    "tickets",
    "(SELECT count(*) FROM ticket_article AS l JOIN ticket AS t ON t.id = l.ticket_id
      WHERE l.article_id = @.id AND t.deleted_at IS NULL)",
    None,
    &[],
)];
