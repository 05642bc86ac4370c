//! `crm demo`: a sample base to try everything on, in the dashboard where there is a terminal.

use clap::{ArgMatches, Args, Command};
use crm::error::{Error, Kind, Result};
use crm::ops::demo::Size;

use crate::cli::{open_tui, parsed, today};
use crate::ctx::Ctx;

/// Make a sample base and open the dashboard on it; without a terminal, print its agenda
#[derive(Debug, Args)]
struct DemoArgs {
    /// So many customers more, with five activities each, for measuring
    #[arg(long, value_name = "N", default_value_t = 0)]
    customers: u64,
}

pub(crate) fn define(command: Command) -> Command {
    DemoArgs::augment_args(command)
}

/// Keeps a sample of the same day, so that what was tried on it stays; makes it anew on any other day.
pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: DemoArgs = parsed(matches)?;
    // Who sees the program for the first time need not know how a pager is left.
    ctx.ui.unpaged();
    let path = ctx.demo_base()?;
    let day = format!("{} {}", ctx.clock.today(), args.customers);
    if path.exists() {
        let session = ctx.open_at(&path)?;
        let (demo, made) = session.store.read(&session.caller, |tx| {
            Ok((tx.setting("demo")?, tx.setting("demo_made")?))
        })?;
        if demo.as_deref() != Some("yes") {
            let message = format!("{} is no sample base; it was not touched", path.display());
            return Err(Error::new(Kind::Conflict, message));
        }
        session.store.close()?;
        if made.as_deref() != Some(day.as_str()) {
            std::fs::remove_file(&path)?;
        }
    }
    if ctx.begin_demo(
        &path,
        Size {
            more_customers: args.customers,
        },
        &day,
    )? {
        ctx.ui.note(&format!("made a sample base at {}", path.display()));
    }
    // Whoever names a format wants to have the agenda.
    let is_printed =
        ctx.global.format.is_some() || ctx.global.json.is_some() || ctx.global.template.is_some();
    if ctx.is_interactive() && !is_printed {
        return open_tui::on(ctx, &path);
    }
    let mut session = ctx.open_at(&path)?;
    today::own(ctx, &mut session)?;
    ctx.ui
        .hint(&format!("try it: crm --db {} find zw", path.display()));
    Ok(())
}
