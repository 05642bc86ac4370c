//! The rows behind taking a merge apart: what went to the winner goes back, unless somebody has decided otherwise since.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value as Sql;
use serde_json::Value as Json;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::Result;
use crate::store::merge::claims::{Claim, Naming, Part, naming_columns};
use crate::store::merge::distinct::{self, TOLD_APART};
use crate::store::merge::past::{self, Image, Merges, Step};
use crate::store::merge::{Postal, is_refused, plain};
use crate::store::tx::{ReadTx, WriteTx};
use crate::store::{customers, duplicates, rows};

/// A row that does not go back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its table.
    pub table: &'static str,
    /// The row.
    pub row: Id,
    /// Why.
    pub why: Why,
}

/// Why a row does not go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It came after the merge.
    Added,
    /// Somebody has given it to another since.
    Moved,
    /// It was taken away since.
    Gone,
    /// What it was about is not there any more, or something else has its place.
    Homeless,
}

/// What went back to a customer, and what did not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returned {
    /// How many rows of each table name the customer again.
    pub back: BTreeMap<&'static str, u64>,
    /// Those that do not.
    pub kept: Vec<Kept>,
}

impl Returned {
    fn note(&mut self, table: &'static str, row: Id, verdict: Verdict) {
        match verdict {
            Verdict::Back => *self.back.entry(table).or_default() += 1,
            Verdict::Nothing => {}
            Verdict::Kept(why) => self.kept.push(Kept { table, row, why }),
        }
    }
}

/// Lets a customer live again by itself, and gives it back what the merge took from it. `heirs` are all who are one with
/// the survivor now, the survivor included, `is_last` says whether nobody else is one with the winner any more.
pub(crate) fn give_back(
    tx: &WriteTx<'_>,
    (loser, step): (Id, &Step),
    merges: &Merges,
    heirs: &BTreeSet<Id>,
    is_last: bool,
) -> Result<Returned> {
    let naming = naming_columns(tx)?;
    let mut part = Part::read(tx, loser, step, &naming)?;
    for heir in heirs.iter().filter(|heir| **heir != loser) {
        part.note_later(tx, (loser, step), *heir, &naming, merges)?;
    }
    let giving = Giving {
        tx,
        loser,
        step,
        merges,
        heirs,
        naming: &naming,
    };
    revive(tx, loser)?;
    let mut returned = Returned::default();
    let claims = part.claims.iter().rev();
    for ((table, row), claim) in claims.filter(|((table, _), _)| *table != TOLD_APART) {
        returned.note(table, *row, giving.back(table, *row, claim)?);
    }
    // Who is a part of whom is known by now.
    let mut told: BTreeSet<Id> = part.rows(TOLD_APART).collect();
    for heir in heirs {
        told.extend(duplicates::rows_of(tx, *heir)?);
    }
    for row in told {
        returned.note(TOLD_APART, row, distinct::settle(tx, merges, row, loser)?);
    }
    for (table, row, before, after) in part.changed.iter().rev() {
        giving.set_back(table, *row, before, after, is_last)?;
    }
    giving.put_back_displaced(&part.displaced)?;
    giving.reopen(is_last)?;
    Ok(returned)
}

/// Lets a part that remains give the survivor what it could not give before, because one who left had the same.
pub(crate) fn resettle(
    tx: &WriteTx<'_>,
    survivor: Id,
    (loser, step): (Id, &Step),
    merges: &Merges,
) -> Result<()> {
    let naming = naming_columns(tx)?;
    let part = Part::read(tx, loser, step, &naming)?;
    let giving = Giving {
        tx,
        loser,
        step,
        merges,
        heirs: &BTreeSet::new(),
        naming: &naming,
    };
    for row in part.rows(TOLD_APART) {
        distinct::settle(tx, merges, row, loser)?;
    }
    for ((table, row), claim) in part
        .claims
        .iter()
        .rev()
        .filter(|((table, _), claim)| *table != TOLD_APART && claim.image.is_some())
    {
        if current(tx, table, *row, &[])?.is_none() {
            giving.put_back(table, *row, claim)?;
        }
    }
    super::take_over(tx, survivor, loser)
}

