//! `crm remind`, and tasks that come again: silent for cron, a command for each entry, and what failed once more.

use std::fs;

use crate::env::Env;

#[test]
fn a_task_that_is_done_says_when_it_comes_again() {
    let env = Env::new();
    env.ok("task add Call --due 2026-11-20 --repeat 每周五 --remind 1h,1d");
    assert_eq!(
        env.ok("task show T1 --template '{due} {repeat} {remind}'"),
        "2026-11-20 every fri 1h, 1d\n"
    );
    let run = env.run("task done T1");
    assert_eq!((run.code, run.stdout.as_str()), (0, "T1\n"));
    assert_eq!(
        run.stderr,
        "T2 Call comes next, due Fri 27 Nov 2026 (in 6 days)\n"
    );
    env.ok("undo");
    assert_eq!(env.ok("task list --template '{id} {status}'"), "T1 open\n");
    let run = env.run("task add Call --repeat weekly");
    assert_eq!(run.code, 5, "{}", run.stderr);
    let run = env.run("task set T1 repeat=wekly");
    assert_eq!(run.code, 5);
    assert!(run.stderr.contains("did you mean weekly"), "{}", run.stderr);
    assert!(env.run("task cancel T1 --series").stderr.is_empty());
    assert_eq!(env.ok("task list --template '{id} {status}'"), "T1 cancelled\n");
}

#[test]
fn several_tasks_are_put_off_each_from_its_own_day() {
    let env = Env::new();
    env.ok("task add One --due 2026-11-25");
    env.ok("task add Two --due '2026-11-26 15:00'");
    env.ok("task snooze T1 T2 +3d");
    let due = |env: &Env| env.ok("task list --sort id --template '{due}'");
    assert_eq!(due(&env), "2026-11-28\n2026-11-29T15:00\n");
    env.ok("task snooze -w title:two 推迟两天");
    assert_eq!(due(&env), "2026-11-28\n2026-12-01T15:00\n");
    env.ok("task snooze T1 下周三 --dry-run");
    assert_eq!(due(&env), "2026-11-28\n2026-12-01T15:00\n");
    assert_eq!(env.run("task snooze +3d").code, 2);
    assert_eq!(env.run("task snooze T1 sometime").code, 5);
}

#[test]
fn cron_hears_of_each_thing_once() {
    let env = Env::new();
    assert_eq!(env.run("remind").code, 10, "a named base that is not there");
    env.ok("customer add 张伟");
    let silent = |line: &str| {
        let run = env.run(line);
        assert_eq!(
            (run.code, run.stdout.as_str(), run.stderr.as_str()),
            (0, "", ""),
            "{line}"
        );
    };
    for format in ["tsv", "csv", "table", "markdown", "ndjson", "ids"] {
        silent(&format!("remind --format {format}"));
    }
    assert_eq!(env.ok("remind --format json"), "[]\n");
    assert_eq!(env.run("remind --fail-empty").code, 3);
    env.ok("task add Call --for C1 --due yesterday");
    assert!(
        env.ok("remind --dry-run")
            .starts_with("overdue\tT1\tCall\t张伟\t")
    );
    assert_eq!(env.ok("remind --format ids"), "T1\n");
    silent("remind");
    assert_eq!(env.ok("remind --name mail --template '{why}'"), "1 day late\n");
    assert_eq!(env.ok("remind --since yesterday --template '{id}'"), "T1\n");
    assert_eq!(env.run("remind --since 'next blue moon'").code, 5);
    assert_eq!(env.run("remind --owner nobody").code, 3);
    assert!(env.ok("op list").lines().count() == 2, "a cursor is no operation");
}

