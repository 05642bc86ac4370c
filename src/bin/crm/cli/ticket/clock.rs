//! `crm ticket clock`: what was promised for a ticket, what counted and what did not.

use std::io::Write as _;

use clap::{Args, Command};
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::Result;
use crm::ops::refer;
use crm::ops::ticket::clock::{self, Reckoning, Shown};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::cli::output::Format;
use crate::cli::records;
use crate::ctx::{Access, Ctx};
use crate::text::{number, sanitise};

/// Read the clocks of a ticket
#[derive(Debug, Args)]
pub(super) struct ClockArgs {
    /// Ticket
    #[arg(value_name = "REF")]
    ticket: String,
}

pub(super) fn define(command: Command) -> Command {
    ClockArgs::augment_args(command)
}

pub(super) const EXAMPLES: &str = "\
Times are working time by the calendar of the policy. The clock of the solution stands still while the ticket waits for \
somebody outside; what was broken stays broken.

Examples:
  crm ticket clock K1
  crm ticket clock K1 --format json";

const COLUMNS: [(&str, FieldType); 7] = [
    ("clock", FieldType::Text),
    ("state", FieldType::Text),
    ("promised", FieldType::Duration),
    ("used", FieldType::Duration),
    ("left", FieldType::Duration),
    ("due_at", FieldType::Instant),
    ("breached_at", FieldType::Instant),
];

pub(super) fn run(ctx: &Ctx, args: &ClockArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let reckoning = session.store.read(&session.caller, |tx| {
        clock::reckon(tx, refer::one(tx, Noun::Ticket, &args.ticket)?)
    })?;
    let format = records::format(ctx)?;
    if format.is_json() {
        return records::json_objects(ctx, &format, &[object(&reckoning)], true);
    }
    let rows = reckoning.clocks.iter().map(cells);
    if format != Format::Table {
        return records::table(ctx, "clock", &COLUMNS, rows);
    }
    head(ctx, &reckoning)?;
    records::table(ctx, "clock", &COLUMNS, rows)?;
    stretches(ctx, &reckoning)
}

fn seconds(time: SignedDuration) -> Value {
    Value::Seconds(time.as_secs())
}

fn cells(shown: &Shown) -> Vec<Value> {
    let reading = &shown.reading;
    let instant = |at: Option<Timestamp>| at.map_or(Value::Null, Value::Instant);
    vec![
        Value::text(shown.kind.name()),
        Value::text(reading.state.name()),
        reading.target.map_or(Value::Null, seconds),
        seconds(reading.used),
        reading.left.map_or(Value::Null, seconds),
        instant(reading.due_at),
        instant(reading.breached_at),
    ]
}

fn object(reckoning: &Reckoning) -> serde_json::Value {
    let instant = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let clocks = reckoning.clocks.iter().map(|shown| {
        let reading = &shown.reading;
        let stretches = shown.stretches.iter().map(|stretch| {
            json!({
                "from": stretch.from.to_string(),
                "to": stretch.to.to_string(),
                "paused": stretch.is_paused,
                "counted": stretch.counted.as_secs(),
            })
        });
        json!({
            "clock": shown.kind.name(),
            "state": reading.state.name(),
            "promised": reading.target.map(|time| time.as_secs()),
            "used": reading.used.as_secs(),
            "left": reading.left.map(|time| time.as_secs()),
            "due_at": instant(reading.due_at),
            "ended_at": instant(shown.ended_at),
            "breached_at": instant(reading.breached_at),
            "stretches": stretches.collect::<Vec<_>>(),
        })
    });
    json!({
        "kind": "ticket_clock",
        "ticket": {"id": reckoning.ticket.reference().to_string(), "name": reckoning.ticket.name},
        "status": reckoning.status,
        "priority": reckoning.priority,
        "sla": reckoning.policy,
        "calendar": reckoning.calendar,
        "zone": reckoning.zone,
        "clocks": clocks.collect::<Vec<_>>(),
    })
}

fn head(ctx: &Ctx, reckoning: &Reckoning) -> Result<()> {
    let promised = match (&reckoning.policy, &reckoning.calendar) {
        (None, _) => "nothing is promised".to_owned(),
        (Some(policy), Some(calendar)) => {
            format!("policy {policy} by calendar {calendar} ({})", reckoning.zone)
        }
        (Some(policy), None) => format!("policy {policy}, around the clock"),
    };
    let line = format!(
        "{} {}: {}, priority {}, {promised}",
        reckoning.ticket.reference(),
        reckoning.ticket.name,
        reckoning.status.replace('_', " "),
        reckoning.priority
    );
    Ok(ctx
        .ui
        .out()
        .write_all(format!("{}\n", sanitise::line(&line)).as_bytes())?)
}

/// How each clock came to what it shows, in the zone of its calendar.
fn stretches(ctx: &Ctx, reckoning: &Reckoning) -> Result<()> {
    let zone = TimeZone::get(&reckoning.zone).unwrap_or(TimeZone::UTC);
    let shown = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    let mut text = String::new();
    for clock in &reckoning.clocks {
        text.push_str(&format!("\n{}\n", clock.kind.name().replace('_', " ")));
        for stretch in &clock.stretches {
            let what = match stretch.is_paused {
                true => "pauses".to_owned(),
                false => number::duration(stretch.counted.as_secs()),
            };
            text.push_str(&format!(
                "  {} to {}  {what}\n",
                shown(stretch.from),
                shown(stretch.to)
            ));
        }
        if let Some(at) = clock.ended_at {
            text.push_str(&format!("  ended {}\n", shown(at)));
        }
    }
    Ok(ctx.ui.out().write_all(text.as_bytes())?)
}
