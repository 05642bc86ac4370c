//! What is bought: the lines of an order.

use crate::domain::id::Id;
use crate::error::{Error, Result};
use crate::store::sales::{self, Line, Of};
use crate::store::tx::{ReadTx, WriteTx};

/// The lines of an order, in order.
pub fn lines(tx: &ReadTx<'_>, order: Id) -> Result<Vec<Line>> {
    sales::lines(tx, Of::Order, order)
}

/// Makes `wanted` the lines of an order. Rows are kept by their place, so that what was sent still names them.
///
/// # Errors
///
/// `Invalid` if a line goes of which something was sent.
pub(crate) fn set_lines(tx: &WriteTx<'_>, order: Id, wanted: &[Line]) -> Result<bool> {
    sales::set_lines(tx, Of::Order, order, wanted, |row| {
        let sql = "SELECT 1 FROM shipment_line WHERE order_line_id = ?1 LIMIT 1";
        match tx.one(sql, [row.raw()], |_| Ok(()))? {
            Some(()) => Err(Error::invalid(
                "lines",
                "lines: a line goes of which something was sent",
            )),
            None => Ok(()),
        }
    })
}
