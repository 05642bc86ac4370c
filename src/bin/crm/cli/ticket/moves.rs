//! Tickets on their way: take, assign, advance, wait, resume, resolve, close, cancel, reopen.

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Id;
use crm::domain::input::Input;
use crm::domain::noun::Noun;
use crm::domain::ticket::{STEPS, Step, Wait};
use crm::error::{Error, Result};
use crm::ops::draft::Lists;
use crm::ops::feedback::{self, Rating};
use crm::ops::ticket::{self, join, steps};
use crm::ops::typed::{self, Policy};
use crm::store::WriteTx;

use crate::cli::args::{BulkArgs, TargetArgs};
use crate::cli::bulk::{self, Afterword, Deed, Grade};
use crate::cli::parsed;
use crate::ctx::Ctx;

// Tickets, and when. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct WhenArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// When it was; now if nothing is given
    #[arg(long, value_name = "PHRASE", allow_hyphen_values = true)]
    at: Option<String>,
}

// Tickets, and who gets them.
#[derive(Debug, Args)]
struct GiveArgs {
    /// References (`-` reads them from stdin) and, last, the user; `none` for nobody
    #[arg(value_name = "REF… USER", required = true)]
    words: Vec<String>,
    #[command(flatten)]
    bulk: BulkArgs,
    /// When it was; now if nothing is given
    #[arg(long, value_name = "PHRASE", allow_hyphen_values = true)]
    at: Option<String>,
}

// Tickets, and the step they come to.
#[derive(Debug, Args)]
struct AdvanceArgs {
    /// References (`-` reads them from stdin) and, last, the step; without one, the next
    #[arg(value_name = "REF… [STEP]")]
    words: Vec<String>,
    #[command(flatten)]
    bulk: BulkArgs,
    /// When it was; now if nothing is given
    #[arg(long, value_name = "PHRASE", allow_hyphen_values = true)]
    at: Option<String>,
    #[command(flatten)]
    csat: CsatArgs,
}

// How satisfied the customer is with a ticket that ends.
#[derive(Debug, Args)]
struct CsatArgs {
    /// How satisfied the customer is, from 1 to 5: answers the survey of type csat
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    csat: Option<String>,
    /// Survey that is answered, where several of type csat are asked
    #[arg(long, value_name = "KEY", requires = "csat")]
    survey: Option<String>,
    /// What the customer says
    #[arg(long, value_name = "TEXT", requires = "csat", allow_hyphen_values = true)]
    comment: Option<String>,
}

impl CsatArgs {
    fn rating(&self) -> Option<Rating<'_>> {
        self.csat.as_deref().map(|score| Rating {
            score,
            survey: self.survey.as_deref(),
            comment: self.comment.as_deref(),
        })
    }
}

// Tickets that are done, and how satisfied the customer is.
#[derive(Debug, Args)]
struct CloseArgs {
    #[command(flatten)]
    when: WhenArgs,
    #[command(flatten)]
    csat: CsatArgs,
}

// Tickets, and for whom they wait.
#[derive(Debug, Args)]
struct WaitArgs {
    #[command(flatten)]
    when: WhenArgs,
    /// For whom: customer, third_party
    #[arg(long = "for", value_name = "WHOM", default_value = "customer")]
    whom: String,
}

// Tickets, and how they were solved.
#[derive(Debug, Args)]
struct ResolveArgs {
    #[command(flatten)]
    when: WhenArgs,
    /// How it was solved
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    solution: Option<String>,
    /// Why it happened
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    cause: Option<String>,
    /// Those too that it is the problem behind
    #[arg(long)]
    children: bool,
}

