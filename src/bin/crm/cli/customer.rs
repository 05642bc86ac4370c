//! `crm customer`, and its aliases `contact` and `company` with the type fixed.

use clap::{ArgMatches, Args, Command};
use crm::domain::duplicate::Reason;
use crm::domain::email::Email;
use crm::domain::id::Id;
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::domain::phone::Phone;
use crm::domain::validity;
use crm::error::{Error, Result};
use crm::ops::assignment;
use crm::ops::customer::{self, OnDuplicate};
use crm::ops::dupes;
use crm::ops::typed::Policy;

use crate::cli::args::{AssignArgs, BulkArgs, ListArgs, SetArgs, TagArgs, TargetArgs};
use crate::cli::given::{many, one};
use crate::cli::merge::{self, MergeArgs, UnmergeArgs};
use crate::cli::note::{self, NoteArgs};
use crate::cli::qualification::{self, DisqualifyArgs, QualifyArgs};
use crate::cli::show::{self, ShowArgs};
use crate::cli::{edit, nouns, parsed, pool, records, relation, score, tags, written};
use crate::ctx::{Access, Ctx, Session};

/// Add a customer
#[derive(Debug, Args)]
struct AddArgs {
    /// Full name
    name: String,
    /// person or company
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Employer: ref, or the exact name of a company
    #[arg(long, value_name = "REF")]
    company: Option<String>,
    /// Job title
    #[arg(long)]
    title: Option<String>,
    /// E-mail address; may be given several times
    #[arg(long, value_name = "E")]
    email: Vec<String>,
    /// Telephone number; may be given several times
    #[arg(long, value_name = "P")]
    phone: Vec<String>,
    /// Name in another service, wechat:zhangwei
    #[arg(long, value_name = "KIND:V")]
    handle: Vec<String>,
    /// Town
    #[arg(long)]
    city: Option<String>,
    /// Country, by code or name
    #[arg(long, value_name = "CC")]
    country: Option<String>,
    /// Line of business
    #[arg(long)]
    industry: Option<String>,
    /// Where the customer came from
    #[arg(long)]
    source: Option<String>,
    /// How far the relation has come
    #[arg(long)]
    lifecycle: Option<String>,
    /// Importance: A, B or C
    #[arg(long)]
    level: Option<String>,
    /// User who looks after the customer
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Let the rules of assignment say who looks after the customer
    #[arg(long, conflicts_with = "owner")]
    assign: bool,
    /// Label; may be given several times
    #[arg(long, value_name = "T")]
    tag: Vec<String>,
    /// Any other field, or a custom one
    #[arg(long = "field", value_name = "K=V")]
    fields: Vec<String>,
    /// Free text
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// What to do if somebody has the same e-mail, phone or handle: refuse, create or update
    #[arg(long, value_name = "WHAT", default_value = "refuse")]
    on_duplicate: String,
}

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(relation::define(score::define_customer(pool::define_customer(
        qualification::define(
            command
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommand(
                    Command::new("add")
                        .about("Add a customer")
                        .defer(AddArgs::augment_args),
                )
                .subcommand(
                    Command::new("list")
                        .about("List customers")
                        .defer(ListArgs::augment_args),
                )
                .subcommand(
                    Command::new("show")
                        .about("Show customers")
                        .defer(ShowArgs::augment_args),
                )
                .subcommand(
                    Command::new("set")
                        .about("Change fields of customers")
                        .defer(SetArgs::augment_args),
                )
                .subcommand(nouns::edit_verb())
                .subcommand(
                    Command::new("merge")
                        .about("Make one of several customers who are the same")
                        .defer(MergeArgs::augment_args),
                )
                .subcommand(
                    Command::new("unmerge")
                        .about("Take a merge of customers apart")
                        .defer(UnmergeArgs::augment_args),
                )
                .subcommand(
                    Command::new("note")
                        .about("Write something down about a customer")
                        .defer(NoteArgs::augment_args),
                )
                .subcommand(
                    Command::new("tag")
                        .about("Put labels on customers")
                        .defer(TagArgs::augment_args),
                )
                .subcommand(
                    Command::new("untag")
                        .about("Take labels off customers")
                        .defer(TagArgs::augment_args),
                )
                .subcommand(
                    Command::new("assign")
                        .about("Give customers to a user")
                        .defer(AssignArgs::augment_args),
                ),
        ),
    ))))
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    verb(ctx, matches, None)
}

