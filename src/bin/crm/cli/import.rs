//! `crm import`: a file in.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use clap::{ArgMatches, Args, Command};
use crm::domain::actor::Via;
use crm::domain::field::{self, FieldType};
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::import::sheet::{self, Sheet};
use crm::ops::import::verdict::{Judged, Origin, Sink, Summary, Verdict};
use crm::ops::import::{self, OnDuplicate, Request};
use crm::ops::typed::OnMissing;
use crm::ops::view;
use crm::wire::column::Column;
use crm::wire::read::table::LeftOut;
use crm::wire::rejects::RejectsWriter;

use crate::cli::convention::{self, ConventionArgs};
use crate::cli::input::{Input, InputArgs};
use crate::cli::output::Writer;
use crate::cli::ui::Progress;
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx};

/// Import a file
#[derive(Debug, Args)]
struct ImportArgs {
    /// customer, contact, company, deal, task, activity, product, user, team, tag, field or pipeline; or what is no record:
    /// option, rate, suppression or setting
    noun: String,
    /// File to read; `-` for stdin
    #[arg(value_name = "FILE|-")]
    file: PathBuf,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    convention: ConventionArgs,
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
    /// File for refused rows, with line, field and reason; mended, it can be imported
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

pub(crate) fn define(command: Command) -> Command {
    ImportArgs::augment_args(command).after_help(ORDER)
}

/// What has to come before what.
const ORDER: &str = "\
A row can only name what is there, so a whole base goes in this order: team, user, team, tag, field, pipeline, \
product, customer, deal, task, activity. Teams and users name each other; the second time a team gets its manager. \
Rows of one file may name each other in any order. --on-missing create makes what a row names.

With --dry-run every row gets its verdict (create, update, unchanged, skip or reject) in the format of --format.";

/// The columns of the verdicts of a dry run.
const VERDICTS: [(&str, FieldType); 6] = [
    ("line", FieldType::Integer),
    ("verdict", FieldType::Text),
    ("id", FieldType::Text),
    ("name", FieldType::Text),
    ("field", FieldType::Text),
    ("reason", FieldType::Text),
];

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: ImportArgs = parsed(matches)?;
    let mut what = what(&args)?;
    let input = Input::open(ctx, &args.file, &args.input)?;
    let mut reader = input.rows()?;
    let columns = reader.columns().map(<[String]>::to_vec);
    let errors = match &args.errors {
        Some(path) if !ctx.global.dry_run => {
            let file = File::create(path).map_err(|error| Error::from(error).context(path.display()))?;
            Some(RejectsWriter::new(BufWriter::new(file), columns.as_deref()))
        }
        _ => None,
    };
    let mut session = ctx.open(Access::Create)?;
    session.caller.via = Via::Import;
    if let What::Records(request) = &mut what {
        request.conventions = convention::agreed(ctx, &session, &input, request)?;
        reader = input.rows()?;
    }
    let mut out = ctx.ui.out();
    let verdicts = if ctx.global.dry_run {
        let columns = VERDICTS.map(|(name, kind)| Column::new(name, kind));
        let format = records::format(ctx)?;
        Some(Writer::begin(
            format,
            records::options(ctx),
            &mut out,
            &columns,
            "",
        )?)
    } else {
        None
    };
    let mut sink = Told {
        ctx,
        errors,
        shown: 0,
        judged: 0,
        progress: ctx.ui.progress("importing", 0),
        verdicts,
    };
    let (summary, op) = session.write(ctx, |tx| {
        let columns = columns.as_deref();
        match &what {
            What::Records(request) => import::run(tx, columns, &mut reader, request, &mut sink),
            What::Sheet(sheet) => sheet::run(tx, *sheet, columns, &mut reader, &file_name(&args), &mut sink),
        }
    })?;
    sink.finish()?;
    drop(out);
    tell_left_out(ctx, reader.left_out());
    tell(ctx, &what, &summary);
    if summary.rows() == 0 {
        ctx.ui.note(&format!("{} has no rows", file_name(&args)));
    }
    if let Some(op) = op {
        ctx.ui.hint(&format!("`crm undo {}` takes all of it back", op.no));
    }
    let rows = match summary.rejected {
        0 => return Ok(()),
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    };
    let what = match (ctx.global.dry_run, summary.rejected == summary.rows()) {
        (true, _) => "would be refused",
        (false, true) => "refused; nothing is in",
        (false, false) => "refused; the others are in",
    };
    Err(Error::new(Kind::Partial, format!("{rows} {what}")))
}

/// What the rows of a file are.
enum What {
    Records(Request),
    Sheet(Sheet),
}

