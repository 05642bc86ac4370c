//! `crm pool`: public pools, from which members claim and which take customers back; and `crm customer lock`.

mod told;

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};
use crm::ops::bulk::Act;
use crm::ops::draft::Lists;
use crm::ops::pool;
use crm::ops::typed::Policy;
use crm::ops::{customer, refer};
use crm::store::{ReadTx, WriteTx, links};

use crate::cli::args::{ListArgs, TargetArgs};
use crate::cli::bulk::{self, Deed, Grade};
use crate::cli::output::Format;
use crate::cli::pool::told::{LogArgs, rows, write};
use crate::cli::{nouns, parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Define a pool
#[derive(Debug, Args)]
struct AddArgs {
    /// Name of the pool
    #[arg(value_name = "KEY")]
    name: String,
    /// User or team who claims from it and whose customers it takes back; may be given several times; everybody if none is
    #[arg(short = 'm', long = "member", value_name = "MEMBER")]
    members: Vec<String>,
    /// Customers whom it takes back; leads if nothing is given
    #[arg(short = 'w', long = "where", value_name = "EXPR")]
    filter: Option<String>,
    /// Take back after so many days without an activity: 30, or by level 30;A=60;C=never
    #[arg(long, value_name = "DAYS")]
    no_follow_up: Option<String>,
    /// Take back after so many days without a deal
    #[arg(long, value_name = "DAYS")]
    no_deal: Option<String>,
    /// Take back after so many days without a won deal
    #[arg(long, value_name = "DAYS")]
    no_won: Option<String>,
    /// Warn so many days before; 3 if nothing is given
    #[arg(long, value_name = "DAYS")]
    warn: Option<String>,
    /// Days for which whoever lost a customer may not claim them again; 7 if nothing is given
    #[arg(long, value_name = "DAYS")]
    cool_down: Option<String>,
    /// How many a member may claim in a day
    #[arg(long, value_name = "N")]
    claim_per_day: Option<String>,
    /// How many a member may have and still claim
    #[arg(long, value_name = "N")]
    own_limit: Option<String>,
    /// Further fields: exempt_won=no zone=Asia/Shanghai
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

/// Take customers back
#[derive(Debug, Args)]
struct RecycleArgs {
    /// Pool; all that are active if none is named
    #[arg(value_name = "KEY")]
    pool: Option<String>,
    /// Exit with 3 if nobody was taken
    #[arg(long)]
    fail_empty: bool,
}

/// Who will be taken back
#[derive(Debug, Args)]
struct WarningArgs {
    /// Pool; all that are active if none is named
    #[arg(value_name = "KEY")]
    pool: Option<String>,
    /// Only customers of this user
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Exit with 3 if there is nobody
    #[arg(long)]
    fail_empty: bool,
}

/// Give customers up
#[derive(Debug, Args)]
struct ReleaseArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Pool; the only one that takes such customers if none is named
    #[arg(long, value_name = "KEY")]
    pool: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Give customers to a user
#[derive(Debug, Args)]
struct GiveArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Who gets them
    #[arg(long, value_name = "USER")]
    to: String,
}

/// Who is in a pool
#[derive(Debug, Args)]
struct CustomersArgs {
    /// Pool
    #[arg(value_name = "KEY")]
    pool: String,
    #[command(flatten)]
    list: ListArgs,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(verb("add", "Define a pool", AddArgs::augment_args).after_help(ADD))
        .subcommand(
            verb(
                "recycle",
                "Take back whoever is due, for cron",
                RecycleArgs::augment_args,
            )
            .after_help(RECYCLE),
        )
        .subcommand(
            verb(
                "warnings",
                "Who will be taken back when, and why",
                WarningArgs::augment_args,
            )
            .after_help(WARNINGS),
        )
        .subcommand(verb("customers", "Who is in a pool", CustomersArgs::augment_args).after_help(CUSTOMERS))
        .subcommand(
            verb(
                "claim",
                "Look after customers from a pool",
                TargetArgs::augment_args,
            )
            .after_help(CLAIM),
        )
        .subcommand(
            verb(
                "release",
                "Give customers up to a pool",
                ReleaseArgs::augment_args,
            )
            .after_help(RELEASE),
        )
        .subcommand(
            verb(
                "give",
                "Give customers from a pool to a user",
                GiveArgs::augment_args,
            )
            .after_help(GIVE),
        )
        .subcommand(verb("log", "Who went in and out, and why", LogArgs::augment_args).after_help(LOG))
}

/// Adds the verbs of customers.
pub(crate) fn define_customer(command: Command) -> Command {
    command
        .subcommand(
            Command::new("lock")
                .about("Let no pool take customers from their owners")
                .defer(TargetArgs::augment_args),
        )
        .subcommand(
            Command::new("unlock")
                .about("Let pools take customers from their owners again")
                .defer(TargetArgs::augment_args),
        )
}

const ADD: &str = "\
A pool takes a customer back on the first day on which one of its rules is met, by the days of its own zone: it is the same \
set at whatever hour it runs. Locked customers, those with an open deal and those who have bought stay, unless \
exempt_open_deal=no or exempt_won=no.

Examples:
  crm pool add east -m self -m 陈晓 --no-follow-up '30;A=60' --no-deal 90 --warn 5
  crm pool add all -w lifecycle:lead --no-won 180 --cool-down 14 --claim-per-day 10 --own-limit 200
  crm team add North && crm pool add north -m team:North --no-follow-up 14 zone=Asia/Shanghai";

const RECYCLE: &str = "\
Examples:
  crm pool add all --no-follow-up 30 && crm pool recycle --dry-run
  crm pool add all --no-follow-up 30 && crm pool recycle all --format csv
  crm pool recycle --fail-empty   # exit 3";

const WARNINGS: &str = "\
Examples:
  crm pool add all --no-follow-up 30 --warn 10 && crm pool warnings --owner self
  crm pool warnings --fail-empty   # exit 3";

const CUSTOMERS: &str = "\
Examples:
  crm pool add all --no-follow-up 30 && crm pool customers all --sort pooled_on";

const CLAIM: &str = "\
Who is no member, lost or gave up the customer not long ago, or has as many as the pool allows is refused, and told until when.

Examples:
  crm pool add all && crm pool release C48 --pool all && crm pool claim C48 --as 陈晓
  crm pool claim C48   # exit 4";

const RELEASE: &str = "\
Examples:
  crm pool add all && crm pool release C48 --pool all --note 'no answer for weeks'
  crm pool add all && crm pool release -w 'is:stale lifecycle:lead' --pool all --dry-run";

const GIVE: &str = "\
Examples:
  crm pool add all && crm pool release C48 --pool all && crm pool give C48 --to 陈晓";

const LOG: &str = "\
Examples:
  crm pool add all && crm pool release C48 --pool all && crm pool log all --limit 20
  crm pool log --customer C48 --fail-empty   # exit 3";

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("recycle", matches)) => recycle(ctx, &parsed(matches)?),
        Some(("warnings", matches)) => warnings(ctx, &parsed(matches)?),
        Some(("customers", matches)) => customers(ctx, &parsed(matches)?),
        Some(("claim", matches)) => {
            let act = |tx: &WriteTx<'_>, id: Id| pool::claim(tx, id);
            each(ctx, &parsed(matches)?, ["claim", "Claimed"], &act)
        }
        Some(("release", matches)) => release(ctx, &parsed(matches)?),
        Some(("give", matches)) => give(ctx, &parsed(matches)?),
        Some(("log", matches)) => told::log(ctx, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::Pool, pool::edit),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let members = args.members.join("\n");
    let given = [
        ("key", Some(args.name)),
        ("members", (!members.is_empty()).then_some(members)),
        ("filter", args.filter),
        ("no_follow_up", args.no_follow_up),
        ("no_deal", args.no_deal),
        ("no_won", args.no_won),
        ("warn", args.warn),
        ("cool_down", args.cool_down),
        ("claim_per_day", args.claim_per_day),
        ("own_limit", args.own_limit),
    ];
    let mut fields: Vec<Assignment> = given
        .into_iter()
        .filter_map(|(field, text)| Some((field.to_owned(), Input::Text(text?))))
        .collect();
    for text in &args.more {
        fields.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| pool::add(tx, &fields, &Policy::strict()))?;
    written::report(ctx, &session, Noun::Pool, &[outcome.id], op.as_ref())
}

