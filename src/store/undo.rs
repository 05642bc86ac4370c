//! Taking an operation back: its changes inverted in reverse, unless later work stands on them.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::{Error, Kind, Result};
use crate::store::log::{self, Op, OpKind};
use crate::store::tables::{LOOSE_REFERENCES, TABLES, Table, table};
use crate::store::tx::{ReadTx, WriteTx};

/// Inverts the changes of `embodiment`, and records this operation as `kind`.
///
/// # Errors
///
/// Kind `Conflict` if a later operation that still stands has written the same columns, or has edited or referred to
/// a row that would go; it names that operation, and nothing is changed.
pub fn invert(tx: &WriteTx<'_>, embodiment: &Op, kind: OpKind) -> Result<()> {
    tx.set_kind(kind);
    updates(tx, embodiment.id)?;
    inserts(tx, embodiment.id)?;
    deletes(tx, embodiment, kind)
}

/// Puts the old values back, the latest change of a row first.
fn updates(tx: &WriteTx<'_>, op: Id) -> Result<()> {
    let mut statement = tx.connection().prepare_cached(
        "SELECT table_name, row_id, before FROM op_change WHERE op_id = ?1 AND action = 'update' ORDER BY id DESC",
    )?;
    let mut rows = statement.query([op.raw()])?;
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let id = Id::from_raw(row.get(1)?);
        let before: String = row.get(2)?;
        let table = known(&name)?;
        let image = image(tx, &before)?;
        if let Some(later) = later_write(tx, op, id, &image)? {
            return Err(conflict(&later, "has changed the same values since"));
        }
        tx.update(
            table.name,
            id,
            image
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect(),
        )?;
    }
    Ok(())
}

/// Takes inserted rows out, after making sure that nothing later stands on them.
fn inserts(tx: &WriteTx<'_>, op: Id) -> Result<()> {
    let ranges: Vec<(String, Id, Id)> = tx.all(
        "SELECT table_name, row_id, last_row_id FROM op_change WHERE op_id = ?1 AND action = 'insert' ORDER BY id DESC",
        [op.raw()],
        |row| Ok((row.get(0)?, Id::from_raw(row.get(1)?), Id::from_raw(row.get(2)?))),
    )?;
    for (name, first, last) in &ranges {
        let edited = tx.one(
            "SELECT op.no FROM op_change AS change JOIN op ON op.id = change.op_id
             WHERE change.row_id BETWEEN ?1 AND ?2 AND change.table_name = ?3 AND change.op_id > ?4 AND op.active = 1
             LIMIT 1",
            (first.raw(), last.raw(), name, op.raw()),
            |row| row.get(0),
        )?;
        if let Some(no) = edited {
            let later =
                log::by_number(tx, no)?.ok_or_else(|| Error::internal("an operation has vanished"))?;
            return Err(conflict(&later, "has changed what would go"));
        }
        refuse_references(tx, op, &ranges, name, *first, *last)?;
    }
    for (name, first, last) in ranges {
        log::delete_range(tx, known(&name)?, first, last)?;
    }
    Ok(())
}

/// Puts deleted rows back as they were.
fn deletes(tx: &WriteTx<'_>, embodiment: &Op, kind: OpKind) -> Result<()> {
    let names: Vec<String> = tx.all(
        "SELECT DISTINCT table_name FROM op_change WHERE op_id = ?1 AND action = 'delete'",
        [embodiment.id.raw()],
        |row| row.get(0),
    )?;
    for name in names {
        let table = known(&name)?;
        let columns = log::logged_columns(tx, table)?;
        let extracts: Vec<String> = columns
            .iter()
            .map(|column| format!("json_extract(before, '$.{column}')"))
            .collect();
        let sql = format!(
            "INSERT INTO {name} ({}) SELECT {} FROM op_change
             WHERE op_id = ?1 AND action = 'delete' AND table_name = ?2 ORDER BY id",
            columns.join(", "),
            extracts.join(", ")
        );
        let count = tx
            .connection()
            .prepare_cached(&sql)?
            .execute((embodiment.id.raw(), &name))
            .map_err(|error| taken(Error::from(error)))?;
        tx.add_changes(u64::try_from(count).unwrap_or(0));
        let dirty = tx.dirty();
        tx.each_row(
            "SELECT row_id FROM op_change WHERE op_id = ?1 AND action = 'delete' AND table_name = ?2",
            (embodiment.id.raw(), &name),
            |row| {
                let id = Id::from_raw(row.get(0)?);
                dirty.borrow_mut().touch_range(tx, table, id, id)
            },
        )?;
        note_restored(tx, embodiment, kind, &name)?;
    }
    Ok(())
}

