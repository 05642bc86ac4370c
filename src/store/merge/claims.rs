//! What a customer gave to a merge, as the log tells of it: which rows named it, and what they were before.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::id::Id;
use crate::error::{Error, Result};
use crate::store::merge::apart::number;
use crate::store::merge::past::{self, Image, Merges, Step};
use crate::store::references::references_to;
use crate::store::tables;
use crate::store::tx::ReadTx;

/// The columns of every table that name customers.
pub(super) type Naming = BTreeMap<&'static str, Vec<String>>;

/// A row that named the customer before the merge.
#[derive(Debug, Default)]
pub(super) struct Claim {
    /// The columns that did.
    pub(super) columns: BTreeSet<String>,
    /// Other columns that the merge changed along with them, as they were before.
    pub(super) rest: Image,
    /// What it was, if the merge took it out.
    pub(super) image: Option<Image>,
}

/// What the log says of the part of a merge that one customer had.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) claims: BTreeMap<(&'static str, Id), Claim>,
    /// Columns of rows of the winner that the merge changed: before and after.
    pub(super) changed: Vec<(&'static str, Id, Image, Image)>,
    /// Rows that the winner lost to the values of the other.
    pub(super) displaced: Vec<(&'static str, Id, Image)>,
}

/// The columns of every table that name customers.
pub(super) fn naming_columns(tx: &ReadTx<'_>) -> Result<Naming> {
    let mut naming: Naming = BTreeMap::new();
    for (table, column) in references_to(tx, "customer")? {
        naming.entry(table).or_default().push(column);
    }
    Ok(naming)
}

impl Part {
    /// What the log says of the part that `loser` had in the merge of `step`.
    pub(super) fn read(tx: &ReadTx<'_>, loser: Id, step: &Step, naming: &Naming) -> Result<Part> {
        let mut part = Part::default();
        tx.each_row(
            "SELECT id, action, table_name, row_id, before, after FROM op_change
             WHERE op_id = ?1 AND action <> 'insert' ORDER BY id",
            [step.op.raw()],
            |row| {
                let change: i64 = row.get(0)?;
                let name: String = row.get(2)?;
                let table = tables::table(&name).map(|table| table.name);
                let table = table.ok_or_else(|| Error::internal(format!("{name} is not a logged table")))?;
                let id = Id::from_raw(row.get(3)?);
                let is_delete = row.get_ref(1)?.as_str().is_ok_and(|action| action == "delete");
                let (before, after) = (past::image(row.get(4)?)?, past::image(row.get(5)?)?);
                let names = naming.get(table).map_or(&[][..], Vec::as_slice);
                let is_own = change > step.changes.0 && change <= step.changes.1;
                if table == "customer" && id == loser && before.contains_key("deleted_at") {
                    return Ok(());
                }
                part.note(
                    (table, id),
                    is_delete,
                    (before, after),
                    names,
                    (loser, step.winner),
                    is_own,
                );
                Ok(())
            },
        )?;
        Ok(part)
    }

    /// The rows of a table that named the customer.
    pub(super) fn rows(&self, table: &'static str) -> impl Iterator<Item = Id> {
        let claims = self.claims.keys();
        claims
            .filter(move |(known, _)| *known == table)
            .map(|(_, row)| *row)
    }

    fn note(
        &mut self,
        (table, id): (&'static str, Id),
        is_delete: bool,
        (before, after): (Image, Image),
        names: &[String],
        (loser, winner): (Id, Id),
        is_own: bool,
    ) {
        let names_it = |column: &&String| number(before.get(*column)) == Some(loser.raw());
        let columns: BTreeSet<String> = names.iter().filter(names_it).cloned().collect();
        if columns.is_empty() {
            let is_known = self.claims.contains_key(&(table, id));
            if is_delete {
                let is_winners = names
                    .iter()
                    .any(|column| number(before.get(column)) == Some(winner.raw()));
                if table == "custom_value" && is_winners {
                    self.displaced.push((table, id, before));
                }
            } else if is_own && !is_known && (table, id) != ("customer", winner) && table != "value_interval"
            {
                self.changed.push((table, id, before, after));
            }
            return;
        }
        let claim = self.claims.entry((table, id)).or_default();
        claim.columns.extend(columns);
        if is_delete {
            claim.image = Some(before);
            return;
        }
        let other = |column: &String| !names.contains(column);
        for (column, value) in before.into_iter().filter(|(column, _)| other(column)) {
            claim.rest.entry(column).or_insert(value);
        }
    }

    /// Notes what the customer gave to `heir` only when another, who had the same, had left.
    pub(super) fn note_later(
        &mut self,
        tx: &ReadTx<'_>,
        (loser, step): (Id, &Step),
        heir: Id,
        naming: &Naming,
        merges: &Merges,
    ) -> Result<()> {
        for (table, names) in naming {
            for column in names {
                // What a row was within an operation that was undone and done again is known of its first run alone.
                let sql = format!(
                    "SELECT own.id, op.id, change.before, change.after FROM {table} AS own
                     JOIN op_change AS change ON change.row_id = own.id AND change.table_name = '{table}'
                     JOIN op ON op.id = change.op_id
                     WHERE own.{column} = ?1 AND change.action = 'update'
                       AND (op.active = 1
                            OR EXISTS (SELECT 1 FROM op AS again WHERE again.target_id = op.id AND again.active = 1))
                       AND coalesce(op.target_id, op.id) > ?2 AND json_extract(change.before, '$.{column}') = ?3
                     ORDER BY change.id"
                );
                tx.each_row(&sql, [heir.raw(), step.order.0.raw(), loser.raw()], |row| {
                    if merges.has(tx, Id::from_raw(row.get(1)?))? {
                        let images = (past::image(row.get(2)?)?, past::image(row.get(3)?)?);
                        let row = Id::from_raw(row.get(0)?);
                        self.note((table, row), false, images, names, (loser, loser), false);
                    }
                    Ok(())
                })?;
            }
        }
        Ok(())
    }
}
