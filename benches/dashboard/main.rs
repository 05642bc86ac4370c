//! How quick the dashboard is in a real terminal: the program runs behind a pseudo-terminal, keys go in, frames come out.
//!
//! ```text
//! cargo bench --bench dashboard                       # 10,000 customers
//! cargo bench --bench dashboard -- --size 1000000     # a million, with five million activities
//! cargo bench --bench dashboard -- --only filters     # one group: starts moves filters travels frames rests
//! ```
//!
//! The rows come out as a table in Markdown on stdout, progress goes to stderr. Bases are made once and kept under
//! `target/bench`. What each row means stands in `BENCHMARKS.md`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a benchmark prints, asks the clock, and stops where its premises do not hold"
)]

mod process;
mod terminal;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use terminal::Terminal;

/// Now, for every run and every base.
const NOW: &str = "2026-11-21T10:00:00Z";

/// Columns and rows of the terminal, unless a row says otherwise.
const SIZE: (u16, u16) = (120, 40);

/// How many keys are timed.
const KEYS: usize = 10_000;

/// For so long nothing is touched.
const REST: Duration = Duration::from_secs(60);

/// One line of the table.
struct Row {
    job: &'static str,
    measured: String,
    budget: &'static str,
    kept: bool,
}

/// Measures what belongs together on a base.
type Group = fn(&Path) -> Vec<Row>;

fn row(job: &'static str, measured: f64, unit: &str, budget: f64, said: &'static str) -> Row {
    eprintln!("{job}: {measured:.2} {unit}");
    Row {
        job,
        measured: format!("{measured:.1} {unit}"),
        budget: said,
        kept: measured <= budget,
    }
}

fn main() {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
    let mut sizes = vec![10_000_u64];
    let mut only = String::new();
    while let Some(word) = words.next() {
        match (word.as_str(), words.next()) {
            ("--size", Some(text)) => sizes = text.split(',').map(|size| size.parse().unwrap()).collect(),
            ("--only", Some(text)) => only = text,
            (other, _) => panic!("--size N[,N] and --only GROUP are understood, {other} is not"),
        }
    }
    for size in sizes {
        let base = base(size);
        let groups: [(&str, Group); 6] = [
            ("starts", starts),
            ("moves", moves),
            ("filters", filters),
            ("travels", travels),
            ("frames", frames),
            ("rests", rests),
        ];
        let wanted = groups.iter().filter(|(name, _)| only.is_empty() || *name == only);
        let rows: Vec<Row> = wanted.flat_map(|(_, group)| group(&base)).collect();
        println!("\n{size} customers, {} activities\n", size * 5);
        println!("| job | measured | budget | kept |\n|---|---|---|---|");
        for row in rows {
            let kept = if row.kept { "yes" } else { "**no**" };
            println!("| {} | {} | {} | {kept} |", row.job, row.measured, row.budget);
        }
    }
}

/// The sample company with `size` more customers.
fn base(size: u64) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("dashboard-{size}.db"));
    if !path.exists() {
        eprintln!("making {}", path.display());
        let made = Command::new(env!("CARGO_BIN_EXE_crm"))
            .args(["--now", NOW, "--db"])
            .arg(&path)
            .args(["demo", "--customers", &size.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(made.unwrap().success());
    }
    path
}

/// The value below which so many of a hundred lie, in milliseconds.
fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len() * percent).div_ceil(100).saturating_sub(1);
    times[at].as_secs_f64() * 1000.0
}

/// From the start of the process to the first frame with rows in it.
fn starts(base: &Path) -> Vec<Row> {
    let mut shown = Vec::new();
    let mut drawn = Vec::new();
    for _ in 0..10 {
        let begun = Instant::now();
        let mut terminal = Terminal::start(base, SIZE, &[]);
        terminal.frame();
        drawn.push(begun.elapsed());
        terminal.settle();
        shown.push(begun.elapsed());
        terminal.quit();
    }
    vec![
        row("first frame", percentile(&mut drawn, 50), "ms", 50.0, "50 ms"),
        row(
            "first frame with everything read",
            percentile(&mut shown, 50),
            "ms",
            50.0,
            "50 ms",
        ),
    ]
}

