//! `crm report`: numbers, each defined once.

use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Result};
use crm::report::{self, Cell, CellKind, Dimension, Measure, REPORTS, Report, Request};
use crm::wire::column::Column;

use crate::cli::output::{Format, Writer, json};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};
use crate::text::bar::{self, Symbols};
use crate::text::cut;
use crate::text::style::Style;

/// Cells of a bar.
const BAR: u16 = 12;

/// Make a report
#[derive(Debug, Args)]
struct ReportArgs {
    /// Name of the report; without one, the reports there are
    name: Option<String>,
    /// Days it is about: this-month, last-quarter, 2026-Q4, 90d, 2026-01..2026-03, all
    #[arg(long, value_name = "P")]
    period: Option<String>,
    /// What rows are made by: owner, team, stage, product, source, customer, month, quarter …
    #[arg(long, value_name = "DIM")]
    by: Option<String>,
    /// Filter of deals; several have to hold together
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// Make rates of amounts instead of numbers of deals
    #[arg(long)]
    value: bool,
}

pub(crate) fn define(command: Command) -> Command {
    ReportArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: ReportArgs = parsed(matches)?;
    let Some(name) = &args.name else { return names(ctx) };
    let session = ctx.open(Access::Read)?;
    let request = Request {
        period: args
            .period
            .as_deref()
            .map(|text| report::period::read(&session.caller, text))
            .transpose()?,
        by: args.by.as_deref().map(Dimension::parse).transpose()?,
        filters: args.filters.clone(),
        measure: if args.value {
            Measure::Value
        } else {
            Measure::Count
        },
    };
    let report = session
        .store
        .read(&session.caller, |tx| report::run(tx, name, &request))?;
    let format = records::format(ctx)?;
    if format.is_json() {
        let report = crm::wire::report::report(&report);
        let text = match format {
            Format::Ndjson => serde_json::to_string(&report),
            _ => serde_json::to_string_pretty(&report),
        };
        let text = text.map_err(|error| Error::internal("a report cannot be written").with_source(error))?;
        let shown = if ctx.ui.options().stdout_tty {
            json::harmless(&text)
        } else {
            text
        };
        writeln!(ctx.ui.out(), "{shown}")?;
        return Ok(());
    }
    if !matches!(format, Format::Table) {
        return rows(ctx, format, &report, false);
    }
    let paint = ctx.ui.paint();
    let mut out = ctx.ui.out();
    writeln!(
        out,
        "{}  {}",
        paint.apply(Style::Bold, report.name),
        report.period
    )?;
    let room = ctx.ui.options().width.map_or(usize::MAX, usize::from);
    for line in cut::wrap(&report.definition, room) {
        writeln!(out, "{}", paint.apply(Style::Dim, &line))?;
    }
    writeln!(out)?;
    drop(out);
    rows(ctx, format, &report, true)?;
    let mut out = ctx.ui.out();
    for (reason, count) in &report.left_out {
        writeln!(
            out,
            "{}",
            paint.apply(Style::Dim, &format!("left out: {count} {reason}"))
        )?;
    }
    Ok(())
}

fn names(ctx: &Ctx) -> Result<()> {
    let columns = [("name", FieldType::Text), ("what", FieldType::Text)];
    let rows = REPORTS
        .iter()
        .map(|entry| vec![Value::text(entry.name), Value::text(entry.help)]);
    records::table(ctx, "report", &columns, rows)
}

/// The rows and, last, the totals; with a small bar for people.
fn rows(ctx: &Ctx, format: Format, report: &Report, people: bool) -> Result<()> {
    let mut columns: Vec<Column> = report
        .columns
        .iter()
        .map(|column| Column::new(column.name, field(column.kind)))
        .collect();
    if people {
        columns.push(Column::new(" ", FieldType::Text));
    }
    let measured = report
        .columns
        .iter()
        .position(|column| matches!(column.kind, CellKind::Ratio | CellKind::Money));
    let weight = |cells: &[Cell]| measured.and_then(|at| cells.get(at)).map_or(0, size);
    let most = report.rows.iter().map(|cells| weight(cells)).max().unwrap_or(0);
    let mut out = ctx.ui.out();
    let mut writer = Writer::begin(format, records::options(ctx), &mut out, &columns, "")?;
    for cells in &report.rows {
        let mut row: Vec<Value> = cells.iter().map(value).collect();
        if people {
            row.push(Value::text(bar::bar(weight(cells), most, BAR, Symbols::Unicode)));
        }
        writer.row(&row)?;
    }
    let mut totals: Vec<Value> = report.totals.iter().map(value).collect();
    if let Some(first) = totals.first_mut() {
        *first = Value::text("total");
    }
    if people {
        totals.push(Value::Null);
    }
    writer.row(&totals)?;
    writer.finish()?;
    Ok(())
}

/// How a column is laid out. A share and a mean have places that no field has, so their values are texts.
fn field(kind: CellKind) -> FieldType {
    match kind {
        CellKind::Count | CellKind::Days => FieldType::Integer,
        CellKind::Ratio => FieldType::Percent,
        CellKind::Money => FieldType::Money,
        CellKind::Text => FieldType::Text,
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(text) => Value::text(text.as_str()),
        Cell::Count(count) => Value::Int(*count),
        Cell::Money(money) => Value::Money(*money),
        Cell::Ratio(..) => Value::text(
            cell.percent(2)
                .map_or_else(|| "–".to_owned(), |percent| format!("{percent}%")),
        ),
        Cell::Days(_) => Value::text(cell.days().unwrap_or_default()),
    }
}

/// How long the bar of a figure is, on a scale of its own.
fn size(cell: &Cell) -> i64 {
    match cell {
        Cell::Ratio(part, whole) => i64::try_from(part.saturating_mul(1_000) / (*whole).max(1)).unwrap_or(0),
        Cell::Money(money) => money.minor,
        _ => 0,
    }
}
