//! `crm show` and `crm NOUN show`: the whole story of a record for people, its fields for programs. And `crm history`.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::{list, refer};
use crm::report::story::{self, Limit};
use crm::store::history::{self, Edit};
use crm::store::records::Selected;
use crm::store::{ReadTx, records as rows};
use crm::wire::cell::cell;
use crm::wire::json;
use jiff::Timestamp;

use crate::cli::output::detail::{Line, View};
use crate::cli::output::{Format, story as page};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// What is to be shown.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ShowArgs {
    /// Ref (C42), uid, e-mail, phone, handle, system:value or exact name; `-` reads refs from stdin
    #[arg(value_name = "REF", required = true)]
    references: Vec<String>,
    /// The whole timeline, and every deal, task and person
    #[arg(long)]
    all: bool,
}

/// Show what was changed of a record, when, by whom and through what
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm history C2
  crm history D1 --field stage --format json
  crm customer set C2 level=A && crm history C2 --limit 1

`crm undo OP` takes an operation back, `crm op show OP` shows all that it did.")]
struct HistoryArgs {
    /// Record: ref (C42, D7, T13 …), or whatever else names it
    #[arg(value_name = "REF")]
    reference: String,
    /// Only this field
    #[arg(long, value_name = "FIELD")]
    field: Option<String>,
    /// At most so many changes, the latest; 0 for all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

pub(crate) fn define(command: Command) -> Command {
    ShowArgs::augment_args(command).after_help(
        "Examples:
  crm show C2
  crm show C1 D1 T1 --json
  crm show D1 --format markdown
  crm show C1 --all --format table
  crm customer list -w +vip --format ids | crm show - --json=name,phones",
    )
}

pub(crate) fn define_history(command: Command) -> Command {
    HistoryArgs::augment_args(command)
}

/// `crm show REF…`: records of any noun.
pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: ShowArgs = parsed(matches)?;
    let references = records::with_stdin(&args.references)?;
    let session = ctx.open(Access::Read)?;
    session.store.read(&session.caller, |tx| {
        let all = refer::all_of_any(tx, &references)?;
        let single = references.len() == 1;
        match all.as_slice() {
            [] => Ok(()),
            [(noun, _), rest @ ..] if rest.iter().all(|(other, _)| other == noun) => {
                let ids: Vec<Id> = all.iter().map(|(_, id)| *id).collect();
                write(ctx, tx, *noun, &ids, single, args.all)
            }
            _ => mixed(ctx, tx, &all, args.all),
        }
    })
}

/// `crm NOUN show REF…`.
pub(crate) fn of(ctx: &Ctx, noun: Noun, args: &ShowArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let references = records::with_stdin(&args.references)?;
    session.store.read(&session.caller, |tx| {
        let ids = refer::all(tx, noun, &references)?;
        write(ctx, tx, noun, &ids, references.len() == 1, args.all)
    })
}

fn write(ctx: &Ctx, tx: &ReadTx<'_>, noun: Noun, ids: &[Id], single: bool, all: bool) -> Result<()> {
    match records::format(ctx)? {
        format @ (Format::Table | Format::Markdown) => {
            records::remember(ctx, tx, noun, ids)?;
            for (at, id) in ids.iter().enumerate() {
                told(ctx, tx, noun, *id, (&format, at > 0, all))?;
            }
            Ok(())
        }
        _ => records::write_records(ctx, tx, noun, ids, single),
    }
}

/// Records of several nouns: pages for people, objects for programs; tables have no columns for them.
fn mixed(ctx: &Ctx, tx: &ReadTx<'_>, all: &[(Noun, Id)], whole: bool) -> Result<()> {
    let format = records::format(ctx)?;
    if matches!(format, Format::Table | Format::Markdown) {
        for (at, (noun, id)) in all.iter().enumerate() {
            told(ctx, tx, *noun, *id, (&format, at > 0, whole))?;
        }
        return Ok(());
    }
    if !format.is_json() {
        return Err(Error::usage(
            "records of several kinds have no columns in common: show them as table, markdown, json or ndjson",
        ));
    }
    let mut objects = Vec::new();
    for (noun, id) in all {
        let columns = records::default_columns(ctx, tx, *noun, &format)?;
        let row = rows::get(tx, *noun, *id, &columns)?;
        let row = row.ok_or_else(|| Error::not_found(*noun, &id.uid()))?;
        objects.push(json::record(noun.name(), &records::wire_columns(&columns), &row));
    }
    records::json_objects(ctx, &format, &objects, false)
}

