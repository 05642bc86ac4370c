//! `crm sla`: what is promised for which tickets.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::sla;
use crm::ops::typed::Policy;
use crm::store::links;

use crate::cli::output::Format;
use crate::cli::{nouns, parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Define a policy
#[derive(Debug, Args)]
struct AddArgs {
    /// Name of the policy
    #[arg(value_name = "KEY")]
    name: String,
    /// Tickets that it is for; without one all that no other is for
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filter: Option<String>,
    /// What is promised for a priority: urgent first=30m next=1h resolution=2h; may be given several times
    #[arg(short = 't', long = "target", value_name = "TARGET")]
    targets: Vec<String>,
    /// Calendar whose hours count, none for around the clock; the first one of the base if nothing is said
    #[arg(long, value_name = "CALENDAR")]
    calendar: Option<String>,
    /// Policies with lower numbers are asked first
    #[arg(long, value_name = "N")]
    position: Option<i64>,
    /// Further fields: active=no description='Contracts of 2026'
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

/// Give tickets their policies
#[derive(Debug, Args)]
struct ApplyArgs {
    /// Only tickets that this filter selects
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// Exit with 3 if nothing has changed
    #[arg(long)]
    fail_empty: bool,
}

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(
            Command::new("add")
                .about("Define what is promised for tickets")
                .defer(AddArgs::augment_args)
                .after_help(ADD),
        )
        .subcommand(
            Command::new("apply")
                .about("Give running tickets the policy that is for them now, for cron")
                .defer(ApplyArgs::augment_args)
                .after_help(APPLY),
        )
}

const APPLY: &str = "\
A ticket gets its policy when it comes in, and another one when it is edited so that another is for it. This is for what \
no edit tells: new policies, and labels. Who has a policy that was chosen by hand gets the one that is for it. With \
--dry-run it says who would get which.

Examples:
  crm sla add vip -w +vip && crm sla apply --dry-run
  crm sla add hotline -w channel:phone && crm sla apply -w 'is:unassigned' --format csv
  crm sla apply --fail-empty   # exit 3";

const ADD: &str = "\
The first policy whose filter a ticket meets is for it; the last one without a filter is for all others. Of a priority \
(urgent, high, normal, low, or all of them) `first` is the working time until somebody answers, `next` until a later \
message is answered, `resolution` until it is solved; `none` promises nothing. What is not said is as usual: urgent 30m \
and 2h, high 1h and 4h, normal 8h and 24h, low 24h and 72h.

Examples:
  crm sla add vip -w +vip -t 'urgent first=15m next=30m resolution=1h' --position 1
  crm calendar add cn && crm sla add china -w channel:wechat --calendar cn -t 'low none'
  crm sla add hotline -w channel:phone --calendar none -t 'all first=1h resolution=8h'";

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, &parsed(matches)?),
        Some(("apply", matches)) => apply(ctx, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::Sla, sla::edit),
    }
}

fn add(ctx: &Ctx, args: &AddArgs) -> Result<()> {
    let given = [
        ("key", Some(args.name.clone())),
        ("filter", args.filter.clone()),
        (
            "targets",
            (!args.targets.is_empty()).then(|| args.targets.join("\n")),
        ),
        ("position", args.position.map(|position| position.to_string())),
    ];
    let mut fields: Vec<Assignment> = given
        .into_iter()
        .filter_map(|(field, text)| Some((field.to_owned(), Input::text(text?))))
        .collect();
    let calendar = args.calendar.as_deref().map(|name| match name {
        "none" | "" => Input::Clear,
        name => Input::text(name),
    });
    fields.extend(calendar.map(|calendar| ("calendar".to_owned(), calendar)));
    for text in &args.more {
        fields.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| sla::add(tx, &fields, &Policy::strict()))?;
    written::report(ctx, &session, Noun::Sla, &[outcome.id], op.as_ref())
}

const APPLIED: [(&str, FieldType); 4] = [
    ("ticket", FieldType::Text),
    ("name", FieldType::Text),
    ("old", FieldType::Text),
    ("new", FieldType::Text),
];

fn apply(ctx: &Ctx, args: &ApplyArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (rows, op) = session.write(ctx, |tx| {
        let name = |policy: Option<Id>| -> Result<Value> {
            let link = policy.map(|id| links::link(tx, Noun::Sla, id)).transpose()?;
            Ok(link.flatten().map_or(Value::Null, |link| Value::text(link.name)))
        };
        let mut rows = Vec::new();
        for applied in sla::apply(tx, &args.filters)? {
            let link = links::link(tx, Noun::Ticket, applied.ticket)?;
            let link = link.ok_or_else(|| Error::not_found(Noun::Ticket, &applied.ticket.uid()))?;
            rows.push(vec![
                Value::text(link.reference().to_string()),
                Value::text(link.name),
                name(applied.old)?,
                name(applied.new)?,
            ]);
        }
        Ok(rows)
    })?;
    let is_empty = rows.is_empty();
    let format = records::format(ctx)?;
    if !is_empty || format != Format::Table {
        records::table(ctx, "applied", &APPLIED, rows)?;
    }
    if format == Format::Table && !is_empty {
        written::told(ctx, op.as_ref());
    }
    if args.fail_empty && is_empty {
        return Err(Error::new(Kind::NotFound, "no ticket got another policy"));
    }
    Ok(())
}
