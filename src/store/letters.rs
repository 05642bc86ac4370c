//! What messages say beyond the activities that they are: their threads, and all of their text.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// The system whose identities are Message-IDs.
pub const SYSTEM: &str = "mail";

/// What is kept of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Letter {
    /// The Message-ID of the first message of the conversation.
    pub thread: String,
    /// Those of the messages above it, the oldest first.
    pub ancestors: Vec<String>,
    /// What it is about.
    pub subject: String,
    /// All of its text; empty where the activity has all of it.
    pub text: String,
}

/// Notes what a message says beyond its activity.
pub(crate) fn add(tx: &WriteTx<'_>, activity: Id, letter: &Letter) -> Result<()> {
    tx.insert(
        "letter",
        tx.new_id(),
        vec![
            ("activity_id", Sql::Integer(activity.raw())),
            ("thread", Sql::Text(letter.thread.clone())),
            ("ancestors", Sql::Text(letter.ancestors.join(" "))),
            ("subject", Sql::Text(letter.subject.clone())),
            ("text", Sql::Text(letter.text.clone())),
        ],
    )
}

/// What is kept of the message that an activity is; none if it is no message.
pub fn of(tx: &ReadTx<'_>, activity: Id) -> Result<Option<Letter>> {
    tx.one(
        "SELECT thread, ancestors, subject, text FROM letter WHERE activity_id = ?1",
        [activity.raw()],
        |row| {
            let ancestors: String = row.get(1)?;
            Ok(Letter {
                thread: row.get(0)?,
                ancestors: ancestors.split_whitespace().map(str::to_owned).collect(),
                subject: row.get(2)?,
                text: row.get(3)?,
            })
        },
    )
}

/// The conversation that a message belongs to; none if the message is not here.
pub fn thread_of(tx: &ReadTx<'_>, message: &str) -> Result<Option<String>> {
    tx.one(
        "SELECT l.thread FROM external_id AS e JOIN letter AS l ON l.activity_id = e.record_id
         WHERE e.system = 'mail' AND e.object = 'activity' AND e.value = ?1",
        [message],
        |row| row.get(0),
    )
}

/// The Message-ID of an activity; none if it is no message.
pub fn message_of(tx: &ReadTx<'_>, activity: Id) -> Result<Option<String>> {
    tx.one(
        "SELECT value FROM external_id WHERE record_id = ?1 AND system = 'mail' ORDER BY id LIMIT 1",
        [activity.raw()],
        |row| row.get(0),
    )
}

/// Lets the messages of one conversation be of another, because the message between them has turned up.
pub(crate) fn join_threads(tx: &WriteTx<'_>, from: &str, to: &str) -> Result<()> {
    let rows: Vec<Id> = tx.all(
        "SELECT id FROM letter WHERE thread = ?1 ORDER BY id",
        [from],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )?;
    for row in rows {
        tx.update("letter", row, vec![("thread", Sql::Text(to.to_owned()))])?;
    }
    Ok(())
}

/// The activities of a conversation outside the trash, the oldest first.
pub fn activities(tx: &ReadTx<'_>, thread: &str) -> Result<Vec<Id>> {
    tx.all(
        "SELECT a.id FROM letter AS l JOIN activity AS a ON a.id = l.activity_id
         WHERE l.thread = ?1 AND a.deleted_at IS NULL ORDER BY a.at, a.id",
        [thread],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The deals that the messages of a conversation are about, at most two.
pub fn deals_of_thread(tx: &ReadTx<'_>, thread: &str) -> Result<Vec<Id>> {
    tx.all(
        "SELECT DISTINCT d.id FROM letter AS l JOIN activity AS a ON a.id = l.activity_id
         JOIN deal AS d ON d.id = a.deal_id
         WHERE l.thread = ?1 AND a.deleted_at IS NULL AND d.deleted_at IS NULL LIMIT 2",
        [thread],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The deals of a customer that are open and were opened by a day, at most two: those of the customer, of the employer,
/// and those in which the customer has a part.
pub fn open_deals(tx: &ReadTx<'_>, customer: Id, on: &str) -> Result<Vec<Id>> {
    tx.all(
        "SELECT d.id FROM deal AS d
         WHERE d.deleted_at IS NULL AND d.status = 'open' AND d.opened_on <= ?2 AND d.id IN (
           SELECT id FROM deal WHERE customer_id = ?1
           UNION SELECT deal_id FROM deal_person WHERE customer_id = ?1
           UNION SELECT id FROM deal WHERE customer_id = (SELECT company_id FROM customer WHERE id = ?1))
         ORDER BY d.id LIMIT 2",
        (customer.raw(), on),
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The companies outside the trash whose website may be at a domain, with the website.
pub fn companies_at(tx: &ReadTx<'_>, domain: &str) -> Result<Vec<(Id, String)>> {
    tx.all(
        "SELECT id, website FROM customer
         WHERE type = 'company' AND deleted_at IS NULL AND website <> '' AND instr(lower(website), ?1) > 0
         ORDER BY id LIMIT 20",
        [domain],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
    )
}

/// Every user who has an e-mail address: the user, the name, the address.
pub fn own_addresses(tx: &ReadTx<'_>) -> Result<Vec<(Id, String, String)>> {
    tx.all(
        "SELECT id, name, email FROM user WHERE email <> '' ORDER BY deleted_at IS NOT NULL, id",
        [],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?, row.get(2)?)),
    )
}
