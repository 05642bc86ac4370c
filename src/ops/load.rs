//! A base from the files of a dump (`dump.rs`), equal to the one that they were made of.

use std::collections::BTreeMap;
use std::io::BufRead;

use serde_json::Value as Json;

use crate::domain::actor::Scope;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::ops::dump::{self, FORMAT};
use crate::store::whole::{self, Layout, Loading, Record};
use crate::store::{WriteTx, migrate};

/// What the manifest of a dump says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The schema of the base.
    pub schema: i64,
    /// How many records of each table.
    pub records: BTreeMap<String, u64>,
}

impl Manifest {
    /// Reads the text of a manifest.
    ///
    /// # Errors
    ///
    /// `Foreign` if it is that of something else, `TooNew` for the schema of a later program.
    pub fn parse(text: &str) -> Result<Manifest> {
        let foreign = || Error::new(Kind::Foreign, "this is no dump of crm");
        let json: Json = serde_json::from_str(text).map_err(|error| foreign().with_source(error))?;
        if json.get("format").and_then(Json::as_str) != Some(FORMAT) {
            return Err(foreign());
        }
        let schema = json.get("schema").and_then(Json::as_i64).ok_or_else(foreign)?;
        if schema > migrate::VERSION {
            return Err(Error::new(
                Kind::TooNew,
                format!(
                    "the dump has schema {schema}, this program knows only {}",
                    migrate::VERSION
                ),
            ));
        }
        let records = json
            .get("records")
            .and_then(Json::as_object)
            .ok_or_else(foreign)?;
        let counts = records
            .iter()
            .map(|(name, count)| Some((name.clone(), count.as_u64()?)));
        Ok(Manifest {
            schema,
            records: counts.collect::<Option<_>>().ok_or_else(foreign)?,
        })
    }
}

/// The order in which a whole base is imported: what is referred to comes first. Teams and users name each other, so the
/// teams come once more.
pub const ORDER: [Noun; 25] = [
    Noun::Team,
    Noun::User,
    Noun::Team,
    Noun::Tag,
    Noun::Field,
    Noun::Pipeline,
    Noun::Survey,
    Noun::Calendar,
    Noun::Sla,
    Noun::Article,
    Noun::Product,
    Noun::Pool,
    Noun::Customer,
    Noun::Deal,
    Noun::Quote,
    Noun::Order,
    Noun::Ticket,
    Noun::Feedback,
    Noun::Task,
    Noun::Activity,
    Noun::View,
    Noun::Form,
    Noun::Assignment,
    Noun::Score,
    Noun::Rule,
];

/// A file of a dump: its name, with its folder, and its content.
pub type File = (String, Box<dyn BufRead>);

/// Fills a base in which nothing was done yet; what it has from its founding goes. Not in the log.
///
/// # Errors
///
/// `Conflict` if the base has records; `Invalid`, with file and line, for what cannot be read or stored, and if the files
/// do not hold what the manifest says.
pub fn load(
    tx: &WriteTx<'_>,
    manifest: &Manifest,
    base: &str,
    files: impl Iterator<Item = Result<File>>,
) -> Result<u64> {
    if tx.caller().actor.scope != Scope::All {
        return Err(Error::new(
            Kind::ReadOnly,
            "only who sees everything can load a base",
        ));
    }
    if !whole::is_fresh(tx)? {
        return Err(Error::new(Kind::Conflict, "the base has records already"));
    }
    whole::clear(tx)?;
    let layout = Layout::of(tx)?;
    let mut loading = Loading::new(tx);
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for file in files {
        let (name, content) = file?;
        let table = dump::table_of(&layout, &name)
            .ok_or_else(|| Error::new(Kind::Invalid, format!("{name}: there are no such records")))?;
        *counts.entry(table).or_default() += lines(&mut loading, table, &name, content)?;
    }
    for (name, wanted) in &manifest.records {
        let found = counts.get(name.as_str()).copied().unwrap_or(0);
        if found != *wanted {
            return Err(Error::new(
                Kind::Invalid,
                format!("the dump is not whole: {found} of {wanted} records of {name} are there; dump again"),
            ));
        }
    }
    let in_base = |error: Error| error.context(dump::BASE);
    let base: Json =
        serde_json::from_str(base).map_err(|error| in_base(Error::new(Kind::Invalid, error.to_string())))?;
    let part = |name: &str| -> Result<&Record> {
        let found = base.get(name).and_then(Json::as_object);
        found.ok_or_else(|| in_base(Error::invalid(name, format!("{name} is missing"))))
    };
    loading
        .base(part("settings")?, part("numbers")?)
        .map_err(in_base)?;
    // A base that cannot say in which currency its sums are is none.
    tx.base_currency()
        .map_err(|_| in_base(Error::invalid("base_currency", "base_currency is no currency")))?;
    loading.finish()?;
    Ok(counts.values().sum())
}

/// Puts in the records of one file; gives how many there were.
fn lines(loading: &mut Loading<'_, '_>, table: &str, name: &str, content: Box<dyn BufRead>) -> Result<u64> {
    let mut count = 0;
    for (number, line) in (1_u64..).zip(content.lines()) {
        let at = |error: Error| error.context(format!("{name}, line {number}"));
        let line = line.map_err(|error| at(Error::from(error)))?;
        if line.trim().is_empty() {
            continue;
        }
        let record: Record = serde_json::from_str(&line)
            .map_err(|error| at(Error::new(Kind::Invalid, format!("this is no record: {error}"))))?;
        loading.record(table, &record).map_err(at)?;
        count += 1;
    }
    Ok(count)
}
