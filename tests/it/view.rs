//! Saved views and watching them, SQL, and the schema of what programs read, from outside.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value as Json;

use crate::env::{Env, Run};

/// A base with three customers and a view of those in 杭州.
fn filled() -> Env {
    let env = Env::new();
    env.ok("customer add 张伟 --city 杭州 --level A");
    env.ok("customer add 李娜 --city 杭州");
    env.ok("customer add Ada --city Łódź");
    env.ok("view add '杭州 客户' --noun contact -w city:杭州 -F name,city --sort name");
    env
}

#[test]
fn a_view_is_run_and_added_to() {
    let env = filled();
    assert_eq!(
        env.ok("view list -F key,noun,filter"),
        "杭州_客户\tcustomer\tcity:杭州 type:person\n"
    );
    assert_eq!(env.ok("view run '杭州 客户'"), "李娜\t杭州\n张伟\t杭州\n");
    assert_eq!(
        env.ok("view run 杭州_客户 -w level:A -F +level"),
        "张伟\t杭州\tA\n"
    );
    assert_eq!(
        env.ok("customer list --view 杭州_客户 --sort -name --limit 1 -F name"),
        "张伟\n"
    );
    assert_eq!(env.ok("view run 杭州_客户 --format ids -F id"), "C2\nC1\n");
    let run = env.run("deal list --view 杭州_客户");
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("lists customers, not deals"),
        "{}",
        run.stderr
    );
    let run = env.run("view run 杭州");
    assert_eq!(run.code, 3);
    assert!(run.stderr.contains("did you mean 杭州_客户?"), "{}", run.stderr);
    let run = env.run("view add broken --noun customer -w citi:x");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("city"), "{}", run.stderr);
    env.ok("customer add 王芳 --city 杭州");
    env.ok("view set 杭州_客户 columns=name filter=city:Łódź");
    assert_eq!(env.ok("view run 杭州_客户"), "Ada\n");
    env.ok("undo");
    assert_eq!(env.ok("view run 杭州_客户 -F name"), "李娜\n王芳\n张伟\n");
}

#[test]
fn views_move_to_another_base() {
    let (here, there) = (filled(), Env::new());
    for format in ["ndjson", "csv"] {
        let text = here.ok(&format!("export view --format {format}"));
        std::fs::write(there.home().join("views"), text).expect("a file");
        there.ok("import view views");
        let columns = "view list -F key,noun,filter,columns,sort,visibility,owner";
        assert_eq!(there.ok(columns), here.ok(columns), "{format}");
        let again = there.run("import view views");
        assert!(again.stderr.contains("1 unchanged"), "{}", again.stderr);
        there.ok("undo");
    }
}

#[test]
fn a_watcher_is_told_in_every_format_and_only_of_news() {
    let env = filled();
    assert_eq!(
        env.ok("view watch 杭州_客户 --dry-run"),
        "entered\tC1\t张伟\t杭州\nentered\tC2\t李娜\t杭州\n"
    );
    assert_eq!(env.ok("view watch 杭州_客户 --format ids"), "C1\nC2\n");
    let run = env.run("view watch 杭州_客户");
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    assert_eq!(env.ok("view watch 杭州_客户 --json"), "[]\n");
    assert_eq!(env.ok("view watch 杭州_客户 --format csv"), "");
    assert_eq!(env.run("view watch 杭州_客户 --fail-empty").code, 3);
    assert_eq!(env.ok("view watch 杭州_客户 --name quiet --quiet-start"), "");
    env.ok("customer set C1 city=上海");
    env.ok("customer add 王芳 --city 杭州");
    assert_eq!(
        env.ok("view watch 杭州_客户 --format csv"),
        "event,id,name,city\r\nentered,C4,王芳,杭州\r\nleft,C1,张伟,上海\r\n"
    );
    let json = env.ok("view watch 杭州_客户 --name quiet --format ndjson");
    let first: Json = serde_json::from_str(json.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["event"], "entered");
    assert_eq!(
        (&first["kind"], &first["id"]),
        (&Json::from("customer"), &Json::from("C4"))
    );
    assert_eq!(
        env.ok("op list --limit 1 --template '{title}'").trim(),
        "Added customer C4 王芳"
    );
}

#[cfg(unix)]
#[test]
fn a_command_is_run_for_each_and_a_failure_comes_again() {
    let env = filled();
    let log = env.home().join("log");
    let command = |line: &str| format!("view watch 杭州_客户 --exec '{line}'");
    let run = env.run(&command("test $CRM_REF = C2"));
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(
        run.stderr.contains("entered C1: the command ended with"),
        "{}",
        run.stderr
    );
    assert!(run.stdout.contains("entered\tC1"), "{}", run.stdout);
    let line = command("cat >> log; echo $CRM_EVENT $CRM_REF >> log; echo told");
    let run = env.run(&line);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (0, "entered\tC1\t张伟\t杭州\n"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stderr, "told\n", "what the command says is no data");
    let written = std::fs::read_to_string(&log).expect("a log");
    let (json, words) = written.split_once('\n').expect("two lines");
    let json: Json = serde_json::from_str(json).expect("JSON");
    assert_eq!(
        (&json["event"], &json["name"]),
        (&Json::from("entered"), &Json::from("张伟"))
    );
    assert_eq!(words, "entered C1\n");
    assert_eq!(env.ok(&line), "");
}

