//! The agenda: whom to contact today, and why.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::domain::clock::Clock;
use crate::domain::count::Count;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::instant;
use crate::error::{Error, Kind, Result};
use crate::ops::{list, pool};
use crate::query::plan::Condition;
use crate::store::agenda::{
    self, Choice, DueOrder, DueQuote, DueTask, DueTicket, NeglectedDeal, OrderDay, Part, QuietCustomer,
    Stretch, WaitingFeedback,
};
use crate::store::cursors::{self, Turnover};
use crate::store::{ReadTx, WriteTx, customers, links, records};

pub use crate::domain::agenda::{Entry, SECTIONS, Section, Why};
pub use crate::ops::why::{Grounds, why};
pub use crate::store::agenda::Whose;

/// What an agenda is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whose work.
    pub whose: Whose,
    /// Filters, each as it was written. A section that knows the fields of all of them keeps to them; one that does not
    /// is empty.
    pub filters: Vec<String>,
    /// At most so many entries a section.
    pub limit: i64,
}

impl Request {
    fn choice<'c>(&self, condition: &'c Condition, limit: i64) -> Choice<'c> {
        Choice {
            whose: self.whose,
            condition,
            limit,
        }
    }
}

/// The sections, in the order in which they are read; empty ones too.
///
/// # Errors
///
/// `Usage` for a filter that makes sense for no section.
pub fn agenda(tx: &ReadTx<'_>, request: &Request) -> Result<Vec<Section>> {
    let mut sections = usual(tx, request)?;
    let leaving = leaving(tx, request)?;
    if !leaving.is_empty() {
        let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
        sections.push(Section {
            name: "pool",
            count: Count {
                counted: leaving.len() as u64,
                is_more: false,
            },
            entries: leaving.into_iter().take(limit).map(|(entry, _)| entry).collect(),
        });
    }
    sections.sort_by_key(|section| SECTIONS.iter().position(|name| *name == section.name));
    Ok(sections)
}

/// The customers whom a public pool takes back soon, with the day; the first to go come first.
pub(super) fn leaving(tx: &ReadTx<'_>, request: &Request) -> Result<Vec<(Entry, Date)>> {
    let owner = match request.whose {
        Whose::User(user) => Some(user),
        Whose::Everyone => None,
    };
    let warnings = pool::warnings(tx, None, owner)?;
    if warnings.is_empty() {
        return Ok(Vec::new());
    }
    let asked: Option<BTreeSet<Id>> = match request.filters.is_empty() {
        true => None,
        false => match list::condition(tx, Noun::Customer, &request.filters) {
            Ok(condition) => Some(
                records::ids(tx, Noun::Customer, &condition)?
                    .into_iter()
                    .collect(),
            ),
            Err(error) if error.kind() == Kind::Usage => Some(BTreeSet::new()),
            Err(error) => return Err(error),
        },
    };
    let mut found = Vec::new();
    for warning in warnings {
        let is_asked = asked
            .as_ref()
            .is_none_or(|asked| asked.contains(&warning.customer));
        if let Some(customer) = links::link(tx, Noun::Customer, warning.customer)?.filter(|_| is_asked) {
            let entry = Entry {
                record: customer.clone(),
                customer: Some(customer),
                kind: warning.pool,
                why: Why::Leaving(warning.days),
            };
            found.push((entry, warning.on));
        }
    }
    Ok(found)
}

