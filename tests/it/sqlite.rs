//! The base is a plain SQLite file: the stock `sqlite3` reads every table and view and finds nothing wrong.

use std::process::Command;

use crate::env::{Env, have};

#[test]
fn the_stock_program_reads_everything() {
    if !have("sqlite3") {
        return;
    }
    let env = Env::new();
    env.ok("init --currency EUR");
    env.ok("customer add 'Anna Keller' --email anna@acme.example --tag vip");
    env.ok("customer add 张伟 --phone '+86 138 1234 5678'");
    let ask = |sql: &str| {
        let output = Command::new("sqlite3")
            .arg(env.base())
            .arg(sql)
            .output()
            .expect("sqlite3 starts");
        assert!(
            output.status.success(),
            "{sql}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    assert_eq!(ask("PRAGMA integrity_check").trim(), "ok");
    assert_eq!(ask("PRAGMA foreign_key_check").trim(), "");
    let names =
        ask("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'search%'");
    assert!(names.lines().count() > 40, "{names}");
    for name in names.lines() {
        ask(&format!("SELECT * FROM \"{name}\" LIMIT 5"));
    }
    assert_eq!(
        ask("SELECT ref || ' ' || name FROM v_customer ORDER BY ref").trim(),
        "C1 Anna Keller\nC2 张伟"
    );
    assert_eq!(ask("SELECT count(*) FROM search_doc").trim(), "2");
}
