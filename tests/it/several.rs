//! `crm import` of a folder or a zip: order, links over files, one operation, what is left out.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::env::Env;
use crate::exchange::{NOUNS, everything, rich};

/// Three files whose names run against the order in which they have to be read.
const FILES: [(&str, &str); 4] = [
    (
        "a/deals.csv",
        "external_id,name,customer,owner,amount\nD-1,Depot,Nordlicht GmbH,Mara,1200\nD-2,门禁,云帆科技,Mara,900\n",
    ),
    (
        "b-people.csv",
        "name,company,email\n张伟,云帆科技,zw@yunfan.example\nAnna Keller,Nordlicht GmbH,anna@nordlicht.example\n",
    ),
    (
        "c/companies.csv",
        "name,city\nNordlicht GmbH,Hamburg\n云帆科技,杭州\n",
    ),
    ("users.csv", "name,email\nMara,mara@team.example\n"),
];

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

fn zip(path: &Path, files: &[(&str, &str)]) {
    let mut writer = ZipWriter::new(File::create(path).expect("a file"));
    for (name, text) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .expect("an entry");
        writer.write_all(text.as_bytes()).expect("its text");
    }
    writer.finish().expect("an archive");
}

#[test]
fn what_is_referred_to_comes_first_and_all_of_it_is_one_operation() {
    let env = Env::new();
    env.ok("init");
    let before = env.ok("export customer --format ndjson");
    write(&env.home().join("all"), &FILES);
    zip(&env.home().join("all.zip"), &FILES);
    env.ok("import all.zip");
    assert_eq!(
        env.ok("deal list --sort name -F name,customer.name,owner"),
        "Depot\tNordlicht GmbH\tMara\n门禁\t云帆科技\tMara\n"
    );
    assert_eq!(
        env.ok("customer list -w is:company -F name --sort name")
            .lines()
            .count(),
        2
    );
    let ops = env.ok("op list --format template --template '{title}'");
    assert!(
        ops.starts_with("Imported 1 user, 2 companies, 2 people, 2 deals from all.zip"),
        "{ops}"
    );
    // The folder says the same, and names its system alike.
    let again = env.run("import all");
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(
        again.stderr.contains("0 created, 0 updated, 7 unchanged"),
        "{}",
        again.stderr
    );
    env.ok("undo --yes");
    assert_eq!(env.ok("export customer --format ndjson"), before);
    assert_eq!(env.ok("deal list"), "");
}

