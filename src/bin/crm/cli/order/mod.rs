//! `crm order`: what was bought, how far it is paid and delivered.

mod money;
mod sending;

use clap::{ArgMatches, Args, Command};
use crm::domain::actor::Caller;
use crm::domain::id::Id;
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::domain::sale::OrderStatus;
use crm::domain::when::{Leaning, instant, read};
use crm::error::{Error, Result};
use crm::ops::order;
use crm::ops::typed::Policy;
use crm::store::WriteTx;
use jiff::civil::Date;

use crate::cli::args::{AssignArgs, ListArgs, SetArgs, TagArgs, TargetArgs};
use crate::cli::bulk::{self, Deed, Grade};
use crate::cli::given::{many, one};
use crate::cli::note::{self, NoteArgs};
use crate::cli::show::{self, ShowArgs};
use crate::cli::{edit, nouns, paper, parsed, records, tags, written};
use crate::ctx::{Access, Ctx};

/// Add an order
#[derive(Debug, Args)]
struct AddArgs {
    /// What it is called; without it, what stands in its first line
    name: Option<String>,
    /// Customer who buys
    #[arg(long, value_name = "REF", required_unless_present_any = ["deal", "quote"])]
    customer: Option<String>,
    /// Deal that led to it; its customer, person and lines, unless others are given
    #[arg(long, value_name = "REF")]
    deal: Option<String>,
    /// Quote that is accepted with it; what it says, unless something else is given
    #[arg(long, value_name = "REF")]
    quote: Option<String>,
    /// Person to speak with about it
    #[arg(long, value_name = "REF")]
    contact: Option<String>,
    /// What is bought: 'SKU x3 @189 -10% +19%'; may be given several times
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
    /// Day on which it was ordered; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
    /// Day by which it is to be paid
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    due: Option<String>,
    /// Day by which it is to be delivered
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    promised: Option<String>,
    /// User who looks after it
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Where it came from
    #[arg(long)]
    source: Option<String>,
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

// Orders that move, and when. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct MoveArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Day on which it was; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

// The same, with why.
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

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    let command = nouns::trash_verbs(
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand(verb("add", "Add an order", AddArgs::augment_args))
            .subcommand(verb("list", "List orders", ListArgs::augment_args))
            .subcommand(verb("show", "Show orders", ShowArgs::augment_args))
            .subcommand(verb("set", "Change fields of orders", SetArgs::augment_args))
            .subcommand(nouns::edit_verb())
            .subcommand(verb(
                "confirm",
                "Bind both sides; freezes the rate to the base currency",
                MoveArgs::augment_args,
            ))
            .subcommand(verb("process", "Begin work on orders", MoveArgs::augment_args))
            .subcommand(verb("complete", "Orders are done", MoveArgs::augment_args))
            .subcommand(verb("cancel", "Nothing comes of orders", EndArgs::augment_args))
            .subcommand(verb(
                "return",
                "What was delivered came back",
                EndArgs::augment_args,
            ))
            .subcommand(verb(
                "reopen",
                "Make drafts of cancelled orders again",
                TargetArgs::augment_args,
            ))
            .subcommand(verb(
                "note",
                "Write something down about an order",
                NoteArgs::augment_args,
            ))
            .subcommand(verb("tag", "Put labels on orders", TagArgs::augment_args))
            .subcommand(verb("untag", "Take labels off orders", TagArgs::augment_args))
            .subcommand(verb("assign", "Give orders to a user", AssignArgs::augment_args)),
    );
    paper::define(
        sending::define(money::define(command)),
        "Print an order as a document for the customer",
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let noun = Noun::Order;
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("confirm", matches)) => moved(
            ctx,
            parsed(matches)?,
            OrderStatus::Confirmed,
            ["confirm", "Confirmed"],
        ),
        Some(("process", matches)) => moved(
            ctx,
            parsed(matches)?,
            OrderStatus::Processing,
            ["process", "Began work on"],
        ),
        Some(("complete", matches)) => moved(
            ctx,
            parsed(matches)?,
            OrderStatus::Completed,
            ["complete", "Completed"],
        ),
        Some(("cancel", matches)) => ended(
            ctx,
            &parsed(matches)?,
            OrderStatus::Cancelled,
            ["cancel", "Cancelled"],
        ),
        Some(("return", matches)) => ended(
            ctx,
            &parsed(matches)?,
            OrderStatus::Returned,
            ["return", "Took back"],
        ),
        Some(("reopen", matches)) => {
            let target = parsed(matches)?;
            moved(
                ctx,
                MoveArgs { target, on: None },
                OrderStatus::Draft,
                ["reopen", "Reopened"],
            )
        }
        Some((verb @ ("pay" | "refund" | "payment" | "plan"), matches)) => money::run(ctx, verb, matches),
        Some((verb @ ("ship" | "deliver" | "shipment"), matches)) => sending::run(ctx, verb, matches),
        Some(("print", matches)) => paper::run(ctx, noun, &parsed(matches)?),
        Some(("tag", matches)) => tags::tag(ctx, noun, &parsed(matches)?),
        Some(("untag", matches)) => tags::untag(ctx, noun, &parsed(matches)?),
        Some(("note", matches)) => note::note(ctx, noun, &parsed(matches)?),
        Some(("assign", matches)) => records::assign(ctx, noun, &parsed(matches)?, order::edit),
        Some(("list", matches)) => records::list(ctx, noun, &parsed(matches)?, &[]),
        Some(("show", matches)) => show::of(ctx, noun, &parsed(matches)?),
        Some(("set", matches)) => records::set(ctx, noun, &parsed(matches)?, order::edit),
        Some(("edit", matches)) => edit::edit(ctx, noun, &parsed(matches)?, order::edit),
        Some((verb, matches)) => nouns::trash(ctx, noun, verb, &parsed(matches)?),
        None => Err(Error::usage("no verb was given")),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let mut session = ctx.open(Access::Create)?;
    let owner = args.owner.unwrap_or_else(|| session.caller.actor.name.clone());
    let mut assignments: Vec<Assignment> = [
        one("name", args.name),
        one("customer", args.customer),
        one("deal", args.deal),
        one("quote", args.quote),
        one("contact", args.contact),
        many("lines", args.line),
        one("currency", args.currency),
        one("tax", args.tax),
        one("discount", args.discount),
        one("shipping", args.shipping),
        one("ordered_on", args.on),
        one("due_on", args.due),
        one("promised_on", args.promised),
        one("owner", Some(owner)),
        one("source", args.source),
        many("tags", args.tag),
        one("note", args.note),
    ]
    .into_iter()
    .flatten()
    .collect();
    for field in &args.fields {
        assignments.push(records::assignment(field)?);
    }
    let (outcome, op) = session.write(ctx, |tx| order::add(tx, &assignments, &Policy::strict()))?;
    written::echo(ctx, &session, Noun::Order, outcome.id, "due_on")?;
    written::added(ctx, &session, Noun::Order, outcome.id, None, op.as_ref())
}

