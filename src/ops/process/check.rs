//! What the stages on a way ask of the deal that takes it, and what it lacks.

use crate::domain::deal::Direction;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::value::Value;
use crate::error::{Error, Kind as Fault, Lack, Result};
use crate::ops::draft::Draft;
use crate::ops::typed::Policy;
use crate::ops::{deal, list};
use crate::store::deals::Deal;
use crate::store::seed::{self, Stage};
use crate::store::steps::{self, Kind};
use crate::store::{ReadTx, links, records};

/// The name under which an import counts what stages ask and deals do not have.
pub const UNMET: &str = "required";

/// A way that a deal is about to take.
pub(in crate::ops) struct Step<'s> {
    /// The stage that it is in; none for a new one.
    pub(in crate::ops) from: Option<&'s Stage>,
    /// The stage that it is to come into.
    pub(in crate::ops) to: &'s Stage,
    /// What this is.
    pub(in crate::ops) direction: Direction,
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
pub(in crate::ops) fn check(
    tx: &ReadTx<'_>,
    deal: Option<&Deal>,
    step: &Step<'_>,
    draft: &Draft,
) -> Result<()> {
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

/// Counts, for an import, that a deal comes into a stage without what a person would have to give it.
pub(in crate::ops) fn doubt(
    tx: &ReadTx<'_>,
    deal: Option<&Deal>,
    to: &Stage,
    draft: &Draft,
    policy: &Policy,
) -> Result<()> {
    let step = Step {
        from: None,
        to,
        direction: Direction::Create,
    };
    let missing = lacking(tx, deal, &step.required(tx)?, draft)?;
    if !missing.is_empty() {
        let names: Vec<String> = missing.into_iter().map(|(name, _)| name).collect();
        let text = format!("{} needs {}", to.key, names.join(", "));
        policy.doubts.borrow_mut().push((UNMET, text));
    }
    Ok(())
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
        Err(error) if error.kind() == Fault::Usage => Ok(false),
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
