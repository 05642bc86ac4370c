//! `crm deal`: chances to sell, and how they move.

use clap::{ArgMatches, Args, Command};
use crm::domain::actor::Caller;
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::pipeline::StageType;
use crm::domain::when::{Leaning, instant, read};
use crm::error::{Error, Result};
use crm::ops::bulk::Act;
use crm::ops::deal;
use crm::ops::process;
use crm::ops::typed::Policy;
use crm::store::WriteTx;
use jiff::civil::Date;

use crate::cli::args::{AssignArgs, BulkArgs, ListArgs, SetArgs, TagArgs, TargetArgs};
use crate::cli::bulk::{self, Deed, Grade};
use crate::cli::given::{many, one};
use crate::cli::note::{self, NoteArgs};
use crate::cli::relation::{self, PersonArgs};
use crate::cli::show::{self, ShowArgs};
use crate::cli::{edit, nouns, parsed, records, tags, written};
use crate::ctx::{Access, Ctx};

/// Add a deal
#[derive(Debug, Args)]
struct AddArgs {
    /// What is being sold
    name: String,
    /// Customer it is sold to
    #[arg(
        long,
        value_name = "REF",
        required_unless_present = "no_customer",
        conflicts_with = "no_customer"
    )]
    customer: Option<String>,
    /// The customer is not known yet
    #[arg(long)]
    no_customer: bool,
    /// What it is worth: 48000, 48k, 48kEUR
    #[arg(long)]
    amount: Option<String>,
    /// Currency of the amount
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
    /// Sales process
    #[arg(long, value_name = "P")]
    pipeline: Option<String>,
    /// Stage
    #[arg(long, value_name = "S")]
    stage: Option<String>,
    /// Chance of winning in percent
    #[arg(long, value_name = "PERCENT")]
    probability: Option<String>,
    /// Day on which it should close
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    close: Option<String>,
    /// User who works on it
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Product in it; may be given several times
    #[arg(long, value_name = "P")]
    product: Vec<String>,
    /// Where the deal came from
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

/// Move deals to a stage
#[derive(Debug, Args)]
struct MoveArgs {
    /// Deals (`-` reads them from stdin) and, last, the key or label of the stage
    #[arg(value_name = "REF… STAGE", required = true)]
    words: Vec<String>,
    #[command(flatten)]
    given: GivenArgs,
    #[command(flatten)]
    bulk: BulkArgs,
}

/// Tick off what the stage of deals wants done, or take the ticks away
#[derive(Debug, Args)]
struct CheckArgs {
    /// Deals (`-` reads them from stdin) and, last, the item: its text, a part of it, or its number; `;` between several
    #[arg(value_name = "REF… ITEM", required = true)]
    words: Vec<String>,
    #[command(flatten)]
    bulk: BulkArgs,
}

// What else changes with a move.
#[derive(Debug, Args)]
struct GivenArgs {
    /// Field to set with it: amount=48000, fields.KEY=V; may be given several times
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    set: Vec<String>,
}

/// Win deals
#[derive(Debug, Args)]
struct WinArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    given: GivenArgs,
    /// Day on which it was won; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

/// Lose deals
#[derive(Debug, Args)]
struct LoseArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    given: GivenArgs,
    /// Why: price, competitor, budget …; `other` needs a note
    #[arg(long)]
    reason: String,
    /// What was said
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Day on which it was lost; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    nouns::trash_verbs(
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand(verb("add", "Add a deal", AddArgs::augment_args))
            .subcommand(verb("list", "List deals", ListArgs::augment_args))
            .subcommand(verb("show", "Show deals", ShowArgs::augment_args))
            .subcommand(verb("set", "Change fields of deals", SetArgs::augment_args))
            .subcommand(nouns::edit_verb())
            .subcommand(verb("move", "Move deals to a stage", MoveArgs::augment_args))
            .subcommand(verb(
                "check",
                "Tick off what the stage of deals wants done",
                CheckArgs::augment_args,
            ))
            .subcommand(verb("uncheck", "Take such ticks away", CheckArgs::augment_args))
            .subcommand(verb("win", "Win deals", WinArgs::augment_args))
            .subcommand(verb("lose", "Lose deals", LoseArgs::augment_args))
            .subcommand(verb("reopen", "Reopen closed deals", TargetArgs::augment_args))
            .subcommand(verb(
                "person",
                "Say who has a part in a deal; list those who have",
                PersonArgs::augment_args,
            ))
            .subcommand(verb(
                "note",
                "Write something down about a deal",
                NoteArgs::augment_args,
            ))
            .subcommand(verb("tag", "Put labels on deals", TagArgs::augment_args))
            .subcommand(verb("untag", "Take labels off deals", TagArgs::augment_args))
            .subcommand(verb("assign", "Give deals to a user", AssignArgs::augment_args)),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let noun = Noun::Deal;
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("list", matches)) => records::list(ctx, noun, &parsed(matches)?, &[]),
        Some(("show", matches)) => show::of(ctx, noun, &parsed(matches)?),
        Some(("set", matches)) => records::set(ctx, noun, &parsed(matches)?, deal::edit),
        Some(("tag", matches)) => tags::tag(ctx, noun, &parsed(matches)?),
        Some(("untag", matches)) => tags::untag(ctx, noun, &parsed(matches)?),
        Some(("note", matches)) => note::note(ctx, noun, &parsed(matches)?),
        Some(("edit", matches)) => edit::edit(ctx, noun, &parsed(matches)?, deal::edit),
        Some(("assign", matches)) => records::assign(ctx, noun, &parsed(matches)?, deal::edit),
        Some(("move", matches)) => move_to(ctx, &parsed(matches)?),
        Some(("check", matches)) => check(ctx, &parsed(matches)?, true),
        Some(("uncheck", matches)) => check(ctx, &parsed(matches)?, false),
        Some(("win", matches)) => win(ctx, &parsed(matches)?),
        Some(("lose", matches)) => lose(ctx, &parsed(matches)?),
        Some(("reopen", matches)) => {
            let act = |tx: &WriteTx<'_>, id: Id| deal::reopen(tx, id).map(drop);
            each(ctx, &parsed(matches)?, ["reopen", "Reopened"], &[], &act)
        }
        Some(("person", matches)) => relation::person(ctx, &parsed(matches)?),
        Some((verb, matches)) => nouns::trash(ctx, noun, verb, &parsed(matches)?),
        None => Err(Error::usage("no verb was given")),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let mut session = ctx.open(Access::Create)?;
    let owner = args.owner.unwrap_or_else(|| session.caller.actor.name.clone());
    let amount = match (args.amount, args.currency) {
        (Some(amount), Some(currency)) => Some(format!("{amount} {currency}")),
        (amount, _) => amount,
    };
    let mut assignments: Vec<Assignment> = [
        one("name", Some(args.name)),
        one("customer", args.customer),
        one("amount", amount),
        one("pipeline", args.pipeline),
        one("stage", args.stage),
        one("probability", args.probability),
        one("expected_close", args.close),
        one("owner", Some(owner)),
        many("product", args.product),
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
    let (outcome, op) = session.write(ctx, |tx| deal::add(tx, &assignments, &Policy::strict()))?;
    written::echo(ctx, &session, Noun::Deal, outcome.id, "expected_close")?;
    written::added(ctx, &session, Noun::Deal, outcome.id, None, op.as_ref())
}

