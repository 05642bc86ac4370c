//! Search documents: what is indexed of each record, and the index itself.
//!
//! `search_doc` keeps the text that was indexed, so that exactly its tokens can be taken out again: the index itself
//! holds no text. The token scheme is the domain's (`domain/search`).

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::search::tokens::tokens;
use crate::domain::search::{self, Document};
use crate::error::Result;
use crate::store::anew;
use crate::store::columns::table;
use crate::store::tx::{ReadTx, WriteTx};

/// Brings the document of a record up to date: indexed anew if its text changed, taken out if the record is gone or
/// in the trash.
pub(crate) fn refresh(tx: &WriteTx<'_>, id: Id) -> Result<()> {
    let wanted = build(tx, id)?;
    let stored: Option<(String, i64)> = tx.one(
        "SELECT text, fold_version FROM search_doc WHERE id = ?1",
        [id.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let text = wanted.as_ref().map(Document::text);
    if let (Some(text), Some((old, version))) = (&text, &stored)
        && old == text
        && *version == search::FOLD_VERSION
    {
        return Ok(());
    }
    if wanted.is_none() && stored.is_none() {
        return Ok(());
    }
    if let Some(watch) = tx.watch() {
        let mut watch = watch.borrow_mut();
        watch.note("search_doc", id, vec!["text".to_owned()]);
        if !watch.mends {
            return Ok(());
        }
    }
    if let Some((old, _)) = stored {
        remove(tx, id, &old)?;
    }
    match (wanted, text) {
        (Some(document), Some(text)) => add(tx, id, document.noun.name(), &text),
        _ => Ok(()),
    }
}

fn add(tx: &WriteTx<'_>, id: Id, noun: &str, text: &str) -> Result<()> {
    tx.connection()
        .prepare_cached("INSERT INTO search_doc (id, noun, fold_version, text) VALUES (?1, ?2, ?3, ?4)")?
        .execute((id.raw(), noun, search::FOLD_VERSION, text))?;
    tx.connection()
        .prepare_cached("INSERT INTO search (rowid, tokens) VALUES (?1, ?2)")?
        .execute((id.raw(), tokens(text)))?;
    Ok(())
}

fn remove(tx: &WriteTx<'_>, id: Id, text: &str) -> Result<()> {
    tx.connection()
        .prepare_cached("INSERT INTO search (search, rowid, tokens) VALUES ('delete', ?1, ?2)")?
        .execute((id.raw(), tokens(text)))?;
    tx.connection()
        .prepare_cached("DELETE FROM search_doc WHERE id = ?1")?
        .execute([id.raw()])?;
    Ok(())
}

/// The nouns whose records are found by words.
const INDEXED: [Noun; 10] = [
    Noun::Customer,
    Noun::Deal,
    Noun::Quote,
    Noun::Order,
    Noun::Ticket,
    Noun::Feedback,
    Noun::Task,
    Noun::Activity,
    Noun::Product,
    Noun::Article,
];

/// Brings the documents of all records up to date, whatever was touched.
pub(crate) fn refresh_all(tx: &WriteTx<'_>) -> Result<()> {
    for noun in INDEXED {
        anew::each(tx, table(noun), &|id| refresh(tx, id))?;
    }
    // Those of records that are not there any more.
    anew::each(tx, "search_doc", &|id| refresh(tx, id))
}

/// Indexes everything anew.
///
/// # Errors
///
/// Whatever the base fails with; the old index stands then.
pub fn rebuild(tx: &WriteTx<'_>) -> Result<()> {
    tx.connection()
        .execute_batch("INSERT INTO search (search) VALUES ('delete-all'); DELETE FROM search_doc;")?;
    for noun in INDEXED {
        let sql = format!("SELECT id FROM {} WHERE deleted_at IS NULL", table(noun));
        tx.each_row(&sql, [], |row| {
            let id = Id::from_raw(row.get(0)?);
            match build(tx, id)? {
                Some(document) => add(tx, id, document.noun.name(), &document.text()),
                None => Ok(()),
            }
        })?;
    }
    Ok(())
}

/// The document of a record as its rows are now; none if it is gone or in the trash.
fn build(tx: &ReadTx<'_>, id: Id) -> Result<Option<Document>> {
    let Some(mut document) = own(tx, id)? else {
        return Ok(None);
    };
    let texts: Vec<(String, String)> = tx.all(
        "SELECT f.type, v.text_value FROM custom_value AS v JOIN field AS f ON f.id = v.field_id
         WHERE v.record_id = ?1 AND f.type IN ('text', 'long_text', 'email', 'phone', 'url', 'address') ORDER BY v.id",
        [id.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    for (kind, text) in texts {
        match kind.as_str() {
            "long_text" | "address" => document.notes.push(text),
            "phone" => document.phones.push(text),
            _ => document.words.push(text),
        }
    }
    Ok(Some(document))
}

/// The document that follows from a record alone, without its custom fields.
fn own(tx: &ReadTx<'_>, id: Id) -> Result<Option<Document>> {
    if let Some(document) = customer(tx, id)? {
        return Ok(Some(document));
    }
    for (noun, sql) in SIMPLE {
        let found = tx.one(sql, [id.raw()], |row| {
            Ok(Document {
                noun,
                names: texts(row.get(0)?),
                words: texts(row.get(1)?),
                phones: Vec::new(),
                notes: texts(row.get(2)?),
                owner: row.get::<_, Option<i64>>(3)?.map(Id::from_raw),
            })
        })?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Name, words, notes and owner of the nouns that have no addresses.
const SIMPLE: [(Noun, &str); 9] = [
    (
        Noun::Deal,
        "SELECT name, competitor, note, owner_id FROM deal WHERE id = ?1 AND deleted_at IS NULL",
    ),
    (
        Noun::Quote,
        "SELECT name, '', lines || char(10) || note, owner_id FROM quote WHERE id = ?1 AND deleted_at IS NULL",
    ),
    (
        Noun::Order,
        "SELECT name, coalesce((SELECT group_concat(tracking, ' ') FROM shipment WHERE order_id = sales_order.id), ''),
                lines || char(10) || note, owner_id FROM sales_order WHERE id = ?1 AND deleted_at IS NULL",
    ),
    (
        Noun::Ticket,
        "SELECT name, '', trim(description || char(10) || root_cause || char(10) || solution || char(10) ||
                coalesce((SELECT group_concat(text, char(10)) FROM (SELECT m.text FROM ticket_comment AS m
                          WHERE m.ticket_id = ticket.id ORDER BY m.at, m.id)), ''), char(10)), owner_id
         FROM ticket WHERE id = ?1 AND deleted_at IS NULL",
    ),
    (
        Noun::Feedback,
        "SELECT '', '', comment || char(10) || action || char(10) || note, owner_id FROM feedback
         WHERE id = ?1 AND deleted_at IS NULL",
    ),
    (
        Noun::Task,
        "SELECT title, '', note, assignee_id FROM task WHERE id = ?1 AND deleted_at IS NULL",
    ),
    (
        Noun::Activity,
        "SELECT '', '', text, owner_id FROM activity WHERE id = ?1 AND deleted_at IS NULL",
    ),
    (
        Noun::Product,
        "SELECT name, sku, category, NULL FROM product WHERE id = ?1 AND deleted_at IS NULL",
    ),
    (
        Noun::Article,
        "SELECT title, trim(key || ' ' || topic), body, NULL FROM article WHERE id = ?1 AND deleted_at IS NULL",
    ),
];

fn customer(tx: &ReadTx<'_>, id: Id) -> Result<Option<Document>> {
    let found = tx.one(
        "SELECT name, website, tax_id, note, needs, interests, owner_id FROM customer
         WHERE id = ?1 AND deleted_at IS NULL",
        [id.raw()],
        |row| {
            let words = [row.get::<_, String>(1)?, row.get(2)?];
            let notes = [row.get::<_, String>(3)?, row.get(4)?, row.get(5)?];
            Ok(Document {
                noun: Noun::Customer,
                names: vec![row.get(0)?],
                words: words.into_iter().filter(|word| !word.is_empty()).collect(),
                phones: Vec::new(),
                notes: notes.into_iter().filter(|note| !note.is_empty()).collect(),
                owner: row.get::<_, Option<i64>>(6)?.map(Id::from_raw),
            })
        },
    )?;
    let Some(mut document) = found else {
        return Ok(None);
    };
    let list = |sql: &str| tx.all(sql, [id.raw()], |row| row.get::<_, String>(0));
    document.words.extend(list(
        "SELECT address FROM email WHERE customer_id = ?1 ORDER BY position",
    )?);
    document.words.extend(list(
        "SELECT value FROM handle WHERE customer_id = ?1 ORDER BY position",
    )?);
    document.phones = list(
        "SELECT CASE e164 WHEN '' THEN raw ELSE e164 END FROM phone WHERE customer_id = ?1 ORDER BY position",
    )?;
    Ok(Some(document))
}

fn texts(text: String) -> Vec<String> {
    if text.is_empty() { Vec::new() } else { vec![text] }
}
