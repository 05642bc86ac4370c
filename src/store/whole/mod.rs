//! A base as a whole: every business row of every table as records with their rows inside them, and back.
//!
//! Nothing here knows what a customer is. Which table stands by itself and which belongs to the records of another
//! follows from the schema: a row that says who made it is a record; a row that names a record of any table belongs to
//! it; of the others, the first reference that must not be missing tells to what a row belongs. So a new table is in a
//! dump from the day on which `tables.rs` knows it.
//!
//! # What is not in it
//!
//! Kept-up columns and the search index, which follow from the rest; the log of operations, cursors, the last id.
//!
//! # Values
//!
//! Ids are uids, instants are ISO 8601 in UTC, what is equal to the default of its column is left out. Everything else
//! is as it is stored, so that what is read back is equal to what was written.

mod load;
mod value;

use std::collections::BTreeMap;

use rusqlite::Row;
use rusqlite::types::Value as Sql;
use serde_json::{Map, Value as Json};

use crate::domain::id::Ref;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::store::tables::{LOOSE_REFERENCES, TABLES, Table, table};
use crate::store::tx::{LAST_AT_ORIGIN, ReadTx};

pub use load::{Loading, clear};

use value::{Format, Stored};

/// The key under which a record holds the rows that belong to it.
pub(crate) const ROWS: &str = "rows";

/// A record, or a row that belongs to one.
pub type Record = Map<String, Json>;

/// A table, and those whose rows belong to its rows.
#[derive(Debug)]
pub struct Shape {
    table: &'static Table,
    /// The noun whose refs its numbers are.
    noun: Option<Noun>,
    columns: Vec<Stored>,
    /// The column that names the row to which one belongs; none for records.
    owner: Option<String>,
    inside: Vec<Shape>,
}

/// The order of all tables: which are records, and what is inside them.
#[derive(Debug)]
pub struct Layout {
    records: Vec<Shape>,
}

/// To what the rows of a table belong.
enum Home {
    Nothing,
    Any(String),
    One(String, String),
}

impl Layout {
    /// The layout of the tables that the log covers.
    pub fn of(tx: &ReadTx<'_>) -> Result<Layout> {
        let mut homes = Vec::new();
        for table in TABLES {
            homes.push((table, home(tx, table)?));
        }
        let mut records = Vec::new();
        for (table, home) in &homes {
            if matches!(home, Home::Nothing) {
                records.push(Shape::new(tx, table, None, &homes)?);
            }
        }
        Ok(Layout { records })
    }

    /// The tables that are records by themselves.
    pub fn records(&self) -> &[Shape] {
        &self.records
    }

    /// The records of the table called `name`.
    pub fn record(&self, name: &str) -> Option<&Shape> {
        self.records.iter().find(|shape| shape.name() == name)
    }
}

