//! The operation log: what every write did, kept so that it can be taken back.
//!
//! An insert is noted as a range of ids: the rows are their own image, and are copied only when they are taken
//! out. An update keeps the changed columns before and after, a delete the whole row. Kept-up columns, the search
//! index, cursors and backups are not in it.
//!
//! `op.active` says whether an operation's changes stand. Of a `do` and the `undo`s and `redo`s that follow it, at
//! most one is active: the `do` itself or the latest `redo`. Conflicts are looked for among active operations only.

use rusqlite::Row;
use rusqlite::types::Value as Sql;
use serde_json::{Map, Value as Json};

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tables::Table;
use crate::store::tx::{ReadTx, WriteTx, is_audit};

/// What an operation is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpKind {
    /// It does something new.
    Do,
    /// It takes back its target.
    Undo(Id),
    /// It does its target again, after an undo.
    Redo(Id),
}

impl OpKind {
    /// The word as stored.
    pub fn name(self) -> &'static str {
        match self {
            OpKind::Do => "do",
            OpKind::Undo(_) => "undo",
            OpKind::Redo(_) => "redo",
        }
    }

    fn target(self) -> Option<Id> {
        match self {
            OpKind::Do => None,
            OpKind::Undo(target) | OpKind::Redo(target) => Some(target),
        }
    }
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Op {
    /// Its identity; also the sequence of the log.
    pub id: Id,
    /// Its number, as people name it.
    pub no: i64,
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Who.
    pub actor: String,
    /// Through what.
    pub via: String,
    /// The command line.
    pub command: String,
    /// What it did.
    pub title: String,
    /// What it is to another operation.
    pub kind: OpKind,
    /// Whether its changes stand.
    pub active: bool,
}

const COLUMNS: &str = "op.id, op.no, op.at, coalesce(user.name, ''), op.via, op.command, op.title, op.kind, \
                       op.target_id, op.active FROM op LEFT JOIN user ON user.id = op.actor_id";

fn read(row: &Row<'_>) -> rusqlite::Result<Op> {
    let kind: String = row.get(7)?;
    let target: Option<i64> = row.get(8)?;
    let kind = match (kind.as_str(), target.map(Id::from_raw)) {
        ("undo", Some(target)) => OpKind::Undo(target),
        ("redo", Some(target)) => OpKind::Redo(target),
        _ => OpKind::Do,
    };
    Ok(Op {
        id: Id::from_raw(row.get(0)?),
        no: row.get(1)?,
        at_ms: row.get(2)?,
        actor: row.get(3)?,
        via: row.get(4)?,
        command: row.get(5)?,
        title: row.get(6)?,
        kind,
        active: row.get(9)?,
    })
}

/// The operation with this number.
pub fn by_number(tx: &ReadTx<'_>, no: i64) -> Result<Option<Op>> {
    tx.one(&format!("SELECT {COLUMNS} WHERE op.no = ?1"), [no], read)
}

/// The operation with this id.
pub fn by_id(tx: &ReadTx<'_>, id: Id) -> Result<Option<Op>> {
    tx.one(&format!("SELECT {COLUMNS} WHERE op.id = ?1"), [id.raw()], read)
}

/// The newest operations first, at most `limit`.
pub fn latest(tx: &ReadTx<'_>, limit: i64) -> Result<Vec<Op>> {
    tx.all(
        &format!("SELECT {COLUMNS} WHERE op.id > 0 ORDER BY op.id DESC LIMIT ?1"),
        [limit],
        read,
    )
}

/// The operations before one, newest first, at most `limit`; the newest of all if none is named.
pub fn before(tx: &ReadTx<'_>, op: Option<Id>, limit: i64) -> Result<Vec<Op>> {
    tx.all(
        &format!("SELECT {COLUMNS} WHERE op.id > 0 AND op.id < ?1 ORDER BY op.id DESC LIMIT ?2"),
        (op.map_or(i64::MAX, Id::raw), limit),
        read,
    )
}

