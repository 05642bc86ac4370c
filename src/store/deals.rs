//! The rows around a deal: its place in the pipeline, its stage history, the people and the lines.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;

use crate::domain::deal::Direction;
use crate::domain::id::Id;
use crate::domain::money::Currency;
use crate::domain::when::instant::instant_of;
use crate::error::Result;
use crate::store::keep;
use crate::store::seed::Stage;
use crate::store::tx::{Column, ReadTx, WriteTx};

/// What the rules of a deal look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// The row.
    pub id: Id,
    /// Who buys, if known.
    pub customer: Option<Id>,
    /// Who works on it.
    pub owner: Option<Id>,
    /// The pipeline.
    pub pipeline: Id,
    /// The stage, which is one of the pipeline.
    pub stage: Id,
    /// First day.
    pub opened_on: Date,
    /// Amount in minor units, if known.
    pub amount: Option<i64>,
    /// The currency of the amount.
    pub currency: Option<Currency>,
    /// Chance of winning.
    pub probability: Kept<i64>,
    /// Forecast category.
    pub category: Kept<String>,
    /// How it ended; none while it is open.
    pub closed: Option<Closed>,
    /// Why it was lost, a key; empty otherwise.
    pub lost_reason: String,
    /// What was said about that.
    pub lost_note: String,
}

/// A value that follows the stage until a person sets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<T> {
    /// The value.
    pub value: T,
    /// True once a person has set it.
    pub is_manual: bool,
}

/// What is frozen when a deal closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closed {
    /// The day.
    pub on: Date,
    /// The rate of the currency on that day, in thousand-millionths, if one was known.
    pub rate: Option<i64>,
    /// Who gets the credit.
    pub owner: Option<Id>,
    /// The stage it was in before.
    pub last_open_stage: Option<Id>,
}

/// A deal, also one in the trash.
pub fn get(tx: &ReadTx<'_>, id: Id) -> Result<Option<Deal>> {
    let found = tx.one(
        "SELECT customer_id, owner_id, pipeline_id, stage_id, amount, currency, probability,
                probability_mode = 'manual', category, category_mode = 'manual', lost_reason, lost_note,
                closed_rate, closed_owner_id, last_open_stage_id, opened_on, closed_on
         FROM deal WHERE id = ?1",
        [id.raw()],
        |row| {
            let link = |at: usize| row.get::<_, Option<i64>>(at).map(|raw| raw.map(Id::from_raw));
            let days: (String, Option<String>) = (row.get(15)?, row.get(16)?);
            let currency: String = row.get(5)?;
            let closed = (row.get(12)?, link(13)?, link(14)?);
            let deal = Deal {
                id,
                customer: link(0)?,
                owner: link(1)?,
                pipeline: Id::from_raw(row.get(2)?),
                stage: Id::from_raw(row.get(3)?),
                opened_on: Date::ZERO,
                amount: row.get(4)?,
                currency: Currency::parse(&currency),
                probability: Kept {
                    value: row.get(6)?,
                    is_manual: row.get(7)?,
                },
                category: Kept {
                    value: row.get(8)?,
                    is_manual: row.get(9)?,
                },
                closed: None,
                lost_reason: row.get(10)?,
                lost_note: row.get(11)?,
            };
            Ok((deal, days, closed))
        },
    )?;
    let Some((mut deal, (opened_on, closed_on), (rate, owner, last_open_stage))) = found else {
        return Ok(None);
    };
    deal.opened_on = keep::date(&opened_on)?;
    if let Some(day) = closed_on {
        deal.closed = Some(Closed {
            on: keep::date(&day)?,
            rate,
            owner,
            last_open_stage,
        });
    }
    Ok(Some(deal))
}

/// What stands in the row of a deal and is given by no field alone; what is none is left as it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// The stage, which says the pipeline and the status too.
    pub(crate) stage: Option<Stage>,
    /// The day on which the deal came into its stage.
    pub(crate) since: Option<Date>,
    /// First day.
    pub(crate) opened_on: Option<Date>,
    /// What is frozen; none inside for an open deal.
    pub(crate) closed: Option<Option<Closed>>,
    /// Whether a person has set the probability.
    pub(crate) probability_is_manual: Option<bool>,
    /// Whether a person has set the category.
    pub(crate) category_is_manual: Option<bool>,
}

