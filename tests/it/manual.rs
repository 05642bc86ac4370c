//! The whole tree of commands, walked through `--help`: every command has examples, every flag is in one, every
//! example runs as it stands in a base that `crm demo` makes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::env::{Env, Run};

/// Flags that stand in no example, and why.
const SHOWN_ELSEWHERE: &[(&str, &str)] = &[
    ("--help", "every test of this module"),
    ("--version", "of the program, not of a command"),
    ("--timeout", "tests of the store wait for another writer"),
];

/// A command that does something, as it is called, with its help.
struct Leaf {
    words: String,
    help: String,
}

/// The words in the section of a help that begins with `title`.
fn section<'h>(help: &'h str, title: &str) -> impl Iterator<Item = &'h str> {
    help.lines()
        .skip_while(move |line| *line != title)
        .skip(1)
        .take_while(|line| line.starts_with("  ") || line.is_empty())
        .filter(|line| !line.is_empty())
}

fn walk(env: &Env, words: &str, leaves: &mut Vec<Leaf>) {
    let help = env.ok(&format!("{words} --help"));
    let verbs: Vec<&str> = section(&help, "Commands:")
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help" || words.is_empty())
        .collect();
    for verb in &verbs {
        walk(env, &format!("{words} {verb}"), leaves);
    }
    // A command with verbs may do something by itself.
    let alone = verbs.is_empty() || !help.contains(" <COMMAND>\n");
    if alone && !words.is_empty() {
        let words = words.trim().to_owned();
        leaves.push(Leaf { words, help });
    }
}

fn tree(env: &Env) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    walk(env, "", &mut leaves);
    assert!(leaves.len() > 100, "{} commands", leaves.len());
    leaves
}

/// The examples of a help: lines of the sections `Examples:` that begin with the name.
fn examples(help: &str) -> Vec<String> {
    section(help, "Examples:")
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| line.starts_with("crm ") || line.starts_with("printf "))
        .map(str::to_owned)
        .collect()
}

/// An example and the exit code that it says it ends with.
fn expected(example: &str) -> i32 {
    let said = example.rsplit_once("# exit ").map(|(_, code)| code.trim());
    said.map_or(0, |code| code.parse().expect("a code"))
}

#[test]
fn every_command_has_an_example_and_every_flag_is_in_one() {
    let env = Env::new();
    let leaves = tree(&env);
    let bare: Vec<&str> = leaves
        .iter()
        .filter(|leaf| examples(&leaf.help).is_empty())
        .map(|leaf| leaf.words.as_str())
        .collect();
    assert!(bare.is_empty(), "no example: {}", bare.join(", "));
    let mut used = BTreeSet::new();
    let mut flags = BTreeSet::new();
    for leaf in &leaves {
        for example in examples(&leaf.help) {
            used.extend(
                example
                    .split([' ', '=', '(', ')'])
                    .filter(|word| word.starts_with('-'))
                    .map(str::to_owned),
            );
        }
        for line in leaf
            .help
            .lines()
            .filter(|line| line.trim_start().starts_with('-'))
        {
            let names: Vec<&str> = line
                .split([' ', ',', '=', '[', '`'])
                .filter(|word| word.starts_with('-'))
                .take_while(|word| word.len() > 1)
                .collect();
            let long = names.iter().find(|name| name.starts_with("--"));
            let short = names.iter().find(|name| !name.starts_with("--"));
            if let Some(long) = long {
                flags.insert((
                    (*long).trim_end_matches('.').to_owned(),
                    short.map(|short| (*short).to_owned()),
                ));
            }
        }
    }
    assert!(flags.len() > 50, "{flags:?}");
    let missing: Vec<&str> = flags
        .iter()
        .filter(|(long, short)| {
            !used.contains(long) && !short.as_ref().is_some_and(|short| used.contains(short))
        })
        .map(|(long, _)| long.as_str())
        .filter(|long| !SHOWN_ELSEWHERE.iter().any(|(known, _)| known == long))
        .collect();
    assert!(missing.is_empty(), "in no example: {}", missing.join(", "));
}

