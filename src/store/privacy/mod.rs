//! Everything that is held of one customer, whichever table it is in; and how it goes for good.
//!
//! Which rows belong to somebody follows from the schema, so that a new table that names a customer is found too. What
//! goes is taken out of the rows and of their images in the log, behind the back of the log itself: it is the one thing
//! that cannot be taken back. Every operation that has touched these rows gets a mark, by which an undo refuses it.
//!
//! # What stays
//!
//! The rows of the customer, of deals, of activities and of tasks, without what they said: figures and refs keep their
//! meaning. Rows of the database file that are free now are overwritten; what older edits left in free pages, and the
//! tokens in the search index, go when the file is written anew ([`crate::store::Store::scrub`]).

mod trail;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::types::Value as Sql;

use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::Link;
use crate::error::Result;
use crate::store::links;
use crate::store::log::logged_columns;
use crate::store::references::references_to;
use crate::store::tables::{LOOSE_REFERENCES, table};
use crate::store::tx::{ReadTx, WriteTx};

pub(crate) use trail::is_marked;
pub use trail::{Logged, logged};

/// What stands in place of what was erased.
pub const ERASED: &str = "(erased)";

/// The rows of each table that belong to somebody.
pub type Held = BTreeMap<&'static str, BTreeSet<Id>>;

/// References to customers that make no row somebody's own: who works at a company, whose subsidiary it is.
const ELSEWHERE: &[(&str, &str)] = &[
    ("customer", "parent_id"),
    ("employment", "company_id"),
    ("erasure", "customer_id"),
];

/// What is about somebody and stays, with the columns that may speak of them.
const SPEAKING: &[(&str, &[&str])] = &[
    ("activity", &["text"]),
    ("task", &["title", "note"]),
    ("deal", &["note", "lost_note"]),
    ("quote", &["note"]),
    ("sales_order", &["note"]),
    ("ticket", &["description", "root_cause", "solution", "reason"]),
    ("ticket_comment", &["text"]),
    ("feedback", &["comment", "action", "note"]),
    ("form_submission", &["identity", "payload", "errors"]),
];

/// Tables whose rows say nothing without the record that they belong to.
const STAYING: &[&str] = &[
    "customer",
    "activity",
    "task",
    "deal",
    "quote",
    "sales_order",
    "ticket",
    "ticket_comment",
    "feedback",
    "form_submission",
    "assignment_log",
    "deal_person",
];

/// Tables whose rows say more of others than of the customer, so that their past stays.
const SHARED: &[&str] = &["deal", "deal_person", "quote", "sales_order", "value_interval"];

/// What somebody is known by in free text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// What means nobody else: the whole name, the addresses.
    pub telling: Vec<String>,
    /// Parts of the name, which mean somebody only where it is about the customer anyway.
    pub parts: Vec<String>,
}

impl Words {
    /// Whether a text that is about the customer speaks of who it is.
    fn are_in(&self, text: &str) -> bool {
        speaks(text, &self.telling) || speaks(text, &self.parts)
    }
}

/// The customer and those who were merged into it.
fn selves(tx: &ReadTx<'_>, customer: Id) -> Result<Vec<Id>> {
    tx.all(
        "SELECT id FROM customer WHERE id = ?1 OR merged_into_id = ?1 ORDER BY id = ?1 DESC, id",
        [customer.raw()],
        |row| Ok(Id::from_raw(row.get(0)?)),
    )
}

/// Every row that belongs to a customer.
pub fn held(tx: &ReadTx<'_>, customer: Id) -> Result<Held> {
    let mut held = Held::new();
    let to_customers = references_to(tx, "customer")?;
    for own in selves(tx, customer)? {
        held.entry("customer").or_default().insert(own);
        for (name, column) in &to_customers {
            if !ELSEWHERE.contains(&(*name, column.as_str())) && column != "merged_into_id" {
                gather(tx, &mut held, name, column, own)?;
            }
        }
    }
    for link in held.get("activity_customer").cloned().unwrap_or_default() {
        let activity: Option<i64> = tx.one(
            "SELECT activity_id FROM activity_customer WHERE id = ?1 AND role <> 'employer'",
            [link.raw()],
            |row| row.get(0),
        )?;
        if let Some(activity) = activity {
            held.entry("activity").or_default().insert(Id::from_raw(activity));
        }
    }
    for (owner, child, column) in [
        ("activity", "letter", "activity_id"),
        ("task", "reminder", "task_id"),
        ("ticket", "ticket_comment", "ticket_id"),
    ] {
        for id in held.get(owner).cloned().unwrap_or_default() {
            gather(tx, &mut held, child, column, id)?;
            for (loose, column) in LOOSE_REFERENCES {
                gather(tx, &mut held, loose, column, id)?;
            }
        }
    }
    Ok(held)
}

