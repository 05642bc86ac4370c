//! Which customers have addresses that do not work.

use rusqlite::params_from_iter;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::customers::Channel;
use crate::store::filter;
use crate::store::tx::ReadTx;

/// How many of the customers have an address of this sort, and which of them have one that does not work.
pub fn addresses(tx: &ReadTx<'_>, condition: &Condition, channel: Channel) -> Result<(i64, Vec<Id>)> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Customer, condition, &mut bound)?;
    let table = channel.name();
    let sql = format!(
        "SELECT r.id, max(x.validity = 'invalid') FROM {} JOIN {table} AS x ON x.customer_id = r.id
         WHERE {} GROUP BY r.id",
        chosen.from, chosen.condition
    );
    let (mut holders, mut bad) = (0, Vec::new());
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        holders += 1;
        if row.get(1)? {
            bad.push(Id::from_raw(row.get(0)?));
        }
        Ok(())
    })?;
    Ok((holders, bad))
}
