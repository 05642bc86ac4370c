//! What follows from the rows of a quote: what it comes to.

use rusqlite::types::Value as Sql;

use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::error::Result;
use crate::store::quotes::{get, lines};
use crate::store::rates;
use crate::store::tx::{ReadTx, WriteTx};

/// The quotes whose worth follows a rate.
pub(crate) fn foreign(tx: &ReadTx<'_>) -> Result<Vec<Id>> {
    let base = tx.base_currency()?;
    tx.all(
        "SELECT id FROM quote WHERE currency <> ?1 AND deleted_at IS NULL",
        [base.code()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Brings the kept-up columns of a quote up to date.
pub(crate) fn keep(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    let Some(quote) = get(tx, id)? else { return Ok(()) };
    let lines = lines(tx, id)?;
    let sums = quote.terms.sums(&lines)?;
    let rate = rates::current(tx, quote.terms.currency)?;
    let mut columns = quote.terms.columns(&lines, &sums);
    columns.push(("name_key", Sql::Text(fold(&quote.name))));
    columns.push(("total_base", quote.terms.in_base(tx, sums.total, rate)?));
    tx.keep("quote", id, &columns)
}
