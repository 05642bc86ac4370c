//! What the agenda and the preview beside it are made of, read on one snapshot.

use crm::domain::id::Id;
use crm::domain::money::Money;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::domain::when::When;
use crm::error::{Kind, Result};
use crm::ops::today::{Request, Section, Whose, agenda};
use crm::ops::window::{self, Row};
use crm::ops::{list, task};
use crm::report::brief::{self, Brief};
use crm::report::{self, Cell, Report};
use crm::store::{ReadTx, around, links, log, records};

use crate::tui::query::work::Beginning;

/// How many of the tasks done today are shown.
const DONE: usize = 20;

/// The agenda of the acting user, and what was achieved today.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Agenda {
    pub(crate) sections: Vec<Section>,
    /// Tasks done today, the latest first.
    pub(crate) done: Vec<Finished>,
    /// How many they are.
    pub(crate) done_count: u64,
    /// The first task after those of the agenda, if nothing is due.
    pub(crate) next: Option<Ahead>,
}

/// A task that is done.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finished {
    pub(crate) task: Link,
    pub(crate) kind: String,
    pub(crate) customer: Option<Link>,
    /// When it was done.
    pub(crate) at: Value,
}

/// A task that is due later.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ahead {
    pub(crate) title: String,
    pub(crate) customer: Option<Link>,
    pub(crate) due: When,
}

/// Reads the agenda with at most `limit` entries a section.
///
/// # Errors
///
/// Whatever the base fails with.
pub(crate) fn read(tx: &ReadTx<'_>, limit: i64) -> Result<Agenda> {
    let sections = agenda(
        tx,
        &Request {
            whose: Whose::User(tx.caller().actor.id),
            filters: Vec::new(),
            limit,
        },
    )?;
    let done_filters = ["status:done", "completed_at:today", "assignee:@me"];
    let done = Beginning {
        noun: Noun::Task,
        filters: &done_filters,
        columns: &["id", "title", "type", "customer", "completed_at"],
        sort: "-completed_at",
        most: DONE,
    };
    let done = done.read(tx)?;
    let done_count = window::total(tx, Noun::Task, &done_filters.map(str::to_owned))?;
    let is_empty = sections.iter().all(|section| section.count.is_none());
    Ok(Agenda {
        sections,
        done: done.iter().filter_map(finished).collect(),
        done_count,
        next: if is_empty { ahead(tx)? } else { None },
    })
}

/// A row of the columns id, title, type, customer and another.
fn finished(row: &Row) -> Option<Finished> {
    let [Value::Ref(reference), title, kind, customer, at] = row.values.as_slice() else {
        return None;
    };
    Some(Finished {
        task: Link {
            noun: Noun::Task,
            id: row.id,
            no: reference.no,
            name: text(title),
        },
        kind: text(kind),
        customer: linked(customer),
        at: at.clone(),
    })
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

fn linked(value: &Value) -> Option<Link> {
    match value {
        Value::Link(link) => Some(link.clone()),
        _ => None,
    }
}

fn ahead(tx: &ReadTx<'_>) -> Result<Option<Ahead>> {
    let first = Beginning {
        noun: Noun::Task,
        filters: &["status:open", "has:due", "assignee:@me"],
        columns: &["id", "title", "type", "customer", "due"],
        sort: "due",
        most: 1,
    };
    let found = first.read(tx)?;
    Ok(found.first().and_then(finished).and_then(|task| {
        Some(Ahead {
            title: task.task.name,
            customer: task.customer,
            due: when(&task.at)?,
        })
    }))
}

/// A due value as a day or moment.
pub(crate) fn when(value: &Value) -> Option<When> {
    match value {
        Value::Date(day) => Some(When::Day(*day)),
        Value::DateTime(moment) => Some(When::Moment(*moment)),
        _ => None,
    }
}

/// The figures under the agenda.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figures {
    /// What the open deals come to, and weighted by their probability.
    pub(crate) open: Option<Money>,
    pub(crate) weighted: Option<Money>,
    /// What was won this month, and in how many deals.
    pub(crate) won: Option<Money>,
    pub(crate) won_count: i64,
}

