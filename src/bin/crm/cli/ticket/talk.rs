//! What is said about tickets: replies, messages of customers, notes, visits.

use clap::{ArgMatches, Args, Command};
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::refer;
use crm::ops::ticket::talk::{self, Said};

use crate::cli::given::one;
use crate::cli::note::{self, NoteArgs};
use crate::cli::{parsed, written};
use crate::ctx::{Access, Ctx};

// What was said, how and when. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct SaidArgs {
    /// The ticket
    #[arg(value_name = "REF")]
    reference: String,
    /// Text; `-` reads it from stdin, `@FILE` from a file
    #[arg(allow_hyphen_values = true)]
    text: String,
    /// How it went: phone, email, web, wechat, chat, visit …
    #[arg(long)]
    channel: Option<String>,
    /// When it was; now if nothing is given
    #[arg(long, value_name = "PHRASE", allow_hyphen_values = true)]
    at: Option<String>,
    /// No person said it: it is no answer, and wakes nothing
    #[arg(long)]
    automatic: bool,
}

// What we said.
#[derive(Debug, Args)]
struct ReplyArgs {
    #[command(flatten)]
    said: SaidArgs,
    /// Wait for the customer then
    #[arg(long)]
    wait: bool,
}

// What the customer said.
#[derive(Debug, Args)]
struct ReceiveArgs {
    #[command(flatten)]
    said: SaidArgs,
    /// Who said it; the contact or the customer, unless another is named
    #[arg(long, value_name = "REF")]
    from: Option<String>,
}

// A visit after the sale.
#[derive(Debug, Args)]
struct VisitArgs {
    /// The ticket
    #[arg(value_name = "REF")]
    reference: String,
    /// What was found and done
    text: String,
    /// What it was: visit, call, meeting, message
    #[arg(long = "type", value_name = "TYPE", default_value = "visit")]
    kind: String,
    /// When: now if nothing is given; 2h ago, yesterday 15:00
    #[arg(long, value_name = "PHRASE", allow_hyphen_values = true)]
    at: Option<String>,
    /// How long: 45m, 1h30m
    #[arg(long, value_name = "DURATION")]
    duration: Option<String>,
    /// How it went: positive, neutral, negative …
    #[arg(long, value_name = "O")]
    outcome: Option<String>,
}

/// Adds the verbs.
pub(super) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    command
        .subcommand(verb("reply", "Answer the customer", ReplyArgs::augment_args))
        .subcommand(verb(
            "receive",
            "Take down what the customer said",
            ReceiveArgs::augment_args,
        ))
        .subcommand(verb(
            "note",
            "Write something down for us alone",
            NoteArgs::augment_args,
        ))
        .subcommand(verb(
            "visit",
            "Log a visit, or another service, for a ticket",
            VisitArgs::augment_args,
        ))
}

pub(super) fn run(ctx: &Ctx, verb: &str, matches: &ArgMatches) -> Result<()> {
    match verb {
        "reply" => {
            let args: ReplyArgs = parsed(matches)?;
            said(ctx, &args.said, Way::Out { waits: args.wait })
        }
        "receive" => {
            let args: ReceiveArgs = parsed(matches)?;
            said(
                ctx,
                &args.said,
                Way::In {
                    from: args.from.as_deref(),
                },
            )
        }
        _ => visit(ctx, parsed(matches)?),
    }
}

/// Whether we said it, or the customer.
#[derive(Clone, Copy)]
enum Way<'a> {
    Out { waits: bool },
    In { from: Option<&'a str> },
}

fn said(ctx: &Ctx, args: &SaidArgs, way: Way<'_>) -> Result<()> {
    let text = note::text(&args.text)?;
    let said = Said {
        text: &text,
        channel: args.channel.as_deref(),
        at: args.at.as_deref(),
        is_automatic: args.automatic,
        waits: matches!(way, Way::Out { waits: true }),
    };
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Ticket, &args.reference)?;
        match way {
            Way::Out { .. } => talk::reply(tx, id, &said),
            Way::In { from } => {
                let from = from
                    .map(|from| refer::one(tx, Noun::Customer, from))
                    .transpose()?;
                talk::receive(tx, id, &said, from)
            }
        }
    })?;
    written::report(ctx, &session, Noun::Ticket, &[outcome.id], op.as_ref())
}

fn visit(ctx: &Ctx, args: VisitArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let assignments: Vec<Assignment> = [
        one("type", Some(args.kind)),
        one("text", Some(args.text)),
        one("at", args.at),
        one("duration", args.duration),
        one("outcome", args.outcome),
        one("owner", Some(session.caller.actor.name.clone())),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (outcome, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Ticket, &args.reference)?;
        talk::visit(tx, id, &assignments)
    })?;
    written::report(ctx, &session, Noun::Activity, &[outcome.id], op.as_ref())
}
