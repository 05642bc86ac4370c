//! `crm undo`, `crm redo` and `crm op`: the log of operations.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::undo as operations;
use crm::store::{WriteTx, log};
use jiff::Timestamp;

use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Take back or do again an operation
#[derive(Debug, Args)]
struct UndoArgs {
    /// Number of the operation; without one, your latest
    #[arg(value_name = "OP")]
    number: Option<i64>,
}

/// List operations, newest first
#[derive(Debug, Args)]
struct ListArgs {
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: i64,
}

/// Show what an operation changed
#[derive(Debug, Args)]
struct ShowArgs {
    /// Number of the operation
    #[arg(value_name = "OP")]
    number: i64,
}

pub(crate) fn define_undo(command: Command) -> Command {
    UndoArgs::augment_args(command)
}

pub(crate) fn define(command: Command) -> Command {
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("list")
                .about("List operations, newest first")
                .defer(ListArgs::augment_args),
        )
        .subcommand(
            Command::new("show")
                .about("Show what an operation changed")
                .defer(ShowArgs::augment_args),
        )
}

pub(crate) fn undo(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    turn(ctx, &parsed::<UndoArgs>(matches)?, operations::undo)
}

pub(crate) fn redo(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    turn(ctx, &parsed::<UndoArgs>(matches)?, operations::redo)
}

fn turn(ctx: &Ctx, args: &UndoArgs, act: fn(&WriteTx<'_>, Option<i64>) -> Result<log::Op>) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (_, op) = session.write(ctx, |tx| act(tx, args.number))?;
    match op {
        Some(op) => ctx.ui.note(&op.title),
        None => ctx.ui.note("dry run: nothing was changed"),
    }
    Ok(())
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("list", matches)) => list(ctx, &parsed(matches)?),
        Some(("show", matches)) => show(ctx, &parsed(matches)?),
        _ => Err(Error::usage("no verb was given")),
    }
}

fn list(ctx: &Ctx, args: &ListArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let ops = session
        .store
        .read(&session.caller, |tx| log::latest(tx, args.limit))?;
    let columns = [
        ("no", FieldType::Integer),
        ("at", FieldType::Instant),
        ("actor", FieldType::Text),
        ("kind", FieldType::Text),
        ("title", FieldType::Text),
        ("via", FieldType::Text),
        ("active", FieldType::Bool),
        ("command", FieldType::Text),
    ];
    let rows = ops.into_iter().map(|op| {
        let at = Timestamp::from_millisecond(op.at_ms).map(Value::Instant);
        vec![
            Value::Int(op.no),
            at.unwrap_or(Value::Null),
            Value::text(op.actor),
            Value::text(op.kind.name()),
            Value::text(op.title),
            Value::text(op.via),
            Value::Bool(op.active),
            Value::text(op.command),
        ]
    });
    records::table(ctx, "op", &columns, rows)
}

/// At most so many changes are shown.
const MOST_CHANGES: i64 = 10_000;

fn show(ctx: &Ctx, args: &ShowArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let changes = session.store.read(&session.caller, |tx| {
        let op = log::by_number(tx, args.number)?
            .ok_or_else(|| Error::new(Kind::NotFound, format!("there is no operation {}", args.number)))?;
        log::changes(tx, op.id, MOST_CHANGES)
    })?;
    let columns = [
        ("action", FieldType::Text),
        ("table", FieldType::Text),
        ("first", FieldType::Text),
        ("last", FieldType::Text),
        ("before", FieldType::Text),
        ("after", FieldType::Text),
    ];
    let rows = changes.into_iter().map(|change| {
        vec![
            Value::text(change.action),
            Value::text(change.table),
            Value::text(change.row.uid()),
            Value::text(change.last_row.uid()),
            Value::text(change.before.unwrap_or_default()),
            Value::text(change.after.unwrap_or_default()),
        ]
    });
    records::table(ctx, "change", &columns, rows)
}
