//! Whole commands against the stock `sqlite3` that is asked for the same.

use std::io::Read;
use std::process::Stdio;

use crm::domain::actor::Scope;
use crm::domain::noun::Noun;
use crm::ops::list::{self, Request};
use crm::store::{listing, records};
use rusqlite::{Connection, OpenFlags};
use std::ops::ControlFlow;

use crate::Row;
use crate::bases::{Bases, open};
use crate::measure::{crm, have_sqlite, median, net_cpu, net_wall, sqlite, wall};

/// The base that "small" means.
const SMALL: u64 = 10_000;
const RUNS: usize = 60;

/// The same columns as `customer show` in TSV.
const SHOWN: &str =
    "SELECT 'C' || c.no, c.name, (SELECT name FROM customer WHERE id = c.company_id), c.title,
    (SELECT group_concat(e164) FROM phone WHERE customer_id = c.id),
    (SELECT group_concat(address) FROM email WHERE customer_id = c.id), c.last_activity_on, c.lifecycle,
    (SELECT name FROM user WHERE id = c.owner_id) FROM customer AS c";

/// What nobody should have to wait for: help, and the words that a shell completes.
pub(crate) fn start(bases: &Bases, size: u64) -> Vec<Row> {
    let base = bases.customers(size);
    let spent = |words: &[&str]| {
        net_wall(RUNS, || {
            let mut command = crm(&base);
            command.args(words);
            command
        })
    };
    let mut rows = Vec::new();
    if size == SMALL {
        rows.push(Row::figure(
            "`--help`",
            "wall, without that of `/bin/true`",
            spent(&["--help"]),
            3.0,
            "ms",
        ));
    }
    let complete = |typed: &str| spent(&["complete", "bash", "--", "customer", "show", typed]);
    rows.push(Row::figure(
        "completing `customer show ann`",
        "wall",
        complete("ann"),
        50.0,
        "ms",
    ));
    rows.push(Row::figure(
        "completing `customer show zh`",
        "wall",
        complete("zh"),
        50.0,
        "ms",
    ));
    rows
}

/// `customer show C1`.
pub(crate) fn show(bases: &Bases, size: u64) -> Vec<Row> {
    let show = |size: u64| {
        let base = bases.customers(size);
        net_cpu(RUNS, || {
            let mut command = crm(&base);
            command.args(["customer", "show", "C1"]);
            command
        })
    };
    let mut rows = Vec::new();
    let own = show(size);
    if have_sqlite() {
        let base = bases.customers(size);
        let theirs = net_cpu(RUNS, || sqlite(&base, &[&format!("{SHOWN} WHERE c.no = 1")]));
        rows.push(Row::ratio(
            "`customer show C1`, user + sys",
            "`sqlite3`, the same select",
            own / theirs,
            2.0,
        ));
    }
    if size != SMALL {
        rows.push(Row::ratio(
            "the same, on this base",
            "on 10,000 customers",
            own / show(SMALL),
            1.3,
        ));
    }
    rows
}

/// `customer add`.
pub(crate) fn add(bases: &Bases, size: u64) -> Vec<Row> {
    let base = bases.copy(&bases.customers(size), "add");
    let mut number = 0;
    let own = net_cpu(RUNS, || {
        number += 1;
        let mut command = crm(&base);
        command.args(["customer", "add", &format!("New Person {number}")]);
        command.args(["--email", &format!("new{number}@add.example")]);
        command.args(["--phone", &format!("+49 30 77{number:06}")]);
        command
    });
    let mut rows = vec![Row::figure(
        "`customer add` with e-mail and phone",
        "user + sys",
        own,
        5.0,
        "ms",
    )];
    if have_sqlite() {
        let script = added(&base);
        let other = bases.copy(&bases.customers(size), "add-plain");
        let mut number = 0;
        let theirs = net_cpu(RUNS, || {
            number += 1;
            // Rows of the same sizes further on: ids, numbers and addresses move by as much as the runs so far.
            let shifted = script.replace("{shift}", &(number * 1000).to_string());
            sqlite(&other, &[&shifted])
        });
        rows.push(Row::ratio(
            "`customer add`, user + sys",
            "`sqlite3`, the same rows inserted",
            own / theirs,
            1.5,
        ));
    }
    rows
}

