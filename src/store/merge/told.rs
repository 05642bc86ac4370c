//! What did not go back when a merge was taken apart, in words.

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::Result;
use crate::store::merge::apart::{Kept, Why, current};
use crate::store::merge::past::{self, Merges, Step};
use crate::store::references::references_to;
use crate::store::tx::ReadTx;

/// The rows that came to name a customer after a merge, other than by merging.
pub(crate) fn added(tx: &ReadTx<'_>, customer: Id, step: &Step, merges: &Merges) -> Result<Vec<Kept>> {
    let mut added = Vec::new();
    for (table, column) in references_to(tx, "customer")? {
        if matches!(table, "customer" | "value_interval") {
            continue;
        }
        let sql = format!("SELECT id FROM {table} WHERE {column} = ?1 AND id > ?2 ORDER BY id");
        let rows: Vec<Id> = tx.all(&sql, [customer.raw(), step.op.raw()], |row| {
            Ok(Id::from_raw(row.get(0)?))
        })?;
        for row in rows {
            if !merges.made(tx, row)? {
                added.push(Kept {
                    table,
                    row,
                    why: Why::Added,
                });
            }
        }
    }
    Ok(added)
}

/// The record that a row is or belongs to, as people know it; none if it is of no record with a ref.
pub fn record_of(tx: &ReadTx<'_>, kept: &Kept) -> Result<Option<(Noun, Id)>> {
    let (noun, column) = match kept.table {
        "deal" => return Ok(Some((Noun::Deal, kept.row))),
        "quote" => return Ok(Some((Noun::Quote, kept.row))),
        "sales_order" => return Ok(Some((Noun::Order, kept.row))),
        "ticket" => return Ok(Some((Noun::Ticket, kept.row))),
        "feedback" => return Ok(Some((Noun::Feedback, kept.row))),
        "task" => return Ok(Some((Noun::Task, kept.row))),
        "customer" => return Ok(Some((Noun::Customer, kept.row))),
        "activity_customer" => (Noun::Activity, "activity_id"),
        "deal_person" => (Noun::Deal, "deal_id"),
        "ticket_comment" => (Noun::Ticket, "ticket_id"),
        _ => return Ok(None),
    };
    let id = match current(tx, kept.table, kept.row, &[column])? {
        Some(values) => values.into_iter().next(),
        None => {
            let image: Option<Option<String>> = tx.one(
                "SELECT before FROM op_change WHERE row_id = ?1 AND table_name = ?2 AND action = 'delete'
                 ORDER BY id DESC LIMIT 1",
                (kept.row.raw(), kept.table),
                |row| row.get(0),
            )?;
            Some(past::value(past::image(image.flatten())?.get(column)))
        }
    };
    Ok(match id {
        Some(Value::Int(id)) => Some((noun, Id::from_raw(id))),
        _ => None,
    })
}

/// A row in words, where it is of no record with a ref: `email anna@mail.example`.
pub fn words(tx: &ReadTx<'_>, kept: &Kept) -> Result<String> {
    let table = kept.table;
    let expression = match table {
        "email" => "address",
        "phone" => "raw",
        "handle" => "kind || ':' || value",
        "address" => "street || ' ' || city",
        "attachment" => "location",
        "external_id" => "system || ':' || value",
        "relationship" => "type",
        "tagging" => "(SELECT name FROM tag WHERE tag.id = tag_id)",
        "custom_value" => "(SELECT key FROM field WHERE field.id = field_id)",
        _ => "''",
    };
    let sql = format!("SELECT {expression} FROM {table} WHERE id = ?1");
    let word: Option<Option<String>> = tx.one(&sql, [kept.row.raw()], |row| row.get(0))?;
    let name = match table {
        "tagging" => "label".to_owned(),
        "custom_value" => "field".to_owned(),
        "employment" => "job".to_owned(),
        _ => table.replace('_', " "),
    };
    Ok(format!("{name} {}", word.flatten().unwrap_or_default())
        .trim_end()
        .to_owned())
}
