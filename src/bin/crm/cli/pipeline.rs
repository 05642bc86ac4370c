//! `crm pipeline`: sales processes and their stages.

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::pipeline::StageType;
use crm::domain::process::Template;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::ops::pipeline::{self, StageSpec};
use crm::ops::refer;
use crm::store::{ReadTx, WriteTx, fields, seed};

use crate::cli::output::Format;
use crate::cli::{examples, nouns, parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Add a pipeline
#[derive(Debug, Args)]
struct AddArgs {
    /// Name in filters and JSON
    name: String,
    /// Further fields: label=Partners default=yes
    #[arg(value_name = "FIELD=VALUE")]
    fields: Vec<String>,
    /// Open stage, in order; may be given several times. Without any it gets the usual ones
    #[arg(long = "stage", value_name = "S")]
    stages: Vec<String>,
}

/// Let new deals go into a pipeline
#[derive(Debug, Args)]
struct DefaultArgs {
    /// Pipeline
    pipeline: String,
}

/// Add a stage
#[derive(Debug, Args)]
struct StageAddArgs {
    /// Pipeline
    pipeline: String,
    /// Key or label of the new stage
    name: String,
    #[command(flatten)]
    spec: SpecArgs,
}

/// Change a stage
#[derive(Debug, Args)]
struct StageSetArgs {
    /// Pipeline
    pipeline: String,
    /// Stage
    stage: String,
    /// Another key
    #[arg(long)]
    key: Option<String>,
    #[command(flatten)]
    spec: SpecArgs,
}

/// What a stage is
#[derive(Debug, Args)]
struct SpecArgs {
    /// What people see
    #[arg(long)]
    label: Option<String>,
    /// open, won, lost or abandoned
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Chance of winning in percent; deals that are there keep theirs
    #[arg(long, value_name = "PERCENT")]
    probability: Option<String>,
    /// Forecast category: omitted, pipeline, best_case, commit or closed
    #[arg(long)]
    category: Option<String>,
    /// Days without news after which a deal rots; 0 for never
    #[arg(long, value_name = "DAYS")]
    rot_days: Option<i64>,
    /// Place, counted from 1
    #[arg(long, value_name = "N")]
    position: Option<i64>,
    /// Fields that a deal needs from this stage on: amount,expected_close,customer.email,fields.KEY; empty for none
    #[arg(long, value_name = "FIELDS")]
    required: Option<String>,
    /// What is to be ticked off before a deal moves on, `;` between several; empty for nothing
    #[arg(long, value_name = "ITEMS")]
    checklist: Option<String>,
    /// Task made when a deal comes in: 'TYPE: TITLE +2d @USER' (+3wd for working days); may be given several times, empty
    /// for none
    #[arg(long = "task", value_name = "TASK")]
    tasks: Vec<String>,
    /// Stages to which a deal may move from here: proposal,lost; empty for any
    #[arg(long, value_name = "STAGES")]
    next: Option<String>,
}

/// Move a stage to another place
#[derive(Debug, Args)]
struct StageMoveArgs {
    /// Pipeline
    pipeline: String,
    /// Stage
    stage: String,
    /// Place, counted from 1
    position: i64,
}

/// Take a stage out of a pipeline
#[derive(Debug, Args)]
struct StageRemoveArgs {
    /// Pipeline
    pipeline: String,
    /// Stage
    stage: String,
    /// Stage of the same type that its deals move to
    #[arg(long, value_name = "STAGE")]
    to: Option<String>,
}

/// List the stages of a pipeline
#[derive(Debug, Args)]
struct StageListArgs {
    /// Pipeline; the default one if none is named
    pipeline: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    nouns::trash_verbs(nouns::verbs(command))
        .subcommand(
            Command::new("add")
                .about("Add a pipeline")
                .defer(AddArgs::augment_args),
        )
        .subcommand(
            Command::new("default")
                .about("Let new deals go into a pipeline")
                .defer(DefaultArgs::augment_args),
        )
        .subcommand(
            Command::new("stage")
                .about("Stages of a pipeline")
                .defer(define_stage),
        )
}

fn define_stage(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    let command = command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(verb("list", "List the stages", StageListArgs::augment_args))
        .subcommand(verb("add", "Add a stage", StageAddArgs::augment_args))
        .subcommand(verb("set", "Change a stage", StageSetArgs::augment_args))
        .subcommand(verb(
            "move",
            "Move a stage to another place",
            StageMoveArgs::augment_args,
        ))
        .subcommand(verb(
            "rm",
            "Take a stage out of its pipeline",
            StageRemoveArgs::augment_args,
        ));
    examples::below(command, "pipeline stage")
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => add(ctx, parsed(matches)?),
        Some(("default", matches)) => {
            let args: DefaultArgs = parsed(matches)?;
            change(ctx, &args.pipeline, |tx, id| {
                pipeline::set_default(tx, id).map(|_| ())
            })
        }
        Some(("stage", matches)) => stage(ctx, matches),
        _ => nouns::common(ctx, matches, Noun::Pipeline, pipeline::edit),
    }
}

