//! Where a person works: job moves, which keep what was.

use jiff::civil::Date;

use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::customer::label;
use crate::ops::{Outcome, refer, typed};
use crate::store::customers::{self, Employment};
use crate::store::rows;
use crate::store::{ReadTx, WriteTx};

/// A stay at a company, as it is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Job {
    /// Job title there; none to leave what is known.
    pub title: Option<String>,
    /// Role there: head of purchasing, main contact; none to leave what is known.
    pub role: Option<String>,
    /// First day, if known.
    pub from: Option<Date>,
    /// The day on which it ended, for a job of the past.
    pub to: Option<Date>,
    /// Whether the other jobs go on, and the main one stays the main one.
    pub beside: bool,
}

/// Says that a person works, or once worked, at a company.
///
/// A new job ends the main one before it, on its first day or today, unless it is beside it. A job at a company where
/// the person works already is changed instead.
///
/// # Errors
///
/// `Invalid` for a company that is a person, a person that is a company, and days in the wrong order.
pub fn employ(tx: &WriteTx<'_>, person: Id, company: Id, job: &Job) -> Result<Outcome> {
    let person = refer::survivor(tx, Noun::Customer, person)?;
    let company = refer::survivor(tx, Noun::Customer, company)?;
    check_types(tx, person, company)?;
    span(job.from, job.to)?;
    let title = job
        .title
        .as_deref()
        .map(|text| typed::clean("title", text))
        .transpose()?;
    let role = job
        .role
        .as_deref()
        .map(|text| typed::clean("role", text))
        .transpose()?;
    let changes = tx.changes();
    let known = customers::employments(tx, person)?;
    let main = customers::employer(tx, person)?.map(|stay| stay.id);
    let stay = known
        .iter()
        .find(|stay| stay.company == company && stay.ended_on.is_none());
    match stay {
        Some(stay) => {
            let stay = Employment {
                title: title.unwrap_or_else(|| stay.title.clone()),
                role: role.unwrap_or_else(|| stay.role.clone()),
                started_on: job.from.map(|day| day.to_string()).or(stay.started_on.clone()),
                ended_on: job.to.map(|day| day.to_string()),
                is_primary: stay.is_primary || !(job.beside || job.to.is_some()),
                ..stay.clone()
            };
            if stay.is_primary {
                step_back(tx, person, &known, stay.id)?;
            }
            span(started(&stay)?, job.to)?;
            customers::set_employment(tx, &stay)?;
        }
        None => {
            let is_current = job.to.is_none();
            if is_current && !job.beside {
                end_main(tx, person, job.from)?;
            }
            let has_main = known
                .iter()
                .any(|stay| stay.is_primary && stay.ended_on.is_none());
            let stay = Employment {
                id: person,
                company,
                title: title.unwrap_or_default(),
                role: role.unwrap_or_default(),
                is_primary: !job.beside || (is_current && !has_main),
                started_on: job.from.map(|day| day.to_string()),
                ended_on: job.to.map(|day| day.to_string()),
            };
            customers::add_employment(tx, person, &stay)?;
        }
    }
    title_follows(tx, person, main)?;
    let verb = if job.to.is_some() { "worked" } else { "works" };
    tx.describe(format!(
        "{} {verb} at {}",
        label(tx, person)?,
        label(tx, company)?
    ));
    Ok(Outcome {
        id: person,
        created: false,
        changed: tx.changes() != changes,
    })
}