impl Shape {
    fn new(
        tx: &ReadTx<'_>,
        table: &'static Table,
        owner: Option<String>,
        homes: &[(&'static Table, Home)],
    ) -> Result<Shape> {
        let columns = value::columns(tx, table, owner.as_deref())?;
        let named = may_own(tx, table)?;
        let mut inside = Vec::new();
        for (child, home) in homes {
            match home {
                Home::One(parent, column) if parent == table.name => {
                    inside.push(Shape::new(tx, child, Some(column.clone()), homes)?);
                }
                Home::Any(column) if named && is_used(tx, child.name)? => {
                    inside.push(Shape::new(tx, child, Some(column.clone()), &[])?);
                }
                _ => {}
            }
        }
        Ok(Shape {
            table,
            noun: crate::store::columns::noun_of(table.name).filter(|noun| noun.prefix().is_some()),
            columns,
            owner,
            inside,
        })
    }

    /// The name of the table.
    pub fn name(&self) -> &'static str {
        self.table.name
    }

    /// Whether its records have numbers, by which they are in order.
    pub fn is_numbered(&self) -> bool {
        self.noun.is_some()
    }
}

/// Whether labels, tags and the like may be of the rows of a table: of records, and of what goes to the trash inside one.
pub(crate) fn may_own(tx: &ReadTx<'_>, table: &Table) -> Result<bool> {
    let home = home(tx, table)?;
    let has_trash = tx.one(
        "SELECT EXISTS (SELECT 1 FROM pragma_table_info(?1) WHERE name = 'deleted_at')",
        [table.name],
        |row| row.get(0),
    )?;
    Ok(matches!(home, Home::Nothing) || has_trash == Some(true))
}

fn is_used(tx: &ReadTx<'_>, name: &str) -> Result<bool> {
    Ok(tx
        .one(&format!("SELECT EXISTS (SELECT 1 FROM \"{name}\")"), [], |row| {
            row.get(0)
        })?
        .unwrap_or(false))
}

fn home(tx: &ReadTx<'_>, table: &Table) -> Result<Home> {
    if table.audited {
        return Ok(Home::Nothing);
    }
    if let Some((_, column)) = LOOSE_REFERENCES.iter().find(|(name, _)| *name == table.name) {
        return Ok(Home::Any((*column).to_owned()));
    }
    let owner = tx.one(
        "SELECT f.\"table\", c.name FROM pragma_foreign_key_list(?1) AS f
         JOIN pragma_table_info(?1) AS c ON c.name = f.\"from\" WHERE c.\"notnull\" = 1 ORDER BY c.cid LIMIT 1",
        [table.name],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(owner.map_or(Home::Nothing, |(parent, column)| Home::One(parent, column)))
}

/// Reads whole records, and counts the rows that it meets.
pub struct Reading<'t, 's> {
    tx: &'t ReadTx<'s>,
    met: BTreeMap<&'static str, i64>,
}

impl<'t, 's> Reading<'t, 's> {
    /// A reading that has met nothing yet.
    pub fn new(tx: &'t ReadTx<'s>) -> Self {
        Reading {
            tx,
            met: BTreeMap::new(),
        }
    }

    /// Calls `each` with the number and the whole of every record of a table; in the order of numbers, else of ids.
    pub fn records(
        &mut self,
        shape: &Shape,
        each: &mut dyn FnMut(Option<i64>, Record) -> Result<()>,
    ) -> Result<()> {
        let order = if shape.is_numbered() { "no" } else { "id" };
        let sql = format!("{} ORDER BY {order}", select(shape));
        let mut statement = self.tx.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let no = match shape.is_numbered() {
                true => row.get("no").ok(),
                false => None,
            };
            let record = self.whole(shape, row)?;
            each(no, record)?;
        }
        Ok(())
    }

    /// A row with everything inside it.
    fn whole(&mut self, shape: &Shape, row: &Row<'_>) -> Result<Record> {
        *self.met.entry(shape.name()).or_default() += 1;
        let mut record = Record::new();
        for (at, column) in shape.columns.iter().enumerate() {
            let value: Sql = row.get(at)?;
            match (column.format, &value) {
                (Format::Number, Sql::Integer(no)) => {
                    let noun = shape
                        .noun
                        .ok_or_else(|| Error::internal("a number without a noun"))?;
                    record.insert("id".to_owned(), Json::from(Ref { noun, no: *no }.to_string()));
                }
                _ if value == column.default && !column.required => {}
                _ => {
                    record.insert(column.key().to_owned(), column.write(&value));
                }
            }
        }
        let id: i64 = row.get("id")?;
        let mut inside = Record::new();
        for shape in &shape.inside {
            let rows = self.inside(shape, id)?;
            if !rows.is_empty() {
                inside.insert(shape.name().to_owned(), Json::Array(rows));
            }
        }
        if !inside.is_empty() {
            record.insert(ROWS.to_owned(), Json::Object(inside));
        }
        Ok(record)
    }

    fn inside(&mut self, shape: &Shape, owner: i64) -> Result<Vec<Json>> {
        let column = shape.owner.as_deref().unwrap_or("id");
        let sql = format!("{} WHERE {column} = ?1 ORDER BY id", select(shape));
        let mut found = Vec::new();
        let mut statement = self.tx.connection().prepare_cached(&sql)?;
        let mut rows = statement.query([owner])?;
        while let Some(row) = rows.next()? {
            found.push(Json::Object(self.whole(shape, row)?));
        }
        Ok(found)
    }

    /// The tables with rows that were left behind because they name a record which is not there, and how many.
    pub fn finish(self) -> Result<Vec<(&'static str, i64)>> {
        let mut left = Vec::new();
        for table in TABLES {
            let sql = format!("SELECT count(*) FROM \"{}\"", table.name);
            let all: i64 = self.tx.one(&sql, [], |row| row.get(0))?.unwrap_or(0);
            let met = self.met.get(table.name).copied().unwrap_or(0);
            if all != met {
                left.push((table.name, all - met));
            }
        }
        Ok(left)
    }
}

/// The statement for all columns of a shape, the id last.
fn select(shape: &Shape) -> String {
    let mut columns: Vec<&str> = shape.columns.iter().map(|column| column.name.as_str()).collect();
    if !columns.contains(&"id") {
        columns.push("id");
    }
    format!("SELECT {} FROM \"{}\"", columns.join(", "), shape.name())
}

/// Settings of the base that are its own and no memory of what was done with it.
pub fn settings(tx: &ReadTx<'_>) -> Result<Record> {
    let all = tx.all("SELECT key, value FROM setting ORDER BY key", [], |row| {
        Ok((row.get(0)?, Json::from(row.get::<_, String>(1)?)))
    })?;
    Ok(all.into_iter().collect())
}

/// The last number that was given out, by noun.
pub fn numbers(tx: &ReadTx<'_>) -> Result<Record> {
    let all = tx.all(
        "SELECT name, last FROM counter WHERE name NOT IN ('id', 'op') ORDER BY name",
        [],
        |row| Ok((row.get(0)?, Json::from(row.get::<_, i64>(1)?))),
    )?;
    Ok(all.into_iter().collect())
}

/// True if nothing was done in the base since its founding.
pub fn is_fresh(tx: &ReadTx<'_>) -> Result<bool> {
    if is_used(tx, "op")? {
        return Ok(false);
    }
    for table in TABLES {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM \"{}\" WHERE id > ?1)", table.name);
        if tx.one(&sql, [LAST_AT_ORIGIN.raw()], |row| row.get(0))? == Some(true) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn known(name: &str) -> Result<&'static Table> {
    table(name).ok_or_else(|| Error::internal(format!("{name} is not a logged table")))
}
