//! `crm doctor`: whether everything is well around the base, each thing on a line with what to do.

use std::path::{Path, PathBuf};
use std::process::{Command as Process, Stdio};

use clap::{ArgMatches, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::store::health::{self, Health};
use crm::store::{backup, migrate};
use jiff::Timestamp;
use jiff::civil::DateTime;

use crate::cli::{backup as copies, records};
use crate::ctx::Ctx;
use crate::hooks::{is_executable, is_name};
use crate::paths::Said;

pub(crate) fn define(command: Command) -> Command {
    command.after_help(
        "Every line says ok, warn or fail, and what to do. Warnings are no failure; the exit code is 11 for a damaged base \
         and that of any other command for one that cannot be used.\n\nExamples:\n  crm doctor\n  \
         crm doctor --format json",
    )
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Status {
    Ok,
    Warn,
    Fail,
}

impl Status {
    fn name(self) -> &'static str {
        match self {
            Status::Ok => "ok",
            Status::Warn => "warn",
            Status::Fail => "fail",
        }
    }
}

/// One line.
struct Line {
    check: &'static str,
    status: Status,
    finding: String,
    advice: String,
}

/// What was looked at so far.
#[derive(Default)]
struct Round {
    lines: Vec<Line>,
    failure: Option<Error>,
}

impl Round {
    fn ok(&mut self, check: &'static str, finding: impl Into<String>) {
        self.add(check, Status::Ok, finding.into(), String::new());
    }

    fn warn(&mut self, check: &'static str, finding: impl Into<String>, advice: impl Into<String>) {
        self.add(check, Status::Warn, finding.into(), advice.into());
    }

    fn fail(&mut self, check: &'static str, error: Error, advice: impl Into<String>) {
        self.add(check, Status::Fail, error.message().to_owned(), advice.into());
        self.failure.get_or_insert(error);
    }

    fn add(&mut self, check: &'static str, status: Status, finding: String, advice: String) {
        self.lines.push(Line {
            check,
            status,
            finding,
            advice,
        });
    }
}

/// Pages of a base up to this size are looked at; `crm check` looks at any.
const LOOKED_AT: u64 = 256 << 20;

/// A log of this size, in bytes, is worth emptying.
const LARGE_WAL: u64 = 64 << 20;

/// A backup of so many days is old.
const OLD_DAYS: i64 = 7;

/// So many bytes should be free at least.
const LITTLE_ROOM: u64 = 256 << 20;

pub(crate) fn run(ctx: &Ctx, _: &ArgMatches) -> Result<()> {
    let mut round = Round::default();
    program(ctx, &mut round);
    settings(ctx, &mut round);
    match ctx.place() {
        Ok((path, said)) => base(ctx, &mut round, &path, said),
        Err(error) => round.fail("base", error, "set HOME, or name the base with --db FILE"),
    }
    clock(ctx, &mut round);
    terminal(ctx, &mut round);
    hooks(ctx, &mut round);
    sqlite(&mut round);
    let columns = [
        ("status", FieldType::Text),
        ("check", FieldType::Text),
        ("finding", FieldType::Text),
        ("advice", FieldType::Text),
    ];
    let warnings = round
        .lines
        .iter()
        .filter(|line| line.status == Status::Warn)
        .count();
    let rows = round.lines.into_iter().map(|line| {
        vec![
            Value::text(line.status.name()),
            Value::text(line.check),
            Value::text(line.finding),
            Value::text(line.advice),
        ]
    });
    records::table(ctx, "doctor", &columns, rows)?;
    match round.failure {
        Some(error) => {
            // What was found is data, whatever the exit code.
            ctx.ui.finish()?;
            Err(error)
        }
        None => {
            ctx.ui.note(&match warnings {
                0 => "everything is well".to_owned(),
                1 => "1 warning".to_owned(),
                count => format!("{count} warnings"),
            });
            Ok(())
        }
    }
}

/// Hooks that are there, and whether they can be run.
fn hooks(ctx: &Ctx, round: &mut Round) {
    let Some(entries) = ctx.hooks().and_then(|folder| std::fs::read_dir(folder).ok()) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        // Samples and what hooks share may lie there too.
        let Some(name) = name.filter(|name| is_name(name) && !name.contains('.')) else {
            continue;
        };
        match is_executable(&path) {
            true => round.ok("hook", name),
            false => round.warn(
                "hook",
                format!("{name} cannot be run"),
                format!("chmod +x {}", path.display()),
            ),
        }
    }
}

fn program(ctx: &Ctx, round: &mut Round) {
    round.ok(
        "program",
        format!("crm {} at {}", env!("CARGO_PKG_VERSION"), ctx.program().display()),
    );
}

