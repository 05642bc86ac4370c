//! `crm task`: what is to be done.

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};
use crm::ops::typed::Policy;
use crm::ops::{Outcome, refer, task};
use crm::store::WriteTx;

use crate::cli::args::{ListArgs, RefArgs, SetArgs, TagArgs};
use crate::cli::note::{self, NoteArgs};
use crate::cli::show::{self, ShowArgs};
use crate::cli::{nouns, parsed, records, tags, written};
use crate::ctx::{Access, Ctx};

/// Add a task
#[derive(Debug, Args)]
struct AddArgs {
    /// What is to be done
    title: String,
    /// Customer or deal it is about
    #[arg(long = "for", value_name = "REF")]
    about: Option<String>,
    /// By when: friday, fri 15:00, +3d, 2026-11-27, 下周三
    #[arg(long, value_name = "PHRASE")]
    due: Option<String>,
    /// low, normal, high or urgent
    #[arg(long, value_name = "P")]
    priority: Option<String>,
    /// todo, call, email, meeting, follow_up, deadline, send_quote or visit
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// User who is to do it
    #[arg(long, value_name = "USER")]
    assignee: Option<String>,
    /// Rule by which it comes again
    #[arg(long, value_name = "RULE")]
    repeat: Option<String>,
    /// Label; may be given several times
    #[arg(long, value_name = "T")]
    tag: Vec<String>,
    /// Free text
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Put a task off
#[derive(Debug, Args)]
struct SnoozeArgs {
    /// Task
    #[arg(value_name = "REF")]
    reference: String,
    /// Until when: monday, 2026-12-01 15:00; +3d counts from the due date if that is ahead
    #[arg(value_name = "PHRASE", allow_hyphen_values = true)]
    phrase: String,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    nouns::trash_verbs(
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand(verb("add", "Add a task", AddArgs::augment_args))
            .subcommand(verb("list", "List tasks", ListArgs::augment_args))
            .subcommand(verb("show", "Show tasks", ShowArgs::augment_args))
            .subcommand(verb("set", "Change fields of tasks", SetArgs::augment_args))
            .subcommand(verb("done", "Mark tasks as done", RefArgs::augment_args))
            .subcommand(verb("cancel", "Call tasks off", RefArgs::augment_args))
            .subcommand(verb("snooze", "Put a task off", SnoozeArgs::augment_args))
            .subcommand(verb("note", "Add to the note of a task", NoteArgs::augment_args))
            .subcommand(verb("reopen", "Open tasks again", RefArgs::augment_args))
            .subcommand(verb("tag", "Put labels on tasks", TagArgs::augment_args))
            .subcommand(verb("untag", "Take labels off tasks", TagArgs::augment_args)),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let noun = Noun::Task;
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("list", matches)) => records::list(ctx, noun, &parsed(matches)?, &[]),
        Some(("show", matches)) => show::of(ctx, noun, &parsed(matches)?),
        Some(("set", matches)) => records::set(ctx, noun, &parsed(matches)?, task::edit),
        Some(("tag", matches)) => tags::tag(ctx, noun, &parsed(matches)?),
        Some(("untag", matches)) => tags::untag(ctx, noun, &parsed(matches)?),
        Some(("done", matches)) => each(ctx, &parsed(matches)?, "Done", task::done),
        Some(("reopen", matches)) => each(ctx, &parsed(matches)?, "Reopened", task::reopen),
        Some(("cancel", matches)) => each(ctx, &parsed(matches)?, "Cancelled", task::cancel),
        Some(("note", matches)) => note::note(ctx, noun, &parsed(matches)?),
        Some(("snooze", matches)) => snooze(ctx, &parsed(matches)?),
        Some((verb, matches)) => nouns::trash(ctx, Noun::Task, verb, matches),
        None => Err(Error::usage("no verb was given")),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let mut session = ctx.open(Access::Create)?;
    let assignee = args.assignee.unwrap_or_else(|| session.caller.actor.name.clone());
    let one = |field: &str, value: Option<String>| value.map(|value| (field.to_owned(), Input::Text(value)));
    let mut assignments: Vec<Assignment> = [
        one("title", Some(args.title)),
        one("due", args.due),
        one("priority", args.priority),
        one("type", args.kind),
        one("assignee", Some(assignee)),
        one("repeat", args.repeat),
        one("note", args.note),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !args.tag.is_empty() {
        assignments.push((
            "tags".to_owned(),
            Input::List(args.tag.into_iter().map(Input::Text).collect()),
        ));
    }
    let (outcome, op) = session.write(ctx, |tx| {
        let mut assignments = assignments.clone();
        assignments.extend(
            args.about
                .as_deref()
                .map(|about| subject(tx, about))
                .transpose()?,
        );
        task::add(tx, &assignments, &Policy::strict())
    })?;
    written::echo(ctx, &session, Noun::Task, outcome.id, "due")?;
    written::report(ctx, &session, Noun::Task, &[outcome.id], op.as_ref())
}

/// A deal if the reference is that of a deal, else a customer.
fn subject(tx: &WriteTx<'_>, about: &str) -> Result<Assignment> {
    match refer::one(tx, Noun::Deal, about) {
        Ok(id) => Ok(("deal".to_owned(), Input::text(id.uid()))),
        Err(error) if error.kind() == Kind::NotFound => Ok((
            "customer".to_owned(),
            Input::text(refer::one(tx, Noun::Customer, about)?.uid()),
        )),
        Err(error) => Err(error),
    }
}

fn snooze(ctx: &Ctx, args: &SnoozeArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Task, &args.reference)?;
        task::snooze(tx, id, &args.phrase)
    })?;
    written::echo(ctx, &session, Noun::Task, outcome.id, "due")?;
    written::report(ctx, &session, Noun::Task, &[outcome.id], op.as_ref())
}

fn each(ctx: &Ctx, args: &RefArgs, what: &str, act: fn(&WriteTx<'_>, Id) -> Result<Outcome>) -> Result<()> {
    let references = records::with_stdin(&args.references)?;
    let mut session = ctx.open(Access::Write)?;
    let (ids, op) = session.write(ctx, |tx| {
        let ids = refer::all(tx, Noun::Task, &references)?;
        for id in &ids {
            act(tx, *id)?;
        }
        if ids.len() > 1 {
            tx.describe(format!("{what}: {} tasks", ids.len()));
        }
        Ok(ids)
    })?;
    written::report(ctx, &session, Noun::Task, &ids, op.as_ref())
}