/// The rows of the latest operation as one script of inserts, its ids to be shifted.
fn added(base: &std::path::Path) -> String {
    let connection = connect(base);
    let (op, last): (i64, i64) = connection
        .query_row("SELECT id, last_id FROM op ORDER BY id DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let mut script = "PRAGMA busy_timeout = 1000; BEGIN IMMEDIATE;".to_owned();
    let moves = ["id", "row_id", "last_row_id", "op_id", "last_id", "customer_id"];
    for table in ["customer", "email", "phone", "search_doc", "op", "op_change"] {
        let names: Vec<String> = connection
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let quoted: Vec<String> = names
            .iter()
            .map(|name| match name.as_str() {
                name if moves.contains(&name) => format!("'(' || quote({name}) || ' + {{shift}})'"),
                "no" => "'(' || quote(no) || ' + {shift})'".to_owned(),
                name => format!("quote({name})"),
            })
            .collect();
        let sql = format!(
            "SELECT {} FROM {table} WHERE {} BETWEEN ?1 AND ?2",
            quoted.join(" || ',' || "),
            if table == "op_change" { "op_id" } else { "id" },
        );
        let rows: Vec<String> = connection
            .prepare(&sql)
            .unwrap()
            .query_map([op, last], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        for row in rows {
            script.push_str(&format!(
                "INSERT INTO {table} ({}) VALUES ({row});",
                names.join(", ")
            ));
        }
    }
    let (id, text): (i64, String) = connection
        .query_row(
            "SELECT id, text FROM search_doc WHERE id BETWEEN ?1 AND ?2 AND noun = 'customer'",
            [op, last],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let tokens = crm::domain::search::tokens::tokens(&text).replace('\'', "''");
    script.push_str(&format!(
        "INSERT INTO search (rowid, tokens) VALUES ({id} + {{shift}}, '{tokens}');
         UPDATE counter SET last = last + 1 WHERE name IN ('id', 'op', 'customer'); COMMIT;"
    ));
    script
}

#[expect(clippy::disallowed_methods, reason = "the baseline goes past the library")]
pub(crate) fn connect(base: &std::path::Path) -> Connection {
    Connection::open_with_flags(base, OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap()
}

/// First pages and whole lists.
pub(crate) fn list(bases: &Bases, size: u64) -> Vec<Row> {
    let mut rows = Vec::new();
    if size != SMALL {
        for (filter, sort) in PAGES {
            let page = |size: u64| page(bases, size, filter, sort);
            let name = format!("first page: `-w '{filter}'` {sort}");
            rows.push(Row::ratio(
                name.trim(),
                "on 10,000 customers",
                page(size) / page(SMALL),
                1.3,
            ));
            let steps = |size: u64| steps(bases, size, filter, sort);
            rows.push(Row::ratio(
                &format!("the same, steps of SQLite: {}", steps(size)),
                "on 10,000 customers",
                f64::from(steps(size)) / f64::from(steps(SMALL)),
                1.3,
            ));
        }
    }
    if size == SMALL {
        let base = bases.customers(size);
        let whole = net_wall(20, || {
            let mut command = crm(&base);
            command.args([
                "customer",
                "list",
                "--json=id,name,emails,phones,company,title,tags,source",
            ]);
            command
        });
        rows.push(Row::figure(
            "list 10,000 as JSON, eight fields",
            "the fastest peer",
            whole,
            31.0,
            "ms",
        ));
    }
    let base = bases.customers(size);
    let first: Vec<f64> = (0..15)
        .map(|_| {
            let mut command = crm(&base);
            command
                .args(["customer", "list", "--format", "ndjson"])
                .stdout(Stdio::piped());
            let (child, spent) = wall(|| {
                let mut child = command.spawn().unwrap();
                let mut byte = [0_u8; 1];
                child.stdout.take().unwrap().read_exact(&mut byte).unwrap();
                child
            });
            assert!(child.wait_with_output().unwrap().status.success());
            spent
        })
        .collect();
    rows.push(Row::figure(
        "`customer list --format ndjson \\| head -1`",
        "first byte",
        median(first),
        20.0,
        "ms",
    ));
    rows
}

/// Filters and orders of first pages.
const PAGES: &[(&str, &str)] = &[
    ("", ""),
    ("is:person", ""),
    ("owner:@me", ""),
    ("lifecycle:prospect", ""),
    ("is:quiet", ""),
    ("last_activity:..-30d", ""),
    ("no:company", ""),
    ("", "name"),
    ("", "-last_activity"),
];

/// Steps of the virtual machine of SQLite for fifty rows.
fn steps(bases: &Bases, size: u64, filter: &str, sort: &str) -> u32 {
    let (store, caller) = open(&bases.customers(size), Scope::All);
    let request = request(filter, sort);
    let effort = store.read(&caller, |tx| {
        listing::effort(tx, &list::listing(tx, Noun::Customer, &request)?)
    });
    u32::try_from(effort.unwrap().steps).unwrap()
}

fn request(filter: &str, sort: &str) -> Request {
    Request {
        filters: [filter.to_owned()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect(),
        sort: [sort.to_owned()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect(),
        limit: Some(50),
        ..Request::default()
    }
}

/// Milliseconds for fifty rows in this process, the median of many.
fn page(bases: &Bases, size: u64, filter: &str, sort: &str) -> f64 {
    let (store, caller) = open(&bases.customers(size), Scope::All);
    let request = request(filter, sort);
    let once = || {
        let rows = store.read(&caller, |tx| {
            let listing = list::listing(tx, Noun::Customer, &request)?;
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
    median((0..200).map(|_| wall(once).1).collect())
}

/// `crm today`.
pub(crate) fn today(bases: &Bases, size: u64) -> Vec<Row> {
    let base = bases.customers(size);
    let spent = net_wall(30, || {
        let mut command = crm(&base);
        command.args(["today", "--limit", "20"]);
        command
    });
    vec![Row::figure("`today`", "wall", spent, 50.0, "ms")]
}

/// `export customer` as CSV.
pub(crate) fn export(bases: &Bases, size: u64) -> Vec<Row> {
    if !have_sqlite() {
        return Vec::new();
    }
    let base = bases.customers(size);
    let runs = if size > 100_000 { 1 } else { 5 };
    let own = net_wall(runs, || {
        let mut command = crm(&base);
        command.args(["export", "customer", "--format", "csv"]);
        command
    });
    let theirs = net_wall(runs, || sqlite(&base, &["-csv", EXPORTED]));
    vec![Row::ratio(
        "`export customer --format csv`",
        "`sqlite3 -csv`, the same columns joined by hand",
        own / theirs,
        1.5,
    )]
}

/// The columns of a CSV export, as somebody would write it who knows the schema.
const EXPORTED: &str = "SELECT 'C' || c.no, c.id, c.type, c.name,
    (SELECT name FROM customer WHERE id = c.company_id), c.title,
    (SELECT group_concat(address, '; ') FROM (SELECT address FROM email WHERE customer_id = c.id ORDER BY position)),
    (SELECT group_concat(e164, '; ') FROM (SELECT e164 FROM phone WHERE customer_id = c.id ORDER BY position)),
    (SELECT group_concat(kind || ':' || value, '; ') FROM handle WHERE customer_id = c.id),
    (SELECT group_concat(t.name, '; ') FROM tagging AS g JOIN tag AS t ON t.id = g.tag_id WHERE g.record_id = c.id),
    c.lifecycle, c.level, c.source, (SELECT name FROM user WHERE id = c.owner_id), c.industry, c.employees,
    c.annual_revenue, c.tax_id, c.website, (SELECT name FROM customer WHERE id = c.parent_id), c.address, c.city,
    c.region, c.postal_code, c.country, c.birthday, c.gender, c.language, c.interests, c.needs, c.note,
    c.keep_in_touch, c.do_not_contact, c.last_activity_on, c.next_task_at, c.open_tasks, c.open_deals, c.quiet_on,
    (SELECT group_concat(system || ':' || value, '; ') FROM external_id WHERE record_id = c.id AND object = 'customer'),
    strftime('%Y-%m-%dT%H:%M:%SZ', c.created_at / 1000, 'unixepoch'),
    (SELECT name FROM user WHERE id = c.created_by),
    strftime('%Y-%m-%dT%H:%M:%SZ', c.updated_at / 1000, 'unixepoch'),
    (SELECT name FROM user WHERE id = c.updated_by), c.version
  FROM customer AS c WHERE c.deleted_at IS NULL ORDER BY c.id DESC";
