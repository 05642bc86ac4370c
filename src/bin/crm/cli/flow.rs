//! `crm flow`: the sales process, drawn as the team defines it and as it really ran.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::ops::refer;
use crm::report::process::{self, Process};
use crm::report::{self, Request};
use crm::store::seed;
use crm::wire::flow as wire;

use crate::cli::output::{Format, guarded};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};
use crate::text::flow::{self, View};
use crate::text::style::has_unicode;

/// The width where there is no terminal.
const WIDTH: u16 = 80;

/// Draw the sales process
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm flow
  crm flow sales --real --period this-year
  crm flow --real -w 'owner:@me'
  crm flow --format mermaid
  crm flow --real --format svg -o flow.svg
  crm flow --format dot | wc -l

Formats: text (which is the usual one), mermaid, dot, svg, json; markdown is Mermaid in a page, and tsv, csv,
ndjson and xlsx are one row for each way. A stage that names no next ones allows any; drawn are then the way to
the next stage and, with --real, those that were taken. The figures are those of `crm report flow`.")]
struct FlowArgs {
    /// Pipeline; the default one if none is named
    pipeline: Option<String>,
    /// Draw how it really ran: how often each way was taken, by which share, after how many days
    #[arg(long)]
    real: bool,
    /// Days in which the deals were opened: this-year, 2026-Q4, 90d, 2026-01..2026-03
    #[arg(long, value_name = "P", requires = "real")]
    period: Option<String>,
    /// Filter of the deals; several have to hold together
    #[arg(
        short = 'w',
        long = "where",
        value_name = "EXPR",
        allow_hyphen_values = true,
        requires = "real"
    )]
    filters: Vec<String>,
}

pub(crate) fn define(command: Command) -> Command {
    FlowArgs::augment_args(command)
}

/// What is written.
enum Shape {
    Text,
    Mermaid,
    Dot,
    Svg,
    /// One of the formats that every command has.
    Usual,
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: FlowArgs = parsed(matches)?;
    let shape = shape(ctx)?;
    let session = ctx.open(Access::Read)?;
    let request = Request {
        period: args
            .period
            .as_deref()
            .map(|text| report::period::read(&session.caller, text))
            .transpose()?,
        filters: args.filters,
        ..Request::default()
    };
    let process = session.store.read(&session.caller, |tx| {
        let id = match &args.pipeline {
            Some(name) => refer::one(tx, Noun::Pipeline, name)?,
            None => seed::default_pipeline(tx)?.ok_or_else(|| Error::not_found(Noun::Pipeline, "default"))?,
        };
        process::of(tx, id, Some(&request).filter(|_| args.real))
    })?;
    let terminal = ctx.ui.options().stdout_tty;
    let machine = |text: &str| -> Result<()> {
        ctx.ui.out().write_all(guarded(text, terminal).as_bytes())?;
        Ok(())
    };
    match shape {
        Shape::Text => text(ctx, &process),
        Shape::Mermaid => machine(&wire::mermaid::write(&process)),
        Shape::Dot => machine(&wire::dot::write(&process)),
        Shape::Svg => machine(&wire::svg::write(&process)),
        Shape::Usual => usual(ctx, &process),
    }
}

/// What is to be written: what is named, what the name of the file says, else text.
fn shape(ctx: &Ctx) -> Result<Shape> {
    if ctx.global.json.is_some() || ctx.global.template.is_some() {
        return Ok(Shape::Usual);
    }
    let extension = ctx.global.output.as_deref().and_then(|path| path.extension());
    let extension = extension.map(|extension| extension.to_string_lossy().to_lowercase());
    let named = ctx.global.format.as_deref().filter(|name| *name != "auto");
    Ok(match named.or(extension.as_deref()) {
        None | Some("text" | "table" | "txt") => Shape::Text,
        Some("mermaid" | "mmd") => Shape::Mermaid,
        Some("dot" | "gv") => Shape::Dot,
        Some("svg") => Shape::Svg,
        Some(_) if named.is_none() && matches!(records::format(ctx)?, Format::Tsv | Format::Table) => {
            Shape::Text
        }
        Some(_) => Shape::Usual,
    })
}

fn text(ctx: &Ctx, process: &Process) -> Result<()> {
    let options = ctx.ui.options();
    let terminal = ctx.terminal();
    let has_unicode =
        !options.stdout_tty || has_unicode(terminal.term.as_deref(), terminal.locale.as_deref());
    let view = View {
        width: usize::from(options.width.unwrap_or(WIDTH)),
        symbols: if has_unicode { flow::UNICODE } else { flow::ASCII },
        paint: ctx.ui.paint(),
    };
    let mut out = ctx.ui.out();
    for line in flow::lines(process, view) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// The formats that every command has: an object, a page, or a row for each way.
fn usual(ctx: &Ctx, process: &Process) -> Result<()> {
    let format = records::format(ctx)?;
    if matches!(format, Format::Json) {
        return records::json_objects(ctx, &format, &[wire::object(process)], true);
    }
    if matches!(format, Format::Markdown) {
        let page = format!("```mermaid\n{}```\n", wire::mermaid::write(process));
        ctx.ui
            .out()
            .write_all(guarded(&page, ctx.ui.options().stdout_tty).as_bytes())?;
        return Ok(());
    }
    let key = |at: usize| Value::text(process.nodes.get(at).map_or("", |node| node.key.as_str()));
    if matches!(format, Format::Ids) {
        let keys = process
            .nodes
            .iter()
            .map(|node| vec![Value::text(node.key.as_str())]);
        return records::table(ctx, "stage", &[("key", FieldType::Text)], keys);
    }
    let columns = [
        ("from", FieldType::Text),
        ("to", FieldType::Text),
        ("defined", FieldType::Bool),
        ("allowed", FieldType::Bool),
        ("moves", FieldType::Integer),
        ("conversion", FieldType::Text),
        ("median_days", FieldType::Text),
    ];
    let rows = process.arrows.iter().map(|arrow| {
        let figures = arrow.figures.as_ref();
        vec![
            arrow.from.map_or(Value::Null, key),
            key(arrow.to),
            Value::Bool(arrow.is_defined),
            Value::Bool(arrow.is_allowed),
            figures.map_or(Value::Null, |figures| Value::Int(figures.moves)),
            Value::text(
                figures
                    .and_then(|figures| figures.conversion.percent(1))
                    .map_or_else(String::new, |text| text + "%"),
            ),
            Value::text(
                figures
                    .and_then(|figures| figures.median_days.days())
                    .unwrap_or_default(),
            ),
        ]
    });
    records::table(ctx, "move", &columns, rows)
}
