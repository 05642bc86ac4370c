//! What the operation log knows of one record: every value that was changed, by whom and through what.
//!
//! The log keeps what changed and not what stood around it: of an insert only the range of ids, of an update the changed
//! columns. So each row of the record, and each row that belongs to it, is followed backward from what it is now, or was
//! when it went. Rows that are gone are found through the log itself, where their images are; that looks at every delete
//! there ever was, and at nothing else.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Value;
use crate::error::{Error, Result};
use crate::store::columns::table;
use crate::store::log::{self, Op};
use crate::store::tables;
use crate::store::tx::ReadTx;

/// One value that an operation changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Edit {
    /// The operation.
    pub op: Op,
    /// The field; the noun itself where the record was made or taken away.
    pub field: String,
    /// What it was; null where there was nothing.
    pub old: Value,
    /// What it became; null where there is nothing any more.
    pub new: Value,
}

/// A row at one moment.
type Image = Map<String, Json>;

/// The rows that belong to a record: table, and the column that names the record.
type Child = (&'static str, &'static str);

/// Rows that any record can have.
const LOOSE: &[Child] = &[
    ("tagging", "record_id"),
    ("custom_value", "record_id"),
    ("external_id", "record_id"),
    ("attachment", "record_id"),
    ("label", "record_id"),
];

fn children(noun: Noun) -> impl Iterator<Item = Child> {
    let own: &[Child] = match noun {
        Noun::Customer => &[
            ("email", "customer_id"),
            ("phone", "customer_id"),
            ("handle", "customer_id"),
            ("address", "customer_id"),
            ("employment", "customer_id"),
            ("employment", "company_id"),
            ("relationship", "customer_id"),
            ("relationship", "other_id"),
        ],
        Noun::Deal => &[
            ("deal_person", "deal_id"),
            ("deal_line", "deal_id"),
            ("deal_step", "deal_id"),
        ],
        Noun::Quote => &[("quote_line", "quote_id")],
        Noun::Order => &[
            ("order_line", "order_id"),
            ("installment", "order_id"),
            ("payment", "order_id"),
            ("shipment", "order_id"),
        ],
        Noun::Ticket => &[
            ("ticket_step", "ticket_id"),
            ("ticket_comment", "ticket_id"),
            ("ticket_article", "ticket_id"),
        ],
        Noun::Activity => &[("activity_customer", "activity_id")],
        Noun::Task => &[("reminder", "task_id")],
        Noun::Pipeline => &[("stage", "pipeline_id")],
        _ => &[],
    };
    own.iter().chain(LOOSE).copied()
}

