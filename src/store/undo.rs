//! Taking an operation back: its changes inverted, unless later work stands on them.
//!
//! # Order
//!
//! The rows that the operation made go first; whatever else it did to them is in their image. Then its updates and
//! deletes are inverted in the reverse of their order. So keys that were freed and taken again within one operation
//! never meet. What is put back is noted the same way, so that inverting the inversion is the operation again.
//!
//! # Memory
//!
//! Rows go and come back in parts, and what they touch is brought up to date now and then, so that an operation of a
//! million rows is taken back in the memory of a few thousand. What follows from rows is a function of the rows as
//! they are: computed half-way it may be wrong, but whatever changes later touches it again.
//!
//! # Conflicts
//!
//! An inversion refuses to go where it could not come back from: a value that is not what the operation left, a row
//! that others have changed or refer to, a row that would refer to nothing. The error names the operation in the way;
//! the transaction is to be given up then.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::{Error, Kind, Result};
use crate::store::keep;
use crate::store::log::{self, Op, OpKind, PART};
use crate::store::privacy;
use crate::store::references::{references_from, references_to};
use crate::store::tables::{Table, table};
use crate::store::tx::{ReadTx, WriteTx};

/// Inverts the changes of `embodiment`, and records this operation as `kind`.
///
/// # Errors
///
/// Kind `Conflict` if a later operation that still stands has written the same columns, or has edited or referred to
/// a row that would go, or if what `embodiment` stood on is gone; it names that operation. The transaction must be
/// given up then.
pub fn invert(tx: &WriteTx<'_>, embodiment: &Op, kind: OpKind) -> Result<()> {
    tx.set_kind(kind);
    refuse_erased(tx, embodiment, kind)?;
    let made = Made::of(tx, embodiment.id)?;
    let again = match kind {
        OpKind::Redo(target) => Some(Made::of(tx, target)?),
        OpKind::Do | OpKind::Undo(_) => None,
    };
    let inversion = Inversion {
        tx,
        embodiment,
        kind,
        made: &made,
        again: again.as_ref(),
    };
    inversion.take_out()?;
    inversion.walk_back()?;
    inversion.refuse_loose_ends()?;
    if tx.changes() == 0 {
        // What came and went within the operation leaves nothing to invert; that it was inverted is still news.
        tx.add_changes(1);
    }
    Ok(())
}

/// Refuses what can neither be taken back nor done again, because values in it were erased on request.
fn refuse_erased(tx: &ReadTx<'_>, embodiment: &Op, kind: OpKind) -> Result<()> {
    let target = match kind {
        OpKind::Undo(target) | OpKind::Redo(target) => target,
        OpKind::Do => embodiment.id,
    };
    if privacy::is_marked(tx, embodiment.id)? || privacy::is_marked(tx, target)? {
        let message = format!(
            "operation {} stands for good: data that it held was erased on request",
            embodiment.no
        );
        return Err(Error::new(Kind::Conflict, message));
    }
    Ok(())
}

