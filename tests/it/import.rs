//! `crm import` and `crm export` as commands: verdicts, refusals, odd files, encodings, places to write to.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::env::{Env, Run};

fn file(env: &Env, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(env.home().join(name), bytes).expect("write");
}

/// A base with one customer, and a file with a row of every sort.
fn mixed() -> Env {
    let env = Env::new();
    env.ok("init");
    env.ok("customer add Old --email old@x.example");
    file(
        &env,
        "mixed.csv",
        "name,email,city\nAnna,a@x.example,Ulm\nBob,nonsense,\nOld,old@x.example,Bern\nAnna,a@x.example,\n",
    );
    env
}

#[test]
fn a_dry_run_has_a_verdict_for_every_row_in_every_format() {
    let env = mixed();
    let before = env.ok("export customer --format ndjson");
    let reason = "\"nonsense\" is not an e-mail address: it has no @";
    for (format, expected) in [
        (
            "tsv",
            format!(
                "2\tcreate\tC2\tAnna\t\t\n3\treject\t\tBob\temails\t{reason}\n4\tupdate\tC1\tOld\t\t\n5\tunchanged\tC2\tAnna\t\t\n"
            ),
        ),
        (
            "csv",
            format!(
                "line,verdict,id,name,field,reason\n2,create,C2,Anna,,\n3,reject,,Bob,emails,\"{}\"\n\
                 4,update,C1,Old,,\n5,unchanged,C2,Anna,,\n",
                reason.replace('"', "\"\"")
            ),
        ),
        (
            "template --template '{line}:{verdict}'",
            "2:create\n3:reject\n4:update\n5:unchanged\n".to_owned(),
        ),
    ] {
        let run = env.run(&format!("import customer mixed.csv --dry-run --format {format}"));
        assert_eq!(
            (run.code, run.stdout.replace("\r\n", "\n")),
            (6, expected),
            "{format}"
        );
        assert!(run.stderr.contains("1 row would be refused"), "{}", run.stderr);
    }
    let run = env.run("import customer mixed.csv -n --json");
    let rows: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        rows.get(1),
        Some(&serde_json::json!(
            {"line": 3, "verdict": "reject", "id": null, "name": "Bob", "field": "emails", "reason": reason}
        ))
    );
    assert_eq!(env.ok("export customer --format ndjson"), before);
}

#[test]
fn a_refused_row_is_told_kept_and_mended() {
    let env = mixed();
    let run = env.run("import customer mixed.csv --errors refused.csv");
    assert_eq!((run.code, run.stdout.as_str()), (6, ""));
    assert!(
        run.stderr.contains("warning: line 3: \"nonsense\" is not"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains("1 created, 1 updated, 1 unchanged, 0 skipped, 1 rejected")
    );
    let refused = fs::read_to_string(env.home().join("refused.csv")).expect("the refused rows");
    assert!(refused.starts_with("name,email,city,_line,_field,_reason\nBob,nonsense,,3,emails,"));
    file(
        &env,
        "refused.csv",
        refused.replace(",nonsense,", ",bob@x.example,"),
    );
    env.ok("import customer refused.csv");
    assert_eq!(env.ok("customer list --sort name -F name"), "Anna\nBob\nOld\n");
}

#[test]
fn odd_files_are_met_with_clear_words() {
    let env = Env::new();
    env.ok("init");
    fs::create_dir(env.home().join("folder")).expect("a folder");
    for (name, bytes) in [
        ("empty.csv", &b""[..]),
        ("bom.csv", b"\xef\xbb\xbf"),
        ("header.csv", b"name,email\n"),
        ("list.json", b"[]"),
        ("binary.csv", b"name\n\xff\xff\xff\xff\n"),
        ("foreign.csv", b"x,y\n1,2\n"),
    ] {
        file(&env, name, bytes);
    }
    for (line, code, words) in [
        ("import customer missing.csv", 3, "there is no file missing.csv"),
        ("import customer folder", 2, "folder is a folder"),
        ("import customer empty.csv", 0, "empty.csv has no rows"),
        ("import customer bom.csv", 0, "bom.csv has no rows"),
        ("import customer header.csv", 0, "header.csv has no rows"),
        ("import customer list.json", 0, "list.json has no rows"),
        (
            "import customer binary.csv",
            5,
            "the encoding of the text cannot be told: byte 0xFF at offset 5, line 2",
        ),
        (
            "import customer foreign.csv",
            6,
            "columns that stand in the note: x, y",
        ),
        ("import customer foreign.csv", 6, "1 row refused; nothing is in"),
        (
            "import customer header.csv --map nonsense=name",
            2,
            "no column \"nonsense\"",
        ),
        (
            "import customer header.csv --map name=nonsense",
            2,
            "no field \"nonsense\"",
        ),
        ("import customer header.csv --from nonsense", 2, "--from takes"),
        ("import nonsense header.csv", 2, "there is no noun"),
        ("export nonsense", 2, "there is no noun"),
        ("export customer -o folder/there/is.csv", 3, "folder/there/is.csv"),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, code, "crm {line}\n{}", run.stderr);
        assert!(run.stderr.contains(words), "crm {line}\n{}", run.stderr);
    }
    assert_eq!(env.ok("op list"), "", "none of them has done anything");
}

