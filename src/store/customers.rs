//! The rows around a customer: addresses of every sort, employment, relations; and who holds an address.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::phone::digits;
use crate::error::Result;
use crate::store::tx::{Column, ReadTx, WriteTx};
use crate::store::{keep, refusals};

/// The sorts of address that a customer has many of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// E-mail addresses.
    Email,
    /// Telephone numbers.
    Phone,
    /// Names in other services.
    Handle,
}

impl Channel {
    /// All channels.
    pub const ALL: [Channel; 3] = [Channel::Email, Channel::Phone, Channel::Handle];

    /// The word, which is also the table.
    pub fn name(self) -> &'static str {
        match self {
            Channel::Email => "email",
            Channel::Phone => "phone",
            Channel::Handle => "handle",
        }
    }

    /// The column with the address as it is shown.
    fn shown(self) -> &'static str {
        match self {
            Channel::Email => "address",
            Channel::Phone => "raw",
            Channel::Handle => "value",
        }
    }
}

/// One address of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address as it is kept and shown; a telephone number as it was given.
    pub text: String,
    /// What it is compared by.
    pub key: String,
    /// E.164 for a telephone number, the service for a handle; empty otherwise.
    pub kind: String,
    /// Extension of a telephone number.
    pub extension: String,
    /// What it is for.
    pub label: String,
    /// unverified, valid, invalid …; empty for handles.
    pub validity: String,
    /// When its holder asked not to be contacted by it, in milliseconds since 1970.
    pub opted_out_at: Option<i64>,
}

impl Address {
    /// The same address, whatever label it has.
    pub fn same(&self, other: &Address, channel: Channel) -> bool {
        self.key == other.key && (channel != Channel::Handle || self.kind == other.kind)
    }

    /// True if this is a telephone number whose country is known, and `raw` the same digits without one: it was kept as it
    /// was written when nobody said where its number is from.
    pub fn is_read_from(&self, raw: &Address) -> bool {
        self.is_number() && raw.kind.is_empty() && digits(&self.text) == raw.key
    }

    /// Becomes the same number with its country; what else is known of it stays.
    pub fn read_as(&mut self, full: &Address) {
        full.text.clone_into(&mut self.text);
        full.key.clone_into(&mut self.key);
        full.kind.clone_into(&mut self.kind);
        full.extension.clone_into(&mut self.extension);
        full.validity.clone_into(&mut self.validity);
    }

    /// True for a telephone number in E.164; the kind of a handle is a word.
    fn is_number(&self) -> bool {
        self.kind.starts_with('+')
    }

    fn columns(&self, channel: Channel) -> Vec<Column<'static>> {
        let text = |text: &str| Sql::Text(text.to_owned());
        let mut columns = vec![(channel.shown(), text(&self.text)), ("key", text(&self.key))];
        if channel == Channel::Handle {
            columns.push(("kind", text(&self.kind)));
            return columns;
        }
        if channel == Channel::Phone {
            columns.push(("e164", text(&self.kind)));
            columns.push(("extension", text(&self.extension)));
        }
        columns.push(("label", text(&self.label)));
        columns.push(("validity", text(&self.validity)));
        columns.push(("opted_out_at", self.opted_out_at.map_or(Sql::Null, Sql::Integer)));
        columns
    }
}

/// The addresses of a customer with their row ids, primary first.
fn rows(tx: &ReadTx<'_>, customer: Id, channel: Channel) -> Result<Vec<(Id, Address)>> {
    let sql = match channel {
        Channel::Email => {
            "SELECT id, address, key, '', '', label, validity, opted_out_at FROM email WHERE customer_id = ?1 ORDER BY position"
        }
        Channel::Phone => {
            "SELECT id, raw, key, e164, extension, label, validity, opted_out_at FROM phone WHERE customer_id = ?1 ORDER BY position"
        }
        Channel::Handle => {
            "SELECT id, value, key, kind, '', '', '', NULL FROM handle WHERE customer_id = ?1 ORDER BY position"
        }
    };
    tx.all(sql, [customer.raw()], |row| {
        Ok((
            Id::from_raw(row.get(0)?),
            Address {
                text: row.get(1)?,
                key: row.get(2)?,
                kind: row.get(3)?,
                extension: row.get(4)?,
                label: row.get(5)?,
                validity: row.get(6)?,
                opted_out_at: row.get(7)?,
            },
        ))
    })
}

