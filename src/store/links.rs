//! Rows that any record can have: tags and identities in other systems; and how a record is found by what names it.

use rusqlite::types::Value as Sql;

use crate::domain::fold::fold;
use crate::domain::id::{Id, Ref};
use crate::domain::noun::Noun;
use crate::domain::value::Link;
use crate::error::Result;
use crate::store::columns::{name_column, table};
use crate::store::filter;
use crate::store::tx::{ReadTx, WriteTx};

/// The record with this number.
pub fn by_number(tx: &ReadTx<'_>, reference: Ref) -> Result<Option<Id>> {
    let sql = format!("SELECT id FROM {} WHERE no = ?1", table(reference.noun));
    tx.one(&sql, [reference.no], |row| Ok(Id::from_raw(row.get(0)?)))
}

/// The record with this key (user, team, tag, pipeline, field): the folded name, outside the trash.
pub fn by_key(tx: &ReadTx<'_>, noun: Noun, key: &str) -> Result<Option<Id>> {
    let column = match noun {
        _ if noun.is_keyed() => "key",
        _ => "name_key",
    };
    let key = if column == "key" {
        key.to_owned()
    } else {
        fold(key)
    };
    let sql = format!(
        "SELECT id FROM {} WHERE {column} = ?1 AND deleted_at IS NULL ORDER BY id LIMIT 1",
        table(noun)
    );
    tx.one(&sql, [key], |row| Ok(Id::from_raw(row.get(0)?)))
}

