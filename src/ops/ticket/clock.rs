//! The whole reckoning of a ticket: what was promised, what counted, what paused.

use jiff::Timestamp;

use super::get;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::service::{Course, Kind, Reading, State, Stretch};
use crate::domain::value::Link;
use crate::error::{Error, Result};
use crate::store::{ReadTx, links, service, tickets};

/// The clocks of a ticket at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Reckoning {
    /// The ticket.
    pub ticket: Link,
    /// How it stands.
    pub status: &'static str,
    /// How much it presses.
    pub priority: String,
    /// The policy; none if nothing is promised.
    pub policy: Option<String>,
    /// The calendar of the policy; none where time counts as it passes.
    pub calendar: Option<String>,
    /// The zone of the hours that count.
    pub zone: String,
    /// The clocks that ever began, and for which something is promised.
    pub clocks: Vec<Shown>,
}

/// A clock, and how it came to what it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Which.
    pub kind: Kind,
    /// What it shows.
    pub reading: Reading,
    /// Its stretches, the last time that it began.
    pub stretches: Vec<Stretch>,
    /// When it was last stopped; none while it has not been.
    pub ended_at: Option<Timestamp>,
}

/// Reads the clocks of a ticket.
///
/// # Errors
///
/// `NotFound` if there is no such ticket.
pub fn reckon(tx: &ReadTx<'_>, id: Id) -> Result<Reckoning> {
    let missing = || Error::not_found(Noun::Ticket, &id.uid());
    let ticket = links::link(tx, Noun::Ticket, id)?.ok_or_else(missing)?;
    let life = get(tx, id)?.life;
    let course = tickets::course(tx, id)?.ok_or_else(missing)?;
    let policy = match service::policy_for(tx, id)? {
        Some(policy) => service::policy_of(tx, policy)?,
        None => None,
    };
    let calendar = match policy.as_ref().and_then(|policy| policy.calendar) {
        Some(calendar) => service::calendar(tx, calendar)?,
        None => None,
    };
    let now = tx.caller().clock.now();
    let clocks = Kind::ALL
        .into_iter()
        .filter_map(|kind| shown(&course, kind, now))
        .collect();
    Ok(Reckoning {
        ticket,
        status: life.status.name(),
        priority: tickets::priority(tx, id)?,
        policy: policy.map(|policy| policy.key),
        zone: calendar
            .as_ref()
            .map_or_else(|| "UTC".to_owned(), |calendar| calendar.zone.clone()),
        calendar: calendar.map(|calendar| calendar.key),
        clocks,
    })
}

fn shown(course: &Course, kind: Kind, now: Timestamp) -> Option<Shown> {
    let stretches = course.stretches(kind, now);
    let reading = course.reading(kind, now);
    if stretches.is_empty() || reading.state == State::Off {
        return None;
    }
    Some(Shown {
        kind,
        reading,
        stretches,
        ended_at: course.ended_at(kind),
    })
}
