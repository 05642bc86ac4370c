//! Tickets from outside: their way, what is said, what is refused, in pipes.

use std::io::Write as _;
use std::process::Stdio;

use crate::env::{Env, Run};

/// Runs the program with a text on its stdin.
fn fed(env: &Env, line: &str, text: &str) -> Run {
    let mut child = env
        .command(line)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(text.as_bytes()).expect("it reads");
    drop(stdin);
    Run::of(child.wait_with_output().expect("it ends"))
}

/// A base with a company, one of its people, and a colleague.
fn env() -> Env {
    let env = Env::new();
    env.ok("customer add Kuxun --type company");
    env.ok("customer add 张伟 --company C1 --email zhangwei@kuxun.example");
    env.ok("user add Mara");
    env
}

#[test]
fn a_ticket_goes_from_the_first_word_to_the_last() {
    let env = env();
    let day = "2026-03-02T";
    let at = |time: &str, line: &str| env.ok(&format!("{line} --at {day}{time}Z --now {day}18:00:00Z"));
    let run = env.run(&format!(
        "ticket add 'Gate does not open' --customer C2 --type incident --channel 电话 --at {day}08:00Z --now {day}18:00:00Z"
    ));
    assert_eq!((run.code, run.stdout.as_str()), (0, "K1\n"), "{}", run.stderr);
    at("08:10", "ticket assign K1 Mara");
    at("08:30", "ticket reply K1 'We look into it'");
    at("09:00", "ticket advance K1");
    at("09:30", "ticket wait K1");
    at("11:30", "ticket receive K1 '已经重启'");
    at("12:00", "ticket resolve K1 --solution 'new relay' --cause rust");
    at("13:00", "ticket close K1");
    assert_eq!(
        env.ok("ticket show K1 --template '{status} {step} {assignee} {first_responded_at} {resolved_at} {closed_at} {company.name}'"),
        "closed closed Mara 2026-03-02T08:30:00Z 2026-03-02T12:00:00Z 2026-03-02T13:00:00Z Kuxun\n"
    );
    assert_eq!(
        env.ok("sql 'SELECT step, wait, seconds, \"by\" FROM v_ticket_step ORDER BY entered_at, step' --format tsv --no-header"),
        "received\tnone\t600\tself\nassigned\tnone\t1200\tself\ncontacted\tnone\t1800\tself\nanalyzing\tnone\t1800\tself\n\
         analyzing\tcustomer\t7200\tself\nanalyzing\tnone\t1800\tself\nverifying\tnone\t3600\tself\nclosed\tnone\t\tself\n"
    );
    assert_eq!(
        env.ok("customer list -w tickets.count:1 --format ids"),
        "C2\nC1\n"
    );
    assert_eq!(env.ok("find 重启 --format ids"), "K1\n");
    assert_eq!(
        env.ok("ticket list -w 'is:closed -is:complaint' --format ids"),
        "K1\n"
    );
    for _ in 0..8 {
        env.ok("undo");
    }
    assert_eq!(env.ok("ticket list -w is:any --format ids"), "");
}

#[test]
fn what_cannot_be_done_is_refused_with_what_can() {
    let env = env();
    env.ok("ticket add 'Late' --customer C1");
    for (line, code, words) in [
        ("ticket advance K1", 5, "crm ticket take K1"),
        (
            "ticket advance K1 received",
            5,
            "can only become assigned, contacted",
        ),
        ("ticket close K1", 5, "crm ticket resolve K1 --solution"),
        ("ticket resolve K1", 5, "give --solution"),
        ("ticket resume K1 K9", 3, "K9"),
        ("ticket wait K1 --for nobody", 5, "customer, third_party"),
        ("ticket reply K1 ''", 5, "nothing to write down"),
        ("ticket reply K1 x --at tomorrow", 5, "still to come"),
        ("ticket cancel K1", 2, "--reason"),
        ("ticket add 'Who?'", 2, "--customer"),
        ("ticket link K1 --parent K1", 5, "behind itself"),
        ("ticket merge K1 K1", 5, "into itself"),
        (
            "ticket set K1 resolved_at=yesterday",
            5,
            "follows from what was done",
        ),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, code, "{line}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{line}: {}", run.stderr);
    }
    assert_eq!(
        env.ok("ticket show K1 --template '{step} {version}'"),
        "received 2\n"
    );
}

#[test]
fn several_go_together_by_refs_by_filter_and_by_pipe() {
    let env = env();
    for name in ["One", "Two", "Three"] {
        env.ok(&format!("ticket add {name} --customer C1 --priority high"));
    }
    let dry = env.ok("ticket take -w is:unassigned --dry-run --format csv");
    assert!(dry.contains("K1,assignee,,self"), "{dry}");
    assert!(dry.contains("K3,step,received,assigned"), "{dry}");
    env.ok("ticket take -w is:unassigned --yes");
    env.ok("ticket advance K1 K2 analyzing");
    let run = fed(&env, "ticket resolve - --solution done", "K1\nK2\n");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = env.run("ticket close K1 K2 K3 --keep-going");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert_eq!(
        env.ok("ticket list --sort uid --template '{id} {step} {status}'"),
        "K1 closed closed\nK2 closed closed\nK3 assigned open\n"
    );
    env.ok("undo");
    assert_eq!(env.ok("ticket list -w is:resolved --format ids"), "K2\nK1\n");
}
