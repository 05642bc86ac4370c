//! Lists: what was asked for in words (columns, filters, order) as a checked listing of the store.

use crate::domain::field::{self, FieldType};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::when::Leaning;
use crate::error::{Error, Result};
use crate::ops::pool;
use crate::query;
use crate::query::context::Context;
use crate::query::plan::Condition;
use crate::store::records::{Listing, Selected, Sort};
use crate::store::{ReadTx, fields};

/// What a list was asked for, as it was written.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Filters; each is a whole expression, and all have to hold.
    pub filters: Vec<String>,
    /// Columns: names, or `+name` and `-name` relative to the usual ones.
    pub columns: Vec<String>,
    /// Keys of the order: `name`, `-amount`.
    pub sort: Vec<String>,
    /// At most so many.
    pub limit: Option<u64>,
}

/// Checks a request.
///
/// # Errors
///
/// `Usage` with what is near, for an unknown column or a filter that does not resolve.
pub fn listing(tx: &ReadTx<'_>, noun: Noun, request: &Request) -> Result<Listing> {
    Ok(Listing {
        noun,
        columns: columns(tx, noun, &request.columns)?,
        condition: condition(tx, noun, &request.filters)?,
        sort: request
            .sort
            .iter()
            .map(|key| sort(tx, noun, key))
            .collect::<Result<_>>()?,
        limit: request.limit,
    })
}

/// The condition under which all `filters` hold.
///
/// # Errors
///
/// `Usage`, with the place in the filter.
pub fn condition(tx: &ReadTx<'_>, noun: Noun, filters: &[String]) -> Result<Condition> {
    let condition = by_fields(tx, noun, filters)?;
    match condition.has_named(pool::RECYCLING) {
        true => {
            let ids = pool::warnings(tx, None, None)?
                .into_iter()
                .map(|warning| warning.customer);
            Ok(condition.with_named(pool::RECYCLING, &Condition::Records(ids.collect())))
        }
        false => Ok(condition),
    }
}

/// The same, without words that say what rules do; such a word stands for whom the rules may be about at all.
pub(super) fn by_fields(tx: &ReadTx<'_>, noun: Noun, filters: &[String]) -> Result<Condition> {
    let mut parts = Vec::with_capacity(filters.len());
    for text in filters {
        let filter = query::parse(text).map_err(|error| error.into_error(text))?;
        let resolved = with_context(tx, |context| {
            query::resolve(&filter, noun, context).map_err(|error| error.into_error(text))
        })?;
        parts.push(resolved);
    }
    Ok(Condition::and(parts))
}

/// Lends the context in which filters are resolved.
pub fn with_context<T>(tx: &ReadTx<'_>, work: impl FnOnce(&Context<'_>) -> Result<T>) -> Result<T> {
    let caller = tx.caller();
    let mut context = Context::new(&caller.clock, tx.base_currency()?, &caller.actor.name, tx);
    context.reading = caller.reading(Leaning::None);
    work(&context)
}

/// The columns of a list; the usual ones where none are named.
fn columns(tx: &ReadTx<'_>, noun: Noun, names: &[String]) -> Result<Vec<Selected>> {
    let relative = names.iter().all(|name| name.starts_with(['+', '-']));
    let mut chosen: Vec<String> = if relative {
        field::columns(noun)
            .iter()
            .map(|name| (*name).to_owned())
            .collect()
    } else {
        Vec::new()
    };
    for name in names {
        match (name.strip_prefix('+'), name.strip_prefix('-')) {
            (Some(more), _) => chosen.push(more.to_owned()),
            (_, Some(less)) => chosen.retain(|name| name != less),
            _ => chosen.push(name.clone()),
        }
    }
    chosen.iter().map(|name| column(tx, noun, name)).collect()
}

fn sort(tx: &ReadTx<'_>, noun: Noun, key: &str) -> Result<Sort> {
    let (name, descending) = match key.strip_prefix('-') {
        Some(name) => (name, true),
        None => (key.strip_prefix('+').unwrap_or(key), false),
    };
    Ok(Sort {
        by: column(tx, noun, name)?,
        descending,
    })
}

/// A column by name: a field, a custom field, or a path through links (`company.city`).
///
/// # Errors
///
/// `Usage` with what is near.
pub fn column(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<Selected> {
    if let Some(found) = field::find(noun, name) {
        return Ok(Selected::field(found));
    }
    if let Some(key) = name.strip_prefix("fields.")
        && let Some(custom) = fields::custom(tx, noun, key)?
    {
        return Ok(Selected::custom(custom));
    }
    if let Some((head, rest)) = name.split_once('.')
        && let Some(step) = field::find(noun, head)
        && let FieldType::Link(linked) = step.kind
    {
        return Ok(column(tx, linked, rest)?.through(step));
    }
    let known = field::fields(noun).iter().map(|field| field.name);
    Err(Error::usage(format!("{noun} has no field {name:?}")).with_near(near(name, known)))
}

/// All fields of a noun that a full export writes: every field, then the custom ones.
pub fn all_columns(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<Selected>> {
    let table = field::fields(noun).iter().map(Selected::field);
    let custom = fields::customs(tx, noun)?.into_iter().map(Selected::custom);
    Ok(table.chain(custom).collect())
}

/// What a card or an entry of a calendar is made of: all of a record, and how the customer whom it is about is reached.
pub fn whole_columns(tx: &ReadTx<'_>, noun: Noun) -> Result<Vec<Selected>> {
    let mut columns = all_columns(tx, noun)?;
    if matches!(noun, Noun::Task | Noun::Activity) {
        for name in ["customer.emails", "customer.phones"] {
            columns.push(column(tx, noun, name)?);
        }
    }
    Ok(columns)
}
