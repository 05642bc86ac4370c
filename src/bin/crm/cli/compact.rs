//! `crm compact`: the file of the base made small again.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::undo;
use crm::store::trim;

use crate::cli::operations::forgotten;
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};
use crate::text::number;

/// Make the file of the base small again
#[derive(Debug, Args)]
struct CompactArgs {}

pub(crate) fn define(command: Command) -> Command {
    CompactArgs::augment_args(command).after_help(
        "Operations behind the setting undo_horizon are forgotten (`crm config set undo_horizon '1 year'`; without it none \
         are), the search index becomes one piece, free pages are given back if there are many, the write-ahead log is \
         emptied. For a moment this takes as much room again as the base has.\n\nExamples:\n  crm compact\n  \
         crm compact --dry-run",
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let _: CompactArgs = parsed(matches)?;
    let mut session = ctx.open(Access::Write)?;
    let keep = ctx
        .config
        .undo_horizon
        .and_then(|horizon| undo::kept_by(horizon, &ctx.clock));
    if keep.is_some() && session.caller.actor.scope != crm::domain::actor::Scope::All {
        return Err(Error::new(
            Kind::ReadOnly,
            "only who sees everything can forget operations",
        ));
    }
    if ctx.global.dry_run {
        if let Some(keep) = keep {
            let plan = session.store.read(&session.caller, |tx| trim::plan(tx, keep))?;
            ctx.ui.note(&forgotten(ctx, &plan, "would forget"));
        }
        ctx.ui.note("dry run: nothing was changed");
        return Ok(());
    }
    let done = session.store.compact(&session.caller, keep)?;
    if keep.is_some() {
        ctx.ui.note(&forgotten(ctx, &done.forgotten, "forgot"));
    }
    if !done.vacuumed {
        ctx.ui.note("few pages are free; they were left for new records");
    }
    let columns = [
        ("what", FieldType::Text),
        ("before", FieldType::Integer),
        ("after", FieldType::Integer),
    ];
    let bytes = |count: u64| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
    let rows = [
        ("file", done.before.file, done.after.file),
        ("free", done.before.free, done.after.free),
        ("wal", done.before.wal, done.after.wal),
    ];
    records::table(
        ctx,
        "size",
        &columns,
        rows.map(|(what, before, after)| vec![Value::text(what), bytes(before), bytes(after)]),
    )?;
    let saved = (done.before.file + done.before.wal).saturating_sub(done.after.file + done.after.wal);
    ctx.ui.note(&format!("{} bytes given back", number::many(saved)));
    Ok(())
}
