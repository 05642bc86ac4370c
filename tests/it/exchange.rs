//! Data out and in: what is exported is what an import makes of it, for every noun and in every direction.

use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;

use crate::env::Env;

/// In the order in which an import needs them. Teams and users name each other, so the teams come once more.
pub(crate) const NOUNS: [&str; 12] = [
    "team", "user", "team", "tag", "field", "pipeline", "product", "customer", "deal", "ticket", "task",
    "activity",
];

/// What people type to get a base with every field of every noun.
const COMMANDS: &[&str] = &[
    "init --currency EUR",
    "user add Grace email=grace@acme.example",
    "team add 'North 北' manager=Grace",
    "user set self manager=Grace 'team=North 北'",
    "user add 'Old Hand' status=disabled scope=own 'team=North 北' manager=self",
    "team add Solo",
    "tag add vip 'description=Very \"important\", really'",
    "tag add 冷",
    "tag add unused",
    "field add customer.nick 'label=Nick name' required=no",
    "field add customer.story type=long_text",
    "field add customer.seats type=integer",
    "field add customer.share type=percent",
    "field add customer.budget type=money",
    "field add customer.happy type=bool",
    "field add customer.since type=date",
    "field add customer.size type=select options=S,M,L",
    "field add customer.colours type=multi_select options=red,green,blue",
    "field add customer.blog type=url",
    "field add deal.size type=select options=S,M,L label=Size",
    "field add product.weight type=integer",
    "field add task.where",
    "field add activity.mood type=select options=good,bad",
    "pipeline add partners label=Partners --stage talk --stage offer",
    "pipeline stage add partners Pilot --probability 70% --category commit --rot-days 9",
    "pipeline stage move partners pilot 1",
    "pipeline stage set partners talk --label 'First talk'",
    "product add Widget sku=W1 price=55 category=Tools unit=piece fields.weight=3 tags=vip",
    "product add 'Gadget \"pro\", 大' price=1200USD active=no",
    "product add Yen price=1200JPY",
    "company add 'Acme GmbH' --city Berlin --email info@acme.example --country DE --industry software",
    "company add 'Acme Holding'",
    "customer set C1 parent=C2 employees=120 annual_revenue=1500000 tax_id=DE123 website=https://acme.example",
    "customer set C1 'address=Hauptstr. 1' region=BE postal_code=10115 source=website",
    "customer set C2 annual_revenue=7mUSD",
    "contact add 'Anna \"Ann\" Keller' --company 'Acme GmbH' --title CTO --email anna@acme.example \
     --email ann@home.example --phone '+49 30 23125 100' --phone '+49 171 1234567' --tag vip --tag 冷 --level A \
     --handle linkedin:annak --handle wechat:annak --lifecycle lead \
     --note 'first line\nsecond\tline \"quoted\"\r\nthird; with, punctuation\\n'",
    "contact add 张伟 --phone 13812345678 --region CN --handle wechat:zhangwei --country CN --owner Grace",
    "contact add 'Bo Bad' --email bo@x.example --phone '12 bad'",
    "contact add Trashed --email t@x.example --tag vip",
    "contact add '  spaced   =name ' --email s@x.example",
    "customer set C3 birthday=1985-05-17 gender=female language=de 'interests=Cats; dogs' 'needs=A\nB' \
     keep_in_touch=30 fields.nick=Ann 'fields.story=long\nstory' fields.seats=12 fields.share=35% \
     fields.budget=1200USD fields.happy=yes fields.since=2024-02-29 fields.size=M fields.colours=red,blue \
     fields.blog=https://blog.example",
    "customer set C4 birthday=--05-17 do_not_contact=yes fields.happy=no fields.budget=99",
    "customer set C3 owner=Grace lifecycle=opportunity",
    "customer set C3 lifecycle=first_customer --now 2026-11-22T09:00:00Z",
    "customer set C3 'company=Acme Holding' title=CEO",
    "customer rm C6",
    "deal add 'Fleet renewal' --customer C1 --amount 48000 --close 2026-12-24 --owner Grace",
    "deal set D1 people=C3,C4 product=Widget fields.size=L source=website type=renewal competitor=Rival tags=冷",
    "deal move D1 negotiation --now 2026-11-22T09:00:00Z",
    "deal move D1 proposal --now 2026-11-24T09:00:00Z",
    "deal set D1 amount=50kUSD probability=35 category=commit 'note=so\nfar'",
    "deal add Lost --customer C3 --amount 100",
    "deal lose D2 --reason price --note 'too\nmuch'",
    "order add 'Depot 一' --customer C1 --contact C3 --deal D1 --line 'W1 x3 @55 -10%' --line 'Setup @99 +19%'",
    "order confirm O1",
    "order pay O1 50 --reference 'a \"b\"'",
    "ticket add 'Gate, \"stuck\"' --customer C1 --priority high --tag vip",
    "deal reopen D2 --now 2026-11-25T09:00:00Z",
    "deal lose D2 --reason price --now 2026-11-26T09:00:00Z",
    "deal add Won --no-customer --amount 1200JPY",
    "deal set D3 opened_on=2026-11-01",
    "deal win D3 --on 2026-11-20",
    "deal add 'Partner & co' --customer C3 --pipeline partners --stage offer",
    "deal add 'Trashed deal' --no-customer",
    "deal rm D5",
    "pipeline stage add sales Legal --probability 85%",
    "deal add 'Through legal' --no-customer --stage legal",
    "deal move D6 negotiation",
    "pipeline stage rm sales legal",
    "pipeline stage rm sales qualification",
    "pipeline default partners",
    "task add 'Call Anna' --for C3 --due 'mon 15:00' --priority high --assignee Grace --remind 1h,1d",
    "task add Weekly --for D1 --due 2026-11-23 --repeat 'every week'",
    "task set T2 fields.where=here tags=vip 'note=\"x\"'",
    "task add 'No day'",
    "task done T2",
    "task add 'Trash me'",
    "task rm T4",
    "log C3 call 'Wants\nthe \"longer\" warranty' --deal D1 --next 'Send quote' --due 'fri 15:00' --duration 18m \
     --outcome connected --at '2026-11-20 10:00'",
    "log C4 note '张伟 said hi'",
    "log C3 meeting Lunch --at '2026-11-19 12:30'",
    "activity set A1 people=C4 fields.mood=good direction=out purpose=service tags=vip",
    "log C4 message 'Trash me too'",
    "activity rm A4",
    "import customer more.ndjson",
];

