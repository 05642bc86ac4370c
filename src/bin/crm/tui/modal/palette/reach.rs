//! What of the base the palette can go to: records, saved views, labels.

use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::find::{self, Hit};
use crm::ops::view::{self, Saved};
use crm::ops::{complete, refer};
use crm::store::{ReadTx, links};

use crate::tui::action::RECORDS;

/// At most so many records.
const MOST: usize = 30;

/// What there is in the base whatever was typed.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) views: Vec<Saved>,
    pub(crate) tags: Vec<String>,
}

/// Saved views and labels.
///
/// # Errors
///
/// The base cannot be read.
pub(crate) fn known(tx: &ReadTx<'_>) -> Result<Known> {
    let views = complete::newest(tx, Noun::View, &[], usize::MAX)?;
    let tags = complete::values(tx, FieldType::Tags, None)?;
    Ok(Known {
        // A view that somebody has deleted in the meantime is none to go to.
        views: views
            .iter()
            .filter_map(|found| view::saved(tx, found.id).ok())
            .collect(),
        tags: tags.into_iter().map(|word| word.value).collect(),
    })
}

/// The records that a text means or finds; those of one noun, if one is named.
///
/// # Errors
///
/// The base cannot be read.
pub(crate) fn records(tx: &ReadTx<'_>, text: &str, noun: Option<Noun>) -> Result<Vec<Hit>> {
    let mut hits = find::find(tx, text, noun, MOST)?;
    hits.retain(|hit| RECORDS.contains(&hit.link.noun));
    // A ref is no word of the index.
    let meant = refer::any(tx, text).ok();
    let meant = meant.filter(|(of, _)| RECORDS.contains(of) && noun.is_none_or(|noun| noun == *of));
    if let Some((of, id)) = meant
        && !hits.iter().any(|hit| hit.link.id == id)
        && let Some(link) = links::link(tx, of, id)?
    {
        let detail = String::new();
        hits.insert(0, Hit { link, detail });
    }
    Ok(hits)
}
