//! The board: the deals of a pipeline in columns, by stage, by owner or by the month in which they should close.
//!
//! The figures of a column are those of the report `pipeline`, from the same function. They visit every open deal, and so take
//! as long as there are many; the cards do not. Whoever draws a board by stage shows the cards first ([`board`]) and the
//! figures ([`totals`]) when they are there. Which owners and months there are is known from the figures alone: these boards
//! have theirs at once.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::domain::id::Id;
use crate::domain::money::Money;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::error::{Error, Result};
use crate::ops::list;
use crate::ops::window::{self, Anchor};
use crate::query::plan::Condition;
use crate::report::pipeline::{self, Figures};
use crate::report::{Cell, Dimension};
use crate::store::records::Listing;
use crate::store::rollups::Key;
use crate::store::seed::{self, Stage};
use crate::store::window::Walk;
use crate::store::{ReadTx, lanes, pipelines, sheets};

pub use crate::store::lanes::{Card, Lane};

/// For so many days a closed deal stands on the board.
const CLOSED_DAYS: i64 = 90;

/// What the columns are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// The stages of the pipeline.
    #[default]
    Stage,
    /// The owners of open deals, those with the most first.
    Owner,
    /// The months in which open deals should close, in time.
    Month,
}

/// What a board is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The pipeline.
    pub pipeline: Id,
    /// What the columns are.
    pub by: By,
    /// Filters of the deals; each is a whole expression, and all have to hold.
    pub filters: Vec<String>,
    /// Keys of the order within a column, as of a list: `name`, `-amount`. None for the newest first; in a month what should
    /// close first, among closed ones what was closed last.
    pub sort: Vec<String>,
    /// At most so many cards a column.
    pub cards: usize,
    /// Whether there are columns for what was won and lost in the last 90 days, behind those of the open stages.
    pub closed: bool,
}

/// One column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What tells it from the others, and by which more of its cards are asked for.
    pub lane: Lane,
    /// The key of the stage, the name of the owner, the month as `2026-03`; none for nobody and for no month.
    pub name: Option<String>,
    /// What people see of a stage, by language; empty for an owner or a month.
    pub labels: Vec<(String, String)>,
    /// The type of the stage; open for an owner or a month.
    pub kind: StageType,
    /// The probability of the stage in percent.
    pub probability: Option<i64>,
    /// The first cards.
    pub cards: Vec<Card>,
    /// Whether there are more.
    pub more: bool,
    /// The figures, where they were asked for: not of closed deals.
    pub totals: Option<Totals>,
}

/// The figures of a column of open deals, those of the report `pipeline`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// How many deals.
    pub deals: i64,
    /// The sum of their amounts in the base currency.
    pub amount: Money,
    /// The sum of their amounts, each times its probability.
    pub weighted: Money,
    /// How many are in no sum, because they have no amount or no rate is known for it.
    pub no_amount: i64,
    /// How many of these have an amount, but no rate is known for it.
    pub no_rate: i64,
}

/// The columns with their first cards. By owner and by month they have their figures too.
///
/// # Errors
///
/// `NotFound` for a pipeline that is not there; `Usage` for a filter or a key of the order that does not resolve.
pub fn board(tx: &ReadTx<'_>, request: &Request) -> Result<Vec<Column>> {
    let key = key(tx, request.pipeline)?;
    let condition = list::condition(tx, Noun::Deal, &request.filters)?;
    let empty = match request.by {
        By::Stage => stages(tx, request)?,
        By::Owner | By::Month => groups(tx, request, &key)?,
    };
    let mut columns = Vec::with_capacity(empty.len());
    for column in empty {
        let listing = listing(tx, request, column.lane, &condition)?;
        let walk = column.lane.walk(tx, request.pipeline, &listing)?;
        let found = stretch_of(tx, &walk, Anchor::First, request.cards)?;
        columns.push(Column {
            cards: found.cards,
            more: !found.last,
            ..column
        });
    }
    Ok(columns)
}

