//! `crm report`: numbers, each defined once.

use std::fmt::Write as _;
use std::io::Write;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::forecast;
use crm::ops::view;
use crm::report::drill::Drill;
use crm::report::{self, Cell, Dimension, Entry, Measure, REPORTS, Report, Request, compare, quality};
use crm::store::links;
use crm::wire::column::Column;

use crate::cli::args::ListArgs;
use crate::cli::output::{Format, Writer, json};
use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx, Session};
use crate::text::bar::{self, Symbols};
use crate::text::cut;
use crate::text::report as figures;
use crate::text::style::Style;

/// Cells of a bar.
const BAR: u16 = 12;

/// How many records a report of records shows on a terminal unless it is told otherwise.
const SCREENFUL: u64 = 25;

const EXAMPLES: &str = "Examples:
  crm report list
  crm report overview --period last-month
  crm report forecast --by owner
  crm report forecast --snapshot
  crm report won --period this-year --by month
  crm report win-rate --period this-quarter --by owner --compare
  crm report aging -w 'amount:10k..'
  crm report stale --kind customer --days 60 --format ids
  crm report lost --period 90d --records --format ids
  crm report tickets --period last-month --records=reopened";

/// Make a report
#[derive(Debug, Args)]
struct ReportArgs {
    /// Name of the report; `list`, or nothing, for the reports there are
    name: Option<String>,
    /// Days it is about: this-month, last-quarter, 2026-Q4, 90d, 2026-01..2026-03, all
    #[arg(long, value_name = "P")]
    period: Option<String>,
    /// What rows are made by: owner, team, stage, product, source, customer, month, quarter …
    #[arg(long, value_name = "DIM")]
    by: Option<String>,
    /// Filter of what is counted, mostly deals; several have to hold together
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// Make rates of amounts instead of numbers of deals
    #[arg(long)]
    value: bool,
    /// Add the period before, of equal length
    #[arg(long, conflicts_with_all = ["records", "snapshot"])]
    compare: bool,
    /// List the records behind the figures instead of the figures; of tickets, those of one column: --records=resolved
    #[arg(
        long,
        value_name = "COLUMN",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        conflicts_with = "by"
    )]
    records: Option<String>,
    /// Columns of these records: name,customer.city; +x adds to the usual ones, -x takes away
    #[arg(
        short = 'F',
        long,
        value_name = "FIELDS",
        value_delimiter = ',',
        allow_hyphen_values = true,
        requires = "records"
    )]
    fields: Vec<String>,
    /// Keep what the forecast says, for `report forecast-accuracy`
    #[arg(long, conflicts_with_all = ["records", "by", "fail_empty"])]
    snapshot: bool,
    /// Days after which something is stale
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=36_500))]
    days: Option<i64>,
    /// Only customers, or only deals, of what is stale
    #[arg(long, value_name = "NOUN")]
    kind: Option<String>,
    /// At most so many records; 0 for all
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

pub(crate) fn define(command: Command) -> Command {
    let mut help = "Reports:\n".to_owned();
    for entry in REPORTS {
        // Writing into a string cannot fail.
        let _ = writeln!(help, "  {:18} {}", entry.name, entry.help);
    }
    ReportArgs::augment_args(command).after_help(format!("{help}\n{EXAMPLES}"))
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: ReportArgs = parsed(matches)?;
    let name = match args.name.as_deref() {
        None | Some("list") => return names(ctx),
        Some(name) => name,
    };
    let entry = report::entry(name)?;
    check(entry, &args)?;
    if args.snapshot {
        return snapshot(ctx, &args);
    }
    let session = ctx.open(Access::Read)?;
    let request = request(ctx, &session, &args)?;
    if args.records.is_some() {
        return behind(ctx, &session, entry, &request, &args);
    }
    let report = session.store.read(&session.caller, |tx| {
        if args.compare {
            compare::run(tx, name, &request)
        } else {
            report::run(tx, name, &request)
        }
    })?;
    if args.fail_empty && report.rows.is_empty() {
        return Err(Error::new(Kind::NotFound, format!("the report {name} is empty")));
    }
    let named = records::json_fields(ctx);
    if named.is_empty() {
        return write(ctx, &report);
    }
    write(ctx, &report.with_columns(&named)?)
}

