//! The rows behind the agenda: open tasks by due date, orders and deals that want attention, customers gone quiet.

use rusqlite::Row;
use rusqlite::types::Value as Sql;

use crate::domain::count::Count;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Link;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::listing::tally;
use crate::store::tx::ReadTx;

/// Whose work is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// One user's.
    User(Id),
    /// Everybody's.
    Everyone,
}

impl Whose {
    /// What tells the cursors of one from those of another.
    pub fn key(self) -> String {
        match self {
            Whose::User(id) => id.uid(),
            Whose::Everyone => "*".to_owned(),
        }
    }
}

/// Which records of a noun a part of the agenda is about.
#[derive(Debug, Clone, Copy)]
pub struct Choice<'c> {
    /// Whose work it is.
    pub whose: Whose,
    /// What the records have to meet besides.
    pub condition: &'c Condition,
    /// At most so many rows; all are counted.
    pub limit: i64,
}

/// An open task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueTask {
    /// The task.
    pub task: Link,
    /// Its sort.
    pub kind: String,
    /// Its priority.
    pub priority: String,
    /// The customer it is about.
    pub customer: Option<Link>,
    /// The day.
    pub due_on: String,
    /// `HH:MM`, or empty for the whole day.
    pub due_time: String,
    /// The instant at which it becomes overdue, in milliseconds since 1970; none without a day.
    pub due_at: Option<i64>,
}

/// The columns that [`due_task`] reads, of the task `t` and its customer `c`.
pub(crate) const TASK_COLUMNS: &str = "t.id, t.no, t.title, t.type, t.priority, coalesce(t.due_on, ''), t.due_time, t.due_at, c.id, c.no, c.name";

/// How many they are.
pub(crate) const TASK_COLUMN_COUNT: usize = 11;

/// Reads [`TASK_COLUMNS`].
pub(crate) fn due_task(row: &Row<'_>) -> rusqlite::Result<DueTask> {
    Ok(DueTask {
        task: Link {
            noun: Noun::Task,
            id: Id::from_raw(row.get(0)?),
            no: row.get(1)?,
            name: row.get(2)?,
        },
        kind: row.get(3)?,
        priority: row.get(4)?,
        due_on: row.get(5)?,
        due_time: row.get(6)?,
        due_at: row.get(7)?,
        customer: customer(row, 8)?,
    })
}

/// What the tasks `t` of a choice have to meet, to follow other conditions.
pub(crate) fn chosen_tasks(tx: &ReadTx<'_>, choice: Choice<'_>, bound: &mut Vec<Sql>) -> Result<String> {
    let mine = owner("t.assignee_id", choice.whose, bound);
    let chosen = filter::narrowed(tx, Noun::Task, choice.condition, "t", bound)?;
    Ok(format!("{mine}{chosen}"))
}

/// A part of the agenda: how many there are in all, and the first of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<T> {
    /// All there are.
    pub count: Count,
    /// The first ones, in order.
    pub rows: Vec<T>,
}

impl<T> Part<T> {
    /// Nothing.
    pub fn none() -> Part<T> {
        Part {
            count: Count::default(),
            rows: Vec::new(),
        }
    }

    /// Both parts as one.
    pub fn followed_by(mut self, next: Part<T>) -> Part<T> {
        self.rows.extend(next.rows);
        Part {
            count: self.count + next.count,
            rows: self.rows,
        }
    }
}

/// The stretch of due instants that a part of the agenda covers, in milliseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// Due at or after; none for no bound.
    pub from: Option<i64>,
    /// Due before.
    pub to: i64,
}

/// Open tasks that are due within `stretch`, the earliest first; with `timed_first`, those with a time of day first.
pub fn tasks(
    tx: &ReadTx<'_>,
    choice: Choice<'_>,
    stretch: Stretch,
    timed_first: bool,
) -> Result<Part<DueTask>> {
    let from = stretch.from.unwrap_or(i64::MIN);
    let mut bound = vec![Sql::Integer(from), Sql::Integer(stretch.to)];
    let chosen = chosen_tasks(tx, choice, &mut bound)?;
    let condition =
        format!("t.deleted_at IS NULL AND t.status = 'open' AND t.due_at > ?1 AND t.due_at <= ?2{chosen}");
    let count = tally(tx, "task AS t", &condition, &bound)?;
    let order = if timed_first {
        "t.due_time = '', t.due_at, t.id"
    } else {
        "t.due_at, t.id"
    };
    let sql = format!(
        "SELECT {TASK_COLUMNS} FROM task AS t LEFT JOIN customer AS c ON c.id = t.customer_id
         WHERE {condition} ORDER BY {order} LIMIT {}",
        choice.limit
    );
    let rows = tx.all(&sql, rusqlite::params_from_iter(bound), due_task)?;
    Ok(Part { count, rows })
}

