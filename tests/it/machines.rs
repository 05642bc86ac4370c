//! What machines do to a program: files that are no bases, limits, damage, an empty environment. There is a clear message,
//! the right exit code, and nothing is lost.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::env::{Env, Run};

/// Commands that read, write, begin, copy and fill a base.
const COMMANDS: [&str; 7] = [
    "customer list",
    "today",
    "find anna",
    "customer add Ben",
    "backup",
    "import customer rows.csv",
    "init",
];

fn rows(env: &Env, count: usize) {
    let rows: String = (0..count)
        .map(|at| format!("Somebody {at},s{at}@machines.example\n"))
        .collect();
    std::fs::write(env.home().join("rows.csv"), format!("name,email\n{rows}")).expect("a file");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    names.sort();
    names
}

#[test]
fn what_is_no_base_is_told_and_left_alone() {
    let env = Env::new();
    rows(&env, 3);
    let text = env.home().join("text.db");
    std::fs::write(
        &text,
        "no base, but a text that is longer than the head of one\n".repeat(20),
    )
    .expect("a file");
    std::fs::write(env.home().join("empty.db"), "").expect("a file");
    std::fs::create_dir(env.home().join("folder.db")).expect("a folder");
    foreign(&env.home().join("foreign.db"));
    let before = names(&env.home());
    for (file, why) in [
        ("text.db", "not a base of crm"),
        ("empty.db", "an empty file"),
        ("folder.db", "a folder"),
        ("foreign.db", "not a base of crm"),
    ] {
        let bytes = std::fs::read(env.home().join(file)).ok();
        for line in COMMANDS {
            let run = env.run(&format!("{line} --db {file}"));
            assert_eq!(run.code, 10, "crm {line} --db {file}: {}", run.stderr);
            let told = run.stderr.lines().next().unwrap_or_default();
            assert!(
                told.contains(file) && told.contains(why),
                "crm {line} --db {file}: {told}"
            );
        }
        assert_eq!(names(&env.home()), before, "{file}");
        assert_eq!(std::fs::read(env.home().join(file)).ok(), bytes, "{file}");
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the test makes what another program would"
)]
fn foreign(path: &Path) {
    let connection = rusqlite::Connection::open(path).expect("a file");
    connection
        .execute_batch("CREATE TABLE customer (name TEXT); INSERT INTO customer VALUES ('Anna')")
        .expect("a table");
}

#[test]
fn damage_is_told_and_nothing_is_made_of_it() {
    let env = Env::new();
    env.ok("init");
    for number in 0..30 {
        let note = "words ".repeat(100);
        env.ok(&format!("customer add 'Person {number}' --note '{note}'"));
    }
    env.ok("backup whole.db");
    let mut bytes = std::fs::read(env.base()).expect("a base");
    let end = bytes.len();
    bytes[4096 * 3..end].fill(0x5a);
    std::fs::write(env.base(), &bytes).expect("written");
    let before = names(&env.home());
    for line in [
        "customer list",
        "find person",
        "customer add Ben",
        "backup copy.db",
    ] {
        let run = env.run(line);
        assert_eq!(run.code, 11, "crm {line}: {}", run.stderr);
        let mut told = run.stderr.lines();
        let first = told.next().unwrap_or_default();
        assert!(
            first.contains("base.db") && first.contains("damaged"),
            "crm {line}: {first}"
        );
        assert!(
            told.next().is_some_and(|hint| hint.contains("backup restore")),
            "crm {line}: {}",
            run.stderr
        );
    }
    assert_eq!(names(&env.home()), before, "a copy of damage is no copy");
    env.ok("backup restore whole.db --confirm=base.db");
    assert_eq!(env.ok("customer list --format ids").lines().count(), 30);
}

/// Runs the program where no file may grow beyond so many blocks of 512 bytes.
fn limited(env: &Env, blocks: u32, line: &str) -> Run {
    let usual = env.command(line);
    let mut command = Command::new("/bin/sh");
    // Without the trap the system ends the process; with it writing fails.
    command
        .arg("-c")
        .arg(format!(r#"trap "" XFSZ; ulimit -f {blocks}; exec "$0" "$@""#))
        .arg(usual.get_program())
        .args(usual.get_args())
        .env_clear()
        .current_dir(env.home())
        .stdin(Stdio::null());
    for (name, value) in usual.get_envs() {
        command.env(name, value.expect("the harness sets variables"));
    }
    Run::of(command.output().expect("a shell"))
}

#[test]
fn what_cannot_be_written_to_its_end_is_not_written_at_all() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Anna");
    rows(&env, 4_000);
    let before = names(&env.home());
    let (listed, log) = (env.ok("customer list --json"), env.ok("op list --json"));
    for line in ["import customer rows.csv", "backup copy.db", "init --db other.db"] {
        let run = limited(&env, 1_000, line);
        assert_eq!(run.code, 1, "crm {line}: {}", run.stderr);
        assert!(run.stderr.contains("error: "), "crm {line}: {}", run.stderr);
        env.ok("customer list");
        assert_eq!(names(&env.home()), before, "crm {line}");
    }
    assert_eq!(
        (env.ok("customer list --json"), env.ok("op list --json")),
        (listed, log)
    );
    env.ok("import customer rows.csv");
}

/// As cron runs a job: no home, no language, no terminal, no path.
#[test]
fn an_empty_environment_is_enough() {
    let env = Env::new();
    rows(&env, 3);
    let run = |line: &str| {
        let mut command = env.command(line);
        command.env_clear().arg("--db").arg(env.base());
        Run::of(command.output().expect("it runs"))
    };
    for (line, expected) in [
        ("customer add 张伟 --tag vip", "C1\n"),
        ("import customer rows.csv --quiet", ""),
        (
            "customer list -F name",
            "Somebody 2\nSomebody 1\nSomebody 0\n张伟\n",
        ),
        ("find zw --format ids", "C1\n"),
        ("task add Call --for C1 --due 2020-01-01", "T1\n"),
        ("undo --quiet", ""),
    ] {
        let run = run(line);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (0, expected),
            "crm {line}: {}",
            run.stderr
        );
    }
    let today = run("today");
    assert_eq!((today.code, today.stderr.as_str()), (0, ""));
    let backup = run("backup");
    assert_eq!((backup.code, backup.stderr.as_str()), (0, ""));
    assert!(Path::new(backup.stdout.trim()).exists(), "{}", backup.stdout);
}

/// A process that is killed while it makes a base leaves something; the next one takes it away.
#[test]
fn what_a_killed_creation_left_goes_with_the_next() {
    let env = Env::new();
    let stale = env.home().join(".base.db.0123456789abcdef.new");
    std::fs::write(&stale, "half a base").expect("a file");
    std::fs::write(env.home().join(".base.db.0123456789abcdef.new-wal"), "").expect("a file");
    env.ok("customer add Anna");
    assert_eq!(names(&env.home()), ["base.db"]);
}
