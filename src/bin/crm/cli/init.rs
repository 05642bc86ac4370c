//! `crm init` and `crm locate`: the files that the program works on.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::money::Currency;
use crm::error::{Error, Kind, Result};

use crate::cli::{config, parsed};
use crate::ctx::Ctx;
use crate::paths::Paths;

/// Make a base
#[derive(Debug, Args)]
struct InitArgs {
    /// Currency in which sums are made; it cannot be changed later. That of the settings, else USD
    #[arg(long, value_name = "CODE")]
    currency: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    InitArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: InitArgs = parsed(matches)?;
    let currency = match &args.currency {
        Some(code) => {
            Currency::parse(code).ok_or_else(|| Error::usage(format!("there is no currency {code:?}")))?
        }
        None => ctx.currency(),
    };
    let path = ctx.base()?;
    let region = region_to_keep(ctx)?;
    if !ctx.begin(&path, currency, false)? {
        return Err(Error::new(
            Kind::Conflict,
            format!("there is a base at {} already", path.display()),
        ));
    }
    ctx.ui
        .note(&format!("made a base in {currency} at {}", path.display()));
    if let Some(region) = region {
        config::keep(ctx, "region", &region)?;
    }
    ctx.ui
        .hint("`crm customer add NAME` adds the first customer, `crm import` takes a file");
    Ok(())
}

/// The region that was said for the new base, if the settings, which keep it for all bases, do not say it already.
///
/// # Errors
///
/// `Usage` if they say another.
fn region_to_keep(ctx: &Ctx) -> Result<Option<String>> {
    let Some(region) = ctx.global.region.as_ref().filter(|_| ctx.global.region_on_line) else {
        return Ok(None);
    };
    let region = &region.to_ascii_uppercase();
    match ctx.config.region.as_deref() {
        None => config::could_keep(ctx, "region", region).map(|()| Some(region.clone())),
        Some(kept) if kept.eq_ignore_ascii_case(region) => Ok(None),
        Some(kept) => Err(Error::usage(format!(
            "the region is {kept} by the settings, for all bases: `crm config set region {region}` changes it"
        ))),
    }
}

pub(crate) fn define_locate(command: Command) -> Command {
    command
}

pub(crate) fn locate(ctx: &Ctx, _: &ArgMatches) -> Result<()> {
    let base = ctx.base()?;
    let mut out = ctx.ui.out();
    writeln!(out, "base\t{}", base.display())?;
    // Without a home there is no file of settings, and a base that was named works all the same.
    if let Ok(settings) = ctx.settings() {
        writeln!(out, "settings\t{}", settings.display())?;
    }
    writeln!(out, "backups\t{}", Paths::backups(&base).display())?;
    Ok(())
}
