//! The rules of stages: how they are said, what they refuse, what they bring about.
//!
//! A deal is held to them by whoever moves it. An import brings what was so elsewhere, and a stage that goes takes nobody's
//! deals hostage: both pass.

use crate::domain::deal::Direction;
use crate::domain::field::{self, Access};
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::process::{self, Rules, Template};
use crate::domain::value::Value;
use crate::error::{Error, Lack, Result};
use crate::ops::deal::{self, place};
use crate::ops::draft::Draft;
use crate::ops::pipeline::StageSpec;
use crate::ops::typed::{self, Policy};
use crate::ops::{Outcome, list, refer, task};
use crate::store::deals::{self, Deal};
use crate::store::seed::{self, Stage};
use crate::store::steps::{self, Kind};
use crate::store::{ReadTx, WriteTx, fields, links, pipelines, records, users};

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

/// A way that a deal is about to take.
pub(super) struct Step<'s> {
    /// The stage that it is in; none for a new one.
    pub(super) from: Option<&'s Stage>,
    /// The stage that it is to come into.
    pub(super) to: &'s Stage,
    /// What this is.
    pub(super) direction: Direction,
}

impl Step<'_> {
    /// Whether the deal comes closer to being won.
    fn is_forward(&self) -> bool {
        let was_open = self.from.is_none_or(|from| from.kind == StageType::Open);
        match self.direction {
            Direction::Create | Direction::Forward | Direction::Skip | Direction::Close => {
                was_open && matches!(self.to.kind, StageType::Open | StageType::Won)
            }
            Direction::Backward | Direction::Reopen => false,
        }
    }

    /// The stage that is left, if it is one of the same pipeline.
    fn left(&self) -> Option<&Stage> {
        self.from.filter(|from| from.pipeline == self.to.pipeline)
    }

    /// The fields that a deal must have on this way, each with the first stage that asks for it.
    fn required(&self, tx: &ReadTx<'_>) -> Result<Vec<(String, String)>> {
        let mut asking = Vec::new();
        if self.is_forward() {
            let is_passed = |stage: &Stage| {
                stage.kind == StageType::Open
                    && (self.to.kind == StageType::Won || stage.position < self.to.position)
            };
            asking = seed::stages(tx, self.to.pipeline)?;
            asking.retain(|stage| stage.id != self.to.id && is_passed(stage));
        }
        if !matches!(self.direction, Direction::Backward | Direction::Reopen) {
            asking.push(self.to.clone());
        }
        let mut required: Vec<(String, String)> = Vec::new();
        for stage in asking {
            for name in stage.rules.required {
                if required.iter().all(|(known, _)| *known != name) {
                    required.push((name, stage.key.clone()));
                }
            }
        }
        Ok(required)
    }
}

/// Refuses a way that the stages do not allow, or for which something is missing. What `draft` gives counts as given.
///
/// # Errors
///
/// `Invalid` on `stage` with the stages that may follow; else with everything that is missing.
pub(super) fn check(tx: &ReadTx<'_>, deal: Option<&Deal>, step: &Step<'_>, draft: &Draft) -> Result<()> {
    if deal::is_import(tx) {
        return Ok(());
    }
    if let Some(from) = step.left()
        && !from.rules.allows(&step.to.key)
    {
        let message = format!(
            "stage: from {} a deal can only move to {}, not to {}",
            from.key,
            from.rules.next.join(", "),
            step.to.key
        );
        return Err(Error::invalid("stage", message).with_near(from.rules.next.clone()));
    }
    let missing = lacking(tx, deal, &step.required(tx)?, draft)?;
    let unticked = match (deal, step.left().filter(|_| step.is_forward())) {
        (Some(deal), Some(from)) => unticked(tx, deal.id, from)?,
        _ => Vec::new(),
    };
    let mut told = Vec::new();
    if !missing.is_empty() {
        let names: Vec<String> = missing
            .iter()
            .map(|(name, stage)| match *stage == step.to.key {
                true => name.clone(),
                false => format!("{name} (as {stage} does)"),
            })
            .collect();
        told.push(format!("{} needs {}", step.to.key, names.join(", ")));
    }
    if let (false, Some(from)) = (unticked.is_empty(), step.from) {
        told.push(format!("{} is not ticked off: {}", from.key, unticked.join("; ")));
    }
    if told.is_empty() {
        return Ok(());
    }
    let field = missing.first().map_or("checklist", |(name, _)| name).to_owned();
    let lacks = lacks(tx, deal, draft, missing, unticked)?;
    Err(Error::invalid(field, told.join("; ")).with_lacks(lacks))
}

