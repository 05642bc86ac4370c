//! What a merge would make of several customers, for who is to decide: every field side by side, and what becomes of it.

use jiff::Timestamp;

use crate::domain::field::{self, FieldType};
use crate::domain::fold::fold;
use crate::domain::id::Id;
use crate::domain::noun::Noun;
use crate::domain::value::{Link, Value};
use crate::error::{Error, Result};
use crate::ops::merge::rule::{ADDRESS, ADDRESS_FIELDS, Portion, Rule};
use crate::ops::merge::{Choices, Plan, UNITED};
use crate::store::records::{Fetch, Selected};
use crate::store::{ReadTx, fields, links, merge};

/// What a merge would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// Who is merged, the one who stays first, each with the version that was looked at.
    pub customers: Vec<(Link, i64)>,
    /// The fields of which anything is known.
    pub rows: Vec<Row>,
    /// What names the others, and would name the survivor.
    pub moves: Vec<Move>,
    /// Why it cannot be done, if so.
    pub obstacle: Option<String>,
}

/// One field of all customers.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// As a [`Choice`](super::Choice) calls it.
    pub name: String,
    /// For people.
    pub label: String,
    /// What sort of value it is.
    pub kind: FieldType,
    /// How many values become one.
    pub sort: Sort,
    /// The values, in the order of the customers.
    pub values: Vec<Value>,
    /// What the survivor would have.
    pub result: Value,
    /// Whose value that is, if it is one of them; the first, if several have the same.
    pub from: Option<usize>,
}

impl Row {
    /// Whether the customers say different things, blanks left out.
    pub fn differs(&self) -> bool {
        let mut known = self.values.iter().filter(|value| !value.is_empty());
        let first = known.next();
        known.any(|value| Some(value) != first)
    }
}

/// How the values of several customers become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// One of them is taken, and anybody's can be chosen.
    Chosen,
    /// They are joined, unless one is chosen.
    Joined,
    /// All are kept.
    United,
    /// By a rule that nobody can change.
    Fixed,
}

/// Records of one sort that would name the survivor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// The noun, or the table of rows that are no records.
    pub what: &'static str,
    /// How many.
    pub count: u64,
}

/// What [`merge`] would make of these customers.
///
/// # Errors
///
/// As [`merge`], but what cannot be merged is shown with the obstacle.
pub fn preview(tx: &ReadTx<'_>, winner: Id, losers: &[Id], choices: &Choices) -> Result<Preview> {
    let plan = Plan::read(tx, winner, losers, choices)?;
    let mut customers = Vec::with_capacity(plan.all.len());
    for one in &plan.all {
        let missing = || Error::not_found(Noun::Customer, &one.id.uid());
        let link = links::link(tx, Noun::Customer, one.id)?.ok_or_else(missing)?;
        let version = links::version(tx, Noun::Customer, one.id)?.unwrap_or_default();
        customers.push((link, version));
    }
    let mut rows = own_rows(tx, &plan)?;
    rows.extend(united_rows(tx, &plan)?);
    rows.extend(custom_rows(tx, &plan)?);
    rows.retain(|row| row.values.iter().any(|value| !value.is_empty()));
    Ok(Preview {
        customers,
        rows,
        moves: moves(tx, losers)?,
        obstacle: plan
            .unlike(tx, choices.force)?
            .map(|error| error.message().to_owned()),
    })
}

fn values(tx: &ReadTx<'_>, plan: &Plan, columns: &[Selected]) -> Result<Vec<Vec<Value>>> {
    let fetch = Fetch::new(tx, Noun::Customer, columns)?;
    let rows = plan
        .all
        .iter()
        .map(|one| Ok(fetch.get(tx, one.id)?.unwrap_or_default()));
    rows.collect()
}

/// The fields of the customers' own rows.
fn own_rows(tx: &ReadTx<'_>, plan: &Plan) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (at, portion) in plan.portions.iter().enumerate() {
        if portion.name == "title" {
            rows.extend(employer_row(tx, plan)?);
        }
        let (kind, values) = shown(tx, plan, portion)?;
        let outcome = plan.outcome(at, portion);
        let raw: Vec<Option<&Vec<Value>>> = plan.all.iter().map(|one| one.values.get(at)).collect();
        let chosen = plan
            .choice(portion.name)
            .filter(|place| raw.get(*place) == Some(&Some(&outcome)));
        let from = chosen.or_else(|| raw.iter().position(|values| *values == Some(&outcome)));
        let result = match from.and_then(|from| values.get(from)) {
            Some(value) => value.clone(),
            None => match outcome.into_iter().next() {
                Some(Value::Text(text)) => Value::text(text),
                _ => Value::Null,
            },
        };
        rows.push(Row {
            name: portion.name.to_owned(),
            label: portion.name.replace('_', " "),
            kind,
            sort: match portion.rule {
                Rule::Joined => Sort::Joined,
                Rule::Any | Rule::Earliest => Sort::Fixed,
                _ => Sort::Chosen,
            },
            values,
            result,
            from,
        });
    }
    Ok(rows)
}

