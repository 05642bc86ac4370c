//! A part of a listing, found by where a record stands in its order and never by counting rows from its beginning.
//!
//! What comes after a record is several stretches: the rows that equal it in all keys and have a later id, then those
//! that equal it in all keys but the last, and so on, and of each key the known values before the unknown ones. A stretch is a
//! statement of its own, an equality and a range, so that it walks the index that the whole listing walks; one
//! statement with all of them joined by `OR` would not.

use std::cell::Cell;

use rusqlite::types::Value as Sql;
use rusqlite::{Row as SqlRow, StatementStatus, params_from_iter};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::columns::table;
use crate::store::filter::{self, Selection};
use crate::store::listing::{Effort, Key, Order, order};
use crate::store::records::{Listing, Reader, readers, values};
use crate::store::tx::ReadTx;

/// What has an index that serves as an order. By anything else, each statement looks at all there is.
const INDEXED: &[&str] = &[
    "r.id",
    "r.sort_key",
    "r.name_key",
    "r.last_activity_on",
    "r.amount_base",
    "r.score",
    "r.total_base",
    "r.ordered_on",
    "r.due_on",
    "r.valid_until",
    "r.sent_on",
    "r.answered_on",
    "r.priority_rank",
    "r.received_at",
    "r.closed_on",
    "r.opened_on",
    "r.expected_close_on",
    "r.due_at",
    "r.at",
];

/// One record of a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The record.
    pub id: Id,
    /// The values of the columns, in their order.
    pub values: Vec<Value>,
}

/// Which way a listing is walked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In its order.
    Forward,
    /// Against its order: what is nearest comes first.
    Back,
}

/// Where a record stands in the order of a listing, or would stand if it were in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    keys: Vec<Sql>,
    id: Id,
}

/// Whether the record that stands at a place belongs to what lies beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// It does, if it is in the listing.
    Included,
    /// It does not.
    Left,
}

/// A listing that is looked at in parts. Its limit is not looked at.
pub struct Walk<'t, 's> {
    tx: &'t ReadTx<'s>,
    noun: Noun,
    chosen: Selection,
    bound: Vec<Sql>,
    order: Order,
    readers: Vec<Reader>,
    spent: Cell<Effort>,
}

/// Rows that one walk over an index hands out in order.
struct Stretch {
    tests: Vec<String>,
    bound: Vec<Sql>,
    /// The keys in which its rows are alike.
    alike: usize,
    /// Whether the tests have a bound on the id. With two of them the walk over all records would seem short.
    is_bounded: bool,
}

impl<'t, 's> Walk<'t, 's> {
    /// Prepares to look at a listing.
    pub fn new(tx: &'t ReadTx<'s>, listing: &Listing) -> Result<Self> {
        let mut bound = Vec::new();
        let chosen = filter::selection(tx, listing.noun, &listing.condition, &mut bound)?;
        let order = order(listing, chosen.id)?;
        Ok(Walk {
            tx,
            noun: listing.noun,
            chosen,
            bound,
            order,
            readers: readers(listing.noun, &listing.columns)?,
            spent: Cell::new(Effort::default()),
        })
    }

    /// Keeps to the rows that meet a test on `r` besides.
    #[must_use]
    pub(crate) fn within(mut self, test: &str, bound: Vec<Sql>) -> Self {
        for condition in [&mut self.chosen.condition, &mut self.chosen.unbounded] {
            condition.push_str(" AND ");
            condition.push_str(test);
        }
        self.bound.extend(bound);
        self
    }

    /// What has been done so far.
    pub fn spent(&self) -> Effort {
        self.spent.get()
    }

    /// Where a record stands, whether or not it is in the listing; none if it does not exist or is out of scope.
    pub fn place(&self, id: Id) -> Result<Option<Place>> {
        let mut bound = vec![Sql::Integer(id.raw())];
        let scope = filter::scope(self.tx, self.noun, "r", &mut bound);
        let keys: Vec<&str> = self
            .order
            .keys
            .iter()
            .map(|key| key.expression.as_str())
            .collect();
        let sql = format!(
            "SELECT r.id{}{} FROM {} AS r WHERE r.id = ?1{scope}",
            if keys.is_empty() { "" } else { ", " },
            keys.join(", "),
            table(self.noun)
        );
        let mut found = None;
        self.run(&sql, &bound, |row| {
            let keys = (1..=keys.len()).map(|at| row.get(at));
            let keys = keys.collect::<rusqlite::Result<_>>()?;
            found = Some(Place { keys, id });
            Ok(())
        })?;
        Ok(found)
    }