#[test]
fn sql_answers_in_every_format_and_changes_nothing() {
    let env = filled();
    env.ok("deal add Big --customer C1 --amount 1000");
    let sql = "SELECT ref, name, 1.5 AS half, length(name) AS n, NULL AS nothing_known FROM v_customer WHERE city = :c ORDER BY ref";
    let json = env.ok(&format!("sql '{sql}' c=杭州 --format ndjson"));
    assert_eq!(
        json.lines().next(),
        Some(r#"{"ref":"C1","name":"张伟","half":1.5,"n":2,"nothing_known":null}"#)
    );
    assert_eq!(
        env.ok(&format!("sql '{sql}' c=杭州")),
        "C1\t张伟\t1.5\t2\t\nC2\t李娜\t1.5\t2\t\n"
    );
    assert_eq!(
        env.ok(
            "sql 'SELECT c.name, d.name FROM v_customer c JOIN v_deal d ON d.customer_ref = c.ref' --json"
        ),
        "[\n{\"name\":\"张伟\",\"name_2\":\"Big\"}\n]\n"
    );
    assert_eq!(env.ok("sql 'SELECT 1 WHERE 0' --json"), "[]\n");
    assert_eq!(env.run("sql 'SELECT 1 WHERE 0' --fail-empty").code, 3);
    std::fs::write(env.home().join("q.sql"), "SELECT count(*) FROM v_customer;\n").expect("a file");
    assert_eq!(env.ok("sql @q.sql"), "3\n");
    let mut command = env.command("sql -");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(b"SELECT 7")
        .expect("it reads");
    assert_eq!(Run::of(child.wait_with_output().expect("it ends")).stdout, "7\n");
    for (line, code, words) in [
        ("sql 'DELETE FROM customer'", 9, "SQL only reads"),
        ("sql 'PRAGMA journal_mode = DELETE'", 9, "SQL only reads"),
        ("sql 'SELEC 1'", 2, "  ^^^^^"),
        ("sql 'SELECT nam FROM v_customer'", 2, "did you mean name"),
        ("sql 'SELECT * FROM v_custome'", 2, "did you mean v_customer"),
        ("sql 'SELECT :x'", 2, "needs x=VALUE"),
        ("sql 'SELECT 1' x=1", 2, "no parameter :x"),
        ("sql 'SELECT 1; SELECT 2'", 2, "one statement"),
        ("sql @nowhere.sql", 1, "nowhere.sql"),
        (
            "sql 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n' --timeout 0",
            124,
            "took too long",
        ),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, code, "{line}: {}", run.stderr);
        assert!(run.stderr.contains(words), "{line}: {}", run.stderr);
    }
    assert!(env.ok("sql --tables").contains("v_deal\tamount_base\tinteger"));
    env.ok("user add Ann scope=own");
    for line in ["sql 'SELECT 1' --as Ann", "sql --tables --as Ann"] {
        assert_eq!(env.run(line).code, 9, "{line}");
    }
    assert_eq!(env.ok("customer list --format ids"), "C3\nC2\nC1\n");
}

#[test]
fn custom_fields_are_shaped_filled_and_carried_from_the_shell() {
    let env = Env::new();
    env.ok("field add customer.size type=select options=S,M,L required=yes default=M label.zh=尺寸");
    env.ok("field add customer.seats type=integer min=1 max=500 help='Seats in use'");
    env.ok("field add customer.stay type=date_range");
    env.ok("field add customer.colours type=multi_select options=red,绿");
    env.ok("customer add Acme --type company --field fields.seats=120 --field fields.stay=2026-03-01..2026-03-09 --field fields.colours=绿,red");
    env.ok("customer add 张伟 --field fields.size=L");
    let template =
        "customer list --sort fields.seats --template '{name} {fields.size} {fields.seats} {fields.colours}'";
    assert_eq!(env.ok(template), "Acme m 120 绿; red\n张伟 l  \n");
    assert_eq!(
        env.ok("customer list -w 'fields.stay:2026-03-05 fields.colours:red' --format ids"),
        "C1\n"
    );
    let json = env.ok("customer show C1 --json=fields.seats,fields.stay,fields.colours");
    assert_eq!(
        json,
        "{\"kind\":\"customer\",\"fields\":{\"seats\":120,\"stay\":{\"from\":\"2026-03-01\",\"to\":\"2026-03-09\"},\"colours\":[\"绿\",\"red\"]}}\n"
    );
    let run = env.run("customer set C1 fields.seats=501");
    assert_eq!(run.code, 5);
    assert!(
        run.stderr.contains("fields.seats: 501 is more than 500"),
        "{}",
        run.stderr
    );
    assert_eq!(env.run("customer set C1 fields.size=").code, 5);
    for format in ["csv", "ndjson"] {
        let there = Env::new();
        for noun in ["field", "customer"] {
            let text = env.ok(&format!("export {noun} --format {format}"));
            std::fs::write(there.home().join(noun), text).expect("a file");
            there.ok(&format!("import {noun} {noun}"));
        }
        assert_eq!(there.ok(template), env.ok(template), "{format}");
        let again = there.run("import customer customer");
        assert!(again.stderr.contains("2 unchanged"), "{format}: {}", again.stderr);
    }
}