/// Everything that was changed of a record, the latest operation first.
///
/// # Errors
///
/// Whatever the base fails with.
pub fn of(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Vec<Edit>> {
    let mut rows: BTreeSet<(&'static str, Id)> = BTreeSet::new();
    rows.insert((table(noun), id));
    for (child, column) in children(noun) {
        let sql = format!("SELECT id FROM {child} WHERE {column} = ?1");
        let known = tx.all(&sql, [id.raw()], |row| Ok(Id::from_raw(row.get(0)?)))?;
        rows.extend(known.into_iter().map(|row| (child, row)));
    }
    rows.extend(gone(tx, noun, id)?);
    let mut steps = Vec::new();
    for (table, row) in rows {
        steps.extend(followed(tx, table, row)?);
    }
    steps.sort_by_key(|step| (std::cmp::Reverse(step.op), step.change));
    let mut ops: BTreeMap<Id, Op> = BTreeMap::new();
    let mut edits = Vec::new();
    for step in &steps {
        let changes = words::changes(tx, noun, id, step)?;
        if changes.is_empty() {
            continue;
        }
        let op = match ops.get(&step.op) {
            Some(op) => op.clone(),
            None => {
                let op = log::by_id(tx, step.op)?;
                let op = op.ok_or_else(|| Error::internal("a change belongs to no operation"))?;
                ops.insert(step.op, op.clone());
                op
            }
        };
        edits.extend(changes.into_iter().map(|change| Edit {
            op: op.clone(),
            field: change.field,
            old: change.old,
            new: change.new,
        }));
    }
    Ok(edits)
}

/// One change of one row, with the whole row before and after.
struct Step {
    change: Id,
    op: Id,
    table: &'static str,
    before: Option<Image>,
    after: Option<Image>,
}

/// Rows that belonged to a record and are not there any more.
fn gone(tx: &ReadTx<'_>, noun: Noun, id: Id) -> Result<Vec<(&'static str, Id)>> {
    let deleted: Vec<(String, Id, String)> = tx.all(
        "SELECT table_name, row_id, before FROM op_change WHERE action = 'delete' AND instr(before, ?1) > 0",
        [id.raw().to_string()],
        |row| Ok((row.get(0)?, Id::from_raw(row.get(1)?), row.get(2)?)),
    )?;
    let mut found = Vec::new();
    for (name, row, before) in deleted {
        let before = image(&before)?;
        let owner = |(child, column): &Child| {
            *child == name && before.get(*column).and_then(Json::as_i64) == Some(id.raw())
        };
        found.extend(children(noun).find(owner).map(|(child, _)| (child, row)));
    }
    Ok(found)
}

/// One line of the log.
struct Line {
    change: Id,
    op: Id,
    action: String,
    before: Option<String>,
}

/// The lines of the log about one row, oldest first.
fn lines(tx: &ReadTx<'_>, table: &str, row: Id) -> Result<Vec<Line>> {
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Line {
            change: Id::from_raw(row.get(0)?),
            op: Id::from_raw(row.get(1)?),
            action: row.get(2)?,
            before: row.get(3)?,
        })
    };
    // A row that was made together with others lies somewhere in a range, which begins at or before it.
    let start: Option<i64> = tx.one(
        "SELECT row_id FROM op_change WHERE row_id <= ?1 AND table_name = ?2 AND action = 'insert'
         ORDER BY row_id DESC LIMIT 1",
        (row.raw(), table),
        |row| row.get(0),
    )?;
    let mut lines = tx.all(
        "SELECT id, op_id, action, before FROM op_change
         WHERE table_name = ?2 AND (row_id = ?1 AND action <> 'insert'
                                    OR row_id = ?3 AND action = 'insert' AND last_row_id >= ?1)",
        (row.raw(), table, start),
        read,
    )?;
    lines.sort_by_key(|line| line.change);
    Ok(lines)
}

/// What happened to one row: followed backward, so that every step knows the whole row before and after it.
fn followed(tx: &ReadTx<'_>, name: &'static str, row: Id) -> Result<Vec<Step>> {
    let mut state = current(tx, name, row)?;
    let mut steps = Vec::new();
    for line in lines(tx, name, row)?.into_iter().rev() {
        let after = state.take();
        state = match (line.action.as_str(), &line.before) {
            ("insert", _) => None,
            ("delete", Some(before)) => Some(image(before)?),
            (_, Some(before)) => {
                let mut earlier = after.clone().unwrap_or_default();
                earlier.extend(image(before)?);
                Some(earlier)
            }
            (action, None) => return Err(Error::internal(format!("a {action} in the log has no image"))),
        };
        steps.push(Step {
            change: line.change,
            op: line.op,
            table: name,
            before: state.clone(),
            after: if line.action == "delete" { None } else { after },
        });
    }
    Ok(steps)
}

/// A row as it is now; none if it is gone.
fn current(tx: &ReadTx<'_>, name: &str, row: Id) -> Result<Option<Image>> {
    let known = tables::table(name).ok_or_else(|| Error::internal(format!("there is no table {name}")))?;
    let columns = log::logged_columns(tx, known)?;
    let pairs: Vec<String> = columns
        .iter()
        .map(|column| format!("'{column}', {column}"))
        .collect();
    let sql = format!(
        "SELECT json_object({}) FROM {name} WHERE id = ?1",
        pairs.join(", ")
    );
    let text: Option<String> = tx.one(&sql, [row.raw()], |row| row.get(0))?;
    text.as_deref().map(image).transpose()
}

fn image(text: &str) -> Result<Image> {
    serde_json::from_str(text).map_err(|error| Error::internal("the log holds no image").with_source(error))
}
