//! `crm tag`: the labels themselves. Putting one on records is `NOUN tag`, in `tags.rs`.

use clap::{ArgMatches, Args, Command};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::tag;

use crate::cli::{keyed, parsed};
use crate::ctx::Ctx;

/// Add a label
#[derive(Debug, Args)]
struct AddArgs {
    /// The label
    name: String,
    /// What it means
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    keyed::define(command, Noun::Tag).subcommand(
        Command::new("add")
            .about("Add a label")
            .defer(AddArgs::augment_args),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        _ => keyed::run(ctx, Noun::Tag, matches, tag::edit),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let given = [("name", Some(args.name)), ("description", args.description)];
    keyed::add(ctx, Noun::Tag, given, &[], tag::add)
}
