//! What became due since somebody was last told: reminders, tasks, orders that are not paid or delivered, deals that began
//! to rot, customers who fell quiet.
//!
//! A cursor remembers the moment of its last run and everything that was due then. New is what is due now and was not, and
//! what became due after that moment: a task that was put off and came due again between two runs is news both times.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::{Date, Time};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::{When, instant};
use crate::error::{Error, Result};
use crate::ops::list;
use crate::ops::today::{self, Entry, Why};
use crate::query::plan::Condition;
use crate::store::agenda::{self, Choice, DueOrder, DueTask, OrderDay, Stretch, Whose};
use crate::store::{ReadTx, WriteTx, cursors, customers, reminders};

/// The sorts of news, in their order, by their words in machine formats; those of the agenda have its words.
pub const SECTIONS: [&str; 10] = [
    "reminder", "overdue", "tickets", "today", "feedback", "orders", "quotes", "pool", "deals", "quiet",
];

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whose work.
    pub whose: Whose,
    /// The name of the cursor.
    pub name: String,
    /// What became due after this instant, in milliseconds since 1970, whatever the cursor says; none for what it says.
    pub since: Option<i64>,
}

/// Something that became due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The sort, one of [`SECTIONS`].
    pub section: &'static str,
    /// The task, ticket, order, deal or customer, and why.
    pub entry: Entry,
    /// What the cursor remembers it by: the record, or the reminder.
    key: Id,
    /// Since when, in milliseconds since 1970.
    since: i64,
}

/// What became due, and what is due in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct News {
    /// What is new, in the order of the sections and then of time.
    pub items: Vec<Item>,
    due: Vec<(&'static str, BTreeSet<Id>)>,
}

/// What became due since the last run. A first run tells what the agenda of today would, and no reminders of days before.
pub fn news(tx: &ReadTx<'_>, request: &Request) -> Result<News> {
    let clock = &tx.caller().clock;
    let today = start_of(tx, clock.today());
    let last = last_run(tx, request)?;
    let mut news = News {
        items: Vec::new(),
        due: Vec::new(),
    };
    for section in SECTIONS {
        let all = due(tx, request.whose, section)?;
        let now: BTreeSet<Id> = all.iter().map(|item| item.key).collect();
        let entered: BTreeSet<Id> = cursors::turnover(tx, &cursor(request, section), &now)?
            .entered
            .into_iter()
            .collect();
        news.items
            .extend(all.into_iter().filter(|item| match (request.since, last) {
                (Some(since), _) => item.since > since,
                (None, Some(last)) => item.since > last || entered.contains(&item.key),
                (None, None) => section != "reminder" || item.since >= today,
            }));
        news.due.push((section, now));
    }
    Ok(news)
}

/// Moves the cursor, so that the next run does not tell the same again; but what is in `failed`, by its place in the news,
/// it tells once more.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn advance(tx: &WriteTx<'_>, request: &Request, news: &News, failed: &BTreeSet<usize>) -> Result<()> {
    for (section, due) in &news.due {
        let mut told = due.clone();
        for at in failed {
            if let Some(item) = news.items.get(*at).filter(|item| item.section == *section) {
                told.remove(&item.key);
            }
        }
        let cursor = cursor(request, section);
        let turnover = cursors::turnover(tx, &cursor, &told)?;
        cursors::move_members(tx, &cursor, &turnover)?;
    }
    let now = tx.caller().clock.now_ms();
    cursors::move_to(tx, &run(request), &now.to_string())
}

/// The cursor with the moment of the last run.
fn run(request: &Request) -> String {
    format!("remind/{}/{}", request.whose.key(), request.name)
}

/// The cursor with what was due then.
fn cursor(request: &Request, section: &str) -> String {
    format!("{}/{section}", run(request))
}

/// When the cursor was last moved; none if it never was.
fn last_run(tx: &ReadTx<'_>, request: &Request) -> Result<Option<i64>> {
    let position = cursors::position(tx, &run(request))?;
    let read = |text: String| {
        text.parse()
            .map_err(|_| Error::internal(format!("a cursor stands at {text:?}")))
    };
    position.map(read).transpose()
}

