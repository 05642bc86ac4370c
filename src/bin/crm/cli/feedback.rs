//! `crm feedback`: what customers say, asked or unasked, and what becomes of it.

use clap::{ArgMatches, Args, Command};
use crm::domain::actor::Caller;
use crm::domain::feedback::Status;
use crm::domain::id::Id;
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::domain::when::{Leaning, instant, read};
use crm::error::{Error, Result};
use crm::ops::typed::Policy;
use crm::ops::{feedback, refer};
use crm::store::WriteTx;
use jiff::civil::Date;

use crate::cli::args::{AssignArgs, ListArgs, SetArgs, TagArgs, TargetArgs};
use crate::cli::bulk::{self, Deed, Grade};
use crate::cli::given::{many, one};
use crate::cli::note::{self, NoteArgs};
use crate::cli::show::{self, ShowArgs};
use crate::cli::{edit, nouns, parsed, records, tags, written};
use crate::ctx::{Access, Ctx};

/// Write down what a customer says
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("who").required(true).multiple(true)
    .args(["customer", "no_customer", "contact", "order", "ticket"])))]
struct AddArgs {
    /// Customer who says it
    #[arg(long, value_name = "REF")]
    customer: Option<String>,
    /// Nobody knows who says it
    #[arg(long, conflicts_with_all = ["customer", "contact"])]
    no_customer: bool,
    /// Person who says it for the customer
    #[arg(long, value_name = "REF")]
    contact: Option<String>,
    /// Order that it is about; its customer says it unless another is named
    #[arg(long, value_name = "REF")]
    order: Option<String>,
    /// Ticket that it is about; its customer says it unless another is named
    #[arg(long, value_name = "REF")]
    ticket: Option<String>,
    /// What it is: answer, complaint, suggestion, praise or question; with a survey it is an answer
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Survey that is answered
    #[arg(long, value_name = "KEY")]
    survey: Option<String>,
    /// Score on the scale of the survey
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    score: Option<String>,
    /// What the customer says
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// By which way it came: phone, email, web, wechat, visit, chat, sms, social or other
    #[arg(long, value_name = "WAY")]
    channel: Option<String>,
    /// Day on which it came; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
    /// Day on which the customer was asked
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    sent: Option<String>,
    /// User who looks after it
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Label; may be given several times
    #[arg(long, value_name = "T")]
    tag: Vec<String>,
    /// Any other field, or a custom one as fields.KEY
    #[arg(long = "field", value_name = "K=V")]
    fields: Vec<String>,
    /// Free text of ours
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Note that customers were asked
#[derive(Debug, Args)]
struct SendArgs {
    /// Survey by which they are asked
    #[arg(long, value_name = "KEY", required = true)]
    survey: String,
    /// Customer who is asked; may be given several times; that of the order or ticket if none is named
    #[arg(long, value_name = "REF", required_unless_present_any = ["order", "ticket"])]
    customer: Vec<String>,
    /// Person who is asked for the customer
    #[arg(long, value_name = "REF")]
    contact: Option<String>,
    /// Order that they are asked about
    #[arg(long, value_name = "REF")]
    order: Option<String>,
    /// Ticket that they are asked about
    #[arg(long, value_name = "REF")]
    ticket: Option<String>,
    /// By which way: phone, email, web, wechat, visit, chat, sms, social or other
    #[arg(long, value_name = "WAY")]
    channel: Option<String>,
    /// Day on which they were asked; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
    /// User who looks after the answers
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
}

/// Take in an answer
#[derive(Debug, Args)]
struct AnswerArgs {
    /// What was asked
    #[arg(value_name = "REF")]
    reference: String,
    /// Score on the scale of the survey
    #[arg(long, value_name = "N", required = true, allow_hyphen_values = true)]
    score: String,
    /// What the customer says
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    /// Day of the answer; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

// Feedback that moves on, and when. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct MoveArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// What was done about it
    #[arg(long, value_name = "TEXT")]
    action: Option<String>,
    /// Day on which it was; today if none is given
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    on: Option<String>,
}

/// Make a ticket of a complaint
#[derive(Debug, Args)]
struct EscalateArgs {
    /// What the customer is not content with
    #[arg(value_name = "REF")]
    reference: String,
    /// Subject of the ticket; without it, the first line of what the customer says
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// What sort of thing it is; complaint, unless it is a question or a suggestion
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// How much it presses: low, normal, high, urgent
    #[arg(long)]
    priority: Option<String>,
    /// User who works on it
    #[arg(long, value_name = "USER")]
    assignee: Option<String>,
    /// Work on it yourself
    #[arg(long, conflicts_with = "assignee")]
    take: bool,
    /// Team that works on it
    #[arg(long, value_name = "TEAM")]
    team: Option<String>,
    /// Any other field of the ticket, or a custom one as fields.KEY
    #[arg(long = "field", value_name = "K=V")]
    fields: Vec<String>,
}

const SEND: &str = "\
Nothing is sent: it is noted that somebody was asked, so that the share of those who answer is known.

Examples:
  crm feedback send --survey nps --customer C1 --customer C2 --channel email
  crm feedback send --survey csat --ticket K6 && crm feedback list -w ticket:K6
  crm feedback send --survey csat --customer C1 --on yesterday && crm feedback list -w is:unanswered";

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    nouns::trash_verbs(
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand(verb(
                "add",
                "Write down what a customer says",
                AddArgs::augment_args,
            ))
            .subcommand(
                verb("send", "Note that customers were asked", SendArgs::augment_args).after_help(SEND),
            )
            .subcommand(verb(
                "answer",
                "Take in the answer of somebody who was asked",
                AnswerArgs::augment_args,
            ))
            .subcommand(verb("list", "List feedback", ListArgs::augment_args))
            .subcommand(verb("show", "Show feedback", ShowArgs::augment_args))
            .subcommand(verb("set", "Change fields of feedback", SetArgs::augment_args))
            .subcommand(nouns::edit_verb())
            .subcommand(verb(
                "acknowledge",
                "The customer was told that it was heard",
                MoveArgs::augment_args,
            ))
            .subcommand(verb("act", "Something was done about it", MoveArgs::augment_args))
            .subcommand(verb(
                "close",
                "There is nothing more to do",
                MoveArgs::augment_args,
            ))
            .subcommand(verb(
                "escalate",
                "Make a ticket of what a customer is not content with",
                EscalateArgs::augment_args,
            ))
            .subcommand(verb(
                "reopen",
                "Take closed feedback up again",
                TargetArgs::augment_args,
            ))
            .subcommand(verb(
                "note",
                "Write something down about feedback",
                NoteArgs::augment_args,
            ))
            .subcommand(verb("tag", "Put labels on feedback", TagArgs::augment_args))
            .subcommand(verb("untag", "Take labels off feedback", TagArgs::augment_args))
            .subcommand(verb(
                "assign",
                "Give feedback to a user",
                AssignArgs::augment_args,
            )),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let noun = Noun::Feedback;
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("send", matches)) => send(ctx, parsed(matches)?),
        Some(("answer", matches)) => answer(ctx, parsed(matches)?),
        Some(("acknowledge", matches)) => {
            let words = ["acknowledge", "Acknowledged"];
            moved(ctx, &parsed(matches)?, Status::Acknowledged, words)
        }
        Some(("act", matches)) => moved(ctx, &parsed(matches)?, Status::Acted, ["act", "Acted on"]),
        Some(("close", matches)) => moved(ctx, &parsed(matches)?, Status::Closed, ["close", "Closed"]),
        Some(("reopen", matches)) => {
            let args = MoveArgs {
                target: parsed(matches)?,
                action: None,
                on: None,
            };
            moved(ctx, &args, Status::New, ["reopen", "Reopened"])
        }
        Some(("escalate", matches)) => escalate(ctx, parsed(matches)?),
        Some(("tag", matches)) => tags::tag(ctx, noun, &parsed(matches)?),
        Some(("untag", matches)) => tags::untag(ctx, noun, &parsed(matches)?),
        Some(("note", matches)) => note::note(ctx, noun, &parsed(matches)?),
        Some(("assign", matches)) => records::assign(ctx, noun, &parsed(matches)?, feedback::edit),
        Some(("list", matches)) => records::list(ctx, noun, &parsed(matches)?, &[]),
        Some(("show", matches)) => show::of(ctx, noun, &parsed(matches)?),
        Some(("set", matches)) => records::set(ctx, noun, &parsed(matches)?, feedback::edit),
        Some(("edit", matches)) => edit::edit(ctx, noun, &parsed(matches)?, feedback::edit),
        Some((verb, matches)) => nouns::trash(ctx, noun, verb, &parsed(matches)?),
        None => Err(Error::usage("no verb was given")),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let mut session = ctx.open(Access::Create)?;
    let owner = args.owner.unwrap_or_else(|| session.caller.actor.name.clone());
    let mut given: Vec<Assignment> = [
        one("customer", args.customer),
        one("contact", args.contact),
        one("order", args.order),
        one("ticket", args.ticket),
        one("type", args.kind),
        one("survey", args.survey),
        one("score", args.score),
        one("comment", args.comment),
        one("channel", args.channel),
        one("sent_on", args.sent),
        one("answered_on", args.on),
        one("owner", Some(owner)),
        many("tags", args.tag),
        one("note", args.note),
    ]
    .into_iter()
    .flatten()
    .collect();
    for field in &args.fields {
        given.push(records::assignment(field)?);
    }
    let (outcome, op) = session.write(ctx, |tx| feedback::add(tx, &given, &Policy::strict()))?;
    written::added(ctx, &session, Noun::Feedback, outcome.id, None, op.as_ref())
}

