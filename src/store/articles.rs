//! Articles, and the tickets that they helped.

use std::collections::HashSet;

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// An article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// What it is about.
    pub title: String,
    /// What it is for.
    pub kind: String,
    /// How far it is.
    pub status: String,
    /// What it says.
    pub body: String,
}

/// An article, also one in the trash.
pub fn get(tx: &ReadTx<'_>, id: Id) -> Result<Option<Article>> {
    tx.one(
        "SELECT id, key, title, type, status, body FROM article WHERE id = ?1",
        [id.raw()],
        |row| {
            Ok(Article {
                id: Id::from_raw(row.get(0)?),
                key: row.get(1)?,
                title: row.get(2)?,
                kind: row.get(3)?,
                status: row.get(4)?,
                body: row.get(5)?,
            })
        },
    )
}

/// The articles outside the trash that may be used.
pub(crate) fn published(tx: &ReadTx<'_>) -> Result<HashSet<Id>> {
    let ids = tx.all(
        "SELECT id FROM article WHERE status = 'published' AND deleted_at IS NULL",
        [],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )?;
    Ok(ids.into_iter().collect())
}

/// The articles that helped a ticket, in the order in which they came.
pub fn of_ticket(tx: &ReadTx<'_>, ticket: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT article_id FROM ticket_article WHERE ticket_id = ?1 ORDER BY id",
        [ticket.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The tickets outside the trash that an article helped, the newest first.
pub fn tickets(tx: &ReadTx<'_>, article: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT t.id FROM ticket_article AS l JOIN ticket AS t ON t.id = l.ticket_id
         WHERE l.article_id = ?1 AND t.deleted_at IS NULL ORDER BY t.id DESC",
        [article.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// How many tickets an article helped, those in the trash too.
pub(crate) fn uses(tx: &ReadTx<'_>, article: Id) -> Result<i64> {
    let found = tx.one(
        "SELECT count(*) FROM ticket_article WHERE article_id = ?1",
        [article.raw()],
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(0))
}

fn row(tx: &ReadTx<'_>, ticket: Id, article: Id) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM ticket_article WHERE ticket_id = ?1 AND article_id = ?2",
        (ticket.raw(), article.raw()),
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Says that an article helped a ticket; true if that is news.
pub(crate) fn link(tx: &WriteTx<'_>, ticket: Id, article: Id) -> Result<bool> {
    if row(tx, ticket, article)?.is_some() {
        return Ok(false);
    }
    tx.insert(
        "ticket_article",
        tx.new_id(),
        vec![
            ("ticket_id", Sql::Integer(ticket.raw())),
            ("article_id", Sql::Integer(article.raw())),
        ],
    )?;
    Ok(true)
}

/// Says that it did not; true if that is news.
pub(crate) fn unlink(tx: &WriteTx<'_>, ticket: Id, article: Id) -> Result<bool> {
    match row(tx, ticket, article)? {
        Some(row) => tx.delete("ticket_article", row).map(|()| true),
        None => Ok(false),
    }
}

/// Gives the articles of a ticket to another one, which has each of them once.
pub(crate) fn move_to(tx: &WriteTx<'_>, from: Id, into: Id) -> Result<()> {
    for article in of_ticket(tx, from)? {
        link(tx, into, article)?;
        unlink(tx, from, article)?;
    }
    Ok(())
}
