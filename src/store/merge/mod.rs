//! The rows behind a merge of customers: what names one is made to name another, without doubles; and taking it apart.

pub mod apart;
mod claims;
mod distinct;
pub mod past;
mod standing;
pub mod told;
mod wishes;

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::store::customers::Channel;
use crate::store::references::references_to;
use crate::store::tx::{Column, ReadTx, WriteTx};
use crate::store::{duplicates, relationships};

pub use standing::{Standing, standing};

/// Columns of a customer's own row, as they are kept: text, number or null.
pub fn columns(tx: &ReadTx<'_>, customer: Id, names: &[&'static str]) -> Result<Option<Vec<Value>>> {
    let sql = format!("SELECT {} FROM customer WHERE id = ?1", names.join(", "));
    tx.one(&sql, [customer.raw()], |row| {
        (0..names.len()).map(|at| Ok(plain(row.get(at)?))).collect()
    })
}

/// A kept value as it is; blobs are nowhere.
pub(super) fn plain(value: Sql) -> Value {
    match value {
        Sql::Integer(number) => Value::Int(number),
        Sql::Text(text) => Value::Text(text),
        Sql::Real(number) => Value::Real(number),
        Sql::Null | Sql::Blob(_) => Value::Null,
    }
}

/// Rows that say something of a customer itself, or that have rules of their own when two customers become one.
/// Whatever else names a customer is simply made to name the winner.
const RULED: &[(&str, &str)] = &[
    ("email", "customer_id"),
    ("phone", "customer_id"),
    ("handle", "customer_id"),
    ("address", "customer_id"),
    ("tagging", "record_id"),
    ("attachment", "record_id"),
    ("custom_value", "record_id"),
    ("employment", "customer_id"),
    ("employment", "company_id"),
    ("relationship", "customer_id"),
    ("relationship", "other_id"),
    ("not_duplicate", "customer_id"),
    ("not_duplicate", "other_id"),
    ("deal_person", "customer_id"),
    ("activity_customer", "customer_id"),
    // The past of a customer, which stays its own.
    ("value_interval", "record_id"),
    ("label", "record_id"),
];

/// Makes everything that names `loser` name `winner`, and puts `loser` into the trash.
pub(crate) fn absorb(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    take_over(tx, winner, loser)?;
    let columns = vec![
        ("merged_into_id", Sql::Integer(winner.raw())),
        ("deleted_at", Sql::Integer(tx.caller().clock.now_ms())),
    ];
    tx.update("customer", loser, columns)?;
    Ok(())
}

/// Makes everything that names `loser` name `winner`.
///
/// What `winner` has already stays with `loser` (addresses, labels, values of custom fields) or goes (links to other
/// records, which would show up there twice).
fn take_over(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    for channel in Channel::ALL {
        addresses(tx, channel, winner, loser)?;
    }
    postal_addresses(tx, winner, loser)?;
    tags(tx, winner, loser)?;
    attachments(tx, winner, loser)?;
    custom_values(tx, winner, loser)?;
    jobs(tx, winner, loser)?;
    staff(tx, winner, loser)?;
    relationships::absorb(tx, winner, loser)?;
    duplicates::absorb(tx, winner, loser)?;
    deal_people(tx, winner, loser)?;
    activities(tx, winner, loser)?;
    for (table, column) in references_to(tx, "customer")? {
        if RULED.contains(&(table, column.as_str())) {
            continue;
        }
        for row in naming(tx, table, &column, loser)? {
            give_or_drop(tx, table, row, &column, winner)?;
        }
    }
    break_circle(tx, winner)
}

fn naming(tx: &ReadTx<'_>, table: &str, column: &str, id: Id) -> Result<Vec<Id>> {
    let sql = format!("SELECT id FROM {table} WHERE {column} = ?1 ORDER BY id");
    tx.all(&sql, [id.raw()], |row| Ok(Id::from_raw(row.get(0)?)))
}

/// Lets a row name the winner; where the winner has the same already, the row goes.
fn give_or_drop(tx: &WriteTx<'_>, table: &'static str, row: Id, column: &str, to: Id) -> Result<()> {
    let given = tx.attempt(|| tx.update(table, row, vec![(column, Sql::Integer(to.raw()))]));
    match given {
        Ok(_) => Ok(()),
        Err(error) if is_refused(&error) => tx.delete(table, row),
        Err(error) => Err(error),
    }
}