fn send(ctx: &Ctx, args: SendArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let owner = args.owner.unwrap_or_else(|| session.caller.actor.name.clone());
    let about = match (&args.ticket, &args.order) {
        (Some(ticket), _) => Some((Noun::Ticket, ticket.clone())),
        (None, order) => order.clone().map(|order| (Noun::Order, order)),
    };
    let given: Vec<Assignment> = [
        one("survey", Some(args.survey)),
        one("contact", args.contact),
        one("order", args.order),
        one("ticket", args.ticket),
        one("channel", args.channel),
        one("owner", Some(owner)),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (asked, op) = session.write(ctx, |tx| {
        let on = day(tx.caller(), args.on.as_deref())?;
        let customers = match (args.customer.as_slice(), &about) {
            ([], Some((noun, reference))) => {
                vec![feedback::customer_of(
                    tx,
                    *noun,
                    refer::one(tx, *noun, reference)?,
                )?]
            }
            (named, _) => refer::all(tx, Noun::Customer, named)?,
        };
        feedback::send(tx, &customers, &given, on)
    })?;
    written::report(ctx, &session, Noun::Feedback, &asked, op.as_ref())
}

fn answer(ctx: &Ctx, args: AnswerArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let given: Vec<Assignment> = [
        one("score", Some(args.score)),
        one("comment", args.comment),
        one("answered_on", args.on),
    ]
    .into_iter()
    .flatten()
    .collect();
    let (outcome, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Feedback, &args.reference)?;
        feedback::answer(tx, id, &given)
    })?;
    written::report(ctx, &session, Noun::Feedback, &[outcome.id], op.as_ref())
}

