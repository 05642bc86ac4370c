//! The base as files and back, its check-up, its horizon of undo: the wiring.

use std::fs;
use std::path::Path;

use crate::env::Env;

/// A base with customers, some in the trash, and a second language.
fn some() -> Env {
    let env = Env::new();
    for command in [
        "init --currency EUR",
        "company add 'Acme GmbH' --city Berlin",
        "contact add 'Anna Keller' --company 'Acme GmbH' --email anna@acme.example --tag vip",
        "contact add 张伟 --phone 13812345678 --region CN --note 'a\nb'",
        "contact add Gone",
        "customer rm C4",
        "deal add Fleet --customer C1 --amount 48000",
        "rate set USD 0.9 --on 2026-01-01",
        "rate set GBP 1.17 --on 2026-02-01",
    ] {
        env.ok(command);
    }
    env
}

/// Every file below a folder, by its name, with its content.
fn files(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let path = entry.path();
            let name = path.strip_prefix(folder).expect("inside").display().to_string();
            found.push((name, fs::read_to_string(path).expect("text")));
        }
    }
    found.sort();
    found
}

#[test]
fn a_dump_is_loaded_equal_and_only_what_changed_is_written_again() {
    let env = some();
    let run = env.run("dump tree");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout, "");
    let tree = env.home().join("tree");
    let first = files(&tree);
    env.ok("--db other.db load tree");
    env.ok("--db other.db dump again");
    assert_eq!(files(&env.home().join("again")), first);
    let check = env.run("--db other.db check --full");
    assert_eq!((check.code, check.stdout.as_str()), (0, ""), "{}", check.stderr);
    let list = "customer list -w is:any --format json";
    assert_eq!(env.ok(&format!("--db other.db {list}")), env.ok(list));
    // The first number that is free is the same too.
    assert_eq!(env.ok("--db other.db contact add Next"), "C5\n");

    let before = |name: &str| {
        fs::metadata(tree.join(name))
            .and_then(|file| file.modified())
            .expect("a file")
    };
    let (deals, customers) = (before("deals/0001.ndjson"), before("customers/0001.ndjson"));
    fs::write(tree.join("notes.md"), "mine").expect("write");
    env.ok("customer set C1 city=杭州");
    env.ok("rate rm GBP --on 2026-02-01");
    env.ok("rate rm USD --on 2026-01-01");
    let run = env.run("dump tree");
    assert!(
        run.stderr.contains("files written: 2, removed: 1"),
        "{}",
        run.stderr
    );
    assert_eq!(before("deals/0001.ndjson"), deals);
    assert!(before("customers/0001.ndjson") >= customers);
    assert!(!tree.join("rates.ndjson").exists());
    assert_eq!(fs::read_to_string(tree.join("notes.md")).expect("kept"), "mine");
    let names: Vec<String> = files(&tree).into_iter().map(|(name, _)| name).collect();
    assert!(
        names
            .iter()
            .all(|name| !name.contains("tmp") && !name.contains("unfinished")),
        "{names:?}"
    );
}

#[test]
fn what_is_no_dump_or_has_records_is_left_alone() {
    let env = some();
    fs::create_dir(env.home().join("mine")).expect("a folder");
    fs::write(env.home().join("mine/letter.txt"), "dear").expect("write");
    assert_eq!(env.run("dump mine").code, 5);
    assert_eq!(env.run("load mine").code, 10);
    assert_eq!(env.run("load nowhere").code, 3);
    assert_eq!(files(&env.home().join("mine")).len(), 1);

    env.ok("dump tree");
    let run = env.run("load tree");
    assert_eq!(run.code, 4);
    assert!(run.stderr.contains("--merge"), "{}", run.stderr);
    fs::remove_file(env.home().join("tree/deals/0001.ndjson")).expect("removed");
    let run = env.run("--db new.db load tree");
    assert_eq!(run.code, 5);
    assert!(run.stderr.contains("0 of 1 records of deal"), "{}", run.stderr);
    assert!(!env.home().join("new.db").exists());
    // What a killed process has left: the mark, and half a file.
    fs::write(env.home().join("tree/dump.unfinished"), "").expect("write");
    fs::write(env.home().join("tree/.crm-dump-x.tmp"), "half").expect("write");
    assert_eq!(env.run("--db new.db load tree").code, 5);
    env.ok("dump tree");
    env.ok("--db new.db load tree");
    assert!(!env.home().join("tree/.crm-dump-x.tmp").exists());
}

