//! What can be done with a survey: add and edit.

use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::satisfaction::SurveyType;
use crate::domain::survey::{USUAL, Usual};
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::keyed;
use crate::ops::typed::Policy;
use crate::store::rows::{self, Identity};
use crate::store::{WriteTx, feedback};

/// Adds the surveys that every base begins with.
pub(crate) fn seed(tx: &WriteTx<'_>) -> Result<()> {
    for usual in USUAL {
        let mut draft = Draft::default();
        let key = usual.kind.name();
        draft.fallback(Noun::Survey, "key", Value::text(key));
        complete(&mut draft, Some(key));
        let identity = Identity {
            id: Some(Id::from_raw(usual.id)),
            ..Identity::default()
        };
        rows::add(tx, Noun::Survey, identity, &draft.plain, Vec::new())?;
    }
    Ok(())
}

/// Adds a survey. Without a type, its name may say it; without a question, the usual one of the type is asked.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` without a name.
pub fn add(tx: &WriteTx<'_>, given: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), given, policy)
}

/// Adds a survey with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    given: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Survey, given, policy)?;
    let key = keyed::named(tx, Noun::Survey, &mut draft, (identity, "a survey"))?;
    let kind = draft.text("type").map(str::to_owned).or(Some(key.clone()));
    // A restored one may have had its question taken out.
    if identity.id.is_none() {
        complete(&mut draft, kind.as_deref());
    }
    draft.fallback(Noun::Survey, "active", Value::Bool(true));
    let id = rows::add(tx, Noun::Survey, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Survey, id, Lists::Replace)?;
    tx.describe(format!("Added survey {key}"));
    Ok(Outcome::made(id))
}

/// Changes a survey.
///
/// # Errors
///
/// As [`add`]; `Invalid` for another type once somebody has answered, because the scores would mean something else.
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Survey, given, policy)?;
    let before = feedback::survey(tx, id)?.ok_or_else(|| Error::not_found(Noun::Survey, &id.uid()))?;
    let renamed = keyed::renamed(tx, Noun::Survey, id, &mut draft, "a survey")?;
    let key = renamed.unwrap_or_else(|| before.key.clone());
    for (name, usual) in [("type", "csat"), ("about", "customer")] {
        if draft.get(name).is_some_and(Value::is_empty) {
            draft.put(Noun::Survey, name, Value::text(usual));
        }
    }
    if let Some(kind) = draft.text("type")
        && kind != before.kind.name()
    {
        let (_, answers) = feedback::uses(tx, id)?;
        if answers > 0 {
            let message = format!(
                "type: {} has {answers} answers, which would mean something else; add another survey",
                before.key
            );
            return Err(Error::new(Kind::Invalid, message).on_field("type"));
        }
    }
    let mut changed = rows::set(tx, Noun::Survey, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Survey, id, how)?;
    if key != before.key {
        feedback::rename_in_forms(tx, &before.key, &key)?;
    }
    if changed {
        tx.describe(format!("Changed survey {key}"));
    }
    Ok(Outcome::kept(id, changed))
}

/// What a survey of a type is where nobody says it.
fn complete(draft: &mut Draft, kind: Option<&str>) {
    let kind = kind.and_then(SurveyType::parse).unwrap_or(SurveyType::Csat);
    draft.fallback(Noun::Survey, "type", Value::text(kind.name()));
    if let Some(usual) = Usual::of(kind) {
        let is_asked = draft.text("question").is_some();
        draft.fallback(Noun::Survey, "about", Value::text(usual.about));
        draft.fallback(Noun::Survey, "question", Value::text(usual.question));
        if !is_asked {
            draft.fallback(Noun::Survey, "question_zh", Value::text(usual.question_zh));
        }
    }
    draft.fallback(Noun::Survey, "active", Value::Bool(true));
}
