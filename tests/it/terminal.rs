//! A real terminal: whatever format is asked for, stored text does not drive it, and columns stand under each other.

use std::io::Read;

use portable_pty::{CommandBuilder, PtySize, native_pty_system};
use unicode_width::UnicodeWidthStr;

use crate::env::Env;

/// Colours, a moved cursor, a title, a clipboard, a link, directions, line ends, C1 controls, marks, tags, joined emoji.
const HOSTILE: &str = "Eve\u{1b}[31m\u{1b}[2J\u{1b}]0;title\u{7}\u{1b}]52;c;aGk=\u{7}\u{1b}]8;;http://evil.example\u{1b}\\x\
\u{202e}desrever\u{202c}\u{2066}iso\u{2069}\ttab\rreturn\nsecond line\u{9b}31m\u{90}dcs\u{85}nel\u{2028}ls\u{200b}zero\u{feff}bom\
\u{e0041}\u{e007f}e\u{301}\u{301}\u{301} 👨\u{200d}👩\u{200d}👧 ＷＩＤＥ 张伟 |pipe| \u{8}back\u{7f}del";

/// What drives a terminal, hides or turns text; line ends belong to every format, tabs to some.
fn drives(letter: char) -> bool {
    (letter.is_control() && letter != '\n' && letter != '\t')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
        || matches!(
            letter,
            '\u{2028}' | '\u{2029}' | '\u{200b}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
        )
}

/// What the program writes to a terminal of a hundred columns, and what it ends with.
fn shown(env: &Env, words: &[&str]) -> (u32, String) {
    shown_by(env, words, "")
}

/// The same through a pager.
fn shown_by(env: &Env, words: &[&str], pager: &str) -> (u32, String) {
    shown_at(env, words, pager, 100)
}

/// The same on a terminal of so many columns.
fn shown_at(env: &Env, words: &[&str], pager: &str, cols: u16) -> (u32, String) {
    let pair = native_pty_system()
        .openpty(PtySize {
            rows: 24,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        })
        .expect("a terminal");
    let mut builder = CommandBuilder::new(env!("CARGO_BIN_EXE_crm"));
    builder.args(words);
    builder.cwd(env.home());
    builder.env_clear();
    for (name, value) in env.command("").get_envs() {
        builder.env(name, value.expect("the harness sets variables"));
    }
    builder.env("NO_COLOR", "1");
    builder.env("TERM", "xterm");
    builder.env("CRM_PAGER", pager);
    let mut child = pair.slave.spawn_command(builder).expect("it starts");
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let mut bytes = Vec::new();
    // On Linux the end of a terminal is an error; what came before is there.
    let _ = reader.read_to_end(&mut bytes);
    let status = child.wait().expect("it ends");
    // The terminal itself puts a return before each line feed; CSV has one of its own.
    let text = String::from_utf8(bytes).expect("UTF-8");
    let text = text.replace("\r\r\n", "\n").replace("\r\n", "\n");
    (status.exit_code(), text)
}