/// Ends a person's stay at a company on a day; none for today.
///
/// # Errors
///
/// `Invalid` if the person does not work there, or began later.
pub fn leave(tx: &WriteTx<'_>, person: Id, company: Id, on: Option<Date>) -> Result<Outcome> {
    let person = refer::survivor(tx, Noun::Customer, person)?;
    let company = refer::survivor(tx, Noun::Customer, company)?;
    let on = on.unwrap_or_else(|| tx.caller().clock.today());
    let known = customers::employments(tx, person)?;
    let stays: Vec<&Employment> = known
        .iter()
        .filter(|stay| stay.company == company && stay.ended_on.is_none())
        .collect();
    if stays.is_empty() {
        let current = known.iter().filter(|stay| stay.ended_on.is_none());
        let names: Vec<String> = current
            .map(|stay| label(tx, stay.company))
            .collect::<Result<_>>()?;
        let instead = if names.is_empty() {
            "works nowhere".to_owned()
        } else {
            format!("works at {}", names.join(", "))
        };
        return Err(Error::invalid(
            "employments",
            format!(
                "employments: {} does not work at {}, but {instead}",
                label(tx, person)?,
                label(tx, company)?
            ),
        ));
    }
    let main = customers::employer(tx, person)?.map(|stay| stay.id);
    for stay in stays {
        end(tx, person, stay, on)?;
    }
    title_follows(tx, person, main)?;
    tx.describe(format!(
        "{} left {} on {on}",
        label(tx, person)?,
        label(tx, company)?
    ));
    Ok(Outcome::kept(person, true))
}

/// Ends the main stay of a person who begins a new one.
fn end_main(tx: &WriteTx<'_>, person: Id, from: Option<Date>) -> Result<()> {
    let Some(main) = customers::employer(tx, person)? else {
        return Ok(());
    };
    end(
        tx,
        person,
        &main,
        from.unwrap_or_else(|| tx.caller().clock.today()),
    )
}

fn end(tx: &WriteTx<'_>, person: Id, stay: &Employment, on: Date) -> Result<()> {
    span(started(stay)?, Some(on))?;
    // The title stands in the customer's row as long as the job goes on; what is over keeps it.
    let is_main = customers::employer(tx, person)?.is_some_and(|main| main.id == stay.id);
    if stay.title.is_empty() && is_main {
        customers::set_employment_title(tx, stay.id, &customers::title(tx, person)?)?;
    }
    customers::end_employment(tx, stay.id, on)?;
    Ok(())
}

/// Makes every other current job a further one.
fn step_back(tx: &WriteTx<'_>, person: Id, known: &[Employment], main: Id) -> Result<()> {
    for stay in known
        .iter()
        .filter(|stay| stay.ended_on.is_none() && stay.id != main)
    {
        let title = customers::title(tx, person)?;
        let title = if stay.title.is_empty() && stay.is_primary {
            title
        } else {
            stay.title.clone()
        };
        let stay = Employment {
            is_primary: false,
            title,
            ..stay.clone()
        };
        customers::set_employment(tx, &stay)?;
    }
    Ok(())
}

/// Gives a person the title of the main job; `before` is what that was. A title that was given for no job in
/// particular stays as long as the job does.
fn title_follows(tx: &WriteTx<'_>, person: Id, before: Option<Id>) -> Result<()> {
    let main = customers::employer(tx, person)?;
    let is_same = main.as_ref().map(|stay| stay.id) == before;
    let title = main.map(|stay| stay.title).unwrap_or_default();
    if is_same && title.is_empty() {
        return Ok(());
    }
    let field =
        field::find(Noun::Customer, "title").ok_or_else(|| Error::internal("a customer has no title"))?;
    rows::set(tx, Noun::Customer, person, &[(field, Value::text(title))])?;
    Ok(())
}

fn started(stay: &Employment) -> Result<Option<Date>> {
    stay.started_on.as_deref().map(customers::day).transpose()
}

fn check_types(tx: &ReadTx<'_>, person: Id, company: Id) -> Result<()> {
    let is = |id: Id, wanted: &str| -> Result<bool> {
        Ok(customers::kind_and_survivor(tx, id)?.is_some_and(|(kind, _)| kind == wanted))
    };
    if !is(person, "person")? {
        let message = format!("employments: {} is a company", label(tx, person)?);
        return Err(Error::invalid("employments", message));
    }
    if !is(company, "company")? {
        let message = format!("employments: {} is a person, no company", label(tx, company)?);
        return Err(Error::invalid("employments", message));
    }
    Ok(())
}

fn span(from: Option<Date>, to: Option<Date>) -> Result<()> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => Err(Error::invalid(
            "employments",
            format!("employments: it began on {from} and cannot end on {to}"),
        )),
        _ => Ok(()),
    }
}