fn what(args: &ImportArgs) -> Result<What> {
    let Some(sheet) = Sheet::parse(&args.noun) else {
        return Ok(What::Records(request(args)?));
    };
    if !(args.map.is_empty() && args.sets.is_empty() && args.key.is_empty()) {
        return Err(Error::usage(format!(
            "rows of {} are no records: --map, --set and --key mean nothing for them",
            sheet.name()
        )));
    }
    Ok(What::Sheet(sheet))
}

/// The name of the file, as the title of the operation names it.
fn file_name(args: &ImportArgs) -> String {
    match args.file.file_name() {
        Some(name) if name == "-" => "stdin".to_owned(),
        name => name
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    }
}

fn request(args: &ImportArgs) -> Result<Request> {
    let noun = view::noun(&args.noun)?;
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
        conventions: args.convention.said()?,
        file: file_name(args),
    })
}

/// At most so many refused rows, or records that were made, are told one by one.
const MOST_TOLD: usize = 20;

/// What is told of every row: refused ones on stderr and into the file, the verdict of each in a dry run.
struct Told<'c> {
    ctx: &'c Ctx,
    errors: Option<RejectsWriter<BufWriter<File>>>,
    shown: usize,
    judged: u64,
    progress: Progress<'c>,
    verdicts: Option<Writer<'c>>,
}

impl Told<'_> {
    fn finish(self) -> Result<()> {
        if let Some(errors) = self.errors {
            errors.finish()?;
        }
        if let Some(verdicts) = self.verdicts {
            verdicts.finish()?;
        }
        Ok(())
    }

    fn refused(&mut self, row: &Judged<'_>) -> Result<()> {
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

impl Sink for Told<'_> {
    fn judged(&mut self, row: &Judged<'_>) -> Result<()> {
        self.judged += 1;
        match &mut self.verdicts {
            Some(verdicts) => verdicts.row(&verdict(row))?,
            None => {
                self.progress.tick(self.judged, self.ctx.elapsed_ms());
                if row.verdict == Verdict::Rejected {
                    self.refused(row)?;
                }
            }
        }
        Ok(())
    }
}

/// The cells of [`VERDICTS`].
fn verdict(row: &Judged<'_>) -> [Value; 6] {
    let text = |text: &str| match text {
        "" => Value::Null,
        text => Value::text(text),
    };
    [
        Value::Int(i64::try_from(row.line).unwrap_or(i64::MAX)),
        Value::text(row.verdict.name()),
        text(row.reference.as_deref().unwrap_or_default()),
        text(&row.name),
        text(row.field.unwrap_or_default()),
        text(row.reason),
    ]
}

/// Tells what stands above, among or below the rows and is none.
fn tell_left_out(ctx: &Ctx, left_out: &[LeftOut]) {
    for left in left_out.iter().take(MOST_TOLD) {
        ctx.ui
            .note(&format!("line {} is no row: {}", left.line, left.text));
    }
}

fn tell(ctx: &Ctx, what: &What, summary: &Summary) {
    if !summary.unmapped.is_empty() {
        ctx.ui.note(&format!(
            "columns that feed no field: {}",
            summary.unmapped.join(", ")
        ));
    }
    for (noun, name) in summary.made.iter().take(MOST_TOLD) {
        ctx.ui.note(&match (noun, name.split_once('/')) {
            (Noun::Pipeline, Some((pipeline, stage))) => {
                format!("created stage {stage} of pipeline {pipeline}")
            }
            _ => format!("created {noun} {name}"),
        });
    }
    if let Some(more) = summary.made.len().checked_sub(MOST_TOLD).filter(|more| *more > 0) {
        ctx.ui.note(&format!("created {more} more like these"));
    }
    for (list, word) in &summary.made_words {
        ctx.ui.note(&format!("created {list} {word}"));
    }
    for (name, text, count) in &summary.doubts {
        let linked = match what {
            What::Records(request) => field::find(request.noun, name),
            What::Sheet(_) => None,
        };
        let linked = linked.is_some_and(|field| matches!(field.kind, FieldType::Link(_)));
        ctx.ui.warn(&if matches!(name.as_str(), "owner" | "assignee") {
            format!("{name}: {text:?} is disabled; what is closed was kept in that name ({count} times)")
        } else if linked {
            format!(
                "{name}: {text:?} is not there yet; import this file once more when it is ({count} times)"
            )
        } else {
            format!("{name}: {text:?} is not known and was kept as it is ({count} times)")
        });
    }
    ctx.ui.note(&format!(
        "{} created, {} updated, {} unchanged, {} skipped, {} rejected",
        summary.created, summary.updated, summary.unchanged, summary.skipped, summary.rejected
    ));
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
    }
}
