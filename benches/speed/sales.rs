//! Orders and tickets: lists, the morning's question, what is owed, and how promises were kept.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crm::domain::actor::Scope;
use crm::domain::noun::Noun;
use crm::ops::list::{self, Request};
use crm::store::{listing, records};

use crate::Row;
use crate::bases::{Bases, open};
use crate::measure::{crm, have_sqlite, median, net_wall, sqlite, wall};

/// The base that "small" means.
const SMALL: u64 = 10_000;

/// More tickets than these nobody has.
const MOST_TICKETS: u64 = 100_000;

/// Filters and orders of first pages of orders.
const ORDERS: &[(&str, &str)] = &[
    ("", ""),
    ("is:open", ""),
    ("is:unpaid", ""),
    ("status:returned", ""),
    ("owner:@me", ""),
    ("", "-total"),
    ("", "due_on"),
];

/// The same of tickets.
const TICKETS: &[(&str, &str)] = &[
    ("", ""),
    ("", "due_at"),
    ("", "priority"),
    ("is:active", "priority"),
    ("is:active", "due_at"),
    ("is:overdue", ""),
    ("is:resolved", ""),
    ("assignee:\"Agent 7\" is:open", ""),
];

/// What a command prints, and the statement of somebody who knows the schema and the definition.
type Asked = (&'static [&'static str], &'static str);

/// Over orders.
const ABOUT_ORDERS: &[Asked] = &[
    (
        &["report", "receivables"],
        "WITH late AS (
           SELECT customer_id, balance_base AS owed, julianday('2026-11-27') - julianday(due_on) AS days FROM sales_order
           WHERE deleted_at IS NULL AND status IN ('confirmed', 'processing', 'completed')
             AND payment_status IN ('unpaid', 'partially_paid'))
         SELECT c.name, count(*), sum(owed), sum(CASE WHEN days IS NULL OR days <= 0 THEN owed END),
                sum(CASE WHEN days BETWEEN 1 AND 30 THEN owed END), sum(CASE WHEN days BETWEEN 31 AND 60 THEN owed END),
                sum(CASE WHEN days BETWEEN 61 AND 90 THEN owed END), sum(CASE WHEN days > 90 THEN owed END)
         FROM late JOIN customer AS c ON c.id = late.customer_id GROUP BY customer_id ORDER BY 3 DESC",
    ),
    (
        &["report", "orders"],
        "SELECT count(*), sum(total_base) - coalesce(sum(back), 0), sum(owed), sum(there <= promised_on), count(there),
                avg(julianday(gone) - julianday(confirmed_on))
         FROM (SELECT r.total_base, CASE WHEN r.payment_status IN ('unpaid', 'partially_paid') THEN r.balance_base END AS owed,
                      r.promised_on, r.confirmed_on,
                      (SELECT sum(p.amount_base) FROM payment AS p
                       WHERE p.order_id = r.id AND p.type = 'refund' AND p.status = 'confirmed') AS back,
                      (SELECT min(s.shipped_on) FROM shipment AS s WHERE s.order_id = r.id) AS gone,
                      CASE r.fulfilment_status WHEN 'delivered' THEN
                        (SELECT max(s.delivered_on) FROM shipment AS s WHERE s.order_id = r.id) END AS there
               FROM sales_order AS r WHERE r.deleted_at IS NULL AND r.status IN ('confirmed', 'processing', 'completed'));
         SELECT count(*), sum(s.status = 'exception'), avg(julianday(s.delivered_on) - julianday(s.shipped_on))
         FROM sales_order AS r JOIN shipment AS s ON s.order_id = r.id
         WHERE r.deleted_at IS NULL AND r.status IN ('confirmed', 'processing', 'completed') AND s.shipped_on IS NOT NULL;
         SELECT sum(iif(p.type = 'refund', -1, 1) * p.amount_base) FROM sales_order AS r JOIN payment AS p ON p.order_id = r.id
         WHERE r.deleted_at IS NULL AND p.status = 'confirmed';
         SELECT sum(r.total_base), sum(1.0 * r.total_base * min(r.paid, r.total) / r.total) FROM sales_order AS r
         WHERE r.deleted_at IS NULL AND r.status IN ('confirmed', 'processing', 'completed') AND r.total > 0
           AND r.due_on IS NOT NULL AND NOT EXISTS (SELECT 1 FROM installment AS i WHERE i.order_id = r.id);
         SELECT sum(i.amount) FROM installment AS i JOIN sales_order AS r ON r.id = i.order_id
         WHERE r.deleted_at IS NULL AND r.status IN ('confirmed', 'processing', 'completed')",
    ),
];

