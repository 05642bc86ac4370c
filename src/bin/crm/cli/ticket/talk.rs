//! What is said about tickets: replies, messages of customers, notes, visits.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::Result;
use crm::ops::article::canned;
use crm::ops::refer;
use crm::ops::ticket::talk::{self, Said};

use crate::cli::given::one;
use crate::cli::note::{self, NoteArgs};
use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx};
use crate::text::sanitise;

// How something was said, and when. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct HowArgs {
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
    /// The ticket
    #[arg(value_name = "REF")]
    reference: String,
    /// Text; `-` reads it from stdin, `@FILE` from a file; it stands below a canned reply
    #[arg(allow_hyphen_values = true, required_unless_present = "canned")]
    text: Option<String>,
    /// Canned reply to send, see `crm article`; --dry-run shows what it says
    #[arg(long, value_name = "ARTICLE")]
    canned: Option<String>,
    #[command(flatten)]
    how: HowArgs,
    /// Wait for the customer then
    #[arg(long)]
    wait: bool,
}

// What the customer said.
#[derive(Debug, Args)]
struct ReceiveArgs {
    /// The ticket
    #[arg(value_name = "REF")]
    reference: String,
    /// Text; `-` reads it from stdin, `@FILE` from a file
    #[arg(allow_hyphen_values = true)]
    text: String,
    #[command(flatten)]
    how: HowArgs,
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
        "reply" => reply(ctx, &parsed(matches)?),
        "receive" => receive(ctx, &parsed(matches)?),
        _ => visit(ctx, parsed(matches)?),
    }
}

impl HowArgs {
    fn said<'t>(&'t self, text: &'t str, waits: bool) -> Said<'t> {
        Said {
            text,
            channel: self.channel.as_deref(),
            at: self.at.as_deref(),
            is_automatic: self.automatic,
            waits,
        }
    }
}

fn reply(ctx: &Ctx, args: &ReplyArgs) -> Result<()> {
    let text = args.text.as_deref().map(note::text).transpose()?;
    let said = args.how.said(text.as_deref().unwrap_or_default(), args.wait);
    let mut session = ctx.open(Access::Write)?;
    let ((outcome, sent), op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Ticket, &args.reference)?;
        match &args.canned {
            Some(article) => {
                let (outcome, sent) = canned::reply(tx, id, article, &said)?;
                Ok((outcome, Some(sent)))
            }
            None => Ok((talk::reply(tx, id, &said)?, None)),
        }
    })?;
    match sent.filter(|_| ctx.global.dry_run) {
        Some(sent) => {
            let columns = [("text", FieldType::LongText)];
            match records::format(ctx)?.is_json() {
                true => records::table(ctx, "reply", &columns, std::iter::once(vec![Value::text(sent)]))?,
                false => writeln!(ctx.ui.out(), "{}", sanitise::block(&sent))?,
            }
            written::told(ctx, op.as_ref());
            Ok(())
        }
        None => written::report(ctx, &session, Noun::Ticket, &[outcome.id], op.as_ref()),
    }
}

fn receive(ctx: &Ctx, args: &ReceiveArgs) -> Result<()> {
    let text = note::text(&args.text)?;
    let said = args.how.said(&text, false);
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Ticket, &args.reference)?;
        let from = args
            .from
            .as_deref()
            .map(|from| refer::one(tx, Noun::Customer, from))
            .transpose()?;
        talk::receive(tx, id, &said, from)
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
