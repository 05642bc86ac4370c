//! Checking a base: what SQLite says of the file, and what has to hold of the rows whatever was done.
//!
//! Nothing is remembered but findings, and of one sort at most a thousand of those, so that the memory does not grow
//! with the base. What follows from other rows can be made anew and so is mended without loss; the rest is told.

mod index;
mod rules;

use std::cell::RefCell;

use crate::domain::id::{Id, Ref};
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};
use crate::store::columns::table;
use crate::store::tx::{ReadTx, WriteTx};
use crate::store::{anew, documents};

/// How far a check goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Depth {
    /// Compare every index of the file with its rows, and every token of the search index with its document.
    pub full: bool,
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check found it: `file`, `reference`, `interval`, `stage`, `number`, `option`, `merge`, `kept`, `search`.
    pub check: &'static str,
    /// The table.
    pub table: String,
    /// The row; none if it is about several.
    pub row: Option<Id>,
    /// What is wrong, lower case, no period.
    pub problem: String,
    /// Whether it follows from other rows and so can be mended.
    pub derived: bool,
}

impl Finding {
    fn new(check: &'static str, table: &str, row: Option<Id>, problem: String) -> Finding {
        Finding {
            check,
            table: table.to_owned(),
            row,
            problem,
            derived: false,
        }
    }
}

/// The checks, in their order, by the word that people see.
pub const CHECKS: [&str; 9] = [
    "file",
    "reference",
    "interval",
    "stage",
    "number",
    "option",
    "merge",
    "kept",
    "search",
];

/// So many findings of one check are told one by one.
pub const MOST: usize = 1000;

/// Runs the check called `name`, one of [`CHECKS`]. In a transaction of [`crate::store::Store::inspect`] nothing is
/// written; in one of [`crate::store::Store::mend`] what follows from other rows is mended.
///
/// # Errors
///
/// Whatever the base fails with, other than by being damaged, which is a finding.
pub fn run(tx: &WriteTx<'_>, name: &str, depth: Depth) -> Result<Vec<Finding>> {
    let found = match name {
        "file" => file(tx, depth),
        "reference" => rules::references(tx),
        "interval" => rules::intervals(tx),
        "stage" => rules::stages(tx),
        "number" => rules::numbers(tx),
        "option" => rules::options(tx),
        "merge" => rules::merges(tx),
        "kept" => kept(tx),
        "search" => search(tx, depth),
        other => Err(Error::internal(format!("there is no check {other}"))),
    };
    match found {
        Err(error) if error.kind() == Kind::Corrupt => Ok(vec![Finding::new(
            "file",
            "",
            None,
            format!("{name}: {}", error.message()),
        )]),
        found => found,
    }
}

/// The ref of the record that a finding is about; none if it is about none that has one.
pub fn reference(tx: &ReadTx<'_>, finding: &Finding) -> Result<Option<Ref>> {
    let Some(id) = finding.row else { return Ok(None) };
    let about = Noun::parse(&finding.table);
    for noun in Noun::ALL.into_iter().filter(|noun| noun.prefix().is_some()) {
        if about.is_some_and(|about| about != noun) {
            continue;
        }
        let sql = format!("SELECT no FROM \"{}\" WHERE id = ?1", table(noun));
        if let Some(no) = tx.one(&sql, [id.raw()], |row| row.get(0))? {
            return Ok(Some(Ref { noun, no }));
        }
    }
    Ok(None)
}

/// What SQLite finds in its own pages.
fn file(tx: &WriteTx<'_>, depth: Depth) -> Result<Vec<Finding>> {
    let sql = match depth.full {
        true => "PRAGMA integrity_check(100)",
        false => "PRAGMA quick_check(100)",
    };
    let lines = tx.all(sql, [], |row| row.get::<_, String>(0))?;
    Ok(lines
        .into_iter()
        .filter(|line| line != "ok")
        .map(|line| Finding::new("file", "", None, line))
        .collect())
}

/// Kept-up columns that are not what follows from other rows.
fn kept(tx: &WriteTx<'_>) -> Result<Vec<Finding>> {
    anew::all(tx)?;
    Ok(seen(tx, "kept", |columns| {
        format!("{} is not what follows from other rows", columns.join(", "))
    }))
}

/// Documents that do not say what their records say; to the full, also tokens that are not those of the documents.
fn search(tx: &WriteTx<'_>, depth: Depth) -> Result<Vec<Finding>> {
    documents::refresh_all(tx)?;
    let mut found = seen(tx, "search", |_| {
        "the indexed text is not that of the record".to_owned()
    });
    if depth.full {
        found.extend(index::compare(tx)?);
    }
    // Taking out the words of a text that was not the indexed one leaves others behind.
    if !found.is_empty() && tx.watch().is_some_and(|watch| watch.borrow().mends) {
        documents::rebuild(tx)?;
    }
    Ok(found)
}

/// What the watch of the transaction has noted since it was asked last.
fn seen(tx: &WriteTx<'_>, check: &'static str, say: impl Fn(&[String]) -> String) -> Vec<Finding> {
    let Some(mut watch) = tx.watch().map(RefCell::borrow_mut) else {
        return Vec::new();
    };
    let differences = std::mem::take(&mut watch.differences);
    let count = std::mem::take(&mut watch.count);
    let rest = count - u64::try_from(differences.len()).unwrap_or(count);
    let mut found: Vec<Finding> = differences
        .into_iter()
        .map(|(table, id, columns)| Finding {
            derived: true,
            ..Finding::new(check, &table, Some(id), say(&columns))
        })
        .collect();
    if rest > 0 {
        found.push(Finding {
            derived: true,
            ..Finding::new(check, "", None, format!("{rest} more rows"))
        });
    }
    found
}
