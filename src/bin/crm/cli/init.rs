//! `crm init` and `crm locate`: the files that the program works on.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::money::Currency;
use crm::error::{Error, Kind, Result};

use crate::cli::parsed;
use crate::ctx::Ctx;

/// Make a base
#[derive(Debug, Args)]
struct InitArgs {
    /// Currency in which sums are made; it cannot be changed later
    #[arg(long, value_name = "CODE", default_value = "USD")]
    currency: String,
}

pub(crate) fn define(command: Command) -> Command {
    InitArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: InitArgs = parsed(matches)?;
    let currency = Currency::parse(&args.currency)
        .ok_or_else(|| Error::usage(format!("there is no currency {:?}", args.currency)))?;
    let path = ctx.base()?;
    if !ctx.begin(&path, Some(currency), false)? {
        return Err(Error::new(
            Kind::Conflict,
            format!("there is a base at {} already", path.display()),
        ));
    }
    ctx.ui
        .note(&format!("made a base in {currency} at {}", path.display()));
    ctx.ui
        .hint("`crm customer add NAME` adds the first customer, `crm import` takes a file");
    Ok(())
}

pub(crate) fn define_locate(command: Command) -> Command {
    command
}

pub(crate) fn locate(ctx: &Ctx, _: &ArgMatches) -> Result<()> {
    let path = ctx.base()?;
    writeln!(ctx.ui.out(), "base\t{}", path.display())?;
    Ok(())
}
