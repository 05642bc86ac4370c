//! `crm rule`, `crm notify` and hooks: what happens by itself, and what is let happen.

use crate::env::Env;

fn with_deal() -> Env {
    let env = Env::new();
    env.ok("customer add 张伟");
    env.ok("deal add Fleet --customer C1 --amount 48000");
    env
}

#[test]
fn a_rule_follows_a_command_and_says_so() {
    let env = with_deal();
    env.ok("rule add call-back --on 'deal entered proposal' -w 'amount:>10k' --set probability=70 \
            --task 'Call {{ customer }}' --due +2d --notify '{{ name }} is in {{ stage }}' --to self");
    assert_eq!(
        env.ok("rule list -F key,on,filter,actions --format tsv"),
        "call_back\tdeal entered stage=proposal\tamount:>10000\tset probability=70 task 'Call {{ customer }}' --due +2d \
         notify self '{{ name }} is in {{ stage }}'\n"
    );
    let run = env.run("rule test call_back D1 --format csv");
    assert!(run.stdout.contains("no,stage:proposal does not hold"), "{}{}", run.stdout, run.stderr);
    let run = env.run("deal move D1 proposal");
    assert!(run.stderr.contains("rule call_back for D1: set probability; task T1; notify self"), "{}", run.stderr);
    assert_eq!(env.ok("task list -F title,due,deal --format tsv"), "Call 张伟\t2026-11-23\tD1\n");
    assert_eq!(env.ok("notify list -F x --format tsv").lines().count(), 1);
    env.ok("notify read 1");
    assert_eq!(env.run("notify list --fail-empty").code, 3);
    let log = env.ok("rule log call_back --for D1 --format ndjson");
    let line: serde_json::Value = serde_json::from_str(&log).expect("a line of JSON");
    assert_eq!((&line["outcome"], &line["because"], &line["op"]), (&"done".into(), &4.into(), &5.into()));
    assert_eq!(env.ok("sql 'SELECT ref, rule, because, op FROM v_rule_log'"), "D1\tcall_back\t4\t5\n");
    // The same once more changes nothing, and nothing follows.
    assert_eq!(env.run("rule run --fail-empty").code, 3);
    env.ok("dump out");
    assert_eq!(env.run("--db other.db load out").code, 0);
    assert_eq!(env.ok("--db other.db rule log --format csv"), env.ok("rule log --format csv"));
    env.ok("undo 5 2>/dev/null || true");
}
