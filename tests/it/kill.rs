//! Nothing that was acknowledged is lost and nothing is half there, whenever a process is killed, and however many
//! write at once.
//!
//! A shell loop adds customers and writes the refs that the program printed to a file: what stands there was
//! acknowledged. The whole group of processes is killed at a moment drawn from a seeded generator. Every base is created by
//! the loop's first command, so that early moments fall into the first creation; a bulky note makes the log long enough for
//! checkpoints to fall into later ones.

use std::collections::HashSet;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::env::Env;

/// How often a process is killed.
const ROUNDS: u64 = 50;

/// Adds customers for ever, acknowledging each.
const LOOP: &str = r#"
n=0
while :; do
  n=$((n + 1))
  "$CRM" customer add "Person $$ $n" --email "p$n.$$@kill.example" --tag vip --note "$NOTE" >> "$ACKNOWLEDGED" || exit 1
  "$CRM" customer set -w "name:'Person $$ $n'" city=Berlin > /dev/null || exit 1
done
"#;

fn start(env: &Env, acknowledged: &Path, script: &str) -> Child {
    let program = env.command("locate");
    let mut command = Command::new("sh");
    command.args(["-c", script]).env_clear();
    for (name, value) in program.get_envs() {
        command.env(name, value.expect("the harness sets variables"));
    }
    command
        .env("CRM", env!("CARGO_BIN_EXE_crm"))
        .env("ACKNOWLEDGED", acknowledged)
        .env("NOTE", "long words of a note ".repeat(1500))
        .env("PATH", "/bin:/usr/bin")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0);
    command.spawn().expect("a shell")
}

/// Kills the loop and whatever it has started.
fn kill(mut child: Child) -> String {
    let group = format!("-{}", child.id());
    let killed = Command::new("kill")
        .args(["-9", "--", &group])
        .status()
        .expect("kill");
    assert!(killed.success(), "the loop had ended by itself");
    child.wait().expect("the shell ends");
    let mut said = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        std::io::Read::read_to_string(&mut stderr, &mut said).expect("UTF-8");
    }
    said
}

/// A base, read past the program.
#[expect(clippy::disallowed_methods, reason = "the test looks past the program")]
pub(crate) fn ask(base: &Path, sql: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(base).expect("a base");
    connection
        .execute_batch("CREATE VIRTUAL TABLE temp.token USING fts5vocab(main, search, instance)")
        .expect("the tokens of the index");
    let mut statement = connection.prepare(sql).expect("a statement");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a text")).collect()
}

/// Everything that has to hold of a base whatever happened to its writers.
pub(crate) fn check(base: &Path, acknowledged: &str) {
    assert_eq!(ask(base, "PRAGMA integrity_check"), ["ok"]);
    assert!(ask(base, "SELECT \"table\" FROM pragma_foreign_key_check").is_empty());
    let refs = ask(base, "SELECT 'C' || no FROM customer ORDER BY no");
    let refs: HashSet<&str> = refs.iter().map(String::as_str).collect();
    for reference in acknowledged.lines() {
        assert!(
            refs.contains(reference),
            "{reference} was acknowledged and is gone"
        );
    }
    let nothing: Vec<String> = Vec::new();
    for (what, sql) in [
        (
            "a customer without its address, tag or document",
            "SELECT name FROM customer AS c WHERE c.name LIKE 'Person %'
               AND (NOT EXISTS (SELECT 1 FROM email WHERE customer_id = c.id)
                    OR NOT EXISTS (SELECT 1 FROM tagging WHERE record_id = c.id)
                    OR NOT EXISTS (SELECT 1 FROM search_doc WHERE id = c.id))",
        ),
        (
            "a row that no operation made",
            "SELECT name FROM customer AS c WHERE coalesce((
               SELECT last_row_id FROM op_change AS change WHERE change.table_name = 'customer'
                 AND change.action = 'insert' AND change.row_id <= c.id ORDER BY change.row_id DESC LIMIT 1), 0) < c.id",
        ),
        (
            "an operation without its rows",
            "SELECT op.title FROM op WHERE op.title LIKE 'Added customer%' AND NOT EXISTS (
               SELECT 1 FROM op_change AS change JOIN customer AS c ON c.id BETWEEN change.row_id AND change.last_row_id
               WHERE change.op_id = op.id AND change.table_name = 'customer')",
        ),
        (
            "a document that the index does not have, or has without the document",
            "SELECT id FROM search_doc WHERE id NOT IN (SELECT doc FROM temp.token)
             UNION ALL SELECT doc FROM temp.token WHERE doc NOT IN (SELECT id FROM search_doc)",
        ),
        (
            "a number that was given twice or ahead of the counter",
            "SELECT no FROM customer GROUP BY no HAVING count(*) > 1
             UNION ALL SELECT no FROM customer WHERE no > (SELECT last FROM counter WHERE name = 'customer')",
        ),
    ] {
        let found = ask(base, &format!("WITH found(what) AS ({sql}) SELECT CAST(what AS TEXT) FROM found"));
        assert_eq!(found, nothing, "{what}");
    }
}

