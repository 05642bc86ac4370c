//! The deals themselves, group by group: what the figures of a rollup are made of.

use rusqlite::params_from_iter;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::rollups::statement::Statement;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Deals, FURTHEST, Group, Heading, Key};
use crate::store::tx::ReadTx;

/// A deal, and how far it came in its pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The deal.
    pub id: Id,
    /// Its pipeline.
    pub pipeline: i64,
    /// The furthest position of an open stage that it was ever in; 0 for none.
    pub furthest: i64,
    /// Whether it was won, and so passed every open stage.
    pub won: bool,
}

/// The deals of every group, in no order.
pub fn members(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<Vec<(Key, Heading, Vec<Member>)>> {
    let statement = Statement::new(tx, deals, group)?;
    let sql = statement.rows(&["r.id", "r.pipeline_id", FURTHEST, "r.status = 'won'"]);
    let mut found: Sums<Vec<Member>> = Sums::default();
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        let member = Member {
            id: Id::from_raw(row.get(1)?),
            pipeline: row.get(2)?,
            furthest: row.get(3)?,
            won: row.get(4)?,
        };
        found.at(row.get_ref(0)?, Vec::new)?.push(member);
        Ok(())
    })?;
    found.named(tx, group)
}