/// A base with hostile text wherever text can be.
fn base() -> Env {
    let env = Env::new();
    env.ok("init");
    let [label, description, category] =
        ["label", "description", "category"].map(|field| format!("{field}={HOSTILE}"));
    let size = format!("size={HOSTILE}");
    let needs = format!("needs={HOSTILE}");
    for words in [
        vec!["user", "add", HOSTILE],
        vec!["team", "add", HOSTILE],
        vec!["tag", "add", "vip", &description],
        vec!["product", "add", HOSTILE, &category],
        vec!["field", "add", "customer.size", &label],
        vec!["pipeline", "add", "hostile", &label, "--stage", "talk"],
        vec![
            "company", "add", HOSTILE, "--city", HOSTILE, "--note", HOSTILE, "--tag", "vip",
        ],
        vec![
            "customer",
            "add",
            HOSTILE,
            "--company",
            "C1",
            "--title",
            HOSTILE,
            "--field",
            &size,
        ],
        vec!["customer", "add", "张伟", "--city", "München"],
        vec!["customer", "add", "Plain"],
        vec![
            "deal",
            "add",
            HOSTILE,
            "--customer",
            "C1",
            "--note",
            HOSTILE,
            "--amount",
            "5",
        ],
        vec!["task", "add", HOSTILE, "--for", "C1", "--due", "today"],
        vec!["log", "C1", "note", HOSTILE],
        vec!["customer", "relate", "C2", "friend", "C1", "--note", HOSTILE],
        vec!["attach", "C1", "https://cloud.example/x", "--title", HOSTILE],
        vec!["customer", "set", "C1", "--", &needs],
    ] {
        let output = env.command("").args(&words).output().expect("it runs");
        assert!(
            output.status.success(),
            "{words:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    env
}

const FORMATS: &[&str] = &["auto", "table", "tsv", "csv", "json", "ndjson", "ids", "markdown"];

/// What lists and shows the records of [`base`].
const LISTS: &[&[&str]] = &[
    &[
        "customer",
        "list",
        "-F",
        "id,name,city,company,title,fields.size,tags,note",
    ],
    &["customer", "show", "C1", "C2"],
    &["show", "C1"],
    &["brief", "C1"],
    &["history", "C1"],
    &["attachment", "list"],
    &["deal", "list", "-F", "+note"],
    &["deal", "show", "D1"],
    &["task", "list"],
    &["task", "show", "T1"],
    &["activity", "list"],
    &["activity", "show", "A1"],
    &["product", "list"],
    &["product", "show", "P1"],
    &["user", "list"],
    &["team", "list"],
    &["tag", "list"],
    &["field", "list"],
    &["pipeline", "list"],
    &["pipeline", "show", "hostile"],
    &["flow", "hostile"],
    &["op", "list"],
    &["today"],
    &["find", "eve"],
    &["report", "pipeline", "--by", "customer"],
    &["export", "customer"],
];

#[test]
fn no_format_of_any_command_drives_it() {
    let env = base();
    let named = format!("name:{}", HOSTILE.replace(['\n', '"'], " "));
    let mut loose = Vec::new();
    for words in LISTS {
        for format in FORMATS {
            if words[0] == "export" && matches!(*format, "auto" | "table" | "ids" | "markdown") {
                continue;
            }
            let (code, text) = shown(&env, &[words, &["--format", format][..]].concat());
            assert_eq!(code, 0, "{words:?} {format}: {text}");
            assert!(!text.trim().is_empty(), "{words:?} {format}");
            if text.contains(drives) {
                loose.push(format!("{words:?} {format}: {text:?}"));
            }
        }
    }
    for words in [
        &["customer", "list", "--template", "{id} {name} {city} {note}"][..],
        &["customer", "list", "--template", "{name|json}"],
        &["op", "show", "8"],
        &["filter", "explain", "customer", &named],
        &["filter", "explain", "customer", &named, "--format", "json"],
        &["customer", "show", HOSTILE],
        &["customer", "show", HOSTILE, "--json"],
        &["customer", "list", "-w", HOSTILE],
        &["customer", "set", "C2", &format!("city=x{HOSTILE}"), "--dry-run"],
        &["customer", "add", HOSTILE, "--dry-run"],
        &["customer", "rm", "C4"],
        &["undo"],
        &["report", HOSTILE],
        &[HOSTILE],
    ] {
        let (_, text) = shown(&env, words);
        if text.contains(drives) {
            loose.push(format!("{words:?}: {text:?}"));
        }
    }
    assert!(loose.is_empty(), "{}", loose.join("\n"));
}

#[test]
fn columns_stand_under_each_other() {
    let env = base();
    for words in [
        &["customer", "list", "-F", "name,id"][..],
        &["customer", "list", "-F", "city,id"],
        &["customer", "list", "-F", "company.name,id"],
    ] {
        let (_, screen) = shown(&env, words);
        let piped = env
            .command("")
            .args(words)
            .args(["--format", "table"])
            .output()
            .expect("it runs");
        for text in [screen, String::from_utf8(piped.stdout).expect("UTF-8")] {
            let starts: Vec<usize> = text
                .lines()
                .filter_map(|line| line.trim_end().rsplit_once(' '))
                .filter(|(_, last)| *last == "ID" || last.starts_with('C'))
                .map(|(before, _)| before.width())
                .collect();
            assert_eq!(starts.len(), 5, "{words:?}\n{text}");
            assert!(
                starts.windows(2).all(|pair| pair[0] == pair[1]),
                "{words:?}\n{text}"
            );
        }
    }
    let (_, screen) = shown(&env, &["customer", "list"]);
    for line in screen.lines() {
        assert!(line.width() <= 100, "wider than the terminal: {line:?}");
    }
}

#[test]
fn pages_keep_within_the_terminal_and_align() {
    let env = base();
    env.ok("log C3 call '讨论了价格, and the delivery date of the second lot' --at 2026-11-10");
    env.ok("customer set C3 '备注=喜欢先看报价。 Likes a quote first, and a call after it.'");
    for cols in [40_u16, 80, 120] {
        for words in [&["show", "C3", "C1"][..], &["brief", "C3"]] {
            let (code, text) = shown_at(&env, words, "", cols);
            assert_eq!(code, 0, "{text}");
            for line in text.lines() {
                assert!(line.width() <= usize::from(cols), "{words:?} at {cols}: {line:?}");
            }
            let wrapped: String = text.split_whitespace().collect();
            assert!(
                wrapped.contains("讨论了价格,andthedeliverydateofthesecondlot"),
                "{text}"
            );
        }
    }
}

#[test]
fn what_only_a_file_can_hold_is_kept_or_refused() {
    let env = Env::new();
    env.ok("init");
    let long = "long name ".repeat(100_000);
    let flood = format!("e{}", "\u{301}".repeat(50_000));
    let rows = [
        serde_json::json!({"name": "nul\u{0}in it", "note": "a\u{0}b"}),
        serde_json::json!({"name": long, "note": long}),
        serde_json::json!({"name": flood, "city": flood}),
        serde_json::json!({"name": "\u{202e}\u{200b}\u{feff}"}),
        serde_json::json!({"name": "plain"}),
    ];
    let file: String = rows.iter().map(|row| format!("{row}\n")).collect();
    std::fs::write(env.home().join("hostile.ndjson"), file).expect("a file");
    let (code, told) = shown(&env, &["import", "customer", "hostile.ndjson"]);
    assert!(
        matches!(code, 0 | 6),
        "{code}: {}",
        told.chars().take(2_000).collect::<String>()
    );
    // A line of progress is drawn over itself.
    let told = told.replace('\r', "");
    assert!(
        !told.contains(drives),
        "{:?}",
        told.chars().take(2_000).collect::<String>()
    );
    for words in [
        &["customer", "list"][..],
        &["customer", "show", "plain"],
        &["op", "list"],
        &["find", "long"],
    ] {
        let (code, text) = shown(&env, words);
        assert_eq!(code, 0, "{words:?}");
        assert!(!text.contains(drives), "{words:?}");
    }
}

#[test]
fn a_pager_gets_what_is_longer_than_the_screen() {
    let env = Env::new();
    env.ok("init");
    let names: String = (1..=60).map(|number| format!("Customer {number}\n")).collect();
    std::fs::write(env.home().join("names.csv"), format!("name\n{names}")).expect("a file");
    env.ok("import customer names.csv");
    let pager = "sed 's/^/> /'";
    let (code, text) = shown_by(&env, &["customer", "list", "-F", "name"], pager);
    let (paged, after): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("> "));
    assert_eq!(code, 0);
    assert!(paged.iter().any(|line| line.contains("Customer 60")), "{text}");
    assert!(paged.iter().any(|line| line.contains("Customer 11")), "{text}");
    assert_eq!(
        after,
        ["showing 50 of 60; --limit 0 shows all"],
        "what is said waits for the pager"
    );
    for words in [
        ["customer", "list", "--limit", "5"],
        ["customer", "list", "--limit=50", "--no-pager"],
    ] {
        let (code, text) = shown_by(&env, &words, pager);
        assert_eq!(code, 0);
        assert!(
            text.contains("Customer 60") && !text.contains("> "),
            "{words:?}: {text}"
        );
    }
    for _ in 0..2 {
        let (code, text) = shown_by(&env, &["demo", "--format", "table"], pager);
        assert_eq!(
            (code, text.contains("> ")),
            (0, false),
            "the first look has no pager: {text}"
        );
    }
    let (code, text) = shown_by(&env, &["customer", "list"], "true");
    assert_eq!(
        (code, text.contains("Customer")),
        (0, false),
        "a pager that is left early is no failure"
    );
    let (code, text) = shown_by(&env, &["customer", "list"], "no-such-pager");
    assert_eq!(code, 1);
    assert!(text.contains("there is no pager"), "{text}");
}
