//! How soon customers heard from us after they were added.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Group, Heading, Key};
use crate::store::tx::ReadTx;

/// The customers of one group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waits {
    /// How many seconds those waited who heard from us, in no order.
    pub seconds: Vec<i64>,
    /// How many never did.
    pub untouched: i64,
    /// How many had heard from us before they were added; they did not wait.
    pub known_before: i64,
    /// Those who waited, or never heard from us.
    pub ids: Vec<Id>,
}

/// The waits of the customers of every group that were added from one instant to another, in milliseconds since 1970;
/// in no order. Groups are by owner, team and source.
pub fn waits(
    tx: &ReadTx<'_>,
    condition: &Condition,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    group: Group,
) -> Result<Vec<(Key, Heading, Waits)>> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Customer, condition, &mut bound)?;
    let mut tests = vec![chosen.condition, "r.deleted_at IS NULL".to_owned()];
    for (test, at) in [("r.created_at >= ?", from_ms), ("r.created_at < ?", to_ms)] {
        if let Some(at) = at {
            tests.push(test.to_owned());
            bound.push(Sql::Integer(at));
        }
    }
    let key = match group {
        Group::Owner => "r.owner_id",
        Group::Team => "(SELECT team_id FROM user WHERE id = r.owner_id)",
        Group::Source => "nullif(r.source, '')",
        _ => "NULL",
    };
    // A day of contact is missing for mere notes and for what is in the trash.
    let sql = format!(
        "SELECT {key}, r.created_at, r.id,
                (SELECT min(a.at) FROM activity_customer AS l JOIN activity AS a ON a.id = l.activity_id
                 WHERE l.customer_id = r.id AND l.contact_on IS NOT NULL AND a.direction <> 'in')
         FROM {} WHERE {}",
        chosen.from,
        tests.join(" AND ")
    );
    let mut sums: Sums<Waits> = Sums::default();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        let created_at: i64 = row.get(1)?;
        let waits = sums.at(row.get_ref(0)?, Waits::default)?;
        match row.get::<_, Option<i64>>(3)? {
            None => waits.untouched += 1,
            Some(first) if first < created_at => {
                waits.known_before += 1;
                return Ok(());
            }
            Some(first) => waits.seconds.push((first - created_at) / 1000),
        }
        waits.ids.push(Id::from_raw(row.get(2)?));
        Ok(())
    })?;
    sums.named(tx, group)
}