impl Facts {
    /// The columns, for a new row or an old one.
    pub(crate) fn columns(&self) -> Vec<Column<'static>> {
        let day = |day: &Date| Sql::Text(day.to_string());
        let link = |id: Option<Id>| id.map_or(Sql::Null, |id| Sql::Integer(id.raw()));
        let mode = |is_manual: bool| Sql::Text(if is_manual { "manual" } else { "stage" }.to_owned());
        let mut columns = Vec::new();
        if let Some(stage) = &self.stage {
            columns.push(("pipeline_id", Sql::Integer(stage.pipeline.raw())));
            columns.push(("stage_id", Sql::Integer(stage.id.raw())));
            columns.push(("status", Sql::Text(stage.kind.name().to_owned())));
        }
        columns.extend(self.since.as_ref().map(|since| ("stage_entered_on", day(since))));
        columns.extend(self.opened_on.as_ref().map(|opened| ("opened_on", day(opened))));
        if let Some(closed) = &self.closed {
            let closed = closed.as_ref();
            let rate = closed.and_then(|closed| closed.rate);
            columns.push(("closed_on", closed.map_or(Sql::Null, |closed| day(&closed.on))));
            columns.push(("closed_rate", rate.map_or(Sql::Null, Sql::Integer)));
            columns.push(("closed_owner_id", link(closed.and_then(|closed| closed.owner))));
            let last = closed.and_then(|closed| closed.last_open_stage);
            columns.push(("last_open_stage_id", link(last)));
        }
        let probability = self.probability_is_manual;
        columns.extend(probability.map(|manual| ("probability_mode", mode(manual))));
        columns.extend(
            self.category_is_manual
                .map(|manual| ("category_mode", mode(manual))),
        );
        columns
    }
}

/// Writes facts of a deal; true if anything was different.
pub(crate) fn set(tx: &WriteTx<'_>, id: Id, facts: &Facts) -> Result<bool> {
    let columns = facts.columns();
    if columns.is_empty() {
        return Ok(false);
    }
    tx.update("deal", id, columns)
}

/// One stay in a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// The row.
    pub id: Id,
    /// The stage.
    pub stage: Id,
    /// First day.
    pub entered_on: Date,
    /// The instant of that, in milliseconds since 1970.
    pub entered_at: i64,
    /// Last day; none for the stay that goes on.
    pub left_on: Option<Date>,
    /// The instant of that.
    pub left_at: Option<i64>,
    /// How the deal came there.
    pub direction: String,
}

/// The stays of a deal, oldest first.
pub fn intervals(tx: &ReadTx<'_>, deal: Id) -> Result<Vec<Interval>> {
    let mut found = Vec::new();
    tx.each_row(
        "SELECT id, stage_id, entered_on, entered_at, left_on, left_at, direction FROM stage_interval
         WHERE deal_id = ?1 ORDER BY id",
        [deal.raw()],
        |row| {
            let entered_on: String = row.get(2)?;
            let left_on: Option<String> = row.get(4)?;
            found.push(Interval {
                id: Id::from_raw(row.get(0)?),
                stage: Id::from_raw(row.get(1)?),
                entered_on: keep::date(&entered_on)?,
                entered_at: row.get(3)?,
                left_on: left_on.as_deref().map(keep::date).transpose()?,
                left_at: row.get(5)?,
                direction: row.get(6)?,
            });
            Ok(())
        },
    )?;
    Ok(found)
}

/// A stay that is about to begin.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The stage.
    pub stage: Id,
    /// First day.
    pub on: Date,
    /// How the deal comes there.
    pub direction: Direction,
    /// What the deal is worth then, in minor units.
    pub amount: Option<i64>,
    /// Its chance then.
    pub probability: i64,
}

