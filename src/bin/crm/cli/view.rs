//! `crm view`: lists under a name.

use clap::{ArgMatches, Args, Command};
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::typed::Policy;
use crm::ops::view;

use crate::cli::args::ListArgs;
use crate::cli::{nouns, parsed, records, watch, written};
use crate::ctx::{Access, Ctx};

/// Save a list under a name
#[derive(Debug, Args)]
struct AddArgs {
    /// Name of the view, in any letters
    #[arg(value_name = "KEY")]
    name: String,
    /// Kind of record that it lists
    #[arg(long, value_name = "NOUN")]
    noun: String,
    /// Filter; several have to hold together
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// Columns: name,company.city; +x adds to the usual ones, -x takes away
    #[arg(
        short = 'F',
        long,
        value_name = "FIELDS",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    fields: Vec<String>,
    /// Order: name,-amount
    #[arg(
        long,
        value_name = "FIELDS",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    sort: Vec<String>,
    /// Let only your team see it; who is in no team shares with everybody
    #[arg(long, conflicts_with = "private")]
    team: bool,
    /// Let nobody else see it
    #[arg(long)]
    private: bool,
    /// Further fields: description='Call first'
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

/// List what a view says
#[derive(Debug, Args)]
struct RunArgs {
    /// View
    #[arg(value_name = "KEY")]
    name: String,
    #[command(flatten)]
    list: ListArgs,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str| Command::new(name).about(about);
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(
            verb("add", "Save a list under a name")
                .defer(AddArgs::augment_args)
                .after_help(
                    "Examples:\n  crm view add stale --noun customer -w 'is:quiet owner:@me' --sort last_activity --team\n  \
                     crm view add 大单 --noun deal -w 'is:open amount:10k..' --sort -amount --private",
                ),
        )
        .subcommand(
            verb("run", "List what a view says; the other flags add to it")
                .defer(RunArgs::augment_args)
                .after_help(
                    "Examples:\n  crm view add open --noun deal -w is:open\n  crm view add open --noun deal -w is:open && crm view run open --limit 5\n  \
                     crm view add open --noun deal -w is:open && crm deal list --view open -F +owner",
                ),
        )
        .subcommand(watch::command())
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("run", matches)) => list(ctx, &parsed(matches)?),
        Some(("watch", matches)) => watch::run(ctx, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::View, view::edit),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let noun = view::noun(&args.noun)?;
    let mut filters = args.filters;
    filters.extend(of_type(&args.noun));
    let mut assignments: Vec<Assignment> = Vec::new();
    let mut give = |field: &str, text: String| {
        if !text.is_empty() {
            assignments.push((field.to_owned(), Input::text(text)));
        }
    };
    give("key", args.name);
    give("noun", noun.name().to_owned());
    give("columns", args.fields.join(","));
    give("sort", args.sort.join(","));
    let visibility = match (args.private, args.team) {
        (true, _) => "private",
        (_, true) => "team",
        _ => "",
    };
    give("visibility", visibility.to_owned());
    for text in &args.more {
        assignments.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let mut assignments = assignments.clone();
        assignments.push((
            "filter".to_owned(),
            Input::text(view::joined(tx, noun, &filters)?),
        ));
        view::add(tx, &assignments, &Policy::strict())
    })?;
    written::report(ctx, &session, Noun::View, &[outcome.id], op.as_ref())
}

/// The type of customer that a word for a noun names.
fn of_type(word: &str) -> Option<String> {
    match word {
        "contact" | "contacts" | "person" | "people" => Some("type:person".to_owned()),
        "company" | "companies" => Some("type:company".to_owned()),
        _ => None,
    }
}

fn list(ctx: &Ctx, args: &RunArgs) -> Result<()> {
    if args.list.view.is_some() {
        return Err(Error::usage("a view begins with no other"));
    }
    let session = ctx.open(Access::Read)?;
    let view = session
        .store
        .read(&session.caller, |tx| view::named(tx, &args.name))?;
    let list = ListArgs {
        view: Some(args.name.clone()),
        ..args.list.clone()
    };
    records::list_in(ctx, &session, view.noun, &list, &[])
}
