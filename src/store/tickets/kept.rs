//! What follows from the stays and comments of a ticket.

use jiff::Timestamp;
use rusqlite::types::Value as Sql;

use super::clocks;
use super::comments::comments;
use super::steps::stays;
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::ticket::{CommentType, rank, told};
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// Whom a ticket is about: its customer, where that one works, and the person to speak with.
pub(crate) fn parties(tx: &ReadTx<'_>, id: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT customer_id FROM ticket WHERE id = ?1 AND customer_id IS NOT NULL
         UNION SELECT company_id FROM ticket WHERE id = ?1 AND company_id IS NOT NULL
         UNION SELECT contact_id FROM ticket WHERE id = ?1 AND contact_id IS NOT NULL",
        [id.raw()],
        |row| row.get(0).map(Id::from_raw),
    )
}

/// The days, in UTC, on which tickets last brought us together with a customer, the newest first, at most so many: the last
/// word that was exchanged for each, or when it came in.
pub(crate) fn contacts(tx: &ReadTx<'_>, customer: Id, most: i64) -> Result<Vec<String>> {
    tx.all(
        "SELECT DISTINCT date(max(received_at, coalesce(last_message_at, 0), coalesce(last_reply_at, 0)) / 1000, 'unixepoch')
         FROM (SELECT id FROM ticket WHERE customer_id = ?1
               UNION SELECT id FROM ticket WHERE company_id = ?1
               UNION SELECT id FROM ticket WHERE contact_id = ?1) CROSS JOIN ticket USING (id)
         WHERE deleted_at IS NULL
         ORDER BY 1 DESC LIMIT ?2",
        (customer.raw(), most),
        |row| row.get(0),
    )
}

/// Brings the kept-up columns of a ticket up to date.
pub(crate) fn keep(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    let row: Option<(String, String, i64)> = tx.one(
        "SELECT name, priority, created_at FROM ticket WHERE id = ?1",
        [id.raw()],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let Some((name, priority, created_at)) = row else {
        return Ok(());
    };
    let stays: Vec<_> = stays(tx, id)?.into_iter().map(|stayed| stayed.stay).collect();
    let comments = comments(tx, id)?;
    let of = |kind: CommentType| comments.iter().filter(move |comment| comment.kind == kind);
    // An automatic reply is no answer.
    let answers = || of(CommentType::Reply).filter(|comment| !comment.is_automatic);
    let life = told(&stays);
    let first = life.and_then(|life| clocks::first_answer(&life, &comments));
    let course = clocks::course_of(tx, id, &stays, &comments)?;
    let instant = |at: Option<Timestamp>| at.map_or(Sql::Null, |at| Sql::Integer(at.as_millisecond()));
    let word = |word: Option<&str>, other: &str| Sql::Text(word.unwrap_or(other).to_owned());
    let or_made = |at: Option<Timestamp>| Sql::Integer(at.map_or(created_at, Timestamp::as_millisecond));
    let mut columns = clocks::columns(course.as_ref());
    columns.extend([
        ("name_key", Sql::Text(fold(&name))),
        ("priority_rank", Sql::Integer(rank(&priority))),
        ("step", word(life.map(|life| life.step.name()), "received")),
        ("wait", word(life.map(|life| life.wait.name()), "none")),
        ("status", word(life.map(|life| life.status.name()), "open")),
        ("received_at", or_made(life.map(|life| life.received_at))),
        ("step_since", or_made(life.map(|life| life.step_since))),
        ("paused_since", instant(life.and_then(|life| life.paused_since))),
        ("first_responded_at", instant(first)),
        ("resolved_at", instant(life.and_then(|life| life.resolved_at))),
        ("closed_at", instant(life.and_then(|life| life.closed_at))),
        (
            "reopen_count",
            Sql::Integer(life.map_or(0, |life| life.reopen_count)),
        ),
        (
            "replies",
            Sql::Integer(i64::try_from(answers().count()).unwrap_or(i64::MAX)),
        ),
        (
            "last_message_at",
            instant(of(CommentType::Message).map(|comment| comment.at).max()),
        ),
        (
            "last_reply_at",
            instant(of(CommentType::Reply).map(|comment| comment.at).max()),
        ),
    ]);
    tx.keep("ticket", id, &columns)
}
