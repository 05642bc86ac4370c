//! The rules of stages: how they are said, what they refuse, what they bring about.
//!
//! A deal is held to them by whoever moves it. An import brings what was so elsewhere, and a stage that goes takes nobody's
//! deals hostage: both pass.

mod check;

pub use check::UNMET;

pub(super) use check::{Step, check, doubt};

use crate::domain::field::{self, Access};
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::process::{self, Rules, Template};
use crate::error::{Error, Result};
use crate::ops::deal::{self, place};
use crate::ops::pipeline::StageSpec;
use crate::ops::typed::{self, Policy};
use crate::ops::{Outcome, refer, task};
use crate::store::deals::{self, Deal};
use crate::store::seed::Stage;
use crate::store::steps::{self, Kind};
use crate::store::{ReadTx, WriteTx, fields, links, pipelines, users};

/// Fields that every deal has anyway, or that follow its stage.
const ALWAYS: &[&str] = &[
    "name",
    "pipeline",
    "stage",
    "probability",
    "category",
    "opened_on",
    "closed_on",
];

/// The rules that a stage is to have: those of `spec`, and where it says nothing those that are known. `stages` are those of
/// its pipeline.
///
/// # Errors
///
/// `Invalid` for what is no field, no task or no stage; an import may name what has gone since.
pub(super) fn rules(tx: &ReadTx<'_>, stages: &[Stage], spec: &StageSpec, known: &Rules) -> Result<Rules> {
    let is_strict = !deal::is_import(tx);
    let mut rules = known.clone();
    if let Some(names) = &spec.required {
        rules.required = each("required", names, |name| match required(tx, name) {
            Err(_) if !is_strict => Ok(name.to_owned()),
            named => named,
        })?;
    }
    if let Some(items) = &spec.checklist {
        rules.checklist = each("checklist", items, |item| Ok(item.to_owned()))?;
    }
    if let Some(tasks) = &spec.tasks {
        let tasks = each("tasks", tasks, |text| {
            let template = Template::parse(text)?;
            if let Some(user) = template.assignee.as_deref().filter(|_| is_strict) {
                refer::one(tx, Noun::User, user).map_err(|error| error.on_field("tasks").context("tasks"))?;
            }
            Ok(template.to_string())
        })?;
        rules.tasks = tasks
            .iter()
            .map(|text| Template::parse(text))
            .collect::<Result<_>>()?;
    }
    if let Some(next) = &spec.next {
        rules.next = each("next", next, |text| match place::find_stage(tx, stages, text)? {
            Some(stage) => Ok(stage.key),
            None if !is_strict => Ok(text.to_owned()),
            None => {
                let keys: Vec<&str> = stages.iter().map(|stage| stage.key.as_str()).collect();
                let message = format!("next: {text:?} is none of {}", keys.join(", "));
                Err(Error::invalid("next", message).with_near(near(text, keys)))
            }
        })?;
    }
    Ok(rules)
}

/// Reads the entries of a list: each one line, none twice.
fn each(name: &str, texts: &[String], read: impl Fn(&str) -> Result<String>) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        let text = typed::clean(name, text)?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            continue;
        }
        let entry = read(&text)?;
        if !found.contains(&entry) {
            found.push(entry);
        }
    }
    if found.len() > process::MOST {
        let message = format!("{name}: a stage has at most {} of these", process::MOST);
        return Err(Error::invalid(name, message));
    }
    Ok(found)
}

/// The canonical name of a field that a stage may ask for.
fn required(tx: &ReadTx<'_>, name: &str) -> Result<String> {
    let (head, noun, rest) = match name.split_once('.') {
        Some(("customer", rest)) => ("customer.", Noun::Customer, rest),
        _ => ("", Noun::Deal, name),
    };
    if let Some(key) = rest.strip_prefix("fields.")
        && let Some(custom) = fields::custom(tx, noun, key)?
    {
        return Ok(format!("{head}fields.{}", custom.key));
    }
    let writable = |field: &&field::Field| {
        field.access == Access::Write && !(noun == Noun::Deal && ALWAYS.contains(&field.name))
    };
    if let Some(field) = field::find(noun, rest).filter(|field| writable(field)) {
        return Ok(format!("{head}{}", field.name));
    }
    let known = field::fields(noun)
        .iter()
        .filter(writable)
        .map(|field| field.name);
    let near = near(rest, known).into_iter();
    let message = format!("required: {name:?} is no field that a {noun} can lack");
    Err(Error::invalid("required", message).with_near(near.map(|name| format!("{head}{name}")).collect()))
}

/// Lets the stages of a pipeline that name `old` as a next one name `new`, or nothing, in its place.
pub(super) fn renamed(tx: &WriteTx<'_>, stages: &[Stage], old: &Stage, new: Option<&str>) -> Result<()> {
    for stage in stages.iter().filter(|stage| stage.rules.next.contains(&old.key)) {
        // It may be the very stage that was just written.
        let Some(mut stage) = pipelines::stage(tx, stage.id)? else {
            continue;
        };
        let next = std::mem::take(&mut stage.rules.next);
        stage.rules.next = next
            .into_iter()
            .filter_map(|key| {
                if key == old.key {
                    new.map(str::to_owned)
                } else {
                    Some(key)
                }
            })
            .collect();
        pipelines::set_stage(tx, &stage)?;
    }
    Ok(())
}

