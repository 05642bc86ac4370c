//! `crm task`: what is to be done.

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::when::show as phrase;
use crm::error::{Error, Kind, Result};
use crm::ops::typed::Policy;
use crm::ops::{Outcome, refer, repeat, task};
use crm::store::{ReadTx, WriteTx};

use crate::cli::args::{AssignArgs, BulkArgs, ListArgs, SetArgs, TagArgs, TargetArgs};
use crate::cli::bulk::{self, Deed, Grade};
use crate::cli::given::one;
use crate::cli::note::{self, NoteArgs};
use crate::cli::show::{self, ShowArgs};
use crate::cli::{edit, nouns, parsed, records, tags, written};
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
    #[arg(long, value_name = "PHRASE", allow_hyphen_values = true)]
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
    /// Rule by which it comes again: weekly, every mon,thu, monthly on the last day, every 3 days after done, 每周一;
    /// until DATE and x5 end it
    #[arg(long, value_name = "RULE")]
    repeat: Option<String>,
    /// When to be reminded: 1h,1d before it is due (of a whole day before nine in the morning), or a moment: fri 9:00
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    remind: Vec<String>,
    /// Label; may be given several times
    #[arg(long, value_name = "T")]
    tag: Vec<String>,
    /// Free text
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Put tasks off
#[derive(Debug, Args)]
struct SnoozeArgs {
    /// References (`-` reads them from stdin) and, last, until when: monday, 2026-12-01 15:00, 下周三; +3d and 推迟三天
    /// count from the due date of each if that is ahead
    #[arg(value_name = "REF… PHRASE", required = true)]
    words: Vec<String>,
    #[command(flatten)]
    bulk: BulkArgs,
}

/// Call tasks off
#[derive(Debug, Args)]
struct CancelArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// All that would come by its rule too; without it a task that repeats comes again
    #[arg(long)]
    series: bool,
}

const ADD_EXAMPLES: &str = "Examples:
  crm task add 'Send the contract' --for C1 --due friday
  crm task add 'Check in' --for C1 --due 'mon 9:00' --repeat 'every 2 weeks on mon' --remind 1h,1d
  crm task add 'Count the stock' --assignee 'Mara Lindholm' --priority high --type visit --tag depot
  crm task add 'Close the books' --due eom --repeat 'monthly on the last day'
  crm task add 周报 --due 下周五 --repeat 每周五 --remind 提前1小时";

const DONE_EXAMPLES: &str = "Examples:
  crm task done T1
  crm task list -w is:overdue --format ids | crm task done -";

const CANCEL_EXAMPLES: &str = "Examples:
  crm task cancel T1
  crm task cancel T1 --series";

const SNOOZE_EXAMPLES: &str = "Examples:
  crm task snooze T1 monday
  crm task snooze T1 T2 +3d
  crm task snooze -w is:overdue tomorrow
  crm task snooze T1 下周三";

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    nouns::trash_verbs(
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand(verb("add", "Add a task", add_args))
            .subcommand(verb("list", "List tasks", ListArgs::augment_args))
            .subcommand(verb("show", "Show tasks", ShowArgs::augment_args))
            .subcommand(verb("set", "Change fields of tasks", SetArgs::augment_args))
            .subcommand(nouns::edit_verb())
            .subcommand(verb(
                "done",
                "Mark tasks as done; one that repeats comes again",
                done_args,
            ))
            .subcommand(verb("cancel", "Call tasks off", cancel_args))
            .subcommand(verb("snooze", "Put tasks off", snooze_args))
            .subcommand(verb("note", "Add to the note of a task", NoteArgs::augment_args))
            .subcommand(verb("reopen", "Open tasks again", TargetArgs::augment_args))
            .subcommand(verb("tag", "Put labels on tasks", TagArgs::augment_args))
            .subcommand(verb("untag", "Take labels off tasks", TagArgs::augment_args))
            .subcommand(verb("assign", "Give tasks to a user", AssignArgs::augment_args)),
    )
}

fn add_args(command: Command) -> Command {
    AddArgs::augment_args(command).after_help(ADD_EXAMPLES)
}

fn done_args(command: Command) -> Command {
    TargetArgs::augment_args(command).after_help(DONE_EXAMPLES)
}

fn cancel_args(command: Command) -> Command {
    CancelArgs::augment_args(command).after_help(CANCEL_EXAMPLES)
}

fn snooze_args(command: Command) -> Command {
    SnoozeArgs::augment_args(command).after_help(SNOOZE_EXAMPLES)
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
        Some(("edit", matches)) => edit::edit(ctx, noun, &parsed(matches)?, task::edit),
        Some(("assign", matches)) => records::assign(ctx, noun, &parsed(matches)?, task::edit),
        Some(("done", matches)) => each(ctx, &parsed(matches)?, ["mark as done", "Done"], task::done),
        Some(("reopen", matches)) => each(ctx, &parsed(matches)?, ["reopen", "Reopened"], task::reopen),
        Some(("cancel", matches)) => {
            let args: CancelArgs = parsed(matches)?;
            let act = if args.series {
                task::cancel_series
            } else {
                task::cancel
            };
            each(ctx, &args.target, ["call off", "Cancelled"], act)
        }
        Some(("note", matches)) => note::note(ctx, noun, &parsed(matches)?),
        Some(("snooze", matches)) => snooze(ctx, &parsed(matches)?),
        Some((verb, matches)) => nouns::trash(ctx, noun, verb, &parsed(matches)?),
        None => Err(Error::usage("no verb was given")),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let mut session = ctx.open(Access::Create)?;
    let assignee = args.assignee.unwrap_or_else(|| session.caller.actor.name.clone());
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
    .chain(
        args.remind
            .into_iter()
            .map(|when| ("remind".to_owned(), Input::Text(when))),
    )
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
    let Some((phrase, references)) = args.words.split_last() else {
        return Err(Error::usage("say until when"));
    };
    let act = |tx: &WriteTx<'_>, id: Id| task::snooze(tx, id, phrase).map(drop);
    let named = ["due"];
    let deed = Deed {
        title: &|what| format!("Put off {what}: {phrase}"),
        grade: Grade::Selected,
        told: Some("due"),
        ..Deed::new(Noun::Task, "put off", &named, &act)
    };
    bulk::run(ctx, &args.bulk, references, &deed)
}

fn each(
    ctx: &Ctx,
    args: &TargetArgs,
    [verb, what]: [&str; 2],
    work: fn(&WriteTx<'_>, Id) -> Result<Outcome>,
) -> Result<()> {
    let act = |tx: &WriteTx<'_>, id: Id| work(tx, id).map(drop);
    let named = ["status"];
    let deed = Deed {
        title: &|tasks| format!("{what}: {tasks}"),
        grade: Grade::Selected,
        afterword: Some(&|tx, id| comes_next(ctx, tx, id)),
        ..Deed::new(Noun::Task, verb, &named, &act)
    };
    bulk::run(ctx, &args.bulk, &args.references, &deed)
}

/// Says which task a repeating one has brought about.
fn comes_next(ctx: &Ctx, tx: &ReadTx<'_>, id: Id) -> Result<Option<String>> {
    Ok(repeat::next(tx, id)?.map(|next| {
        let (task, due) = (next.task.reference(), phrase::echo(next.due, &ctx.clock));
        format!("{task} {} comes next, due {due}", next.task.name)
    }))
}
