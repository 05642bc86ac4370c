//! `crm log` and `crm activity`: what happened.

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Ref;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::activity::{self, Follow, NextStep};
use crm::ops::refer;
use crm::ops::typed::Policy;
use crm::store::links;

use crate::cli::args::{ListArgs, SetArgs, TagArgs};
use crate::cli::given::one;
use crate::cli::show::{self, ShowArgs};
use crate::cli::{edit, nouns, parsed, records, tags, written};
use crate::ctx::{Access, Ctx};

/// Log what happened with a customer
#[derive(Debug, Args)]
struct LogArgs {
    /// Customer; or a deal by its ref (D1), which is logged with its customer
    #[arg(value_name = "REF")]
    reference: String,
    /// call, email, meeting, message, visit, demo or note
    #[arg(value_name = "TYPE")]
    kind: String,
    /// What was said or done
    text: String,
    /// When: now if nothing is given; 2h ago, yesterday 15:00
    #[arg(long, value_name = "PHRASE", allow_hyphen_values = true)]
    at: Option<String>,
    /// How long: 18m, 1h30m
    #[arg(long, value_name = "DURATION")]
    duration: Option<String>,
    /// How it went: connected, left_message, no_answer …
    #[arg(long, value_name = "O")]
    outcome: Option<String>,
    /// in or out
    #[arg(long, value_name = "D")]
    direction: Option<String>,
    /// Deal it was about
    #[arg(long, value_name = "REF")]
    deal: Option<String>,
    /// Stage that the deal moves to
    #[arg(long, value_name = "S")]
    stage: Option<String>,
    /// What is to be done next
    #[arg(long, value_name = "TITLE")]
    next: Option<String>,
    /// By when it is to be done
    #[arg(long, value_name = "PHRASE", requires = "next")]
    due: Option<String>,
}

pub(crate) fn define_log(command: Command) -> Command {
    LogArgs::augment_args(command)
}

pub(crate) fn log(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: LogArgs = parsed(matches)?;
    let noun = match Ref::parse(&args.reference) {
        Some(reference) if reference.noun == Noun::Deal => Noun::Deal,
        _ => Noun::Customer,
    };
    if noun == Noun::Deal && args.deal.is_some() {
        return Err(Error::usage(
            "name the deal once: as what is logged, or with --deal",
        ));
    }
    let planned = args.next.is_some();
    let mut session = ctx.open(Access::Create)?;
    let assignments: Vec<Assignment> = [
        one("type", Some(args.kind)),
        one("text", Some(args.text)),
        one("at", args.at),
        one("duration", args.duration),
        one("outcome", args.outcome),
        one("direction", args.direction),
        one("deal", args.deal),
        one("owner", Some(session.caller.actor.name.clone())),
    ]
    .into_iter()
    .flatten()
    .collect();
    let follow = Follow {
        next: args.next.map(|title| NextStep { title, due: args.due }),
        stage: args.stage,
    };
    let (outcome, op) = session.write(ctx, |tx| {
        let mut assignments = assignments.clone();
        let about = refer::one(tx, noun, &args.reference)?;
        assignments.push((noun.name().to_owned(), Input::text(about.uid())));
        activity::log(tx, &assignments, &follow, &Policy::strict())
    })?;
    if planned || ctx.global.dry_run {
        return written::report(ctx, &session, Noun::Activity, &[outcome.id], op.as_ref());
    }
    let about = session.store.read(&session.caller, |tx| {
        let about = refer::one(tx, noun, &args.reference)?;
        links::link(tx, noun, about)
    })?;
    let about = about.map(|link| link.reference().to_string());
    written::added(
        ctx,
        &session,
        Noun::Activity,
        outcome.id,
        about.as_deref(),
        op.as_ref(),
    )
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    nouns::trash_verbs(
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand(verb(
                "add",
                "Log what happened, as `crm log` does",
                LogArgs::augment_args,
            ))
            .subcommand(verb("list", "List activities", ListArgs::augment_args))
            .subcommand(verb("show", "Show activities", ShowArgs::augment_args))
            .subcommand(verb("set", "Change fields of activities", SetArgs::augment_args))
            .subcommand(nouns::edit_verb())
            .subcommand(verb("tag", "Put labels on activities", TagArgs::augment_args))
            .subcommand(verb("untag", "Take labels off activities", TagArgs::augment_args)),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let noun = Noun::Activity;
    match matches.subcommand() {
        Some(("add", matches)) => log(ctx, matches),
        Some(("list", matches)) => records::list(ctx, noun, &parsed(matches)?, &[]),
        Some(("show", matches)) => show::of(ctx, noun, &parsed(matches)?),
        Some(("set", matches)) => records::set(ctx, noun, &parsed(matches)?, activity::edit),
        Some(("edit", matches)) => edit::edit(ctx, noun, &parsed(matches)?, activity::edit),
        Some(("tag", matches)) => tags::tag(ctx, noun, &parsed(matches)?),
        Some(("untag", matches)) => tags::untag(ctx, noun, &parsed(matches)?),
        Some((verb, matches)) => nouns::trash(ctx, noun, verb, &parsed(matches)?),
        None => Err(Error::usage("no verb was given")),
    }
}