/// The employers: all jobs are kept, and the main one of the first who has one stays it.
fn employer_row(tx: &ReadTx<'_>, plan: &Plan) -> Result<Option<Row>> {
    let Some(field) = field::find(Noun::Customer, "company") else {
        return Ok(None);
    };
    let values: Vec<Value> = values(tx, plan, &[Selected::field(field)])?
        .into_iter()
        .map(|row| row.into_iter().next().unwrap_or(Value::Null))
        .collect();
    let from = values.iter().position(|value| !value.is_empty());
    let result = from.and_then(|from| values.get(from)).cloned();
    Ok(Some(Row {
        name: field.name.to_owned(),
        label: field.name.to_owned(),
        kind: field.kind,
        sort: Sort::Fixed,
        values,
        result: result.unwrap_or(Value::Null),
        from,
    }))
}

/// The values of a portion as fields hold them, the whole address as one text.
fn shown(tx: &ReadTx<'_>, plan: &Plan, portion: &Portion) -> Result<(FieldType, Vec<Value>)> {
    if portion.name == ADDRESS {
        let columns: Vec<Selected> = ADDRESS_FIELDS
            .iter()
            .filter_map(|name| field::find(Noun::Customer, name))
            .map(Selected::field)
            .collect();
        let texts = values(tx, plan, &columns)?.into_iter().map(|parts| {
            let parts: Vec<String> = parts.iter().map(text).filter(|part| !part.is_empty()).collect();
            Value::text(parts.join(", "))
        });
        return Ok((FieldType::Text, texts.collect()));
    }
    let Some(field) = field::find(Noun::Customer, portion.name) else {
        let at = plan.portions.iter().position(|known| known.name == portion.name);
        let instants = plan.all.iter().map(|one| {
            let value = at
                .and_then(|at| one.values.get(at))
                .and_then(|values| values.first());
            match value {
                Some(Value::Int(at)) => Timestamp::from_millisecond(*at).map_or(Value::Null, Value::Instant),
                _ => Value::Null,
            }
        });
        return Ok((FieldType::Instant, instants.collect()));
    };
    let rows = values(tx, plan, &[Selected::field(field)])?.into_iter();
    let first = |row: Vec<Value>| match row.into_iter().next() {
        // What holds for nobody is nothing to compare.
        None | Some(Value::Bool(false)) => Value::Null,
        Some(value) => value,
    };
    Ok((field.kind, rows.map(first).collect()))
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

/// The lists of which all entries are kept.
fn united_rows(tx: &ReadTx<'_>, plan: &Plan) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for field in UNITED.iter().filter_map(|name| field::find(Noun::Customer, name)) {
        let values: Vec<Value> = values(tx, plan, &[Selected::field(field)])?
            .into_iter()
            .filter_map(|row| row.into_iter().next())
            .collect();
        let mut all: Vec<Value> = Vec::new();
        for value in &values {
            let Value::List(items) = value else { continue };
            for item in items {
                // The merge keeps one of them, too.
                let same = |known: &Value| match (field.name, known, item) {
                    ("emails", Value::Text(known), Value::Text(item)) => fold(known) == fold(item),
                    _ => known == item,
                };
                if !all.iter().any(same) {
                    all.push(item.clone());
                }
            }
        }
        let result = Value::List(all);
        rows.push(Row {
            name: field.name.to_owned(),
            label: field.name.replace('_', " "),
            kind: field.kind,
            sort: Sort::United,
            from: values.iter().position(|value| *value == result),
            values,
            result,
        });
    }
    Ok(rows)
}

/// The custom fields, of which the first who has a value keeps it.
fn custom_rows(tx: &ReadTx<'_>, plan: &Plan) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for custom in fields::customs(tx, Noun::Customer)? {
        let (id, kind) = (custom.id, custom.kind);
        let (name, label) = (format!("fields.{}", custom.key), custom.label.clone());
        let values: Vec<Value> = values(tx, plan, &[Selected::custom(custom)])?
            .into_iter()
            .map(|row| row.into_iter().next().unwrap_or(Value::Null))
            .collect();
        let chosen = plan.customs.iter().find(|(known, _)| *known == id);
        let from = match chosen {
            Some((_, from)) => plan.all.iter().position(|one| one.id == *from),
            None => values.iter().position(|value| !value.is_empty()),
        };
        let result = from.and_then(|from| values.get(from)).cloned();
        rows.push(Row {
            name,
            label,
            kind,
            sort: Sort::Chosen,
            values,
            result: result.unwrap_or(Value::Null),
            from,
        });
    }
    Ok(rows)
}

/// Tables of which a person wants to know before a merge, each with the word for what its rows are.
const TOLD: &[(&str, &str)] = &[
    ("deal", "deal"),
    ("deal_person", "part in a deal"),
    ("quote", "quote"),
    ("sales_order", "order"),
    ("ticket", "ticket"),
    ("feedback", "feedback"),
    ("task", "task"),
    ("activity_customer", "activity"),
    ("employment", "job"),
    ("relationship", "relation"),
    ("attachment", "file"),
];

fn moves(tx: &ReadTx<'_>, losers: &[Id]) -> Result<Vec<Move>> {
    let mut moves = Vec::new();
    for (table, what) in TOLD {
        let mut count = 0;
        for loser in losers {
            count += merge::count_naming(tx, table, *loser)?;
        }
        if count > 0 {
            moves.push(Move { what, count });
        }
    }
    Ok(moves)
}
