//! The search index, token by token. It is equal to one that is made anew if every document is found by each of its
//! tokens, and if it holds no more entries than the documents have tokens.

use std::collections::BTreeSet;

use crate::domain::id::Id;
use crate::domain::search::tokens::tokens;
use crate::error::Result;
use crate::store::check::{Finding, MOST};
use crate::store::tx::WriteTx;

/// So many tokens are asked for at once; the engine takes no deeper expressions than a few hundred.
const TOGETHER: usize = 64;

/// Compares the index with the documents.
pub(super) fn compare(tx: &WriteTx<'_>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    let mut wanted: i64 = 0;
    let mut statement = tx
        .connection()
        .prepare("SELECT id, text FROM search_doc ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let text: String = row.get(1)?;
        let line = tokens(&text);
        let distinct: BTreeSet<&str> = line.split_whitespace().collect();
        wanted += i64::try_from(distinct.len()).unwrap_or(0);
        if found.len() < MOST && !is_found(tx, id, &distinct)? {
            found.push(finding(
                Some(Id::from_raw(id)),
                "a word of the record is not in the search index",
            ));
        }
    }
    tx.connection().execute_batch(
        "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_terms USING fts5vocab(main, search, row)",
    )?;
    let held: i64 = tx
        .one("SELECT coalesce(sum(doc), 0) FROM temp.search_terms", [], |row| {
            row.get(0)
        })?
        .unwrap_or(0);
    if found.is_empty() && held != wanted {
        found.push(finding(None, "the search index holds words of no record"));
    }
    Ok(found)
}

/// Whether the index leads from each of these tokens to the document.
fn is_found(tx: &WriteTx<'_>, id: i64, tokens: &BTreeSet<&str>) -> Result<bool> {
    let all: Vec<&&str> = tokens.iter().collect();
    for some in all.chunks(TOGETHER) {
        let quoted: Vec<String> = some
            .iter()
            .map(|token| format!("\"{}\"", token.replace('"', "\"\"")))
            .collect();
        let hit = tx.one(
            "SELECT 1 FROM search WHERE search MATCH ?1 AND rowid = ?2",
            (quoted.join(" AND "), id),
            |_| Ok(()),
        )?;
        if hit.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn finding(row: Option<Id>, problem: &str) -> Finding {
    Finding {
        derived: true,
        ..Finding::new("search", "search", row, problem.to_owned())
    }
}
