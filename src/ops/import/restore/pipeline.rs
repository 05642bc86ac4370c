//! Pipelines: their stages, which have no rows of their own in a file.

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::pipeline::StageType;
use crate::error::{Error, Result};
use crate::ops::pipeline::{self, StageSpec};
use crate::store::seed;
use crate::store::{WriteTx, fields, pipelines};

use super::super::rows::Wanted;
use super::{list, text};

/// The stages that a row tells of.
pub(in super::super) fn stages(wanted: &Wanted) -> Result<Vec<StageSpec>> {
    let is_full = wanted.is_full();
    list(wanted, "stages").map(|item| spec(item, is_full)).collect()
}

fn spec(item: &Input, is_full: bool) -> Result<StageSpec> {
    let kind = match text(item, "type") {
        "" => StageType::Open,
        word => StageType::parse(word)
            .ok_or_else(|| Error::invalid("stages", format!("stages: {word:?} is no type of stage")))?,
    };
    let number = |name: &str| -> Result<Option<i64>> {
        match text(item, name) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| Error::invalid("stages", format!("stages: {name} {text:?} is no number"))),
        }
    };
    let given = |name: &str| Some(text(item, name).to_owned()).filter(|text| !text.is_empty());
    Ok(StageSpec {
        key: given("key"),
        label: None,
        position: None,
        kind: Some(kind),
        probability: number("probability")?,
        category: given("category"),
        rot_days: number("rot_days")?,
        required: texts(item, "required", is_full),
        checklist: texts(item, "checklist", is_full),
        tasks: texts(item, "tasks", is_full),
        // Stages may name others that come later: see `align`.
        next: None,
    })
}

/// The texts of a part, a list or one a line; what a full export leaves out is empty.
fn texts(item: &Input, name: &str, is_full: bool) -> Option<Vec<String>> {
    let lines = |text: &str| text.lines().map(str::to_owned).collect();
    match item.part(name) {
        Some(Input::List(items)) => {
            let texts = items.iter().filter_map(Input::as_text);
            Some(texts.map(str::to_owned).collect())
        }
        Some(Input::Text(text)) => Some(lines(text)),
        Some(Input::Clear) => Some(Vec::new()),
        _ => is_full.then(Vec::new),
    }
}

/// Brings the stages of a pipeline in line with a row: changed, added, and in its order; those that it does not know
/// stay.
pub(in super::super) fn align(tx: &WriteTx<'_>, pipeline: Id, wanted: &Wanted) -> Result<bool> {
    let changes = tx.changes();
    for (position, item) in (1_i64..).zip(list(wanted, "stages")) {
        let mut spec = spec(item, wanted.is_full())?;
        let known = seed::stages(tx, pipeline)?;
        // Places are told by the order; the numbers that are kept have gaps where stages were taken away.
        let known = (1_i64..)
            .zip(&known)
            .find(|(_, stage)| Some(&stage.key) == spec.key.as_ref());
        let stage = match known {
            Some((place, stage)) => {
                if place != position {
                    spec.position = Some(position);
                }
                pipeline::stage_set(tx, stage.id, &spec)?;
                stage.id
            }
            None => {
                spec.position = Some(position);
                pipeline::stage_add(tx, pipeline, &spec)?
            }
        };
        labels(tx, stage, item)?;
    }
    for item in list(wanted, "stages") {
        let Some(next) = texts(item, "next", wanted.is_full()) else {
            continue;
        };
        let known = seed::stages(tx, pipeline)?;
        if let Some(stage) = known.iter().find(|stage| stage.key == text(item, "key")) {
            let spec = StageSpec {
                next: Some(next),
                ..StageSpec::default()
            };
            pipeline::stage_set(tx, stage.id, &spec)?;
        }
    }
    Ok(tx.changes() != changes)
}

/// Takes away stages and labels that an export does not have, as long as no deal is in the pipeline: those of the
/// founding that were taken away where the export comes from, and those that every new pipeline gets.
pub(in super::super) fn shorten(tx: &WriteTx<'_>, pipeline: Id, wanted: &Wanted) -> Result<()> {
    if list(wanted, "stages").next().is_none() || pipelines::has_deals(tx, pipeline)? {
        return Ok(());
    }
    for stage in seed::stages(tx, pipeline)? {
        let item = list(wanted, "stages").find(|item| text(item, "key") == stage.key);
        match item {
            None => {
                pipeline::stage_remove(tx, stage.id, None)?;
            }
            Some(item) if wanted.is_full() => {
                for language in ["en", "zh", fields::ANY_LANGUAGE] {
                    let name = if language.is_empty() { "und" } else { language };
                    if item.part("labels").and_then(|labels| labels.part(name)).is_none() {
                        fields::clear_label(tx, stage.id, language)?;
                    }
                }
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Sets what people see of a stage, in every language.
fn labels(tx: &WriteTx<'_>, stage: Id, item: &Input) -> Result<()> {
    let Some(Input::Map(labels)) = item.part("labels") else {
        let label = text(item, "label");
        let known = fields::labels(tx, stage)?;
        if !label.is_empty() && label != text(item, "key") && !known.iter().any(|known| known == label) {
            fields::set_label(tx, stage, fields::ANY_LANGUAGE, label)?;
        }
        return Ok(());
    };
    for (language, label) in labels {
        let language = match language.as_str() {
            "und" => fields::ANY_LANGUAGE,
            language => language,
        };
        if let Some(label) = label.as_text() {
            fields::set_label(tx, stage, language, label)?;
        }
    }
    Ok(())
}
