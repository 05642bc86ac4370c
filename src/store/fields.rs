//! Words that are data: custom fields, picklists, stages and keys, as the filter language and `ops` ask for them.

use rusqlite::Row;

use crate::domain::custom;
use crate::domain::field::FieldType;
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::query::context::{Choice, CustomField as QueryField, Vocabulary};
use crate::store::tx::{Column, ReadTx, WriteTx};

/// The definition of a custom field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// Its identity.
    pub id: Id,
    /// The kind of record that has it.
    pub noun: Noun,
    /// The name after `fields.`.
    pub key: String,
    /// The word for its type.
    pub word: String,
    /// What it holds; a select is a choice from the list `NOUN.KEY`.
    pub kind: FieldType,
    /// What people see.
    pub label: String,
    /// Whether a new record must have it.
    pub required: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// What a new record gets, as it is read each time; empty for nothing.
    pub default: String,
    /// The least value, or number of letters; empty for none.
    pub min: String,
    /// The greatest value, or number of letters; empty for none.
    pub max: String,
    /// What is to be entered, in a line.
    pub help: String,
}

impl CustomField {
    /// The name of the picklist of a select.
    pub fn list(&self) -> String {
        format!("{}.{}", self.noun.name(), self.key)
    }
}

const CUSTOM: &str = "SELECT f.id, f.noun, f.key, f.type, f.required,
       coalesce((SELECT text FROM label WHERE record_id = f.id ORDER BY language LIMIT 1), f.key),
       f.is_unique, f.default_text, f.least, f.most, f.help
  FROM field AS f WHERE f.deleted_at IS NULL";

fn read(row: &Row<'_>) -> rusqlite::Result<Option<CustomField>> {
    let (noun, kind): (String, String) = (row.get(1)?, row.get(3)?);
    let Some(noun) = Noun::parse(&noun) else {
        return Ok(None);
    };
    Ok(Some(CustomField {
        id: Id::from_raw(row.get(0)?),
        noun,
        key: row.get(2)?,
        kind: custom::kind(&kind),
        word: kind,
        label: row.get(5)?,
        required: row.get(4)?,
        unique: row.get(6)?,
        default: row.get(7)?,
        min: row.get(8)?,
        max: row.get(9)?,
        help: row.get(10)?,
    }))
}

/// The custom field of `noun` with this key.
pub fn custom(tx: &ReadTx<'_>, noun: Noun, key: &str) -> Result<Option<CustomField>> {
    let sql = format!("{CUSTOM} AND f.noun = ?1 AND f.key = ?2");
    Ok(tx.one(&sql, [noun.name(), key], read)?.flatten())
}

/// The custom field with this identity, outside the trash.
pub fn custom_by_id(tx: &ReadTx<'_>, id: Id) -> Result<Option<CustomField>> {
    let sql = format!("{CUSTOM} AND f.id = ?1");
    Ok(tx.one(&sql, [id.raw()], read)?.flatten())
}

/// The custom fields with this key, one for each noun that has it.
pub fn customs_by_key(tx: &ReadTx<'_>, key: &str) -> Result<Vec<CustomField>> {
    let sql = format!("{CUSTOM} AND f.key = ?1 ORDER BY f.id");
    Ok(tx.all(&sql, [key], read)?.into_iter().flatten().collect())
}

/// The place behind all custom fields of `noun`.
pub fn next_position(tx: &ReadTx<'_>, noun: Noun) -> Result<i64> {
    let position = tx.one(
        "SELECT coalesce(max(position), 0) + 1 FROM field WHERE noun = ?1",
        [noun.name()],
        |row| row.get(0),
    )?;
    Ok(position.unwrap_or(1))
}

