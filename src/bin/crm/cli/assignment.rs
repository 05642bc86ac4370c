//! `crm assignment`: rules that say who gets a lead, and who got which and why.

use std::ops::ControlFlow;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::{Error, Kind, Result};
use crm::ops::assignment::{self, Given, Told};
use crm::ops::refer;
use crm::ops::typed::Policy;
use crm::store::assignments::{self, Wanted};
use crm::store::{ReadTx, links};
use jiff::Timestamp;
use serde_json::json;

use crate::cli::output::Format;
use crate::cli::{nouns, parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Define a rule
#[derive(Debug, Args)]
struct AddArgs {
    /// Name of the rule
    #[arg(value_name = "KEY")]
    name: String,
    /// User who gets leads: NAME;weight=2;cap=30;where=city:Berlin; may be given several times, in the order of their turns
    #[arg(short = 'm', long = "member", value_name = "MEMBER")]
    members: Vec<String>,
    /// Customers whom it gives away; leads if nothing is given
    #[arg(short = 'w', long = "where", value_name = "EXPR")]
    filter: Option<String>,
    /// How it chooses: fixed, round_robin (the usual), least_busy, weighted or territory
    #[arg(long, value_name = "HOW")]
    strategy: Option<String>,
    /// User who gets what no member can take
    #[arg(long, value_name = "USER")]
    fallback: Option<String>,
    /// Rules with lower numbers are asked first
    #[arg(long, value_name = "N")]
    position: Option<i64>,
    /// Further fields: active=no description='Spring fair'
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

/// Give leads away
#[derive(Debug, Args)]
struct RunArgs {
    /// Only customers whom this filter selects
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// Exit with 3 if nobody was given away
    #[arg(long)]
    fail_empty: bool,
}

/// Who got whom
#[derive(Debug, Args)]
struct LogArgs {
    /// Rule; all of them if none is named
    #[arg(value_name = "KEY")]
    rule: Option<String>,
    /// Only how this customer was given away
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<String>,
    /// At most so many, the newest first; 0 for all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(
            Command::new("add")
                .about("Define a rule that gives leads away")
                .defer(AddArgs::augment_args)
                .after_help(ADD),
        )
        .subcommand(
            Command::new("run")
                .about("Give away whoever belongs to nobody, for cron")
                .defer(RunArgs::augment_args)
                .after_help(RUN),
        )
        .subcommand(
            Command::new("log")
                .about("Who got whom by which rule, and why")
                .defer(LogArgs::augment_args)
                .after_help(LOG),
        )
}

const ADD: &str = "\
The first rule whose filter a customer meets, and which has somebody for it, gives it away. Who is disabled or has had \
`cap` customers of the rule in this month is passed over, and keeps the place. `weight` counts for the strategy weighted; \
`where` says for the strategy territory what is whose, and takes the rest of the line.

Examples:
  crm user add Ann && crm assignment add web -m Ann -m '陈晓;cap=30' --position 1
  crm assignment add ads -m 'self;weight=2' -m 陈晓 -w level:A --strategy weighted
  crm assignment add cn -m '陈晓;where=city:北京' --strategy territory --fallback self";

const RUN: &str = "\
Only customers without an owner are given away, the oldest first. With --dry-run it says who would get whom.

Examples:
  crm assignment add all -m self && crm assignment run --dry-run
  crm assignment add all -m self && crm assignment run -w 'source:website' --format csv";

const LOG: &str = "\
Examples:
  crm assignment log
  crm assignment add all -m self && crm assignment log all --limit 20
  crm assignment log --customer C1 --fail-empty   # exit 3";

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, &parsed(matches)?),
        Some(("run", matches)) => give(ctx, &parsed(matches)?),
        Some(("log", matches)) => log(ctx, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::Assignment, assignment::edit),
    }
}

fn add(ctx: &Ctx, args: &AddArgs) -> Result<()> {
    let members = args.members.join("\n");
    let position = args.position.map(|position| position.to_string());
    let given = [
        ("key", Some(&args.name)),
        ("members", (!members.is_empty()).then_some(&members)),
        ("filter", args.filter.as_ref()),
        ("strategy", args.strategy.as_ref()),
        ("fallback", args.fallback.as_ref()),
        ("position", position.as_ref()),
    ];
    let mut fields: Vec<Assignment> = given
        .into_iter()
        .filter_map(|(field, text)| Some((field.to_owned(), Input::text(text?.as_str()))))
        .collect();
    for text in &args.more {
        fields.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| assignment::add(tx, &fields, &Policy::strict()))?;
    written::report(ctx, &session, Noun::Assignment, &[outcome.id], op.as_ref())
}

/// Says to whom the rules gave a customer that was just added.
pub(super) fn say(ctx: &Ctx, told: Option<&Told>) {
    match told {
        None => ctx
            .ui
            .warn("no rule of assignment is about this customer, who belongs to nobody now"),
        Some(told) => match &told.user {
            Some(user) => ctx.ui.note(&format!(
                "assigned to {} by {}: {}",
                user.name, told.rule, told.why
            )),
            None => ctx.ui.warn(&format!("{}: {}", told.rule, told.why)),
        },
    }
}

const GIVEN: [(&str, FieldType); 5] = [
    ("customer", FieldType::Text),
    ("name", FieldType::Text),
    ("user", FieldType::Text),
    ("assignment", FieldType::Text),
    ("why", FieldType::Text),
];

