//! Orders: lists, the morning's question and what is owed.

use std::ops::ControlFlow;

use crm::domain::actor::Scope;
use crm::domain::noun::Noun;
use crm::ops::list::{self, Request};
use crm::store::{listing, records};

use crate::Row;
use crate::bases::{Bases, open};
use crate::measure::{crm, have_sqlite, median, net_wall, sqlite, wall};

/// The base that "small" means.
const SMALL: u64 = 10_000;

/// Filters and orders of first pages.
const PAGES: &[(&str, &str)] = &[
    ("", ""),
    ("is:open", ""),
    ("is:unpaid", ""),
    ("status:returned", ""),
    ("owner:@me", ""),
    ("", "-total"),
    ("", "due_on"),
];

/// What is owed by customer, by how late it is, as somebody would ask who knows the schema.
const OWED: &str = "WITH late AS (
      SELECT customer_id, balance_base AS owed, julianday('2026-11-27') - julianday(due_on) AS days FROM sales_order
      WHERE deleted_at IS NULL AND status IN ('confirmed', 'processing', 'completed')
        AND payment_status IN ('unpaid', 'partially_paid'))
    SELECT c.name, count(*), sum(owed), sum(CASE WHEN days IS NULL OR days <= 0 THEN owed END),
           sum(CASE WHEN days BETWEEN 1 AND 30 THEN owed END), sum(CASE WHEN days BETWEEN 31 AND 60 THEN owed END),
           sum(CASE WHEN days BETWEEN 61 AND 90 THEN owed END), sum(CASE WHEN days > 90 THEN owed END)
    FROM late JOIN customer AS c ON c.id = late.customer_id GROUP BY customer_id ORDER BY 3 DESC";

pub(crate) fn sales(bases: &Bases, size: u64) -> Vec<Row> {
    let base = bases.orders(size);
    let mut rows = Vec::new();
    if size != SMALL {
        for (filter, sort) in PAGES {
            let asked = |size: u64| page(bases, size, filter, sort);
            let ((spent, steps), (little, few)) = (asked(size), asked(SMALL));
            let job = format!("first page of orders: `-w '{filter}'` {sort}");
            rows.push(Row::ratio(job.trim(), "on 10,000 orders", spent / little, 1.3));
            rows.push(Row::ratio(
                &format!("the same, steps of SQLite: {steps}"),
                "on 10,000 orders",
                steps / few,
                1.3,
            ));
        }
    }
    let own = |words: &[&str], runs: usize| {
        net_wall(runs, || {
            let mut command = crm(&base);
            command.args(words);
            command
        })
    };
    rows.push(Row::figure(
        "`today` with orders",
        "wall",
        own(&["today", "--limit", "20"], 30),
        50.0,
        "ms",
    ));
    if have_sqlite() {
        let runs = if size > 100_000 { 3 } else { 7 };
        rows.push(Row::ratio(
            &format!("`report receivables` over {size} orders"),
            "`sqlite3`, reviewed SQL",
            own(&["report", "receivables"], runs) / net_wall(runs, || sqlite(&base, &[OWED])),
            1.5,
        ));
    }
    rows
}

/// Milliseconds for fifty rows in this process, the median of many, and the steps of the virtual machine of SQLite.
fn page(bases: &Bases, size: u64, filter: &str, sort: &str) -> (f64, f64) {
    let (store, caller) = open(&bases.orders(size), Scope::All);
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
            let listing = list::listing(tx, Noun::Order, &request)?;
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
        listing::effort(tx, &list::listing(tx, Noun::Order, &request)?)
    });
    (spent, f64::from(u32::try_from(effort.unwrap().steps).unwrap()))
}
