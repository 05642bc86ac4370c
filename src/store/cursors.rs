//! Cursors: where a command that is run again and again stopped last time. They are no business data: not logged, not
//! undone, not exported.

use std::collections::BTreeSet;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::{ReadTx, WriteTx};

/// What changed among the members of a cursor since it was last moved.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Turnover {
    /// Who is there now and was not, in the order of their ids.
    pub entered: Vec<Id>,
    /// Who was there and is not any more.
    pub left: Vec<Id>,
}

/// Where the command called `name` stopped; none if it never ran.
pub fn position(tx: &ReadTx<'_>, name: &str) -> Result<Option<String>> {
    tx.one("SELECT value FROM cursor WHERE name = ?1", [name], |row| {
        row.get(0)
    })
}

/// Moves the cursor `name`.
pub fn move_to(tx: &WriteTx<'_>, name: &str, value: &str) -> Result<()> {
    tx.connection()
        .prepare_cached(
            "INSERT INTO cursor (name, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
        )?
        .execute((name, value))?;
    Ok(())
}

/// Compares the members that the cursor `name` knows with those of now.
pub fn turnover(tx: &ReadTx<'_>, name: &str, now: &BTreeSet<Id>) -> Result<Turnover> {
    let known: BTreeSet<Id> = tx
        .all(
            "SELECT record_id FROM cursor_member WHERE cursor = ?1",
            [name],
            |row| row.get(0),
        )?
        .into_iter()
        .map(Id::from_raw)
        .collect();
    Ok(Turnover {
        entered: now.difference(&known).copied().collect(),
        left: known.difference(now).copied().collect(),
    })
}

/// Lets the cursor `name` know the members of now.
pub fn move_members(tx: &WriteTx<'_>, name: &str, turnover: &Turnover) -> Result<()> {
    let mut insert = tx
        .connection()
        .prepare_cached("INSERT OR IGNORE INTO cursor_member (cursor, record_id) VALUES (?1, ?2)")?;
    for id in &turnover.entered {
        insert.execute((name, id.raw()))?;
    }
    let mut delete = tx
        .connection()
        .prepare_cached("DELETE FROM cursor_member WHERE cursor = ?1 AND record_id = ?2")?;
    for id in &turnover.left {
        delete.execute((name, id.raw()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::tests::Base;

    #[test]
    fn a_cursor_tells_who_came_and_who_went() {
        let mut base = Base::new();
        let set = |ids: &[i64]| ids.iter().copied().map(Id::from_raw).collect::<BTreeSet<Id>>();
        let written = base.store.write(&base.caller, |tx| {
            assert_eq!(position(tx, "today")?, None);
            move_to(tx, "today", "2026-11-27")?;
            move_to(tx, "today", "2026-11-28")?;
            let first = turnover(tx, "watch", &set(&[1, 2]))?;
            assert_eq!(first.entered, [1, 2].map(Id::from_raw));
            move_members(tx, "watch", &first)?;
            let second = turnover(tx, "watch", &set(&[2, 3]))?;
            move_members(tx, "watch", &second)?;
            assert_eq!(
                (second.entered, second.left),
                (vec![Id::from_raw(3)], vec![Id::from_raw(1)])
            );
            assert_eq!(turnover(tx, "watch", &set(&[2, 3]))?, Turnover::default());
            position(tx, "today")
        });
        let written = written.expect("a write");
        assert_eq!(written.value.as_deref(), Some("2026-11-28"));
        assert!(written.op.is_none(), "a cursor is no operation");
    }
}
