//! `crm import` and `crm export`: files in and out.

use std::fs::File;
use std::io::{Read, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};
use crm::domain::actor::Via;
use crm::domain::field::{self, FieldType};
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};
use crm::ops::import::{self, Judged, OnDuplicate, Origin, Request, Sink, Summary, Verdict};
use crm::ops::list;
use crm::ops::typed::OnMissing;
use crm::store::records as rows;
use crm::wire::read::rows::{Options, Reader, Source};
use crm::wire::rejects::RejectsWriter;

use crate::cli::output::{Format, Writer};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Import a file
#[derive(Debug, Args)]
struct ImportArgs {
    /// customer, contact, company, deal, task, activity, product, user, team, tag, field or pipeline
    noun: String,
    /// File to read; `-` for stdin
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    /// Input format: csv, tsv, json or ndjson; found out where it is not given
    #[arg(long, value_name = "F")]
    from: Option<String>,
    /// Column of the file and the field that it feeds; an empty field leaves the column out
    #[arg(long, value_name = "COLUMN=FIELD")]
    map: Vec<String>,
    /// Field that every row gets
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    sets: Vec<String>,
    /// Fields by which a record is recognised
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    key: Vec<String>,
    /// System that external ids are from; the name of the file where it is not given
    #[arg(long, value_name = "NAME")]
    system: Option<String>,
    /// Row whose record is there: update, skip or create
    #[arg(long, value_name = "WHAT", default_value = "update")]
    on_duplicate: String,
    /// Row that names what does not exist: fail, create or skip
    #[arg(long, value_name = "WHAT")]
    on_missing: Option<String>,
    /// Character encoding, where it cannot be found out
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// File for refused rows, with line, field and reason; mended, it can be imported
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

pub(crate) fn define(command: Command) -> Command {
    ImportArgs::augment_args(command)
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: ImportArgs = parsed(matches)?;
    let request = request(&args)?;
    let input: Box<dyn Read> = if args.file == Path::new("-") {
        Box::new(std::io::stdin())
    } else {
        let opened = File::open(&args.file);
        Box::new(opened.map_err(|error| Error::from(error).context(args.file.display()))?)
    };
    let source = args.from.as_deref().map(Source::parse);
    if source == Some(None) {
        return Err(Error::usage("--from takes csv, tsv, json or ndjson"));
    }
    let extension = args
        .file
        .extension()
        .map(|extension| extension.to_string_lossy().into_owned());
    let options = Options {
        source: source.flatten(),
        extension,
        encoding: args.encoding.clone(),
        delimiter: None,
    };
    let reader = Reader::open(input, &options)?;
    let columns = reader.columns().map(<[String]>::to_vec);
    let errors = match &args.errors {
        Some(path) if !ctx.global.dry_run => {
            let file = File::create(path).map_err(|error| Error::from(error).context(path.display()))?;
            Some(RejectsWriter::new(
                std::io::BufWriter::new(file),
                columns.as_deref(),
            ))
        }
        _ => None,
    };
    let mut sink = Told {
        ctx,
        errors,
        shown: 0,
        verdicts: Vec::new(),
    };
    let mut session = ctx.open(Access::Create)?;
    session.caller.via = Via::Import;
    let (summary, op) = session.write(ctx, |tx| {
        import::run(tx, columns.as_deref(), reader, &request, &mut sink)
    })?;
    if let Some(errors) = sink.errors.take() {
        errors.finish()?;
    }
    for line in sink.verdicts {
        writeln!(ctx.ui.out(), "{line}")?;
    }
    tell(ctx, &summary);
    if let Some(op) = op {
        ctx.ui.hint(&format!("`crm undo {}` takes all of it back", op.no));
    }
    if summary.rejected > 0 {
        return Err(Error::new(
            Kind::Partial,
            format!("{} rows were refused; the others are in", summary.rejected),
        ));
    }
    Ok(())
}

fn request(args: &ImportArgs) -> Result<Request> {
    let noun =
        Noun::parse(&args.noun).ok_or_else(|| Error::usage(format!("there is no noun {:?}", args.noun)))?;
    let kind = match args.noun.as_str() {
        "contact" | "contacts" | "person" | "people" => Some("person"),
        "company" | "companies" => Some("company"),
        _ => None,
    };
    let map = args
        .map
        .iter()
        .map(|text| match text.rsplit_once('=') {
            Some((column, field)) => Ok((column.to_owned(), field.to_owned())),
            None => Err(Error::usage(format!("{text:?} is not COLUMN=FIELD"))),
        })
        .collect::<Result<_>>()?;
    let sets: Vec<Assignment> = args
        .sets
        .iter()
        .map(|text| records::assignment(text))
        .collect::<Result<_>>()?;
    let stem = args
        .file
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let on_duplicate = match args.on_duplicate.as_str() {
        "update" => OnDuplicate::Update,
        "skip" => OnDuplicate::Skip,
        "create" => OnDuplicate::Create,
        other => {
            return Err(Error::usage(format!(
                "--on-duplicate takes update, skip or create, not {other:?}"
            )));
        }
    };
    let on_missing = match args.on_missing.as_deref() {
        None => None,
        Some("fail") => Some(OnMissing::Fail),
        Some("create") => Some(OnMissing::Create),
        Some("skip") => Some(OnMissing::Skip),
        Some(other) => {
            return Err(Error::usage(format!(
                "--on-missing takes fail, create or skip, not {other:?}"
            )));
        }
    };
    Ok(Request {
        noun,
        kind,
        map,
        set: sets,
        key: args.key.clone(),
        system: args
            .system
            .clone()
            .unwrap_or_else(|| if stem == "-" { "stdin".to_owned() } else { stem }),
        on_duplicate,
        on_missing,
        file: args
            .file
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    })
}

/// At most so many refused rows are told one by one.
const MOST_TOLD: usize = 20;

/// What is told of every row: refused ones on stderr and into the file, all of them in a dry run.
struct Told<'c> {
    ctx: &'c Ctx,
    errors: Option<RejectsWriter<std::io::BufWriter<File>>>,
    shown: usize,
    verdicts: Vec<String>,
}

