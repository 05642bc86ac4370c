//! A listing as a statement: its text and order, how SQLite goes about it, what it costs, how many it finds.

use rusqlite::types::Value as Sql;
use rusqlite::{StatementStatus, params_from_iter};

use crate::domain::count::Count;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::error::Result;
use crate::query::plan::Condition;
use crate::store::filter;
use crate::store::records::{Listing, Reader, Selected, Target, reader, readers};
use crate::store::tx::ReadTx;

/// A listing in SQL.
pub(crate) struct Statement {
    pub(crate) sql: String,
    pub(crate) bound: Vec<Sql>,
    /// How the columns are read, in their order.
    pub(crate) readers: Vec<Reader>,
}

/// Says a listing in SQL.
pub(crate) fn statement(tx: &ReadTx<'_>, listing: &Listing) -> Result<Statement> {
    let mut bound = Vec::new();
    let readers = readers(listing.noun, &listing.columns)?;
    let expressions: Vec<&str> = readers
        .iter()
        .flat_map(|reader| reader.sql.iter().map(String::as_str))
        .collect();
    let chosen = filter::selection(tx, listing.noun, &listing.condition, &mut bound)?;
    let order = order(listing, chosen.id)?.sql(0, false);
    let mut sql = format!(
        "SELECT r.id{}{} FROM {} WHERE {} ORDER BY {order}",
        if expressions.is_empty() { "" } else { ", " },
        expressions.join(", "),
        chosen.from,
        chosen.condition
    );
    if let Some(limit) = listing.limit {
        sql.push_str(&format!(" LIMIT {limit}"));
    }
    Ok(Statement { sql, bound, readers })
}

/// How the listing is found, in the words of SQLite: one line a step, those within others indented by two blanks.
pub fn plan(tx: &ReadTx<'_>, listing: &Listing) -> Result<Vec<String>> {
    let Statement { sql, bound, .. } = statement(tx, listing)?;
    let mut depths: Vec<(i64, usize)> = Vec::new();
    tx.all(
        &format!("EXPLAIN QUERY PLAN {sql}"),
        params_from_iter(bound.iter()),
        |row| {
            let (id, parent, text): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(3)?);
            let depth = depths
                .iter()
                .find(|(known, _)| *known == parent)
                .map_or(0, |(_, depth)| depth + 1);
            depths.push((id, depth));
            Ok(format!("{}{text}", "  ".repeat(depth)))
        },
    )
}

/// What a listing costs, whatever the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Effort {
    /// Instructions of SQLite's virtual machine.
    pub steps: i32,
    /// Rows that were met in a walk over a whole table.
    pub scanned: i32,
    /// Sorts.
    pub sorts: i32,
    /// Rows that were found.
    pub rows: u64,
}

/// Finds the whole listing and says what it cost.
pub fn effort(tx: &ReadTx<'_>, listing: &Listing) -> Result<Effort> {
    let Statement { sql, bound, .. } = statement(tx, listing)?;
    let mut statement = tx.connection().prepare(&sql)?;
    let mut found = statement.query(params_from_iter(bound.iter()))?;
    let mut rows = 0;
    while found.next()?.is_some() {
        rows += 1;
    }
    drop(found);
    Ok(Effort {
        steps: statement.get_status(StatementStatus::VmStep),
        scanned: statement.get_status(StatementStatus::FullscanStep),
        sorts: statement.get_status(StatementStatus::Sort),
        rows,
    })
}

/// How many records the condition selects.
pub fn count(tx: &ReadTx<'_>, noun: Noun, condition: &Condition) -> Result<Count> {
    count_up_to(tx, noun, condition, Count::MOST)
}

/// How many records the condition selects, counted up to `most`.
pub fn count_up_to(tx: &ReadTx<'_>, noun: Noun, condition: &Condition, most: u64) -> Result<Count> {
    let mut bound = Vec::new();
    let chosen = filter::selection(tx, noun, condition, &mut bound)?;
    tally_up_to(tx, &chosen.from, &chosen.condition, &bound, most)
}

/// How many rows of `from` meet `condition`.
pub(crate) fn tally(tx: &ReadTx<'_>, from: &str, condition: &str, bound: &[Sql]) -> Result<Count> {
    tally_up_to(tx, from, condition, bound, Count::MOST)
}

fn tally_up_to(tx: &ReadTx<'_>, from: &str, condition: &str, bound: &[Sql], most: u64) -> Result<Count> {
    let enough = most + 1;
    let sql = format!("SELECT count(*) FROM (SELECT 1 FROM {from} WHERE {condition} LIMIT {enough})");
    let rows: Option<i64> = tx.one(&sql, params_from_iter(bound), |row| row.get(0))?;
    Ok(Count::up_to(
        most,
        rows.map_or(0, |rows| u64::try_from(rows).unwrap_or(0)),
    ))
}

