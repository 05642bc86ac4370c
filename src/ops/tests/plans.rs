//! First pages cost the same whatever the size of the base: no walk over a whole table, no sort, no more steps.
//!
//! Two bases that differ in size by ten are filled past the operations, with everything that is kept up, so that a test
//! has thousands of records at once. The counters are SQLite's own. What is rare is with the oldest records, and there is as
//! much of it in either base: a walk over the list from its newest end meets all others before, and so cannot pass for a
//! walk over an index. With `CRM_TEST_LARGE` in the environment the bases have ten and a hundred thousand customers.
//!
//! What is not here walks over the list until a page is full, which no index is worth its writes for: another property of
//! another record (`customer.country:FR`, but for companies and customers by name), a part of a number or of a text
//! without an index (`phones:5678`, where `find` is made for), what is missing (`-usual`), the next step of a customer
//! (`is:overdue`, where tasks are listed), a priority or type of tasks, overdue deals among the open ones; and every other
//! order (`--sort city`), which sorts what the filter leaves.

use super::Base;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::list::{self, Request};
use crate::store::listing::{self, Effort};
use crate::store::{WriteTx, documents, seed};

/// The customers of the smaller base; the larger one has ten times as many.
pub(super) const SMALL: i64 = 2_000;
pub(super) const PAGE: u64 = 25;