/// Whether the data of one of two customers was erased on request.
pub fn is_erased(tx: &ReadTx<'_>, one: Id, other: Id) -> Result<bool> {
    let found = tx.one(
        "SELECT EXISTS (SELECT 1 FROM erasure WHERE customer_id IN (?1, ?2))",
        [one.raw(), other.raw()],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(false))
}

/// Takes the mark of a merge off a customer, and the customer out of the trash.
pub(crate) fn revive(tx: &WriteTx<'_>, loser: Id) -> Result<()> {
    let columns = vec![("merged_into_id", Sql::Null), ("deleted_at", Sql::Null)];
    tx.update("customer", loser, columns)?;
    Ok(())
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Back,
    /// There is nothing to give, and nothing to say of it.
    Nothing,
    Kept(Why),
}

struct Giving<'g, 's> {
    tx: &'g WriteTx<'s>,
    loser: Id,
    step: &'g Step,
    merges: &'g Merges,
    heirs: &'g BTreeSet<Id>,
    naming: &'g Naming,
}

impl Giving<'_, '_> {
    /// Lets a row name the customer again.
    fn back(&self, table: &'static str, row: Id, claim: &Claim) -> Result<Verdict> {
        let columns: Vec<&str> = claim.columns.iter().map(String::as_str).collect();
        let Some(now) = current(self.tx, table, row, &columns)? else {
            return self.put_back(table, row, claim);
        };
        let mut wanted: Vec<(&str, Sql)> = Vec::new();
        let mut moved = false;
        for (column, holder) in columns.iter().zip(&now) {
            let Value::Int(holder) = holder else {
                moved |= self.is_decided(table, row, column)?;
                continue;
            };
            if *holder == self.loser.raw() {
                continue;
            }
            if self.is_decided(table, row, column)? {
                moved = true;
            } else if self.heirs.contains(&Id::from_raw(*holder)) {
                wanted.push((*column, Sql::Integer(self.loser.raw())));
            }
        }
        if wanted.is_empty() {
            return Ok(if moved {
                Verdict::Kept(Why::Moved)
            } else {
                Verdict::Nothing
            });
        }
        let rest = self.rest(table, row, claim)?;
        for (column, value) in &rest {
            if !self.is_decided(table, row, column)? {
                wanted.push((column, sql(Some(value))));
            }
        }
        match self.tx.attempt(|| self.tx.update(table, row, wanted)) {
            Ok(_) => Ok(Verdict::Back),
            // The customer has the same.
            Err(error) if is_refused(&error) => self.tx.delete(table, row).map(|()| Verdict::Nothing),
            Err(error) => Err(error),
        }
    }

    /// What of a row changed along with whom it names, by this merge or by later ones, as it was before.
    fn rest(&self, table: &'static str, row: Id, claim: &Claim) -> Result<Image> {
        let mut rest = claim.rest.clone();
        if table != "customer" {
            let names = self.naming.get(table).map_or(&[][..], Vec::as_slice);
            for (column, value) in self.merges.changed_since(self.tx, (table, row), self.step)? {
                // An opt-out stands as long as anybody remains who has said it.
                if column != "opted_out_at" && !names.contains(&column) {
                    rest.entry(column).or_insert(value);
                }
            }
        }
        Ok(rest)
    }

    fn is_decided(&self, table: &str, row: Id, column: &str) -> Result<bool> {
        self.merges
            .written_since(self.tx, (table, row), column, self.step)
    }

    /// Brings a row back that this merge, or a later one, took out.
    fn put_back(&self, table: &'static str, row: Id, claim: &Claim) -> Result<Verdict> {
        let image = match &claim.image {
            Some(image) => Some(image.clone()),
            None => self.merges.taken_out(self.tx, table, row)?,
        };
        let Some(mut image) = image else {
            return Ok(Verdict::Kept(Why::Gone));
        };
        let mut merged = Vec::new();
        for column in self.naming.get(table).into_iter().flatten() {
            if claim.columns.contains(column) {
                image.insert(column.clone(), Json::from(self.loser.raw()));
            } else if let Some(other) = number(image.get(column)) {
                let survivor = customers::kind_and_survivor(self.tx, Id::from_raw(other))?;
                if let Some((_, Some(survivor))) = survivor {
                    merged.push((column.as_str(), Sql::Integer(survivor.raw())));
                }
            }
        }
        image.extend(self.rest(table, row, claim)?);
        if !self.insert(table, row, &image)? {
            return Ok(Verdict::Kept(Why::Homeless));
        }
        // By a change of its own, which says whose it is when that one leaves too.
        if !merged.is_empty() {
            self.tx.update(table, row, merged)?;
        }
        Ok(Verdict::Back)
    }