/// Over tickets. What came of tickets is asked of all time, which is the most there is to read.
const ABOUT_TICKETS: &[Asked] = &[
    (
        &["report", "tickets", "--period", "all"],
        "WITH stay AS (
           SELECT s.ticket_id, s.step IN ('verifying', 'closed') AS is_over, s.is_cancelled, s.left_at,
                  lag(s.step IN ('verifying', 'closed')) OVER w AS was_over, lag(s.is_cancelled) OVER w AS was_cancelled
           FROM ticket_step AS s WINDOW w AS (PARTITION BY s.ticket_id ORDER BY s.id)),
         told AS (
           SELECT ticket_id, max(NOT is_over AND left_at IS NULL) AS is_left, max(is_over AND NOT coalesce(was_over, 0)) AS is_out,
                  max(is_over AND NOT is_cancelled AND NOT coalesce(was_over, 0)) AS is_resolved,
                  max(NOT is_over AND was_over AND NOT was_cancelled) AS is_back
           FROM stay GROUP BY ticket_id),
         done AS (
           SELECT t.resolution_s, row_number() OVER (ORDER BY t.resolution_s) AS place, count(t.resolution_s) OVER () AS n
           FROM told JOIN ticket AS t ON t.id = told.ticket_id
           WHERE t.deleted_at IS NULL AND is_resolved AND t.resolution_s IS NOT NULL)
         SELECT sum(is_left), count(*), sum(is_out), sum(is_resolved), sum(is_back),
                sum(is_resolved AND t.replies <= 1 AND t.reopen_count = 0),
                (SELECT avg(resolution_s) FROM done WHERE place IN ((n + 1) / 2, (n + 2) / 2))
         FROM told JOIN ticket AS t ON t.id = told.ticket_id WHERE t.deleted_at IS NULL",
    ),
    (
        &["report", "tickets", "--period", "this-month"],
        "WITH stay AS (
           SELECT s.ticket_id, s.step IN ('verifying', 'closed') AS is_over, s.is_cancelled,
                  (SELECT p.step IN ('verifying', 'closed') FROM ticket_step AS p
                   WHERE p.ticket_id = s.ticket_id AND p.id < s.id ORDER BY p.id DESC LIMIT 1) AS was_over
           FROM ticket_step AS s WHERE s.entered_at >= 1793491200000 AND s.entered_at < 1796083200000),
         told AS (
           SELECT ticket_id, max(is_over AND NOT coalesce(was_over, 0)) AS is_out, max(was_over IS NULL) AS is_in,
                  max(is_over AND NOT is_cancelled AND NOT coalesce(was_over, 0)) AS is_resolved,
                  max(NOT is_over AND was_over) AS is_back
           FROM stay GROUP BY ticket_id),
         done AS (
           SELECT t.resolution_s, row_number() OVER (ORDER BY t.resolution_s) AS place, count(t.resolution_s) OVER () AS n
           FROM told JOIN ticket AS t ON t.id = told.ticket_id
           WHERE t.deleted_at IS NULL AND is_resolved AND t.resolution_s IS NOT NULL)
         SELECT sum(is_in), sum(is_out), sum(is_resolved), sum(is_back),
                sum(is_resolved AND t.replies <= 1 AND t.reopen_count = 0),
                (SELECT avg(resolution_s) FROM done WHERE place IN ((n + 1) / 2, (n + 2) / 2)),
                (SELECT count(*) FROM ticket WHERE deleted_at IS NULL
                   AND status IN ('open', 'waiting_customer', 'waiting_third_party'))
         FROM told JOIN ticket AS t ON t.id = told.ticket_id WHERE t.deleted_at IS NULL",
    ),
    (
        &["report", "ticket-steps", "--period", "all"],
        "WITH stay AS (
           SELECT s.ticket_id, s.step, s.entered_at, s.left_at, lag(s.step) OVER w AS before, lead(s.step) OVER w AS next
           FROM ticket_step AS s JOIN ticket AS t ON t.id = s.ticket_id WHERE t.deleted_at IS NULL
           WINDOW w AS (PARTITION BY s.ticket_id ORDER BY s.id)),
         first AS (SELECT ticket_id, step, entered_at, left_at, next FROM stay WHERE before IS NOT step),
         whole AS (
           SELECT f.ticket_id, f.step, (iif(f.next IS NOT f.step, f.left_at, (
                    SELECT min(l.left_at) FROM ticket_step AS l WHERE l.ticket_id = f.ticket_id AND l.entered_at >= f.entered_at
                      AND l.step = f.step)) - f.entered_at) / 1000 AS seconds FROM first AS f),
         ranked AS (
           SELECT ticket_id, step, seconds, count(*) OVER (PARTITION BY step) AS n,
                  row_number() OVER (PARTITION BY step ORDER BY seconds) AS place FROM whole WHERE seconds IS NOT NULL)
         SELECT step, count(DISTINCT ticket_id), count(*), avg(seconds),
                avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN seconds END) FROM ranked GROUP BY step",
    ),
    (
        &["report", "sla", "--period", "all"],
        "SELECT count(first) + sum(first IS NULL AND last IS NOT NULL), sum(first = 1), sum(first = 0), sum(last = 1),
                sum(last = 0)
         FROM (SELECT CASE WHEN first_response_late_at <= 1795780800000 THEN 0
                           WHEN status = 'cancelled' OR first_response_due_at IS NULL THEN NULL
                           WHEN coalesce(first_responded_at, resolved_at, closed_at) IS NOT NULL THEN 1 END AS first,
                      CASE WHEN resolution_late_at <= 1795780800000 THEN 0
                           WHEN status = 'cancelled' OR resolution_due_at IS NULL THEN NULL
                           WHEN resolved_at IS NOT NULL THEN 1 END AS last
               FROM ticket WHERE deleted_at IS NULL)",
    ),
    (
        &["report", "agents", "--period", "all"],
        "WITH out AS (
           SELECT ticket_id, max(step IN ('verifying', 'closed') AND NOT is_cancelled) AS is_solved FROM ticket_step
           GROUP BY ticket_id),
         told AS (
           SELECT t.assignee_id, t.status NOT IN ('resolved', 'closed', 'cancelled') AS is_open, out.is_solved, t.response_s,
                  min(coalesce(t.first_response_late_at, 1e18), coalesce(t.resolution_late_at, 1e18)) <= 1795780800000 AS is_late
           FROM ticket AS t JOIN out ON out.ticket_id = t.id WHERE t.deleted_at IS NULL),
         ranked AS (
           SELECT *, count(response_s) OVER (PARTITION BY assignee_id) AS n,
                  row_number() OVER (PARTITION BY assignee_id ORDER BY response_s IS NULL, response_s) AS place FROM told)
         SELECT u.name, sum(is_open), count(*), sum(is_solved),
                avg(CASE WHEN place IN ((n + 1) / 2, (n + 2) / 2) THEN response_s END), sum(is_late)
         FROM ranked LEFT JOIN user AS u ON u.id = ranked.assignee_id GROUP BY ranked.assignee_id",
    ),
];