/// The first instant of a day, in milliseconds since 1970.
fn start_of(tx: &ReadTx<'_>, day: Date) -> i64 {
    let (start, _) = instant::bounds(day, day, tx.caller().clock.zone());
    start.as_millisecond()
}

fn choice(whose: Whose, condition: &Condition) -> Choice<'_> {
    Choice {
        whose,
        condition,
        limit: i64::MAX,
    }
}

/// Everything of one sort that is due now.
fn due(tx: &ReadTx<'_>, whose: Whose, section: &'static str) -> Result<Vec<Item>> {
    let clock = &tx.caller().clock;
    let (now, today) = (clock.now_ms(), clock.today());
    let day = today.to_string();
    let all = |noun: Noun| list::condition(tx, noun, &[]);
    let tasks = |from: Option<i64>, to: i64| -> Result<Vec<DueTask>> {
        let condition = all(Noun::Task)?;
        let stretch = Stretch { from, to };
        Ok(agenda::tasks(tx, choice(whose, &condition), stretch, false)?.rows)
    };
    match section {
        "reminder" => {
            let ringing = reminders::ringing(tx, whose, &all(Noun::Task)?, now)?;
            let item = |ringing: reminders::Ringing| {
                let due = when(&ringing.task)?;
                let entry = of_task(ringing.task, Why::Reminder(due));
                Ok(Item::new(section, ringing.id, ringing.at, entry))
            };
            ringing.into_iter().map(item).collect()
        }
        "overdue" => {
            let item = |task: DueTask| {
                let late = today::days(customers::day(&task.due_on)?, today);
                let (id, at) = (task.task.id, task.due_at.unwrap_or(now));
                Ok(Item::new(section, id, at, of_task(task, Why::Overdue(late))))
            };
            tasks(None, now)?.into_iter().map(item).collect()
        }
        "today" => {
            let end = start_of(tx, today.tomorrow().unwrap_or(today));
            let item = |task: DueTask| {
                let time = Some(task.due_time.clone()).filter(|time| !time.is_empty());
                let (id, at) = (task.task.id, start_of(tx, today));
                Item::new(section, id, at, of_task(task, Why::Today(time)))
            };
            Ok(tasks(Some(now), end)?.into_iter().map(item).collect())
        }
        "tickets" => tickets(tx, whose, section),
        "feedback" => feedback(tx, whose, section),
        "orders" => orders(tx, whose, section),
        "quotes" => quotes(tx, whose, section),
        "deals" => {
            let rotting = agenda::rotting(tx, choice(whose, &all(Noun::Deal)?), &day, now)?.rows;
            let item = |deal: agenda::NeglectedDeal| {
                let since = start_of(tx, customers::day(deal.rotting_on.as_ref().unwrap_or(&day))?);
                let id = deal.deal.id;
                Ok(Item::new(section, id, since, today::neglected(deal, today)?))
            };
            rotting.into_iter().map(item).collect()
        }
        "pool" => {
            let request = today::Request {
                whose,
                filters: Vec::new(),
                limit: i64::MAX,
            };
            // The warning is due since the pool warns, which is the news; not since the customer goes.
            let item =
                |(entry, _): (Entry, Date)| Item::new(section, entry.record.id, start_of(tx, today), entry);
            Ok(today::leaving(tx, &request)?.into_iter().map(item).collect())
        }
        _ => {
            let quiet = agenda::quiet(tx, choice(whose, &all(Noun::Customer)?), &day)?.rows;
            let item = |customer: agenda::QuietCustomer| {
                let since = start_of(tx, customers::day(&customer.quiet_on)?);
                let id = customer.customer.id;
                Ok(Item::new(section, id, since, today::silent(customer, today)?))
            };
            quiet.into_iter().map(item).collect()
        }
    }
}