/// The operation that the caller would undo next: the caller's latest that still stands.
pub fn latest_standing(tx: &ReadTx<'_>) -> Result<Option<Op>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE op.actor_id = ?1 AND op.kind = 'do'
           AND (op.active = 1
                OR EXISTS (SELECT 1 FROM op AS again WHERE again.target_id = op.id AND again.active = 1))
         ORDER BY op.id DESC LIMIT 1"
    );
    tx.one(&sql, [tx.caller().actor.id.raw()], read)
}

/// The operation that the caller would redo next: the one that the caller undid last and that is still undone.
pub fn latest_undone(tx: &ReadTx<'_>) -> Result<Option<Op>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE op.id = (
           SELECT undo.target_id FROM op AS undo
           WHERE undo.actor_id = ?1 AND undo.kind = 'undo'
             AND EXISTS (SELECT 1 FROM op AS done WHERE done.id = undo.target_id)
             AND NOT EXISTS (SELECT 1 FROM op AS later WHERE later.target_id = undo.target_id AND later.id > undo.id)
           ORDER BY undo.id DESC LIMIT 1)"
    );
    tx.one(&sql, [tx.caller().actor.id.raw()], read)
}

/// The latest of a `do` and its undos and redos: what has to be inverted to change sides.
pub(crate) fn embodiment(tx: &ReadTx<'_>, target: Id) -> Result<Option<Op>> {
    let sql = format!("SELECT {COLUMNS} WHERE op.id = ?1 OR op.target_id = ?1 ORDER BY op.id DESC LIMIT 1");
    tx.one(&sql, [target.raw()], read)
}

/// One noted change, as `op show` prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// insert, update or delete.
    pub action: String,
    /// The table.
    pub table: String,
    /// First row.
    pub row: Id,
    /// Last row; differs from the first only for inserts.
    pub last_row: Id,
    /// The columns before, as a JSON object.
    pub before: Option<String>,
    /// The columns after, as a JSON object.
    pub after: Option<String>,
}

/// The changes of an operation, in order, at most `limit`.
pub fn changes(tx: &ReadTx<'_>, op: Id, limit: i64) -> Result<Vec<Change>> {
    tx.all(
        "SELECT action, table_name, row_id, last_row_id, before, after FROM op_change WHERE op_id = ?1
         ORDER BY id LIMIT ?2",
        [op.raw(), limit],
        |row| {
            Ok(Change {
                action: row.get(0)?,
                table: row.get(1)?,
                row: Id::from_raw(row.get(2)?),
                last_row: Id::from_raw(row.get(3)?),
                before: row.get(4)?,
                after: row.get(5)?,
            })
        },
    )
}

/// Notes a range of inserted rows.
pub(crate) fn insert(tx: &WriteTx<'_>, table: &str, first: Id, last: Id) -> Result<()> {
    tx.connection()
        .prepare_cached(
            "INSERT INTO op_change (id, op_id, action, table_name, row_id, last_row_id)
             VALUES (?1, ?2, 'insert', ?3, ?4, ?5)",
        )?
        .execute((tx.new_id().raw(), tx.op().raw(), table, first.raw(), last.raw()))?;
    Ok(())
}

/// Notes changed columns of a row: name, old, new.
pub(crate) fn update(tx: &WriteTx<'_>, table: &str, id: Id, changed: &[(&str, Sql, Sql)]) -> Result<()> {
    let before = image(changed.iter().map(|(column, old, _)| (*column, old)));
    let after = image(changed.iter().map(|(column, _, new)| (*column, new)));
    tx.connection()
        .prepare_cached(
            "INSERT INTO op_change (id, op_id, action, table_name, row_id, last_row_id, before, after)
             VALUES (?1, ?2, 'update', ?3, ?4, ?4, ?5, ?6)",
        )?
        .execute((tx.new_id().raw(), tx.op().raw(), table, id.raw(), before, after))?;
    Ok(())
}

/// How many rows are taken out or put back at a time; in tests so few that everything is done in several parts.
pub(crate) const PART: usize = if cfg!(test) { 3 } else { 5_000 };

/// The last row of the part of a range of rows that begins at `first`.
pub(crate) fn end_of_part(tx: &ReadTx<'_>, table: &Table, first: Id, last: Id) -> Result<Id> {
    let sql = format!(
        "SELECT id FROM {} WHERE id BETWEEN ?1 AND ?2 ORDER BY id LIMIT 1 OFFSET {}",
        table.name,
        PART - 1
    );
    let end = tx.one(&sql, [first.raw(), last.raw()], |row| row.get(0))?;
    Ok(end.map_or(last, Id::from_raw))
}