/// Every tenth customer is a company that employs the nine before it. The oldest forty have a rare value of everything, the next
/// forty lack what others have, forty more are in the trash.
const FILL: &str = "
  CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size}) SELECT i FROM n;
  INSERT INTO user (id, name, name_key, created_at, created_by, updated_at, updated_by)
    VALUES ({base} - 1, 'Rare', 'rare', 0, {user}, 0, {user});
  INSERT INTO tag (id, name, name_key, created_at, created_by, updated_at, updated_by)
    VALUES ({base} - 2, 'rare', 'rare', 0, {user}, 0, {user}), ({base} - 3, 'usual', 'usual', 0, {user}, 0, {user});
  INSERT INTO field (id, noun, key, type, position, created_at, created_by, updated_at, updated_by)
    VALUES ({base} - 4, 'customer', 'size', 'select', 1, 0, {user}, 0, {user}),
      ({base} - 5, 'customer', 'seats', 'integer', 2, 0, {user}, 0, {user});
  INSERT INTO option (id, list, key, position) VALUES ({base} - 6, 'customer.size', 'big', 1), ({base} - 7, 'customer.size', 'small', 2);
  INSERT INTO customer (id, no, type, name, lifecycle, level, source, owner_id, industry, country, city, created_at,
      created_by, updated_at, updated_by, name_key, sort_key, company_id, last_activity_on, quiet_on, open_tasks, deleted_at)
    SELECT {base} + i * 100, i, iif(i % 10 = 0, 'company', 'person'), {name} || i,
      iif(i <= 40, 'loyal', 'prospect'), iif(i <= 40, 'A', 'B'), iif(i <= 40, 'referral', 'website'),
      CASE WHEN i <= 40 THEN {base} - 1 WHEN i > 80 THEN {user} END, iif(i <= 40, 'energy', 'retail'), iif(i <= 40, 'FR', 'DE'),
      iif(i <= 40, 'Lyon', 'Berlin'), 0, {user}, 0, {user}, lower({name}) || i, lower({name}) || i,
      CASE WHEN i BETWEEN 121 AND 160 THEN {omega} WHEN i % 10 <> 0 THEN {base} + (i - i % 10 + 10) * 100 END,
      date('2026-03-02', '-' || (i % 60) || ' days'),
      date('2026-03-02', (i % 100 - 50) || ' days'), i % 3, iif(i BETWEEN 81 AND 120, 1, NULL)
    FROM n ORDER BY i;
  INSERT INTO pool (id, key, created_at, created_by, updated_at, updated_by) VALUES ({base} - 8, 'east', 0, {user}, 0, {user});
  UPDATE customer SET score = iif(no <= 40, 900, no % 100), pool_id = iif(no BETWEEN 41 AND 80, {base} - 8, NULL),
    disqualified_on = iif(no <= 40, '2026-01-01', NULL);
  INSERT INTO email (id, customer_id, position, address, key)
    SELECT {base} + i * 100 + 1, {base} + i * 100, 1, 'c' || i || '@mail.example', 'c' || i || '@mail.example' FROM n;
  INSERT INTO phone (id, customer_id, position, raw, key)
    SELECT {base} + i * 100 + 2, {base} + i * 100, 1, '030 ' || (100000 + i), '030' || (100000 + i) FROM n;
  INSERT INTO tagging (id, tag_id, noun, record_id)
    SELECT {base} + i * 100 + 3, iif(i <= 40, {base} - 2, {base} - 3), 'customer', {base} + i * 100 FROM n;
  INSERT INTO custom_value (id, noun, record_id, field_id, position, text_value)
    SELECT {base} + i * 100 + 4, 'customer', {base} + i * 100, {base} - 4, 1, iif(i <= 40, 'big', 'small') FROM n;
  INSERT INTO custom_value (id, noun, record_id, field_id, position, int_value)
    SELECT {base} + i * 100 + 9, 'customer', {base} + i * 100, {base} - 5, 1, iif(i <= 40, 7, 1) FROM n;
  INSERT INTO deal (id, no, name, customer_id, pipeline_id, stage_id, status, stage_entered_on, amount, currency,
      probability, category, expected_close_on, opened_on, closed_on, owner_id, source, created_at, created_by, updated_at,
      updated_by, name_key, amount_base, rotting_on, open_tasks)
    SELECT {base} + i * 100 + 5, i, 'Deal ' || i, CASE WHEN i BETWEEN 121 AND 160 THEN {omega} WHEN i > 40 THEN {base} + i * 100 END, {pipeline},
      CASE WHEN i <= 40 THEN {rare_stage} WHEN i <= 80 THEN {lost_stage} WHEN i % 2 THEN {open_stage} ELSE {won_stage} END,
      CASE WHEN i <= 40 THEN 'open' WHEN i <= 80 THEN 'lost' WHEN i % 2 THEN 'open' ELSE 'won' END,
      '2026-01-01', i * 1000, 'USD', 50, 'pipeline', iif(i % 2, date('2026-03-02', (i % 90) || ' days'), NULL),
      date('2026-03-02', '-' || (i % 400) || ' days'), iif(i <= 40 OR i % 2, NULL, date('2026-03-02', '-' || (i % 200) || ' days')),
      CASE WHEN i <= 40 THEN {base} - 1 WHEN i > 80 THEN {user} END, iif(i <= 40, 'referral', 'website'), 0, {user}, 0, {user}, 'deal ' || i,
      i * 1000, iif(i % 2, date('2026-03-02', (i % 60 - 30) || ' days'), NULL), i % 3
    FROM n ORDER BY i;
  INSERT INTO task (id, no, title, status, due_on, due_at, customer_id, assignee_id, created_at, created_by, updated_at,
      updated_by)
    SELECT {base} + i * 100 + 6, i, 'Task ' || i, iif(i % 7, 'open', 'done'), date('2026-03-02', (i % 60 - 30) || ' days'),
      unixepoch('2026-03-02', (i % 60 - 29) || ' days') * 1000, CASE WHEN i BETWEEN 121 AND 160 THEN {omega} ELSE {base} + i * 100 END,
      CASE WHEN i <= 40 THEN {base} - 1 WHEN i > 80 THEN {user} END, 0, {user}, 0, {user}
    FROM n ORDER BY i;
  INSERT INTO activity (id, no, type, at, on_date, text, owner_id, created_at, created_by, updated_at, updated_by)
    SELECT {base} + i * 100 + 7, i, iif(i <= 40, 'visit', 'call'), unixepoch('2026-03-02', '-' || (i % 300) || ' days') * 1000,
      date('2026-03-02', '-' || (i % 300) || ' days'), 'Talk ' || i, {user}, 0, {user}, 0, {user} FROM n ORDER BY i;
  INSERT INTO activity_customer (id, activity_id, customer_id, role, contact_on)
    SELECT {base} + i * 100 + 8, {base} + i * 100 + 7, iif(i BETWEEN 121 AND 160, {omega}, {base} + i * 100), 'customer',
      date('2026-03-02', '-' || (i % 300) || ' days') FROM n;
  INSERT INTO quote (id, no, name, customer_id, status, currency, sent_on, valid_until, owner_id, created_at, created_by,
      updated_at, updated_by, name_key, total, total_base)
    SELECT {base} + i * 100 + 11, i, 'Quote ' || i, iif(i BETWEEN 121 AND 160, {omega}, {base} + i * 100),
      CASE WHEN i <= 40 THEN 'void' WHEN i % 2 THEN 'sent' ELSE 'accepted' END, 'USD',
      date('2026-03-02', '-' || (i % 400) || ' days'), date('2026-03-02', (i % 90 - 60) || ' days'),
      CASE WHEN i <= 40 THEN {base} - 1 WHEN i > 80 THEN {user} END, 0, {user}, 0, {user}, 'quote ' || i, i * 1000, i * 1000
    FROM n ORDER BY i;
  INSERT INTO sales_order (id, no, name, customer_id, status, currency, ordered_on, due_on, owner_id, created_at, created_by,
      updated_at, updated_by, name_key, total, total_base, balance, balance_base, overdue_on, remind_on, awaited_on,
      payment_status, fulfilment_status)
    SELECT {base} + i * 100 + 10, i, 'Order ' || i, iif(i BETWEEN 121 AND 160, {omega}, {base} + i * 100),
      CASE WHEN i <= 40 THEN 'returned' WHEN i % 2 THEN 'confirmed' ELSE 'completed' END, 'USD',
      date('2026-03-02', '-' || (i % 400) || ' days'), date('2026-03-02', (i % 90 - 60) || ' days'),
      CASE WHEN i <= 40 THEN {base} - 1 WHEN i > 80 THEN {user} END, 0, {user}, 0, {user}, 'order ' || i, i * 1000, i * 1000,
      iif(i % 2, i * 1000, 0), iif(i % 2, i * 1000, 0), iif(i % 2, date('2026-03-02', (i % 90 - 60) || ' days'), NULL),
      iif(i % 2, date('2026-03-02', (i % 90 - 63) || ' days'), NULL), iif(i % 2, date('2026-03-02', (i % 50 - 25) || ' days'), NULL),
      CASE WHEN i <= 40 THEN 'refunded' WHEN i % 2 THEN 'unpaid' ELSE 'paid' END,
      CASE WHEN i <= 40 THEN 'returned' WHEN i % 2 THEN 'unfulfilled' ELSE 'delivered' END
    FROM n ORDER BY i;
  INSERT INTO ticket (id, no, name, customer_id, priority, priority_rank, assignee_id, owner_id, step, status, created_at, created_by,
      updated_at, updated_by, name_key, received_at, resolved_at, closed_at, due_at)
    SELECT {base} + i * 100 + 11, i, 'Ticket ' || i, iif(i BETWEEN 121 AND 160, {omega}, {base} + i * 100),
      iif(i % 2, 'high', 'low'), iif(i % 2, 2, 4), CASE WHEN i <= 40 THEN {base} - 1 WHEN i > 80 THEN {user} END,
      CASE WHEN i <= 40 THEN {base} - 1 WHEN i > 80 THEN {user} END,
      CASE WHEN i <= 40 THEN 'verifying' WHEN i % 2 THEN 'analyzing' ELSE 'closed' END,
      CASE WHEN i <= 40 THEN 'resolved' WHEN i % 2 THEN 'open' ELSE 'closed' END, 0, {user}, 0, {user}, 'ticket ' || i,
      unixepoch('2026-03-02', '-' || (i % 300) || ' days') * 1000, iif(i % 2 AND i > 40, NULL, 1), iif(i % 2 OR i <= 40, NULL, 1),
      iif(i % 4 = 1, unixepoch('2026-03-02', (i % 60 - 30) || ' days') * 1000, NULL)
    FROM n ORDER BY i;
  INSERT INTO feedback (id, no, type, survey_id, score, comment, customer_id, sent_on, answered_on, status, owner_id, created_at,
      created_by, updated_at, updated_by, name, verdict, waiting_on)
    SELECT {base} + i * 100 + 13, i, CASE WHEN i <= 40 THEN 'complaint' WHEN i % 3 THEN 'answer' ELSE 'praise' END,
      iif(i <= 40, 2020002, 2020001), iif(i % 3, 5, NULL), 'Word ' || i, iif(i BETWEEN 121 AND 160, {omega}, {base} + i * 100),
      iif(i % 4, date('2026-03-02', '-' || (i % 400) || ' days'), NULL),
      iif(i % 5, date('2026-03-02', '-' || (i % 300) || ' days'), NULL),
      CASE WHEN i <= 40 THEN 'closed' WHEN i % 2 THEN 'new' ELSE 'acted' END,
      CASE WHEN i <= 40 THEN {base} - 1 WHEN i > 80 THEN {user} END, 0, {user}, 0, {user}, 'Word ' || i,
      CASE WHEN i <= 40 THEN 'dissatisfied' WHEN i % 3 THEN 'satisfied' ELSE '' END,
      iif(i > 40 AND i % 4 = 1, date('2026-03-02', '-' || (i % 300) || ' days'), NULL)
    FROM n ORDER BY i;
  INSERT INTO ticket_step (id, ticket_id, step, entered_at)
    SELECT {base} + i * 100 + 12, {base} + i * 100 + 11, 'received', 0 FROM n;
  DROP TABLE temp.n;
