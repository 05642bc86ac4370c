//! `crm rule test` and `crm rule run`: what rules would do, and having them do what is due.

use clap::{Args, Command};
use crm::domain::field::FieldType;
use crm::domain::id::Id;
use crm::domain::noun::Noun;
use crm::domain::rule::Outcome;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::rule::trial::{self, Trial};
use crm::ops::{list, refer, rule};
use crm::store::records as rows;
use serde_json::json;

use crate::cli::output::Format;
use crate::cli::records;
use crate::ctx::{Access, Ctx};
use crate::reaction::{self, Happened};

/// What a rule would do
#[derive(Debug, Args)]
pub(super) struct TestArgs {
    /// Rule
    #[arg(value_name = "KEY")]
    rule: String,
    /// Records to which that happens which it waits for; all for which everything holds if none are named
    #[arg(value_name = "REF")]
    references: Vec<String>,
    /// Records that this filter selects
    #[arg(
        short = 'w',
        long = "where",
        value_name = "EXPR",
        allow_hyphen_values = true,
        conflicts_with = "references"
    )]
    filters: Vec<String>,
    /// At most so many records
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Exit with 3 if it would do nothing
    #[arg(long)]
    fail_empty: bool,
}

/// Do what is due
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Only what the clock says to this rule
    #[arg(value_name = "KEY")]
    rule: Option<String>,
    /// Exit with 3 if nothing was done
    #[arg(long)]
    fail_empty: bool,
}

const TEST: &str = "\
Nothing is changed and no program runs.

Examples:
  crm rule add vip --on 'customer created' --tag vip && crm rule test vip
  crm rule add vip --on 'customer created' --tag vip && crm rule test vip C1 --format json
  crm rule add big --on 'deal created' --set probability=50 && crm rule test big -w 'amount:>10k' --limit 5";

const RUN: &str = "\
Rules look at what became true by time and at the times that they name; what was written and not looked at yet, because \
somebody was interrupted, is looked at too. Doing so again does nothing. One line a minute in the table of cron is enough: \
* * * * * crm rule run

Examples:
  crm rule add late --on 'task overdue' --set priority=high && crm rule run --dry-run
  crm rule add late --on 'task overdue' --set priority=high && crm rule run late --format csv";

pub(super) fn define_test(command: Command) -> Command {
    command.defer(TestArgs::augment_args).after_help(TEST)
}

pub(super) fn define_run(command: Command) -> Command {
    command.defer(RunArgs::augment_args).after_help(RUN)
}

const TRIED: [(&str, FieldType); 3] = [
    ("record", FieldType::Text),
    ("acts", FieldType::Bool),
    ("what", FieldType::Text),
];

pub(super) fn test(ctx: &Ctx, args: &TestArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let (rule, ids) = session.store.read(&session.caller, |tx| {
        let rule = rule::load(tx, refer::one(tx, Noun::Rule, &args.rule)?)?;
        let ids: Option<Vec<Id>> = match (args.references.is_empty(), args.filters.is_empty()) {
            (true, true) => None,
            (true, false) => {
                let condition = list::condition(tx, rule.on.noun, &args.filters)?;
                Some(rows::ids(tx, rule.on.noun, &condition)?)
            }
            (false, _) => Some(refer::all(tx, rule.on.noun, &args.references)?),
        };
        Ok((rule, ids))
    })?;
    let maker = reaction::maker(&session.store, &session.caller, &rule)?;
    let trials = session.store.rehearse(&maker, |tx| {
        trial::rehearse(tx, &rule, ids.as_deref(), args.limit)
    })?;
    let format = records::format(ctx)?;
    if format.is_json() {
        let object = |trial: &Trial| json!({"kind": "trial", "record": trial.record, "acts": trial.acts, "what": trial.what});
        let objects: Vec<serde_json::Value> = trials.iter().map(object).collect();
        records::json_objects(ctx, &format, &objects, false)?;
    } else {
        let row = |trial: &Trial| {
            vec![
                Value::text(trial.record.as_str()),
                Value::Bool(trial.acts),
                Value::text(trial.what.as_str()),
            ]
        };
        records::table(ctx, "trial", &TRIED, trials.iter().map(row))?;
    }
    if args.fail_empty && trials.iter().all(|trial| !trial.acts) {
        return Err(Error::new(Kind::NotFound, "the rule would do nothing"));
    }
    Ok(())
}

const HAPPENED: [(&str, FieldType); 5] = [
    ("rule", FieldType::Text),
    ("id", FieldType::Text),
    ("outcome", FieldType::Text),
    ("what", FieldType::Text),
    ("op", FieldType::Integer),
];

pub(super) fn run(ctx: &Ctx, args: &RunArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let only = match &args.rule {
        Some(name) => Some(
            session
                .store
                .read(&session.caller, |tx| refer::one(tx, Noun::Rule, name))?,
        ),
        None => None,
    };
    let runner = ctx.runner(session.store.path());
    let happened = match ctx.global.dry_run {
        true => reaction::rehearse(&mut session.store, &session.caller, only)?,
        false => reaction::run(&mut session.store, &session.caller, &runner, only)?,
    };
    let format = records::format(ctx)?;
    if format.is_json() {
        let object = |one: &Happened| {
            json!({
                "kind": "rule_action", "rule": one.rule, "id": one.reference, "outcome": one.outcome.name(),
                "what": one.what, "op": one.op,
            })
        };
        let objects: Vec<serde_json::Value> = happened.iter().map(object).collect();
        records::json_objects(ctx, &format, &objects, false)?;
    } else if !happened.is_empty() || format != Format::Table {
        records::table(ctx, "rule_action", &HAPPENED, happened.iter().map(row))?;
    }
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
    }
    let failed = happened
        .iter()
        .filter(|one| matches!(one.outcome, Outcome::Failed | Outcome::Stopped))
        .count();
    if failed > 0 {
        let message = format!("{failed} of {} failed; `crm rule log` says why", happened.len());
        return Err(Error::new(Kind::Partial, message));
    }
    if args.fail_empty && happened.is_empty() {
        return Err(Error::new(Kind::NotFound, "nothing was due"));
    }
    Ok(())
}

fn row(one: &Happened) -> Vec<Value> {
    vec![
        Value::text(one.rule.as_str()),
        Value::text(one.reference.as_str()),
        Value::text(one.outcome.name()),
        Value::text(one.what.as_str()),
        one.op.map_or(Value::Null, Value::Int),
    ]
}
