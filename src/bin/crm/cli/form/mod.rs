//! `crm form`: what people outside may send, and what becomes of it.

mod log;
mod page;
mod replies;
mod spool;
mod take;

use clap::{ArgMatches, Args, Command};
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::Result;
use crm::ops::form;
use crm::ops::typed::Policy;

use crate::cli::{nouns, parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Define a form
#[derive(Debug, Args)]
struct AddArgs {
    /// Name of the form
    #[arg(value_name = "KEY")]
    name: String,
    /// Field of the form: NAME=FIELD;label=…;label.zh=…;help=…;default=…;max=…;options=a|b, with NAME! if it is required
    #[arg(short = 'e', long = "entry", value_name = "ENTRY")]
    entries: Vec<String>,
    /// Heading that visitors read
    #[arg(long, value_name = "TEXT")]
    label: Option<String>,
    /// Where new customers came from
    #[arg(long, value_name = "S", help_heading = "What becomes of it")]
    source: Option<String>,
    /// Campaign that it belongs to
    #[arg(long, value_name = "NAME", help_heading = "What becomes of it")]
    campaign: Option<String>,
    /// Label of everybody who sends it
    #[arg(long, value_name = "TAG", help_heading = "What becomes of it")]
    tag: Vec<String>,
    /// Field that every new customer gets
    #[arg(long = "set", value_name = "FIELD=VALUE", help_heading = "What becomes of it")]
    defaults: Vec<String>,
    /// Owner of new customers; several take turns
    #[arg(long, value_name = "USER[,USER…]", help_heading = "What becomes of it")]
    assign: Option<String>,
    /// Task that a submission makes
    #[arg(long, value_name = "TITLE", help_heading = "What becomes of it")]
    next: Option<String>,
    /// When it is due; today if nothing is given
    #[arg(
        long,
        value_name = "PHRASE",
        requires = "next",
        help_heading = "What becomes of it"
    )]
    due: Option<String>,
    /// What happens to somebody who is in the base: update (what is blank), update_all, note, review, new or reject
    #[arg(long, value_name = "WHAT", help_heading = "What becomes of it")]
    on_duplicate: Option<String>,
    /// Make nothing before the sender has confirmed the address
    #[arg(long, help_heading = "What it has to get past")]
    double_opt_in: bool,
    /// Field that people do not see; whoever fills it is a machine
    #[arg(long, value_name = "NAME", help_heading = "What it has to get past")]
    honeypot: Option<String>,
    /// What the visitor agrees to by a field that feeds `consent`
    #[arg(long, value_name = "TEXT", help_heading = "What it has to get past")]
    consent: Option<String>,
    /// Version of that text
    #[arg(
        long,
        value_name = "V",
        requires = "consent",
        help_heading = "What it has to get past"
    )]
    consent_version: Option<String>,
    /// Further fields: thanks='We call you' active=no
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str| Command::new(name).about(about);
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(
            verb("add", "Define a form")
                .defer(AddArgs::augment_args)
                .after_help(ADD),
        )
        .subcommand(take::define(verb("submit", "Take in what was sent by a form")))
        .subcommand(spool::define(verb(
            "spool",
            "Take in a folder of what was sent, for cron",
        )))
        .subcommand(log::define(verb(
            "submissions",
            "What was sent, and what became of it",
        )))
        .subcommand(log::define_retry(verb("retry", "Try once more what was refused")))
        .subcommand(take::define_confirm(verb(
            "confirm",
            "Take in what its sender has confirmed",
        )))
        .subcommand(page::define(verb(
            "html",
            "Print a form as a page without scripts",
        )))
}

/// What an entry says, in the help of `add`.
const ADD: &str = "\
A field of the form leads to a field of the customer: name, emails, phones.mobile, company, title, city, country, note, \
fields.KEY, or to feedback.score, feedback.comment, feedback.type, first_name, last_name, message, consent, campaign, key (what the sender calls the submission) or \
started (when the visitor began). `NAME=` only keeps it. Without `=` the name itself says where it leads.

Examples:
  crm form add nps -e email! -e 'score!=feedback.score' -e why=feedback.comment survey=nps
  crm form add contact -e name -e email! -e message --source web_form --next Call --due today
  crm form add 试用 -e '电话!=phones;help=带区号' -e 公司=company -e 留言 --assign self region=CN
  crm form add news -e email! --double-opt-in --label News --set level=B
  crm form add news -e ok=consent --consent 'One letter a month' --consent-version 2
  crm form add fair -e 'size=;options=S|M' --campaign Fair --tag fair --honeypot url
  crm form add fair -e email! --on-duplicate review";

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, &parsed(matches)?),
        Some(("submit", matches)) => take::submit(ctx, &parsed(matches)?),
        Some(("spool", matches)) => spool::run(ctx, &parsed(matches)?),
        Some(("submissions", matches)) => log::list(ctx, &parsed(matches)?),
        Some(("retry", matches)) => log::retry(ctx, &parsed(matches)?),
        Some(("confirm", matches)) => take::confirm(ctx, &parsed(matches)?),
        Some(("html", matches)) => page::html(ctx, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::Form, form::edit),
    }
}

fn add(ctx: &Ctx, args: &AddArgs) -> Result<()> {
    let mut assignments: Vec<Assignment> = Vec::new();
    let mut give = |field: &str, text: &str| {
        if !text.is_empty() {
            assignments.push((field.to_owned(), Input::text(text)));
        }
    };
    give("key", &args.name);
    give("entries", &args.entries.join("\n"));
    give("defaults", &args.defaults.join("\n"));
    give("assign", &args.assign.as_deref().map(turns).unwrap_or_default());
    let on_duplicate = match args.on_duplicate.as_deref() {
        Some("update") => "update_blank",
        Some("note") => "new_activity",
        Some("new") => "create",
        other => other.unwrap_or_default(),
    };
    give("on_duplicate", on_duplicate);
    for (field, text) in [
        ("label", &args.label),
        ("source", &args.source),
        ("campaign", &args.campaign),
        ("next", &args.next),
        ("due", &args.due),
        ("honeypot", &args.honeypot),
        ("consent", &args.consent),
        ("consent_version", &args.consent_version),
    ] {
        give(field, text.as_deref().unwrap_or_default());
    }
    give("double_opt_in", if args.double_opt_in { "yes" } else { "" });
    if !args.tag.is_empty() {
        let tags = args.tag.iter().map(|tag| Input::text(tag.as_str())).collect();
        assignments.push(("tags".to_owned(), Input::List(tags)));
    }
    for text in &args.more {
        assignments.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| form::add(tx, &assignments, &Policy::strict()))?;
    written::report(ctx, &session, Noun::Form, &[outcome.id], op.as_ref())
}

/// Several users take turns.
fn turns(users: &str) -> String {
    match users.contains([',', '，']) && !users.contains(':') {
        true => format!("round-robin:{users}"),
        false => users.to_owned(),
    }
}
