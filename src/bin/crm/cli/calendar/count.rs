//! `crm calendar hours` and `crm calendar after`: counting by a calendar.

use clap::{Args, Command};
use crm::domain::clock::Clock;
use crm::domain::field::FieldType;
use crm::domain::hours::Hours;
use crm::domain::value::Value;
use crm::domain::when::duration::read_duration;
use crm::domain::when::{Leaning, Reading, When, instant, read};
use crm::error::{Error, Kind, Result};
use crm::ops::calendar;
use jiff::{SignedDuration, Timestamp};

use crate::cli::output::Format;
use crate::cli::records;
use crate::ctx::{Access, Ctx, Session};

/// Count working time
#[derive(Debug, Args)]
pub(super) struct HoursArgs {
    /// Calendar
    #[arg(value_name = "KEY")]
    calendar: String,
    /// First instant; a day is its beginning
    #[arg(value_name = "FROM-WHEN")]
    from: String,
    /// Last instant; a day is its end
    #[arg(value_name = "TO-WHEN")]
    to: String,
}

/// Walk through working time
#[derive(Debug, Args)]
pub(super) struct AfterArgs {
    /// Calendar
    #[arg(value_name = "KEY")]
    calendar: String,
    /// Instant; a day is its beginning
    #[arg(value_name = "FROM-WHEN")]
    from: String,
    /// Working time: 90m, 8h, 1h30m
    #[arg(value_name = "DURATION")]
    work: String,
}

pub(super) const HOURS: &str = "\
Times of day are those of clocks in the zone of the calendar; an instant with an offset or a Z is itself.

Examples:
  crm calendar hours standard 2026-11-20T16:00 2026-11-23T10:00
  crm calendar hours standard today today --format json
  crm calendar hours standard 2026-11-01 2026-11-30 --format ids   # the minutes alone";

pub(super) const AFTER: &str = "\
Times of day are those of clocks in the zone of the calendar; an instant with an offset or a Z is itself.

Examples:
  crm calendar after standard 2026-11-20T16:00 8h
  crm calendar after standard now 90m --format ids   # the instant alone";

pub(super) fn define_hours(command: Command) -> Command {
    HoursArgs::augment_args(command)
}

pub(super) fn define_after(command: Command) -> Command {
    AfterArgs::augment_args(command)
}

pub(super) fn hours(ctx: &Ctx, args: &HoursArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let calendar = session
        .store
        .read(&session.caller, |tx| calendar::named(tx, &args.calendar))?;
    let hours = &calendar.hours;
    let from = at(&session, hours, "from", &args.from, false)?;
    let to = at(&session, hours, "to", &args.to, true)?;
    if to < from {
        return Err(Error::usage(format!(
            "{} is before {}; the earlier instant comes first",
            args.to, args.from
        )));
    }
    let time = hours.between(from, to);
    let columns = [
        ("minutes", FieldType::Integer),
        ("duration", FieldType::Duration),
        ("calendar", FieldType::Text),
        ("from", kind(ctx)?),
        ("to", kind(ctx)?),
        ("zone", FieldType::Text),
    ];
    let row = vec![
        Value::Int(time.as_mins()),
        Value::Seconds(time.as_secs()),
        Value::Text(calendar.key),
        shown(ctx, hours, from)?,
        shown(ctx, hours, to)?,
        zone(hours),
    ];
    records::table(ctx, "working_time", &columns, [row])
}

pub(super) fn after(ctx: &Ctx, args: &AfterArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let calendar = session
        .store
        .read(&session.caller, |tx| calendar::named(tx, &args.calendar))?;
    let hours = &calendar.hours;
    let from = at(&session, hours, "from", &args.from, false)?;
    let work = read_duration(&args.work).map_err(|error| error.on_field("duration"))?;
    let at = hours
        .after(from, SignedDuration::from_secs(work))
        .ok_or_else(|| {
            let message = format!(
                "by the calendar {} nobody works for years from then",
                calendar.key
            );
            Error::new(Kind::NotFound, message)
        })?;
    let columns = [
        ("at", kind(ctx)?),
        ("calendar", FieldType::Text),
        ("from", kind(ctx)?),
        ("duration", FieldType::Duration),
        ("zone", FieldType::Text),
    ];
    let row = vec![
        shown(ctx, hours, at)?,
        Value::Text(calendar.key.clone()),
        shown(ctx, hours, from)?,
        Value::Seconds(work),
        zone(hours),
    ];
    records::table(ctx, "working_time", &columns, [row])
}

/// The instant that a phrase means in the zone of the calendar.
fn at(session: &Session, hours: &Hours, name: &str, text: &str, is_end: bool) -> Result<Timestamp> {
    if let Some(at) = instant::exact(text.trim()) {
        return Ok(at);
    }
    let clock = Clock::new(session.caller.clock.now(), hours.zone().clone());
    let reading = Reading {
        clock: &clock,
        ..session.caller.reading(Leaning::None)
    };
    let when = read(text, &reading).map_err(|error| error.on_field(name))?;
    let instant = match when {
        When::Day(day) | When::Span(day, _) if !is_end => Some(instant::bounds(day, day, hours.zone()).0),
        When::Day(day) | When::Span(_, day) => Some(instant::bounds(day, day, hours.zone()).1),
        when => instant::moment(when, &clock),
    };
    instant.ok_or_else(|| Error::invalid(name, format!("{name}: {text:?} is no instant")))
}

/// People see clocks of the calendar, programs instants.
fn is_for_people(ctx: &Ctx) -> Result<bool> {
    Ok(matches!(records::format(ctx)?, Format::Table | Format::Markdown))
}

fn kind(ctx: &Ctx) -> Result<FieldType> {
    Ok(match is_for_people(ctx)? {
        true => FieldType::Text,
        false => FieldType::Instant,
    })
}

fn shown(ctx: &Ctx, hours: &Hours, at: Timestamp) -> Result<Value> {
    Ok(match is_for_people(ctx)? {
        true => {
            let local = at.to_zoned(hours.zone().clone());
            Value::text(local.strftime("%Y-%m-%d %H:%M").to_string())
        }
        false => Value::Instant(at),
    })
}

fn zone(hours: &Hours) -> Value {
    Value::text(hours.zone().iana_name().unwrap_or("UTC"))
}
