//! The agenda in words: headings, what an entry is about, and why it is there.

use crm::domain::clock::Clock;
use crm::domain::when::{When, show};
use crm::ops::today::{Entry, Why};

use crate::text::sanitise;

/// The heading of a section.
pub(crate) fn heading(name: &str) -> &'static str {
    match name {
        "overdue" => "Overdue",
        "today" => "Today",
        "week" => "Next seven days",
        "deals" => "Deals without news or next step",
        _ => "Gone quiet",
    }
}

/// What it is about, on one harmless line.
pub(crate) fn subject(entry: &Entry) -> String {
    let name = sanitise::line(&entry.record.name).into_owned();
    match &entry.customer {
        Some(customer) if customer.id != entry.record.id => {
            format!("{name} · {}", sanitise::line(&customer.name))
        }
        _ => name,
    }
}

/// Why it is on the agenda, in words.
pub(crate) fn why(entry: &Entry, clock: &Clock) -> String {
    match &entry.why {
        Why::Overdue(0) => "late since earlier today".to_owned(),
        Why::Overdue(count) => format!("{} late", days(*count)),
        Why::Today(Some(time)) => format!("today {time}"),
        Why::Today(None) => "today".to_owned(),
        Why::On(day) => show::echo(When::Day(*day), clock),
        Why::Rotting(count) => format!("in {}, no news for {}", entry.kind, days(*count)),
        Why::NoNextStep => format!("in {}, no next step", entry.kind),
        Why::Never(count, wish) => format!(
            "added {} ago, not contacted yet, to be every {}",
            days(*count),
            days(*wish)
        ),
        Why::Reminder(When::Never) => "reminder".to_owned(),
        Why::Reminder(due) => format!("reminder, due {}", show::echo(*due, clock)),
        Why::Quiet(count, usual) => format!("silent for {}, usually {} at most", days(*count), days(*usual)),
    }
}

/// A number of days.
pub(crate) fn days(count: i32) -> String {
    if count == 1 {
        "1 day".to_owned()
    } else {
        format!("{count} days")
    }
}