/// What no command says: opt-outs, extensions, further addresses, a former employer, relations, a merged record.
const MORE: &str = concat!(
    r#"{"kind":"customer","id":"C50","uid":"36fxanxzz0001","type":"person","name":"Old Timer","version":7,"#,
    r#""created_at":"2024-01-02T03:04:05.006Z","updated_at":"2025-01-02T03:04:05Z","created_by":"Grace","#,
    r#""email_details":[{"email":"old@x.example","label":"work","validity":"valid","#,
    r#""opted_out_at":"2025-05-06T07:08:09Z"},{"email":"Old.Timer@y.example","label":"home"}],"#,
    r#""phone_details":[{"phone":"+4930901820","raw":"030 90 18 20","extension":"44","label":"fax","#,
    r#""validity":"invalid","opted_out_at":"2025-05-06T07:08:09.123Z"}],"#,
    r#""address_details":[{"label":"billing","street":"Wall 1","district":"Old town","city":"Łódź","country":"PL"}],"#,
    r#""employments":[{"company":{"id":"C1","name":"Acme GmbH"},"title":"Boss","role":"decides","is_primary":true,"#,
    r#""started_on":"2020-01-01"},{"company":{"id":"C2","name":"Acme Holding"},"title":"Trainee","#,
    r#""is_primary":false,"started_on":"2010-01-01","ended_on":"2019-12-31"}],"#,
    r#""relationships":[{"type":"reports_to","customer":{"id":"C3"},"note":"since \"2020\""}],"#,
    r#""handles":["other:a,b","x:timer"],"#,
    r#""external_ids":["shop:17","legacy:A;B, C:D"]}"#,
    "\n",
    r#"{"kind":"customer","id":"C51","uid":"36fxanxzz0002","type":"person","name":"Older Timer","version":3,"#,
    r#""created_at":"2024-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z","#,
    r#""deleted_at":"2026-01-02T03:04:05Z","merged_into":{"id":"C50","name":"Old Timer"}}"#,
    "\n",
);

