//! The ways that deals really took through their stages.

use std::collections::{BTreeMap, HashMap};

use rusqlite::params_from_iter;

use crate::domain::id::Id;
use crate::error::Result;
use crate::store::rollups::days::day;
use crate::store::rollups::statement::{Statement, heading, headings};
use crate::store::rollups::{Deals, Group, Heading, Key};
use crate::store::tx::ReadTx;

/// From which stage to which; from none where a deal began.
pub type Step = (Option<i64>, i64);

/// How deals went from stage to stage.
#[derive(Debug, Default)]
pub struct Steps {
    /// How many deals there are.
    pub deals: i64,
    /// How often a deal came into each stage.
    pub stays: HashMap<i64, i64>,
    /// The days that the stay before each move took, one for every move; of a beginning 0.
    pub days: BTreeMap<Step, Vec<i64>>,
    /// What every stage is called, also one in the trash.
    pub headings: HashMap<i64, Heading>,
}

/// The steps of the deals, each as often as it was made.
pub fn steps(tx: &ReadTx<'_>, deals: &Deals<'_>) -> Result<Steps> {
    let mut found = Steps::default();
    walk(tx, deals, |_, (from, to), days| {
        found.deals += i64::from(from.is_none());
        *found.stays.entry(to).or_default() += 1;
        found.days.entry((from, to)).or_default().push(days);
    })?;
    found.headings = stages(tx)?;
    Ok(found)
}

/// The deals that made a step, each once.
pub fn movers(tx: &ReadTx<'_>, deals: &Deals<'_>, step: Step) -> Result<Vec<Id>> {
    let mut found = Vec::new();
    walk(tx, deals, |deal, made, _| {
        if made == step && found.last() != Some(&deal) {
            found.push(deal);
        }
    })?;
    Ok(found)
}

/// What every stage is called, also one in the trash.
pub fn stages(tx: &ReadTx<'_>) -> Result<HashMap<i64, Heading>> {
    let sql = format!(
        "WITH g(k) AS (SELECT id FROM stage) SELECT {} FROM g",
        headings(Group::Stage)
    );
    let mut found = HashMap::new();
    tx.each_row(&sql, [], |row| {
        if let (Key::Record(stage), heading) = heading(row)? {
            found.insert(stage, heading);
        }
        Ok(())
    })?;
    Ok(found)
}

/// Tells of every step of every deal, in order: the deal, the step, and the days that the stay before it took.
fn walk(tx: &ReadTx<'_>, deals: &Deals<'_>, mut told: impl FnMut(Id, Step, i64)) -> Result<()> {
    let statement = Statement::new(tx, deals, Group::All)?;
    let sql = format!(
        "SELECT r.id, i.stage_id, i.entered_on FROM {} JOIN stage_interval AS i ON i.deal_id = r.id
         WHERE {} ORDER BY r.id, i.id",
        statement.from, statement.condition
    );
    // The deal, its stage, and the day on which it came into it.
    let mut before: Option<(i64, i64, i64)> = None;
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        let (deal, stage): (i64, i64) = (row.get(0)?, row.get(1)?);
        let entered = day(row, 2)?;
        let (from, days) = match before {
            Some((known, from, since)) if known == deal => (Some(from), entered - since),
            _ => (None, 0),
        };
        told(Id::from_raw(deal), (from, stage), days);
        before = Some((deal, stage, entered));
        Ok(())
    })
}