    /// Whether a record is in the listing.
    pub fn holds(&self, id: Id) -> Result<bool> {
        let stretch = Stretch {
            tests: vec![format!("{} = ?", self.order.id)],
            bound: vec![Sql::Integer(id.raw())],
            alike: self.order.keys.len(),
            is_bounded: true,
        };
        Ok(!self.ids(&stretch, Way::Forward)?.is_empty())
    }

    /// The first rows, or the last, at most so many; the outermost first.
    pub fn end(&self, way: Way, most: usize) -> Result<Vec<Row>> {
        let whole = Stretch {
            tests: Vec::new(),
            bound: Vec::new(),
            alike: 0,
            is_bounded: false,
        };
        let mut rows = Vec::new();
        self.read(&whole, way, most, &mut rows)?;
        Ok(rows)
    }

    /// The rows after a place, or before it, at most so many; the nearest first.
    pub fn beyond(&self, place: &Place, way: Way, edge: Edge, most: usize) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for stretch in self.stretches(place, way, edge) {
            if rows.len() >= most {
                break;
            }
            self.read(&stretch, way, most, &mut rows)?;
        }
        Ok(rows)
    }

    /// Whether there is any row after a place, or before it.
    pub fn has_beyond(&self, place: &Place, way: Way, edge: Edge) -> Result<bool> {
        for stretch in self.stretches(place, way, edge) {
            if !self.ids(&stretch, way)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// How many rows come before a place, counted to `most`.
    pub fn before(&self, place: &Place, most: u64) -> Result<u64> {
        let mut count = 0;
        for stretch in self.stretches(place, Way::Back, Edge::Left) {
            let (condition, bound) = self.condition(&stretch);
            let left = most.saturating_sub(count);
            let sql = format!(
                "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {condition} LIMIT {left})",
                self.chosen.from
            );
            self.run(&sql, &bound, |row| {
                count += u64::try_from(row.get::<_, i64>(0)?).unwrap_or(0);
                Ok(())
            })?;
        }
        Ok(count)
    }

    /// What lies beyond a place, in the order in which it is met.
    fn stretches(&self, place: &Place, way: Way, edge: Edge) -> Vec<Stretch> {
        let mut levels: Vec<Vec<Stretch>> = Vec::new();
        let (mut tests, mut bound): (Vec<String>, Vec<Sql>) = (Vec::new(), Vec::new());
        for (at, (key, value)) in self.order.keys.iter().zip(&place.keys).enumerate() {
            let stretch = |(test, more, alike): (String, Option<Sql>, usize)| {
                let mut stretch = Stretch {
                    tests: tests.clone(),
                    bound: bound.clone(),
                    alike,
                    is_bounded: false,
                };
                stretch.tests.push(test);
                stretch.bound.extend(more);
                stretch
            };
            levels.push(differing(key, value, way, at).into_iter().map(stretch).collect());
            if *value == Sql::Null {
                tests.push(format!("{} IS NULL", key.expression));
            } else {
                tests.push(format!("{} = ?", key.expression));
                bound.push(value.clone());
            }
        }
        let downwards = self.order.descending == (way == Way::Forward);
        let sign = match (downwards, edge) {
            (true, Edge::Included) => "<=",
            (true, Edge::Left) => "<",
            (false, Edge::Included) => ">=",
            (false, Edge::Left) => ">",
        };
        tests.push(format!("{} {sign} ?", self.order.id));
        bound.push(Sql::Integer(place.id.raw()));
        let alike = self.order.keys.len();
        let equal = Stretch {
            tests,
            bound,
            alike,
            is_bounded: true,
        };
        let all: Vec<Stretch> = std::iter::once(equal)
            .chain(levels.into_iter().rev().flatten())
            .collect();
        match self.order.keys.first() {
            Some(key) if !INDEXED.contains(&key.expression.as_str()) => vec![joined(all)],
            _ => all,
        }
    }

    /// What stands after `WHERE` for a stretch, with what is bound.
    fn condition(&self, stretch: &Stretch) -> (String, Vec<Sql>) {
        let mut condition = if stretch.is_bounded {
            self.chosen.unbounded.clone()
        } else {
            self.chosen.condition.clone()
        };
        for test in &stretch.tests {
            condition.push_str(" AND ");
            condition.push_str(test);
        }
        let bound = self.bound.iter().chain(&stretch.bound).cloned().collect();
        (condition, bound)
    }

    /// Adds the rows of a stretch until there are `most` of them.
    fn read(&self, stretch: &Stretch, way: Way, most: usize, rows: &mut Vec<Row>) -> Result<()> {
        let (condition, bound) = self.condition(stretch);
        let columns: String = self
            .readers
            .iter()
            .flat_map(|reader| &reader.sql)
            .map(|expression| format!(", {expression}"))
            .collect();
        let sql = format!(
            "SELECT r.id{columns} FROM {} WHERE {condition} ORDER BY {} LIMIT {}",
            self.chosen.from,
            self.order.sql(stretch.alike, way == Way::Back),
            most.saturating_sub(rows.len())
        );
        let base = self.tx.base_currency()?;
        self.run(&sql, &bound, |row| {
            rows.push(Row {
                id: Id::from_raw(row.get(0)?),
                values: values(self.tx, self.noun, &self.readers, row, base)?,
            });
            Ok(())
        })
    }

    /// The first record of a stretch, if it has any.
    fn ids(&self, stretch: &Stretch, way: Way) -> Result<Vec<Id>> {
        let (condition, bound) = self.condition(stretch);
        let sql = format!(
            "SELECT r.id FROM {} WHERE {condition} ORDER BY {} LIMIT 1",
            self.chosen.from,
            self.order.sql(stretch.alike, way == Way::Back)
        );
        let mut ids = Vec::new();
        self.run(&sql, &bound, |row| {
            ids.push(Id::from_raw(row.get(0)?));
            Ok(())
        })?;
        Ok(ids)
    }

    /// Runs a statement and notes what it cost.
    fn run(&self, sql: &str, bound: &[Sql], mut each: impl FnMut(&SqlRow<'_>) -> Result<()>) -> Result<()> {
        let mut statement = self.tx.connection().prepare_cached(sql)?;
        let mut found = statement.query(params_from_iter(bound))?;
        let mut spent = self.spent.get();
        while let Some(row) = found.next()? {
            each(row)?;
            spent.rows += 1;
        }
        drop(found);
        for (count, status) in [
            (&mut spent.steps, StatementStatus::VmStep),
            (&mut spent.scanned, StatementStatus::FullscanStep),
            (&mut spent.sorts, StatementStatus::Sort),
        ] {
            *count = count.saturating_add(statement.reset_status(status));
        }
        self.spent.set(spent);
        Ok(())
    }
}

/// The tests that pick what differs first in `key` from a place with `value`, what each binds, and in how many keys its rows
/// are then alike. Of a stretch of known values the key itself still tells the rows apart.
fn differing(key: &Key, value: &Sql, way: Way, at: usize) -> Vec<(String, Option<Sql>, usize)> {
    let expression = &key.expression;
    let known = match key.least {
        Some(least) => format!("{expression} >= {least}"),
        None => format!("{expression} IS NOT NULL"),
    };
    let sign = if key.descending == (way == Way::Forward) {
        "<"
    } else {
        ">"
    };
    match (*value == Sql::Null, way) {
        (true, Way::Forward) => Vec::new(),
        (true, Way::Back) => vec![(known, None, at)],
        (false, _) => {
            let mut tests = vec![(format!("{expression} {sign} ?"), Some(value.clone()), at)];
            if way == Way::Forward && key.may_be_missing {
                tests.push((format!("{expression} IS NULL"), None, at + 1));
            }
            tests
        }
    }
}

/// Several stretches as one, for an order that no index serves: everything is looked at once and sorted.
fn joined(stretches: Vec<Stretch>) -> Stretch {
    let mut bound = Vec::new();
    let mut tests = Vec::new();
    for stretch in stretches {
        tests.push(format!("({})", stretch.tests.join(" AND ")));
        bound.extend(stretch.bound);
    }
    Stretch {
        tests: vec![format!("({})", tests.join(" OR "))],
        bound,
        alike: 0,
        is_bounded: false,
    }
}

/// How many records a condition selects, each of them counted.
pub fn total(tx: &ReadTx<'_>, noun: Noun, condition: &Condition) -> Result<u64> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, noun, condition, &mut bound)?;
    let sql = format!("SELECT count(*) FROM {} WHERE {}", chosen.from, chosen.condition);
    let rows: Option<i64> = tx.one(&sql, params_from_iter(bound), |row| row.get(0))?;
    Ok(rows.map_or(0, |rows| u64::try_from(rows).unwrap_or(0)))
}
