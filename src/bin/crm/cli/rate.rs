//! `crm rate`: what other currencies are worth in that of the base.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::domain::when::{Leaning, instant, read};
use crm::error::{Error, Result};
use crm::ops::rate;
use crm::store::rates;
use jiff::civil::Date;

use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx, Session};

/// Say what a currency is worth
#[derive(Debug, Args)]
struct SetArgs {
    /// Currency, GBP
    #[arg(value_name = "CODE")]
    currency: String,
    /// What one unit of it is worth in the currency of the base, 1.17
    rate: String,
    /// First day on which it holds; today if nothing is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

/// Forget what a currency is worth
#[derive(Debug, Args)]
struct RemoveArgs {
    /// Currency, GBP
    #[arg(value_name = "CODE")]
    currency: String,
    /// First day on which it holds
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: String,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str| Command::new(name).about(about);
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(verb("list", "List rates"))
        .subcommand(verb("set", "Say what a currency is worth from a day on").defer(SetArgs::augment_args))
        .subcommand(verb("rm", "Forget a rate").defer(RemoveArgs::augment_args))
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("list", _)) => list(ctx),
        Some(("set", matches)) => set(ctx, &parsed(matches)?),
        Some(("rm", matches)) => remove(ctx, &parsed(matches)?),
        _ => Err(Error::usage("no verb was given")),
    }
}

fn list(ctx: &Ctx) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let rates = session.store.read(&session.caller, rates::all)?;
    let columns = [
        ("currency", FieldType::Text),
        ("on", FieldType::Date),
        ("rate", FieldType::Text),
    ];
    let rows = rates.into_iter().map(|dated| {
        vec![
            Value::text(dated.currency.code()),
            Value::Date(dated.on),
            Value::text(dated.rate.to_string()),
        ]
    });
    records::table(ctx, "rate", &columns, rows)
}

fn day(session: &Session, phrase: &str) -> Result<Date> {
    let when = read(phrase, &session.caller.reading(Leaning::Past)).map_err(|error| error.on_field("on"))?;
    instant::first_day(when).ok_or_else(|| Error::invalid("on", format!("on: {phrase:?} is no day")))
}

fn set(ctx: &Ctx, args: &SetArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let on = args
        .on
        .as_deref()
        .map(|phrase| day(&session, phrase))
        .transpose()?;
    let (_, op) = session.write(ctx, |tx| rate::set(tx, &args.currency, &args.rate, on))?;
    written::told(ctx, op.as_ref());
    Ok(())
}

fn remove(ctx: &Ctx, args: &RemoveArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let on = day(&session, &args.on)?;
    let ((), op) = session.write(ctx, |tx| rate::remove(tx, &args.currency, on))?;
    written::told(ctx, op.as_ref());
    Ok(())
}
