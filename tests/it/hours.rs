//! `crm calendar` and `crm sla`: when a team works, and what is promised for which tickets.

use crate::env::Env;

/// The week of the national holidays of 2026 in China, with the Saturday that makes up for it.
const CHINA: &str = "calendar add cn --week 'mon-fri 09:00-12:00 13:30-18:00' --zone Asia/Shanghai \
                     --day '2026-10-01..2026-10-07 off 国庆节' --day '2026-10-10 work 补班'";

#[test]
fn working_time_is_counted_by_the_calendar() {
    let env = Env::new();
    env.ok("init");
    env.ok(CHINA);
    // Seven and a half hours a day. Wednesday the 30th from 17:00: 1 h. The holidays: nothing. Thursday and Friday after
    // them, and the Saturday that is worked: 22.5 h. Monday until 10:00: 1 h.
    let minutes = "calendar hours cn 2026-09-30T17:00 2026-10-12T10:00";
    assert_eq!(env.ok(&format!("{minutes} --format ids")), "1470\n");
    assert_eq!(
        env.ok(&format!("{minutes} --format tsv")),
        "1470\t88200\tcn\t2026-09-30T09:00:00Z\t2026-10-12T02:00:00Z\tAsia/Shanghai\n"
    );
    assert!(
        env.ok(&format!("{minutes} --format table"))
            .contains("2026-10-12 10:00")
    );
    // A day is its beginning on the left, and its end on the right.
    assert_eq!(
        env.ok("calendar hours cn 2026-10-08 2026-10-08 --format ids"),
        "450\n"
    );
    assert_eq!(
        env.ok("calendar after cn 2026-09-30T17:00 24h30m --format ids"),
        "2026-10-12T02:00:00Z\n"
    );
    assert_eq!(
        env.ok("calendar after cn 2026-09-30T09:00:00Z 1h --format ids"),
        "2026-09-30T10:00:00Z\n"
    );
    for line in [
        "calendar hours cn 2026-10-12 2026-10-01",
        "calendar hours cn yesterdayish today",
        "calendar hours nowhere today today",
        "calendar after cn now 90",
    ] {
        let run = env.run(line);
        assert!(run.code != 0 && !run.stderr.is_empty(), "{line}: {}", run.code);
    }
}

#[test]
fn a_calendar_is_a_record_like_any_other() {
    let env = Env::new();
    env.ok(CHINA);
    env.ok("calendar set cn description='Team in Shanghai' week='周一至周六 9:00-18:00'");
    assert_eq!(
        env.ok("calendar list -w key:cn -F key,zone,week,differing_days,policies --format tsv"),
        "cn\tAsia/Shanghai\tmon-sat 09:00-18:00\t2\t0\n"
    );
    for line in [
        CHINA,
        "calendar add other --zone Mars/Olympus",
        "calendar add other --week 'mon 18:00-09:00'",
        "calendar add other --day '2026-10-01 perhaps'",
        "calendar day add cn soon off",
        "calendar day rm cn 2026-12-24",
        "calendar rm standard",
    ] {
        let run = env.run(line);
        assert!(run.code != 0 && !run.stderr.is_empty(), "{line}: {}", run.code);
    }
    env.ok("calendar day add cn 2026-10-03 09:00-12:00 on call 2026-12-31 off");
    env.ok("calendar day rm cn 2026-10-06..2026-10-07");
    assert_eq!(
        env.ok("sql 'SELECT days FROM v_calendar WHERE key = \"cn\"' --format json")
            .matches("\\n")
            .count(),
        4
    );
    env.ok("undo");
    env.ok("undo");
    assert!(
        env.ok("calendar show cn --format json")
            .contains("2026-10-01..2026-10-07 off 国庆节")
    );
    // Calendars and policies go wherever a base goes.
    env.ok("sla add china -w channel:wechat --calendar cn");
    env.ok("dump out");
    env.ok("--db other.db load out");
    for line in ["calendar list --format ndjson", "sla list --format ndjson"] {
        assert_eq!(env.ok(&format!("--db other.db {line}")), env.ok(line), "{line}");
    }
    env.ok("export calendar --format ndjson -o calendars.ndjson");
    env.ok("export sla --format ndjson -o policies.ndjson");
    env.ok("--db third.db import calendar calendars.ndjson");
    env.ok("--db third.db import sla policies.ndjson");
    for line in [
        "calendar list -F uid,key,zone,week,days --sort key --format json",
        "sla list -F key,position,filter,calendar,targets --sort key --format json",
    ] {
        assert_eq!(
            env.ok(&format!("--db third.db {line}")).matches("\"cn\"").count(),
            1,
            "{line}"
        );
    }
    env.ok("sla rm china");
    env.ok("calendar rm cn");
    assert_eq!(env.run("sla restore china").code, 4);
    env.ok("calendar restore cn");
    env.ok("sla restore china");
}

