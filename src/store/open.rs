//! Opening and creating the file: flags, pragmas, permissions. The only place that makes a connection.
//!
//! # What a power cut can cost
//!
//! WAL with `synchronous=NORMAL`: a killed process loses nothing that was acknowledged, and the file is never
//! half-written. After a power cut the last transactions may be missing, but the file is still whole. Set
//! `durability = "full"` in the configuration to sync every commit.

use std::fs;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::{Error, Kind, Result};
use crate::store::functions;

/// Marks a file as ours ("CRM1"), so that a foreign SQLite file is refused before anything is read from it.
pub(crate) const APPLICATION_ID: i32 = 0x4352_4d31;

/// How a base is opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Durability {
    /// Sync on every commit: safe against a power cut, slower.
    pub full: bool,
}

/// Refuses what cannot be a base without looking into it.
///
/// # Errors
///
/// `Foreign` for a folder and for an empty file.
fn refuse_at_sight(path: &Path) -> Result<()> {
    let what = match fs::metadata(path) {
        Ok(found) if found.is_dir() => "a folder",
        Ok(found) if found.len() == 0 => "an empty file",
        _ => return Ok(()),
    };
    Err(Error::new(
        Kind::Foreign,
        format!("{} is {what}, not a base of crm", path.display()),
    ))
}

/// Makes a connection to an existing file.
pub(crate) fn connect(path: &Path, durability: Durability) -> Result<Connection> {
    refuse_at_sight(path)?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let connection = match open(path, flags) {
        // SQLite opens a file that it may not write for reading, and then wants to write beside it.
        Ok(connection) if connection.is_readonly("main")? => return connect_at_rest(path),
        Ok(connection) => connection,
        Err(error) if error.kind() == Kind::ReadOnly || error.kind() == Kind::Missing => {
            return connect_at_rest(path);
        }
        Err(error) => return Err(error),
    };
    configure(&connection, durability).map_err(|error| error.context(path.display()))?;
    Ok(connection)
}

/// Makes a connection that never writes; used for backups of other files and for media that cannot be written.
pub(crate) fn connect_read_only(path: &Path) -> Result<Connection> {
    refuse_at_sight(path)?;
    let connection = open(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    configure(&connection, Durability::default()).map_err(|error| error.context(path.display()))?;
    Ok(connection)
}

/// Makes a connection to a copy that nobody writes to, and leaves nothing beside it.
///
/// A file in WAL mode that is opened for reading gets a log and an index beside it, which a reader cannot take away again. A
/// copy that is at rest is opened as one that cannot change.
pub(crate) fn connect_at_rest(path: &Path) -> Result<Connection> {
    refuse_at_sight(path)?;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if Path::new(&log).exists() {
        return connect_read_only(path);
    }
    if !path.exists() {
        return Err(Error::new(
            Kind::Missing,
            format!("there is no file {}", path.display()),
        ));
    }
    let mut uri = String::from("file:");
    for letter in path.to_string_lossy().chars() {
        match letter {
            '?' | '#' | '%' => uri.push_str(&format!("%{:02x}", u32::from(letter))),
            letter => uri.push(letter),
        }
    }
    uri.push_str("?immutable=1");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let cannot = |error: Error| error.context(format!("cannot open {}", path.display()));
    let connection = raw(Path::new(&uri), flags).map_err(cannot)?;
    configure(&connection, Durability::default()).map_err(|error| error.context(path.display()))?;
    Ok(connection)
}

/// Makes a connection to a new file at `path`, mode 0600.
pub(crate) fn create(path: &Path) -> Result<Connection> {
    reserve(path)?;
    let connection = open(
        path,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // Both are written into the file's header, so that they hold for every later connection.
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    configure(&connection, Durability::default())?;
    Ok(connection)
}

/// Makes a base in memory, for tests and rehearsals.
pub(crate) fn in_memory() -> Result<Connection> {
    let connection = Connection::open_in_memory()?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    configure(&connection, Durability::default())?;
    Ok(connection)
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection> {
    raw(path, flags).map_err(|error| error.context(format!("cannot open {}", path.display())))
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place where a connection is made"
)]
fn raw(path: &Path, flags: OpenFlags) -> Result<Connection> {
    Ok(Connection::open_with_flags(path, flags)?)
}

fn configure(connection: &Connection, durability: Durability) -> Result<()> {
    // The busy timeout comes before anything that could meet a lock.
    connection.busy_timeout(std::time::Duration::from_secs(1))?;
    connection.set_prepared_statement_cache_capacity(256);
    // A plan depends on the statement alone. Otherwise SQLite prepares a statement anew each time a value is bound that
    // might tip the choice of an index, which costs a loop over many rows more than the rows do.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(
        None,
        "synchronous",
        if durability.full { "FULL" } else { "NORMAL" },
    )?;
    // 32 MiB at most, whatever the size of the base.
    connection.pragma_update(None, "cache_size", -32_768)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    functions::register(connection)?;
    #[cfg(test)]
    if let Some(pages) = MOST_PAGES.get() {
        connection.pragma_update(None, "max_page_count", pages)?;
    }
    Ok(())
}

/// Makes an empty file that only its owner can read.
fn reserve(path: &Path) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) => Err(Error::from(error).context(format!("cannot create {}", path.display()))),
    }
}

#[cfg(test)]
thread_local! {
    /// The most pages that a base of this thread may have: how a test fills a disk.
    pub(crate) static MOST_PAGES: std::cell::Cell<Option<u32>> = const { std::cell::Cell::new(None) };
}
