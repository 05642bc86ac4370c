//! Tickets that belong together: merge, link, unlink.

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::refer;
use crm::ops::ticket::join;
use crm::store::WriteTx;

use crate::cli::args::TargetArgs;
use crate::cli::bulk::{self, Deed, Grade};
use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx};

// Tickets that are one. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct MergeArgs {
    /// References (`-` reads them from stdin) and, last, the ticket that they live on in
    #[arg(value_name = "REF… INTO", required = true, num_args = 2..)]
    words: Vec<String>,
}

// Tickets, and the problem behind them.
#[derive(Debug, Args)]
struct LinkArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Ticket with the problem behind them
    #[arg(long, value_name = "REF")]
    parent: String,
}

/// Adds the verbs.
pub(super) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    command
        .subcommand(verb(
            "merge",
            "Make one of tickets that were written down twice",
            MergeArgs::augment_args,
        ))
        .subcommand(verb(
            "link",
            "Say which problem is behind tickets",
            LinkArgs::augment_args,
        ))
        .subcommand(verb(
            "unlink",
            "Take tickets from their problem",
            TargetArgs::augment_args,
        ))
}

pub(super) fn run(ctx: &Ctx, verb: &str, matches: &ArgMatches) -> Result<()> {
    match verb {
        "merge" => merge(ctx, &parsed(matches)?),
        "link" => {
            let args: LinkArgs = parsed(matches)?;
            linked(ctx, &args.target, Some(&args.parent))
        }
        _ => linked(ctx, &parsed(matches)?, None),
    }
}

fn merge(ctx: &Ctx, args: &MergeArgs) -> Result<()> {
    let Some((into, from)) = args.words.split_last() else {
        return Ok(());
    };
    let from = records::with_stdin(from)?;
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let into = refer::one(tx, Noun::Ticket, into)?;
        join::merge(tx, &refer::all(tx, Noun::Ticket, &from)?, into)
    })?;
    written::report(ctx, &session, Noun::Ticket, &[outcome.id], op.as_ref())
}

fn linked(ctx: &Ctx, target: &TargetArgs, parent: Option<&str>) -> Result<()> {
    let act = |tx: &WriteTx<'_>, id: Id| {
        let parent = parent
            .map(|parent| refer::one(tx, Noun::Ticket, parent))
            .transpose()?;
        join::link(tx, id, parent).map(drop)
    };
    let (verb, past) = match parent {
        Some(_) => ("link", "Linked"),
        None => ("unlink", "Unlinked"),
    };
    let fields = ["parent"];
    let deed = Deed {
        title: &|what| format!("{past} {what}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Ticket, verb, &fields, &act)
    };
    bulk::run(ctx, &target.bulk, &target.references, &deed)
}