/// A deal that wants attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeglectedDeal {
    /// The deal.
    pub deal: Link,
    /// Its customer.
    pub customer: Option<Link>,
    /// The stage it is in.
    pub stage: String,
    /// The day from which it rots; none if it does not.
    pub rotting_on: Option<String>,
    /// The last news of it.
    pub last_activity_on: Option<String>,
    /// The day it came into its stage.
    pub stage_entered_on: String,
}

/// Open deals that rot today with no task ahead, the longest rotting first.
pub fn rotting(tx: &ReadTx<'_>, choice: Choice<'_>, today: &str, now_ms: i64) -> Result<Part<NeglectedDeal>> {
    let bound = vec![Sql::Text(today.to_owned()), Sql::Integer(now_ms)];
    let condition = "d.rotting_on <= ?1 AND coalesce(d.next_task_at, 0) <= ?2";
    deals(tx, choice, condition, "d.rotting_on, d.id", bound)
}

/// Open deals that have no open task but do not rot yet, the oldest first.
pub fn nextless(tx: &ReadTx<'_>, choice: Choice<'_>, today: &str) -> Result<Part<NeglectedDeal>> {
    let bound = vec![Sql::Text(today.to_owned())];
    let condition = "d.open_tasks = 0 AND coalesce(d.rotting_on, '9999') > ?1";
    deals(tx, choice, condition, "d.id", bound)
}

fn deals(
    tx: &ReadTx<'_>,
    choice: Choice<'_>,
    condition: &str,
    order: &str,
    mut bound: Vec<Sql>,
) -> Result<Part<NeglectedDeal>> {
    let mine = owner("+d.owner_id", choice.whose, &mut bound);
    let chosen = filter::narrowed(tx, Noun::Deal, choice.condition, "d", &mut bound)?;
    let condition = format!("d.deleted_at IS NULL AND d.status = 'open' AND {condition}{mine}{chosen}");
    let count = tally(tx, "deal AS d", &condition, &bound)?;
    let sql = format!(
        "SELECT d.id, d.no, d.name, s.key, CASE WHEN d.rotting_on <= ?1 THEN d.rotting_on END, d.last_activity_on,
                d.stage_entered_on, c.id, c.no, c.name
         FROM deal AS d JOIN stage AS s ON s.id = d.stage_id LEFT JOIN customer AS c ON c.id = d.customer_id
         WHERE {condition} ORDER BY {order} LIMIT {}",
        choice.limit
    );
    let rows = tx.all(&sql, rusqlite::params_from_iter(bound), |row| {
        Ok(NeglectedDeal {
            deal: Link {
                noun: Noun::Deal,
                id: Id::from_raw(row.get(0)?),
                no: row.get(1)?,
                name: row.get(2)?,
            },
            stage: row.get(3)?,
            rotting_on: row.get(4)?,
            last_activity_on: row.get(5)?,
            stage_entered_on: row.get(6)?,
            customer: customer(row, 7)?,
        })
    })?;
    Ok(Part { count, rows })
}

/// A ticket whose clock runs out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueTicket {
    /// The ticket.
    pub ticket: Link,
    /// Who wants it.
    pub customer: Option<Link>,
    /// When the clock that runs out next is due, in milliseconds since 1970.
    pub due_at: i64,
    /// Whether it is an answer that is due, and not the solution.
    pub is_answer: bool,
}

/// Tickets with a clock that has run out, or does before an instant in milliseconds since 1970, the earliest first.
pub fn tickets(tx: &ReadTx<'_>, choice: Choice<'_>, before: i64) -> Result<Part<DueTicket>> {
    let mut bound = Vec::new();
    let mine = owner("+t.owner_id", choice.whose, &mut bound);
    let chosen = filter::narrowed(tx, Noun::Ticket, choice.condition, "t", &mut bound)?;
    let condition =
        format!("t.deleted_at IS NULL AND t.due_at IS NOT NULL AND t.due_at < {before}{mine}{chosen}");
    let count = tally(tx, "ticket AS t", &condition, &bound)?;
    let sql = format!(
        "SELECT t.id, t.no, t.name, t.due_at,
                t.due_at = t.next_response_due_at OR t.first_responded_at IS NULL AND t.due_at = t.first_response_due_at,
                c.id, c.no, c.name
         FROM ticket AS t LEFT JOIN customer AS c ON c.id = t.customer_id
         WHERE {condition} ORDER BY t.due_at, t.id LIMIT {}",
        choice.limit
    );
    let rows = tx.all(&sql, rusqlite::params_from_iter(bound), |row| {
        Ok(DueTicket {
            ticket: Link {
                noun: Noun::Ticket,
                id: Id::from_raw(row.get(0)?),
                no: row.get(1)?,
                name: row.get(2)?,
            },
            due_at: row.get(3)?,
            is_answer: row.get::<_, Option<bool>>(4)?.unwrap_or(false),
            customer: customer(row, 5)?,
        })
    })?;
    Ok(Part { count, rows })
}

