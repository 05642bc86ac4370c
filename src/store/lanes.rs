//! The columns of a board: which deals stand in one, and what is shown of each.

use jiff::civil::Date;
use jiff::{ToSpan, Unit};
use rusqlite::Row;
use rusqlite::types::Value as Sql;

use crate::domain::id::Id;
use crate::domain::money::{Currency, Money};
use crate::domain::noun::Noun;
use crate::domain::value::Link;
use crate::error::Result;
use crate::store::customers::day;
use crate::store::records::Listing;
use crate::store::tx::ReadTx;
use crate::store::window::Walk;

/// Which deals of a pipeline stand in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Those that are open in a stage.
    Stage(Id),
    /// Those that were closed into a stage on this day or later.
    Closed(Id, Date),
    /// The open ones of a user, or of nobody.
    Owner(Option<Id>),
    /// The open ones that should close in the month of this day, or of which nobody has said when.
    Month(Option<Date>),
}

impl Lane {
    /// The test on a deal `r`. The plus before a column keeps SQLite from the index on it, where another one gives the
    /// deals in the order of the column or is the narrower one.
    fn test(self, pipeline: Id) -> (String, Vec<Sql>) {
        let (test, mut bound) = match self {
            Lane::Stage(stage) => (
                "r.stage_id = ? AND +r.status = 'open'",
                vec![Sql::Integer(stage.raw())],
            ),
            Lane::Closed(stage, from) => (
                "+r.stage_id = ? AND r.closed_on >= ?",
                vec![Sql::Integer(stage.raw()), Sql::Text(from.to_string())],
            ),
            Lane::Owner(Some(owner)) => (
                "r.owner_id = ? AND +r.status = 'open'",
                vec![Sql::Integer(owner.raw())],
            ),
            Lane::Owner(None) => ("r.owner_id IS NULL AND +r.status = 'open'", Vec::new()),
            Lane::Month(Some(day)) => {
                let first = day.first_of_month();
                let next = first.saturating_add(1.month());
                (
                    "r.expected_close_on >= ? AND r.expected_close_on < ? AND +r.status = 'open'",
                    vec![Sql::Text(first.to_string()), Sql::Text(next.to_string())],
                )
            }
            Lane::Month(None) => ("+r.expected_close_on IS NULL AND r.status = 'open'", Vec::new()),
        };
        bound.push(Sql::Integer(pipeline.raw()));
        (
            format!("{test} AND +r.pipeline_id = ? AND r.deleted_at IS NULL"),
            bound,
        )
    }

    /// The deals of this column that a listing has, in its order.
    pub fn walk<'t, 's>(self, tx: &'t ReadTx<'s>, pipeline: Id, listing: &Listing) -> Result<Walk<'t, 's>> {
        let (test, bound) = self.test(pipeline);
        Ok(Walk::new(tx, listing)?.within(&test, bound))
    }
}

/// What a board shows of a deal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The deal.
    pub deal: Link,
    /// Its customer.
    pub customer: Option<Link>,
    /// The main person.
    pub contact: Option<Link>,
    /// The amount in the currency of the deal.
    pub amount: Option<Money>,
    /// The amount in the base currency; none without an amount or a rate.
    pub base_amount: Option<Money>,
    /// In percent.
    pub probability: i64,
    /// Whether the probability was set by hand and no longer is that of the stage.
    pub is_manual: bool,
    /// The name of its owner.
    pub owner: Option<String>,
    /// For how many days it has been in its stage.
    pub days_in_stage: i32,
    /// Whether it is past the days of its stage without a next step; what `is:rotting` finds.
    pub is_rotting: bool,
    /// The expected day of the close.
    pub close: Option<Date>,
    /// The day of the close; none while it is open.
    pub closed_on: Option<Date>,
    /// The day of the next open task that has one.
    pub next_task: Option<Date>,
    /// The version of the row, for a write that must not tread on another's.
    pub version: i64,
}

const CARD: &str =
    "SELECT d.no, d.name, d.amount, d.currency, d.amount_base, d.probability, d.probability_mode = 'manual',
    (SELECT name FROM user WHERE id = d.owner_id), d.stage_entered_on,
    d.status = 'open' AND d.rotting_on <= ?2 AND coalesce(d.next_task_at, 0) <= ?3,
    d.expected_close_on, d.closed_on,
    (SELECT t.due_on FROM task AS t WHERE t.deal_id = d.id AND t.status = 'open' AND t.deleted_at IS NULL
       AND t.due_on IS NOT NULL ORDER BY t.due_at, t.id LIMIT 1),
    d.version, c.id, c.no, c.name, p.id, p.no, p.name
  FROM deal AS d LEFT JOIN customer AS c ON c.id = d.customer_id
    LEFT JOIN customer AS p ON p.id = (SELECT l.customer_id FROM deal_person AS l WHERE l.deal_id = d.id
      ORDER BY l.is_primary DESC, l.id LIMIT 1)
  WHERE d.id = ?1";

/// What is shown of a deal; none if it does not exist.
pub fn card(tx: &ReadTx<'_>, deal: Id) -> Result<Option<Card>> {
    let clock = &tx.caller().clock;
    let (today, base) = (clock.today(), tx.base_currency()?);
    let raw = tx.one(CARD, (deal.raw(), today.to_string(), clock.now_ms()), |row| {
        let days: [Option<String>; 4] = [row.get(8)?, row.get(10)?, row.get(11)?, row.get(12)?];
        Ok((read(row, deal, base)?, days))
    })?;
    let Some((mut card, days)) = raw else {
        return Ok(None);
    };
    let [entered, close, closed_on, next_task] = days.map(|text| text.as_deref().map(day).transpose());
    (card.close, card.closed_on, card.next_task) = (close?, closed_on?, next_task?);
    // A day to come, which a foreign file may bring, is no day in the stage yet.
    let entered = entered?.map(|entered| {
        entered
            .until((Unit::Day, today))
            .map_or(0, |span| span.get_days())
    });
    card.days_in_stage = entered.unwrap_or(0).max(0);
    Ok(Some(card))
}

fn read(row: &Row<'_>, deal: Id, base: Currency) -> rusqlite::Result<Card> {
    let customer = |at: usize| -> rusqlite::Result<Option<Link>> {
        let Some(id) = row.get::<_, Option<i64>>(at)? else {
            return Ok(None);
        };
        Ok(Some(Link {
            noun: Noun::Customer,
            id: Id::from_raw(id),
            no: row.get(at + 1)?,
            name: row.get(at + 2)?,
        }))
    };
    let currency = Currency::parse(&row.get::<_, String>(3)?).unwrap_or(base);
    let money = |at: usize, currency: Currency| -> rusqlite::Result<Option<Money>> {
        let minor: Option<i64> = row.get(at)?;
        Ok(minor.map(|minor| Money { minor, currency }))
    };
    Ok(Card {
        deal: Link {
            noun: Noun::Deal,
            id: deal,
            no: row.get(0)?,
            name: row.get(1)?,
        },
        customer: customer(14)?,
        contact: customer(17)?,
        amount: money(2, currency)?,
        base_amount: money(4, base)?,
        probability: row.get(5)?,
        is_manual: row.get(6)?,
        owner: row.get(7)?,
        days_in_stage: 0,
        is_rotting: row.get::<_, Option<bool>>(9)?.unwrap_or(false),
        close: None,
        closed_on: None,
        next_task: None,
        version: row.get(13)?,
    })
}
