//! Workbooks in and out: what a spreadsheet is handed comes back as it was, and files of spreadsheets are read as they are.

use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::env::{Env, Run};
use crate::exchange::{NOUNS, rich};

/// The old binary format, with names beyond ASCII, a day and a formula.
const XLS: &[u8] = include_bytes!("../fixtures/customers.xls");

fn empty() -> Env {
    let env = Env::at("2026-12-01T08:00:00+01:00");
    env.ok("init --currency EUR");
    env
}

/// Copies a file from the home of one to that of another.
fn hand_over(from: &Env, to: &Env, name: &str) {
    fs::copy(from.home().join(name), to.home().join(name)).expect("a copy");
}

#[test]
fn a_table_goes_through_a_workbook_unchanged() {
    let (old, new) = (rich(), empty());
    for (at, noun) in NOUNS.into_iter().enumerate() {
        let name = format!("{at}-{noun}.xlsx");
        old.ok(&format!("export {noun} -o {name}"));
        let run = old.run(&format!("import {noun} {name}"));
        assert_eq!(run.code, 0, "{noun}: {}", run.stderr);
        assert!(
            run.stderr.contains("0 created, 0 updated"),
            "{noun}: {}",
            run.stderr
        );
        hand_over(&old, &new, &name);
        new.ok(&format!("import {noun} {name}"));
    }
    for noun in NOUNS {
        let export = format!("export {noun} --format csv");
        assert_eq!(new.ok(&export), old.ok(&export), "{noun}");
    }
}

#[test]
fn lists_and_reports_are_written_as_workbooks() {
    let env = rich();
    for (line, name) in [
        ("customer list", "list.xlsx"),
        ("deal list -w status:open", "deals.xlsx"),
        ("report pipeline --by stage", "report.xlsx"),
        ("today", "today.xlsx"),
        ("customer show C3", "show.xlsx"),
        ("find kell", "find.xlsx"),
        ("export rate", "rate.xlsx"),
    ] {
        env.ok(&format!("{line} -o {name}"));
        let bytes = fs::read(env.home().join(name)).expect("a workbook");
        assert!(bytes.starts_with(b"PK"), "{line}");
        let run = env.run(&format!("import customer {name} --dry-run --on-duplicate skip"));
        assert!(!run.stderr.contains("cannot be read"), "{line}: {}", run.stderr);
    }
    // Where stdout is no terminal the bytes go there.
    let piped = env
        .command("customer list --format xlsx")
        .output()
        .expect("a run");
    assert!(piped.stdout.starts_with(b"PK") && piped.stderr.is_empty());
}

#[test]
fn stdin_and_old_formats_are_told_by_what_is_in_them() {
    let env = Env::new();
    env.ok("init");
    fs::write(env.home().join("misnamed.csv"), XLS).expect("a file");
    let mut child = env
        .command("import customer -")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a run");
    child
        .stdin
        .take()
        .expect("stdin")
        .write_all(XLS)
        .expect("written");
    let run = Run::of(child.wait_with_output().expect("an end"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(
        env.ok("customer list --sort name -F name,birthday,city"),
        "Eve\t\t\nJürgen Groß\t1970-12-31\t北京\n"
    );
    // Of another file, so that who has no address is somebody else.
    let run = env.run("import customer misnamed.csv --sheet kunden");
    assert!(
        run.stderr.contains("1 created, 0 updated, 1 unchanged"),
        "{}",
        run.stderr
    );
    for (line, code, words) in [
        (
            "import customer misnamed.csv --sheet 2",
            2,
            "there is no sheet \"2\"; there are Kunden",
        ),
        ("import customer cut.xls", 5, "the workbook cannot be read"),
        ("import customer cut.xlsx", 5, "the workbook cannot be read"),
        ("import customer plain.csv --sheet 1", 2, "this is no workbook"),
    ] {
        fs::write(env.home().join("cut.xls"), &XLS[..700]).expect("a file");
        fs::write(env.home().join("cut.xlsx"), b"PK\x03\x04PK").expect("a file");
        fs::write(env.home().join("plain.csv"), b"name\nAda\n").expect("a file");
        let run = env.run(line);
        assert_eq!(run.code, code, "crm {line}\n{}", run.stderr);
        assert!(run.stderr.contains(words), "crm {line}\n{}", run.stderr);
    }
}

#[test]
fn what_is_no_row_is_told() {
    let env = Env::new();
    env.ok("init");
    let text = "客户名单,,\n\n客户名称,联系人,手机\n示例公司,张伟,13800138000\n合计,,1\n";
    fs::write(env.home().join("list.csv"), encoding_rs::GBK.encode(text).0).expect("a file");
    let run = env.run("import customer list.csv --region CN");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stderr.contains("line 1 is no row: 客户名单\n"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("line 5 is no row: 合计 | 1\n"),
        "{}",
        run.stderr
    );
    assert_eq!(
        env.ok("customer list -w type:person -F name,phones"),
        "张伟\t+8613800138000\n"
    );
    fs::write(
        env.home().join("odd.csv"),
        b"name,city\nM\xFC\x81\x8D\xFFller,K\xF6ln\n",
    )
    .expect("a file");
    let run = env.run("import customer odd.csv");
    assert_eq!(run.code, 5, "{}", run.stderr);
    assert!(run.stderr.contains("hint: --encoding NAME"), "{}", run.stderr);
}

#[test]
fn the_sheets_of_workbooks_in_a_folder_are_files_of_it() {
    let (old, new) = (rich(), empty());
    fs::create_dir(new.home().join("all")).expect("a folder");
    for noun in ["product", "deal"] {
        old.ok(&format!("export {noun} -o {noun}s.xlsx"));
        fs::copy(
            old.home().join(format!("{noun}s.xlsx")),
            new.home().join(format!("all/{noun}s.xlsx")),
        )
        .expect("a copy");
    }
    fs::write(new.home().join("all/broken.xlsx"), b"PK\x03\x04").expect("a file");
    let run = new.run("import all --on-missing create");
    assert_eq!(run.code, 6, "{}", run.stderr);
    assert!(run.stderr.contains("broken.xlsx is left out"), "{}", run.stderr);
    assert!(
        run.stderr.contains("products.xlsx/product.tsv: 3 created"),
        "{}",
        run.stderr
    );
    assert_eq!(
        new.ok("product list --sort name -F name,price"),
        old.ok("product list --sort name -F name,price")
    );
}
