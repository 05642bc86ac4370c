//! `crm today`: the agenda.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::count::Count;
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::domain::when::{When, show};
use crm::error::{Error, Kind, Result};
use crm::ops::refer;
use crm::ops::today::{self, Entry, Request, Section, Whose};
use crm::store::ReadTx;
use crm::wire::column::Column;

use crate::cli::output::{Format, Writer};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx, Session};
use crate::text::style::Style;
use crate::text::width::{pad, width};
use crate::text::{agenda, cut, number};

/// How many entries of a section a terminal shows.
const SCREENFUL: i64 = 8;

/// Whom to contact today, and why
#[derive(Debug, Default, Args)]
struct TodayArgs {
    /// Everybody's work, not only yours
    #[arg(long, conflicts_with = "owner")]
    everyone: bool,
    /// The work of another user
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Filter; a section without its fields is left out, so `is:overdue` leaves tasks
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// At most so many of each section; 0 for all
    #[arg(long, value_name = "N")]
    limit: Option<i64>,
    /// Only what was not in the agenda at the last run of this name; what came into another section since is new there
    #[arg(long, value_name = "NAME")]
    since_last_run: Option<String>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

const EXAMPLES: &str = "Examples:
  crm today
  crm today --everyone --limit 3
  crm today -w is:overdue --format markdown
  crm today --since-last-run mail --format markdown";

pub(crate) fn define(command: Command) -> Command {
    TodayArgs::augment_args(command).after_help(EXAMPLES)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: TodayArgs = parsed(matches)?;
    let access = if args.since_last_run.is_some() {
        Access::Write
    } else {
        Access::Read
    };
    let mut session = ctx.open(access)?;
    print(ctx, &mut session, &args)
}

/// Prints the agenda of the session's own user.
pub(crate) fn own(ctx: &Ctx, session: &mut Session) -> Result<()> {
    print(ctx, session, &TodayArgs::default())
}

/// Whose work the flags ask for; that of the acting user unless they say otherwise.
pub(crate) fn whose(tx: &ReadTx<'_>, owner: Option<&str>, everyone: bool) -> Result<Whose> {
    Ok(match (owner, everyone) {
        (Some(owner), _) => Whose::User(refer::one(tx, Noun::User, owner)?),
        (None, true) => Whose::Everyone,
        (None, false) => Whose::User(tx.caller().actor.id),
    })
}

fn print(ctx: &Ctx, session: &mut Session, args: &TodayArgs) -> Result<()> {
    let format = records::format(ctx)?;
    let people = matches!(format, Format::Table) || args.limit.is_none() && ctx.global.format.is_none();
    let limit = match args.limit {
        Some(0) => i64::MAX,
        Some(limit) => limit,
        None if people => SCREENFUL,
        None => i64::MAX,
    };
    let (sections, news) = session.store.read(&session.caller, |tx| {
        let request = Request {
            whose: whose(tx, args.owner.as_deref(), args.everyone)?,
            filters: args.filters.clone(),
            limit,
        };
        let Some(name) = &args.since_last_run else {
            return Ok((today::agenda(tx, &request)?, None));
        };
        let news = today::since_last_run(tx, name, &request)?;
        let mut sections = news.sections.clone();
        for section in &mut sections {
            section
                .entries
                .truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        Ok((sections, Some(news)))
    })?;
    let is_empty = sections.iter().all(|section| section.count.is_none());
    match format {
        _ if args.fail_empty && is_empty => {}
        Format::Table => screen(ctx, &sections)?,
        format => rows(ctx, format, &sections)?,
    }
    if let Some(news) = news {
        // What nobody could read is not remembered as told.
        ctx.ui.out().flush()?;
        session.write(ctx, |tx| today::remember(tx, &news))?;
    }
    if args.fail_empty && is_empty {
        return Err(Error::new(Kind::NotFound, "nothing is due"));
    }
    Ok(())
}

/// One row per entry, for programs.
fn rows(ctx: &Ctx, format: Format, sections: &[Section]) -> Result<()> {
    let columns = [
        Column::new("section", FieldType::Text),
        Column::new("id", FieldType::Text),
        Column::new("name", FieldType::Text),
        Column::new("customer", FieldType::Text),
        Column::new("why", FieldType::Text),
    ];
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(format, records::options(ctx), &mut out, &columns, "")?;
    for section in sections {
        for entry in &section.entries {
            writer.row(&[
                Value::text(section.name),
                Value::text(entry.record.reference().to_string()),
                Value::text(entry.record.name.clone()),
                Value::text(
                    entry
                        .customer
                        .as_ref()
                        .map(|link| link.name.clone())
                        .unwrap_or_default(),
                ),
                Value::text(agenda::why(entry, &ctx.clock)),
            ])?;
        }
    }
    writer.finish()?;
    Ok(())
}

/// Sections with headings and true counts, for people.
fn screen(ctx: &Ctx, sections: &[Section]) -> Result<()> {
    let shown = ctx.ui.options().width.map_or(100, usize::from);
    let paint = ctx.ui.paint();
    let mut out = ctx.ui.out();
    let day = show::echo(When::Day(ctx.clock.today()), &ctx.clock);
    writeln!(out, "{}", paint.apply(Style::Bold, &day))?;
    let reference = |entry: &Entry| entry.record.reference().to_string();
    let widest = sections
        .iter()
        .flat_map(|section| &section.entries)
        .map(|entry| reference(entry).len())
        .max();
    let column = widest.unwrap_or(3);
    let room = shown.saturating_sub(column + 4);
    for section in sections.iter().filter(|section| !section.count.is_none()) {
        writeln!(out)?;
        let title = format!(
            "{} ({})",
            agenda::heading(section.name),
            number::count(section.count)
        );
        writeln!(out, "{}", paint.apply(Style::Bold, &title))?;
        for entry in &section.entries {
            let reason = agenda::why(entry, &ctx.clock);
            let subject = agenda::subject(entry);
            let left = cut::cut(&subject, room.saturating_sub(width(&reason) + 2).max(12));
            let gap = room.saturating_sub(width(&left) + width(&reason)).max(2);
            let line = format!(
                "  {}  {left}{}{reason}",
                pad(&reference(entry), column),
                " ".repeat(gap)
            );
            writeln!(out, "{}", line.trim_end())?;
        }
        let hidden = Count {
            counted: section.count.counted.saturating_sub(section.entries.len() as u64),
            ..section.count
        };
        if !hidden.is_none() {
            writeln!(out, "  … and {} more", number::count(hidden))?;
        }
    }
    if sections.iter().all(|section| section.count.is_none()) {
        writeln!(out, "Nothing is due.")?;
    }
    Ok(())
}
