//! What was written about tickets.

use jiff::Timestamp;
use rusqlite::types::Value as Sql;

use super::steps::instant;
use crate::domain::id::Id;
use crate::domain::ticket::CommentType;
use crate::error::{Error, Result};
use crate::store::tx::{Column, ReadTx, WriteTx};

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// What it is.
    pub kind: CommentType,
    /// When it was written.
    pub at: Timestamp,
    /// What was written.
    pub text: String,
    /// How it went, a key; may be empty.
    pub channel: String,
    /// Whether no person wrote it.
    pub is_automatic: bool,
    /// Who of us wrote it.
    pub author: Option<Id>,
    /// Which customer wrote it.
    pub customer: Option<Id>,
}

/// The comments of a ticket, the earliest first.
pub fn comments(tx: &ReadTx<'_>, ticket: Id) -> Result<Vec<Comment>> {
    let mut found = Vec::new();
    tx.each_row(
        "SELECT type, at, text, channel, is_automatic, author_id, customer_id FROM ticket_comment
         WHERE ticket_id = ?1 ORDER BY at, id",
        [ticket.raw()],
        |row| {
            let kind: String = row.get(0)?;
            found.push(Comment {
                kind: CommentType::parse(&kind)
                    .ok_or_else(|| Error::internal(format!("the base holds a comment {kind:?}")))?,
                at: instant(row.get(1)?)?,
                text: row.get(2)?,
                channel: row.get(3)?,
                is_automatic: row.get(4)?,
                author: row.get::<_, Option<i64>>(5)?.map(Id::from_raw),
                customer: row.get::<_, Option<i64>>(6)?.map(Id::from_raw),
            });
            Ok(())
        },
    )?;
    Ok(found)
}

/// Writes a comment down.
pub(crate) fn add_comment(tx: &WriteTx<'_>, ticket: Id, comment: &Comment) -> Result<()> {
    let link = |id: Option<Id>| id.map_or(Sql::Null, |id| Sql::Integer(id.raw()));
    let columns: Vec<Column<'static>> = vec![
        ("ticket_id", Sql::Integer(ticket.raw())),
        ("type", Sql::Text(comment.kind.name().to_owned())),
        ("at", Sql::Integer(comment.at.as_millisecond())),
        ("text", Sql::Text(comment.text.clone())),
        ("channel", Sql::Text(comment.channel.clone())),
        ("is_automatic", Sql::Integer(i64::from(comment.is_automatic))),
        ("author_id", link(comment.author)),
        ("customer_id", link(comment.customer)),
    ];
    tx.insert("ticket_comment", tx.new_id(), columns)
}