/// The sections that hang on no public pool, in no order.
fn usual(tx: &ReadTx<'_>, request: &Request) -> Result<Vec<Section>> {
    let clock = &tx.caller().clock;
    let today = clock.today();
    let now = clock.now_ms();
    let midnight = |day: Date| instant::instant_of(day.at(0, 0, 0, 0), clock.zone()).as_millisecond();
    let later = |days: i64| {
        today
            .checked_add(days.days())
            .map_err(|_| Error::internal("the clock stands at the end of time"))
    };
    let (tomorrow, next_week) = (midnight(later(1)?), midnight(later(8)?));
    let [
        of_tasks,
        of_tickets,
        of_feedback,
        of_orders,
        of_quotes,
        of_deals,
        of_customers,
    ] = conditions(tx, &request.filters)?;
    // What is due "today" without a time becomes overdue at midnight; what is due now or before is overdue.
    let due = |from: Option<i64>, to: i64, timed_first: bool| match &of_tasks {
        Some(condition) => agenda::tasks(
            tx,
            request.choice(condition, request.limit),
            Stretch { from, to },
            timed_first,
        ),
        None => Ok(Part::none()),
    };
    let day = today.to_string();
    let tickets = match &of_tickets {
        Some(condition) => agenda::tickets(tx, request.choice(condition, request.limit), tomorrow)?,
        None => Part::none(),
    };
    let waiting = match of_feedback {
        Some(_) => feedback(tx, request)?,
        None => Part::none(),
    };
    let orders = match of_orders {
        Some(_) => orders(tx, request)?,
        None => Part::none(),
    };
    let quotes = match of_quotes {
        Some(_) => quotes(tx, request)?,
        None => Part::none(),
    };
    let deals = match &of_deals {
        Some(condition) => deals(tx, request, condition)?,
        None => Part::none(),
    };
    let quiet = match &of_customers {
        Some(condition) => agenda::quiet(tx, request.choice(condition, request.limit), &day)?,
        None => Part::none(),
    };
    let tickets = section("tickets", tickets, |ticket| clock_of(ticket, now))?;
    let mut sections = vec![
        tasks("overdue", due(None, now, false)?, clock)?,
        tasks("today", due(Some(now), tomorrow, true)?, clock)?,
        tasks("week", due(Some(tomorrow), next_week, false)?, clock)?,
        section("orders", orders, |order| lacking(order, today))?,
        section("quotes", quotes, |quote| running_out(quote, today))?,
        section("deals", deals, |deal| neglected(deal, today))?,
        section("quiet", quiet, |customer| silent(customer, today))?,
    ];
    // Who has no tickets reads nothing of them.
    if !tickets.count.is_none() {
        sections.push(tickets);
    }
    if !waiting.count.is_none() {
        sections.push(section("feedback", waiting, |told| unheard(told, today))?);
    }
    Ok(sections)
}

/// The deals without news, then those without a next step.
fn deals(tx: &ReadTx<'_>, request: &Request, condition: &Condition) -> Result<Part<NeglectedDeal>> {
    let clock = &tx.caller().clock;
    let day = clock.today().to_string();
    let rotting = agenda::rotting(tx, request.choice(condition, request.limit), &day, clock.now_ms())?;
    let shown = i64::try_from(rotting.rows.len()).unwrap_or(i64::MAX);
    let left = request.choice(condition, request.limit.saturating_sub(shown));
    Ok(rotting.followed_by(agenda::nextless(tx, left, &day)?))
}

/// The filters as conditions on tasks, tickets, feedback, orders, quotes, deals and customers; none where a filter makes no sense.
fn conditions(tx: &ReadTx<'_>, filters: &[String]) -> Result<[Option<Condition>; 7]> {
    let mut found = [const { None }; 7];
    let mut mistake = None;
    let nouns = [
        Noun::Task,
        Noun::Ticket,
        Noun::Feedback,
        Noun::Order,
        Noun::Quote,
        Noun::Deal,
        Noun::Customer,
    ];
    for (noun, place) in nouns.into_iter().zip(&mut found) {
        match list::condition(tx, noun, filters) {
            Ok(condition) => *place = Some(condition),
            Err(error) if error.kind() == Kind::Usage => mistake = mistake.or(Some(error)),
            Err(error) => return Err(error),
        }
    }
    match mistake {
        Some(error) if found.iter().all(Option::is_none) => Err(error),
        _ => Ok(found),
    }
}

fn section<T>(name: &'static str, part: Part<T>, entry: impl Fn(T) -> Result<Entry>) -> Result<Section> {
    let entries = part.rows.into_iter().map(entry).collect::<Result<_>>()?;
    Ok(Section {
        name,
        count: part.count,
        entries,
    })
}

