//! What can be done with a pipeline and its stages.

use crate::domain::deal::CATEGORIES;
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::pipeline::{DEFAULT_STAGES, DefaultStage, StageType};
use crate::domain::process::Rules;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::{self, OnMissing, Policy};
use crate::ops::{deal, process, refer};
use crate::store::rows::{self, Identity};
use crate::store::seed::{self, NewStage, Stage};
use crate::store::{ReadTx, WriteTx, fields, links, pipelines};

/// What a stage is to be; what is none is left as it is, or follows from the type of a new stage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StageSpec {
    /// Key, unique in its pipeline; a new stage can do with a label.
    pub key: Option<String>,
    /// What people see; empty for the key.
    pub label: Option<String>,
    /// Place, counted from 1. A new open stage goes before the closing ones, any other to the end.
    pub position: Option<i64>,
    /// What being in it means; a new stage is open.
    pub kind: Option<StageType>,
    /// Chance of winning in percent. A new open stage has that of the first one: nobody has said more.
    pub probability: Option<i64>,
    /// Forecast category.
    pub category: Option<String>,
    /// Days after which a deal rots; 0 for never.
    pub rot_days: Option<i64>,
    /// Fields that a deal has from this stage on.
    pub required: Option<Vec<String>>,
    /// What is to be done before a deal moves on.
    pub checklist: Option<Vec<String>>,
    /// Tasks that are made when a deal comes in, as [`Template`](crate::domain::process::Template) reads them.
    pub tasks: Option<Vec<String>>,
    /// Stages to which a deal may move from here; empty for any.
    pub next: Option<Vec<String>>,
}

/// Adds a pipeline. Without `stages` it gets those of a new base; else those, and one to win and one to lose in, if
/// they are missing. Open stages without a probability get theirs from their place, in even steps.
///
/// # Errors
///
/// `Duplicate` if there is one of that key; `Invalid` for a value.
pub fn add(
    tx: &WriteTx<'_>,
    assignments: &[Assignment],
    stages: &[StageSpec],
    policy: &Policy,
) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, stages, policy)
}

/// Adds a pipeline with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    stages: &[StageSpec],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Pipeline, assignments, policy)?;
    let label = label_text(&draft)?.flatten();
    let named = draft.text("key").map(str::to_owned).or_else(|| label.clone());
    let Some(named) = named else {
        return Err(Error::invalid("key", "a pipeline needs a key"));
    };
    let key = key_of("key", &named)?;
    if identity.is_live() {
        refer::free(tx, Noun::Pipeline, &key, None)?;
    }
    let is_default = draft.get("default") == Some(&Value::Bool(true));
    draft.plain.clear();
    draft.fallback(Noun::Pipeline, "key", Value::Text(key.clone()));
    let position = pipelines::next_position(tx)?;
    let id = rows::add(
        tx,
        Noun::Pipeline,
        identity,
        &draft.plain,
        vec![("position", position.into())],
    )?;
    let label = label.or_else(|| (named != key).then_some(named));
    if let Some(label) = label {
        fields::set_label(tx, id, fields::ANY_LANGUAGE, &label)?;
    }
    if is_default {
        pipelines::set_default(tx, id)?;
    }
    furnish(tx, id, stages)?;
    tx.describe(format!("Added pipeline {key}"));
    Ok(Outcome::made(id))
}

/// Gives a new pipeline its stages.
fn furnish(tx: &WriteTx<'_>, pipeline: Id, stages: &[StageSpec]) -> Result<()> {
    if stages.is_empty() {
        return DEFAULT_STAGES
            .iter()
            .try_for_each(|stage| add_default(tx, pipeline, stage));
    }
    let is_open = |spec: &&StageSpec| spec.kind.is_none_or(|kind| kind == StageType::Open);
    let steps = i64::try_from(stages.iter().filter(is_open).count()).unwrap_or(i64::MAX);
    let mut step = 0;
    for spec in stages {
        let mut spec = spec.clone();
        if is_open(&&spec) {
            step += 1;
            spec.probability.get_or_insert(step * 100 / (steps + 1));
        }
        stage_add(tx, pipeline, &spec)?;
    }
    deal::place::first_open(tx, pipeline)?;
    for kind in [StageType::Won, StageType::Lost] {
        let is_there = stages.iter().any(|spec| spec.kind == Some(kind));
        let default = DEFAULT_STAGES.iter().find(|stage| stage.kind == kind);
        if let (false, Some(stage)) = (is_there, default) {
            add_default(tx, pipeline, stage)?;
        }
    }
    Ok(())
}

