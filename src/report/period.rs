//! The stretch of days that a report is about: as it was asked for, or as the report has it where nobody asked.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::actor::Caller;
use crate::domain::when::Leaning;
use crate::domain::when::instant::bounds;
use crate::domain::when::period::{self, Period};
use crate::error::{Error, Result};

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

/// What was asked for, or what `phrase` means today.
pub(crate) fn or_phrase(caller: &Caller, asked: Option<Period>, phrase: &str) -> Result<Period> {
    asked.map_or_else(|| read(caller, phrase), Ok)
}

/// The instants at which a period begins and ends in the zone of the clock, in milliseconds since 1970.
pub(crate) fn instants(caller: &Caller, period: Period) -> (Option<i64>, Option<i64>) {
    let zone = caller.clock.zone();
    let start = |day: Date| bounds(day, day, zone).0.as_millisecond();
    (period.from.map(start), period.to.map(start))
}

/// The period before, of equal length.
///
/// # Errors
///
/// `Usage` for a period that has no beginning or no end.
pub(crate) fn before(period: Period) -> Result<Period> {
    period.previous().ok_or_else(|| {
        Error::usage(format!(
            "{} has nothing before it; a period with a beginning and an end is needed",
            period.label()
        ))
    })
}
