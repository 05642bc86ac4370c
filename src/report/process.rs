//! A sales process to be drawn: its stages and the ways between them, as the team defines them and as they really went.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::process::Rules;
use crate::domain::when::period::Period;
use crate::error::{Error, Result};
use crate::report::flow::{self, Move};
use crate::report::{Cell, Request};
use crate::store::seed::{self, Stage};
use crate::store::{ReadTx, fields, links, pipelines};

/// A process.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {
    /// The key of the pipeline.
    pub pipeline: String,
    /// What people see of it.
    pub label: String,
    /// Its stages: the open ones in order, then those in which deals are won, then the other endings.
    pub nodes: Vec<Node>,
    /// The ways, by the stage that is left and then the other; those from the beginning first.
    pub arrows: Vec<Arrow>,
    /// What is said of how it really ran; none of a mere definition.
    pub real: Option<Real>,
}

/// A stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its key.
    pub key: String,
    /// What people see of it.
    pub label: String,
    /// What being in it means.
    pub kind: StageType,
    /// Chance of winning in percent.
    pub probability: i64,
    /// Days after which a deal rots; 0 for never.
    pub rot_days: i64,
    /// What it asks and makes.
    pub rules: Rules,
    /// Whether it was taken away since; deals were in it.
    pub is_gone: bool,
    /// How often deals came into it; none of a mere definition.
    pub stays: Option<i64>,
}

/// A way from stage to stage.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrow {
    /// The stage that is left, by its place in the nodes; none for where deals begin.
    pub from: Option<usize>,
    /// The stage that is come into.
    pub to: usize,
    /// Whether the definition has it: the next open stage, the first to win in, or what a stage names as next.
    pub is_defined: bool,
    /// Whether the definition allows it; where a stage names no next ones, it allows all.
    pub is_allowed: bool,
    /// How it really went; none of a mere definition.
    pub figures: Option<Figures>,
}

/// The figures of a way, as the report `flow` has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// How often it was taken.
    pub moves: i64,
    /// The share of those that had come into the stage before.
    pub conversion: Cell,
    /// How long the stay before it took.
    pub median_days: Cell,
}

/// How a process really ran, as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Real {
    /// The period in which the deals were opened, as it can be asked for.
    pub period: String,
    /// How many deals.
    pub deals: i64,
    /// How many abandoned ones are left out.
    pub abandoned: i64,
    /// How many moves came from another pipeline, and are not drawn.
    pub elsewhere: i64,
}

impl Process {
    /// Whether a way leads back: to an earlier stage, or out of an ending.
    pub fn is_back(&self, arrow: &Arrow) -> bool {
        arrow.from.is_some_and(|from| arrow.to <= from)
    }
}

/// The process of a pipeline; with `request` as it really ran, for the deals that the request is about.
///
/// # Errors
///
/// `NotFound` for a pipeline that is not there; `Usage` for a filter that does not resolve.
pub fn of(tx: &ReadTx<'_>, pipeline: Id, request: Option<&Request>) -> Result<Process> {
    let link = links::link(tx, Noun::Pipeline, pipeline)?;
    let key = link
        .ok_or_else(|| Error::not_found(Noun::Pipeline, &pipeline.uid()))?
        .name;
    let mut stages = seed::stages(tx, pipeline)?;
    let flow = match request {
        Some(request) => {
            let mut request = request.clone();
            request.filters.push(format!("pipeline:\"{key}\""));
            Some(flow::real(tx, &request)?)
        }
        None => None,
    };
    let known = stages.len();
    for stage in flow
        .iter()
        .flat_map(|flow| &flow.moves)
        .flat_map(|step| [step.from, Some(step.to)])
    {
        let Some(stage) = stage.filter(|stage| stages.iter().all(|known| known.id != *stage)) else {
            continue;
        };
        stages.extend(pipelines::stage(tx, stage)?.filter(|stage| stage.pipeline == pipeline));
    }
    let mut ordered: Vec<(Stage, bool)> = stages
        .into_iter()
        .enumerate()
        .map(|(at, stage)| (stage, at >= known))
        .collect();
    let rank = |kind: StageType| match kind {
        StageType::Open => 0,
        StageType::Won => 1,
        StageType::Lost => 2,
        StageType::Abandoned => 3,
    };
    ordered.sort_by_key(|(stage, _)| (rank(stage.kind), stage.position, stage.id));
    let mut nodes = Vec::with_capacity(ordered.len());
    for (stage, is_gone) in &ordered {
        let label = fields::labels(tx, stage.id)?.into_iter().next();
        nodes.push(Node {
            key: stage.key.clone(),
            label: label.unwrap_or_else(|| stage.key.clone()),
            kind: stage.kind,
            probability: stage.probability,
            rot_days: stage.rot_days,
            rules: stage.rules.clone(),
            is_gone: *is_gone,
            stays: flow
                .as_ref()
                .map(|flow| flow.stays.get(&stage.id).copied().unwrap_or(0)),
        });
    }
    let mut arrows = defined(&nodes);
    let mut elsewhere = 0;
    if let Some(flow) = &flow {
        let place = |stage: Id| ordered.iter().position(|(known, _)| known.id == stage);
        elsewhere = add_real(&nodes, &mut arrows, &flow.moves, flow.deals, &place);
    }
    arrows.sort_by_key(|arrow| (arrow.from, arrow.to));
    let label = fields::labels(tx, pipeline)?.into_iter().next();
    Ok(Process {
        label: label.unwrap_or_else(|| key.clone()),
        pipeline: key,
        nodes,
        arrows,
        real: flow.map(|flow| Real {
            period: request
                .and_then(|request| request.period)
                .unwrap_or(Period::ALL)
                .label(),
            deals: flow.deals,
            abandoned: flow.abandoned,
            elsewhere,
        }),
    })
}

