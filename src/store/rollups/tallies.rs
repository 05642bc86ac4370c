//! The figures of every group in one walk over the deals.
//!
//! The deals come out of the engine one by one and are added up here: grouping inside it sorts all of them first, which
//! takes longer than everything else. What a group is called is asked once a group, after the sums are made.

use std::collections::HashMap;

use rusqlite::types::{Value as Sql, ValueRef};
use rusqlite::{Row, params_from_iter};

use crate::domain::pipeline::StageType;
use crate::error::Result;
use crate::store::rollups::days::days;
use crate::store::rollups::statement::{Statement, heading, headings};
use crate::store::rollups::{CATEGORIES, Deals, Group, Heading, Key, Side, Tally, Which};
use crate::store::tx::ReadTx;

/// The figures of every group, in no order.
pub fn tallies(tx: &ReadTx<'_>, deals: &Deals<'_>, group: Group) -> Result<Vec<Tally>> {
    let reader = Reader { which: deals.which };
    let statement = Statement::new(tx, deals, group)?;
    let sql = statement.rows(&reader.columns());
    let mut sums: Sums<Vec<Side>> = Sums::default();
    let empty = vec![Side::default(); reader.sides()];
    let bound = reader.bound().into_iter().chain(statement.bound);
    tx.each_row(&sql, params_from_iter(bound), |row| {
        let sides = sums.at(row.get_ref(0)?, || empty.clone())?;
        reader.add(row, sides)
    })?;
    let found = sums.named(tx, group)?;
    let tally = |(key, heading, sides)| Tally { key, heading, sides };
    Ok(found.into_iter().map(tally).collect())
}

/// The figures of all deals, as one group, with a side for each that [`tallies`] has.
pub fn total(tx: &ReadTx<'_>, deals: &Deals<'_>) -> Result<Vec<Side>> {
    let found = tallies(tx, deals, Group::All)?.into_iter().next();
    let sides = Reader { which: deals.which }.sides();
    Ok(found.map_or_else(|| vec![Side::default(); sides], |tally| tally.sides))
}

/// What is summed up by group, in the order in which groups are met first.
pub(super) struct Sums<T> {
    nothing: Option<T>,
    records: HashMap<i64, T>,
    words: HashMap<String, T>,
}

impl<T> Default for Sums<T> {
    fn default() -> Self {
        Sums {
            nothing: None,
            records: HashMap::new(),
            words: HashMap::new(),
        }
    }
}

impl<T> Sums<T> {
    /// The sums of the group with this key; `empty` where it is the first of it.
    pub(super) fn at(&mut self, key: ValueRef<'_>, empty: impl FnOnce() -> T) -> Result<&mut T> {
        Ok(match key {
            ValueRef::Integer(id) => self.records.entry(id).or_insert_with(empty),
            ValueRef::Text(word) => {
                // A word is copied once a group, not once a deal.
                let word = str::from_utf8(word).unwrap_or_default();
                if !self.words.contains_key(word) {
                    self.words.insert(word.to_owned(), empty());
                }
                match self.words.get_mut(word) {
                    Some(sums) => sums,
                    None => return Err(crate::error::Error::internal("a group was lost")),
                }
            }
            _ => self.nothing.get_or_insert_with(empty),
        })
    }

    /// The groups with what they are called, in no order.
    pub(super) fn named(self, tx: &ReadTx<'_>, group: Group) -> Result<Vec<(Key, Heading, T)>> {
        let mut found: Vec<(Key, Heading, T)> = Vec::new();
        if let Some(sums) = self.nothing {
            found.push((Key::None, Heading::default(), sums));
        }
        for (word, sums) in self.words {
            let heading = Heading {
                name: Some(word.clone()),
                ..Heading::default()
            };
            found.push((Key::Word(word), heading, sums));
        }
        let sql = format!("SELECT {} FROM (SELECT ?1 AS k) AS g", headings(group));
        let mut statement = tx.connection().prepare_cached(&sql)?;
        for (id, sums) in self.records {
            let mut rows = statement.query([Sql::Integer(id)])?;
            if let Some(row) = rows.next()? {
                let (key, heading) = heading(row)?;
                found.push((key, heading, sums));
            }
        }
        Ok(found)
    }
}

/// The probability with which a deal came into the stage that it was in at the beginning of a day.
const PROBABILITY_THEN: &str = "coalesce((SELECT i.probability FROM stage_interval AS i
    WHERE i.deal_id = r.id AND i.entered_on < ? ORDER BY i.id DESC LIMIT 1), r.probability)";

/// What is read of each deal, and how it is added to the sides.
struct Reader {
    which: Which,
}

impl Reader {
    fn sides(&self) -> usize {
        match self.which {
            Which::Closed(outcomes, _) => outcomes.len(),
            Which::Expected(_) => CATEGORIES.len() + 1,
            _ => 1,
        }
    }

    /// The columns behind the key, in the order in which [`Reader::add`] takes them.
    fn columns(&self) -> Vec<&'static str> {
        let mut columns = vec!["r.amount_base", "r.amount IS NOT NULL"];
        columns.extend(match self.which {
            Which::Closed(..) => &["r.status", "r.closed_on", "r.opened_on"][..],
            Which::Expected(_) => &["r.category", "r.probability"],
            Which::Open(_) | Which::Overdue(_) => &["NULL", "r.probability"],
            Which::WeighedAt(_) => &["NULL", PROBABILITY_THEN],
            _ => &[],
        });
        columns
    }

    /// What is bound in the columns.
    fn bound(&self) -> Option<Sql> {
        match self.which {
            Which::WeighedAt(day) => Some(Sql::Text(day.to_string())),
            _ => None,
        }
    }

    fn add(&self, row: &Row<'_>, sides: &mut [Side]) -> Result<()> {
        let at = match self.which {
            Which::Closed([_], _) => 0,
            Which::Closed(outcomes, _) => outcome(row, outcomes)?,
            Which::Expected(_) => category(row)?,
            _ => 0,
        };
        let Some(side) = sides.get_mut(at) else {
            return Ok(());
        };
        side.deals += 1;
        side.with_amount += row.get::<_, i64>(2)?;
        if let ValueRef::Integer(amount) = row.get_ref(1)? {
            side.in_sum += 1;
            side.amount = side.amount.saturating_add(amount);
            if self.is_weighted() {
                side.weighted += i128::from(amount) * i128::from(row.get::<_, i64>(4)?);
            }
        }
        if let Which::Closed(..) = self.which {
            side.days += days(row, 4, 5)?;
        }
        Ok(())
    }

    fn is_weighted(&self) -> bool {
        matches!(
            self.which,
            Which::Open(_) | Which::Expected(_) | Which::Overdue(_) | Which::WeighedAt(_)
        )
    }
}

fn outcome(row: &Row<'_>, outcomes: &[StageType]) -> Result<usize> {
    let status = row.get_ref(3)?;
    let is = |outcome: &StageType| status == ValueRef::Text(outcome.name().as_bytes());
    Ok(outcomes.iter().position(is).unwrap_or(outcomes.len()))
}

fn category(row: &Row<'_>) -> Result<usize> {
    let found = row.get_ref(3)?;
    let is = |category: &&str| found == ValueRef::Text(category.as_bytes());
    Ok(CATEGORIES.iter().position(is).unwrap_or(CATEGORIES.len()))
}