fn add_default(tx: &WriteTx<'_>, pipeline: Id, stage: &DefaultStage) -> Result<()> {
    let spec = StageSpec {
        key: Some(stage.key.to_owned()),
        kind: Some(stage.kind),
        probability: Some(stage.probability),
        category: Some(stage.category.to_owned()),
        rot_days: Some(stage.rot_days),
        ..StageSpec::default()
    };
    let id = stage_add(tx, pipeline, &spec)?;
    fields::set_label(tx, id, "en", stage.english)?;
    fields::set_label(tx, id, "zh", stage.chinese)
}

/// Changes a pipeline.
///
/// # Errors
///
/// `Duplicate` for the key of another; `Invalid` for a value.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    _: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let draft = Draft::read(tx, Noun::Pipeline, assignments, policy)?;
    let key = match draft.get("key") {
        Some(_) => {
            let key = key_of("key", draft.text("key").unwrap_or_default())?;
            refer::free(tx, Noun::Pipeline, &key, Some(id))?;
            Some(key)
        }
        None => None,
    };
    let label = label_text(&draft)?;
    let default = draft.get("default").map(|value| *value == Value::Bool(true));
    if default == Some(false) && pipelines::is_default(tx, id)? {
        return Err(Error::invalid(
            "default",
            "default: new deals must go somewhere; another pipeline has to become the default",
        ));
    }
    let changes = tx.changes();
    if let Some(key) = key {
        pipelines::set_key(tx, id, &key)?;
    }
    if let Some(label) = label {
        relabel(tx, id, label.as_deref().unwrap_or_default())?;
    }
    if default == Some(true) {
        pipelines::set_default(tx, id)?;
    }
    let changed = tx.changes() != changes;
    if changed {
        tx.describe(format!("Changed pipeline {}", name(tx, id)?));
    }
    Ok(Outcome::kept(id, changed))
}

/// Lets new deals go into this pipeline; true if that is new.
pub fn set_default(tx: &WriteTx<'_>, id: Id) -> Result<bool> {
    let changed = pipelines::set_default(tx, id)?;
    if changed {
        tx.describe(format!("Made pipeline {} the default", name(tx, id)?));
    }
    Ok(changed)
}

/// The pipeline with this key or label; made if the policy says so, none if it is to be left alone.
///
/// # Errors
///
/// `NotFound` with what is near.
pub fn named(tx: &WriteTx<'_>, text: &str, policy: &Policy) -> Result<Option<Id>> {
    let error = match refer::one(tx, Noun::Pipeline, text) {
        Ok(id) => return Ok(Some(id)),
        Err(error) if error.kind() == Kind::NotFound => error,
        Err(error) => return Err(error),
    };
    let (wanted, key) = (fold(text), fold(text).replace([' ', '-'], "_"));
    for (id, known) in pipelines::all(tx)? {
        let labels = fields::labels(tx, id)?;
        if fold(&known) == key || labels.iter().any(|label| fold(label) == wanted) {
            return Ok(Some(id));
        }
    }
    match policy.on_missing {
        OnMissing::Fail => Err(error.on_field("pipeline")),
        OnMissing::Skip => Ok(None),
        OnMissing::Create => {
            let id = refer::make(tx, Noun::Pipeline, text)?;
            policy.made.borrow_mut().push((Noun::Pipeline, text.to_owned()));
            Ok(Some(id))
        }
    }
}

/// The stage of a pipeline with this key or label.
///
/// # Errors
///
/// `Invalid` with the stages that there are.
pub fn stage_named(tx: &WriteTx<'_>, pipeline: Id, text: &str) -> Result<Stage> {
    deal::place::stage_named(tx, pipeline, text, &Policy::strict())?
        .ok_or_else(|| Error::internal("a stage was neither found nor refused"))
}

