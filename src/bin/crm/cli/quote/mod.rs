//! `crm quote`: what was offered, until when, and what was said to it.

use std::cell::Cell;

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::sale::QuoteStatus;
use crm::domain::when::{Leaning, instant, read};
use crm::error::{Error, Result};
use crm::ops::quote::{self, Move};
use crm::ops::refer;
use crm::ops::typed::Policy;
use crm::store::{ReadTx, WriteTx};
use jiff::civil::Date;

use crate::cli::args::{AssignArgs, ListArgs, SetArgs, TagArgs, TargetArgs};
use crate::cli::bulk::{self, Deed, Grade};
use crate::cli::given::{many, one};
use crate::cli::note::{self, NoteArgs};
use crate::cli::show::{self, ShowArgs};
use crate::cli::{edit, nouns, paper, parsed, records, tags, written};
use crate::ctx::{Access, Ctx};

/// Add a quote
#[derive(Debug, Args)]
struct AddArgs {
    /// What it is called; without it, what stands in its first line
    name: Option<String>,
    /// Customer to whom it is made
    #[arg(long, value_name = "REF", required_unless_present = "deal")]
    customer: Option<String>,
    /// Deal that it is made for; its customer, person and lines, unless others are given
    #[arg(long, value_name = "REF")]
    deal: Option<String>,
    /// Person to speak with about it
    #[arg(long, value_name = "REF")]
    contact: Option<String>,
    /// What is offered: 'SKU x3 @189 -10% +19%'; may be given several times
    #[arg(long, value_name = "LINE")]
    line: Vec<String>,
    /// Currency of all amounts
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Whether taxes are added to the prices or included in them: added, included
    #[arg(long)]
    tax: Option<String>,
    /// Off the whole: 10% or an amount
    #[arg(long)]
    discount: Option<String>,
    /// What sending it costs
    #[arg(long, value_name = "AMOUNT")]
    shipping: Option<String>,
    /// Last day on which it can be accepted; 30 days from today if none is given, `none` for no end
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    until: Option<String>,
    /// Conditions, as printed
    #[arg(long, value_name = "TEXT")]
    terms: Option<String>,
    /// User who looks after it
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Label; may be given several times
    #[arg(long, value_name = "T")]
    tag: Vec<String>,
    /// Any other field, or a custom one as fields.KEY
    #[arg(long = "field", value_name = "K=V")]
    fields: Vec<String>,
    /// Free text
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

// Quotes that customers get, or have again. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct SendArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Day on which the customer got it; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
    /// Last day on which it can be accepted
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    until: Option<String>,
}

// Quotes that are open again.
#[derive(Debug, Args)]
struct ReopenArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Last day on which it can be accepted
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    until: Option<String>,
}

// Quotes of which nothing comes.
#[derive(Debug, Args)]
struct EndArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Day on which it was; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

// One quote that is accepted.
#[derive(Debug, Args)]
struct AcceptArgs {
    /// The quote
    #[arg(value_name = "REF")]
    reference: String,
    /// Day on which it was; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
    /// Make no order of it
    #[arg(long)]
    no_order: bool,
}

// One quote that is offered anew.
#[derive(Debug, Args)]
struct ReviseArgs {
    /// The quote
    #[arg(value_name = "REF")]
    reference: String,
    /// Last day on which the new version can be accepted; 30 days from today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    until: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    let command = nouns::trash_verbs(
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand(verb("add", "Add a quote", AddArgs::augment_args))
            .subcommand(verb("list", "List quotes", ListArgs::augment_args))
            .subcommand(verb("show", "Show quotes", ShowArgs::augment_args))
            .subcommand(verb("set", "Change fields of quotes", SetArgs::augment_args))
            .subcommand(nouns::edit_verb())
            .subcommand(verb("send", "Customers have got quotes", SendArgs::augment_args))
            .subcommand(verb(
                "accept",
                "A customer said yes: makes the order, and other versions void",
                AcceptArgs::augment_args,
            ))
            .subcommand(verb("reject", "Customers said no", EndArgs::augment_args))
            .subcommand(verb("void", "Quotes are good no more", EndArgs::augment_args))
            .subcommand(verb(
                "revise",
                "Offer anew: another version, as a draft",
                ReviseArgs::augment_args,
            ))
            .subcommand(verb(
                "reopen",
                "Take back what was decided about quotes",
                ReopenArgs::augment_args,
            ))
            .subcommand(verb(
                "note",
                "Write something down about a quote",
                NoteArgs::augment_args,
            ))
            .subcommand(verb("tag", "Put labels on quotes", TagArgs::augment_args))
            .subcommand(verb("untag", "Take labels off quotes", TagArgs::augment_args))
            .subcommand(verb("assign", "Give quotes to a user", AssignArgs::augment_args)),
    );
    paper::define(command, "Print a quote as a document for the customer")
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let noun = Noun::Quote;
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("send", matches)) => send(ctx, &parsed(matches)?),
        Some(("accept", matches)) => accept(ctx, &parsed(matches)?),
        Some(("reject", matches)) => ended(
            ctx,
            &parsed(matches)?,
            QuoteStatus::Rejected,
            ["reject", "Rejected"],
        ),
        Some(("void", matches)) => ended(ctx, &parsed(matches)?, QuoteStatus::Void, ["void", "Made void"]),
        Some(("revise", matches)) => revise(ctx, &parsed(matches)?),
        Some(("reopen", matches)) => reopen(ctx, &parsed(matches)?),
        Some(("print", matches)) => paper::run(ctx, noun, &parsed(matches)?),
        Some(("tag", matches)) => tags::tag(ctx, noun, &parsed(matches)?),
        Some(("untag", matches)) => tags::untag(ctx, noun, &parsed(matches)?),
        Some(("note", matches)) => note::note(ctx, noun, &parsed(matches)?),
        Some(("assign", matches)) => records::assign(ctx, noun, &parsed(matches)?, quote::edit),
        Some(("list", matches)) => records::list(ctx, noun, &parsed(matches)?, &[]),
        Some(("show", matches)) => show::of(ctx, noun, &parsed(matches)?),
        Some(("set", matches)) => records::set(ctx, noun, &parsed(matches)?, quote::edit),
        Some(("edit", matches)) => edit::edit(ctx, noun, &parsed(matches)?, quote::edit),
        Some((verb, matches)) => nouns::trash(ctx, noun, verb, &parsed(matches)?),
        None => Err(Error::usage("no verb was given")),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let mut session = ctx.open(Access::Create)?;
    let owner = args.owner.unwrap_or_else(|| session.caller.actor.name.clone());
    let until = args.until.map(|until| match until.trim() {
        "none" => ("valid_until".to_owned(), Input::Clear),
        _ => ("valid_until".to_owned(), Input::Text(until)),
    });
    let mut assignments: Vec<Assignment> = [
        one("name", args.name),
        one("customer", args.customer),
        one("deal", args.deal),
        one("contact", args.contact),
        many("lines", args.line),
        one("currency", args.currency),
        one("tax", args.tax),
        one("discount", args.discount),
        one("shipping", args.shipping),
        until,
        one("terms", args.terms),
        one("owner", Some(owner)),
        many("tags", args.tag),
        one("note", args.note),
    ]
    .into_iter()
    .flatten()
    .collect();
    for field in &args.fields {
        assignments.push(records::assignment(field)?);
    }
    let (outcome, op) = session.write(ctx, |tx| quote::add(tx, &assignments, &Policy::strict()))?;
    written::echo(ctx, &session, Noun::Quote, outcome.id, "valid_until")?;
    written::added(ctx, &session, Noun::Quote, outcome.id, None, op.as_ref())
}

