//! The table of exit codes, row by row, and the same errors as JSON.

use crate::env::Env;

#[test]
fn every_row_of_the_table() {
    let env = Env::new();
    assert_eq!(
        env.run("customer list").code,
        10,
        "a base that was named is not there"
    );
    env.ok("init");
    env.ok("customer add Anna --email a@acme.example");
    env.ok("customer add Twin");
    env.ok("customer add Twin");
    for (line, code) in [
        ("customer list", 0),
        ("customer nonsense", 2),
        ("customer list --nonsense", 2),
        ("customer list -w 'citty:x'", 2),
        ("customer list --format nonsense", 2),
        ("customer list --now nonsense", 2),
        ("customer show C99", 3),
        ("customer show nobody", 3),
        ("find nobody --fail-empty", 3),
        ("customer show Twin", 4),
        ("customer add Bob --email A@ACME.example", 4),
        ("customer add Bob --email nonsense", 5),
        ("customer set C1 lifecycle=nonsense", 5),
        ("customer set -w is:person city=Berlin", 8),
        ("customer set -w is:person city=Berlin --yes", 0),
        ("init", 4),
        ("redo", 3),
        ("customer list --as nobody", 3),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, code, "crm {line}\n{}", run.stderr);
        assert!(
            code == 0 || run.stdout.is_empty(),
            "crm {line} wrote data although it failed"
        );
    }
}

#[test]
fn foreign_and_newer_files_are_left_alone() {
    let env = Env::new();
    std::fs::write(
        env.base(),
        "this is no database, and it is long enough to be looked at as one by a reader",
    )
    .expect("write");
    assert_eq!(env.run("customer list").code, 10);
    let kept = std::fs::read(env.base()).expect("read");
    assert!(kept.starts_with(b"this is no database"));
}

#[test]
fn errors_are_json_where_json_is_asked_for() {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Twin");
    env.ok("customer add Twin --email t@acme.example");
    let run = env.run("customer show Twin --json");
    let error: serde_json::Value = serde_json::from_str(&run.stderr).expect("one line of JSON");
    assert_eq!(error["error"]["code"], "ambiguous_ref");
    assert_eq!(error["error"]["exit"], 4);
    assert_eq!(error["error"]["candidates"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_missing_default_base_is_empty_and_stays_missing() {
    let env = Env::new();
    let run = crate::env::Run::of(
        env.command("customer list --format json")
            .env_remove("CRM_DB")
            .output()
            .expect("it runs"),
    );
    assert_eq!(
        (run.code, run.stdout.split_whitespace().collect::<String>()),
        (0, "[]".to_owned()),
        "{}",
        run.stderr
    );
    assert!(!env.base().exists());
}

#[test]
fn a_closed_pipe_is_silence_and_success() {
    use std::io::Read;
    use std::process::Stdio;
    let env = Env::new();
    env.ok("init");
    for number in 0..40 {
        env.ok(&format!(
            "customer add 'Customer {number}' --note '{}'",
            "long ".repeat(500)
        ));
    }
    let mut child = env
        .command("customer list --format ndjson")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut first = [0_u8; 10];
    child
        .stdout
        .take()
        .expect("piped")
        .read_exact(&mut first)
        .expect("a first line");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
