//! Records as a text that a person changes in an editor, and what was changed read back: one as a form, several as a table.

use std::collections::HashMap;

use crate::domain::field::{self, Access, Field, FieldType};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::revise::Change;
use crate::ops::{list, refer};
use crate::store::records::{Fetch, Selected};
use crate::store::{ReadTx, fields};
use crate::wire::form::{self, Item, Line};
use crate::wire::sheet::{self, Row};

/// What is in the editor, and how it is read back.
#[derive(Debug, Clone)]
pub struct Transcript {
    /// What sort of records they are.
    pub noun: Noun,
    /// The records, in the order of the text.
    pub ids: Vec<Id>,
    lines: Vec<Line>,
    rows: Vec<Row>,
    head: String,
}

/// Changes of each record.
pub type Changes = HashMap<Id, Vec<Change>>;

/// Reads what is to be edited: one record as a form with all fields, several or named fields as a table.
///
/// # Errors
///
/// `NotFound` for a record; `Usage` for a field that cannot be edited.
pub fn transcribe(tx: &ReadTx<'_>, noun: Noun, ids: Vec<Id>, named: &[String]) -> Result<Transcript> {
    let mut copy = Transcript {
        noun,
        ids,
        lines: Vec::new(),
        rows: Vec::new(),
        head: String::new(),
    };
    if let ([id], true) = (copy.ids.as_slice(), named.is_empty()) {
        let columns = writable(tx, noun)?;
        let row = Fetch::new(tx, noun, &columns)?.get(tx, *id)?;
        let row = row.ok_or_else(|| Error::not_found(noun, &id.uid()))?;
        for (column, value) in columns.iter().zip(&row) {
            copy.lines.push(Line {
                name: column.name.clone(),
                help: help(tx, noun, column, value)?,
                item: Item::of(value),
            });
        }
        copy.head = format!(
            "{}\nChange values and save. A line that is taken out leaves its field alone, an empty value clears it.\n\
             What changes is shown before anything is written.",
            refer::name(tx, noun, *id)?
        );
        return Ok(copy);
    }
    let columns = match named.is_empty() {
        true => {
            let usual = field::columns(noun);
            let mut columns = writable(tx, noun)?;
            columns.retain(|column| usual.contains(&column.name.as_str()));
            columns
        }
        false => named
            .iter()
            .map(|name| editable(tx, noun, name))
            .collect::<Result<_>>()?,
    };
    copy.lines = columns
        .iter()
        .map(|column| Line {
            name: column.name.clone(),
            help: String::new(),
            item: Item::One(String::new()),
        })
        .collect();
    let fetch = Fetch::new(tx, noun, &columns)?;
    for id in &copy.ids {
        let row = fetch
            .get(tx, *id)?
            .ok_or_else(|| Error::not_found(noun, &id.uid()))?;
        copy.rows.push(Row {
            id: reference(tx, noun, *id)?,
            items: row.iter().map(Item::of).collect(),
        });
    }
    copy.head = format!(
        "{}: change cells and save. A line that is taken out leaves its record alone, an empty cell clears the field.\n\
         What changes is shown before anything is written.",
        match copy.ids.len() {
            1 => format!("1 {noun}"),
            count => format!("{count} {}", noun.plural()),
        }
    );
    Ok(copy)
}

/// The fields that a person can change, custom ones last.
///
/// # Errors
///
/// The base cannot be read.
pub fn writable(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<Selected>> {
    let own = field::fields(noun).iter().filter(|field| is_writable(field));
    let mut columns: Vec<Selected> = own.map(Selected::field).collect();
    columns.extend(fields::customs(tx, noun)?.into_iter().map(Selected::custom));
    Ok(columns)
}

/// An identity in another system is given by an import; parts are only written by a full export.
fn is_writable(field: &Field) -> bool {
    field.access == Access::Write && !matches!(field.kind, FieldType::Parts | FieldType::ExternalIds)
}

fn editable(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<Selected> {
    let column = list::column(tx, noun, name)?;
    let known = writable(tx, noun)?;
    match known.into_iter().find(|known| known.name == column.name) {
        Some(known) => Ok(known),
        None => Err(Error::usage(format!("{name} of a {noun} cannot be edited"))),
    }
}

/// What a record is called in the first column of a table.
fn reference(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<String> {
    let described = refer::described(tx, noun, &[id])?.into_iter().next();
    Ok(described.map_or_else(|| id.uid(), |candidate| candidate.reference))
}

/// What a field is, what it can be, and the name behind a reference.
fn help(tx: &ReadTx<'_>, noun: Noun, column: &Selected, value: &Value) -> Result<String> {
    let custom = match column.name.strip_prefix("fields.") {
        Some(key) => fields::custom(tx, noun, key)?,
        None => None,
    };
    let mut text = match (&custom, field::find(noun, &column.name)) {
        (Some(custom), _) if custom.label.is_empty() => custom.key.clone(),
        (Some(custom), _) => custom.label.clone(),
        (None, Some(field)) => field.help.to_owned(),
        (None, None) => String::new(),
    };
    let words: Vec<String> = match (column.kind, &custom) {
        (FieldType::Word(words), _) => words.iter().map(|word| (*word).to_owned()).collect(),
        (FieldType::Choice(_), Some(custom)) => keys(tx, &custom.list())?,
        (FieldType::Choice(list), None) => keys(tx, list)?,
        _ => Vec::new(),
    };
    if !words.is_empty() {
        text.push_str(&format!(": {}", words.join(", ")));
    }
    if let Value::Link(link) = value
        && link.noun.prefix().is_some()
    {
        text.push_str(&format!("; now {}", link.name));
    }
    Ok(text)
}

fn keys(tx: &ReadTx<'_>, list: &str) -> Result<Vec<String>> {
    Ok(fields::choices(tx, list)?
        .into_iter()
        .map(|choice| choice.key)
        .collect())
}

impl Transcript {
    fn is_form(&self) -> bool {
        self.rows.is_empty()
    }

    /// The end of the name of a file with the text.
    pub fn extension(&self) -> &'static str {
        if self.is_form() { ".toml" } else { ".tsv" }
    }

    fn columns(&self) -> Vec<String> {
        self.lines.iter().map(|line| line.name.clone()).collect()
    }

    /// The text. `width` is how many cells of a terminal a text takes.
    pub fn text(&self, width: fn(&str) -> usize) -> String {
        match self.is_form() {
            true => form::write(&self.head, &self.lines, width),
            false => sheet::write(&self.head, &self.columns(), &self.rows, width),
        }
    }

    /// What a person has changed.
    ///
    /// # Errors
    ///
    /// `Invalid` for a text that is no form or table, with the line.
    pub fn changes(&self, text: &str) -> Result<Changes> {
        let mut changes = Changes::new();
        let changed = match self.is_form() {
            true => vec![(0, form::read(text, &self.lines)?)],
            false => sheet::read(text, &self.columns(), &self.rows)?,
        };
        for (at, values) in changed {
            let Some(id) = self.ids.get(at) else { continue };
            let of_record = values.into_iter().filter_map(|(name, wanted)| {
                let place = self.lines.iter().position(|line| line.name == name)?;
                let before = match self.rows.get(at) {
                    Some(row) => row.items.get(place)?,
                    None => &self.lines.get(place)?.item,
                };
                Some(Change {
                    name,
                    before: before.clone(),
                    wanted,
                })
            });
            changes.insert(*id, of_record.collect());
        }
        changes.retain(|_, changes| !changes.is_empty());
        Ok(changes)
    }
}
