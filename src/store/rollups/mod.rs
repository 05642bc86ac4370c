//! Sums and counts over deals and what is done for them: what reports are made of. No ratios, rounding or words.
//!
//! Every function is one walk over the records that a filter selects. The trash never counts, whatever the filter
//! says. Amounts are those in the base currency: frozen for closed deals, at the newest rate for open ones. The
//! owner of a closed deal is who owned it at its close.

pub mod activities;
pub mod aging;
pub mod buyers;
pub mod feedback;
pub mod leads;
pub mod members;
pub mod orders;
pub mod quality;
pub mod receivables;
pub mod response;
pub mod slippage;
pub mod steps;
pub mod tasks;
pub mod tickets;

mod days;
mod expressions;
mod statement;
mod tallies;

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::params_from_iter;

use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::rollups::days::days;
use crate::store::rollups::statement::{HEADING_COLUMNS, Statement, heading, headings, key};
use crate::store::tx::ReadTx;

pub use crate::store::rollups::tallies::{tallies, total};

/// What deals are grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Nothing: one group of all.
    All,
    /// Who gets the credit.
    Owner,
    /// The team of that user.
    Team,
    /// The pipeline.
    Pipeline,
    /// The stage; of a closed deal the last open one.
    Stage,
    /// Each product in the lines: a deal may be in several groups.
    Product,
    /// Where it stands; only of orders.
    Status,
    /// Where the deal came from.
    Source,
    /// The customer.
    Customer,
    /// Why it was lost.
    LostReason,
    /// Who else was in the race.
    Competitor,
    /// The survey that is answered.
    Survey,
    /// The level of the customer.
    Level,
    /// By which way it came.
    Channel,
    /// The month of the day that counts.
    Month,
    /// The quarter of the day that counts.
    Quarter,
    /// Who works on a ticket.
    Assignee,
    /// How much a ticket presses.
    Priority,
    /// The service policy of a ticket.
    Policy,
}

impl Group {
    /// True if a deal may be in several groups, so that their sums are not those of the deals.
    pub fn is_many(self) -> bool {
        self == Group::Product
    }
}

/// Which deals are counted, and by which day a month or quarter takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that are open now and should close in the period; by the expected day.
    Open(Period),
    /// The same, with a side for each of [`CATEGORIES`] and a last one for those in none of them.
    Expected(Period),
    /// Those that are open now and should have closed before the day; by the expected day.
    Overdue(Date),
    /// Those whose expected day lies from the first day up to the second, and those where it was ever changed.
    ExpectedOnce(Date, Date),
    /// Those that are open now and have no expected day.
    OpenUndated,
    /// Those that were open at the beginning of the day; abandoned ones never were.
    OpenAt(Date),
    /// The same, weighted by the probability with which they came into the stage that they were in.
    WeighedAt(Date),
    /// Those with one of these outcomes that were closed in the period; by the day of the close.
    Closed(&'static [StageType], Period),
    /// Those that were opened in the period, without abandoned ones; by the first day.
    Opened(Period),
    /// The abandoned ones that were opened in the period; by the first day.
    OpenedAbandoned(Period),
}

/// The forecast categories in which open deals count, the surest first.
pub const CATEGORIES: [&str; 3] = ["commit", "best_case", "pipeline"];

/// The deals that a rollup is over.
#[derive(Debug, Clone, Copy)]
pub struct Deals<'c> {
    /// What the filter says.
    pub condition: &'c Condition,
    /// Which of them count.
    pub which: Which,
}

/// What a group is called, and where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heading {
    /// The place that the group has by its nature: that of a stage in its pipeline; else 0.
    pub place: i64,
    /// The name or key; none for deals that have nothing here.
    pub name: Option<String>,
    /// The number behind the ref; 0 where names are unique.
    pub no: i64,
}

/// Counts and sums of one group.
#[derive(Debug, Clone)]
pub struct Tally {
    /// The group; the same key in every rollup of one snapshot.
    pub key: Key,
    /// What it is called.
    pub heading: Heading,
    /// The figures: of [`Which::Closed`] one per outcome in the order asked for, of [`Which::Expected`] one per
    /// category, else one for all.
    pub sides: Vec<Side>,
}

/// What tells a group from the others.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Key {
    /// Nothing is known, or there is only one group.
    None,
    /// A record.
    Record(i64),
    /// A key of a picklist, a month.
    Word(String),
}

