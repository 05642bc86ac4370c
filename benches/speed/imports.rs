//! Importing against a loop that inserts ready values into all the same tables, indexes, search and log.

use std::path::Path;

use crm::domain::search::tokens::tokens;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::Row;
use crate::bases::{Bases, remove};
use crate::commands::connect;
use crate::measure::{crm, prepare, wall, watched};

/// Rows that the baseline reads before it inserts them.
const CHUNK: i64 = 20_000;

pub(crate) fn import(bases: &Bases, size: u64) -> Vec<Row> {
    let csv = bases.csv(size);
    let base = bases.scratch("import");
    prepare(crm(&base).args(["init", "--currency", "EUR"]));
    let (spent, memory) = watched(crm(&base).args(["import", "customer"]).arg(&csv));
    let ready = plain(bases, &base);
    let (undone, undo_memory) = watched(crm(&base).args(["undo"]));
    let (redone, _) = watched(crm(&base).args(["redo"]));
    let mut rows = vec![
        Row::ratio(
            &format!("import {size} customers from CSV"),
            "a loop with ready values",
            spent / ready,
            2.0,
        ),
        Row::figure("the same, anonymous memory", "peak", memory, 150.0, "MiB"),
        Row::ratio("undo of that import", "the import", undone / spent, 2.0),
        Row::figure("the same, anonymous memory", "peak", undo_memory, 150.0, "MiB"),
        Row::ratio("redo of that import", "the import", redone / spent, 2.0),
    ];
    if size == 10_000 {
        rows.push(Row::figure(
            "import 10,000 customers",
            "wall",
            spent,
            1000.0,
            "ms",
        ));
    }
    remove(&base);
    rows
}

/// A file of another program against a plain one that says the same of the same people.
pub(crate) fn foreign(bases: &Bases, size: u64) -> Vec<Row> {
    let spent = |name: &str, text: String| {
        let base = bases.scratch(name);
        let file = base.with_extension("csv");
        std::fs::write(&file, text).unwrap();
        prepare(crm(&base).args(["init", "--currency", "EUR"]));
        let (spent, _) = watched(crm(&base).args(["import", "customer"]).arg(&file));
        remove(&base);
        std::fs::remove_file(&file).unwrap();
        spent
    };
    let mut plain = "name,company,title,emails,phones,city,note\n".to_owned();
    let mut google =
        "First Name,Last Name,File As,Labels,Organization Name,Organization Title,E-mail 1 - Value,\
                      Phone 1 - Value,Address 1 - City,Notes\n"
            .to_owned();
    for at in 0..size {
        let (given, family) = (format!("Given{}", at % 977), format!("Family{at}"));
        let rest = format!(
            "Company {},Buyer,p{at}@host{}.example,+49 30 {},City {},said {at}\n",
            at % (size / 50).max(1),
            at % 500,
            1_000_000 + at,
            at % 300
        );
        let (company, more) = rest.split_once(',').unwrap();
        plain.push_str(&format!("{given} {family},{company},{more}"));
        google.push_str(&format!("{given},{family},,,{company},{more}"));
    }
    let (plain, google) = (spent("plain", plain), spent("foreign", google));
    vec![Row::ratio(
        &format!("import {size} contacts of another program"),
        "the same as a plain CSV",
        google / plain,
        1.5,
    )]
}

/// Milliseconds to insert what an import made, in the order in which it was made, in one transaction.
///
/// Reading the values and making the tokens is not counted.
fn plain(bases: &Bases, made: &Path) -> f64 {
    let target = bases.scratch("import-plain");
    prepare(crm(&target).args(["init", "--currency", "EUR"]));
    let from = connect(made);
    let (op, last): (i64, i64) = from
        .query_row("SELECT id, last_id FROM op ORDER BY id DESC LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let into = connect(&target);
    into.execute_batch(
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768; BEGIN IMMEDIATE;
         PRAGMA defer_foreign_keys = ON;",
    )
    .unwrap();
    let tables: Vec<Table> = [
        "customer",
        "email",
        "phone",
        "employment",
        "tag",
        "tagging",
        "external_id",
        "search_doc",
    ]
    .into_iter()
    .map(|name| Table::of(&from, name))
    .collect();
    let mut spent = 0.0;
    let mut first = op;
    while first <= last {
        let rows = chunk(&from, &tables, first, first + CHUNK - 1);
        spent += wall(|| insert(&into, &tables, &rows)).1;
        first += CHUNK;
    }
    let log = Table::of(&from, "op");
    let changes = Table::of(&from, "op_change");
    for (table, sql) in [
        (log, format!("SELECT * FROM op WHERE id = {op}")),
        (changes, format!("SELECT * FROM op_change WHERE op_id = {op}")),
    ] {
        let rows = all(&from, &sql);
        spent += wall(|| {
            for row in &rows {
                into.prepare_cached(&table.insert)
                    .unwrap()
                    .execute(params_from_iter(row))
                    .unwrap();
            }
        })
        .1;
    }
    spent += wall(|| into.execute_batch("COMMIT").unwrap()).1;
    spent += wall(|| drop(into)).1;
    remove(&target);
    spent
}

struct Table {
    name: &'static str,
    insert: String,
}

impl Table {
    fn of(connection: &Connection, name: &'static str) -> Table {
        let columns: i64 = connection
            .query_row(
                &format!("SELECT count(*) FROM pragma_table_info('{name}')"),
                [],
                |row| row.get(0),
            )
            .unwrap();
        let marks = vec!["?"; usize::try_from(columns).unwrap()].join(", ");
        Table {
            name,
            insert: format!("INSERT INTO {name} VALUES ({marks})"),
        }
    }
}

/// A row that is ready: the place of its table, its values, and its tokens if it is a document.
struct Ready {
    table: usize,
    values: Vec<Value>,
    tokens: Option<String>,
}

/// Rows with ids in a range, in the order in which they were made; a document comes behind its record.
fn chunk(from: &Connection, tables: &[Table], first: i64, last: i64) -> Vec<Ready> {
    let mut rows: Vec<(i64, usize, Ready)> = Vec::new();
    for (place, table) in tables.iter().enumerate() {
        let sql = format!("SELECT * FROM {} WHERE id BETWEEN {first} AND {last}", table.name);
        for values in all(from, &sql) {
            let Value::Integer(id) = values[0] else { continue };
            let text = match (table.name, values.get(3)) {
                ("search_doc", Some(Value::Text(text))) => Some(tokens(text)),
                _ => None,
            };
            let ready = Ready {
                table: place,
                values,
                tokens: text,
            };
            rows.push((id, place, ready));
        }
    }
    rows.sort_by_key(|(id, place, _)| (*id, *place));
    rows.into_iter().map(|(.., ready)| ready).collect()
}

fn insert(into: &Connection, tables: &[Table], rows: &[Ready]) {
    let mut search = into
        .prepare_cached("INSERT INTO search (rowid, tokens) VALUES (?1, ?2)")
        .unwrap();
    for row in rows {
        into.prepare_cached(&tables[row.table].insert)
            .unwrap()
            .execute(params_from_iter(&row.values))
            .unwrap();
        if let Some(tokens) = &row.tokens {
            search.execute((&row.values[0], tokens)).unwrap();
        }
    }
}

fn all(from: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = from.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement
        .query_map([], |row| (0..columns).map(|at| row.get(at)).collect())
        .unwrap();
    rows.map(Result::unwrap).collect()
}
