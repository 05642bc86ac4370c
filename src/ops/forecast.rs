//! Forecasts that are kept, so that they can be held against what came.

use crate::domain::id::Id;
use crate::domain::when::period::Period;
use crate::error::{Error, Result};
use crate::report::Request;
use crate::report::forecast;
use crate::store::WriteTx;
use crate::store::forecasts::{self, Occasion, Sums};
use crate::store::rollups::{Group, Key};

/// Keeps what the forecast of a period says today; this quarter's unless the request has another. A second one of
/// the same day, period and filter takes the place of the first. Returns the period.
///
/// # Errors
///
/// `Usage` for a filter that does not resolve.
pub fn snapshot(tx: &WriteTx<'_>, request: &Request) -> Result<Period> {
    let today = tx.caller().clock.today();
    let period = forecast::period(tx, request)?;
    let condition = request.condition(tx)?;
    let mut rows = Vec::new();
    for (key, _, outlook) in forecast::outlooks(tx, &condition, period, Group::Owner)? {
        let owner = match key {
            Key::Record(id) => Some(Id::from_raw(id)),
            _ => None,
        };
        let open = outlook.open_all();
        let weighted = i64::try_from(open.weighted)
            .map_err(|_| Error::internal("the forecast is too large to be kept"))?;
        let sums = Sums {
            closed: outlook.closed.amount,
            open: outlook.open.map(|side| side.amount),
            weighted,
            deals: open.deals,
            without_amount: open.deals - open.in_sum,
        };
        rows.push((owner, sums));
    }
    rows.sort_by_key(|(owner, _)| *owner);
    if rows.is_empty() {
        // That nothing was in sight is a forecast too.
        rows.push((None, Sums::default()));
    }
    let occasion = Occasion {
        taken_on: today,
        period,
        filter: request.filter(),
    };
    forecasts::keep(tx, &occasion, &rows)?;
    tx.describe(format!("Kept the forecast of {}", period.label()));
    Ok(period)
}
