//! What only a full export says of a quote: lines with their costs, and which version it is.

use super::list;
use super::order::line;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::import::rows::Wanted;
use crate::ops::typed;
use crate::store::WriteTx;
use crate::store::parts::{self, Part};

/// Writes what belongs to a new quote alone.
pub(super) fn details(tx: &WriteTx<'_>, id: Id, wanted: &Wanted) -> Result<()> {
    let mut columns: Part = Vec::new();
    if let Some(text) = wanted.kept_text("revision") {
        let number = text.parse::<i64>().ok().filter(|number| *number > 0);
        let number = number.ok_or_else(|| {
            Error::invalid(
                "revision",
                format!("revision: {text:?} is no number of a version"),
            )
        })?;
        columns.push(("revision", Value::Int(number)));
    }
    // A version whose first one is not here stands for itself.
    if let Some(stub) = wanted.kept("version_of")
        && let Ok(first) = typed::stub(tx, Noun::Quote, stub)
        && first != id
    {
        columns.push(("version_of_id", Value::Int(first.raw())));
    }
    if !columns.is_empty() {
        parts::amend(tx, "quote", id, &columns)?;
    }
    for (position, item) in (1_i64..).zip(list(wanted, "line_details")) {
        parts::add_to(tx, "quote_line", ("quote_id", id), &line(tx, position, item)?)?;
    }
    Ok(())
}
