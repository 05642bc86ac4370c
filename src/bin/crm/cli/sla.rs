//! `crm sla`: what is promised for which tickets.

use clap::{ArgMatches, Args, Command};
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::sla;
use crm::ops::typed::Policy;

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

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(nouns::verbs(command)).subcommand(
        Command::new("add")
            .about("Define what is promised for tickets")
            .defer(AddArgs::augment_args)
            .after_help(ADD),
    )
}

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
