//! What forecasts said: one row per owner of each snapshot, so that it can be held against what came.

use jiff::civil::Date;
use rusqlite::types::Value as Sql;
use rusqlite::{Row, params_from_iter};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::{Error, Result};
use crate::store::filter;
use crate::store::keep::date;
use crate::store::tx::{ReadTx, WriteTx};

/// What a forecast is about, and when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The day on which it was made.
    pub taken_on: Date,
    /// The days that it is about.
    pub period: Period,
    /// The filter of its deals; empty for none.
    pub filter: String,
}

/// The sums of one owner, in minor units of the base currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Won already.
    pub closed: i64,
    /// Open, by category: commit, best case, pipeline.
    pub open: [i64; 3],
    /// Open, weighted by probability, in hundredths.
    pub weighted: i64,
    /// How many open deals.
    pub deals: i64,
    /// How many of them are in no sum.
    pub without_amount: i64,
}

/// What a forecast said of one owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// When, and about what.
    pub occasion: Occasion,
    /// Whose deals; none for those of nobody.
    pub owner: Option<Id>,
    /// The name of that user.
    pub owner_name: Option<String>,
    /// What it said.
    pub sums: Sums,
}

fn day(day: Option<Date>) -> Sql {
    day.map_or(Sql::Null, |day| Sql::Text(day.to_string()))
}

/// Keeps what a forecast says, in the place of what one of the same occasion said.
pub(crate) fn keep(tx: &WriteTx<'_>, occasion: &Occasion, rows: &[(Option<Id>, Sums)]) -> Result<()> {
    let mut bound = vec![
        Sql::Text(occasion.taken_on.to_string()),
        day(occasion.period.from),
        day(occasion.period.to),
        Sql::Text(occasion.filter.clone()),
    ];
    let scope = filter::scope(tx, Noun::Deal, "f", &mut bound);
    let sql = format!(
        "SELECT f.id FROM forecast_snapshot AS f
         WHERE f.taken_on = ? AND f.from_on IS ? AND f.to_on IS ? AND f.filter = ?{scope}"
    );
    let earlier: Vec<i64> = tx.all(&sql, params_from_iter(&bound), |row| row.get(0))?;
    for id in earlier {
        tx.delete("forecast_snapshot", Id::from_raw(id))?;
    }
    for (owner, sums) in rows {
        let [commit, best_case, pipeline] = sums.open;
        let amount = |name: &'static str, amount: i64| (name, Sql::Integer(amount));
        let columns = vec![
            ("taken_on", Sql::Text(occasion.taken_on.to_string())),
            ("from_on", day(occasion.period.from)),
            ("to_on", day(occasion.period.to)),
            ("filter", Sql::Text(occasion.filter.clone())),
            ("owner_id", owner.map_or(Sql::Null, |id| Sql::Integer(id.raw()))),
            amount("closed", sums.closed),
            amount("committed", commit),
            amount("best_case", best_case),
            amount("pipeline", pipeline),
            amount("weighted", sums.weighted),
            amount("deals", sums.deals),
            amount("without_amount", sums.without_amount),
        ];
        tx.insert("forecast_snapshot", tx.new_id(), columns)?;
    }
    Ok(())
}

/// All that was kept, the latest first; of one occasion by the name of the owner.
pub fn all(tx: &ReadTx<'_>) -> Result<Vec<Snapshot>> {
    let mut bound = Vec::new();
    let scope = filter::scope(tx, Noun::Deal, "f", &mut bound);
    let sql = format!(
        "SELECT f.taken_on, f.from_on, f.to_on, f.filter, f.owner_id,
                (SELECT name FROM user WHERE user.id = f.owner_id) AS owner,
                f.closed, f.committed, f.best_case, f.pipeline, f.weighted, f.deals, f.without_amount
         FROM forecast_snapshot AS f WHERE 1{scope}
         ORDER BY f.taken_on DESC, f.from_on, f.to_on, f.filter, owner IS NULL, owner, f.id"
    );
    let mut found = Vec::new();
    tx.each_row(&sql, params_from_iter(&bound), |row| {
        found.push(snapshot(row)?);
        Ok(())
    })?;
    Ok(found)
}

fn snapshot(row: &Row<'_>) -> Result<Snapshot> {
    let day = |at: usize| -> Result<Option<Date>> {
        row.get::<_, Option<String>>(at)?
            .map(|text| date(&text))
            .transpose()
    };
    let taken_on = day(0)?.ok_or_else(|| Error::internal("a forecast was made on no day"))?;
    Ok(Snapshot {
        occasion: Occasion {
            taken_on,
            period: Period {
                from: day(1)?,
                to: day(2)?,
            },
            filter: row.get(3)?,
        },
        owner: row.get::<_, Option<i64>>(4)?.map(Id::from_raw),
        owner_name: row.get(5)?,
        sums: Sums {
            closed: row.get(6)?,
            open: [row.get(7)?, row.get(8)?, row.get(9)?],
            weighted: row.get(10)?,
            deals: row.get(11)?,
            without_amount: row.get(12)?,
        },
    })
}
