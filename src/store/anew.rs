//! Everything that is kept up, computed anew from the rows, whatever was touched.

use crate::domain::id::Id;
use crate::error::{Kind, Result};
use crate::store::keep::{Dirty, activity, keep_customer, keep_deal, keep_product, keep_task};
use crate::store::tx::{ReadTx, WriteTx};
use crate::store::{feedback, orders, quotes, tickets};

/// Brings every kept-up column up to date, whatever was touched: what it has to be equal to at any time. The order is
/// that in which they follow from each other; nothing is remembered, so that the memory does not grow with the base.
pub(crate) fn all(tx: &WriteTx<'_>) -> Result<()> {
    type Keep = fn(&WriteTx<'_>, Id) -> Result<()>;
    let tables: [(&str, Keep); 9] = [
        ("activity", |tx, id| activity(tx, id, &mut Dirty::default())),
        ("task", |tx, id| keep_task(tx, id, &mut Dirty::default())),
        ("deal", |tx, id| keep_deal(tx, id, &mut Dirty::default())),
        ("quote", quotes::keep),
        ("sales_order", orders::keep),
        ("ticket", tickets::keep),
        ("feedback", feedback::keep),
        ("customer", keep_customer),
        ("product", keep_product),
    ];
    for (name, keep) in tables {
        each(tx, name, &|id| match (keep(tx, id), tx.watch()) {
            // A row from which nothing can follow is a finding like others.
            (Err(error), Some(watch)) if error.kind() == Kind::Internal => {
                watch
                    .borrow_mut()
                    .note(name, id, vec![error.message().to_owned()]);
                Ok(())
            }
            (kept, _) => kept,
        })?;
    }
    Ok(())
}

/// Calls `work` for every row of a table, in the order of their ids; it may write.
pub(crate) fn each(tx: &ReadTx<'_>, name: &str, work: &dyn Fn(Id) -> Result<()>) -> Result<()> {
    let sql = format!("SELECT id FROM {name} WHERE id > ?1 ORDER BY id LIMIT 1000");
    let mut last = -1;
    loop {
        let part: Vec<i64> = tx.all(&sql, [last], |row| row.get(0))?;
        let Some(end) = part.last() else { return Ok(()) };
        last = *end;
        for id in part {
            work(Id::from_raw(id))?;
        }
    }
}
