//! Putting whole records into a base that is empty. Not logged: there is nothing before it to go back to.

use std::collections::HashMap;

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;
use serde_json::Value as Json;

use crate::domain::id::Ref;
use crate::domain::near::near;
use crate::error::{Error, Kind, Result};
use crate::store::columns::table as noun_table;
use crate::store::tables::{TABLES, table};
use crate::store::tx::WriteTx;
use crate::store::whole::value::{Format, Stored, columns};
use crate::store::whole::{Home, ROWS, Record, home, known};
use crate::store::{anew, documents};

/// Takes out everything that a new base has: what is put in its place brings its own.
pub fn clear(tx: &WriteTx<'_>) -> Result<()> {
    for table in TABLES {
        tx.connection()
            .execute(&format!("DELETE FROM \"{}\"", table.name), [])?;
    }
    tx.connection().execute_batch(
        "DELETE FROM setting; DELETE FROM counter WHERE name <> 'id'; DELETE FROM search_doc;",
    )?;
    tx.connection()
        .execute("INSERT INTO search (search) VALUES ('delete-all')", [])?;
    Ok(())
}

/// How rows of one table are put in.
#[derive(Debug)]
struct Form {
    columns: Vec<Stored>,
    owner: Option<String>,
    sql: String,
}

/// A load that is under way.
pub struct Loading<'t, 's> {
    tx: &'t WriteTx<'s>,
    forms: HashMap<&'static str, Form>,
}

impl<'t, 's> Loading<'t, 's> {
    /// A load into an emptied base.
    pub fn new(tx: &'t WriteTx<'s>) -> Self {
        Loading {
            tx,
            forms: HashMap::new(),
        }
    }

    /// Puts in a record of the table called `name`, with everything inside it.
    ///
    /// # Errors
    ///
    /// `Invalid` for a column or value that the table does not have.
    pub fn record(&mut self, name: &str, record: &Record) -> Result<()> {
        self.row(known(name)?.name, record, None)
    }

    fn row(&mut self, name: &'static str, record: &Record, owner: Option<i64>) -> Result<()> {
        let tx = self.tx;
        let form = self.form(name, owner.is_some())?;
        if let Some(stranger) = record.keys().find(|key| {
            key.as_str() != ROWS && form.columns.iter().all(|column| column.key() != key.as_str())
        }) {
            let names = form.columns.iter().map(Stored::key);
            return Err(
                Error::invalid(stranger.as_str(), format!("{name} has no column {stranger:?}"))
                    .with_near(near(stranger, names)),
            );
        }
        let mut values = Vec::with_capacity(form.columns.len() + 1);
        let mut id = None;
        for column in &form.columns {
            let value = match record.get(column.key()) {
                Some(json) if column.format == Format::Number => number(name, json)?,
                Some(json) => column.read(json)?,
                None if column.required => return Err(column.missing()),
                None => column.default.clone(),
            };
            if let ("id", Sql::Integer(raw)) = (column.name.as_str(), &value) {
                id = Some(*raw);
            }
            values.push(value);
        }
        values.extend(owner.map(Sql::Integer));
        tx.connection()
            .prepare_cached(&form.sql)?
            .execute(params_from_iter(values))
            .map_err(|error| taken(name, error))?;
        let Some(Json::Object(inside)) = record.get(ROWS) else {
            return Ok(());
        };
        for (child, rows) in inside {
            let child = table(child)
                .ok_or_else(|| Error::invalid(ROWS, format!("there is no table {child:?}")))?
                .name;
            for row in rows.as_array().into_iter().flatten() {
                let row = row
                    .as_object()
                    .ok_or_else(|| Error::invalid(ROWS, format!("a row of {child} is no object")))?;
                self.row(child, row, id)?;
            }
        }
        Ok(())
    }

    fn form(&mut self, name: &'static str, inside: bool) -> Result<&Form> {
        if !self.forms.contains_key(name) {
            let table = known(name)?;
            let owner = match home(self.tx, table)? {
                Home::Nothing => None,
                Home::Any(column) | Home::One(_, column) => Some(column),
            };
            let columns = columns(self.tx, table, owner.as_deref())?;
            let mut names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            names.extend(owner.as_deref());
            let marks = vec!["?"; names.len()].join(", ");
            let sql = format!("INSERT INTO \"{name}\" ({}) VALUES ({marks})", names.join(", "));
            self.forms.insert(name, Form { columns, owner, sql });
        }
        let form = self
            .forms
            .get(name)
            .ok_or_else(|| Error::internal("a form has vanished"))?;
        match (inside, form.owner.is_some()) {
            (true, false) => Err(Error::invalid(ROWS, format!("{name} belongs to no other record"))),
            (false, true) => Err(Error::invalid(
                name,
                format!("a row of {name} stands inside a record"),
            )),
            _ => Ok(form),
        }
    }

    /// Puts in the settings of the base and the last numbers that were given out.
    pub fn base(&mut self, settings: &Record, numbers: &Record) -> Result<()> {
        for (key, value) in settings {
            let value = value
                .as_str()
                .ok_or_else(|| Error::invalid(key.as_str(), format!("{key}: a setting is a text")))?;
            crate::store::seed::setting(self.tx, key, value)?;
        }
        for (name, last) in numbers {
            let last = last.as_i64().ok_or_else(|| {
                Error::invalid(name.as_str(), format!("{name}: the last number is a number"))
            })?;
            count(self.tx, name, last)?;
        }
        Ok(())
    }

    /// Ends a load: nothing may refer to nothing, and what follows from the rows is made of them.
    ///
    /// # Errors
    ///
    /// `Invalid` with the table of a row that refers to nothing, or for a number that was never given out.
    pub fn finish(self) -> Result<()> {
        let tx = self.tx;
        let loose: Option<(String, String)> = tx.one(
            "SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        if let Some((child, parent)) = loose {
            return Err(Error::new(
                Kind::Invalid,
                format!("a row of {child} refers to a {parent} that is not there"),
            ));
        }
        let mut last = 0;
        for table in TABLES {
            let highest: Option<i64> = tx
                .one(&format!("SELECT max(id) FROM \"{}\"", table.name), [], |row| {
                    row.get(0)
                })?
                .flatten();
            last = last.max(highest.unwrap_or(0));
        }
        count(tx, "id", last)?;
        anew::all(tx)?;
        documents::rebuild(tx)
    }
}

/// Lets a counter go on behind `last`; none ever goes back.
fn count(tx: &WriteTx<'_>, name: &str, last: i64) -> Result<()> {
    tx.connection()
        .prepare_cached(
            "INSERT INTO counter (name, last) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
        )?
        .execute((name, last))?;
    Ok(())
}

/// The number behind a ref.
fn number(name: &str, json: &Json) -> Result<Sql> {
    let reference = json.as_str().and_then(Ref::parse);
    match reference.filter(|reference| noun_table(reference.noun) == name) {
        Some(reference) => Ok(Sql::Integer(reference.no)),
        None => Err(Error::invalid("id", format!("id: {json} is no ref of a {name}"))),
    }
}

/// A row whose place is taken is a mistake of the dump.
fn taken(name: &str, error: rusqlite::Error) -> Error {
    let error = Error::from(error);
    if error.kind() != Kind::Internal {
        return error;
    }
    Error::new(
        Kind::Invalid,
        format!("this {name} cannot stand beside the others: its uid or its key is there twice"),
    )
    .with_source(error)
}
