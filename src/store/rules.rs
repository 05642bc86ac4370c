//! The rows of rules, what the log of operations tells them, and what they did.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use rusqlite::types::Value as Sql;
use rusqlite::{Row, params_from_iter};
use serde_json::{Map, Value as Json};

use crate::domain::field;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::rule::Outcome;
use crate::error::Result;
use crate::store::columns::{source, table};
use crate::store::tables;
use crate::store::tx::{ReadTx, WriteTx};

/// A rule as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The record.
    pub id: Id,
    /// Its name.
    pub key: String,
    /// What it watches.
    pub on: String,
    /// Which records.
    pub filter: String,
    /// What it does, one action a line.
    pub actions: String,
    /// Once for each record.
    pub once: bool,
    /// The operation that made it what it is.
    pub since: Id,
    /// When it was made, in milliseconds since 1970.
    pub created_at: i64,
    /// The name of who made it.
    pub maker: String,
    /// The record of who made it.
    pub maker_id: Id,
}

const COLUMNS: &str = "SELECT r.id, r.key, r.on_text, r.filter, r.actions, r.once, r.since_id, r.created_at, \
                       coalesce(u.name, ''), r.created_by FROM rule AS r LEFT JOIN user AS u ON u.id = r.created_by";

fn read(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored {
        id: Id::from_raw(row.get(0)?),
        key: row.get(1)?,
        on: row.get(2)?,
        filter: row.get(3)?,
        actions: row.get(4)?,
        once: row.get(5)?,
        since: Id::from_raw(row.get(6)?),
        created_at: row.get(7)?,
        maker: row.get(8)?,
        maker_id: Id::from_raw(row.get(9)?),
    })
}

/// Whether any rule does anything; what every write asks.
pub fn is_any(tx: &ReadTx<'_>) -> Result<bool> {
    let found = tx.one(
        "SELECT 1 FROM rule WHERE active = 1 AND deleted_at IS NULL LIMIT 1",
        [],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// The rules that do something, in the order in which they go.
pub fn active(tx: &ReadTx<'_>) -> Result<Vec<Stored>> {
    let sql = format!("{COLUMNS} WHERE r.active = 1 AND r.deleted_at IS NULL ORDER BY r.position, r.key");
    tx.all(&sql, [], read)
}

/// The rule with this identity.
pub fn get(tx: &ReadTx<'_>, id: Id) -> Result<Option<Stored>> {
    tx.one(&format!("{COLUMNS} WHERE r.id = ?1"), [id.raw()], read)
}

/// The position behind that of every rule.
pub fn next_position(tx: &ReadTx<'_>) -> Result<i64> {
    let last: Option<i64> = tx.one(
        "SELECT coalesce(max(position), 0) FROM rule WHERE deleted_at IS NULL",
        [],
        |row| row.get(0),
    )?;
    Ok(last.unwrap_or(0).saturating_add(1))
}

/// Lets a rule begin with what comes after this operation.
pub(crate) fn begin(tx: &WriteTx<'_>, rule: Id) -> Result<()> {
    tx.amend("rule", rule, &[("since_id", Sql::Integer(tx.op().raw()))])
}

/// The filter and the actions of every rule, also of those in the trash.
pub(crate) fn texts(tx: &ReadTx<'_>) -> Result<Vec<(Id, [String; 2])>> {
    tx.all("SELECT id, filter, actions FROM rule ORDER BY id", [], |row| {
        Ok((Id::from_raw(row.get(0)?), [row.get(1)?, row.get(2)?]))
    })
}

/// Gives a rule another filter and other actions.
pub(crate) fn set_texts(tx: &WriteTx<'_>, rule: Id, [filter, actions]: [String; 2]) -> Result<bool> {
    let columns = vec![("filter", Sql::Text(filter)), ("actions", Sql::Text(actions))];
    tx.update("rule", rule, columns)
}

/// An operation of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its identity.
    pub op: Id,
    /// Its number.
    pub no: i64,
    /// Through what it came.
    pub via: String,
    /// Whether it is neither an undo nor a redo.
    pub is_new: bool,
}

/// The operations after one, the oldest first.
pub fn steps(tx: &ReadTx<'_>, after: Id, most: i64) -> Result<Vec<Step>> {
    tx.all(
        "SELECT id, no, via, kind = 'do' FROM op WHERE id > ?1 ORDER BY id LIMIT ?2",
        [after.raw(), most],
        |row| {
            Ok(Step {
                op: Id::from_raw(row.get(0)?),
                no: row.get(1)?,
                via: row.get(2)?,
                is_new: row.get(3)?,
            })
        },
    )
}

/// The records of one noun that an operation touched.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Touched {
    /// Those that it made, in order.
    pub created: BTreeSet<Id>,
    /// Those that it changed, with the columns, and the names of fields that have rows of their own.
    pub changed: BTreeMap<Id, BTreeSet<String>>,
}

