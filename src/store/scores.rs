//! What scores are made of: the rules, what happened to customers, and the points that were kept.

use std::collections::HashMap;

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::domain::clock::Clock;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::score::Event;
use crate::domain::score::sum::Happened;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::keep::date;
use crate::store::tx::{ReadTx, WriteTx};

/// Points that a customer has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Points {
    /// For what the customer is.
    pub fit: i64,
    /// For what the customer does.
    pub engagement: i64,
}

impl Points {
    /// Both together.
    pub fn total(self) -> i64 {
        self.fit.saturating_add(self.engagement)
    }
}

/// The rules that give points, by name.
pub fn active(tx: &ReadTx<'_>) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM score WHERE active = 1 AND deleted_at IS NULL ORDER BY key",
        [],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The filter of every rule that asks for customers, activities, deals or orders, also of those in the trash.
pub(crate) fn filters(tx: &ReadTx<'_>) -> Result<Vec<(Id, String)>> {
    tx.all(
        "SELECT id, filter FROM score WHERE filter <> '' AND event <> 'form' ORDER BY id",
        [],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
    )
}

/// Gives a rule another filter.
pub(crate) fn set_filter(tx: &WriteTx<'_>, rule: Id, filter: &str) -> Result<()> {
    let columns = vec![("filter", Sql::Text(filter.to_owned()))];
    tx.update("score", rule, columns).map(|_| ())
}

/// Which events are counted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// What happened.
    pub event: Event,
    /// What it has to meet; of no meaning for forms.
    pub condition: &'w Condition,
    /// Which forms count; all where none are named.
    pub forms: &'w [Id],
    /// Only what happened to this customer.
    pub customer: Option<Id>,
    /// Only what happened less than so many days ago; none for ever.
    pub within: Option<i64>,
}

/// What happened to each customer, by day.
pub fn happened(tx: &ReadTx<'_>, wanted: &Wanted<'_>) -> Result<HashMap<Id, Vec<Happened>>> {
    let mut bound = Vec::new();
    let sql = match wanted.event {
        Event::Form => submissions(wanted, &mut bound),
        Event::Activity | Event::Deal | Event::Order => records(tx, wanted, &mut bound)?,
    };
    let clock = &tx.caller().clock;
    let mut found: HashMap<Id, Vec<Happened>> = HashMap::new();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        let age = age(clock, &row.get(1)?)?;
        if wanted.within.is_none_or(|within| age < within) && age >= 0 {
            let customer = Id::from_raw(row.get(0)?);
            let times = row.get(2)?;
            found.entry(customer).or_default().push(Happened { age, times });
        }
        Ok(())
    })?;
    Ok(found)
}

/// How many days ago a day or an instant was, by the calendar of who asks.
fn age(clock: &Clock, at: &Sql) -> Result<i64> {
    let day = match at {
        Sql::Integer(ms) => clock.day_of(jiff::Timestamp::from_millisecond(*ms).unwrap_or_default()),
        Sql::Text(day) => date(day)?,
        _ => clock.today(),
    };
    Ok(day
        .until(clock.today())
        .map_or(0, |span| i64::from(span.get_days())))
}

/// Customer, day and number of the records that count.
fn records(tx: &ReadTx<'_>, wanted: &Wanted<'_>, bound: &mut Vec<Sql>) -> Result<String> {
    let noun = wanted.event.noun().unwrap_or(Noun::Activity);
    let chosen = filter::selection(tx, noun, wanted.condition, bound)?;
    let (customer, day, join, which) = match wanted.event {
        // A day of contact is missing for mere notes and for what is in the trash.
        Event::Activity => (
            "l.customer_id",
            "l.contact_on",
            "JOIN activity_customer AS l ON l.activity_id = r.id",
            "l.contact_on IS NOT NULL",
        ),
        Event::Order => (
            "r.customer_id",
            "r.ordered_on",
            "",
            "r.status NOT IN ('draft', 'cancelled', 'returned')",
        ),
        _ => ("r.customer_id", "r.opened_on", "", "r.status <> 'abandoned'"),
    };
    let mut tests = vec![
        chosen.condition,
        format!("{customer} IS NOT NULL"),
        "r.deleted_at IS NULL".to_owned(),
        which.to_owned(),
    ];
    if let Some(only) = wanted.customer {
        tests.push(format!("{customer} = ?"));
        bound.push(Sql::Integer(only.raw()));
    }
    Ok(format!(
        "SELECT {customer}, {day}, count(*) FROM {} {join} WHERE {} GROUP BY 1, 2",
        chosen.from,
        tests.join(" AND ")
    ))
}

/// Customer, instant and number of the forms that were sent, and not refused or held back.
fn submissions(wanted: &Wanted<'_>, bound: &mut Vec<Sql>) -> String {
    let mut tests = vec![
        "customer_id IS NOT NULL".to_owned(),
        "outcome IN ('created', 'updated', 'matched')".to_owned(),
    ];
    if !wanted.forms.is_empty() {
        tests.push(format!(
            "form_id IN ({})",
            vec!["?"; wanted.forms.len()].join(", ")
        ));
        bound.extend(wanted.forms.iter().map(|form| Sql::Integer(form.raw())));
    }
    if let Some(only) = wanted.customer {
        tests.push("customer_id = ?".to_owned());
        bound.push(Sql::Integer(only.raw()));
    }
    format!(
        "SELECT customer_id, received_at, count(*) FROM form_submission WHERE {} GROUP BY 1, 2",
        tests.join(" AND ")
    )
}

/// The points that customers had when they were last counted.
pub fn kept(tx: &ReadTx<'_>) -> Result<HashMap<Id, Points>> {
    let mut found = HashMap::new();
    tx.each_row(
        "SELECT id, score_fit, score_engagement FROM customer WHERE score IS NOT NULL AND deleted_at IS NULL",
        [],
        |row| {
            let points = Points {
                fit: row.get::<_, Option<i64>>(1)?.unwrap_or(0),
                engagement: row.get::<_, Option<i64>>(2)?.unwrap_or(0),
            };
            found.insert(Id::from_raw(row.get(0)?), points);
            Ok(())
        },
    )?;
    Ok(found)
}

/// The points that one customer had when they were last counted, and when they became so.
pub fn kept_of(tx: &ReadTx<'_>, customer: Id) -> Result<Option<(Points, i64)>> {
    tx.one(
        "SELECT score_fit, score_engagement, scored_at FROM customer WHERE id = ?1 AND scored_at IS NOT NULL",
        [customer.raw()],
        |row| {
            let points = Points {
                fit: row.get(0)?,
                engagement: row.get(1)?,
            };
            Ok((points, row.get(2)?))
        },
    )
}

/// Keeps the points of a customer. They follow from the rules and from what happened, so no log tells of them.
pub(crate) fn keep(tx: &WriteTx<'_>, customer: Id, points: Points) -> Result<()> {
    tx.keep(
        "customer",
        customer,
        &[
            ("score_fit", Sql::Integer(points.fit)),
            ("score_engagement", Sql::Integer(points.engagement)),
            ("score", Sql::Integer(points.total())),
            ("scored_at", Sql::Integer(tx.caller().clock.now_ms())),
        ],
    )
}
