//! Records that are called by a key: which one they get, and whether it is free.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::ops::draft::Draft;
use crate::ops::{refer, view};
use crate::store::ReadTx;
use crate::store::rows::Identity;

/// Lets the draft of a new record have the key that its name makes, and gives it. `what` is the record in words: `a pool`.
///
/// # Errors
///
/// `Invalid` without a name, and for one without a letter or digit; `Duplicate` if another record has it, unless this one
/// is restored into the trash.
pub(super) fn named(
    tx: &ReadTx<'_>,
    noun: Noun,
    draft: &mut Draft,
    (identity, what): (Identity, &str),
) -> Result<String> {
    let name = draft.text("key").ok_or_else(|| needed(what))?;
    let key = view::key(name)?;
    if identity.is_live() {
        refer::free(tx, noun, &key, None)?;
    }
    draft.put(noun, "key", Value::text(key.as_str()));
    Ok(key)
}

/// Lets a draft have the key that its new name makes; gives it, if there is a new name.
///
/// # Errors
///
/// As [`named`].
pub(super) fn renamed(
    tx: &ReadTx<'_>,
    noun: Noun,
    id: Id,
    draft: &mut Draft,
    what: &str,
) -> Result<Option<String>> {
    let Some(name) = draft.get("key") else {
        return Ok(None);
    };
    let key = match name {
        Value::Text(name) => view::key(name)?,
        _ => return Err(needed(what)),
    };
    refer::free(tx, noun, &key, Some(id))?;
    draft.put(noun, "key", Value::text(key.as_str()));
    Ok(Some(key))
}

fn needed(what: &str) -> Error {
    Error::invalid("key", format!("{what} needs a name"))
}
