//! The agenda in words: headings, what an entry is about, and why it is there.

use crm::domain::agenda::{Entry, Why};
use crm::domain::clock::Clock;
use crm::domain::when::instant::instant_of;
use crm::domain::when::{When, show};

use crate::text::{relative, sanitise};

/// The heading of a section.
pub(crate) fn heading(name: &str) -> &'static str {
    match name {
        "overdue" => "Overdue",
        "today" => "Today",
        "week" => "Next seven days",
        "tickets" => "Tickets whose time runs out",
        "feedback" => "Complaints and unhappy customers",
        "orders" => "Orders to be paid or delivered",
        "quotes" => "Quotes that run out",
        "deals" => "Deals without news or next step",
        "pool" => "Soon back in the pool",
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
        Why::Unpaid(count) => format!("payment {} late", days(*count)),
        Why::Undelivered(count) => format!("delivery {} late", days(*count)),
        Why::Expired(count) => format!("ran out {} ago", days(*count)),
        Why::Expiring(day) => format!("runs out {}", show::relative_day(*day, clock.today())),
        Why::Payable(day) => format!("payment due {}", show::relative_day(*day, clock.today())),
        Why::ClockOut(at) => format!("{} was due {}", entry.kind, relative::instant(*at, clock)),
        Why::ClockDue(at) => format!("{} is due {}", entry.kind, relative::instant(*at, clock)),
        Why::Complaint(count) => format!("{}, nothing done: act or escalate", came(*count)),
        Why::Unhappy(count) => format!("{}, not heard yet: get in touch", came(*count)),
        Why::Never(count, wish) => format!(
            "added {} ago, not contacted yet, to be every {}",
            days(*count),
            days(*wish)
        ),
        Why::Reminder(When::Never) => "reminder".to_owned(),
        Why::Reminder(due) => format!("reminder, due {}", show::echo(*due, clock)),
        Why::Quiet(count, usual) => format!("silent for {}, usually {} at most", days(*count), days(*usual)),
        Why::Leaving(count) => leaving(*count, &entry.kind),
    }
}

/// When feedback came.
fn came(count: i32) -> String {
    match count {
        0 => "came today".to_owned(),
        count => format!("came {} ago", days(count)),
    }
}

/// When a pool takes somebody back.
fn leaving(count: i64, pool: &str) -> String {
    let pool = sanitise::line(pool);
    match i32::try_from(count) {
        Ok(count) if count > 0 => format!("back to the pool {pool} in {}", days(count)),
        _ => format!("back to the pool {pool} when it next runs"),
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

/// Why it is on the agenda, in a few letters: `4d late`, `09:30`.
pub(crate) fn short(entry: &Entry, clock: &Clock) -> String {
    match &entry.why {
        Why::Overdue(0) => "late".to_owned(),
        Why::Overdue(count) => format!("{count}d late"),
        Why::Today(Some(time)) => until(time, clock).unwrap_or_default(),
        Why::Today(None) | Why::Reminder(_) => String::new(),
        Why::On(day) => show::relative_day(*day, clock.today()),
        Why::Unpaid(count) | Why::Undelivered(count) => format!("{count}d late"),
        Why::Expired(count) => format!("{count}d expired"),
        Why::Payable(day) | Why::Expiring(day) => show::relative_day(*day, clock.today()),
        Why::ClockOut(at) | Why::ClockDue(at) => relative::left(*at, clock),
        Why::Complaint(0) | Why::Unhappy(0) => "new".to_owned(),
        Why::Complaint(count) | Why::Unhappy(count) => format!("waits {count}d"),
        Why::Rotting(count) => format!("{count}d no news"),
        Why::NoNextStep => "no next step".to_owned(),
        Why::Quiet(count, usual) => format!("{count}d, was {usual}d"),
        Why::Never(count, _) => format!("new for {count}d"),
        Why::Leaving(count) if *count > 0 => format!("{count}d left"),
        Why::Leaving(_) => "leaves".to_owned(),
    }
}

/// How far a time of day is ahead today.
fn until(time: &str, clock: &Clock) -> Option<String> {
    let at = clock.today().to_datetime(time.parse().ok()?);
    Some(relative::instant(instant_of(at, clock.zone()), clock))
}

/// Why it is on the agenda, as a sentence; `due` is when a task is due.
pub(crate) fn sentence(entry: &Entry, due: Option<When>, clock: &Clock) -> String {
    let kind = kind(&entry.kind);
    match (&entry.why, due) {
        (Why::Overdue(_), Some(due)) => format!("{kind} was due {}", show::echo(due, clock)),
        (Why::Today(_) | Why::On(_), Some(due)) => format!("{kind} is due {}", show::echo(due, clock)),
        (Why::Overdue(_) | Why::Today(_) | Why::On(_), None) => format!("{kind}: {}", why(entry, clock)),
        (Why::Rotting(count), _) => format!(
            "The deal is in {} and has had no news for {}",
            entry.kind.replace('_', " "),
            days(*count)
        ),
        (Why::Unpaid(count), _) => format!("A payment for the order is {} late", days(*count)),
        (Why::Undelivered(count), _) => {
            format!("The order should have arrived {} ago", days(*count))
        }
        (Why::Expired(count), _) => format!(
            "The quote ran out {} ago, and nobody said yes or no",
            days(*count)
        ),
        (Why::Expiring(day), _) => format!("The quote runs out {}", show::relative_day(*day, clock.today())),
        (Why::Payable(day), _) => format!(
            "A payment for the order is due {}",
            show::relative_day(*day, clock.today())
        ),
        (Why::ClockOut(at), _) => format!("{kind} was due {}", relative::instant(*at, clock)),
        (Why::ClockDue(at), _) => format!("{kind} is due {}", relative::instant(*at, clock)),
        (Why::Complaint(count), _) => format!(
            "The complaint {} and nothing was done: make a ticket of it, or say what was done",
            came(*count)
        ),
        (Why::Unhappy(count), _) => format!(
            "The answer {} and says that something is wrong: get in touch, or plan to",
            came(*count)
        ),
        (Why::NoNextStep, _) => format!(
            "The deal is in {} and has no next step",
            entry.kind.replace('_', " ")
        ),
        (Why::Quiet(count, usual), _) => format!(
            "Nobody was in touch for {}; usually it is {} at most",
            days(*count),
            days(*usual)
        ),
        (Why::Never(count, wish), _) => format!(
            "Added {} ago and not contacted yet; wants it every {}",
            days(*count),
            days(*wish)
        ),
        (Why::Reminder(_) | Why::Leaving(_), _) => why(entry, clock),
    }
}

/// A sort of task or activity as a word to begin with.
pub(crate) fn kind(key: &str) -> &str {
    match key {
        "todo" => "To do",
        "call" => "Call",
        "email" => "E-mail",
        "meeting" => "Meeting",
        "follow_up" => "Follow-up",
        "deadline" => "Deadline",
        "send_quote" => "Quote",
        "visit" => "Visit",
        "demo" => "Demo",
        "message" => "Message",
        "note" => "Note",
        "answer" => "Answer",
        "solution" => "Solution",
        "payment" => "Payment",
        "delivery" => "Delivery",
        "quote" => "Quote",
        "complaint" => "Complaint",
        other => other,
    }
}
