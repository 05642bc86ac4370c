//! The rows around an activity: who took part; and what a task or an activity is about.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// What an activity is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The customer it was with.
    pub customer: Option<Id>,
    /// Further people who took part.
    pub people: Vec<Id>,
    /// The deal.
    pub deal: Option<Id>,
}

/// What an activity is about.
pub fn about(tx: &ReadTx<'_>, activity: Id) -> Result<About> {
    let deal: Option<Option<i64>> = tx.one(
        "SELECT deal_id FROM activity WHERE id = ?1",
        [activity.raw()],
        |row| row.get(0),
    )?;
    let of = |role: &str| {
        tx.all(
            "SELECT customer_id FROM activity_customer WHERE activity_id = ?1 AND role = ?2 ORDER BY id",
            (activity.raw(), role),
            |row| Ok(Id::from_raw(row.get(0)?)),
        )
    };
    Ok(About {
        customer: of("customer")?.into_iter().next(),
        people: of("participant")?,
        deal: deal.flatten().map(Id::from_raw),
    })
}

/// The customer of a deal.
pub fn customer_of_deal(tx: &ReadTx<'_>, deal: Id) -> Result<Option<Id>> {
    let customer: Option<Option<i64>> = tx.one(
        "SELECT customer_id FROM deal WHERE id = ?1",
        [deal.raw()],
        |row| row.get(0),
    )?;
    Ok(customer.flatten().map(Id::from_raw))
}

/// The deal that a task is about.
pub fn deal_of_task(tx: &ReadTx<'_>, task: Id) -> Result<Option<Id>> {
    let deal: Option<Option<i64>> =
        tx.one("SELECT deal_id FROM task WHERE id = ?1", [task.raw()], |row| {
            row.get(0)
        })?;
    Ok(deal.flatten().map(Id::from_raw))
}

/// Whether a task is open, done or cancelled.
pub fn task_status(tx: &ReadTx<'_>, task: Id) -> Result<Option<String>> {
    tx.one("SELECT status FROM task WHERE id = ?1", [task.raw()], |row| {
        row.get(0)
    })
}

/// Makes these the people of an activity, and links the employer of that time of each; true if anything changed.
pub fn set_parties(tx: &WriteTx<'_>, activity: Id, customer: Option<Id>, people: &[Id]) -> Result<bool> {
    let on: Option<String> = tx.one(
        "SELECT on_date FROM activity WHERE id = ?1",
        [activity.raw()],
        |row| row.get(0),
    )?;
    let on = on.unwrap_or_default();
    let mut wanted: Vec<(Id, &str)> = customer.into_iter().map(|id| (id, "customer")).collect();
    for person in people {
        if !wanted.iter().any(|(id, _)| id == person) {
            wanted.push((*person, "participant"));
        }
    }
    for (person, _) in wanted.clone() {
        if let Some(employer) = employer_on(tx, person, &on)?
            && !wanted.iter().any(|(id, _)| *id == employer)
        {
            wanted.push((employer, "employer"));
        }
    }
    let known: Vec<(Id, Id, String)> = tx.all(
        "SELECT id, customer_id, role FROM activity_customer WHERE activity_id = ?1 ORDER BY id",
        [activity.raw()],
        |row| Ok((Id::from_raw(row.get(0)?), Id::from_raw(row.get(1)?), row.get(2)?)),
    )?;
    let mut changed = false;
    for (row, id, role) in &known {
        if !wanted
            .iter()
            .any(|(wanted, as_role)| wanted == id && as_role == role)
        {
            tx.delete("activity_customer", *row)?;
            changed = true;
        }
    }
    for (id, role) in wanted {
        if !known
            .iter()
            .any(|(_, known, as_role)| *known == id && as_role == role)
        {
            insert_party(tx, activity, id, role)?;
            changed = true;
        }
    }
    Ok(changed)
}

/// Puts these in place of those whom an activity of this operation got from its deal, and from where its people work
/// now.
pub(crate) fn restore_parties(tx: &WriteTx<'_>, activity: Id, about: &About, employers: &[Id]) -> Result<()> {
    tx.unmake("activity_customer", "activity_id", activity)?;
    let customer = about.customer.map(|id| (id, "customer"));
    let people = about.people.iter().map(|id| (*id, "participant"));
    let employers = employers.iter().map(|id| (*id, "employer"));
    for (id, role) in customer.into_iter().chain(people).chain(employers) {
        insert_party(tx, activity, id, role)?;
    }
    Ok(())
}

fn insert_party(tx: &WriteTx<'_>, activity: Id, customer: Id, role: &str) -> Result<()> {
    tx.insert(
        "activity_customer",
        tx.new_id(),
        vec![
            ("activity_id", Sql::Integer(activity.raw())),
            ("customer_id", Sql::Integer(customer.raw())),
            ("role", Sql::Text(role.to_owned())),
        ],
    )
}

/// The main employer of a person on a day.
fn employer_on(tx: &ReadTx<'_>, person: Id, day: &str) -> Result<Option<Id>> {
    tx.one(
        "SELECT company_id FROM employment
         WHERE customer_id = ?1 AND coalesce(started_on, '') <= ?2 AND coalesce(ended_on, '9999') > ?2
         ORDER BY is_primary DESC, id DESC LIMIT 1",
        (person.raw(), day),
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}
