//! What is known of customers as far as it tells them apart, and which of them somebody has said to be two.

use rusqlite::types::Value as Sql;
use rusqlite::{Row, Rows, params_from_iter};

use crate::domain::duplicate::Profile;
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::customers::{self, Channel};
use crate::store::filter;
use crate::store::tx::{ReadTx, WriteTx};

/// What of the customer `c` and its employer `e` tells it apart.
const COLUMNS: &str =
    "c.id, c.type, c.name, COALESCE(e.name, ''), c.address, c.city, c.postal_code, c.country, c.birthday,
    c.website, c.tax_id, c.gender";

fn profile_of(row: &Row<'_>) -> rusqlite::Result<(Id, Profile)> {
    let kind: String = row.get(1)?;
    let profile = Profile {
        is_company: kind == "company",
        name: row.get(2)?,
        company: row.get(3)?,
        address: row.get(4)?,
        city: row.get(5)?,
        postal_code: row.get(6)?,
        country: row.get(7)?,
        birthday: row.get(8)?,
        website: row.get(9)?,
        tax_id: row.get(10)?,
        gender: row.get(11)?,
        ..Profile::default()
    };
    Ok((Id::from_raw(row.get(0)?), profile))
}

/// Calls `take` for every customer outside the trash that the caller may see, in the order of ids; only for those of one
/// type if one is named.
///
/// Nothing is gathered: the addresses are read beside, in the same order.
pub fn each(
    tx: &ReadTx<'_>,
    kind: Option<&str>,
    mut take: impl FnMut(Id, &Profile) -> Result<()>,
) -> Result<()> {
    let mut bound: Vec<Sql> = vec![kind.map_or(Sql::Null, |kind| Sql::Text(kind.to_owned()))];
    let scope = filter::scope(tx, Noun::Customer, "c", &mut bound);
    // The plus keeps SQLite from walking the customers by their type, out of the order of ids.
    let sql = format!(
        "SELECT {COLUMNS} FROM customer AS c LEFT JOIN customer AS e ON e.id = c.company_id
         WHERE c.deleted_at IS NULL AND (?1 IS NULL OR +c.type = ?1){scope} ORDER BY c.id"
    );
    let prepare = |sql: &str| tx.connection().prepare_cached(sql);
    let mut emails = prepare("SELECT customer_id, key FROM email ORDER BY customer_id, position")?;
    let mut phones = prepare("SELECT customer_id, key FROM phone ORDER BY customer_id, position")?;
    let mut handles =
        prepare("SELECT customer_id, kind || ':' || key FROM handle ORDER BY customer_id, position")?;
    let mut emails = Beside::new(emails.query([])?);
    let mut phones = Beside::new(phones.query([])?);
    let mut handles = Beside::new(handles.query([])?);
    tx.each_row(&sql, params_from_iter(bound), |row| {
        let (id, mut profile) = profile_of(row)?;
        profile.emails = emails.of(id)?;
        profile.phones = phones.of(id)?;
        profile.handles = handles.of(id)?;
        take(id, &profile)
    })
}

/// The addresses of all customers, read along with these.
struct Beside<'s> {
    rows: Rows<'s>,
    next: Option<(i64, String)>,
    is_begun: bool,
}

