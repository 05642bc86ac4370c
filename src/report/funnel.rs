//! How far the deals that were opened came, stage by stage.

use std::collections::HashMap;

use crate::domain::id::Id;
use crate::domain::pipeline::StageType;
use crate::domain::when::period::Period;
use crate::error::{Error, Result};
use crate::report::cell::ratio;
use crate::report::groups::{self, Names};
use crate::report::{Cell, CellKind, Dimension, Frame, Report, ReportColumn, Request, column};
use crate::store::rollups::members::Member;
use crate::store::rollups::{self, Deals, Group, Heading, Key, Reach, Which};
use crate::store::{ReadTx, seed};

/// The name.
pub const NAME: &str = "funnel";

/// The columns. `conversion` is from the stage before, of the first one from the cohort; `overall` is from the cohort.
pub const COLUMNS: &[ReportColumn] = &[
    column("group", CellKind::Text),
    column("stage", CellKind::Text),
    column("reached", CellKind::Count),
    column("conversion", CellKind::Ratio),
    column("overall", CellKind::Ratio),
];

const DEFINITION: &str = "cohort = deals opened in the period, without abandoned ones; reached = deals that were ever \
    in the stage or a later one, won deals in all; skipped stages count as passed, backward moves never reduce; \
    overall = reached / cohort";

/// The word for the last step.
const WON: &str = "won";

/// Makes the report over deals opened in the period; by pipeline unless asked otherwise. Months and quarters are those
/// of the opening. In the totals, `reached` is the cohort and `overall` the share that was won.
///
/// # Errors
///
/// `Usage` for rows by stage: the stages are the steps of every row.
pub fn run(tx: &ReadTx<'_>, request: &Request) -> Result<Report> {
    let by = request.by.unwrap_or(Dimension::Pipeline);
    if by == Dimension::Stage {
        return Err(Error::usage(
            "a funnel is made of stages; it cannot be made by stage",
        ));
    }
    let condition = request.condition(tx)?;
    let period = request.period.unwrap_or(Period::ALL);
    let deals = Deals {
        condition: &condition,
        which: Which::Opened(period),
    };
    let group = by.group();
    let reaches = rollups::reaches(tx, &deals, group)?;
    let names = Names::of(group, reaches.iter().map(|reach| &reach.heading));
    let steps = Steps::read(tx)?;
    let mut rows = Vec::new();
    for cohort in cohorts(group, &reaches) {
        let name = names.cell(group, cohort.heading);
        steps.rows(&name, &cohort, group == Group::Pipeline, &mut rows);
    }
    let all = if group.is_many() {
        &rollups::reaches(tx, &deals, Group::All)?
    } else {
        &reaches
    };
    let opened: i64 = all.iter().map(|reach| reach.deals).sum();
    let won: i64 = all
        .iter()
        .filter(|reach| reach.won)
        .map(|reach| reach.deals)
        .sum();
    let totals = vec![
        Cell::Null,
        Cell::Null,
        Cell::Count(opened),
        Cell::Null,
        ratio(won, opened),
    ];
    let abandoned = Deals {
        which: Which::OpenedAbandoned(period),
        ..deals
    };
    let abandoned = groups::side(&rollups::total(tx, &abandoned)?, 0).deals;
    let frame = Frame {
        name: NAME,
        definition: DEFINITION,
        period,
        by: Some(by),
        columns: COLUMNS,
    };
    let left_out = vec![("abandoned".to_owned(), abandoned)];
    Ok(frame.report(tx, request, rows, totals, left_out))
}

/// The deals of one group.
struct Cohort<'r> {
    heading: &'r Heading,
    reaches: Vec<&'r Reach>,
}