";

fn fill(tx: &WriteTx<'_>, size: i64) -> Result<()> {
    let pipeline = seed::default_pipeline(tx)?.expect("the default pipeline");
    let stages = seed::stages(tx, pipeline)?;
    let stage = |key: &str| {
        let stage = stages.iter().find(|stage| stage.key == key);
        stage
            .expect("a stage of the default pipeline")
            .id
            .raw()
            .to_string()
    };
    let base = tx.new_id().raw() + 1_000;
    let sql = FILL
        .replace("{size}", &size.to_string())
        .replace(
            "{name}",
            "CASE WHEN i <= 40 THEN 'Zebra ' WHEN i = 130 THEN 'Omega ' ELSE 'Customer ' END",
        )
        .replace("{omega}", "{base} + 13000")
        .replace("{lost_stage}", &stage("lost"))
        .replace("{base}", &base.to_string())
        .replace("{user}", &tx.caller().actor.id.raw().to_string())
        .replace("{pipeline}", &pipeline.raw().to_string())
        .replace("{rare_stage}", &stage("negotiation"))
        .replace("{open_stage}", &stage("proposal"))
        .replace("{won_stage}", &stage("won"));
    tx.connection().execute_batch(&sql)?;
    for at in 1..=size {
        documents::refresh(tx, Id::from_raw(base + at * 100))?;
    }
    Ok(())
}

