//! First pages cost the same whatever the size of the base: no walk over a whole table, no sort, no more steps.
//!
//! Two bases that differ in size by ten are filled past the operations, with everything that is kept up, so that a test
//! has thousands of records at once. The counters are SQLite's own.
//!
//! Two shapes are not here, because no index can serve them: a range of days (`closed_on:2026-02`) is found by its index
//! and then put in the order of the list, which costs what is found; and one value in another order (`is:person --sort
//! name`) sorts what has the value.

use super::Base;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::list::{self, Request};
use crate::store::listing::{self, Effort};
use crate::store::{WriteTx, documents, seed};

const SMALL: i64 = 400;
const LARGE: i64 = 4_000;
const PAGE: u64 = 25;

/// Customers: every tenth a company, who employs the nine that follow; one in fifty has a rare value of everything.
const FILL: &str = "
  CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size}) SELECT i FROM n;
  INSERT INTO user (id, name, name_key, created_at, created_by, updated_at, updated_by)
    VALUES ({base} - 1, 'Rare', 'rare', 0, {user}, 0, {user});
  INSERT INTO tag (id, name, name_key, created_at, created_by, updated_at, updated_by)
    VALUES ({base} - 2, 'rare', 'rare', 0, {user}, 0, {user}), ({base} - 3, 'usual', 'usual', 0, {user}, 0, {user});
  INSERT INTO field (id, noun, key, type, position, created_at, created_by, updated_at, updated_by)
    VALUES ({base} - 4, 'customer', 'size', 'text', 1, 0, {user}, 0, {user});
  INSERT INTO customer (id, no, type, name, lifecycle, level, source, owner_id, industry, country, city, created_at,
      created_by, updated_at, updated_by, name_key, sort_key, company_id, last_activity_on, quiet_on, open_tasks)
    SELECT {base} + i * 100, i, iif(i % 10 = 0, 'company', 'person'), 'Customer ' || i,
      iif(i % 50 = 7, 'loyal', 'prospect'), iif(i % 50 = 7, 'A', 'B'), iif(i % 50 = 7, 'referral', 'website'),
      iif(i % 50 = 7, {base} - 1, {user}), iif(i % 50 = 7, 'energy', 'retail'), iif(i % 50 = 7, 'FR', 'DE'),
      iif(i % 50 = 7, 'Lyon', 'Berlin'), 0, {user}, 0, {user}, 'customer ' || i, 'customer ' || i,
      iif(i % 10 = 0, NULL, {base} + (i - i % 10 + 10) * 100), date('2026-03-02', '-' || (i % 300) || ' days'),
      date('2026-03-02', (i % 100 - 50) || ' days'), i % 3
    FROM n ORDER BY i;
  INSERT INTO email (id, customer_id, position, address, key)
    SELECT {base} + i * 100 + 1, {base} + i * 100, 1, 'c' || i || '@mail.example', 'c' || i || '@mail.example' FROM n;
  INSERT INTO phone (id, customer_id, position, raw, key)
    SELECT {base} + i * 100 + 2, {base} + i * 100, 1, '030 ' || (100000 + i), '030' || (100000 + i) FROM n;
  INSERT INTO tagging (id, tag_id, noun, record_id)
    SELECT {base} + i * 100 + 3, iif(i % 50 = 7, {base} - 2, {base} - 3), 'customer', {base} + i * 100 FROM n;
  INSERT INTO custom_value (id, noun, record_id, field_id, position, text_value)
    SELECT {base} + i * 100 + 4, 'customer', {base} + i * 100, {base} - 4, 1, iif(i % 50 = 7, 'big', 'small') FROM n;
  INSERT INTO deal (id, no, name, customer_id, pipeline_id, stage_id, status, stage_entered_on, amount, currency,
      probability, category, expected_close_on, opened_on, closed_on, owner_id, source, created_at, created_by, updated_at,
      updated_by, name_key, amount_base, rotting_on, open_tasks)
    SELECT {base} + i * 100 + 5, i, 'Deal ' || i, iif(i % 50 = 7, NULL, {base} + i * 100), {pipeline},
      iif(i % 50 = 7, {rare_stage}, iif(i % 2, {open_stage}, {won_stage})), iif(i % 50 = 7 OR i % 2, 'open', 'won'),
      '2026-01-01', i * 1000, 'USD', 50, 'pipeline', iif(i % 2, date('2026-03-02', (i % 90) || ' days'), NULL),
      date('2026-03-02', '-' || (i % 400) || ' days'), iif(i % 50 = 7 OR i % 2, NULL, date('2026-03-02', '-' || (i % 200) || ' days')),
      iif(i % 50 = 7, {base} - 1, {user}), iif(i % 50 = 7, 'referral', 'website'), 0, {user}, 0, {user}, 'deal ' || i,
      i * 1000, iif(i % 2, date('2026-03-02', (i % 60 - 30) || ' days'), NULL), i % 3
    FROM n ORDER BY i;
  INSERT INTO task (id, no, title, status, due_on, due_at, customer_id, assignee_id, created_at, created_by, updated_at,
      updated_by)
    SELECT {base} + i * 100 + 6, i, 'Task ' || i, iif(i % 7, 'open', 'done'), date('2026-03-02', (i % 60 - 30) || ' days'),
      unixepoch('2026-03-02', (i % 60 - 29) || ' days') * 1000, {base} + i * 100, iif(i % 50 = 7, {base} - 1, {user}),
      0, {user}, 0, {user}
    FROM n ORDER BY i;
  INSERT INTO activity (id, no, type, at, on_date, text, owner_id, created_at, created_by, updated_at, updated_by)
    SELECT {base} + i * 100 + 7, i, iif(i % 50 = 7, 'visit', 'call'), unixepoch('2026-03-02', '-' || (i % 300) || ' days') * 1000,
      date('2026-03-02', '-' || (i % 300) || ' days'), 'Talk ' || i, {user}, 0, {user}, 0, {user} FROM n ORDER BY i;
  INSERT INTO activity_customer (id, activity_id, customer_id, role, contact_on)
    SELECT {base} + i * 100 + 8, {base} + i * 100 + 7, {base} + i * 100, 'customer',
      date('2026-03-02', '-' || (i % 300) || ' days') FROM n;
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

