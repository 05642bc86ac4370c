//! Writing records: typed values of fields into the columns that keep them, and the history of those whose past counts.

use jiff::Timestamp;
use rusqlite::types::Value as Sql;

use crate::domain::field::{Field, FieldType};
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::pinyin;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::store::columns::{source, table};
use crate::store::log;
use crate::store::tx::{Column, LAST_AT_ORIGIN, ReadTx, WriteTx};

/// A field and the value it is to have. A link carries the id, also for nouns that are named by key.
pub type Set = (&'static Field, Value);

/// Identity of a record that is about to be made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Identity {
    /// A restored id; none for a new one.
    pub id: Option<Id>,
    /// A restored number; none for the next one.
    pub no: Option<i64>,
    /// What the record says about its own past; nothing for a new one.
    pub past: Past,
}

impl Identity {
    /// False for a record that is restored into the trash, where nothing has to be unique.
    pub fn is_live(&self) -> bool {
        self.past.deleted_at.is_none()
    }
}

/// Who made and changed a restored record when; what is none is as for any new record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Past {
    /// When it was made, in milliseconds since 1970.
    pub created_at: Option<i64>,
    /// Who made it.
    pub created_by: Option<Id>,
    /// When it was last changed.
    pub updated_at: Option<i64>,
    /// Who last changed it.
    pub updated_by: Option<Id>,
    /// How often it was changed, counted from 1.
    pub version: Option<i64>,
    /// When it went to the trash.
    pub deleted_at: Option<i64>,
}

impl Past {
    fn columns(self) -> impl Iterator<Item = Column<'static>> {
        let columns = [
            ("created_at", self.created_at),
            ("created_by", self.created_by.map(Id::raw)),
            ("updated_at", self.updated_at),
            ("updated_by", self.updated_by.map(Id::raw)),
            ("version", self.version),
            ("deleted_at", self.deleted_at),
        ];
        columns
            .into_iter()
            .filter_map(|(column, value)| Some((column, Sql::Integer(value?))))
    }
}