impl<'s> Beside<'s> {
    fn new(rows: Rows<'s>) -> Beside<'s> {
        Beside {
            rows,
            next: None,
            is_begun: false,
        }
    }

    /// The addresses of a customer, who has a higher id than the one before.
    fn of(&mut self, id: Id) -> Result<Vec<String>> {
        let mut found = Vec::new();
        loop {
            match self.next.take() {
                Some((owner, key)) if owner == id.raw() => found.push(key),
                Some(ahead) if ahead.0 > id.raw() => {
                    self.next = Some(ahead);
                    return Ok(found);
                }
                None if self.is_begun => return Ok(found),
                _ => {}
            }
            self.is_begun = true;
            let row = self.rows.next()?;
            self.next = row
                .map(|row| Ok::<_, rusqlite::Error>((row.get(0)?, row.get(1)?)))
                .transpose()?;
        }
    }
}

/// What tells one customer apart; none if it is in the trash or out of the caller's scope.
pub fn profile(tx: &ReadTx<'_>, id: Id) -> Result<Option<Profile>> {
    let mut bound: Vec<Sql> = vec![Sql::Integer(id.raw())];
    let scope = filter::scope(tx, Noun::Customer, "c", &mut bound);
    let sql = format!(
        "SELECT {COLUMNS} FROM customer AS c LEFT JOIN customer AS e ON e.id = c.company_id
         WHERE c.id = ?1 AND c.deleted_at IS NULL{scope}"
    );
    let Some((_, mut profile)) = tx.one(&sql, params_from_iter(bound), profile_of)? else {
        return Ok(None);
    };
    for channel in Channel::ALL {
        let keys = customers::addresses(tx, id, channel)?
            .into_iter()
            .map(|address| match channel {
                Channel::Handle => format!("{}:{}", address.kind, address.key),
                Channel::Email | Channel::Phone => address.key,
            });
        match channel {
            Channel::Email => profile.emails = keys.collect(),
            Channel::Phone => profile.phones = keys.collect(),
            Channel::Handle => profile.handles = keys.collect(),
        }
    }
    Ok(Some(profile))
}

/// How many customers there are, about: those in the trash count too.
pub fn population(tx: &ReadTx<'_>) -> Result<u32> {
    let last: Option<i64> = tx.one("SELECT last FROM counter WHERE name = 'customer'", [], |row| {
        row.get(0)
    })?;
    Ok(u32::try_from(last.unwrap_or(0)).unwrap_or(u32::MAX))
}

/// The customers outside the trash with the very name of `profile`.
pub fn namesakes(tx: &ReadTx<'_>, profile: &Profile) -> Result<Vec<Id>> {
    customers::by_name_key(tx, &fold(&profile.name))
}

/// The pairs of customers of whom somebody has said that they are two, in the order of their ids; of one customer, if one
/// is named.
pub fn distinct(tx: &ReadTx<'_>, customer: Option<Id>) -> Result<Vec<(Id, Id)>> {
    tx.all(
        "SELECT customer_id, other_id FROM not_duplicate
         WHERE ?1 IS NULL OR customer_id = ?1 OR other_id = ?1 ORDER BY customer_id, other_id",
        [customer.map(Id::raw)],
        |row| Ok((Id::from_raw(row.get(0)?), Id::from_raw(row.get(1)?))),
    )
}

fn row_of(tx: &ReadTx<'_>, one: Id, other: Id) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM not_duplicate WHERE customer_id = ?1 AND other_id = ?2",
        [one.min(other).raw(), one.max(other).raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Remembers that two customers are two; true if that was not known.
pub(crate) fn remember(tx: &WriteTx<'_>, one: Id, other: Id) -> Result<bool> {
    if row_of(tx, one, other)?.is_some() {
        return Ok(false);
    }
    tx.insert("not_duplicate", tx.new_id(), columns((one, other)))?;
    Ok(true)
}

/// Forgets it again; true if it was known.
pub(crate) fn forget(tx: &WriteTx<'_>, one: Id, other: Id) -> Result<bool> {
    let Some(row) = row_of(tx, one, other)? else {
        return Ok(false);
    };
    tx.delete("not_duplicate", row)?;
    Ok(true)
}

/// The rows that name a customer.
pub(crate) fn rows_of(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM not_duplicate WHERE customer_id = ?1 OR other_id = ?1",
        [customer.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The two of a row.
pub(crate) fn ends(tx: &ReadTx<'_>, row: Id) -> Result<Option<(Id, Id)>> {
    tx.one(
        "SELECT customer_id, other_id FROM not_duplicate WHERE id = ?1",
        [row.raw()],
        |row| Ok((Id::from_raw(row.get(0)?), Id::from_raw(row.get(1)?))),
    )
}

/// Whether a row says of these that they are two, or they are one.
pub(crate) fn is_told(tx: &ReadTx<'_>, (one, other): (Id, Id)) -> Result<bool> {
    Ok(one == other || row_of(tx, one, other)?.is_some())
}

/// Adds a row again that said of these that they are two.
pub(crate) fn put_back(tx: &WriteTx<'_>, row: Id, ends: (Id, Id)) -> Result<()> {
    tx.insert("not_duplicate", row, columns(ends))
}

/// Lets a row that may have gone say of these that they are two; where another row says it, or they are one, the row
/// goes.
pub(crate) fn restate(tx: &WriteTx<'_>, row: Id, (one, other): (Id, Id)) -> Result<()> {
    if ends(tx, row)?.is_none() {
        return Ok(());
    }
    if one == other || row_of(tx, one, other)?.is_some_and(|same| same != row) {
        return tx.delete("not_duplicate", row);
    }
    tx.update("not_duplicate", row, columns((one, other)))?;
    Ok(())
}

/// Of two the one with the lower id stands first.
fn columns((one, other): (Id, Id)) -> Vec<(&'static str, Sql)> {
    vec![
        ("customer_id", Sql::Integer(one.min(other).raw())),
        ("other_id", Sql::Integer(one.max(other).raw())),
    ]
}

/// Makes whoever was told apart from `loser` be told apart from `winner`.
pub(crate) fn absorb(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    for (one, other) in distinct(tx, Some(loser))? {
        let third = if one == loser { other } else { one };
        let Some(row) = row_of(tx, loser, third)? else {
            continue;
        };
        if third == winner || row_of(tx, winner, third)?.is_some() {
            tx.delete("not_duplicate", row)?;
            continue;
        }
        tx.update("not_duplicate", row, columns((winner, third)))?;
    }
    Ok(())
}
