//! The agenda as a value: its sections, what stands in them, and why.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::count::Count;
use crate::domain::value::Link;
use crate::domain::when::When;

/// The sections by their words in machine formats, in the order in which they are read: what is late or has a clock that runs
/// out, today, what is owed, what ends soon; then what can be done ahead. One that is added here needs a heading.
pub const SECTIONS: [&str; 10] = [
    "overdue", "tickets", "today", "feedback", "orders", "quotes", "pool", "week", "deals", "quiet",
];

/// Why somebody is on the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// A task should have been done so many days ago; 0 for earlier today.
    Overdue(i32),
    /// A task is due today, at this time of day if it has one.
    Today(Option<String>),
    /// A task is due on that day.
    On(Date),
    /// A deal has had no news for so many days, and has no next step ahead.
    Rotting(i32),
    /// A deal has no next step.
    NoNextStep,
    /// A customer has been silent for so many days, and usually is not for more than so many.
    Quiet(i32, i32),
    /// A customer was added so many days ago, has not been contacted since, and wants to be within so many.
    Never(i32, i32),
    /// A part of an order should have been paid so many days ago.
    Unpaid(i32),
    /// An order should have been delivered so many days ago.
    Undelivered(i32),
    /// A part of an order is to be paid on that day.
    Payable(Date),
    /// A quote is good until that day.
    Expiring(Date),
    /// A quote ran out so many days ago, and nobody said anything.
    Expired(i32),
    /// A clock of a ticket ran out at that instant, and what was promised is still to do.
    ClockOut(Timestamp),
    /// A clock of a ticket runs out at that instant.
    ClockDue(Timestamp),
    /// A customer complained so many days ago, and nothing was done about it.
    Complaint(i32),
    /// A customer said so many days ago that it is not content, nobody has heard it, and nothing is planned.
    Unhappy(i32),
    /// It is time to be reminded of a task, which is due then.
    Reminder(When),
    /// A public pool takes a customer back in so many days; 0 and less for its next run.
    Leaving(i64),
}

/// One line of the agenda.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The task, ticket, order, quote, deal or customer.
    pub record: Link,
    /// The customer it is about.
    pub customer: Option<Link>,
    /// The sort of task, the stage of the deal; of an order what it lacks, payment or delivery; of a quote that word; of a
    /// ticket what its clock waits for, answer or solution.
    pub kind: String,
    /// Why it is here.
    pub why: Why,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The word for it, one of [`SECTIONS`].
    pub name: &'static str,
    /// How many there are in all.
    pub count: Count,
    /// The first of them.
    pub entries: Vec<Entry>,
}