/// The groups in the order of the rows.
fn cohorts(group: Group, reaches: &[Reach]) -> Vec<Cohort<'_>> {
    let mut places: HashMap<&Key, usize> = HashMap::new();
    let mut cohorts: Vec<Cohort<'_>> = Vec::new();
    for reach in reaches {
        let place = *places.entry(&reach.key).or_insert_with(|| {
            cohorts.push(Cohort {
                heading: &reach.heading,
                reaches: Vec::new(),
            });
            cohorts.len() - 1
        });
        if let Some(cohort) = cohorts.get_mut(place) {
            cohort.reaches.push(reach);
        }
    }
    let size = |cohort: &Cohort<'_>| cohort.reaches.iter().map(|reach| reach.deals).sum();
    cohorts.sort_by(|a, b| groups::order(group, (a.heading, size(a)), (b.heading, size(b))));
    cohorts
}

/// Position, key and stages of a pipeline; a stage by position and key.
type Pipeline = (i64, String, Vec<(i64, String)>);

/// The open stages of every pipeline, in order.
struct Steps {
    pipelines: Vec<Pipeline>,
}

impl Steps {
    fn read(tx: &ReadTx<'_>) -> Result<Steps> {
        let mut pipelines = Vec::new();
        for (pipeline, key) in rollups::pipelines(tx)? {
            let stages = seed::stages(tx, Id::from_raw(pipeline))?;
            let open = stages.into_iter().filter(|stage| stage.kind == StageType::Open);
            let open = open.map(|stage| (stage.position, stage.key)).collect();
            pipelines.push((pipeline, key, open));
        }
        Ok(Steps { pipelines })
    }

    /// Adds a row for every stage of every pipeline that the cohort has deals in. Where the group is not the pipeline
    /// and there are several, the stages say whose they are.
    fn rows(&self, name: &Cell, cohort: &Cohort<'_>, by_pipeline: bool, rows: &mut Vec<Vec<Cell>>) {
        for (pipeline, key, stages) in &self.pipelines {
            let inside: Vec<&Reach> = cohort
                .reaches
                .iter()
                .copied()
                .filter(|reach| reach.pipeline == *pipeline)
                .collect();
            let opened = count(&inside, |_| true);
            if opened == 0 {
                continue;
            }
            let title = |stage: &str| {
                Cell::Text(if by_pipeline || self.pipelines.len() == 1 {
                    stage.to_owned()
                } else {
                    format!("{key}/{stage}")
                })
            };
            let mut before = opened;
            let mut step = |stage: &str, reached: i64| {
                rows.push(vec![
                    name.clone(),
                    title(stage),
                    Cell::Count(reached),
                    ratio(reached, before),
                    ratio(reached, opened),
                ]);
                before = reached;
            };
            for (position, stage) in stages {
                step(
                    stage,
                    count(&inside, |reach| reach.won || reach.furthest >= *position),
                );
            }
            step(WON, count(&inside, |reach| reach.won));
        }
    }
}

/// Which deals reached a stage, which is called as in the rows.
pub(super) struct Reached {
    /// The position of the stage by pipeline; none for the deals that were won in all.
    positions: HashMap<i64, Option<i64>>,
}

impl Reached {
    pub(super) fn of(tx: &ReadTx<'_>, title: &str) -> Result<Reached> {
        let steps = Steps::read(tx)?;
        let mut positions = HashMap::new();
        for (pipeline, key, stages) in steps.pipelines {
            let stage = title
                .strip_prefix(&key)
                .and_then(|rest| rest.strip_prefix('/'))
                .unwrap_or(title);
            let found = stages.iter().find(|(_, known)| known == stage);
            match found {
                Some((position, _)) => positions.insert(pipeline, Some(*position)),
                None if stage == WON => positions.insert(pipeline, None),
                None => None,
            };
        }
        Ok(Reached { positions })
    }

    pub(super) fn has(&self, deal: &Member) -> bool {
        self.positions
            .get(&deal.pipeline)
            .is_some_and(|position| deal.won || position.is_some_and(|position| deal.furthest >= position))
    }
}

fn count(reaches: &[&Reach], counts: impl Fn(&Reach) -> bool) -> i64 {
    reaches
        .iter()
        .filter(|reach| counts(reach))
        .map(|reach| reach.deals)
        .sum()
}
