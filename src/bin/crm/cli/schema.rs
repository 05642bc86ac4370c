//! `crm schema`: what programs can rely on, as JSON Schema.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::schema;
use crm::wire::schema as wire;
use serde_json::Value as Json;

use crate::cli::output::{Format, json};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Print a JSON Schema
#[derive(Debug, Args)]
struct SchemaArgs {
    /// Kind of record; without one, all of them under $defs
    noun: Option<String>,
}

pub(crate) fn define(command: Command) -> Command {
    SchemaArgs::augment_args(command).after_help(
        "The schema says what `NOUN show --json` writes, the custom fields of this base among it; `NOUN list --json` writes \
         an array of the same. Keys are only ever added under one schema number.\n\n\
         Examples:\n  crm schema customer\n  crm schema deal -o deal.schema.json\n  crm schema",
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: SchemaArgs = parsed(matches)?;
    let noun = args.noun.as_deref().map(crm::ops::view::noun).transpose()?;
    let session = ctx.open(Access::Read)?;
    let document = session.store.read(&session.caller, |tx| {
        let of = |noun: Noun| -> Result<Json> { Ok(wire::object(noun.name(), &schema::members(tx, noun)?)) };
        Ok(match noun {
            Some(noun) => wire::document(noun.name(), of(noun)?),
            None => wire::collection(
                Noun::ALL
                    .into_iter()
                    .map(|noun| Ok((noun.name(), of(noun)?)))
                    .collect::<Result<_>>()?,
            ),
        })
    })?;
    write(ctx, &document)
}

fn write(ctx: &Ctx, document: &Json) -> Result<()> {
    let text = match records::format(ctx)? {
        Format::Ndjson => serde_json::to_string(document),
        _ => serde_json::to_string_pretty(document),
    };
    let text = text.map_err(|error| Error::internal("a schema cannot be written").with_source(error))?;
    let shown = if ctx.ui.options().stdout_tty {
        json::harmless(&text)
    } else {
        text
    };
    writeln!(ctx.ui.out(), "{shown}")?;
    Ok(())
}
