//! What is read of what the acting user was told.

use crm::domain::value::Link;
use crm::error::Result;
use crm::ops::notify;
use crm::store::notifications::{Notification, Which};
use crm::store::{ReadTx, links};

/// Something that the acting user was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) no: i64,
    pub(crate) text: String,
    /// In milliseconds since 1970.
    pub(crate) at_ms: i64,
    pub(crate) is_read: bool,
    /// The record that it is about, if that is there still.
    pub(crate) record: Option<Link>,
}

/// The newest, at most so many.
///
/// # Errors
///
/// Whatever the base fails with.
pub(crate) fn list(tx: &ReadTx<'_>, most: i64) -> Result<Vec<Notice>> {
    let notice = |told: Notification| {
        let record = match told.noun {
            Some(noun) => links::link(tx, noun, told.record)?,
            None => None,
        };
        Ok(Notice {
            no: told.no,
            text: told.text,
            at_ms: told.at,
            is_read: told.read_at.is_some(),
            record: record.filter(|link| link.noun.prefix().is_some()),
        })
    };
    let told = notify::list(tx, Which::All, most)?;
    told.into_iter().map(notice).collect()
}
