//! `crm today`: the agenda, narrowed by filters, and silent for cron where nothing is due.

use crate::env::Env;

#[test]
fn a_filter_leaves_the_sections_that_know_its_fields() {
    let env = Env::new();
    env.ok("customer add Anna --city Berlin");
    env.ok("deal add 'Big one' --customer C1");
    env.ok("task add Call --for C1 --due yesterday --priority high");
    env.ok("task add Write --for C1 --due tomorrow");
    let rows = |filter: &str| env.ok(&format!("today {filter} --template '{{section}} {{id}}'"));
    assert_eq!(rows(""), "overdue T1\nweek T2\ndeals D1\n");
    assert_eq!(rows("-w is:overdue"), "overdue T1\n");
    assert_eq!(rows("-w stage:prospecting"), "deals D1\n");
    assert_eq!(rows("-w priority:normal"), "week T2\n");
    assert_eq!(
        rows("-w customer:anna -w is:open"),
        "overdue T1\nweek T2\ndeals D1\n"
    );
    let run = env.run("today -w citty:berlin");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert_eq!(run.stdout, "");
}

#[test]
fn cron_gets_no_mail_while_nothing_is_late() {
    let env = Env::new();
    env.ok("customer add Anna");
    for format in ["markdown", "tsv", "csv", "ids", "table"] {
        let run = env.run(&format!("today --no-input --format {format} -w is:overdue"));
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{format}");
        assert!(
            run.stdout.is_empty() || matches!(format, "csv" | "table"),
            "{format}: {:?}",
            run.stdout
        );
    }
    assert_eq!(env.run("today -w is:overdue --fail-empty").code, 3);
}
