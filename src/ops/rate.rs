//! What other currencies are worth in that of the base.

use jiff::civil::Date;

use crate::domain::money::{Currency, Rate};
use crate::error::{Error, Kind, Result};
use crate::store::rates::{self, DatedRate};
use crate::store::{ReadTx, WriteTx};

/// Says that one unit of `currency` is worth `rate` units of the base currency from the day `on`.
///
/// Open deals count at the newest rate; a deal that is closed keeps the one of its day, also where that becomes known
/// only now.
///
/// # Errors
///
/// `Invalid` for a currency or a rate that cannot be read, and for the base currency itself.
pub fn set(tx: &WriteTx<'_>, currency: &str, rate: &str, on: Option<Date>) -> Result<bool> {
    let currency = foreign(tx, currency)?;
    let rate: Rate = rate
        .parse()
        .map_err(|_| Error::invalid("rate", format!("rate: {rate:?} is no positive decimal, 1.17")))?;
    let on = on.unwrap_or_else(|| tx.caller().clock.today());
    let changed = rates::set(tx, &DatedRate { currency, on, rate })?;
    tx.describe(format!("Rate of {currency} from {on}: {rate}"));
    Ok(changed)
}

/// Forgets the rate of `currency` that holds from the day `on`.
///
/// # Errors
///
/// `NotFound` if there is none of that day.
pub fn remove(tx: &WriteTx<'_>, currency: &str, on: Date) -> Result<()> {
    let currency = foreign(tx, currency)?;
    if !rates::remove(tx, currency, on)? {
        return Err(Error::new(
            Kind::NotFound,
            format!("there is no rate of {currency} from {on}"),
        ));
    }
    tx.describe(format!("Forgot the rate of {currency} from {on}"));
    Ok(())
}

/// A currency other than that of the base.
fn foreign(tx: &ReadTx<'_>, code: &str) -> Result<Currency> {
    let currency = Currency::parse(code)
        .ok_or_else(|| Error::invalid("currency", format!("currency: there is none called {code:?}")))?;
    if currency == tx.base_currency()? {
        return Err(Error::invalid(
            "currency",
            format!("currency: {currency} is the currency of the base, in which all others are counted"),
        ));
    }
    Ok(currency)
}