/// The orders that want attention now.
fn orders(tx: &ReadTx<'_>, whose: Whose, section: &'static str) -> Result<Vec<Item>> {
    let today = tx.caller().clock.today();
    let request = today::Request {
        whose,
        filters: Vec::new(),
        limit: i64::MAX,
    };
    let item = |(by, order): (OrderDay, DueOrder)| {
        let id = order.order.id;
        let text = match by {
            OrderDay::Overdue => &order.overdue_on,
            OrderDay::Awaited => &order.awaited_on,
            OrderDay::Remind => &order.remind_on,
        };
        let day = customers::day(text.as_deref().unwrap_or_default())?;
        // What is due on a day is late from the next one on.
        let since = match by {
            OrderDay::Remind => day,
            _ => day.tomorrow().unwrap_or(day),
        };
        let entry = today::lacking((by, order), today)?;
        Ok(Item::new(section, id, start_of(tx, since), entry))
    };
    let orders = today::orders(tx, &request)?.rows;
    orders.into_iter().map(item).collect()
}

/// The quotes that run out, or have.
fn quotes(tx: &ReadTx<'_>, whose: Whose, section: &'static str) -> Result<Vec<Item>> {
    let today = tx.caller().clock.today();
    let request = today::Request {
        whose,
        filters: Vec::new(),
        limit: i64::MAX,
    };
    let item = |quote: agenda::DueQuote| {
        let until = customers::day(&quote.valid_until)?;
        // What is good for seven more days is news on the first of them, and what ran out on the day after its last.
        let since = match until < today {
            true => until.tomorrow(),
            false => until.checked_sub(7.days()),
        };
        let id = quote.quote.id;
        let since = start_of(tx, since.unwrap_or(until));
        Ok(Item::new(section, id, since, today::running_out(quote, today)?))
    };
    let quotes = today::quotes(tx, &request)?.rows;
    quotes.into_iter().map(item).collect()
}

/// The complaints and unhappy answers about which nothing was done.
fn feedback(tx: &ReadTx<'_>, whose: Whose, section: &'static str) -> Result<Vec<Item>> {
    let today = tx.caller().clock.today();
    let request = today::Request {
        whose,
        filters: Vec::new(),
        limit: i64::MAX,
    };
    let item = |told: agenda::WaitingFeedback| {
        let id = told.feedback.id;
        let since = start_of(tx, customers::day(&told.waiting_on)?);
        Ok(Item::new(section, id, since, today::unheard(told, today)?))
    };
    let waiting = today::feedback(tx, &request)?.rows;
    waiting.into_iter().map(item).collect()
}

/// The clocks of tickets that have run out.
fn tickets(tx: &ReadTx<'_>, whose: Whose, section: &'static str) -> Result<Vec<Item>> {
    let now = tx.caller().clock.now_ms();
    let condition = list::condition(tx, Noun::Ticket, &[])?;
    let item = |ticket: agenda::DueTicket| {
        let (id, at) = (ticket.ticket.id, ticket.due_at);
        Ok(Item::new(section, id, at, today::clock_of(ticket, now)?))
    };
    let tickets = agenda::tickets(tx, choice(whose, &condition), now)?.rows;
    tickets.into_iter().map(item).collect()
}

impl Item {
    fn new(section: &'static str, key: Id, since: i64, entry: Entry) -> Item {
        Item {
            section,
            entry,
            key,
            since,
        }
    }
}

/// When a task is due, in its own zone.
fn when(task: &DueTask) -> Result<When> {
    let day = customers::day(&task.due_on)?;
    if task.due_time.is_empty() {
        return Ok(When::Day(day));
    }
    let time: Time = task
        .due_time
        .parse()
        .map_err(|_| Error::internal(format!("a task is due at {:?}", task.due_time)))?;
    Ok(When::Moment(day.to_datetime(time)))
}

fn of_task(task: DueTask, why: Why) -> Entry {
    Entry {
        record: task.task,
        customer: task.customer,
        kind: task.kind,
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_come_in_the_order_of_the_agenda() {
        let told = |name: &&str| SECTIONS.contains(name);
        let agenda: Vec<&str> = today::SECTIONS.into_iter().filter(told).collect();
        assert_eq!(SECTIONS[1..], agenda);
    }
}
