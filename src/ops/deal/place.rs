//! Where a deal is to be: the pipeline and the stage that somebody named.

use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::error::{Error, Result};
use crate::ops::draft::Draft;
use crate::ops::pipeline;
use crate::ops::typed::{self, OnMissing, Policy};
use crate::query::context::Choice;
use crate::store::deals::Deal;
use crate::store::seed::{self, Stage};
use crate::store::{ReadTx, WriteTx, fields, links, pipelines};

/// The stage that a draft wants a deal in; `deal` is none for a new one.
///
/// Without a stage a new deal goes into the first open one; in another pipeline a deal keeps the key of its stage, or
/// at least the type.
///
/// # Errors
///
/// `Invalid` with the stages that there are.
pub(super) fn wanted(tx: &WriteTx<'_>, draft: &Draft, deal: Option<&Deal>, policy: &Policy) -> Result<Stage> {
    let named = match text(draft, "pipeline")? {
        Some(name) => pipeline::named(tx, &name, policy)?,
        None => None,
    };
    let pipeline = match named.or(deal.map(|deal| deal.pipeline)) {
        Some(pipeline) => pipeline,
        None => seed::default_pipeline(tx)?
            .ok_or_else(|| Error::invalid("pipeline", "there is no pipeline to put a deal into"))?,
    };
    if let Some(name) = text(draft, "stage")?
        && let Some(stage) = stage_named(tx, pipeline, &name, policy)?
    {
        return Ok(stage);
    }
    let Some(deal) = deal else {
        return first_open(tx, pipeline);
    };
    let current = pipelines::stage(tx, deal.stage)?
        .ok_or_else(|| Error::internal(format!("deal {} is in no stage", deal.id)))?;
    if pipeline == deal.pipeline {
        return Ok(current);
    }
    counterpart(tx, &current, pipeline)
}

/// The text given for a special field; none if it is not given or blank.
fn text(draft: &Draft, name: &str) -> Result<Option<String>> {
    match draft.specials(name).last() {
        None | Some((_, Input::Clear)) => Ok(None),
        Some((_, Input::Text(text))) => {
            let text = typed::clean(name, text)?;
            Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
        }
        Some(_) => Err(Error::invalid(name, format!("{name} takes one value"))),
    }
}

/// The stage of a pipeline with this key, label or type; made if the policy says so, none if it is to be left alone.
///
/// # Errors
///
/// `Invalid` with the stages that there are.
pub(crate) fn stage_named(
    tx: &WriteTx<'_>,
    pipeline: Id,
    text: &str,
    policy: &Policy,
) -> Result<Option<Stage>> {
    let stages = seed::stages(tx, pipeline)?;
    if let Some(stage) = find_stage(tx, &stages, text)? {
        return Ok(Some(stage));
    }
    match policy.on_missing {
        OnMissing::Skip => Ok(None),
        OnMissing::Create => {
            let spec = pipeline::StageSpec {
                label: Some(text.to_owned()),
                ..pipeline::StageSpec::default()
            };
            let id = pipeline::stage_add(tx, pipeline, &spec)?;
            let key = links::link(tx, Noun::Pipeline, pipeline)?.map_or_else(String::new, |link| link.name);
            policy
                .made
                .borrow_mut()
                .push((Noun::Pipeline, format!("{key}/{text}")));
            pipelines::stage(tx, id)
        }
        OnMissing::Fail => {
            let keys: Vec<&str> = stages.iter().map(|stage| stage.key.as_str()).collect();
            let message = format!("stage: {text:?} is none of {}", keys.join(", "));
            Err(Error::invalid("stage", message).with_near(near(text, keys)))
        }
    }
}

/// By key, by label, by the word for the type of a closing stage.
pub(crate) fn find_stage(tx: &ReadTx<'_>, stages: &[Stage], text: &str) -> Result<Option<Stage>> {
    // Almost always the key; the labels cost a statement each.
    let wanted = fold(text).replace([' ', '-'], "_");
    if let Some(stage) = stages.iter().find(|stage| fold(&stage.key) == wanted) {
        return Ok(Some(stage.clone()));
    }
    for stage in stages {
        let choice = Choice {
            key: stage.key.clone(),
            labels: fields::labels(tx, stage.id)?,
        };
        if typed::matching(std::slice::from_ref(&choice), text).is_some() {
            return Ok(Some(stage.clone()));
        }
    }
    let word = wanted.strip_prefix("closed_").unwrap_or(&wanted);
    let kind = StageType::parse(word).filter(|kind| *kind != StageType::Open);
    Ok(kind
        .and_then(|kind| stages.iter().find(|stage| stage.kind == kind))
        .cloned())
}

/// The stage in which the deals of a pipeline begin.
pub(crate) fn first_open(tx: &ReadTx<'_>, pipeline: Id) -> Result<Stage> {
    of_type(tx, pipeline, StageType::Open)
}

/// The first stage of a type.
///
/// # Errors
///
/// `Invalid` if the pipeline has none.
pub(crate) fn of_type(tx: &ReadTx<'_>, pipeline: Id, kind: StageType) -> Result<Stage> {
    seed::stages(tx, pipeline)?
        .into_iter()
        .find(|stage| stage.kind == kind)
        .ok_or_else(|| {
            Error::invalid(
                "stage",
                format!("the pipeline has no stage of type {}", kind.name()),
            )
        })
}

/// The stage in which a deal ends: of several of the type the first that its stage allows.
///
/// # Errors
///
/// As [`of_type`].
pub(super) fn ending(tx: &ReadTx<'_>, deal: &Deal, kind: StageType) -> Result<Stage> {
    let from = pipelines::stage(tx, deal.stage)?;
    let is_allowed = |stage: &Stage| from.as_ref().is_none_or(|from| from.rules.allows(&stage.key));
    let stages = seed::stages(tx, deal.pipeline)?;
    let allowed = stages
        .into_iter()
        .find(|stage| stage.kind == kind && is_allowed(stage));
    allowed.map_or_else(|| of_type(tx, deal.pipeline, kind), Ok)
}

/// The stage in which a deal is opened again: the one in which it was last, unless the stage in which it is allows only
/// others.
///
/// # Errors
///
/// As [`of_type`].
pub(super) fn reopening(tx: &ReadTx<'_>, deal: &Deal, last: Id) -> Result<Stage> {
    let from = pipelines::stage(tx, deal.stage)?;
    let is_allowed = |stage: &Stage| from.as_ref().is_none_or(|from| from.rules.allows(&stage.key));
    let mut open = seed::stages(tx, deal.pipeline)?;
    open.retain(|stage| stage.kind == StageType::Open);
    let found = open
        .iter()
        .find(|stage| stage.id == last && is_allowed(stage))
        .or_else(|| open.iter().find(|stage| is_allowed(stage)));
    found.cloned().map_or_else(|| first_open(tx, deal.pipeline), Ok)
}

/// What a stage is in another pipeline: the one with the same key and type, else the first of the same type.
fn counterpart(tx: &ReadTx<'_>, stage: &Stage, pipeline: Id) -> Result<Stage> {
    let same = seed::stages(tx, pipeline)?
        .into_iter()
        .find(|other| other.key == stage.key && other.kind == stage.kind);
    match same {
        Some(same) => Ok(same),
        None => of_type(tx, pipeline, stage.kind),
    }
}
