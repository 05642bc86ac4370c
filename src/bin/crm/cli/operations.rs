//! `crm undo`, `crm redo` and `crm op`: the log of operations.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::domain::when::{Leaning, instant, read};
use crm::error::{Error, Kind, Result};
use crm::ops::undo as operations;
use crm::store::trim::{self as horizon, Forgotten, Keep};
use crm::store::{WriteTx, log};
use jiff::Timestamp;

use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx};
use crate::text::number;

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
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
}

/// Show what an operation changed
#[derive(Debug, Args)]
struct ShowArgs {
    /// Number of the operation
    #[arg(value_name = "OP")]
    number: i64,
}

/// Forget the oldest operations
#[derive(Debug, Args)]
struct TrimArgs {
    /// Operations to keep, the newest
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "before",
        required_unless_present = "before"
    )]
    keep: Option<u64>,
    /// Day before which operations are forgotten
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    before: Option<String>,
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
        .subcommand(
            Command::new("trim")
                .about("Forget the oldest operations, which cannot be undone any more")
                .defer(define_trim),
        )
}

fn define_trim(command: Command) -> Command {
    TrimArgs::augment_args(command).after_help(
        "`crm config set undo_horizon '1 year'` lets `crm compact` do so again and again.\n\nExamples:\n  \
         crm op trim --keep 1000 --dry-run\n  crm op trim --before 2020-01-01 --yes",
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
        Some(("trim", matches)) => trim(ctx, &parsed(matches)?),
        _ => Err(Error::usage("no verb was given")),
    }
}

fn list(ctx: &Ctx, args: &ListArgs) -> Result<()> {
    let most = match args.limit {
        0 => i64::MAX,
        limit => i64::from(limit),
    };
    let session = ctx.open(Access::Read)?;
    let (ops, horizon) = session.store.read(&session.caller, |tx| {
        Ok((log::latest(tx, most)?, horizon::horizon(tx)?))
    })?;
    let reached = ops.last().map(|op| op.no) == horizon.first;
    let forgotten = horizon.forgotten;
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
    records::table(ctx, "op", &columns, rows)?;
    if reached && forgotten > 0 {
        ctx.ui.note(&format!(
            "the log begins here: {} older operations were forgotten and cannot be undone",
            number::grouped(forgotten)
        ));
    }
    Ok(())
}

fn trim(ctx: &Ctx, args: &TrimArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let keep = match (&args.keep, &args.before) {
        (Some(count), _) => Keep::Newest(*count),
        (None, Some(phrase)) => {
            let when = read(phrase, &session.caller.reading(Leaning::Past))
                .map_err(|error| error.on_field("before"))?;
            let day = instant::first_day(when)
                .ok_or_else(|| Error::invalid("before", format!("before: {phrase:?} is no day")))?;
            operations::since(day, &ctx.clock)
        }
        (None, None) => return Err(Error::usage("say what stays: --keep N or --before DATE")),
    };
    let plan = session
        .store
        .read(&session.caller, |tx| horizon::plan(tx, keep))?;
    if plan.operations == 0 {
        ctx.ui.note("nothing to forget");
        return Ok(());
    }
    if ctx.global.dry_run {
        ctx.ui.note(&forgotten(ctx, &plan, "dry run: would forget"));
        return Ok(());
    }
    written::confirmed(ctx, &forgotten(ctx, &plan, "forget"))?;
    let (done, _) = session.write(ctx, |tx| operations::trim(tx, keep))?;
    ctx.ui.note(&forgotten(ctx, &done, "forgot"));
    ctx.ui
        .hint("the room that they took is free for new records; `crm compact` gives it back to the disk");
    Ok(())
}

/// What is, or would be, forgotten, in words.
pub(crate) fn forgotten(ctx: &Ctx, forgotten: &Forgotten, verb: &str) -> String {
    if forgotten.operations == 0 {
        return format!("{verb} no operations");
    }
    let day = |ms: i64| {
        let at = Timestamp::from_millisecond(ms).unwrap_or_default();
        ctx.clock.day_of(at).to_string()
    };
    let (from, to) = (day(forgotten.from_ms), day(forgotten.to_ms));
    let when = if from == to {
        from
    } else {
        format!("{from} to {to}")
    };
    let which = match forgotten.operations {
        1 => format!("operation {}", forgotten.first),
        count => format!(
            "{} operations, {} to {}",
            number::grouped(count),
            forgotten.first,
            forgotten.last
        ),
    };
    format!("{verb} {which} ({when}), which cannot be undone any more")
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
