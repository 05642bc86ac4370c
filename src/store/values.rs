//! Values of custom fields: the rows that keep them, and who has which.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::store::columns::table;
use crate::store::fields::{self, CustomField};
use crate::store::rows::scalar;
use crate::store::tx::{Column, ReadTx, WriteTx};

/// A value as one row keeps it: number, text, record.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    int: Sql,
    text: Sql,
    link: Sql,
}

impl Kept {
    fn columns(self) -> Vec<Column<'static>> {
        vec![
            ("int_value", self.int),
            ("text_value", self.text),
            ("link_id", self.link),
        ]
    }

    fn values(self) -> [Sql; 3] {
        [self.int, self.text, self.link]
    }
}

/// The row of a single value; none for one that says nothing.
fn kept(value: &Value) -> Result<Option<Kept>> {
    let nothing = Kept {
        int: Sql::Null,
        text: Sql::Null,
        link: Sql::Null,
    };
    Ok(Some(match value {
        Value::Null => return Ok(None),
        Value::Money(money) => Kept {
            int: Sql::Integer(money.minor),
            text: Sql::Text(money.currency.code().to_owned()),
            ..nothing
        },
        Value::Link(link) => Kept {
            link: Sql::Integer(link.id.raw()),
            ..nothing
        },
        Value::Days(first, last) => Kept {
            text: Sql::Text(format!("{first}/{last}")),
            ..nothing
        },
        Value::Decimal(number) => Kept {
            int: Sql::Integer(*number),
            ..nothing
        },
        other => match scalar(other)? {
            text @ Sql::Text(_) => Kept { text, ..nothing },
            number => Kept {
                int: number,
                ..nothing
            },
        },
    }))
}

/// The rows of a value.
fn all_kept(value: &Value) -> Result<Vec<Kept>> {
    match value {
        Value::List(items) => Ok(items
            .iter()
            .map(kept)
            .collect::<Result<Vec<_>>>()?
            .into_iter()
            .flatten()
            .collect()),
        one => Ok(kept(one)?.into_iter().collect()),
    }
}

/// Sets the value of a custom field; null takes it away. True if it was different.
pub fn set_custom(tx: &WriteTx<'_>, record: Id, field: &CustomField, value: &Value) -> Result<bool> {
    let known = rows(tx, record, field)?;
    let wanted = all_kept(value)?;
    let mut changed = false;
    for (at, kept) in wanted.iter().enumerate() {
        changed |= match known.get(at) {
            Some((row, _)) => tx.update("custom_value", *row, kept.clone().columns())?,
            None => {
                insert(tx, record, field, at, kept.clone())?;
                true
            }
        };
    }
    for (row, _) in known.iter().skip(wanted.len()) {
        tx.delete("custom_value", *row)?;
        changed = true;
    }
    Ok(changed)
}

/// Adds values to a custom field of several, behind those that are there. True if one was new.
pub fn add_custom(tx: &WriteTx<'_>, record: Id, field: &CustomField, items: &[Value]) -> Result<bool> {
    let known = rows(tx, record, field)?;
    let mut at = known.len();
    let before = at;
    for item in items {
        let Some(kept) = kept(item)? else { continue };
        if known.iter().any(|(_, there)| *there == kept) {
            continue;
        }
        insert(tx, record, field, at, kept)?;
        at += 1;
    }
    Ok(at > before)
}

fn rows(tx: &ReadTx<'_>, record: Id, field: &CustomField) -> Result<Vec<(Id, Kept)>> {
    tx.all(
        "SELECT id, int_value, text_value, link_id FROM custom_value WHERE record_id = ?1 AND field_id = ?2
         ORDER BY position",
        [record.raw(), field.id.raw()],
        |row| {
            let kept = Kept {
                int: row.get(1)?,
                text: row.get(2)?,
                link: row.get(3)?,
            };
            Ok((Id::from_raw(row.get(0)?), kept))
        },
    )
}

fn insert(tx: &WriteTx<'_>, record: Id, field: &CustomField, at: usize, kept: Kept) -> Result<()> {
    let position = i64::try_from(at).map_err(|_| Error::internal("too many values"))? + 1;
    let mut columns = kept.columns();
    columns.push(("noun", Sql::Text(field.noun.name().to_owned())));
    columns.push(("record_id", Sql::Integer(record.raw())));
    columns.push(("field_id", Sql::Integer(field.id.raw())));
    columns.push(("position", Sql::Integer(position)));
    tx.insert("custom_value", tx.new_id(), columns)
}

