//! Who could not be written to or called any more stays so when a merge brings further addresses.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::customers::Channel;
use crate::store::merge::reached;
use crate::store::tx::{ReadTx, WriteTx};

/// Since when one of these customers can no longer be reached by a channel, because of an opt-out of every address that
/// works; none if nobody has closed it.
pub(super) fn closed(tx: &ReadTx<'_>, channel: Channel, customers: &[Id]) -> Result<Option<i64>> {
    let mut since: Option<i64> = None;
    for customer in customers {
        let all = reached(tx, channel, *customer)?;
        let is_open = all
            .iter()
            .any(|address| address.opted_out_at.is_none() && address.validity != "invalid");
        if !is_open {
            let own = all.iter().filter_map(|address| address.opted_out_at).min();
            since = [since, own].into_iter().flatten().min();
        }
    }
    Ok(since)
}

/// Lets an opt-out hold for all addresses that a customer has now.
pub(super) fn close(tx: &WriteTx<'_>, channel: Channel, customer: Id, since: Option<i64>) -> Result<()> {
    let Some(since) = since else { return Ok(()) };
    for address in reached(tx, channel, customer)? {
        if address.opted_out_at.is_none() {
            let columns = vec![("opted_out_at", Sql::Integer(since))];
            tx.update(channel.name(), address.row, columns)?;
        }
    }
    Ok(())
}