#[test]
fn days_come_from_published_files() {
    let env = Env::new();
    env.ok("init");
    let ics = "BEGIN:VCALENDAR\nVERSION:2.0\n\
               BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261001\nDTEND;VALUE=DATE:20261008\nSUMMARY:国庆节（休）\nEND:VEVENT\n\
               BEGIN:VEVENT\nUID:2\nDTSTART;VALUE=DATE:20261010\nDTEND;VALUE=DATE:20261011\nSUMMARY:国庆节（班）\nEND:VEVENT\n\
               BEGIN:VEVENT\nUID:3\nDTSTART;VALUE=DATE:20261224\nSUMMARY:Christmas Eve\nDESCRIPTION:Observance\nEND:VEVENT\n\
               END:VCALENDAR\n";
    std::fs::write(env.home().join("days.ics"), ics).expect("a file");
    let run = env.run("calendar import-days standard days.ics --dry-run");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("Christmas Eve is observed"), "{}", run.stderr);
    let days = "calendar list -w key:standard -F days --format csv";
    assert!(!env.ok(days).contains("2026"));
    env.ok("calendar import-days standard days.ics");
    assert!(
        env.ok(days)
            .contains("\"2026-10-01..2026-10-07 off 国庆节（休）\n2026-10-10 work 国庆节（班）\"")
    );
    // The same file again changes nothing.
    let again = env.run("calendar import-days standard days.ics");
    assert!(again.stderr.contains("nothing to change"), "{}", again.stderr);
    let (gbk, _, _) = encoding_rs::GBK
        .encode("日期,名称,类型\n2027-01-01,元旦,休\n2027-01-02,元旦,班\n2027-01-03,元旦,?\n");
    std::fs::write(env.home().join("days.csv"), gbk).expect("a file");
    let run = env.run("calendar import-days standard days.csv");
    assert!(run.stderr.contains("line 4 is left out"), "{}", run.stderr);
    assert!(env.ok(days).contains("2027-01-01 off 元旦\n2027-01-02 work 元旦"));
    std::fs::write(env.home().join("none.csv"), "name,email\nAnn,ann@example.com\n").expect("a file");
    assert_ne!(env.run("calendar import-days standard none.csv").code, 0);
}

#[test]
fn a_policy_is_a_record_like_any_other() {
    let env = Env::new();
    env.ok("customer add Ann --tag vip");
    env.ok("sla add vip -w '+vip' -t 'urgent first=15m next=30m resolution=1h' -t 'low none' --position 1");
    assert!(env.ok("sla list -w key:vip -F targets --format csv").contains(
        "\"urgent first=15m next=30m resolution=1h\nhigh first=1h resolution=4h\n\
         normal first=8h resolution=24h\nlow none\""
    ));
    env.ok("sla set vip targets='low first=2h'");
    assert!(
        env.ok("sla show vip --format json")
            .contains("urgent first=15m next=30m resolution=1h\\nhigh")
    );
    env.ok("sla add always --calendar none");
    assert_eq!(
        env.ok("sla list --sort key -F key,calendar --format tsv"),
        "always\t\nstandard\tstandard\nvip\tstandard\n"
    );
    env.ok("tag set vip name='key account'");
    assert_eq!(
        env.ok("sla list -w key:vip -F filter --format ids"),
        "+\"key account\"\n"
    );
    for line in [
        "sla add vip",
        "sla add other -t 'medium first=1h'",
        "sla add other -t 'high first=90'",
        "sla add other -w '(+vip'",
        "sla add other --calendar nowhere",
        "sla set vip position=first",
    ] {
        let run = env.run(line);
        assert!(run.code != 0 && !run.stderr.is_empty(), "{line}: {}", run.code);
    }
}