/// The rows that an operation made, as ranges of ids per table.
struct Made(BTreeMap<&'static str, BTreeMap<Id, Id>>);

impl Made {
    fn of(tx: &ReadTx<'_>, op: Id) -> Result<Made> {
        let mut made = Made(BTreeMap::new());
        tx.each_row(
            "SELECT table_name, row_id, last_row_id FROM op_change WHERE op_id = ?1 AND action = 'insert'",
            [op.raw()],
            |row| {
                let table = known(&row.get::<_, String>(0)?)?;
                let (first, last) = (Id::from_raw(row.get(1)?), Id::from_raw(row.get(2)?));
                made.0.entry(table.name).or_default().insert(first, last);
                Ok(())
            },
        )?;
        Ok(made)
    }

    fn ranges(&self) -> impl Iterator<Item = (&'static str, Id, Id)> {
        self.0
            .iter()
            .flat_map(|(name, ranges)| ranges.iter().map(|(first, last)| (*name, *first, *last)))
    }

    fn has(&self, table: &str, id: Id) -> bool {
        self.0.get(table).is_some_and(|ranges| covers(ranges, id))
    }

    /// True for a row of any table. No row of another operation lies inside a range.
    fn has_any(&self, id: Id) -> bool {
        self.0.values().any(|ranges| covers(ranges, id))
    }

    /// The ranges of a table, each no longer than those of its rows that are in `rows`.
    fn within(&self, table: &str, rows: &BTreeSet<Id>) -> Vec<(Id, Id)> {
        let (Some(ranges), Some(low), Some(high)) = (self.0.get(table), rows.first(), rows.last()) else {
            return Vec::new();
        };
        let before = ranges.range(..*low).next_back();
        let overlapping = before.into_iter().chain(ranges.range(*low..=*high));
        overlapping
            .filter_map(|(first, last)| {
                let mut inside = rows.range(*first..=*last);
                let first = *inside.next()?;
                Some((first, inside.next_back().copied().unwrap_or(first)))
            })
            .collect()
    }
}

fn covers(ranges: &BTreeMap<Id, Id>, id: Id) -> bool {
    let before = ranges.range(..=id).next_back();
    before.is_some_and(|(_, last)| id <= *last)
}

/// Deletes of one table that follow one another in the log, and are put back by one statement.
struct Run {
    table: &'static Table,
    /// The last change of the run in the log, which is met first.
    newest: i64,
    oldest: i64,
    rows: usize,
}

struct Inversion<'t, 's> {
    tx: &'t WriteTx<'s>,
    embodiment: &'t Op,
    kind: OpKind,
    made: &'t Made,
    /// What was made by the operation that is done again.
    again: Option<&'t Made>,
}

impl Inversion<'_, '_> {
    /// The operation that is undone or redone. Whether another came later is a question of when both were first done:
    /// a redo stands where its target stood.
    fn target(&self) -> Id {
        match self.kind {
            OpKind::Undo(target) | OpKind::Redo(target) => target,
            OpKind::Do => self.embodiment.id,
        }
    }

    /// Takes out the rows that the operation made, after making sure that nobody has changed them since.
    fn take_out(&self) -> Result<()> {
        for (name, first, last) in self.made.ranges() {
            let later = self.tx.one(
                "SELECT op.no FROM op_change AS change JOIN op ON op.id = change.op_id
                 WHERE change.row_id BETWEEN ?1 AND ?2 AND change.table_name = ?3 AND op.active = 1
                   AND coalesce(op.target_id, op.id) > ?4 ORDER BY op.id DESC LIMIT 1",
                (first.raw(), last.raw(), name, self.target().raw()),
                |row| row.get(0),
            )?;
            if let Some(no) = later {
                return Err(self.conflict(no, "has changed what would go")?);
            }
            if name == "user" {
                self.refuse_work_of(first, last)?;
            }
            if matches!(self.kind, OpKind::Redo(_)) {
                self.require_row(name, first)?;
            }
        }
        for (name, first, last) in self.made.ranges() {
            self.take_out_range(known(name)?, first, last)?;
        }
        Ok(())
    }

    fn take_out_range(&self, table: &'static Table, first: Id, last: Id) -> Result<()> {
        let mut from = first;
        loop {
            let to = log::end_of_part(self.tx, table, from, last)?;
            // A record that goes itself need not follow what goes with it.
            log::delete_range(self.tx, table, from, to, &|id| self.made.has_any(id))?;
            keep::settle_if_many(self.tx)?;
            if to >= last {
                return Ok(());
            }
            from = to.next();
        }
    }

    /// Makes sure that a row, which an undo put back, is there to be deleted again.
    fn require_row(&self, name: &str, id: Id) -> Result<()> {
        let sql = format!("SELECT 1 FROM {name} WHERE id = ?1");
        if self.tx.one(&sql, [id.raw()], |_| Ok(()))?.is_some() {
            return Ok(());
        }
        Err(match self.latest_to_touch(id)? {
            Some(no) => self.conflict(no, "has changed what this stood on")?,
            None => self.refusal("what the operation took out is not there"),
        })
    }

    /// Refuses to take out a user who has worked since.
    fn refuse_work_of(&self, first: Id, last: Id) -> Result<()> {
        let later = self.tx.one(
            "SELECT no FROM op WHERE actor_id BETWEEN ?1 AND ?2 AND id > ?3 ORDER BY id DESC LIMIT 1",
            (first.raw(), last.raw(), self.target().raw()),
            |row| row.get(0),
        )?;
        match later {
            Some(no) => Err(self.conflict(no, "is the work of the user who would go")?),
            None => Ok(()),
        }
    }

    /// Inverts updates and deletes, the latest first. Those of rows that the operation made itself are done with.
    fn walk_back(&self) -> Result<()> {
        let mut statement = self.tx.connection().prepare_cached(
            "SELECT id, action, table_name, row_id, before, after FROM op_change
             WHERE op_id = ?1 AND action <> 'insert' ORDER BY id DESC",
        )?;
        let mut rows = statement.query([self.embodiment.id.raw()])?;
        let mut run: Option<Run> = None;
        while let Some(row) = rows.next()? {
            let change: i64 = row.get(0)?;
            let is_delete = row.get_ref(1)?.as_str().is_ok_and(|action| action == "delete");
            let table = known(row.get_ref(2)?.as_str().unwrap_or_default())?;
            let id = Id::from_raw(row.get(3)?);
            let own = self.made.has(table.name, id);
            if let Some(open) = run
                .as_mut()
                .filter(|open| is_delete && !own && open.table.name == table.name && open.rows < PART)
            {
                open.oldest = change;
                open.rows += 1;
                continue;
            }
            if let Some(run) = run.take() {
                self.put_back(&run)?;
            }
            if own {
                continue;
            }
            if is_delete {
                run = Some(Run {
                    table,
                    newest: change,
                    oldest: change,
                    rows: 1,
                });
            } else {
                self.set_back(table, id, &row.get::<_, String>(4)?, &row.get::<_, String>(5)?)?;
                keep::settle_if_many(self.tx)?;
            }
        }
        run.map_or(Ok(()), |run| self.put_back(&run))
    }

    /// Gives a row its old values again.
    fn set_back(&self, table: &'static Table, id: Id, before: &str, after: &str) -> Result<()> {
        let old = image(self.tx, before)?;
        if let Some(no) = self.later_write(id, &old)? {
            return Err(self.conflict(no, "has changed the same values since")?);
        }
        // Nothing that stands has written them, but something may be undone that this operation stood on.
        let now = self.current(table, id, &old)?;
        if now.as_deref() != Some(image(self.tx, after)?.as_slice()) {
            return Err(match self.latest_to_touch(id)? {
                Some(no) => self.conflict(no, "has changed what this stood on")?,
                None => self.refusal("the values are not what the operation left"),
            });
        }
        let columns = old.iter().map(|(name, value)| (name.as_str(), value.clone()));
        self.tx
            .update(table.name, id, columns.collect())
            .map_err(|error| self.taken(error))?;
        Ok(())
    }

    /// The values that a row has now; none if it is gone.
    fn current(
        &self,
        table: &Table,
        id: Id,
        columns: &[(String, Sql)],
    ) -> Result<Option<Vec<(String, Sql)>>> {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let sql = format!("SELECT {} FROM {} WHERE id = ?1", names.join(", "), table.name);
        self.tx.one(&sql, [id.raw()], |row| {
            let values = columns.iter().enumerate();
            values
                .map(|(at, (name, _))| Ok((name.clone(), row.get(at)?)))
                .collect()
        })
    }

    /// The latest standing operation that wrote one of `columns` of a row since.
    fn later_write(&self, id: Id, columns: &[(String, Sql)]) -> Result<Option<i64>> {
        let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        self.tx.one(
            "SELECT op.no FROM op_change AS change JOIN op ON op.id = change.op_id
             WHERE change.row_id = ?1 AND coalesce(op.target_id, op.id) > ?2 AND change.action = 'update'
               AND op.active = 1 AND EXISTS (SELECT 1 FROM json_each(change.after) AS wrote
                           WHERE wrote.key IN (SELECT value FROM json_each(?3)))
             ORDER BY change.op_id DESC LIMIT 1",
            (
                id.raw(),
                self.target().raw(),
                serde_json::json!(names).to_string(),
            ),
            |row| row.get(0),
        )
    }

    /// The latest operation of any standing that touched a row since.
    fn latest_to_touch(&self, id: Id) -> Result<Option<i64>> {
        self.tx.one(
            "SELECT op.no FROM op_change AS change JOIN op ON op.id = change.op_id
             WHERE change.row_id <= ?1 AND change.last_row_id >= ?1 AND change.op_id > ?2
             ORDER BY change.op_id DESC LIMIT 1",
            (id.raw(), self.embodiment.id.raw()),
            |row| row.get(0),
        )
    }

    /// Puts a run of deleted rows back as they were, and notes them.
    fn put_back(&self, run: &Run) -> Result<()> {
        let name = run.table.name;
        let columns = log::logged_columns(self.tx, run.table)?;
        let extracts: Vec<String> = columns
            .iter()
            .map(|column| format!("json_extract(before, '$.{column}')"))
            .collect();
        let sql = format!(
            "INSERT INTO {name} ({}) SELECT {} FROM op_change
             WHERE op_id = ?1 AND action = 'delete' AND id BETWEEN ?2 AND ?3 ORDER BY id",
            columns.join(", "),
            extracts.join(", ")
        );
        let count = self
            .tx
            .connection()
            .prepare_cached(&sql)?
            .execute((self.embodiment.id.raw(), run.oldest, run.newest))
            .map_err(|error| self.taken(Error::from(error)))?;
        self.tx.add_changes(u64::try_from(count).unwrap_or(0));
        for (first, last) in self.came_back(run)? {
            log::insert(self.tx, name, first, last)?;
            let mut dirty = self.tx.dirty().borrow_mut();
            dirty.touch_range(self.tx, run.table, (first, last), &|_| false)?;
        }
        keep::settle_if_many(self.tx)
    }

    /// The rows that a run put back. A redo brings back what its target made, so the target's own ranges serve; an undo
    /// of deletes notes row by row.
    fn came_back(&self, run: &Run) -> Result<Vec<(Id, Id)>> {
        let mut rows = BTreeSet::new();
        self.tx.each_row(
            "SELECT row_id FROM op_change WHERE op_id = ?1 AND action = 'delete' AND id BETWEEN ?2 AND ?3",
            (self.embodiment.id.raw(), run.oldest, run.newest),
            |row| {
                rows.insert(Id::from_raw(row.get(0)?));
                Ok(())
            },
        )?;
        Ok(match self.again {
            Some(made) => made.within(run.table.name, &rows),
            None => rows.into_iter().map(|id| (id, id)).collect(),
        })
    }

    /// Makes sure that no row refers to one that went, and that no row that came or changed refers to nothing.
    fn refuse_loose_ends(&self) -> Result<()> {
        let mut referring: BTreeMap<&str, Vec<(&'static str, String)>> = BTreeMap::new();
        for (name, first, last) in self.made.ranges() {
            if !referring.contains_key(name) {
                referring.insert(name, references_to(self.tx, name)?);
            }
            for (child, column) in referring.get(name).into_iter().flatten() {
                let sql = format!("SELECT id FROM {child} WHERE {column} BETWEEN ?1 AND ?2 LIMIT 1");
                let row = self
                    .tx
                    .one(&sql, [first.raw(), last.raw()], |row| row.get::<_, i64>(0))?;
                if let Some(row) = row {
                    return Err(match self.latest_to_touch(Id::from_raw(row))? {
                        Some(no) => self.conflict(no, "refers to what would go")?,
                        None => self.refusal(&format!("a {child} refers to what would go")),
                    });
                }
            }
        }
        let names: Vec<String> = self.tx.all(
            "SELECT DISTINCT table_name FROM op_change WHERE op_id = ?1 AND action <> 'insert'",
            [self.embodiment.id.raw()],
            |row| row.get(0),
        )?;
        for name in names {
            self.refuse_danglers(known(&name)?)?;
        }
        Ok(())
    }

    /// Makes sure that the rows of one table that came back or changed refer to rows that are there.
    fn refuse_danglers(&self, table: &Table) -> Result<()> {
        let name = table.name;
        for (column, parents) in references_from(self.tx, table)? {
            let absent: Vec<String> = parents
                .iter()
                .map(|parent| format!("NOT EXISTS (SELECT 1 FROM {parent} AS p WHERE p.id = r.{column})"))
                .collect();
            let sql = format!(
                "SELECT r.{column} FROM op_change AS change JOIN {name} AS r ON r.id = change.row_id
                 WHERE change.op_id = ?1 AND change.table_name = ?2 AND change.action <> 'insert'
                   AND r.{column} IS NOT NULL AND {} LIMIT 1",
                absent.join(" AND ")
            );
            let gone = self
                .tx
                .one(&sql, (self.embodiment.id.raw(), name), |row| row.get::<_, i64>(0))?;
            if let Some(gone) = gone {
                return Err(match self.latest_to_touch(Id::from_raw(gone))? {
                    Some(no) => self.conflict(no, "has taken out what this refers to")?,
                    None => self.refusal(&format!("a {name} would refer to nothing")),
                });
            }
        }
        Ok(())
    }

    fn conflict(&self, no: i64, what: &str) -> Result<Error> {
        let later =
            log::by_number(self.tx, no)?.ok_or_else(|| Error::internal("an operation has vanished"))?;
        Ok(self.refusal(&format!("operation {} ({}) {what}", later.no, later.title)))
    }

    fn refusal(&self, why: &str) -> Error {
        let verb = match self.kind {
            OpKind::Redo(_) => "redo",
            OpKind::Do | OpKind::Undo(_) => "undo",
        };
        Error::new(Kind::Conflict, format!("cannot {verb}: {why}"))
    }

    /// A row or a value cannot come back because its place was taken.
    fn taken(&self, error: Error) -> Error {
        if error.kind() == Kind::Internal {
            return self
                .refusal("something else has taken the place of what would come back")
                .with_source(error);
        }
        error
    }
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
