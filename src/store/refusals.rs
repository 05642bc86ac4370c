//! Addresses to which nothing may be sent. An opt-out belongs to the address and not to the record: it is kept by the hash of
//! the address, outlives whoever had it, and holds wherever the address comes up again.

use jiff::Timestamp;

use crate::domain::digest::sha256;
use crate::error::Result;
use crate::store::customers::Channel;
use crate::store::sheets::{self, Suppression};
use crate::store::tx::{ReadTx, WriteTx};

/// Why an opt-out stands that came with the address of a customer.
const REASON: &str = "opted out";

/// Since when nothing may be sent to the address with this key, in milliseconds since 1970; none if something may.
pub fn since(tx: &ReadTx<'_>, channel: Channel, key: &str) -> Result<Option<i64>> {
    if channel == Channel::Handle || key.is_empty() || !any(tx)? {
        return Ok(None);
    }
    tx.one(
        "SELECT created_at FROM suppression WHERE hash = ?1 AND channel = ?2",
        [sha256(key.as_bytes()).as_str(), channel.name()],
        |row| row.get(0),
    )
}

/// Whether nothing may be sent to the address with this key, because of whoever has it or had it.
pub fn stands(tx: &ReadTx<'_>, channel: Channel, key: &str) -> Result<bool> {
    if channel == Channel::Handle {
        return Ok(false);
    }
    // Bases from before the first hashes were kept have it with the address alone.
    let sql = format!(
        "SELECT 1 FROM {} WHERE key = ?1 AND opted_out_at IS NOT NULL LIMIT 1",
        channel.name()
    );
    let is_marked = tx.one(&sql, [key], |_| Ok(()))?.is_some();
    Ok(is_marked || since(tx, channel, key)?.is_some())
}

/// Notes that nothing may be sent to the address with this key since `at_ms`, unless that is known.
pub(crate) fn note(tx: &WriteTx<'_>, channel: Channel, key: &str, at_ms: i64) -> Result<()> {
    if channel == Channel::Handle || key.is_empty() {
        return Ok(());
    }
    let suppression = Suppression {
        channel: channel.name().to_owned(),
        hash: sha256(key.as_bytes()),
        reason: REASON.to_owned(),
        created_at: Timestamp::from_millisecond(at_ms).unwrap_or_default(),
    };
    sheets::add_suppression(tx, &suppression)?;
    Ok(())
}

/// An import asks for each of a million addresses, mostly where nobody has opted out.
fn any(tx: &ReadTx<'_>) -> Result<bool> {
    let found = tx.one("SELECT 1 FROM suppression LIMIT 1", [], |_| Ok(()))?;
    Ok(found.is_some())
}