#[test]
fn tables_as_spreadsheets_of_a_chinese_team_write_them() {
    let text = "客户名称,联系人,职位,手机,座机,邮箱,省份,城市,来源,备注\r\n\
                快讯信息有限公司,杨强,经理,13925522956,022-57704964,ming91@example.cn,广西,南宁市,电话,\"价格敏感，\r\n需折扣\"\r\n\
                𠮷野家（中国）有限公司,䶮晨,,13800138000,,,,,转介绍,\r\n";
    let utf8 = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let utf16: Vec<u8> = [0xfeff]
        .into_iter()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    let lists = [utf8, utf16, gb18030].map(|bytes| {
        let env = Env::new();
        file(&env, "file.csv", bytes);
        env.ok("init");
        let run = env.run("import customer file.csv --region CN");
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(run.stderr.contains("2 created, 0 updated"), "{}", run.stderr);
        for words in ["杨", "yq", "yangqiang", "2956"] {
            assert!(env.ok(&format!("find {words}")).contains("杨强"), "{words}");
        }
        assert_eq!(
            env.ok("customer list -w name:杨强 -F name,company.name,phones,source,note"),
            "杨强\t快讯信息有限公司\t+8613925522956; +862257704964\tphone\t价格敏感，\\r\\n需折扣\n"
        );
        env.ok("customer list -F id,name,company,phones,emails,city,region --format csv")
    });
    let [first, others @ ..] = &lists;
    assert!(others.iter().all(|list| list == first), "{lists:?}");
}

