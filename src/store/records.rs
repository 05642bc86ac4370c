//! Records as rows of typed values: one engine for the lists, details and exports of every noun.

use std::ops::ControlFlow;

use jiff::Timestamp;
use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Row, params_from_iter};

use crate::domain::field::{Field, FieldType};
use crate::domain::id::{Id, Ref};
use crate::domain::money::{Currency, Money};
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::{Error, Result};
use crate::query::plan::Condition;
use crate::store::columns::{self, name_column, source, table};
use crate::store::fields::CustomField;
use crate::store::listing::{Statement, statement};
use crate::store::tx::ReadTx;
use crate::store::{filter, parts};

/// One column of a list.
#[derive(Debug, Clone)]
pub struct Selected {
    /// The name as asked for: `name`, `company.city`, `fields.size`.
    pub name: String,
    /// What sort of value it holds.
    pub kind: FieldType,
    /// The links that lead from the record to the field.
    pub(crate) steps: Vec<&'static Field>,
    pub(crate) target: Target,
}

/// The last step of a column.
#[derive(Debug, Clone)]
pub(crate) enum Target {
    Field(&'static Field),
    Custom(CustomField),
}

impl Selected {
    /// The column for a field of the record itself.
    pub fn field(field: &'static Field) -> Selected {
        Selected {
            name: field.name.to_owned(),
            kind: field.kind,
            steps: Vec::new(),
            target: Target::Field(field),
        }
    }

    /// The same column, seen from a record that is linked to this one by `step`.
    #[must_use]
    pub fn through(mut self, step: &'static Field) -> Selected {
        self.name = format!("{}.{}", step.name, self.name);
        self.steps.insert(0, step);
        self
    }

    /// The column for a custom field of the record itself.
    pub fn custom(field: CustomField) -> Selected {
        Selected {
            name: format!("fields.{}", field.key),
            kind: field.kind,
            steps: Vec::new(),
            target: Target::Custom(field),
        }
    }
}

/// One key of the order of a list.
#[derive(Debug, Clone)]
pub struct Sort {
    /// What is compared.
    pub by: Selected,
    /// Largest first.
    pub descending: bool,
}

/// What is to be listed.
#[derive(Debug, Clone)]
pub struct Listing {
    /// The kind of record.
    pub noun: Noun,
    /// The columns, in order.
    pub columns: Vec<Selected>,
    /// Which records.
    pub condition: Condition,
    /// The order; empty for the noun's own: tasks by due date, everything else newest first.
    pub sort: Vec<Sort>,
    /// At most so many; none for all.
    pub limit: Option<u64>,
}

/// Calls `each` with the id and the values of every record of the listing, in order, until it breaks.
pub fn select(
    tx: &ReadTx<'_>,
    listing: &Listing,
    mut each: impl FnMut(Id, Vec<Value>) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let Statement { sql, bound, readers } = statement(tx, listing)?;
    let mut statement = tx.connection().prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(bound.iter()))?;
    let base = tx.base_currency()?;
    while let Some(row) = rows.next()? {
        let id = Id::from_raw(row.get(0)?);
        if each(id, values(tx, listing.noun, &readers, row, base)?)?.is_break() {
            break;
        }
    }
    Ok(())
}

/// The values of a row that begins with the id, read by `readers`.
pub(crate) fn values(
    tx: &ReadTx<'_>,
    noun: Noun,
    readers: &[Reader],
    row: &Row<'_>,
    base: Currency,
) -> Result<Vec<Value>> {
    let mut at = 1;
    let mut values = Vec::with_capacity(readers.len());
    for reader in readers {
        values.push(if reader.parts {
            parts::load(tx, noun, &reader.name, Id::from_raw(row.get(0)?))?
        } else {
            reader.decode(tx, row, at, base)?
        });
        at += reader.sql.len();
    }
    Ok(values)
}

