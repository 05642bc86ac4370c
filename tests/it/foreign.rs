//! Files of other programs: every folder in `tests/fixtures/import` is imported as it stands.
//!
//! A folder holds a file as the program wrote it, or several, which are one folder to the program, and `expected.ndjson`: what the base
//! holds afterwards, without what is empty and what no two runs have alike. `CRM_TEST_UPDATE=1` writes it. A file
//! `arguments`, if there is one, is put behind the command.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crm::domain::country;
use crm::domain::fold::fold;
use crm::wire::read::rows::{Options, Reader};
use serde_json::Value as Json;

use crate::env::Env;

/// What is not a file of another program.
const OURS: [&str; 2] = ["expected.ndjson", "arguments"];

/// What is exported of a base.
const NOUNS: [&str; 12] = [
    "user",
    "team",
    "tag",
    "field",
    "pipeline",
    "product",
    "customer",
    "deal",
    "task",
    "activity",
    "ticket",
    "suppression",
];

/// Keys whose values no two runs have alike, or that every record has.
const VOLATILE: [&str; 5] = ["uid", "created_by", "updated_at", "updated_by", "version"];

/// The time of the import; what is said to have been made at another time is told by the file.
const NOW: &str = "2026-11-21T09:00:00Z";

/// A folder with a case.
struct Case {
    name: String,
    folder: PathBuf,
    /// What is imported: the only file, or all of them.
    file: String,
    arguments: String,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    let mut folders: Vec<PathBuf> = fs::read_dir(&root)
        .expect("the fixtures")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let cases = folders.into_iter().map(|folder| {
        let entries = fs::read_dir(&folder).expect("a folder").flatten();
        let mut files: Vec<String> = entries
            .map(|entry| name(&entry.path()))
            .filter(|file| !OURS.contains(&file.as_str()))
            .collect();
        let file = match files.pop() {
            Some(file) if files.is_empty() => file,
            _ => String::new(),
        };
        Case {
            name: name(&folder),
            arguments: fs::read_to_string(folder.join("arguments")).unwrap_or_default(),
            folder,
            file,
        }
    });
    cases.collect()
}

impl Case {
    /// What an argument of the command is given.
    fn argument(&self, flag: &str) -> Option<String> {
        let mut words = self.arguments.split_whitespace().skip_while(|word| *word != flag);
        words.nth(1).map(str::to_owned)
    }

    /// The command that imports it.
    fn command(&self, more: &str) -> String {
        let file = if self.file.is_empty() { "all" } else { &self.file };
        format!("import '{file}' {} {more}", self.arguments.trim())
    }

    /// A base into which it was imported, and what is not in.
    fn imported(&self, more: &str) -> (Env, Left) {
        let env = Env::new();
        env.ok("init");
        match self.file.as_str() {
            "" => copy(&self.folder, &env.home().join("all")),
            file => copy(&self.folder.join(file), &env.home().join(file)),
        }
        let line = self.command(more);
        let rehearsal = env.run(&format!("{line} --dry-run --json"));
        let verdicts: Vec<Json> = serde_json::from_str(&rehearsal.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}\n{}", self.name, rehearsal.stderr));
        let run = env.run(&line);
        assert!(
            matches!(run.code, 0 | 6),
            "{}: crm {line} ends with {}\n{}",
            self.name,
            run.code,
            run.stderr
        );
        let left = Left {
            rows: verdicts
                .iter()
                .filter_map(|verdict| row(&self.file, verdict))
                .collect(),
            columns: columns(&run.stderr),
        };
        (env, left)
    }
}

/// What is not in a base, and was said.
struct Left {
    /// Rows that were refused or left out: file and line.
    rows: HashSet<(String, u64)>,
    /// Columns of records that have no note.
    columns: HashSet<String>,
}

/// A row that is not in, by its verdict.
fn row(file: &str, verdict: &Json) -> Option<(String, u64)> {
    let text = |name: &str| verdict.get(name).and_then(Json::as_str);
    let out = matches!(text("verdict"), Some("reject" | "skip"));
    let line = verdict.get("line").and_then(Json::as_u64).expect("a line");
    let name = match text("file") {
        Some(name) if !file.is_empty() => format!("{file}/{name}"),
        name => name.unwrap_or(file).to_owned(),
    };
    out.then_some((name, line))
}