/// The custom fields of `noun`, in their order.
pub fn customs(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<CustomField>> {
    let sql = format!("{CUSTOM} AND f.noun = ?1 ORDER BY f.position, f.id");
    Ok(tx.all(&sql, [noun.name()], read)?.into_iter().flatten().collect())
}

/// The entries of a picklist, in their order.
pub fn choices(tx: &ReadTx<'_>, list: &str) -> Result<Vec<Choice>> {
    let entries: Vec<(i64, String)> = tx.all(
        "SELECT id, key FROM option WHERE list = ?1 ORDER BY position, id",
        [list],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    entries
        .into_iter()
        .map(|(id, key)| {
            Ok(Choice {
                key,
                labels: labels(tx, Id::from_raw(id))?,
            })
        })
        .collect()
}

/// What people see of a record that has labels, in every language.
pub fn labels(tx: &ReadTx<'_>, id: Id) -> Result<Vec<String>> {
    tx.all(
        "SELECT text FROM label WHERE record_id = ?1 ORDER BY language",
        [id.raw()],
        |row| row.get(0),
    )
}

/// The stages of all pipelines, in their order.
pub fn stages(tx: &ReadTx<'_>) -> Result<Vec<Choice>> {
    let entries: Vec<(i64, String)> = tx.all(
        "SELECT id, key FROM stage WHERE deleted_at IS NULL ORDER BY pipeline_id, position",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    entries
        .into_iter()
        .map(|(id, key)| {
            Ok(Choice {
                key,
                labels: labels(tx, Id::from_raw(id))?,
            })
        })
        .collect()
}

/// The keys of all records of a noun that is named by key, those that the caller may see.
pub fn keys(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<String>> {
    let column = crate::store::columns::name_column(noun);
    let mut bound = Vec::new();
    let scope = crate::store::filter::scope(tx, noun, "r", &mut bound);
    let sql = format!(
        "SELECT r.{column} FROM {} AS r WHERE r.deleted_at IS NULL{scope} ORDER BY r.id",
        noun.name()
    );
    tx.all(&sql, rusqlite::params_from_iter(bound), |row| row.get(0))
}

/// The language of a label that people gave without saying one.
pub const ANY_LANGUAGE: &str = "";

/// Sets what people see of a record in one language.
pub fn set_label(tx: &WriteTx<'_>, record: Id, language: &str, text: &str) -> Result<()> {
    let known: Option<i64> = tx.one(
        "SELECT id FROM label WHERE record_id = ?1 AND language = ?2",
        (record.raw(), language),
        |row| row.get(0),
    )?;
    let columns: Vec<Column<'_>> = vec![("text", text.to_owned().into()), ("text_key", fold(text).into())];
    match known {
        Some(id) => tx.update("label", Id::from_raw(id), columns).map(|_| ()),
        None => {
            let mut columns = columns;
            columns.push(("record_id", record.raw().into()));
            columns.push(("language", language.to_owned().into()));
            tx.insert("label", tx.new_id(), columns)
        }
    }
}

/// Takes the label of a record in one language away.
pub fn clear_label(tx: &WriteTx<'_>, record: Id, language: &str) -> Result<()> {
    let known: Option<i64> = tx.one(
        "SELECT id FROM label WHERE record_id = ?1 AND language = ?2",
        (record.raw(), language),
        |row| row.get(0),
    )?;
    known.map_or(Ok(()), |id| tx.delete("label", Id::from_raw(id)))
}

/// Adds an entry at the end of a picklist.
pub fn add_choice(tx: &WriteTx<'_>, list: &str, key: &str) -> Result<Id> {
    let position: i64 = tx
        .one(
            "SELECT coalesce(max(position), 0) + 1 FROM option WHERE list = ?1",
            [list],
            |row| row.get(0),
        )?
        .unwrap_or(1);
    let id = tx.new_id();
    tx.insert(
        "option",
        id,
        vec![
            ("list", list.to_owned().into()),
            ("key", key.to_owned().into()),
            ("position", position.into()),
        ],
    )?;
    Ok(id)
}

/// Takes an entry out of a picklist, with its labels.
pub(crate) fn remove_choice(tx: &WriteTx<'_>, list: &str, key: &str) -> Result<()> {
    let Some(id) = choice_id(tx, list, key)? else {
        return Ok(());
    };
    let labels: Vec<i64> = tx.all("SELECT id FROM label WHERE record_id = ?1", [id.raw()], |row| {
        row.get(0)
    })?;
    for label in labels {
        tx.delete("label", Id::from_raw(label))?;
    }
    tx.delete("option", id)
}

/// Gives an entry of a picklist its place.
pub(crate) fn place_choice(tx: &WriteTx<'_>, list: &str, key: &str, position: i64) -> Result<()> {
    if let Some(id) = choice_id(tx, list, key)? {
        tx.update("option", id, vec![("position", position.into())])?;
    }
    Ok(())
}

/// The entry of a picklist with this key.
pub(crate) fn choice_id(tx: &ReadTx<'_>, list: &str, key: &str) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM option WHERE list = ?1 AND key = ?2",
        [list, key],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// A transaction as the source of words for the filter language. A failure to read shows as an unknown word; the
/// statement that follows meets the same failure and reports it.
impl Vocabulary for ReadTx<'_> {
    fn custom_field(&self, noun: Noun, key: &str) -> Option<QueryField> {
        let field = custom(self, noun, key).ok().flatten()?;
        let options = if matches!(field.kind, FieldType::Choice(_) | FieldType::Choices(_)) {
            choices(self, &field.list()).unwrap_or_default()
        } else {
            Vec::new()
        };
        Some(QueryField {
            key: field.key,
            kind: field.kind,
            options,
            label: field.label,
        })
    }

    fn custom_fields(&self, noun: Noun) -> Vec<String> {
        customs(self, noun)
            .unwrap_or_default()
            .into_iter()
            .map(|field| field.key)
            .collect()
    }

    fn choices(&self, set: &str) -> Vec<Choice> {
        choices(self, set).unwrap_or_default()
    }

    fn keys(&self, noun: Noun) -> Vec<String> {
        keys(self, noun).unwrap_or_default()
    }

    fn stages(&self) -> Vec<Choice> {
        stages(self).unwrap_or_default()
    }
}