fn stage(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("list", matches)) => stage_list(ctx, &parsed(matches)?),
        Some(("add", matches)) => {
            let args: StageAddArgs = parsed(matches)?;
            let mut spec = spec(args.spec)?;
            spec.key = Some(args.name);
            change(ctx, &args.pipeline, |tx, id| {
                pipeline::stage_add(tx, id, &spec).map(|_| ())
            })
        }
        Some(("set", matches)) => {
            let args: StageSetArgs = parsed(matches)?;
            let mut spec = spec(args.spec)?;
            spec.key = args.key;
            change(ctx, &args.pipeline, |tx, id| {
                let stage = pipeline::stage_named(tx, id, &args.stage)?;
                pipeline::stage_set(tx, stage.id, &spec).map(|_| ())
            })
        }
        Some(("move", matches)) => {
            let args: StageMoveArgs = parsed(matches)?;
            change(ctx, &args.pipeline, |tx, id| {
                let stage = pipeline::stage_named(tx, id, &args.stage)?;
                pipeline::stage_move(tx, stage.id, args.position).map(|_| ())
            })
        }
        Some(("rm", matches)) => {
            let args: StageRemoveArgs = parsed(matches)?;
            change(ctx, &args.pipeline, |tx, id| {
                let stage = pipeline::stage_named(tx, id, &args.stage)?;
                let to = match &args.to {
                    Some(to) => Some(pipeline::stage_named(tx, id, to)?.id),
                    None => None,
                };
                pipeline::stage_remove(tx, stage.id, to).map(|_| ())
            })
        }
        _ => Err(Error::usage("no verb was given")),
    }
}

fn add(ctx: &Ctx, args: AddArgs) -> Result<()> {
    let stages: Vec<StageSpec> = args
        .stages
        .into_iter()
        .map(|name| StageSpec {
            key: Some(name),
            ..StageSpec::default()
        })
        .collect();
    nouns::add(
        ctx,
        Noun::Pipeline,
        &args.name,
        &args.fields,
        |tx, fields, policy| pipeline::add(tx, fields, &stages, policy),
    )
}

/// Does something to a pipeline, and reports it.
fn change(ctx: &Ctx, name: &str, work: impl Fn(&WriteTx<'_>, Id) -> Result<()>) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (id, op) = session.write(ctx, |tx| {
        let id = refer::one(tx, Noun::Pipeline, name)?;
        work(tx, id)?;
        Ok(id)
    })?;
    written::report(ctx, &session, Noun::Pipeline, &[id], op.as_ref())
}