/// A part of the cards of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// The cards, in the order of the column.
    pub cards: Vec<Card>,
    /// Whether nothing comes before them.
    pub first: bool,
    /// Whether nothing comes after them.
    pub last: bool,
}

/// The cards of a column from an anchor on, at most as many as the request says. They go on where a deal stood or would stand
/// now; beside one that is gone for good they are the first.
///
/// # Errors
///
/// As for [`board`].
pub fn stretch(tx: &ReadTx<'_>, request: &Request, lane: Lane, anchor: Anchor) -> Result<Stretch> {
    let condition = list::condition(tx, Noun::Deal, &request.filters)?;
    let listing = listing(tx, request, lane, &condition)?;
    stretch_of(
        tx,
        &lane.walk(tx, request.pipeline, &listing)?,
        anchor,
        request.cards,
    )
}

fn stretch_of(tx: &ReadTx<'_>, walk: &Walk<'_, '_>, anchor: Anchor, most: usize) -> Result<Stretch> {
    let part = window::part(walk, anchor, most)?;
    let mut cards = Vec::with_capacity(part.rows.len());
    for row in &part.rows {
        cards.extend(lanes::card(tx, row.id)?);
    }
    Ok(Stretch {
        cards,
        first: part.first,
        last: part.last,
    })
}

/// The figures of the columns of open deals; a column without deals has none.
///
/// # Errors
///
/// As for [`board`].
pub fn totals(tx: &ReadTx<'_>, request: &Request) -> Result<Vec<(Lane, Totals)>> {
    let key = key(tx, request.pipeline)?;
    let mut found = Vec::new();
    for figures in figures(tx, request, &key)? {
        found.extend(lane(request.by, &figures.key)?.map(|lane| (lane, totals_of(tx, &figures))));
    }
    found
        .into_iter()
        .map(|(lane, totals)| Ok((lane, totals?)))
        .collect()
}

/// The key of a pipeline outside the trash.
fn key(tx: &ReadTx<'_>, pipeline: Id) -> Result<String> {
    let all = pipelines::all(tx)?;
    let found = all.into_iter().find(|(id, _)| *id == pipeline);
    found
        .map(|(_, key)| key)
        .ok_or_else(|| Error::not_found(Noun::Pipeline, &pipeline.uid()))
}

/// The columns of a board by stage, still without cards.
fn stages(tx: &ReadTx<'_>, request: &Request) -> Result<Vec<Column>> {
    let today = tx.caller().clock.today();
    let since = today.saturating_sub(CLOSED_DAYS.days());
    let mut columns = Vec::new();
    let all = seed::stages(tx, request.pipeline)?;
    let (open, closed): (Vec<Stage>, Vec<Stage>) =
        all.into_iter().partition(|stage| stage.kind == StageType::Open);
    let closed = closed
        .into_iter()
        .filter(|stage| request.closed && matches!(stage.kind, StageType::Won | StageType::Lost));
    for stage in open.into_iter().chain(closed) {
        columns.push(Column {
            lane: match stage.kind {
                StageType::Open => Lane::Stage(stage.id),
                _ => Lane::Closed(stage.id, since),
            },
            name: Some(stage.key),
            labels: sheets::labels(tx, stage.id)?,
            kind: stage.kind,
            probability: Some(stage.probability),
            cards: Vec::new(),
            more: false,
            totals: None,
        });
    }
    Ok(columns)
}

/// The columns of a board by owner or month with their figures, still without cards.
fn groups(tx: &ReadTx<'_>, request: &Request, key: &str) -> Result<Vec<Column>> {
    let mut columns = Vec::new();
    for figures in figures(tx, request, key)? {
        let Some(lane) = lane(request.by, &figures.key)? else {
            continue;
        };
        columns.push(Column {
            lane,
            totals: Some(totals_of(tx, &figures)?),
            name: figures.name,
            labels: Vec::new(),
            kind: StageType::Open,
            probability: None,
            cards: Vec::new(),
            more: false,
        });
    }
    Ok(columns)
}