/// The figures of one side of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Side {
    /// How many deals.
    pub deals: i64,
    /// How many of them have an amount.
    pub with_amount: i64,
    /// How many of them have an amount in the base currency, and so are in the sum.
    pub in_sum: i64,
    /// The sum, in minor units of the base currency.
    pub amount: i64,
    /// The sum weighted by probability, in hundredths of minor units; only for open deals.
    pub weighted: i128,
    /// The sum of the days from opening to close; only for closed deals.
    pub days: i64,
}

impl Side {
    /// Adds the figures of other deals.
    pub fn add(&mut self, other: &Side) {
        self.deals += other.deals;
        self.with_amount += other.with_amount;
        self.in_sum += other.in_sum;
        self.amount = self.amount.saturating_add(other.amount);
        self.weighted = self.weighted.saturating_add(other.weighted);
        self.days += other.days;
    }
}

/// Amounts and lengths of the deals of one group, in no order.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Amounts in minor units of the base currency, where they are known.
    pub amounts: Vec<i64>,
    /// Days from opening to close.
    pub days: Vec<i64>,
}

/// How far the deals of a group came in one pipeline.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The group.
    pub key: Key,
    /// What it is called.
    pub heading: Heading,
    /// The pipeline.
    pub pipeline: i64,
    /// The furthest position of an open stage that they were ever in; 0 for none.
    pub furthest: i64,
    /// Whether they were won, and so passed every open stage.
    pub won: bool,
    /// How many deals.
    pub deals: i64,
}

/// The amounts and lengths of the deals of every group.
pub fn samples(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<HashMap<Key, Sample>> {
    let statement = Statement::new(tx, deals, group)?;
    let sql = statement.rows(&["r.amount_base", "r.closed_on", "r.opened_on"]);
    let mut found: HashMap<Key, Sample> = HashMap::new();
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        let sample = found.entry(key(row)?).or_default();
        sample.amounts.extend(row.get::<_, Option<i64>>(1)?);
        sample.days.push(days(row, 2, 3)?);
        Ok(())
    })?;
    Ok(found)
}

/// The furthest position of an open stage that a deal was ever in; 0 for none.
///
/// A stay in a stage of another pipeline says nothing about this one. The stages in the deal's own row count even where
/// a foreign file brought no history.
const FURTHEST: &str = "max(
    coalesce((SELECT max(stage.position) FROM stage_interval
              JOIN stage ON stage.id = stage_interval.stage_id
              WHERE stage_interval.deal_id = r.id AND stage.type = 'open'
                AND stage.pipeline_id = r.pipeline_id), 0),
    coalesce((SELECT stage.position FROM stage
              WHERE stage.id = CASE WHEN r.status = 'open' THEN r.stage_id ELSE r.last_open_stage_id END
                AND stage.type = 'open' AND stage.pipeline_id = r.pipeline_id), 0))";

/// How far the deals of every group came, by pipeline.
pub fn reaches(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<Vec<Reach>> {
    let statement = Statement::new(tx, deals, group)?;
    let inner = format!(
        "SELECT {} AS k, r.pipeline_id AS pipeline, r.status = 'won' AS won,
                CASE WHEN r.status = 'won' THEN 0 ELSE {FURTHEST} END AS furthest
         FROM {} WHERE {}",
        statement.key, statement.from, statement.condition
    );
    let sql = format!(
        "SELECT {}, g.pipeline, g.furthest, g.won, g.deals FROM
           (SELECT k, pipeline, furthest, won, count(*) AS deals FROM ({inner}) GROUP BY 1, 2, 3, 4) AS g",
        headings(group)
    );
    let mut found = Vec::new();
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        let (key, heading) = heading(row)?;
        found.push(Reach {
            key,
            heading,
            pipeline: row.get(HEADING_COLUMNS)?,
            furthest: row.get(HEADING_COLUMNS + 1)?,
            won: row.get(HEADING_COLUMNS + 2)?,
            deals: row.get(HEADING_COLUMNS + 3)?,
        });
        Ok(())
    })?;
    Ok(found)
}

/// The id and the key of every pipeline, in order.
pub fn pipelines(tx: &ReadTx<'_>) -> Result<Vec<(i64, String)>> {
    tx.all("SELECT id, key FROM pipeline ORDER BY position, id", [], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })
}