/// Adds a stage.
///
/// # Errors
///
/// `Duplicate` if the pipeline has a stage of that key; `Invalid` for a value.
pub fn stage_add(tx: &WriteTx<'_>, pipeline: Id, spec: &StageSpec) -> Result<Id> {
    let stages = seed::stages(tx, pipeline)?;
    let label = spec
        .label
        .as_deref()
        .map(str::trim)
        .filter(|label| !label.is_empty());
    let Some(named) = spec.key.as_deref().or(label) else {
        return Err(Error::invalid("key", "a stage needs a key"));
    };
    let key = key_of("key", named)?;
    free_stage_key(&stages, &key, None)?;
    let kind = spec.kind.unwrap_or(StageType::Open);
    let probability = spec.probability.unwrap_or_else(|| match kind {
        StageType::Open => stages
            .iter()
            .find(|stage| stage.kind == StageType::Open)
            .map_or(0, |stage| stage.probability),
        StageType::Won => 100,
        StageType::Lost | StageType::Abandoned => 0,
    });
    let category = spec.category.as_deref().unwrap_or(kind.default_category());
    let new = NewStage {
        key: key.clone(),
        position: spec.position.map(checked_position).transpose()?,
        kind,
        probability: percent(probability)?,
        category: typed::word("category", CATEGORIES, category)?.to_owned(),
        rot_days: days(spec.rot_days.unwrap_or(0))?,
        rules: process::rules(tx, &stages, spec, &Rules::default())?,
    };
    let id = seed::stage(tx, pipeline, &new)?;
    if let Some(label) = label.or(Some(named)).filter(|label| *label != key) {
        fields::set_label(tx, id, fields::ANY_LANGUAGE, label)?;
    }
    tx.describe(format!("Added stage {key} to pipeline {}", name(tx, pipeline)?));
    Ok(id)
}

/// Changes a stage; true if anything was different. Deals that are in it keep their probability and category: what
/// was promised for them does not change behind anybody's back.
///
/// # Errors
///
/// `Invalid` for a value, or for another type while deals are in the stage or the pipeline has no other open one.
pub fn stage_set(tx: &WriteTx<'_>, id: Id, spec: &StageSpec) -> Result<bool> {
    let stage = stage(tx, id)?;
    let stages = seed::stages(tx, stage.pipeline)?;
    let mut wanted = stage.clone();
    if let Some(key) = &spec.key {
        wanted.key = key_of("key", key)?;
        free_stage_key(&stages, &wanted.key, Some(id))?;
    }
    if let Some(kind) = spec.kind.filter(|kind| *kind != stage.kind) {
        empty_or(tx, &stage, "change its type")?;
        not_the_last_open(&stages, &stage)?;
        wanted.kind = kind;
    }
    if let Some(probability) = spec.probability {
        wanted.probability = percent(probability)?;
    }
    if let Some(category) = &spec.category {
        wanted.category = typed::word("category", CATEGORIES, category)?.to_owned();
    }
    if let Some(rot_days) = spec.rot_days {
        wanted.rot_days = days(rot_days)?;
    }
    wanted.rules = process::rules(tx, &stages, spec, &stage.rules)?;
    let changes = tx.changes();
    pipelines::set_stage(tx, &wanted)?;
    if wanted.key != stage.key {
        process::renamed(tx, &stages, &stage, Some(&wanted.key))?;
    }
    if let Some(label) = &spec.label {
        relabel(tx, id, label)?;
    }
    if let Some(position) = spec.position {
        reorder(tx, &stages, &stage, position)?;
    }
    let changed = tx.changes() != changes;
    if changed {
        let pipeline = name(tx, stage.pipeline)?;
        tx.describe(format!("Changed stage {} of pipeline {pipeline}", stage.key));
    }
    Ok(changed)
}

/// Moves a stage to a place in its pipeline, counted from 1; true if it was elsewhere.
pub fn stage_move(tx: &WriteTx<'_>, id: Id, position: i64) -> Result<bool> {
    let spec = StageSpec {
        position: Some(position),
        ..StageSpec::default()
    };
    stage_set(tx, id, &spec)
}

/// Takes a stage out of its pipeline, after moving its deals to another stage of the same type; returns how many.
///
/// # Errors
///
/// `Invalid` if deals are in it and no other stage is given, if the other is of another type or pipeline, or if it is
/// the last open stage.
pub fn stage_remove(tx: &WriteTx<'_>, id: Id, to: Option<Id>) -> Result<usize> {
    let old = stage(tx, id)?;
    not_the_last_open(&seed::stages(tx, old.pipeline)?, &old)?;
    let inside = pipelines::deals_in_stage(tx, id)?;
    match to {
        None => empty_or(tx, &old, "remove it")?,
        Some(to) => {
            let to = stage(tx, to)?;
            if to.id == id || to.pipeline != old.pipeline || to.kind != old.kind {
                let message = format!(
                    "stage: the deals of {} can only move to another {} stage of its pipeline, not to {}",
                    old.key,
                    old.kind.name(),
                    to.key
                );
                return Err(Error::invalid("stage", message));
            }
            for deal in &inside {
                deal::relocate(tx, *deal, &to)?;
            }
        }
    }
    pipelines::trash_stage(tx, id)?;
    process::renamed(tx, &seed::stages(tx, old.pipeline)?, &old, None)?;
    let pipeline = name(tx, old.pipeline)?;
    tx.describe(format!("Removed stage {} of pipeline {pipeline}", old.key));
    Ok(inside.len())
}

