//! What can be done with a deal: add, edit, move, win, lose, reopen.
//!
//! However a deal comes into a stage, it goes through `moves.rs`: so the status is always the type of the stage, and
//! the stage history is whole.

pub(crate) mod place;

mod moves;
mod parts;
pub(crate) mod past;
pub mod people;
#[cfg(test)]
mod tests;
mod ways;

pub use ways::{close, lose, move_to, move_with, reopen, win};

pub(crate) use ways::relocate;

use jiff::civil::Date;

use crate::domain::actor::Via;
use crate::domain::deal::Direction;
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::pipeline::StageType;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::deal::moves::Move;
use crate::ops::deal::parts::Parts;
use crate::ops::draft::{Draft, Lists};
use crate::ops::handover::{self, History};
use crate::ops::process::{self, Step};
use crate::ops::refer;
use crate::ops::typed::Policy;
use crate::store::deals::{self, Closed, Deal, Entry, Facts};
use crate::store::rows::{self, Identity};
use crate::store::seed::Stage;
use crate::store::{ReadTx, WriteTx, links};

/// Adds a deal, also one that is closed already.
///
/// It goes into the stage that is given, else into the first open one of the pipeline. By hand it needs a name, and a
/// reason if it is lost; an import may lack both.
///
/// # Errors
///
/// `Duplicate` if an external id is taken; `Invalid` for a value.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a deal with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Deal, assignments, policy)?;
    taken_external_id(tx, &draft)?;
    let stage = place::wanted(tx, &draft, None, policy)?;
    let parts = Parts::read(tx, &draft, policy)?;
    if draft.text("name").is_none() {
        let name = stand_in(tx, &draft, &parts)?;
        draft
            .plain
            .retain(|(field, value)| field.name != "name" || !value.is_empty());
        draft.fallback(Noun::Deal, "name", Value::Text(name));
    }
    // A restored deal has left its traces already, and may be older than a wish.
    let is_new = identity.id.is_none();
    if is_new {
        handover::may_own(tx, Noun::Deal, None, &draft, history(&stage), policy)?;
        draft.complete_custom(tx, Noun::Deal)?;
        let step = Step {
            from: None,
            to: &stage,
            direction: Direction::Create,
        };
        process::check(tx, None, &step, &draft)?;
        if is_import(tx) {
            process::doubt(tx, None, &stage, &draft, policy)?;
        }
    }
    let (facts, entries) = birth(tx, &mut draft, &stage)?;
    excuse(
        tx,
        stage.kind,
        &text(&draft, "lost_reason"),
        &text(&draft, "lost_note"),
    )?;
    let id = rows::add(tx, Noun::Deal, identity, &draft.plain, facts.columns())?;
    deals::enter_all(tx, id, &entries)?;
    let deal = moves::get(tx, id)?;
    parts.write(tx, &deal, Lists::Replace)?;
    draft.write_common(tx, Noun::Deal, id, Lists::Replace)?;
    if is_new {
        moves::advance(tx, &deal, stage.kind)?;
        if !is_import(tx) {
            process::enter(tx, &deal, &stage)?;
        }
    }
    tx.describe(format!("Added deal {}", label(tx, id)?));
    Ok(Outcome::made(id))
}

/// What follows for a new deal from its stage and its days, and the stays that it has behind it.
fn birth(tx: &WriteTx<'_>, draft: &mut Draft, stage: &Stage) -> Result<(Facts, Vec<Entry>)> {
    let today = tx.caller().clock.today();
    let closed_on = match (stage.kind, taken_day(draft, "closed_on").flatten()) {
        (StageType::Open, None) => None,
        (StageType::Open, Some(_)) => return Err(moves::not_closed()),
        (_, day) => Some(day.unwrap_or(today)),
    };
    let opened_on = taken_day(draft, "opened_on").flatten();
    let opened_on = opened_on.unwrap_or_else(|| closed_on.map_or(today, |day| day.min(today)));
    moves::span(opened_on, closed_on)?;
    let (amount, currency) = match draft.get("amount") {
        Some(Value::Money(money)) => (Some(money.minor), Some(money.currency)),
        _ => (None, None),
    };
    let mut facts = Facts {
        stage: Some(stage.clone()),
        since: Some(closed_on.unwrap_or(opened_on)),
        opened_on: Some(opened_on),
        ..modes(draft, stage, &FOLLOWING)?
    };
    let probability = match draft.get("probability") {
        Some(Value::Percent(percent)) => *percent,
        _ => stage.probability,
    };
    let entry = |stage: &Stage, on: Date, direction: Direction, probability: i64| Entry {
        stage: stage.id,
        on,
        direction,
        amount,
        probability,
    };
    let Some(closed_on) = closed_on else {
        let entries = vec![entry(stage, opened_on, Direction::Create, probability)];
        return Ok((facts, entries));
    };
    let first = place::first_open(tx, stage.pipeline)?;
    let owner = match draft.get("owner") {
        Some(Value::Link(owner)) => Some(owner.id),
        _ => None,
    };
    facts.closed = Some(Some(Closed {
        on: closed_on,
        rate: moves::frozen_rate(tx, currency, closed_on)?,
        owner,
        last_open_stage: Some(first.id),
    }));
    let entries = vec![
        entry(&first, opened_on, Direction::Create, first.probability),
        entry(stage, closed_on, Direction::Close, probability),
    ];
    Ok((facts, entries))
}

