//! How fast `crm` is, always as a ratio to a named baseline that is measured in the same run.
//!
//! ```text
//! cargo bench --bench speed                          # 10,000 and 100,000 customers
//! cargo bench --bench speed -- --size 1000000        # a million; takes many minutes
//! cargo bench --bench speed -- --only import         # rows whose name contains a word
//! ```
//!
//! The rows come out as a table in Markdown on stdout, progress goes to stderr. Bases are made once and kept under
//! `target/bench`. What each row means stands in `BENCHMARKS.md`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a benchmark prints, and stops where its premises do not hold"
)]

mod bases;
mod commands;
mod imports;
mod measure;
mod peers;
mod reports;
mod sales;
mod searches;
mod writers;

use std::path::PathBuf;

use bases::Bases;

/// One line of the table.
pub(crate) struct Row {
    pub(crate) job: String,
    pub(crate) baseline: String,
    /// The measured figure, with its unit.
    pub(crate) measured: String,
    pub(crate) budget: String,
    /// Whether the budget is kept; none where there is none.
    pub(crate) kept: Option<bool>,
}

impl Row {
    /// `ratio` times the baseline.
    pub(crate) fn ratio(job: &str, baseline: &str, ratio: f64, budget: f64) -> Row {
        Row {
            job: job.to_owned(),
            baseline: baseline.to_owned(),
            measured: format!("{ratio:.2} ×"),
            budget: format!("{budget} ×"),
            kept: Some(ratio <= budget),
        }
    }

    /// A figure without a budget.
    pub(crate) fn plain(job: &str, what: &str, figure: f64, unit: &str) -> Row {
        Row {
            job: job.to_owned(),
            baseline: what.to_owned(),
            measured: format!("{figure:.2} {unit}"),
            budget: String::new(),
            kept: None,
        }
    }

    /// A figure with a budget of its own.
    pub(crate) fn figure(job: &str, what: &str, figure: f64, budget: f64, unit: &str) -> Row {
        Row {
            job: job.to_owned(),
            baseline: what.to_owned(),
            measured: format!("{figure:.2} {unit}"),
            budget: format!("{budget} {unit}"),
            kept: Some(figure <= budget),
        }
    }
}

/// A group of rows.
struct Group {
    name: &'static str,
    run: fn(&Bases, u64) -> Vec<Row>,
}

const GROUPS: &[Group] = &[
    Group {
        name: "start",
        run: commands::start,
    },
    Group {
        name: "show",
        run: commands::show,
    },
    Group {
        name: "add",
        run: commands::add,
    },
    Group {
        name: "search",
        run: searches::search,
    },
    Group {
        name: "list",
        run: commands::list,
    },
    Group {
        name: "today",
        run: commands::today,
    },
    Group {
        name: "export",
        run: commands::export,
    },
    Group {
        name: "report",
        run: reports::report,
    },
    Group {
        name: "sales",
        run: sales::sales,
    },
    Group {
        name: "import",
        run: imports::import,
    },
    Group {
        name: "foreign",
        run: imports::foreign,
    },
    Group {
        name: "writers",
        run: writers::writers,
    },
    Group {
        name: "peers",
        run: peers::peers,
    },
];

fn main() {
    let mut sizes = Vec::new();
    let mut only = String::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--size" => {
                let named = words.next().unwrap_or_default();
                sizes.extend(named.split(',').filter_map(|size| size.parse::<u64>().ok()));
            }
            "--only" => only = words.next().unwrap_or_default(),
            // What `cargo bench` adds by itself.
            _ => {}
        }
    }
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    std::fs::create_dir_all(&folder).unwrap();
    let bases = Bases::new(folder);
    for size in sizes {
        println!(
            "\n### {size} customers\n\n| job | against | measured | budget | |\n| --- | --- | ---: | ---: | --- |"
        );
        for group in GROUPS.iter().filter(|group| group.name.contains(&only)) {
            eprintln!("{size}: {}", group.name);
            for row in (group.run)(&bases, size) {
                let kept = match row.kept {
                    Some(true) => "kept",
                    Some(false) => "missed",
                    None => "",
                };
                println!(
                    "| {} | {} | {} | {} | {kept} |",
                    row.job, row.baseline, row.measured, row.budget
                );
            }
        }
    }
}
