//! Who has a part in a deal, and which.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// Somebody who has a part in a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The row.
    pub id: Id,
    /// Who.
    pub customer: Id,
    /// The part; empty if nobody has said.
    pub role: String,
    /// Whether it is the main person.
    pub is_primary: bool,
}

/// Those who have a part in a deal, the main one first.
pub fn parts(tx: &ReadTx<'_>, deal: Id) -> Result<Vec<Person>> {
    tx.all(
        "SELECT id, customer_id, role, is_primary FROM deal_person WHERE deal_id = ?1 ORDER BY is_primary DESC, id",
        [deal.raw()],
        |row| {
            Ok(Person {
                id: Id::from_raw(row.get(0)?),
                customer: Id::from_raw(row.get(1)?),
                role: row.get(2)?,
                is_primary: row.get(3)?,
            })
        },
    )
}

/// Sets the part of a person in a deal, and whether it is the main one; true if anything was different.
pub(crate) fn set_part(tx: &WriteTx<'_>, person: &Person) -> Result<bool> {
    let columns = vec![
        ("role", Sql::Text(person.role.clone())),
        ("is_primary", Sql::Integer(i64::from(person.is_primary))),
    ];
    tx.update("deal_person", person.id, columns)
}

/// The people of a deal with their rows, the main one first.
fn person_rows(tx: &ReadTx<'_>, deal: Id) -> Result<Vec<(Id, Id)>> {
    let people = parts(tx, deal)?.into_iter();
    Ok(people.map(|person| (person.id, person.customer)).collect())
}

/// The people who have a part in a deal, the main one first.
pub fn people(tx: &ReadTx<'_>, deal: Id) -> Result<Vec<Id>> {
    Ok(person_rows(tx, deal)?
        .into_iter()
        .map(|(_, person)| person)
        .collect())
}

/// Makes `wanted` the people of a deal. Whoever stays keeps the role, and the first place; else the first of `wanted`
/// gets it.
pub(crate) fn set_people(tx: &WriteTx<'_>, deal: Id, wanted: &[Id]) -> Result<()> {
    let known = person_rows(tx, deal)?;
    let main = known
        .first()
        .map(|(_, person)| *person)
        .filter(|person| wanted.contains(person))
        .or_else(|| wanted.first().copied());
    for (row, _) in known.iter().filter(|(_, person)| !wanted.contains(person)) {
        tx.delete("deal_person", *row)?;
    }
    for person in wanted {
        let is_primary = Sql::Integer(i64::from(Some(*person) == main));
        match known.iter().find(|(_, known)| known == person) {
            Some((row, _)) => {
                tx.update("deal_person", *row, vec![("is_primary", is_primary)])?;
            }
            None => tx.insert(
                "deal_person",
                tx.new_id(),
                vec![
                    ("deal_id", Sql::Integer(deal.raw())),
                    ("customer_id", Sql::Integer(person.raw())),
                    ("is_primary", is_primary),
                ],
            )?,
        }
    }
    Ok(())
}
