//! The log of somebody: what it holds of them, and how that goes.

use std::collections::BTreeSet;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::links;
use crate::store::privacy::{ERASED, Held, SHARED, Words, speaks};
use crate::store::tx::{ReadTx, WriteTx};

/// The action of a mark in the log.
const MARK: &str = "erased";

/// A line of the log that speaks of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The number of the operation.
    pub op: i64,
    /// When it was, in milliseconds since 1970.
    pub at_ms: i64,
    /// What it did.
    pub title: String,
    /// update, delete or erased.
    pub action: String,
    /// The table.
    pub table: String,
    /// The columns before, as a JSON object.
    pub before: Option<String>,
    /// The columns after, as a JSON object.
    pub after: Option<String>,
}

/// The changes in the log of rows that are held, and of rows that are gone and belonged to the customer.
pub fn logged(tx: &ReadTx<'_>, held: &Held, words: &Words) -> Result<Vec<Logged>> {
    let mut found = Vec::new();
    for change in changes(tx, held, words)? {
        found.extend(tx.one(
            "SELECT op.no, op.at, op.title, c.action, c.table_name, c.before, c.after FROM op_change AS c
             JOIN op ON op.id = c.op_id WHERE c.id = ?1",
            [change.raw()],
            |row| {
                Ok(Logged {
                    op: row.get(0)?,
                    at_ms: row.get(1)?,
                    title: row.get(2)?,
                    action: row.get(3)?,
                    table: row.get(4)?,
                    before: row.get(5)?,
                    after: row.get(6)?,
                })
            },
        )?);
    }
    Ok(found)
}

/// The lines of the log with images of rows that are held, or of rows that are gone and named one that is. What deals
/// went through stays, unless it says one of the words.
fn changes(tx: &ReadTx<'_>, held: &Held, words: &Words) -> Result<BTreeSet<Id>> {
    let mut found = BTreeSet::new();
    for (name, rows) in held {
        for id in rows {
            let lines: Vec<(Id, String)> = tx.all(
                "SELECT id, coalesce(before, '') || coalesce(after, '') FROM op_change
                 WHERE row_id = ?1 AND table_name = ?2 AND action IN ('update', 'delete')",
                (id.raw(), *name),
                |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
            )?;
            let lines = lines
                .into_iter()
                .filter(|(_, text)| !SHARED.contains(name) || words.are_in(text));
            found.extend(lines.map(|(id, _)| id));
        }
    }
    let owners: BTreeSet<String> = ["customer", "activity", "task"]
        .into_iter()
        .filter_map(|name| held.get(name))
        .flatten()
        .map(|id| id.raw().to_string())
        .collect();
    tx.each_row(
        "SELECT id, before FROM op_change WHERE action = 'delete' AND before IS NOT NULL",
        [],
        |row| {
            let before = row.get_ref(1)?.as_str().unwrap_or_default();
            let numbers = before.split(|letter: char| !letter.is_ascii_digit());
            if numbers
                .filter(|number| number.len() > 12)
                .any(|number| owners.contains(number))
            {
                found.insert(Id::from_raw(row.get(0)?));
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// Empties the images of rows in the log, takes what the customer is known by from what was typed, and marks what can no
/// longer be taken back.
pub(super) fn erase(tx: &WriteTx<'_>, customer: Id, held: &Held, words: &Words) -> Result<()> {
    let mut touched: BTreeSet<i64> = BTreeSet::new();
    for change in changes(tx, held, words)? {
        touched.extend(tx.one(
            "SELECT op_id FROM op_change WHERE id = ?1",
            [change.raw()],
            |row| row.get::<_, i64>(0),
        )?);
        tx.connection()
            .prepare_cached(
                "UPDATE op_change SET before = '{}', after = CASE WHEN after IS NULL THEN NULL ELSE '{}' END WHERE id = ?1",
            )?
            .execute([change.raw()])?;
    }
    let mut near = touched.clone();
    for (name, rows) in held {
        for id in rows {
            let made: Option<i64> = tx.one(
                "SELECT op_id FROM (SELECT op_id, last_row_id FROM op_change
                   WHERE row_id <= ?1 AND table_name = ?2 AND action = 'insert' ORDER BY row_id DESC LIMIT 1)
                 WHERE last_row_id >= ?1",
                (id.raw(), *name),
                |row| row.get(0),
            )?;
            near.extend(made);
            if !SHARED.contains(name) {
                touched.extend(made);
            }
        }
    }
    for op in &touched {
        mark(tx, *op, customer)?;
    }
    mark(tx, tx.op().raw(), customer)?;
    erase_lines(tx, &touched, &near, &refs(tx, held)?, words)
}

/// The refs of the customer and of whatever loses what it said.
fn refs(tx: &ReadTx<'_>, held: &Held) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for noun in [Noun::Customer, Noun::Activity, Noun::Task, Noun::Ticket] {
        for id in held.get(noun.name()).into_iter().flatten() {
            found.extend(links::link(tx, noun, *id)?.map(|link| link.reference().to_string()));
        }
    }
    Ok(found)
}

/// Takes what the customer is known by out of titles and commands: of operations that have `touched` what is held also what
/// follows on one of the refs, of those `near` it parts of the name, of all others what means nobody else.
fn erase_lines(
    tx: &WriteTx<'_>,
    touched: &BTreeSet<i64>,
    near: &BTreeSet<i64>,
    refs: &BTreeSet<String>,
    words: &Words,
) -> Result<()> {
    let lines: Vec<(i64, String, String)> = tx.all("SELECT id, title, command FROM op", [], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    for (op, title, command) in lines {
        let speaks = |text: &str| match near.contains(&op) {
            true => words.are_in(text),
            false => speaks(text, &words.telling),
        };
        let cleaned = |text: &str| match speaks(text) {
            true => ERASED.to_owned(),
            false => text.to_owned(),
        };
        // A command line says what was noted too.
        let new_command = match touched.contains(&op) && !command.is_empty() {
            true => ERASED.to_owned(),
            false => cleaned(&command),
        };
        let new_title = match touched.contains(&op) {
            true => cleaned(&without_name(&title, refs)),
            false => cleaned(&title),
        };
        if new_title != title || new_command != command {
            tx.connection()
                .prepare_cached("UPDATE op SET title = ?2, command = ?3 WHERE id = ?1")?
                .execute((op, new_title, new_command))?;
        }
    }
    Ok(())
}

/// A title up to the first of the refs; what follows is how the record was called then.
fn without_name(title: &str, refs: &BTreeSet<String>) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut words = title.split(' ');
    while let Some(word) = words.next() {
        kept.push(word);
        if refs.contains(word.trim_end_matches([':', ',', ';'])) && words.next().is_some() {
            kept.push(ERASED);
            break;
        }
    }
    kept.join(" ")
}

/// Marks an operation as one that cannot be taken back, because of what it did to a row.
fn mark(tx: &WriteTx<'_>, op: i64, row: Id) -> Result<()> {
    tx.connection()
        .prepare_cached(
            "INSERT INTO op_change (id, op_id, action, table_name, row_id, last_row_id, before, after)
             VALUES (?1, ?2, ?3, 'customer', ?4, ?4, '{}', '{}')",
        )?
        .execute((tx.new_id().raw(), op, MARK, row.raw()))?;
    Ok(())
}

/// Whether values in an operation were erased, so that it cannot be taken back or done again.
pub(crate) fn is_marked(tx: &ReadTx<'_>, op: Id) -> Result<bool> {
    let found = tx.one(
        "SELECT 1 FROM op_change WHERE op_id = ?1 AND action = 'erased' LIMIT 1",
        [op.raw()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}