/// Takes out all rows of `table` from `first` to `last` and notes their images. Of what they touch, the records that
/// are `spared` need not be brought up to date.
pub(crate) fn delete_range(
    tx: &WriteTx<'_>,
    table: &'static Table,
    first: Id,
    last: Id,
    spared: &dyn Fn(Id) -> bool,
) -> Result<()> {
    let name = table.name;
    let range = [first.raw(), last.raw()];
    tx.dirty()
        .borrow_mut()
        .touch_range(tx, table, (first, last), spared)?;
    let columns = logged_columns(tx, table)?;
    let pairs: Vec<String> = columns
        .iter()
        .map(|column| format!("'{column}', {column}"))
        .collect();
    let count: i64 = tx
        .one(
            &format!("SELECT count(*) FROM {name} WHERE id BETWEEN ?1 AND ?2"),
            range,
            |row| row.get(0),
        )?
        .unwrap_or(0);
    let start = tx.new_ids(count);
    let sql = format!(
        "INSERT INTO op_change (id, op_id, action, table_name, row_id, last_row_id, before)
         SELECT ?3 + row_number() OVER (ORDER BY id) - 1, ?4, 'delete', '{name}', id, id, json_object({})
         FROM {name} WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        pairs.join(", ")
    );
    tx.connection()
        .prepare_cached(&sql)?
        .execute((first.raw(), last.raw(), start.raw(), tx.op().raw()))?;
    tx.connection()
        .prepare_cached(&format!("DELETE FROM {name} WHERE id BETWEEN ?1 AND ?2"))?
        .execute(range)?;
    tx.add_changes(u64::try_from(count).unwrap_or(0));
    Ok(())
}

/// The columns of a table that an image holds: all but the kept-up ones.
pub(crate) fn logged_columns(tx: &ReadTx<'_>, table: &Table) -> Result<Vec<String>> {
    let all: Vec<String> = tx.all(
        "SELECT name FROM pragma_table_info(?1) ORDER BY cid",
        [table.name],
        |row| row.get(0),
    )?;
    Ok(all
        .into_iter()
        .filter(|column| !table.kept_up.contains(&column.as_str()))
        .collect())
}

/// Writes the operation itself.
pub(crate) fn record(tx: &WriteTx<'_>, no: i64, title: String) -> Result<Op> {
    let caller = tx.caller();
    let kind = tx.kind();
    let op = Op {
        id: tx.op(),
        no,
        at_ms: caller.clock.now_ms(),
        actor: caller.actor.name.clone(),
        via: caller.via.name().to_owned(),
        command: caller.command.clone(),
        title,
        kind,
        active: !matches!(kind, OpKind::Undo(_)),
    };
    if let Some(target) = kind.target() {
        tx.connection()
            .prepare_cached("UPDATE op SET active = 0 WHERE id = ?1 OR target_id = ?1")?
            .execute([target.raw()])?;
    }
    tx.connection()
        .prepare_cached(
            "INSERT INTO op (id, no, at, actor_id, via, command, title, kind, target_id, active, last_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute((
            op.id.raw(),
            op.no,
            op.at_ms,
            caller.actor.id.raw(),
            &op.via,
            &op.command,
            &op.title,
            kind.name(),
            kind.target().map(Id::raw),
            op.active,
            tx.last_id().raw(),
        ))?;
    Ok(op)
}

/// Columns as a JSON object.
fn image<'a>(columns: impl Iterator<Item = (&'a str, &'a Sql)>) -> String {
    let entries = columns
        .filter(|(column, _)| !is_audit(column))
        .map(|(column, value)| {
            let value = match value {
                Sql::Null | Sql::Blob(_) => Json::Null,
                Sql::Integer(number) => Json::from(*number),
                Sql::Real(number) => Json::from(*number),
                Sql::Text(text) => Json::from(text.as_str()),
            };
            (column.to_owned(), value)
        });
    Json::Object(entries.collect::<Map<String, Json>>()).to_string()
}