/// Refuses flags that mean nothing for a report, which would otherwise be passed over in silence.
fn check(entry: &Entry, args: &ReportArgs) -> Result<()> {
    let is = |name: &str| entry.name == name;
    for (given, fits, flag) in [
        (args.snapshot, is("forecast"), "--snapshot"),
        (args.days.is_some(), is("stale"), "--days"),
        (args.kind.is_some(), is("stale"), "--kind"),
        (
            args.limit.is_some(),
            is("stale") || args.records.is_some(),
            "--limit",
        ),
        (args.value, is("win-rate"), "--value"),
    ] {
        if given && !fits {
            return Err(Error::usage(format!(
                "{flag} means nothing for the report {}",
                entry.name
            )));
        }
    }
    Ok(())
}

fn request(ctx: &Ctx, session: &Session, args: &ReportArgs) -> Result<Request> {
    let kind = args.kind.as_deref().map(view::noun);
    let people = matches!(records::format(ctx)?, Format::Table) && ctx.ui.options().stdout_tty;
    Ok(Request {
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
        days: args.days,
        kind: kind.transpose()?,
        limit: match args.limit {
            Some(0) => None,
            None if people => Some(SCREENFUL),
            limit => limit,
        },
        figure: args.records.clone().filter(|column| !column.is_empty()),
    })
}

/// `report forecast --snapshot`.
fn snapshot(ctx: &Ctx, args: &ReportArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let request = request(ctx, &session, args)?;
    let (_, op) = session.write(ctx, |tx| forecast::snapshot(tx, &request))?;
    written::told(ctx, op.as_ref());
    Ok(())
}

/// `report NAME --records`.
fn behind(ctx: &Ctx, session: &Session, entry: &Entry, request: &Request, args: &ReportArgs) -> Result<()> {
    let Some(drill) = entry.records else {
        let known = REPORTS.iter().filter(|entry| entry.records.is_some());
        let names = known.map(|entry| entry.name.to_owned()).collect();
        return Err(Error::usage(format!(
            "the figures of the report {} are not made of records of one kind",
            entry.name
        ))
        .with_near(names));
    };
    report::figure::chosen(entry.name, request)?;
    // Who asks for no columns is told what is to be mended.
    if entry.name == quality::NAME && args.fields.is_empty() {
        return lacking(ctx, session, request, args.fail_empty);
    }
    let mut wanted = ListArgs {
        fields: args.fields.clone(),
        limit: args.limit,
        fail_empty: args.fail_empty,
        ..ListArgs::default()
    };
    match session.store.read(&session.caller, |tx| drill(tx, request))? {
        Drill::Filtered(noun, filters) => {
            wanted.filters = filters;
            records::list(ctx, noun, &wanted, &[])
        }
        Drill::Records(noun, ids) => records::listed(ctx, session, noun, &ids, &wanted),
    }
}

/// `report data-quality --records`: what each customer lacks.
fn lacking(ctx: &Ctx, session: &Session, request: &Request, fail_empty: bool) -> Result<()> {
    let rows = session.store.read(&session.caller, |tx| {
        let mut rows = Vec::new();
        for (id, lacks) in quality::lacking(tx, request)? {
            if let Some(link) = links::link(tx, Noun::Customer, id)? {
                let lacks = lacks.into_iter().map(Value::text).collect();
                rows.push(vec![
                    Value::Ref(link.reference()),
                    Value::text(link.name),
                    Value::List(lacks),
                ]);
            }
        }
        Ok(rows)
    })?;
    if fail_empty && rows.is_empty() {
        return Err(Error::new(Kind::NotFound, "nothing was found"));
    }
    let columns = [
        ("id", FieldType::Ref),
        ("name", FieldType::Text),
        ("lacks", FieldType::Tags),
    ];
    records::table(ctx, "customer", &columns, rows)
}

