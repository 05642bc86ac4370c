//! `crm score`: rules that give points to customers, and `crm customer score`: what somebody's points come of.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::input::{Assignment, Input};
use crm::domain::noun::Noun;
use crm::domain::value::{Link, Value};
use crm::error::{Error, Kind, Result};
use crm::ops::refer;
use crm::ops::score::{self, Change, Counted};
use crm::ops::typed::Policy;
use crm::store::{links, scores};
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
    /// How many points it gives each time; takes, where the number is negative
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    points: String,
    /// Which customers, or which events; forms by their names
    #[arg(short = 'w', long = "where", value_name = "EXPR")]
    filter: Option<String>,
    /// What has to happen: activity, form, deal or order
    #[arg(long, value_name = "WHAT")]
    event: Option<String>,
    /// fit or engagement; what happens is engagement unless it is said otherwise
    #[arg(long, value_name = "SIDE")]
    side: Option<String>,
    /// The most points in all
    #[arg(long, value_name = "N")]
    cap: Option<String>,
    /// Days over which the points of an event fade
    #[arg(long, value_name = "DAYS")]
    decay: Option<String>,
    /// Further fields: active=no description='Spring fair'
    #[arg(value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

/// Count the points of customers
#[derive(Debug, Args)]
struct RunArgs {
    /// Only customers whom this filter selects
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// Qualify prospects and leads who have so many points
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    raise: Option<i64>,
    /// Exit with 3 if nobody's points have changed
    #[arg(long)]
    fail_empty: bool,
}

/// What the points of customers come of
#[derive(Debug, Args)]
pub(crate) struct CustomerArgs {
    /// Customers; `-` reads them from stdin
    #[arg(value_name = "REF", required = true)]
    references: Vec<String>,
}

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(
            Command::new("add")
                .about("Define a rule that gives points")
                .defer(AddArgs::augment_args)
                .after_help(ADD),
        )
        .subcommand(
            Command::new("run")
                .about("Count the points of customers and keep them, for cron")
                .defer(RunArgs::augment_args)
                .after_help(RUN),
        )
}

/// Adds the verb of customers.
pub(crate) fn define_customer(command: Command) -> Command {
    command.subcommand(
        Command::new("score")
            .about("What the points of customers come of, as of now")
            .defer(CustomerArgs::augment_args),
    )
}

const ADD: &str = "\
Without an event the rule is about what customers are, and gives its points once; with one it gives them for each that \
happened, mere notes left out. `decay` lets them fade, the same share each day, `cap` ends what the rule gives in all.

Examples:
  crm score add big --points 20 -w 'is:company employees:>200'
  crm score add calls --points 5 --event activity -w 'type:call direction:in' --cap 20 --decay 90
  crm form add demo -e email! && crm score add asked --points 30 --event form -w demo --decay 180
  crm score add students --points -15 --side fit -w 'email:.edu' description='no budget'";

const RUN: &str = "\
What fades changes from day to day, so this belongs into a job of the night. Nobody who was disqualified is qualified by it. \
With --dry-run it says whose points would change.

Examples:
  crm score add big --points 20 -w is:company && crm score run --dry-run
  crm score add vip --points 60 -w +vip && crm score run -w is:person --raise 50 --format csv
  crm score run --fail-empty   # exit 3";

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("run", matches)) => count(ctx, &parsed(matches)?),
        _ => nouns::common(ctx, matches, Noun::Score, score::edit),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let given = [
        ("key", Some(args.name)),
        ("points", Some(args.points)),
        ("filter", args.filter),
        ("event", args.event),
        ("side", args.side),
        ("cap", args.cap),
        ("decay", args.decay),
    ];
    let mut fields: Vec<Assignment> = given
        .into_iter()
        .filter_map(|(field, text)| Some((field.to_owned(), Input::Text(text?))))
        .collect();
    for text in &args.more {
        fields.push(records::assignment(text)?);
    }
    let mut session = ctx.open(Access::Create)?;
    let (outcome, op) = session.write(ctx, |tx| score::add(tx, &fields, &Policy::strict()))?;
    written::report(ctx, &session, Noun::Score, &[outcome.id], op.as_ref())
}

