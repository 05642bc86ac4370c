//! `crm notify`: what rules told you, and that you have read it.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::{Link, Value};
use crm::error::{Error, Kind, Result};
use crm::ops::notify;
use crm::store::notifications::{Notification, Which};
use crm::store::{ReadTx, links};
use jiff::Timestamp;
use serde_json::json;

use crate::cli::output::Format;
use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx};

/// What you were told
#[derive(Debug, Args)]
struct ListArgs {
    /// Also what you have read
    #[arg(long)]
    all: bool,
    /// At most so many, the newest first; 0 for all
    #[arg(long, value_name = "N")]
    limit: Option<i64>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

/// Mark as read
#[derive(Debug, Args)]
struct ReadArgs {
    /// Numbers
    #[arg(
        value_name = "NUMBER",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    numbers: Vec<i64>,
    /// All of them
    #[arg(long)]
    all: bool,
}

pub(crate) fn define(command: Command) -> Command {
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("list")
                .about("What you were told and have not read")
                .defer(ListArgs::augment_args)
                .after_help(
                    "Examples:\n  crm notify list\n  crm notify list --all --limit 20 --format json\n  \
                     crm notify list --fail-empty   # exit 3",
                ),
        )
        .subcommand(
            Command::new("read")
                .about("Mark as read")
                .defer(ReadArgs::augment_args)
                .after_help(
                    "Examples:\n  crm notify read --all\n  crm rule add hi --on 'customer created' --notify 'Hi' && crm customer add Mia && \
                     crm notify read 1",
                ),
        )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("list", matches)) => list(ctx, &parsed(matches)?),
        Some(("read", matches)) => read(ctx, &parsed(matches)?),
        _ => Err(Error::usage("no verb was given")),
    }
}

/// How many a terminal shows unless it is told otherwise.
const SCREENFUL: i64 = 50;

const COLUMNS: [(&str, FieldType); 6] = [
    ("no", FieldType::Integer),
    ("at", FieldType::Instant),
    ("text", FieldType::Text),
    ("id", FieldType::Text),
    ("name", FieldType::Text),
    ("read_at", FieldType::Instant),
];

fn list(ctx: &Ctx, args: &ListArgs) -> Result<()> {
    let most = match args.limit {
        Some(0) => i64::MAX,
        Some(limit) => limit,
        None if ctx.ui.options().stdout_tty => SCREENFUL,
        None => i64::MAX,
    };
    let which = match args.all {
        true => Which::All,
        false => Which::Unread,
    };
    let session = ctx.open(Access::Read)?;
    let format = records::format(ctx)?;
    let is_empty = session.store.read(&session.caller, |tx| {
        let found = notify::list(tx, which, most)?;
        let lines = found
            .into_iter()
            .map(|one| Ok((link(tx, &one)?, one)))
            .collect::<Result<Vec<Line>>>()?;
        if format.is_json() {
            let objects: Vec<serde_json::Value> = lines.iter().map(object).collect();
            records::json_objects(ctx, &format, &objects, false)?;
        } else if !lines.is_empty() || format != Format::Table {
            records::table(ctx, "notification", &COLUMNS, lines.iter().map(row))?;
        }
        Ok(lines.is_empty())
    })?;
    if is_empty && args.fail_empty {
        return Err(Error::new(Kind::NotFound, "you were told nothing new"));
    }
    Ok(())
}

type Line = (Option<Link>, Notification);

/// The record that it is about.
fn link(tx: &ReadTx<'_>, one: &Notification) -> Result<Option<Link>> {
    match one.noun {
        Some(noun) => links::link(tx, noun, one.record),
        None => Ok(None),
    }
}

fn instant(at: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(at).ok()
}

fn row((link, one): &Line) -> Vec<Value> {
    let text = |of: fn(&Link) -> String| Value::text(link.as_ref().map(of).unwrap_or_default());
    vec![
        Value::Int(one.no),
        instant(one.at).map_or(Value::Null, Value::Instant),
        Value::text(one.text.as_str()),
        text(|link| link.reference().to_string()),
        text(|link| link.name.clone()),
        one.read_at.and_then(instant).map_or(Value::Null, Value::Instant),
    ]
}

fn object((link, one): &Line) -> serde_json::Value {
    json!({
        "kind": "notification",
        "no": one.no,
        "at": instant(one.at).map(|at| at.to_string()),
        "text": one.text,
        "record": link.as_ref().map(|link| json!({"id": link.reference().to_string(), "name": link.name})),
        "read_at": one.read_at.and_then(instant).map(|at| at.to_string()),
    })
}

fn read(ctx: &Ctx, args: &ReadArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (_, op) = session.write(ctx, |tx| match args.all {
        true => notify::read_all(tx),
        false => notify::read(tx, &args.numbers),
    })?;
    written::told(ctx, op.as_ref());
    Ok(())
}
