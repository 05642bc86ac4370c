//! `crm score` and `crm customer score`: rules, a run for cron, and what somebody's points come of.

use crate::env::Env;

fn with_rules() -> Env {
    let env = Env::new();
    env.ok("customer add 张伟 --lifecycle lead --city 杭州");
    env.ok("customer add Nora --lifecycle lead");
    env.ok("log C1 call 'wants a price' --at '2026-11-11 10:00'");
    env.ok("score add hangzhou --points 40 -w city:杭州");
    env.ok("score add calls --points 10 --event activity -w type:call --cap 15 --decay 20");
    env
}

#[test]
fn points_are_counted_tried_kept_and_explained() {
    let env = with_rules();
    // Ten of the twenty days over which a call fades have gone by.
    let reasons = "C1,calls,engagement,1,10,5,5,10 for each activity; type:call; fades over 20 days; at most 15\r\n\
                   C1,hangzhou,fit,1,40,40,40,40 once; city:杭州\r\n";
    let shown = env.ok("customer score C1 --format csv");
    assert_eq!(
        shown,
        format!("customer,rule,side,times,whole,faded,points,why\r\n{reasons}")
    );
    let tried = env.ok("score run --dry-run --format csv");
    assert_eq!(tried.lines().nth(1), Some("C1,张伟,40,5,45,,false"));
    assert_eq!(
        env.run("customer list -w score:>0 --fail-empty").code,
        3,
        "it was a trial"
    );
    assert_eq!(env.ok("score run --format csv"), tried);
    assert_eq!(
        env.ok("customer list -w score:>0 --sort=-score -F name,score"),
        "张伟\t45\n"
    );
    let again = env.run("score run");
    assert_eq!(
        (again.code, again.stdout.as_str(), again.stderr.as_str()),
        (0, "", "")
    );
    assert_eq!(env.run("score run --fail-empty").code, 3);
    let whole: serde_json::Value =
        serde_json::from_str(&env.ok("customer score C1 --format json")).expect("JSON");
    assert_eq!((&whole["score"], &whole["kept"]), (&45.into(), &45.into()));
    assert_eq!(whole["reasons"][0]["cap"], 15);
    assert_eq!(
        env.ok("sql 'SELECT score_fit, score_engagement FROM v_customer WHERE ref = \"C1\"'"),
        "40\t5\n"
    );
}

#[test]
fn whoever_has_enough_is_qualified_and_undo_takes_that_back() {
    let env = with_rules();
    assert_eq!(env.ok("score run --raise 45"), "C1\t张伟\t40\t5\t45\t\ttrue\n");
    assert_eq!(env.ok("customer list -w lifecycle:qualified -F id"), "C1\n");
    env.ok("undo");
    assert_eq!(env.ok("customer list -w is:lead --format ids").lines().count(), 2);
}

#[test]
fn a_rule_whose_filter_means_nothing_any_more_is_left_out_and_named() {
    let env = with_rules();
    env.ok("field add customer.size type=text");
    env.ok("score add large --points 5 -w fields.size:big");
    env.ok("field rm customer.size --yes");
    let run = env.run("score run");
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("large was left out"), "{}", run.stderr);
    assert_eq!(env.run("score add none --points many -w is:person").code, 5);
    assert_eq!(env.run("score add none -w is:person").code, 2);
}