pub(crate) fn sales(bases: &Bases, size: u64) -> Vec<Row> {
    let small = bases.orders(SMALL);
    let base = bases.orders(size);
    let mut rows = pages(Noun::Order, (&base, &small), ORDERS);
    rows.push(morning(&base, "orders"));
    rows.extend(asked(&base, ABOUT_ORDERS, size, "orders"));
    if size <= MOST_TICKETS {
        rows.extend(tickets(bases, size));
    }
    rows
}

fn tickets(bases: &Bases, size: u64) -> Vec<Row> {
    let (base, small) = (bases.tickets(size), bases.tickets(SMALL));
    let mut rows = pages(Noun::Ticket, (&base, &small), TICKETS);
    rows.push(morning(&base, "tickets"));
    let shown = |base: &PathBuf| {
        net_wall(30, || {
            let mut command = crm(base);
            command.args(["ticket", "show", "K5000"]);
            command
        })
    };
    if base != small {
        let ratio = shown(&base) / shown(&small);
        rows.push(Row::ratio("`ticket show K5000`", "on 10,000 tickets", ratio, 1.3));
    }
    rows.extend(asked(&base, ABOUT_TICKETS, size, "tickets"));
    rows
}

/// First pages, against those of the small base.
fn pages(noun: Noun, (base, small): (&PathBuf, &PathBuf), asked: &[(&str, &str)]) -> Vec<Row> {
    let mut rows = Vec::new();
    if base == small {
        return rows;
    }
    for (filter, sort) in asked {
        let ((spent, steps), (little, few)) =
            (page(base, noun, filter, sort), page(small, noun, filter, sort));
        let job = format!("first page of {noun}s: `-w '{filter}'` {sort}");
        let against = format!("on 10,000 {noun}s");
        rows.push(Row::ratio(job.trim(), &against, spent / little, 1.3));
        rows.push(Row::ratio(
            &format!("the same, steps of SQLite: {steps}"),
            &against,
            steps / few,
            1.3,
        ));
    }
    rows
}

