//! The jobs that other programs for contacts in a terminal were measured at, with 10,000 contacts, beside their figures.
//!
//! The figures of the peers are constants: medians of one earlier measurement with `hyperfine` on a machine with two cores,
//! of the versions that `BENCHMARKS.md` names, output to nowhere, the start of the process included. They do not come
//! from the run in which ours are measured, so a row compares orders of magnitude and not percents.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Row;
use crate::bases::Bases;
use crate::measure::{crm, median, prepare, resident, wall};

/// The size at which the peers were measured.
const SIZE: u64 = 10_000;
const RUNS: usize = 30;

/// A job, the words of ours (`{n}` is the number of the run), and what the fastest peer and the nearest by features take, in
/// milliseconds.
struct Job {
    name: &'static str,
    words: &'static [&'static str],
    peers: &'static [(&'static str, f64)],
}

const JOBS: &[Job] = &[
    Job {
        name: "start-up, `--help`",
        words: &["--help"],
        peers: &[
            ("abook", 1.0),
            ("dee-contacts", 1.1),
            ("crm-cli", 3.4),
            ("crm.cli", 261.0),
        ],
    },
    Job {
        name: "add one contact",
        words: &[
            "customer",
            "add",
            "New Person {n}",
            "--email",
            "new{n}@peers.example",
            "--phone",
            "+49 30 88{n}",
        ],
        peers: &[
            ("dee-contacts", 2.1),
            ("crm-cli", 24.0),
            ("Taskwarrior", 71.0),
            ("crm.cli", 614.0),
        ],
    },
    Job {
        name: "log one call",
        words: &["log", "C{n}", "call", "Wants the longer warranty"],
        peers: &[("crm-cli", 8.6), ("crm.cli", 510.0)],
    },
    Job {
        name: "list all, JSON",
        words: &[
            "customer",
            "list",
            "--json=id,name,emails,phones,company,title,tags,source",
        ],
        peers: &[
            ("dee-contacts", 31.0),
            ("crm-cli", 147.0),
            ("Taskwarrior", 196.0),
            ("crm.cli", 452.0),
        ],
    },
    Job {
        name: "list all, table",
        words: &["customer", "list", "--format", "table"],
        peers: &[
            ("jsoncrm", 89.0),
            ("crm-cli", 123.0),
            ("crm.cli", 3_048.0),
            ("khard", 4_942.0),
        ],
    },
    Job {
        name: "list the first 20",
        words: &["customer", "list", "--limit", "20"],
        peers: &[
            ("dee-contacts", 6.4),
            ("crm-cli", 9.9),
            ("Taskwarrior", 279.0),
            ("crm.cli", 491.0),
        ],
    },
    Job {
        name: "search one name",
        words: &["find", "anna hoffmann"],
        peers: &[
            ("dee-contacts", 4.7),
            ("crm-cli", 5.3),
            ("abook", 11.0),
            ("crm.cli", 307.0),
        ],
    },
    Job {
        name: "show one record",
        words: &["customer", "show", "C5000"],
        peers: &[("crm-cli", 5.1), ("crm.cli", 445.0), ("Hermit", 2_234.0)],
    },
    Job {
        name: "filter on a custom field",
        words: &["customer", "list", "-w", "fields.size:L"],
        peers: &[("Taskwarrior", 151.0), ("crm.cli", 506.0)],
    },
    Job {
        name: "stale report",
        words: &["customer", "list", "-w", "is:stale"],
        peers: &[("Hermit", 2_084.0), ("crm.cli", 16_600.0)],
    },
];

/// What importing 10,000 contacts from a file takes, in milliseconds.
const IMPORT: &[(&str, f64)] = &[
    ("dee-contacts", 80.0),
    ("jsoncrm", 220.0),
    ("Taskwarrior", 480.0),
    ("agent-crm", 26_000.0),
    ("crm.cli", 881_000.0),
];

/// The most memory that listing 10,000 contacts as JSON takes, in MB.
const MEMORY: &[(&str, f64)] = &[("dee-contacts", 17.0), ("crm-cli", 45.0), ("crm.cli", 133.0)];

pub(crate) fn peers(bases: &Bases, size: u64) -> Vec<Row> {
    if size != SIZE {
        return Vec::new();
    }
    let base = with_custom_field(bases);
    let mut rows: Vec<Row> = JOBS
        .iter()
        .map(|job| row(job.name, job.peers, milliseconds(&base, job.words), "ms"))
        .collect();
    rows.push(row("import 10,000 contacts, CSV", IMPORT, import(bases), "ms"));
    let mut list = crm(&base);
    list.args([
        "customer",
        "list",
        "--json=id,name,emails,phones,company,title,tags,source",
    ]);
    rows.push(row(
        "peak memory, list all, JSON",
        MEMORY,
        resident(&mut list),
        "MB",
    ));
    rows
}

/// Ours against the fastest of the peers, all of whom are named.
fn row(job: &str, peers: &[(&str, f64)], measured: f64, unit: &str) -> Row {
    let named: Vec<String> = peers
        .iter()
        .map(|(name, figure)| format!("{name} {figure}"))
        .collect();
    let fastest = peers
        .iter()
        .map(|(_, figure)| *figure)
        .fold(f64::INFINITY, f64::min);
    Row::figure(job, &named.join(", "), measured, fastest, unit)
}

/// A base in which one customer in four has a value in a custom field.
fn with_custom_field(bases: &Bases) -> PathBuf {
    let base = bases.copy(&bases.customers(SIZE), "peers");
    prepare(crm(&base).args(["field", "add", "customer.size", "type=select", "options=S,M,L"]));
    prepare(crm(&base).args(["customer", "set", "-w", "is:stale", "fields.size=L", "--yes"]));
    base
}

/// The median of whole runs, with the start of the process.
fn milliseconds(base: &Path, words: &[&str]) -> f64 {
    let run = |number: usize| {
        let number = (1_000 + number).to_string();
        let mut command: Command = crm(base);
        command.args(words.iter().map(|word| word.replace("{n}", &number)));
        let (status, spent) = wall(|| command.status().unwrap());
        assert!(status.success(), "{command:?}: {status}");
        spent
    };
    let mut first = crm(base);
    first.args(words.iter().map(|word| word.replace("{n}", "900")));
    let output = first.stdout(Stdio::piped()).output().unwrap();
    assert!(!output.stdout.is_empty(), "{words:?} says nothing");
    median((0..RUNS).map(run).collect())
}

fn import(bases: &Bases) -> f64 {
    let csv = bases.csv(SIZE);
    let run = |_| {
        let base = bases.scratch("peers-import");
        prepare(crm(&base).arg("init"));
        let (status, spent) = wall(|| {
            crm(&base)
                .args(["import", "customer"])
                .arg(&csv)
                .status()
                .unwrap()
        });
        assert!(status.success(), "import: {status}");
        spent
    };
    median((0..5).map(run).collect())
}
