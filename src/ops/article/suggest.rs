//! Which articles may help a ticket: those that share words with it, the rarer the better.

use std::collections::BTreeMap;

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::search::keywords::keywords;
use crate::error::{Error, Result};
use crate::ops::list;
use crate::store::articles::{self, Article};
use crate::store::{ReadTx, records, search};
use crate::wire::cell::cell;

/// A word in a title says as much as so many in a text.
const TITLE_WEIGHT: f64 = 3.0;

/// An article that may help.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The article.
    pub article: Article,
    /// The words that it shares with the ticket, as they are compared: those first that say most.
    pub words: Vec<String>,
    /// Whether it is said to have helped the ticket already.
    pub is_linked: bool,
    /// How well it fits; only to be compared with others for the same ticket.
    pub fit: f64,
}

/// The published articles that share words with the subject and the description of a ticket, at most `limit`, best first;
/// those of one type, if one is named.
///
/// # Errors
///
/// `NotFound` for the ticket.
pub fn suggest(tx: &ReadTx<'_>, ticket: Id, kind: Option<&str>, limit: usize) -> Result<Vec<Suggestion>> {
    let published = articles::published(tx)?;
    let linked = articles::of_ticket(tx, ticket)?;
    let mut found: BTreeMap<Id, (f64, Vec<(f64, String)>)> = BTreeMap::new();
    for word in keywords(&said(tx, ticket)?) {
        let mut hits = search::having(tx, &word, Noun::Article)?;
        hits.retain(|hit| published.contains(&hit.id));
        let weight = rarity(published.len(), hits.len());
        for hit in hits {
            let own = weight * if hit.is_in_name { TITLE_WEIGHT } else { 1.0 };
            let (fit, words) = found.entry(hit.id).or_default();
            *fit += own;
            words.push((own, word.clone()));
        }
    }
    let mut suggestions = Vec::new();
    for (id, (fit, mut words)) in found {
        let article = super::get(tx, id)?;
        if kind.is_some_and(|kind| kind != article.kind) {
            continue;
        }
        words.sort_by(|one, other| other.0.total_cmp(&one.0));
        suggestions.push(Suggestion {
            article,
            words: words.into_iter().map(|(_, word)| word).collect(),
            is_linked: linked.contains(&id),
            fit,
        });
    }
    suggestions.sort_by(|one, other| {
        let fit = other.fit.total_cmp(&one.fit);
        fit.then_with(|| other.article.id.cmp(&one.article.id))
    });
    suggestions.truncate(limit);
    Ok(suggestions)
}

/// How much a word says that so many of all articles have; something even where all have it.
fn rarity(all: usize, having: usize) -> f64 {
    // There are never so many articles that a double could not count them.
    (1.0 + all as f64 / having.max(1) as f64).ln()
}

/// The subject and the description of a ticket.
fn said(tx: &ReadTx<'_>, ticket: Id) -> Result<String> {
    let columns = ["name", "description"].map(|name| list::column(tx, Noun::Ticket, name));
    let columns = columns.into_iter().collect::<Result<Vec<_>>>()?;
    let row = records::get(tx, Noun::Ticket, ticket, &columns)?;
    let row = row.ok_or_else(|| Error::not_found(Noun::Ticket, &ticket.uid()))?;
    Ok(row.iter().map(cell).collect::<Vec<_>>().join("\n"))
}