fn morning(base: &Path, what: &str) -> Row {
    let own = net_wall(30, || {
        let mut command = crm(base);
        command.args(["today", "--limit", "20"]);
        command
    });
    Row::figure(&format!("`today` with {what}"), "wall", own, 50.0, "ms")
}

/// What commands print, against SQL that says the same.
fn asked(base: &Path, asked: &[Asked], size: u64, what: &str) -> Vec<Row> {
    if !have_sqlite() {
        return Vec::new();
    }
    let runs = if size > 100_000 { 3 } else { 7 };
    let rows = asked.iter().map(|(words, sql)| {
        let own = net_wall(runs, || {
            let mut command = crm(base);
            command.args(*words);
            command
        });
        let theirs = net_wall(runs, || sqlite(base, &[sql]));
        let job = format!("`{}` over {size} {what}", words.join(" "));
        Row::ratio(&job, "`sqlite3`, reviewed SQL", own / theirs, 1.5)
    });
    rows.collect()
}

/// Milliseconds for fifty rows in this process, the median of many, and the steps of the virtual machine of SQLite.
fn page(base: &Path, noun: Noun, filter: &str, sort: &str) -> (f64, f64) {
    let (store, caller) = open(base, Scope::All);
    let some = |text: &str| {
        Some(text.to_owned())
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect()
    };
    let request = Request {
        filters: some(filter),
        sort: some(sort),
        limit: Some(50),
        ..Request::default()
    };
    let once = || {
        let rows = store.read(&caller, |tx| {
            let listing = list::listing(tx, noun, &request)?;
            let mut rows = 0;
            records::select(tx, &listing, |_, _| {
                rows += 1;
                Ok(ControlFlow::Continue(()))
            })?;
            Ok(rows)
        });
        assert!(rows.unwrap() > 0, "{filter}");
    };
    once();
    let spent = median((0..200).map(|_| wall(once).1).collect());
    let effort = store.read(&caller, |tx| {
        listing::effort(tx, &list::listing(tx, noun, &request)?)
    });
    (spent, f64::from(u32::try_from(effort.unwrap().steps).unwrap()))
}