/// An order that is to be paid or delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueOrder {
    /// The order.
    pub order: Link,
    /// Who buys.
    pub customer: Option<Link>,
    /// The day on which the first unpaid part is due; none if nothing is.
    pub overdue_on: Option<String>,
    /// The day from which one is reminded of it.
    pub remind_on: Option<String>,
    /// The day by which it is to be delivered; none if it was, or nobody promised.
    pub awaited_on: Option<String>,
}

/// By which of its days an order is on the agenda.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderDay {
    /// That of the first unpaid part.
    Overdue,
    /// That from which one is reminded of it.
    Remind,
    /// That of the delivery.
    Awaited,
}

/// Orders with such a day, the earliest first. The condition says what the day has to be.
pub fn orders(tx: &ReadTx<'_>, choice: Choice<'_>, by: OrderDay) -> Result<Part<DueOrder>> {
    let column = match by {
        OrderDay::Overdue => "o.overdue_on",
        OrderDay::Remind => "o.remind_on",
        OrderDay::Awaited => "o.awaited_on",
    };
    let mut bound = Vec::new();
    let mine = owner("+o.owner_id", choice.whose, &mut bound);
    let chosen = filter::narrowed(tx, Noun::Order, choice.condition, "o", &mut bound)?;
    let condition = format!("o.deleted_at IS NULL AND {column} IS NOT NULL{mine}{chosen}");
    let count = tally(tx, "sales_order AS o", &condition, &bound)?;
    let sql = format!(
        "SELECT o.id, o.no, o.name, o.overdue_on, o.remind_on, o.awaited_on, c.id, c.no, c.name
         FROM sales_order AS o LEFT JOIN customer AS c ON c.id = o.customer_id
         WHERE {condition} ORDER BY {column}, o.id LIMIT {}",
        choice.limit
    );
    let rows = tx.all(&sql, rusqlite::params_from_iter(bound), |row| {
        Ok(DueOrder {
            order: Link {
                noun: Noun::Order,
                id: Id::from_raw(row.get(0)?),
                no: row.get(1)?,
                name: row.get(2)?,
            },
            overdue_on: row.get(3)?,
            remind_on: row.get(4)?,
            awaited_on: row.get(5)?,
            customer: customer(row, 6)?,
        })
    })?;
    Ok(Part { count, rows })
}

/// A quote that a customer has, and that has an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueQuote {
    /// The quote.
    pub quote: Link,
    /// To whom it is made.
    pub customer: Option<Link>,
    /// The last day on which it can be accepted.
    pub valid_until: String,
}

/// Quotes that were sent and have an end, the earliest first. The condition says when that has to be.
pub fn quotes(tx: &ReadTx<'_>, choice: Choice<'_>) -> Result<Part<DueQuote>> {
    let mut bound = Vec::new();
    let mine = owner("+q.owner_id", choice.whose, &mut bound);
    let chosen = filter::narrowed(tx, Noun::Quote, choice.condition, "q", &mut bound)?;
    let condition =
        format!("q.deleted_at IS NULL AND q.status = 'sent' AND q.valid_until IS NOT NULL{mine}{chosen}");
    let count = tally(tx, "quote AS q", &condition, &bound)?;
    let sql = format!(
        "SELECT q.id, q.no, q.name, q.valid_until, c.id, c.no, c.name
         FROM quote AS q LEFT JOIN customer AS c ON c.id = q.customer_id
         WHERE {condition} ORDER BY q.valid_until, q.id LIMIT {}",
        choice.limit
    );
    let rows = tx.all(&sql, rusqlite::params_from_iter(bound), |row| {
        Ok(DueQuote {
            quote: Link {
                noun: Noun::Quote,
                id: Id::from_raw(row.get(0)?),
                no: row.get(1)?,
                name: row.get(2)?,
            },
            valid_until: row.get(3)?,
            customer: customer(row, 4)?,
        })
    })?;
    Ok(Part { count, rows })
}

