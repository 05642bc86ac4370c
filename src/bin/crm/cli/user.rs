//! `crm user`: who works with the base, and what becomes of their work when they do not any more.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::handover::{self, Move, What, Work};
use crm::ops::{refer, user};
use crm::store::users::Share;
use crm::store::{ReadTx, links, log};

use crate::cli::{bulk, nouns, parsed, records, written};
use crate::ctx::{Access, Ctx, Session};

/// So many names of each noun are shown before the question.
const SHOWN: usize = 3;

/// From so many records on there is a question.
const MANY: usize = 3;

/// Hand over what a user looks after
#[derive(Debug, Args)]
struct TransferArgs {
    /// User who has it
    #[arg(value_name = "FROM")]
    from: String,
    /// User who gets it; several with commas between share round, and what a customer has stays together
    #[arg(value_name = "TO[,TO…]")]
    to: String,
    /// Customers
    #[arg(long, help_heading = "Selection")]
    customers: bool,
    /// Open deals
    #[arg(long, help_heading = "Selection")]
    deals: bool,
    /// Open tasks
    #[arg(long, help_heading = "Selection")]
    tasks: bool,
    /// Tickets that are not solved
    #[arg(long, help_heading = "Selection")]
    tickets: bool,
    /// Users who report to FROM
    #[arg(long, help_heading = "Selection")]
    reports: bool,
    /// Teams that FROM leads
    #[arg(long, help_heading = "Selection")]
    teams: bool,
    /// Only customers that this filter selects, with their deals, tasks and tickets; with one of --customers,
    /// --deals, --tasks and --tickets a filter of that noun
    #[arg(
        short = 'w',
        long = "where",
        value_name = "EXPR",
        allow_hyphen_values = true,
        help_heading = "Selection"
    )]
    filters: Vec<String>,
    /// Closed deals too: they get the new owner, and FROM keeps the credit
    #[arg(long, help_heading = "Selection")]
    all: bool,
}

/// Disable a user
#[derive(Debug, Args)]
struct DisableArgs {
    /// User who does not work here any more
    #[arg(value_name = "USER")]
    name: String,
    /// User who gets the open work; several with commas between share it
    #[arg(long, value_name = "USER[,USER…]", conflicts_with = "keep")]
    to: Option<String>,
    /// Leave the work in the name of the user
    #[arg(long)]
    keep: bool,
}

/// Enable a user
#[derive(Debug, Args)]
struct EnableArgs {
    /// User who works here again
    #[arg(value_name = "USER")]
    name: String,
}

pub(crate) fn define(command: Command) -> Command {
    nouns::define(command)
        .subcommand(
            Command::new("transfer")
                .about("Hand over what a user looks after: customers, open deals, tasks and tickets, reports, teams")
                .defer(TransferArgs::augment_args),
        )
        .subcommand(
            Command::new("disable")
                .about("End the work of a user, who stays in history and reports")
                .defer(DisableArgs::augment_args),
        )
        .subcommand(
            Command::new("enable")
                .about("Let a user work again")
                .defer(EnableArgs::augment_args),
        )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("transfer", matches)) => transfer(ctx, &parsed(matches)?),
        Some(("disable", matches)) => disable(ctx, &parsed(matches)?),
        Some(("enable", matches)) => enable(ctx, &parsed(matches)?),
        _ => nouns::run(ctx, matches, Noun::User, user::add, user::edit),
    }
}

fn transfer(ctx: &Ctx, args: &TransferArgs) -> Result<()> {
    let shares: Vec<Share> = [
        (args.customers, Share::Customers),
        (args.deals, Share::OpenDeals),
        (args.tasks, Share::OpenTasks),
        (args.tickets, Share::OpenTickets),
        (args.reports, Share::Reports),
        (args.teams, Share::Teams),
    ]
    .into_iter()
    .filter_map(|(wanted, share)| wanted.then_some(share))
    .collect();
    if !args.filters.is_empty() && (args.reports || args.teams) {
        return Err(Error::usage(
            "-w selects customers, deals, tasks or tickets, not reports and teams",
        ));
    }
    let what = What {
        shares,
        closed: args.all,
        filters: args.filters.clone(),
    };
    let mut session = ctx.open(Access::Write)?;
    let (from, heirs, moves) = session.store.read(&session.caller, |tx| {
        let from = refer::one(tx, Noun::User, &args.from)?;
        let heirs = handover::heirs(tx, &args.to)?;
        let moves = handover::plan(tx, from, &heirs, &what)?;
        Ok((from, heirs, moves))
    })?;
    if !ctx.global.dry_run {
        ask(ctx, &session, &moves, "transfer")?;
    }
    let (moves, op) = session.write(ctx, |tx| handover::transfer(tx, from, &heirs, &what))?;
    told(ctx, &session, from, &moves, op.as_ref())
}

