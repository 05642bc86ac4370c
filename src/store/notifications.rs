//! The rows of what users were told.

use rusqlite::Row;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// Something that a user was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The row.
    pub id: Id,
    /// Its number, as people name it.
    pub no: i64,
    /// Who was told.
    pub user: Id,
    /// The kind of record that it is about.
    pub noun: Option<Noun>,
    /// The record.
    pub record: Id,
    /// What was told.
    pub text: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// When it was read; none for not yet.
    pub read_at: Option<i64>,
}

/// Tells a user something about a record.
pub(crate) fn add(
    tx: &WriteTx<'_>,
    user: Id,
    (noun, record): (Noun, Id),
    customer: Option<Id>,
    text: &str,
) -> Result<i64> {
    let no = tx.count("notification")?;
    tx.insert(
        "notification",
        tx.new_id(),
        vec![
            ("no", Sql::Integer(no)),
            ("user_id", Sql::Integer(user.raw())),
            ("noun", Sql::Text(noun.name().to_owned())),
            ("record_id", Sql::Integer(record.raw())),
            (
                "customer_id",
                customer.map_or(Sql::Null, |id| Sql::Integer(id.raw())),
            ),
            ("text", Sql::Text(text.to_owned())),
            ("at", Sql::Integer(tx.caller().clock.now_ms())),
        ],
    )?;
    Ok(no)
}

/// Which ones are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that were not read yet.
    Unread,
    /// All.
    All,
}

/// What a user was told, the newest first.
pub fn list(tx: &ReadTx<'_>, user: Id, which: Which, most: i64) -> Result<Vec<Notification>> {
    let unread = match which {
        Which::Unread => "AND read_at IS NULL",
        Which::All => "",
    };
    tx.all(
        &format!(
            "SELECT id, no, user_id, noun, record_id, text, at, read_at FROM notification
             WHERE user_id = ?1 {unread} ORDER BY id DESC LIMIT ?2"
        ),
        [user.raw(), most],
        read,
    )
}

/// How much a user was told and has not read.
pub fn unread(tx: &ReadTx<'_>, user: Id) -> Result<u64> {
    let sql = "SELECT count(*) FROM notification WHERE user_id = ?1 AND read_at IS NULL";
    let count: Option<i64> = tx.one(sql, [user.raw()], |row| row.get(0))?;
    Ok(count.map_or(0, i64::unsigned_abs))
}

/// What a user was told under this number.
pub fn by_number(tx: &ReadTx<'_>, user: Id, no: i64) -> Result<Option<Notification>> {
    tx.one(
        "SELECT id, no, user_id, noun, record_id, text, at, read_at FROM notification WHERE no = ?1 AND user_id = ?2",
        [no, user.raw()],
        read,
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Notification> {
    let noun: String = row.get(3)?;
    Ok(Notification {
        id: Id::from_raw(row.get(0)?),
        no: row.get(1)?,
        user: Id::from_raw(row.get(2)?),
        noun: Noun::parse(&noun),
        record: Id::from_raw(row.get(4)?),
        text: row.get(5)?,
        at: row.get(6)?,
        read_at: row.get(7)?,
    })
}

/// Marks one as read; true if it was not.
pub(crate) fn mark(tx: &WriteTx<'_>, notification: &Notification) -> Result<bool> {
    if notification.read_at.is_some() {
        return Ok(false);
    }
    let now = Sql::Integer(tx.caller().clock.now_ms());
    tx.update("notification", notification.id, vec![("read_at", now)])
}
