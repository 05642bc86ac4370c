//! Reports over many deals against SQL that says the same.

use crate::Row;
use crate::bases::Bases;
use crate::measure::{crm, have_sqlite, net_wall, sqlite};

/// A report and the statement of somebody who knows the schema and the definition.
const REPORTS: &[(&[&str], &str)] = &[
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
        &["funnel"],
        "SELECT f.furthest, count(*) FROM (
           SELECT d.id, max(CASE d.status WHEN 'won' THEN 99 END, max(s.position)) AS furthest
           FROM deal AS d JOIN stage_interval AS i ON i.deal_id = d.id JOIN stage AS s ON s.id = i.stage_id AND s.type = 'open'
           WHERE d.deleted_at IS NULL AND d.status <> 'abandoned' GROUP BY d.id) AS f GROUP BY f.furthest",
    ),
];

pub(crate) fn report(bases: &Bases, size: u64) -> Vec<Row> {
    if !have_sqlite() {
        return Vec::new();
    }
    let base = bases.deals(size);
    let runs = if size > 100_000 { 3 } else { 7 };
    let measured = REPORTS.iter().map(|(words, sql)| {
        let own = net_wall(runs, || {
            let mut command = crm(&base);
            command.arg("report").args(*words);
            command
        });
        let theirs = net_wall(runs, || sqlite(&base, &[sql]));
        let job = format!("`report {}` over {size} deals", words.join(" "));
        Row::ratio(&job, "`sqlite3`, reviewed SQL", own / theirs, 1.5)
    });
    measured.collect()
}
