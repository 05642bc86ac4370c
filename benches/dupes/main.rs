//! How well and how fast `crm dupes` finds customers who are in the base twice.
//!
//! ```text
//! cargo bench --bench dupes                          # 10,000 and 100,000 records
//! cargo bench --bench dupes -- --size 1000000        # a million; the import takes minutes
//! cargo bench --bench dupes -- --only companies --size 10000 --min 60
//! ```
//!
//! A set is made from a seed: most records stand alone, some are there two or three times, each further time spoiled in
//! some of its six parts and written otherwise in the rest; and there are people and companies who are alike and are not
//! one. It is imported, `crm dupes` is asked, and its pairs are held against those that are known. The names, the ways to
//! spoil them and everything else here are this benchmark's own: it shares nothing with what it measures.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a benchmark prints, and stops where its premises do not hold"
)]

mod chance;
mod companies;
mod people;
mod spoil;

#[path = "../speed/measure.rs"]
#[allow(dead_code, reason = "the other benchmark needs the rest")]
mod measure;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use chance::Chance;
use measure::{crm, prepare, watched};

/// A record of a set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// Which of the real people or companies it is.
    pub(crate) entity: u64,
    /// name, email, phone, company or website, address, birthday or tax id; and city and postal code beside the address.
    pub(crate) parts: [String; 6],
    pub(crate) city: String,
    pub(crate) code: String,
    pub(crate) country: String,
}

/// A way to make a set.
struct Set {
    name: &'static str,
    /// How many of the six parts of a further record are spoiled.
    spoiled: usize,
    columns: &'static str,
    kind: &'static str,
    make: fn(&mut Chance, u64, usize) -> Vec<Record>,
}

const PEOPLE: &str = "external_id,name,email,phone,company,address,birthday,city,postal_code,country";
const COMPANIES: &str = "external_id,name,email,phone,website,address,tax_id,city,postal_code,country";

const SETS: &[Set] = &[
    Set {
        name: "people, five of six parts survive",
        spoiled: 1,
        columns: PEOPLE,
        kind: "person",
        make: people::make,
    },
    Set {
        name: "people, four of six parts survive",
        spoiled: 2,
        columns: PEOPLE,
        kind: "person",
        make: people::make,
    },
    Set {
        name: "people, three of six parts survive",
        spoiled: 3,
        columns: PEOPLE,
        kind: "person",
        make: people::make,
    },
    Set {
        name: "companies, four of six parts survive",
        spoiled: 2,
        columns: COMPANIES,
        kind: "company",
        make: companies::make,
    },
];

fn main() {
    let mut sizes: Vec<u64> = Vec::new();
    let mut only = String::new();
    let mut least = None;
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--size" => {
                let named = words.next().unwrap_or_default();
                sizes.extend(named.split(',').filter_map(|size| size.parse::<u64>().ok()));
            }
            "--only" => only = words.next().unwrap_or_default(),
            "--min" => least = words.next(),
            // What `cargo bench` adds by itself.
            _ => {}
        }
    }
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    std::fs::create_dir_all(&folder).unwrap();
    println!("| set | records | pairs | precision | recall | F1 | time | memory |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for size in sizes {
        for set in SETS.iter().filter(|set| set.name.contains(&only)) {
            run(&folder, set, size, least.as_deref());
        }
    }
}

fn run(folder: &Path, set: &Set, size: u64, least: Option<&str>) {
    eprintln!("{size}: {}", set.name);
    let base = folder.join(format!("dupes-{}-{}-{size}.db", set.kind, set.spoiled));
    let file = base.with_extension("csv");
    let mut chance = Chance::new(size ^ set.spoiled as u64);
    let records = (set.make)(&mut chance, size, set.spoiled);
    if !base.exists() {
        std::fs::write(&file, csv(set, &records)).unwrap();
        prepare(crm(&base).args(["init", "--currency", "EUR"]));
        let mut import = crm(&base);
        import.args(["import", "customer"]).arg(&file);
        import.args([
            "--set",
            &format!("type={}", set.kind),
            "--system",
            "set",
            "--on-duplicate",
            "create",
        ]);
        import.args(["--on-missing", "create"]);
        prepare(&mut import);
    }
    let known = references(&base);
    let mut dupes = crm(&base);
    dupes.args(["dupes", "--type", set.kind, "--format", "tsv", "--no-header"]);
    dupes.args(least.map(|least| format!("--min={least}")));
    let answer = base.with_extension("tsv");
    dupes.stdout(Stdio::from(std::fs::File::create(&answer).unwrap()));
    let (spent, memory) = watched(&mut dupes);
    let entity = |reference: &str| known.get(reference).map(|place| records[*place].entity);
    let text = std::fs::read_to_string(&answer).unwrap();
    let mut found = 0_u64;
    let mut right = 0_u64;
    let mut seen = HashSet::new();
    for line in text.lines() {
        let mut cells = line.split('\t');
        let (one, other) = (cells.next().unwrap(), cells.next().unwrap());
        let (Some(our), Some(their)) = (entity(one), entity(other)) else {
            continue;
        };
        assert!(
            seen.insert((one.to_owned(), other.to_owned())),
            "{one} and {other} come twice"
        );
        found += 1;
        right += u64::from(our == their);
    }
    let mut sizes: HashMap<u64, u64> = HashMap::new();
    records
        .iter()
        .for_each(|record| *sizes.entry(record.entity).or_default() += 1);
    let pairs: u64 = sizes.values().map(|size| size * (size - 1) / 2).sum();
    let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
    let (precision, recall) = (share(right, found), share(right, pairs));
    println!(
        "| {} | {size} | {pairs} | {precision:.4} | {recall:.4} | {:.4} | {:.2} s | {memory:.0} MiB |",
        set.name,
        2.0 * precision * recall / (precision + recall).max(1e-9),
        spent / 1000.0
    );
}

fn csv(set: &Set, records: &[Record]) -> String {
    let mut text = format!("{}\n", set.columns);
    for (number, record) in records.iter().enumerate() {
        text.push_str(&number.to_string());
        let cells = record
            .parts
            .iter()
            .chain([&record.city, &record.code, &record.country]);
        for cell in cells {
            text.push_str(&format!(",\"{}\"", cell.replace('"', "\"\"")));
        }
        text.push('\n');
    }
    text
}

/// Which record has which ref.
fn references(base: &Path) -> HashMap<String, usize> {
    let statement = "SELECT c.no, e.value FROM external_id AS e JOIN customer AS c ON c.id = e.record_id WHERE e.system = 'set'";
    let mut ask = crm(base);
    ask.args(["sql", statement, "--format", "tsv", "--no-header"]);
    let output = ask.stdout(Stdio::piped()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let known: HashMap<String, usize> = text
        .lines()
        .filter_map(|line| {
            let (no, value) = line.split_once('\t')?;
            Some((format!("C{no}"), value.parse().ok()?))
        })
        .collect();
    assert!(!known.is_empty(), "the set was not imported");
    known
}
