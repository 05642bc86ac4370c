//! The store: the only room that speaks SQL.
//!
//! A [`Store`] is one open base. All access goes through two doors: [`Store::read`] lends a snapshot,
//! [`Store::write`] lends the one write transaction of an operation and records it in the log. What happens inside is
//! functions over [`ReadTx`] and [`WriteTx`]; only `ops` and `report` call them.
//!
//! # Concurrency
//!
//! WAL: readers never wait. A write begins immediate, so that it cannot fail half-way for a lock; while another
//! process writes, it waits up to [`Store::set_patience`]. An operation commits as a whole or not at all.
//!
//! A store is used by one thread at a time and may be handed to another. A program that reads in several threads opens a
//! store in each, by [`Store::look`]; what one of them runs is ended from outside by its [`Interrupter`].

pub mod activities;
pub mod agenda;
pub mod around;
pub mod articles;
pub mod assignments;
pub mod attachments;
pub mod backup;
pub mod check;
pub(crate) mod choices;
pub mod compact;
pub mod cursors;
pub mod customers;
pub mod deal_people;
pub mod deals;
pub mod erasures;
pub mod feedback;
pub mod fields;
pub mod folders;
pub mod forecasts;
pub mod health;
pub mod history;
pub mod lanes;
pub mod letters;
pub mod links;
pub mod listing;
pub mod log;
pub mod merge;
pub mod migrate;
pub mod notifications;
pub mod orders;
pub mod pipelines;
pub mod pools;
pub mod privacy;
pub mod quotes;
pub mod rates;
pub mod records;
pub mod refusals;
pub mod relationships;
pub mod reminders;
pub mod rollups;
pub mod rows;
pub mod rules;
pub mod sales;
pub mod scores;
pub mod seed;
pub mod series;
pub mod service;
pub mod sheets;
pub mod sql;
pub mod steps;
pub mod submissions;
pub mod tickets;
pub mod timeline;
pub mod trim;
pub mod undo;
pub mod users;
pub mod values;
pub mod whole;
pub mod window;

pub(crate) mod anew;
mod building;
pub(crate) mod columns;
pub mod documents;
pub mod duplicates;
mod fault;
pub(crate) mod filter;
mod functions;
mod interrupt;
pub(crate) mod keep;
mod open;
pub(crate) mod parts;
pub(crate) mod references;
pub(crate) mod search;
pub(crate) mod tables;
mod tx;
mod watch;

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use crate::domain::actor::{Actor, Caller, Scope};
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Kind, Result};

use building::Building;
pub use interrupt::Interrupter;
pub use open::Durability;
#[cfg(test)]
pub(crate) use open::MOST_PAGES;
pub use tx::{LAST_AT_ORIGIN, ReadTx, WriteTx};

/// One open base.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: Option<PathBuf>,
    patience_s: u32,
    waiting: Option<fn()>,
}

/// What a write brought about.
#[derive(Debug)]
pub struct Written<T> {
    /// The result of the work.
    pub value: T,
    /// The operation in the log; none if nothing was changed.
    pub op: Option<log::Op>,
}

impl Store {
    /// Opens the base at `path`, bringing it to the schema of this program if it is older.
    ///
    /// # Errors
    ///
    /// `Missing` if there is no file; `Foreign`, `TooNew` or `Corrupt` for a file that cannot be used; it is left as
    /// it is.
    pub fn open(path: &Path, durability: Durability, now_ms: i64) -> Result<Store> {
        if !path.exists() {
            return Err(Error::new(
                Kind::Missing,
                format!("there is no base at {}", path.display()),
            ));
        }
        let in_file = |error: Error| error.context(path.display());
        let connection = open::connect(path, durability)?;
        let version = migrate::inspect(&connection).map_err(in_file)?;
        if version < migrate::VERSION {
            migrate::run(&connection, now_ms, || backup_before_migration(path, version)).map_err(in_file)?;
        }
        Ok(Store::over(connection, Some(path.to_owned())))
    }