/// The columns that are said to feed no field.
fn columns(talk: &str) -> HashSet<String> {
    let told = talk
        .lines()
        .filter_map(|line| line.split_once("columns that feed no field: "));
    told.flat_map(|(_, columns)| columns.split(", "))
        .map(str::to_owned)
        .collect()
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).expect("a copy");
        return;
    }
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").flatten() {
        if !OURS.iter().any(|name| entry.file_name() == *name) {
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    }
}

/// What a base holds, a record a line, without what is empty and what no two runs have alike.
fn held(env: &Env) -> Vec<String> {
    let mut lines = Vec::new();
    for noun in NOUNS {
        for line in env.ok(&format!("export {noun} --format ndjson")).lines() {
            let mut record: Json = serde_json::from_str(line).expect("JSON");
            thin(&mut record);
            lines.push(record.to_string());
        }
    }
    lines
}

fn thin(value: &mut Json) {
    match value {
        Json::Object(parts) => {
            parts.retain(|name, value| {
                thin(value);
                let empty = match value {
                    Json::Null => true,
                    Json::String(text) => text.is_empty(),
                    Json::Array(items) => items.is_empty(),
                    Json::Object(parts) => parts.is_empty(),
                    Json::Bool(yes) => !*yes,
                    Json::Number(number) => number.as_i64() == Some(0),
                };
                let now = name == "created_at" && *value == NOW;
                !VOLATILE.contains(&name.as_str()) && !empty && !now
            });
        }
        Json::Array(items) => {
            // What a row without a key is known by follows from the ids of what it leads to.
            items.retain(|item| !item.as_str().is_some_and(|text| text.starts_with("crm.row.")));
            items.iter_mut().for_each(thin);
        }
        _ => {}
    }
}

/// What a base holds that a new one does not.
fn news(env: &Env) -> String {
    let fresh = Env::new();
    fresh.ok("init");
    let known: HashSet<String> = held(&fresh).into_iter().collect();
    let lines = held(env).into_iter().filter(|line| !known.contains(line));
    lines.map(|line| line + "\n").collect()
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test is told by its environment to write what it compares"
)]
fn each_means_what_is_expected_and_means_it_once() {
    let update = std::env::var_os("CRM_TEST_UPDATE").is_some();
    for case in cases() {
        let (env, _) = case.imported("");
        let news = news(&env);
        let expected = case.folder.join("expected.ndjson");
        if update {
            fs::write(&expected, &news).expect("it can be written");
        }
        let expected = fs::read_to_string(&expected).expect("an expected.ndjson");
        for (at, (line, wanted)) in news.lines().zip(expected.lines()).enumerate() {
            assert_eq!(line, wanted, "{}, record {}", case.name, at + 1);
        }
        assert_eq!(news.lines().count(), expected.lines().count(), "{}", case.name);
        let operations = env.ok("op list --format ndjson").lines().count();
        env.run(&case.command(""));
        assert_eq!(self::news(&env), news, "{}: once more", case.name);
        assert_eq!(
            env.ok("op list --format ndjson").lines().count(),
            operations,
            "{}: the same files again change nothing",
            case.name
        );
        for _ in 0..operations {
            env.ok("undo");
        }
        let fresh = Env::new();
        fresh.ok("init");
        assert_eq!(held(&env), held(&fresh), "{}: taken back", case.name);
    }
}

/// The words of everything that a base holds, and what it holds as numbers and days.
struct Haystack {
    text: String,
    words: HashSet<String>,
    digits: String,
    numbers: BTreeSet<String>,
}

impl Haystack {
    fn new(texts: &[String]) -> Haystack {
        let text = texts.iter().map(|text| fold(text)).collect::<Vec<_>>().join("\n");
        let digits: Vec<String> = texts
            .iter()
            .map(|text| text.chars().filter(char::is_ascii_digit).collect())
            .collect();
        Haystack {
            words: words(&text).into_iter().collect(),
            digits: digits.join("\n"),
            numbers: texts.iter().filter_map(|text| number(text)).collect(),
            text,
        }
    }

