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
use crate::store::tx::WriteTx;

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
