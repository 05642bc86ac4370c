//! What the pages of reports say.

use crate::tui::component::look::Look;

pub(super) const PERIOD: &str = "Period";
pub(super) const PERIODS: &str = "last quarter, 2026-Q4, 90d, 上个月, all";
pub(super) const FILTER: &str = "Filter";
pub(super) const FILTERS: &str = "owner:@me amount:10k..";
pub(super) const PIPE: &str = "Send as TSV to";
pub(super) const PIPES: &str = "sort | head";
pub(super) const BY: &str = "Rows by";
pub(super) const ALL: &str = "all in one row";
pub(super) const COPY: &str = "Copy as";
pub(super) const EMPTY: &str = "nothing in it yet";
pub(super) const ALL_DAYS: &str = "all days";
pub(super) const KEEP: &str = "Enter keeps it, empty takes it away, Esc leaves it";
pub(super) const NOT_OF_RECORDS: &str = "these figures are not made of records that a list could show";
pub(super) const NO_RECORD: &str = "there is no record behind this row";
pub(super) const NO_DIMENSION: &str = "this report is made in one way only";
pub(super) const NO_ROWS: &str = "there is no row here";

/// There is no period on one side of an open one.
pub(super) fn no_neighbour(period: &str, key: &str) -> String {
    format!("{period} has no period beside it; {key} chooses one that has")
}

/// Nothing is left under a filter.
pub(super) fn nothing_under(filter: &str, key: &str) -> String {
    format!("nothing under {filter}; {key} takes the filter away")
}

/// What a report is called with what makes it special.
pub(super) fn title(name: &str, by: Option<&str>, period: &str, look: &Look) -> String {
    let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
    format!("{name}{by} {} {period}", look.symbols.dot)
}
