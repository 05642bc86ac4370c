//! What a test on a name, a city or a custom field selects, looked up before the statement is made.
//!
//! No index finds a part of a text. But the cities are few, and so are the companies with a name: with these at hand the
//! test is an equality, which an index serves in the order of the list. Where they are many, the walk over the list soon
//! meets what it looks for, and needs no such help.

use rusqlite::types::Value as Sql;

use crate::domain::field::FieldType;
use crate::domain::fold::{fold, is_cjk};
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::search::query::{Scope, SearchQuery};
use crate::error::Result;
use crate::query::plan::{Condition, Record, Target, Test};
use crate::store::columns::table;
use crate::store::fields;
use crate::store::filter::kept::stored;
use crate::store::tx::ReadTx;

/// A name that more records have than this is met soon enough.
const MOST_RECORDS: usize = 100;
/// A column with more values than this is not looked through.
const MOST_VALUES: usize = 2_000;

/// True if the search index finds `text` inside longer words.
pub(super) fn sieves(text: &str) -> bool {
    let folded = fold(text);
    let mut words = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .peekable();
    let sieves = |word: &str| {
        (word.is_ascii() && word.len() >= 3) || (word.chars().all(is_cjk) && word.chars().nth(1).is_some())
    };
    words.peek().is_some() && words.all(sieves)
}

/// The records that a name means, also in the trash; none if they are many or cannot be looked up.
pub(super) fn called(tx: &ReadTx<'_>, noun: Noun, record: &Record) -> Result<Option<Vec<Id>>> {
    if !matches!(noun, Noun::Customer | Noun::Deal) {
        return Ok(None);
    }
    let table = table(noun);
    let most = MOST_RECORDS + 1;
    let (name, test, mut found) = match record {
        Record::Called(text) => {
            let sql =
                format!("SELECT id FROM {table} WHERE deleted_at IS NULL AND name_key = ?1 LIMIT {most}");
            let name = fold(text);
            let found = tx.all(&sql, [&name], id)?;
            (name, "name_key = ?1", found)
        }
        Record::Named(text) if sieves(text) => {
            let everybody = Scope {
                owners: None,
                whole_words: false,
                nouns: &[noun],
            };
            let Some(expression) = SearchQuery::parse(text).expression(&everybody) else {
                return Ok(None);
            };
            let sql = format!(
                "SELECT r.id FROM search CROSS JOIN {table} AS r ON r.id = search.rowid
                 WHERE search MATCH ?1 AND instr(r.name_key, ?2) > 0 LIMIT {most}"
            );
            let name = fold(text);
            let found = tx.all(&sql, (expression, &name), id)?;
            (name, "instr(name_key, ?1) > 0", found)
        }
        _ => return Ok(None),
    };
    let sql = format!("SELECT id FROM {table} WHERE deleted_at IS NOT NULL AND {test} LIMIT {most}");
    found.extend(tx.all(&sql, [name], id)?);
    Ok((found.len() <= MOST_RECORDS).then_some(found))
}

fn id(row: &rusqlite::Row<'_>) -> rusqlite::Result<Id> {
    Ok(Id::from_raw(row.get(0)?))
}

/// The cities, as they are written, that pass a test; none if there are too many to look through.
pub(super) fn cities(tx: &ReadTx<'_>, test: &Test) -> Result<Option<Vec<String>>> {
    let (texts, whole) = match test {
        Test::Contains(texts) => (texts, false),
        Test::Equals(texts) => (texts, true),
        _ => return Ok(None),
    };
    let wanted: Vec<String> = texts.iter().map(|text| fold(text)).collect();
    let mut passing = Vec::new();
    let mut last = String::new();
    for _ in 0..MOST_VALUES {
        let next = tx.one(
            "SELECT city FROM customer WHERE city <> '' AND city > ?1 ORDER BY city LIMIT 1",
            [&last],
            |row| row.get::<_, String>(0),
        )?;
        let Some(city) = next else {
            return Ok(Some(passing));
        };
        let folded = fold(&city);
        let passes = |wanted: &String| {
            if whole {
                folded == *wanted
            } else {
                folded.contains(wanted.as_str())
            }
        };
        if wanted.iter().any(passes) {
            passing.push(city.clone());
        }
        last = city;
    }
    Ok(None)
}

/// One value of a custom field that a condition asks for.
pub(super) struct OneValue {
    /// The field.
    pub(super) field: Id,
    /// The column that keeps it.
    pub(super) column: &'static str,
    /// The value as it is kept.
    pub(super) value: Sql,
}

/// The value, if a condition asks for exactly one of a custom field whose values are kept as they are compared.
pub(super) fn one_value(tx: &ReadTx<'_>, noun: Noun, condition: &Condition) -> Result<Option<OneValue>> {
    let Condition::Compare { path, test } = condition else {
        return Ok(None);
    };
    let (Target::Custom(custom), []) = (&path.target, path.steps.as_slice()) else {
        return Ok(None);
    };
    let (column, value) = match (custom.kind, test) {
        (FieldType::Choice(_) | FieldType::Choices(_), Test::Equals(keys)) => match keys.as_slice() {
            [key] => ("text_value", Sql::Text(key.clone())),
            _ => return Ok(None),
        },
        (
            FieldType::Integer | FieldType::Decimal | FieldType::Bool | FieldType::Percent,
            Test::Values(values),
        ) => match values.as_slice() {
            [value] => ("int_value", stored(value, custom.kind)?),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    };
    Ok(fields::custom(tx, noun, &custom.key)?.map(|field| OneValue {
        field: field.id,
        column,
        value,
    }))
}
