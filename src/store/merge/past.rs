//! What the operation log knows of merges: which one made a customer a part of another, and what of a row comes from
//! merges alone.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::domain::id::Id;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::store::customers;
use crate::store::tx::ReadTx;

/// Columns with their values, before or after a change.
pub(super) type Image = Map<String, Json>;

/// The part of an operation by which one customer became a part of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The operation; of one that was undone and done again, the latter.
    pub op: Id,
    /// When it was first done: the id of the operation, then of the change. Later steps are larger.
    pub order: (Id, i64),
    /// Its number.
    pub no: i64,
    /// Who stayed.
    pub winner: Id,
    /// The changes between these two, the last included, are on account of this customer.
    pub(super) changes: (i64, i64),
}

/// The step by which `loser` became a part of another; none if the log does not know it any more.
pub fn step(tx: &ReadTx<'_>, loser: Id) -> Result<Option<Step>> {
    let found = tx.one(
        "SELECT change.op_id, coalesce(op.target_id, op.id), op.no, json_extract(change.after, '$.merged_into_id'), change.id
         FROM op_change AS change JOIN op ON op.id = change.op_id
         WHERE change.row_id = ?1 AND change.table_name = 'customer' AND change.action = 'update' AND op.active = 1
           AND json_type(change.before, '$.merged_into_id') = 'null'
           AND json_type(change.after, '$.merged_into_id') = 'integer'
         ORDER BY 2 DESC, change.id DESC LIMIT 1",
        [loser.raw()],
        |row| {
            let (op, first, change) = (Id::from_raw(row.get(0)?), Id::from_raw(row.get(1)?), row.get(4)?);
            Ok(Step {
                op,
                order: (first, change),
                no: row.get(2)?,
                winner: Id::from_raw(row.get(3)?),
                changes: (0, change),
            })
        },
    )?;
    let Some(mut step) = found else { return Ok(None) };
    let before: Option<Option<i64>> = tx.one(
        "SELECT max(id) FROM op_change WHERE op_id = ?1 AND id < ?2 AND table_name = 'customer' AND action = 'update'
           AND json_type(before, '$.merged_into_id') = 'null' AND json_type(after, '$.merged_into_id') = 'integer'",
        (step.op.raw(), step.changes.1),
        |row| row.get(0),
    )?;
    step.changes.0 = before.flatten().unwrap_or(0);
    Ok(Some(step))
}

/// Which operations merge customers or take merges apart; asked again and again while one is taken apart.
#[derive(Debug, Default)]
pub struct Merges(RefCell<BTreeMap<Id, bool>>);