impl Sink for Told<'_> {
    fn judged(&mut self, row: &Judged<'_>) -> Result<()> {
        let reference = row.reference.as_deref().unwrap_or_default();
        if self.ctx.global.dry_run {
            let cells = [
                &row.line.to_string(),
                row.verdict.name(),
                reference,
                row.name.as_str(),
                row.reason,
            ];
            let cells = cells.map(|cell| crate::text::sanitise::line(cell).into_owned());
            self.verdicts.push(cells.join("\t"));
        }
        if row.verdict != Verdict::Rejected {
            return Ok(());
        }
        if self.shown < MOST_TOLD {
            self.ctx.ui.warn(&format!("line {}: {}", row.line, row.reason));
        } else if self.shown == MOST_TOLD {
            self.ctx.ui.warn("and more; --errors FILE keeps all of them");
        }
        self.shown += 1;
        if let Some(errors) = &mut self.errors {
            match row.origin {
                Origin::Row(origin) => errors.write_row(origin, row.field, row.reason)?,
                Origin::Broken(error) => errors.write_error(error)?,
            }
        }
        Ok(())
    }
}

fn tell(ctx: &Ctx, summary: &Summary) {
    if !summary.unmapped.is_empty() {
        ctx.ui.note(&format!(
            "columns that feed no field: {}",
            summary.unmapped.join(", ")
        ));
    }
    for (noun, name) in &summary.made {
        ctx.ui.note(&format!("created {noun} {name}"));
    }
    for (list, word) in &summary.made_words {
        ctx.ui.note(&format!("created {list} {word}"));
    }
    for (field, text, count) in &summary.doubts {
        ctx.ui.warn(&format!(
            "{field}: {text:?} is not known and was kept as it is ({count} times)"
        ));
    }
    ctx.ui.note(&format!(
        "{} created, {} updated, {} unchanged, {} skipped, {} rejected",
        summary.created, summary.updated, summary.unchanged, summary.skipped, summary.rejected
    ));
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
    }
}

/// Export records
#[derive(Debug, Args)]
struct ExportArgs {
    /// Kind of record
    noun: String,
    /// Filter; several have to hold together
    #[arg(short = 'w', long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    filters: Vec<String>,
    /// File to write; stdout without one
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn define_export(command: Command) -> Command {
    ExportArgs::augment_args(command)
}

pub(crate) fn export(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: ExportArgs = parsed(matches)?;
    let noun =
        Noun::parse(&args.noun).ok_or_else(|| Error::usage(format!("there is no noun {:?}", args.noun)))?;
    let mut filters = args.filters.clone();
    match args.noun.as_str() {
        "contact" | "contacts" | "person" | "people" => filters.push("type:person".to_owned()),
        "company" | "companies" => filters.push("type:company".to_owned()),
        _ => {}
    }
    let named = ctx.global.format.is_some() || ctx.global.json.is_some() || ctx.global.template.is_some();
    let format = if named { records::format(ctx)? } else { Format::Csv };
    let session = ctx.open(Access::Read)?;
    match &args.output {
        None => {
            let mut out = ctx.ui.out();
            write_all(ctx, &session, noun, &filters, format, &mut out)?;
        }
        Some(path) => {
            // Written beside and renamed, so that a reader never sees half of it.
            let building = path.with_extension("part");
            let mut file = std::io::BufWriter::new(
                File::create(&building).map_err(|error| Error::from(error).context(building.display()))?,
            );
            let count = write_all(ctx, &session, noun, &filters, format, &mut file)?;
            file.flush()?;
            std::fs::rename(&building, path)?;
            ctx.ui.note(&format!(
                "exported {count} {} to {}",
                noun.plural(),
                path.display()
            ));
        }
    }
    Ok(())
}

fn write_all(
    ctx: &Ctx,
    session: &crate::ctx::Session,
    noun: Noun,
    filters: &[String],
    format: Format,
    out: &mut dyn Write,
) -> Result<u64> {
    session.store.read(&session.caller, |tx| {
        let request = list::Request {
            filters: filters.to_vec(),
            // Oldest first: what others refer to comes before them, when it is imported again.
            sort: vec!["uid".to_owned()],
            ..list::Request::default()
        };
        let mut listing = list::listing(tx, noun, &request)?;
        listing.columns = list::all_columns(tx, noun)?;
        if !format.is_json() {
            // Named parts are for JSON, but what a list shows an export has too.
            let usual = field::columns(noun);
            listing
                .columns
                .retain(|column| column.kind != FieldType::Parts || usual.contains(&column.name.as_str()));
        }
        let mut options = records::options(ctx);
        options.full = true;
        let columns = records::wire_columns(&listing.columns);
        let mut writer = Writer::begin(format, options, out, &columns, noun.name())?;
        rows::select(tx, &listing, |_, row| {
            writer.row(&row)?;
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(writer.finish()?.rows)
    })
}
