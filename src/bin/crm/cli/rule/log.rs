//! `crm rule log`: what rules did to what, because of what.

use std::ops::ControlFlow;

use clap::{Args, Command};
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::{Error, Kind, Result};
use crm::ops::refer;
use crm::store::rules::{self, Logged, Wanted};
use crm::store::{ReadTx, links};
use jiff::Timestamp;
use serde_json::json;

use crate::cli::records;
use crate::ctx::{Access, Ctx};

/// What rules did
#[derive(Debug, Args)]
pub(super) struct LogArgs {
    /// Rule; all of them if none is named
    #[arg(value_name = "KEY")]
    rule: Option<String>,
    /// Only what was done to this record
    #[arg(long = "for", value_name = "REF")]
    record: Option<String>,
    /// At most so many, the newest first; 0 for all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

const EXAMPLES: &str = "\
The outcome is done, pending (a program was interrupted, `crm rule run` runs it again), failed, or stopped where too many \
rules followed one upon another.

Examples:
  crm rule log
  crm rule add vip --on 'customer created' --tag vip && crm rule log vip --limit 20
  crm rule log --for C1 --format json";

/// How many a terminal shows unless it is told otherwise.
const SCREENFUL: usize = 50;

pub(super) fn define(command: Command) -> Command {
    command.defer(LogArgs::augment_args).after_help(EXAMPLES)
}

const COLUMNS: [(&str, FieldType); 9] = [
    ("at", FieldType::Instant),
    ("rule", FieldType::Text),
    ("id", FieldType::Text),
    ("name", FieldType::Text),
    ("outcome", FieldType::Text),
    ("what", FieldType::Text),
    ("why", FieldType::Text),
    ("because", FieldType::Integer),
    ("op", FieldType::Integer),
];

pub(super) fn run(ctx: &Ctx, args: &LogArgs) -> Result<()> {
    let most = match args.limit {
        Some(0) => usize::MAX,
        Some(limit) => limit,
        None if ctx.ui.options().stdout_tty => SCREENFUL,
        None => usize::MAX,
    };
    let session = ctx.open(Access::Read)?;
    let format = records::format(ctx)?;
    let is_empty = session.store.read(&session.caller, |tx| {
        let lines = lines(tx, args, most)?;
        if format.is_json() {
            let objects: Vec<serde_json::Value> = lines.iter().map(object).collect();
            records::json_objects(ctx, &format, &objects, false)?;
        } else {
            records::table(ctx, "rule_log", &COLUMNS, lines.iter().map(row))?;
        }
        Ok(lines.is_empty())
    })?;
    if is_empty && args.fail_empty {
        return Err(Error::new(Kind::NotFound, "no rule did anything"));
    }
    Ok(())
}

type Line = (Logged, Option<Link>);

fn lines(tx: &ReadTx<'_>, args: &LogArgs, most: usize) -> Result<Vec<Line>> {
    let wanted = Wanted {
        rule: match &args.rule {
            Some(name) => Some(refer::one(tx, Noun::Rule, name)?),
            None => None,
        },
        record: match &args.record {
            Some(name) => Some(refer::any(tx, name)?.1),
            None => None,
        },
    };
    let mut lines = Vec::new();
    rules::list(tx, wanted, &mut |logged| {
        if lines.len() >= most {
            return Ok(ControlFlow::Break(()));
        }
        let link = match logged.noun {
            Some(noun) => links::link(tx, noun, logged.record)?,
            None => None,
        };
        lines.push((logged, link));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(lines)
}

fn reference(link: Option<&Link>) -> String {
    link.map(|link| link.reference().to_string()).unwrap_or_default()
}

fn row((logged, link): &Line) -> Vec<Value> {
    vec![
        Timestamp::from_millisecond(logged.at).map_or(Value::Null, Value::Instant),
        Value::text(logged.rule.as_str()),
        Value::text(reference(link.as_ref())),
        Value::text(link.as_ref().map(|link| link.name.clone()).unwrap_or_default()),
        Value::text(logged.outcome.as_str()),
        Value::text(logged.what.as_str()),
        Value::text(logged.why.as_str()),
        logged.because.map_or(Value::Null, Value::Int),
        logged.op.map_or(Value::Null, Value::Int),
    ]
}

fn object((logged, link): &Line) -> serde_json::Value {
    json!({
        "kind": "rule_log",
        "at": Timestamp::from_millisecond(logged.at).unwrap_or_default().to_string(),
        "rule": logged.rule,
        "record": link.as_ref().map(|link| json!({"id": link.reference().to_string(), "name": link.name})),
        "outcome": logged.outcome,
        "what": logged.what,
        "why": logged.why,
        "because": logged.because,
        "op": logged.op,
    })
}