fn spec(args: SpecArgs) -> Result<StageSpec> {
    let kind = match args.kind {
        Some(word) => Some(StageType::parse(&word).ok_or_else(|| {
            let words: Vec<&str> = StageType::ALL.iter().map(|kind| kind.name()).collect();
            Error::invalid("type", format!("type: {word:?} is none of {}", words.join(", ")))
        })?),
        None => None,
    };
    let probability = match args.probability {
        Some(text) => Some(text.trim_end_matches('%').trim().parse().map_err(|_| {
            let message = format!("probability: {text:?} is not a percentage from 0 to 100");
            Error::invalid("probability", message)
        })?),
        None => None,
    };
    Ok(StageSpec {
        key: None,
        label: args.label,
        position: args.position,
        kind,
        probability,
        category: args.category,
        rot_days: args.rot_days,
        required: args.required.map(|text| entries(&text, &[',', '，', '、'])),
        checklist: args.checklist.map(|text| entries(&text, &[';', '；', '\n'])),
        tasks: Some(args.tasks).filter(|tasks| !tasks.is_empty()),
        next: args.next.map(|text| entries(&text, &[',', '，', '、'])),
    })
}

/// The entries of a list that is typed as one text.
fn entries(text: &str, between: &[char]) -> Vec<String> {
    text.split(between).map(str::to_owned).collect()
}

/// The columns of `stage list`.
const STAGE_COLUMNS: [(&str, FieldType); 11] = [
    ("position", FieldType::Integer),
    ("key", FieldType::Text),
    ("label", FieldType::Text),
    ("type", FieldType::Text),
    ("probability", FieldType::Percent),
    ("category", FieldType::Text),
    ("rot_days", FieldType::Integer),
    ("required", FieldType::Tags),
    ("checklist", FieldType::Tags),
    ("tasks", FieldType::Tags),
    ("next", FieldType::Tags),
];

/// How many of them a person sees in any case; the rules only where a stage has any.
const ALWAYS: usize = 7;

fn stage_list(ctx: &Ctx, args: &StageListArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    session.store.read(&session.caller, |tx| {
        let id = match &args.pipeline {
            Some(name) => refer::one(tx, Noun::Pipeline, name)?,
            None => seed::default_pipeline(tx)?.ok_or_else(|| Error::not_found(Noun::Pipeline, "default"))?,
        };
        write_stages(ctx, tx, id)
    })
}

fn write_stages(ctx: &Ctx, tx: &ReadTx<'_>, pipeline: Id) -> Result<()> {
    let mut rows = Vec::new();
    for (position, stage) in (1..).zip(seed::stages(tx, pipeline)?) {
        let label = fields::labels(tx, stage.id)?
            .into_iter()
            .next()
            .unwrap_or_default();
        let texts = |texts: &[String]| Value::List(texts.iter().map(Value::text).collect());
        let tasks: Vec<String> = stage.rules.tasks.iter().map(Template::to_string).collect();
        rows.push(vec![
            Value::Int(position),
            Value::Text(stage.key),
            Value::text(label),
            Value::Text(stage.kind.name().to_owned()),
            Value::Percent(stage.probability),
            Value::Text(stage.category),
            Value::Int(stage.rot_days),
            texts(&stage.rules.required),
            texts(&stage.rules.checklist),
            texts(&tasks),
            texts(&stage.rules.next),
        ]);
    }
    let people = matches!(records::format(ctx)?, Format::Table);
    let is_said = |at: usize| {
        !people
            || at < ALWAYS
            || rows
                .iter()
                .any(|row| row.get(at).is_some_and(|value| !value.is_empty()))
    };
    let (at, columns): (Vec<usize>, Vec<_>) = STAGE_COLUMNS
        .into_iter()
        .enumerate()
        .filter(|(at, _)| is_said(*at))
        .unzip();
    let rows = rows
        .iter()
        .map(|row| at.iter().filter_map(|at| row.get(*at).cloned()).collect());
    records::table(ctx, "stage", &columns, rows)
}
