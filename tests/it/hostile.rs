//! Hostile text in every text field of every noun: kept as it is or refused in clear words, and never let loose on a
//! terminal.

use std::io::Read;
use std::process::Stdio;

use crate::env::{Env, Run};

/// Colours, a moved cursor, a title, a clipboard, a link, directions, line ends, C1 controls, marks without a letter,
/// letters without a width.
const HOSTILE: &str = "Eve\u{1b}[31m\u{1b}[2J\u{1b}]0;title\u{7}\u{1b}]52;c;aGk=\u{7}\u{1b}]8;;http://evil.example\u{1b}\\x\
\u{202e}desrever\u{202c}\u{2066}iso\u{2069}\ttab\rreturn\u{9b}31m\u{90}dcs\u{85}nel\u{2028}ls\u{200b}zero\u{feff}bom\
e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301} 👨\u{200d}👩\u{200d}👧\u{200d}👦 ＷＩＤＥ 张伟 \u{8}\u{8}back\u{7f}del";

/// What no terminal format may hold: controls but the line feed, and marks that turn the direction of text.
fn is_let_loose(letter: char) -> bool {
    (letter.is_control() && letter != '\n')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
}

/// Words of a program that a shell could not pass on.
fn run(env: &Env, words: &[&str]) -> Run {
    Run::of(env.command("").args(words).output().expect("it runs"))
}

/// A base with hostile text wherever text can be.
fn base() -> Env {
    let env = Env::new();
    env.ok("init");
    let [description, sku, category, label, size] =
        ["description", "sku", "category", "label", "size"].map(|field| format!("{field}={HOSTILE}"));
    let handle = format!("other:{HOSTILE}");
    let kept = [
        vec!["user", "add", HOSTILE],
        vec!["team", "add", HOSTILE],
        vec!["tag", "add", "vip", &description],
        vec!["product", "add", HOSTILE, &sku, &category],
        vec!["field", "add", "customer.size", &label],
        vec!["pipeline", "add", "hostile", &label, "--stage", "talk"],
        vec!["company", "add", HOSTILE, "--city", HOSTILE, "--note", HOSTILE],
        vec![
            "customer",
            "add",
            HOSTILE,
            "--company",
            "C1",
            "--title",
            HOSTILE,
            "--note",
            HOSTILE,
            "--field",
            &size,
        ],
        vec!["deal", "add", HOSTILE, "--no-customer", "--note", HOSTILE],
        vec!["task", "add", HOSTILE, "--due", "today", "--note", HOSTILE],
        vec!["log", "C1", "note", HOSTILE],
    ];
    let refused = [
        vec!["tag", "add", HOSTILE],
        vec!["customer", "tag", "C1", HOSTILE],
        vec!["customer", "add", "Bob", "--handle", &handle],
        vec!["customer", "add", "Bob", "--email", HOSTILE],
        vec!["customer", "add", "Bob", "--company", "C9"],
        vec!["deal", "add", "Big", "--no-customer", "--stage", HOSTILE],
    ];
    for (words, is_kept) in kept
        .iter()
        .map(|words| (words, true))
        .chain(refused.iter().map(|words| (words, false)))
    {
        let told = run(&env, words);
        let codes: &[i32] = if is_kept { &[0] } else { &[3, 5] };
        assert!(
            codes.contains(&told.code),
            "{words:?}: {} {}",
            told.code,
            told.stderr
        );
        assert!(
            !told.stderr.contains(is_let_loose),
            "{words:?} lets it loose: {:?}",
            told.stderr
        );
    }
    env
}

const NOUNS: &[&str] = &[
    "customer", "deal", "task", "activity", "product", "user", "team", "tag", "field", "pipeline",
];

#[test]
fn nothing_is_let_loose_in_any_format_of_any_noun() {
    let env = base();
    for noun in NOUNS {
        let all = env.ok(&format!("{noun} list --format json"));
        let rows: Vec<serde_json::Value> = serde_json::from_str(&all).expect("JSON");
        assert!(!rows.is_empty(), "{noun}: nothing was kept");
        let table = env.ok(&format!("{noun} list --format table"));
        assert!(!table.contains(is_let_loose), "{noun}: {table:?}");
        let key = if matches!(*noun, "customer" | "deal" | "task" | "activity" | "product") {
            "id"
        } else {
            "key"
        };
        if let Some(reference) = rows[0][key].as_str().or(rows[0]["name"].as_str()) {
            let shown = run(&env, &[noun, "show", reference, "--format", "table"]);
            assert_eq!(shown.code, 0, "{noun}: {}", shown.stderr);
            assert!(!shown.stdout.contains(is_let_loose), "{noun}: {:?}", shown.stdout);
        }
    }
    for line in [
        "op list --format table",
        "today --format table",
        "find eve --format table",
        "report pipeline --format table",
    ] {
        let shown = env.ok(line);
        assert!(!shown.contains(is_let_loose), "{line}: {shown:?}");
    }
}

