//! Who has a part in a deal, and which.

use crate::domain::deal::{ROLES, role};
use crate::domain::id::Id;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::ops::customer::label as person_label;
use crate::ops::deal::label;
use crate::ops::{Outcome, refer};
use crate::store::WriteTx;
use crate::store::deal_people::{self, Person};

/// What is said of somebody's part in a deal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// The role, a key or its Chinese word; empty takes it away, none leaves it.
    pub role: Option<String>,
    /// Whether this is the main person.
    pub main: bool,
}

/// Gives people a part in a deal, or says which part it is.
///
/// # Errors
///
/// `Invalid` for a role that does not exist, with what is near.
pub fn put(tx: &WriteTx<'_>, deal: Id, people: &[Id], part: &Part) -> Result<Outcome> {
    let wanted = part.role.as_deref().map(read).transpose()?;
    // A merged customer has no part of its own any more.
    let people: Vec<Id> = people
        .iter()
        .map(|person| refer::survivor(tx, Noun::Customer, *person))
        .collect::<Result<_>>()?;
    let changes = tx.changes();
    let mut all = deal_people::people(tx, deal)?;
    for person in &people {
        if !all.contains(person) {
            all.push(*person);
        }
    }
    deal_people::set_people(tx, deal, &all)?;
    let main = people.first().filter(|_| part.main);
    for known in deal_people::parts(tx, deal)? {
        let is_meant = people.contains(&known.customer);
        let role = wanted
            .filter(|_| is_meant)
            .map_or(known.role.clone(), str::to_owned);
        let is_primary = main.map_or(known.is_primary, |main| *main == known.customer);
        deal_people::set_part(
            tx,
            &Person {
                role,
                is_primary,
                ..known
            },
        )?;
    }
    let names: Vec<String> = people
        .iter()
        .map(|person| person_label(tx, *person))
        .collect::<Result<_>>()?;
    let part = wanted
        .filter(|role| !role.is_empty())
        .map_or_else(String::new, |role| format!(" as {role}"));
    tx.describe(format!("Deal {}: {}{part}", label(tx, deal)?, names.join(", ")));
    Ok(Outcome {
        id: deal,
        created: false,
        changed: tx.changes() != changes,
    })
}

/// Takes people out of a deal.
///
/// # Errors
///
/// `Invalid` for somebody who has no part in it.
pub fn remove(tx: &WriteTx<'_>, deal: Id, people: &[Id]) -> Result<Outcome> {
    let mut all = deal_people::people(tx, deal)?;
    for person in people {
        if !all.contains(person) {
            let message = format!(
                "people: {} has no part in {}",
                person_label(tx, *person)?,
                label(tx, deal)?
            );
            return Err(Error::invalid("people", message));
        }
    }
    all.retain(|person| !people.contains(person));
    deal_people::set_people(tx, deal, &all)?;
    let names: Vec<String> = people
        .iter()
        .map(|person| person_label(tx, *person))
        .collect::<Result<_>>()?;
    tx.describe(format!("Deal {}: without {}", label(tx, deal)?, names.join(", ")));
    Ok(Outcome::kept(deal, true))
}

fn read(word: &str) -> Result<&'static str> {
    if word.trim().is_empty() || word == "none" {
        return Ok("");
    }
    role(word).ok_or_else(|| {
        Error::invalid("role", format!("role: {word:?} is none of {}", ROLES.join(", ")))
            .with_near(near(word, ROLES.iter().copied()))
    })
}
