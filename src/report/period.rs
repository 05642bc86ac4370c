//! The stretch of days that a report is about: as it was asked for, or as the report has it where nobody asked.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::actor::Caller;
use crate::domain::when::Leaning;
use crate::domain::when::period::{self, Period};
use crate::error::Result;

/// Reads a period against the clock of the caller: `2026-Q4`, `last-quarter`, `90d`, `2026-01..2026-03`, `all`.
///
/// # Errors
///
/// `Invalid` on `period` with what would be understood.
pub fn read(caller: &Caller, text: &str) -> Result<Period> {
    period::read_period(text, &caller.reading(Leaning::Past)).map_err(|refusal| refusal.on_field("period"))
}

/// The `days` days of which `today` is the last.
pub(crate) fn trailing(today: Date, days: i64) -> Period {
    let to = today.saturating_add(1.days());
    Period {
        from: Some(to.saturating_sub(days.days())),
        to: Some(to),
    }
}
