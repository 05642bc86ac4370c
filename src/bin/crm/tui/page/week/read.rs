//! What is planned and what took place in a week, read on one snapshot.

use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::Result;
use crm::ops::window::Row;
use crm::store::ReadTx;
use jiff::ToSpan;
use jiff::civil::{Date, Time};

use crate::tui::query::work::Beginning;

/// The days of a week.
pub(crate) const DAYS: usize = 7;
/// The most records of a sort that are read.
const MOST: usize = 200;

/// A week.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Week {
    pub(crate) first: Date,
    /// What stands on each day, in the order of the day.
    pub(crate) days: Vec<Vec<Item>>,
}

/// Something on a day.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) record: Link,
    pub(crate) kind: String,
    pub(crate) customer: Option<Link>,
    /// Without one it is for the whole day.
    pub(crate) time: Option<Time>,
    pub(crate) state: State,
}

/// What it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// A task that should have been done before.
    Late,
    /// A task that is to be done.
    Open,
    /// A task that is done.
    Done,
    /// A meeting that was held or is noted down.
    Held,
}

/// Reads the week that begins with `first`.
///
/// # Errors
///
/// Whatever the base fails with.
pub(crate) fn read(tx: &ReadTx<'_>, first: Date) -> Result<Week> {
    let today = tx.caller().clock.today();
    let last = first.saturating_add(6.days());
    let mut week = Week {
        first,
        days: vec![Vec::new(); DAYS],
    };
    // What is late stands on today, where it is to be done.
    let from = if (first..=last).contains(&today) {
        String::new()
    } else {
        first.to_string()
    };
    let due = format!("due:{from}..{last}");
    let found = Beginning {
        noun: Noun::Task,
        filters: &["is:open", &due, "assignee:@me"],
        columns: &["id", "title", "type", "customer", "due"],
        sort: "due",
        most: MOST,
    };
    for row in found.read(tx)? {
        let Some((item, day)) = item(&row, Noun::Task, State::Open, tx) else {
            continue;
        };
        let is_late = day < today;
        let state = if is_late { State::Late } else { State::Open };
        let day = if is_late && from.is_empty() { today } else { day };
        week.put(day, Item { state, ..item });
    }
    let done = format!("completed_at:{first}..{last}");
    let found = Beginning {
        noun: Noun::Task,
        filters: &["status:done", &done, "assignee:@me"],
        columns: &["id", "title", "type", "customer", "completed_at"],
        sort: "completed_at",
        most: MOST,
    };
    for row in found.read(tx)? {
        if let Some((item, day)) = item(&row, Noun::Task, State::Done, tx) {
            week.put(day, item);
        }
    }
    let held = format!("at:{first}..{last}");
    let found = Beginning {
        noun: Noun::Activity,
        filters: &["type:meeting,visit,demo", &held, "owner:@me"],
        columns: &["id", "text", "type", "customer", "at"],
        sort: "at",
        most: MOST,
    };
    for row in found.read(tx)? {
        if let Some((item, day)) = item(&row, Noun::Activity, State::Held, tx) {
            week.put(day, item);
        }
    }
    for day in &mut week.days {
        // What is late comes first, then what has a time; what is done comes last.
        day.sort_by_key(|item| {
            let rank = match item.state {
                State::Late => 0,
                State::Open | State::Held => 1,
                State::Done => 2,
            };
            (rank, item.time.is_none(), item.time)
        });
    }
    Ok(week)
}

impl Week {
    fn put(&mut self, day: Date, item: Item) {
        let after = self.first.until(day).map_or(-1, |span| span.get_days());
        let place = usize::try_from(after).ok().and_then(|at| self.days.get_mut(at));
        if let Some(place) = place {
            place.push(item);
        }
    }
}

/// A row of the columns id, title, type, customer and time, with its day.
fn item(row: &Row, noun: Noun, state: State, tx: &ReadTx<'_>) -> Option<(Item, Date)> {
    let [Value::Ref(reference), title, kind, customer, at] = row.values.as_slice() else {
        return None;
    };
    let text = |value: &Value| match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    };
    let (day, time) = match at {
        Value::Date(day) => (*day, None),
        Value::DateTime(moment) => (moment.date(), Some(moment.time())),
        Value::Instant(at) => {
            let local = at.to_zoned(tx.caller().clock.zone().clone());
            (local.date(), Some(local.time()))
        }
        _ => return None,
    };
    let item = Item {
        record: Link {
            noun,
            id: row.id,
            no: reference.no,
            name: text(title),
        },
        kind: text(kind),
        customer: match customer {
            Value::Link(link) => Some(link.clone()),
            Value::List(links) => links.iter().find_map(|value| match value {
                Value::Link(link) => Some(link.clone()),
                _ => None,
            }),
            _ => None,
        },
        time,
        state,
    };
    Some((item, day))
}
