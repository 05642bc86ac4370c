//! The rules of the house, as a test: who may import whom, how long a file may be, what may not be said where.

use std::fs;
use std::path::{Path, PathBuf};

/// The longest file, in production lines.
const LONGEST_FILE: usize = 500;

/// Files that may be longer, and why.
const LONG_FILES: &[(&str, &str)] = &[
    ("src/domain/pinyin.rs", "a flat table of surname readings"),
    ("src/bin/crm/tui/action.rs", "a flat table of actions"),
    (
        "src/bin/crm/tui/modal/form/purpose.rs",
        "a flat table of the fields of forms",
    ),
    ("src/bin/crm/cli/tree.rs", "a flat table of commands"),
    ("src/store/columns/mod.rs", "a flat table of where fields live"),
];

/// The most packages in the lock file.
const MOST_PACKAGES: usize = 320;

/// Rooms and what they must not name.
const WALLS: &[(&str, &[&str])] = &[
    (
        "src/domain/",
        &[
            "crate::query",
            "crate::store",
            "crate::ops",
            "crate::report",
            "crate::wire",
            "rusqlite",
            "serde",
            "std::fs",
            "std::env",
        ],
    ),
    (
        "src/query/",
        &[
            "crate::store",
            "crate::ops",
            "crate::report",
            "crate::wire",
            "rusqlite",
            "serde",
            "std::fs",
        ],
    ),
    (
        "src/store/",
        &[
            "crate::ops",
            "crate::report",
            "crate::wire",
            "crate::config",
            "clap",
        ],
    ),
    ("src/report/", &["WriteTx", "crate::wire", "rusqlite", "serde"]),
    (
        "src/wire/",
        &["crate::store", "crate::ops", "crate::query", "rusqlite"],
    ),
    ("src/config/", &["crate::store", "crate::ops", "rusqlite"]),
    ("src/ops/", &["rusqlite", "clap"]),
    (
        "src/bin/crm/text/",
        &["crm::store", "crm::ops", "crate::cli", "crate::tui"],
    ),
    ("src/bin/crm/cli/", &["crate::tui"]),
    ("src/bin/crm/tui/", &["crate::cli", "rusqlite", "clap"]),
    (
        "src/bin/crm/tui/component/",
        &[
            "crm::domain",
            "crm::ops",
            "crm::store",
            "crm::report",
            "crate::tui::action",
            "crate::tui::app",
            "crate::tui::page",
            "crate::tui::modal",
            "crate::tui::query",
            "crate::tui::deed",
        ],
    ),
    ("src/bin/crm/tui/component/", OUTSIDE),
    ("src/bin/crm/tui/page/", OUTSIDE),
    ("src/bin/crm/tui/modal/", OUTSIDE),
    ("src/bin/crm/tui/act/", OUTSIDE),
    ("src/bin/crm/tui/app.rs", OUTSIDE),
    ("src/bin/crm/tui/update.rs", OUTSIDE),
    ("src/bin/crm/tui/view.rs", OUTSIDE),
];

/// What is outside of a model that is only told what happens, and says what it wants.
const OUTSIDE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::process",
    "std::thread",
    "std::time",
    "store::Store",
    "Timestamp::now",
];

/// The one file that may go through a wall.
const DOORS: &[(&str, &str)] = &[("src/bin/crm/cli/open_tui.rs", "crate::tui")];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every source file, by its path from the root, with its text.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    sources(&root.join("src"), &mut paths);
    paths.sort();
    assert!(paths.len() > 50, "the sources were not found");
    paths
        .into_iter()
        .map(|path| {
            let name = path
                .strip_prefix(root)
                .expect("inside the root")
                .to_string_lossy()
                .replace('\\', "/");
            (name, fs::read_to_string(path).expect("a source can be read"))
        })
        .collect()
}

/// The lines before an inline test module.
fn production(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| !line.starts_with("mod tests {") && !line.starts_with("#[cfg(test)]\nmod tests {"))
}

fn is_test(name: &str) -> bool {
    name.ends_with("tests.rs") || name.contains("/tests/")
}

#[test]
fn walls_stand() {
    let mut broken = Vec::new();
    for (name, text) in files().iter().filter(|(name, _)| !is_test(name)) {
        for (_, forbidden) in WALLS.iter().filter(|(room, _)| name.starts_with(room)) {
            for (number, line) in (1..).zip(production(text)) {
                let code = line.trim_start();
                if code.starts_with("//") {
                    continue;
                }
                let is_door = |word: &str| DOORS.contains(&(name.as_str(), word));
                let found = forbidden.iter().find(|word| code.contains(**word));
                if let Some(word) = found.filter(|word| !is_door(word)) {
                    broken.push(format!("{name}:{number} names {word}"));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn drawing_changes_nothing() {
    // The terminal itself, and the loop that has it.
    let hands = ["src/bin/crm/tui/terminal.rs", "src/bin/crm/tui/run.rs"];
    let mut found = Vec::new();
    for (name, text) in files().iter().filter(|(name, _)| {
        name.starts_with("src/bin/crm/tui/") && !is_test(name) && !hands.contains(&name.as_str())
    }) {
        let is_view = name.ends_with("/view.rs");
        for (number, line) in (1..).zip(production(text)) {
            let draws = line.contains("fn draw") || line.contains("fn render");
            let model = ["&mut self", "&mut App", "&mut World"];
            if (is_view || draws) && model.iter().any(|model| line.contains(model)) {
                found.push(format!("{name}:{number}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn sql_is_spoken_in_the_store_alone() {
    let words = ["SELECT ", "INSERT INTO ", "DELETE FROM ", "UPDATE "];
    let mut found = Vec::new();
    for (name, text) in files()
        .iter()
        .filter(|(name, _)| !name.starts_with("src/store/") && !is_test(name))
    {
        for (number, line) in (1..).zip(production(text)) {
            let code = line.trim_start();
            if !code.starts_with("//") && words.iter().any(|word| code.contains(&format!("\"{word}"))) {
                found.push(format!("{name}:{number}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn files_stay_short_and_say_what_they_are() {
    let mut bad = Vec::new();
    for (name, text) in &files() {
        let lines = production(text).count();
        let excused = LONG_FILES.iter().any(|(long, _)| long == name);
        if lines > LONGEST_FILE && !excused && !is_test(name) {
            bad.push(format!("{name} has {lines} lines"));
        }
        if !text.starts_with("//!") && !is_test(name) {
            bad.push(format!("{name} does not say what lives in it"));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn the_lock_file_stays_small() {
    let lock =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock")).expect("a lock file");
    let packages = lock.lines().filter(|line| *line == "[[package]]").count();
    assert!(packages <= MOST_PACKAGES, "{packages} packages");
}

#[test]
fn tests_are_one_binary() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let files = fs::read_dir(root)
        .expect("tests")
        .flatten()
        .filter(|entry| entry.path().is_file())
        .count();
    assert_eq!(files, 0, "a test outside tests/it links the library again");
}
