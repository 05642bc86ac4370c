//! `crm customer qualify` and `disqualify`: by refs, from stdin, by filter; twice, tried, and taken back.

use crate::env::Env;

fn with_leads() -> Env {
    let env = Env::new();
    for name in ["张伟", "Nora", "Olaf"] {
        env.ok(&format!("customer add {name} --lifecycle lead --source website"));
    }
    env
}

#[test]
fn a_lead_becomes_a_deal_and_the_second_time_says_so() {
    let env = with_leads();
    let deal = env.ok("customer qualify C1 --deal 云仓 --amount 48k --format ids");
    assert_eq!(deal, "D1\n");
    assert_eq!(env.ok("customer qualify C1 --deal 云仓 --format ids"), deal);
    let again = env.run("customer qualify C1 --deal 云仓");
    assert_eq!(again.code, 0);
    assert!(
        again.stderr.contains("is opportunity already, with deal D1 云仓"),
        "{}",
        again.stderr
    );
    assert_eq!(
        env.ok("deal list -F id,name,customer,source,amount --format csv"),
        "id,name,customer,source,amount,amount_currency\r\nD1,云仓,C1,website,48000.00,USD\r\n"
    );
    let whole: serde_json::Value =
        serde_json::from_str(&env.ok("customer qualify C1 --deal 云仓 --format json")).expect("JSON");
    assert_eq!((&whole["kind"], &whole["id"]), (&"deal".into(), &"D1".into()));
    env.ok("undo");
    assert_eq!(env.ok("customer list -w is:lead --format ids").lines().count(), 3);
    assert_eq!(env.run("customer qualify C1 --amount 48k").code, 2);
}

#[test]
fn several_at_once_tried_and_done() {
    let env = with_leads();
    let tried = env.ok("customer qualify -w is:untouched --dry-run --format csv");
    assert_eq!(tried.lines().nth(1), Some("C3,lifecycle,lead,qualified"));
    assert_eq!(env.ok("customer list -w is:lead --format ids").lines().count(), 3);
    let found = env.ok("customer list -w 'Nora or Olaf' --sort name --format ids");
    std::fs::write(env.home().join("found.txt"), found).expect("a file");
    let output = env
        .command("customer disqualify - --reason 没有需求")
        .stdin(std::fs::File::open(env.home().join("found.txt")).expect("a file"))
        .output()
        .expect("the program starts");
    assert!(output.status.success());
    assert_eq!(
        env.ok("customer list -w is:disqualified --sort name -F id,disqualified_on,disqualified_reason"),
        "C2\t2026-11-21\tno_need\nC3\t2026-11-21\tno_need\n"
    );
    assert_eq!(env.ok("customer list -w is:lead --format ids"), "C1\n");
    env.ok("undo");
    assert_eq!(env.run("customer list -w is:disqualified --fail-empty").code, 3);
}

#[test]
fn a_reason_is_needed_and_a_day_to_try_again_is_on_the_agenda() {
    let env = with_leads();
    assert_eq!(env.run("customer disqualify C1").code, 2);
    let wrong = env.run("customer disqualify C1 --reason no_bugdet");
    assert_eq!(wrong.code, 5);
    assert!(wrong.stderr.contains("no_budget"), "{}", wrong.stderr);
    assert_eq!(env.run("customer disqualify C1 --reason other").code, 5);
    assert_eq!(
        env.run("customer disqualify C1 --reason spam --again 'no day'")
            .code,
        5
    );
    env.ok("customer disqualify C1 --reason other --note 'moved away' --again tomorrow");
    assert!(env.ok("today --format csv").contains("Try again"));
    env.ok("customer qualify C1");
    assert!(!env.ok("today --format csv").contains("Try again"));
}