fn give(ctx: &Ctx, args: &RunArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let ((given, rows), op) = session.write(ctx, |tx| {
        let given = assignment::run(tx, &args.filters)?;
        let rows = rows(tx, &given)?;
        Ok((given, rows))
    })?;
    for (rule, name) in &given.unknown {
        ctx.ui.warn(&format!(
            "{rule}: there is no user {name:?} any more; set its members anew"
        ));
    }
    for (rule, why) in &given.broken {
        ctx.ui.warn(&format!("{rule} was left out: {why}"));
    }
    let format = records::format(ctx)?;
    if format.is_json() {
        let objects: Vec<serde_json::Value> = rows.iter().map(object).collect();
        records::json_objects(ctx, &format, &objects, false)?;
    } else if !rows.is_empty() || format != Format::Table {
        records::table(ctx, "customer", &GIVEN, rows.iter().map(cells))?;
    }
    if format == Format::Table && !rows.is_empty() {
        written::told(ctx, op.as_ref());
    }
    if args.fail_empty && rows.iter().all(|row| row.user.is_empty()) {
        return Err(Error::new(Kind::NotFound, "nobody was given away"));
    }
    Ok(())
}

/// What became of a customer, with the names that people read.
struct Row {
    customer: Option<Link>,
    user: String,
    rule: String,
    why: String,
}

fn rows(tx: &ReadTx<'_>, given: &Given) -> Result<Vec<Row>> {
    let row = |told: &Told| {
        Ok(Row {
            customer: links::link(tx, Noun::Customer, told.customer)?,
            user: told
                .user
                .as_ref()
                .map(|user| user.name.clone())
                .unwrap_or_default(),
            rule: told.rule.clone(),
            why: told.why.clone(),
        })
    };
    given.told.iter().map(row).collect()
}

fn named(customer: Option<&Link>) -> [Value; 2] {
    let text = |of: fn(&Link) -> String| Value::text(customer.map(of).unwrap_or_default());
    [
        text(|link| link.reference().to_string()),
        text(|link| link.name.clone()),
    ]
}

fn cells(row: &Row) -> Vec<Value> {
    let rest = [&row.user, &row.rule, &row.why].map(|text| Value::text(text.as_str()));
    named(row.customer.as_ref()).into_iter().chain(rest).collect()
}

fn id_and_name(customer: Option<&Link>) -> Option<serde_json::Value> {
    customer.map(|link| json!({"id": link.reference().to_string(), "name": link.name}))
}

fn object(row: &Row) -> serde_json::Value {
    let user = (!row.user.is_empty()).then_some(&row.user);
    json!({
        "kind": "assigned",
        "customer": id_and_name(row.customer.as_ref()),
        "user": user,
        "assignment": row.rule,
        "why": row.why,
    })
}

/// How many a terminal shows unless it is told otherwise.
const SCREENFUL: usize = 50;

const LOGGED: [(&str, FieldType); 6] = [
    ("at", FieldType::Instant),
    ("customer", FieldType::Text),
    ("name", FieldType::Text),
    ("user", FieldType::Text),
    ("assignment", FieldType::Text),
    ("why", FieldType::Text),
];

fn log(ctx: &Ctx, args: &LogArgs) -> Result<()> {
    let most = match args.limit {
        Some(0) => usize::MAX,
        Some(limit) => limit,
        None if ctx.ui.options().stdout_tty => SCREENFUL,
        None => usize::MAX,
    };
    let session = ctx.open(Access::Read)?;
    let format = records::format(ctx)?;
    let is_empty = session.store.read(&session.caller, |tx| {
        let rows = logged(tx, args, most)?;
        if format.is_json() {
            let line = |(at, row): &(Timestamp, Row)| {
                let mut line = object(row);
                if let Some(line) = line.as_object_mut() {
                    line.insert("at".to_owned(), json!(at.to_string()));
                }
                line
            };
            let objects: Vec<serde_json::Value> = rows.iter().map(line).collect();
            records::json_objects(ctx, &format, &objects, false)?;
        } else {
            let cells = rows
                .iter()
                .map(|(at, row)| std::iter::once(Value::Instant(*at)).chain(cells(row)).collect());
            records::table(ctx, "assigned", &LOGGED, cells)?;
        }
        Ok(rows.is_empty())
    })?;
    if is_empty && args.fail_empty {
        return Err(Error::new(Kind::NotFound, "nobody was given away"));
    }
    Ok(())
}

fn logged(tx: &ReadTx<'_>, args: &LogArgs, most: usize) -> Result<Vec<(Timestamp, Row)>> {
    let one =
        |noun: Noun, text: &Option<String>| text.as_ref().map(|text| refer::one(tx, noun, text)).transpose();
    let wanted = Wanted {
        rule: one(Noun::Assignment, &args.rule)?,
        customer: one(Noun::Customer, &args.customer)?,
    };
    let mut rows = Vec::new();
    assignments::list(tx, wanted, &mut |entry| {
        if rows.len() >= most {
            return Ok(ControlFlow::Break(()));
        }
        let name = |noun: Noun, id| -> Result<String> {
            Ok(links::link(tx, noun, id)?
                .map(|link| link.name)
                .unwrap_or_default())
        };
        rows.push((
            Timestamp::from_millisecond(entry.at).unwrap_or_default(),
            Row {
                customer: links::link(tx, Noun::Customer, entry.customer)?,
                user: name(Noun::User, entry.user)?,
                rule: name(Noun::Assignment, entry.rule)?,
                why: entry.why,
            },
        ));
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(rows)
}