/// Walks a value along its schema, as far as the keywords go that a schema of ours has.
fn fits(schema: &Json, root: &Json, value: &Json, place: &str) {
    if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
        let target = root
            .pointer(reference.trim_start_matches('#'))
            .expect("a definition");
        return fits(target, root, value, place);
    }
    if let Some(wanted) = schema.get("const") {
        assert_eq!(value, wanted, "{place}");
    }
    if let Some(words) = schema.get("enum").and_then(Json::as_array) {
        assert!(words.contains(value), "{place}: {value} is none of {words:?}");
    }
    if let Some(any) = schema.get("anyOf").and_then(Json::as_array) {
        let is_null = |schema: &&Json| schema["type"] == "null";
        let chosen = any
            .iter()
            .find(|schema| is_null(schema) == value.is_null())
            .expect("a choice");
        fits(chosen, root, value, place);
    }
    let actual = match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(number) if number.is_i64() => "integer",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    };
    let is = |wanted: &Json| wanted == actual || (wanted == "number" && actual == "integer");
    match schema.get("type") {
        Some(Json::Array(types)) => assert!(types.iter().any(is), "{place}: {value} is none of {types:?}"),
        Some(wanted) => assert!(is(wanted), "{place}: {value} is no {wanted}"),
        None => {}
    }
    if let (Some(items), Json::Array(values)) = (schema.get("items"), value) {
        for (at, value) in values.iter().enumerate() {
            fits(items, root, value, &format!("{place}[{at}]"));
        }
    }
    if let (Some(Json::Object(properties)), Json::Object(members)) = (schema.get("properties"), value) {
        for (name, value) in members {
            let schema = properties
                .get(name)
                .unwrap_or_else(|| panic!("{place}.{name} is not in the schema"));
            fits(schema, root, value, &format!("{place}.{name}"));
        }
        for name in schema["required"].as_array().expect("what is required") {
            let name = name.as_str().expect("a name");
            assert!(members.contains_key(name), "{place}.{name} is missing");
        }
    }
}

#[test]
fn what_is_written_fits_its_schema() {
    let env = Env::new();
    let demo = env.base();
    env.ok(&format!("demo --db {}", demo.display()));
    env.ok("field add customer.size type=select options=S,M");
    env.ok("field add deal.partner type=company");
    env.ok("field add deal.stay type=date_range");
    env.ok("field add deal.share type=decimal");
    env.ok("customer set C1 fields.size=S");
    env.ok("deal set D1 fields.stay=2026-03 fields.share=1.5");
    env.ok("view add mine --noun deal -w owner:@me --private");
    let whole: Json = serde_json::from_str(&env.ok("schema")).expect("JSON");
    for noun in [
        "customer", "deal", "task", "activity", "product", "pipeline", "user", "team", "tag", "field", "view",
    ] {
        let schema: Json = serde_json::from_str(&env.ok(&format!("schema {noun}"))).expect("JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["x-schema-number"], 1);
        let mut inner = schema.clone();
        let members = inner.as_object_mut().expect("an object");
        members.remove("$schema");
        members.remove("x-schema-number");
        assert_eq!(whole["$defs"][noun], inner, "{noun}");
        let listed: Json = serde_json::from_str(&env.ok(&format!("{noun} list --json"))).expect("JSON");
        let records = listed.as_array().expect("an array");
        for (at, record) in records.iter().enumerate() {
            fits(&schema, &schema, record, &format!("{noun}[{at}]"));
        }
        assert!(!records.is_empty() || noun == "team", "the sample has no {noun}");
    }
    let shown: Json = serde_json::from_str(&env.ok("deal show D1 --json")).expect("JSON");
    let schema: Json = serde_json::from_str(&env.ok("schema deal")).expect("JSON");
    fits(&schema, &schema, &shown, "D1");
    assert_eq!(env.run("schema planet").code, 2);
}
