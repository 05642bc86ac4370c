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
/// Fewer candidates than these are verified at once, whatever else is asked for.
const FEW: i64 = 400;

/// What a search found.
pub(crate) struct Hits {
    /// The records, best first.
    pub(crate) links: Vec<Link>,
    /// Whether these are whom was meant, because they have the very number that was typed: nobody need look further.
    pub(crate) settled: bool,
}

/// The records that `words` find, at most `limit`: exact first, then beginnings of names, then the newest first.
pub(crate) fn hits(tx: &ReadTx<'_>, words: &str, noun: Option<Noun>, limit: usize) -> Result<Hits> {
    let query = SearchQuery::parse(words);
    let owners = owners(tx)?;
    let nouns: Vec<Noun> = noun.into_iter().collect();
    let mut found: Vec<Found> = Vec::new();
    if let Some(expression) = query.number_expression() {
        gather(tx, &query, noun, &expression, &mut found)?;
        found.retain(|hit| hit.exactness == Exactness::Whole);
        // Who types a whole number means whoever has it, not everything that happens to contain it.
        if !found.is_empty() {
            return Ok(Hits::of(found, limit, true));
        }
    }
    // Words that begin so are looked for only where whole ones do not fill the list.
    let mut asked = None;
    for whole_words in [true, false] {
        let scope = Scope {
            owners: owners.as_deref(),
            nouns: &nouns,
            whole_words,
        };
        if found.len() < limit
            && let Some(expression) = candidates(tx, &query, &scope)?
            && asked.as_ref() != Some(&expression)
        {
            gather(tx, &query, noun, &expression, &mut found)?;
            asked = Some(expression);
        }
    }
    // Stable: among equals the newest stay first.
    found.sort_by_key(|hit| (hit.exactness, hit.link.noun != Noun::Customer));
    Ok(Hits::of(found, limit, false))
}

impl Hits {
    fn of(found: Vec<Found>, limit: usize, settled: bool) -> Hits {
        Hits {
            links: found.into_iter().take(limit).map(|hit| hit.link).collect(),
            settled,
        }
    }
}

/// A record that has a word.
pub(crate) struct Having {
    /// The record.
    pub(crate) id: Id,
    /// Whether the word is in its name.
    pub(crate) is_in_name: bool,
}

/// The records of a noun that belong to everybody and have a word, the newest first; at most [`MOST`].
pub(crate) fn having(tx: &ReadTx<'_>, word: &str, noun: Noun) -> Result<Vec<Having>> {
    let query = SearchQuery::parse(word);
    let nouns = [noun];
    let scope = Scope {
        owners: None,
        nouns: &nouns,
        whole_words: false,
    };
    let Some(expression) = query.expression(&scope) else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let mut statement = tx.connection().prepare_cached(
        "SELECT search.rowid, doc.text FROM search CROSS JOIN search_doc AS doc ON doc.id = search.rowid
         WHERE search MATCH ?1 ORDER BY search.rowid DESC",
    )?;
    let mut rows = statement.query([expression])?;
    while let Some(row) = rows.next()? {
        let text = row.get_ref(1)?.as_str().unwrap_or_default();
        if !query.verifies(text) {
            continue;
        }
        found.push(Having {
            id: Id::from_raw(row.get(0)?),
            is_in_name: query.is_in_name(text),
        });
        if found.len() >= MOST {
            break;
        }
    }
    Ok(found)
}

/// The expression to ask for: that of one term if it has few candidates, else that of all.
fn candidates(tx: &ReadTx<'_>, query: &SearchQuery, scope: &Scope) -> Result<Option<String>> {
    for expression in query.term_expressions(scope) {
        let count: Option<i64> = tx.one(
            "SELECT count(*) FROM (SELECT rowid FROM search WHERE search MATCH ?1 LIMIT ?2)",
            (&expression, FEW),
            |row| row.get(0),
        )?;
        if count.is_some_and(|count| count < FEW) {
            return Ok(Some(expression));
        }
    }
    Ok(query.expression(scope))
}

/// A verified candidate.
struct Found {
    exactness: Exactness,
    link: Link,
}

/// Adds the records that an expression gives and the query verifies, unless they are there or of another noun.
fn gather(
    tx: &ReadTx<'_>,
    query: &SearchQuery,
    wanted: Option<Noun>,
    expression: &str,
    found: &mut Vec<Found>,
) -> Result<()> {
    let known: HashSet<Id> = found.iter().map(|hit| hit.link.id).collect();
    let mut statement = tx.connection().prepare_cached(
        "SELECT search.rowid, doc.noun, doc.text FROM search CROSS JOIN search_doc AS doc ON doc.id = search.rowid
         WHERE search MATCH ?1 ORDER BY search.rowid DESC",
    )?;
    let mut rows = statement.query([expression])?;
    while let Some(row) = rows.next()? {
        let id = Id::from_raw(row.get(0)?);
        let Some(noun) = Noun::parse(row.get_ref(1)?.as_str().unwrap_or_default()) else {
            continue;
        };
        let text = row.get_ref(2)?.as_str().unwrap_or_default();
        let other = wanted.is_some_and(|wanted| wanted != noun);
        if other || known.contains(&id) || !query.verifies(text) {
            continue;
        }
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