/// The cursor goes down the list, key by key.
fn moves(base: &Path) -> Vec<Row> {
    let mut terminal = Terminal::start(base, SIZE, &["customers"]);
    terminal.settle();
    let mut times = Vec::with_capacity(KEYS);
    let (mut bytes, mut all) = (Vec::with_capacity(KEYS), Vec::with_capacity(KEYS));
    for _ in 0..KEYS {
        let before = terminal.taken();
        let begun = Instant::now();
        terminal.press("j");
        terminal.frame();
        times.push(begun.elapsed());
        bytes.push(terminal.taken() - before);
        terminal.settle();
        all.push(terminal.taken() - before);
    }
    let most = times.iter().max().copied().unwrap_or_default();
    let middle = |bytes: &mut Vec<usize>| {
        bytes.sort_unstable();
        bytes[bytes.len() / 2] as f64
    };
    terminal.quit();
    vec![
        row(
            "key to frame, p99 of 10,000",
            percentile(&mut times, 99),
            "ms",
            16.0,
            "16 ms",
        ),
        row(
            "key to frame, slowest",
            most.as_secs_f64() * 1000.0,
            "ms",
            50.0,
            "50 ms",
        ),
        row(
            "bytes of the frame of a move, median",
            middle(&mut bytes),
            "bytes",
            2048.0,
            "2048 bytes",
        ),
        row(
            "bytes of a move and of the detail after it, median",
            middle(&mut all),
            "bytes",
            4096.0,
            "4096 bytes (two frames)",
        ),
    ]
}

/// Words typed into the filter line, letter by letter, until the rows that they find are drawn.
fn filters(base: &Path) -> Vec<Row> {
    const WORDS: [&str; 12] = [
        "hoffmann",
        "eriksen",
        "garcia",
        "albrecht",
        "clara jansen",
        "dvorak",
        "fontaine",
        "zhangwei",
        "张伟",
        "zw",
        "王",
        "690489",
    ];
    let (mut short, mut long) = (Vec::new(), Vec::new());
    for word in WORDS {
        let mut terminal = Terminal::start(base, SIZE, &["customers"]);
        terminal.settle();
        terminal.press("/");
        terminal.settle();
        for (typed, letter) in word.chars().enumerate() {
            let begun = Instant::now();
            terminal.press(&letter.to_string());
            terminal.settle();
            match typed < 2 {
                true => short.push(begun.elapsed()),
                false => long.push(begun.elapsed()),
            }
        }
        terminal.quit();
    }
    vec![
        row(
            "letter of a filter to its rows, from the third on, p95",
            percentile(&mut long, 95),
            "ms",
            50.0,
            "50 ms",
        ),
        row(
            "letter of a filter to its rows, the first two, p95",
            percentile(&mut short, 95),
            "ms",
            100.0,
            "100 ms",
        ),
    ]
}

/// From end to end, by pages and by jumps; what that takes of time and memory.
fn travels(base: &Path) -> Vec<Row> {
    let mut terminal = Terminal::start(base, SIZE, &["customers"]);
    terminal.settle();
    let mut times = Vec::new();
    for _ in 0..5 {
        for keys in ["G", "gg"] {
            let begun = Instant::now();
            terminal.press(keys);
            terminal.settle();
            times.push(begun.elapsed());
        }
        for _ in 0..200 {
            terminal.press("\u{4}");
            terminal.settle();
        }
    }
    let memory = process::memory_mib(terminal.id());
    terminal.quit();
    vec![
        row(
            "to the last row and back to the first, p95",
            percentile(&mut times, 95),
            "ms",
            100.0,
            "100 ms",
        ),
        row(
            "memory after going from end to end",
            memory,
            "MiB",
            80.0,
            "80 MiB",
        ),
    ]
}

/// Processor time of one key with its detail, on a large terminal.
fn frames(base: &Path) -> Vec<Row> {
    let mut terminal = Terminal::start(base, (200, 60), &["customers"]);
    terminal.settle();
    let before = process::cpu(terminal.id());
    for _ in 0..1000 {
        terminal.press("j");
        terminal.settle();
    }
    let used = (process::cpu(terminal.id()) - before).as_secs_f64();
    terminal.quit();
    vec![row(
        "processor time of a move with its detail, 200x60",
        used,
        "ms",
        4.0,
        "4 ms (two frames)",
    )]
}

/// Nothing is touched.
fn rests(base: &Path) -> Vec<Row> {
    let mut rows = Vec::new();
    for (screen, job, wakes) in [
        (
            "today",
            "rest on Today: processor",
            "rest on Today: wake-ups a second",
        ),
        (
            "customers",
            "rest on Customers: processor",
            "rest on Customers: wake-ups a second",
        ),
        (
            "pipeline",
            "rest on Pipeline: processor",
            "rest on Pipeline: wake-ups a second",
        ),
        (
            "reports",
            "rest on Reports: processor",
            "rest on Reports: wake-ups a second",
        ),
    ] {
        // A clock that stands still has no minutes; this one runs.
        let mut terminal = Terminal::start_by_the_clock(base, SIZE, screen);
        terminal.settle();
        let (cpu, switches) = (process::cpu(terminal.id()), process::switches(terminal.id()));
        std::thread::sleep(REST);
        let cpu = (process::cpu(terminal.id()) - cpu).as_secs_f64() / REST.as_secs_f64() * 100.0;
        let switches = (process::switches(terminal.id()) - switches) as f64 / REST.as_secs_f64();
        terminal.quit();
        rows.push(row(job, cpu, "%", 0.1, "0.1 %"));
        rows.push(row(wakes, switches, "a second", 2.0, "2"));
    }
    rows
}
