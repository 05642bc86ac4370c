//! What forecasts said that were kept, beside what came.

use std::collections::HashMap;

use crate::domain::id::Id;
use crate::domain::money::Currency;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::{Kind, Result};
use crate::ops;
use crate::report::cell::money;
use crate::report::groups;
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::forecasts::{self, Occasion, Snapshot, Sums};
use crate::store::rollups::{self, Deals, Group, Key, Which};

/// The name.
pub const NAME: &str = "forecast-accuracy";

/// What its rows can be made by.
pub const BY: &[Dimension] = &[Dimension::Owner];

/// The columns. `filter` is that of the forecast.
pub const COLUMNS: &[ReportColumn] = &[
    column("taken_on", CellKind::Day),
    column("period", CellKind::Text),
    column("group", CellKind::Text),
    column("actual", CellKind::Money),
    column("commit_forecast", CellKind::Money),
    column("commit_accuracy", CellKind::Ratio),
    column("best_case_forecast", CellKind::Money),
    column("best_case_accuracy", CellKind::Ratio),
    column("weighted", CellKind::Money),
    column("weighted_accuracy", CellKind::Ratio),
    column("filter", CellKind::Text),
];

const DEFINITION: &str = "accuracy = 1 - |forecast - actual| / actual, for each forecast kept by `forecast --snapshot`; \
    actual = sum of the amounts of deals won in its period, up to now; without any there is no accuracy";

/// Makes the report: a row for every forecast that was kept, or for every owner in it, the latest first. A period keeps
/// the forecasts of just that period, a filter those that were made with it.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.dimension(NAME, BY)?;
    // A mistake in a filter is said here, although it only picks forecasts by its text.
    request.condition(tx)?;
    let wanted = |occasion: &Occasion| {
        request.period.is_none_or(|period| period == occasion.period)
            && (request.filters.is_empty() || request.filter() == occasion.filter)
    };
    let snapshots = forecasts::all(tx)?.into_iter();
    let snapshots: Vec<Snapshot> = snapshots.filter(|kept| wanted(&kept.occasion)).collect();
    let currency = tx.base_currency()?;
    let mut rows = Vec::new();
    for kept in snapshots.chunk_by(|a, b| a.occasion == b.occasion) {
        let Some(first) = kept.first() else { continue };
        let came = came(tx, &first.occasion)?;
        if by.is_none() {
            let mut all = Sums::default();
            for snapshot in kept {
                add(&mut all, &snapshot.sums);
            }
            let actual = came.as_ref().map(|came| came.values().sum());
            rows.push(cells(
                &first.occasion,
                Cell::Text("all".to_owned()),
                &all,
                actual,
                currency,
            ));
            continue;
        }
        for snapshot in kept {
            let name = snapshot.owner_name.clone().map_or(Cell::Null, Cell::Text);
            let actual = came
                .as_ref()
                .map(|came| came.get(&snapshot.owner).copied().unwrap_or(0));
            rows.push(cells(&snapshot.occasion, name, &snapshot.sums, actual, currency));
        }
    }
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period: request.period.unwrap_or(Period::ALL),
        by,
        columns: COLUMNS,
    };
    Ok(frame.report(tx, request, rows, Vec::new(), Vec::new()))
}

fn add(all: &mut Sums, one: &Sums) {
    all.closed += one.closed;
    all.weighted += one.weighted;
    for (mine, theirs) in all.open.iter_mut().zip(one.open) {
        *mine += theirs;
    }
}

/// What every owner won in the period of a forecast; none if its filter means nothing any more.
fn came(tx: &ReadTx<'_>, occasion: &Occasion) -> Result<Option<HashMap<Option<Id>, i64>>> {
    let filters = Some(occasion.filter.clone()).filter(|filter| !filter.is_empty());
    let filters: Vec<String> = filters.into_iter().collect();
    let condition = match ops::list::condition(tx, Noun::Deal, &filters) {
        Ok(condition) => condition,
        Err(error) if error.kind() == Kind::Usage => return Ok(None),
        Err(error) => return Err(error),
    };
    let deals = Deals {
        condition: &condition,
        which: Which::Closed(&[StageType::Won], occasion.period),
    };
    let tallies = rollups::tallies(tx, &deals, Group::Owner)?.into_iter();
    let sums = tallies.map(|tally| {
        let owner = match tally.key {
            Key::Record(id) => Some(Id::from_raw(id)),
            _ => None,
        };
        (owner, groups::side(&tally.sides, 0).amount)
    });
    Ok(Some(sums.collect()))
}

fn cells(occasion: &Occasion, name: Cell, sums: &Sums, actual: Option<i64>, currency: Currency) -> Vec<Cell> {
    // In hundredths of minor units, because that is what weighted sums are in.
    let hundredths = |sum: i64| i128::from(sum) * 100;
    let [commit, best_case, _] = sums.open;
    let forecasts = [
        hundredths(sums.closed + commit),
        hundredths(sums.closed + commit + best_case),
        hundredths(sums.closed) + i128::from(sums.weighted),
    ];
    let mut row = vec![
        Cell::Day(occasion.taken_on),
        Cell::Text(occasion.period.label()),
        name,
    ];
    row.push(actual.map_or(Cell::Null, |actual| money(i128::from(actual), 1, currency)));
    for forecast in forecasts {
        row.push(money(forecast, 100, currency));
        row.push(match actual.map(hundredths) {
            Some(actual) if actual != 0 => Cell::Ratio(actual - (forecast - actual).abs(), actual),
            _ => Cell::Ratio(0, 0),
        });
    }
    row.push(
        Some(occasion.filter.clone())
            .filter(|filter| !filter.is_empty())
            .map_or(Cell::Null, Cell::Text),
    );
    row
}