/// Ends the stay that goes on, if there is one, and begins another.
pub(crate) fn enter(tx: &WriteTx<'_>, deal: Id, entry: &Entry) -> Result<()> {
    let at = instant_on(tx, entry.on);
    let open = tx.one(
        "SELECT id FROM stage_interval WHERE deal_id = ?1 AND left_on IS NULL",
        [deal.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )?;
    if let Some(open) = open {
        tx.update(
            "stage_interval",
            open,
            vec![
                ("left_on", Sql::Text(entry.on.to_string())),
                ("left_at", Sql::Integer(at)),
            ],
        )?;
    }
    tx.insert(
        "stage_interval",
        tx.new_id(),
        entry_columns(deal, entry, at, None),
    )
}

/// Adds the stays of a deal that is new: each ends when the next begins.
pub(crate) fn enter_all(tx: &WriteTx<'_>, deal: Id, entries: &[Entry]) -> Result<()> {
    for (at, entry) in entries.iter().enumerate() {
        let left_on = entries.get(at + 1).map(|next| next.on);
        let columns = entry_columns(
            deal,
            entry,
            instant_on(tx, entry.on),
            left_on.map(|day| (day, instant_on(tx, day))),
        );
        tx.insert("stage_interval", tx.new_id(), columns)?;
    }
    Ok(())
}

/// Puts other stays in place of those that a deal has; true if any was different. Rows are kept as far as there are as many.
pub(crate) fn retell(tx: &WriteTx<'_>, deal: Id, entries: &[Entry]) -> Result<bool> {
    let known = intervals(tx, deal)?;
    let is_same = |(interval, entry): (&Interval, &Entry)| {
        interval.stage == entry.stage
            && interval.entered_on == entry.on
            && interval.direction == entry.direction.name()
    };
    if known.len() == entries.len() && known.iter().zip(entries).all(is_same) {
        return Ok(false);
    }
    for (at, entry) in entries.iter().enumerate() {
        let left_on = entries.get(at + 1).map(|next| next.on);
        let left = left_on.map(|day| (day, instant_on(tx, day)));
        let columns = entry_columns(deal, entry, instant_on(tx, entry.on), left);
        match known.get(at) {
            Some(interval) => drop(tx.update("stage_interval", interval.id, columns)?),
            None => tx.insert("stage_interval", tx.new_id(), columns)?,
        }
    }
    for interval in known.iter().skip(entries.len()) {
        match interval.id >= tx.op() {
            true => tx.unmake("stage_interval", "id", interval.id)?,
            false => tx.delete("stage_interval", interval.id)?,
        }
    }
    Ok(true)
}

fn entry_columns(deal: Id, entry: &Entry, at: i64, left: Option<(Date, i64)>) -> Vec<Column<'static>> {
    vec![
        ("deal_id", Sql::Integer(deal.raw())),
        ("stage_id", Sql::Integer(entry.stage.raw())),
        ("entered_on", Sql::Text(entry.on.to_string())),
        ("entered_at", Sql::Integer(at)),
        (
            "left_on",
            left.map_or(Sql::Null, |(day, _)| Sql::Text(day.to_string())),
        ),
        ("left_at", left.map_or(Sql::Null, |(_, at)| Sql::Integer(at))),
        ("direction", Sql::Text(entry.direction.name().to_owned())),
        ("amount", entry.amount.map_or(Sql::Null, Sql::Integer)),
        ("probability", Sql::Integer(entry.probability)),
    ]
}

/// Brings the stays of a deal in line with its first day and, if it is closed, its last: the first begins on the one,
/// the last on the other, what lies outside is squeezed in, and each still ends when the next begins.
///
/// Returns the day on which the last stay begins.
pub(crate) fn fit(tx: &WriteTx<'_>, deal: Id, opened_on: Date, closed_on: Option<Date>) -> Result<Date> {
    let known = intervals(tx, deal)?;
    let last = known.len().saturating_sub(1);
    let starts: Vec<(Date, i64)> = known
        .iter()
        .enumerate()
        .map(|(at, interval)| {
            let day = match closed_on {
                Some(closed_on) if at == last => closed_on,
                _ if at == 0 => opened_on,
                Some(closed_on) => interval.entered_on.max(opened_on).min(closed_on),
                None => interval.entered_on.max(opened_on),
            };
            let instant = if day == interval.entered_on {
                interval.entered_at
            } else {
                instant_on(tx, day)
            };
            (day, instant)
        })
        .collect();
    for (at, interval) in known.iter().enumerate() {
        let Some((day, instant)) = starts.get(at) else {
            continue;
        };
        let mut columns = vec![
            ("entered_on", Sql::Text(day.to_string())),
            ("entered_at", Sql::Integer(*instant)),
        ];
        if let Some((day, instant)) = starts.get(at + 1) {
            columns.push(("left_on", Sql::Text(day.to_string())));
            columns.push(("left_at", Sql::Integer(*instant)));
        }
        tx.update("stage_interval", interval.id, columns)?;
    }
    Ok(starts.last().map_or(opened_on, |(day, _)| *day))
}