/// Makes the tasks of a stage that a deal has come into, each only once for the same deal.
pub(super) fn enter(tx: &WriteTx<'_>, deal: &Deal, stage: &Stage) -> Result<()> {
    if stage.rules.tasks.is_empty() {
        return Ok(());
    }
    let name = links::link(tx, Noun::Deal, deal.id)?.map_or_else(String::new, |link| link.name);
    let today = tx.caller().clock.today();
    for template in &stage.rules.tasks {
        if !steps::add(tx, deal.id, stage.id, Kind::Task, &template.to_string())? {
            continue;
        }
        let text = |name: &str, text: String| (name.to_owned(), Input::Text(text));
        let mut wanted: Vec<Assignment> = vec![
            text("title", template.titled(&name)),
            text("type", template.kind.to_owned()),
            text("deal", deal.id.uid()),
            text("assignee", assignee(tx, deal, template)?),
        ];
        let day = template.after.and_then(|after| after.from(today));
        wanted.extend(day.map(|day| text("due", day.to_string())));
        task::add(tx, &wanted, &Policy::strict())?;
    }
    Ok(())
}

/// Who gets a task: the user that is named, the owner of the deal, whoever moves it; the first who still works here.
fn assignee(tx: &ReadTx<'_>, deal: &Deal, template: &Template) -> Result<String> {
    let named = template.assignee.as_deref();
    let named = named.and_then(|name| refer::one(tx, Noun::User, name).ok());
    for user in [named, deal.owner].into_iter().flatten() {
        if let Some(link) = links::link(tx, Noun::User, user)?
            && !users::is_disabled(tx, user)?
        {
            return Ok(link.name);
        }
    }
    Ok(tx.caller().actor.name.clone())
}

/// Ticks items of the checklist of a deal's stage off, or takes the ticks away. `items` names them by their text, the
/// beginning or a part of it, or their number, with `;` between several.
///
/// # Errors
///
/// `Invalid` on `checklist` with the items that there are.
pub fn tick(tx: &WriteTx<'_>, id: Id, items: &str, is_done: bool) -> Result<Outcome> {
    let deal = deals::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Deal, &id.uid()))?;
    let stage = pipelines::stage(tx, deal.stage)?
        .ok_or_else(|| Error::internal(format!("deal {id} is in no stage")))?;
    let checklist = &stage.rules.checklist;
    if checklist.is_empty() {
        let message = format!("checklist: the stage {} has none", stage.key);
        return Err(Error::invalid("checklist", message));
    }
    let mut named = Vec::new();
    match item(checklist, items) {
        Some(item) => named.push(item),
        None => {
            for text in items.split([';', '；']).filter(|text| !text.trim().is_empty()) {
                named.push(item(checklist, text).ok_or_else(|| no_item(checklist, text))?);
            }
        }
    }
    if named.is_empty() {
        return Err(no_item(checklist, items));
    }
    let mut changed = false;
    for item in &named {
        changed |= match is_done {
            true => steps::add(tx, id, stage.id, Kind::Check, item)?,
            false => steps::remove(tx, id, stage.id, Kind::Check, item)?,
        };
    }
    if changed {
        let what = if is_done {
            "Ticked off"
        } else {
            "No longer ticked off"
        };
        tx.describe(format!(
            "{what} for deal {}: {}",
            deal::label(tx, id)?,
            named.join("; ")
        ));
    }
    Ok(Outcome::kept(id, changed))
}

/// The item that a text means: the same, its number, the only one that begins so, the only one that has it in it.
fn item<'c>(checklist: &'c [String], text: &str) -> Option<&'c str> {
    let wanted = fold(text.trim());
    if wanted.is_empty() {
        return None;
    }
    let folded: Vec<(String, &str)> = checklist.iter().map(|item| (fold(item), item.as_str())).collect();
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut found = folded.iter().filter(|(item, _)| fits(item));
        found
            .next()
            .filter(|_| found.next().is_none())
            .map(|(_, item)| *item)
    };
    let numbered = || {
        let number: usize = wanted.parse().ok()?;
        checklist.get(number.checked_sub(1)?).map(String::as_str)
    };
    only(&|item| item == wanted)
        .or_else(numbered)
        .or_else(|| only(&|item| item.starts_with(&wanted)))
        .or_else(|| only(&|item| item.contains(&wanted)))
}

fn no_item(checklist: &[String], text: &str) -> Error {
    let message = format!(
        "checklist: {:?} is none of: {}",
        text.trim(),
        checklist.join("; ")
    );
    Error::invalid("checklist", message).with_near(near(text, checklist.iter().map(String::as_str)))
}