pub(super) fn filled(size: i64) -> Base {
    let mut base = Base::new();
    base.write(|tx| fill(tx, size));
    base
}

fn page(base: &Base, noun: Noun, filter: &str, sort: &str, limit: Option<u64>) -> (Effort, Vec<String>) {
    let request = Request {
        filters: Some(filter.to_owned())
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect(),
        sort: sort.split_whitespace().map(str::to_owned).collect(),
        limit,
        ..Request::default()
    };
    costs(base, noun, &request)
}

fn costs(base: &Base, noun: Noun, request: &Request) -> (Effort, Vec<String>) {
    base.read(|tx| {
        let page = list::listing(tx, noun, request)?;
        Ok((listing::effort(tx, &page)?, listing::plan(tx, &page)?))
    })
}

/// Lists, filters and orders that people use every day.
pub(super) const PAGES: &[(Noun, &[&str], &[&str])] = &[
    (
        Noun::Customer,
        &[
            "",
            "is:person",
            "is:company",
            "owner:@me",
            "owner:rare",
            "is:unassigned",
            "lifecycle:loyal",
            "lifecycle:prospect",
            "level:A",
            "source:referral",
            "industry:energy",
            "country:FR",
            "city:Lyon",
            "city:berlin",
            "+rare",
            "tags:rare",
            "+usual owner:@me",
            "is:quiet",
            "is:stale",
            "last_activity:..-30d",
            "last_activity:today",
            "no:company",
            "company:C130",
            "company:omega",
            "company:=\"Omega 130\"",
            "has:emails",
            "no:next_task",
            "customer",
            "zebra",
            "name:zebra",
            "fields.size:big",
            "fields.size:small",
            "fields.seats:7",
            "score:900",
            "pool:east",
            "is:pooled",
            "is:trashed",
            "is:mine is:company",
            "owner:rare lifecycle:loyal",
            "owner:@me is:person level:B",
        ],
        &[
            "name",
            "-name",
            "last_activity",
            "-last_activity",
            "score",
            "-score",
        ],
    ),
    (
        Noun::Deal,
        &[
            "",
            "is:open",
            "is:won",
            "is:lost",
            "status:lost",
            "stage:proposal",
            "stage:negotiation",
            "pipeline:sales",
            "owner:@me is:open",
            "owner:rare",
            "is:unassigned",
            "no:customer",
            "customer:C130",
            "customer:omega",
            "is:rotting",
            "is:nextless",
            "is:stale",
            "close:..eom is:open",
            "amount:100..",
            "source:referral",
            "is:mine stage:proposal",
        ],
        &[
            "name",
            "amount",
            "-amount",
            "closed_on",
            "-closed_on",
            "-opened_on",
            "expected_close",
        ],
    ),
    (
        Noun::Task,
        &[
            "",
            "is:open",
            "is:done",
            "is:overdue",
            "assignee:@me is:open",
            "assignee:rare is:open",
            "due:..today",
            "is:mine is:overdue",
        ],
        &["due", "-due"],
    ),
    (
        Noun::Activity,
        &[
            "",
            "type:visit",
            "type:call",
            "owner:@me",
            "is:mine",
            "customer:C130",
            "customer:omega",
        ],
        &["at", "-at"],
    ),
    (
        Noun::Quote,
        &[
            "",
            "status:void",
            "owner:rare",
            "owner:@me",
            "is:unassigned",
            "customer:C130",
            "customer:omega",
            "total:100..",
            "is:mine status:sent",
        ],
        &[
            "name",
            "total",
            "-total",
            "valid_until",
            "-valid_until",
            "sent_on",
            "-sent_on",
        ],
    ),
    (
        Noun::Order,
        &[
            "",
            "is:overdue",
            "status:returned",
            "payment_status:refunded",
            "fulfilment_status:returned",
            "owner:rare",
            "owner:@me is:overdue",
            "is:unassigned",
            "customer:C130",
            "customer:omega",
            "total:100..",
        ],
        &["name", "total", "-total", "due_on", "ordered_on", "-ordered_on"],
    ),
    (
        Noun::Ticket,
        &[
            "",
            "is:resolved",
            "step:verifying",
            "assignee:rare",
            "owner:rare",
            "assignee:@me",
            "customer:C130",
            "customer:omega",
        ],
        &[
            "name",
            "priority",
            "received_at",
            "-received_at",
            "due_at",
            "-due_at",
        ],
    ),
    (
        Noun::Feedback,
        &[
            "",
            "type:complaint",
            "is:complaint",
            "survey:nps",
            "status:closed",
            "is:closed",
            "verdict:dissatisfied",
            "is:satisfied",
            "owner:rare",
            "owner:@me",
            "is:mine type:answer",
            "is:unassigned",
            "customer:C130",
            "customer:omega",
        ],
        &["answered_on", "-answered_on", "sent_on", "-sent_on"],
    ),
    (Noun::Product, &[""], &[]),
    (Noun::User, &[""], &[]),
];

