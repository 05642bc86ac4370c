//! `crm find`: anybody by any fragment.

use clap::{ArgMatches, Args, Command};
use crm::error::{Error, Kind, Result};
use crm::ops::find;
use crm::ops::view;

use crate::cli::output::Format;
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Find anybody by any fragment
#[derive(Debug, Args)]
struct FindArgs {
    /// Words to look for, in any order: parts of names, pinyin, e-mail, phone, notes
    #[arg(required = true, allow_negative_numbers = true)]
    words: Vec<String>,
    /// Kind of record: customer, deal, task, activity, product
    #[arg(long, value_name = "NOUN")]
    kind: Option<String>,
    /// At most so many; 0 for all
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

pub(crate) fn define(command: Command) -> Command {
    FindArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: FindArgs = parsed(matches)?;
    let noun = match &args.kind {
        None => None,
        Some(word) => Some(view::noun(word)?),
    };
    let words = args.words.join(" ");
    let limit = if args.limit == 0 { usize::MAX } else { args.limit };
    let session = ctx.open(Access::Read)?;
    let hits = session
        .store
        .read(&session.caller, |tx| find::find(tx, &words, noun, limit))?;
    if hits.is_empty() && args.fail_empty {
        return Err(Error::new(Kind::NotFound, format!("nothing found for {words:?}")));
    }
    let format = records::format(ctx)?;
    if hits.is_empty() && matches!(format, Format::Table) {
        ctx.ui.note(&format!("nothing found for {words:?}"));
    }
    let rows = hits.iter().map(|hit| hit.row().to_vec());
    records::table(ctx, "", find::COLUMNS, rows)
}
