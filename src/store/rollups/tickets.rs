//! Tickets as reports count them: what came of each, and its stays in steps.

use rusqlite::params_from_iter;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Group, Heading, Key};
use crate::store::tx::ReadTx;

/// A ticket; instants are in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The record.
    pub id: Id,
    /// Whether nothing comes of it.
    pub is_cancelled: bool,
    /// When a person first answered.
    pub responded_at: Option<i64>,
    /// When it was solved, as it stands now.
    pub resolved_at: Option<i64>,
    /// When it was closed.
    pub closed_at: Option<i64>,
    /// When the first answer is, or was, due.
    pub first_due_at: Option<i64>,
    /// When the first answer was, or will be, late.
    pub first_late_at: Option<i64>,
    /// When the solution is, or was, due.
    pub resolution_due_at: Option<i64>,
    /// When the solution was, or will be, late.
    pub resolution_late_at: Option<i64>,
    /// Working time until a person answered, in seconds.
    pub response_s: Option<i64>,
    /// Working time that the solution took, in seconds.
    pub resolution_s: Option<i64>,
    /// How often a person answered.
    pub replies: i64,
    /// How often it came back.
    pub reopen_count: i64,
    /// Who works on it.
    pub assignee: Option<Id>,
    /// When the record was made.
    pub created_at: i64,
}

/// A stay in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StayFact {
    /// The step.
    pub step: String,
    /// Whether the ticket was called off there.
    pub is_cancelled: bool,
    /// When it came there.
    pub entered_at: i64,
    /// When it went on; none for where it is.
    pub left_at: Option<i64>,
}

impl StayFact {
    /// Whether the ticket is solved or over there.
    pub fn is_over(&self) -> bool {
        matches!(self.step.as_str(), "verifying" | "closed")
    }

    /// Whether it is solved there; what was called off is not.
    pub fn is_solved(&self) -> bool {
        self.is_over() && !self.is_cancelled
    }
}

const COLUMNS: &str = "r.id, r.status = 'cancelled', r.first_responded_at, r.resolved_at, r.closed_at,
    r.first_response_due_at, r.first_response_late_at, r.resolution_due_at, r.resolution_late_at, r.response_s,
    r.resolution_s, r.replies, r.reopen_count, r.assignee_id, r.created_at";

fn key(group: Group) -> &'static str {
    match group {
        Group::Assignee => "r.assignee_id",
        Group::Owner => "r.owner_id",
        Group::Team => "r.team_id",
        Group::Priority => "r.priority_rank",
        Group::Policy => "r.sla_id",
        Group::Customer => "r.customer_id",
        _ => "NULL",
    }
}

/// Folds every ticket that meets the condition into the figures of its group; in no order.
pub fn fold<T: Default>(
    tx: &ReadTx<'_>,
    condition: &Condition,
    group: Group,
    work: &mut dyn FnMut(&mut T, Fact, &[StayFact]),
) -> Result<Vec<(Key, Heading, T)>> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Ticket, condition, &mut bound)?;
    let sql = format!(
        "SELECT {}, {COLUMNS} FROM {} WHERE {} AND r.deleted_at IS NULL",
        key(group),
        chosen.from,
        chosen.condition
    );
    let mut steps = tx.connection().prepare_cached(
        "SELECT step, is_cancelled, entered_at, left_at FROM ticket_step WHERE ticket_id = ?1 ORDER BY id",
    )?;
    let mut sums: Sums<T> = Sums::default();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        let fact = Fact {
            id: Id::from_raw(row.get(1)?),
            is_cancelled: row.get(2)?,
            responded_at: row.get(3)?,
            resolved_at: row.get(4)?,
            closed_at: row.get(5)?,
            first_due_at: row.get(6)?,
            first_late_at: row.get(7)?,
            resolution_due_at: row.get(8)?,
            resolution_late_at: row.get(9)?,
            response_s: row.get(10)?,
            resolution_s: row.get(11)?,
            replies: row.get(12)?,
            reopen_count: row.get(13)?,
            assignee: row.get::<_, Option<i64>>(14)?.map(Id::from_raw),
            created_at: row.get(15)?,
        };
        let stays = steps.query_map([fact.id.raw()], |row| {
            Ok(StayFact {
                step: row.get(0)?,
                is_cancelled: row.get(1)?,
                entered_at: row.get(2)?,
                left_at: row.get(3)?,
            })
        })?;
        let stays = stays.collect::<rusqlite::Result<Vec<StayFact>>>()?;
        work(sums.at(row.get_ref(0)?, T::default)?, fact, &stays);
        Ok(())
    })?;
    sums.named(tx, group)
}

/// Since when somebody works on a ticket that changed hands: the ticket, who, and since when.
pub fn hands(tx: &ReadTx<'_>) -> Result<Vec<(Id, Id, i64)>> {
    tx.all(
        "SELECT i.record_id, i.value, i.started_at FROM value_interval AS i JOIN ticket AS t ON t.id = i.record_id
         WHERE i.attribute = 'assignee' AND i.value IS NOT NULL ORDER BY i.record_id, i.started_at",
        [],
        |row| {
            Ok((
                Id::from_raw(row.get(0)?),
                Id::from_raw(row.get(1)?),
                row.get(2)?,
            ))
        },
    )
}
