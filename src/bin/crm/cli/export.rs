//! `crm export`: records out, to a file or a pipe.

use std::io::Write;
use std::ops::ControlFlow;

use clap::{ArgMatches, Args, Command};
use crm::domain::field::{self, FieldType};
use crm::domain::noun::Noun;
use crm::error::{Error, Result};
use crm::ops::import::sheet::{self, Sheet};
use crm::ops::list;
use crm::ops::view;
use crm::store::records as rows;
use crm::wire::column::Column;

use crate::cli::output::{Format, Options, Writer};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx, Session};

/// Export records
#[derive(Debug, Args)]
struct ExportArgs {
    /// Kind of record; or what is no record: option, rate, suppression or setting
    noun: String,
    /// Filter; several have to hold together
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
}

pub(crate) fn define(command: Command) -> Command {
    ExportArgs::augment_args(command).after_help(
        "NDJSON and JSON say everything: an import of them makes the same records in an empty base; with -w is:any \
         those in the trash too. `crm import --help` names the order. --format vcard is for customers, ics for tasks \
         and activities.",
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: ExportArgs = parsed(matches)?;
    if let Some(sheet) = Sheet::parse(&args.noun) {
        return export_sheet(ctx, sheet, &args);
    }
    let noun = view::noun(&args.noun)?;
    let mut filters = args.filters.clone();
    match args.noun.as_str() {
        "contact" | "contacts" | "person" | "people" => filters.push("type:person".to_owned()),
        "company" | "companies" => filters.push("type:company".to_owned()),
        _ => {}
    }
    let output = ctx.global.output.as_deref();
    let mut export = Export {
        noun,
        filters,
        format: format(ctx)?,
        options: records::options(ctx),
    };
    export.options.full = true;
    let session = ctx.open(Access::Read)?;
    let count = write(ctx, &session, export, &mut ctx.ui.out())?;
    if let Some(path) = output {
        ctx.ui.note(&format!(
            "exported {count} {} to {}",
            if count == 1 { noun.name() } else { noun.plural() },
            path.display()
        ));
    }
    Ok(())
}

/// Writes rows that are no records.
fn export_sheet(ctx: &Ctx, sheet: Sheet, args: &ExportArgs) -> Result<()> {
    if !args.filters.is_empty() {
        return Err(Error::usage(format!(
            "rows of {} are no records, and no filter is about them",
            sheet.name()
        )));
    }
    let session = ctx.open(Access::Read)?;
    let mut options = records::options(ctx);
    options.full = true;
    let rows = write_sheet(&session, sheet, format(ctx)?, options, &mut ctx.ui.out())?;
    if let Some(path) = &ctx.global.output {
        let plural = if rows == 1 { "" } else { "s" };
        ctx.ui.note(&format!(
            "exported {rows} {}{plural} to {}",
            sheet.name(),
            path.display()
        ));
    }
    Ok(())
}

/// Writes all rows of a sheet.
fn write_sheet(
    session: &Session,
    sheet: Sheet,
    format: Format,
    options: Options<'_>,
    out: &mut dyn Write,
) -> Result<u64> {
    let columns: Vec<Column> = sheet
        .columns()
        .iter()
        .map(|(name, kind)| Column::new(*name, *kind))
        .collect();
    let mut writer = Writer::begin(format, options, out, &columns, sheet.name())?;
    session.store.read(&session.caller, |tx| {
        sheet::each(tx, sheet, &mut |row| writer.row(&row))
    })?;
    Ok(writer.finish()?.rows)
}

/// The format that was named, or that the name of the file says; else CSV.
fn format(ctx: &Ctx) -> Result<Format> {
    let named = ctx.global.format.is_some() || ctx.global.json.is_some() || ctx.global.template.is_some();
    let output = ctx.global.output.as_deref();
    match named || output.and_then(records::by_extension).is_some() {
        true => records::format(ctx),
        false => Ok(Format::Csv),
    }
}

/// Writes everything that is known of the rows of a sheet, as NDJSON.
///
/// # Errors
///
/// Whatever the base or `out` fails with.
pub(crate) fn all_of_sheet(ctx: &Ctx, session: &Session, sheet: Sheet, out: &mut dyn Write) -> Result<u64> {
    let mut options = Options::new(&ctx.clock);
    options.full = true;
    write_sheet(session, sheet, Format::Ndjson, options, out)
}

/// Writes everything that is known of all records of a noun, the trash too, as NDJSON.
///
/// # Errors
///
/// Whatever the base or `out` fails with.
pub(crate) fn everything(ctx: &Ctx, session: &Session, noun: Noun, out: &mut dyn Write) -> Result<u64> {
    let mut options = Options::new(&ctx.clock);
    options.full = true;
    let export = Export {
        noun,
        filters: vec!["is:any".to_owned()],
        format: Format::Ndjson,
        options,
    };
    write(ctx, session, export, out)
}

/// What is to be written, and how.
struct Export<'c> {
    noun: Noun,
    filters: Vec<String>,
    format: Format,
    options: Options<'c>,
}

fn write(ctx: &Ctx, session: &Session, export: Export<'_>, out: &mut dyn Write) -> Result<u64> {
    let Export {
        noun,
        filters,
        format,
        options,
    } = export;
    session.store.read(&session.caller, |tx| {
        let request = list::Request {
            filters,
            // Oldest first: what others refer to comes before them, when it is imported again.
            sort: vec!["uid".to_owned()],
            ..list::Request::default()
        };
        let mut listing = list::listing(tx, noun, &request)?;
        listing.columns = match format.is_whole() {
            true => list::whole_columns(tx, noun)?,
            false => list::all_columns(tx, noun)?,
        };
        if !format.is_json() && !format.is_whole() {
            // Named parts are for JSON, but what a list shows an export has too.
            let usual = field::columns(noun);
            listing
                .columns
                .retain(|column| column.kind != FieldType::Parts || usual.contains(&column.name.as_str()));
        }
        // Rows on the same screen are progress enough.
        let mut progress = (!options.terminal).then(|| ctx.ui.progress("exporting", 0));
        let columns = records::wire_columns(&listing.columns);
        let mut writer = Writer::begin(format, options, out, &columns, noun.name())?;
        let mut count = 0;
        rows::select(tx, &listing, |_, row| {
            writer.row(&row)?;
            count += 1;
            if let Some(progress) = &mut progress {
                progress.tick(count, ctx.elapsed_ms());
            }
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(writer.finish()?.rows)
    })
}