/// Writes a report in the format that was asked for.
fn write(ctx: &Ctx, report: &Report) -> Result<()> {
    let format = records::format(ctx)?;
    if format.is_json() {
        let report = crm::wire::report::report(report);
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
        return rows(ctx, format, report, false);
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
    rows(ctx, format, report, true)?;
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
    if matches!(records::format(ctx)?, Format::Table) {
        // What a person looks for; the rest would leave no room for it.
        let columns = [("name", FieldType::Text), ("what", FieldType::Text)];
        let rows = REPORTS
            .iter()
            .map(|entry| vec![Value::text(entry.name), Value::text(entry.help)]);
        return records::table(ctx, "report", &columns, rows);
    }
    let columns = [
        ("name", FieldType::Text),
        ("what", FieldType::Text),
        ("counts", FieldType::Text),
        ("period", FieldType::Text),
        ("by", FieldType::Text),
        ("columns", FieldType::Text),
    ];
    let joined = |names: &mut dyn Iterator<Item = &'static str>| {
        let names: Vec<&str> = names.collect();
        Value::text(names.join(" "))
    };
    let rows = REPORTS.iter().map(|entry| {
        vec![
            Value::text(entry.name),
            Value::text(entry.help),
            Value::text(entry.noun.plural()),
            Value::text(entry.period),
            joined(&mut entry.by.iter().map(|by| by.name())),
            joined(&mut entry.columns.iter().map(|column| column.name)),
        ]
    });
    records::table(ctx, "report", &columns, rows)
}

/// The rows and, last, the totals; with a small bar for people.
fn rows(ctx: &Ctx, format: Format, report: &Report, people: bool) -> Result<()> {
    if people && figures::is_upright(report) {
        return upright(ctx, report);
    }
    let mut columns: Vec<Column> = report
        .columns
        .iter()
        .map(|column| Column::new(column.name, figures::field(column.kind)))
        .collect();
    let measured = figures::measured(report).filter(|_| people);
    if measured.is_some() {
        columns.push(Column::new(" ", FieldType::Text));
    }
    let weight = |cells: &[Cell]| measured.and_then(|at| cells.get(at)).map_or(0, figures::size);
    let most = report.rows.iter().map(|cells| weight(cells)).max().unwrap_or(0);
    let mut out = ctx.ui.out();
    // A list of ids is handed on to commands, which could make nothing of a total.
    let has_totals = !report.totals.is_empty() && !matches!(format, Format::Ids);
    let mut writer = Writer::begin(format, records::options(ctx), &mut out, &columns, "")?;
    for cells in &report.rows {
        let mut row: Vec<Value> = cells.iter().map(|cell| figures::value(cell, people)).collect();
        if measured.is_some() {
            row.push(Value::text(bar::bar(weight(cells), most, BAR, Symbols::Unicode)));
        }
        writer.row(&row)?;
    }
    if has_totals {
        writer.row(&figures::totals(report, people))?;
    }
    let summary = writer.finish()?;
    drop(out);
    let hidden: Vec<&str> = summary
        .hidden
        .iter()
        .map(String::as_str)
        .filter(|name| !name.trim().is_empty())
        .collect();
    if !hidden.is_empty() {
        ctx.ui
            .note(&format!("not enough room for: {}", hidden.join(", ")));
    }
    Ok(())
}

/// A single row, a line for each figure.
fn upright(ctx: &Ctx, report: &Report) -> Result<()> {
    let amount = |cell: &Cell| match cell {
        Cell::Money(money) => money.minor,
        _ => 0,
    };
    let most = report.totals.iter().map(amount).max().unwrap_or(0);
    let columns = [
        Column::new("figure", FieldType::Text),
        // Amounts, numbers and shares below one another.
        Column::new("value", FieldType::Integer),
        Column::new(" ", FieldType::Text),
    ];
    let mut out = ctx.ui.out();
    let mut options = records::options(ctx);
    options.header = Some(options.header == Some(true));
    let mut writer = Writer::begin(Format::Table, options, &mut out, &columns, "")?;
    for (column, cell) in report.columns.iter().zip(&report.totals).skip(1) {
        writer.row(&[
            Value::text(column.name.replace('_', " ")),
            figures::value(cell, true),
            Value::text(bar::bar(amount(cell), most, BAR, Symbols::Unicode)),
        ])?;
    }
    writer.finish()?;
    Ok(())
}