/// Does the same to each customer; the words are the verb and what the title of the operation begins with.
fn each(ctx: &Ctx, target: &TargetArgs, [verb, past]: [&str; 2], act: &Act<'_>) -> Result<()> {
    let deed = Deed {
        title: &|what| format!("{past} {what}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Customer, verb, &["owner", "pool"], act)
    };
    bulk::run(ctx, &target.bulk, &target.references, &deed)
}

fn release(ctx: &Ctx, args: &ReleaseArgs) -> Result<()> {
    let act = |tx: &WriteTx<'_>, id: Id| {
        let pool = one(tx, Noun::Pool, args.pool.as_ref())?;
        pool::release(tx, id, pool, args.note.as_deref())
    };
    each(ctx, &args.target, ["release", "Released"], &act)
}

fn give(ctx: &Ctx, args: &GiveArgs) -> Result<()> {
    let act = |tx: &WriteTx<'_>, id: Id| {
        let user = refer::one(tx, Noun::User, &args.to)?;
        pool::give(tx, id, user)
    };
    each(ctx, &args.target, ["give away", "Gave away"], &act)
}

/// Locks or unlocks customers.
pub(crate) fn lock(ctx: &Ctx, target: &TargetArgs, is_locked: bool) -> Result<()> {
    let (verb, past, value) = match is_locked {
        true => ("lock", "Locked", "yes"),
        false => ("unlock", "Unlocked", "no"),
    };
    let act = |tx: &WriteTx<'_>, id: Id| {
        let wanted = [("locked".to_owned(), Input::text(value))];
        let outcome = customer::edit(tx, id, &wanted, Lists::Replace, &Policy::strict())?;
        if outcome.changed {
            tx.describe(format!("{past} customer {}", customer::label(tx, id)?));
        }
        Ok(())
    };
    let deed = Deed {
        title: &|what| format!("{past} {what}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Customer, verb, &["locked"], &act)
    };
    bulk::run(ctx, &target.bulk, &target.references, &deed)
}

