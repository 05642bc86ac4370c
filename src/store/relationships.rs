//! The rows of relations between customers: each relation is one row, whichever side it is seen from.

use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::relationship;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// One relation, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// The row.
    pub id: Id,
    /// The customer of whom it is said.
    pub from: Id,
    /// The other.
    pub to: Id,
    /// The key of the sort, as seen from the first.
    pub sort: String,
    /// What was said about it.
    pub note: String,
}

impl Relationship {
    /// Whether two relations say the same, whatever was noted: of a mutual sort it does not matter who comes first.
    pub fn same(&self, from: Id, to: Id, sort: &str) -> bool {
        let turned = relationship::stored(sort).is_some_and(relationship::Sort::is_mutual);
        self.sort == sort
            && ((self.from, self.to) == (from, to) || (turned && (self.to, self.from) == (from, to)))
    }
}

/// The relations of a customer, from either side, in the order in which they were made.
pub fn of(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Relationship>> {
    tx.all(
        "SELECT id, customer_id, other_id, type, note FROM relationship
         WHERE customer_id = ?1 OR other_id = ?1 ORDER BY id",
        [customer.raw()],
        |row| {
            Ok(Relationship {
                id: Id::from_raw(row.get(0)?),
                from: Id::from_raw(row.get(1)?),
                to: Id::from_raw(row.get(2)?),
                sort: row.get(3)?,
                note: row.get(4)?,
            })
        },
    )
}

/// Whether relations of one sort lead from one customer to another over any number of others.
pub fn leads_to(tx: &ReadTx<'_>, from: Id, to: Id, sort: &str) -> Result<bool> {
    let found = tx.one(
        "WITH RECURSIVE reached(id) AS (
           SELECT ?1
           UNION SELECT r.other_id FROM relationship AS r JOIN reached ON r.customer_id = reached.id WHERE r.type = ?3
         )
         SELECT EXISTS (SELECT 1 FROM reached WHERE id = ?2)",
        (from.raw(), to.raw(), sort),
        |row| row.get(0),
    )?;
    Ok(found.unwrap_or(false))
}

/// Adds a relation, or a note to the one that is there; true if anything was different.
pub(crate) fn put(tx: &WriteTx<'_>, from: Id, to: Id, sort: &str, note: Option<&str>) -> Result<bool> {
    if let Some(known) = of(tx, from)?.into_iter().find(|known| known.same(from, to, sort)) {
        return match note {
            Some(note) => tx.update(
                "relationship",
                known.id,
                vec![("note", Sql::Text(note.to_owned()))],
            ),
            None => Ok(false),
        };
    }
    tx.insert(
        "relationship",
        tx.new_id(),
        vec![
            ("customer_id", Sql::Integer(from.raw())),
            ("other_id", Sql::Integer(to.raw())),
            ("type", Sql::Text(sort.to_owned())),
            ("note", Sql::Text(note.unwrap_or_default().to_owned())),
        ],
    )?;
    Ok(true)
}

/// Takes a relation away.
pub(crate) fn remove(tx: &WriteTx<'_>, relationship: Id) -> Result<()> {
    tx.delete("relationship", relationship)
}

/// Gives the relations of `loser` to `winner`. Nobody is related to themselves, nor twice in the same way; of two
/// relations that become one, the first note stays.
pub(crate) fn absorb(tx: &WriteTx<'_>, winner: Id, loser: Id) -> Result<()> {
    let renamed = |id: Id| if id == loser { winner } else { id };
    let mut known = of(tx, winner)?;
    known.retain(|relation| relation.from != loser && relation.to != loser);
    for relation in of(tx, loser)? {
        let (from, to) = (renamed(relation.from), renamed(relation.to));
        if from == to {
            tx.delete("relationship", relation.id)?;
            continue;
        }
        if let Some(same) = known.iter().find(|known| known.same(from, to, &relation.sort)) {
            if same.note.is_empty() && !relation.note.is_empty() {
                tx.update("relationship", same.id, vec![("note", Sql::Text(relation.note))])?;
            }
            tx.delete("relationship", relation.id)?;
            continue;
        }
        let columns = vec![
            ("customer_id", Sql::Integer(from.raw())),
            ("other_id", Sql::Integer(to.raw())),
        ];
        tx.update("relationship", relation.id, columns)?;
        known.push(Relationship { from, to, ..relation });
    }
    Ok(())
}
