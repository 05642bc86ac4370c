//! Reports over many deals and customers against SQL that says the same.

use std::path::Path;

use crate::Row;
use crate::bases::Bases;
use crate::measure::{crm, have_sqlite, net_wall, sqlite};

/// A report and the statement of somebody who knows the schema and the definition.
type Report = (&'static [&'static str], &'static str);

/// Those over deals.
const REPORTS: &[Report] = &[
    (
        &["win-rate", "--by", "owner"],
        "SELECT u.name, sum(d.status = 'won'), sum(d.status = 'lost'),
                1.0 * sum(d.status = 'won') / nullif(count(*), 0),
                sum(CASE d.status WHEN 'won' THEN d.amount_base END), sum(CASE d.status WHEN 'lost' THEN d.amount_base END)
         FROM deal AS d LEFT JOIN user AS u ON u.id = d.closed_owner_id
         WHERE d.deleted_at IS NULL AND d.status IN ('won', 'lost') GROUP BY d.closed_owner_id",
    ),
    (
        &["pipeline"],
        "SELECT s.key, count(*), sum(d.amount_base), sum(d.amount_base * d.probability) / 100, sum(d.amount_base IS NULL)
         FROM deal AS d JOIN stage AS s ON s.id = d.stage_id
         WHERE d.deleted_at IS NULL AND d.status = 'open' GROUP BY d.stage_id",
    ),
    (
        &["won", "--by", "month"],
        "WITH won AS (
           SELECT substr(closed_on, 1, 7) AS month, amount_base AS amount,
                  julianday(closed_on) - julianday(opened_on) AS days FROM deal
           WHERE deleted_at IS NULL AND status = 'won'),
         ranked AS (
           SELECT month, amount, days, count(*) OVER (PARTITION BY month) AS n,
                  row_number() OVER (PARTITION BY month ORDER BY amount) AS by_amount,
                  row_number() OVER (PARTITION BY month ORDER BY days) AS by_days FROM won)
         SELECT month, count(*), sum(amount), avg(amount),
                avg(CASE WHEN by_amount IN ((n + 1) / 2, (n + 2) / 2) THEN amount END), avg(days),
                avg(CASE WHEN by_days IN ((n + 1) / 2, (n + 2) / 2) THEN days END)
         FROM ranked GROUP BY month",
    ),
    (
        &["lost", "--by", "customer"],
        "SELECT c.name, count(*), sum(d.amount_base) FROM deal AS d LEFT JOIN customer AS c ON c.id = d.customer_id
         WHERE d.deleted_at IS NULL AND d.status = 'lost' GROUP BY d.customer_id",
    ),
    (
        &["forecast", "--by", "owner"],
        "WITH said AS (
           SELECT closed_owner_id AS owner, amount_base AS closed, 0 AS committed, 0 AS best, 0 AS pipe, 0 AS weighted,
                  0 AS late FROM deal
           WHERE deleted_at IS NULL AND status = 'won' AND closed_on >= '2026-10-01' AND closed_on < '2027-01-01'
           UNION ALL
           SELECT owner_id, 0, CASE category WHEN 'commit' THEN amount_base END,
                  CASE category WHEN 'best_case' THEN amount_base END, CASE category WHEN 'pipeline' THEN amount_base END,
                  amount_base * probability, 0 FROM deal
           WHERE deleted_at IS NULL AND status = 'open'
             AND expected_close_on >= '2026-10-01' AND expected_close_on < '2027-01-01'
           UNION ALL
           SELECT owner_id, 0, 0, 0, 0, 0, amount_base FROM deal
           WHERE deleted_at IS NULL AND status = 'open' AND expected_close_on < '2026-11-27')
         SELECT u.name, sum(closed), sum(committed), sum(best), sum(pipe), sum(closed) + sum(weighted) / 100, sum(late)
         FROM said LEFT JOIN user AS u ON u.id = said.owner GROUP BY said.owner",
    ),
    (
        &["aging"],
        "SELECT s.key, CASE WHEN julianday('2026-11-27') - julianday(stage_entered_on) <= 7 THEN 7
                            WHEN julianday('2026-11-27') - julianday(stage_entered_on) <= 14 THEN 14
                            WHEN julianday('2026-11-27') - julianday(stage_entered_on) <= 30 THEN 30
                            WHEN julianday('2026-11-27') - julianday(stage_entered_on) <= 60 THEN 60
                            WHEN julianday('2026-11-27') - julianday(stage_entered_on) <= 90 THEN 90 ELSE 91 END AS days,
                count(*), sum(amount_base), sum(julianday('2026-11-27') - julianday(opened_on))
         FROM deal AS d JOIN stage AS s ON s.id = d.stage_id
         WHERE d.deleted_at IS NULL AND d.status = 'open' GROUP BY d.stage_id, days",
    ),
    (
        &["slippage", "--by", "owner"],
        "SELECT u.name, count(*), sum(d.amount_base), sum(EXISTS (
                  SELECT 1 FROM value_interval AS v WHERE v.record_id = d.id AND v.attribute = 'expected_close'))
         FROM deal AS d LEFT JOIN user AS u ON u.id = d.owner_id
         WHERE d.deleted_at IS NULL AND d.status <> 'abandoned'
           AND d.expected_close_on >= '2026-10-01' AND d.expected_close_on < '2027-01-01' GROUP BY d.owner_id",
    ),
    (
        &["team", "--period", "2026"],
        "SELECT u.name, sum(d.status = 'won'), sum(CASE d.status WHEN 'won' THEN d.amount_base END),
                1.0 * sum(d.status = 'won') / count(*),
                avg(CASE d.status WHEN 'won' THEN julianday(d.closed_on) - julianday(d.opened_on) END),
                sum(d.closed_on >= '2026-01-01')
         FROM deal AS d LEFT JOIN user AS u ON u.id = d.closed_owner_id
         WHERE d.deleted_at IS NULL AND d.status IN ('won', 'lost') AND d.closed_on >= '2025-01-01'
           AND d.closed_on < '2027-01-01' GROUP BY d.closed_owner_id",
    ),
    (
        &["overview", "--period", "2026"],
        "SELECT sum(status = 'won' AND closed_on >= '2026-01-01'), sum(status = 'won' AND closed_on < '2026-01-01'),
                sum(CASE WHEN status = 'won' AND closed_on >= '2026-01-01' THEN amount_base END),
                sum(CASE WHEN status = 'won' AND closed_on < '2026-01-01' THEN amount_base END),
                avg(CASE WHEN status = 'won' AND closed_on >= '2026-01-01' THEN julianday(closed_on) - julianday(opened_on) END),
                sum(opened_on >= '2026-01-01'), sum(CASE status WHEN 'open' THEN amount_base * probability END)
         FROM deal WHERE deleted_at IS NULL AND (closed_on IS NULL OR closed_on >= '2025-01-01');
         SELECT count(*), sum(first >= '2026-01-01') FROM (
           SELECT min(closed_on) AS first FROM deal WHERE deleted_at IS NULL AND status = 'won' GROUP BY customer_id);
         SELECT count(*), sum(amount_base), sum(amount_base * (
                  SELECT probability FROM stage_interval AS i WHERE i.deal_id = d.id AND i.entered_on < '2026-01-01'
                  ORDER BY i.id DESC LIMIT 1))
         FROM deal AS d WHERE deleted_at IS NULL AND status <> 'abandoned' AND opened_on < '2026-01-01'
           AND (closed_on IS NULL OR closed_on >= '2026-01-01')",
    ),
    (
        &["funnel"],
        "SELECT f.furthest, count(*) FROM (
           SELECT d.id, max(CASE d.status WHEN 'won' THEN 99 END, max(s.position)) AS furthest
           FROM deal AS d JOIN stage_interval AS i ON i.deal_id = d.id JOIN stage AS s ON s.id = i.stage_id AND s.type = 'open'
           WHERE d.deleted_at IS NULL AND d.status <> 'abandoned' GROUP BY d.id) AS f GROUP BY f.furthest",
    ),
];