/// The order of a listing, as its keys; the id is the last of them and tells all rows apart.
pub(crate) struct Order {
    pub(crate) keys: Vec<Key>,
    /// The expression that is the id, by which the driver runs in order.
    pub(crate) id: &'static str,
    /// Whether the id runs downwards.
    pub(crate) descending: bool,
}

/// One key of an order.
pub(crate) struct Key {
    pub(crate) expression: String,
    pub(crate) descending: bool,
    /// Whether there may be nothing to compare; such rows come last, whichever way the list runs.
    pub(crate) may_be_missing: bool,
    /// What no known value is below, in SQL; none where that is not told by the type.
    pub(crate) least: Option<&'static str>,
}

impl Order {
    /// What stands after `ORDER BY` where rows are alike in the keys before `first`; `reversed` runs the list backwards.
    pub(crate) fn sql(&self, first: usize, reversed: bool) -> String {
        let direction = |descending: bool| if descending != reversed { "DESC" } else { "ASC" };
        let mut terms: Vec<String> = Vec::new();
        for key in self.keys.iter().skip(first) {
            let nulls = match (key.may_be_missing, reversed) {
                (false, _) => "",
                (true, false) => " NULLS LAST",
                (true, true) => " NULLS FIRST",
            };
            terms.push(format!("{} {}{nulls}", key.expression, direction(key.descending)));
        }
        terms.push(format!("{} {}", self.id, direction(self.descending)));
        terms.join(", ")
    }
}

/// The order of a listing; `id` is the expression by which the driver runs in order.
pub(crate) fn order(listing: &Listing, id: &'static str) -> Result<Order> {
    let mut keys = Vec::new();
    if let [only] = listing.sort.as_slice()
        && is_identity(&only.by)
        && !only.descending
    {
        // The order in which records were made is that of the rows; said plainly, it is a walk and no sort.
        return Ok(Order {
            keys,
            id,
            descending: false,
        });
    }
    for sort in &listing.sort {
        let (expression, may_be_missing) = sort_key(listing.noun, &sort.by)?;
        keys.push(Key {
            expression,
            descending: sort.descending,
            may_be_missing,
            least: least(sort.by.kind),
        });
    }
    if keys.is_empty() && listing.noun == Noun::Task {
        keys.push(Key {
            expression: "r.due_at".to_owned(),
            descending: false,
            may_be_missing: true,
            least: least(FieldType::Due),
        });
    }
    // Equal keys run the same way as the last key, so that an index on it is the order; alone, the newest come first.
    let descending = keys.last().is_none_or(|key| key.descending);
    Ok(Order { keys, id, descending })
}

/// What no known value of a type is below, as it is sorted.
fn least(kind: FieldType) -> Option<&'static str> {
    match kind {
        FieldType::Date => Some("''"),
        FieldType::Due | FieldType::Instant | FieldType::Money | FieldType::Integer => {
            Some("-9223372036854775808")
        }
        _ => None,
    }
}

/// What a column is sorted by, and whether it may be null.
fn sort_key(noun: Noun, by: &Selected) -> Result<(String, bool)> {
    if let Target::Field(field) = by.target
        && by.steps.is_empty()
    {
        match (noun, field.name) {
            (Noun::Customer, "name") => return Ok(("r.sort_key".to_owned(), false)),
            (
                Noun::Deal
                | Noun::Quote
                | Noun::Order
                | Noun::Ticket
                | Noun::Product
                | Noun::User
                | Noun::Team
                | Noun::Tag,
                "name",
            ) => {
                return Ok(("r.name_key".to_owned(), false));
            }
            (Noun::Deal, "amount") | (Noun::Quote, "total") | (Noun::Order, "total" | "balance") => {
                return Ok((filter::base_amount(noun, field, "r"), true));
            }
            // What presses most comes first.
            (Noun::Ticket, "priority") => return Ok(("r.priority_rank".to_owned(), false)),
            (Noun::Ticket, "received_at") => return Ok(("r.received_at".to_owned(), false)),
            (Noun::Task, "due") => return Ok(("r.due_at".to_owned(), true)),
            _ => {}
        }
    }
    let mut expressions = reader(noun, by)?.sql;
    if let (Target::Custom(_), FieldType::Link(_)) = (&by.target, by.kind)
        && let Some(name) = expressions.pop()
    {
        return Ok((format!("fold({name})"), true));
    }
    let expression = expressions
        .into_iter()
        .next()
        .unwrap_or_else(|| "r.id".to_owned());
    Ok(match by.kind {
        FieldType::Text | FieldType::LongText => (format!("fold({expression})"), true),
        _ => (expression, true),
    })
}

/// True for the column of the record's own uid.
fn is_identity(column: &Selected) -> bool {
    column.steps.is_empty() && matches!(&column.target, Target::Field(field) if field.name == "uid")
}