/// Whether a deal in this stage is done with.
fn history(stage: &Stage) -> History {
    match stage.kind {
        StageType::Open => History::Open,
        _ => History::Closed,
    }
}

/// The fields that follow the stage until a person sets them.
const FOLLOWING: [&str; 2] = ["probability", "category"];

/// Fills in those of `names` that a draft does not give or clears, because they follow the stage; and says of each
/// which it is.
fn modes(draft: &mut Draft, stage: &Stage, names: &[&str]) -> Result<Facts> {
    let mut facts = Facts::default();
    for name in names {
        let is_manual = draft.get(name).is_some_and(|value| !value.is_empty());
        let (own, mode) = match *name {
            "probability" => (
                Value::Percent(stage.probability),
                &mut facts.probability_is_manual,
            ),
            _ => (Value::Text(stage.category.clone()), &mut facts.category_is_manual),
        };
        *mode = Some(is_manual);
        if !is_manual {
            let (field, value) = moves::set(name, own)?;
            draft.set(field, value);
        }
    }
    Ok(facts)
}

/// Changes a deal; a stage or a pipeline that is given moves it.
///
/// `closed_on` is for a deal that is closed, or is closed by this very edit. An empty probability or category follows
/// the stage again. The rate of a closed deal stays, unless its day or its currency changes.
///
/// # Errors
///
/// `Invalid` for a value, for an illegal move (with the legal ones), or for a loss without a reason.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Deal, assignments, policy)?;
    if draft.get("name").is_some() && draft.text("name").is_none() {
        return Err(Error::invalid("name", "a deal needs a name"));
    }
    let before = moves::get(tx, id)?;
    let stage = place::wanted(tx, &draft, Some(&before), policy)?;
    handover::may_own(tx, Noun::Deal, Some(id), &draft, history(&stage), policy)?;
    let parts = Parts::read(tx, &draft, policy)?;
    let days = Days::read(&mut draft, &before, &stage)?;
    let wanted = Deal {
        opened_on: days.opened_on,
        ..before.clone()
    };
    let step = match stage.id == before.stage {
        true => None,
        false => Some(Move::plan(
            tx,
            &wanted,
            stage.clone(),
            days.closed_on,
            Some(&draft),
        )?),
    };
    if step.is_some() && is_import(tx) {
        process::doubt(tx, Some(&before), &stage, &draft, policy)?;
    }
    check_loss(tx, &draft, &before, &stage, step.as_ref())?;
    let given: Vec<&str> = FOLLOWING
        .into_iter()
        .filter(|name| draft.get(name).is_some())
        .collect();
    let facts = modes(&mut draft, &stage, &given)?;

    let changes = tx.changes();
    rows::set(tx, Noun::Deal, id, &draft.plain)?;
    deals::set(tx, id, &facts)?;
    redate(tx, &before, &days, step.is_none())?;
    if let Some(step) = &step {
        step.make(tx, id)?;
    }
    let deal = moves::get(tx, id)?;
    if deal.currency != before.currency {
        let currency = deal.currency.map_or_else(|| tx.base_currency(), Ok)?;
        deals::reprice(tx, id, currency)?;
    }
    parts.write(tx, &deal, how)?;
    draft.write_common(tx, Noun::Deal, id, how)?;
    if step.is_some() || deal.customer != before.customer {
        moves::advance(tx, &deal, stage.kind)?;
    }
    let changed = tx.changes() != changes;
    if changed {
        let label = label(tx, id)?;
        tx.describe(step.map_or_else(|| format!("Changed deal {label}"), |step| step.title(&label)));
    }
    Ok(Outcome::kept(id, changed))
}

/// The days that an edit gives a deal.
struct Days {
    opened_on: Date,
    /// The day of closing, if it is given.
    closed_on: Option<Date>,
}

impl Days {
    /// Takes the days out of a draft, because the history follows them.
    fn read(draft: &mut Draft, before: &Deal, stage: &Stage) -> Result<Days> {
        let opened_on = match taken_day(draft, "opened_on") {
            Some(Some(day)) => day,
            Some(None) => {
                return Err(Error::invalid(
                    "opened_on",
                    "a deal needs the day it was opened on",
                ));
            }
            None => before.opened_on,
        };
        let closed_on = taken_day(draft, "closed_on");
        let closed_on = match (stage.kind, closed_on) {
            (StageType::Open, Some(Some(_))) => return Err(moves::not_closed()),
            (_, None) | (StageType::Open, _) => None,
            (_, Some(None)) if before.closed.is_some() => {
                return Err(Error::invalid(
                    "closed_on",
                    format!("closed_on: a deal that is {} needs one", stage.kind.name()),
                ));
            }
            (_, Some(day)) => day,
        };
        let end = match stage.kind {
            StageType::Open => None,
            _ => closed_on.or(before.closed.as_ref().map(|closed| closed.on)),
        };
        moves::span(opened_on, end)?;
        Ok(Days { opened_on, closed_on })
    }
}