/// The same over customers and what was done for them.
const ABOUT_CUSTOMERS: &[Report] = &[
    (
        &["activity"],
        "SELECT u.name, a.type, count(*) FROM activity AS a LEFT JOIN user AS u ON u.id = a.owner_id
         WHERE a.deleted_at IS NULL AND a.at >= 1793491200000 AND a.at < 1796083200000 GROUP BY a.owner_id, a.type",
    ),
    (
        &["lead-response"],
        "SELECT count(*), count(first), sum(first - created_at <= 300000), sum(first - created_at <= 3600000),
                sum(first - created_at <= 86400000) FROM (
           SELECT c.created_at, (SELECT min(a.at) FROM activity_customer AS l JOIN activity AS a ON a.id = l.activity_id
                                 WHERE l.customer_id = c.id AND l.contact_on IS NOT NULL AND a.direction <> 'in') AS first
           FROM customer AS c WHERE c.deleted_at IS NULL)",
    ),
    (
        &["stale", "--kind", "customer"],
        "SELECT 'C' || c.no, c.name, u.name, c.last_activity_on,
                julianday('2026-11-27') - julianday(coalesce(c.last_activity_on, date(c.created_at / 1000, 'unixepoch')))
         FROM customer AS c LEFT JOIN user AS u ON u.id = c.owner_id
         WHERE c.deleted_at IS NULL AND (c.last_activity_on < '2026-10-28'
           OR c.last_activity_on IS NULL AND c.created_at < 1793145600000)
         ORDER BY c.last_activity_on IS NULL, c.last_activity_on, c.id",
    ),
];

pub(crate) fn report(bases: &Bases, size: u64) -> Vec<Row> {
    if !have_sqlite() {
        return Vec::new();
    }
    let mut rows = measured(&bases.deals(size), REPORTS, size, "deals");
    rows.extend(measured(
        &bases.customers(size),
        ABOUT_CUSTOMERS,
        size,
        "customers",
    ));
    rows
}

fn measured(base: &Path, reports: &[Report], size: u64, what: &str) -> Vec<Row> {
    let runs = if size > 100_000 { 3 } else { 7 };
    let measured = reports.iter().map(|(words, sql)| {
        let own = net_wall(runs, || {
            let mut command = crm(base);
            command.arg("report").args(*words);
            command
        });
        let theirs = net_wall(runs, || sqlite(base, &[sql]));
        let job = format!("`report {}` over {size} {what}", words.join(" "));
        Row::ratio(&job, "`sqlite3`, reviewed SQL", own / theirs, 1.5)
    });
    measured.collect()
}
