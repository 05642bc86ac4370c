//! `crm field`: custom fields.

use clap::{ArgMatches, Args, Command};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::field;

use crate::cli::{keyed, parsed};
use crate::ctx::Ctx;

/// Add a custom field
#[derive(Debug, Args)]
struct AddArgs {
    /// Kind of record that has it: customer, deal, task, activity or product
    noun: String,
    /// Name in filters and JSON, after `fields.`
    key: String,
    /// What a form shows
    #[arg(long)]
    label: Option<String>,
    /// text, long_text, integer, percent, money, bool, date, select, multi_select or url
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Choices of a select, separated by commas
    #[arg(long, value_name = "A,B,…")]
    options: Option<String>,
    /// A new record must have it
    #[arg(long)]
    required: bool,
}

pub(crate) fn define(command: Command) -> Command {
    keyed::define(command, Noun::Field).subcommand(
        Command::new("add")
            .about("Add a custom field")
            .defer(AddArgs::augment_args),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        _ => keyed::run(ctx, Noun::Field, matches, field::edit),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let given = [
        ("noun", Some(args.noun)),
        ("key", Some(args.key)),
        ("label", args.label),
        ("type", args.kind),
        ("options", args.options),
        ("required", args.required.then(|| "yes".to_owned())),
    ];
    keyed::add(ctx, Noun::Field, given, &[], field::add)
}