    /// True if what a cell says is there, in whatever form.
    fn has(&self, cell: &str, maps: &[(String, String)]) -> bool {
        let cell = fold(cell);
        let mapped = |part: &str| {
            maps.iter().any(|(from, to)| {
                from == part && (to.is_empty() || is_flag(to) || self.text.contains(&fold(to)))
            })
        };
        let is_there = |part: &str| {
            let part = part.trim();
            // A Chinese name of one letter is joined with the family name.
            let long = part.chars().count() > 2 || part.chars().any(|letter| letter > '\u{2e00}');
            let whole = long && self.text.contains(part);
            let all = words(part);
            let said = !all.is_empty() && all.iter().all(|word| self.words.contains(word));
            let digits: String = part.chars().filter(char::is_ascii_digit).collect();
            let dialled = digits.trim_start_matches('0').len() > 5
                && self.digits.contains(digits.trim_start_matches('0'));
            let padded = format!("{part:0>2}");
            let country = country::parse(part).is_some_and(|code| self.words.contains(&fold(code)));
            let profile = part.starts_with("http")
                && part
                    .rsplit('/')
                    .next()
                    .is_some_and(|last| self.words.contains(last));
            let counted = scaled(part).iter().any(|number| self.numbers.contains(number));
            part.is_empty()
                || country
                || profile
                || self.words.contains(&padded)
                || whole
                || said
                || dialled
                || counted
                || mapped(part)
                || is_flag(part)
                || self.has_day(part)
        };
        is_there(&cell)
            || cell.split([';', ',', '|', '\n', '、']).all(is_there)
            || cell.split(" ::: ").all(is_there)
            || words(&plain(&cell)).iter().all(|word| self.words.contains(word))
    }

    /// True if the numbers of a text are the year, month and day of a day that is there.
    fn has_day(&self, text: &str) -> bool {
        const MONTHS: [&str; 12] = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ];
        let month = MONTHS
            .iter()
            .position(|month| text.contains(month))
            .map(|at| at + 1);
        let numbers: Vec<usize> = text
            .split(|letter: char| !letter.is_ascii_digit())
            .filter_map(|part| part.parse().ok())
            .collect();
        let parts: Vec<usize> = month.into_iter().chain(numbers).collect();
        let [one, two, three, ..] = parts.as_slice() else {
            return false;
        };
        let full = |year: usize| {
            if year < 100 {
                [2000 + year, 1900 + year]
            } else {
                [year, year]
            }
        };
        [(one, two, three), (three, one, two), (three, two, one)]
            .into_iter()
            .flat_map(|(year, month, day)| full(*year).map(|year| format!("{year}-{month:02}-{day:02}")))
            .any(|day| self.text.contains(&day))
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A number without signs of currency and grouping.
fn number(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .filter(|letter| letter.is_ascii_digit() || matches!(letter, '.' | '-'))
        .collect();
    let number: f64 = plain.parse().ok()?;
    Some(format!("{number:.2}"))
}

/// A number as it is, and of seconds what is said in milliseconds, minutes or hours, of one what is in millionths.
fn scaled(text: &str) -> Vec<String> {
    const UNITS: [f64; 5] = [1.0, 0.001, 60.0, 3600.0, 0.000_001];
    let number: Option<f64> = number(text).and_then(|number| number.parse().ok());
    let units = UNITS
        .iter()
        .filter_map(|unit| Some(format!("{:.2}", number? * unit)));
    units.collect()
}

/// Yes and no have no words of their own in a base.
fn is_flag(text: &str) -> bool {
    matches!(
        text,
        "0" | "1" | "true" | "false" | "yes" | "no" | "y" | "n" | "是" | "否"
    )
}

/// Text without tags and entities.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                plain.push(' ');
            }
            _ if !inside => plain.push(letter),
            _ => {}
        }
    }
    plain.replace("&nbsp;", " ").replace("&amp;", "&")
}

/// Every value that a preset gives another name, folded; nothing for one that is left out on purpose.
fn maps() -> Vec<(String, String)> {
    let mut maps = Vec::new();
    for (_, text) in crm::ops::import::preset::BUILT_IN {
        let mut inside = false;
        for line in text.lines() {
            // What decides which record a row makes is told by the record.
            if line.starts_with("only = ") || line.starts_with("skip = ") {
                let words = line.split('"').skip(1).step_by(2);
                maps.extend(words.map(|word| (fold(word), String::new())));
            }
            if line.starts_with('[') {
                inside = line.starts_with("[shape.values.") || line.starts_with("[values.");
            }
            let pair = line.split_once("\" = \"").filter(|_| inside);
            maps.extend(
                pair.map(|(from, to)| (fold(from.trim_matches('"')), to.trim_matches('"').to_owned())),
            );
        }
    }
    maps
}

