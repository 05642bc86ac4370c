//! The rows around one record, as its story and a brief tell of them. All are short by nature, or limited.

use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::store::keep;
use crate::store::tx::ReadTx;

/// The deals of a customer, and those in which it has a part, the newest first.
pub fn deals(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Id>> {
    ids(
        tx,
        "SELECT id FROM deal
         WHERE deleted_at IS NULL
           AND (customer_id = ?1 OR id IN (SELECT deal_id FROM deal_person WHERE customer_id = ?1))
         ORDER BY id DESC",
        customer,
    )
}

/// The open tasks about a customer or a deal, the first due first, those without a day last.
pub fn open_tasks(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Vec<Id>> {
    let column = if noun == Noun::Deal {
        "deal_id"
    } else {
        "customer_id"
    };
    let sql = format!(
        "SELECT id FROM task WHERE {column} = ?1 AND status = 'open' AND deleted_at IS NULL
         ORDER BY due_at IS NULL, due_at, id"
    );
    ids(tx, &sql, id)
}

/// The orders of a customer, or those that a deal led to, the newest first; of a customer with very many, the newest alone.
pub fn orders(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Vec<Id>> {
    let column = if noun == Noun::Deal {
        "deal_id"
    } else {
        "customer_id"
    };
    let sql = format!(
        "SELECT id FROM sales_order WHERE {column} = ?1 AND deleted_at IS NULL ORDER BY ordered_on DESC, id DESC LIMIT 1000"
    );
    ids(tx, &sql, id)
}

/// The quotes for a customer or a deal, the newest first; of a customer with very many, the newest alone.
pub fn quotes(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Vec<Id>> {
    let column = if noun == Noun::Deal {
        "deal_id"
    } else {
        "customer_id"
    };
    let sql = format!(
        "SELECT id FROM quote WHERE {column} = ?1 AND deleted_at IS NULL ORDER BY id DESC LIMIT 1000"
    );
    ids(tx, &sql, id)
}

/// The orders that were made of a quote.
pub fn orders_of_quote(tx: &ReadTx<'_>, quote: Id) -> Result<Vec<Id>> {
    let sql = "SELECT id FROM sales_order WHERE quote_id = ?1 AND deleted_at IS NULL ORDER BY id";
    ids(tx, sql, quote)
}

/// The other versions of an offer.
pub fn versions(tx: &ReadTx<'_>, quote: Id) -> Result<Vec<Id>> {
    ids(
        tx,
        "WITH first AS (SELECT coalesce(version_of_id, id) AS id FROM quote WHERE id = ?1)
         SELECT id FROM quote
         WHERE id IN (SELECT id FROM first UNION ALL SELECT v.id FROM quote AS v JOIN first ON v.version_of_id = first.id)
           AND id <> ?1 AND deleted_at IS NULL ORDER BY revision",
        quote,
    )
}

/// The tickets of a customer, of its people, and those in which it is spoken with: what is not solved first, then the newest;
/// of a customer with very many, the first alone.
pub fn tickets(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Id>> {
    ids(
        tx,
        "SELECT id FROM ticket
         WHERE (customer_id = ?1 OR company_id = ?1 OR contact_id = ?1) AND deleted_at IS NULL
         ORDER BY resolved_at IS NOT NULL OR closed_at IS NOT NULL, received_at DESC, id DESC LIMIT 1000",
        customer,
    )
}

/// The orders of a customer with which something is still to be done: not done yet, or not paid. The oldest come first, and
/// of very many these alone.
pub fn open_orders(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Id>> {
    ids(
        tx,
        "SELECT id FROM sales_order WHERE customer_id = ?1 AND deleted_at IS NULL
           AND (status IN ('draft', 'confirmed', 'processing')
                OR status = 'completed' AND payment_status IN ('unpaid', 'partially_paid'))
         ORDER BY ordered_on, id LIMIT 50",
        customer,
    )
}

/// The quotes for a customer that are being written or wait for an answer. The oldest come first, and of very many these
/// alone.
pub fn open_quotes(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Id>> {
    ids(
        tx,
        "SELECT id FROM quote WHERE customer_id = ?1 AND deleted_at IS NULL AND status IN ('draft', 'sent')
         ORDER BY id LIMIT 50",
        customer,
    )
}

/// The tickets of a customer and of its people that are not solved. The oldest come first, and of very many these alone.
pub fn open_tickets(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Id>> {
    ids(
        tx,
        "SELECT id FROM ticket
         WHERE (customer_id = ?1 OR company_id = ?1 OR contact_id = ?1) AND deleted_at IS NULL
           AND resolved_at IS NULL AND closed_at IS NULL
         ORDER BY received_at, id LIMIT 50",
        customer,
    )
}

/// The feedback of a customer, or that about an order or a ticket, the newest first; of very much, the newest alone.
pub fn feedback(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Vec<Id>> {
    let column = match noun {
        Noun::Order => "order_id",
        Noun::Ticket => "ticket_id",
        _ => "customer_id",
    };
    let sql = format!(
        "SELECT id FROM feedback WHERE {column} = ?1 AND deleted_at IS NULL
         ORDER BY coalesce(answered_on, sent_on) DESC, id DESC LIMIT 1000"
    );
    ids(tx, &sql, id)
}

/// The records that were merged into a customer.
pub fn merged(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Id>> {
    ids(
        tx,
        "SELECT id FROM customer WHERE merged_into_id = ?1 ORDER BY id",
        customer,
    )
}

/// The companies that belong to a company.
pub fn subsidiaries(tx: &ReadTx<'_>, company: Id) -> Result<Vec<Id>> {
    ids(
        tx,
        "SELECT id FROM customer WHERE parent_id = ?1 AND deleted_at IS NULL ORDER BY sort_key, id",
        company,
    )
}

/// A person who works or worked at a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Who.
    pub person: Id,
    /// Job title there; of a main job that goes on, the title of the person where none was given.
    pub title: String,
    /// Role there.
    pub role: String,
    /// First day, if known.
    pub started_on: Option<String>,
    /// Last day; none for somebody who is there.
    pub ended_on: Option<String>,
}

/// The people of a company, those who are there first.
pub fn staff(tx: &ReadTx<'_>, company: Id) -> Result<Vec<Staff>> {
    tx.all(
        "SELECT c.id, CASE WHEN e.title = '' AND e.ended_on IS NULL AND e.is_primary THEN c.title ELSE e.title END,
                e.role, e.started_on, e.ended_on
         FROM employment AS e JOIN customer AS c ON c.id = e.customer_id
         WHERE e.company_id = ?1 AND c.deleted_at IS NULL
         ORDER BY e.ended_on IS NOT NULL, e.ended_on DESC, c.sort_key, e.id",
        [company.raw()],
        |row| {
            Ok(Staff {
                person: Id::from_raw(row.get(0)?),
                title: row.get(1)?,
                role: row.get(2)?,
                started_on: row.get(3)?,
                ended_on: row.get(4)?,
            })
        },
    )
}

/// The first days of a customer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Since {
    /// The first contact or the opening of the first deal, whichever was earlier.
    pub known: Option<Date>,
    /// The day on which the first deal was won.
    pub customer: Option<Date>,
}

/// Since when a customer is known, and is a customer.
pub fn since(tx: &ReadTx<'_>, customer: Id) -> Result<Since> {
    let days: Option<[Option<String>; 3]> = tx.one(
        "SELECT (SELECT min(contact_on) FROM activity_customer WHERE customer_id = ?1 AND contact_on IS NOT NULL),
                min(opened_on), min(CASE status WHEN 'won' THEN closed_on END)
         FROM deal WHERE customer_id = ?1 AND deleted_at IS NULL",
        [customer.raw()],
        |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]),
    )?;
    let [contact, opened, won] = days.unwrap_or_default();
    let day = |text: Option<String>| text.as_deref().map(keep::date).transpose();
    let (contact, opened) = (day(contact)?, day(opened)?);
    Ok(Since {
        known: contact.into_iter().chain(opened).min(),
        customer: day(won)?,
    })
}

/// How many activities there were with a customer, mere notes left out.
pub fn contacts(tx: &ReadTx<'_>, customer: Id) -> Result<i64> {
    let count = tx.one(
        "SELECT count(*) FROM activity_customer WHERE customer_id = ?1 AND contact_on IS NOT NULL",
        [customer.raw()],
        |row| row.get(0),
    )?;
    Ok(count.unwrap_or(0))
}

fn ids(tx: &ReadTx<'_>, sql: &str, id: Id) -> Result<Vec<Id>> {
    tx.all(sql, [id.raw()], |row| Ok(Id::from_raw(row.get(0)?)))
}