/// Rows that belong to a record: table, the column that names it, and the field that shows them.
fn parts(noun: Noun) -> &'static [(&'static str, &'static str, &'static str)] {
    match noun {
        Noun::Customer => &[
            ("email", "customer_id", "emails"),
            ("phone", "customer_id", "phones"),
            ("handle", "customer_id", "handles"),
            ("employment", "customer_id", "company"),
        ],
        Noun::Deal => &[
            ("deal_line", "deal_id", "lines"),
            ("deal_person", "deal_id", "people"),
        ],
        Noun::Quote => &[("quote_line", "quote_id", "lines")],
        Noun::Order => &[
            ("order_line", "order_id", "lines"),
            ("payment", "order_id", "payments"),
            ("shipment", "order_id", "shipments"),
            ("installment", "order_id", "plan"),
        ],
        // A step brings the status along.
        Noun::Ticket => &[
            ("ticket_step", "ticket_id", "step"),
            ("ticket_step", "ticket_id", "status"),
            ("ticket_comment", "ticket_id", "comments"),
            ("ticket_article", "ticket_id", "articles"),
        ],
        _ => &[],
    }
}

/// Rows that belong to a record of any noun.
const COMMON_PARTS: &[(&str, &str, &str)] = &[
    ("tagging", "record_id", "tags"),
    ("custom_value", "record_id", "fields"),
];

/// What an operation did to records of a noun.
pub fn touched(tx: &ReadTx<'_>, op: Id, noun: Noun) -> Result<Touched> {
    let own = table(noun);
    let mut found = Touched::default();
    let sql = format!(
        "SELECT r.id FROM op_change AS c JOIN {own} AS r ON r.id BETWEEN c.row_id AND c.last_row_id
         WHERE c.op_id = ?1 AND c.action = 'insert' AND c.table_name = ?2"
    );
    found.created.extend(tx.all(&sql, (op.raw(), own), id)?);
    tx.each_row(
        "SELECT row_id, after FROM op_change WHERE op_id = ?1 AND action = 'update' AND table_name = ?2",
        (op.raw(), own),
        |row| {
            let record = Id::from_raw(row.get(0)?);
            let after: String = row.get(1)?;
            let columns: Map<String, Json> = serde_json::from_str(&after).unwrap_or_default();
            found
                .changed
                .entry(record)
                .or_default()
                .extend(columns.into_iter().map(|(column, _)| column));
            Ok(())
        },
    )?;
    for (part, owner, label) in parts(noun).iter().chain(COMMON_PARTS) {
        let sql = format!(
            "SELECT r.id FROM {own} AS r WHERE r.id IN (
               SELECT p.{owner} FROM op_change AS c JOIN {part} AS p ON p.id BETWEEN c.row_id AND c.last_row_id
                 WHERE c.op_id = ?1 AND c.action <> 'delete' AND c.table_name = ?2
               UNION ALL SELECT json_extract(c.before, '$.{owner}') FROM op_change AS c
                 WHERE c.op_id = ?1 AND c.action = 'delete' AND c.table_name = ?2)"
        );
        for record in tx.all(&sql, (op.raw(), *part), id)? {
            found
                .changed
                .entry(record)
                .or_default()
                .insert((*label).to_owned());
        }
    }
    found.changed.retain(|record, _| !found.created.contains(record));
    Ok(found)
}

/// The records of a noun that this operation has made so far.
pub(crate) fn made(tx: &WriteTx<'_>, noun: Noun) -> Result<Vec<Id>> {
    let Some((first, last)) = tx.inserted(table(noun)) else {
        return Ok(Vec::new());
    };
    let sql = format!(
        "SELECT id FROM {} WHERE id BETWEEN ?1 AND ?2 ORDER BY id",
        table(noun)
    );
    tx.all(&sql, [first.raw(), last.raw()], id)
}