#[test]
fn what_is_left_out_is_named_and_the_rest_is_in() {
    let env = Env::new();
    env.ok("init");
    write(
        &env.home().join("all"),
        &[
            ("people.csv", "name,email\nAnna,a@x.example\nBob,nonsense\n"),
            (
                "sub/tasks.csv",
                "title,due\nCall,2026-12-01\nWrite,someday or so\n",
            ),
            ("photo.jpg", "x"),
            ("strange.csv", "x,y\n1,2\n"),
            (".git/config", "x"),
        ],
    );
    let run = env.run("import all --dry-run --format csv");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(
        run.stdout.starts_with("file,line,verdict,id,name,field,reason"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("sub/tasks.csv,3,reject"), "{}", run.stdout);
    assert!(
        run.stderr.contains("2 rows and 2 files would be left out"),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("customer list"), "");

    let run = env.run("import all --errors refused.ndjson");
    assert_eq!(run.code, 6, "{}", run.stderr);
    for told in [
        "photo.jpg is left out: this is no table",
        "strange.csv is left out: nothing says what its rows are",
        "people.csv, line 3: \"nonsense\" is not an e-mail address",
        "2 rows and 2 files left out; the others are in",
    ] {
        assert!(run.stderr.contains(told), "{told}\n{}", run.stderr);
    }
    assert_eq!(env.ok("customer list -F name"), "Anna\n");
    let refused = fs::read_to_string(env.home().join("refused.ndjson")).expect("the refused rows");
    let files: Vec<String> = refused
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .map(|row| {
            row.get("_file")
                .and_then(|file| file.as_str())
                .expect("a name")
                .to_owned()
        })
        .collect();
    assert_eq!(files, ["people.csv", "sub/tasks.csv"]);

    // Into a folder each goes by its own name, and mended it is imported as it is.
    let run = env.run("import all --errors refused/");
    assert_eq!(run.code, 6, "{}", run.stderr);
    let people = env.home().join("refused/people.csv");
    let mended = fs::read_to_string(&people)
        .expect("people")
        .replace("nonsense", "bob@x.example");
    fs::write(&people, mended).expect("people");
    let tasks = env.home().join("refused/sub/tasks.csv");
    let mended = fs::read_to_string(&tasks)
        .expect("tasks")
        .replace("someday or so", "2026-12-02");
    fs::write(&tasks, mended).expect("tasks");
    env.ok("import refused");
    assert_eq!(env.ok("customer list --sort name -F name"), "Anna\nBob\n");
    assert_eq!(env.ok("task list --sort title -F title"), "Call\nWrite\n");
}

#[test]
fn what_is_not_to_be_trusted_is_refused_as_a_whole() {
    let env = Env::new();
    env.ok("init");
    zip(
        &env.home().join("out.zip"),
        &[("people.csv", "name\nAnna\n"), ("../evil.csv", "name\nEve\n")],
    );
    fs::write(env.home().join("none.zip"), "no archive").expect("a file");
    fs::create_dir(env.home().join("empty")).expect("a folder");
    env.ok("dump dumped");
    for (line, code, words) in [
        ("import out.zip", 5, "leads out of the archive"),
        ("import none.zip", 5, "no archive that can be read"),
        ("import empty", 5, "there is nothing to import in empty"),
        ("import dumped", 2, "`crm load dumped` reads it"),
        ("import nowhere", 3, "there is no folder or file nowhere"),
        ("import out.zip --map a=b", 2, "--map is for one file"),
    ] {
        let run = env.run(line);
        assert_eq!(run.code, code, "crm {line}\n{}", run.stderr);
        assert!(run.stderr.contains(words), "crm {line}\n{}", run.stderr);
    }
    assert_eq!(env.ok("op list"), "");
}

#[test]
fn the_exports_of_a_whole_base_make_it_again() {
    let old = rich();
    let new = Env::at("2026-12-01T08:00:00+01:00");
    new.ok("init --currency EUR");
    let nouns: Vec<&str> = NOUNS.into_iter().skip(1).collect();
    fs::create_dir(new.home().join("all")).expect("a folder");
    for noun in &nouns {
        let path = new.home().join(format!("all/{noun}s.ndjson"));
        fs::write(path, everything(&old, noun)).expect("a file");
    }
    new.ok("import all");
    for noun in &nouns {
        assert_eq!(everything(&new, noun), everything(&old, noun), "{noun}");
    }
}

#[test]
fn a_name_alone_makes_no_records_of_rows_that_have_none() {
    let env = Env::new();
    env.ok("init");
    let files = [
        (
            "sales_teams.csv",
            "sales_agent,manager,regional_office\nAnna,Dustin,Central\n",
        ),
        ("customers.csv", "name,city\n张伟,杭州\n"),
        ("teams.csv", "name\nNorth\n"),
    ];
    write(&env.home().join("all"), &files);
    let run = env.run("import all");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(
        run.stderr.contains(
            "sales_teams.csv is left out: its name speaks of teams, but no column is the name of one"
        ),
        "{}",
        run.stderr
    );
    assert_eq!(env.ok("customer list -F name"), "张伟\n");
    assert_eq!(env.ok("team list -F name"), "North\n");
}

#[test]
fn a_folder_whose_days_are_open_is_told_of_days_alone() {
    let env = Env::new();
    env.ok("init");
    write(
        &env.home().join("all"),
        &[("contacts.csv", "name,birthday\nAnn,03/04/1990\n")],
    );
    let run = env.run("import all");
    assert_eq!(run.code, 2, "{}", run.stderr);
    assert!(run.stderr.contains("--date-order dmy|mdy|ymd"), "{}", run.stderr);
    assert!(!run.stderr.contains("--decimal"), "{}", run.stderr);
}
