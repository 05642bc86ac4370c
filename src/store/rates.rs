//! Rates of currencies against that of the base, each from a day on.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::money::{Currency, Money, Rate};
use crate::error::{Error, Result};
use crate::store::keep::date;
use crate::store::tx::{ReadTx, WriteTx};

/// One rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedRate {
    /// The currency.
    pub currency: Currency,
    /// The first day on which it holds.
    pub on: Date,
    /// How many units of the base currency one unit is worth.
    pub rate: Rate,
}

/// All rates, by currency, the newest first.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<DatedRate>> {
    let mut rates = Vec::new();
    tx.each_row(
        "SELECT currency, on_date, rate FROM rate ORDER BY currency, on_date DESC",
        [],
        |row| {
            let code: String = row.get(0)?;
            let currency = Currency::parse(&code)
                .ok_or_else(|| Error::internal(format!("the base holds a currency {code:?}")))?;
            rates.push(DatedRate {
                currency,
                on: date(&row.get::<_, String>(1)?)?,
                rate: Rate::from_nano(row.get(2)?),
            });
            Ok(())
        },
    )?;
    Ok(rates)
}

/// The newest rate of `currency` up to today; none if there is none.
pub(crate) fn current(tx: &ReadTx<'_>, currency: Currency) -> Result<Option<Rate>> {
    on(tx, currency, tx.caller().clock.today())
}

/// The rate of `currency` that held on `day`; none if there is none.
pub(crate) fn on(tx: &ReadTx<'_>, currency: Currency, day: Date) -> Result<Option<Rate>> {
    if currency == tx.base_currency()? {
        return Ok(Some(Rate::ONE));
    }
    tx.one(
        "SELECT rate FROM rate WHERE currency = ?1 AND on_date <= ?2 ORDER BY on_date DESC LIMIT 1",
        (currency.code(), day.to_string()),
        |row| Ok(Rate::from_nano(row.get(0)?)),
    )
}

fn row(tx: &ReadTx<'_>, currency: Currency, on: Date) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM rate WHERE currency = ?1 AND on_date = ?2",
        (currency.code(), on.to_string()),
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Says what a currency is worth from a day on; true if that is news.
///
/// Deals that were closed, orders that were confirmed and money that came from that day on while no rate was known get theirs.
pub(crate) fn set(tx: &WriteTx<'_>, dated: &DatedRate) -> Result<bool> {
    let rate = ("rate", Sql::Integer(dated.rate.nano()));
    let changed = match row(tx, dated.currency, dated.on)? {
        Some(id) => tx.update("rate", id, vec![rate])?,
        None => {
            let columns = vec![
                ("currency", Sql::Text(dated.currency.code().to_owned())),
                ("on_date", Sql::Text(dated.on.to_string())),
                rate,
            ];
            tx.insert("rate", tx.new_id(), columns)?;
            true
        }
    };
    freeze(tx, dated.currency, dated.on)?;
    Ok(changed)
}

/// What is frozen at the rate of a day: the table, the column of the rate, and which rows still lack one, with their day.
const FROZEN: [(&str, &str, &str); 2] = [
    (
        "deal",
        "closed_rate",
        "SELECT id, closed_on FROM deal
         WHERE status <> 'open' AND currency = ?1 AND closed_rate IS NULL AND closed_on >= ?2",
    ),
    (
        "sales_order",
        "rate",
        "SELECT id, confirmed_on FROM sales_order WHERE currency = ?1 AND rate IS NULL AND confirmed_on >= ?2",
    ),
];

/// Gives what has no rate the one of its day.
fn freeze(tx: &WriteTx<'_>, currency: Currency, from: Date) -> Result<()> {
    let bound = (currency.code(), from.to_string());
    for (table, column, sql) in FROZEN {
        let unrated: Vec<(i64, String)> = tx.all(sql, (bound.0, bound.1.as_str()), |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        for (id, day) in unrated {
            if let Some(rate) = on(tx, currency, date(&day)?)? {
                let column = (column, Sql::Integer(rate.nano()));
                tx.update(table, Id::from_raw(id), vec![column])?;
            }
        }
    }
    let base = tx.base_currency()?;
    let unrated: Vec<(i64, String, i64)> = tx.all(
        "SELECT p.id, p.received_on, p.amount FROM payment AS p JOIN sales_order AS o ON o.id = p.order_id
         WHERE o.currency = ?1 AND p.amount_base IS NULL AND p.received_on >= ?2",
        (bound.0, bound.1.as_str()),
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    for (id, day, minor) in unrated {
        let rate = on(tx, currency, date(&day)?)?;
        if let Some(worth) = rate.and_then(|rate| Money { minor, currency }.convert(base, rate)) {
            let column = ("amount_base", Sql::Integer(worth.minor));
            tx.update("payment", Id::from_raw(id), vec![column])?;
        }
    }
    Ok(())
}

/// Forgets the rate of a currency that holds from a day on; false if there is none.
pub(crate) fn remove(tx: &WriteTx<'_>, currency: Currency, on: Date) -> Result<bool> {
    match row(tx, currency, on)? {
        Some(id) => tx.delete("rate", id).map(|()| true),
        None => Ok(false),
    }
}
