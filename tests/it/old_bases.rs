//! Bases of released versions open in this one, and say what they said.
//!
//! `tests/fixtures/db/VERSION.sql` is a base of that version as SQL text, with every table filled; `VERSION.ndjson` what its
//! records were in full when it was written. A fixture is frozen with the release of its version and never written
//! again: a later schema gets a later fixture. Until then others may still change the schema, and
//!
//! ```sh
//! CRM_TEST_REWRITE=1 cargo test --test it old_bases
//! ```
//!
//! writes the fixture of [`NEXT`] anew. A fixture is held to from the moment when the package bears its version.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::ValueRef;
use serde_json::Value as Json;

use crate::env::Env;
use crate::exchange::{NOUNS, everything, rich};

/// The version whose base is written by the command above.
const NEXT: &str = "0.1.0";

/// Rows for tables that no command fills.
const MORE: &[(&str, &str)] = &[
    (
        "attachment",
        "INSERT INTO attachment (id, noun, record_id, location, title, created_at, created_by)
           SELECT 7001, 'customer', id, 'https://example.com/contract', 'Contract', 1764000000000, 1 FROM customer WHERE no = 1",
    ),
    (
        "suppression",
        "INSERT INTO suppression (id, channel, hash, reason, created_at)
           VALUES (7002, 'email', '00ff', 'asked', 1764000000000)",
    ),
    (
        "view",
        "INSERT INTO view (id, key, noun, columns, filter, sort, created_at, created_by, updated_at, updated_by)
           VALUES (7003, 'vips', 'customer', 'id,name', 'tag:vip', 'name', 1764000000000, 1, 1764000000000, 1)",
    ),
    ("cursor", "INSERT INTO cursor (name, value) VALUES ('job', '1')"),
    (
        "rate",
        "INSERT INTO rate (id, currency, on_date, rate) VALUES (7004, 'CHF', '2026-01-01', 1050000)",
    ),
    (
        "forecast_snapshot",
        "INSERT INTO forecast_snapshot (id, taken_on, from_on, to_on, owner_id, closed, committed, best_case, pipeline,
                                        weighted, deals, without_amount)
           VALUES (7005, '2026-11-02', '2026-10-01', '2027-01-01', 1, 100, 200, 300, 400, 550, 4, 1)",
    ),
    (
        "cursor_member",
        "INSERT INTO cursor_member (cursor, record_id) SELECT 'job', min(id) FROM customer",
    ),
];

#[expect(clippy::disallowed_methods, reason = "the test looks past the program")]
fn connect(path: &Path) -> Connection {
    Connection::open(path).expect("a base")
}

#[expect(
    clippy::disallowed_methods,
    reason = "how a person says that fixtures are written"
)]
fn rewrites() -> bool {
    std::env::var_os("CRM_TEST_REWRITE").is_some()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/db")
}

fn strings(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).expect("a statement");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a text")).collect()
}

/// Tables that hold rows; not what a virtual table makes for itself.
const TABLES: &str = "SELECT name FROM sqlite_schema AS t WHERE type = 'table' AND sql IS NOT NULL
    AND sql NOT LIKE 'CREATE VIRTUAL%' AND NOT EXISTS (
      SELECT 1 FROM sqlite_schema AS v WHERE v.sql LIKE 'CREATE VIRTUAL%' AND t.name LIKE v.name || '\\_%' ESCAPE '\\'
        AND t.name IN (v.name || '_data', v.name || '_idx', v.name || '_content', v.name || '_docsize', v.name || '_config'))
    ORDER BY rowid";

