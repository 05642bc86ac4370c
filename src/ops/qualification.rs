//! Whether a lead is one: qualified, with the deal that comes of it, or disqualified for a reason, perhaps for a while.
//!
//! The lifecycle of a disqualified lead stays where it was; what takes it off the lists of leads is the day on which it
//! was found to be none.

use jiff::civil::Date;

use crate::domain::customer::lifecycle_rank;
use crate::domain::field;
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::input::{Assignment, Input};
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::draft::{Draft, Lists};
use crate::ops::typed::Policy;
use crate::ops::{activity, customer, deal, task};
use crate::store::customers::{self, Standing};
use crate::store::rows::{self, Set};
use crate::store::{ReadTx, WriteTx, links};

/// The title of the task to try a disqualified lead again.
pub const AGAIN: &str = "Try again";

/// What goes with a qualification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Qualifying {
    /// What comes of it: fields of a deal, the name among them; empty for no deal.
    pub deal: Vec<Assignment>,
    /// What is to be written down.
    pub note: Option<String>,
}

/// What became of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Qualified {
    /// The deal, also one that was there already.
    pub deal: Option<Id>,
    /// False if all was so before.
    pub changed: bool,
}

/// Qualifies a lead: the lifecycle moves on to qualified, never back, a disqualification is taken back, and a deal is
/// made unless the customer has one of that name.
///
/// # Errors
///
/// As [`deal::add`].
pub fn qualify(tx: &WriteTx<'_>, id: Id, how: &Qualifying) -> Result<Qualified> {
    let before = standing(tx, id)?;
    let changes = tx.changes();
    if before.disqualified_on.is_some() || !before.disqualified_reason.is_empty() {
        let forgotten = [
            set("disqualified_on", Value::Null)?,
            set("disqualified_reason", Value::Null)?,
        ];
        rows::set(tx, Noun::Customer, id, &forgotten)?;
    }
    // A wish to try again was granted.
    if let Some(again) = customers::open_task(tx, id, AGAIN)? {
        task::done(tx, again)?;
    }
    customer::raise(tx, id, "qualified")?;
    let deal = match how.deal.is_empty() {
        true => None,
        false => Some(deal_of(tx, id, &before, &how.deal)?),
    };
    note(tx, id, how.note.as_deref())?;
    let changed = tx.changes() != changes;
    if changed {
        let label = customer::label(tx, id)?;
        tx.describe(match deal {
            Some(made) => format!("Qualified customer {label}, with deal {}", deal::label(tx, made)?),
            None => format!("Qualified customer {label}"),
        });
    }
    Ok(Qualified { deal, changed })
}

/// The deal of a customer with the name that is given; a new one where there is none yet.
///
/// What is not said of it comes from the customer: who looks after them, and where they came from.
fn deal_of(tx: &WriteTx<'_>, id: Id, customer: &Standing, given: &[Assignment]) -> Result<Id> {
    let named = given.iter().find(|(field, _)| field == "name");
    let name = named.and_then(|(_, input)| input.as_text()).unwrap_or_default();
    let known = customers::deals(tx, id)?;
    if let Some((deal, _)) = known.into_iter().find(|(_, known)| fold(known) == fold(name)) {
        return Ok(deal);
    }
    let mut wanted: Vec<Assignment> = vec![("customer".to_owned(), Input::text(id.uid()))];
    wanted.extend(given.iter().cloned());
    let is_said = |field: &str| given.iter().any(|(known, _)| known == field);
    if !is_said("owner") {
        let owner = customer.owner.unwrap_or(tx.caller().actor.id);
        wanted.push(("owner".to_owned(), Input::text(owner.uid())));
    }
    if !is_said("source") && !customer.source.is_empty() {
        wanted.push(("source".to_owned(), Input::text(customer.source.as_str())));
    }
    Ok(deal::add(tx, &wanted, &Policy::strict())?.id)
}

/// What goes with a disqualification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Disqualifying {
    /// Why, from the picklist; `other` needs a note.
    pub reason: String,
    /// What is to be written down.
    pub note: Option<String>,
    /// The day on which to try again; none for never.
    pub again: Option<Date>,
}

