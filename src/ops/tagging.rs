//! Putting labels on records and taking them off.

use crate::domain::id::Id;
use crate::domain::near::near;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::ops::draft;
use crate::store::{WriteTx, fields, links};

/// Puts the label `name` on all of `ids`; a new label is made.
pub fn tag(tx: &WriteTx<'_>, noun: Noun, ids: &[Id], name: &str) -> Result<()> {
    let tag = draft::tag_named(tx, name)?;
    for id in ids {
        links::tag(tx, noun, *id, tag)?;
    }
    tx.describe(format!("Tagged {} with {name}", counted(noun, ids.len())));
    Ok(())
}

/// Takes the label `name` off all of `ids`.
///
/// # Errors
///
/// `NotFound` if there is no such label.
pub fn untag(tx: &WriteTx<'_>, noun: Noun, ids: &[Id], name: &str) -> Result<()> {
    let tag = match links::by_key(tx, Noun::Tag, name)? {
        Some(tag) => tag,
        None => {
            let keys = fields::keys(tx, Noun::Tag)?;
            let near = near(name, keys.iter().map(String::as_str));
            return Err(Error::not_found(Noun::Tag, name).with_near(near));
        }
    };
    for id in ids {
        links::untag(tx, *id, tag)?;
    }
    tx.describe(format!("Took {name} off {}", counted(noun, ids.len())));
    Ok(())
}

fn counted(noun: Noun, count: usize) -> String {
    format!("{count} {}", if count == 1 { noun.name() } else { noun.plural() })
}
