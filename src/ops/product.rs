//! What can be done with a product: add, edit.

use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Kind, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::refer;
use crate::ops::typed::Policy;
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx, links};

/// Adds a product.
///
/// # Errors
///
/// `Duplicate` with the product that has the code or an external id; `Invalid` for a value.
pub fn add(tx: &WriteTx<'_>, assignments: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), assignments, policy)
}

/// Adds a product with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    assignments: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Product, assignments, policy)?;
    if draft.text("name").is_none() {
        return Err(Error::invalid("name", "a product needs a name"));
    }
    if identity.is_live() {
        free_code(tx, &draft, None)?;
    }
    for (system, value) in draft.external_ids() {
        if let Some(id) = links::by_external_id(tx, system, Noun::Product, value)? {
            let message = format!("external id {system}:{value} belongs to another product");
            return Err(Error::new(Kind::Duplicate, message)
                .on_field("external_ids")
                .with_candidates(refer::described(tx, Noun::Product, &[id])?));
        }
    }
    if identity.id.is_none() {
        draft.complete_custom(tx, Noun::Product)?;
    }
    let id = rows::add(tx, Noun::Product, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Product, id, Lists::Replace)?;
    tx.describe(format!("Added product {}", label(tx, id)?));
    Ok(Outcome::made(id))
}

/// Changes a product. Lines of deals keep the price that they have.
///
/// # Errors
///
/// `Duplicate` with the product that has the code; `Invalid` for a value.
pub fn edit(
    tx: &WriteTx<'_>,
    id: Id,
    assignments: &[Assignment],
    how: Lists,
    policy: &Policy,
) -> Result<Outcome> {
    let draft = Draft::read(tx, Noun::Product, assignments, policy)?;
    if draft.get("name").is_some_and(Value::is_empty) {
        return Err(Error::invalid("name", "a product needs a name"));
    }
    free_code(tx, &draft, Some(id))?;
    let mut changed = rows::set(tx, Noun::Product, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Product, id, how)?;
    if changed {
        tx.describe(format!("Changed product {}", label(tx, id)?));
    }
    Ok(Outcome::kept(id, changed))
}

fn free_code(tx: &ReadTx<'_>, draft: &Draft, except: Option<Id>) -> Result<()> {
    let Some(sku) = draft.text("sku") else {
        return Ok(());
    };
    match links::by_sku(tx, sku)? {
        Some(id) if Some(id) != except => {
            let error = Error::new(Kind::Duplicate, format!("another product has the code {sku:?}"));
            Err(error
                .on_field("sku")
                .with_candidates(refer::described(tx, Noun::Product, &[id])?))
        }
        _ => Ok(()),
    }
}

fn label(tx: &ReadTx<'_>, id: Id) -> Result<String> {
    let link = links::link(tx, Noun::Product, id)?;
    Ok(link
        .map(|link| format!("{} {}", link.reference(), link.name))
        .unwrap_or_default())
}
