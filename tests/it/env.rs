//! The harness: an empty home, a clean environment, a pinned clock, and the program in it.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A place for one test.
pub(crate) struct Env {
    folder: tempfile::TempDir,
    now: String,
}

/// What a run of the program gave.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Env {
    /// An empty home on Saturday, 21 November 2026, ten o'clock in Berlin.
    pub(crate) fn new() -> Env {
        Env::at("2026-11-21T10:00:00+01:00")
    }

    /// An empty home at another time.
    pub(crate) fn at(now: &str) -> Env {
        Env {
            folder: tempfile::tempdir().expect("a temporary folder"),
            now: now.to_owned(),
        }
    }

    /// The base that commands work on.
    pub(crate) fn base(&self) -> PathBuf {
        self.folder.path().join("base.db")
    }

    /// The home folder.
    pub(crate) fn home(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// The program with these words, which are split at blanks; `'…'` keeps blanks together.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crm"));
        command
            .args(words(line))
            .env_clear()
            .env("HOME", self.folder.path())
            .env("CRM_DB", self.base())
            .env("CRM_NOW", &self.now)
            .env("CRM_TZ", "Europe/Berlin")
            .env("CRM_PAGER", "")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub(crate) fn run(&self, line: &str) -> Run {
        Run::of(self.command(line).output().expect("the program starts"))
    }

    /// Runs the program, which has to succeed, and gives what it wrote.
    #[track_caller]
    pub(crate) fn ok(&self, line: &str) -> String {
        let run = self.run(line);
        assert_eq!(run.code, 0, "crm {line}\n{}", run.stderr);
        run.stdout
    }
}

impl Run {
    pub(crate) fn of(output: Output) -> Run {
        Run {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("talk is UTF-8"),
        }
    }
}

/// Splits a line at blanks outside single quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

/// True if the tool is there; says so where it is not, and fails where nothing may be skipped.
pub(crate) fn have(tool: &str) -> bool {
    let found = Command::new(tool)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    #[expect(
        clippy::print_stderr,
        clippy::disallowed_methods,
        reason = "a skipped test says so"
    )]
    if !found {
        assert!(std::env::var_os("CRM_TEST_NO_SKIP").is_none(), "no {tool}");
        eprintln!("skipped: no {tool}");
    }
    found
}
