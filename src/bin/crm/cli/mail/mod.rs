//! `crm mail`: messages in and out.

mod ingest;
mod source;
mod thread;

use clap::{ArgMatches, Command};
use crm::error::{Error, Result};

use crate::ctx::Ctx;

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(verb(
            "ingest",
            "Take in messages: they become activities of the customers on them",
            ingest::define,
        ))
        .subcommand(verb(
            "thread",
            "Show the conversation that a message belongs to",
            thread::define,
        ))
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("ingest", matches)) => ingest::run(ctx, matches),
        Some(("thread", matches)) => thread::run(ctx, matches),
        _ => Err(Error::usage("no verb was given")),
    }
}