// Tickets, and why.
#[derive(Debug, Args)]
struct CancelArgs {
    #[command(flatten)]
    when: WhenArgs,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

// Tickets, and why they come back.
#[derive(Debug, Args)]
struct ReopenArgs {
    #[command(flatten)]
    when: WhenArgs,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

/// Adds the verbs.
pub(super) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    command
        .subcommand(verb("take", "Work on tickets yourself", WhenArgs::augment_args))
        .subcommand(verb("assign", "Give tickets to a user", GiveArgs::augment_args))
        .subcommand(verb(
            "advance",
            "Move tickets to the next step, or to another",
            AdvanceArgs::augment_args,
        ))
        .subcommand(verb("wait", "Wait for somebody outside", WaitArgs::augment_args))
        .subcommand(verb(
            "resume",
            "Go on with tickets that waited",
            WhenArgs::augment_args,
        ))
        .subcommand(verb(
            "resolve",
            "Say how tickets were solved",
            ResolveArgs::augment_args,
        ))
        .subcommand(verb("close", "Close solved tickets", CloseArgs::augment_args))
        .subcommand(verb(
            "cancel",
            "Nothing comes of tickets",
            CancelArgs::augment_args,
        ))
        .subcommand(verb(
            "reopen",
            "Take up solved or closed tickets again",
            ReopenArgs::augment_args,
        ))
}

pub(super) fn run(ctx: &Ctx, verb: &str, matches: &ArgMatches) -> Result<()> {
    match verb {
        "take" => take(ctx, &parsed(matches)?),
        "assign" => give(ctx, &parsed(matches)?),
        "advance" => advance(ctx, &parsed(matches)?),
        "wait" => {
            let args: WaitArgs = parsed(matches)?;
            let word = typed::word("for", &["customer", "third_party"], &args.whom)?;
            let wait = Wait::parse(word).ok_or_else(|| Error::usage("nobody waits for that"))?;
            waits(ctx, &args.when, wait, ["wait with", "Waiting with"])
        }
        "resume" => waits(
            ctx,
            &parsed(matches)?,
            Wait::Nobody,
            ["go on with", "Went on with"],
        ),
        "resolve" => resolve(ctx, &parsed(matches)?),
        "close" => {
            let args: CloseArgs = parsed(matches)?;
            let (at, rating) = (args.when.at.as_deref(), args.csat.rating());
            let act = |tx: &WriteTx<'_>, id: Id| match &rating {
                Some(rating) => feedback::close(tx, id, Some(Step::Closed), at, rating).map(drop),
                None => steps::close(tx, id, at).map(drop),
            };
            moved(
                ctx,
                &args.when.target,
                ["close", "Closed"],
                &act,
                Some(&join::still_open),
            )
        }
        "cancel" => {
            let args: CancelArgs = parsed(matches)?;
            let at = args.when.at.as_deref();
            let act = |tx: &WriteTx<'_>, id: Id| steps::cancel(tx, id, &args.reason, at).map(drop);
            moved(ctx, &args.when.target, ["cancel", "Cancelled"], &act, None)
        }
        _ => {
            let args: ReopenArgs = parsed(matches)?;
            let (reason, at) = (args.reason.as_deref(), args.when.at.as_deref());
            let act = |tx: &WriteTx<'_>, id: Id| steps::reopen(tx, id, reason, at).map(drop);
            moved(ctx, &args.when.target, ["reopen", "Reopened"], &act, None)
        }
    }
}

/// Does something to each ticket; the words are the verb and what the title of the operation begins with.
fn moved(
    ctx: &Ctx,
    target: &TargetArgs,
    [verb, past]: [&str; 2],
    act: &dyn Fn(&WriteTx<'_>, Id) -> Result<()>,
    afterword: Option<&Afterword<'_>>,
) -> Result<()> {
    let deed = Deed {
        title: &|what| format!("{past} {what}"),
        grade: Grade::Selected,
        afterword,
        ..Deed::new(Noun::Ticket, verb, &[], act)
    };
    bulk::run(ctx, &target.bulk, &target.references, &deed)
}

fn take(ctx: &Ctx, args: &WhenArgs) -> Result<()> {
    let at = args.at.as_deref();
    let act = |tx: &WriteTx<'_>, id: Id| steps::assign(tx, id, tx.caller().actor.id, at).map(drop);
    moved(ctx, &args.target, ["take", "Took"], &act, None)
}

fn give(ctx: &Ctx, args: &GiveArgs) -> Result<()> {
    let Some((user, references)) = args.words.split_last() else {
        return Err(Error::usage("name a user"));
    };
    let at = args.at.as_deref();
    let act = |tx: &WriteTx<'_>, id: Id| match user.as_str() {
        "none" => {
            let nobody = [("assignee".to_owned(), Input::Clear)];
            ticket::edit(tx, id, &nobody, Lists::Replace, &Policy::strict()).map(drop)
        }
        user => steps::assign(tx, id, steps::user(tx, user)?, at).map(drop),
    };
    let target = TargetArgs {
        references: references.to_vec(),
        bulk: args.bulk.clone(),
    };
    let past = format!("Assigned to {user}:");
    moved(ctx, &target, ["assign", &past], &act, None)
}

fn advance(ctx: &Ctx, args: &AdvanceArgs) -> Result<()> {
    let mut references = args.words.clone();
    let is_step = |word: &&String| STEPS.contains(&word.to_lowercase().as_str());
    let step = references.last().filter(is_step).map(|word| word.to_lowercase());
    let to = step.as_deref().and_then(Step::parse);
    if to.is_some() {
        references.pop();
    }
    let (at, rating) = (args.at.as_deref(), args.csat.rating());
    let act = |tx: &WriteTx<'_>, id: Id| match &rating {
        Some(rating) => feedback::close(tx, id, to, at, rating).map(drop),
        None => steps::advance(tx, id, to, at).map(drop),
    };
    let target = TargetArgs {
        references,
        bulk: args.bulk.clone(),
    };
    moved(ctx, &target, ["move", "Moved"], &act, None)
}

fn waits(ctx: &Ctx, args: &WhenArgs, wait: Wait, words: [&str; 2]) -> Result<()> {
    let at = args.at.as_deref();
    let act = |tx: &WriteTx<'_>, id: Id| steps::wait(tx, id, wait, at).map(drop);
    moved(ctx, &args.target, words, &act, None)
}

fn resolve(ctx: &Ctx, args: &ResolveArgs) -> Result<()> {
    let given = steps::Solution {
        solution: args.solution.as_deref(),
        root_cause: args.cause.as_deref(),
        children: args.children,
        at: args.when.at.as_deref(),
    };
    let act = |tx: &WriteTx<'_>, id: Id| steps::resolve(tx, id, &given).map(drop);
    moved(
        ctx,
        &args.when.target,
        ["resolve", "Resolved"],
        &act,
        Some(&join::still_open),
    )
}