    /// Adds a row as it was; false if there is no room for it any more.
    fn insert(&self, table: &'static str, row: Id, image: &Image) -> Result<bool> {
        let columns: Vec<(&str, Sql)> = image
            .iter()
            .filter(|(column, _)| *column != "id")
            .map(|(column, value)| (column.as_str(), sql(Some(value))))
            .collect();
        match self.tx.attempt(|| self.tx.insert(table, row, columns)) {
            Ok(()) => Ok(true),
            Err(error) if is_refused(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Gives columns of a row that stayed where it was the values they had, unless they were changed since.
    fn set_back(
        &self,
        table: &'static str,
        row: Id,
        before: &Image,
        after: &Image,
        is_last: bool,
    ) -> Result<()> {
        let columns: Vec<&str> = after.keys().map(String::as_str).collect();
        let Some(now) = current(self.tx, table, row, &columns)? else {
            return Ok(());
        };
        let mut wanted = Vec::new();
        for (column, now) in columns.into_iter().zip(now) {
            let is_naming = self
                .naming
                .get(table)
                .is_some_and(|names| names.iter().any(|name| name == column));
            let place = (table, row);
            let Some(without) = self.merges.without(self.tx, place, column, self.step)? else {
                continue;
            };
            let mut value = if is_last {
                without
            } else if now == past::value(after.get(column)) {
                let before = past::value(before.get(column));
                self.merges
                    .before_step(self.tx, place, column, (self.step, before))?
            } else {
                continue;
            };
            if is_naming && value != Value::Int(self.loser.raw()) {
                continue;
            }
            if column == "opted_out_at" {
                value = earliest(value, self.opted_out(table, row)?);
                // Where nobody had opted out before, that is for all addresses together.
                if value == Value::Null {
                    continue;
                }
            }
            wanted.push((column, rows::scalar(&value)?));
        }
        if !wanted.is_empty() {
            self.tx.update(table, row, wanted)?;
        }
        Ok(())
    }

    /// Since when others who are still one with the survivor have opted out at the same address.
    fn opted_out(&self, table: &str, row: Id) -> Result<Value> {
        let sql = format!(
            "SELECT min(other.opted_out_at) FROM {table} AS own JOIN {table} AS other ON other.key = own.key
             JOIN customer ON customer.id = other.customer_id
             WHERE own.id = ?1 AND other.id <> own.id AND customer.merged_into_id IS NOT NULL
               AND (customer.merged_into_id = own.customer_id OR customer.merged_into_id
                    = (SELECT merged_into_id FROM customer WHERE id = own.customer_id))"
        );
        let at: Option<Option<i64>> = self.tx.one(&sql, [row.raw()], |row| row.get(0))?;
        Ok(at.flatten().map_or(Value::Null, Value::Int))
    }

    /// Opens addresses again that nothing but merges has closed, unless somebody who remains has opted out by themselves.
    fn reopen(&self, is_last: bool) -> Result<()> {
        for table in ["email", "phone"] {
            let mut closed = Vec::new();
            let mut is_own_wish = false;
            let sql = format!(
                "SELECT id, opted_out_at FROM {table} WHERE customer_id = ?1 AND opted_out_at IS NOT NULL"
            );
            for heir in self.heirs.iter().filter(|heir| **heir != self.loser) {
                let rows = self.tx.all(&sql, [heir.raw()], |row| {
                    Ok((Id::from_raw(row.get(0)?), Value::Int(row.get(1)?)))
                })?;
                for (row, at) in rows {
                    let first = self
                        .merges
                        .before(self.tx, (table, row), &["opted_out_at"], &[at], None)?;
                    match first {
                        Some((first, _)) if first == [Value::Null] => closed.push(row),
                        _ => is_own_wish = true,
                    }
                }
            }
            for row in closed {
                if is_last || !is_own_wish && self.opted_out(table, row)? == Value::Null {
                    self.tx.update(table, row, vec![("opted_out_at", Sql::Null)])?;
                }
            }
        }
        Ok(())
    }

    /// Brings back the values of custom fields that gave way to those of the customer, where there are none now.
    fn put_back_displaced(&self, displaced: &[(&'static str, Id, Image)]) -> Result<()> {
        let mut free: BTreeMap<(i64, i64), bool> = BTreeMap::new();
        for (table, row, image) in displaced {
            let place = (
                number(image.get("record_id")).unwrap_or_default(),
                number(image.get("field_id")).unwrap_or_default(),
            );
            if let Entry::Vacant(entry) = free.entry(place) {
                let taken = self.tx.one(
                    "SELECT 1 FROM custom_value WHERE record_id = ?1 AND field_id = ?2",
                    place,
                    |_| Ok(()),
                )?;
                entry.insert(taken.is_none());
            }
            if free.get(&place) == Some(&true) && current(self.tx, table, *row, &[])?.is_none() {
                self.insert(table, *row, image)?;
            }
        }
        Ok(())
    }
}

/// Sets columns of a customer to what they are now.
pub(crate) fn set(tx: &WriteTx<'_>, customer: Id, columns: &[(&'static str, Value)]) -> Result<()> {
    rows::set_columns(tx, Noun::Customer, customer, columns)?;
    Ok(())
}

/// Sets columns of a customer to what they were before the merges that began with the operation `since`, as if there had
/// been none.
pub(crate) fn set_first(
    tx: &WriteTx<'_>,
    customer: Id,
    columns: &[(&'static str, Value)],
    since: Id,
) -> Result<()> {
    let mut written = Vec::with_capacity(columns.len());
    for (column, value) in columns {
        if let Some(attribute) = rows::attribute(Noun::Customer, column) {
            forget_intervals(tx, customer, attribute, since)?;
        }
        written.push((*column, rows::scalar(value)?));
    }
    tx.update("customer", customer, written)?;
    Ok(())
}

/// Forgets what intervals the merges since an operation have begun in the history of a customer's value.
fn forget_intervals(tx: &WriteTx<'_>, customer: Id, attribute: &str, since: Id) -> Result<()> {
    let rows: Vec<Id> = tx.all(
        "SELECT id FROM value_interval WHERE record_id = ?1 AND attribute = ?2 ORDER BY id DESC",
        (customer.raw(), attribute),
        |row| Ok(Id::from_raw(row.get(0)?)),
    )?;
    for row in rows {
        if row <= since {
            tx.update("value_interval", row, vec![("ended_at", Sql::Null)])?;
            break;
        }
        tx.delete("value_interval", row)?;
    }
    Ok(())
}

/// Takes away the further addresses that merges have put beside the main one: those that are the main one, and those that
/// were the main address `of` the customer who goes, unless it is also among those that are `still` needed.
pub(crate) fn forget_addresses(
    tx: &WriteTx<'_>,
    merges: &Merges,
    customer: Id,
    (main, of): (&Postal, &Postal),
    still: &[Postal],
) -> Result<()> {
    for (row, _, address) in super::postal_rows(tx, customer)? {
        let is_spare = address == *main || (address == *of && !still.contains(&address));
        if is_spare && merges.made(tx, row)? {
            tx.delete("address", row)?;
        }
    }
    Ok(())
}

/// The values of columns of a row; none if it is not there.
pub(super) fn current(tx: &ReadTx<'_>, table: &str, row: Id, columns: &[&str]) -> Result<Option<Vec<Value>>> {
    let names = match columns {
        [] => "1".to_owned(),
        some => some.join(", "),
    };
    let sql = format!("SELECT {names} FROM {table} WHERE id = ?1");
    tx.one(&sql, [row.raw()], |row| {
        (0..columns.len()).map(|at| Ok(plain(row.get(at)?))).collect()
    })
}

pub(super) fn number(value: Option<&Json>) -> Option<i64> {
    value.and_then(Json::as_i64)
}

fn sql(value: Option<&Json>) -> Sql {
    match past::value(value) {
        Value::Int(number) => Sql::Integer(number),
        Value::Real(number) => Sql::Real(number),
        Value::Text(text) => Sql::Text(text),
        _ => Sql::Null,
    }
}

fn earliest(one: Value, other: Value) -> Value {
    match (&one, &other) {
        (Value::Int(first), Value::Int(second)) => Value::Int(*first.min(second)),
        (Value::Int(_), _) => one,
        _ => other,
    }
}
