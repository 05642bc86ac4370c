//! Users who leave, and what becomes of their work, from the shell.

use crate::env::Env;

fn base() -> Env {
    let env = Env::new();
    env.ok("init");
    env.ok("user add anna");
    env.ok("user add ben");
    for name in ["Ada", "Bo", "张伟"] {
        env.ok(&format!("customer add {name} --owner anna"));
    }
    env.ok("deal add 'Big one' --customer C1 --owner anna");
    env.ok("task add Call --for C3 --assignee anna");
    env
}

#[test]
fn a_transfer_is_shown_before_it_is_made() {
    let env = base();
    assert_eq!(
        env.ok("user transfer anna ben --dry-run --format csv")
            .replace('\r', ""),
        "id,noun,name,from,to\nC1,customer,Ada,anna,ben\nC2,customer,Bo,anna,ben\nC3,customer,张伟,anna,ben\n\
         D1,deal,Big one,anna,ben\nT1,task,Call,anna,ben\n"
    );
    let run = env.run("user transfer anna ben");
    assert_eq!(run.code, 8);
    assert!(
        run.stderr.contains("3 customers: Ada, Bo, 张伟") && run.stderr.contains("1 deal: Big one"),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("customer list -w owner:ben --format ids"), "");
    env.ok("user transfer anna ben,self --yes");
    assert_eq!(env.ok("customer list --format ids -w owner:ben"), "C3\nC1\n");
    assert_eq!(env.ok("deal show D1 --template '{owner}'"), "ben\n");
    env.ok("undo");
    assert_eq!(
        env.ok("customer list -w owner:anna --format ids").lines().count(),
        3
    );
    assert_eq!(env.run("user transfer anna anna").code, 5);
    assert_eq!(env.run("user transfer anna nobody").code, 3);
    assert_eq!(env.run("user transfer anna ben --teams -w x").code, 2);
}

#[test]
fn who_leaves_cannot_act_and_gets_nothing_new() {
    let env = base();
    let run = env.run("user disable anna");
    assert_eq!(run.code, 5);
    assert!(
        run.stderr.contains("customers (3)") && run.stderr.contains("--to USER"),
        "{}",
        run.stderr
    );
    env.ok("user disable anna --to ben --yes");
    assert_eq!(env.run("--as anna customer list").code, 9);
    assert_eq!(env.run("customer add New --owner anna").code, 5);
    assert_eq!(env.run("task assign T1 anna").code, 5);
    assert_eq!(env.ok("user show anna --template '{status}'"), "disabled\n");
    env.ok("user enable anna");
    env.ok("customer assign C1 anna");
    env.ok("user disable anna --keep");
    assert_eq!(env.ok("customer list -w owner:anna --format ids"), "C1\n");
}

#[test]
fn closed_deals_in_a_file_may_name_who_has_left() {
    let env = base();
    env.ok("user disable anna --keep");
    let file = "name,stage,owner,opened_on,closed_on,external_id\nOld,won,anna,2026-01-05,2026-02-05,1\n\
                New,proposal,anna,2026-01-05,,2\n";
    std::fs::write(env.home().join("deals.csv"), file).expect("a file");
    let run = env.run("import deal deals.csv");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(
        run.stderr
            .contains("owner: \"anna\" is disabled; what is closed was kept in that name"),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("deal list -w 'name:old' -F owner"), "anna\n");
    assert_eq!(env.ok("deal list -w 'name:=new' -F id"), "");
}