/// Notes the rows that came back. A redo brings back exactly what its target inserted, so the target's own ranges
/// serve; an undo of deletes notes row by row.
fn note_restored(tx: &WriteTx<'_>, embodiment: &Op, kind: OpKind, name: &str) -> Result<()> {
    let (source, action) = match kind {
        OpKind::Redo(target) => (target, "insert"),
        OpKind::Do | OpKind::Undo(_) => (embodiment.id, "delete"),
    };
    let ranges: Vec<(Id, Id)> = tx.all(
        "SELECT row_id, last_row_id FROM op_change WHERE op_id = ?1 AND action = ?2 AND table_name = ?3 ORDER BY id",
        (source.raw(), action, name),
        |row| Ok((Id::from_raw(row.get(0)?), Id::from_raw(row.get(1)?))),
    )?;
    for (first, last) in ranges {
        log::insert(tx, name, first, last)?;
    }
    Ok(())
}

/// The latest standing operation after `op` that wrote one of `columns` of row `id`.
fn later_write(tx: &ReadTx<'_>, op: Id, id: Id, columns: &[(String, Sql)]) -> Result<Option<Op>> {
    let writes: Vec<(i64, Option<String>)> = tx.all(
        "SELECT op.no, change.after FROM op_change AS change JOIN op ON op.id = change.op_id
         WHERE change.row_id = ?1 AND change.op_id > ?2 AND change.action = 'update' AND op.active = 1
         ORDER BY change.op_id DESC",
        [id.raw(), op.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (no, after) in writes {
        let wrote = after.unwrap_or_default();
        let image: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&wrote)
            .map_err(|error| Error::internal("an image in the log cannot be read").with_source(error))?;
        if columns.iter().any(|(column, _)| image.contains_key(column)) {
            return log::by_number(tx, no);
        }
    }
    Ok(None)
}

/// Refuses to take out rows that rows of other operations refer to.
fn refuse_references(
    tx: &ReadTx<'_>,
    op: Id,
    ranges: &[(String, Id, Id)],
    name: &str,
    first: Id,
    last: Id,
) -> Result<()> {
    for (child, column) in references(tx, name)? {
        let own: Vec<String> = ranges
            .iter()
            .filter(|(table, ..)| *table == child)
            .map(|(_, first, last)| format!("id BETWEEN {} AND {}", first.raw(), last.raw()))
            .collect();
        let own = if own.is_empty() {
            "0".to_owned()
        } else {
            own.join(" OR ")
        };
        let sql = format!("SELECT id FROM {child} WHERE {column} BETWEEN ?1 AND ?2 AND NOT ({own}) LIMIT 1");
        let Some(row) = tx.one(&sql, [first.raw(), last.raw()], |row| row.get::<_, i64>(0))? else {
            continue;
        };
        let referrer = referrer(tx, op, Id::from_raw(row), &child)?;
        return Err(match referrer {
            Some(later) => conflict(&later, "refers to what would go"),
            None => Error::new(
                Kind::Conflict,
                format!("cannot undo: a {child} refers to what would go"),
            ),
        });
    }
    Ok(())
}

/// Every column that can name a row of `name`.
fn references(tx: &ReadTx<'_>, name: &str) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for table in TABLES {
        let columns: Vec<String> = tx.all(
            "SELECT \"from\" FROM pragma_foreign_key_list(?1) WHERE \"table\" = ?2",
            [table.name, name],
            |row| row.get(0),
        )?;
        // A kept-up column follows from a row that is looked at itself.
        let columns = columns
            .into_iter()
            .filter(|column| !table.kept_up.contains(&column.as_str()));
        found.extend(columns.map(|column| (table.name.to_owned(), column)));
    }
    found.extend(
        LOOSE_REFERENCES
            .iter()
            .map(|(table, column)| ((*table).to_owned(), (*column).to_owned())),
    );
    Ok(found)
}

/// The standing operation after `op` that wrote or made the row that refers.
fn referrer(tx: &ReadTx<'_>, op: Id, row: Id, table: &str) -> Result<Option<Op>> {
    let no: Option<i64> = tx.one(
        "SELECT op.no FROM op_change AS change JOIN op ON op.id = change.op_id
         WHERE change.row_id <= ?1 AND change.last_row_id >= ?1 AND change.table_name = ?2 AND op.active = 1
           AND op.id > ?3
         ORDER BY op.id DESC LIMIT 1",
        (row.raw(), table, op.raw()),
        |row| row.get(0),
    )?;
    no.map_or(Ok(None), |no| log::by_number(tx, no))
}

fn conflict(later: &Op, what: &str) -> Error {
    Error::new(
        Kind::Conflict,
        format!("cannot undo: operation {} ({}) {what}", later.no, later.title),
    )
}

/// A row cannot come back because its place was taken.
fn taken(error: Error) -> Error {
    if error.kind() == Kind::Internal {
        return Error::new(
            Kind::Conflict,
            "cannot undo: something else has taken the place of what would come back",
        )
        .with_source(error);
    }
    error
}

/// The columns of an image.
fn image(tx: &ReadTx<'_>, image: &str) -> Result<Vec<(String, Sql)>> {
    tx.all("SELECT key, atom FROM json_each(?1)", [image], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}

fn known(name: &str) -> Result<&'static Table> {
    table(name).ok_or_else(|| Error::internal(format!("{name} is not a logged table")))
}