/// A base as SQL text: what the shell of SQLite calls a dump, in an order that any SQLite reads.
fn dump(base: &Path) -> String {
    let connection = connect(base);
    let number = |name: &str| -> i64 {
        let value = connection.pragma_query_value(None, name, |row| row.get(0));
        value.expect("a pragma")
    };
    let mut text = format!(
        "PRAGMA application_id = {};\nPRAGMA user_version = {};\nPRAGMA foreign_keys = OFF;\nBEGIN;\n",
        number("application_id"),
        number("user_version")
    );
    let plain = strings(&connection, TABLES);
    for table in &plain {
        let quoted = table.replace('\'', "''");
        let sql = strings(
            &connection,
            &format!("SELECT sql FROM sqlite_schema WHERE name = '{quoted}'"),
        );
        writeln!(text, "{};", sql.concat()).expect("text");
        rows(&connection, table, &mut text);
    }
    let virtual_tables = strings(
        &connection,
        "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL%' ORDER BY rowid",
    );
    for table in &virtual_tables {
        let sql = strings(
            &connection,
            &format!("SELECT sql FROM sqlite_schema WHERE name = '{table}'"),
        );
        writeln!(text, "{};", sql.concat()).expect("text");
        let inside = format!(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '{table}\\_%' ESCAPE '\\'"
        );
        for inside in strings(&connection, &inside)
            .iter()
            .filter(|name| !plain.contains(name))
        {
            writeln!(text, "DELETE FROM {inside};").expect("text");
            rows(&connection, inside, &mut text);
        }
    }
    let rest = "SELECT sql FROM sqlite_schema WHERE type IN ('index', 'trigger', 'view') AND sql IS NOT NULL ORDER BY rowid";
    for sql in strings(&connection, rest) {
        writeln!(text, "{sql};").expect("text");
    }
    text.push_str("COMMIT;\n");
    text
}

fn rows(connection: &Connection, table: &str, text: &mut String) {
    let mut statement = connection
        .prepare(&format!("SELECT * FROM \"{table}\""))
        .expect("a table");
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let mut rows = statement.query([]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let values: Vec<String> = (0..names.len())
            .map(|at| literal(row.get_ref(at).expect("a value")))
            .collect();
        writeln!(
            text,
            "INSERT INTO \"{table}\" ({}) VALUES ({});",
            names.join(", "),
            values.join(", ")
        )
        .expect("text");
    }
}

fn literal(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "NULL".to_owned(),
        ValueRef::Integer(value) => value.to_string(),
        ValueRef::Real(value) => format!("{value:?}"),
        // Line ends stay inside the literal; a carriage return would not survive a checkout everywhere.
        ValueRef::Text(value) => {
            let text = String::from_utf8_lossy(value).replace('\'', "''");
            match text.contains('\r') {
                true => format!("'{}'", text.replace('\r', "' || char(13) || '")),
                false => format!("'{text}'"),
            }
        }
        ValueRef::Blob(value) => {
            let hex: Vec<String> = value.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("X'{}'", hex.concat())
        }
    }
}

/// A base with every table filled.
fn full() -> Env {
    let env = rich();
    let connection = connect(&env.base());
    let is_empty =
        |table: &str| strings(&connection, &format!("SELECT 'x' FROM \"{table}\" LIMIT 1")).is_empty();
    for (table, sql) in MORE {
        if is_empty(table) {
            connection.execute_batch(sql).expect("a row");
        }
    }
    let empty: Vec<String> = strings(&connection, TABLES)
        .into_iter()
        .filter(|table| is_empty(table))
        .collect();
    assert!(
        empty.is_empty(),
        "nothing fills {}; a row of MORE can",
        empty.join(", ")
    );
    env
}

/// All records in full.
fn records(env: &Env) -> String {
    let mut nouns = NOUNS.to_vec();
    nouns.dedup();
    nouns.iter().map(|noun| everything(env, noun)).collect()
}

/// The base that `sql` describes, in a home of its own.
fn load(sql: &str) -> Env {
    let env = Env::at("2026-12-01T08:00:00+01:00");
    let connection = connect(&env.base());
    connection.execute_batch(sql).expect("the SQL of a base");
    env
}

