//! Changes of many records from the shell.

use std::io::Write;
use std::process::Stdio;

use crate::env::{Env, Run};

fn base() -> Env {
    let env = Env::new();
    env.ok("customer add Ada --city Ulm --email ada@mail.example");
    env.ok("customer add Bo --city Bonn");
    env.ok("customer add 张伟 --city Ulm");
    env.ok("company add 'Hafen GmbH' --city Ulm");
    env.ok("user add ben");
    env
}

/// Runs the program with a text on its stdin.
fn fed(env: &Env, line: &str, text: &str) -> Run {
    let mut child = env
        .command(line)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(text.as_bytes()).expect("it reads");
    drop(stdin);
    Run::of(child.wait_with_output().expect("it ends"))
}

#[test]
fn a_dry_run_shows_every_value_in_every_format() {
    let env = base();
    let line = "customer set -w 'type:person' city=Ulm --dry-run";
    assert_eq!(env.ok(line), "C2\tcity\tBonn\tUlm\n");
    assert_eq!(
        env.ok(&format!("{line} --format csv")).replace('\r', ""),
        "id,field,old,new\nC2,city,Bonn,Ulm\n"
    );
    let json = env.ok(&format!("{line} --json"));
    assert!(
        json.contains(r#""id":"C2","field":"city","old":"Bonn","new":"Ulm""#),
        "{json}"
    );
    let run = env.run(line);
    assert!(
        run.stderr
            .contains("1 customer would change, 2 customers would not"),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("customer show C2 --template '{city}'"), "Bonn\n");
    assert_eq!(env.ok("customer rm C2 --dry-run --format ids"), "C2\n");
}

#[test]
fn several_need_a_yes_and_all_need_more() {
    let env = base();
    for line in [
        "customer set -w city:ulm level=A",
        "customer set C1 C2 C3 level=A",
        "customer assign --all ben",
        "customer tag --all vip",
        "customer rm C1 C2 C3",
    ] {
        assert_eq!(env.run(line).code, 8, "{line}");
        assert_eq!(
            env.ok(&format!("{line} --yes")).lines().count(),
            if line.contains("--all") { 4 } else { 3 }
        );
        env.ok("undo");
    }
    for line in [
        "customer set -w '' level=A --yes",
        "customer tag -w ' ' vip --yes",
        "customer rm --yes",
        "customer set level=A --yes",
        "customer set C1 --all level=A --yes",
    ] {
        assert_eq!(env.run(line).code, 2, "{line}");
    }
    // Who was named needs no yes for a label.
    env.ok("customer tag C1 C2 C3 vip");
    // The other name of the noun selects its type alone.
    assert_eq!(env.ok("company set --all level=B"), "C4\n");
}

#[test]
fn what_is_piped_is_changed_as_one() {
    let env = base();
    let run = fed(
        &env,
        "customer assign - ben",
        &env.ok("customer list -w city:ulm --format ids"),
    );
    assert_eq!(run.code, 8, "{}", run.stderr);
    let run = fed(
        &env,
        "customer assign - ben --yes",
        &env.ok("customer list -w city:ulm --format ids"),
    );
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "C4\nC3\nC1\n"),
        "{}",
        run.stderr
    );
    assert_eq!(
        env.ok("customer list -w owner:ben --format ids").lines().count(),
        3
    );
    env.ok("undo");
    assert_eq!(env.ok("customer list -w owner:ben --format ids"), "");
    let run = fed(&env, "customer tag - vip", "");
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    assert!(run.stderr.contains("no customers are selected"), "{}", run.stderr);
}

#[test]
fn one_refusal_stops_all_unless_the_others_go_on() {
    let env = base();
    let line = "customer set C2 C3 email=x@mail.example";
    let run = env.run(line);
    assert_eq!((run.code, run.stdout.as_str()), (5, ""), "{}", run.stderr);
    assert!(run.stderr.contains("1 of 2 customers"), "{}", run.stderr);
    assert!(
        run.stderr.contains("C3  张伟  C2 Bo has the same address"),
        "{}",
        run.stderr
    );
    let run = env.run(&format!("{line} --keep-going"));
    assert_eq!((run.code, run.stdout.as_str()), (6, "C2\n"), "{}", run.stderr);
    assert!(
        run.stderr.contains("C3 张伟: C2 Bo has the same address"),
        "{}",
        run.stderr
    );
    let run = env.run("customer set C1 C2 level=Z --keep-going");
    assert_eq!(run.code, 5, "{}", run.stderr);
}

#[test]
fn deals_and_tasks_go_together_too() {
    let env = base();
    for name in ["One", "Two", "Three"] {
        env.ok(&format!("deal add {name} --customer C1"));
        env.ok(&format!("task add {name} --for C1 --due today"));
    }
    assert_eq!(env.ok("deal move D1 D2 proposal"), "D1\nD2\n");
    assert_eq!(env.run("deal lose -w is:open --reason price").code, 8);
    env.ok("deal lose -w is:open --reason price --yes");
    assert_eq!(env.ok("deal list -w is:lost --format ids").lines().count(), 3);
    env.ok("undo");
    env.ok("task snooze T1 T2 monday");
    assert_eq!(
        env.ok("task list -w 'due:2026-11-23' --format ids")
            .lines()
            .count(),
        2
    );
    env.ok("task done -w is:open --yes");
    env.ok("task reopen T1");
    assert_eq!(env.ok("task cancel T1"), "T1\n");
    env.ok("task assign T1 ben");
    assert_eq!(
        env.ok("task show T1 --template '{assignee} {status}'"),
        "ben cancelled\n"
    );
    env.ok("customer rm C2 C3");
    assert_eq!(env.ok("customer restore -w city:ulm"), "C3\n");
    assert_eq!(env.ok("customer restore C2"), "C2\n");
}

#[test]
fn a_change_from_an_old_version_is_refused() {
    let env = base();
    let version = env.ok("customer show C1 --template '{version}'");
    let line = format!("customer set C1 level=A --if-version {}", version.trim());
    env.ok(&line);
    let run = env.run(&line);
    assert_eq!(run.code, 4);
    assert!(
        run.stderr.contains("changed by self on 2026-11-21 at 10:00"),
        "{}",
        run.stderr
    );
}

#[test]
fn the_trash_lists_what_can_come_back() {
    let env = base();
    assert_eq!(env.ok("trash list"), "");
    env.ok("tag add old");
    env.ok("deal add 'Big one' --customer C1");
    env.ok("customer add Twin");
    env.ok("customer merge C1 C5 --yes");
    env.ok("customer rm C3");
    env.ok("deal rm D1");
    env.ok("tag rm old");
    let listed = env.ok("trash list --format csv --no-header").replace('\r', "");
    let mut lines: Vec<&str> = listed.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            "C3,customer,张伟,2026-11-21T09:00:00Z,self",
            "D1,deal,Big one,2026-11-21T09:00:00Z,self",
            "old,tag,old,2026-11-21T09:00:00Z,",
        ]
    );
    assert_eq!(env.ok("trash list --noun deals --format ids"), "D1\n");
    assert_eq!(env.run("trash list --noun cusomer").code, 2);
    env.ok("deal restore D1");
    assert_eq!(env.ok("trash list --noun deal"), "");
}