#[test]
fn a_pipe_is_read_and_a_file_is_written_in_the_format_of_its_name() {
    let env = Env::new();
    env.ok("init");
    let mut child = env
        .command("import customer - --from ndjson")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("piped");
    stdin
        .write_all(b"{\"name\":\"Anna\"}\n{\"name\":\"Bo\"}\n")
        .expect("write");
    drop(stdin);
    let run = Run::of(child.wait_with_output().expect("it ends"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(env.ok("op list").contains("Imported 2 customers from stdin"));
    for (name, begin) in [
        ("a.csv", "id,uid,type,name,"),
        ("a.tsv", "C1\t"),
        ("a.json", "[\n{\"kind\":\"customer\",\"id\":\"C1\""),
        ("a.ndjson", "{\"kind\":\"customer\",\"id\":\"C1\""),
        ("a.md", "| id |"),
        ("plain", "id,uid,type,name,"),
    ] {
        let run = env.run(&format!("export customer -o {name}"));
        assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{name}: {}", run.stderr);
        assert_eq!(run.stderr, format!("exported 2 customers to {name}\n"));
        let text = fs::read_to_string(env.home().join(name)).expect("the export");
        assert!(text.starts_with(begin), "{name}: {text}");
    }
    let left = fs::read_dir(env.home()).expect("the home").filter_map(Result::ok);
    assert!(
        !left
            .into_iter()
            .any(|entry| entry.file_name().to_string_lossy().ends_with(".part"))
    );
}

#[test]
fn who_feeds_a_pipe_slowly_keeps_nobody_from_writing() {
    use std::io::Write;
    use std::process::Stdio;
    let env = Env::new();
    env.ok("init");
    let mut import = env
        .command("import customer -")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut feed = import.stdin.take().expect("piped");
    feed.write_all(b"name,email\nAnna,anna@acme.example\n")
        .expect("written");
    feed.flush().expect("flushed");
    // The import waits for more, and holds nothing meanwhile.
    env.ok("customer add Ben --timeout 1");
    feed.write_all(b"Cleo,cleo@acme.example\n").expect("written");
    drop(feed);
    let output = import.wait_with_output().expect("it ends");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(env.ok("customer list -F name --sort uid"), "Ben\nAnna\nCleo\n");
}

#[test]
fn numbers_without_a_country_are_told_once_and_known_again_with_one() {
    let env = Env::new();
    env.ok("init");
    file(
        &env,
        "p.csv",
        "name,phone\n张伟,010-55501004\n李娜,13800138000\nAnna,+49 30 5550100\n".as_bytes(),
    );
    let run = env.run("import contact p.csv");
    assert!(
        run.stderr
            .contains("warning: 2 telephone numbers name no country"),
        "{}",
        run.stderr
    );
    assert_eq!(run.stderr.matches("--region CC").count(), 1, "{}", run.stderr);
    let run = env.run("import contact p.csv --region CN");
    assert!(
        run.stderr.contains("0 created, 2 updated, 1 unchanged"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("no country"), "{}", run.stderr);
    let people = "张伟\t+861055501004\n李娜\t+8613800138000\nAnna\t+49305550100\n";
    assert_eq!(env.ok("customer list --sort id -F name,phones"), people);
    // Without a region nothing new is learnt, and nobody comes twice.
    let run = env.run("import contact p.csv --region CN");
    assert!(
        run.stderr.contains("0 created, 0 updated, 3 unchanged"),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("customer list --sort id -F name,phones"), people);
}

#[test]
fn deals_that_no_sum_counts_are_told_by_currency() {
    let env = Env::new();
    env.ok("init");
    file(
        &env,
        "d.csv",
        b"title,amount,currency,customer\nBig,100,EUR,Ann\nSmall,20,EUR,Ann\nOwn,5,USD,Ann\nPound,5,GBP,Ann\n",
    );
    let run = env.run("import deal d.csv --map title=name --on-missing create");
    assert!(
        run.stderr
            .contains("warning: 2 deals in EUR, for which there is no rate"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("`crm rate set EUR RATE`"), "{}", run.stderr);
    assert!(run.stderr.contains("warning: 1 deal in GBP"), "{}", run.stderr);
    assert!(!run.stderr.contains("in USD"), "{}", run.stderr);
    env.ok("rate set EUR 1.17");
    let run = env.run("import deal d.csv --map title=name --on-missing create");
    assert!(!run.stderr.contains("in EUR"), "{}", run.stderr);
}

#[test]
fn parts_that_only_a_full_export_brings_are_told_where_they_are_left_out() {
    let env = Env::new();
    env.ok("init");
    let row = br#"{"name": "Ann", "employments": [{"company": "Acme"}], "phone_details": []}"#;
    file(&env, "ann.ndjson", row);
    let run = env.run("import customer ann.ndjson");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let told: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.contains("warning"))
        .collect();
    let expected =
        "warning: employments: read only in rows of a full export, which have uid and version; left out once";
    assert_eq!(told, [expected]);
    // What the program exports has all of it.
    let full = env.ok("export customer --format ndjson");
    file(&env, "full.ndjson", full);
    let run = env.run("import customer full.ndjson");
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

#[test]
fn what_is_assumed_or_lacks_is_said_with_the_way_to_mend_it() {
    let env = Env::new();
    env.ok("init");
    file(
        &env,
        "l1.csv",
        b"name,city\nS\xf6ren N\xfc\xdflebaum,M\xf6\xdflitz\n",
    );
    file(&env, "empty.csv", b"");
    file(&env, "plain.csv", b"x,y\n1,2\n");
    file(&env, "junk.xlsx", b"junk");
    file(&env, "owner.csv", b"name,owner\nAnn,Bob\n");
    for (line, code, words) in [
        (
            "import contact l1.csv",
            0,
            "read as windows-1252, as its letters look; --encoding NAME",
        ),
        ("import empty.csv", 5, "empty.csv is empty"),
        ("import plain.csv", 2, "where NOUN is contact, company"),
        ("import contact junk.xlsx", 5, "junk.xlsx is no workbook"),
        (
            "import contact owner.csv",
            6,
            "--on-missing create makes all that are named",
        ),
        (
            "import contact l1.csv --preset nonsense",
            2,
            "`crm import presets` lists them",
        ),
        (
            "export customer -o there/is.xlsx",
            3,
            "there/is.xlsx: there is no folder there",
        ),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, code, "crm {line}\n{}", run.stderr);
        assert!(run.stderr.contains(words), "crm {line}\n{}", run.stderr);
    }
    assert_eq!(env.ok("customer list -F name,city"), "Sören Nüßlebaum\tMößlitz\n");
}
