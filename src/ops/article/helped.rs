//! Which articles helped which tickets.

use crate::domain::id::Id;
use crate::domain::input::Input;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists, texts};
use crate::ops::typed::{OnMissing, Policy};
use crate::ops::{refer, ticket};
use crate::store::{ReadTx, WriteTx, articles, links};

/// Says that articles helped a ticket.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn link(tx: &WriteTx<'_>, ticket: Id, helped: &[Id]) -> Result<Outcome> {
    let mut changed = false;
    for article in helped {
        changed |= articles::link(tx, ticket, *article)?;
    }
    let (names, own) = (named(tx, helped)?, ticket::label(tx, ticket)?);
    tx.describe(format!("Linked article {names} to ticket {own}"));
    Ok(outcome(ticket, changed))
}

/// Says that they did not.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn unlink(tx: &WriteTx<'_>, ticket: Id, helped: &[Id]) -> Result<Outcome> {
    let mut changed = false;
    for article in helped {
        changed |= articles::unlink(tx, ticket, *article)?;
    }
    let (names, own) = (named(tx, helped)?, ticket::label(tx, ticket)?);
    tx.describe(format!("Took article {names} from ticket {own}"));
    Ok(outcome(ticket, changed))
}

/// Writes the articles that a draft of a ticket names, if it names any.
///
/// # Errors
///
/// `NotFound` for an article that is not there, on `articles`.
pub(crate) fn write(tx: &WriteTx<'_>, ticket: Id, draft: &Draft, how: Lists, policy: &Policy) -> Result<()> {
    let mut wanted: Option<Vec<Id>> = None;
    for (_, input) in draft.specials("articles") {
        let wanted = wanted.get_or_insert_default();
        for name in keys(input)? {
            match refer::one(tx, Noun::Article, &name) {
                Ok(id) => wanted.push(id),
                Err(_) if policy.on_missing == OnMissing::Skip => {}
                Err(error) => return Err(error.on_field("articles").context("articles")),
            }
        }
    }
    let Some(wanted) = wanted else {
        return Ok(());
    };
    if how == Lists::Replace {
        for known in articles::of_ticket(tx, ticket)? {
            if !wanted.contains(&known) {
                articles::unlink(tx, ticket, known)?;
            }
        }
    }
    for article in wanted {
        articles::link(tx, ticket, article)?;
    }
    Ok(())
}

/// The names that an input holds; nothing stands for none.
fn keys(input: &Input) -> Result<Vec<String>> {
    let mut keys = texts("articles", input)?;
    keys.retain(|key| !key.trim().is_empty());
    Ok(keys)
}

fn named(tx: &ReadTx<'_>, helped: &[Id]) -> Result<String> {
    let mut names = Vec::with_capacity(helped.len());
    for id in helped {
        names.extend(links::link(tx, Noun::Article, *id)?.map(|link| link.name));
    }
    Ok(names.join(", "))
}

fn outcome(id: Id, changed: bool) -> Outcome {
    Outcome {
        id,
        created: false,
        changed,
    }
}