fn settings(ctx: &Ctx, round: &mut Round) {
    if let Some(error) = ctx.broken_settings() {
        let error = Error::new(error.kind(), error.message().to_owned());
        round.fail("settings", error, "`crm config edit` mends the file");
        return;
    }
    match ctx.settings() {
        Ok(path) if path.exists() => round.ok("settings", format!("{} is valid", path.display())),
        Ok(path) => round.ok(
            "settings",
            format!("none at {}; every setting is as usual", path.display()),
        ),
        Err(error) => round.warn("settings", error.message(), "set HOME or CRM_CONFIG"),
    }
}

fn base(ctx: &Ctx, round: &mut Round, path: &Path, said: Said) {
    if !path.exists() {
        let message = format!("there is no base at {}", path.display());
        match said.is_named() {
            true => round.fail(
                "base",
                Error::new(Kind::Missing, message),
                "name another with --db or CRM_DB, or make it with `crm init`",
            ),
            false => round.warn("base", message, "`crm init` makes one, `crm demo` a sample"),
        }
        return;
    }
    round.ok("base", path.display().to_string());
    mode(round, path);
    match health::examine(path, LOOKED_AT) {
        Ok(health) => file(ctx, round, path, &health),
        Err(error) if error.kind() == Kind::Corrupt => round.fail(
            "file",
            error,
            "keep the file as it is, and restore a copy: `crm backup list`, `crm backup restore FILE`",
        ),
        Err(error) => round.fail("file", error, "name another base with --db"),
    }
    copy(ctx, round, path);
}

#[cfg(unix)]
fn mode(round: &mut Round, path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.permissions().mode() & 0o777);
    let own = mode(path);
    if own & 0o077 != 0 {
        round.warn(
            "mode",
            format!("others on this machine can open the base (mode {own:o})"),
            format!("chmod 600 {}", path.display()),
        );
    } else if let Some(folder) = path.parent().filter(|folder| mode(folder) & 0o022 != 0) {
        round.warn(
            "mode",
            format!(
                "others can put files beside the base (mode {:o} of its folder)",
                mode(folder)
            ),
            format!("chmod go-w {}", folder.display()),
        );
    } else {
        round.ok("mode", format!("only you can open the base (mode {own:o})"));
    }
}

#[cfg(not(unix))]
fn mode(_: &mut Round, _: &Path) {}

/// A size as people read it.
fn bytes(count: u64) -> String {
    match count {
        0..1024 => format!("{count} bytes"),
        1024..1_048_576 => format!("{} KiB", count >> 10),
        1_048_576..1_073_741_824 => format!("{} MiB", count >> 20),
        _ => format!("{}.{} GiB", count >> 30, (count >> 20) % 1024 * 10 / 1024),
    }
}

fn file(ctx: &Ctx, round: &mut Round, path: &Path, health: &Health) {
    match &health.damage {
        Some(damage) => {
            let error = Error::new(Kind::Corrupt, format!("the base is damaged: {damage}"));
            round.fail(
                "file",
                error,
                "keep the file as it is, and restore a copy: `crm backup list`, `crm backup restore FILE`",
            );
        }
        None if health.looked => round.ok(
            "file",
            "the pages of the file are whole; `crm check` looks deeper",
        ),
        None => round.ok("file", "it is too large to look at in passing; `crm check` does"),
    }
    if health.schema < migrate::VERSION {
        round.warn(
            "schema",
            format!("{} of {}", health.schema, migrate::VERSION),
            "the next command brings the base to the new schema, after a copy",
        );
    } else {
        round.ok("schema", health.schema.to_string());
    }
    let size = format!("{}, of which {} are free", bytes(health.file), bytes(health.free));
    if health.free * 4 >= health.file && health.free > LARGE_WAL {
        round.warn("size", size, "`crm compact` gives free room back");
    } else {
        round.ok("size", size);
    }
    let wal = wal(path);
    let size = std::fs::metadata(&wal).map_or(0, |file| file.len());
    if size > LARGE_WAL {
        round.warn(
            "wal",
            bytes(size),
            "close programs that have the base open, then `crm compact`",
        );
    } else {
        round.ok("wal", bytes(size));
    }
    room(round, path, health.file);
    let log = format!("{} operations can be undone", health.operations);
    match (health.forgotten, ctx.config.undo_horizon) {
        (0, None) => round.ok("undo", format!("{log}; none were forgotten")),
        (0, Some(horizon)) => round.ok("undo", format!("{log}; `crm compact` keeps {horizon}")),
        (forgotten, _) => round.ok("undo", format!("{log}; {forgotten} older ones were forgotten")),
    }
    if let Some(last) = health
        .last_at_ms
        .filter(|last| *last > ctx.clock.now_ms() + 60_000)
    {
        let at = Timestamp::from_millisecond(last).unwrap_or_default();
        round.warn(
            "time",
            format!("the last operation is of {at}, which has not come yet"),
            "set the clock of this machine, or that of the one that wrote it",
        );
    }
}

