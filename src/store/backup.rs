//! Copies of a base: taken while others write, opened and checked before they count.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::error::{Error, Kind, Result};
use crate::store::{migrate, open};

/// How many pages are copied before others get a turn.
const PAGES: i32 = 4096;

/// Copies the base at `from` to a new file `to`, and verifies the copy.
///
/// # Errors
///
/// `to` exists, the disk is full, or the copy does not pass the check; then no copy is left behind.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Error::new(
            Kind::Invalid,
            format!("{} is already there", to.display()),
        ));
    }
    let source = open::connect_read_only(from)?;
    let outcome = write_copy(&source, to).and_then(|()| verify(to));
    if outcome.is_err() {
        std::fs::remove_file(to).ok();
    }
    outcome
}

fn write_copy(source: &Connection, to: &Path) -> Result<()> {
    let mut target = open::create(to)?;
    {
        let backup = Backup::new(source, &mut target)?;
        backup.run_to_completion(PAGES, Duration::ZERO, None)?;
    }
    target.close().map_err(|(_, error)| Error::from(error))
}

/// Opens the file, checks that it is ours and whole.
///
/// # Errors
///
/// `Foreign`, `TooNew`, or `Corrupt` with the first thing that is wrong.
pub fn verify(path: &Path) -> Result<()> {
    let connection = open::connect_read_only(path)?;
    migrate::inspect(&connection)?;
    let answer: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if answer != "ok" {
        return Err(Error::new(
            Kind::Corrupt,
            format!("{} is damaged: {answer}", path.display()),
        ));
    }
    let loose: Option<String> = {
        let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        match rows.next()? {
            Some(row) => Some(row.get(0)?),
            None => None,
        }
    };
    match loose {
        Some(table) => Err(Error::new(
            Kind::Corrupt,
            format!(
                "{} is damaged: a row of {table} refers to nothing",
                path.display()
            ),
        )),
        None => Ok(()),
    }
}
