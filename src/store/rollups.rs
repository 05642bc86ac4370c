//! Sums and counts over deals, grouped inside the engine: what reports are made of. No ratios, rounding or words.
//!
//! Every function is one statement over the deals that a filter selects. The trash never counts, whatever the filter
//! says. Amounts are those in the base currency: frozen for closed deals, at the newest rate for open ones. The
//! owner of a closed deal is who owned it at its close.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::types::Value as Sql;
use rusqlite::{Row, params_from_iter};

use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::tx::ReadTx;

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
    /// Where the deal came from.
    Source,
    /// The customer.
    Customer,
    /// Why it was lost.
    LostReason,
    /// Who else was in the race.
    Competitor,
    /// The month of the day that counts.
    Month,
    /// The quarter of the day that counts.
    Quarter,
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
    /// Those that are open now and have no expected day.
    OpenUndated,
    /// Those that were open at the beginning of the day; abandoned ones never were.
    OpenAt(Date),
    /// Those with one of these outcomes that were closed in the period; by the day of the close.
    Closed(&'static [StageType], Period),
    /// Those that were opened in the period, without abandoned ones; by the first day.
    Opened(Period),
    /// The abandoned ones that were opened in the period; by the first day.
    OpenedAbandoned(Period),
}

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
    /// The figures: of [`Which::Closed`] one per outcome in the order asked for, else one for all.
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
        self.amount += other.amount;
        self.weighted += other.weighted;
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

/// The figures of every group, in no order.
pub fn tallies(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<Vec<Tally>> {
    let sides: &[Option<StageType>] = match deals.which {
        Which::Closed(outcomes, _) => &outcomes.iter().copied().map(Some).collect::<Vec<_>>(),
        _ => &[None],
    };
    let mut columns = Vec::new();
    for side in sides {
        // With one outcome the condition has picked it already.
        let only = match side {
            Some(outcome) if sides.len() > 1 => format!(" FILTER (WHERE r.status = '{}')", outcome.name()),
            _ => String::new(),
        };
        columns.extend(
            figures(deals.which)
                .iter()
                .map(|figure| format!("{figure}{only}")),
        );
    }
    let statement = Statement::new(tx, deals, group)?;
    let sql = statement.grouped(group, &columns);
    let mut found = Vec::new();
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        let (key, heading) = heading(row)?;
        let mut next = HEADING_COLUMNS;
        let mut figure = || -> Result<i64> {
            next += 1;
            Ok(row.get::<_, Option<i64>>(next - 1)?.unwrap_or(0))
        };
        let mut read = Vec::with_capacity(sides.len());
        for _ in sides {
            read.push(side(deals.which, &mut figure)?);
        }
        // Without a group there is a row even if there is no deal.
        if read.iter().any(|side| side.deals > 0) {
            found.push(Tally {
                key,
                heading,
                sides: read,
            });
        }
        Ok(())
    })?;
    Ok(found)
}

/// The figures of all deals, as one group, with a side for each that [`tallies`] has.
pub fn total(tx: &ReadTx<'_>, deals: &Deals<'_>) -> Result<Vec<Side>> {
    let sides = match deals.which {
        Which::Closed(outcomes, _) => outcomes.len(),
        _ => 1,
    };
    let found = tallies(tx, deals, Group::All)?.into_iter().next();
    Ok(found.map_or_else(|| vec![Side::default(); sides], |tally| tally.sides))
}