fn moved(ctx: &Ctx, args: MoveArgs, to: OrderStatus, words: [&str; 2]) -> Result<()> {
    let args = EndArgs {
        target: args.target,
        reason: None,
        on: args.on,
    };
    ended(ctx, &args, to, words)
}

/// Moves each order; the words are the verb and what the title of the operation begins with.
fn ended(ctx: &Ctx, args: &EndArgs, to: OrderStatus, [verb, past]: [&str; 2]) -> Result<()> {
    let act = |tx: &WriteTx<'_>, id: Id| {
        let on = day(tx.caller(), args.on.as_deref())?;
        order::move_to(tx, id, to, on, args.reason.as_deref()).map(drop)
    };
    let deed = Deed {
        title: &|what| format!("{past} {what}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Order, verb, &[], &act)
    };
    bulk::run(ctx, &args.target.bulk, &args.target.references, &deed)
}

/// The day that a phrase about the past means.
fn day(caller: &Caller, phrase: Option<&str>) -> Result<Option<Date>> {
    let Some(phrase) = phrase else { return Ok(None) };
    let when = read(phrase, &caller.reading(Leaning::Past)).map_err(|error| error.on_field("on"))?;
    let day = instant::first_day(when);
    day.map(Some)
        .ok_or_else(|| Error::invalid("on", format!("on: {phrase:?} is no day")))
}
