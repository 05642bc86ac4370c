//! What can be done with an article: add it and change it; what is sent, suggested and said to have helped has files of its
//! own.

pub mod canned;
pub mod helped;
pub mod suggest;
#[cfg(test)]
mod tests;

use crate::domain::article::{ARTICLE, DRAFT, REPLY, heading};
use crate::domain::id::Id;
use crate::domain::input::Assignment;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::Outcome;
use crate::ops::draft::{Draft, Lists};
use crate::ops::keyed;
use crate::ops::typed::Policy;
use crate::store::articles::{self, Article};
use crate::store::rows::{self, Identity};
use crate::store::{ReadTx, WriteTx};

/// Adds an article. Without a title it is called after the first heading of its body, else by its name; without a type it is
/// something to look up, without a status a draft.
///
/// # Errors
///
/// `Duplicate` if there is one of that name; `Invalid` without a name, and for a canned reply with braces that mean nothing.
pub fn add(tx: &WriteTx<'_>, given: &[Assignment], policy: &Policy) -> Result<Outcome> {
    add_as(tx, Identity::default(), given, policy)
}

/// Adds an article with a restored identity.
pub fn add_as(
    tx: &WriteTx<'_>,
    identity: Identity,
    given: &[Assignment],
    policy: &Policy,
) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Article, given, policy)?;
    let name = draft.text("key").unwrap_or_default().trim().to_owned();
    let key = keyed::named(tx, Noun::Article, &mut draft, (identity, "an article"))?;
    let is_restored = identity.id.is_some();
    draft.fallback(Noun::Article, "type", Value::text(ARTICLE));
    draft.fallback(Noun::Article, "status", Value::text(DRAFT));
    if !is_restored && draft.text("title").is_none() {
        let title = draft.text("body").and_then(heading).unwrap_or(&name).to_owned();
        draft.put(Noun::Article, "title", Value::Text(title));
    }
    let id = rows::add(tx, Noun::Article, identity, &draft.plain, Vec::new())?;
    draft.write_common(tx, Noun::Article, id, Lists::Replace)?;
    if !is_restored {
        fits(&get(tx, id)?)?;
    }
    tx.describe(format!("Added article {key}"));
    Ok(Outcome::made(id))
}

/// Changes an article.
///
/// # Errors
///
/// As [`add`].
pub fn edit(tx: &WriteTx<'_>, id: Id, given: &[Assignment], how: Lists, policy: &Policy) -> Result<Outcome> {
    let mut draft = Draft::read(tx, Noun::Article, given, policy)?;
    keyed::renamed(tx, Noun::Article, id, &mut draft, "an article")?;
    for (name, usual) in [("type", ARTICLE), ("status", DRAFT)] {
        if draft.get(name).is_some_and(Value::is_empty) {
            draft.put(Noun::Article, name, Value::text(usual));
        }
    }
    let mut changed = rows::set(tx, Noun::Article, id, &draft.plain)?;
    changed |= draft.write_common(tx, Noun::Article, id, how)?;
    if ["type", "body"].iter().any(|name| draft.get(name).is_some()) {
        fits(&get(tx, id)?)?;
    }
    if changed {
        tx.describe(format!("Changed article {}", get(tx, id)?.key));
    }
    Ok(Outcome::kept(id, changed))
}

/// Refuses a canned reply that could never be sent.
fn fits(article: &Article) -> Result<()> {
    match article.kind.as_str() {
        REPLY => canned::check(article),
        _ => Ok(()),
    }
}

/// An article that must be there.
fn get(tx: &ReadTx<'_>, id: Id) -> Result<Article> {
    articles::get(tx, id)?.ok_or_else(|| Error::not_found(Noun::Article, &id.uid()))
}