fn wal(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

#[cfg(unix)]
fn room(round: &mut Round, path: &Path, file: u64) {
    use std::os::unix::ffi::OsStrExt;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let Ok(name) = std::ffi::CString::new(folder.as_os_str().as_bytes()) else {
        return;
    };
    // SAFETY: `room` is a plain C struct, `name` ends with NUL, and `statvfs` fills the one and reads the other.
    #[expect(unsafe_code, reason = "the standard library has no way to ask for this")]
    let room = unsafe {
        let mut room: libc::statvfs = std::mem::zeroed();
        match libc::statvfs(name.as_ptr(), &raw mut room) {
            0 => room,
            _ => return,
        }
    };
    #[allow(clippy::useless_conversion, reason = "the types differ between systems")]
    let free = u64::from(room.f_bavail).saturating_mul(u64::from(room.f_frsize));
    let said = format!("{} are free on its disk", bytes(free));
    if free < LITTLE_ROOM || free < file.saturating_mul(2) {
        round.warn(
            "disk",
            said,
            "make room: a backup or `crm compact` takes as much again as the base has",
        );
    } else {
        round.ok("disk", said);
    }
}

#[cfg(not(unix))]
fn room(_: &mut Round, _: &Path, _: u64) {}

/// The newest copy that `crm backup` has made, looked at again.
fn copy(ctx: &Ctx, round: &mut Round, path: &Path) {
    let schedule = "`crm backup` makes one now, `crm backup schedule` prints the line for cron";
    let newest = copies::newest(path);
    let Some((file, at)) = newest else {
        round.warn("backup", "there is none", schedule);
        return;
    };
    let size = std::fs::metadata(&file).map_or(0, |file| file.len());
    if size <= LOOKED_AT
        && let Err(error) = backup::verify(&file)
    {
        round.warn(
            "backup",
            format!("the newest cannot be used: {}", error.message()),
            schedule,
        );
        return;
    }
    let age = days(at, ctx.clock.zoned().datetime());
    let said = match age {
        0 => format!("{} is of today", file.display()),
        1 => format!("{} is of yesterday", file.display()),
        days => format!("{} is {days} days old", file.display()),
    };
    if age > OLD_DAYS {
        round.warn("backup", said, schedule);
    } else {
        round.ok("backup", format!("{said}, and verified"));
    }
}

fn days(from: DateTime, to: DateTime) -> i64 {
    let span = from.date().until(to.date());
    span.map_or(0, |span| i64::from(span.get_days()))
}

fn clock(ctx: &Ctx, round: &mut Round) {
    let now = ctx.clock.zoned().strftime("%Y-%m-%d %H:%M");
    match ctx.clock.zone().iana_name() {
        Some(zone) => round.ok("clock", format!("{now} in {zone}")),
        None => round.warn(
            "clock",
            format!("{now} in a zone without a name"),
            "`crm config set zone Europe/Berlin`, or TZ",
        ),
    }
}

fn terminal(ctx: &Ctx, round: &mut Round) {
    let terminal = ctx.terminal();
    let term = terminal.term.as_deref().unwrap_or("");
    if !terminal.is_there {
        round.ok(
            "terminal",
            "stdout leads to none: nothing is cut, coloured or asked",
        );
    } else if term.is_empty() || term == "dumb" {
        round.warn(
            "terminal",
            "TERM is not set: there is no colour",
            "set TERM to what the terminal is, xterm-256color say",
        );
    } else if terminal.tmux && !(term.starts_with("tmux") || term.starts_with("screen")) {
        round.warn(
            "terminal",
            format!("{term} inside tmux"),
            "set -g default-terminal tmux-256color in the settings of tmux",
        );
    } else {
        round.ok(
            "terminal",
            format!("{term}{}", if terminal.tmux { " inside tmux" } else { "" }),
        );
    }
    let locale = terminal.locale.as_deref().unwrap_or("");
    let folded = locale.to_ascii_lowercase().replace('-', "");
    if folded.contains("utf8") {
        round.ok("locale", locale);
    } else {
        round.warn(
            "locale",
            format!(
                "{}: other programs may not show what is written in UTF-8",
                if locale.is_empty() { "none" } else { locale }
            ),
            "set LANG to one that ends in .UTF-8, C.UTF-8 say",
        );
    }
}

/// The oldest `sqlite3` that opens a base.
const OLDEST_SQLITE: [u32; 2] = [3, 40];

fn sqlite(round: &mut Round) {
    let output = Process::new("sqlite3")
        .arg("--version")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let Ok(output) = output else {
        round.ok("sqlite3", "is not there, and is not needed");
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text.split_whitespace().next().unwrap_or_default();
    let numbers: Vec<u32> = version.split('.').filter_map(|part| part.parse().ok()).collect();
    if numbers.as_slice() < OLDEST_SQLITE.as_slice() {
        round.warn("sqlite3", version, "3.40 and later open a base");
    } else {
        round.ok("sqlite3", version);
    }
}
