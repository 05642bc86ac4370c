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

/// The policies that count by a calendar, also those in the trash.
pub(crate) fn policies_of(tx: &ReadTx<'_>, calendar: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM sla WHERE calendar_id = ?1 ORDER BY id",
        [calendar.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// What a policy and its calendar say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Content {
    /// What is promised.
    pub(crate) targets: String,
    /// The zone of the hours; empty where time counts as it passes.
    pub(crate) zone: String,
    /// The hours of a week.
    pub(crate) week: String,
    /// The days that differ.
    pub(crate) days: String,
}

fn content(row: &rusqlite::Row<'_>) -> rusqlite::Result<Content> {
    Ok(Content {
        targets: row.get(0)?,
        zone: row.get(1)?,
        week: row.get(2)?,
        days: row.get(3)?,
    })
}

/// What a policy says now.
pub(crate) fn content_of(tx: &ReadTx<'_>, policy: Id) -> Result<Option<Content>> {
    tx.one(
        "SELECT s.targets, coalesce(c.zone, ''), coalesce(c.week, ''), coalesce(c.days, '')
         FROM sla AS s LEFT JOIN calendar AS c ON c.id = s.calendar_id WHERE s.id = ?1",
        [policy.raw()],
        content,
    )
}

/// What a policy said, and until when, the earliest first; what it says now comes last, without an end.
pub(crate) fn contents(tx: &ReadTx<'_>, policy: Id) -> Result<Vec<(Option<i64>, Content)>> {
    let mut all: Vec<(Option<i64>, Content)> = tx.all(
        "SELECT targets, zone, week, days, until FROM sla_past WHERE sla_id = ?1 ORDER BY until, id",
        [policy.raw()],
        |row| Ok((Some(row.get(4)?), content(row)?)),
    )?;
    all.extend(content_of(tx, policy)?.map(|content| (None, content)));
    Ok(all)
}

/// Notes what a policy said before it was changed in this transaction, if it says something else now.
pub(crate) fn remember(tx: &WriteTx<'_>, policy: Id, before: &Content) -> Result<()> {
    if content_of(tx, policy)?.as_ref() == Some(before) {
        return Ok(());
    }
    let now = tx.caller().clock.now_ms();
    let text = |text: &str| Sql::Text(text.to_owned());
    tx.insert(
        "sla_past",
        tx.new_id(),
        vec![
            ("sla_id", Sql::Integer(policy.raw())),
            ("until", Sql::Integer(now)),
            ("targets", text(&before.targets)),
            ("zone", text(&before.zone)),
            ("week", text(&before.week)),
            ("days", text(&before.days)),
        ],
    )
}

/// The policy of a ticket.
pub fn policy_for(tx: &ReadTx<'_>, ticket: Id) -> Result<Option<Id>> {
    let found: Option<Option<i64>> =
        tx.one("SELECT sla_id FROM ticket WHERE id = ?1", [ticket.raw()], |row| {
            row.get(0)
        })?;
    Ok(found.flatten().map(Id::from_raw))
}

/// Gives a new ticket its policy.
pub(crate) fn set_policy(tx: &WriteTx<'_>, ticket: Id, policy: Option<Id>) -> Result<bool> {
    let policy = policy.map_or(Sql::Null, |policy| Sql::Integer(policy.raw()));
    tx.update("ticket", ticket, vec![("sla_id", policy)])
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
