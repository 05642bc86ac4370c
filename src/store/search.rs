//! Asking the search index: candidates from the tokens, verified against the stored text, in the order people expect.

use std::collections::HashSet;

use crate::domain::actor::Scope as Reach;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::search::query::{Exactness, Scope, SearchQuery};
use crate::domain::value::Link;
use crate::error::Result;
use crate::store::links;
use crate::store::tx::ReadTx;

/// How many verified candidates are put in order; a query with more is too broad for the order to matter.
const MOST: usize = 500;

/// The records that `words` find, at most `limit`: exact first, then beginnings of names, then the newest first.
pub(crate) fn hits(tx: &ReadTx<'_>, words: &str, noun: Option<Noun>, limit: usize) -> Result<Vec<Link>> {
    let query = SearchQuery::parse(words);
    let owners = owners(tx)?;
    let nouns: Vec<Noun> = noun.into_iter().collect();
    let mut found: Vec<Found> = Vec::new();
    let everywhere = Scope {
        owners: owners.as_deref(),
        nouns: &nouns,
        whole_words: false,
    };
    if let Some(expression) = query.number_expression(&everywhere) {
        gather(tx, &query, &expression, &mut found)?;
        found.retain(|hit| hit.exactness == Exactness::Whole);
        // Who types a whole number means whoever has it, not everything that happens to contain it.
        if !found.is_empty() {
            return Ok(found.into_iter().take(limit).map(|hit| hit.link).collect());
        }
    }
    // Words that begin so are looked for only where whole ones do not fill the list.
    let [wholes, beginnings] = [true, false].map(|whole_words| {
        query.expression(&Scope {
            whole_words,
            ..everywhere
        })
    });
    if let Some(expression) = &wholes {
        gather(tx, &query, expression, &mut found)?;
    }
    if let Some(expression) = beginnings.filter(|_| found.len() < limit)
        && wholes.as_ref() != Some(&expression)
    {
        gather(tx, &query, &expression, &mut found)?;
    }
    // Stable: among equals the newest stay first.
    found.sort_by_key(|hit| (hit.exactness, hit.link.noun != Noun::Customer));
    Ok(found.into_iter().take(limit).map(|hit| hit.link).collect())
}

/// A verified candidate.
struct Found {
    exactness: Exactness,
    link: Link,
}

/// Adds the records that an expression gives and the query verifies, unless they are there.
fn gather(tx: &ReadTx<'_>, query: &SearchQuery, expression: &str, found: &mut Vec<Found>) -> Result<()> {
    let known: HashSet<Id> = found.iter().map(|hit| hit.link.id).collect();
    let mut statement = tx.connection().prepare_cached(
        "SELECT search.rowid, doc.noun, doc.text FROM search CROSS JOIN search_doc AS doc ON doc.id = search.rowid
         WHERE search MATCH ?1 ORDER BY search.rowid DESC",
    )?;
    let mut rows = statement.query([expression])?;
    while let Some(row) = rows.next()? {
        let id = Id::from_raw(row.get(0)?);
        let text = row.get_ref(2)?.as_str().unwrap_or_default();
        if known.contains(&id) || !query.verifies(text) {
            continue;
        }
        let Some(noun) = Noun::parse(row.get_ref(1)?.as_str().unwrap_or_default()) else {
            continue;
        };
        // A record that is out of scope has no link.
        let Some(link) = links::link(tx, noun, id)? else {
            continue;
        };
        let exactness = query.exactness(text);
        found.push(Found { exactness, link });
        if found.len() >= MOST {
            break;
        }
    }
    Ok(())
}

/// Whose records the actor sees, none standing for what belongs to nobody; no list for everybody's.
fn owners(tx: &ReadTx<'_>) -> Result<Option<Vec<Option<Id>>>> {
    let actor = &tx.caller().actor;
    let mut owners = match (actor.scope, actor.team) {
        (Reach::All, _) => return Ok(None),
        (Reach::Team, Some(team)) => {
            tx.all("SELECT id FROM user WHERE team_id = ?1", [team.raw()], |row| {
                Ok(Some(Id::from_raw(row.get(0)?)))
            })?
        }
        (Reach::Team | Reach::Own, _) => vec![Some(actor.id)],
    };
    owners.push(None);
    Ok(Some(owners))
}