/// So many changes are shown on a terminal.
const SHOWN: usize = 50;

const CHANGED: [(&str, FieldType); 7] = [
    ("customer", FieldType::Text),
    ("name", FieldType::Text),
    ("fit", FieldType::Integer),
    ("engagement", FieldType::Integer),
    ("score", FieldType::Integer),
    ("before", FieldType::Integer),
    ("qualified", FieldType::Bool),
];

fn count(ctx: &Ctx, args: &RunArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let ((ran, rows), op) = session.write(ctx, |tx| {
        let ran = score::run(tx, &args.filters, args.raise)?;
        let mut rows = Vec::with_capacity(ran.changes.len());
        for change in &ran.changes {
            rows.push((links::link(tx, Noun::Customer, change.customer)?, *change));
        }
        Ok((ran, rows))
    })?;
    broken(ctx, &ran.broken);
    let format = records::format(ctx)?;
    if format.is_json() {
        let objects: Vec<serde_json::Value> = rows.iter().map(object).collect();
        records::json_objects(ctx, &format, &objects, false)?;
    } else if format == Format::Table {
        let shown = rows.get(..SHOWN).unwrap_or(&rows);
        if !shown.is_empty() {
            records::table(ctx, "change", &CHANGED, shown.iter().map(cells))?;
        }
        if rows.len() > SHOWN {
            ctx.ui.note(&format!("… and {} more", rows.len() - SHOWN));
        }
    } else {
        records::table(ctx, "change", &CHANGED, rows.iter().map(cells))?;
    }
    if format == Format::Table && (op.is_some() || (ctx.global.dry_run && !rows.is_empty())) {
        written::told(ctx, op.as_ref());
    }
    if args.fail_empty && rows.is_empty() {
        return Err(Error::new(Kind::NotFound, "nobody has other points than before"));
    }
    Ok(())
}

fn broken(ctx: &Ctx, rules: &[(String, String)]) {
    for (rule, why) in rules {
        ctx.ui.warn(&format!("{rule} was left out: {why}"));
    }
}

fn cells((link, change): &(Option<Link>, Change)) -> Vec<Value> {
    let text = |of: fn(&Link) -> String| Value::text(link.as_ref().map(of).unwrap_or_default());
    vec![
        text(|link| link.reference().to_string()),
        text(|link| link.name.clone()),
        Value::Int(change.after.fit),
        Value::Int(change.after.engagement),
        Value::Int(change.after.total()),
        change
            .before
            .map_or(Value::Null, |before| Value::Int(before.total())),
        Value::Bool(change.raised),
    ]
}

fn of_customer(link: Option<&Link>) -> Option<serde_json::Value> {
    link.map(|link| json!({"id": link.reference().to_string(), "name": link.name}))
}

fn object((link, change): &(Option<Link>, Change)) -> serde_json::Value {
    json!({
        "kind": "scored",
        "customer": of_customer(link.as_ref()),
        "fit": change.after.fit,
        "engagement": change.after.engagement,
        "score": change.after.total(),
        "before": change.before.map(scores::Points::total),
        "qualified": change.raised,
    })
}

const REASONS: [(&str, FieldType); 8] = [
    ("customer", FieldType::Text),
    ("rule", FieldType::Text),
    ("side", FieldType::Text),
    ("times", FieldType::Integer),
    ("whole", FieldType::Integer),
    ("faded", FieldType::Integer),
    ("points", FieldType::Integer),
    ("why", FieldType::Text),
];

/// Somebody with what their points come of, and what was kept of them.
struct Shown {
    link: Option<Link>,
    counted: Counted,
    kept: Option<(scores::Points, i64)>,
}

