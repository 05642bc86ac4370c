//! Who reports to whom, and what a user or a team still has to look after.

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::tx::ReadTx;

/// The user to whom a user reports.
pub fn manager(tx: &ReadTx<'_>, user: Id) -> Result<Option<Id>> {
    let manager: Option<Option<i64>> =
        tx.one("SELECT manager_id FROM user WHERE id = ?1", [user.raw()], |row| {
            row.get(0)
        })?;
    Ok(manager.flatten().map(Id::from_raw))
}

/// What a user looks after, each as a number and what it counts; nothing that is zero.
pub fn duties(tx: &ReadTx<'_>, user: Id) -> Result<Vec<(i64, &'static str)>> {
    let counts = [
        (
            "open deals",
            "SELECT count(*) FROM deal WHERE owner_id = ?1 AND status = 'open' AND deleted_at IS NULL",
        ),
        (
            "open tasks",
            "SELECT count(*) FROM task WHERE assignee_id = ?1 AND status = 'open' AND deleted_at IS NULL",
        ),
        (
            "customers",
            "SELECT count(*) FROM customer WHERE owner_id = ?1 AND deleted_at IS NULL",
        ),
        (
            "users who report to them",
            "SELECT count(*) FROM user WHERE manager_id = ?1 AND deleted_at IS NULL",
        ),
        (
            "teams that they lead",
            "SELECT count(*) FROM team WHERE manager_id = ?1 AND deleted_at IS NULL",
        ),
    ];
    let mut duties = Vec::new();
    for (what, sql) in counts {
        let count: i64 = tx.one(sql, [user.raw()], |row| row.get(0))?.unwrap_or(0);
        if count > 0 {
            duties.push((count, what));
        }
    }
    Ok(duties)
}

/// How many users outside the trash are in a team.
pub fn count_members(tx: &ReadTx<'_>, team: Id) -> Result<i64> {
    let count = tx.one(
        "SELECT count(*) FROM user WHERE team_id = ?1 AND deleted_at IS NULL",
        [team.raw()],
        |row| row.get(0),
    )?;
    Ok(count.unwrap_or(0))
}