fn escalate(ctx: &Ctx, args: EscalateArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let assignee = match args.take {
        true => Some(session.caller.actor.name.clone()),
        false => args.assignee,
    };
    let mut given: Vec<Assignment> = [
        one("name", args.name),
        one("type", args.kind),
        one("priority", args.priority),
        one("assignee", assignee),
        one("team", args.team),
    ]
    .into_iter()
    .flatten()
    .collect();
    for field in &args.fields {
        given.push(records::assignment(field)?);
    }
    let (outcome, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Feedback, &args.reference)?;
        feedback::escalate(tx, id, &given)
    })?;
    written::added(ctx, &session, Noun::Ticket, outcome.id, None, op.as_ref())
}

/// Moves feedback on; the words are the verb and what the title of the operation begins with.
fn moved(ctx: &Ctx, args: &MoveArgs, to: Status, [verb, past]: [&str; 2]) -> Result<()> {
    let act = |tx: &WriteTx<'_>, id: Id| {
        let on = day(tx.caller(), args.on.as_deref())?;
        feedback::move_to(tx, id, to, on, args.action.as_deref()).map(drop)
    };
    let deed = Deed {
        title: &|what| format!("{past} {what}"),
        grade: Grade::Selected,
        ..Deed::new(Noun::Feedback, verb, &[], &act)
    };
    bulk::run(ctx, &args.target.bulk, &args.target.references, &deed)
}

/// The day that a phrase about the past means.
fn day(caller: &Caller, phrase: Option<&str>) -> Result<Option<Date>> {
    let Some(phrase) = phrase else { return Ok(None) };
    let when = read(phrase, &caller.reading(Leaning::Past)).map_err(|error| error.on_field("on"))?;
    let day = instant::first_day(when);
    day.map(Some)
        .ok_or_else(|| Error::invalid("on", format!("on: {phrase:?} is no day")))
}
