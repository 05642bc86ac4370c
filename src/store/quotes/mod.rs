//! The rows of quotes: what the rules look at, their versions, what they come to.

mod kept;

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::sale::QuoteStatus;
use crate::error::{Error, Result};
use crate::store::keep as kept_up;
use crate::store::orders::day;
use crate::store::sales::{self, Line, Of, Terms};
use crate::store::tx::{Column, ReadTx, WriteTx};

pub(crate) use kept::{foreign, keep};

/// What the rules of a quote look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// The row.
    pub id: Id,
    /// What it is called.
    pub name: String,
    /// To whom it is made.
    pub customer: Id,
    /// Whom to speak with about it.
    pub contact: Option<Id>,
    /// The deal that it is made for.
    pub deal: Option<Id>,
    /// Who looks after it.
    pub owner: Option<Id>,
    /// The first version of the offer, which may be this one.
    pub first: Id,
    /// Which version it is, from 1.
    pub revision: i64,
    /// Where it stands, today.
    pub status: QuoteStatus,
    /// What beside its lines says what it comes to.
    pub terms: Terms,
    /// The conditions, as printed.
    pub conditions: String,
    /// The day on which the customer got it; none if it was not sent.
    pub sent_on: Option<Date>,
    /// The last day on which it can be accepted; none if it has no end.
    pub valid_until: Option<Date>,
    /// The lines after the discounts, as of the last settling, without shipping.
    pub goods: i64,
}

/// A quote, also one in the trash.
pub fn get(tx: &ReadTx<'_>, id: Id) -> Result<Option<Quote>> {
    let today = tx.caller().clock.today();
    let mut found = None;
    tx.each_row(
        "SELECT name, customer_id, contact_id, deal_id, owner_id, coalesce(version_of_id, id), revision, status, currency,
                tax, discount, shipping, terms, sent_on, valid_until, subtotal - discount_amount
         FROM quote WHERE id = ?1",
        [id.raw()],
        |row| {
            let link = |at: usize| row.get::<_, Option<i64>>(at).map(|raw| raw.map(Id::from_raw));
            let [status, currency, tax]: [String; 3] = [row.get(7)?, row.get(8)?, row.get(9)?];
            let days: [Option<String>; 2] = [row.get(13)?, row.get(14)?];
            let [sent_on, valid_until] = days.map(|day| day.as_deref().map(kept_up::date).transpose());
            let valid_until = valid_until?;
            found = Some(Quote {
                id,
                name: row.get(0)?,
                customer: Id::from_raw(row.get(1)?),
                contact: link(2)?,
                deal: link(3)?,
                owner: link(4)?,
                first: Id::from_raw(row.get(5)?),
                revision: row.get(6)?,
                status: status_on(today, &status, valid_until)?,
                terms: Terms::stored(&currency, &tax, row.get(10)?, row.get(11)?)?,
                conditions: row.get(12)?,
                sent_on: sent_on?,
                valid_until,
                goods: row.get(15)?,
            });
            Ok(())
        },
    )?;
    Ok(found)
}

/// Where a quote stands on a day.
fn status_on(today: Date, stored: &str, valid_until: Option<Date>) -> Result<QuoteStatus> {
    let status = QuoteStatus::parse(stored)
        .ok_or_else(|| Error::internal(format!("the base holds a status {stored:?}")))?;
    let is_past = valid_until.is_some_and(|until| until < today);
    Ok(match status {
        QuoteStatus::Sent if is_past => QuoteStatus::Expired,
        status => status,
    })
}

/// The versions of an offer outside the trash, with where they stand, but for `except`.
pub fn versions(tx: &ReadTx<'_>, first: Id, except: Id) -> Result<Vec<(Id, QuoteStatus)>> {
    let today = tx.caller().clock.today();
    let mut found = Vec::new();
    tx.each_row(
        "SELECT id, status, valid_until FROM quote
         WHERE id IN (SELECT ?1 UNION ALL SELECT id FROM quote WHERE version_of_id = ?1) AND id <> ?2 AND deleted_at IS NULL
         ORDER BY id",
        [first.raw(), except.raw()],
        |row| {
            let (status, until): (String, Option<String>) = (row.get(1)?, row.get(2)?);
            let until = until.as_deref().map(kept_up::date).transpose()?;
            found.push((Id::from_raw(row.get(0)?), status_on(today, &status, until)?));
            Ok(())
        },
    )?;
    Ok(found)
}

/// The number behind the newest version of an offer.
pub fn newest(tx: &ReadTx<'_>, first: Id) -> Result<i64> {
    let sql = "SELECT max(revision) FROM quote WHERE id = ?1 OR version_of_id = ?1";
    Ok(tx.one(sql, [first.raw()], |row| row.get(0))?.unwrap_or(1))
}

/// The orders that were made of a quote and are good, the oldest first.
pub fn orders(tx: &ReadTx<'_>, quote: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM sales_order WHERE quote_id = ?1 AND deleted_at IS NULL AND status <> 'cancelled' ORDER BY id",
        [quote.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The lines of a quote, in order.
pub fn lines(tx: &ReadTx<'_>, quote: Id) -> Result<Vec<Line>> {
    sales::lines(tx, Of::Quote, quote)
}

/// Makes `wanted` the lines of a quote; true if any was different.
pub(crate) fn set_lines(tx: &WriteTx<'_>, quote: Id, wanted: &[Line]) -> Result<bool> {
    sales::set_lines(tx, Of::Quote, quote, wanted, |_| Ok(()))
}

/// What is written down about a quote.
pub fn note(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let sql = "SELECT note FROM quote WHERE id = ?1";
    Ok(tx.one(sql, [id.raw()], |row| row.get(0))?.unwrap_or_default())
}

/// What stands in the row of a quote and is given by no field alone; what is none is left as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// Where it stands.
    pub(crate) status: Option<QuoteStatus>,
    /// What sending it costs.
    pub(crate) shipping: Option<i64>,
    /// When the customer got it; none inside for a draft.
    pub(crate) sent_on: Option<Option<Date>>,
    /// When it was decided; none inside for an open one.
    pub(crate) decided_on: Option<Option<Date>>,
    /// The last day on which it can be accepted.
    pub(crate) valid_until: Option<Date>,
    /// Why.
    pub(crate) reason: Option<String>,
    /// The first version and the number of this one.
    pub(crate) version: Option<(Id, i64)>,
}

impl Facts {
    /// The columns, for a new row or an old one.
    pub(crate) fn columns(&self) -> Vec<Column<'static>> {
        let mut columns = Vec::new();
        columns.extend(
            self.status
                .map(|status| ("status", Sql::Text(status.name().to_owned()))),
        );
        columns.extend(self.shipping.map(|shipping| ("shipping", Sql::Integer(shipping))));
        columns.extend(self.sent_on.map(|sent_on| ("sent_on", day(sent_on))));
        columns.extend(self.decided_on.map(|decided_on| ("decided_on", day(decided_on))));
        columns.extend(self.valid_until.map(|until| ("valid_until", day(Some(until)))));
        columns.extend(self.reason.clone().map(|reason| ("reason", Sql::Text(reason))));
        if let Some((first, revision)) = self.version {
            columns.push(("version_of_id", Sql::Integer(first.raw())));
            columns.push(("revision", Sql::Integer(revision)));
        }
        columns
    }
}

/// Writes facts of a quote; true if anything was different.
pub(crate) fn set(tx: &WriteTx<'_>, id: Id, facts: &Facts) -> Result<bool> {
    let columns = facts.columns();
    match columns.is_empty() {
        true => Ok(false),
        false => tx.update("quote", id, columns),
    }
}
