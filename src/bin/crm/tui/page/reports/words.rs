//! What the overview of the reports says.

pub(super) const REPORTS: &str = "Reports";
pub(super) const WON_BY_MONTH: &str = "Won by month";
pub(super) const FUNNEL: &str = "Funnel, last 90 days";
pub(super) const WON_BY_OWNER: &str = "Won by owner, this month";
pub(super) const ACTIVITY: &str = "Activity, last 12 weeks";
pub(super) const NOTHING: &str = "nothing in it yet";
pub(super) const NEW: &str = "new";
pub(super) const FILTER: &str = "Filter: ";
pub(super) const NONE_FITS: &str = "no report has this in its name or meaning; Esc shows all";