fn filled(size: i64) -> Base {
    let mut base = Base::new();
    base.write(|tx| fill(tx, size));
    base
}

fn page(base: &Base, noun: Noun, filter: &str, sort: &str) -> (Effort, Vec<String>) {
    let words = |text: &str| -> Vec<String> {
        Some(text.to_owned())
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect()
    };
    base.read(|tx| {
        let request = Request {
            filters: words(filter),
            sort: words(sort),
            limit: Some(PAGE),
            ..Request::default()
        };
        let page = list::listing(tx, noun, &request)?;
        Ok((listing::effort(tx, &page)?, listing::plan(tx, &page)?))
    })
}

/// Lists, filters and orders that people use every day.
const PAGES: &[(Noun, &str, &str)] = &[
    (Noun::Customer, "", ""),
    (Noun::Customer, "is:person", ""),
    (Noun::Customer, "is:company", ""),
    (Noun::Customer, "owner:@me", ""),
    (Noun::Customer, "owner:rare", ""),
    (Noun::Customer, "lifecycle:loyal", ""),
    (Noun::Customer, "lifecycle:prospect", ""),
    (Noun::Customer, "level:A", ""),
    (Noun::Customer, "source:referral", ""),
    (Noun::Customer, "industry:energy", ""),
    (Noun::Customer, "country:FR", ""),
    (Noun::Customer, "+rare", ""),
    (Noun::Customer, "+usual owner:@me", ""),
    (Noun::Customer, "-usual", ""),
    (Noun::Customer, "is:quiet", ""),
    (Noun::Customer, "last_activity:..-30d", ""),
    (Noun::Customer, "last_activity:today", ""),
    (Noun::Customer, "no:company", ""),
    (Noun::Customer, "has:emails", ""),
    (Noun::Customer, "no:next_task", ""),
    (Noun::Customer, "customer", ""),
    (Noun::Customer, "'customer 77'", ""),
    (Noun::Customer, "fields.size:big", ""),
    (Noun::Customer, "", "name"),
    (Noun::Customer, "", "-name"),
    (Noun::Customer, "", "-last_activity"),
    (Noun::Deal, "", ""),
    (Noun::Deal, "is:open", ""),
    (Noun::Deal, "is:won", ""),
    (Noun::Deal, "stage:proposal", ""),
    (Noun::Deal, "stage:negotiation", ""),
    (Noun::Deal, "owner:@me is:open", ""),
    (Noun::Deal, "owner:rare", ""),
    (Noun::Deal, "no:customer", ""),
    (Noun::Deal, "is:rotting", ""),
    (Noun::Deal, "is:nextless", ""),
    (Noun::Deal, "close:..eom is:open", ""),
    (Noun::Deal, "amount:100..", ""),
    (Noun::Deal, "source:referral", ""),
    (Noun::Deal, "", "-amount"),
    (Noun::Deal, "", "-closed_on"),
    (Noun::Task, "", ""),
    (Noun::Task, "is:open", ""),
    (Noun::Task, "is:overdue", ""),
    (Noun::Task, "is:today", ""),
    (Noun::Task, "assignee:@me is:open", ""),
    (Noun::Task, "assignee:rare is:open", ""),
    (Noun::Task, "due:..today", ""),
    (Noun::Activity, "", ""),
    (Noun::Activity, "type:visit", ""),
    (Noun::Activity, "at:-7d..", ""),
    (Noun::Activity, "owner:@me", ""),
    (Noun::Product, "", ""),
    (Noun::User, "", ""),
    (Noun::Tag, "", ""),
];

#[test]
fn first_pages_cost_the_same_at_any_size() {
    let (small, large) = (filled(SMALL), filled(LARGE));
    let mut bad = Vec::new();
    for (noun, filter, sort) in PAGES {
        let (little, _) = page(&small, *noun, filter, sort);
        let (much, plan) = page(&large, *noun, filter, sort);
        let grows = f64::from(much.steps) > 1.3 * f64::from(little.steps) && little.rows == PAGE;
        if much.rows == 0 && noun.prefix().is_some() && *noun != Noun::Product {
            bad.push(format!("{noun} {filter} {sort}: finds nothing"));
        }
        // A walk over an index in its own order counts as one over the table, but ends with the page.
        let scanned = u64::try_from(much.scanned).unwrap() > PAGE;
        if grows || scanned || much.sorts > 0 {
            bad.push(format!(
                "{noun} {filter} {sort}: {} -> {} steps, {} scanned, {} sorts\n    {}",
                little.steps,
                much.steps,
                much.scanned,
                much.sorts,
                plan.iter()
                    .filter(|line| !line.contains("SUBQUERY") && !line.starts_with("  "))
                    .cloned()
                    .collect::<Vec<_>>()
                    .join("\n    ")
            ));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
