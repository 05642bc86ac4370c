//! `crm customer relate`, `unrelate`, `employ`, `leave`, and `crm deal person`: how people, companies and deals hang
//! together.

use clap::{Args, Command};
use crm::domain::actor::Caller;
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::domain::when::{Leaning, instant, read};
use crm::error::{Error, Result};
use crm::ops::deal::people::{self, Part};
use crm::ops::employment::{self, Job};
use crm::ops::{refer, relationship};
use crm::store::{deal_people, links};
use jiff::civil::Date;

use crate::cli::{records, written};
use crate::ctx::{Access, Ctx};

/// Say how two customers are related
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm customer relate C2 reports_to C3
  crm customer relate C2 referred_by C5 --note 'met at the trade fair'
  crm customer relate C2 配偶 C5

Reads as a sentence: the first customer reports to the second. Each relation is seen from both
sides: reports_to/manages, referred_by/referred, assistant/assisted_by, parent/child,
supplier/buyer, advisor/advised_by; and spouse, sibling, partner, colleague, friend, competitor,
other, which are the same on both.")]
pub(crate) struct RelateArgs {
    /// Customer of whom it is said
    #[arg(value_name = "REF")]
    customer: String,
    /// What the first is to the second: reports_to, referred_by, spouse … in English or Chinese
    #[arg(value_name = "TYPE")]
    sort: String,
    /// The other customer
    #[arg(value_name = "OTHER")]
    other: String,
    /// What else there is to say
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Take back how two customers are related
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm customer relate C2 friend C5 && crm customer unrelate C2 C5
  crm customer relate C2 spouse C5 && crm customer unrelate C5 C2 --type spouse")]
pub(crate) struct UnrelateArgs {
    /// Customer
    #[arg(value_name = "REF")]
    customer: String,
    /// The other customer
    #[arg(value_name = "OTHER")]
    other: String,
    /// Only this relation, as it was said of the first; without it every one
    #[arg(long = "type", value_name = "TYPE")]
    sort: Option<String>,
}

/// Say where a person works or worked
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm customer employ C2 C4 --title CTO --from 2026-01-01
  crm customer employ C2 C4 --role 'main contact' --beside
  crm customer employ C2 C7 --title Trainee --from 2019-04-01 --to 2021-03-31

A new job ends the main one before it, which stays in the history. --beside keeps both.")]
pub(crate) struct EmployArgs {
    /// Person
    #[arg(value_name = "REF")]
    person: String,
    /// Company: ref or exact name
    company: String,
    /// Job title there
    #[arg(long)]
    title: Option<String>,
    /// What the person is for the company, or for you there
    #[arg(long)]
    role: Option<String>,
    /// First day
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    from: Option<String>,
    /// Day on which it ended, for a job of the past
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    to: Option<String>,
    /// A further job: the main one goes on
    #[arg(long)]
    beside: bool,
}

/// Say that a person does not work at a company any more
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm customer employ C2 C4 --beside && crm customer leave C2 C4
  crm customer employ C2 C4 --from 2020-01-01 && crm customer leave C2 C4 --on 2026-06-30")]
pub(crate) struct LeaveArgs {
    /// Person
    #[arg(value_name = "REF")]
    person: String,
    /// Company: ref or exact name
    company: String,
    /// Day on which it ended; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

/// Say who has a part in a deal; list those who have
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm deal person D1 C2 --role decision_maker --main
  crm deal person D1 C2 --role 影响者
  crm deal person D1
  crm deal person D1 C2 && crm deal person D1 C2 --remove

Roles: decision_maker economic_buyer champion influencer technical_evaluator end_user blocker
legal other, or the Chinese word.")]
pub(crate) struct PersonArgs {
    /// Deal
    #[arg(value_name = "DEAL")]
    deal: String,
    /// People; without any, those of the deal are listed
    #[arg(value_name = "REF")]
    people: Vec<String>,
    /// Part that they have; `none` takes it away
    #[arg(long, requires = "people")]
    role: Option<String>,
    /// The first of them is the main person
    #[arg(long, requires = "people")]
    main: bool,
    /// Take them out of the deal
    #[arg(long, requires = "people", conflicts_with_all = ["role", "main"])]
    remove: bool,
}

/// Adds the verbs of a customer.
pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    command
        .subcommand(verb(
            "relate",
            "Say how two customers are related",
            RelateArgs::augment_args,
        ))
        .subcommand(verb(
            "unrelate",
            "Take back how two customers are related",
            UnrelateArgs::augment_args,
        ))
        .subcommand(verb(
            "employ",
            "Say where a person works or worked",
            EmployArgs::augment_args,
        ))
        .subcommand(verb(
            "leave",
            "Say that a person does not work at a company any more",
            LeaveArgs::augment_args,
        ))
}

pub(crate) fn relate(ctx: &Ctx, args: &RelateArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let customer = refer::one(tx, Noun::Customer, &args.customer)?;
        let other = refer::one(tx, Noun::Customer, &args.other)?;
        relationship::relate(tx, customer, &args.sort, other, args.note.as_deref())
    })?;
    written::report(ctx, &session, Noun::Customer, &[outcome.id], op.as_ref())
}

