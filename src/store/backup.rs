//! Copies of a base: taken while others write, opened and checked before they count.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

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

/// Makes the base at `base` what the copy `from` is. What was there before is kept at `kept`.
///
/// The pages go over in one transaction of the base itself: whoever has it open sees the old state or the new one, and a
/// process that is killed in between leaves the old. A base that is too damaged for that is kept as it is and replaced.
///
/// # Errors
///
/// `Foreign`, `TooNew` or `Corrupt` for the copy; `Busy` while another process writes; the base is as it was then.
pub fn restore(base: &Path, from: &Path, kept: &Path) -> Result<()> {
    verify(from)?;
    if !base.exists() {
        return copy(from, base);
    }
    match copy(base, kept) {
        Ok(()) => overwrite(base, from),
        Err(error) if matches!(error.kind(), Kind::Corrupt | Kind::Foreign) => {
            for (base, kept) in with_logs(base).into_iter().zip(with_logs(kept)) {
                if base.exists() {
                    std::fs::rename(&base, &kept)?;
                }
            }
            copy(from, base)
        }
        Err(error) => Err(error),
    }
}

/// Writes all pages of `from` over those of the base, in one step.
fn overwrite(base: &Path, from: &Path) -> Result<()> {
    let source = open::connect_at_rest(from)?;
    let mut target = open::connect(base, open::Durability { full: true })?;
    {
        let backup = Backup::new(&source, &mut target)?;
        match backup.step(-1)? {
            StepResult::Done => {}
            _ => return Err(Error::new(Kind::Busy, "another process is writing to the base")),
        }
    }
    target.close().map_err(|(_, error)| Error::from(error))
}

/// A base, and the files beside it that belong to it.
fn with_logs(base: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|end| {
        let mut name = base.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    })
}

/// Opens the file, checks that it is ours and whole.
///
/// # Errors
///
/// `Foreign`, `TooNew`, or `Corrupt` with the first thing that is wrong.
pub fn verify(path: &Path) -> Result<()> {
    let connection = open::connect_at_rest(path)?;
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
