//! Many processes write at once, and one of them writes much: nothing is lost, nobody is shown an error, no number is given
//! twice, and the log has no gap.
//!
//! Starting the program eight thousand times would be most of the time of this test, so each writer is this test binary
//! once more, which runs the very same test: whoever is given a number is a writer and adds its customers through the
//! library, one operation each. With `CRM_TEST_LARGE=1` the import is twenty times as long.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crm::domain::actor::{Actor, Caller};
use crm::domain::clock::Clock;
use crm::domain::input::Input;
use crm::ops::customer::{self, OnDuplicate};
use crm::ops::found::FIRST_USER;
use crm::ops::typed::Policy;
use crm::store::{Durability, Store};
use jiff::tz::TimeZone;

use crate::env::Env;
use crate::kill::{ask, check};

const WRITERS: usize = 16;
const EACH: usize = 500;

/// The variable that makes a run of this test a writer, and says which.
const NUMBER: &str = "CRM_TEST_WRITER";

#[expect(
    clippy::disallowed_methods,
    reason = "a test tells its own processes what they are"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Adds customers, and notes in a file beside the base the ref of each that was acknowledged.
fn write(base: &Path, number: usize) {
    let now = "2026-11-21T09:00:00Z".parse().expect("an instant");
    let clock = Clock::new(now, TimeZone::UTC);
    let mut caller = Caller::new(Actor::founder(FIRST_USER), clock.clone(), number as u64);
    let mut store = Store::open(base, Durability::default(), clock.now_ms()).expect("a base");
    caller.actor = store.actor(FIRST_USER).expect("the first user");
    let mut acknowledged = std::fs::File::create(acknowledgements(base, number)).expect("a file");
    for at in 0..EACH {
        caller.random = (number * EACH + at) as u64;
        let fields = [
            ("name".to_owned(), Input::text(format!("Person {number} {at}"))),
            (
                "emails".to_owned(),
                Input::text(format!("p{at}.{number}@writers.example")),
            ),
            ("tags".to_owned(), Input::text("vip")),
        ];
        let policy = Policy::strict();
        let no = store.write(&caller, |tx| {
            let added = customer::add(tx, &fields, OnDuplicate::Refuse, &policy)?;
            customer::label(tx, added.id)
        });
        let label = no.expect("nobody is refused").value;
        let reference = label.split(' ').next().unwrap_or_default();
        writeln!(acknowledged, "{reference}").expect("noted");
    }
    store.close().expect("closed");
}

fn acknowledgements(base: &Path, number: usize) -> PathBuf {
    base.with_file_name(format!("acknowledged-{number}"))
}

/// The import and all writers.
fn start(env: &Env) -> Vec<Child> {
    let mut import = env.command("import customer many.csv --quiet");
    import.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut processes = vec![import.spawn().expect("it starts")];
    for number in 0..WRITERS {
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command
            .args([
                "--exact",
                "writers::sixteen_writers_and_an_import_lose_nothing",
                "--nocapture",
            ])
            .env_clear()
            .env(NUMBER, number.to_string())
            .env("CRM_DB", env.base())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        processes.push(command.spawn().expect("it starts"));
    }
    processes
}

#[test]
fn sixteen_writers_and_an_import_lose_nothing() {
    let base = variable("CRM_DB").map(PathBuf::from);
    if let (Some(number), Some(base)) = (variable(NUMBER), base) {
        return write(&base, number.parse().expect("a number"));
    }
    let rows = match variable("CRM_TEST_LARGE") {
        Some(_) => 100_000,
        None => 5_000,
    };
    let env = Env::new();
    // The first user must be there before somebody writes in its name.
    env.ok("init");
    let mut csv = "name,email,company\n".to_owned();
    for at in 0..rows {
        writeln!(
            csv,
            "Somebody {at},s{at}@import.example,Company {}",
            at % (rows / 5)
        )
        .expect("a row");
    }
    std::fs::write(env.home().join("many.csv"), csv).expect("a file");

    for process in start(&env) {
        let output = process.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{told}");
        let told: Vec<_> = told
            .lines()
            .filter(|line| !line.starts_with("waiting for"))
            .collect();
        assert_eq!(told, Vec::<&str>::new());
    }
    whole(&env, rows);
}

/// Everything that has to hold when all are done.
fn whole(env: &Env, rows: usize) {
    let acknowledged: Vec<String> = (0..WRITERS)
        .map(|number| std::fs::read_to_string(acknowledgements(&env.base(), number)).expect("a file"))
        .collect();
    let acknowledged = acknowledged.concat();
    let refs: BTreeSet<&str> = acknowledged.lines().collect();
    assert_eq!(refs.len(), WRITERS * EACH, "a ref was given twice, or never");
    check(&env.base(), &acknowledged);
    let customers = WRITERS * EACH + rows + rows / 5;
    let figures = |sql: &str| {
        ask(
            &env.base(),
            &format!("WITH f(v) AS ({sql}) SELECT CAST(v AS TEXT) FROM f"),
        )
    };
    let operations = WRITERS * EACH + 1;
    for (what, sql, expected) in [
        ("customers", "SELECT count(*) FROM customer", customers),
        ("the last number", "SELECT max(no) FROM customer", customers),
        ("operations", "SELECT count(*) FROM op", operations),
        ("the last operation", "SELECT max(no) FROM op", operations),
        (
            "operations whose ids reach into those of the next",
            "SELECT count(*) FROM (SELECT last_id, lead(id) OVER (ORDER BY id) AS next FROM op) WHERE last_id >= next",
            0,
        ),
        (
            "operations that stand in another order than they were numbered",
            "SELECT count(*) FROM (SELECT no, lead(no) OVER (ORDER BY id) AS next FROM op) WHERE no + 1 <> next",
            0,
        ),
    ] {
        assert_eq!(figures(sql), [expected.to_string()], "{what}");
    }
}
