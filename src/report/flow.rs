//! The sales process as it really ran: every move that deals made, how often, and how long it took.

use std::collections::HashMap;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::when::period::Period;
use crate::error::Result;
use crate::report::behind::{Behind, Row};
use crate::report::cell::{median_days, ratio};
use crate::report::drill::Drill;
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::ReadTx;
use crate::store::rollups::steps;
use crate::store::rollups::{Deals, Heading, Which};

/// The name.
pub const NAME: &str = "flow";

/// What its rows can be made by: they are moves, and nothing else.
pub const BY: &[Dimension] = &[];

/// The columns. Without a `from` it is where deals began.
pub const COLUMNS: &[ReportColumn] = &[
    column("from", CellKind::Text),
    column("to", CellKind::Text),
    column("moves", CellKind::Count),
    column("conversion", CellKind::Ratio),
    column("median_days", CellKind::Days),
];

const DEFINITION: &str = "moves between stages, also back, of the deals opened in the period, without abandoned ones; \
    conversion = moves / how often a deal came into the stage that they are from, of a beginning / deals; \
    median days = of the stays before the moves; no from = where deals began";

/// A move from one stage to another, or the beginning in one.
#[derive(Debug, Clone, PartialEq)]
pub struct Move {
    /// The stage that was left; none for a beginning.
    pub from: Option<Id>,
    /// The stage that deals came into.
    pub to: Id,
    /// How often.
    pub moves: i64,
    /// The share of those that had come into the stage before, or of all deals.
    pub conversion: Cell,
    /// How long the stay before it took, in the middle; null for a beginning.
    pub median_days: Cell,
}

/// All moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// How many deals they are of.
    pub deals: i64,
    /// Abandoned deals, which are left out.
    pub abandoned: i64,
    /// The moves, by the place of the stage that was left and then of the other.
    pub moves: Vec<Move>,
    /// How often deals came into each stage.
    pub stays: HashMap<Id, i64>,
    /// How long the stays before all moves took, in the middle.
    pub median_days: Cell,
    /// What stages are called, also those in the trash.
    headings: HashMap<i64, Heading>,
}

impl Flow {
    /// What a stage is called.
    fn name(&self, stage: Id) -> Cell {
        name(&self.headings, stage.raw())
    }
}

/// The moves of the deals that a request is about: those opened in its period.
///
/// # Errors
///
/// `Usage` for a filter that does not resolve.
pub fn real(tx: &ReadTx<'_>, request: &Request) -> Result<Flow> {
    let condition = request.condition(tx)?;
    let period = request.period.unwrap_or(Period::ALL);
    let deals = Deals {
        condition: &condition,
        which: Which::Opened(period),
    };
    let mut found = steps::steps(tx, &deals)?;
    let place = |stage: i64| found.headings.get(&stage).map_or(0, |heading| heading.place);
    let mut order: Vec<steps::Step> = found.days.keys().copied().collect();
    order.sort_by_key(|(from, to)| (from.map(|from| (place(from), from)), place(*to), *to));
    let (mut moves, mut all) = (Vec::with_capacity(order.len()), Vec::new());
    for (from, to) in order {
        let mut days = found.days.remove(&(from, to)).unwrap_or_default();
        let made = i64::try_from(days.len()).unwrap_or(i64::MAX);
        let whole = from.map_or(found.deals, |from| {
            found.stays.get(&from).copied().unwrap_or_default()
        });
        moves.push(Move {
            from: from.map(Id::from_raw),
            to: Id::from_raw(to),
            moves: made,
            conversion: ratio(made, whole),
            median_days: match from {
                Some(_) => median_days(&mut days),
                None => Cell::Null,
            },
        });
        if from.is_some() {
            all.append(&mut days);
        }
    }
    let abandoned = Deals {
        which: Which::OpenedAbandoned(period),
        ..deals
    };
    let stays = found
        .stays
        .iter()
        .map(|(stage, count)| (Id::from_raw(*stage), *count));
    Ok(Flow {
        deals: found.deals,
        abandoned: steps::steps(tx, &abandoned)?.deals,
        moves,
        stays: stays.collect(),
        median_days: median_days(&mut all),
        headings: found.headings,
    })
}

/// Makes the report over deals opened in the period. In the totals, `moves` is all of them with the beginnings, and
/// the days are of those from a stage.
///
/// # Errors
///
/// `Usage` for a dimension.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    request.dimension(NAME, BY)?;
    let flow = real(tx, request)?;
    let rows = flow.moves.iter().map(|step| {
        vec![
            step.from.map_or(Cell::Null, |from| flow.name(from)),
            flow.name(step.to),
            Cell::Count(step.moves),
            step.conversion.clone(),
            step.median_days.clone(),
        ]
    });
    let totals = vec![
        Cell::Null,
        Cell::Null,
        Cell::Count(flow.moves.iter().map(|step| step.moves).sum()),
        Cell::Null,
        flow.median_days.clone(),
    ];
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period: request.period.unwrap_or(Period::ALL),
        by: None,
        columns: COLUMNS,
    };
    let left_out = vec![("abandoned".to_owned(), flow.abandoned)];
    Ok(frame.report(tx, request, rows.collect(), totals, left_out))
}

/// The deals that made the move of a row. They are told one by one: which way a deal took no filter knows. A deal that
/// made the move twice is one.
///
/// # Errors
///
/// As the report.
pub(super) fn records_of(tx: &ReadTx<'_>, request: &Request, row: &Row) -> Result<Option<Behind>> {
    let headings = steps::stages(tx)?;
    let stage = |column: &str| {
        let wanted = row.cell(column).filter(|cell| **cell != Cell::Null)?;
        let mut stages: Vec<i64> = headings
            .keys()
            .copied()
            .filter(|stage| name(&headings, *stage) == *wanted)
            .collect();
        stages.sort_unstable();
        stages.first().copied()
    };
    let Some(to) = stage("to") else { return Ok(None) };
    let condition = request.condition(tx)?;
    let deals = Deals {
        condition: &condition,
        which: Which::Opened(request.period.unwrap_or(Period::ALL)),
    };
    let movers = steps::movers(tx, &deals, (stage("from"), to))?;
    Ok(Some(Behind {
        drill: Drill::Records(Noun::Deal, movers),
        counted: None,
    }))
}

fn name(headings: &HashMap<i64, Heading>, stage: i64) -> Cell {
    let name = headings.get(&stage).and_then(|heading| heading.name.clone());
    name.map_or(Cell::Null, Cell::Text)
}