/// What is missing with where it can be given.
fn lacks(
    tx: &ReadTx<'_>,
    deal: Option<&Deal>,
    draft: &Draft,
    missing: Vec<(String, String)>,
    unticked: Vec<String>,
) -> Result<Vec<Lack>> {
    let reference = |noun: Noun, id: Option<Id>| -> Result<String> {
        let link = match id {
            Some(id) => links::link(tx, noun, id)?,
            None => None,
        };
        Ok(link.map_or_else(String::new, |link| link.reference().to_string()))
    };
    let own = reference(Noun::Deal, deal.map(|deal| deal.id))?;
    let customer = reference(Noun::Customer, customer(deal, draft))?;
    let mut lacks: Vec<Lack> = missing
        .into_iter()
        .map(|(name, _)| match name.strip_prefix("customer.") {
            Some(rest) if !customer.is_empty() => Lack::Field {
                noun: Noun::Customer,
                reference: customer.clone(),
                name: rest.to_owned(),
            },
            Some(_) => Lack::Field {
                noun: Noun::Deal,
                reference: own.clone(),
                name: "customer".to_owned(),
            },
            None => Lack::Field {
                noun: Noun::Deal,
                reference: own.clone(),
                name,
            },
        })
        .collect();
    lacks.dedup();
    lacks.extend(unticked.into_iter().map(|item| Lack::Item {
        reference: own.clone(),
        item,
    }));
    Ok(lacks)
}

/// The customer that a deal has, or is to have.
fn customer(deal: Option<&Deal>, draft: &Draft) -> Option<Id> {
    match draft.get("customer") {
        Some(Value::Link(link)) => Some(link.id),
        Some(_) => None,
        None => deal.and_then(|deal| deal.customer),
    }
}

/// Those of the required fields that a deal does not have.
fn lacking(
    tx: &ReadTx<'_>,
    deal: Option<&Deal>,
    required: &[(String, String)],
    draft: &Draft,
) -> Result<Vec<(String, String)>> {
    let customer = customer(deal, draft);
    let mut missing = Vec::new();
    for (name, stage) in required {
        let is_missing = match name.strip_prefix("customer.") {
            Some(rest) => match customer {
                Some(customer) => is_empty(tx, Noun::Customer, customer, rest)?,
                None => true,
            },
            None => match (draft.gives(name), deal) {
                (Some(given), _) => !given,
                (None, Some(deal)) => is_empty(tx, Noun::Deal, deal.id, name)?,
                (None, None) => is_known(tx, Noun::Deal, name)?,
            },
        };
        if is_missing {
            missing.push((name.clone(), stage.clone()));
        }
    }
    Ok(missing)
}

/// Whether there is such a field; one that has gone since cannot be given.
fn is_known(tx: &ReadTx<'_>, noun: Noun, name: &str) -> Result<bool> {
    match list::column(tx, noun, name) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == crate::error::Kind::Usage => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether a record has nothing in a field. What is out of sight cannot be told, nor asked for.
fn is_empty(tx: &ReadTx<'_>, noun: Noun, id: Id, name: &str) -> Result<bool> {
    if !is_known(tx, noun, name)? {
        return Ok(false);
    }
    let row = records::get(tx, noun, id, &[list::column(tx, noun, name)?])?;
    Ok(row.is_some_and(|row| row.iter().all(Value::is_empty)))
}

/// The items of a stage's checklist that are not ticked off for a deal.
fn unticked(tx: &ReadTx<'_>, deal: Id, stage: &Stage) -> Result<Vec<String>> {
    if stage.rules.checklist.is_empty() {
        return Ok(Vec::new());
    }
    let ticked = steps::of(tx, deal, stage.id, Kind::Check)?;
    let is_open = |item: &&String| ticked.iter().all(|(_, known)| known != *item);
    Ok(stage.rules.checklist.iter().filter(is_open).cloned().collect())
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
    Ok(Outcome {
        id,
        created: false,
        changed,
    })
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