/// Gives a new record the values of another, but for those that only one may have; it counts on where that has a number.
pub(crate) fn copy(tx: &WriteTx<'_>, noun: Noun, from: Id, to: Id) -> Result<()> {
    for field in fields::customs(tx, noun)? {
        if field.word == "auto_number" {
            let next = last_number(tx, &field)? + 1;
            insert(
                tx,
                to,
                &field,
                0,
                Kept {
                    int: Sql::Integer(next),
                    text: Sql::Null,
                    link: Sql::Null,
                },
            )?;
        } else if !field.unique {
            for (at, (_, kept)) in rows(tx, from, &field)?.into_iter().enumerate() {
                insert(tx, to, &field, at, kept)?;
            }
        }
    }
    Ok(())
}

/// True if a record has a value of a custom field: any, or this choice.
pub fn is_used(tx: &ReadTx<'_>, field: Id, choice: Option<&str>) -> Result<bool> {
    let found = tx.one(
        "SELECT 1 FROM custom_value WHERE field_id = ?1 AND (?2 IS NULL OR text_value = ?2) LIMIT 1",
        (field.raw(), choice),
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// True if a record has a value of a custom field.
pub(crate) fn has(tx: &ReadTx<'_>, record: Id, field: &CustomField) -> Result<bool> {
    let found = tx.one(
        "SELECT 1 FROM custom_value WHERE record_id = ?1 AND field_id = ?2 LIMIT 1",
        [record.raw(), field.id.raw()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// True if a record has exactly this value.
pub(crate) fn holds(tx: &ReadTx<'_>, record: Id, field: &CustomField, value: &Value) -> Result<bool> {
    let known: Vec<Kept> = rows(tx, record, field)?
        .into_iter()
        .map(|(_, kept)| kept)
        .collect();
    Ok(known == all_kept(value)?)
}

/// Another record than `except`, outside the trash, that has this value.
pub(crate) fn holder(tx: &ReadTx<'_>, field: &CustomField, value: &Value, except: Id) -> Result<Option<Id>> {
    let Some(kept) = kept(value)? else {
        return Ok(None);
    };
    // The first column that is there is looked up in an index; the others are compared.
    let values = kept.values();
    let names = ["int_value", "text_value", "link_id"];
    let first = values.iter().position(|value| *value != Sql::Null).unwrap_or(0);
    let tests: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(at, name)| match at == first {
            true => format!("v.{name} = ?{}", at + 3),
            false => format!("v.{name} IS ?{}", at + 3),
        })
        .collect();
    let sql = format!(
        "SELECT v.record_id FROM custom_value AS v JOIN {} AS r ON r.id = v.record_id
         WHERE v.field_id = ?1 AND v.record_id <> ?2 AND {} AND r.deleted_at IS NULL LIMIT 1",
        table(field.noun),
        tests.join(" AND ")
    );
    let [int, text, link] = values;
    tx.one(&sql, (field.id.raw(), except.raw(), int, text, link), |row| {
        Ok(Id::from_raw(row.get(0)?))
    })
}

/// Another record outside the trash that has the same value of a custom field as `record`.
pub(crate) fn double_of(tx: &ReadTx<'_>, record: Id, field: &CustomField) -> Result<Option<Id>> {
    let sql = format!(
        "SELECT other.record_id FROM custom_value AS own
         JOIN custom_value AS other ON other.field_id = own.field_id AND other.int_value IS own.int_value
           AND other.text_value IS own.text_value AND other.link_id IS own.link_id
         JOIN {} AS r ON r.id = other.record_id
         WHERE own.record_id = ?1 AND own.field_id = ?2 AND other.record_id <> ?1 AND r.deleted_at IS NULL LIMIT 1",
        table(field.noun)
    );
    tx.one(&sql, [record.raw(), field.id.raw()], |row| {
        Ok(Id::from_raw(row.get(0)?))
    })
}

/// Two records outside the trash that have the same value of a custom field.
pub(crate) fn doubled(tx: &ReadTx<'_>, field: &CustomField) -> Result<Option<(Id, Id)>> {
    let sql = format!(
        "SELECT min(v.record_id), max(v.record_id) FROM custom_value AS v JOIN {} AS r ON r.id = v.record_id
         WHERE v.field_id = ?1 AND r.deleted_at IS NULL
         GROUP BY v.int_value, v.text_value, v.link_id HAVING count(*) > 1 LIMIT 1",
        table(field.noun)
    );
    tx.one(&sql, [field.id.raw()], |row| {
        Ok((Id::from_raw(row.get(0)?), Id::from_raw(row.get(1)?)))
    })
}

/// The highest number that a custom field has given out; 0 if none.
pub(crate) fn last_number(tx: &ReadTx<'_>, field: &CustomField) -> Result<i64> {
    let highest = tx.one(
        "SELECT max(int_value) FROM custom_value WHERE field_id = ?1",
        [field.id.raw()],
        |row| row.get::<_, Option<i64>>(0),
    )?;
    Ok(highest.flatten().unwrap_or(0))
}
