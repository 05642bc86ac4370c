//! Where a deal of a foreign file is: its pipeline and stage by the words of the file, and what its days mean there.

use crate::domain::field::FieldType;
use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::value::Value;
use crate::domain::when::Leaning;
use crate::error::{Kind, Result};
use crate::ops::deal::past::{Stay, retell};
use crate::ops::deal::place::find_stage;
use crate::ops::{refer, typed};
use crate::store::seed::{self, Stage};
use crate::store::{ReadTx, WriteTx, deals};

use super::wanted::{Place, Request};

/// Puts the stage and the pipeline that the base knows in place of what the file says: by name, else by what the preset
/// says of the word. What nobody knows stays, to be refused or made. What the row says besides of its place stands in the note.
///
/// # Errors
///
/// Whatever the store fails with.
pub(super) fn settle(tx: &WriteTx<'_>, request: &mut Request) -> Result<Option<Placed>> {
    let places = std::mem::take(&mut request.places);
    let (pipelines, stages): (Vec<Place>, Vec<Place>) =
        places.into_iter().partition(|place| place.field == "pipeline");
    let pipeline = pipeline(tx, request, pipelines)?;
    let known = match pipeline {
        Some(pipeline) => seed::stages(tx, pipeline)?,
        None => Vec::new(),
    };
    let (stage, placed) = stage(tx, request, stages, &known)?;
    let is_open = stage.as_ref().is_none_or(|stage| stage.kind == StageType::Open);
    if let Some(day) = request.closes_on.take() {
        if !is_open {
            request.wanted.fallback("closed_on", &day);
        }
        request.wanted.fallback("expected_close", &day);
    }
    if is_open && request.wanted.get("closed_on").is_some() {
        leave(request, "closed_on", "Closed");
    }
    if let Some(stage) = stage {
        follow(request, &stage);
    }
    Ok(placed)
}

/// A stage of the file and what the preset takes it for.
pub(super) type Placed = (String, String);

/// The pipeline of the deal, if the base has it.
fn pipeline(tx: &WriteTx<'_>, request: &mut Request, places: Vec<Place>) -> Result<Option<Id>> {
    let mut found = None;
    let mut is_said = false;
    for place in places {
        if is_said {
            request.notes.push(place.line);
            continue;
        }
        is_said = true;
        let by_name = named(tx, &place.said)?;
        match (by_name, place.mapped.as_deref()) {
            (Some(id), _) => found = Some(id),
            (None, Some("")) => {
                is_said = false;
                continue;
            }
            (None, Some(mapped)) => {
                found = named(tx, mapped)?;
                request.wanted.fallback("pipeline", mapped);
            }
            (None, None) => {}
        }
        request.wanted.fallback("pipeline", &place.said);
    }
    match (found, is_said) {
        (Some(id), _) => Ok(Some(id)),
        (None, true) => Ok(None),
        (None, false) => seed::default_pipeline(tx),
    }
}

fn named(tx: &ReadTx<'_>, text: &str) -> Result<Option<Id>> {
    match refer::one(tx, Noun::Pipeline, text) {
        Ok(id) => Ok(Some(id)),
        Err(error) if matches!(error.kind(), Kind::NotFound | Kind::Ambiguous) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The first stage of those that are said that the base knows.
pub(super) fn known_stage(tx: &ReadTx<'_>, places: &[Place], known: &[Stage]) -> Result<Option<Stage>> {
    for place in places.iter().filter(|place| place.field == "stage") {
        let mut found = find_stage(tx, known, &place.said)?;
        if let Some(mapped) = place.mapped.as_deref().filter(|_| found.is_none()) {
            found = find_stage(tx, known, mapped)?;
        }
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Lets a new deal that is open have come into its stage on the day that the file says; before, it was in the first one.
/// What is no such day stands in the note.
///
/// # Errors
///
/// Whatever the store fails with.
pub(super) fn enter(tx: &WriteTx<'_>, id: Id, day: &str) -> Result<()> {
    let Some(deal) = deals::get(tx, id)? else {
        return Ok(());
    };
    let stages = seed::stages(tx, deal.pipeline)?;
    let stage = |wanted: &dyn Fn(&&Stage) -> bool| stages.iter().find(wanted).cloned();
    let current = stage(&|stage| stage.id == deal.stage);
    let first = stage(&|stage| stage.kind == StageType::Open);
    let (Some(current), Some(first), None) = (current, first, &deal.closed) else {
        return Ok(());
    };
    let Ok(Value::Date(on)) = typed::scalar(tx, "stage_since", FieldType::Date, day, Leaning::Past) else {
        return Ok(());
    };
    if on <= deal.opened_on || on > tx.caller().clock.today() {
        return Ok(());
    }
    let stay = |on, stage: Stage| Stay {
        on,
        probability: (stage.id == deal.stage).then_some(deal.probability.value),
        stage,
        amount: deal.amount,
    };
    retell(tx, id, vec![stay(deal.opened_on, first), stay(on, current)]).map(drop)
}

/// The stage of the deal, if the base has it.
fn stage(
    tx: &WriteTx<'_>,
    request: &mut Request,
    places: Vec<Place>,
    known: &[Stage],
) -> Result<(Option<Stage>, Option<Placed>)> {
    let mut found: Option<Stage> = None;
    let mut placed = None;
    let mut others = Vec::new();
    for place in places
        .into_iter()
        .filter(|place| place.mapped.as_deref() != Some(""))
    {
        let mut own = find_stage(tx, known, &place.said)?;
        if let Some(mapped) = place.mapped.as_deref().filter(|_| own.is_none()) {
            own = find_stage(tx, known, mapped)?;
            let key = own.as_ref().map(|stage| stage.key.clone());
            let is_name = place.said.chars().any(char::is_alphabetic) && found.is_none();
            placed = key
                .filter(|_| is_name)
                .map(|key| (place.said.clone(), key))
                .or(placed);
        }
        match (&found, own) {
            (None, Some(stage)) => found = Some(stage),
            // It says the same once more.
            (Some(stage), Some(own)) if own.id == stage.id => {}
            // Not won is no news of a deal that is.
            (Some(stage), Some(own)) if own.kind != StageType::Open && stage.kind != StageType::Open => {}
            _ => others.push(place),
        }
    }
    let mut others = others.into_iter();
    match &found {
        Some(stage) => request.wanted.fallback("stage", &stage.key),
        None => {
            if let Some(place) = others.next() {
                request.wanted.fallback("stage", &place.said);
            }
        }
    }
    request.notes.extend(others.map(|place| place.line));
    Ok((found, placed))
}

/// Leaves a probability and a category alone that follow from the stage, so that they go on doing so.
fn follow(request: &mut Request, stage: &Stage) {
    if request.wanted.text("category") == Some(stage.category.as_str()) {
        request.wanted.drop("category");
    }
    let said = request.wanted.text("probability").and_then(typed::percent);
    let Some(said) = said else { return };
    if said == stage.probability {
        request.wanted.drop("probability");
    } else if stage.kind != StageType::Open {
        leave(request, "probability", "Probability");
    }
}

/// Moves a value into the note.
fn leave(request: &mut Request, field: &str, title: &str) {
    if let Some(text) = request.wanted.get(field).and_then(Input::as_text) {
        let line = format!("{title}: {text}");
        request.notes.push(line);
    }
    request.wanted.drop(field);
}