/// What picklists and labels call their entries.
fn labels(env: &Env) -> Vec<(String, String)> {
    let mut labels = vec![("手机".to_owned(), "mobile".to_owned())];
    for line in env.ok("export option --format ndjson").lines() {
        let option: Json = serde_json::from_str(line).expect("JSON");
        for label in option
            .get("labels")
            .expect("labels")
            .as_object()
            .into_iter()
            .flat_map(|labels| labels.values())
        {
            labels.push((
                fold(label.as_str().expect("a text")),
                option
                    .get("key")
                    .and_then(Json::as_str)
                    .expect("a key")
                    .to_owned(),
            ));
        }
    }
    labels
}

/// Every text in what a base holds.
fn texts(env: &Env) -> Vec<String> {
    fn collect(value: &Json, texts: &mut Vec<String>) {
        match value {
            Json::Object(parts) => parts.values().for_each(|value| collect(value, texts)),
            Json::Array(items) => items.iter().for_each(|item| collect(item, texts)),
            Json::String(text) => texts.push(text.clone()),
            Json::Number(number) => texts.push(number.to_string()),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for line in held(env) {
        collect(&serde_json::from_str(&line).expect("JSON"), &mut found);
    }
    found
}

/// The tables among the files of a folder, by their names.
fn tables(folder: &Path, within: &str, found: &mut Vec<(String, PathBuf)>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        let is_table = path.extension().is_some_and(|extension| {
            ["csv", "tsv", "txt", "xlsx", "ods", "xls"]
                .iter()
                .any(|known| extension == *known)
        });
        if path.is_dir() {
            tables(&path, &format!("{within}{name}/"), found);
        } else if is_table && !OURS.contains(&name.as_str()) {
            found.push((format!("{within}{name}"), path));
        }
    }
}

/// Cells that are nowhere: file, line, column and text.
fn lost(case: &Case, env: &Env, left: &Left) -> Vec<String> {
    let haystack = Haystack::new(&texts(env));
    let mut maps = maps();
    maps.extend(labels(env));
    let mut found = Vec::new();
    tables(&case.folder, "", &mut found);
    let mut lost = Vec::new();
    for (name, path) in found {
        let options = Options {
            extension: path
                .extension()
                .map(|extension| extension.to_string_lossy().into_owned()),
            encoding: case.argument("--encoding"),
            ..Options::default()
        };
        let file = Box::new(File::open(&path).expect("a file"));
        for item in Reader::open(file, &options).expect("a table") {
            let Ok(row) = item.expect("a row") else { continue };
            if left.rows.contains(&(name.clone(), row.line)) {
                continue;
            }
            for (column, input) in &row.cells {
                let cell = input.as_text().unwrap_or_default();
                let told = left.columns.contains(column);
                // A stage with its pipeline behind it.
                let parts = cell.strip_suffix(')').and_then(|cell| cell.split_once(" ("));
                let apart = parts.is_some_and(|(stage, pipeline)| {
                    haystack.has(stage, &maps) && haystack.has(pipeline, &maps)
                });
                if !cell.trim().is_empty() && !told && !apart && !haystack.has(cell, &maps) {
                    lost.push(format!(
                        "{}: {name}, line {}, {column}: {cell:?}",
                        case.name, row.line
                    ));
                }
            }
        }
    }
    lost
}

#[test]
fn every_cell_is_in_a_field_in_the_notes_or_in_the_rejects() {
    let mut cells = Vec::new();
    for case in cases() {
        let (env, left) = case.imported("");
        cells.extend(lost(&case, &env, &left));
    }
    assert!(cells.is_empty(), "lost:\n{}", cells.join("\n"));
}

#[test]
fn what_is_dropped_is_missed() {
    let cases = cases();
    let case = cases.iter().find(|case| case.name == "google").expect("a case");
    let (env, left) = case.imported("--unknown drop");
    // Dropped columns are said, too; here that does not count.
    let unsaid = Left {
        columns: HashSet::new(),
        ..left
    };
    assert!(!lost(case, &env, &unsaid).is_empty());
}
