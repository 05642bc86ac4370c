//! `crm remind`: what became due since the last run, for cron; a line or a command for each.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Write};
use std::process::{Command as Process, Stdio};

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::domain::when::{Leaning, instant, read};
use crm::error::{Error, Kind, Result};
use crm::ops::remind::{self, Item, News, Request};
use crm::wire::column::Column;

use crate::cli::output::{Format, Writer};
use crate::cli::{parsed, records, today};
use crate::ctx::{Access, Ctx, Session};
use crate::text::agenda;

/// What became due since the last run
#[derive(Debug, Args)]
struct RemindArgs {
    /// Everybody's work, not only yours
    #[arg(long, conflicts_with = "owner")]
    everyone: bool,
    /// The work of another user
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Name of the run: each remembers for itself what it has told
    #[arg(long, value_name = "NAME", default_value = "default")]
    name: String,
    /// What became due since then, whatever was told; remembers nothing
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Run this by `sh -c` for each in place of printing it: JSON on stdin, and CRM_REF, CRM_NAME, CRM_WHY, CRM_CUSTOMER,
    /// CRM_SECTION; what fails is told again at the next run
    #[arg(long, value_name = "CMD")]
    exec: Option<String>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

const EXAMPLES: &str =
    "Prints nothing if there is nothing new, so that cron sends no mail. The first run tells what is due now.

Examples:
  crm remind
  crm remind --everyone --name mail --format markdown
  crm remind --since yesterday --dry-run
  crm remind --exec 'echo \"$CRM_REF $CRM_NAME: $CRM_WHY\"'
  crm remind --name empty --owner self --since now --fail-empty   # exit 3";

pub(crate) fn define(command: Command) -> Command {
    RemindArgs::augment_args(command).after_help(EXAMPLES)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: RemindArgs = parsed(matches)?;
    let format = records::format(ctx)?;
    let mut session = ctx.open(Access::Write)?;
    let since = match &args.since {
        Some(text) => Some(since(ctx, &session, text)?),
        None => None,
    };
    let (request, news) = session.store.read(&session.caller, |tx| {
        let request = Request {
            whose: today::whose(tx, args.owner.as_deref(), args.everyone)?,
            name: args.name.clone(),
            since,
        };
        let news = remind::news(tx, &request)?;
        Ok((request, news))
    })?;
    let failed = match &args.exec {
        Some(command) if !ctx.global.dry_run => execute(ctx, command, &news)?,
        _ => {
            print(ctx, format, &news)?;
            BTreeSet::new()
        }
    };
    // The write lock is not held while commands run or a reader is slow; nothing is remembered that was not told.
    ctx.ui.out().flush()?;
    if since.is_none() {
        session.write(ctx, |tx| remind::advance(tx, &request, &news, &failed))?;
    }
    if !failed.is_empty() {
        let (failed, all) = (failed.len(), news.items.len());
        let message = format!("the command failed for {failed} of {all}; the next run tells them again");
        return Err(Error::new(Kind::Partial, message));
    }
    if news.items.is_empty() && args.fail_empty {
        return Err(Error::new(Kind::NotFound, "nothing became due"));
    }
    Ok(())
}

/// The instant that `--since` names, in milliseconds since 1970; of a day its beginning.
fn since(ctx: &Ctx, session: &Session, text: &str) -> Result<i64> {
    if let Some(at) = instant::exact(text) {
        return Ok(at.as_millisecond());
    }
    let when =
        read(text, &session.caller.reading(Leaning::Past)).map_err(|refusal| refusal.on_field("since"))?;
    let at = instant::moment(when, &ctx.clock).or_else(|| {
        let (first, last) = instant::to_span(when)?;
        let (start, _) = instant::bounds(first, last, ctx.clock.zone());
        // Of what becomes due at the first instant of the day it is time on that day.
        Some(start - jiff::SignedDuration::from_millis(1))
    });
    at.map(jiff::Timestamp::as_millisecond)
        .ok_or_else(|| Error::usage(format!("--since {text}: it names no moment")))
}

const COLUMNS: [&str; 5] = ["section", "id", "name", "customer", "why"];

fn columns() -> Vec<Column> {
    let text = |name: &str| Column::new(name, FieldType::Text);
    COLUMNS.into_iter().map(text).collect()
}

fn row(ctx: &Ctx, item: &Item) -> Vec<Value> {
    let customer = item.entry.customer.as_ref();
    vec![
        Value::text(item.section),
        Value::text(item.entry.record.reference().to_string()),
        Value::text(item.entry.record.name.clone()),
        Value::text(customer.map(|customer| customer.name.clone()).unwrap_or_default()),
        Value::text(agenda::why(&item.entry, &ctx.clock)),
    ]
}

/// Prints the news; nothing at all if there are none, but for JSON, which is a list always.
fn print(ctx: &Ctx, format: Format, news: &News) -> Result<()> {
    if news.items.is_empty() && !matches!(format, Format::Json) {
        return Ok(());
    }
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(format, records::options(ctx), &mut out, &columns(), "")?;
    for item in &news.items {
        writer.row(&row(ctx, item))?;
    }
    writer.finish()?;
    Ok(())
}

/// Runs the command for each; the places of those for which it failed.
fn execute(ctx: &Ctx, command: &str, news: &News) -> Result<BTreeSet<usize>> {
    let base = ctx.base()?;
    let mut failed = BTreeSet::new();
    for (at, item) in news.items.iter().enumerate() {
        let mut json = Vec::new();
        let mut writer = Writer::begin(Format::Ndjson, records::options(ctx), &mut json, &columns(), "")?;
        writer.row(&row(ctx, item))?;
        writer.finish()?;
        let reference = item.entry.record.reference().to_string();
        let customer = item.entry.customer.as_ref();
        let customer = customer
            .map(|customer| customer.name.as_str())
            .unwrap_or_default();
        let child = Process::new("sh")
            .arg("-c")
            .arg(command)
            .env("CRM_DB", &base)
            .env("CRM_REF", &reference)
            .env("CRM_NAME", &item.entry.record.name)
            .env("CRM_WHY", agenda::why(&item.entry, &ctx.clock))
            .env("CRM_CUSTOMER", customer)
            .env("CRM_SECTION", item.section)
            .stdin(Stdio::piped())
            .spawn();
        let ended = child.and_then(|mut child| {
            if let Some(mut stdin) = child.stdin.take() {
                match stdin.write_all(&json) {
                    // A command need not read what it is given.
                    Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(error),
                    _ => {}
                }
            }
            child.wait()
        });
        match ended {
            Ok(status) if status.success() => {}
            Ok(status) => {
                ctx.ui
                    .warn(&format!("{reference}: the command ended with {status}"));
                failed.insert(at);
            }
            Err(error) => {
                ctx.ui
                    .warn(&format!("{reference}: the command did not run: {error}"));
                failed.insert(at);
            }
        }
    }
    Ok(failed)
}
