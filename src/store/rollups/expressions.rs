//! What deals are grouped by and narrowed to, in SQL.

use rusqlite::types::Value as Sql;

use crate::domain::when::period::Period;
use crate::store::rollups::days::number_of;
use crate::store::rollups::{Group, Which};

/// The expression whose values are the groups; null for deals that have nothing there.
pub(super) fn key_expression(group: Group, which: Which) -> String {
    let owner = "CASE WHEN r.status = 'open' THEN r.owner_id ELSE r.closed_owner_id END";
    let day = match which {
        Which::Open(_)
        | Which::Expected(_)
        | Which::ExpectedOnce(..)
        | Which::Overdue(_)
        | Which::OpenUndated => "r.expected_close_on",
        Which::Closed(..) => "r.closed_on",
        Which::OpenAt(_) | Which::WeighedAt(_) | Which::Opened(_) | Which::OpenedAbandoned(_) => {
            "r.opened_on"
        }
    };
    match group {
        // Deals have none of the last ones.
        Group::All
        | Group::Survey
        | Group::Level
        | Group::Channel
        | Group::Assignee
        | Group::Priority
        | Group::Policy => "NULL".to_owned(),
        Group::Owner => owner.to_owned(),
        Group::Team => format!("(SELECT team_id FROM user WHERE id = {owner})"),
        Group::Pipeline => "r.pipeline_id".to_owned(),
        Group::Stage => {
            "CASE WHEN r.status = 'open' THEN r.stage_id ELSE r.last_open_stage_id END".to_owned()
        }
        Group::Product => "line.product_id".to_owned(),
        Group::Status => "r.status".to_owned(),
        Group::Source => "nullif(r.source, '')".to_owned(),
        Group::Customer => "r.customer_id".to_owned(),
        Group::LostReason => "nullif(r.lost_reason, '')".to_owned(),
        Group::Competitor => "nullif(r.competitor, '')".to_owned(),
        Group::Month => format!("substr({day}, 1, 7)"),
        Group::Quarter => {
            format!("substr({day}, 1, 5) || 'Q' || ((CAST(substr({day}, 6, 2) AS INTEGER) + 2) / 3)")
        }
    }
}

/// What keeps the index on the status out of the way of that on the days of a short period: without statistics SQLite
/// takes an equality for better than any range, and walks all deals that were ever won for those of a month.
fn unless_short(period: Period) -> &'static str {
    let days = match (period.from, period.to) {
        (Some(from), Some(to)) => number_of(to) - number_of(from),
        _ => i64::MAX,
    };
    if days <= SHORT { "+" } else { "" }
}

/// The most days of a short period: a year.
const SHORT: i64 = 366;

/// Adds the tests by which the deals that count are picked.
pub(super) fn narrow(which: Which, tests: &mut Vec<String>, bound: &mut Vec<Sql>) {
    let mut within = |column: &str, period: Period| {
        for (operator, day) in [(">=", period.from), ("<", period.to)] {
            if let Some(day) = day {
                tests.push(format!("{column} {operator} ?"));
                bound.push(Sql::Text(day.to_string()));
            }
        }
    };
    match which {
        Which::Open(period) | Which::Expected(period) => {
            within("r.expected_close_on", period);
            tests.push(format!("{}r.status = 'open'", unless_short(period)));
        }
        Which::Overdue(day) => {
            tests.push("r.expected_close_on < ? AND r.status = 'open'".to_owned());
            bound.push(Sql::Text(day.to_string()));
        }
        Which::ExpectedOnce(from, to) => {
            tests.push(
                "r.status <> 'abandoned' AND r.id IN (
                   SELECT d.id FROM deal AS d WHERE d.deleted_at IS NULL
                     AND d.expected_close_on >= ? AND d.expected_close_on < ?
                   UNION ALL
                   SELECT v.record_id FROM value_interval AS v WHERE v.attribute = 'expected_close')"
                    .to_owned(),
            );
            bound.extend([Sql::Text(from.to_string()), Sql::Text(to.to_string())]);
        }
        Which::OpenUndated => tests.push("r.status = 'open' AND r.expected_close_on IS NULL".to_owned()),
        Which::OpenAt(day) | Which::WeighedAt(day) => {
            tests.push(
                // Most deals were opened before: their rows one after the other are found sooner than by the index.
                "r.status <> 'abandoned' AND +r.opened_on < ? AND (r.closed_on IS NULL OR r.closed_on >= ?)"
                    .to_owned(),
            );
            bound.extend([Sql::Text(day.to_string()), Sql::Text(day.to_string())]);
        }
        Which::Closed(outcomes, period) => {
            within("r.closed_on", period);
            let words: Vec<String> = outcomes
                .iter()
                .map(|outcome| format!("'{}'", outcome.name()))
                .collect();
            let plain = unless_short(period);
            tests.push(format!("{plain}r.status IN ({})", words.join(", ")));
        }
        Which::Opened(period) => {
            within("r.opened_on", period);
            tests.push("r.status <> 'abandoned'".to_owned());
        }
        Which::OpenedAbandoned(period) => {
            within("r.opened_on", period);
            tests.push("r.status = 'abandoned'".to_owned());
        }
    }
}