impl Merges {
    /// Whether an operation has made a customer a part of another, or the other way round.
    pub(super) fn has(&self, tx: &ReadTx<'_>, op: Id) -> Result<bool> {
        if let Some(known) = self.0.borrow().get(&op) {
            return Ok(*known);
        }
        // An import may have a million changes, and merges nobody.
        let found: Option<bool> = tx.one(
            "SELECT op.via <> 'import' AND EXISTS (SELECT 1 FROM op_change AS change WHERE change.op_id = op.id
               AND change.table_name = 'customer' AND change.action = 'update'
               AND json_type(change.after, '$.merged_into_id') IS NOT NULL)
             FROM op WHERE op.id = ?1",
            [op.raw()],
            |row| row.get(0),
        )?;
        let merges = found.unwrap_or(false);
        self.0.borrow_mut().insert(op, merges);
        Ok(merges)
    }

    /// Whether somebody has written `column` of a row after `step`, other than by merging.
    pub(super) fn written_since(
        &self,
        tx: &ReadTx<'_>,
        (table, row): (&str, Id),
        column: &str,
        step: &Step,
    ) -> Result<bool> {
        for change in writes(tx, table, row)? {
            if change.first <= step.order.0 {
                return Ok(false);
            }
            if change.after.contains_key(column) && !self.has(tx, change.op)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What `columns` of a row were before the merges by which they became what they are, and when the first of these
    /// was; of those from the operation `from` on. None if the last who wrote them did not merge.
    pub fn before(
        &self,
        tx: &ReadTx<'_>,
        (table, row): (&str, Id),
        columns: &[&str],
        now: &[Value],
        from: Option<Id>,
    ) -> Result<Option<(Vec<Value>, Id)>> {
        let mut values = now.to_vec();
        let mut since = None;
        for change in writes(tx, table, row)? {
            let wrote: Vec<usize> = (0..columns.len())
                .filter(|at| {
                    columns
                        .get(*at)
                        .is_some_and(|column| change.after.contains_key(*column))
                })
                .collect();
            if wrote.is_empty() {
                continue;
            }
            if from.is_some_and(|from| change.first < from) {
                break;
            }
            let left = |at: &usize| {
                let column = columns.get(*at).copied().unwrap_or_default();
                values.get(*at) == Some(&value(change.after.get(column)))
            };
            if !wrote.iter().all(left) || !self.has(tx, change.op)? {
                break;
            }
            for at in wrote {
                let column = columns.get(at).copied().unwrap_or_default();
                if let Some(slot) = values.get_mut(at) {
                    *slot = value(change.before.get(column));
                }
            }
            since = Some(change.first);
        }
        Ok(since.map(|since| (values, since)))
    }

    /// What a column of a row would be if of the merges that have written it since somebody else did, only those had been
    /// that still hold, the one of `step` not counted; none if the last who wrote it did not merge.
    pub(super) fn without(
        &self,
        tx: &ReadTx<'_>,
        (table, row): (&str, Id),
        column: &str,
        step: &Step,
    ) -> Result<Option<Value>> {
        let mut without = None;
        for change in writes(tx, table, row)? {
            if !change.after.contains_key(column) {
                continue;
            }
            if !self.has(tx, change.op)? {
                break;
            }
            if change.is_of(step) || !self.holds(tx, &change)? {
                without = Some(value(change.before.get(column)));
                continue;
            }
            // Whatever came before is overwritten.
            return Ok(Some(value(change.after.get(column))));
        }
        Ok(without)
    }

    /// What a column of a row was before `step` changed it from `before`, if of the merges before that only those had been
    /// that still hold.
    pub(super) fn before_step(
        &self,
        tx: &ReadTx<'_>,
        (table, row): (&str, Id),
        column: &str,
        (step, before): (&Step, Value),
    ) -> Result<Value> {
        let mut was = before;
        for change in writes(tx, table, row)? {
            let is_earlier = (change.first, change.id) <= (step.order.0, step.changes.0);
            if !is_earlier || !change.after.contains_key(column) {
                continue;
            }
            let is_left = value(change.after.get(column)) == was;
            if !is_left || !self.has(tx, change.op)? || self.holds(tx, &change)? {
                break;
            }
            was = value(change.before.get(column));
        }
        Ok(was)
    }

    /// Whether the customer on whose account a merge changed something is still a part by that merge.
    fn holds(&self, tx: &ReadTx<'_>, change: &Write) -> Result<bool> {
        let Some(loser) = on_account_of(tx, change)? else {
            return Ok(false);
        };
        let step = step(tx, loser)?;
        Ok(
            customers::kind_and_survivor(tx, loser)?.is_some_and(|(_, survivor)| survivor.is_some())
                && step.is_some_and(|step| change.is_of(&step)),
        )
    }

    /// The columns of a row that merges have changed since the customer of `step` began to become a part, as they were
    /// then.
    pub(super) fn changed_since(
        &self,
        tx: &ReadTx<'_>,
        (table, row): (&str, Id),
        step: &Step,
    ) -> Result<Image> {
        let mut was = Image::new();
        for change in writes(tx, table, row)? {
            if (change.first, change.id) <= (step.order.0, step.changes.0) {
                break;
            }
            if self.has(tx, change.op)? && on_account_of(tx, &change)?.is_some() {
                was.extend(change.before);
            }
        }
        Ok(was)
    }

    /// What the columns of a row that were ever changed were at first.
    pub(super) fn origin(tx: &ReadTx<'_>, (table, row): (&str, Id)) -> Result<Image> {
        let mut origin = Image::new();
        // What a row was within an operation that was undone and done again is known of its first run alone.
        tx.each_row(
            "SELECT change.before FROM op_change AS change JOIN op ON op.id = change.op_id
             WHERE change.row_id = ?1 AND change.table_name = ?2 AND change.action = 'update'
               AND (op.active = 1
                    OR EXISTS (SELECT 1 FROM op AS again WHERE again.target_id = op.id AND again.active = 1))
             ORDER BY coalesce(op.target_id, op.id) DESC, change.id DESC",
            (row.raw(), table),
            |row| {
                origin.extend(image(row.get(0)?)?);
                Ok(())
            },
        )?;
        Ok(origin)
    }

    /// What a row was that a merge took out, or the taking apart of one; none if it was somebody else.
    pub(super) fn taken_out(&self, tx: &ReadTx<'_>, table: &str, row: Id) -> Result<Option<Image>> {
        let found: Option<(i64, Option<String>)> = tx.one(
            "SELECT change.op_id, change.before FROM op_change AS change JOIN op ON op.id = change.op_id
             WHERE change.row_id = ?1 AND change.table_name = ?2 AND change.action = 'delete' AND op.active = 1
             ORDER BY coalesce(op.target_id, op.id) DESC, change.id DESC LIMIT 1",
            (row.raw(), table),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        match found {
            Some((op, before)) if self.has(tx, Id::from_raw(op))? => image(before).map(Some),
            _ => Ok(None),
        }
    }

    /// Whether a row was made by a merge: rows of one operation have the ids that follow its own.
    pub(super) fn made(&self, tx: &ReadTx<'_>, row: Id) -> Result<bool> {
        let op = tx.one(
            "SELECT id FROM op WHERE id <= ?1 AND last_id >= ?1 ORDER BY id DESC LIMIT 1",
            [row.raw()],
            |row| Ok(Id::from_raw(row.get(0)?)),
        )?;
        op.map_or(Ok(false), |op| self.has(tx, op))
    }
}

/// One update of a row that stands.
struct Write {
    id: i64,
    op: Id,
    /// When it was first done.
    first: Id,
    before: Image,
    after: Image,
}

impl Write {
    /// Whether it was on account of the customer who became a part by `step`.
    fn is_of(&self, step: &Step) -> bool {
        self.op == step.op && self.id > step.changes.0 && self.id <= step.changes.1
    }
}

/// The customer on whose account a merge changed something; none where a merge was taken apart.
fn on_account_of(tx: &ReadTx<'_>, change: &Write) -> Result<Option<Id>> {
    tx.one(
        "SELECT row_id FROM op_change WHERE op_id = ?1 AND id >= ?2 AND table_name = 'customer' AND action = 'update'
           AND json_type(before, '$.merged_into_id') = 'null' AND json_type(after, '$.merged_into_id') = 'integer'
         ORDER BY id LIMIT 1",
        (change.op.raw(), change.id),
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The updates of a row that stand, the latest first.
fn writes(tx: &ReadTx<'_>, table: &str, row: Id) -> Result<Vec<Write>> {
    let mut writes = Vec::new();
    tx.each_row(
        "SELECT op.id, coalesce(op.target_id, op.id), change.before, change.after, change.id
         FROM op_change AS change JOIN op ON op.id = change.op_id
         WHERE change.row_id = ?1 AND change.table_name = ?2 AND change.action = 'update' AND op.active = 1
         ORDER BY 2 DESC, change.id DESC",
        (row.raw(), table),
        |row| {
            writes.push(Write {
                id: row.get(4)?,
                op: Id::from_raw(row.get(0)?),
                first: Id::from_raw(row.get(1)?),
                before: image(row.get(2)?)?,
                after: image(row.get(3)?)?,
            });
            Ok(())
        },
    )?;
    Ok(writes)
}

/// The columns of a logged image.
pub(super) fn image(text: Option<String>) -> Result<Image> {
    let text = text.unwrap_or_else(|| "{}".to_owned());
    serde_json::from_str(&text).map_err(|error| Error::internal("the log holds no image").with_source(error))
}

/// A value of a logged image.
pub(super) fn value(value: Option<&Json>) -> Value {
    match value {
        Some(Json::String(text)) => Value::Text(text.clone()),
        Some(Json::Number(number)) => number
            .as_i64()
            .map_or_else(|| number.as_f64().map_or(Value::Null, Value::Real), Value::Int),
        _ => Value::Null,
    }
}
