//! Copies of a base: taken while others write, opened and checked before they count.

use std::path::Path;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OptionalExtension};

use crate::error::{Error, Kind, Result};
use crate::store::building::{self, Building, with_logs};
use crate::store::{migrate, open};

/// How many pages are copied before others get a turn.
const PAGES: i32 = 4096;

/// Copies the base at `from` to a new file `to`, and verifies the copy before it gets its name.
///
/// # Errors
///
/// `to` exists, the disk is full, or the copy does not pass the check; then no copy is left behind.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(there(to));
    }
    let source = open::connect(from, open::Durability::default())?;
    migrate::inspect(&source).map_err(|error| error.context(from.display()))?;
    let building = Building::begin(to, 0)?;
    let copied = write_copy(&source, building.path());
    let checked = copied.and_then(|()| whole(&open::connect_at_rest(building.path())?));
    // What is damaged is the base; what does not fit is the copy.
    checked.map_err(|error| match error.kind() {
        Kind::Corrupt => error.context(from.display()),
        _ => error.context(format!("cannot copy the base to {}", to.display())),
    })?;
    source.close().map_err(|(_, error)| Error::from(error))?;
    match building.put_in_place()? {
        true => Ok(()),
        false => Err(there(to)),
    }
}

fn there(path: &Path) -> Error {
    Error::new(Kind::Invalid, format!("{} is already there", path.display()))
}

/// Writes all pages of one base over those of another.
pub(super) fn pages(source: &Connection, target: &mut Connection) -> Result<()> {
    let backup = Backup::new(source, target)?;
    backup.run_to_completion(PAGES, Duration::ZERO, None)?;
    Ok(())
}

fn write_copy(source: &Connection, to: &Path) -> Result<()> {
    let mut target = open::create(to)?;
    pages(source, &mut target)?;
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
            building::make_folder(kept)?;
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

/// Opens the file, checks that it is ours and whole.
///
/// # Errors
///
/// `Foreign`, `TooNew`, or `Corrupt` with the first thing that is wrong.
pub fn verify(path: &Path) -> Result<()> {
    let connection = open::connect_at_rest(path)?;
    whole(&connection).map_err(|error| error.context(path.display()))
}

fn whole(connection: &Connection) -> Result<()> {
    migrate::inspect(connection)?;
    let damaged = |what: String| Error::new(Kind::Corrupt, format!("the base is damaged: {what}"));
    let answer: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if answer != "ok" {
        return Err(damaged(answer.replace('\n', " ")));
    }
    let loose: Option<String> = connection
        .query_row("PRAGMA foreign_key_check", [], |row| row.get(0))
        .optional()?;
    match loose {
        Some(table) => Err(damaged(format!("a row of {table} refers to nothing"))),
        None => Ok(()),
    }
}
