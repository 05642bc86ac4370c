//! `NOUN rm` and `NOUN restore`: into the trash and out of it, for any noun.

use clap::{ArgMatches, Args, Command};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::{refer, trash};

use crate::cli::args::{RefArgs, TargetArgs};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Adds both verbs to the commands of a noun.
pub(crate) fn define(command: Command) -> Command {
    command
        .subcommand(
            Command::new("rm")
                .about("Put into the trash")
                .defer(TargetArgs::augment_args),
        )
        .subcommand(
            Command::new("restore")
                .about("Take out of the trash")
                .defer(RefArgs::augment_args),
        )
}

/// `NOUN rm REF…`.
pub(crate) fn remove(ctx: &Ctx, noun: Noun, matches: &ArgMatches) -> Result<()> {
    let args: TargetArgs = parsed(matches)?;
    let references = records::with_stdin(&args.references)?;
    let mut session = ctx.open(Access::Write)?;
    let ids = session.store.read(&session.caller, |tx| {
        records::targets(tx, noun, &args, &references)
    })?;
    records::confirm(ctx, "trash", ids.len())?;
    let (changed, op) = session.write(ctx, |tx| trash::remove(tx, noun, &ids))?;
    records::report(ctx, &session, noun, &changed, op.as_ref())
}

/// `NOUN restore REF…`.
pub(crate) fn restore(ctx: &Ctx, noun: Noun, matches: &ArgMatches) -> Result<()> {
    let args: RefArgs = parsed(matches)?;
    let references = records::with_stdin(&args.references)?;
    let mut session = ctx.open(Access::Write)?;
    let (changed, op) = session.write(ctx, |tx| {
        let mut ids = Vec::new();
        for reference in &references {
            let id = refer::trashed(tx, noun, reference)?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        trash::restore(tx, noun, &ids)
    })?;
    records::report(ctx, &session, noun, &changed, op.as_ref())
}
