//! The records behind the figures of a report: as the filter that lists them, where one does, else by identity.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::Request;
use crate::store::ReadTx;

/// The records behind a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drill {
    /// Those that all of these filters select.
    Filtered(Noun, Vec<String>),
    /// These.
    Records(Noun, Vec<Id>),
}

impl Drill {
    /// The records that a filter selects besides those of the request.
    pub(super) fn filtered(noun: Noun, request: &Request, filter: String) -> Drill {
        let mut filters = request.filters.clone();
        if !filter.is_empty() {
            filters.push(filter);
        }
        Drill::Filtered(noun, filters)
    }
}

/// `field:FIRST..LAST` for the days of a period, with a blank before it; nothing for all days.
pub(super) fn within(field: &str, period: Period) -> String {
    if period == Period::ALL {
        return String::new();
    }
    let from = period.from.map_or_else(String::new, |day| day.to_string());
    let last = period.to.and_then(|to| to.yesterday().ok());
    let last = last.map_or_else(String::new, |day| day.to_string());
    format!(" {field}:{from}..{last}")
}

fn closed(request: &Request, statuses: &str) -> Drill {
    let within = within("closed_on", request.period.unwrap_or(Period::ALL));
    Drill::filtered(Noun::Deal, request, format!("status:{statuses}{within}"))
}

/// What is open and should close in the period.
pub(super) fn pipeline(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let within = within("expected_close", request.period.unwrap_or(Period::ALL));
    Ok(Drill::filtered(
        Noun::Deal,
        request,
        format!("status:open{within}"),
    ))
}

/// What was won or lost in the period.
pub(super) fn decided(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    Ok(closed(request, "won,lost"))
}

/// What was won in the period.
pub(super) fn won(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    Ok(closed(request, "won"))
}

/// What was lost in the period.
pub(super) fn lost(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    Ok(closed(request, "lost"))
}

/// What was opened in the period.
pub(super) fn opened(_: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let within = within("opened_on", request.period.unwrap_or(Period::ALL));
    Ok(Drill::filtered(
        Noun::Deal,
        request,
        format!("status:open,won,lost{within}"),
    ))
}

/// What was won in the period, what is expected in it, and what is overdue.
pub(super) fn forecast(tx: &ReadTx<'_>, request: &Request) -> Result<Drill> {
    let period = super::forecast::period(tx, request)?;
    let filter = format!(
        "(status:won{}) or (status:open category:commit,best_case,pipeline{}) or is:overdue",
        within("closed_on", period),
        within("expected_close", period)
    );
    Ok(Drill::filtered(Noun::Deal, request, filter))
}
