//! Customers who are the same become one, and one of them lives by itself again: on the command line.

use crate::env::Env;

#[test]
fn a_merge_is_taken_apart_long_after() {
    let env = Env::new();
    env.ok("customer add 李娜 --email na@mail.example --city 上海");
    env.ok("customer add 'Li Na' --phone '+49 30 23125 100' --title 经理 --email na@mail.example --on-duplicate create");
    env.ok("deal add Big --customer C2");
    let run = env.run("customer merge C1 C2 --dry-run --format csv");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let shown = run.stdout.replace('\r', "");
    assert!(shown.starts_with("field,C1,C2,result,how\n"), "{shown}");
    assert!(shown.contains("\nname,李娜,Li Na,李娜,chosen\n"), "{shown}");
    assert!(shown.contains("\ntitle,,经理,经理,chosen\n"), "{shown}");
    assert!(!shown.contains("\ncompany,"), "{shown}");
    env.ok("company add 云帆科技");
    env.ok("customer set C2 company=C3");
    let shown = env.ok("customer merge C1 C2 --dry-run --format csv");
    assert!(
        shown.contains("\ncompany,,云帆科技 C3,云帆科技 C3,fixed"),
        "{shown}"
    );
    env.ok("customer merge C1 C2 --yes");
    env.ok("task add Since --for C1");
    env.ok("customer set C1 city=北京");
    let run = env.run("customer unmerge C2 --format ids");
    assert_eq!((run.code, run.stdout.as_str()), (0, "C2\n"), "{}", run.stderr);
    assert!(
        run.stderr.contains("T1 Since came after the merge"),
        "{}",
        run.stderr
    );
    assert!(env.ok("op list --limit 1").contains("1 thing did not go along"));
    let shown = |who: &str| {
        env.ok(&format!(
            "customer show {who} --template '{{id}} {{title}} {{city}} {{phones}}'"
        ))
    };
    assert_eq!(shown("C1"), "C1  北京 \n");
    assert_eq!(shown("C2"), "C2 经理  +493023125100\n");
    assert_eq!(env.ok("deal show D1 --template '{customer.id}'"), "C2\n");
    let run = env.run("customer unmerge C2");
    assert_eq!(run.code, 5, "{}", run.stderr);
    // It is one operation, and can be taken back.
    env.ok("undo");
    assert_eq!(shown("C2"), "C1 经理 北京 +493023125100\n");
    assert_eq!(env.run("customer unmerge C9").code, 3);
    let json = env.ok("customer unmerge C1 --format json");
    assert!(
        json.contains("\"id\":\"C2\"") || json.contains("\"id\": \"C2\""),
        "{json}"
    );
}

#[test]
fn of_several_parts_one_is_named() {
    let env = Env::new();
    for name in ["Anna", "Anne", "Ann"] {
        env.ok(&format!("customer add {name}"));
    }
    env.ok("customer merge C1 C2 C3 --yes");
    let run = env.run("customer unmerge C1");
    assert_eq!(run.code, 4, "{}", run.stderr);
    assert!(
        run.stderr.contains("C2") && run.stderr.contains("C3"),
        "{}",
        run.stderr
    );
    env.ok("customer unmerge C3 --dry-run");
    assert_eq!(env.ok("customer list --format ids"), "C1\n");
    env.ok("company unmerge C3");
    assert_eq!(env.ok("customer list --sort name --format ids"), "C3\nC1\n");
    env.ok("customer unmerge C1");
    assert_eq!(env.ok("customer list --sort name --format ids"), "C3\nC1\nC2\n");
    env.ok("check");
}
