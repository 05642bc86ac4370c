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
    env.ok(
        "rule add call-back --on 'deal entered proposal' -w 'amount:>10k' --set probability=70 \
            --task 'Call {{ customer }}' --due +2d --notify '{{ name }} is in {{ stage }}' --to self",
    );
    assert_eq!(
        env.ok("rule list -F key,on,filter,actions --format tsv"),
        "call_back\tdeal entered stage=proposal\tamount:>10k\tset probability=70\\ntask 'Call {{ customer }}' --due +2d\\n\
         notify self '{{ name }} is in {{ stage }}'\n"
    );
    let run = env.run("rule test call_back D1 --format csv");
    assert!(
        run.stdout.contains("false,stage:proposal does not hold"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    let run = env.run("deal move D1 proposal");
    assert!(
        run.stderr
            .contains("rule call_back for D1: set probability; task T1; notify self"),
        "{}",
        run.stderr
    );
    assert_eq!(
        env.ok("task list -F title,due,deal --format tsv"),
        "Call 张伟\t2026-11-23\tD1\n"
    );
    assert!(
        env.ok("notify list --format tsv")
            .contains("\tFleet is in proposal\tD1\tFleet\t")
    );
    env.ok("notify read 1");
    assert_eq!(env.run("notify list --fail-empty").code, 3);
    let log = env.ok("rule log call_back --for D1 --format ndjson");
    let line: serde_json::Value = serde_json::from_str(&log).expect("a line of JSON");
    assert_eq!(
        (&line["outcome"], &line["because"], &line["op"]),
        (&"done".into(), &4.into(), &5.into())
    );
    assert_eq!(
        env.ok("sql 'SELECT ref, rule, because, op FROM v_rule_log'"),
        "D1\tcall_back\t4\t5\n"
    );
    // The same once more changes nothing, and nothing follows.
    assert_eq!(env.run("rule run --fail-empty").code, 3);
    env.ok("dump out");
    assert_eq!(env.run("--db other.db load out").code, 0);
    // The operations themselves do not go with a dump.
    assert_eq!(
        env.ok("--db other.db rule log --format csv"),
        env.ok("rule log --format csv").replace(",4,5\r\n", ",4,\r\n")
    );
}

#[test]
fn a_rule_is_a_record_like_any_other() {
    let env = with_deal();
    env.ok(
        "rule add vip --on 'customer changed level' -w level:A --tag vip --task 'Say hello' --assignee owner",
    );
    env.ok("rule set vip position=4 once=yes description='All of them'");
    assert_eq!(
        env.ok("rule list -F key,position,once,noun,owner --format tsv"),
        "vip\t4\ttrue\tcustomer\tself\n"
    );
    for (line, code) in [
        ("rule add vip --on 'deal created' --tag x", 4),
        ("rule add a --on 'invoice created' --tag x", 5),
        ("rule add a --on 'deal created'", 5),
        ("rule add a --on 'deal created' --due friday", 2),
        ("rule add a --on 'deal created' --set amount", 5),
        ("rule add a --on 'deal created' -w amuont:3 --tag x", 2),
        ("rule add a --on 'deal created' --task '{{ nmae }}'", 5),
        ("rule test nobody", 3),
        ("rule run nobody", 3),
        ("notify read 9", 3),
    ] {
        let run = env.run(line);
        assert!(
            run.code == code && !run.stderr.is_empty(),
            "{line}: {} {}",
            run.code,
            run.stderr
        );
    }
    env.ok("export rule --format ndjson -o rules.ndjson");
    env.ok("rule rm vip");
    assert_eq!(env.ok("rule list --format ids"), "");
    env.ok("customer set C1 level=A");
    assert_eq!(env.run("rule log --fail-empty").code, 3);
    env.ok("rule restore vip");
    env.ok("customer set C1 level=B");
    env.ok("customer set C1 level=A");
    assert_eq!(env.ok("customer list -F tags --format tsv"), "vip\n");
    env.ok("tag set vip name=gold");
    assert_eq!(
        env.ok("rule list -F actions --format tsv")
            .matches("gold")
            .count(),
        1
    );
    let run = env.run("import rule rules.ndjson --dry-run");
    assert_eq!(run.code, 0, "{}", run.stderr);
}

#[test]
fn time_is_heeded_by_rule_run_alone_and_imports_when_they_say_so() {
    let env = with_deal();
    env.ok("rule add late --on 'task overdue' --set priority=urgent");
    env.ok("task add Call --due yesterday");
    let rehearsed = env.ok("rule run --dry-run --format csv");
    assert!(rehearsed.contains("late,T1,done,set priority"), "{rehearsed}");
    assert_eq!(env.ok("task list -F priority --format tsv"), "normal\n");
    env.ok("rule run");
    assert_eq!(env.ok("task list -F priority --format tsv"), "urgent\n");
    // For cron: a run without anything to do says nothing.
    let again = env.run("rule run");
    assert_eq!(
        (again.code, again.stdout.as_str(), again.stderr.as_str()),
        (0, "", "")
    );

    env.ok("rule add new --on 'customer created' --tag imported");
    for (name, flag, tags) in [("Ann", "", ""), ("Bob", " --rules", "imported")] {
        std::fs::write(env.home().join("one.csv"), format!("name\n{name}\n")).expect("a file");
        env.ok(&format!("import customer one.csv --set type=person{flag}"));
        assert_eq!(
            env.ok(&format!("customer list -w {name} -F tags --format tsv")),
            format!("{tags}\n")
        );
    }
}

#[cfg(unix)]
fn hook(env: &Env, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    let settings = env.ok("config path");
    let folder = std::path::Path::new(settings.trim())
        .parent()
        .expect("a folder")
        .join("hooks");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join(name);
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("a file");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("it can be run");
}

#[cfg(unix)]
#[test]
fn a_program_of_a_rule_needs_leave_and_gets_the_record() {
    let env = with_deal();
    let file = env.home().join("got.json");
    let command = format!("sh -c \"cat > {}\"", file.display());
    env.ok(&format!(
        "rule add tell --on 'deal entered status=won' --run '{command}'"
    ));
    let run = env.run("deal win D1");
    assert!(
        run.code == 0 && run.stderr.contains("rule_commands"),
        "{}",
        run.stderr
    );
    assert!(!file.exists());
    env.ok("config set rule_commands true");
    env.ok("deal reopen D1");
    env.ok("deal win D1");
    let json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&file).expect("it ran")).expect("a line of JSON");
    assert_eq!((&json["id"], &json["status"]), (&"D1".into(), &"won".into()));
    assert_eq!(env.ok("rule log tell --format tsv").lines().count(), 2);
}

