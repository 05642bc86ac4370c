//! Tickets that belong together, and articles that helped them: merge, link, unlink.

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::article::helped;
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

// Tickets, the problem behind them, and what helped them.
#[derive(Debug, Args)]
struct LinkArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Ticket with the problem behind them
    #[arg(long, value_name = "REF", required_unless_present = "article")]
    parent: Option<String>,
    /// Article that helped them; may be given several times
    #[arg(long, value_name = "ARTICLE")]
    article: Vec<String>,
}

// Tickets, and what did not help them.
#[derive(Debug, Args)]
struct UnlinkArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Article that did not help them, in place of the problem; may be given several times
    #[arg(long, value_name = "ARTICLE")]
    article: Vec<String>,
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
            "Say which problem is behind tickets, or which articles helped them",
            LinkArgs::augment_args,
        ))
        .subcommand(verb(
            "unlink",
            "Take tickets from their problem, or from articles",
            UnlinkArgs::augment_args,
        ))
}

pub(super) fn run(ctx: &Ctx, verb: &str, matches: &ArgMatches) -> Result<()> {
    match verb {
        "merge" => merge(ctx, &parsed(matches)?),
        "link" => {
            let args: LinkArgs = parsed(matches)?;
            linked(ctx, &args.target, args.parent.as_deref(), &args.article)
        }
        _ => unlinked(ctx, &parsed(matches)?),
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

fn linked(ctx: &Ctx, target: &TargetArgs, parent: Option<&str>, articles: &[String]) -> Result<()> {
    let act = |tx: &WriteTx<'_>, id: Id| {
        if let Some(parent) = parent {
            join::link(tx, id, Some(refer::one(tx, Noun::Ticket, parent)?))?;
        }
        if !articles.is_empty() {
            helped::link(tx, id, &refer::all(tx, Noun::Article, articles)?)?;
        }
        Ok(())
    };
    let fields = [
        parent.map(|_| "parent"),
        Some("articles").filter(|_| !articles.is_empty()),
    ];
    let fields: Vec<&str> = fields.into_iter().flatten().collect();
    let deed = Deed {
        title: &|what| format!("Linked {what}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Ticket, "link", &fields, &act)
    };
    bulk::run(ctx, &target.bulk, &target.references, &deed)
}

fn unlinked(ctx: &Ctx, args: &UnlinkArgs) -> Result<()> {
    let act = |tx: &WriteTx<'_>, id: Id| match args.article.as_slice() {
        [] => join::link(tx, id, None).map(drop),
        articles => helped::unlink(tx, id, &refer::all(tx, Noun::Article, articles)?).map(drop),
    };
    let fields = match args.article.is_empty() {
        true => ["parent"],
        false => ["articles"],
    };
    let deed = Deed {
        title: &|what| format!("Unlinked {what}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Ticket, "unlink", &fields, &act)
    };
    bulk::run(ctx, &args.target.bulk, &args.target.references, &deed)
}