#[test]
fn the_text_itself_is_kept() {
    let env = base();
    let shown: serde_json::Value = serde_json::from_str(&env.ok("customer show C1 --json")).expect("JSON");
    assert_eq!(shown["name"], HOSTILE.trim());
    assert_eq!(shown["note"], HOSTILE.trim());
    let tsv = env.ok("customer list --format tsv -F name,city");
    assert_eq!(tsv.lines().count(), 2, "{tsv:?}");
    assert_eq!(tsv.matches('\t').count(), 2, "{tsv:?}");
}

#[test]
fn errors_hints_and_words_that_are_no_text_are_tame() {
    use std::os::unix::ffi::OsStrExt;
    let env = base();
    for words in [
        vec!["customer", "show", HOSTILE, "--as", HOSTILE],
        vec!["customer", "show", "nobody", "--now", HOSTILE],
        vec!["customer", "list", "-w", HOSTILE],
        vec!["customer", "set", "C1", &format!("lifecycle={HOSTILE}")],
        vec!["deal", "move", "D1", HOSTILE],
        vec!["task", "add", "x", "--due", HOSTILE],
        vec!["report", HOSTILE],
        vec!["import", HOSTILE, HOSTILE],
        vec!["config", "get", HOSTILE],
        vec!["filter", "explain", "customer", HOSTILE],
        vec![HOSTILE],
        vec!["customer", HOSTILE],
        vec!["customer", "list", &format!("--{HOSTILE}")],
    ] {
        for format in [&[][..], &["--json"][..]] {
            let mut words = words.clone();
            words.extend(format);
            let told = run(&env, &words);
            assert!(
                !told.stderr.contains(is_let_loose) && !told.stdout.contains(is_let_loose),
                "{words:?}: {:?} {:?}",
                told.stderr,
                told.stdout
            );
        }
    }
    let broken = std::ffi::OsStr::from_bytes(b"Eve\xff\xfe");
    let output = env.command("customer add").arg(broken).output().expect("it runs");
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(!told.contains("panicked"), "{told}");
}

#[test]
fn what_is_far_too_long_is_kept_or_refused() {
    let env = Env::new();
    env.ok("init");
    let long = "long name ".repeat(10_000);
    for word in [
        long.as_str(),
        &"e\u{301}".repeat(30_000),
        &"👨\u{200d}👩\u{200d}👧".repeat(5_000),
        &"张".repeat(30_000),
    ] {
        let told = run(&env, &["customer", "add", word]);
        assert!(
            matches!(told.code, 0 | 5),
            "{}",
            told.stderr.chars().take(300).collect::<String>()
        );
    }
    let table = env.ok("customer list --format table");
    assert!(!table.contains(is_let_loose));
    run(&env, &["find", &"a ".repeat(30_000)]);
    run(&env, &["customer", "list", "-w", &"(".repeat(3_000)]);
}

#[test]
fn the_first_line_of_a_long_list_comes_at_once_and_the_rest_may_stay() {
    let env = Env::new();
    env.ok("init");
    let rows: String = (0..5_000)
        .map(|at| format!("Person {at},p{at}@long.example,{}\n", "words ".repeat(20)))
        .collect();
    std::fs::write(env.home().join("long.csv"), format!("name,email,note\n{rows}")).expect("a file");
    env.ok("import customer long.csv");
    // Eighty megabytes of notes, past the program: whoever gathers them before writing can be told by it.
    #[expect(clippy::disallowed_methods, reason = "the test writes past the program")]
    let base = rusqlite::Connection::open(env.base()).expect("a base");
    base.execute_batch("UPDATE customer SET note = hex(zeroblob(8000))")
        .expect("long notes");
    drop(base);
    let mut child = env
        .command("customer list --format ndjson -F id,name,note")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdout = child.stdout.take().expect("piped");
    let mut first = Vec::new();
    let mut byte = [0_u8; 1];
    while byte != *b"\n" {
        stdout.read_exact(&mut byte).expect("a first line");
        first.push(byte[0]);
    }
    let row: serde_json::Value = serde_json::from_slice(&first).expect("a whole row");
    assert_eq!(row["name"], "Person 4999");
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("it still runs");
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        assert!(kilobytes.is_some_and(|kilobytes| kilobytes < 40_000), "{status}");
    }
    drop(stdout);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}
