//! `crm calendar`: when a team works, and how much working time lies between two instants.

mod count;
mod days;

use clap::{ArgMatches, Args, Command};
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::calendar;
use crm::ops::typed::Policy;

use crate::cli::{nouns, parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Define a calendar
#[derive(Debug, Args)]
struct AddArgs {
    /// Name of the calendar
    #[arg(value_name = "KEY")]
    name: String,
    /// Days of the week and their hours: mon-fri 09:00-12:00 13:30-18:00; may be given several times. Usual: mon-fri 09:00-18:00
    #[arg(long = "week", value_name = "HOURS")]
    weeks: Vec<String>,
    /// Time zone of the hours; yours if none is given
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Days that differ: 2026-10-01..2026-10-07 off National Day; may be given several times
    #[arg(long = "day", value_name = "DAYS")]
    days: Vec<String>,
    /// Further fields: description='Team in Shanghai'
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(
            Command::new("add")
                .about("Define a calendar")
                .defer(AddArgs::augment_args)
                .after_help(ADD),
        )
        .subcommand(
            Command::new("day")
                .about("Days that differ: holidays, make-up work, half days")
                .defer(days::define),
        )
        .subcommand(
            Command::new("import-days")
                .about("Take holidays and make-up workdays from a file")
                .defer(days::define_import)
                .after_help(days::IMPORT),
        )
        .subcommand(
            Command::new("hours")
                .about("How much working time lies between two instants")
                .defer(count::define_hours)
                .after_help(count::HOURS),
        )
        .subcommand(
            Command::new("after")
                .about("When so much working time has passed")
                .defer(count::define_after)
                .after_help(count::AFTER),
        )
}

const ADD: &str = "\
A day that differs is `off`, or `work` with the hours of a usual day, whichever day of the week it is, or has hours of \
its own; what follows is a remark. Around the clock is `--week 'mon-sun 00:00-24:00'`; a shift over midnight is two spans.

Examples:
  crm calendar add cn --week 'mon-fri 09:00-12:00 13:30-18:00' --zone Asia/Shanghai
  crm calendar add shop --week 'tue-fri 9:00-18:00' --week 'sat 10:00-14:00'
  crm calendar add hq --day '2026-10-01..2026-10-07 off 国庆节' --day '2026-10-10 work'
  crm calendar add always --week 'mon-sun 00:00-24:00' --zone UTC";

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, &parsed(matches)?),
        Some(("day", matches)) => days::run(ctx, matches),
        Some(("import-days", matches)) => days::import(ctx, &parsed(matches)?),
        Some(("hours", matches)) => count::hours(ctx, &parsed(matches)?),
        Some(("after", matches)) => count::after(ctx, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::Calendar, calendar::edit),
    }
}

fn add(ctx: &Ctx, args: &AddArgs) -> Result<()> {
    let joined = |texts: &[String]| (!texts.is_empty()).then(|| texts.join("\n"));
    let given = [
        ("key", Some(args.name.clone())),
        ("week", joined(&args.weeks).map(|week| week.replace('\n', "; "))),
        ("zone", args.zone.clone()),
        ("days", joined(&args.days)),
    ];
    let mut fields: Vec<Assignment> = given
        .into_iter()
        .filter_map(|(field, text)| Some((field.to_owned(), Input::text(text?))))
        .collect();
    for text in &args.more {
        fields.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| calendar::add(tx, &fields, &Policy::strict()))?;
    written::report(ctx, &session, Noun::Calendar, &[outcome.id], op.as_ref())
}
