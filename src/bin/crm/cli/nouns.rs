//! The nouns that need no verbs of their own: products, users, teams, tags, custom fields; and what
//! pipelines share with them.

use clap::{ArgMatches, Args, Command};
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::typed::Policy;
use crm::ops::{Outcome, field, product, refer, tag, team, trash};
use crm::store::WriteTx;

use crate::cli::args::{ListArgs, SetArgs, TargetArgs};
use crate::cli::bulk::{self, Deed, Grade};
use crate::cli::edit::{self, EditArgs};
use crate::cli::show::{self, ShowArgs};
use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx};

// A name, and the fields that are known. No doc: clap would take it for what the command does.
#[derive(Debug, Args)]
struct AddArgs {
    /// Name or key; of a custom field the noun and the key: customer.size
    name: String,
    /// Further fields: price=189 team=North
    #[arg(value_name = "FIELD=VALUE")]
    fields: Vec<String>,
}

/// Tags that become one
#[derive(Debug, Args)]
struct MergeArgs {
    /// Tags to merge and, last, the one that stays
    #[arg(value_name = "OLD… NEW", required = true, num_args = 2..)]
    names: Vec<String>,
}

/// Adds the verbs that every noun has, but `add`.
pub(crate) fn verbs(command: Command) -> Command {
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("list")
                .about("List them")
                .defer(ListArgs::augment_args),
        )
        .subcommand(
            Command::new("show")
                .about("Show them whole")
                .defer(ShowArgs::augment_args),
        )
        .subcommand(
            Command::new("set")
                .about("Change fields")
                .defer(SetArgs::augment_args),
        )
        .subcommand(edit_verb())
}

/// `edit`, with the examples that hold for every noun.
pub(crate) fn edit_verb() -> Command {
    Command::new("edit")
        .about("Change records in your editor: one as a form, several as a table")
        .defer(EditArgs::augment_args)
}

pub(crate) fn define(command: Command) -> Command {
    trash_verbs(verbs(command).subcommand(Command::new("add").about("Add one").defer(AddArgs::augment_args)))
}

/// Adds `rm` and `restore`.
pub(crate) fn trash_verbs(command: Command) -> Command {
    command
        .subcommand(
            Command::new("rm")
                .about("Put into the trash; `restore` and `undo` bring back")
                .defer(TargetArgs::augment_args),
        )
        .subcommand(
            Command::new("restore")
                .about("Take out of the trash")
                .defer(TargetArgs::augment_args),
        )
}

pub(crate) fn product(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    run(ctx, matches, Noun::Product, product::add, product::edit)
}

pub(crate) fn team(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    run(ctx, matches, Noun::Team, team::add, team::edit)
}

/// Custom fields are shaped by what is said of them.
pub(crate) fn define_field(command: Command) -> Command {
    let add = Command::new("add")
        .about("Add a custom field")
        .defer(AddArgs::augment_args);
    trash_verbs(verbs(command).subcommand(add.after_help(
        "Types: text long_text integer decimal money percent bool date datetime time duration date_range select multi_select \
         user person company deal email phone url address auto_number. Also: required unique default min max help, \
         label.zh for one language, options S:Small with labels.\n\n\
         Examples:\n  crm field add customer.size type=select options=S:Small,L:Large default=L label.zh=尺寸\n  \
         crm field add deal.partner type=company help='Who sells with us'\n  \
         crm field add deal.renewal type=date label='Renewal on'\n  \
         crm field add customer.seats type=integer min=1 && crm customer set C1 fields.seats=20",
    )))
}

/// Tags have a verb of their own.
pub(crate) fn define_tag(command: Command) -> Command {
    define(command).subcommand(
        Command::new("merge")
            .about("Let one tag take the place of others")
            .defer(MergeArgs::augment_args)
            .after_help("Examples:\n  crm customer tag C1 hot && crm tag merge hot vip"),
    )
}

pub(crate) fn tag(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("merge", matches)) => merge_tags(ctx, &parsed(matches)?),
        _ => run(ctx, matches, Noun::Tag, tag::add, tag::edit),
    }
}

