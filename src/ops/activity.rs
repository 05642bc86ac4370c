//! What can be done with an activity: log it with its next step, add and change it.

use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{Outcome, customer, deal, refer, task};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, activities, links};

/// What is agreed to be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// The title of the task.
    pub title: String,
    /// The phrase that says by when.
    pub due: Option<String>,
}

/// What else goes with a logged activity.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Follow {
    /// The next step.
    pub next: Option<NextStep>,
    /// The stage that the deal moves to.
    pub stage: Option<String>,
}

/// Logs what happened, plans the next step and moves the deal: one operation.
///
/// # Errors
///
/// `Usage` for a stage without a deal; otherwise as [`add`].
pub fn log(
    tx: &WriteTx<'_>,
    assignments: &[Assignment],
    follow: &Follow,
    policy: &Policy,
) -> Result<Outcome> {
    let outcome = add(tx, assignments, policy)?;
    let mut title = format!("Logged {}", label(tx, outcome.id)?);
    let about = activities::about(tx, outcome.id)?;
    if let Some(next) = &follow.next {
        let mut task = vec![
            ("title".to_owned(), Input::text(next.title.as_str())),
            ("type".to_owned(), Input::text("follow_up")),
            (
                "assignee".to_owned(),
                Input::text(tx.caller().actor.name.as_str()),
            ),
        ];
        task.extend(
            next.due
                .as_ref()
                .map(|due| ("due".to_owned(), Input::text(due.as_str()))),
        );
        let uid = |id: Id| Input::text(id.uid());
        task.extend(about.customer.map(|id| ("customer".to_owned(), uid(id))));
        task.extend(about.deal.map(|id| ("deal".to_owned(), uid(id))));
        let next = task::add(tx, &task, policy)?.id;
        title.push_str(&format!(
            "; next {}{}",
            task::label(tx, next)?,
            task::by_when(tx, next)?
        ));
    }
    if let Some(stage) = &follow.stage {
        let deal = about
            .deal
            .ok_or_else(|| Error::usage("a stage needs a deal to move"))?;
        deal::move_to(tx, deal, stage)?;
    }
    tx.describe(title);
    Ok(outcome)
}

/// Adds an activity.
///
/// # Errors
///
/// `Invalid` for a value.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds an activity with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Activity, assignments, policy)?;
    draft.fallback(Noun::Activity, "type", Value::Text("note".to_owned()));
    draft.fallback(Noun::Activity, "at", Value::Instant(tx.caller().clock.now()));
    if identity.id.is_none() {
        draft.complete_custom(tx, Noun::Activity)?;
    }
    let parties = Parties::read(tx, &draft, None)?;
    let id = rows::add(tx, Noun::Activity, identity, &draft.plain, Vec::new())?;
    parties.write(tx, id)?;
    draft.write_common(tx, Noun::Activity, id, Lists::Replace)?;
    tx.describe(format!("Added activity {}", label(tx, id)?));
    Ok(Outcome::made(id))
}

/// Changes an activity.
///
/// # Errors
///
/// `Invalid` for a value.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let draft = Draft::read(tx, Noun::Activity, assignments, policy)?;
    let parties = Parties::read(tx, &draft, Some(id))?;
    let mut changed = rows::set(tx, Noun::Activity, id, &draft.plain)?;
    changed |= parties.write(tx, id)?;
    changed |= draft.write_common(tx, Noun::Activity, id, how)?;
    if changed {
        tx.describe(format!("Changed activity {}", label(tx, id)?));
    }
    Ok(Outcome::kept(id, changed))
}

/// The ref, and with whom it was.
pub fn label(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let Some(link) = links::link(tx, Noun::Activity, id)? else {
        return Ok(String::new());
    };
    match activities::about(tx, id)?.customer {
        Some(with) => Ok(format!(
            "{} with {}",
            link.reference(),
            customer::label(tx, with)?
        )),
        None => Ok(link.reference().to_string()),
    }
}

/// Who took part, as far as it is given.
struct Parties {
    customer: Option<Option<Id>>,
    people: Option<Vec<Id>>,
    /// The deal that it has now become about, whose customer it is with, unless another is given.
    new_deal: Option<Id>,
}

impl Parties {
    fn read(tx: &WriteTx<'_>, draft: &Draft, id: Option<Id>) -> Result<Parties> {
        let one = |input: &Input| match input {
            Input::Clear => Ok(None),
            Input::Text(text) => refer::one(tx, Noun::Customer, text).map(Some),
            Input::Map(_) => {
                let text = ["uid", "id"]
                    .iter()
                    .find_map(|key| input.part(key))
                    .and_then(Input::as_text);
                let text = text.ok_or_else(|| Error::invalid("customer", "the customer has no id"))?;
                refer::one(tx, Noun::Customer, text).map(Some)
            }
            Input::List(_) => Err(Error::invalid("customer", "customer takes one record")),
        };
        let mut parties = Parties {
            customer: None,
            people: None,
            new_deal: None,
        };
        if let Some(Value::Link(deal)) = draft.get("deal") {
            let before = match id {
                Some(id) => activities::about(tx, id)?.deal,
                None => None,
            };
            parties.new_deal = Some(deal.id).filter(|deal| Some(*deal) != before);
        }
        if let Some((_, input)) = draft.specials("customer").last() {
            parties.customer = Some(one(input)?);
        }
        for (_, input) in draft.specials("people") {
            let people = parties.people.get_or_insert_default();
            let items = match input {
                Input::List(items) => items.clone(),
                Input::Text(text) => text
                    .split([';', ','])
                    .map(|part| Input::text(part.trim()))
                    .collect(),
                other => vec![other.clone()],
            };
            for item in &items {
                people.extend(one(item)?);
            }
        }
        Ok(parties)
    }

    /// Writes the links: the customer it was with, the other people, and the employer of that time of each.
    fn write(&self, tx: &WriteTx<'_>, id: Id) -> Result<bool> {
        if self.customer.is_none() && self.people.is_none() && self.new_deal.is_none() {
            return Ok(false);
        }
        let known = activities::about(tx, id)?;
        let mut customer = match self.customer {
            Some(given) => given,
            None => known.customer,
        };
        if customer.is_none()
            && let Some(deal) = self.new_deal
        {
            customer = activities::customer_of_deal(tx, deal)?;
        }
        let people = self.people.as_ref().unwrap_or(&known.people);
        if customer == known.customer && *people == known.people {
            // Where they work now is no news of where they worked then.
            return Ok(false);
        }
        activities::set_parties(tx, id, customer, people)
    }
}