/// A base in which every field of every noun is used; made once and copied.
pub(crate) fn rich() -> Env {
    static BASE: OnceLock<Vec<u8>> = OnceLock::new();
    let base = BASE.get_or_init(|| {
        let env = Env::new();
        fs::write(env.home().join("more.ndjson"), MORE).expect("write");
        for command in COMMANDS {
            env.ok(command);
        }
        fs::read(env.base()).expect("the base")
    });
    let env = Env::new();
    fs::write(env.base(), base).expect("write");
    env
}

/// A new base, founded later and by the same clock that it is used with.
fn empty() -> Env {
    let env = Env::at("2026-12-01T08:00:00+01:00");
    env.ok("init --currency EUR");
    env
}

/// What a noun's records are in full, the trash too.
pub(crate) fn everything(env: &Env, noun: &str) -> String {
    env.ok(&format!("export {noun} -w is:any --format ndjson"))
}

/// The records of an export without what an undo leaves as it is: how often and when somebody changed them.
pub(crate) fn business(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .map(|line| {
            let mut record: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let object = record.as_object_mut().expect("an object");
            for name in ["version", "updated_at", "updated_by"] {
                object.remove(name);
            }
            record
        })
        .collect()
}

/// Imports `text` as a file called `name`; gives the counts of the summary.
#[track_caller]
fn import(env: &Env, noun: &str, name: &str, text: &str, more: &str) -> String {
    let path = env.home().join(name);
    fs::write(&path, text).expect("write");
    let run = env.run(&format!("import {noun} {name} {more}"));
    assert_eq!(run.code, 0, "import of {noun}\n{}", run.stderr);
    run.stderr
        .lines()
        .find(|line| line.contains(" created, "))
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_full_export_makes_the_same_base_of_an_empty_one() {
    let (old, new) = (rich(), empty());
    for noun in NOUNS.into_iter().chain(["order"]) {
        let summary = import(&new, noun, "file.ndjson", &everything(&old, noun), "");
        assert!(summary.ends_with("0 skipped, 0 rejected"), "{noun}: {summary}");
    }
    for noun in NOUNS.into_iter().chain(["order"]) {
        assert_eq!(everything(&new, noun), everything(&old, noun), "{noun}");
        for how in ["--format json", "-w is:any --format csv"] {
            let list = format!("{noun} list {how}");
            assert_eq!(new.ok(&list), old.ok(&list), "{list}");
        }
    }
    for report in [
        "pipeline", "win-rate", "won", "lost", "funnel", "velocity", "forecast", "aging", "team", "activity",
        "overview", "slippage", "stale",
    ] {
        let report = format!("report {report} --format json --now 2026-11-27");
        assert_eq!(new.ok(&report), old.ok(&report), "{report}");
    }
    let found = "find kell --format json";
    assert_eq!(new.ok(found), old.ok(found));
    // Once more it says nothing new, there and where it came from.
    for env in [&new, &old] {
        for noun in NOUNS {
            let summary = import(env, noun, "file.ndjson", &everything(env, noun), "");
            assert!(summary.starts_with("0 created, 0 updated"), "{noun}: {summary}");
        }
    }
}

#[test]
fn the_sample_base_comes_back_too() {
    let (old, new) = (Env::new(), empty());
    old.ok("demo");
    let sample = old.home().join(".local/share/crm/demo.db");
    let export = |noun: &str| {
        let sample = sample.display();
        old.ok(&format!("export {noun} -w is:any --format ndjson --db {sample}"))
    };
    for noun in NOUNS {
        import(&new, noun, "file.ndjson", &export(noun), "");
    }
    for noun in NOUNS {
        assert_eq!(everything(&new, noun), export(noun), "{noun}");
    }
}

#[test]
fn an_import_of_everything_is_taken_back_without_a_trace() {
    let (old, new) = (rich(), empty());
    let fresh: Vec<String> = NOUNS.map(|noun| everything(&new, noun)).into();
    for noun in NOUNS {
        import(&new, noun, "file.ndjson", &everything(&old, noun), "");
    }
    while new.run("undo").code == 0 {}
    for (noun, fresh) in NOUNS.into_iter().zip(&fresh) {
        assert_eq!(business(&everything(&new, noun)), business(fresh), "{noun}");
    }
}

#[test]
fn what_has_uids_changes_nothing_where_it_is_and_comes_back_from_an_empty_base() {
    for (how, name) in [
        ("export {} --format csv", "table.csv"),
        ("export {} -w is:any --format json", "list.json"),
        ("{} list --format ndjson", "lines.ndjson"),
        ("{} list --format json", "list.json"),
    ] {
        let (old, new) = (rich(), empty());
        let written = NOUNS.map(|noun| (noun, old.ok(&how.replace("{}", noun))));
        for (noun, text) in &written {
            let summary = import(&old, noun, name, text, "");
            assert!(
                summary.starts_with("0 created, 0 updated"),
                "{how}, {noun}: {summary}"
            );
            assert!(summary.ends_with(" 0 rejected"), "{how}, {noun}: {summary}");
        }
        for (noun, text) in &written {
            import(&new, noun, name, text, "");
        }
        for (noun, text) in &written {
            let again = new.ok(&how.replace("{}", noun));
            if how.starts_with("export") {
                assert_eq!(again, *text, "{how}, {noun}");
            } else {
                // Lists run newest first, so the order of custom fields, and with it that of their keys, is another.
                assert_eq!(records(&again), records(text), "{how}, {noun}");
            }
        }
    }
}

/// The records of a list in JSON, one on a line.
fn records(text: &str) -> Vec<serde_json::Value> {
    let lines = text.lines().map(|line| line.trim_end_matches(','));
    let objects = lines.filter(|line| line.starts_with('{'));
    objects
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

#[test]
fn a_listed_table_changes_nothing_where_it_is_and_comes_back_from_an_empty_base() {
    let (old, new) = (rich(), empty());
    // A table without uids says less: of two nouns that name each other one has to be made by name, the stage of a deal
    // needs its pipeline, and how many carry a tag, or where somebody worked who was called, the list of customers does
    // not show.
    let list = |noun: &str| match noun {
        "deal" => "deal list -F +pipeline --format csv".to_owned(),
        "customer" => "customer list -F -last_activity --format csv".to_owned(),
        "tag" => "tag list -F name,description --format csv".to_owned(),
        noun => format!("{noun} list --format csv"),
    };
    let tables = NOUNS
        .into_iter()
        .skip(1)
        .map(|noun| (noun, old.ok(&list(noun))))
        .collect::<Vec<_>>();
    for (noun, table) in &tables {
        let summary = import(&old, noun, "table.csv", table, "");
        assert!(summary.starts_with("0 created, 0 updated"), "{noun}: {summary}");
    }
    for (noun, table) in &tables {
        let more = if *noun == "user" {
            "--on-missing create"
        } else {
            ""
        };
        import(&new, noun, "table.csv", table, more);
    }
    for (noun, table) in &tables {
        // Newer records come first, and which were made first a table does not say.
        let lines = |text: &str| -> BTreeSet<String> { text.lines().map(str::to_owned).collect() };
        assert_eq!(lines(&new.ok(&list(noun))), lines(table), "{noun}");
    }
}