/// Opens an old base and holds it to what it was: every record with at least what it said, whole, found, undone.
fn keeps(sql: &str, expected: &str) {
    let env = load(sql);
    let now = records(&env);
    let (now, then): (Vec<&str>, Vec<&str>) = (now.lines().collect(), expected.lines().collect());
    assert_eq!(now.len(), then.len(), "records came or went");
    for (now, then) in now.iter().zip(then) {
        let parse = |text: &str| -> Json { serde_json::from_str(text).expect("JSON") };
        says(&parse(now), &parse(then), then);
    }
    let connection = connect(&env.base());
    assert_eq!(strings(&connection, "PRAGMA integrity_check"), ["ok"]);
    assert!(strings(&connection, "SELECT \"table\" FROM pragma_foreign_key_check").is_empty());
    drop(connection);
    // The index of then finds, and gives up what it had.
    let finds = |words: &str| !env.ok(&format!("find {words} --kind customer")).is_empty();
    assert!(finds("spaced") && finds("zhangwei") && !finds("李娜"));
    env.ok("customer set C7 name=李娜");
    assert!(finds("李娜") && !finds("spaced"));
    // The log of then is taken back, and written on.
    env.ok("undo");
    env.ok("undo");
    env.ok("redo");
    assert!(finds("spaced") && !finds("李娜"));
    env.ok("backup whole.db");
}

/// True words stay: what `then` said, `now` says; it may say more.
#[track_caller]
fn says(now: &Json, then: &Json, whole: &str) {
    match (now, then) {
        (Json::Object(now), Json::Object(then)) => {
            for (name, then) in then {
                let now = now
                    .get(name)
                    .unwrap_or_else(|| panic!("{name} is gone from {whole}"));
                says(now, then, whole);
            }
        }
        (now, then) => assert_eq!(now, then, "{whole}"),
    }
}

#[test]
fn a_base_comes_back_from_its_dump() {
    let env = full();
    let (sql, expected) = (dump(&env.base()), records(&env));
    assert_eq!(dump(&load(&sql).base()), sql);
    keeps(&sql, &expected);
    if !rewrites() {
        return;
    }
    let (file, text) = (
        fixtures().join(format!("{NEXT}.sql")),
        fixtures().join(format!("{NEXT}.ndjson")),
    );
    if let Ok(old) = fs::read_to_string(&file) {
        let is_released = version(NEXT) <= version(env!("CARGO_PKG_VERSION"));
        assert!(
            !is_released || schema(&old) == schema(&sql),
            "the schema of {NEXT} is frozen: name the version that has the new one"
        );
    }
    fs::create_dir_all(fixtures()).expect("a folder");
    let head = format!(
        "-- A base of crm {NEXT}. Frozen with the release of {NEXT}; tests/it/old_bases.rs says how it was written.\n"
    );
    // The log keeps command lines, and where the program lay is nobody's business.
    let sql = sql.replace(env!("CARGO_BIN_EXE_crm"), "crm");
    fs::write(file, head + &sql).expect("written");
    fs::write(text, expected).expect("written");
}

#[test]
fn released_bases_open_and_say_what_they_said() {
    let mut versions: Vec<String> = fs::read_dir(fixtures())
        .expect("fixtures")
        .filter_map(|entry| {
            let name = entry.expect("an entry").file_name().into_string().ok()?;
            Some(name.strip_suffix(".sql")?.to_owned())
        })
        .collect();
    versions.sort();
    assert!(
        versions.iter().any(|version| version == NEXT),
        "no fixture of {NEXT}"
    );
    for name in versions {
        let read =
            |end: &str| fs::read_to_string(fixtures().join(format!("{name}.{end}"))).expect("a fixture");
        let (sql, expected) = (read("sql"), read("ndjson"));
        assert!(schema(&sql).contains("CREATE TABLE customer"), "{name}");
        // What is not released yet may still change.
        if version(&name) <= version(env!("CARGO_PKG_VERSION")) {
            keeps(&sql, &expected);
        }
    }
}

/// The statements of a dump that make something, but its rows.
fn schema(sql: &str) -> String {
    let lines = sql
        .lines()
        .filter(|line| !line.starts_with("INSERT ") && !line.starts_with("--"));
    lines.collect::<Vec<_>>().join("\n")
}

fn version(text: &str) -> Vec<u32> {
    text.split('.')
        .map(|part| part.parse().expect("a number"))
        .collect()
}