/// The addresses of a customer, primary first; opted out is also what somebody else has asked for the same address.
pub fn addresses(tx: &ReadTx<'_>, customer: Id, channel: Channel) -> Result<Vec<Address>> {
    let rows = rows(tx, customer, channel)?.into_iter();
    rows.map(|(_, mut address)| {
        if address.opted_out_at.is_none() {
            address.opted_out_at = refusals::since(tx, channel, &address.key)?;
        }
        Ok(address)
    })
    .collect()
}

/// Makes `wanted` the addresses of a customer, in this order; true if anything was different.
///
/// An address that stays keeps its row, and its opt-out. One that is opted out is so for good, whoever gets it later.
pub fn set_addresses(tx: &WriteTx<'_>, customer: Id, channel: Channel, wanted: &[Address]) -> Result<bool> {
    let known = rows(tx, customer, channel)?;
    let mut changed = false;
    for (row, old) in known
        .iter()
        .filter(|(_, old)| !wanted.iter().any(|new| new.same(old, channel)))
    {
        if let Some(at) = old.opted_out_at {
            refusals::note(tx, channel, &old.key, at)?;
        }
        tx.delete(channel.name(), *row)?;
        changed = true;
    }
    for (position, address) in (1_i64..).zip(wanted) {
        let found = known.iter().find(|(_, old)| old.same(address, channel));
        let mut address = address.clone();
        let old = found.and_then(|(_, old)| old.opted_out_at);
        match (address.opted_out_at, old) {
            (Some(at), None) => refusals::note(tx, channel, &address.key, at)?,
            (Some(_), Some(_)) => {}
            (None, Some(at)) => address.opted_out_at = Some(at),
            (None, None) => address.opted_out_at = refusals::since(tx, channel, &address.key)?,
        }
        let mut columns = address.columns(channel);
        columns.push(("position", Sql::Integer(position)));
        match found {
            Some((row, _)) => changed |= tx.update(channel.name(), *row, columns)?,
            None => {
                columns.push(("customer_id", Sql::Integer(customer.raw())));
                tx.insert(channel.name(), tx.new_id(), columns)?;
                changed = true;
            }
        }
    }
    Ok(changed)
}

/// The customers outside the trash who hold an address, other than `except`.
pub fn holders(
    tx: &ReadTx<'_>,
    channel: Channel,
    kind: &str,
    key: &str,
    except: Option<Id>,
) -> Result<Vec<Id>> {
    let kind_test = if channel == Channel::Handle {
        "AND a.kind = ?3"
    } else {
        "AND ?3 IS NOT NULL"
    };
    let sql = format!(
        "SELECT DISTINCT c.id FROM {} AS a JOIN customer AS c ON c.id = a.customer_id
         WHERE a.key = ?1 AND c.deleted_at IS NULL AND c.id IS NOT ?2 {kind_test} ORDER BY c.id LIMIT 20",
        channel.name()
    );
    tx.all(&sql, (key, except.map(Id::raw), kind), |row| {
        Ok(Id::from_raw(row.get(0)?))
    })
}