/// Notes of each quote that the customer has it.
fn send(ctx: &Ctx, args: &SendArgs) -> Result<()> {
    moved(ctx, &args.target, ["send", "Sent"], &|tx, id| {
        let step = Move {
            on: day(tx, "on", args.on.as_deref(), Leaning::Past)?,
            until: day(tx, "until", args.until.as_deref(), Leaning::Future)?,
            reason: None,
        };
        quote::move_to(tx, id, QuoteStatus::Sent, &step).map(drop)
    })
}

fn reopen(ctx: &Ctx, args: &ReopenArgs) -> Result<()> {
    moved(ctx, &args.target, ["reopen", "Reopened"], &|tx, id| {
        let step = Move {
            until: day(tx, "until", args.until.as_deref(), Leaning::Future)?,
            ..Move::default()
        };
        quote::reopen(tx, id, &step).map(drop)
    })
}

fn ended(ctx: &Ctx, args: &EndArgs, to: QuoteStatus, words: [&str; 2]) -> Result<()> {
    moved(ctx, &args.target, words, &|tx, id| {
        let step = Move {
            on: day(tx, "on", args.on.as_deref(), Leaning::Past)?,
            until: None,
            reason: args.reason.clone(),
        };
        quote::move_to(tx, id, to, &step).map(drop)
    })
}

/// Moves each quote; the words are the verb and what the title of the operation begins with.
fn moved(
    ctx: &Ctx,
    target: &TargetArgs,
    [verb, past]: [&str; 2],
    act: &dyn Fn(&WriteTx<'_>, Id) -> Result<()>,
) -> Result<()> {
    let deed = Deed {
        title: &|what| format!("{past} {what}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Quote, verb, &[], act)
    };
    bulk::run(ctx, &target.bulk, &target.references, &deed)
}

/// Accepts a quote and prints the order that was made of it, now or before; without one, the quote.
fn accept(ctx: &Ctx, args: &AcceptArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let about = Cell::new(None);
    let (accepted, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Quote, &args.reference)?;
        about.set(Some(id));
        let on = day(tx, "on", args.on.as_deref(), Leaning::Past)?;
        quote::accept(tx, id, on, !args.no_order)
    })?;
    if !accepted.changed {
        ctx.ui
            .note(&format!("quote {} was accepted before", args.reference));
    }
    match (accepted.order, about.get()) {
        (Some(order), _) if accepted.changed => {
            written::added(ctx, &session, Noun::Order, order, None, op.as_ref())
        }
        (Some(order), _) => written::report(ctx, &session, Noun::Order, &[order], op.as_ref()),
        (None, Some(id)) => written::report(ctx, &session, Noun::Quote, &[id], op.as_ref()),
        (None, None) => Ok(()),
    }
}

fn revise(ctx: &Ctx, args: &ReviseArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Quote, &args.reference)?;
        let until = day(tx, "until", args.until.as_deref(), Leaning::Future)?;
        quote::revise(tx, id, until)
    })?;
    written::echo(ctx, &session, Noun::Quote, outcome.id, "valid_until")?;
    written::added(ctx, &session, Noun::Quote, outcome.id, None, op.as_ref())
}

/// The day that a phrase means.
fn day(tx: &ReadTx<'_>, name: &str, phrase: Option<&str>, leaning: Leaning) -> Result<Option<Date>> {
    let Some(phrase) = phrase else { return Ok(None) };
    let when = read(phrase, &tx.caller().reading(leaning)).map_err(|error| error.on_field(name))?;
    let day = instant::first_day(when);
    day.map(Some)
        .ok_or_else(|| Error::invalid(name, format!("{name}: {phrase:?} is no day")))
}