fn tasks(name: &'static str, part: Part<DueTask>, clock: &Clock) -> Result<Section> {
    let today = clock.today();
    section(name, part, |task| {
        let day = customers::day(&task.due_on)?;
        let why = match name {
            "overdue" => Why::Overdue(days(day, today)),
            "today" => Why::Today(Some(task.due_time).filter(|time| !time.is_empty())),
            _ => Why::On(day),
        };
        Ok(Entry {
            record: task.task,
            customer: task.customer,
            kind: task.kind,
            why,
        })
    })
}

/// The orders that want attention: what is not paid in time, then what has not arrived in time, then what is to be paid
/// soon. An order that lacks more than one stands under the first.
pub(super) fn orders(tx: &ReadTx<'_>, request: &Request) -> Result<Part<(OrderDay, DueOrder)>> {
    const SORTS: [(OrderDay, &[&str]); 3] = [
        (OrderDay::Overdue, &["is:overdue"]),
        (OrderDay::Awaited, &["is:late", "not is:overdue"]),
        (OrderDay::Remind, &["is:due", "not is:late"]),
    ];
    let mut all = Part::none();
    for (day, words) in SORTS {
        let words = words.iter().map(|word| (*word).to_owned());
        let filters: Vec<String> = words.chain(request.filters.iter().cloned()).collect();
        let condition = list::condition(tx, Noun::Order, &filters)?;
        let shown = i64::try_from(all.rows.len()).unwrap_or(i64::MAX);
        let left = request.choice(&condition, request.limit.saturating_sub(shown));
        let found = agenda::orders(tx, left, day)?;
        all = all.followed_by(Part {
            count: found.count,
            rows: found.rows.into_iter().map(|order| (day, order)).collect(),
        });
    }
    Ok(all)
}

/// What the clock of a ticket waits for, and when it runs out.
pub(super) fn clock_of(ticket: DueTicket, now: i64) -> Result<Entry> {
    let at = Timestamp::from_millisecond(ticket.due_at)
        .map_err(|error| Error::internal("the base holds an instant beyond all time").with_source(error))?;
    Ok(Entry {
        record: ticket.ticket,
        customer: ticket.customer,
        kind: if ticket.is_answer { "answer" } else { "solution" }.to_owned(),
        why: match ticket.due_at <= now {
            true => Why::ClockOut(at),
            false => Why::ClockDue(at),
        },
    })
}

/// The complaints about which nothing was done, then the unhappy answers; the longest waiting of each first.
pub(super) fn feedback(tx: &ReadTx<'_>, request: &Request) -> Result<Part<WaitingFeedback>> {
    let mut all = Part::none();
    for sort in ["is:complaint", "not is:complaint"] {
        let words = ["is:waiting", sort].map(str::to_owned).into_iter();
        let filters: Vec<String> = words.chain(request.filters.iter().cloned()).collect();
        let condition = list::condition(tx, Noun::Feedback, &filters)?;
        let shown = i64::try_from(all.rows.len()).unwrap_or(i64::MAX);
        let left = request.choice(&condition, request.limit.saturating_sub(shown));
        all = all.followed_by(agenda::feedback(tx, left)?);
    }
    Ok(all)
}

/// Since when a customer waits to be heard.
pub(super) fn unheard(told: WaitingFeedback, today: Date) -> Result<Entry> {
    let count = days(customers::day(&told.waiting_on)?, today);
    let why = match told.kind.as_str() {
        "complaint" => Why::Complaint(count),
        _ => Why::Unhappy(count),
    };
    Ok(Entry {
        record: told.feedback,
        customer: told.customer,
        kind: told.kind,
        why,
    })
}

/// What an order lacks, and since when.
pub(super) fn lacking((by, order): (OrderDay, DueOrder), today: Date) -> Result<Entry> {
    let day = match by {
        OrderDay::Awaited => &order.awaited_on,
        OrderDay::Overdue | OrderDay::Remind => &order.overdue_on,
    };
    let day = customers::day(day.as_deref().unwrap_or_default())?;
    let (kind, why) = match by {
        OrderDay::Overdue => ("payment", Why::Unpaid(days(day, today))),
        OrderDay::Awaited => ("delivery", Why::Undelivered(days(day, today))),
        OrderDay::Remind => ("payment", Why::Payable(day)),
    };
    Ok(Entry {
        record: order.order,
        customer: order.customer,
        kind: kind.to_owned(),
        why,
    })
}