/// The records outside the trash with exactly this folded name.
pub fn by_name(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<Vec<Id>> {
    let column = match noun {
        Noun::Customer
        | Noun::Deal
        | Noun::Quote
        | Noun::Order
        | Noun::Ticket
        | Noun::Product
        | Noun::User
        | Noun::Team
        | Noun::Tag => "name_key".to_owned(),
        _ => format!("fold({})", name_column(noun)),
    };
    let sql = format!(
        "SELECT id FROM {} WHERE {column} = ?1 AND deleted_at IS NULL ORDER BY id LIMIT 20",
        table(noun)
    );
    tx.all(&sql, [fold(name)], |row| Ok(Id::from_raw(row.get(0)?)))
}

/// The records in the trash with exactly this folded name, the latest first.
pub fn trashed_by_name(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<Vec<Id>> {
    let column = match noun {
        Noun::Customer
        | Noun::Deal
        | Noun::Quote
        | Noun::Order
        | Noun::Ticket
        | Noun::Product
        | Noun::User
        | Noun::Team
        | Noun::Tag => "name_key",
        // Keys are folded by themselves; the key of a field comes with its noun.
        Noun::Field => "noun || '.' || key",
        _ if noun.is_keyed() => "key",
        _ => return Ok(Vec::new()),
    };
    let sql = format!(
        "SELECT id FROM {} WHERE {column} = ?1 AND deleted_at IS NOT NULL ORDER BY deleted_at DESC LIMIT 20",
        table(noun)
    );
    tx.all(&sql, [fold(name)], |row| Ok(Id::from_raw(row.get(0)?)))
}

/// The product with this code.
pub fn by_sku(tx: &ReadTx<'_>, sku: &str) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM product WHERE sku = ?1 AND deleted_at IS NULL",
        [sku],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// A record as others point to it, whether or not it is in the trash; none if it is out of the caller's scope.
pub fn link(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Option<Link>> {
    let no = if noun.prefix().is_some() { "r.no" } else { "0" };
    let mut bound = vec![Sql::Integer(id.raw())];
    let scope = filter::scope(tx, noun, "r", &mut bound);
    let sql = format!(
        "SELECT {no}, r.{} FROM {} AS r WHERE r.id = ?1{scope}",
        name_column(noun),
        table(noun)
    );
    tx.one(&sql, rusqlite::params_from_iter(bound), |row| {
        Ok(Link {
            noun,
            id,
            no: row.get(0)?,
            name: row.get(1)?,
        })
    })
}

/// True if the record is in the trash.
pub fn is_trashed(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<bool> {
    let sql = format!("SELECT deleted_at IS NOT NULL FROM {} WHERE id = ?1", table(noun));
    Ok(tx.one(&sql, [id.raw()], |row| row.get(0))?.unwrap_or(false))
}

/// Puts a record into the trash or takes it out; true if that changed anything.
pub fn set_trashed(tx: &WriteTx<'_>, noun: Noun, id: Id, trashed: bool) -> Result<bool> {
    if is_trashed(tx, noun, id)? == trashed {
        return Ok(false);
    }
    let value = if trashed {
        Sql::Integer(tx.caller().clock.now_ms())
    } else {
        Sql::Null
    };
    tx.update(table(noun), id, vec![("deleted_at", value)])
}

/// The record outside the trash that has the name, key or code which only one may have and which `id` has too.
pub fn namesake(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Option<Id>> {
    let same = match noun {
        Noun::User | Noun::Team | Noun::Tag => "other.name_key = own.name_key",
        Noun::Field => "other.noun = own.noun AND other.key = own.key",
        Noun::Product => "other.sku = own.sku AND own.sku <> ''",
        _ if noun.is_keyed() => "other.key = own.key",
        _ => return Ok(None),
    };
    let table = table(noun);
    let sql = format!(
        "SELECT other.id FROM {table} AS own JOIN {table} AS other ON {same}
         WHERE own.id = ?1 AND other.id <> own.id AND other.deleted_at IS NULL LIMIT 1"
    );
    tx.one(&sql, [id.raw()], |row| Ok(Id::from_raw(row.get(0)?)))
}

/// The version of a record, which rises with every change.
pub fn version(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Option<i64>> {
    let sql = format!("SELECT version FROM {} WHERE id = ?1", table(noun));
    tx.one(&sql, [id.raw()], |row| row.get(0))
}

/// Who changed a record last, and when in milliseconds since 1970.
pub fn last_change(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Option<(String, i64)>> {
    let sql = format!(
        "SELECT coalesce(u.name, ''), r.updated_at FROM {} AS r LEFT JOIN user AS u ON u.id = r.updated_by
         WHERE r.id = ?1",
        table(noun)
    );
    tx.one(&sql, [id.raw()], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The tags of a record, by name.
pub fn tags(tx: &ReadTx<'_>, record: Id) -> Result<Vec<(Id, String)>> {
    tx.all(
        "SELECT t.id, t.name FROM tagging AS g JOIN tag AS t ON t.id = g.tag_id
         WHERE g.record_id = ?1 AND t.deleted_at IS NULL ORDER BY t.name_key",
        [record.raw()],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
    )
}

/// Puts a tag on a record; true if it was not there.
pub fn tag(tx: &WriteTx<'_>, noun: Noun, record: Id, tag: Id) -> Result<bool> {
    let known: Option<i64> = tx.one(
        "SELECT id FROM tagging WHERE tag_id = ?1 AND record_id = ?2",
        [tag.raw(), record.raw()],
        |row| row.get(0),
    )?;
    if known.is_some() {
        return Ok(false);
    }
    tx.insert(
        "tagging",
        tx.new_id(),
        vec![
            ("tag_id", Sql::Integer(tag.raw())),
            ("noun", Sql::Text(noun.name().to_owned())),
            ("record_id", Sql::Integer(record.raw())),
        ],
    )?;
    Ok(true)
}

/// Takes a tag off a record; true if it was there.
pub fn untag(tx: &WriteTx<'_>, record: Id, tag: Id) -> Result<bool> {
    let known: Option<i64> = tx.one(
        "SELECT id FROM tagging WHERE tag_id = ?1 AND record_id = ?2",
        [tag.raw(), record.raw()],
        |row| row.get(0),
    )?;
    match known {
        Some(row) => tx.delete("tagging", Id::from_raw(row)).map(|()| true),
        None => Ok(false),
    }
}

/// The record with this identity in another system, also if it is in the trash.
pub fn by_external_id(tx: &ReadTx<'_>, system: &str, noun: Noun, value: &str) -> Result<Option<Id>> {
    tx.one(
        "SELECT record_id FROM external_id WHERE system = ?1 AND object = ?2 AND value = ?3",
        (system, noun.name(), value),
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The identities of a record in other systems.
pub fn external_ids(tx: &ReadTx<'_>, record: Id) -> Result<Vec<(String, String)>> {
    tx.all(
        "SELECT system, value FROM external_id WHERE record_id = ?1 ORDER BY id",
        [record.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Adds an identity in another system.
pub fn add_external_id(tx: &WriteTx<'_>, noun: Noun, record: Id, system: &str, value: &str) -> Result<()> {
    tx.insert(
        "external_id",
        tx.new_id(),
        vec![
            ("system", Sql::Text(system.to_owned())),
            ("object", Sql::Text(noun.name().to_owned())),
            ("value", Sql::Text(value.to_owned())),
            ("record_id", Sql::Integer(record.raw())),
        ],
    )
}

/// The number behind the ref of a record, also of one out of the caller's scope; none for nouns without refs, and for
/// what is gone.
pub fn number(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Option<i64>> {
    if noun.prefix().is_none() {
        return Ok(None);
    }
    let sql = format!("SELECT no FROM {} WHERE id = ?1", table(noun));
    tx.one(&sql, [id.raw()], |row| row.get(0))
}

/// The filters of all views, whoever may see them.
pub(crate) fn filters_of_views(tx: &ReadTx<'_>) -> Result<Vec<(Id, String)>> {
    tx.all(
        "SELECT id, filter FROM view WHERE filter <> '' ORDER BY id",
        [],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
    )
}

/// Gives a view another filter.
pub(crate) fn set_filter_of_view(tx: &WriteTx<'_>, view: Id, filter: &str) -> Result<bool> {
    tx.update("view", view, vec![("filter", Sql::Text(filter.to_owned()))])
}

/// Puts the tag `to` in the place of `from` on every record, also those in the trash; the number of records.
pub(crate) fn retag(tx: &WriteTx<'_>, from: Id, to: Id) -> Result<u64> {
    let rows: Vec<(i64, bool)> = tx.all(
        "SELECT g.id, EXISTS (SELECT 1 FROM tagging AS same WHERE same.tag_id = ?2 AND same.record_id = g.record_id)
         FROM tagging AS g WHERE g.tag_id = ?1 ORDER BY g.id",
        [from.raw(), to.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut count = 0;
    for (row, has_both) in rows {
        let row = Id::from_raw(row);
        match has_both {
            true => tx.delete("tagging", row)?,
            false => {
                tx.update("tagging", row, vec![("tag_id", Sql::Integer(to.raw()))])?;
            }
        }
        count += 1;
    }
    Ok(count)
}