/// Fields that the story tells better.
const TOLD: &[&str] = &[
    "emails",
    "phones",
    "handles",
    "address",
    "city",
    "region",
    "postal_code",
    "country",
    "people",
    "product",
    "company",
    "quiet_on",
    "last_open_stage",
    "probability_mode",
    "category_mode",
    "amount_base",
    "total_base",
    "balance_base",
    "lines",
    "articles",
];

/// One record with its story.
fn told(
    ctx: &Ctx,
    tx: &ReadTx<'_>,
    noun: Noun,
    id: Id,
    (format, again, all): (&Format, bool, bool),
) -> Result<()> {
    use std::io::Write;
    let columns: Vec<Selected> = match records::json_fields(ctx) {
        named if named.is_empty() => records::default_columns(ctx, tx, noun, &Format::Json)?,
        named => named
            .iter()
            .map(|name| list::column(tx, noun, name))
            .collect::<Result<_>>()?,
    };
    let row = rows::get(tx, noun, id, &columns)?.ok_or_else(|| Error::not_found(noun, &id.uid()))?;
    let limit = if all { Limit::NONE } else { Limit::PAGE };
    let story = story::of(tx, noun, id, limit)?;
    let (title, mut lines) = records::details(&columns, &row);
    if matches!(
        noun,
        Noun::Customer | Noun::Deal | Noun::Quote | Noun::Order | Noun::Ticket
    ) {
        lines.retain(|line: &Line| !TOLD.contains(&line.label.replace(' ', "_").as_str()));
    }
    let mut out = ctx.ui.out();
    if matches!(format, Format::Markdown) {
        let terminal = ctx.ui.options().stdout_tty;
        page::markdown(&mut out, &title, lines, &story, terminal)?;
        return Ok(());
    }
    if again {
        writeln!(out)?;
    }
    let view = View {
        clock: &ctx.clock,
        width: ctx.ui.options().width,
        paint: ctx.ui.paint(),
    };
    page::screen(&mut out, &title, lines, &story, view)?;
    Ok(())
}

/// How many changes a terminal shows unless it is told otherwise.
const SCREENFUL: usize = 50;

pub(crate) fn history(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: HistoryArgs = parsed(matches)?;
    let session = ctx.open(Access::Read)?;
    let mut edits: Vec<Edit> = session.store.read(&session.caller, |tx| {
        let (noun, id) = refer::any(tx, &args.reference)?;
        records::remember(ctx, tx, noun, &[id])?;
        let mut edits = history::of(tx, noun, id)?;
        if let Some(name) = &args.field {
            // Rows that belong to a record may be told under a name that is no field: the people of a company.
            let field = match list::column(tx, noun, name) {
                Ok(column) => column.name,
                Err(_) if edits.iter().any(|edit| edit.field == *name) => name.clone(),
                Err(error) => return Err(error),
            };
            edits.retain(|edit| edit.field == field);
        }
        Ok(edits)
    })?;
    let is_screen = ctx.ui.options().stdout_tty && matches!(records::format(ctx)?, Format::Table);
    let limit = match args.limit {
        Some(0) => None,
        Some(limit) => Some(limit),
        None => is_screen.then_some(SCREENFUL),
    };
    let whole = edits.len();
    if let Some(limit) = limit.filter(|limit| whole > *limit) {
        edits.truncate(limit);
        ctx.ui
            .note(&format!("showing {limit} of {whole}; --limit 0 shows all"));
    }
    let columns = [
        ("at", FieldType::Instant),
        ("actor", FieldType::Text),
        ("via", FieldType::Text),
        ("op", FieldType::Integer),
        ("field", FieldType::Text),
        ("old", FieldType::Text),
        ("new", FieldType::Text),
    ];
    let is_json = records::format(ctx)?.is_json();
    // Machines get the value as it is typed; tables of texts its cell.
    let typed = |value: Value| match value {
        Value::Money(money) if !is_json => Value::text(money.to_string()),
        Value::Instant(_) | Value::Percent(_) | Value::Int(_) if !is_json => Value::text(cell(&value)),
        other => other,
    };
    let rows = edits.into_iter().map(|edit| {
        let at = Timestamp::from_millisecond(edit.op.at_ms).map(Value::Instant);
        vec![
            at.unwrap_or(Value::Null),
            Value::text(edit.op.actor),
            Value::text(edit.op.via),
            Value::Int(edit.op.no),
            Value::text(edit.field),
            typed(edit.old),
            typed(edit.new),
        ]
    });
    records::table(ctx, "change", &columns, rows)?;
    if whole == 0 && args.fail_empty {
        return Err(Error::new(Kind::NotFound, "nothing was changed"));
    }
    Ok(())
}