/// The lists of screens that have an order of their own besides their filter.
pub(super) const SCREENS: &[(Noun, &str, &str)] = &[
    (Noun::Ticket, "no:closed_at", "due_at priority received_at"),
    (Noun::Ticket, "is:active", "priority"),
];

/// What costs as much as is found, or as what one day has, and nothing for the rest of the base: days and other ranges are found
/// by their index and then put in the order of the list, and a filter with another order sorts what has the value. Of
/// several values each gives a page, and these are sorted.
const FOUND: &[(Noun, &str, &str)] = &[
    (Noun::Customer, "lifecycle:loyal", "name"),
    (Noun::Customer, "score:>500", "-score"),
    (Noun::Customer, "is:disqualified", ""),
    (Noun::Deal, "is:open", "expected_close"),
    (Noun::Deal, "is:open", "-amount"),
    (Noun::Deal, "stage:proposal,negotiation", ""),
    (Noun::Deal, "is:closed", ""),
    (Noun::Deal, "closed_on:2026-02", ""),
    (Noun::Task, "is:today", ""),
    (Noun::Task, "is:week", ""),
    (Noun::Task, "due:-3d..+3d", ""),
    (Noun::Task, "is:unassigned", ""),
    (Noun::Task, "customer:omega", ""),
    (Noun::Quote, "is:open", ""),
    (Noun::Quote, "is:closed", ""),
    (Noun::Quote, "is:expired", ""),
    (Noun::Quote, "is:expired", "valid_until"),
    (Noun::Quote, "is:expiring", "valid_until"),
    (Noun::Order, "is:open", ""),
    (Noun::Order, "is:paid", ""),
    (Noun::Order, "is:unpaid", ""),
    (Noun::Order, "is:mine is:unpaid", ""),
    (Noun::Order, "is:undelivered", ""),
    (Noun::Order, "is:overdue", "overdue_on"),
    (Noun::Order, "is:late", "awaited_on"),
    (Noun::Order, "is:due", "remind_on"),
    (Noun::Ticket, "is:open", ""),
    (Noun::Ticket, "is:mine is:open", ""),
    (Noun::Ticket, "is:unassigned", ""),
    (Noun::Ticket, "is:active", "due_at"),
    (Noun::Ticket, "is:overdue", ""),
    (Noun::Ticket, "is:overdue", "due_at"),
    (
        Noun::Ticket,
        "(customer:C130 or company:C130 or contact:C130)",
        "",
    ),
    (Noun::Ticket, "received_at:2026-02-28", ""),
    (Noun::Feedback, "is:open", ""),
    (Noun::Feedback, "is:waiting", "waiting_on"),
    (Noun::Feedback, "is:answered survey:nps", ""),
    (Noun::Feedback, "is:unanswered", ""),
    (Noun::Feedback, "is:week", ""),
    (Noun::Feedback, "answered_on:2026-02", ""),
    (Noun::Activity, "is:today", ""),
    (Noun::Activity, "is:week", ""),
    (Noun::Activity, "type:call,visit", ""),
];