/// The customers outside the trash with exactly this folded name, other than those in the trash.
pub fn by_name_key(tx: &ReadTx<'_>, key: &str) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM customer WHERE name_key = ?1 AND deleted_at IS NULL ORDER BY id LIMIT 20",
        [key],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// The companies outside the trash with exactly this folded name.
pub fn companies_by_name_key(tx: &ReadTx<'_>, key: &str) -> Result<Vec<Id>> {
    // The plus keeps SQLite from walking all companies by their type, which promises no less than a name to it.
    tx.all(
        "SELECT id FROM customer WHERE name_key = ?1 AND deleted_at IS NULL AND +type = 'company' ORDER BY id LIMIT 20",
        [key],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// What is kept up of a new customer and follows from its employer.
pub(crate) fn follows_from(employer: Option<Id>) -> Vec<Column<'static>> {
    employer
        .map(|company| ("company_id", Sql::Integer(company.raw())))
        .into_iter()
        .collect()
}

/// Says that a customer was made with its addresses and its employer, and that nothing else refers to it yet.
///
/// What is kept up follows from the name and the employer, and stands in the row from the start: an import of a million
/// customers need not look at each of them again.
pub(crate) fn made(tx: &WriteTx<'_>, id: Id) {
    tx.dirty().borrow_mut().fresh_customer(id);
}

/// The type of a customer, person or company, and the survivor if it was merged.
pub fn kind_and_survivor(tx: &ReadTx<'_>, id: Id) -> Result<Option<(String, Option<Id>)>> {
    tx.one(
        "SELECT type, merged_into_id FROM customer WHERE id = ?1",
        [id.raw()],
        |row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?.map(Id::from_raw))),
    )
}

/// Whether a customer has asked to be left alone.
pub fn wants_no_contact(tx: &ReadTx<'_>, id: Id) -> Result<bool> {
    let wish = tx.one(
        "SELECT do_not_contact FROM customer WHERE id = ?1",
        [id.raw()],
        |row| row.get(0),
    )?;
    Ok(wish.unwrap_or(false))
}

/// The lifecycle of a customer.
pub fn lifecycle(tx: &ReadTx<'_>, id: Id) -> Result<Option<String>> {
    tx.one(
        "SELECT lifecycle FROM customer WHERE id = ?1",
        [id.raw()],
        |row| row.get(0),
    )
}

/// How far a lead has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The lifecycle.
    pub lifecycle: String,
    /// The day on which it was found to be no lead.
    pub disqualified_on: Option<String>,
    /// Why.
    pub disqualified_reason: String,
    /// How many open deals there are.
    pub open_deals: i64,
    /// Who looks after the customer.
    pub owner: Option<Id>,
    /// Where the customer came from.
    pub source: String,
}

/// How far a customer has come as a lead; none for one who is not there.
pub fn standing(tx: &ReadTx<'_>, id: Id) -> Result<Option<Standing>> {
    tx.one(
        "SELECT lifecycle, disqualified_on, disqualified_reason,
                (SELECT count(*) FROM deal WHERE customer_id = customer.id AND status = 'open' AND deleted_at IS NULL),
                owner_id, source
         FROM customer WHERE id = ?1",
        [id.raw()],
        |row| {
            Ok(Standing {
                lifecycle: row.get(0)?,
                disqualified_on: row.get(1)?,
                disqualified_reason: row.get(2)?,
                open_deals: row.get(3)?,
                owner: row.get::<_, Option<i64>>(4)?.map(Id::from_raw),
                source: row.get(5)?,
            })
        },
    )
}

/// The deals of a customer with their names, the oldest first.
pub fn deals(tx: &ReadTx<'_>, id: Id) -> Result<Vec<(Id, String)>> {
    tx.all(
        "SELECT id, name FROM deal WHERE customer_id = ?1 AND deleted_at IS NULL ORDER BY id",
        [id.raw()],
        |row| Ok((Id::from_raw(row.get(0)?), row.get(1)?)),
    )
}