fn move_to(ctx: &Ctx, args: &MoveArgs) -> Result<()> {
    let Some((stage, references)) = args.words.split_last() else {
        return Err(Error::usage("name a stage"));
    };
    let given = given(&args.given)?;
    let act = |tx: &WriteTx<'_>, id: Id| deal::move_with(tx, id, stage, &given).map(drop);
    let fields = names(&given);
    let deed = Deed {
        title: &|what| format!("Moved {what} to {stage}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Deal, "move", &fields, &act)
    };
    bulk::run(ctx, &args.bulk, references, &deed)
}

/// The assignments of `--set`.
fn given(args: &GivenArgs) -> Result<Vec<Assignment>> {
    args.set.iter().map(|text| records::assignment(text)).collect()
}

/// The fields that are set.
fn names(given: &[Assignment]) -> Vec<&str> {
    given.iter().map(|(name, _)| name.as_str()).collect()
}

fn check(ctx: &Ctx, args: &CheckArgs, is_done: bool) -> Result<()> {
    let Some((items, references)) = args.words.split_last() else {
        return Err(Error::usage("name an item"));
    };
    let act = |tx: &WriteTx<'_>, id: Id| process::tick(tx, id, items, is_done).map(drop);
    let (verb, past) = if is_done {
        ("check", "Ticked off")
    } else {
        ("uncheck", "No longer ticked off")
    };
    let deed = Deed {
        title: &|what| format!("{past} for {what}: {items}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Deal, verb, &["checklist"], &act)
    };
    bulk::run(ctx, &args.bulk, references, &deed)
}

fn win(ctx: &Ctx, args: &WinArgs) -> Result<()> {
    let given = given(&args.given)?;
    let act = |tx: &WriteTx<'_>, id: Id| {
        let on = day(tx.caller(), args.on.as_deref())?;
        deal::close(tx, id, StageType::Won, on, given.clone()).map(drop)
    };
    each(ctx, &args.target, ["win", "Won"], &names(&given), &act)
}

fn lose(ctx: &Ctx, args: &LoseArgs) -> Result<()> {
    let mut given = given(&args.given)?;
    given.push(("lost_reason".to_owned(), Input::text(&args.reason)));
    given.extend(
        args.note
            .iter()
            .map(|note| ("lost_note".to_owned(), Input::text(note))),
    );
    let act = |tx: &WriteTx<'_>, id: Id| {
        let on = day(tx.caller(), args.on.as_deref())?;
        deal::close(tx, id, StageType::Lost, on, given.clone()).map(drop)
    };
    each(ctx, &args.target, ["lose", "Lost"], &names(&given), &act)
}

/// Does the same to each deal; the words are the verb and what the title of the operation begins with.
fn each(
    ctx: &Ctx,
    target: &TargetArgs,
    [verb, past]: [&str; 2],
    fields: &[&str],
    act: &Act<'_>,
) -> Result<()> {
    let deed = Deed {
        title: &|what| format!("{past} {what}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Deal, verb, fields, act)
    };
    bulk::run(ctx, &target.bulk, &target.references, &deed)
}

/// The day that a phrase about the past means.
fn day(caller: &Caller, phrase: Option<&str>) -> Result<Option<Date>> {
    let Some(phrase) = phrase else { return Ok(None) };
    let when = read(phrase, &caller.reading(Leaning::Past)).map_err(|error| error.on_field("closed_on"))?;
    Ok(instant::first_day(when))
}