/// Writes new days, and what is frozen if the day of closing or the currency is another one.
fn redate(tx: &WriteTx<'_>, before: &Deal, days: &Days, stays: bool) -> Result<()> {
    let mut facts = Facts {
        opened_on: Some(days.opened_on),
        ..Facts::default()
    };
    if stays {
        let deal = moves::get(tx, before.id)?;
        let mut closed = deal.closed.clone();
        if let Some(closed) = &mut closed {
            let on = days.closed_on.unwrap_or(closed.on);
            if on != closed.on || deal.currency != before.currency {
                closed.rate = moves::frozen_rate(tx, deal.currency, on)?;
            }
            closed.on = on;
        }
        if days.opened_on != before.opened_on || closed != before.closed {
            let closed_on = closed.as_ref().map(|closed| closed.on);
            facts.since = Some(deals::fit(tx, before.id, days.opened_on, closed_on)?);
        }
        facts.closed = Some(closed);
    }
    deals::set(tx, before.id, &facts)?;
    Ok(())
}

/// Checks the reason of a loss, if this edit has anything to do with it.
fn check_loss(
    tx: &ReadTx<'_>,
    draft: &Draft,
    before: &Deal,
    stage: &Stage,
    step: Option<&Move>,
) -> Result<()> {
    let given = |name| draft.get(name).is_some();
    if step.is_none() && !given("lost_reason") && !given("lost_note") {
        return Ok(());
    }
    // A reopened deal forgets why it was lost.
    let forgets = step.is_some_and(|step| step.direction() == Direction::Reopen);
    let wanted = |name, known: &str| match (given(name), forgets) {
        (true, _) => text(draft, name),
        (false, true) => String::new(),
        (false, false) => known.to_owned(),
    };
    excuse(
        tx,
        stage.kind,
        &wanted("lost_reason", &before.lost_reason),
        &wanted("lost_note", &before.lost_note),
    )
}

/// The ref and the name, as titles of operations show a record.
pub fn label(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let link = links::link(tx, Noun::Deal, id)?;
    Ok(link
        .map(|link| format!("{} {}", link.reference(), link.name))
        .unwrap_or_default())
}

/// A name for an imported deal that has none: customer and product, the external id, or the customer.
fn stand_in(tx: &WriteTx<'_>, draft: &Draft, parts: &Parts) -> Result<String> {
    let customer = match draft.get("customer") {
        Some(Value::Link(customer)) => Some(customer.name.clone()),
        _ => None,
    };
    let product = parts.product_name(tx)?;
    let external = draft.external_ids().first().map(|(_, value)| value.clone());
    let name = match (customer, product) {
        (Some(customer), Some(product)) => Some(format!("{customer} – {product}")),
        (customer, product) => external.or(customer).or(product),
    };
    name.filter(|_| is_import(tx))
        .ok_or_else(|| Error::invalid("name", "a deal needs a name"))
}

/// An import brings what is known of the past; a person can be asked for the rest.
pub(crate) fn is_import(tx: &ReadTx<'_>) -> bool {
    tx.caller().via == Via::Import
}

fn excuse(tx: &ReadTx<'_>, kind: StageType, reason: &str, note: &str) -> Result<()> {
    if is_import(tx) && kind == StageType::Lost {
        return Ok(());
    }
    moves::excuse(kind, reason, note)
}

fn taken_external_id(tx: &ReadTx<'_>, draft: &Draft) -> Result<()> {
    for (system, value) in draft.external_ids() {
        if let Some(id) = links::by_external_id(tx, system, Noun::Deal, value)? {
            let message = format!("external id {system}:{value} belongs to another deal");
            return Err(Error::new(Kind::Duplicate, message)
                .on_field("external_ids")
                .with_candidates(refer::described(tx, Noun::Deal, &[id])?));
        }
    }
    Ok(())
}

/// The text that a draft gives a field; empty if it gives none.
fn text(draft: &Draft, name: &str) -> String {
    draft.text(name).unwrap_or_default().to_owned()
}

/// Takes a day out of a draft; none if it is not given, none inside if it is cleared.
fn taken_day(draft: &mut Draft, name: &str) -> Option<Option<Date>> {
    let at = draft.plain.iter().position(|(field, _)| field.name == name)?;
    match draft.plain.remove(at).1 {
        Value::Date(day) => Some(Some(day)),
        _ => Some(None),
    }
}