#[test]
fn the_clock_of_a_ticket_tells_the_whole_reckoning() {
    let env = Env::new();
    env.ok("init");
    env.ok("calendar set standard zone=Europe/Berlin");
    env.ok("customer add Ann");
    // Friday 16:00 to Monday 10:00: two hours and one; the customer is waited for between 17:00 and Monday 9:00.
    let steps = [
        (
            "2026-11-20T16:00",
            "ticket add 'No light' --customer Ann --priority high",
        ),
        ("2026-11-20T16:30", "ticket reply K1 'Which lamp?' --wait"),
        ("2026-11-23T09:00", "ticket receive K1 'The red one'"),
    ];
    for (now, line) in steps {
        env.ok(&format!("{line} --now {now}"));
    }
    let clock = "ticket clock K1 --now 2026-11-23T10:00";
    assert_eq!(
        env.ok(&format!("{clock} --format tsv")),
        "first_response\tmet\t3600\t1800\t1800\t2026-11-20T16:00:00Z\t\n\
         resolution\trunning\t14400\t5400\t9000\t2026-11-23T11:30:00Z\t\n"
    );
    let text = env.ok(&format!("{clock} --format table"));
    for part in [
        "policy standard by calendar standard (Europe/Berlin)",
        "2026-11-20 16:00 to 2026-11-20 16:30  30m",
        "2026-11-20 16:30 to 2026-11-23 09:00  pauses",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&env.ok(&format!("{clock} --format json"))).expect("an object");
    assert_eq!(json["clocks"][1]["stretches"][1]["paused"], true);
    let list = |filter: &str, now: &str| env.ok(&format!("ticket list -w {filter} --format ids --now {now}"));
    assert_eq!(list("is:at_risk", "2026-11-23T12:00"), "K1\n");
    assert_eq!(list("is:overdue", "2026-11-23T12:00"), "");
    assert_eq!(list("is:overdue", "2026-11-23T13:00"), "K1\n");
    // A policy that is added later is for it when it is asked for.
    env.ok("sla add light -w 'light' --calendar none -t 'all resolution=100h'");
    let run = env.ok("sla apply --format csv --now 2026-11-23T10:00 --dry-run");
    assert_eq!(run.lines().nth(1), Some("K1,No light,standard,light"));
    env.ok("sla apply --now 2026-11-23T10:00");
    assert_eq!(env.run("sla apply --fail-empty").code, 3);
    assert_eq!(env.ok("ticket list -F sla --format ids"), "light\n");
    env.ok("dump out");
    env.ok("--db other.db load out");
    assert_eq!(
        env.ok("--db other.db ticket list --format ndjson"),
        env.ok("ticket list --format ndjson")
    );
    assert_eq!(env.run("check").code, 0);
}

fn reported(env: &Env, name: &str) -> serde_json::Value {
    let text = env.ok(&format!(
        "report {name} --period 2026-11 --format json --now 2026-11-20T12:00"
    ));
    serde_json::from_str(&text).expect("a report")
}

fn check(figures: &serde_json::Value, expected: &[(&str, serde_json::Value)]) {
    for (name, value) in expected {
        assert_eq!(&figures[*name], value, "{name} of {figures}");
    }
}

/// Worked by hand: Monday to Friday, 9 to 18, in Berlin. K1 is answered in half an hour and solved after five (promised:
/// four). K2 is answered after 8 + 3 hours (promised: eight), solved after twelve, and comes back. K3 runs.
#[test]
fn reports_count_tickets_as_by_hand() {
    let env = Env::new();
    env.ok("init");
    env.ok("calendar set standard zone=Europe/Berlin");
    env.ok("customer add Ann");
    for (now, line) in [
        ("2026-11-16T10:00", "ticket add One --customer C1 --priority high"),
        (
            "2026-11-16T10:00",
            "ticket add Two --customer C1 --priority normal",
        ),
        ("2026-11-16T10:30", "ticket reply K1 yes"),
        ("2026-11-16T15:00", "ticket resolve K1 --solution done"),
        ("2026-11-17T12:00", "ticket reply K2 yes"),
        ("2026-11-17T13:00", "ticket resolve K2 --solution done"),
        ("2026-11-18T10:00", "ticket reopen K2 --reason again"),
        (
            "2026-11-20T10:00",
            "ticket add Three --customer C1 --priority low",
        ),
    ] {
        env.ok(&format!("{line} --now {now}"));
    }
    let report = |name: &str| reported(&env, name);
    check(
        &report("sla")["totals"],
        &[
            ("tickets", 2.into()),
            ("first_met", 1.into()),
            ("first_breached", 1.into()),
            ("first_attainment", 0.5.into()),
            ("resolution_met", 0.into()),
            ("resolution_breached", 1.into()),
            ("resolution_attainment", 0.0.into()),
        ],
    );
    let by = report("sla --by priority");
    assert_eq!(by["rows"][0]["group"], "high");
    assert_eq!(by["rows"][1]["group"], "normal");
    check(
        &report("tickets")["totals"],
        &[
            ("backlog", 2.into()),
            ("inflow", 3.into()),
            ("outflow", 2.into()),
            ("resolved", 2.into()),
            ("reopened", 1.into()),
            ("reopen_rate", 0.5.into()),
            ("first_contact", 0.5.into()),
            ("median_resolution_s", 18_000.into()),
        ],
    );
    // Half an hour and 26 hours on the wall.
    check(
        &report("ticket-steps")["rows"][0],
        &[
            ("step", "received".into()),
            ("stays", 2.into()),
            ("mean_s", 47_700.into()),
            ("median_s", 47_700.into()),
        ],
    );
    check(
        &report("agents")["totals"],
        &[
            ("open", 2.into()),
            ("resolved", 2.into()),
            ("median_response_s", 20_700.into()),
            ("breached", 2.into()),
        ],
    );
    records_are_listed(&env);
}