fn gather(tx: &ReadTx<'_>, held: &mut Held, name: &'static str, column: &str, owner: Id) -> Result<()> {
    let sql = format!("SELECT id FROM \"{name}\" WHERE {column} = ?1");
    let rows: Vec<Id> = tx.all(&sql, [owner.raw()], |row| Ok(Id::from_raw(row.get(0)?)))?;
    if !rows.is_empty() {
        held.entry(name).or_default().extend(rows);
    }
    Ok(())
}

/// A row as a JSON object of its columns, without those that follow from others.
pub fn row(tx: &ReadTx<'_>, name: &str, id: Id) -> Result<Option<String>> {
    let Some(known) = table(name) else {
        return Ok(None);
    };
    let pairs: Vec<String> = logged_columns(tx, known)?
        .iter()
        .map(|column| format!("'{column}', {column}"))
        .collect();
    let sql = format!(
        "SELECT json_object({}) FROM \"{name}\" WHERE id = ?1",
        pairs.join(", ")
    );
    tx.one(&sql, [id.raw()], |row| row.get(0))
}

/// Records whose text has one of the telling words, the newest first, at most `most`.
pub fn mentions(tx: &ReadTx<'_>, words: &Words, most: usize) -> Result<Vec<Link>> {
    let telling: Vec<String> = words
        .telling
        .iter()
        .map(|word| fold(word))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found = Vec::new();
    tx.each_row(
        "SELECT id, noun, text FROM search_doc ORDER BY id DESC",
        [],
        |row| {
            let text = row.get_ref(2)?.as_str().unwrap_or_default();
            if found.len() < most && telling.iter().any(|word| text.contains(word.as_str())) {
                let id = Id::from_raw(row.get(0)?);
                let noun = Noun::parse(row.get_ref(1)?.as_str().unwrap_or_default());
                found.extend(noun.map(|noun| (noun, id)));
            }
            Ok(())
        },
    )?;
    let mut known = Vec::new();
    for (noun, id) in found {
        known.extend(links::link(tx, noun, id)?);
    }
    Ok(known)
}

/// Takes out everything that is held; `words` are what the customer is known by, and go from the log too.
pub(crate) fn erase(tx: &WriteTx<'_>, customer: Id, held: &Held, words: &Words) -> Result<()> {
    // What is freed is overwritten, so that it is not in the file any more.
    tx.connection().pragma_update(None, "secure_delete", true)?;
    let of = |name: &str| held.get(name).cloned().unwrap_or_default();
    trail::erase(tx, customer, held, words)?;
    for own in of("customer") {
        blank(tx, own)?;
    }
    let main = main_activities(tx, &of("customer"))?;
    for (name, columns) in SPEAKING {
        for id in of(name) {
            let all = match *name {
                // What others took part in as well is theirs too: there the customer just goes.
                "activity" if !main.contains(&id) => continue,
                "deal" | "ticket" => spoken(tx, name, id, columns, words)?,
                _ => columns.to_vec(),
            };
            let set = all.iter().map(|column| {
                let text = match *column {
                    "title" | "name" => ERASED,
                    "payload" => "{}",
                    _ => "",
                };
                (*column, Sql::Text(text.to_owned()))
            });
            tx.amend(known(name)?, id, &set.collect::<Vec<_>>())?;
        }
    }
    for task in of("task") {
        let open = tx.one(
            "SELECT 1 FROM task WHERE id = ?1 AND status = 'open'",
            [task.raw()],
            |_| Ok(()),
        )?;
        if open.is_some() {
            tx.amend("task", task, &[("status", Sql::Text("cancelled".to_owned()))])?;
        }
    }
    let mut own = of("customer");
    own.extend(main.iter().copied());
    own.extend(of("task"));
    for (name, rows) in held {
        if STAYING.contains(name) {
            continue;
        }
        for row in rows {
            if !stays(tx, name, *row, &own)? {
                tx.unmake(known(name)?, "id", *row)?;
            }
        }
    }
    for activity in of("activity") {
        // Who took part is told by rows that are gone now.
        tx.amend("activity", activity, &[("id", Sql::Integer(activity.raw()))])?;
    }
    tx.add_changes(1);
    Ok(())
}