/// Whether a condition of the schema is in the way.
fn is_refused(error: &Error) -> bool {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<rusqlite::Error>());
    let code = source.and_then(rusqlite::Error::sqlite_error_code);
    code == Some(rusqlite::ErrorCode::ConstraintViolation)
}

/// How many rows of a table name a customer in any of its columns.
pub fn count_naming(tx: &ReadTx<'_>, table: &str, customer: Id) -> Result<u64> {
    let mut count = 0;
    for (_, column) in references_to(tx, "customer")?
        .iter()
        .filter(|(known, _)| *known == table)
    {
        let sql = format!("SELECT count(*) FROM {table} WHERE {column} = ?1");
        let found: Option<i64> = tx.one(&sql, [customer.raw()], |row| row.get(0))?;
        count += found.and_then(|found| u64::try_from(found).ok()).unwrap_or(0);
    }
    Ok(count)
}

fn give(tx: &WriteTx<'_>, table: &'static str, row: Id, column: &'static str, to: Id) -> Result<()> {
    tx.update(table, row, vec![(column, Sql::Integer(to.raw()))])?;
    Ok(())
}

/// An address, number or handle as a merge compares it.
struct Reached {
    row: Id,
    /// The address, whatever it is for.
    identity: String,
    position: i64,
    label: String,
    validity: String,
    opted_out_at: Option<i64>,
}

fn reached(tx: &ReadTx<'_>, channel: Channel, customer: Id) -> Result<Vec<Reached>> {
    let sql = match channel {
        Channel::Email => {
            "SELECT id, key, position, label, validity, opted_out_at FROM email WHERE customer_id = ?1 ORDER BY position"
        }
        Channel::Phone => {
            "SELECT id, CASE key WHEN '' THEN raw ELSE key END || ' ' || extension, position, label, validity,
                    opted_out_at
             FROM phone WHERE customer_id = ?1 ORDER BY position"
        }
        Channel::Handle => {
            "SELECT id, kind || ':' || key, position, '', '', NULL FROM handle WHERE customer_id = ?1 ORDER BY position"
        }
    };
    tx.all(sql, [customer.raw()], |row| {
        Ok(Reached {
            row: Id::from_raw(row.get(0)?),
            identity: row.get(1)?,
            position: row.get(2)?,
            label: row.get(3)?,
            validity: row.get(4)?,
            opted_out_at: row.get(5)?,
        })
    })
}

/// Unites addresses, those of the winner first. An opt-out holds wherever the address stood.
fn addresses(tx: &WriteTx<'_>, channel: Channel, winner: Id, loser: Id) -> Result<()> {
    let closed = wishes::closed(tx, channel, &[winner, loser])?;
    wishes::close(tx, channel, winner, closed)?;
    let known = reached(tx, channel, winner)?;
    let mut last = known.last().map_or(0, |address| address.position);
    for address in reached(tx, channel, loser)? {
        let Some(same) = known.iter().find(|known| known.identity == address.identity) else {
            last += 1;
            let mut columns = vec![
                ("customer_id", Sql::Integer(winner.raw())),
                ("position", Sql::Integer(last)),
            ];
            // In one change with the rest, so that it goes back with it.
            let opted_out_at = address.opted_out_at.or(closed).map(Sql::Integer);
            columns.extend(opted_out_at.map(|at| ("opted_out_at", at)));
            tx.update(channel.name(), address.row, columns)?;
            continue;
        };
        let mut columns: Vec<Column<'_>> = Vec::new();
        if let Some(at) = address.opted_out_at {
            let first = same.opted_out_at.map_or(at, |known| known.min(at));
            columns.push(("opted_out_at", Sql::Integer(first)));
        }
        if same.label.is_empty() && !address.label.is_empty() {
            columns.push(("label", Sql::Text(address.label)));
        }
        if same.validity == "unverified" {
            columns.push(("validity", Sql::Text(address.validity)));
        }
        if !columns.is_empty() {
            tx.update(channel.name(), same.row, columns)?;
        }
    }
    Ok(())
}

/// A postal address: street, city, region, postal code, country.
pub type Postal = [String; 5];

/// Adds a postal address beside the main one, unless it is there.
pub(crate) fn add_postal_address(tx: &WriteTx<'_>, customer: Id, address: &Postal) -> Result<()> {
    let known = postal_rows(tx, customer)?;
    if known.iter().any(|(_, _, known)| known == address) {
        return Ok(());
    }
    let names = ["street", "city", "region", "postal_code", "country"];
    let mut columns: Vec<Column<'_>> = names
        .into_iter()
        .zip(address)
        .map(|(name, part)| (name, Sql::Text(part.clone())))
        .collect();
    let last = known.last().map_or(0, |(_, position, _)| *position);
    columns.push(("customer_id", Sql::Integer(customer.raw())));
    columns.push(("position", Sql::Integer(last + 1)));
    tx.insert("address", tx.new_id(), columns)
}