#[cfg(unix)]
#[test]
fn a_command_for_each_entry_and_again_for_what_failed() {
    let env = Env::new();
    env.ok("customer add 'O\"Neil $(touch pwned)'");
    env.ok("task add 'Call; touch pwned' --for C1 --due yesterday");
    env.ok("task add Write --due today");
    let command = "remind --exec 'printf \"%s|%s|%s|%s\\n\" \"$CRM_REF\" \"$CRM_NAME\" \"$CRM_WHY\" \"$CRM_CUSTOMER\" >> told; \
                   cat >> json; test $CRM_REF != T1'";
    let run = env.run(command);
    assert_eq!((run.code, run.stdout.as_str()), (6, ""), "{}", run.stderr);
    assert!(run.stderr.contains("T1: the command ended"), "{}", run.stderr);
    let read = |name: &str| fs::read_to_string(env.home().join(name)).expect("a file");
    assert_eq!(
        read("told"),
        "T1|Call; touch pwned|1 day late|O\"Neil $(touch pwned)\nT2|Write|today|\n"
    );
    assert!(!env.home().join("pwned").exists());
    let lines: Vec<serde_json::Value> = read("json")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    assert_eq!(
        (&lines[0]["id"], &lines[1]["section"]),
        (&"T1".into(), &"today".into())
    );
    assert_eq!(
        env.ok("remind --template '{id}'"),
        "T1\n",
        "only what failed comes again"
    );
    assert_eq!(env.run("remind --exec false").code, 0);
}

#[test]
fn the_agenda_since_its_last_run() {
    let env = Env::new();
    env.ok("task add Call --due today");
    assert_eq!(env.ok("today --since-last-run mail --template '{id}'"), "T1\n");
    assert_eq!(env.ok("today --since-last-run mail --template '{id}'"), "");
    assert_eq!(env.run("today --since-last-run mail --fail-empty").code, 3);
    env.ok("task add Write --due tomorrow");
    assert_eq!(
        env.ok("today --since-last-run mail --dry-run --template '{id}'"),
        "T2\n"
    );
    assert_eq!(env.ok("today --since-last-run mail --template '{id}'"), "T2\n");
    assert_eq!(env.ok("today --template '{id}'"), "T1\nT2\n");
}

#[test]
fn labels_say_how_often_their_customers_want_to_be_heard_of() {
    let env = Env::new();
    env.ok("customer add Anna --tag vip");
    env.ok("tag set vip keep_in_touch=30");
    assert_eq!(env.ok("customer list --template '{quiet_on}'"), "2026-12-21\n");
    assert_eq!(env.ok("tag list -F name,keep_in_touch"), "vip\t30\n");
    env.ok("undo");
    assert_eq!(env.ok("customer list -w has:quiet_on"), "");
}

#[test]
fn a_wish_is_a_sensible_number_of_days() {
    let env = Env::new();
    env.ok("customer add Anna --tag vip");
    for days in ["0", "-4", "99999999999999", "often"] {
        assert_eq!(
            env.run(&format!("tag set vip keep_in_touch={days}")).code,
            5,
            "{days}"
        );
        assert_eq!(
            env.run(&format!("customer set C1 keep_in_touch={days}")).code,
            5,
            "{days}"
        );
    }
}

#[test]
fn tasks_with_rules_and_reminders_go_to_another_base_and_back() {
    let env = Env::new();
    env.ok("task add Call --due '2026-11-20 15:00' --repeat 'weekly x5' --remind 1h,1d --remind 'mon 9:00'");
    env.ok("task done T1");
    env.ok("task snooze T2 +1d");
    env.ok("tag add vip keep_in_touch=30");
    let fields = "task list --sort id --json=id,uid,status,due,repeat,remind,series,planned_on";
    let here = env.ok(fields);
    env.ok("export task --format ndjson -o tasks.ndjson");
    env.ok("export tag --format ndjson -o tags.ndjson");
    let mut import = env.command("import task tasks.ndjson");
    let other = env.home().join("other.db");
    let run = import.env("CRM_DB", &other).output().expect("it starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let there = env
        .command(fields)
        .env("CRM_DB", &other)
        .output()
        .expect("it starts");
    assert_eq!(String::from_utf8_lossy(&there.stdout), here);
    let run = env
        .command("import tag tags.ndjson")
        .env("CRM_DB", &other)
        .output()
        .expect("it starts");
    assert!(run.status.success());
    let tags = env
        .command("tag list -F keep_in_touch")
        .env("CRM_DB", &other)
        .output();
    assert_eq!(String::from_utf8_lossy(&tags.expect("it starts").stdout), "30\n");
    // Importing the same once more changes nothing.
    env.ok("import task tasks.ndjson");
    assert_eq!(env.ok(fields), here);
}
