//! `crm calendar day` and `crm calendar import-days`: the days that differ.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command};
use crm::domain::hours::days::Line;
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::calendar::{self, days};
use crm::ops::refer;

use crate::cli::input::{Input, InputArgs};
use crate::cli::{parsed, written};
use crate::ctx::{Access, Ctx};

/// Say what is done on days
#[derive(Debug, Args)]
struct AddArgs {
    /// Calendar
    #[arg(value_name = "KEY")]
    calendar: String,
    /// Days, and off, work or hours: 2026-10-01..2026-10-07 off National Day
    #[arg(value_name = "DAYS", required = true)]
    days: Vec<String>,
}

/// Let days be like any others
#[derive(Debug, Args)]
struct RemoveArgs {
    /// Calendar
    #[arg(value_name = "KEY")]
    calendar: String,
    /// A day, or the first and the last of several: 2026-10-01..2026-10-07
    #[arg(value_name = "DAYS", required = true)]
    days: Vec<String>,
}

/// Take days from a file
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Calendar
    #[arg(value_name = "KEY")]
    calendar: String,
    /// File with entries (.ics) or a table with columns date, end, name, type; - for stdin
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    #[command(flatten)]
    input: InputArgs,
}

pub(super) fn define(command: Command) -> Command {
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("add")
                .about("Say what is done on days, whatever was said of them before")
                .defer(AddArgs::augment_args)
                .after_help(ADD),
        )
        .subcommand(
            Command::new("rm")
                .about("Let days be like any others of their week")
                .defer(RemoveArgs::augment_args)
                .after_help(REMOVE),
        )
}

pub(super) fn define_import(command: Command) -> Command {
    ImportArgs::augment_args(command)
}

const ADD: &str = "\
Examples:
  crm calendar day add standard 2026-10-01..2026-10-07 off 国庆节 2026-10-10 work
  crm calendar day add standard '2026-12-24 09:00-12:00 Christmas Eve'";

const REMOVE: &str = "\
Examples:
  crm calendar day add standard 2026-12-31 off && crm calendar day rm standard 2026-12-31";

pub(super) const IMPORT: &str = "\
An entry of a calendar that takes whole days is a day off; one whose name or mark says that it is worked on (补班, 班, \
working day) is a make-up workday. What is only observed, and what has a time of day, is left out; what comes every year \
is taken for this year and three more. In a table the columns date and end say which days, type (off, work or hours), \
isOffDay or isWorkday what they are. What is said of a day takes the place of what was said before.

Examples:
  printf 'date,name\\n2026-12-25,Christmas\\n' | crm calendar import-days standard -
  printf 'day,type\\n2026-10-10,班\\n' | crm calendar import-days standard - --from csv --dry-run";

pub(super) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => {
            let args: AddArgs = parsed(matches)?;
            put(ctx, &args.calendar, &lines(&args.days)?)
        }
        Some(("rm", matches)) => {
            let args: RemoveArgs = parsed(matches)?;
            let mut session = ctx.open(Access::Write)?;
            let (outcome, op) = session.write(ctx, |tx| {
                let id = refer::one(tx, Noun::Calendar, &args.calendar)?;
                calendar::remove_days(tx, id, &args.days)
            })?;
            written::report(ctx, &session, Noun::Calendar, &[outcome.id], op.as_ref())
        }
        _ => Err(Error::usage("no verb was given")),
    }
}

/// A word that begins like a day begins a line; what follows goes on with it.
fn lines(words: &[String]) -> Result<Vec<Line>> {
    let mut texts: Vec<String> = Vec::new();
    for word in words {
        let begins = word
            .get(..4)
            .is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
        match texts.last_mut() {
            Some(text) if !begins => {
                text.push(' ');
                text.push_str(word);
            }
            _ => texts.push(word.clone()),
        }
    }
    let read = |text: &String| Line::read(text).map_err(|why| Error::invalid("days", format!("days: {why}")));
    texts.iter().map(read).collect()
}

fn put(ctx: &Ctx, name: &str, lines: &[Line]) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Calendar, name)?;
        calendar::set_days(tx, id, lines)
    })?;
    if !outcome.changed {
        written::told(ctx, op.as_ref());
        return Ok(());
    }
    written::report(ctx, &session, Noun::Calendar, &[outcome.id], op.as_ref())
}

/// The most lines of a file that are named one by one.
const MOST_TOLD: usize = 20;

pub(super) fn import(ctx: &Ctx, args: &ImportArgs) -> Result<()> {
    let input = Input::open(ctx, &args.file, &args.input)?;
    let found = days::read_days(&mut input.rows()?, &ctx.clock)?;
    for (line, why) in found.left_out.iter().take(MOST_TOLD) {
        ctx.ui.note(&format!("line {line} is left out: {why}"));
    }
    if let Some(more) = found
        .left_out
        .len()
        .checked_sub(MOST_TOLD)
        .filter(|more| *more > 0)
    {
        ctx.ui.note(&format!("{more} more are left out"));
    }
    if found.lines.is_empty() {
        return Err(Error::invalid("days", "the file says no day"));
    }
    for line in found.lines.iter().take(MOST_TOLD) {
        ctx.ui.note(&line.to_string());
    }
    put(ctx, &args.calendar, &found.lines)
}