#[cfg(unix)]
#[test]
fn hooks_refuse_rewrite_and_are_told() {
    let env = with_deal();
    hook(
        &env,
        "pre-deal-win",
        "grep -q '\"source\":null' && { echo 'say where it came from' >&2; exit 1; }; exit 0",
    );
    hook(
        &env,
        "pre-customer-add",
        "echo '{\"level\": \"A\", \"tags\": [\"seen\"]}'",
    );
    hook(
        &env,
        "post",
        "cat >> \"$HOME/told.txt\"; echo \"$CRM_HOOK $CRM_OP $CRM_OP_NO\" >> \"$HOME/names.txt\"; exit 3",
    );
    let run = env.run("deal win D1");
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("pre-deal-win refuses: say where it came from"),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("deal list -F status --format tsv"), "open\n");
    let run = env.run("deal win D1 --no-hooks");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let run = env.run("customer add Ann");
    assert!(
        run.code == 0 && run.stderr.contains("the hook post failed"),
        "{}",
        run.stderr
    );
    assert_eq!(
        env.ok("customer list -w Ann -F level,tags --format tsv"),
        "A\tseen\n"
    );
    let told = std::fs::read_to_string(env.home().join("told.txt")).expect("it was told");
    let line: serde_json::Value = serde_json::from_str(told.lines().next().expect("a line")).expect("JSON");
    assert_eq!(
        (&line["operation"], &line["records"][0]["after"]["level"]),
        (&"customer-add".into(), &"A".into())
    );
    assert!(
        env.ok("op list --limit 1 --format csv")
            .contains("Added customer C2 Ann")
    );
    // A dry run asks nobody, and what is no answer is none.
    env.ok("customer add Bob --dry-run");
    hook(&env, "pre-customer-add", "echo nonsense");
    let run = env.run("customer add Bob");
    assert!(
        run.code == 5 && run.stderr.contains("no JSON object"),
        "{}",
        run.stderr
    );
    let doctor = env.ok("doctor --format csv");
    assert!(doctor.contains("ok,hook,pre-deal-win"), "{doctor}");
}
