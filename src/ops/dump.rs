//! A base as a tree of files that differ only where the base does: for looking into, for comparing, for git.
//!
//! # The files
//!
//! * `manifest.json`: which schema, and how many records of each sort; written last.
//! * `base.json`: settings of the base, and the last numbers that were given out.
//! * `customers/0001.ndjson`: the customers 1 to 1000, one on a line, in the order of their numbers; so for every sort of
//!   record that has numbers. A million customers are a thousand files, and one changed customer is one changed line.
//! * `users.ndjson`: all users, one on a line, in the order in which they were made; so for what is named by a key, and
//!   for rates, options of picklists and opt-outs.
//!
//! A line is a record in full: its columns in the order of the schema, and under `rows` what belongs to it. What follows
//! from other rows is not in it, nor anything that changes by itself.

use serde_json::{Map, Value as Json, json};

use crate::domain::actor::Scope;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::store::tables::TABLES;
use crate::store::whole::{self, Layout, Reading, Shape};
use crate::store::{ReadTx, migrate};

/// The file that says what a dump is.
pub const MANIFEST: &str = "manifest.json";

/// The file with what is of the base itself.
pub const BASE: &str = "base.json";

/// How the files of records end.
pub const EXTENSION: &str = "ndjson";

/// What a manifest says of its kind.
pub(crate) const FORMAT: &str = "crm dump 1";

/// So many numbers share a file.
const TOGETHER: i64 = 1000;

/// Who keeps the files of a dump.
pub trait Shelf {
    /// What follows goes into this file, whose name may have one folder before it.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    fn begin(&mut self, file: &str) -> Result<()>;

    /// Adds a line, which has no end of its own.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    fn line(&mut self, line: &str) -> Result<()>;

    /// The file is whole.
    ///
    /// # Errors
    ///
    /// The file cannot be put in place.
    fn end(&mut self) -> Result<()>;
}

/// What a dump holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dumped {
    /// How many records of each sort, in the order of the tables.
    pub records: Vec<(&'static str, u64)>,
    /// Rows that are not in it because they name a record which is not there: table and how many.
    pub left: Vec<(&'static str, i64)>,
}

/// Writes the whole base.
///
/// # Errors
///
/// `ReadOnly` for who does not see everything; whatever the shelf fails with.
pub fn dump(tx: &ReadTx<'_>, shelf: &mut dyn Shelf) -> Result<Dumped> {
    if tx.caller().actor.scope != Scope::All {
        return Err(Error::new(
            Kind::ReadOnly,
            "only who sees everything can dump the base",
        ));
    }
    let layout = Layout::of(tx)?;
    let mut reading = Reading::new(tx);
    let mut dumped = Dumped::default();
    for shape in layout.records() {
        let count = records(&mut reading, shape, shelf)?;
        dumped.records.push((shape.name(), count));
    }
    dumped.left = reading.finish()?;
    let base = json!({"settings": whole::settings(tx)?, "numbers": whole::numbers(tx)?});
    file(shelf, BASE, &base)?;
    let counts: Map<String, Json> = dumped
        .records
        .iter()
        .map(|(name, count)| ((*name).to_owned(), Json::from(*count)))
        .collect();
    let manifest = json!({"format": FORMAT, "schema": migrate::VERSION, "records": counts});
    file(shelf, MANIFEST, &manifest)?;
    Ok(dumped)
}

fn records(reading: &mut Reading<'_, '_>, shape: &Shape, shelf: &mut dyn Shelf) -> Result<u64> {
    let mut open: Option<String> = None;
    let mut count = 0;
    reading.records(shape, &mut |no, record| {
        let name = file_of(shape.name(), no);
        if open.as_deref() != Some(&name) {
            if open.is_some() {
                shelf.end()?;
            }
            shelf.begin(&name)?;
            open = Some(name);
        }
        count += 1;
        shelf.line(&Json::Object(record).to_string())
    })?;
    if open.is_some() {
        shelf.end()?;
    }
    Ok(count)
}

/// The file in which a record is.
fn file_of(table: &str, no: Option<i64>) -> String {
    match no {
        Some(no) => format!("{}/{:04}.{EXTENSION}", plural(table), (no - 1) / TOGETHER + 1),
        None => format!("{}.{EXTENSION}", plural(table)),
    }
}

/// The word for several records of a table.
fn plural(table: &str) -> String {
    Noun::parse(table).map_or_else(|| format!("{table}s"), |noun| noun.plural().to_owned())
}

/// The table whose records are in a file of a dump; none for a file that is none.
pub(crate) fn table_of(layout: &Layout, file: &str) -> Option<&'static str> {
    let found = layout.records().iter().find(|shape| {
        let name = plural(shape.name());
        match file.split_once('/') {
            Some((folder, rest)) => shape.is_numbered() && folder == name && is_bucket(rest),
            None => {
                file.strip_suffix(EXTENSION)
                    .and_then(|file| file.strip_suffix('.'))
                    == Some(&name)
            }
        }
    });
    found.map(Shape::name)
}

/// Whether a folder or a file, without the end of its name, may be that of records.
pub fn is_of_records(name: &str) -> bool {
    TABLES.iter().any(|table| plural(table.name) == name)
}

/// Whether a file in a folder of records is one of a dump: `0001.ndjson`.
pub fn is_bucket(file: &str) -> bool {
    let number = file
        .strip_suffix(EXTENSION)
        .and_then(|file| file.strip_suffix('.'));
    number.is_some_and(|number| number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn file(shelf: &mut dyn Shelf, name: &str, content: &Json) -> Result<()> {
    shelf.begin(name)?;
    let text = serde_json::to_string_pretty(content)
        .map_err(|error| Error::internal("a manifest is no JSON").with_source(error))?;
    for line in text.lines() {
        shelf.line(line)?;
    }
    shelf.end()
}
