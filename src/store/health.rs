//! How a base does, seen from outside: read without bringing it to the schema of this program, and without waiting for
//! anybody.

use std::path::Path;

use rusqlite::Connection;

use crate::error::Result;
use crate::store::{migrate, open};

/// How a base does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// The schema version.
    pub schema: i64,
    /// Bytes of the file.
    pub file: u64,
    /// Bytes in it that hold nothing.
    pub free: u64,
    /// The first thing that is wrong with its pages; none if they are well or were not looked at.
    pub damage: Option<String>,
    /// Whether its pages were looked at.
    pub looked: bool,
    /// How many operations can be undone at most.
    pub operations: i64,
    /// How many older ones were forgotten.
    pub forgotten: i64,
    /// When the last operation was, in milliseconds since 1970; none without one.
    pub last_at_ms: Option<i64>,
}

/// Examines the file at `path`. Its pages are looked at if they are at most `most` bytes.
///
/// # Errors
///
/// `Foreign`, `TooNew`, `Corrupt` or whatever keeps it from being read.
pub fn examine(path: &Path, most: u64) -> Result<Health> {
    let connection = open::connect_at_rest(path)?;
    let schema = migrate::inspect(&connection)?;
    let page = number(&connection, "PRAGMA page_size")?;
    let mut health = Health {
        schema,
        file: number(&connection, "PRAGMA page_count")? * page,
        free: number(&connection, "PRAGMA freelist_count")? * page,
        ..Health::default()
    };
    if health.file <= most {
        health.looked = true;
        let answer: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        health.damage = Some(answer).filter(|answer| answer != "ok");
    }
    if schema == migrate::VERSION {
        (health.operations, health.last_at_ms) = connection.query_row(
            "SELECT count(*), (SELECT at FROM op ORDER BY id DESC LIMIT 1) FROM op",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let given: i64 = connection.query_row(
            "SELECT coalesce((SELECT last FROM counter WHERE name = 'op'), 0)",
            [],
            |row| row.get(0),
        )?;
        health.forgotten = given - health.operations;
    }
    Ok(health)
}

fn number(connection: &Connection, sql: &str) -> Result<u64> {
    let number: i64 = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(number.unsigned_abs())
}
