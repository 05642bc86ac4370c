//! Leads: when they became some, whether they were converted or found to be none, and when they first heard from us.

use rusqlite::params_from_iter;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::rollups::tallies::Sums;
use crate::store::rollups::{Group, Heading, Key};
use crate::store::tx::ReadTx;

/// A lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// The customer.
    pub id: Id,
    /// When it became a lead, in milliseconds since 1970: came in as one, or became one later; of a prospect who was
    /// qualified at once, when that was.
    pub entered_at: i64,
    /// When its lifecycle first was that of somebody qualified or further on; none if it never was.
    pub converted_at: Option<i64>,
    /// The day on which it was found to be none, if that still holds.
    pub disqualified_on: Option<String>,
    /// When the customer first heard from us, also before becoming a lead.
    pub heard_at: Option<i64>,
}

/// The lifecycles of whoever is a lead no more because something came of it.
const CONVERTED: &str =
    "'qualified', 'opportunity', 'first_customer', 'repeat_customer', 'loyal', 'advocate'";

/// The leads of every group, whenever they became some; in no order. Groups are by owner, team and source.
///
/// Of a lifecycle that never changed there is no interval: it holds since the customer was added.
pub fn leads(tx: &ReadTx<'_>, condition: &Condition, group: Group) -> Result<Vec<(Key, Heading, Vec<Lead>)>> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, Noun::Customer, condition, &mut bound)?;
    let key = match group {
        Group::Owner => "r.owner_id",
        Group::Team => "(SELECT team_id FROM user WHERE id = r.owner_id)",
        Group::Source => "nullif(r.source, '')",
        _ => "NULL",
    };
    let first = |values: &str, more: &str| {
        format!(
            "(SELECT min(v.started_at) FROM value_interval AS v
              WHERE v.record_id = r.id AND v.attribute = 'lifecycle' AND v.value IN ({values}){more})"
        )
    };
    let after = " AND EXISTS (SELECT 1 FROM value_interval AS e WHERE e.record_id = r.id
                  AND e.attribute = 'lifecycle' AND e.value IN ('prospect', 'lead') AND e.started_at <= v.started_at)";
    // A day of contact is missing for mere notes and for what is in the trash.
    let sql = format!(
        "SELECT {key}, r.id, r.created_at, r.lifecycle, {}, {}, {}, r.disqualified_on,
                (SELECT min(a.at) FROM activity_customer AS l JOIN activity AS a ON a.id = l.activity_id
                 WHERE l.customer_id = r.id AND l.contact_on IS NOT NULL AND a.direction <> 'in')
         FROM {} WHERE {} AND r.deleted_at IS NULL
           AND (r.lifecycle = 'lead' OR EXISTS (SELECT 1 FROM value_interval AS v WHERE v.record_id = r.id
                AND v.attribute = 'lifecycle' AND v.value IN ('lead', 'qualified')))",
        first("'lead'", ""),
        first("'qualified'", after),
        first(CONVERTED, after),
        chosen.from,
        chosen.condition
    );
    let mut sums: Sums<Vec<Lead>> = Sums::default();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        let created_at: i64 = row.get(2)?;
        let is_lead = row
            .get_ref(3)?
            .as_str()
            .is_ok_and(|lifecycle| lifecycle == "lead");
        let as_lead: Option<i64> = row.get(4)?;
        let at_once: Option<i64> = row.get(5)?;
        let Some(entered_at) = as_lead.or(is_lead.then_some(created_at)).or(at_once) else {
            return Ok(());
        };
        let converted_at: Option<i64> = row.get(6)?;
        let lead = Lead {
            id: Id::from_raw(row.get(1)?),
            entered_at,
            converted_at: converted_at.filter(|at| *at >= entered_at),
            disqualified_on: row.get(7)?,
            heard_at: row.get(8)?,
        };
        sums.at(row.get_ref(0)?, Vec::new)?.push(lead);
        Ok(())
    })?;
    sums.named(tx, group)
}
