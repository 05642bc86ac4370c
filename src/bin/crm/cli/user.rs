//! `crm user`: who works with the base.

use clap::{ArgMatches, Args, Command};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::user;

use crate::cli::{keyed, parsed};
use crate::ctx::Ctx;

/// Add a user
#[derive(Debug, Args)]
struct AddArgs {
    /// Name, which is also the key
    name: String,
    /// E-mail address
    #[arg(long, value_name = "E")]
    email: Option<String>,
    /// User to whom this one reports
    #[arg(long, value_name = "USER")]
    manager: Option<String>,
    /// Team
    #[arg(long)]
    team: Option<String>,
    /// How far the user sees: own, team or all
    #[arg(long)]
    scope: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    keyed::define(command, Noun::User).subcommand(
        Command::new("add")
            .about("Add a user")
            .defer(AddArgs::augment_args),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        _ => keyed::run(ctx, Noun::User, matches, user::edit),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let given = [
        ("name", Some(args.name)),
        ("email", args.email),
        ("manager", args.manager),
        ("team", args.team),
        ("scope", args.scope),
    ];
    keyed::add(ctx, Noun::User, given, &[], user::add)
}