#[test]
fn a_merge_is_an_import_that_can_be_taken_back() {
    let (old, new) = (some(), Env::at("2026-12-01T08:00:00+01:00"));
    new.ok("init --currency EUR");
    new.ok("contact add 'Anna K.' --email anna@acme.example");
    new.ok("contact add Other");
    let before = new.ok("export customer -w is:any --format ndjson");
    old.ok("dump tree");
    let tree = old.home().join("tree").display().to_string();
    assert_eq!(new.run(&format!("load {tree} --merge")).code, 8);
    let run = new.run(&format!("load {tree} --merge --dry-run"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(new.ok("export customer -w is:any --format ndjson"), before);
    let run = new.run(&format!("load {tree} --merge --yes"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        new.ok("customer list -F name --format csv --no-header")
            .lines()
            .count(),
        4
    );
    assert_eq!(new.ok("deal list --format ids"), "D1\n");
    assert_eq!(new.ok("rate list --format csv"), old.ok("rate list --format csv"));
    let again = new.run(&format!("load {tree} --merge --yes"));
    assert!(again.stderr.contains("0 created, 0 updated"), "{}", again.stderr);
    assert_eq!(new.run("check --full").code, 0);
    new.ok("undo");
    let business = crate::exchange::business;
    assert_eq!(
        business(&new.ok("export customer -w is:any --format ndjson")),
        business(&before)
    );
}

#[test]
fn a_check_tells_what_is_wrong_and_mends_what_it_can() {
    if !crate::env::have("sqlite3") {
        return;
    }
    let env = some();
    let damage = |sql: &str| {
        let status = std::process::Command::new("sqlite3")
            .arg(env.base())
            .arg(sql)
            .status();
        assert!(status.expect("sqlite3 runs").success());
    };
    damage("UPDATE customer SET open_deals = 7, source = 'nowhere' WHERE no = 1");
    let run = env.run("check --format csv");
    assert_eq!(run.code, 11);
    assert_eq!(run.stdout.lines().count(), 3, "{}", run.stdout);
    assert!(run.stdout.contains("kept,customer,C1,"), "{}", run.stdout);
    let run = env.run("check --format json -o found.json");
    assert_eq!(run.code, 11);
    let found = fs::read_to_string(env.home().join("found.json")).expect("findings");
    assert!(found.contains("\"state\":\"can be mended\""), "{found}");
    let run = env.run("check --repair --format csv");
    assert_eq!(run.code, 11, "one finding is left");
    assert!(run.stdout.contains(",mended"), "{}", run.stdout);
    assert_eq!(env.run("check").stdout.lines().count(), 1);
    damage("UPDATE customer SET source = '' WHERE no = 1");
    let run = env.run("check --format json");
    assert_eq!((run.code, run.stdout.as_str()), (0, "[]\n"), "{}", run.stderr);
}

#[test]
fn operations_are_forgotten_only_with_a_yes() {
    let env = some();
    assert_eq!(env.run("op trim").code, 2);
    let run = env.run("op trim --keep 2");
    assert_eq!(run.code, 8);
    assert!(
        run.stderr.contains("6 operations, 1 to 6 (2026-11-21)"),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("op list --format ids").lines().count(), 8);
    env.ok("op trim --keep 2 --dry-run");
    env.ok("op trim --before 2026-11-21 --yes");
    assert_eq!(env.ok("op list --format ids").lines().count(), 8);
    env.ok("op trim --keep 2 --yes");
    let run = env.run("op list --format csv");
    assert_eq!(run.stdout.lines().count(), 3);
    assert!(run.stderr.contains("6 older operations"), "{}", run.stderr);
    let run = env.run("undo 3");
    assert_eq!(run.code, 3);
    assert!(
        run.stderr.contains("the log begins with operation 7"),
        "{}",
        run.stderr
    );
    env.ok("undo 7");

    env.ok("config set undo_horizon '1 operation'");
    assert_eq!(env.run("config set undo_horizon soon").code, 2);
    let run = env.run("compact --format csv");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.stdout.lines().next(), Some("what,before,after"));
    assert!(run.stderr.contains("forgot 2 operations"), "{}", run.stderr);
    assert_eq!(env.run("check --full").code, 0);
}

#[test]
fn a_doctor_looks_at_everything_and_fails_only_for_what_is_broken() {
    let env = some();
    let run = env.run("doctor --format csv");
    assert_eq!(run.code, 0, "{}", run.stderr);
    for line in [
        "ok,base,",
        "ok,schema,",
        "warn,backup,there is none",
        "ok,clock,2026-11-21 10:00 in Europe/Berlin",
    ] {
        assert!(run.stdout.contains(line), "{line}\n{}", run.stdout);
    }
    env.ok("backup");
    assert!(env.ok("doctor --format csv").contains("ok,backup,"));
    let late = env.ok("doctor --format csv --now 2026-12-24");
    assert!(late.contains("33 days old"), "{late}");

    let nothing = Env::new();
    assert_eq!(nothing.run("doctor").code, 10, "a base that was named");
    fs::write(
        nothing.base(),
        "no base at all, but long enough to be read as one",
    )
    .expect("write");
    let run = nothing.run("doctor --format csv");
    assert_eq!(run.code, 10);
    assert!(run.stdout.contains("fail,file,"), "{}", run.stdout);
    // Settings that cannot be read are one finding more.
    let settings = env.home().join(".config/crm/config.toml");
    fs::create_dir_all(settings.parent().expect("a folder")).expect("made");
    fs::write(&settings, "color = 7\n").expect("write");
    let run = env.run("doctor --format csv");
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("fail,settings,"), "{}", run.stdout);
}

#[test]
fn what_is_no_record_round_trips_too() {
    let (old, new) = (some(), Env::at("2026-12-01T08:00:00+01:00"));
    new.ok("init --currency EUR");
    old.ok("rate set CHF 1.05 --on 2026-03-01");
    fs::write(
        old.home().join("options.ndjson"),
        concat!(
            r#"{"list":"source","key":"展会_2026","position":30,"active":false,"labels":{"en":"Fair \"26\"","zh":"展会"}}"#,
            "\n",
        ),
    )
    .expect("write");
    old.ok("import option options.ndjson");
    fs::write(
        old.home().join("out.csv"),
        "channel,hash,reason,created_at\nemail,ab12,unsubscribed,2026-01-02T03:04:05Z\n",
    )
    .expect("write");
    old.ok("import suppression out.csv");
    for sheet in ["option", "rate", "suppression", "setting"] {
        for format in ["csv", "ndjson", "json"] {
            let name = format!("{sheet}.{format}");
            let text = old.ok(&format!("export {sheet} --format {format}"));
            fs::write(old.home().join(&name), &text).expect("write");
            fs::write(new.home().join(&name), &text).expect("write");
            let same = old.run(&format!("import {sheet} {name}"));
            assert_eq!(same.code, 0, "{name}: {}", same.stderr);
            assert!(
                same.stderr.contains("0 created, 0 updated"),
                "{name}: {}",
                same.stderr
            );
            new.ok(&format!("import {sheet} {name}"));
            assert_eq!(
                new.ok(&format!("export {sheet} --format {format}")),
                text,
                "{name}"
            );
        }
    }
    new.ok("undo");
    for (what, code, message) in [
        ("import rate option.csv", 2, "rate has no column"),
        ("import rate rate.csv --set rate=1", 2, "mean nothing"),
        ("export rate -w currency:EUR", 2, "no filter"),
        ("import suppression bad.csv", 6, "channel: takes email or phone"),
        ("import setting other.csv", 6, "cannot be changed"),
    ] {
        fs::write(new.home().join("bad.csv"), "channel,hash\nfax,1\n").expect("write");
        fs::write(new.home().join("other.csv"), "key,value\nbase_currency,USD\n").expect("write");
        let run = new.run(what);
        assert_eq!(run.code, code, "{what}: {}", run.stderr);
        assert!(run.stderr.contains(message), "{what}: {}", run.stderr);
    }
}
