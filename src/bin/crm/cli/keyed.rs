//! What the commands of products, users, teams, tags, custom fields and pipelines have alike.

use clap::{ArgMatches, Args, Command};
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::Outcome;
use crm::ops::typed::Policy;
use crm::store::WriteTx;

use crate::cli::args::{ListArgs, RefArgs, SetArgs};
use crate::cli::records::Edit;
use crate::cli::{parsed, records, trash};
use crate::ctx::{Access, Ctx};

/// Adds `list`, `show`, `set`, `rm` and `restore`.
pub(crate) fn define(command: Command, noun: Noun) -> Command {
    let verb = |name: &'static str, about: String, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    let plural = noun.plural();
    let command = command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(verb("list", format!("List {plural}"), ListArgs::augment_args))
        .subcommand(verb("show", format!("Show {plural}"), RefArgs::augment_args))
        .subcommand(verb(
            "set",
            format!("Change fields of {plural}"),
            SetArgs::augment_args,
        ));
    trash::define(command)
}

/// Runs the verbs of [`define`].
pub(crate) fn run(ctx: &Ctx, noun: Noun, matches: &ArgMatches, edit: Edit) -> Result<()> {
    match matches.subcommand() {
        Some(("list", matches)) => records::list(ctx, noun, &parsed(matches)?, &[]),
        Some(("show", matches)) => records::show(ctx, noun, &parsed::<RefArgs>(matches)?.references),
        Some(("set", matches)) => records::set(ctx, noun, &parsed(matches)?, edit),
        Some(("rm", matches)) => trash::remove(ctx, noun, matches),
        Some(("restore", matches)) => trash::restore(ctx, noun, matches),
        _ => Err(Error::usage("no verb was given")),
    }
}

/// `NOUN add`: what was given for the fields, and whatever `--field` adds.
pub(crate) fn add(
    ctx: &Ctx,
    noun: Noun,
    given: impl IntoIterator<Item = (&'static str, Option<String>)>,
    more: &[String],
    work: impl FnOnce(&WriteTx<'_>, &[Assignment], &Policy) -> Result<Outcome>,
) -> Result<()> {
    let mut assignments: Vec<Assignment> = given
        .into_iter()
        .filter_map(|(field, value)| Some((field.to_owned(), Input::Text(value?))))
        .collect();
    for field in more {
        assignments.push(records::assignment(field)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| work(tx, &assignments, &Policy::strict()))?;
    records::report(ctx, &session, noun, &[outcome.id], op.as_ref())
}
