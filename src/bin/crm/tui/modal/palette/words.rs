//! The words of the palette.

use crate::tui::modal::palette::line::Mode;

pub(super) const ACTION: &str = "action";
pub(super) const REPORT: &str = "report";
pub(super) const COMMAND: &str = "command";
pub(super) const AGAIN: &str = "again";
pub(super) const VIEW: &str = "view";
pub(super) const TAG: &str = "label";
pub(super) const CUSTOMER: &str = "customer";
pub(super) const DEAL: &str = "deal";
pub(super) const QUOTE: &str = "quote";
pub(super) const ORDER: &str = "order";
pub(super) const TICKET: &str = "ticket";
pub(super) const FEEDBACK: &str = "feedback";
pub(super) const TASK: &str = "task";
pub(super) const ACTIVITY: &str = "activity";
pub(super) const PRODUCT: &str = "product";
pub(super) const WITH_TAG: &str = "customers with this label";
pub(super) const PLACEHOLDER: &str = "a name, an action, a report, a command";
pub(super) const SEARCHING: &str = "searching…";
pub(super) const NOTHING: &str = "nothing is called so";
pub(super) const NO_FILTER: &str = "there is no list here to filter";
pub(super) const FILTER: &str = "Enter filters what is shown, as / does";
pub(super) const LINE: &str = "Enter runs it; nothing to complete";

/// What the popup is called.
pub(super) fn title(mode: Mode) -> &'static str {
    match mode {
        Mode::All => "Go to anything",
        Mode::Commands => "Actions and commands",
        Mode::People => "People and companies",
        Mode::Tags => "Labels",
        Mode::Filter => "Filter what is shown",
        Mode::Line => "Command line",
    }
}

/// What the keys do; short where there is little room.
pub(super) fn keys(mode: Mode, is_narrow: bool) -> &'static str {
    match (mode, is_narrow) {
        (Mode::Line, false) => "Enter run  Tab complete",
        (Mode::Line, true) => "Tab completes",
        (_, false) => "Enter run  Tab arguments  > actions  @ people  # labels  / filter  Ctrl+T next",
        (_, true) => "> @ # /  Tab arguments",
    }
}