/// The figures of the open deals of the pipeline.
fn figures(tx: &ReadTx<'_>, request: &Request, key: &str) -> Result<Vec<Figures>> {
    let condition = list::condition(tx, Noun::Deal, &request.filters)?;
    let by = match request.by {
        By::Stage => Dimension::Stage,
        By::Owner => Dimension::Owner,
        By::Month => Dimension::Month,
    };
    if request.by == By::Stage {
        // The stages of other pipelines are others.
        let stages = seed::stages(tx, request.pipeline)?;
        let known = |figures: &Figures| {
            stages
                .iter()
                .any(|stage| figures.key == Key::Record(stage.id.raw()))
        };
        let mut all = pipeline::figures(tx, &condition, by)?;
        all.retain(known);
        return Ok(all);
    }
    // Said twice over, the pipeline is a mere test. Said plainly, SQLite would take the index on it, and visit every deal that
    // was ever closed.
    let within = list::condition(tx, Noun::Deal, &[format!("pipeline:\"{key}\"")])?;
    let within = Condition::negation(Condition::negation(within));
    pipeline::figures(tx, &Condition::and(vec![condition, within]), by)
}

/// The column of a group of the report.
fn lane(by: By, key: &Key) -> Result<Option<Lane>> {
    let id = |id: i64| Id::from_raw(id);
    Ok(match (by, key) {
        (By::Stage, Key::Record(stage)) => Some(Lane::Stage(id(*stage))),
        (By::Owner, Key::Record(owner)) => Some(Lane::Owner(Some(id(*owner)))),
        (By::Owner, _) => Some(Lane::Owner(None)),
        (By::Month, Key::Word(month)) => Some(Lane::Month(Some(first_day(month)?))),
        (By::Month, _) => Some(Lane::Month(None)),
        (By::Stage, _) => None,
    })
}

/// The first day of a month such as `2026-03`.
fn first_day(month: &str) -> Result<Date> {
    let day = format!("{month}-01");
    day.parse()
        .map_err(|error| Error::internal(format!("{month:?} is no month")).with_source(error))
}

fn totals_of(tx: &ReadTx<'_>, figures: &Figures) -> Result<Totals> {
    let currency = tx.base_currency()?;
    let money = |cell: Cell| match cell {
        Cell::Money(money) => money,
        // More than any amount can say.
        _ => Money {
            minor: i64::MAX,
            currency,
        },
    };
    Ok(Totals {
        deals: figures.deals(),
        amount: money(figures.amount()),
        weighted: money(figures.weighted()),
        no_amount: figures.no_amount(),
        no_rate: figures.no_rate(),
    })
}

/// The deals of a column in its order.
fn listing(tx: &ReadTx<'_>, request: &Request, lane: Lane, condition: &Condition) -> Result<Listing> {
    let usual = match lane {
        Lane::Closed(..) => Some("-closed_on"),
        Lane::Month(Some(_)) => Some("expected_close"),
        _ => None,
    };
    let sort = match usual {
        Some(usual) if request.sort.is_empty() => vec![usual.to_owned()],
        _ => request.sort.clone(),
    };
    let asked = list::Request {
        sort,
        ..list::Request::default()
    };
    Ok(Listing {
        columns: Vec::new(),
        condition: condition.clone(),
        ..list::listing(tx, Noun::Deal, &asked)?
    })
}

/// Puts figures that were read later onto the columns they belong to; what a column had before goes.
pub fn put(columns: &mut [Column], totals: &[(Lane, Totals)]) {
    let known: HashMap<Lane, Totals> = totals.iter().copied().collect();
    for column in columns {
        column.totals = known.get(&column.lane).copied();
    }
}