    /// Opens the base at `path` for a look: it is never changed, nor brought to another schema. Cheap enough for each of
    /// several readers, whose base another store of the program has opened and brought to this schema before.
    ///
    /// # Errors
    ///
    /// As for [`Store::open`]; `TooNew` also for a base of an older schema.
    pub fn look(path: &Path) -> Result<Store> {
        let connection = open::connect(path, Durability::default())?;
        connection.pragma_update(None, "query_only", true)?;
        if migrate::inspect(&connection)? != migrate::VERSION {
            return Err(Error::new(Kind::TooNew, "the base has another schema"));
        }
        Ok(Store::over(connection, Some(path.to_owned())))
    }

    /// Creates a base at `path` and fills it by `seed` in one transaction; a file that is already there stays.
    ///
    /// The file is built under another name and put in place when it is whole, so that nobody ever sees half a base.
    /// True if it was created by this call.
    ///
    /// # Errors
    ///
    /// `Foreign` or `TooNew` if a file is there that is no base of this program; `Full` or `ReadOnly`. Nothing is left
    /// behind then.
    pub fn create(
        path: &Path,
        caller: &Caller,
        seed: impl FnOnce(&WriteTx<'_>) -> Result<()>,
    ) -> Result<bool> {
        if path.exists() {
            migrate::inspect(&open::connect_at_rest(path)?).map_err(|error| error.context(path.display()))?;
            return Ok(false);
        }
        let building = Building::begin(path, caller.random)?;
        let connection = open::create(building.path())?;
        migrate::run(&connection, caller.clock.now_ms(), || Ok(()))?;
        let mut store = Store::over(connection, Some(building.path().to_owned()));
        store.found(caller, seed)?;
        store.close()?;
        building.put_in_place()
    }

    /// Makes a base in memory and fills it by `seed`; for tests and rehearsals.
    pub fn in_memory(caller: &Caller, seed: impl FnOnce(&WriteTx<'_>) -> Result<()>) -> Result<Store> {
        let connection = open::in_memory()?;
        migrate::run(&connection, caller.clock.now_ms(), || Ok(()))?;
        let mut store = Store::over(connection, None);
        store.found(caller, seed)?;
        Ok(store)
    }

    /// A copy in memory, which goes its own way; for tests and rehearsals. To copy a base costs far less than to make one.
    pub fn in_memory_copy(&self) -> Result<Store> {
        let mut connection = open::in_memory()?;
        backup::pages(&self.connection, &mut connection)?;
        Ok(Store::over(connection, None))
    }

    fn over(connection: Connection, path: Option<PathBuf>) -> Store {
        Store {
            connection,
            path,
            patience_s: 300,
            waiting: None,
        }
    }

    /// Runs the founding write, which is not in the log: there is nothing before it to go back to.
    fn found(&mut self, caller: &Caller, seed: impl FnOnce(&WriteTx<'_>) -> Result<()>) -> Result<()> {
        self.begin(caller, Watched::No, |tx| {
            seed(tx)?;
            tx.finish()?;
            tx.connection().execute_batch(
                "DELETE FROM op_change; DELETE FROM op; DELETE FROM counter WHERE name = 'op';",
            )?;
            Ok(true)
        })?;
        Ok(())
    }

    /// The file; none for a base in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Sets how many seconds a write waits for others, and what to call once it has waited for one.
    pub fn set_patience(&mut self, seconds: u32, waiting: Option<fn()>) {
        self.patience_s = seconds;
        self.waiting = waiting;
    }

    /// The user named `name`, as an actor.
    ///
    /// # Errors
    ///
    /// There is no such user, or the user is disabled.
    pub fn actor(&self, name: &str) -> Result<Actor> {
        let sql =
            "SELECT id, name, team_id, scope, status FROM user WHERE name_key = ?1 AND deleted_at IS NULL";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([fold(name)])?;
        let Some(row) = rows.next()? else {
            return Err(self.unknown_user(name)?);
        };
        let (scope, status): (String, String) = (row.get(3)?, row.get(4)?);
        if status == "disabled" {
            return Err(Error::new(
                Kind::ReadOnly,
                format!("the user {name:?} is disabled"),
            ));
        }
        Ok(Actor {
            id: Id::from_raw(row.get(0)?),
            name: row.get(1)?,
            team: row.get::<_, Option<i64>>(2)?.map(Id::from_raw),
            scope: Scope::parse(&scope).unwrap_or(Scope::Own),
        })
    }

    /// Says that there is no such user, and who may have been meant.
    fn unknown_user(&self, name: &str) -> Result<Error> {
        let sql = "SELECT name FROM user WHERE deleted_at IS NULL ORDER BY id";
        let mut statement = self.connection.prepare_cached(sql)?;
        let names: Vec<String> = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let near = near(name, names.iter().map(String::as_str));
        Ok(Error::not_found(Noun::User, name).with_near(near))
    }

    /// Lends a snapshot to `work`.
    pub fn read<T>(&self, caller: &Caller, work: impl FnOnce(&ReadTx<'_>) -> Result<T>) -> Result<T> {
        // A deferred transaction: everything that `work` reads is of one moment.
        let read = || {
            let snapshot = Snapshot::begin(&self.connection)?;
            let value = work(&ReadTx::new(&self.connection, caller))?;
            snapshot.end()?;
            Ok(value)
        };
        read().map_err(|error| self.placed(error))
    }

    /// An error that is about the file and not about what is in it, with the file in front.
    fn placed(&self, error: Error) -> Error {
        // Output that could not be written fails with the same kinds, and is none of the base's fault.
        let by_base = std::error::Error::source(&error).is_some_and(|source| source.is::<rusqlite::Error>());
        match (error.kind(), &self.path) {
            (Kind::Full | Kind::Io | Kind::ReadOnly | Kind::Corrupt, Some(path)) if by_base => {
                error.context(path.display())
            }
            _ => error,
        }
    }

    /// Lends the write transaction to `work`, records what it does as one operation, and commits.
    ///
    /// # Errors
    ///
    /// Whatever `work` fails with: then nothing was changed. `Busy` if other processes wrote all the time.
    pub fn write<T>(
        &mut self,
        caller: &Caller,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T>,
    ) -> Result<Written<T>> {
        let mut outcome = None;
        self.begin(caller, Watched::No, |tx| {
            let value = work(tx)?;
            let op = tx.finish()?;
            outcome = Some(Written { value, op });
            Ok(true)
        })?;
        outcome.ok_or_else(|| Error::internal("a write ended without an outcome"))
    }

    /// Does everything that [`Store::write`] does, and then rolls it back: a dry run that cannot differ from the act.
    pub fn rehearse<T>(
        &mut self,
        caller: &Caller,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut outcome = None;
        self.begin(caller, Watched::No, |tx| {
            outcome = Some(work(tx)?);
            tx.finish()?;
            Ok(false)
        })?;
        outcome.ok_or_else(|| Error::internal("a rehearsal ended without an outcome"))
    }

    /// Does everything that [`Store::write`] does, lends what the log has of it to `look`, and rolls it back; none if nothing
    /// would be changed.
    pub fn plan<T>(
        &mut self,
        caller: &Caller,
        work: impl FnOnce(&WriteTx<'_>) -> Result<()>,
        look: impl FnOnce(&ReadTx<'_>, &log::Op) -> Result<T>,
    ) -> Result<Option<T>> {
        let mut outcome = None;
        self.begin(caller, Watched::No, |tx| {
            work(tx)?;
            outcome = tx.finish()?.map(|op| look(tx, &op)).transpose()?;
            Ok(false)
        })?;
        Ok(outcome)
    }

    /// Lends a snapshot in which what follows from other rows is compared with what is there, and nothing is written.
    pub fn inspect<T>(&self, caller: &Caller, work: impl FnOnce(&WriteTx<'_>) -> Result<T>) -> Result<T> {
        let snapshot = Snapshot::begin(&self.connection)?;
        let tx = WriteTx::new(ReadTx::new(&self.connection, caller))?.watching(false);
        let value = work(&tx)?;
        snapshot.end()?;
        Ok(value)
    }

    /// Lends the write transaction to what mends rows that follow from others, and commits. Such rows are in no log.
    ///
    /// # Errors
    ///
    /// Whatever `work` fails with: then nothing was changed.
    pub fn mend<T>(&mut self, caller: &Caller, work: impl FnOnce(&WriteTx<'_>) -> Result<T>) -> Result<T> {
        let mut outcome = None;
        self.begin(caller, Watched::Yes, |tx| {
            outcome = Some(work(tx)?);
            Ok(true)
        })?;
        outcome.ok_or_else(|| Error::internal("mending ended without an outcome"))
    }

    fn begin(
        &mut self,
        caller: &Caller,
        watched: Watched,
        work: impl FnOnce(&WriteTx<'_>) -> Result<bool>,
    ) -> Result<()> {
        self.transact(caller, watched, work)
            .map_err(|error| self.placed(error))
    }

    /// Begins immediate, lends the transaction, commits if `work` says so.
    fn transact(
        &self,
        caller: &Caller,
        watched: Watched,
        work: impl FnOnce(&WriteTx<'_>) -> Result<bool>,
    ) -> Result<()> {
        end_of_last(&self.connection)?;
        self.patiently("BEGIN IMMEDIATE")?;
        let rollback = Rollback(&self.connection);
        migrate::inspect_again(&self.connection)?;
        // Rows come and go in any order inside an operation; what counts is the state at its end.
        self.connection.pragma_update(None, "defer_foreign_keys", true)?;
        let mut tx = WriteTx::new(ReadTx::new(&self.connection, caller))?;
        if watched == Watched::Yes {
            tx = tx.watching(true);
        }
        if work(&tx)? {
            self.connection.execute_batch("COMMIT")?;
            std::mem::forget(rollback);
        }
        Ok(())
    }

    /// What ends, from another thread, whatever this store runs.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter::of(&self.connection)
    }

    /// Closes the base, leaving one whole file behind if nobody else has it open.
    pub fn close(self) -> Result<()> {
        self.connection.close().map_err(|(_, error)| Error::from(error))
    }

    /// A number that changes when another process has written.
    pub fn data_version(&self) -> Result<i64> {
        Ok(self
            .connection
            .query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }
}

/// Whether it is noted which kept-up rows were not what they have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Watched {
    Yes,
    No,
}

/// A read transaction that ends when it goes out of scope.
struct Snapshot<'c>(&'c Connection);

impl<'c> Snapshot<'c> {
    fn begin(connection: &'c Connection) -> Result<Self> {
        end_of_last(connection)?;
        connection.execute_batch("BEGIN DEFERRED")?;
        Ok(Snapshot(connection))
    }

    fn end(self) -> Result<()> {
        self.0.execute_batch("COMMIT")?;
        std::mem::forget(self);
        Ok(())
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        // Reached only on an error; a failure to roll back a read has nothing to lose.
        self.0.execute_batch("ROLLBACK").ok();
    }
}

/// Ends a transaction that could not be ended: an interrupt that comes late can meet even a rollback.
fn end_of_last(connection: &Connection) -> Result<()> {
    if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    Ok(())
}

/// Rolls back when it goes out of scope: after an error, a panic, a rehearsal.
struct Rollback<'c>(&'c Connection);

impl Drop for Rollback<'_> {
    fn drop(&mut self) {
        // If SQLite has rolled back by itself (disk full), there is nothing left to do.
        self.0.execute_batch("ROLLBACK").ok();
    }
}

/// Keeps a verified copy of the base as it was; one from an earlier attempt stays too.
fn backup_before_migration(path: &Path, version: i64) -> Result<()> {
    let name = building::name(path);
    let free = (1_u32..)
        .map(|number| match number {
            1 => format!("{name}.schema-{version}.backup"),
            number => format!("{name}.schema-{version}-{number}.backup"),
        })
        .map(|name| path.with_file_name(name))
        .find(|target| !target.exists());
    let target = free.ok_or_else(|| Error::internal("no name is left for a copy"))?;
    backup::copy(path, &target)
}