pub(crate) fn unrelate(ctx: &Ctx, args: &UnrelateArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let customer = refer::one(tx, Noun::Customer, &args.customer)?;
        let other = refer::one(tx, Noun::Customer, &args.other)?;
        relationship::unrelate(tx, customer, args.sort.as_deref(), other)
    })?;
    written::report(ctx, &session, Noun::Customer, &[outcome.id], op.as_ref())
}

pub(crate) fn employ(ctx: &Ctx, args: &EmployArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let person = refer::one(tx, Noun::Customer, &args.person)?;
        let company = refer::company(tx, &args.company)?;
        let job = Job {
            title: args.title.clone(),
            role: args.role.clone(),
            from: day(tx.caller(), args.from.as_deref(), "from")?,
            to: day(tx.caller(), args.to.as_deref(), "to")?,
            beside: args.beside,
        };
        employment::employ(tx, person, company, &job)
    })?;
    written::report(ctx, &session, Noun::Customer, &[outcome.id], op.as_ref())
}

pub(crate) fn leave(ctx: &Ctx, args: &LeaveArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let person = refer::one(tx, Noun::Customer, &args.person)?;
        let company = refer::company(tx, &args.company)?;
        employment::leave(tx, person, company, day(tx.caller(), args.on.as_deref(), "on")?)
    })?;
    written::report(ctx, &session, Noun::Customer, &[outcome.id], op.as_ref())
}

pub(crate) fn person(ctx: &Ctx, args: &PersonArgs) -> Result<()> {
    if args.people.is_empty() {
        return list_people(ctx, &args.deal);
    }
    let references = records::with_stdin(&args.people)?;
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let deal = refer::one(tx, Noun::Deal, &args.deal)?;
        let found = refer::all(tx, Noun::Customer, &references)?;
        if args.remove {
            return people::remove(tx, deal, &found);
        }
        let part = Part {
            role: args.role.clone(),
            main: args.main,
        };
        people::put(tx, deal, &found, &part)
    })?;
    written::report(ctx, &session, Noun::Deal, &[outcome.id], op.as_ref())
}

fn list_people(ctx: &Ctx, reference: &str) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let rows = session.store.read(&session.caller, |tx| {
        let deal = refer::one(tx, Noun::Deal, reference)?;
        let mut rows = Vec::new();
        for person in deal_people::parts(tx, deal)? {
            if let Some(link) = links::link(tx, Noun::Customer, person.customer)? {
                rows.push(vec![
                    Value::Ref(link.reference()),
                    Value::text(link.name),
                    Value::text(person.role),
                    Value::Bool(person.is_primary),
                ]);
            }
        }
        Ok(rows)
    })?;
    let columns = [
        ("id", FieldType::Ref),
        ("name", FieldType::Text),
        ("role", FieldType::Text),
        ("main", FieldType::Bool),
    ];
    records::table(ctx, "person", &columns, rows)
}

/// The day that a phrase about the past means.
fn day(caller: &Caller, phrase: Option<&str>, flag: &str) -> Result<Option<Date>> {
    let Some(phrase) = phrase else { return Ok(None) };
    let when = read(phrase, &caller.reading(Leaning::Past)).map_err(|error| error.on_field(flag))?;
    let day = instant::first_day(when);
    day.map(Some)
        .ok_or_else(|| Error::invalid(flag, format!("{flag}: {phrase:?} is no day")))
}