/// The instant that stands for a day: now if it is today, else noon.
fn instant_on(tx: &ReadTx<'_>, day: Date) -> i64 {
    let clock = &tx.caller().clock;
    if day == clock.today() {
        return clock.now_ms();
    }
    instant_of(day.at(12, 0, 0, 0), clock.zone()).as_millisecond()
}

/// One line of a deal that has a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The row.
    pub id: Id,
    /// What is sold.
    pub product: Id,
}

/// The lines of a deal that have a product, in order.
pub fn lines(tx: &ReadTx<'_>, deal: Id) -> Result<Vec<Line>> {
    tx.all(
        "SELECT id, product_id FROM deal_line WHERE deal_id = ?1 AND product_id IS NOT NULL ORDER BY position",
        [deal.raw()],
        |row| {
            Ok(Line {
                id: Id::from_raw(row.get(0)?),
                product: Id::from_raw(row.get(1)?),
            })
        },
    )
}

/// Makes `wanted` the products of a deal. A line that stays keeps its quantity and price, lines of free text stay; a
/// new line has the list price, if that is in `currency`.
pub(crate) fn set_products(tx: &WriteTx<'_>, deal: Id, wanted: &[Id], currency: Currency) -> Result<()> {
    let known = lines(tx, deal)?;
    for line in known.iter().filter(|line| !wanted.contains(&line.product)) {
        tx.delete("deal_line", line.id)?;
    }
    for product in wanted {
        if known.iter().any(|line| line.product == *product) {
            continue;
        }
        let position: i64 = tx
            .one(
                "SELECT coalesce(max(position), 0) + 1 FROM deal_line WHERE deal_id = ?1",
                [deal.raw()],
                |row| row.get(0),
            )?
            .unwrap_or(1);
        tx.insert(
            "deal_line",
            tx.new_id(),
            vec![
                ("deal_id", Sql::Integer(deal.raw())),
                ("position", Sql::Integer(position)),
                ("product_id", Sql::Integer(product.raw())),
                ("unit_price", list_price(tx, *product, currency)?),
            ],
        )?;
    }
    Ok(())
}

/// Gives every line the list price again, after the currency of the deal has changed: the old prices are in another.
pub(crate) fn reprice(tx: &WriteTx<'_>, deal: Id, currency: Currency) -> Result<()> {
    for line in lines(tx, deal)? {
        let price = list_price(tx, line.product, currency)?;
        tx.update("deal_line", line.id, vec![("unit_price", price)])?;
    }
    Ok(())
}

fn list_price(tx: &ReadTx<'_>, product: Id, currency: Currency) -> Result<Sql> {
    let price: Option<Option<i64>> = tx.one(
        "SELECT price FROM product WHERE id = ?1 AND currency = ?2",
        (product.raw(), currency.code()),
        |row| row.get(0),
    )?;
    Ok(price.flatten().map_or(Sql::Null, Sql::Integer))
}

/// True if a customer has won deals apart from `except`.
pub fn has_bought_before(tx: &ReadTx<'_>, customer: Id, except: Id) -> Result<bool> {
    let found = tx.one(
        "SELECT 1 FROM deal WHERE customer_id = ?1 AND status = 'won' AND deleted_at IS NULL AND id <> ?2 LIMIT 1",
        [customer.raw(), except.raw()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}