fn customers(ctx: &Ctx, args: &CustomersArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let key = session.store.read(&session.caller, |tx| {
        let id = refer::one(tx, Noun::Pool, &args.pool)?;
        Ok(links::link(tx, Noun::Pool, id)?
            .map(|link| link.name)
            .unwrap_or_default())
    })?;
    drop(session);
    let extra = ["is:pooled".to_owned(), format!("pool:{key}")];
    records::list(ctx, Noun::Customer, &args.list, &extra)
}

fn one(tx: &ReadTx<'_>, noun: Noun, text: Option<&String>) -> Result<Option<Id>> {
    text.map(|text| refer::one(tx, noun, text)).transpose()
}

fn recycle(ctx: &Ctx, args: &RecycleArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let ((broken, rows), op) = session.write(ctx, |tx| {
        let only = one(tx, Noun::Pool, args.pool.as_ref())?;
        let recycled = pool::recycle(tx, only)?;
        Ok((recycled.broken, rows(tx, recycled.taken)?))
    })?;
    for (pool, why) in &broken {
        ctx.ui.warn(&format!("{pool} was left out: {why}"));
    }
    let format = write(ctx, &rows, "recycled")?;
    if format == Format::Table && !rows.is_empty() {
        written::told(ctx, op.as_ref());
    }
    if args.fail_empty && rows.is_empty() {
        return Err(Error::new(Kind::NotFound, "nobody is due"));
    }
    Ok(())
}

fn warnings(ctx: &Ctx, args: &WarningArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let rows = session.store.read(&session.caller, |tx| {
        let only = one(tx, Noun::Pool, args.pool.as_ref())?;
        let owner = one(tx, Noun::User, args.owner.as_ref())?;
        rows(tx, pool::warnings(tx, only, owner)?)
    })?;
    write(ctx, &rows, "warning")?;
    if args.fail_empty && rows.is_empty() {
        return Err(Error::new(Kind::NotFound, "nobody will be taken back soon"));
    }
    Ok(())
}