/// What a record that is there knows of its own past.
pub(crate) fn past(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Option<Past>> {
    let sql = format!(
        "SELECT created_at, created_by, updated_at, updated_by, version, deleted_at FROM {} WHERE id = ?1",
        table(noun)
    );
    tx.one(&sql, [id.raw()], |row| {
        Ok(Past {
            created_at: row.get(0)?,
            created_by: row.get::<_, Option<i64>>(1)?.map(Id::from_raw),
            updated_at: row.get(2)?,
            updated_by: row.get::<_, Option<i64>>(3)?.map(Id::from_raw),
            version: row.get(4)?,
            deleted_at: row.get(5)?,
        })
    })
}

/// Lets a record have the past that a later copy of it tells of; one that has been changed more often than the copy
/// keeps its own, because a version never falls.
pub(crate) fn catch_up(tx: &WriteTx<'_>, noun: Noun, id: Id, told: Past) -> Result<()> {
    match past(tx, noun, id)? {
        Some(known) if known.version > told.version => Ok(()),
        _ => take_past(tx, noun, id, told),
    }
}

/// Lets a record have the past that a copy of it tells of; what it does not tell stays. By whom and when it was made
/// is logged like any change; the rest no log keeps.
pub(crate) fn take_past(tx: &WriteTx<'_>, noun: Noun, id: Id, told: Past) -> Result<()> {
    let Some(known) = past(tx, noun, id)? else {
        return Ok(());
    };
    let made = |past: Past| {
        [
            ("created_at", past.created_at),
            ("created_by", past.created_by.map(Id::raw)),
        ]
    };
    let changed: Vec<(&str, Sql, Sql)> = made(known)
        .into_iter()
        .zip(made(told))
        .filter_map(|((column, old), (_, new))| Some((column, old?, new?)))
        .filter(|(_, old, new)| old != new)
        .map(|(column, old, new)| (column, Sql::Integer(old), Sql::Integer(new)))
        .collect();
    if !changed.is_empty() {
        log::update(tx, table(noun), id, &changed)?;
        tx.add_changes(1);
    }
    let told = Past {
        deleted_at: None,
        ..told
    };
    tx.amend(table(noun), id, &told.columns().collect::<Vec<_>>())
}

/// True if a record with this id can be made: no record of any noun has it, it is none of those that belong to what
/// every base has from its founding, and it was not made far ahead of us.
///
/// Every new id follows the highest one that is known, so an id from the end of time would be the last.
pub fn is_free(tx: &ReadTx<'_>, id: Id) -> Result<bool> {
    const TEN_YEARS_MS: i64 = 10 * 366 * 24 * 60 * 60 * 1000;
    let latest = Id::first(tx.caller().clock.now_ms().saturating_add(TEN_YEARS_MS), 0);
    if id <= LAST_AT_ORIGIN || id > latest {
        return Ok(false);
    }
    let tables = Noun::ALL.into_iter().map(table).chain(["stage", "option"]);
    let asked: Vec<String> = tables
        .map(|table| format!("SELECT 1 FROM {table} WHERE id = ?1"))
        .collect();
    let taken: Option<i64> = tx.one(&asked.join(" UNION ALL "), [id.raw()], |row| row.get(0))?;
    Ok(taken.is_none())
}

/// Makes a record from the columns of its plain fields, and from columns that no field shows.
pub(crate) fn add(
    tx: &WriteTx<'_>,
    noun: Noun,
    identity: Identity,
    sets: &[Set],
    extra: Vec<Column<'static>>,
) -> Result<Id> {
    let id = identity.id.unwrap_or_else(|| tx.new_id());
    let mut columns = extra;
    columns.extend(identity.past.columns());
    for (field, value) in sets {
        columns.extend(to_columns(tx, noun, field, value)?);
    }
    if noun.prefix().is_some() {
        let no = match identity.no {
            Some(no) => {
                tx.reserve_number(noun, no)?;
                no
            }
            None => tx.new_number(noun)?,
        };
        columns.push(("no", Sql::Integer(no)));
    }
    columns.extend(keys(noun, sets));
    tx.insert(table(noun), id, columns)?;
    Ok(id)
}

/// Sets plain fields of a record; true if anything was different. What has a history gets an interval.
pub(crate) fn set(tx: &WriteTx<'_>, noun: Noun, id: Id, sets: &[Set]) -> Result<bool> {
    let mut columns = Vec::new();
    for (field, value) in sets {
        let written = to_columns(tx, noun, field, value)?;
        if let Some((_, attribute, column)) = HISTORY
            .iter()
            .find(|(of, attribute, _)| *of == noun && *attribute == field.name)
            && let Some((_, value)) = written.iter().find(|(name, _)| name == column)
        {
            remember(tx, noun, id, attribute, column, value)?;
        }
        columns.extend(written);
    }
    columns.extend(
        keys(noun, sets)
            .into_iter()
            .filter(|(column, _)| is_own_key(noun, column)),
    );
    if columns.is_empty() {
        return Ok(false);
    }
    tx.update(table(noun), id, columns)
}

/// Sets columns of a record as they are kept; true if anything was different. What has a history gets an interval.
pub(crate) fn set_columns(
    tx: &WriteTx<'_>,
    noun: Noun,
    id: Id,
    columns: &[(&'static str, Value)],
) -> Result<bool> {
    let mut written = Vec::with_capacity(columns.len());
    for (column, value) in columns {
        let value = scalar(value)?;
        if let Some(attribute) = attribute(noun, column) {
            remember(tx, noun, id, attribute, column, &value)?;
        }
        written.push((*column, value));
    }
    tx.update(table(noun), id, written)
}

/// The values whose past is kept as intervals: noun, field, column.
const HISTORY: &[(Noun, &str, &str)] = &[
    (Noun::Customer, "owner", "owner_id"),
    (Noun::Customer, "lifecycle", "lifecycle"),
    (Noun::Deal, "owner", "owner_id"),
    (Noun::Deal, "amount", "amount"),
    (Noun::Deal, "expected_close", "expected_close_on"),
    (Noun::Deal, "probability", "probability"),
    (Noun::Deal, "category", "category"),
    (Noun::Ticket, "owner", "owner_id"),
    (Noun::Ticket, "assignee", "assignee_id"),
    (Noun::Ticket, "priority", "priority"),
    (Noun::Ticket, "sla", "sla_id"),
];

/// Under what name the past of a column is kept; none if it is not.
pub(crate) fn attribute(noun: Noun, column: &str) -> Option<&'static str> {
    let found = HISTORY
        .iter()
        .find(|(of, _, known)| *of == noun && *known == column);
    found.map(|(_, attribute, _)| *attribute)
}

/// Notes that `column` of a record is about to get `value`.
///
/// The first value of a record needs no interval of its own: it began when the record was made. So the rows are
/// written only when something changes.
fn remember(tx: &WriteTx<'_>, noun: Noun, id: Id, attribute: &str, column: &str, value: &Sql) -> Result<()> {
    let sql = format!("SELECT {column}, created_at FROM {} WHERE id = ?1", table(noun));
    let Some((old, created_at)) = tx.one(&sql, [id.raw()], |row| {
        Ok((row.get::<_, Sql>(0)?, row.get::<_, i64>(1)?))
    })?
    else {
        return Ok(());
    };
    if old == *value {
        return Ok(());
    }
    let now = tx.caller().clock.now_ms();
    let open: Option<i64> = tx.one(
        "SELECT id FROM value_interval WHERE record_id = ?1 AND attribute = ?2 AND ended_at IS NULL",
        (id.raw(), attribute),
        |row| row.get(0),
    )?;
    match open {
        Some(interval) => {
            tx.update(
                "value_interval",
                Id::from_raw(interval),
                vec![("ended_at", Sql::Integer(now))],
            )?;
        }
        None => interval(tx, id, attribute, old, created_at, Some(now))?,
    }
    interval(tx, id, attribute, value.clone(), now, None)
}

/// Adds an interval as it is given; also for restoring a full export.
pub(crate) fn interval(
    tx: &WriteTx<'_>,
    record: Id,
    attribute: &str,
    value: Sql,
    started_at: i64,
    ended_at: Option<i64>,
) -> Result<()> {
    tx.insert(
        "value_interval",
        tx.new_id(),
        vec![
            ("record_id", Sql::Integer(record.raw())),
            ("attribute", Sql::Text(attribute.to_owned())),
            ("value", value),
            ("started_at", Sql::Integer(started_at)),
            ("ended_at", ended_at.map_or(Sql::Null, Sql::Integer)),
        ],
    )
}

/// Adds an interval that a full export tells of.
pub fn restore_interval(
    tx: &WriteTx<'_>,
    record: Id,
    attribute: &str,
    value: &Value,
    started_at: i64,
    ended_at: Option<i64>,
) -> Result<()> {
    interval(tx, record, attribute, scalar(value)?, started_at, ended_at)
}

/// Sets a column with a record in a record that this operation has made, as a part of making it.
pub fn amend(tx: &WriteTx<'_>, noun: Noun, id: Id, column: &'static str, other: Id) -> Result<()> {
    tx.amend(table(noun), id, &[(column, Sql::Integer(other.raw()))])
}

/// The columns of a value.
fn to_columns(
    tx: &ReadTx<'_>,
    noun: Noun,
    field: &'static Field,
    value: &Value,
) -> Result<Vec<Column<'static>>> {
    let source = source(noun, field);
    let Some(first) = source.write.first() else {
        return Err(Error::internal(format!("{} of {noun} is no column", field.name)));
    };
    let second = source.write.get(1);
    Ok(match (field.kind, value, second) {
        (FieldType::Money, Value::Money(money), Some(currency)) => vec![
            (*first, Sql::Integer(money.minor)),
            (*currency, Sql::Text(money.currency.code().to_owned())),
        ],
        (FieldType::Money, Value::Null, Some(currency)) => {
            vec![(*first, Sql::Null), (*currency, Sql::Text(String::new()))]
        }
        (FieldType::Due, _, _) => due(tx, value)?,
        (FieldType::Instant, Value::Instant(at), Some(day)) => vec![
            (*first, Sql::Integer(at.as_millisecond())),
            (*day, Sql::Text(local_day(tx, *at))),
        ],
        (FieldType::Link(_), Value::Link(link), _) => vec![(*first, Sql::Integer(link.id.raw()))],
        (_, Value::Null, _) => vec![(*first, blank(field))],
        (_, value, _) => vec![(*first, scalar(value)?)],
    })
}

fn local_day(tx: &ReadTx<'_>, at: Timestamp) -> String {
    tx.caller().clock.day_of(at).to_string()
}

fn due(tx: &ReadTx<'_>, value: &Value) -> Result<Vec<Column<'static>>> {
    let zone = tx.caller().clock.zone().iana_name().unwrap_or("UTC").to_owned();
    let (day, time) = match value {
        Value::Null => return Ok(vec![("due_on", Sql::Null), ("due_time", "".to_owned().into())]),
        Value::Date(day) => (*day, String::new()),
        Value::DateTime(at) => (at.date(), at.time().strftime("%H:%M").to_string()),
        other => return Err(Error::internal(format!("{other:?} is no due date"))),
    };
    Ok(vec![
        ("due_on", Sql::Text(day.to_string())),
        ("due_time", Sql::Text(time)),
        ("zone", Sql::Text(zone)),
    ])
}

/// What a column holds where nothing is known.
fn blank(field: &Field) -> Sql {
    match field.kind {
        FieldType::Bool => Sql::Integer(0),
        FieldType::Integer
        | FieldType::Percent
        | FieldType::Decimal
        | FieldType::Money
        | FieldType::Date
        | FieldType::Instant
        | FieldType::Duration
        | FieldType::Link(_) => Sql::Null,
        _ => Sql::Text(String::new()),
    }
}

/// A value that is one column.
pub(crate) fn scalar(value: &Value) -> Result<Sql> {
    Ok(match value {
        Value::Null => Sql::Null,
        Value::Bool(yes) => Sql::Integer(i64::from(*yes)),
        Value::Int(number) | Value::Decimal(number) | Value::Percent(number) | Value::Seconds(number) => {
            Sql::Integer(*number)
        }
        Value::Text(text) => Sql::Text(text.clone()),
        Value::Date(day) => Sql::Text(day.to_string()),
        Value::DateTime(at) => Sql::Text(at.to_string()),
        Value::Instant(at) => Sql::Integer(at.as_millisecond()),
        other => return Err(Error::internal(format!("{other:?} is no single column"))),
    })
}

/// What follows from the name alone and stands in the row from the start.
fn keys(noun: Noun, sets: &[Set]) -> Vec<Column<'static>> {
    let Some(name) = sets
        .iter()
        .find(|(field, _)| field.name == "name")
        .map(|(_, value)| value)
    else {
        return Vec::new();
    };
    let Value::Text(name) = name else {
        return Vec::new();
    };
    match noun {
        Noun::Customer => {
            vec![
                ("name_key", Sql::Text(fold(name))),
                ("sort_key", Sql::Text(pinyin::sort_key(name))),
            ]
        }
        Noun::User
        | Noun::Team
        | Noun::Tag
        | Noun::Deal
        | Noun::Quote
        | Noun::Order
        | Noun::Ticket
        | Noun::Product => {
            vec![("name_key", Sql::Text(fold(name)))]
        }
        _ => Vec::new(),
    }
}

/// True if the folded name is a business column of the noun, not a kept-up one.
fn is_own_key(noun: Noun, column: &str) -> bool {
    column == "name_key" && matches!(noun, Noun::User | Noun::Team | Noun::Tag)
}
