//! Deliveries of orders: what was sent, and where it is.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::sale::{ShipmentStatus, notation};
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::ops::order::ship;
use crm::ops::refer;
use crm::ops::typed;

use super::day;
use crate::cli::{examples, parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Send an order, or lines of it
#[derive(Debug, Args)]
struct ShipArgs {
    /// The order
    #[arg(value_name = "REF")]
    reference: String,
    /// What is in it, by number, code or name: 'SKU x2'; without any, all that was not sent yet
    #[arg(value_name = "LINE")]
    lines: Vec<String>,
    /// Who carries it
    #[arg(long, value_name = "NAME")]
    carrier: Option<String>,
    /// What the carrier calls it
    #[arg(long, value_name = "NUMBER")]
    tracking: Option<String>,
    /// Day on which it left; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
    /// Free text
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

// Where shipments of an order are. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct DeliverArgs {
    /// The order
    #[arg(value_name = "REF")]
    reference: String,
    /// Which of its shipments, as `shipment list` counts them; without it, all that are on their way
    #[arg(long, value_name = "N")]
    shipment: Option<i64>,
    /// Day on which it arrived; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

// What a carrier says of shipments.
#[derive(Debug, Args)]
struct MarkArgs {
    /// The order
    #[arg(value_name = "REF")]
    reference: String,
    /// Where it is: shipped, in_transit, delivered, exception, returned
    #[arg(value_name = "STATUS")]
    status: String,
    /// Which of its shipments; without it, all that can be there
    #[arg(long, value_name = "N")]
    shipment: Option<i64>,
}

// One order.
#[derive(Debug, Args)]
struct OneArgs {
    /// The order
    #[arg(value_name = "REF")]
    reference: String,
}

/// Adds the verbs.
pub(super) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    command
        .subcommand(verb(
            "ship",
            "Send an order, or lines of it",
            ShipArgs::augment_args,
        ))
        .subcommand(verb(
            "deliver",
            "What was sent has arrived",
            DeliverArgs::augment_args,
        ))
        .subcommand(verb("shipment", "Shipments: list, mark", |command| {
            let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
                Command::new(name).about(about).defer(define)
            };
            let command = command
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommand(verb(
                    "list",
                    "List the shipments of an order",
                    OneArgs::augment_args,
                ))
                .subcommand(verb("mark", "Say where shipments are", MarkArgs::augment_args));
            examples::below(command, "order shipment")
        }))
}

pub(super) fn run(ctx: &Ctx, verb: &str, matches: &ArgMatches) -> Result<()> {
    match (verb, matches.subcommand()) {
        ("ship", _) => sent(ctx, &parsed(matches)?),
        ("deliver", _) => {
            let args: DeliverArgs = parsed(matches)?;
            let to = ShipmentStatus::Delivered.name();
            marked(ctx, &args.reference, to, args.shipment, args.on.as_deref())
        }
        (_, Some(("list", matches))) => list(ctx, &parsed(matches)?),
        (_, Some(("mark", matches))) => {
            let args: MarkArgs = parsed(matches)?;
            marked(ctx, &args.reference, &args.status, args.shipment, None)
        }
        _ => Err(Error::usage("no verb was given")),
    }
}

fn sent(ctx: &Ctx, args: &ShipArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (id, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Order, &args.reference)?;
        let given = ship::Given {
            carrier: args.carrier.as_deref(),
            tracking: args.tracking.as_deref(),
            on: day(tx.caller(), args.on.as_deref())?,
            note: args.note.as_deref(),
            lines: &args.lines,
        };
        ship::send(tx, id, &given)?;
        Ok(id)
    })?;
    written::report(ctx, &session, Noun::Order, &[id], op.as_ref())
}

fn marked(ctx: &Ctx, reference: &str, status: &str, shipment: Option<i64>, on: Option<&str>) -> Result<()> {
    let names = ShipmentStatus::ALL.map(ShipmentStatus::name);
    let status = ShipmentStatus::parse(typed::word("status", &names, status)?)
        .ok_or_else(|| Error::internal("a status without a name"))?;
    let mut session = ctx.open(Access::Write)?;
    let (id, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Order, reference)?;
        ship::mark(tx, id, shipment, status, day(tx.caller(), on)?)?;
        Ok(id)
    })?;
    written::report(ctx, &session, Noun::Order, &[id], op.as_ref())
}

fn list(ctx: &Ctx, args: &OneArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let rows = session.store.read(&session.caller, |tx| {
        let (lines, shipments) = ship::list(tx, refer::one(tx, Noun::Order, &args.reference)?)?;
        let day = |day: Option<jiff::civil::Date>| day.map_or(Value::Null, Value::Date);
        let rows = shipments.into_iter().map(|shipment| {
            let contents: Vec<String> = shipment
                .contents
                .iter()
                .map(|sent| {
                    let line = lines.iter().find(|line| line.id == Some(sent.line));
                    let name = line.map_or("", |line| line.name());
                    format!("{name} x{}", notation::quantity_text(sent.quantity))
                })
                .collect();
            vec![
                Value::Int(shipment.position),
                Value::text(shipment.status),
                Value::text(shipment.carrier),
                Value::text(shipment.tracking),
                day(shipment.shipped_on),
                day(shipment.delivered_on),
                Value::text(contents.join(", ")),
                Value::text(shipment.note),
            ]
        });
        Ok(rows.collect::<Vec<_>>())
    })?;
    let columns = [
        ("number", FieldType::Integer),
        ("status", FieldType::Text),
        ("carrier", FieldType::Text),
        ("tracking", FieldType::Text),
        ("shipped_on", FieldType::Date),
        ("delivered_on", FieldType::Date),
        ("contents", FieldType::Text),
        ("note", FieldType::Text),
    ];
    records::table(ctx, "shipment", &columns, rows)
}