/// Says what the points of customers come of.
pub(crate) fn of(ctx: &Ctx, args: &CustomerArgs) -> Result<()> {
    let references = records::with_stdin(&args.references)?;
    let session = ctx.open(Access::Read)?;
    let found = session.store.read(&session.caller, |tx| {
        let ids: Vec<Id> = refer::all(tx, Noun::Customer, &references)?;
        let shown = |id: Id| {
            Ok(Shown {
                link: links::link(tx, Noun::Customer, id)?,
                counted: score::of(tx, id)?,
                kept: scores::kept_of(tx, id)?,
            })
        };
        ids.into_iter().map(shown).collect::<Result<Vec<Shown>>>()
    })?;
    if let Some(first) = found.first() {
        broken(ctx, &first.counted.broken);
    }
    let format = records::format(ctx)?;
    if format.is_json() {
        let objects: Vec<serde_json::Value> = found.iter().map(whole).collect();
        return records::json_objects(ctx, &format, &objects, objects.len() == 1);
    }
    records::table(ctx, "reason", &REASONS, found.iter().flat_map(reasons))?;
    if format == Format::Table {
        for shown in &found {
            ctx.ui.note(&summary(shown));
        }
    }
    Ok(())
}

fn reasons(shown: &Shown) -> Vec<Vec<Value>> {
    let reference = shown
        .link
        .as_ref()
        .map_or_else(String::new, |link| link.reference().to_string());
    let row = |reason: &score::Reason| {
        vec![
            Value::text(reference.as_str()),
            Value::text(reason.rule.key.as_str()),
            Value::text(reason.rule.side.name()),
            Value::Int(reason.given.times),
            Value::Int(reason.given.whole),
            Value::Int(reason.given.faded),
            Value::Int(reason.given.given),
            Value::text(why(reason)),
        ]
    };
    shown.counted.reasons.iter().map(row).collect()
}

/// What a rule asked for, and what became of its points.
fn why(reason: &score::Reason) -> String {
    let rule = &reason.rule;
    let mut parts = Vec::new();
    match rule.event {
        Some(event) => parts.push(format!("{} {} {}", rule.measure.points, "for each", event.name())),
        None => parts.push(format!("{} once", rule.measure.points)),
    }
    if !rule.filter.is_empty() {
        parts.push(rule.filter.clone());
    }
    if let Some(decay) = rule.measure.decay {
        parts.push(format!("fades over {decay} days"));
    }
    if let Some(cap) = rule.measure.cap {
        parts.push(match reason.given.given == reason.given.faded {
            true => format!("at most {cap}"),
            false => format!("stopped at {cap}"),
        });
    }
    parts.join("; ")
}

fn summary(shown: &Shown) -> String {
    let points = shown.counted.points;
    let name = shown
        .link
        .as_ref()
        .map_or_else(String::new, |link| format!("{} {}", link.reference(), link.name));
    let kept = match shown.kept {
        Some((kept, _)) if kept == points => "",
        Some(_) => "; `crm score run` keeps it",
        None if points.total() == 0 && shown.counted.reasons.is_empty() => "",
        None => "; `crm score run` keeps it",
    };
    format!(
        "{name}: score {} = fit {} + engagement {}{kept}",
        points.total(),
        points.fit,
        points.engagement
    )
}

fn whole(shown: &Shown) -> serde_json::Value {
    let points = shown.counted.points;
    let reasons: Vec<serde_json::Value> = shown
        .counted
        .reasons
        .iter()
        .map(|reason| {
            json!({
                "rule": reason.rule.key,
                "side": reason.rule.side.name(),
                "event": reason.rule.event.map(crm::domain::score::Event::name),
                "times": reason.given.times,
                "whole": reason.given.whole,
                "faded": reason.given.faded,
                "points": reason.given.given,
                "cap": reason.rule.measure.cap,
                "decay": reason.rule.measure.decay,
            })
        })
        .collect();
    json!({
        "kind": "score_of",
        "customer": of_customer(shown.link.as_ref()),
        "fit": points.fit,
        "engagement": points.engagement,
        "score": points.total(),
        "kept": shown.kept.map(|(kept, _)| kept.total()),
        "scored_at": shown.kept.and_then(|(_, at)| Timestamp::from_millisecond(at).ok()).map(|at| at.to_string()),
        "reasons": reasons,
    })
}
