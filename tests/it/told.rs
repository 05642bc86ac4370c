//! `crm show`, `crm history` and `crm brief`: what is told of a record.

use crate::env::Env;

/// A company with two people, a deal with a next step, calls, a loss.
fn base() -> Env {
    let env = Env::new();
    for line in [
        "init --currency EUR",
        "company add 杭州蓝海电子有限公司 --city 杭州 --country CN",
        "customer add 张伟 --company C1 --title 采购总监 --phone '+86 138 1234 5678' --tag vip --note '喜欢先看报价。 Likes a quote first.'",
        "customer add 'Anna Keller' --company C1 --email anna@lanhai.example",
        "customer relate C3 reports_to C2 --note 'since May'",
        "deal add '仓库升级 Rollout' --customer C1 --amount 48000 --close 2026-12-24",
        "deal person D1 C2 --role 决策人",
        "task add '发送报价 and call' --for D1 --due 2026-11-20",
        "log C2 call '讨论了价格, and the delivery date' --at 2026-11-10 --deal D1",
        "deal add Pilot --customer C1 --amount 900",
        "deal lose D2 --reason price",
        "attach C2 https://cloud.example/offer.pdf --title 报价单",
        "customer set C2 level=A",
    ] {
        env.ok(line);
    }
    env
}

#[test]
fn show_tells_the_whole_story_of_any_record() {
    let env = base();
    let told = env.ok("show C2 --format table");
    for line in [
        "C2  张伟",
        "Jobs",
        "杭州蓝海电子有限公司 C1 · 采购总监",
        "manages         Anna Keller C3 · since May",
        "仓库升级 Rollout · prospecting · €48,000",
        "next: T1 · 发送报价 and call",
        "link            报价单 · https://cloud.example/offer.pdf",
        "讨论了价格, and the delivery date",
        "added level A · self, operation",
        "喜欢先看报价。 Likes a quote first.",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert_eq!(told, env.ok("customer show 张伟 --format table"));
    let company = env.ok("show C1 --format table");
    assert!(
        company.contains("C2              张伟 · 采购总监 · +8613812345678"),
        "{company}"
    );
    let several = env.ok("show D1 T1 A1 --format table");
    for line in [
        "D1  仓库升级 Rollout",
        "decision maker",
        "T1  发送报价 and call",
        "A1  讨论了价格, and",
    ] {
        assert!(several.contains(line), "{line}\n{several}");
    }
    let markdown = env.ok("show C1 --format markdown");
    assert!(
        markdown.starts_with("# C1  杭州蓝海电子有限公司\n\n- **type**: company\n"),
        "{markdown}"
    );
    assert!(
        markdown.contains("\n## Open deals\n\n- **D1**: 仓库升级 Rollout · prospecting · 48000.00 EUR"),
        "{markdown}"
    );
    let json: serde_json::Value = serde_json::from_str(&env.ok("show D1 C1 --json")).expect("JSON");
    assert_eq!(
        (&json[0]["kind"], &json[1]["kind"]),
        (&"deal".into(), &"customer".into())
    );
    assert_eq!(env.ok("show C2 --json"), env.ok("customer show C2 --json"));
    assert_eq!(env.run("show D1 C1 --format csv").code, 2);
    assert_eq!(env.run("show C99").code, 3);
    assert_eq!(env.run("show nobody").code, 3);
    assert_eq!(env.ok("show vip --template '{name} {records}'"), "vip 1\n");
}

#[test]
fn history_says_who_changed_what_and_which_operation() {
    let env = base();
    env.ok("customer set C2 level=B 'name=张伟 (old)'");
    let told = env.ok("history C2 --format tsv");
    let first: Vec<&str> = told.lines().next().expect("a line").split('\t').collect();
    assert_eq!(
        &first[1..],
        ["self", "cli", "13", "name", "张伟", "张伟 (old)"],
        "{told}"
    );
    assert!(told.contains("\tattachments\t\t报价单\n"), "{told}");
    assert!(told.contains("\tcustomer\t\t张伟 (old)\n"), "{told}");
    assert_eq!(env.ok("history C2 --field 级别 --format tsv").lines().count(), 2);
    assert_eq!(env.ok("history C2 --limit 1 --format csv").lines().count(), 2);
    let json: serde_json::Value = serde_json::from_str(&env.ok("history D1 --json")).expect("JSON");
    assert!(
        json.as_array()
            .expect("a list")
            .iter()
            .any(|edit| edit["field"] == "people"),
        "{json}"
    );
    assert_eq!(env.run("history C1 --field nonsense").code, 2);
    assert_eq!(env.run("history C3 --field level --fail-empty").code, 3);
    env.ok("undo");
    let told = env.ok("history C2 --format tsv");
    assert!(
        told.lines()
            .next()
            .expect("a line")
            .ends_with("name\t张伟 (old)\t张伟"),
        "{told}"
    );
}

#[test]
fn a_brief_is_one_screen_with_what_to_ask() {
    let env = base();
    let told = env.ok("brief C2 --format table");
    for line in [
        "采购总监 · 杭州蓝海电子有限公司 C1",
        "0 won, 1 lost, 1 open (€48,000), with those of 杭州蓝海电子有限公司 C1",
        "1, the last 2026-11-10",
        "overdue, due yesterday",
        "Ask what has changed since Pilot: the last deal was lost for price on 2026-11-21, today",
        "Ask for an e-mail address: none is known",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert!(told.lines().count() <= 40, "one screen: {told}");
    assert!(!told.contains("Ask who decides on 仓库升级"), "{told}");
    let json: serde_json::Value = serde_json::from_str(&env.ok("brief D1 --json")).expect("JSON");
    assert_eq!(json["customer"]["id"], "C1");
    assert_eq!(json["about"]["id"], "D1");
    assert_eq!(json["open"][0]["id"], "T1");
    assert_eq!(json["open"][0]["overdue"], true);
    assert_eq!(json["numbers"]["open_amount"]["amount"], "48000.00");
    assert!(json["who"]["emails"].as_array().expect("a list").is_empty());
    let keys: Vec<&str> = json
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "kind", "as_of", "customer", "about", "who", "parties", "people", "numbers", "contacts", "open",
        "ask",
    ];
    assert_eq!(keys, expected);
    for format in ["tsv", "csv", "ndjson", "markdown", "ids"] {
        assert!(
            !env.ok(&format!("brief C1 --format {format}")).is_empty(),
            "{format}"
        );
    }
    env.ok("deal add Nobody --no-customer");
    assert_eq!(env.run("brief D3").code, 5);
    assert_eq!(env.run("brief P7").code, 3);
}
