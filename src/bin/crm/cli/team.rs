//! `crm team`: groups of users.

use clap::{ArgMatches, Args, Command};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::team;

use crate::cli::{keyed, parsed};
use crate::ctx::Ctx;

/// Add a team
#[derive(Debug, Args)]
struct AddArgs {
    /// Name, which is also the key
    name: String,
    /// User who leads the team
    #[arg(long, value_name = "USER")]
    manager: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    keyed::define(command, Noun::Team).subcommand(
        Command::new("add")
            .about("Add a team")
            .defer(AddArgs::augment_args),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        _ => keyed::run(ctx, Noun::Team, matches, team::edit),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let given = [("name", Some(args.name)), ("manager", args.manager)];
    keyed::add(ctx, Noun::Team, given, &[], team::add)
}