/// Reads the figures, as the reports define them.
///
/// # Errors
///
/// Whatever the base fails with.
pub(crate) fn figures(tx: &ReadTx<'_>) -> Result<Figures> {
    let pipeline = report::run(tx, report::pipeline::NAME, &report::Request::default())?;
    let month = report::period::read(tx.caller(), "this-month")?;
    let won = report::run(
        tx,
        report::won::NAME,
        &report::Request {
            period: Some(month),
            ..report::Request::default()
        },
    )?;
    Ok(Figures {
        open: money(&pipeline, "amount"),
        weighted: money(&pipeline, "weighted"),
        won: money(&won, "amount"),
        won_count: match total(&won, "won") {
            Some(Cell::Count(count)) => *count,
            _ => 0,
        },
    })
}

fn total<'r>(report: &'r Report, column: &str) -> Option<&'r Cell> {
    let place = report.columns.iter().position(|known| known.name == column)?;
    report.totals.get(place)
}

fn money(report: &Report, column: &str) -> Option<Money> {
    match total(report, column) {
        Some(Cell::Money(money)) => Some(*money),
        _ => None,
    }
}

/// What there is to know about an entry before something is done about it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Preview {
    pub(crate) record: Link,
    /// All about the customer; none for a task that is about none.
    pub(crate) brief: Option<Brief>,
    /// When a task is due.
    pub(crate) due: Option<When>,
    /// What is written down about a task.
    pub(crate) note: String,
}

/// Reads what there is to know about an entry.
///
/// # Errors
///
/// Whatever the base fails with.
pub(crate) fn preview(tx: &ReadTx<'_>, record: &Link) -> Result<Preview> {
    let brief = match brief::of(tx, record.noun, record.id) {
        Ok(brief) => Some(brief),
        Err(error) if error.kind() == Kind::Invalid => None,
        Err(error) => return Err(error),
    };
    let (due, note) = match record.noun {
        Noun::Task => (task::due(tx, record.id)?, note(tx, record.id)?),
        _ => (None, String::new()),
    };
    Ok(Preview {
        record: record.clone(),
        brief,
        due,
        note,
    })
}

fn note(tx: &ReadTx<'_>, task: Id) -> Result<String> {
    let column = list::column(tx, Noun::Task, "note")?;
    let row = records::get(tx, Noun::Task, task, &[column])?;
    let value = row.and_then(|row| row.into_iter().next());
    Ok(value.as_ref().map(text).unwrap_or_default())
}

/// A task with what has to be known before it is done or put off.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) task: Link,
    pub(crate) kind: String,
    pub(crate) customer: Option<Link>,
    pub(crate) due: Option<When>,
}

/// Reads a task, or the next open task about a customer or a deal; none if there is none.
///
/// # Errors
///
/// Whatever the base fails with.
pub(crate) fn step(tx: &ReadTx<'_>, of: &Link) -> Result<Option<Step>> {
    let id = match of.noun {
        Noun::Task => Some(of.id),
        noun => around::open_tasks(tx, noun, of.id)?.into_iter().next(),
    };
    let Some(id) = id else { return Ok(None) };
    let columns = [
        list::column(tx, Noun::Task, "type")?,
        list::column(tx, Noun::Task, "customer")?,
        list::column(tx, Noun::Task, "due")?,
    ];
    let row = records::get(tx, Noun::Task, id, &columns)?;
    let (Some(row), Some(task)) = (row, links::link(tx, Noun::Task, id)?) else {
        return Ok(None);
    };
    let [kind, customer, due] = row.as_slice() else {
        return Ok(None);
    };
    Ok(Some(Step {
        task,
        kind: text(kind),
        customer: linked(customer),
        due: when(due),
    }))
}

/// Whether it is a base of samples in which nobody has changed anything yet.
///
/// # Errors
///
/// Whatever the base fails with.
pub(crate) fn freshness(tx: &ReadTx<'_>) -> Result<Freshness> {
    if log::latest_standing(tx)?.is_some() {
        return Ok(Freshness::Used);
    }
    Ok(match tx.setting("demo")?.as_deref() {
        Some("yes") => Freshness::Samples,
        _ => Freshness::Empty,
    })
}

/// Whether somebody has worked with a base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Nobody has; there is nothing in it.
    Empty,
    /// Nobody has; there are samples in it.
    Samples,
    Used,
}
