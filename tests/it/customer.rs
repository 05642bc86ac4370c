//! `crm customer`, `contact`, `company` and `find`.

use crate::env::Env;

/// A base with a company, two people and a Chinese customer.
fn base() -> Env {
    let env = Env::new();
    env.ok("init --currency EUR");
    env.ok("company add 'Acme GmbH' --city Berlin --email info@acme.example");
    env.ok("customer add 'Anna Keller' --company 'Acme GmbH' --email anna@acme.example --phone '+49 30 23125 100' --tag vip --title CTO");
    env.ok("contact add 张伟 --phone 13812345678 --region CN --handle wechat:zhangwei");
    env.ok("contact add 'Łukasz Wójcik' --email lukasz@globex.example --city Łódź --note 'asked for a quote before Easter'");
    env
}

#[test]
fn people_are_found_by_any_fragment_and_nobody_else_is() {
    let env = base();
    for (words, refs) in [
        ("张伟", vec!["C3"]),
        ("伟", vec!["C3"]),
        ("zhangwei", vec!["C3"]),
        ("zw", vec!["C3"]),
        ("'wei zhang'", vec!["C3"]),
        ("5678", vec!["C3"]),
        ("kell", vec!["C2"]),
        ("elle", vec!["C2"]),
        ("'keller anna'", vec!["C2"]),
        ("'(030) 23125-100'", vec!["C2"]),
        ("'ＡＮＮＡ'", vec!["C2"]),
        ("lukasz", vec!["C4"]),
        ("wojcik", vec!["C4"]),
        ("easter", vec!["C4"]),
        ("acme.ex", vec!["C2", "C1"]),
        ("nobody", vec![]),
        ("zx", vec![]),
    ] {
        let ids = env.ok(&format!("find {words} --template '{{id}}'"));
        let ids: Vec<&str> = ids.lines().collect();
        assert_eq!(ids, refs, "{words}");
    }
}

#[test]
fn search_follows_edit_and_undo() {
    let env = base();
    env.ok("customer set C2 'name=Beate Braun'");
    assert_eq!(env.ok("find keller --template '{id}'"), "");
    assert_eq!(env.ok("find braun --template '{id}'"), "C2\n");
    env.ok("undo");
    assert_eq!(env.ok("find keller --template '{id}'"), "C2\n");
    assert_eq!(env.ok("find braun --template '{id}'"), "");
    env.ok("redo");
    assert_eq!(env.ok("find braun --template '{id}'"), "C2\n");
}

#[test]
fn a_customer_in_json_has_every_field() {
    let env = base();
    let shown: serde_json::Value = serde_json::from_str(&env.ok("customer show C2 --json")).expect("JSON");
    assert_eq!(shown["kind"], "customer");
    assert_eq!(shown["id"], "C2");
    assert_eq!(shown["company"]["name"], "Acme GmbH");
    assert_eq!(shown["company"]["id"], "C1");
    assert_eq!(shown["emails"], serde_json::json!(["anna@acme.example"]));
    assert_eq!(shown["phones"], serde_json::json!(["+493023125100"]));
    assert_eq!(shown["tags"], serde_json::json!(["vip"]));
    assert_eq!(shown["owner"], "self");
    assert!(shown["annual_revenue"].is_null());
}

#[test]
fn filters_select() {
    let env = base();
    for (filter, names) in [
        ("+vip", "Anna Keller\n"),
        ("company:acme", "Anna Keller\n"),
        ("company.city:berlin", "Anna Keller\n"),
        ("is:company", "Acme GmbH\n"),
        ("city:lodz", "Łukasz Wójcik\n"),
        ("not has:emails", "张伟\n"),
        ("name:wojc or zhangwei", "Łukasz Wójcik\n张伟\n"),
        ("people.count:1..", "Acme GmbH\n"),
    ] {
        assert_eq!(
            env.ok(&format!("customer list -w '{filter}' -F name")),
            names,
            "{filter}"
        );
    }
}

#[test]
fn a_list_has_the_same_columns_everywhere_and_an_empty_one_is_no_failure() {
    let env = base();
    let tsv = env.ok("customer list --header");
    let csv = env.ok("customer list --format csv");
    let header = |text: &str, by: char| -> Vec<String> {
        text.lines()
            .next()
            .unwrap_or_default()
            .split(by)
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(header(&tsv, '\t'), header(&csv, ','));
    assert_eq!(env.ok("customer list -w name:nobody"), "");
    assert_eq!(
        env.ok("customer list -w name:nobody --format json")
            .split_whitespace()
            .collect::<String>(),
        "[]"
    );
    assert_eq!(env.run("customer list -w name:nobody --fail-empty").code, 3);
}

#[test]
fn stored_text_does_not_drive_the_terminal() {
    let env = Env::new();
    let name = "Eve\u{1b}[31m\u{202e}red\ttab\nline";
    let output = env.command("customer add").arg(name).output().expect("it runs");
    assert!(output.status.success());
    let table = env.ok("customer list --format table -F name");
    assert!(
        !table.contains('\u{1b}') && !table.contains('\u{202e}') && !table.contains('\t'),
        "{table:?}"
    );
    let json: serde_json::Value = serde_json::from_str(&env.ok("customer show C1 --json")).expect("JSON");
    assert_eq!(json["name"], name);
    let tsv = env.ok("customer list -F name --format tsv");
    assert_eq!(tsv.lines().count(), 1, "{tsv:?}");
}

#[test]
fn a_number_that_cannot_be_dialled_is_kept_and_doubted() {
    let env = Env::new();
    env.ok("init");
    let run = env.run("customer add Anna --phone '030 23125 100'");
    assert_eq!(run.code, 0);
    assert!(
        run.stderr.contains("it names no country; it is kept"),
        "{}",
        run.stderr
    );
    assert_eq!(
        env.ok("customer show C1 --template '{phones}'"),
        "030 23125 100\n"
    );
    let run = env.run("customer add Ben --phone '030 23125 200' --region DE");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(
        env.ok("customer show C2 --template '{phones}'"),
        "+493023125200\n"
    );
}