fn id(row: &Row<'_>) -> rusqlite::Result<Id> {
    Ok(Id::from_raw(row.get(0)?))
}

/// By what a change of a field is known in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traces {
    /// The columns and names of parts.
    pub columns: Vec<String>,
    /// It follows from other rows, and the log knows nothing of it.
    pub is_derived: bool,
}

/// By what a change of the field `name` is known.
pub fn traces(noun: Noun, name: &str) -> Traces {
    if name.starts_with("fields.") {
        return Traces {
            columns: vec!["fields".to_owned()],
            is_derived: false,
        };
    }
    let mut columns = vec![name.to_owned()];
    if let Some(found) = field::find(noun, name) {
        let source = source(noun, found);
        let read = source.read.split("@.").skip(1);
        columns.extend(read.map(|rest| {
            rest.chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                .collect()
        }));
    }
    let is_part = parts(noun)
        .iter()
        .chain(COMMON_PARTS)
        .any(|(_, _, label)| *label == name);
    let kept_up = tables::table(table(noun)).map_or(&[][..], |table| table.kept_up);
    columns.retain(|column| {
        column != "id" && (is_part && column == name || !kept_up.contains(&column.as_str()))
    });
    // What is no column is only the name.
    let is_derived = !is_part && (kept_up.contains(&name) || columns.is_empty());
    Traces { columns, is_derived }
}

/// What a rule did to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The rule.
    pub rule: Id,
    /// The record.
    pub noun: Noun,
    /// The record.
    pub record: Id,
    /// What it did it because of; there is one entry for a rule, a record and a cause.
    pub cause: String,
    /// The number of the operation that caused it; none if time did.
    pub because: Option<i64>,
    /// How many rules followed one upon another, this one too.
    pub depth: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// What was done, without what the record says.
    pub what: String,
    /// Why it failed.
    pub why: String,
}

/// Notes what a rule did.
pub(crate) fn note(tx: &WriteTx<'_>, entry: &Entry) -> Result<Id> {
    let id = tx.new_id();
    tx.insert(
        "rule_log",
        id,
        vec![
            ("rule_id", Sql::Integer(entry.rule.raw())),
            ("noun", Sql::Text(entry.noun.name().to_owned())),
            ("record_id", Sql::Integer(entry.record.raw())),
            ("cause", Sql::Text(entry.cause.clone())),
            ("because_no", entry.because.map_or(Sql::Null, Sql::Integer)),
            ("op_id", Sql::Integer(tx.op().raw())),
            ("depth", Sql::Integer(entry.depth)),
            ("at", Sql::Integer(tx.caller().clock.now_ms())),
            ("outcome", Sql::Text(entry.outcome.name().to_owned())),
            ("what", Sql::Text(entry.what.clone())),
            ("why", Sql::Text(entry.why.clone())),
        ],
    )?;
    Ok(id)
}

