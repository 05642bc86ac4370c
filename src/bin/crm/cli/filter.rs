//! `crm filter`: what a filter means, and what filters can say.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::ops::list::{self, Request};
use crm::ops::view;
use crm::query;
use crm::store::listing;

use crate::cli::output::Format;
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};
use crate::text::sanitise;

/// Show what a filter means
#[derive(Debug, Args)]
struct ExplainArgs {
    /// Kind of record
    noun: String,
    /// Filter; several have to hold together
    #[arg(value_name = "EXPR", required = true)]
    filters: Vec<String>,
}

/// List what a filter can say
#[derive(Debug, Args)]
struct FieldsArgs {
    /// Kind of record
    noun: String,
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str| Command::new(name).about(about);
    command
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            verb(
                "explain",
                "Show what a filter means, with dates resolved, and how it is found",
            )
            .defer(ExplainArgs::augment_args),
        )
        .subcommand(verb("fields", "List the fields of a noun").defer(FieldsArgs::augment_args))
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("explain", matches)) => explain(ctx, &parsed(matches)?),
        Some(("fields", matches)) => fields(ctx, &parsed(matches)?),
        _ => Err(Error::usage("no verb was given")),
    }
}

fn explain(ctx: &Ctx, args: &ExplainArgs) -> Result<()> {
    let noun = view::noun(&args.noun)?;
    let session = ctx.open(Access::Read)?;
    let rows = session.store.read(&session.caller, |tx| {
        let mut rows = Vec::new();
        for text in &args.filters {
            let filter = query::parse(text).map_err(|error| error.into_error(text))?;
            let canonical = list::with_context(tx, |context| {
                query::canonical(&filter, noun, context).map_err(|error| error.into_error(text))
            })?;
            rows.push(("canonical", canonical.to_string()));
        }
        let request = Request {
            filters: args.filters.clone(),
            ..Request::default()
        };
        let listing = list::listing(tx, noun, &request)?;
        let tree = query::explain(&listing.condition);
        rows.extend(tree.lines().map(|line| ("meaning", line.to_owned())));
        // Columns have lookups of their own, which say nothing of the filter.
        let bare = crm::store::records::Listing {
            columns: Vec::new(),
            ..listing
        };
        let steps = listing::plan(tx, &bare)?;
        rows.extend(steps.into_iter().map(|step| ("plan", step)));
        Ok(rows)
    })?;
    let format = records::format(ctx)?;
    let mut out = ctx.ui.out();
    if matches!(format, Format::Table) {
        let mut part = "";
        for (name, line) in rows {
            if name != part {
                let gap = if part.is_empty() { "" } else { "\n" };
                writeln!(out, "{gap}{name}")?;
                part = name;
            }
            writeln!(out, "  {}", sanitise::line(&line))?;
        }
        return Ok(());
    }
    drop(out);
    let columns = [("part", FieldType::Text), ("text", FieldType::Text)];
    let rows = rows
        .into_iter()
        .map(|(name, line)| vec![Value::text(name), Value::text(line)]);
    records::table(ctx, "", &columns, rows)
}

fn fields(ctx: &Ctx, args: &FieldsArgs) -> Result<()> {
    let noun = view::noun(&args.noun)?;
    let session = ctx.open(Access::Read)?;
    let lines = session
        .store
        .read(&session.caller, |tx| Ok(query::fields(noun, tx)))?;
    let columns = [
        ("name", FieldType::Text),
        ("takes", FieldType::Text),
        ("help", FieldType::Text),
        ("aliases", FieldType::Tags),
    ];
    let rows = lines.into_iter().map(|line| {
        vec![
            Value::text(line.name),
            Value::text(line.kind),
            Value::text(line.help),
            Value::List(line.aliases.into_iter().map(Value::text).collect()),
        ]
    });
    records::table(ctx, "", &columns, rows)
}
