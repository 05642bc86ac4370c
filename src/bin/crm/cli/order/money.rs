//! Money for orders: payments, refunds, the plan.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::money::Money;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::ops::order::{pay, plan};
use crm::ops::refer;

use super::day;
use crate::cli::{examples, parsed, records, written};
use crate::ctx::{Access, Ctx};

// Money for an order. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct PayArgs {
    /// The order
    #[arg(value_name = "REF")]
    reference: String,
    /// How much; without it, all that is open
    #[arg(value_name = "AMOUNT")]
    amount: Option<String>,
    /// Day on which it came or went; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
    /// How: bank_transfer, cash, cheque, alipay, wechat_pay, card, post, other
    #[arg(long)]
    method: Option<String>,
    /// What it is known by to the bank
    #[arg(long = "reference", value_name = "TEXT")]
    known_by: Option<String>,
    /// Part of the plan that it is for, from 1; without it, the part that is due first
    #[arg(long, value_name = "N")]
    part: Option<usize>,
    /// It is only announced, and counts once it is confirmed
    #[arg(long)]
    pending: bool,
    /// Free text
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

// One payment of an order.
#[derive(Debug, Args)]
struct PaymentArgs {
    /// The order
    #[arg(value_name = "REF")]
    reference: String,
    /// Which of its payments, as `list` counts them; not needed if only one is pending
    #[arg(value_name = "N")]
    number: Option<usize>,
}

// One order.
#[derive(Debug, Args)]
struct OneArgs {
    /// The order
    #[arg(value_name = "REF")]
    reference: String,
}

/// Plan in which parts an order is to be paid; list them
#[derive(Debug, Args)]
struct PlanArgs {
    /// The order
    #[arg(value_name = "REF")]
    reference: String,
    /// Amount and day of each: 300@2026-05-01, 30%@tomorrow, rest@+30d; none to list them
    #[arg(value_name = "AMOUNT@DATE")]
    parts: Vec<String>,
    /// Be reminded of each part so many days before it is due; 3 if nobody says, 90 at most
    #[arg(long, value_name = "DAYS", requires = "parts")]
    remind: Option<i32>,
    /// Take the plan away: the whole is due at once
    #[arg(long, conflicts_with = "parts")]
    clear: bool,
}

/// Adds the verbs.
pub(super) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    command
        .subcommand(verb("pay", "Money came for an order", PayArgs::augment_args))
        .subcommand(verb(
            "refund",
            "Money of an order went back",
            PayArgs::augment_args,
        ))
        .subcommand(verb("payment", "Payments: list, confirm, fail", |command| {
            let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
                Command::new(name).about(about).defer(define)
            };
            let command = command
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommand(verb(
                    "list",
                    "List the payments of an order",
                    OneArgs::augment_args,
                ))
                .subcommand(verb(
                    "confirm",
                    "A pending payment came",
                    PaymentArgs::augment_args,
                ))
                .subcommand(verb(
                    "fail",
                    "A pending payment did not come",
                    PaymentArgs::augment_args,
                ));
            examples::below(command, "order payment")
        }))
        .subcommand(verb(
            "plan",
            "In which parts an order is to be paid",
            PlanArgs::augment_args,
        ))
}

pub(super) fn run(ctx: &Ctx, verb: &str, matches: &ArgMatches) -> Result<()> {
    match (verb, matches.subcommand()) {
        ("pay", _) => moved(ctx, &parsed(matches)?, false),
        ("refund", _) => moved(ctx, &parsed(matches)?, true),
        ("plan", _) => planned(ctx, &parsed(matches)?),
        (_, Some(("list", matches))) => list(ctx, &parsed(matches)?),
        (_, Some(("confirm", matches))) => settled(ctx, &parsed(matches)?, false),
        (_, Some(("fail", matches))) => settled(ctx, &parsed(matches)?, true),
        _ => Err(Error::usage("no verb was given")),
    }
}

fn moved(ctx: &Ctx, args: &PayArgs, goes_back: bool) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (id, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Order, &args.reference)?;
        let given = pay::Given {
            amount: args.amount.as_deref(),
            on: day(tx.caller(), args.on.as_deref())?,
            method: args.method.as_deref(),
            reference: args.known_by.as_deref(),
            note: args.note.as_deref(),
            part: args.part,
            is_pending: args.pending,
        };
        match goes_back {
            true => pay::refund(tx, id, &given)?,
            false => pay::pay(tx, id, &given)?,
        }
        Ok(id)
    })?;
    written::report(ctx, &session, Noun::Order, &[id], op.as_ref())
}

fn settled(ctx: &Ctx, args: &PaymentArgs, has_failed: bool) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (id, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Order, &args.reference)?;
        pay::settle(tx, id, args.number, has_failed)?;
        Ok(id)
    })?;
    written::report(ctx, &session, Noun::Order, &[id], op.as_ref())
}

fn list(ctx: &Ctx, args: &OneArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let rows = session.store.read(&session.caller, |tx| {
        let (order, payments) = pay::list(tx, refer::one(tx, Noun::Order, &args.reference)?)?;
        let rows = (1_i64..).zip(payments).map(|(number, payment)| {
            let amount = Money {
                minor: payment.amount,
                currency: order.currency,
            };
            vec![
                Value::Int(number),
                Value::text(if payment.is_refund { "refund" } else { "payment" }),
                Value::text(payment.status),
                Value::Date(payment.received_on),
                Value::Money(amount),
                Value::text(payment.method),
                Value::text(payment.reference),
                Value::text(payment.note),
            ]
        });
        Ok(rows.collect::<Vec<_>>())
    })?;
    let columns = [
        ("number", FieldType::Integer),
        ("type", FieldType::Text),
        ("status", FieldType::Text),
        ("received_on", FieldType::Date),
        ("amount", FieldType::Money),
        ("method", FieldType::Text),
        ("reference", FieldType::Text),
        ("note", FieldType::Text),
    ];
    records::table(ctx, "payment", &columns, rows)
}

fn planned(ctx: &Ctx, args: &PlanArgs) -> Result<()> {
    if args.parts.is_empty() && !args.clear {
        return list_plan(ctx, &args.reference);
    }
    let mut session = ctx.open(Access::Write)?;
    let (id, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Order, &args.reference)?;
        plan::set(tx, id, &args.parts, args.remind)?;
        Ok(id)
    })?;
    written::report(ctx, &session, Noun::Order, &[id], op.as_ref())
}

fn list_plan(ctx: &Ctx, reference: &str) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let rows = session.store.read(&session.caller, |tx| {
        let (order, plan) = plan::list(tx, refer::one(tx, Noun::Order, reference)?)?;
        let money = |minor| {
            Value::Money(Money {
                minor,
                currency: order.currency,
            })
        };
        let rows = (1_i64..).zip(plan).map(|(number, due)| {
            vec![
                Value::Int(number),
                Value::Date(due.part.due_on),
                money(due.part.amount),
                money(due.paid),
                Value::text(due.status),
            ]
        });
        Ok(rows.collect::<Vec<_>>())
    })?;
    let columns = [
        ("part", FieldType::Integer),
        ("due_on", FieldType::Date),
        ("amount", FieldType::Money),
        ("paid", FieldType::Money),
        ("status", FieldType::Text),
    ];
    records::table(ctx, "part", &columns, rows)
}