fn lines(file: &Path) -> usize {
    std::fs::read_to_string(file).unwrap_or_default().lines().count()
}

/// Waits until a file has so many lines, but not for ever.
fn await_lines(file: &Path, wanted: usize) {
    for _ in 0..1_000 {
        if lines(file) >= wanted {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_killed_process_loses_nothing_that_was_acknowledged() {
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |most: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random % most
    };
    let mut acknowledged_in_all = 0;
    let mut unborn = 0;
    let mut env = Env::new();
    let mut fresh = true;
    for round in 0..ROUNDS {
        let acknowledgements = env.home().join("acknowledged");
        let child = start(&env, &acknowledgements, LOOP);
        // The first moments of a base are short; later ones are met by waiting for a few writes, however long they take.
        if !fresh {
            let known = lines(&acknowledgements);
            await_lines(&acknowledgements, known + usize::try_from(next(5)).unwrap_or(0));
        }
        let moment = match fresh {
            // Now and then before a shell can have said anything.
            true if round % 4 == 0 => next(3_000),
            true => next(60_000),
            false => next(25_000),
        };
        std::thread::sleep(Duration::from_micros(moment));
        let said = kill(child);
        assert!(!said.contains("error"), "round {round}: {said}");
        let acknowledged = std::fs::read_to_string(&acknowledgements).unwrap_or_default();
        let born = env.base().exists();
        if born {
            // The next command of anybody finds the base as if nothing had happened.
            env.ok("customer list --limit 1");
            check(&env.base(), &acknowledged);
        } else {
            assert_eq!(acknowledged, "", "acknowledged, and there is no base");
            unborn += 1;
        }
        acknowledged_in_all += acknowledged.lines().count();
        fresh = round % 3 == 2;
        if fresh {
            // What a killed creation left behind does not stand in the way of the next.
            env.ok("customer add 'After all' --on-duplicate create");
            let left: Vec<_> = std::fs::read_dir(env.home())
                .expect("a folder")
                .map(|entry| {
                    entry
                        .expect("an entry")
                        .file_name()
                        .to_string_lossy()
                        .into_owned()
                })
                .filter(|name| name.starts_with(".base.db."))
                .collect();
            // Where a base was born, nothing half-born lies beside it any more.
            assert!(born || left.is_empty(), "round {round}: {left:?}");
            env = Env::new();
        }
    }
    // On a busy machine few get so far.
    assert!(
        acknowledged_in_all > 20,
        "only {acknowledged_in_all} were ever acknowledged"
    );
    assert!(unborn > 0, "no kill fell into a first creation");
}

#[test]
fn processes_that_write_at_once_lose_nothing_and_show_no_error() {
    const WRITERS: usize = 8;
    const EACH: usize = 20;
    let env = Env::new();
    let script = format!(
        r#"for n in $(seq {EACH}); do
             "$CRM" customer add "Person $$ $n" --email "p$n.$$@kill.example" --tag vip >> "$ACKNOWLEDGED" || exit 1
           done"#
    );
    let files: Vec<_> = (0..WRITERS)
        .map(|at| env.home().join(format!("acknowledged-{at}")))
        .collect();
    let writers: Vec<Child> = files.iter().map(|file| start(&env, file, &script)).collect();
    for writer in writers {
        let output = writer.wait_with_output().expect("it ends");
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
    let mut acknowledged = String::new();
    for file in files {
        acknowledged.push_str(&std::fs::read_to_string(file).expect("acknowledgements"));
    }
    check(&env.base(), &acknowledged);
    let mut refs: Vec<&str> = acknowledged.lines().collect();
    refs.sort_unstable();
    refs.dedup();
    assert_eq!(refs.len(), WRITERS * EACH, "a ref was given twice");
    assert_eq!(
        env.ok("customer list --format ids").lines().count(),
        WRITERS * EACH
    );
}
