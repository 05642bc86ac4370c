//! What a pool tells: who goes or went, and who was taken, claimed, given up and given.

use std::ops::ControlFlow;

use clap::Args;
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::{Error, Kind, Result};
use crm::ops::pool::Warning;
use crm::store::pools::{self, Wanted};
use crm::store::{ReadTx, links};
use jiff::Timestamp;
use serde_json::json;

use crate::cli::output::Format;
use crate::cli::pool::one;
use crate::cli::records;
use crate::ctx::{Access, Ctx};

/// Who went in and out
#[derive(Debug, Args)]
pub(super) struct LogArgs {
    /// Pool; all of them if none is named
    #[arg(value_name = "KEY")]
    pool: Option<String>,
    /// Only what became of this customer
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<String>,
    /// At most so many, the newest first; 0 for all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

const DUE: [(&str, FieldType); 7] = [
    ("customer", FieldType::Text),
    ("name", FieldType::Text),
    ("owner", FieldType::Text),
    ("pool", FieldType::Text),
    ("on", FieldType::Date),
    ("days", FieldType::Integer),
    ("why", FieldType::Text),
];

/// A customer who goes, with the names that people read.
pub(super) struct Row {
    customer: Option<Link>,
    owner: String,
    warning: Warning,
}

pub(super) fn rows(tx: &ReadTx<'_>, found: Vec<Warning>) -> Result<Vec<Row>> {
    let row = |warning: Warning| {
        Ok(Row {
            customer: links::link(tx, Noun::Customer, warning.customer)?,
            owner: name(tx, Noun::User, Some(warning.owner))?,
            warning,
        })
    };
    found.into_iter().map(row).collect()
}

fn name(tx: &ReadTx<'_>, noun: Noun, id: Option<Id>) -> Result<String> {
    let link = match id {
        Some(id) => links::link(tx, noun, id)?,
        None => None,
    };
    Ok(link.map(|link| link.name).unwrap_or_default())
}

fn named(customer: Option<&Link>) -> [Value; 2] {
    let text = |of: fn(&Link) -> String| Value::text(customer.map(of).unwrap_or_default());
    [
        text(|link| link.reference().to_string()),
        text(|link| link.name.clone()),
    ]
}

fn id_and_name(customer: Option<&Link>) -> Option<serde_json::Value> {
    customer.map(|link| json!({"id": link.reference().to_string(), "name": link.name}))
}

fn cells(row: &Row) -> Vec<Value> {
    let warning = &row.warning;
    let rest = [
        Value::text(row.owner.as_str()),
        Value::text(warning.pool.as_str()),
        Value::Date(warning.on),
        Value::Int(warning.days),
        Value::text(warning.why.as_str()),
    ];
    named(row.customer.as_ref()).into_iter().chain(rest).collect()
}

fn object(row: &Row, kind: &str) -> serde_json::Value {
    json!({
        "kind": kind,
        "customer": id_and_name(row.customer.as_ref()),
        "owner": row.owner,
        "pool": row.warning.pool,
        "on": row.warning.on.to_string(),
        "days": row.warning.days,
        "why": row.warning.why,
    })
}

/// Writes customers who go or went, unless there are none and people read it.
pub(super) fn write(ctx: &Ctx, rows: &[Row], kind: &str) -> Result<Format> {
    let format = records::format(ctx)?;
    if format.is_json() {
        let objects: Vec<serde_json::Value> = rows.iter().map(|row| object(row, kind)).collect();
        records::json_objects(ctx, &format, &objects, false)?;
    } else if !rows.is_empty() || format != Format::Table {
        records::table(ctx, "customer", &DUE, rows.iter().map(cells))?;
    }
    Ok(format)
}

/// How many a terminal shows unless it is told otherwise.
const SCREENFUL: usize = 50;

const LOGGED: [(&str, FieldType); 8] = [
    ("at", FieldType::Instant),
    ("customer", FieldType::Text),
    ("name", FieldType::Text),
    ("pool", FieldType::Text),
    ("reason", FieldType::Text),
    ("from", FieldType::Text),
    ("to", FieldType::Text),
    ("why", FieldType::Text),
];

/// What became of a customer, with the names that people read.
struct Line {
    at: Timestamp,
    customer: Option<Link>,
    /// Pool, reason, from whom, to whom, why.
    texts: [String; 5],
}

pub(super) fn log(ctx: &Ctx, args: &LogArgs) -> Result<()> {
    let most = match args.limit {
        Some(0) => usize::MAX,
        Some(limit) => limit,
        None if ctx.ui.options().stdout_tty => SCREENFUL,
        None => usize::MAX,
    };
    let session = ctx.open(Access::Read)?;
    let lines = session.store.read(&session.caller, |tx| logged(tx, args, most))?;
    let format = records::format(ctx)?;
    if format.is_json() {
        let object = |line: &Line| {
            let [pool, reason, from, to, why] = &line.texts;
            let user = |name: &str| (!name.is_empty()).then(|| name.to_owned());
            json!({
                "kind": "pooled",
                "at": line.at.to_string(),
                "customer": id_and_name(line.customer.as_ref()),
                "pool": pool,
                "reason": reason,
                "from": user(from),
                "to": user(to),
                "why": why,
            })
        };
        let objects: Vec<serde_json::Value> = lines.iter().map(object).collect();
        records::json_objects(ctx, &format, &objects, false)?;
    } else {
        let cells = |line: &Line| {
            let texts = line.texts.iter().map(|text| Value::text(text.as_str()));
            std::iter::once(Value::Instant(line.at))
                .chain(named(line.customer.as_ref()))
                .chain(texts)
                .collect::<Vec<Value>>()
        };
        records::table(ctx, "pooled", &LOGGED, lines.iter().map(cells))?;
    }
    if lines.is_empty() && args.fail_empty {
        return Err(Error::new(Kind::NotFound, "nobody went in or out"));
    }
    Ok(())
}

fn logged(tx: &ReadTx<'_>, args: &LogArgs, most: usize) -> Result<Vec<Line>> {
    let wanted = Wanted {
        pool: one(tx, Noun::Pool, args.pool.as_ref())?,
        customer: one(tx, Noun::Customer, args.customer.as_ref())?,
    };
    let mut lines = Vec::new();
    pools::list(tx, wanted, &mut |entry| {
        if lines.len() >= most {
            return Ok(ControlFlow::Break(()));
        }
        lines.push(Line {
            at: Timestamp::from_millisecond(entry.at).unwrap_or_default(),
            customer: links::link(tx, Noun::Customer, entry.customer)?,
            texts: [
                name(tx, Noun::Pool, Some(entry.pool))?,
                entry.reason.name().to_owned(),
                name(tx, Noun::User, entry.from)?,
                name(tx, Noun::User, entry.to)?,
                entry.why,
            ],
        });
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(lines)
}