fn disable(ctx: &Ctx, args: &DisableArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (id, heirs, moves) = session.store.read(&session.caller, |tx| {
        let id = refer::one(tx, Noun::User, &args.name)?;
        let heirs = match &args.to {
            Some(to) => handover::heirs(tx, to)?,
            None => Vec::new(),
        };
        let moves = match &args.to {
            Some(_) => handover::plan(tx, id, &heirs, &What::default())?,
            None => Vec::new(),
        };
        Ok((id, heirs, moves))
    })?;
    if !ctx.global.dry_run {
        ask(ctx, &session, &moves, "disable the user and transfer")?;
    }
    let work = match (&args.to, args.keep) {
        (Some(_), _) => Work::Goes(&heirs),
        (None, true) => Work::Kept,
        (None, false) => Work::None,
    };
    let written = session.write(ctx, |tx| handover::disable(tx, id, work));
    let (moves, op) = written.map_err(|error| match (error.field(), work) {
        (Some("status"), Work::None) if error.kind() == Kind::Invalid => Error::invalid(
            "status",
            format!(
                "{}; --to USER hands the work over, --keep leaves it where it is",
                error.message()
            ),
        ),
        _ => error,
    })?;
    told(ctx, &session, id, &moves, op.as_ref())
}

fn enable(ctx: &Ctx, args: &EnableArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::User, &args.name)?;
        handover::enable(tx, id)
    })?;
    written::report(ctx, &session, Noun::User, &[outcome.id], op.as_ref())
}

/// Shows how much of what gets into other hands, and asks.
fn ask(ctx: &Ctx, session: &Session, moves: &[Move], verb: &str) -> Result<()> {
    if moves.len() < MANY || ctx.global.yes {
        return Ok(());
    }
    session
        .store
        .read(&session.caller, |tx| preview(ctx, tx, moves))?;
    written::confirmed(ctx, &format!("{verb} {}", handover::counted(moves)))
}

/// How many of each noun, and the first names.
fn preview(ctx: &Ctx, tx: &ReadTx<'_>, moves: &[Move]) -> Result<()> {
    for noun in [Noun::Customer, Noun::Deal, Noun::Task, Noun::User, Noun::Team] {
        let of: Vec<&Move> = moves.iter().filter(|step| step.noun == noun).collect();
        if of.is_empty() {
            continue;
        }
        let mut names = Vec::new();
        for step in of.iter().take(SHOWN) {
            names.extend(links::link(tx, noun, step.id)?.map(|link| link.name));
        }
        let more = if of.len() > SHOWN { ", …" } else { "" };
        ctx.ui.note(&format!(
            "  {}: {}{more}",
            bulk::counted(noun, of.len()),
            names.join(", ")
        ));
    }
    Ok(())
}

/// Says what got into whose hands; with `--dry-run` the whole list.
fn told(ctx: &Ctx, session: &Session, from: Id, moves: &[Move], op: Option<&log::Op>) -> Result<()> {
    if !ctx.global.dry_run {
        return written::report(ctx, session, Noun::User, &[from], op);
    }
    let columns = [
        ("id", FieldType::Text),
        ("noun", FieldType::Text),
        ("name", FieldType::Text),
        ("from", FieldType::Text),
        ("to", FieldType::Text),
    ];
    session.store.read(&session.caller, |tx| {
        let name = |id: Id| -> Result<String> {
            Ok(links::link(tx, Noun::User, id)?.map_or_else(String::new, |link| link.name))
        };
        let from = name(from)?;
        let mut rows = Vec::with_capacity(moves.len());
        for step in moves {
            let link = links::link(tx, step.noun, step.id)?;
            rows.push(vec![
                Value::Text(bulk::reference(tx, step.noun, step.id)?),
                Value::text(step.noun.name()),
                Value::text(link.map_or_else(String::new, |link| link.name)),
                Value::text(from.clone()),
                step.heir
                    .map_or(Ok(Value::Null), |heir| name(heir).map(Value::text))?,
            ]);
        }
        records::table(ctx, "transfer", &columns, rows)
    })?;
    written::told(ctx, op);
    Ok(())
}
