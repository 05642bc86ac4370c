//! SQL functions that our own queries may use. The schema must not: any stock `sqlite3` opens the file.

use std::sync::Arc;

use regex::Regex;
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};

use crate::domain::fold::fold;
use crate::domain::search::query::SearchQuery;

/// Registers `fold(text)`, `matches(pattern, text)` and `found(query, text)`.
pub(crate) fn register(connection: &Connection) -> Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    connection.create_scalar_function(c"fold", 1, flags, |context| Ok(text(context, 0)?.map(fold)))?;
    connection.create_scalar_function(c"matches", 2, flags, |context| {
        let pattern = context.get_or_create_aux(0, |value: ValueRef<'_>| -> BoxedResult<Regex> {
            Ok(regex::RegexBuilder::new(value.as_str()?)
                .case_insensitive(true)
                .build()?)
        })?;
        Ok(text(context, 1)?.is_some_and(|text| pattern.is_match(text)))
    })?;
    connection.create_scalar_function(c"found", 2, flags, |context| {
        let query: Arc<SearchQuery> = context
            .get_or_create_aux(0, |value: ValueRef<'_>| -> BoxedResult<SearchQuery> {
                Ok(SearchQuery::parse(value.as_str()?))
            })?;
        Ok(text(context, 1)?.is_some_and(|text| query.verifies(text)))
    })?;
    Ok(())
}

type BoxedResult<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync + 'static>>;

/// The text argument at `index`; none for null.
fn text<'a>(context: &'a Context<'_>, index: usize) -> Result<Option<&'a str>> {
    match context.get_raw(index) {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) => std::str::from_utf8(bytes)
            .map(Some)
            .map_err(|error| Error::UserFunctionError(Box::new(error))),
        _ => Ok(None),
    }
}
