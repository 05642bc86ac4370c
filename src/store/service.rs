//! Calendars and policies as tickets are measured by them.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// The texts of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarTexts {
    /// Its name.
    pub key: String,
    /// The name of its zone.
    pub zone: String,
    /// The hours of its week.
    pub week: String,
    /// The days that differ.
    pub days: String,
}

/// A policy as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// The tickets that it is for; empty for whatever no other one is for.
    pub filter: String,
    /// Whose hours count; none where time counts as it passes.
    pub calendar: Option<Id>,
    /// What it promises.
    pub targets: String,
}

const POLICY: &str = "SELECT id, key, filter, calendar_id, targets FROM sla";

fn policy(row: &rusqlite::Row<'_>) -> rusqlite::Result<PolicyRow> {
    Ok(PolicyRow {
        id: Id::from_raw(row.get(0)?),
        key: row.get(1)?,
        filter: row.get(2)?,
        calendar: row.get::<_, Option<i64>>(3)?.map(Id::from_raw),
        targets: row.get(4)?,
    })
}

/// The texts of a calendar, also of one in the trash.
pub fn calendar(tx: &ReadTx<'_>, id: Id) -> Result<Option<CalendarTexts>> {
    tx.one(
        "SELECT key, zone, week, days FROM calendar WHERE id = ?1",
        [id.raw()],
        |row| {
            Ok(CalendarTexts {
                key: row.get(0)?,
                zone: row.get(1)?,
                week: row.get(2)?,
                days: row.get(3)?,
            })
        },
    )
}

/// The calendar that was there first.
pub(crate) fn first_calendar(tx: &ReadTx<'_>) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM calendar WHERE deleted_at IS NULL ORDER BY id LIMIT 1",
        [],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// A policy, also one in the trash.
pub fn policy_of(tx: &ReadTx<'_>, id: Id) -> Result<Option<PolicyRow>> {
    tx.one(&format!("{POLICY} WHERE id = ?1"), [id.raw()], policy)
}

/// The policies that are for anything, in the order in which they are asked: those with a filter by their positions, then
/// of those without one the last.
pub fn policies(tx: &ReadTx<'_>) -> Result<Vec<PolicyRow>> {
    let sql = format!(
        "{POLICY} WHERE active = 1 AND deleted_at IS NULL
         ORDER BY filter = '', CASE filter WHEN '' THEN -position ELSE position END, id"
    );
    tx.all(&sql, [], policy)
}

/// The filter of every policy that has one, also of those in the trash.
pub(crate) fn filters(tx: &ReadTx<'_>) -> Result<Vec<(Id, String)>> {
    tx.all(
        "SELECT id, filter FROM sla WHERE filter <> '' ORDER BY id",
        [],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
    )
}

/// Gives a policy another filter.
pub(crate) fn set_filter(tx: &WriteTx<'_>, policy: Id, filter: &str) -> Result<bool> {
    tx.update("sla", policy, vec![("filter", Sql::Text(filter.to_owned()))])
}

/// How many policies outside the trash count by a calendar.
pub(crate) fn policies_by(tx: &ReadTx<'_>, calendar: Id) -> Result<i64> {
    let sql = "SELECT count(*) FROM sla WHERE calendar_id = ?1 AND deleted_at IS NULL";
    Ok(tx.one(sql, [calendar.raw()], |row| row.get(0))?.unwrap_or(0))
}

/// The calendar of a policy, if it is in the trash.
pub(crate) fn trashed_calendar(tx: &ReadTx<'_>, policy: Id) -> Result<Option<Id>> {
    tx.one(
        "SELECT c.id FROM sla AS s JOIN calendar AS c ON c.id = s.calendar_id
         WHERE s.id = ?1 AND c.deleted_at IS NOT NULL",
        [policy.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The position behind that of every policy.
pub(crate) fn next_position(tx: &ReadTx<'_>) -> Result<i64> {
    let last: Option<i64> = tx.one(
        "SELECT coalesce(max(position), 0) FROM sla WHERE deleted_at IS NULL",
        [],
        |row| row.get(0),
    )?;
    Ok(last.unwrap_or(0).saturating_add(1))
}

/// Adds a calendar of a new base.
pub(crate) fn add_calendar(tx: &WriteTx<'_>, key: &str, zone: &str, week: &str) -> Result<Id> {
    let id = tx.new_id();
    tx.insert(
        "calendar",
        id,
        vec![
            ("key", Sql::Text(key.to_owned())),
            ("zone", Sql::Text(zone.to_owned())),
            ("week", Sql::Text(week.to_owned())),
        ],
    )?;
    Ok(id)
}

/// Adds the policy of a new base, for all tickets.
pub(crate) fn add_policy(tx: &WriteTx<'_>, key: &str, calendar: Id, targets: &str) -> Result<Id> {
    let id = tx.new_id();
    tx.insert(
        "sla",
        id,
        vec![
            ("key", Sql::Text(key.to_owned())),
            ("position", Sql::Integer(1)),
            ("calendar_id", Sql::Integer(calendar.raw())),
            ("targets", Sql::Text(targets.to_owned())),
        ],
    )?;
    Ok(id)
}
