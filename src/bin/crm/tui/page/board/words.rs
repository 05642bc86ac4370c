//! What the board says.

use crm::domain::pipeline::StageType;
use crm::ops::board::{By, Column, Lane};

use crate::tui::query::board::label;

pub(super) const TITLE: &str = "Pipeline";
pub(super) const NOTHING_MARKED: &str = "nothing is marked any more";
pub(super) const NO_CARD: &str = "there is no deal here";
pub(super) const MARKED_ELSEWHERE: &str = "the marked deals are in another column; Esc takes the marks off";
pub(super) const NO_DEALS: &str = "no deals";
pub(super) const ORDER_TITLE: &str = "Order within a column";
pub(super) const PIPELINES: &str = "Pipelines";
pub(super) const ONE_PIPELINE: &str = "there is one pipeline only; `crm pipeline add` makes others";

/// What the columns are.
pub(super) fn by(by: By) -> &'static str {
    match by {
        By::Stage => "by stage",
        By::Owner => "by owner",
        By::Month => "by month",
    }
}

/// The dimension of the report with the same groups.
pub(super) fn dimension(by: By) -> &'static str {
    match by {
        By::Stage => "stage",
        By::Owner => "owner",
        By::Month => "month",
    }
}

pub(super) fn grouped(by: By) -> &'static str {
    match by {
        By::Stage => "grouped by stage; L and H move a deal on and back",
        By::Owner => "grouped by owner; L and H give a deal to another one",
        By::Month => "grouped by the month of the expected close; L and H move it by a month",
    }
}

/// What one column is called in a sentence.
fn column(by: By) -> &'static str {
    match by {
        By::Stage => "stage",
        By::Owner => "owner",
        By::Month => "month",
    }
}

pub(super) fn no_column(step: isize, by: By) -> String {
    let end = if step < 0 { "first" } else { "last" };
    format!("this is the {end} {}", column(by))
}

/// What stands above a column.
pub(super) fn name(column: &Column) -> String {
    match (column.lane, &column.name) {
        (Lane::Stage(_) | Lane::Closed(..), Some(key)) => label(&column.labels, key).to_owned(),
        (Lane::Month(Some(day)), _) => day.strftime("%b %Y").to_string(),
        (Lane::Month(None), _) => "No date".to_owned(),
        (Lane::Owner(None), _) => "Nobody".to_owned(),
        (_, name) => name.clone().unwrap_or_default(),
    }
}

pub(super) fn is_closed(name: &str, kind: StageType, reopen: &str) -> String {
    format!("{name} is {}; {reopen} opens it again", kind.name())
}

pub(super) fn mark_in_list(zoom: &str) -> String {
    format!("{zoom} shows this column as a list, in which many can be marked at once")
}

pub(super) fn nothing_fits(filter: &str) -> String {
    format!("no deal fits {filter:?}; Esc clears the filter")
}

pub(super) fn empty(pipeline: &str, new: &str) -> String {
    format!("no deals in {pipeline} yet; {new} adds one")
}

pub(super) fn error(text: &str, refresh: &str) -> String {
    format!("{text}; {refresh} reads again")
}

/// What of a column is not seen; none if all is.
pub(super) fn hidden(above: Option<usize>, below: Option<usize>, cut: &str) -> Option<String> {
    let above = match above {
        Some(0) => None,
        Some(many) => Some(format!("{many} above")),
        None => Some("more above".to_owned()),
    };
    let below = match below {
        Some(0) => None,
        Some(many) => Some(format!("{many} more")),
        None => Some("more".to_owned()),
    };
    let parts: Vec<String> = above.into_iter().chain(below).collect();
    (!parts.is_empty()).then(|| format!("{cut} {}", parts.join(", ")))
}