/// The ways that the definition has.
fn defined(nodes: &[Node]) -> Vec<Arrow> {
    let arrow = |from: Option<usize>, to: usize| Arrow {
        from,
        to,
        is_defined: true,
        is_allowed: true,
        figures: None,
    };
    let live = || nodes.iter().enumerate().filter(|(_, node)| !node.is_gone);
    let open: Vec<usize> = live()
        .filter(|(_, node)| node.kind == StageType::Open)
        .map(|(at, _)| at)
        .collect();
    let mut arrows: Vec<Arrow> = open
        .first()
        .map(|first| arrow(None, *first))
        .into_iter()
        .collect();
    for (at, node) in live() {
        if !node.rules.next.is_empty() {
            let named = live().filter(|(to, other)| *to != at && node.rules.next.contains(&other.key));
            arrows.extend(named.map(|(to, _)| arrow(Some(at), to)));
        } else if node.kind == StageType::Open {
            match open.iter().find(|next| **next > at) {
                Some(next) => arrows.push(arrow(Some(at), *next)),
                None => {
                    let won = live().find(|(_, other)| other.kind == StageType::Won);
                    arrows.extend(won.map(|(to, _)| arrow(Some(at), to)));
                }
            }
        }
    }
    arrows
}

/// Adds how the ways really went; returns how many moves came from stages that are not drawn.
fn add_real(
    nodes: &[Node],
    arrows: &mut Vec<Arrow>,
    moves: &[Move],
    deals: i64,
    place: &dyn Fn(Id) -> Option<usize>,
) -> i64 {
    let mut elsewhere = 0;
    for step in moves {
        let (from, to) = (step.from.map(place), place(step.to));
        let (from, to) = match (from, to) {
            (Some(None), _) | (_, None) => {
                elsewhere += step.moves;
                continue;
            }
            (from, Some(to)) => (from.flatten(), to),
        };
        let figures = Some(Figures {
            moves: step.moves,
            conversion: step.conversion.clone(),
            median_days: step.median_days.clone(),
        });
        match arrows
            .iter_mut()
            .find(|arrow| arrow.from == from && arrow.to == to)
        {
            Some(arrow) => arrow.figures = figures,
            None => {
                let node = |at: usize| nodes.get(at);
                let allows = from
                    .and_then(node)
                    .zip(node(to))
                    .is_none_or(|(from, to)| from.rules.allows(&to.key));
                arrows.push(Arrow {
                    from,
                    to,
                    is_defined: false,
                    is_allowed: allows,
                    figures,
                });
            }
        }
    }
    for arrow in arrows.iter_mut().filter(|arrow| arrow.figures.is_none()) {
        let whole = match arrow.from {
            Some(from) => nodes.get(from).and_then(|node| node.stays).unwrap_or(0),
            None => deals,
        };
        arrow.figures = Some(Figures {
            moves: 0,
            conversion: super::cell::ratio(0, whole),
            median_days: Cell::Null,
        });
    }
    elsewhere
}