/// The quotes that customers have and that are good for a few more days, or for none; what ran out first comes first.
pub(super) fn quotes(tx: &ReadTx<'_>, request: &Request) -> Result<Part<DueQuote>> {
    let words = "status:sent,expired valid_until:..+7d".to_owned();
    let filters: Vec<String> = std::iter::once(words)
        .chain(request.filters.iter().cloned())
        .collect();
    let condition = list::condition(tx, Noun::Quote, &filters)?;
    agenda::quotes(tx, request.choice(&condition, request.limit))
}

/// That a quote runs out, or has run out.
pub(super) fn running_out(quote: DueQuote, today: Date) -> Result<Entry> {
    let until = customers::day(&quote.valid_until)?;
    let why = match until < today {
        true => Why::Expired(days(until, today)),
        false => Why::Expiring(until),
    };
    Ok(Entry {
        record: quote.quote,
        customer: quote.customer,
        kind: "quote".to_owned(),
        why,
    })
}

pub(super) fn neglected(deal: NeglectedDeal, today: Date) -> Result<Entry> {
    let why = match deal.rotting_on {
        Some(_) => {
            let news = deal
                .last_activity_on
                .unwrap_or_default()
                .max(deal.stage_entered_on);
            Why::Rotting(days(customers::day(&news)?, today))
        }
        None => Why::NoNextStep,
    };
    Ok(Entry {
        record: deal.deal,
        customer: deal.customer,
        kind: deal.stage,
        why,
    })
}

pub(super) fn silent(quiet: QuietCustomer, today: Date) -> Result<Entry> {
    let last = customers::day(quiet.last_activity_on.as_ref().unwrap_or(&quiet.created_on))?;
    let usual = days(last, customers::day(&quiet.quiet_on)?);
    let why = match quiet.last_activity_on {
        Some(_) => Why::Quiet(days(last, today), usual),
        None => Why::Never(days(last, today), usual),
    };
    Ok(Entry {
        record: quiet.customer.clone(),
        customer: Some(quiet.customer),
        kind: String::new(),
        why,
    })
}

/// The part of an agenda that is new, and how the cursors have to be moved once it was told.
#[derive(Debug)]
pub struct News {
    /// The sections with the entries that are new, all of them and counted.
    pub sections: Vec<Section>,
    moves: Vec<(String, Turnover)>,
}

/// The part of an agenda that was not in it when the cursor `name` was last moved. A task that has come into another
/// section since is new there.
///
/// # Errors
///
/// As [`agenda()`].
pub fn since_last_run(tx: &ReadTx<'_>, name: &str, request: &Request) -> Result<News> {
    let whole = Request {
        limit: i64::MAX,
        ..request.clone()
    };
    let (mut sections, mut moves) = (Vec::new(), Vec::new());
    for section in agenda(tx, &whole)? {
        let cursor = format!("today/{}/{name}/{}", request.whose.key(), section.name);
        let now = section.entries.iter().map(|entry| entry.record.id).collect();
        let turnover = cursors::turnover(tx, &cursor, &now)?;
        let fresh: BTreeSet<Id> = turnover.entered.iter().copied().collect();
        moves.push((cursor, turnover));
        let entries: Vec<Entry> = section
            .entries
            .into_iter()
            .filter(|entry| fresh.contains(&entry.record.id))
            .collect();
        let count = Count {
            counted: entries.len() as u64,
            is_more: false,
        };
        sections.push(Section {
            count,
            entries,
            ..section
        });
    }
    Ok(News { sections, moves })
}

/// Remembers that the news were told.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn remember(tx: &WriteTx<'_>, news: &News) -> Result<()> {
    news.moves
        .iter()
        .try_for_each(|(cursor, turnover)| cursors::move_members(tx, cursor, turnover))
}

/// Whole days from one day to a later one.
pub(super) fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}