/// The amounts and lengths of the deals of every group.
pub fn samples(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<HashMap<Key, Sample>> {
    let statement = Statement::new(tx, deals, group)?;
    let sql = format!(
        "SELECT {}, r.amount_base, {DAYS} FROM {} WHERE {}",
        statement.key, statement.from, statement.condition
    );
    let mut found: HashMap<Key, Sample> = HashMap::new();
    tx.each_row(&sql, params_from_iter(&statement.bound), |row| {
        let sample = found.entry(key(row)?).or_default();
        sample.amounts.extend(row.get::<_, Option<i64>>(1)?);
        sample.days.push(row.get(2)?);
        Ok(())
    })?;
    Ok(found)
}

/// How far the deals of every group came, by pipeline.
pub fn reaches(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<Vec<Reach>> {
    let statement = Statement::new(tx, deals, group)?;
    // A stay in a stage of another pipeline says nothing about this one. The stages in the deal's own row count even
    // where a foreign file brought no history.
    let furthest = "max(
        coalesce((SELECT max(stage.position) FROM stage_interval
                  JOIN stage ON stage.id = stage_interval.stage_id
                  WHERE stage_interval.deal_id = r.id AND stage.type = 'open'
                    AND stage.pipeline_id = r.pipeline_id), 0),
        coalesce((SELECT stage.position FROM stage
                  WHERE stage.id = CASE WHEN r.status = 'open' THEN r.stage_id ELSE r.last_open_stage_id END
                    AND stage.type = 'open' AND stage.pipeline_id = r.pipeline_id), 0))";
    let inner = format!(
        "SELECT {} AS k, r.pipeline_id AS pipeline, r.status = 'won' AS won,
                CASE WHEN r.status = 'won' THEN 0 ELSE {furthest} END AS furthest
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

/// The length of a deal in days. Both days stand at noon, so that the difference is whole.
const DAYS: &str = "CAST(julianday(r.closed_on) - julianday(r.opened_on) AS INTEGER)";

/// The figures of a side, in the order in which [`side`] reads them.
fn figures(which: Which) -> Vec<String> {
    let mut figures = vec![
        "count(*)".to_owned(),
        "count(r.amount)".to_owned(),
        "count(r.amount_base)".to_owned(),
        "sum(r.amount_base)".to_owned(),
    ];
    match which {
        // In two parts, because the product with a large amount would leave 64 bits.
        Which::Open(_) => figures.extend([
            "sum(r.amount_base / 100 * r.probability)".to_owned(),
            "sum(r.amount_base % 100 * r.probability)".to_owned(),
        ]),
        Which::Closed(..) => figures.push(format!("sum({DAYS})")),
        _ => {}
    }
    figures
}

/// Reads the figures of one side in their order.
fn side(which: Which, figure: &mut dyn FnMut() -> Result<i64>) -> Result<Side> {
    let mut side = Side {
        deals: figure()?,
        with_amount: figure()?,
        in_sum: figure()?,
        amount: figure()?,
        ..Side::default()
    };
    match which {
        Which::Open(_) => side.weighted = i128::from(figure()?) * 100 + i128::from(figure()?),
        Which::Closed(..) => side.days = figure()?,
        _ => {}
    }
    Ok(side)
}

/// How many columns [`headings`] has.
const HEADING_COLUMNS: usize = 4;

/// The columns that name the group `g.k`; looked up once a group, after the sums are made.
fn headings(group: Group) -> String {
    let (place, name, no) = match group {
        Group::All => ("0", "NULL", "0"),
        Group::Owner => ("0", "(SELECT name FROM user WHERE id = g.k)", "0"),
        Group::Team => ("0", "(SELECT name FROM team WHERE id = g.k)", "0"),
        Group::Pipeline => (
            "(SELECT position FROM pipeline WHERE id = g.k)",
            "(SELECT key FROM pipeline WHERE id = g.k)",
            "0",
        ),
        // A key that several pipelines have is told apart by that of the pipeline.
        Group::Stage => (
            "(SELECT pipeline.position * 1000 + stage.position FROM stage
              JOIN pipeline ON pipeline.id = stage.pipeline_id WHERE stage.id = g.k)",
            "(SELECT CASE WHEN EXISTS (SELECT 1 FROM stage AS other WHERE other.key = stage.key
                                       AND other.id <> stage.id AND other.deleted_at IS NULL)
                     THEN pipeline.key || '/' || stage.key ELSE stage.key END
              FROM stage JOIN pipeline ON pipeline.id = stage.pipeline_id WHERE stage.id = g.k)",
            "0",
        ),
        Group::Product => (
            "0",
            "(SELECT name FROM product WHERE id = g.k)",
            "(SELECT no FROM product WHERE id = g.k)",
        ),
        Group::Customer => (
            "0",
            "(SELECT name FROM customer WHERE id = g.k)",
            "(SELECT no FROM customer WHERE id = g.k)",
        ),
        Group::Source | Group::LostReason | Group::Competitor | Group::Month | Group::Quarter => {
            ("0", "g.k", "0")
        }
    };
    format!("g.k, {place}, {name}, {no}")
}

fn key(row: &Row<'_>) -> Result<Key> {
    Ok(match row.get(0)? {
        Sql::Integer(id) => Key::Record(id),
        Sql::Text(word) => Key::Word(word),
        _ => Key::None,
    })
}

fn heading(row: &Row<'_>) -> Result<(Key, Heading)> {
    let heading = Heading {
        place: row.get::<_, Option<i64>>(1)?.unwrap_or(0),
        name: row.get(2)?,
        no: row.get::<_, Option<i64>>(3)?.unwrap_or(0),
    };
    Ok((key(row)?, heading))
}

/// The parts of a statement over deals; `r` is the deal's row.
struct Statement {
    key: String,
    from: String,
    condition: String,
    bound: Vec<Sql>,
}