/// Whether a rule has dealt with a record because of this already.
pub fn is_known(tx: &ReadTx<'_>, rule: Id, record: Id, cause: &str) -> Result<bool> {
    let found = tx.one(
        "SELECT 1 FROM rule_log WHERE record_id = ?1 AND rule_id = ?2 AND cause = ?3 LIMIT 1",
        (record.raw(), rule.raw(), cause),
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// The rules that an operation was made by, and how many of them had followed one upon another.
pub fn made_by(tx: &ReadTx<'_>, op: Id) -> Result<(Vec<Id>, i64)> {
    let rows: Vec<(i64, i64)> = tx.all(
        "SELECT rule_id, max(depth) FROM rule_log WHERE op_id = ?1 GROUP BY rule_id",
        [op.raw()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let depth = rows.iter().map(|(_, depth)| *depth).max().unwrap_or(0);
    Ok((
        rows.into_iter().map(|(rule, _)| Id::from_raw(rule)).collect(),
        depth,
    ))
}

/// Says what became of a command.
pub(crate) fn finish(tx: &WriteTx<'_>, entry: Id, outcome: Outcome, why: &str) -> Result<()> {
    let columns = vec![
        ("outcome", Sql::Text(outcome.name().to_owned())),
        ("why", Sql::Text(why.to_owned())),
    ];
    tx.update("rule_log", entry, columns)?;
    Ok(())
}

/// An entry whose command has not run yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The entry.
    pub entry: Id,
    /// The rule.
    pub rule: Id,
    /// The record.
    pub record: Id,
}

/// The entries whose commands have not run yet, the oldest first.
pub fn open(tx: &ReadTx<'_>) -> Result<Vec<Open>> {
    tx.all(
        "SELECT id, rule_id, record_id FROM rule_log WHERE outcome = 'pending' ORDER BY id LIMIT 1000",
        [],
        |row| {
            Ok(Open {
                entry: Id::from_raw(row.get(0)?),
                rule: Id::from_raw(row.get(1)?),
                record: Id::from_raw(row.get(2)?),
            })
        },
    )
}

/// A line of the log of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The name of the rule.
    pub rule: String,
    /// The kind of record.
    pub noun: Option<Noun>,
    /// The record.
    pub record: Id,
    /// The number of the operation that caused it.
    pub because: Option<i64>,
    /// The number of the operation that did it.
    pub op: Option<i64>,
    /// What became of it.
    pub outcome: String,
    /// What was done.
    pub what: String,
    /// Why it failed.
    pub why: String,
}

/// Which lines are wanted; what is not said is any.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted {
    /// Only those of this rule.
    pub rule: Option<Id>,
    /// Only those of this record.
    pub record: Option<Id>,
}

/// Calls `each` for the lines that are wanted, the newest first, until it has enough.
pub fn list(
    tx: &ReadTx<'_>,
    wanted: Wanted,
    each: &mut dyn FnMut(Logged) -> Result<ControlFlow<()>>,
) -> Result<()> {
    let pairs = [("l.rule_id", wanted.rule), ("l.record_id", wanted.record)];
    let asked: Vec<(&str, Id)> = pairs
        .into_iter()
        .filter_map(|(column, id)| Some((column, id?)))
        .collect();
    let tests: Vec<String> = asked.iter().map(|(column, _)| format!("{column} = ?")).collect();
    let condition = match tests.is_empty() {
        true => String::new(),
        false => format!("WHERE {}", tests.join(" AND ")),
    };
    let sql = format!(
        "SELECT l.at, r.key, l.noun, l.record_id, l.because_no, o.no, l.outcome, l.what, l.why
         FROM rule_log AS l JOIN rule AS r ON r.id = l.rule_id LEFT JOIN op AS o ON o.id = l.op_id
         {condition} ORDER BY l.id DESC"
    );
    let mut statement = tx.connection().prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(
        asked.iter().map(|(_, id)| Sql::Integer(id.raw())),
    ))?;
    while let Some(row) = rows.next()? {
        let noun: String = row.get(2)?;
        let logged = Logged {
            at: row.get(0)?,
            rule: row.get(1)?,
            noun: Noun::parse(&noun),
            record: Id::from_raw(row.get(3)?),
            because: row.get(4)?,
            op: row.get(5)?,
            outcome: row.get(6)?,
            what: row.get(7)?,
            why: row.get(8)?,
        };
        if each(logged)?.is_break() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_known_by_its_columns() {
        let known = |noun: Noun, name: &str| {
            let traces = traces(noun, name);
            (traces.columns.join(" "), traces.is_derived)
        };
        for (noun, name, column) in [
            (Noun::Deal, "stage", "stage_id"),
            (Noun::Deal, "status", "status"),
            (Noun::Deal, "amount", "amount"),
            (Noun::Deal, "owner", "owner_id"),
            (Noun::Customer, "lifecycle", "lifecycle"),
            (Noun::Customer, "emails", "emails"),
            (Noun::Customer, "tags", "tags"),
            (Noun::Quote, "status", "status"),
            (Noun::Quote, "lines", "lines"),
            (Noun::Feedback, "score", "score"),
            (Noun::Feedback, "ticket", "ticket_id"),
            (Noun::Order, "status", "status"),
            (Noun::Task, "assignee", "assignee_id"),
            (Noun::Task, "due", "due_on"),
            (Noun::Ticket, "step", "step"),
            (Noun::Ticket, "priority", "priority"),
            (Noun::Deal, "fields.size", "fields"),
        ] {
            let (columns, is_derived) = known(noun, name);
            assert!(
                columns.split(' ').any(|found| found == column),
                "{noun} {name}: {columns}"
            );
            assert!(!is_derived, "{noun} {name}");
        }
        assert!(known(Noun::Order, "payment_status").1);
        assert!(known(Noun::Feedback, "verdict").1);
        assert!(known(Noun::Customer, "open_deals").1);
    }
}