/// Runs one example in a fresh copy of the base, and says what is wrong with it.
fn tried(env: &Env, base: &Path, number: usize, example: &str) -> Option<String> {
    let place = env.home().join(number.to_string());
    std::fs::create_dir(&place).expect("a folder");
    std::fs::copy(base, place.join("crm.db")).expect("a copy");
    let program = Path::new(env!("CARGO_BIN_EXE_crm")).parent().expect("a folder");
    let output = Command::new("sh")
        .args(["-c", example])
        .env_clear()
        .env(
            "PATH",
            format!("{}:/usr/local/bin:/usr/bin:/bin", program.display()),
        )
        .env("HOME", &place)
        .env("EDITOR", "true")
        .env("LANG", "C.UTF-8")
        .env("CRM_DB", place.join("crm.db"))
        .envs(
            env.command("")
                .get_envs()
                .filter_map(|(name, value)| match name.to_str() {
                    Some("CRM_NOW" | "CRM_TZ") => Some((name, value?)),
                    _ => None,
                }),
        )
        .current_dir(&place)
        .stdin(Stdio::null())
        .output()
        .expect("a shell");
    let run = Run::of(output);
    std::fs::remove_dir_all(&place).expect("it is taken away");
    let wanted = expected(example);
    (run.code != wanted).then(|| {
        format!(
            "{example}\n  exit {}, not {wanted}\n{}{}",
            run.code, run.stdout, run.stderr
        )
    })
}

#[test]
fn every_example_runs() {
    let env = Env::new();
    let base = env.home().join("demo.db");
    env.ok("--db demo.db demo");
    let mut all: Vec<String> = tree(&env).iter().flat_map(|leaf| examples(&leaf.help)).collect();
    all.sort();
    all.dedup();
    assert!(all.len() > 100, "{} examples", all.len());
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(example) = all.get(number) else { break };
                    if let Some(fault) = tried(&env, &base, number, example) {
                        wrong.lock().expect("no other failed").push(fault);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().expect("no other failed");
    assert!(
        wrong.is_empty(),
        "{} of {}:\n\n{}",
        wrong.len(),
        all.len(),
        wrong.join("\n\n")
    );
}

/// Texts by the names of their files.
type Pages = BTreeMap<String, String>;

/// The files of a folder with their texts.
fn files(folder: &Path) -> Pages {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).expect("text"))
        })
        .collect()
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a variable lets the test write what it checks"
)]
fn the_pages_and_scripts_that_come_with_the_program_are_its_own() {
    let env = Env::new();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions/man");
    env.ok("man pages");
    let made = files(&env.home().join("pages"));
    if std::env::var_os("CRM_TEST_UPDATE").is_some() {
        // A page of a command that is no more goes too.
        let _ = std::fs::remove_dir_all(&kept);
        std::fs::create_dir_all(&kept).expect("a folder");
        for (name, text) in &made {
            std::fs::write(kept.join(name), text).expect("a page");
        }
    }
    let known = files(&kept);
    let differ = |one: &Pages, other: &Pages| -> Vec<String> {
        let pages = one.iter().filter(|(name, text)| other.get(*name) != Some(text));
        pages.map(|(name, _)| name.clone()).collect()
    };
    let (new, old) = (differ(&made, &known), differ(&known, &made));
    assert!(
        new.is_empty() && old.is_empty(),
        "CRM_TEST_UPDATE=1 cargo test manual writes the pages anew: {new:?} {old:?}"
    );
    for (shell, name) in [
        ("bash", "crm.bash"),
        ("zsh", "_crm"),
        ("fish", "crm.fish"),
        ("powershell", "_crm.ps1"),
        ("elvish", "crm.elv"),
    ] {
        let script = std::fs::read_to_string(kept.with_file_name(name)).expect("a script");
        assert_eq!(env.ok(&format!("completions {shell}")), script, "{shell}");
    }
}
