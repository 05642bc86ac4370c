//! `crm dupes`: who is in the base twice.

use crate::env::Env;

fn base() -> Env {
    let env = Env::new();
    env.ok("init --currency EUR");
    env.ok(
        "customer add 'Robert Quittenbaum' --email robert@quitten.example --city Leeds --on-duplicate create",
    );
    env.ok("customer add 'Bob Quittenbaum' --phone '+49 30 5550101' --field birthday=1985-05-17 --on-duplicate create");
    env.ok("customer add 'Quittenbaum, Robert' --phone '030 5550101' --region DE --field birthday=1985-05-17 --on-duplicate create");
    env.ok("customer add 张伟 --handle wechat:zhangwei88 --city 杭州");
    env.ok("customer add 'Wei Zhang' --handle wechat:zhangwei88 --on-duplicate create");
    env.ok("company add '北京云帆科技有限公司'");
    env
}

#[test]
fn pairs_come_with_score_and_reasons_in_every_format() {
    let env = base();
    let lines = env.ok("dupes --format ndjson");
    let pairs: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let told = pairs
        .iter()
        .find(|pair| pair["id"] == "C4")
        .expect("张伟 is there twice");
    assert_eq!(told["other"], "C5");
    assert!(told["score"].as_i64().expect("a number") >= 75);
    assert!(told["reasons"].to_string().contains("same handle"), "{told}");
    assert!(
        pairs
            .iter()
            .any(|pair| pair["id"] == "C2" && pair["other"] == "C3"),
        "{lines}"
    );
    let scores: Vec<i64> = pairs.iter().filter_map(|pair| pair["score"].as_i64()).collect();
    assert!(
        scores.is_sorted_by(|one, other| one >= other),
        "the surest first: {scores:?}"
    );
    for format in ["table", "tsv", "csv", "json", "markdown", "ids"] {
        assert!(
            env.ok(&format!("dupes --format {format}")).contains("C4"),
            "{format}"
        );
    }
    let commands = env.ok("dupes --template 'crm customer merge {id} {other}' --limit 1");
    assert_eq!(commands.lines().count(), 1);
    assert!(commands.starts_with("crm customer merge C"), "{commands}");
    assert!(env.ok("dupes --groups --format csv").contains("C4"));
}

#[test]
fn what_is_looked_for_can_be_narrowed() {
    let env = base();
    assert_eq!(env.ok("dupes --type company"), "");
    let of_one = env.ok("dupes C5 --format csv --no-header");
    assert!(of_one.starts_with("C5,C4,"), "{of_one}");
    assert!(
        env.ok("dupes -w city:杭州 --format csv --no-header")
            .starts_with("C4,C5,")
    );
    assert_eq!(env.ok("dupes -w city:Nowhere"), "");
    assert_eq!(env.run("dupes --min 101").code, 2);
    assert_eq!(env.run("dupes --type robot").code, 2);
    assert_eq!(env.run("dupes C99").code, 3);
    assert_eq!(env.run("dupes -w 'city:Nowhere' --fail-empty").code, 3);
    assert_eq!(env.ok("dupes -"), "", "stdin names nobody");
}

#[test]
fn who_is_not_one_is_remembered_and_taken_back() {
    let env = base();
    assert_eq!(env.ok("dupes --not C5 C4"), "C5\nC4\n");
    assert!(!env.ok("dupes").contains("张伟"));
    assert_eq!(
        env.ok("dupes --told --format tsv --no-header"),
        "C4	C5	张伟	Wei Zhang
"
    );
    env.ok("undo");
    assert!(env.ok("dupes").contains("张伟"));
    env.ok("redo");
    assert!(!env.ok("dupes").contains("张伟"));
    // It is in a dump and comes back.
    env.ok("dump tree");
    let copy = Env::new();
    let tree = env.home().join("tree");
    copy.ok(&format!("load '{}'", tree.display()));
    assert_eq!(copy.ok("dupes --told"), env.ok("dupes --told"));
    env.ok("dupes --forget C4 C5");
    assert!(env.ok("dupes").contains("张伟"));
    assert_eq!(env.run("dupes --forget C4 C5").code, 5);
    assert_eq!(env.run("dupes --not C4").code, 2);
    let dry = env.run("dupes --not C4 C5 --dry-run");
    assert_eq!(dry.code, 0);
    assert!(dry.stderr.contains("nothing was changed"), "{}", dry.stderr);
    assert_eq!(env.ok("dupes --told"), "");
}

#[test]
fn adding_names_whoever_of_the_name_it_may_be() {
    let env = base();
    let run = env.run("customer add 'Robert Quittenbaum' --city Leeds");
    assert_eq!((run.code, run.stdout.as_str()), (0, "C7\n"));
    assert!(
        run.stderr.contains("C1 Robert Quittenbaum may be the same as C7"),
        "{}",
        run.stderr
    );
    let run = env.run("customer add 'Ann Lee' --email ann@gmial.com --email x@mailinator.com");
    assert!(
        run.stderr.contains("ann@gmail.com") && run.stderr.contains("thrown away"),
        "{}",
        run.stderr
    );
    let details = env.ok("customer list -w name:'Ann Lee' --format json -F email_details");
    assert!(details.contains("disposable"), "{details}");
}
