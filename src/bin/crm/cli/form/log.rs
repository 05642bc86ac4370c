//! `crm form submissions` and `retry`: what was sent, what became of it, and another try.

use std::ops::ControlFlow;

use clap::{Args, Command};
use crm::domain::field::FieldType;
use crm::domain::form::Outcome;
use crm::domain::id::Id;
use crm::domain::near::near;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::form::intake;
use crm::ops::refer;
use crm::store::submissions::{self, Submission, Wanted};
use crm::store::{ReadTx, links};
use crm::wire::submission::payload;
use jiff::Timestamp;
use serde_json::json;

use super::replies::{Replies, picked};
use super::take;
use crate::cli::output::Format;
use crate::cli::{records, written};
use crate::ctx::{Access, Ctx};

/// What was sent, and what became of it
#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Form; all of them if none is named
    #[arg(value_name = "KEY")]
    form: Option<String>,
    /// Only these: created, updated, matched, rejected, pending_confirm or spam
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    outcome: Vec<String>,
    /// Only what is about this customer
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<String>,
    /// Only the submission with this number
    #[arg(long, value_name = "N")]
    number: Option<i64>,
    /// At most so many, the newest first; 0 for all
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

/// Try once more what was refused
#[derive(Debug, Args)]
pub(super) struct RetryArgs {
    /// Numbers of submissions
    #[arg(value_name = "N")]
    numbers: Vec<i64>,
    /// Everything that this form has refused
    #[arg(long, value_name = "KEY", conflicts_with = "numbers")]
    form: Option<String>,
    /// Value that is put right, by the name under which it was sent
    #[arg(long = "set", value_name = "NAME=VALUE")]
    sets: Vec<String>,
}

pub(super) fn define(command: Command) -> Command {
    command.defer(ListArgs::augment_args).after_help(
        "Examples:\n  crm form submissions\n  \
         crm form add web -e email! && crm form submissions web --outcome rejected,spam --limit 20\n  \
         crm form submissions --customer C1 --fail-empty   # exit 3\n  \
         crm form submissions --number 1   # exit 3",
    )
}

pub(super) fn define_retry(command: Command) -> Command {
    command.defer(RetryArgs::augment_args).after_help(
        "Examples:\n  crm form retry 1 --set email=ann@firm.example   # exit 3\n  \
         crm form add web -e email! && crm form retry --form web",
    )
}

/// How many a terminal shows unless it is told otherwise.
const SCREENFUL: usize = 50;

const COLUMNS: [(&str, FieldType); 11] = [
    ("no", FieldType::Integer),
    ("form", FieldType::Text),
    ("received_at", FieldType::Instant),
    ("outcome", FieldType::Text),
    ("customer", FieldType::Text),
    ("name", FieldType::Text),
    ("errors", FieldType::Text),
    ("payload", FieldType::Text),
    ("campaign", FieldType::Text),
    ("assignee", FieldType::Text),
    ("consent_version", FieldType::Text),
];

/// So many letters of what was sent stand in a table; `--number N --format json` shows the whole.
const SHOWN_LETTERS: usize = 200;

/// A submission with the names that people read.
struct Row {
    submission: Submission,
    form: String,
    customer: Option<(String, String)>,
    assignee: String,
}

pub(super) fn list(ctx: &Ctx, args: &ListArgs) -> Result<()> {
    let outcomes = args
        .outcome
        .iter()
        .map(|word| outcome(word))
        .collect::<Result<Vec<_>>>()?;
    let most = match args.limit {
        Some(0) => usize::MAX,
        Some(limit) => limit,
        None if ctx.ui.options().stdout_tty => SCREENFUL,
        None => usize::MAX,
    };
    let session = ctx.open(Access::Read)?;
    let format = records::format(ctx)?;
    let is_empty = session.store.read(&session.caller, |tx| {
        let rows = rows(tx, args, &outcomes, most)?;
        if format.is_json() {
            let objects = picked(ctx, rows.iter().map(object))?;
            records::json_objects(ctx, &format, &objects, false)?;
        } else {
            let is_for_people = format == Format::Table;
            let rows = rows.iter().map(|row| cells(row, is_for_people));
            records::table(ctx, "submission", &COLUMNS, rows)?;
        }
        Ok(rows.is_empty())
    })?;
    if is_empty && args.fail_empty {
        return Err(Error::new(Kind::NotFound, "nothing was sent"));
    }
    Ok(())
}