/// Whether a row stays: a link that an activity stands on, the past of owners, and what belongs to records of others.
fn stays(tx: &ReadTx<'_>, name: &str, row: Id, own: &BTreeSet<Id>) -> Result<bool> {
    let owner = match name {
        "activity_customer" => {
            let is_main = tx.one(
                "SELECT role = 'customer' FROM activity_customer WHERE id = ?1",
                [row.raw()],
                |row| row.get(0),
            )?;
            return Ok(is_main.unwrap_or(false));
        }
        "value_interval" => return Ok(true),
        "letter" => "activity_id",
        // A field of another record that names the customer goes on naming the row that stays.
        "custom_value" | "attachment" | "external_id" | "tagging" => "record_id",
        _ => return Ok(false),
    };
    let sql = format!("SELECT {owner} FROM {name} WHERE id = ?1");
    let owner: Option<i64> = tx.one(&sql, [row.raw()], |row| row.get(0))?;
    Ok(owner.is_some_and(|owner| !own.contains(&Id::from_raw(owner))))
}

/// The activities that were with one of these customers.
fn main_activities(tx: &ReadTx<'_>, selves: &BTreeSet<Id>) -> Result<BTreeSet<Id>> {
    let mut found = BTreeSet::new();
    for own in selves {
        found.extend(tx.all(
            "SELECT activity_id FROM activity_customer WHERE customer_id = ?1 AND role = 'customer'",
            [own.raw()],
            |row| Ok(Id::from_raw(row.get(0)?)),
        )?);
    }
    Ok(found)
}

/// The columns of a deal or ticket that speak of the customer: its notes, and its name if that says who it is.
fn spoken(
    tx: &ReadTx<'_>,
    table: &str,
    id: Id,
    columns: &[&'static str],
    words: &Words,
) -> Result<Vec<&'static str>> {
    let sql = format!("SELECT name FROM {table} WHERE id = ?1");
    let name: Option<String> = tx.one(&sql, [id.raw()], |row| row.get(0))?;
    let mut columns = columns.to_vec();
    if name.is_some_and(|name| words.are_in(&name)) {
        columns.push("name");
    }
    Ok(columns)
}

/// Whether a text has one of these words in it, whatever their case.
fn speaks(text: &str, words: &[String]) -> bool {
    let text = text.to_lowercase();
    words
        .iter()
        .any(|word| !word.is_empty() && text.contains(&word.to_lowercase()))
}

/// Empties the row of a customer and puts it into the trash.
fn blank(tx: &WriteTx<'_>, customer: Id) -> Result<()> {
    const KEPT: &[&str] = &[
        "id",
        "no",
        "type",
        "lifecycle",
        "owner_id",
        "merged_into_id",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "version",
        "deleted_at",
    ];
    let columns: Vec<(String, bool, String)> = tx.all(
        "SELECT name, \"notnull\", type FROM pragma_table_info('customer')",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let kept_up = table("customer").map_or(&[][..], |known| known.kept_up);
    let mut set: Vec<(&str, Sql)> = Vec::new();
    for (column, is_needed, kind) in &columns {
        let value = match column.as_str() {
            "name" => Sql::Text(ERASED.to_owned()),
            "do_not_contact" => Sql::Integer(1),
            name if KEPT.contains(&name) || kept_up.contains(&name) => continue,
            _ if !is_needed => Sql::Null,
            _ if kind == "TEXT" => Sql::Text(String::new()),
            _ => continue,
        };
        set.push((column, value));
    }
    let now = tx.caller().clock.now_ms();
    set.push(("deleted_at", Sql::Integer(now)));
    set.push(("updated_at", Sql::Integer(now)));
    set.push(("updated_by", Sql::Integer(tx.caller().actor.id.raw())));
    tx.amend("customer", customer, &set)
}

fn known(name: &str) -> Result<&'static str> {
    table(name)
        .map(|table| table.name)
        .ok_or_else(|| crate::error::Error::internal(format!("there is no table {name}")))
}
