//! Bringing a base to the schema of this program, and refusing one from the future.
//!
//! Every step is a numbered file in `migrations/`, never edited once a version with it was released. All pending
//! steps run in one immediate transaction, after a verified backup when there is anything to lose.

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use crate::error::{Error, Kind, Result};
use crate::store::open::APPLICATION_ID;

/// The steps, in order; the version of a schema is the number of its last step.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_init.sql"),
    include_str!("migrations/0002_views.sql"),
    include_str!("migrations/0003_data_in_and_out.sql"),
    include_str!("migrations/0004_quotes_orders.sql"),
    include_str!("migrations/0005_leads.sql"),
    include_str!("migrations/0006_tickets.sql"),
    include_str!("migrations/0007_service.sql"),
    include_str!("migrations/0008_clocks.sql"),
    include_str!("migrations/0009_feedback.sql"),
    include_str!("migrations/0010_process.sql"),
    include_str!("migrations/0011_rules.sql"),
];

/// The schema version of this program.
pub const VERSION: i64 = STEPS.len() as i64;

/// Checks that the file is ours and tells its schema version.
///
/// # Errors
///
/// A foreign file, or one that a newer program wrote; neither is touched.
pub(crate) fn inspect(connection: &Connection) -> Result<i64> {
    let mark: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    if mark != APPLICATION_ID {
        return Err(Error::new(Kind::Foreign, "the file is not a base of crm"));
    }
    known(current(connection)?)
}

/// Checks that the base of a connection that has been open for a while was not brought to a newer schema meanwhile.
///
/// # Errors
///
/// A newer program did that.
pub(crate) fn inspect_again(connection: &Connection) -> Result<()> {
    let sql = "SELECT coalesce(max(version), 0) FROM migration";
    let version = connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
    known(version).map(|_| ())
}

/// A schema version, if this program knows it.
fn known(version: i64) -> Result<i64> {
    if version > VERSION {
        return Err(Error::new(
            Kind::TooNew,
            format!("the base has schema {version}, this program knows only {VERSION}; it was not touched"),
        ));
    }
    Ok(version)
}

/// Runs what is missing; `before` is called once if there is something to run, when nobody else can write any more.
///
/// # Errors
///
/// Whatever `before` or a step fails with; the base is as it was then. `Busy` if others wrote for [`PATIENCE_S`] seconds.
pub(crate) fn run(connection: &Connection, now_ms: i64, before: impl FnOnce() -> Result<()>) -> Result<()> {
    if current(connection)? == VERSION {
        return Ok(());
    }
    let transaction = begin(connection)?;
    // Another process may have done the work while this one waited for the lock.
    let version = current(&transaction)?;
    if version == VERSION {
        return Ok(());
    }
    before()?;
    for (number, step) in (1_i64..).zip(STEPS).filter(|(number, _)| *number > version) {
        transaction.execute_batch(step).map_err(|error| {
            Error::from(error).context(format!("cannot bring the base to schema {number}"))
        })?;
        transaction.execute(
            "INSERT INTO migration (version, applied_at, program) VALUES (?1, ?2, ?3)",
            (number, now_ms, env!("CARGO_PKG_VERSION")),
        )?;
    }
    transaction.commit()?;
    Ok(())
}

/// How long a migration waits for others, one of which may be at the same work on a large base.
const PATIENCE_S: u32 = 300;

fn begin(connection: &Connection) -> Result<Transaction<'_>> {
    let mut waited = 0;
    loop {
        match Transaction::new_unchecked(connection, TransactionBehavior::Immediate) {
            Ok(transaction) => return Ok(transaction),
            Err(error) => {
                let error = Error::from(error);
                // Each attempt has waited for a second, see the busy timeout of the connection.
                waited += 1;
                if error.kind() != Kind::Busy || waited >= PATIENCE_S {
                    return Err(error);
                }
            }
        }
    }
}

/// The schema version; 0 for a file without tables.
fn current(connection: &Connection) -> Result<i64> {
    let known: Option<i64> = connection
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE name = 'migration'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    if known.is_none() {
        return Ok(0);
    }
    Ok(
        connection.query_row("SELECT coalesce(max(version), 0) FROM migration", [], |row| {
            row.get(0)
        })?,
    )
}