pub(crate) fn run_contact(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    verb(ctx, matches, Some("person"))
}

pub(crate) fn run_company(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    verb(ctx, matches, Some("company"))
}

/// Lets a filter of `contact` and `company` select customers of that type alone.
fn narrow(bulk: &mut BulkArgs, kind: Option<&str>) {
    if let Some(kind) = kind
        && (bulk.all || !bulk.filters.iter().all(|filter| filter.trim().is_empty()))
    {
        bulk.filters.push(format!("type:{kind}"));
    }
}

fn verb(ctx: &Ctx, matches: &ArgMatches, kind: Option<&str>) -> Result<()> {
    let noun = Noun::Customer;
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?, kind),
        Some(("list", matches)) => {
            let extra: Vec<String> = kind.iter().map(|kind| format!("type:{kind}")).collect();
            records::list(ctx, Noun::Customer, &parsed(matches)?, &extra)
        }
        Some(("show", matches)) => show::of(ctx, Noun::Customer, &parsed(matches)?),
        Some(("set", matches)) => {
            let mut args: SetArgs = parsed(matches)?;
            narrow(&mut args.bulk, kind);
            records::set(ctx, noun, &args, customer::edit)
        }
        Some(("assign", matches)) => {
            let mut args: AssignArgs = parsed(matches)?;
            narrow(&mut args.bulk, kind);
            records::assign(ctx, noun, &args, customer::edit)
        }
        Some((verb @ ("tag" | "untag"), matches)) => {
            let mut args: TagArgs = parsed(matches)?;
            narrow(&mut args.bulk, kind);
            match verb {
                "tag" => tags::tag(ctx, noun, &args),
                _ => tags::untag(ctx, noun, &args),
            }
        }
        Some(("qualify", matches)) => {
            let mut args: QualifyArgs = parsed(matches)?;
            narrow(&mut args.target.bulk, kind);
            qualification::qualify(ctx, args)
        }
        Some(("disqualify", matches)) => {
            let mut args: DisqualifyArgs = parsed(matches)?;
            narrow(&mut args.target.bulk, kind);
            qualification::disqualify(ctx, &args)
        }
        Some((verb @ ("lock" | "unlock"), matches)) => {
            let mut target: TargetArgs = parsed(matches)?;
            narrow(&mut target.bulk, kind);
            pool::lock(ctx, &target, verb == "lock")
        }
        Some(("score", matches)) => score::of(ctx, &parsed(matches)?),
        Some(("edit", matches)) => edit::edit(ctx, noun, &parsed(matches)?, customer::edit),
        Some(("merge", matches)) => merge::merge(ctx, &parsed(matches)?),
        Some(("unmerge", matches)) => merge::unmerge(ctx, &parsed(matches)?),
        Some(("note", matches)) => note::note(ctx, Noun::Customer, &parsed(matches)?),
        Some(("relate", matches)) => relation::relate(ctx, &parsed(matches)?),
        Some(("unrelate", matches)) => relation::unrelate(ctx, &parsed(matches)?),
        Some(("employ", matches)) => relation::employ(ctx, &parsed(matches)?),
        Some(("leave", matches)) => relation::leave(ctx, &parsed(matches)?),
        Some((verb, matches)) => {
            let mut target: TargetArgs = parsed(matches)?;
            narrow(&mut target.bulk, kind);
            nouns::trash(ctx, noun, verb, &target)
        }
        None => Err(Error::usage("no verb was given")),
    }
}

