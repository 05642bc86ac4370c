//! `crm view watch`: who came into a view and who left it since the last time.

use std::io::Write;
use std::process::{Command as Process, Stdio};

use clap::{Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::list::Request;
use crm::ops::view::{self, Saved};
use crm::ops::watch::{self, Entry, Watched};
use crm::wire::column::Column;
use crm::wire::json;

use crate::cli::output::Writer;
use crate::cli::records;
use crate::ctx::{Access, Ctx};

/// Tell who came and who left
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// View
    #[arg(value_name = "KEY")]
    view: String,
    /// Name of this watcher, where several watch one view
    #[arg(long, value_name = "N", default_value = "")]
    name: String,
    /// Command to run for each, by `sh -c`: JSON on stdin, CRM_EVENT and CRM_REF in the environment
    #[arg(long, value_name = "CMD")]
    exec: Option<String>,
    /// Remember who is there the first time, and tell nobody
    #[arg(long)]
    quiet_start: bool,
    /// Columns after id and name: city,owner; +x adds to those of the view
    #[arg(
        short = 'F',
        long,
        value_name = "FIELDS",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    fields: Vec<String>,
    /// Exit with 3 if nobody came or left
    #[arg(long)]
    fail_empty: bool,
}

pub(crate) fn command() -> Command {
    Command::new("watch")
        .about("Tell who came into a view and who left it since the last time")
        .defer(WatchArgs::augment_args)
        .after_help(
            "Says nothing when nothing changed, so that cron sends no mail. An entry whose command fails comes again.\n\n\
             Examples:\n  crm view add running --noun deal -w is:open\n  \
             crm view add running --noun deal -w is:open && crm view watch running --quiet-start\n  \
             crm view add running --noun deal -w is:open && crm view watch running --name log --exec true\n  \
             crm view watch running --fail-empty   # exit 3",
        )
}

pub(crate) fn run(ctx: &Ctx, args: &WatchArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (view, watched) = session.store.read(&session.caller, |tx| {
        let view = view::named(tx, &args.view)?;
        let request = Request {
            columns: args.fields.clone(),
            ..Request::default()
        };
        let watched = watch::look(tx, &view, &args.name, request)?;
        Ok((view, watched))
    })?;
    let quiet = args.quiet_start && watched.is_first;
    let mut failed = 0;
    let mut seen: Vec<&Entry> = Vec::new();
    if quiet {
        seen.extend(&watched.entries);
    } else {
        tell(ctx, &view, &watched)?;
        for entry in &watched.entries {
            match &args.exec {
                Some(command) if !ctx.global.dry_run => match act(ctx, command, &view, &watched, entry)? {
                    true => seen.push(entry),
                    false => failed += 1,
                },
                _ => seen.push(entry),
            }
        }
    }
    if ctx.global.dry_run {
        ctx.ui.note("dry run: these come again");
    } else if watched.is_first || !seen.is_empty() {
        session.store.write(&session.caller, |tx| {
            watch::move_on(tx, &watched, seen.into_iter())
        })?;
    }
    if failed > 0 {
        let message = format!(
            "the command failed for {failed} of {}; they come again",
            watched.entries.len()
        );
        return Err(Error::new(Kind::Partial, message));
    }
    if args.fail_empty && (quiet || watched.entries.is_empty()) {
        let message = format!("nobody came into the view {} or left it", view.key);
        return Err(Error::new(Kind::NotFound, message));
    }
    Ok(())
}

/// The columns of what is told; what has no ref is identified by its key.
fn columns(watched: &Watched) -> Vec<Column> {
    let mut columns = vec![Column::new("event", FieldType::Text)];
    if !has_refs(watched) {
        columns.push(Column::new("id", FieldType::Text));
    }
    columns.extend(records::wire_columns(&watched.columns));
    columns
}

fn has_refs(watched: &Watched) -> bool {
    watched.columns.iter().any(|column| column.name == "id")
}

fn row(watched: &Watched, entry: &Entry) -> Vec<Value> {
    let mut row = vec![Value::text(entry.event.name())];
    if !has_refs(watched) {
        row.push(Value::text(entry.reference.as_str()));
    }
    row.extend(entry.values.iter().cloned());
    row
}

/// Writes the entries, and makes sure that they have arrived before anything is remembered. Nothing at all is written
/// where nothing changed, but an empty list in JSON, which a program has to be able to read.
fn tell(ctx: &Ctx, view: &Saved, watched: &Watched) -> Result<()> {
    let format = records::format(ctx)?;
    if watched.entries.is_empty() && !format.is_json() {
        return Ok(());
    }
    let columns = columns(watched);
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(
        format,
        records::options(ctx),
        &mut out,
        &columns,
        view.noun.name(),
    )?;
    for entry in &watched.entries {
        writer.row(&row(watched, entry))?;
    }
    writer.finish()?;
    out.flush()?;
    Ok(())
}

/// Runs the command for one entry; true if it went well. What the command says is talk, so that the data stays whole.
fn act(ctx: &Ctx, command: &str, view: &Saved, watched: &Watched, entry: &Entry) -> Result<bool> {
    let text = json::record(view.noun.name(), &columns(watched), &row(watched, entry)).to_string();
    let mut child = Process::new("sh")
        .args(["-c", command])
        .env("CRM_EVENT", entry.event.name())
        .env("CRM_REF", &entry.reference)
        .stdin(Stdio::piped())
        .stdout(Stdio::from(std::io::stderr()))
        .spawn()
        .map_err(|error| Error::from(error).context("sh"))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read is no failure.
        let _ = writeln!(stdin, "{text}");
    }
    let status = child.wait()?;
    if !status.success() {
        ctx.ui.warn(&format!(
            "{} {}: the command ended with {status}",
            entry.event.name(),
            entry.reference
        ));
    }
    Ok(status.success())
}