/// Feedback about which something has to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingFeedback {
    /// The feedback.
    pub feedback: Link,
    /// Who says it.
    pub customer: Option<Link>,
    /// The sort.
    pub kind: String,
    /// The day on which it came.
    pub waiting_on: String,
}

/// Feedback about which something has to be done, the longest waiting first; what nobody looks after is everybody's. The
/// condition says that it waits.
pub fn feedback(tx: &ReadTx<'_>, choice: Choice<'_>) -> Result<Part<WaitingFeedback>> {
    let mut bound = Vec::new();
    let mine = match choice.whose {
        Whose::Everyone => String::new(),
        Whose::User(id) => {
            bound.push(Sql::Integer(id.raw()));
            " AND (+f.owner_id = ?1 OR f.owner_id IS NULL)".to_owned()
        }
    };
    let chosen = filter::narrowed(tx, Noun::Feedback, choice.condition, "f", &mut bound)?;
    let condition = format!("f.deleted_at IS NULL AND f.waiting_on IS NOT NULL{mine}{chosen}");
    let count = tally(tx, "feedback AS f", &condition, &bound)?;
    let sql = format!(
        "SELECT f.id, f.no, f.name, f.type, f.waiting_on, c.id, c.no, c.name
         FROM feedback AS f LEFT JOIN customer AS c ON c.id = f.customer_id
         WHERE {condition} ORDER BY f.waiting_on, f.id LIMIT {}",
        choice.limit
    );
    let rows = tx.all(&sql, rusqlite::params_from_iter(bound), |row| {
        Ok(WaitingFeedback {
            feedback: Link {
                noun: Noun::Feedback,
                id: Id::from_raw(row.get(0)?),
                no: row.get(1)?,
                name: row.get(2)?,
            },
            kind: row.get(3)?,
            waiting_on: row.get(4)?,
            customer: customer(row, 5)?,
        })
    })?;
    Ok(Part { count, rows })
}

/// A customer who has not been heard of for longer than usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuietCustomer {
    /// The customer.
    pub customer: Link,
    /// The last contact; none if there was none yet.
    pub last_activity_on: Option<String>,
    /// The day on which the customer was added, by UTC.
    pub created_on: String,
    /// The day from which the silence is unusual.
    pub quiet_on: String,
}

/// Customers gone quiet, the longest first.
pub fn quiet(tx: &ReadTx<'_>, choice: Choice<'_>, today: &str) -> Result<Part<QuietCustomer>> {
    let mut bound = vec![Sql::Text(today.to_owned())];
    let mine = owner("+c.owner_id", choice.whose, &mut bound);
    let chosen = filter::narrowed(tx, Noun::Customer, choice.condition, "c", &mut bound)?;
    let condition = format!("c.deleted_at IS NULL AND c.quiet_on <= ?1{mine}{chosen}");
    let count = tally(tx, "customer AS c", &condition, &bound)?;
    let sql = format!(
        "SELECT c.id, c.no, c.name, c.last_activity_on, date(c.created_at / 1000, 'unixepoch'), c.quiet_on
         FROM customer AS c
         WHERE {condition} ORDER BY c.quiet_on, c.id LIMIT {}",
        choice.limit
    );
    let rows = tx.all(&sql, rusqlite::params_from_iter(bound), |row| {
        Ok(QuietCustomer {
            customer: Link {
                noun: Noun::Customer,
                id: Id::from_raw(row.get(0)?),
                no: row.get(1)?,
                name: row.get(2)?,
            },
            last_activity_on: row.get(3)?,
            created_on: row.get(4)?,
            quiet_on: row.get(5)?,
        })
    })?;
    Ok(Part { count, rows })
}

/// The plus before an owner keeps to the indexes in the order of the agenda, in which the owner stands beside the day;
/// all that an owner has would have to be sorted.
fn owner(column: &str, whose: Whose, bound: &mut Vec<Sql>) -> String {
    match whose {
        Whose::Everyone => String::new(),
        Whose::User(id) => {
            bound.push(Sql::Integer(id.raw()));
            format!(" AND {column} = ?{}", bound.len())
        }
    }
}

fn customer(row: &Row<'_>, at: usize) -> rusqlite::Result<Option<Link>> {
    let Some(id) = row.get::<_, Option<i64>>(at)? else {
        return Ok(None);
    };
    Ok(Some(Link {
        noun: Noun::Customer,
        id: Id::from_raw(id),
        no: row.get(at + 1)?,
        name: row.get(at + 2)?,
    }))
}