pub(super) fn retry(ctx: &Ctx, args: &RetryArgs) -> Result<()> {
    let sets = args
        .sets
        .iter()
        .map(|text| {
            let halves = text.split_once('=');
            halves.ok_or_else(|| Error::usage(format!("{text:?} is not NAME=VALUE")))
        })
        .collect::<Result<Vec<_>>>()?;
    let mut session = ctx.open(Access::Write)?;
    let mut numbers = args.numbers.clone();
    if let Some(name) = &args.form {
        numbers = session.store.read(&session.caller, |tx| {
            let form = refer::one(tx, Noun::Form, name)?;
            let mut found = Vec::new();
            let wanted = Wanted {
                form: Some(form),
                outcomes: &[Outcome::Rejected],
                ..Wanted::default()
            };
            submissions::list(tx, &wanted, &mut |submission| {
                found.push(submission.no);
                Ok(ControlFlow::Continue(()))
            })?;
            found.reverse();
            Ok(found)
        })?;
        if numbers.is_empty() {
            ctx.ui.note("the form has refused nothing");
            return Ok(());
        }
        written::confirmed(ctx, &format!("try {} submissions once more", numbers.len()))?;
    }
    if numbers.is_empty() {
        return Err(Error::usage(
            "name the numbers of submissions, or a form with --form",
        ));
    }
    let mut replies = Replies::default();
    for no in numbers {
        let taken = take::one(ctx, &mut session, |tx, token| {
            let mend = |pairs: &mut Vec<(String, String)>| {
                for (name, value) in &sets {
                    pairs.retain(|(known, _)| known != name);
                    pairs.push(((*name).to_owned(), (*value).to_owned()));
                }
            };
            intake::retry(tx, no, mend, token)
        });
        match taken {
            Ok(answer) => replies.add(&session, ctx, None, answer)?,
            Err(error) if replies.all().is_empty() => return Err(error),
            Err(error) => {
                replies.write(ctx)?;
                return Err(Error::new(Kind::Partial, error.to_string()).with_source(error));
            }
        }
    }
    replies.write(ctx)?;
    replies.verdict(ctx)
}

fn outcome(word: &str) -> Result<Outcome> {
    Outcome::parse(word).ok_or_else(|| {
        let names = Outcome::ALL.map(Outcome::name);
        Error::usage(format!("{word:?} is none of {}", names.join(", "))).with_near(near(word, names))
    })
}

fn rows(tx: &ReadTx<'_>, args: &ListArgs, outcomes: &[Outcome], most: usize) -> Result<Vec<Row>> {
    let one = |noun: Noun, text: &Option<String>| -> Result<Option<Id>> {
        text.as_ref().map(|text| refer::one(tx, noun, text)).transpose()
    };
    let wanted = Wanted {
        form: one(Noun::Form, &args.form)?,
        customer: one(Noun::Customer, &args.customer)?,
        outcomes,
    };
    if let Some(number) = args.number {
        return Ok(vec![row(tx, intake::numbered(tx, number)?)?]);
    }
    let mut rows = Vec::new();
    submissions::list(tx, &wanted, &mut |submission| {
        if rows.len() >= most {
            return Ok(ControlFlow::Break(()));
        }
        rows.push(row(tx, submission)?);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(rows)
}

fn row(tx: &ReadTx<'_>, submission: Submission) -> Result<Row> {
    let link = |noun: Noun, id: Option<Id>| match id {
        Some(id) => links::link(tx, noun, id),
        None => Ok(None),
    };
    let name = |noun: Noun, id: Option<Id>| -> Result<String> {
        Ok(link(noun, id)?.map(|link| link.name).unwrap_or_default())
    };
    let customer = link(Noun::Customer, submission.customer)?;
    Ok(Row {
        form: name(Noun::Form, Some(submission.form))?,
        customer: customer.map(|link| (link.reference().to_string(), link.name)),
        assignee: name(Noun::User, submission.assignee)?,
        submission,
    })
}

fn instant(ms: Option<i64>) -> Option<Timestamp> {
    ms.and_then(|ms| Timestamp::from_millisecond(ms).ok())
}

fn cells(row: &Row, is_for_people: bool) -> Vec<Value> {
    let submission = &row.submission;
    let payload = match submission.payload.char_indices().nth(SHOWN_LETTERS) {
        Some((end, _)) if is_for_people => {
            format!("{}…", submission.payload.get(..end).unwrap_or_default())
        }
        _ => submission.payload.clone(),
    };
    let customer = row.customer.clone().unwrap_or_default();
    let faults = payload::errors(&submission.errors);
    let faults: Vec<String> = faults
        .iter()
        .map(|(field, reason)| match field.as_str() {
            "" => reason.clone(),
            field => format!("{field}: {reason}"),
        })
        .collect();
    vec![
        Value::Int(submission.no),
        Value::text(row.form.as_str()),
        instant(Some(submission.received_at)).map_or(Value::Null, Value::Instant),
        Value::text(submission.outcome.name()),
        Value::text(customer.0),
        Value::text(customer.1),
        Value::text(faults.join("; ")),
        Value::text(payload),
        Value::text(submission.campaign.as_str()),
        Value::text(row.assignee.as_str()),
        Value::text(submission.consent_version.as_str()),
    ]
}

fn object(row: &Row) -> serde_json::Value {
    let submission = &row.submission;
    let text = |text: &str| match text {
        "" => serde_json::Value::Null,
        text => serde_json::Value::from(text),
    };
    let at = |ms: Option<i64>| instant(ms).map(|at| at.to_string());
    let customer = row
        .customer
        .as_ref()
        .map(|(id, name)| json!({"id": id, "name": name}));
    json!({
        "kind": "submission",
        "no": submission.no,
        "form": row.form,
        "received_at": at(Some(submission.received_at)),
        "outcome": submission.outcome.name(),
        "customer": customer,
        "campaign": text(&submission.campaign),
        "assignee": text(&row.assignee),
        "consent": text(&submission.consent),
        "consent_version": text(&submission.consent_version),
        "confirmed_at": at(submission.confirmed_at),
        "expires_at": at(submission.expires_at),
        "identity": text(&submission.identity),
        "errors": payload::errors_json(&payload::errors(&submission.errors)),
        "payload": serde_json::from_str::<serde_json::Value>(&submission.payload).unwrap_or_default(),
    })
}
