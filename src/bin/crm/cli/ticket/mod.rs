//! `crm ticket`: what customers want from us, from the first word to the last.

mod clock;
mod joined;
mod moves;
mod talk;

use clap::{ArgMatches, Args, Command};
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::ticket;
use crm::ops::typed::Policy;

use crate::cli::args::{ListArgs, SetArgs, TagArgs};
use crate::cli::given::one;
use crate::cli::show::{self, ShowArgs};
use crate::cli::{edit, nouns, parsed, records, tags, written};
use crate::ctx::{Access, Ctx};

/// Add a ticket
#[derive(Debug, Args)]
struct AddArgs {
    /// What it is about, in one line; without it, the first line of the description
    #[arg(required_unless_present_any = ["description", "from"])]
    name: Option<String>,
    /// Customer who wants it, a company or a person
    #[arg(long, value_name = "REF", required_unless_present_any = ["no_customer", "from", "order"])]
    customer: Option<String>,
    /// Nobody knows yet who wants it
    #[arg(long, conflicts_with_all = ["customer", "order"])]
    no_customer: bool,
    /// Activity that it comes from: its customer, words and time, unless others are given
    #[arg(long, value_name = "REF")]
    from: Option<String>,
    /// Person to speak with about it
    #[arg(long, value_name = "REF")]
    contact: Option<String>,
    /// What the customer said, whole; `-` reads it from stdin, `@FILE` from a file
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    description: Option<String>,
    /// How it came in: phone, email, web, wechat, chat, visit …
    #[arg(long)]
    channel: Option<String>,
    /// What sort of thing it is: question, incident, problem, complaint, return …
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// What part of our work it is about: product, delivery, billing …
    #[arg(long)]
    category: Option<String>,
    /// How much it presses: low, normal, high, urgent
    #[arg(long)]
    priority: Option<String>,
    /// How much harm it does: minor, moderate, major, critical
    #[arg(long)]
    severity: Option<String>,
    /// User who works on it
    #[arg(long, value_name = "USER")]
    assignee: Option<String>,
    /// Work on it yourself
    #[arg(long, conflicts_with = "assignee")]
    take: bool,
    /// Team that works on it
    #[arg(long, value_name = "TEAM")]
    team: Option<String>,
    /// User who answers for it; who works on it, unless another is named
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Order that it is about; its customer wants it unless another is named
    #[arg(long, value_name = "REF")]
    order: Option<String>,
    /// Product that it is about
    #[arg(long, value_name = "REF")]
    product: Option<String>,
    /// Ticket with the problem behind it
    #[arg(long, value_name = "REF")]
    parent: Option<String>,
    /// Where it came from
    #[arg(long)]
    source: Option<String>,
    /// When it came in; now if nothing is given
    #[arg(long, value_name = "PHRASE", allow_hyphen_values = true)]
    at: Option<String>,
    /// Label; may be given several times
    #[arg(long, value_name = "T")]
    tag: Vec<String>,
    /// Any other field, or a custom one as fields.KEY
    #[arg(long = "field", value_name = "K=V")]
    fields: Vec<String>,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    let command = command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(verb("add", "Add a ticket", AddArgs::augment_args))
        .subcommand(verb("list", "List tickets", ListArgs::augment_args))
        .subcommand(verb("show", "Show tickets", ShowArgs::augment_args))
        .subcommand(
            verb(
                "clock",
                "What was promised for a ticket, and what counted",
                clock::define,
            )
            .after_help(clock::EXAMPLES),
        )
        .subcommand(verb("set", "Change fields of tickets", SetArgs::augment_args))
        .subcommand(nouns::edit_verb());
    let command = joined::define(talk::define(moves::define(command)))
        .subcommand(verb("tag", "Put labels on tickets", TagArgs::augment_args))
        .subcommand(verb("untag", "Take labels off tickets", TagArgs::augment_args));
    nouns::trash_verbs(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let noun = Noun::Ticket;
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some((
            verb @ ("take" | "assign" | "advance" | "wait" | "resume" | "resolve" | "close" | "cancel"
            | "reopen"),
            matches,
        )) => moves::run(ctx, verb, matches),
        Some((verb @ ("reply" | "receive" | "visit"), matches)) => talk::run(ctx, verb, matches),
        Some((verb @ ("merge" | "link" | "unlink"), matches)) => joined::run(ctx, verb, matches),
        Some(("clock", matches)) => clock::run(ctx, &parsed(matches)?),
        Some(("tag", matches)) => tags::tag(ctx, noun, &parsed(matches)?),
        Some(("untag", matches)) => tags::untag(ctx, noun, &parsed(matches)?),
        Some(("note", matches)) => crate::cli::note::note(ctx, noun, &parsed(matches)?),
        Some(("list", matches)) => records::list(ctx, noun, &parsed(matches)?, &[]),
        Some(("show", matches)) => show::of(ctx, noun, &parsed(matches)?),
        Some(("set", matches)) => records::set(ctx, noun, &parsed(matches)?, ticket::edit),
        Some(("edit", matches)) => edit::edit(ctx, noun, &parsed(matches)?, ticket::edit),
        Some((verb, matches)) => nouns::trash(ctx, noun, verb, &parsed(matches)?),
        None => Err(Error::usage("no verb was given")),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let description = args
        .description
        .as_deref()
        .map(crate::cli::note::text)
        .transpose()?;
    let mut session = ctx.open(Access::Create)?;
    let own = session.caller.actor.name.clone();
    let assignee = match args.take {
        true => Some(own.clone()),
        false => args.assignee,
    };
    // Who works on it answers for it; while nobody does, who took it down.
    let owner = args.owner.or_else(|| assignee.is_none().then_some(own));
    let mut assignments: Vec<Assignment> = [
        one("name", args.name),
        one("customer", args.customer),
        one("contact", args.contact),
        one("description", description),
        one("channel", args.channel),
        one("type", args.kind),
        one("category", args.category),
        one("priority", args.priority),
        one("severity", args.severity),
        one("assignee", assignee),
        one("team", args.team),
        one("owner", owner),
        one("order", args.order),
        one("product", args.product),
        one("parent", args.parent),
        one("source", args.source),
        one("received_at", args.at),
    ]
    .into_iter()
    .flatten()
    .collect();
    if !args.tag.is_empty() {
        let tags = args.tag.into_iter().map(Input::Text).collect();
        assignments.push(("tags".to_owned(), Input::List(tags)));
    }
    for field in &args.fields {
        assignments.push(records::assignment(field)?);
    }
    let (outcome, op) = session.write(ctx, |tx| match &args.from {
        Some(activity) => ticket::talk::from_activity(tx, activity, &assignments),
        None => ticket::add(tx, &assignments, &Policy::strict()),
    })?;
    written::added(ctx, &session, Noun::Ticket, outcome.id, None, op.as_ref())
}