/// Disqualifies a lead. Its lifecycle stays; a day on which to try again becomes a task of whoever looks after it.
///
/// # Errors
///
/// `Invalid` without a reason, for the reason `other` without a note, for somebody with an open deal, and for one who
/// has bought.
pub fn disqualify(tx: &WriteTx<'_>, id: Id, how: &Disqualifying) -> Result<bool> {
    let before = standing(tx, id)?;
    if lifecycle_rank(&before.lifecycle) > lifecycle_rank("opportunity") {
        let message = format!("lifecycle: a {} is no lead", before.lifecycle.replace('_', " "));
        return Err(Error::invalid("lifecycle", message));
    }
    if before.open_deals > 0 {
        let message = match before.open_deals {
            1 => "open_deals: there is an open deal; lose it first".to_owned(),
            many => format!("open_deals: there are {many} open deals; lose them first"),
        };
        return Err(Error::invalid("open_deals", message));
    }
    let changes = tx.changes();
    let reason = [("disqualified_reason".to_owned(), Input::text(how.reason.as_str()))];
    customer::edit(tx, id, &reason, Lists::Replace, &Policy::strict())?;
    let after = standing(tx, id)?;
    let is_said = how.note.as_ref().is_some_and(|note| !note.trim().is_empty());
    match after.disqualified_reason.as_str() {
        "" => {
            return Err(Error::invalid(
                "disqualified_reason",
                "disqualified_reason: say why",
            ));
        }
        "other" if !is_said && before.disqualified_reason != "other" => {
            return Err(Error::invalid("note", "note: the reason other needs a note"));
        }
        _ => {}
    }
    note(tx, id, how.note.as_deref())?;
    if let Some(day) = how.again {
        again(tx, id, after.owner, day)?;
    }
    let changed = tx.changes() != changes;
    if changed {
        let label = customer::label(tx, id)?;
        tx.describe(format!(
            "Disqualified customer {label}: {}",
            after.disqualified_reason
        ));
    }
    Ok(changed)
}

/// Lets there be one open task to try again, due on that day.
fn again(tx: &WriteTx<'_>, id: Id, owner: Option<Id>, day: Date) -> Result<()> {
    let due = ("due".to_owned(), Input::text(day.to_string()));
    if let Some(known) = customers::open_task(tx, id, AGAIN)? {
        task::edit(tx, known, &[due], Lists::Replace, &Policy::strict())?;
        return Ok(());
    }
    let assignee = owner.unwrap_or(tx.caller().actor.id);
    let wanted = [
        ("title".to_owned(), Input::text(AGAIN)),
        ("type".to_owned(), Input::text("follow_up")),
        ("customer".to_owned(), Input::text(id.uid())),
        ("assignee".to_owned(), Input::text(assignee.uid())),
        due,
    ];
    task::add(tx, &wanted, &Policy::strict())?;
    Ok(())
}

/// Writes something down about a customer, unless it is written down already.
fn note(tx: &WriteTx<'_>, id: Id, text: Option<&str>) -> Result<()> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    if customers::has_note(tx, id, text)? {
        return Ok(());
    }
    let wanted = [
        ("type".to_owned(), Input::text("note")),
        ("text".to_owned(), Input::text(text)),
        ("owner".to_owned(), Input::text(tx.caller().actor.id.uid())),
        ("customer".to_owned(), Input::text(id.uid())),
    ];
    activity::add(tx, &wanted, &Policy::strict())?;
    Ok(())
}

/// Lets the day and the reason of a disqualification come and go together: a reason without a day is of today, and
/// whoever takes one of them away takes both.
pub(crate) fn complete(tx: &ReadTx<'_>, id: Option<Id>, draft: &mut Draft) -> Result<()> {
    let is_cleared = |draft: &Draft, name: &str| draft.get(name).is_some_and(Value::is_empty);
    let is_given = |draft: &Draft, name: &str| draft.get(name).is_some_and(|value| !value.is_empty());
    let (day, reason) = ("disqualified_on", "disqualified_reason");
    if is_given(draft, reason) && !is_given(draft, day) {
        let known = match id {
            Some(id) => standing(tx, id)?.disqualified_on,
            None => None,
        };
        if known.is_none() {
            let (field, value) = set(day, Value::Date(tx.caller().clock.today()))?;
            draft.set(field, value);
        }
    } else if is_cleared(draft, day) || (is_cleared(draft, reason) && !is_given(draft, day)) {
        for name in [day, reason] {
            let (field, value) = set(name, Value::Null)?;
            draft.set(field, value);
        }
    }
    Ok(())
}

fn standing(tx: &ReadTx<'_>, id: Id) -> Result<Standing> {
    customers::standing(tx, id)?.ok_or_else(|| Error::not_found(Noun::Customer, &id.uid()))
}

fn set(name: &str, value: Value) -> Result<Set> {
    let field = field::find(Noun::Customer, name)
        .ok_or_else(|| Error::internal(format!("a customer has no field {name}")))?;
    Ok((field, value))
}

/// What a qualification of somebody who was qualified already comes to, for people.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn told(tx: &ReadTx<'_>, id: Id, deal: Option<Id>) -> Result<String> {
    let label = customer::label(tx, id)?;
    let lifecycle = standing(tx, id)?.lifecycle.replace('_', " ");
    let deal = match deal {
        Some(deal) => links::link(tx, Noun::Deal, deal)?,
        None => None,
    };
    Ok(match deal {
        Some(deal) => format!(
            "{label} is {lifecycle} already, with deal {} {}",
            deal.reference(),
            deal.name
        ),
        None => format!("{label} is {lifecycle} already"),
    })
}