/// The open task of a customer with this title, if there is one.
pub fn open_task(tx: &ReadTx<'_>, id: Id, title: &str) -> Result<Option<Id>> {
    tx.one(
        "SELECT id FROM task WHERE customer_id = ?1 AND status = 'open' AND deleted_at IS NULL AND title = ?2
         ORDER BY id LIMIT 1",
        (id.raw(), title),
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Whether somebody has written down just this about a customer.
pub fn has_note(tx: &ReadTx<'_>, id: Id, text: &str) -> Result<bool> {
    let found = tx.one(
        "SELECT EXISTS (SELECT 1 FROM activity_customer AS l JOIN activity AS a ON a.id = l.activity_id
           WHERE l.customer_id = ?1 AND a.type = 'note' AND a.text = ?2 AND a.deleted_at IS NULL)",
        (id.raw(), text),
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(false))
}

/// One stay of a person at a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employment {
    /// The row.
    pub id: Id,
    /// The company.
    pub company: Id,
    /// Job title there.
    pub title: String,
    /// Role there.
    pub role: String,
    /// Whether it is the main one.
    pub is_primary: bool,
    /// First day, if known.
    pub started_on: Option<String>,
    /// Last day; none for a current one.
    pub ended_on: Option<String>,
}

/// The employments of a person, current ones first.
pub fn employments(tx: &ReadTx<'_>, person: Id) -> Result<Vec<Employment>> {
    tx.all(
        "SELECT id, company_id, title, role, is_primary, started_on, ended_on FROM employment WHERE customer_id = ?1
         ORDER BY ended_on IS NOT NULL, is_primary DESC, id DESC",
        [person.raw()],
        |row| {
            Ok(Employment {
                id: Id::from_raw(row.get(0)?),
                company: Id::from_raw(row.get(1)?),
                title: row.get(2)?,
                role: row.get(3)?,
                is_primary: row.get(4)?,
                started_on: row.get(5)?,
                ended_on: row.get(6)?,
            })
        },
    )
}

/// The current main employer of a person.
pub fn employer(tx: &ReadTx<'_>, person: Id) -> Result<Option<Employment>> {
    Ok(employments(tx, person)?
        .into_iter()
        .find(|employment| employment.ended_on.is_none()))
}

/// Ends an employment on `day`.
pub fn end_employment(tx: &WriteTx<'_>, employment: Id, day: Date) -> Result<bool> {
    tx.update(
        "employment",
        employment,
        vec![("ended_on", Sql::Text(day.to_string()))],
    )
}

/// Adds an employment; its `id` is ignored.
pub fn add_employment(tx: &WriteTx<'_>, person: Id, employment: &Employment) -> Result<()> {
    let day = |day: &Option<String>| day.clone().map_or(Sql::Null, Sql::Text);
    tx.insert(
        "employment",
        tx.new_id(),
        vec![
            ("customer_id", Sql::Integer(person.raw())),
            ("company_id", Sql::Integer(employment.company.raw())),
            ("title", Sql::Text(employment.title.clone())),
            ("role", Sql::Text(employment.role.clone())),
            ("is_primary", Sql::Integer(i64::from(employment.is_primary))),
            ("started_on", day(&employment.started_on)),
            ("ended_on", day(&employment.ended_on)),
        ],
    )
}

/// Writes everything about an employment but whose it is and where.
pub fn set_employment(tx: &WriteTx<'_>, employment: &Employment) -> Result<bool> {
    let day = |day: &Option<String>| day.clone().map_or(Sql::Null, Sql::Text);
    tx.update(
        "employment",
        employment.id,
        vec![
            ("title", Sql::Text(employment.title.clone())),
            ("role", Sql::Text(employment.role.clone())),
            ("is_primary", Sql::Integer(i64::from(employment.is_primary))),
            ("started_on", day(&employment.started_on)),
            ("ended_on", day(&employment.ended_on)),
        ],
    )
}

/// The job title that stands with a person; empty if none is known.
pub fn title(tx: &ReadTx<'_>, person: Id) -> Result<String> {
    let title = tx.one(
        "SELECT title FROM customer WHERE id = ?1",
        [person.raw()],
        |row| row.get(0),
    )?;
    Ok(title.unwrap_or_default())
}

/// Sets the title of an employment.
pub fn set_employment_title(tx: &WriteTx<'_>, employment: Id, title: &str) -> Result<bool> {
    tx.update(
        "employment",
        employment,
        vec![("title", Sql::Text(title.to_owned()))],
    )
}

/// A day as stored.
pub fn day(text: &str) -> Result<Date> {
    keep::date(text)
}
