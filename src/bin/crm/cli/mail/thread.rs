//! `crm mail thread`: the conversation around a message.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::mail::thread;
use crm::ops::refer;

use crate::cli::args::ListArgs;
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};
use crate::text::sanitise;

/// Show the conversation that a message belongs to
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  printf 'From: zhangwei@yunfan.example\\n\\n好\\n' | crm mail ingest -q && crm mail thread A162
  crm mail thread A1 --whole   # exit 5")]
struct ThreadArgs {
    /// Activity that is a message: A99, or its Message-ID: mail:1@firm.example, '<1@firm.example>'
    #[arg(value_name = "REF")]
    reference: String,
    /// Print all of the text of each message, with what is quoted and signed
    #[arg(long)]
    whole: bool,
}

pub(super) fn define(command: Command) -> Command {
    ThreadArgs::augment_args(command)
}

pub(super) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: ThreadArgs = parsed(matches)?;
    let session = ctx.open(Access::Read)?;
    let messages = session.store.read(&session.caller, |tx| {
        let id = refer::one(tx, Noun::Activity, &args.reference)?;
        thread::of(tx, id)
    })?;
    if !args.whole {
        let ids: Vec<_> = messages.iter().map(|message| message.activity).collect();
        return records::listed(ctx, &session, Noun::Activity, &ids, &ListArgs::default());
    }
    let is_terminal = ctx.ui.options().stdout_tty;
    let mut out = ctx.ui.out();
    for (at, message) in messages.iter().enumerate() {
        let text = match is_terminal {
            true => sanitise::block(&message.text),
            false => message.text.clone().into(),
        };
        let rule = if at > 0 { "\n" } else { "" };
        writeln!(
            out,
            "{rule}{}  {}\n\n{text}",
            message.reference,
            sanitise::line(&message.head)
        )?;
    }
    Ok(())
}