fn add(ctx: &Ctx, args: AddArgs, kind: Option<&str>) -> Result<()> {
    let on_duplicate = match args.on_duplicate.as_str() {
        "refuse" => OnDuplicate::Refuse,
        "create" => OnDuplicate::Create,
        "update" => OnDuplicate::Update,
        other => {
            return Err(Error::usage(format!(
                "--on-duplicate takes refuse, create or update, not {other:?}"
            )));
        }
    };
    let mut session = ctx.open(Access::Create)?;
    warn_of_addresses(ctx, &session, &args);
    let by_rule = args.assign;
    let assignments = given(args, kind, &session.caller.actor.name)?;
    let ((outcome, told), op) = session.write(ctx, |tx| {
        let policy = Policy::strict();
        match by_rule {
            true => assignment::add_lead(tx, &assignments, on_duplicate, &policy),
            false => Ok((customer::add(tx, &assignments, on_duplicate, &policy)?, None)),
        }
    })?;
    if by_rule && (outcome.created || told.is_some()) {
        super::assignment::say(ctx, told.as_ref());
    }
    if outcome.created && on_duplicate != OnDuplicate::Create && !ctx.global.dry_run {
        warn_of_namesakes(ctx, &session, outcome.id)?;
    }
    written::added(ctx, &session, Noun::Customer, outcome.id, None, op.as_ref())
}

/// Says which addresses look wrong.
fn warn_of_addresses(ctx: &Ctx, session: &Session, args: &AddArgs) {
    let region = session.caller.region.as_deref();
    let doubts = args
        .phone
        .iter()
        .filter_map(|text| Phone::parse_valid(text, region).err());
    for doubt in doubts {
        ctx.ui.warn(&format!("{}; it is kept as it is", doubt.message()));
    }
    for email in args.email.iter().filter_map(|text| Email::parse(text).ok()) {
        if let Some(doubt) = validity::doubt(&email) {
            ctx.ui.warn(&doubt);
        }
    }
}

/// What was said of a new customer, who is `me`'s unless the owner is named or left to the rules.
fn given(args: AddArgs, kind: Option<&str>, me: &str) -> Result<Vec<Assignment>> {
    let owner = match args.assign {
        true => None,
        false => Some(args.owner.unwrap_or_else(|| me.to_owned())),
    };
    let mut assignments: Vec<Assignment> = [
        one("name", Some(args.name)),
        one("type", args.kind.or_else(|| kind.map(str::to_owned))),
        one("company", args.company),
        one("title", args.title),
        many("emails", args.email),
        many("phones", args.phone),
        many("handles", args.handle),
        one("city", args.city),
        one("country", args.country),
        one("industry", args.industry),
        one("source", args.source),
        one("lifecycle", args.lifecycle),
        one("level", args.level),
        one("owner", owner),
        many("tags", args.tag),
        one("note", args.note),
    ]
    .into_iter()
    .flatten()
    .collect();
    for field in &args.fields {
        assignments.push(custom_or_field(records::assignment(field)?));
    }
    Ok(assignments)
}

/// Says who of the same name may be the one that was just added.
fn warn_of_namesakes(ctx: &Ctx, session: &Session, id: Id) -> Result<()> {
    session.store.read(&session.caller, |tx| {
        for pair in dupes::namesakes(tx, id)? {
            let (one, other) = (customer::label(tx, pair.other)?, customer::label(tx, id)?);
            let reasons: Vec<String> = pair.reasons.iter().map(Reason::words).collect();
            ctx.ui.warn(&format!(
                "{one} may be the same as {other}: {}",
                reasons.join(", ")
            ));
        }
        Ok(())
    })
}

/// `--field` takes custom fields without their prefix, and any other field by its name.
fn custom_or_field((name, input): Assignment) -> Assignment {
    let known = name.starts_with("fields.") || crm::domain::field::find(Noun::Customer, &name).is_some();
    (if known { name } else { format!("fields.{name}") }, input)
}