/// What walks over the list, with the columns that it shows: never more than a few steps for each record.
const WALKS: &[(Noun, &str, &str)] = &[
    (
        Noun::Customer,
        "",
        "id,fields.size,fields.seats,tags,emails,company.city",
    ),
    (Noun::Customer, "-usual", ""),
    (Noun::Customer, "phones:0301", ""),
    (Noun::Customer, "fields.seats:5..", "id"),
    (Noun::Customer, "deals.stage:proposal", "id"),
    (Noun::Customer, "no:tasks", "id"),
    (Noun::Deal, "customer.country:FR", "id"),
    (Noun::Deal, "customer.city:Lyon", "id"),
    (Noun::Task, "priority:high", "id"),
    (Noun::Activity, "people:omega", "id"),
];

#[expect(
    clippy::disallowed_methods,
    reason = "who runs the tests chooses the size of the bases"
)]
pub(super) fn factor() -> i64 {
    if std::env::var_os("CRM_TEST_LARGE").is_some() {
        5
    } else {
        1
    }
}

#[test]
fn first_pages_cost_the_same_at_any_size() {
    let (small, large) = (filled(SMALL * factor()), filled(SMALL * factor() * 10));
    let mut bad = Vec::new();
    let asked = PAGES.iter().flat_map(|(noun, filters, sorts)| {
        let filters = filters.iter().map(|filter| (*noun, *filter, ""));
        filters.chain(sorts.iter().map(|sort| (*noun, "", *sort)))
    });
    for (noun, filter, sort) in asked.chain(SCREENS.iter().copied()) {
        let (little, _) = page(&small, noun, filter, sort, Some(PAGE));
        let (much, plan) = page(&large, noun, filter, sort, Some(PAGE));
        let finds = if matches!(noun, Noun::Product | Noun::User) {
            much.rows
        } else {
            PAGE
        };
        if (little.rows, much.rows) != (finds, finds) {
            bad.push(format!(
                "{noun} {filter} {sort}: finds {} and {}",
                little.rows, much.rows
            ));
        }
        let grows = f64::from(much.steps) > 1.3 * f64::from(little.steps);
        // A walk over an index in its own order counts as one over the table, but ends with the page.
        let scanned = u64::try_from(much.scanned).expect("a count") > PAGE;
        if grows || scanned || much.sorts > 0 {
            bad.push(told(noun, filter, sort, little, much, &plan));
        }
    }
    for (noun, filter, sort) in FOUND {
        let (little, _) = page(&small, *noun, filter, sort, Some(PAGE));
        let (much, plan) = page(&large, *noun, filter, sort, Some(PAGE));
        let (all, _) = page(&large, *noun, filter, sort, None);
        let most = 1_000 + 120 * all.rows;
        if all.rows < PAGE || u64::try_from(much.steps).expect("a count") > most {
            bad.push(told(*noun, filter, sort, little, much, &plan));
        }
    }
    for (noun, filter, columns) in WALKS {
        let request = Request {
            filters: vec![(*filter).to_owned()],
            columns: columns.split_terminator(',').map(str::to_owned).collect(),
            ..Request::default()
        };
        let (little, _) = costs(&small, *noun, &request);
        let (much, plan) = costs(&large, *noun, &request);
        if f64::from(much.steps) > 1.3 * 10.0 * f64::from(little.steps) {
            bad.push(told(*noun, filter, columns, little, much, &plan));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

fn told(noun: Noun, filter: &str, sort: &str, little: Effort, much: Effort, plan: &[String]) -> String {
    format!(
        "{noun} {filter} {sort}: {} -> {} steps, {} scanned, {} sorts, {} rows\n    {}",
        little.steps,
        much.steps,
        much.scanned,
        much.sorts,
        much.rows,
        plan.join("\n    ")
    )
}