/// The ids of all records that the condition selects, in the noun's own order.
pub fn ids(tx: &ReadTx<'_>, noun: Noun, condition: &Condition) -> Result<Vec<Id>> {
    let listing = Listing {
        noun,
        columns: Vec::new(),
        condition: condition.clone(),
        sort: Vec::new(),
        limit: None,
    };
    let mut found = Vec::new();
    select(tx, &listing, |id, _| {
        found.push(id);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}

/// The values of one record, whether or not it is in the trash; none if it does not exist or is out of scope.
pub fn get(tx: &ReadTx<'_>, noun: Noun, id: Id, columns: &[Selected]) -> Result<Option<Vec<Value>>> {
    Fetch::new(tx, noun, columns)?.get(tx, id)
}

/// The same columns of one record after the other, by a statement that is made once.
pub struct Fetch {
    noun: Noun,
    readers: Vec<Reader>,
    sql: String,
    /// What is bound after the id.
    bound: Vec<Sql>,
}

impl Fetch {
    /// Prepares to read `columns` of records of `noun`.
    pub fn new(tx: &ReadTx<'_>, noun: Noun, columns: &[Selected]) -> Result<Fetch> {
        let readers = readers(noun, columns)?;
        let expressions: Vec<&str> = readers
            .iter()
            .flat_map(|reader| reader.sql.iter().map(String::as_str))
            .collect();
        let mut bound = vec![Sql::Null];
        let scope = filter::scope(tx, noun, "r", &mut bound);
        let sql = format!(
            "SELECT r.id{}{} FROM {} AS r WHERE r.id = ?1{scope}",
            if expressions.is_empty() { "" } else { ", " },
            expressions.join(", "),
            table(noun)
        );
        Ok(Fetch {
            noun,
            readers,
            sql,
            bound: bound.split_off(1),
        })
    }

    /// The values of a record, whether or not it is in the trash; none if it does not exist or is out of scope.
    pub fn get(&self, tx: &ReadTx<'_>, id: Id) -> Result<Option<Vec<Value>>> {
        let base = tx.base_currency()?;
        let own = Sql::Integer(id.raw());
        let mut statement = tx.connection().prepare_cached(&self.sql)?;
        let mut rows = statement.query(params_from_iter(std::iter::once(&own).chain(&self.bound)))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        values(tx, self.noun, &self.readers, row, base).map(Some)
    }
}

/// How one column is read: the expressions that the statement selects for it, and what they hold.
pub(crate) struct Reader {
    name: String,
    noun: Noun,
    kind: FieldType,
    pub(crate) sql: Vec<String>,
    parts: bool,
}

pub(crate) fn readers(noun: Noun, columns: &[Selected]) -> Result<Vec<Reader>> {
    columns.iter().map(|column| reader(noun, column)).collect()
}

pub(crate) fn reader(noun: Noun, column: &Selected) -> Result<Reader> {
    let mut noun = noun;
    // From the outside in: each link wraps what follows into a subquery over the linked row.
    let mut wraps: Vec<(String, String, &'static str)> = Vec::new();
    let mut alias = "r".to_owned();
    for (depth, step) in column.steps.iter().enumerate() {
        let FieldType::Link(linked) = step.kind else {
            return Err(Error::internal(format!("{} is no link", step.name)));
        };
        let id = link_id(noun, step, &alias);
        alias = format!("r{}", depth + 1);
        wraps.push((alias.clone(), id, table(linked)));
        noun = linked;
    }
    let inner = match &column.target {
        Target::Field(field) => expressions(noun, field, &alias),
        Target::Custom(field) => filter::custom_expressions(field, &alias),
    };
    let wrap = |expression: String| {
        wraps.iter().rev().fold(expression, |inner, (alias, id, table)| {
            format!("(SELECT {inner} FROM {table} AS {alias} WHERE {alias}.id = {id})")
        })
    };
    Ok(Reader {
        name: column.name.clone(),
        noun,
        kind: column.kind,
        parts: columns::is_parts(column.kind),
        sql: if columns::is_parts(column.kind) {
            Vec::new()
        } else {
            inner.into_iter().map(wrap).collect()
        },
    })
}

/// The expression with the id behind a link.
pub(crate) fn link_id(noun: Noun, field: &Field, alias: &str) -> String {
    let source = source(noun, field);
    match source.link {
        Some(column) => format!("{alias}.{column}"),
        None => source.read.replace('@', alias),
    }
}

/// What the statement selects for one field.
fn expressions(noun: Noun, field: &Field, alias: &str) -> Vec<String> {
    let source = source(noun, field);
    let read = source.read.replace('@', alias);
    match field.kind {
        FieldType::Link(linked) if linked.prefix().is_some() => {
            let of = |column: &str| {
                format!(
                    "(SELECT linked.{column} FROM {} AS linked WHERE linked.id = {read})",
                    table(linked)
                )
            };
            vec![read.clone(), of("no"), of(name_column(linked))]
        }
        FieldType::Money => match columns::currency_column(noun, field) {
            Some(currency) => vec![read, format!("{alias}.{currency}")],
            None => vec![read],
        },
        // Whatever was sent and is past its day is expired.
        FieldType::Word(_) if (noun, field.name) == (Noun::Quote, "status") => {
            vec![read, format!("{alias}.valid_until")]
        }
        _ => vec![read],
    }
}

/// Whether the row says of a quote that it was sent and is past its day.
fn is_expired(tx: &ReadTx<'_>, status: &str, row: &Row<'_>, day: usize) -> Result<bool> {
    let until: Option<String> = row.get(day)?;
    Ok(status == "sent" && until.is_some_and(|until| until < tx.caller().clock.today().to_string()))
}

impl Reader {
    fn decode(&self, tx: &ReadTx<'_>, row: &Row<'_>, at: usize, base: Currency) -> Result<Value> {
        let value = row.get_ref(at)?;
        let kind = self.kind;
        if let FieldType::Link(linked) = kind
            && linked.prefix().is_some()
        {
            return match value {
                ValueRef::Integer(id) => Ok(Value::Link(Link {
                    noun: linked,
                    id: Id::from_raw(id),
                    no: row.get(at + 1)?,
                    name: row.get(at + 2)?,
                })),
                _ => Ok(Value::Null),
            };
        }
        match value {
            ValueRef::Null | ValueRef::Blob(_) | ValueRef::Real(_) => Ok(empty(kind)),
            ValueRef::Integer(number) => self.number(number, row, at, base),
            ValueRef::Text(bytes) => {
                let text = std::str::from_utf8(bytes).map_err(|error| {
                    Error::internal("the base holds text that is not UTF-8").with_source(error)
                })?;
                if matches!(kind, FieldType::Word(_))
                    && self.sql.len() > 1
                    && is_expired(tx, text, row, at + 1)?
                {
                    return Ok(Value::text("expired"));
                }
                decode_text(kind, text)
            }
        }
    }

    fn number(&self, number: i64, row: &Row<'_>, at: usize, base: Currency) -> Result<Value> {
        Ok(match self.kind {
            FieldType::Ref => Value::Ref(Ref {
                noun: self.noun,
                no: number,
            }),
            FieldType::Uid => Value::Text(Id::from_raw(number).uid()),
            FieldType::Bool => Value::Bool(number != 0),
            FieldType::Decimal => Value::Decimal(number),
            FieldType::Percent => Value::Percent(number),
            FieldType::Duration => Value::Seconds(number),
            FieldType::Instant => instant(number)?,
            FieldType::Money => {
                let currency = if self.sql.len() > 1 {
                    Currency::parse(&row.get::<_, String>(at + 1)?).unwrap_or(base)
                } else {
                    base
                };
                Value::Money(Money {
                    minor: number,
                    currency,
                })
            }
            _ => Value::Int(number),
        })
    }
}

/// The value of a field of which nothing is known: the empty list for fields with several values.
fn empty(kind: FieldType) -> Value {
    match kind {
        FieldType::Emails
        | FieldType::Phones
        | FieldType::Handles
        | FieldType::Tags
        | FieldType::Choices(_)
        | FieldType::ExternalIds
        | FieldType::Links(_)
        | FieldType::Parts => Value::List(Vec::new()),
        _ => Value::Null,
    }
}

fn decode_text(kind: FieldType, text: &str) -> Result<Value> {
    if text.is_empty() {
        return Ok(empty(kind));
    }
    let parsed = |what: &str| Error::internal(format!("the base holds a {what} {text:?}"));
    Ok(match kind {
        FieldType::Emails
        | FieldType::Phones
        | FieldType::Handles
        | FieldType::Tags
        | FieldType::Choices(_)
        | FieldType::ExternalIds => Value::List(
            text.split('\u{1e}')
                .map(|line| Value::Text(line.to_owned()))
                .collect(),
        ),
        FieldType::Links(noun) => {
            let links: Option<Vec<Value>> = text.split('\u{1e}').map(|line| linked(noun, line)).collect();
            Value::List(links.ok_or_else(|| parsed("link"))?)
        }
        FieldType::Date => Value::Date(text.parse().map_err(|_| parsed("day"))?),
        FieldType::Days => {
            let (first, last) = text.split_once('/').ok_or_else(|| parsed("range of days"))?;
            let day = |text: &str| text.parse().map_err(|_| parsed("day"));
            Value::Days(day(first)?, day(last)?)
        }
        FieldType::Due if text.len() > 10 => Value::DateTime(text.parse().map_err(|_| parsed("time"))?),
        FieldType::Due => Value::Date(text.parse().map_err(|_| parsed("day"))?),
        _ => Value::Text(text.to_owned()),
    })
}

/// One line of a list of links: id, number and name, separated by unit separators.
fn linked(noun: Noun, line: &str) -> Option<Value> {
    let mut parts = line.splitn(3, '\u{1f}');
    let id = parts.next()?.parse().ok()?;
    let no = parts.next()?.parse().ok()?;
    let name = parts.next()?.to_owned();
    Some(Value::Link(Link {
        noun,
        id: Id::from_raw(id),
        no,
        name,
    }))
}

/// An instant as stored.
pub(crate) fn instant(ms: i64) -> Result<Value> {
    Timestamp::from_millisecond(ms)
        .map(Value::Instant)
        .map_err(|error| Error::internal(format!("the base holds an instant {ms}")).with_source(error))
}