/// The same tickets, figure by figure.
fn records_are_listed(env: &Env) {
    let steps = reported(env, "ticket-steps");
    check(steps.get("totals").expect("totals"), &[("tickets", 2.into())]);
    for (name, ids) in [
        ("tickets --records", "K3\nK2\n"),
        ("tickets --records=inflow", "K3\nK2\nK1\n"),
        ("tickets --records=outflow", "K2\nK1\n"),
        ("tickets --records=resolved", "K2\nK1\n"),
        ("tickets --records=reopened", "K2\n"),
        ("tickets --records=resolved -w priority:high", "K1\n"),
        ("ticket-steps --records", "K2\nK1\n"),
        ("sla --records", "K2\nK1\n"),
        ("sla --records=first_met", "K1\n"),
        ("sla --records=first_breached", "K2\n"),
        ("sla --records=resolution_met", ""),
        ("sla --records=resolution_breached", "K1\n"),
        ("agents --records", "K3\nK2\n"),
        ("agents --records=resolved", "K2\nK1\n"),
        ("agents --records=breached", "K2\nK1\n"),
    ] {
        let line = format!("report {name} --period 2026-11 --format ids --now 2026-11-20T12:00");
        assert_eq!(env.ok(&line), ids, "{line}");
    }
    // What was open before a day and went nowhere on it is left at its end; K3 came on the 20th.
    for (day, ids) in [
        ("2026-11-19", "K2\n"),
        ("2026-11-20", "K3\nK2\n"),
        ("2026-11-21", "K3\nK2\n"),
    ] {
        let line = format!("report tickets --records --period {day} --format ids --now 2026-11-23T12:00");
        assert_eq!(env.ok(&line), ids, "{line}");
    }
    for (line, hint) in [
        ("report tickets --records=resolve", "resolved"),
        ("report orders --records=revenue", "all of its figures"),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, 2, "{line}");
        assert!(run.stderr.contains(hint), "{}", run.stderr);
    }
}

#[test]
fn the_morning_knows_whose_time_runs_out() {
    let env = Env::new();
    env.ok("init");
    env.ok("calendar set standard zone=Europe/Berlin");
    env.ok("customer add Ann");
    env.ok("ticket add 'No light' --customer C1 --priority high --now 2026-11-20T10:00");
    let today = |now: &str| env.ok(&format!("today --format tsv --now {now}"));
    assert!(today("2026-11-20T10:30").contains("K1"));
    let run = env.ok("remind --format tsv --now 2026-11-20T10:30");
    assert!(!run.contains("K1"), "{run}");
    // An hour after it came in nobody has answered.
    let run = env.ok("remind --format tsv --now 2026-11-20T11:05");
    assert!(run.contains("K1") && run.contains("answer"), "{run}");
    assert!(
        !env.ok("remind --format tsv --now 2026-11-20T11:10")
            .contains("K1")
    );
    env.ok("ticket reply K1 soon --wait --now 2026-11-20T11:20");
    assert!(
        !today("2026-11-20T11:30").contains("K1"),
        "it waits for the customer"
    );
}