fn postal_rows(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<(Id, i64, Postal)>> {
    tx.all(
        "SELECT id, position, street, city, region, postal_code, country FROM address
         WHERE customer_id = ?1 ORDER BY position",
        [customer.raw()],
        |row| {
            let parts = [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?];
            Ok((Id::from_raw(row.get(0)?), row.get(1)?, parts))
        },
    )
}

fn postal_addresses(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    let known = postal_rows(tx, winner)?;
    let mut last = known.last().map_or(0, |(_, position, _)| *position);
    for (row, _, address) in postal_rows(tx, loser)? {
        if known.iter().any(|(_, _, known)| *known == address) {
            continue;
        }
        last += 1;
        let columns = vec![
            ("customer_id", Sql::Integer(winner.raw())),
            ("position", Sql::Integer(last)),
        ];
        tx.update("address", row, columns)?;
    }
    Ok(())
}

fn tags(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    let free: Vec<Id> = tx.all(
        "SELECT id FROM tagging WHERE record_id = ?1
           AND tag_id NOT IN (SELECT tag_id FROM tagging WHERE record_id = ?2) ORDER BY id",
        [loser.raw(), winner.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )?;
    free.into_iter()
        .try_for_each(|row| give(tx, "tagging", row, "record_id", winner))
}

/// Gives the winner the files and links that it does not have.
fn attachments(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    let free: Vec<Id> = tx.all(
        "SELECT id FROM attachment WHERE record_id = ?1
           AND location NOT IN (SELECT location FROM attachment WHERE record_id = ?2) ORDER BY id",
        [loser.raw(), winner.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )?;
    free.into_iter()
        .try_for_each(|row| give(tx, "attachment", row, "record_id", winner))
}

/// Gives the winner the values of the custom fields that it has nothing in.
fn custom_values(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    let free: Vec<Id> = tx.all(
        "SELECT id FROM custom_value WHERE record_id = ?1
           AND field_id NOT IN (SELECT field_id FROM custom_value WHERE record_id = ?2) ORDER BY id",
        [loser.raw(), winner.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )?;
    free.into_iter()
        .try_for_each(|row| give(tx, "custom_value", row, "record_id", winner))
}

/// Gives a customer another's value of one custom field in place of its own.
pub(crate) fn take_custom_value(tx: &WriteTx<'_>, customer: Id, from: Id, field: Id) -> Result<()> {
    let rows = |record: Id| {
        tx.all(
            "SELECT id FROM custom_value WHERE record_id = ?1 AND field_id = ?2",
            [record.raw(), field.raw()],
            |row| Ok(Id::from_raw(row.get(0)?)),
        )
    };
    for row in rows(customer)? {
        tx.delete("custom_value", row)?;
    }
    rows(from)?
        .into_iter()
        .try_for_each(|row| give(tx, "custom_value", row, "record_id", customer))
}

/// One employment, as seen from one of its sides.
struct Stay {
    row: Id,
    other: Id,
    is_primary: bool,
    started_on: Option<String>,
    ended_on: Option<String>,
}

impl Stay {
    /// True if both can only be the same stay: both go on, or both have the same days.
    fn same(&self, other: &Stay) -> bool {
        let both_go_on = self.ended_on.is_none() && other.ended_on.is_none();
        let same_days = self.started_on == other.started_on && self.ended_on == other.ended_on;
        self.other == other.other && (both_go_on || same_days)
    }
}

fn stays(tx: &ReadTx<'_>, own: &str, other: &str, id: Id) -> Result<Vec<Stay>> {
    let sql = format!(
        "SELECT id, {other}, is_primary, started_on, ended_on FROM employment WHERE {own} = ?1 ORDER BY id"
    );
    tx.all(&sql, [id.raw()], |row| {
        Ok(Stay {
            row: Id::from_raw(row.get(0)?),
            other: Id::from_raw(row.get(1)?),
            is_primary: row.get(2)?,
            started_on: row.get(3)?,
            ended_on: row.get(4)?,
        })
    })
}

/// Unites the employments of two people; the main one stays the main one.
fn jobs(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    let known = stays(tx, "customer_id", "company_id", winner)?;
    let has_main = known
        .iter()
        .any(|stay| stay.is_primary && stay.ended_on.is_none());
    for stay in stays(tx, "customer_id", "company_id", loser)? {
        // Nobody is employed by themselves, nor twice in the same place.
        let same = known.iter().find(|known| known.same(&stay));
        if stay.other == winner || same.is_some() {
            tx.delete("employment", stay.row)?;
            let same = same.filter(|_| !has_main && stay.is_primary && stay.ended_on.is_none());
            if let Some(same) = same {
                tx.update("employment", same.row, vec![("is_primary", Sql::Integer(1))])?;
            }
            continue;
        }
        let mut columns = vec![("customer_id", Sql::Integer(winner.raw()))];
        if has_main && stay.ended_on.is_none() {
            columns.push(("is_primary", Sql::Integer(0)));
        }
        tx.update("employment", stay.row, columns)?;
    }
    Ok(())
}

/// Unites the people of two companies.
fn staff(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    let known = stays(tx, "company_id", "customer_id", winner)?;
    for stay in stays(tx, "company_id", "customer_id", loser)? {
        if stay.other == winner {
            tx.delete("employment", stay.row)?;
            continue;
        }
        match known.iter().find(|known| known.same(&stay)) {
            Some(same) => {
                if stay.is_primary {
                    tx.update("employment", same.row, vec![("is_primary", Sql::Integer(1))])?;
                }
                tx.delete("employment", stay.row)?;
            }
            None => give(tx, "employment", stay.row, "company_id", winner)?,
        }
    }
    Ok(())
}

fn deal_people(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    let rows: Vec<(Id, Id, String, i64)> = tx.all(
        "SELECT id, deal_id, role, is_primary FROM deal_person WHERE customer_id = ?1 ORDER BY id",
        [loser.raw()],
        |row| {
            Ok((
                Id::from_raw(row.get(0)?),
                Id::from_raw(row.get(1)?),
                row.get(2)?,
                row.get(3)?,
            ))
        },
    )?;
    for (row, deal, role, is_primary) in rows {
        let same: Option<(Id, String, i64)> = tx.one(
            "SELECT id, role, is_primary FROM deal_person WHERE deal_id = ?1 AND customer_id = ?2",
            [deal.raw(), winner.raw()],
            |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?, row.get(2)?)),
        )?;
        let Some((same, known, was_primary)) = same else {
            give(tx, "deal_person", row, "customer_id", winner)?;
            continue;
        };
        tx.delete("deal_person", row)?;
        let role = if known.is_empty() { role } else { known };
        let columns = vec![
            ("role", Sql::Text(role)),
            ("is_primary", Sql::Integer(is_primary.max(was_primary))),
        ];
        tx.update("deal_person", same, columns)?;
    }
    Ok(())
}

/// The parts that a customer plays in an activity, the weightiest first.
const PARTS: [&str; 3] = ["customer", "participant", "employer"];

fn activities(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    let rows: Vec<(Id, Option<i64>, String, Option<String>)> = tx.all(
        "SELECT own.id, same.id, own.role, same.role FROM activity_customer AS own
         LEFT JOIN activity_customer AS same ON same.activity_id = own.activity_id AND same.customer_id = ?2
         WHERE own.customer_id = ?1 ORDER BY own.id",
        [loser.raw(), winner.raw()],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    let weight = |role: &str| PARTS.iter().position(|part| *part == role).unwrap_or(PARTS.len());
    for (row, same, role, known) in rows {
        let Some(same) = same else {
            give(tx, "activity_customer", row, "customer_id", winner)?;
            continue;
        };
        tx.delete("activity_customer", row)?;
        if weight(&role) < weight(&known.unwrap_or_default()) {
            tx.update(
                "activity_customer",
                Id::from_raw(same),
                vec![("role", Sql::Text(role))],
            )?;
        }
    }
    Ok(())
}

/// Takes the parent of a company away if that belongs, directly or not, to the company itself.
fn break_circle(tx: &WriteTx<'_>, company: Id) -> Result<()> {
    let circles: bool = tx
        .one(
            "WITH RECURSIVE up(id) AS (
               SELECT parent_id FROM customer WHERE id = ?1
               UNION SELECT customer.parent_id FROM customer JOIN up ON customer.id = up.id
             )
             SELECT EXISTS (SELECT 1 FROM up WHERE id = ?1)",
            [company.raw()],
            |row| row.get(0),
        )?
        .unwrap_or(false);
    if circles {
        tx.update("customer", company, vec![("parent_id", Sql::Null)])?;
    }
    Ok(())
}
