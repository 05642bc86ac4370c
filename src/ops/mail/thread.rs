//! The conversation around a message.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::error::{Error, Result};
use crate::ops::list;
use crate::store::{ReadTx, letters, links, records};
use crate::wire::cell::cell;

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The activity that it is.
    pub activity: Id,
    /// Its ref.
    pub reference: String,
    /// When, in which direction and with whom.
    pub head: String,
    /// All of its text.
    pub text: String,
}

/// The messages of the conversation that an activity belongs to, the oldest first.
///
/// # Errors
///
/// `Invalid` for an activity that is no message.
pub fn of(tx: &ReadTx<'_>, activity: Id) -> Result<Vec<Said>> {
    let Some(letter) = letters::of(tx, activity)? else {
        let name = links::link(tx, Noun::Activity, activity)?.map(|link| link.reference().to_string());
        let name = name.unwrap_or_default();
        return Err(Error::invalid(
            "activity",
            format!("{name} is no message that was taken in or drafted"),
        ));
    };
    let columns = ["at", "direction", "customer", "text"];
    let columns: Vec<_> = columns
        .iter()
        .map(|name| list::column(tx, Noun::Activity, name))
        .collect::<Result<_>>()?;
    let mut found = Vec::new();
    for id in letters::activities(tx, &letter.thread)? {
        let (Some(link), Some(row), Some(own)) = (
            links::link(tx, Noun::Activity, id)?,
            records::get(tx, Noun::Activity, id, &columns)?,
            letters::of(tx, id)?,
        ) else {
            continue;
        };
        let mut cells: Vec<String> = row.iter().map(cell).collect();
        let short = cells.pop().unwrap_or_default();
        found.push(Said {
            activity: id,
            reference: link.reference().to_string(),
            head: cells.join("  "),
            text: match own.text.is_empty() {
                true => short,
                false => format!("{}\n\n{}", own.subject, own.text).trim().to_owned(),
            },
        });
    }
    Ok(found)
}
