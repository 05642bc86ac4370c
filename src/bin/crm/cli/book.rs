//! `crm address-book`: whom a mail program offers while an address is typed.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::mail::book::{self, Entry, Whom};

use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Look up e-mail addresses, for mutt and aerc
#[derive(Debug, Args)]
#[command(after_help = "\
mutt: `set query_command = \"crm address-book %s\"`. aerc: `address-book-cmd = crm address-book %s`. Each line has the \
address, the name and what else tells who it is, with tabs between; the first line is empty, because mutt shows it \
as a message and aerc passes over it. --no-header leaves it out. Who wants no mail is not in it.

Examples:
  crm address-book 张伟
  crm address-book zw --no-header
  crm address-book nord logi --limit 5 --format json
  crm address-book --all --fail-empty nobody   # exit 3")]
struct BookArgs {
    /// Parts of names, pinyin, companies, addresses
    #[arg(value_name = "WORD", required = true)]
    words: Vec<String>,
    /// At most so many addresses
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Those who want no mail too, and addresses that do not work
    #[arg(long)]
    all: bool,
    /// Exit with 3 if there is nobody
    #[arg(long)]
    fail_empty: bool,
}

const COLUMNS: [(&str, FieldType); 4] = [
    ("email", FieldType::Text),
    ("name", FieldType::Text),
    ("detail", FieldType::Text),
    ("id", FieldType::Text),
];

pub(crate) fn define(command: Command) -> Command {
    BookArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: BookArgs = parsed(matches)?;
    let whom = match args.all {
        true => Whom::All,
        false => Whom::Willing,
    };
    let words = args.words.join(" ");
    let session = ctx.open(Access::Read)?;
    let entries = session
        .store
        .read(&session.caller, |tx| book::look_up(tx, &words, whom, args.limit))?;
    if entries.is_empty() && args.fail_empty {
        return Err(Error::new(Kind::NotFound, format!("nobody found for {words:?}")));
    }
    let is_asked = ctx.global.format.is_some() || ctx.global.json.is_some() || ctx.global.template.is_some();
    if is_asked || ctx.ui.options().stdout_tty {
        let rows = entries.into_iter().map(|entry| {
            vec![
                Value::text(entry.email),
                Value::text(entry.name),
                Value::text(entry.detail),
                Value::text(entry.reference),
            ]
        });
        return records::table(ctx, "", &COLUMNS, rows);
    }
    lines(ctx, &entries)
}

/// The lines that mail programs read.
fn lines(ctx: &Ctx, entries: &[Entry]) -> Result<()> {
    let mut out = ctx.ui.out();
    if !ctx.global.no_header {
        writeln!(out)?;
    }
    // A tab or a line end in a name would be another field or another person.
    let plain = |text: &str| text.replace(|letter: char| letter.is_control(), " ");
    for entry in entries {
        writeln!(
            out,
            "{}\t{}\t{}",
            plain(&entry.email),
            plain(&entry.name),
            plain(&entry.detail)
        )?;
    }
    Ok(())
}