fn merge_tags(ctx: &Ctx, args: &MergeArgs) -> Result<()> {
    let Some((to, from)) = args.names.split_last() else {
        return Err(Error::usage(
            "name the tags to merge and, last, the one that stays",
        ));
    };
    let mut session = ctx.open(Access::Write)?;
    let (outcome, op) = session.write(ctx, |tx| {
        let to = refer::one(tx, Noun::Tag, to)?;
        let from = refer::all(tx, Noun::Tag, from)?;
        tag::merge(tx, &from, to)
    })?;
    written::report(ctx, &session, Noun::Tag, &[outcome.id], op.as_ref())
}

pub(crate) fn field(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    run(ctx, matches, Noun::Field, field::add, field::edit)
}

/// Runs a verb of a noun that needs none of its own.
pub(crate) fn run(
    ctx: &Ctx,
    matches: &ArgMatches,
    noun: Noun,
    work: impl Fn(&WriteTx<'_>, &[Assignment], &Policy) -> Result<Outcome>,
    edit: records::Edit,
) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => {
            let args: AddArgs = parsed(matches)?;
            add(ctx, noun, &args.name, &args.fields, work)
        }
        _ => common(ctx, matches, noun, edit),
    }
}

/// `NOUN add NAME [FIELD=VALUE…]`.
pub(crate) fn add(
    ctx: &Ctx,
    noun: Noun,
    name: &str,
    more: &[String],
    work: impl Fn(&WriteTx<'_>, &[Assignment], &Policy) -> Result<Outcome>,
) -> Result<()> {
    let mut fields = identity(noun, name);
    for text in more {
        fields.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| work(tx, &fields, &Policy::strict()))?;
    written::report(ctx, &session, noun, &[outcome.id], op.as_ref())
}

/// Runs the verbs that every noun has, but `add`.
pub(crate) fn common(ctx: &Ctx, matches: &ArgMatches, noun: Noun, edit: records::Edit) -> Result<()> {
    match matches.subcommand() {
        Some(("list", matches)) => records::list(ctx, noun, &parsed(matches)?, &[]),
        Some(("show", matches)) => show::of(ctx, noun, &parsed(matches)?),
        Some(("set", matches)) => records::set(ctx, noun, &parsed(matches)?, edit),
        Some(("edit", matches)) => edit::edit(ctx, noun, &parsed(matches)?, edit),
        Some((verb, matches)) => trash(ctx, noun, verb, &parsed(matches)?),
        None => Err(Error::usage("no verb was given")),
    }
}

/// What a new record of a noun is called by.
fn identity(noun: Noun, name: &str) -> Vec<Assignment> {
    let given = |field: &str, text: &str| (field.to_owned(), Input::text(text));
    match (noun, name.split_once('.')) {
        (Noun::Field, Some((of, key))) => vec![given("noun", of), given("key", key)],
        (Noun::Field | Noun::Pipeline, _) => vec![given("key", name)],
        _ => vec![given("name", name)],
    }
}

/// `rm` and `restore`.
pub(crate) fn trash(ctx: &Ctx, noun: Noun, verb: &str, target: &TargetArgs) -> Result<()> {
    let remove = |tx: &WriteTx<'_>, id: Id| trash::remove(tx, noun, &[id]).map(drop);
    let bring_back = |tx: &WriteTx<'_>, id: Id| trash::bring_back(tx, noun, id);
    let restorable = |tx: &WriteTx<'_>, id: Id| trash::restorable(tx, noun, id);
    let deed = match verb {
        "rm" => Deed {
            title: &|what| format!("Moved {what} to the trash"),
            ..Deed::new(noun, "put into the trash", &["deleted_at"], &remove)
        },
        "restore" => Deed {
            title: &|what| format!("Restored {what} from the trash"),
            grade: Grade::Selected,
            from_trash: true,
            check: Some(&restorable),
            ..Deed::new(noun, "restore", &["deleted_at"], &bring_back)
        },
        _ => return Err(Error::usage("no verb was given")),
    };
    bulk::run(ctx, &target.bulk, &target.references, &deed)
}