impl Statement {
    fn new(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<Statement> {
        let mut bound = Vec::new();
        let selection = filter::selection(tx, Noun::Deal, deals.condition, &mut bound)?;
        let mut from = selection.from;
        if group == Group::Product {
            // Two lines of one product are one deal with that product.
            from.push_str(
                " LEFT JOIN deal_line AS line ON line.deal_id = r.id AND line.product_id IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM deal_line AS earlier WHERE earlier.deal_id = r.id
                                  AND earlier.product_id = line.product_id AND earlier.id < line.id)",
            );
        }
        let mut tests = vec![selection.condition, "r.deleted_at IS NULL".to_owned()];
        narrow(deals.which, &mut tests, &mut bound);
        Ok(Statement {
            key: key_expression(group, deals.which),
            from,
            condition: tests.join(" AND "),
            bound,
        })
    }

    /// The sums of every group, behind the columns that name it.
    fn grouped(&self, group: Group, figures: &[String]) -> String {
        let (mut inner, mut outer) = (String::new(), String::new());
        for (at, figure) in figures.iter().enumerate() {
            inner.push_str(&format!(", {figure} AS c{at}"));
            outer.push_str(&format!(", g.c{at}"));
        }
        let by = if group == Group::All { "" } else { " GROUP BY 1" };
        format!(
            "SELECT {}{outer} FROM (SELECT {} AS k{inner} FROM {} WHERE {}{by}) AS g",
            headings(group),
            self.key,
            self.from,
            self.condition
        )
    }
}

/// The expression whose values are the groups; null for deals that have nothing there.
fn key_expression(group: Group, which: Which) -> String {
    let owner = "CASE WHEN r.status = 'open' THEN r.owner_id ELSE r.closed_owner_id END";
    let day = match which {
        Which::Open(_) | Which::OpenUndated => "r.expected_close_on",
        Which::Closed(..) => "r.closed_on",
        Which::OpenAt(_) | Which::Opened(_) | Which::OpenedAbandoned(_) => "r.opened_on",
    };
    match group {
        Group::All => "NULL".to_owned(),
        Group::Owner => owner.to_owned(),
        Group::Team => format!("(SELECT team_id FROM user WHERE id = {owner})"),
        Group::Pipeline => "r.pipeline_id".to_owned(),
        Group::Stage => {
            "CASE WHEN r.status = 'open' THEN r.stage_id ELSE r.last_open_stage_id END".to_owned()
        }
        Group::Product => "line.product_id".to_owned(),
        Group::Source => "nullif(r.source, '')".to_owned(),
        Group::Customer => "r.customer_id".to_owned(),
        Group::LostReason => "nullif(r.lost_reason, '')".to_owned(),
        Group::Competitor => "nullif(r.competitor, '')".to_owned(),
        Group::Month => format!("substr({day}, 1, 7)"),
        Group::Quarter => {
            format!("substr({day}, 1, 5) || 'Q' || ((CAST(substr({day}, 6, 2) AS INTEGER) + 2) / 3)")
        }
    }
}

/// Adds the tests by which the deals that count are picked.
fn narrow(which: Which, tests: &mut Vec<String>, bound: &mut Vec<Sql>) {
    let mut within = |column: &str, period: Period| {
        for (operator, day) in [(">=", period.from), ("<", period.to)] {
            if let Some(day) = day {
                tests.push(format!("{column} {operator} ?"));
                bound.push(Sql::Text(day.to_string()));
            }
        }
    };
    match which {
        Which::Open(period) => {
            within("r.expected_close_on", period);
            tests.push("r.status = 'open'".to_owned());
        }
        Which::OpenUndated => tests.push("r.status = 'open' AND r.expected_close_on IS NULL".to_owned()),
        Which::OpenAt(day) => {
            tests.push(
                "r.status <> 'abandoned' AND r.opened_on < ? AND (r.closed_on IS NULL OR r.closed_on >= ?)"
                    .to_owned(),
            );
            bound.extend([Sql::Text(day.to_string()), Sql::Text(day.to_string())]);
        }
        Which::Closed(outcomes, period) => {
            within("r.closed_on", period);
            let words: Vec<String> = outcomes
                .iter()
                .map(|outcome| format!("'{}'", outcome.name()))
                .collect();
            tests.push(format!("r.status IN ({})", words.join(", ")));
        }
        Which::Opened(period) => {
            within("r.opened_on", period);
            tests.push("r.status <> 'abandoned'".to_owned());
        }
        Which::OpenedAbandoned(period) => {
            within("r.opened_on", period);
            tests.push("r.status = 'abandoned'".to_owned());
        }
    }
}