fn stage(tx: &ReadTx<'_>, id: Id) -> Result<Stage> {
    pipelines::stage(tx, id)?
        .ok_or_else(|| Error::new(Kind::NotFound, format!("there is no stage {:?}", id.uid())))
}

fn reorder(tx: &WriteTx<'_>, stages: &[Stage], stage: &Stage, position: i64) -> Result<bool> {
    let at = usize::try_from(checked_position(position)? - 1).unwrap_or(usize::MAX);
    let mut order: Vec<Id> = stages.iter().map(|stage| stage.id).collect();
    order.retain(|id| *id != stage.id);
    order.insert(at.min(order.len()), stage.id);
    pipelines::order_stages(tx, &order)
}

/// Refuses to do something to a stage that deals are in, also deals in the trash, which may come back.
fn empty_or(tx: &ReadTx<'_>, stage: &Stage, what: &str) -> Result<()> {
    match pipelines::deals_in_stage(tx, stage.id)?.len() {
        0 => Ok(()),
        count => Err(Error::invalid(
            "stage",
            format!("stage: cannot {what}: deals are in {} ({count})", stage.key),
        )),
    }
}

fn not_the_last_open(stages: &[Stage], stage: &Stage) -> Result<()> {
    let others = stages
        .iter()
        .any(|other| other.id != stage.id && other.kind == StageType::Open);
    if stage.kind == StageType::Open && !others {
        return Err(Error::invalid(
            "stage",
            format!("stage: {} is the only open stage of its pipeline", stage.key),
        ));
    }
    Ok(())
}

fn free_stage_key(stages: &[Stage], key: &str, except: Option<Id>) -> Result<()> {
    if stages
        .iter()
        .any(|stage| stage.key == key && Some(stage.id) != except)
    {
        let message = format!("the pipeline has a stage {key} already");
        return Err(Error::new(Kind::Duplicate, message).on_field("key"));
    }
    Ok(())
}

/// A key from what somebody called a thing: folded, with `_` for everything that is neither letter nor digit.
pub(crate) fn key_of(field: &str, text: &str) -> Result<String> {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return Err(Error::invalid(field, format!("{field}: {text:?} is no key")));
    }
    Ok(words.join("_"))
}

/// The label that a draft gives; none if it gives none, none inside if it clears it.
pub(crate) fn label_text(draft: &Draft) -> Result<Option<Option<String>>> {
    match draft.specials("label").last() {
        None => Ok(None),
        Some((_, Input::Clear)) => Ok(Some(None)),
        Some((_, Input::Text(text))) => {
            let text = typed::clean("label", text)?.trim().to_owned();
            Ok(Some(Some(text).filter(|text| !text.is_empty())))
        }
        Some(_) => Err(Error::invalid("label", "label takes one value")),
    }
}

/// Sets what people see of a record, whatever their language; an empty text takes it away.
pub(crate) fn relabel(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<()> {
    match text.trim() {
        "" => fields::clear_label(tx, id, fields::ANY_LANGUAGE),
        text => fields::set_label(tx, id, fields::ANY_LANGUAGE, text),
    }
}

fn percent(percent: i64) -> Result<i64> {
    if (0..=100).contains(&percent) {
        return Ok(percent);
    }
    let message = format!("probability: {percent} is not a percentage from 0 to 100");
    Err(Error::invalid("probability", message))
}

fn days(days: i64) -> Result<i64> {
    if (0..=36_500).contains(&days) {
        return Ok(days);
    }
    Err(Error::invalid(
        "rot_days",
        format!("rot_days: {days} is not a number of days"),
    ))
}

fn checked_position(position: i64) -> Result<i64> {
    if position >= 1 {
        return Ok(position);
    }
    Err(Error::invalid(
        "position",
        format!("position: {position} is no place, the first is 1"),
    ))
}

/// The key of a pipeline.
fn name(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    Ok(links::link(tx, Noun::Pipeline, id)?.map_or_else(String::new, |link| link.name))
}
