//! `crm import`: a file in, or several.

mod bundle;
mod errors;
mod memory;
mod preset;
mod several;
mod told;

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};
use crm::domain::actor::Via;
use crm::domain::input::Assignment;
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};
use crm::ops::assignment::{self, Given};
use crm::ops::import::preset::Plan;
use crm::ops::import::sheet::{self, Sheet};
use crm::ops::import::verdict::Summary;
use crm::ops::import::{self, OnDuplicate, Request, source};
use crm::ops::typed::OnMissing;
use crm::ops::view;
use crm::store::WriteTx;
use crm::wire::read::rows::Source;
use crm::wire::read::table::LeftOut;
use crm::wire::rejects::RejectsWriter;

use crate::cli::convention::{self, ConventionArgs};
use crate::cli::input::{Input, InputArgs};
use crate::cli::{parsed, records};
use crate::ctx::{Access, Ctx, Session};
use errors::Errors;
use told::{MOST_TOLD, Told};

/// Import a file
#[derive(Debug, Args)]
struct ImportArgs {
    /// customer, contact, company, deal, task, activity, product, user, team, tag, field or pipeline; or what is no record:
    /// option, rate, suppression or setting. A file that a preset knows says it itself
    #[arg(value_name = "NOUN")]
    noun: String,
    /// File to read; `-` for stdin. A folder or a zip stands alone: each of its files says what it holds; so does a file
    /// that a preset knows
    #[arg(value_name = "FILE|-")]
    file: Option<PathBuf>,
    /// Let rules look at what is imported
    #[arg(long)]
    rules: bool,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    convention: ConventionArgs,
    /// What the file means: the name of a preset, a file with one, or none to take the file as it stands; the header tells
    /// where it is not given
    #[arg(long, value_name = "NAME|FILE|none")]
    preset: Option<String>,
    /// Columns that feed no field: note (lines of the note), drop, or field (custom fields)
    #[arg(long, value_name = "WHAT")]
    unknown: Option<String>,
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
    /// Let the rules of assignment say who looks after new customers who are nobody's
    #[arg(long)]
    assign: bool,
    /// File for refused rows, with line, field and reason; mended, it can be imported
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
}

pub(crate) fn define(command: Command) -> Command {
    ImportArgs::augment_args(command)
        .override_usage(
            "crm import [OPTIONS] [NOUN] FILE|-\n       crm import [OPTIONS] FOLDER|ZIP\n       crm import presets [NAME]\n       crm import remembered\n       crm import forget NUMBER",
        )
        .after_help(ORDER)
}

/// What has to come before what.
const ORDER: &str = "\
A row can only name what is there, so a whole base goes in this order: team, user, team, tag, field, pipeline, \
product, customer, deal, task, activity. Teams and users name each other; the second time a team gets its manager. \
Rows of one file may name each other in any order. --on-missing create makes what a row names. The files of a folder or \
a zip are put into that order by themselves, and are one operation; what they hold is told by what is in them, or by a \
name like deals.csv. A file that is not understood is named, and the others are in.

Files of other programs are known by their header, and said: `crm import presets` lists the programs, and with a name \
prints what each column means, as a start for one of your own. What no field takes stands in the note of the record.

What --map, --preset and --unknown say of a file holds for the next one with the same header, and is said: `crm import \
remembered` lists it, `crm import forget NUMBER` ends it.

With --dry-run every row gets its verdict (create, update, unchanged, skip or reject) in the format of --format.";

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let mut args: ImportArgs = parsed(matches)?;
    ctx.rules_see_imports.set(args.rules);
    match args.noun.as_str() {
        "presets" => return preset::list_or_show(ctx, &args),
        "remembered" | "forget" => return memory::run(ctx, &args),
        _ => {}
    }
    if args.file.is_none() && bundle::Bundle::is_one(args.path()) {
        return several::run(ctx, &args);
    }
    let sheet = sheet(&args)?;
    // A word that is no noun is said before anything is opened.
    let said = match sheet {
        Some(_) => None,
        None => noun(&args)?.map(|(noun, _)| noun),
    };
    let input = input(ctx, &args)?;
    let mut reader = input.rows()?;
    let columns = reader.columns().map(<[String]>::to_vec);
    let mut session = ctx.open(Access::Create)?;
    session.caller.via = Via::Import;
    let chosen = memory::chosen(&args);
    if sheet.is_none() {
        memory::recall(ctx, &session, &mut args, columns.as_deref())?;
    }
    let mut what = match (sheet, source::noun(reader.source())) {
        (Some(sheet), _) => What::Sheet(sheet),
        (None, Some(held)) if said.is_none() => What::Records(request(&args, (held, None))?),
        (None, _) => preset::what(ctx, &args, columns.as_deref())?,
    };
    let errors = rejects(ctx, &args, columns.as_deref())?;
    if agree(ctx, &session, &input, &mut what)? {
        reader = input.rows()?;
    }
    let mut out = ctx.ui.out();
    let mut sink = Told::new(ctx, &mut out, errors, false)?;
    let ((mut summary, given), op) = session.write_once(ctx, |tx| {
        let columns = columns.as_deref();
        memory::remember(tx, &args, columns, &chosen)?;
        by_rule(tx, &args, || match &what {
            What::Records(request) => source::run(tx, &mut reader, said, request, &mut sink),
            What::Sheet(sheet) => sheet::run(tx, *sheet, columns, &mut reader, &file_name(&args), &mut sink),
            What::Foreign(plan, request) => import::preset::run(tx, plan, &mut reader, request, &mut sink),
        })
    })?;
    sink.finish()?;
    drop(out);
    tell_given(ctx, given.as_ref());
    tell_left_out(ctx, reader.source(), reader.left_out());
    summary.encoding = reader.assumed_encoding();
    tell(ctx, &what, &summary);
    if summary.rows() == 0 {
        ctx.ui.note(&format!("{} has no rows", file_name(&args)));
    }
    if let Some(op) = op {
        ctx.ui.hint(&format!("`crm undo {}` takes all of it back", op.no));
    }
    ending(ctx, &summary)
}

/// Does `work`, and lets the rules of assignment give away whom it made, if that is wanted.
fn by_rule<T>(
    tx: &WriteTx<'_>,
    args: &ImportArgs,
    work: impl FnOnce() -> Result<T>,
) -> Result<(T, Option<Given>)> {
    let mark = args.assign.then(|| tx.new_id());
    let done = work()?;
    let given = mark.map(|mark| assignment::made_since(tx, mark)).transpose()?;
    Ok((done, given))
}

/// Says whom the rules gave away, and why they did not give the others.
fn tell_given(ctx: &Ctx, given: Option<&Given>) {
    let Some(given) = given else { return };
    let taken = given.told.iter().filter(|told| told.user.is_some()).count();
    let noun = if taken == 1 { "customer" } else { "customers" };
    ctx.ui.note(&format!("{taken} {noun} assigned by rule"));
    if let Some(told) = given.told.iter().find(|told| told.user.is_none()) {
        let left = given.told.len() - taken;
        ctx.ui
            .warn(&format!("{left} stay nobody's; {}: {}", told.rule, told.why));
    }
    for (rule, why) in &given.broken {
        ctx.ui.warn(&format!("{rule} was left out: {why}"));
    }
}

/// The file of refused rows, if one is wanted.
fn rejects(ctx: &Ctx, args: &ImportArgs, columns: Option<&[String]>) -> Result<Option<Errors>> {
    let Some(path) = args.errors.as_ref().filter(|_| !ctx.global.dry_run) else {
        return Ok(None);
    };
    let file = BufWriter::new(errors::create(path)?);
    Ok(Some(Errors::One(RejectsWriter::new(file, columns))))
}

/// Finds out how the file writes numbers and days, for which it may be read to its end; true if it was looked at.
fn agree(ctx: &Ctx, session: &Session, input: &Input, what: &mut What) -> Result<bool> {
    let (plan, request) = match what {
        What::Sheet(_) => return Ok(false),
        What::Records(request) => (None, request),
        What::Foreign(plan, request) => (Some(&**plan), request),
    };
    request.conventions = convention::agreed(ctx, session, input, plan, request)?;
    Ok(true)
}

/// The end of an import that was not done in full is an error.
fn ending(ctx: &Ctx, summary: &Summary) -> Result<()> {
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

/// Opens the file and finds out what it is.
fn input(ctx: &Ctx, args: &ImportArgs) -> Result<Input> {
    let path = args.path();
    let name = path.display();
    if path.is_dir() {
        return Err(Error::usage(format!(
            "{name} is a folder; name a file in it, or leave {} out",
            args.noun
        )));
    }
    if args.file.is_none() && path != Path::new("-") && !path.exists() {
        return Err(Error::new(
            Kind::NotFound,
            format!("there is no folder or file {name}"),
        ));
    }
    Input::open(ctx, path, &args.input)
}

/// What the rows of a file are.
enum What {
    Records(Request),
    Sheet(Sheet),
    Foreign(Box<Plan>, Request),
}

/// The sheet that the rows are of, if they are no records.
fn sheet(args: &ImportArgs) -> Result<Option<Sheet>> {
    let Some(sheet) = Sheet::parse(&args.noun).filter(|_| args.file.is_some()) else {
        return Ok(None);
    };
    if !(args.map.is_empty() && args.sets.is_empty() && args.key.is_empty()) {
        return Err(Error::usage(format!(
            "rows of {} are no records: --map, --set and --key mean nothing for them",
            sheet.name()
        )));
    }
    Ok(Some(sheet))
}

/// The name of the file, as the title of the operation names it.
fn file_name(args: &ImportArgs) -> String {
    match args.path().file_name() {
        Some(name) if name == "-" => "stdin".to_owned(),
        name => name
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    }
}

/// The noun that was said, and the type of customer if the word says it.
fn noun(args: &ImportArgs) -> Result<Option<(Noun, Option<&'static str>)>> {
    if args.file.is_none() {
        return Ok(None);
    }
    let kind = match args.noun.as_str() {
        "contact" | "contacts" | "person" | "people" => Some("person"),
        "company" | "companies" => Some("company"),
        _ => None,
    };
    Ok(Some((view::noun(&args.noun)?, kind)))
}

/// Columns and the fields that they are to feed.
fn map(args: &ImportArgs) -> Result<Vec<(String, String)>> {
    let pairs = args.map.iter().map(|text| match text.rsplit_once('=') {
        Some((column, field)) => Ok((column.to_owned(), field.to_owned())),
        None => Err(Error::usage(format!("{text:?} is not COLUMN=FIELD"))),
    });
    pairs.collect()
}

fn request(args: &ImportArgs, (noun, kind): (Noun, Option<&'static str>)) -> Result<Request> {
    let sets: Vec<Assignment> = args
        .sets
        .iter()
        .map(|text| records::assignment(text))
        .collect::<Result<_>>()?;
    Ok(Request {
        noun,
        kind,
        map: map(args)?,
        set: sets,
        key: args.key.clone(),
        system: args.system(),
        on_duplicate: args.on_duplicate()?,
        on_missing: args.on_missing()?,
        unknown: preset::unknown(args)?,
        conventions: args.convention.said()?,
        file: file_name(args),
    })
}

impl ImportArgs {
    /// What is read; without a noun the only word is the path.
    fn path(&self) -> &Path {
        self.file.as_deref().unwrap_or(Path::new(&self.noun))
    }

    /// The system that external ids are from.
    fn system(&self) -> String {
        if let Some(system) = &self.system {
            return system.clone();
        }
        match self.path().file_stem().map(|stem| stem.to_string_lossy()) {
            Some(stem) if stem != "-" => stem.into_owned(),
            Some(_) => "stdin".to_owned(),
            None => "import".to_owned(),
        }
    }

    fn on_duplicate(&self) -> Result<OnDuplicate> {
        match self.on_duplicate.as_str() {
            "update" => Ok(OnDuplicate::Update),
            "skip" => Ok(OnDuplicate::Skip),
            "create" => Ok(OnDuplicate::Create),
            other => Err(Error::usage(format!(
                "--on-duplicate takes update, skip or create, not {other:?}"
            ))),
        }
    }

    fn on_missing(&self) -> Result<Option<OnMissing>> {
        match self.on_missing.as_deref() {
            None => Ok(None),
            Some("fail") => Ok(Some(OnMissing::Fail)),
            Some("create") => Ok(Some(OnMissing::Create)),
            Some("skip") => Ok(Some(OnMissing::Skip)),
            Some(other) => Err(Error::usage(format!(
                "--on-missing takes fail, create or skip, not {other:?}"
            ))),
        }
    }
}

/// Tells what stands above, among or below the rows and is none.
fn tell_left_out(ctx: &Ctx, source: Source, left_out: &[LeftOut]) {
    let what = match source {
        Source::Ics => "is of no entry and left out",
        _ => "is no row",
    };
    for left in left_out.iter().take(MOST_TOLD) {
        ctx.ui.note(&format!("line {} {what}: {}", left.line, left.text));
    }
}

fn tell(ctx: &Ctx, what: &What, summary: &Summary) {
    let noun = match what {
        What::Records(request) => Some(request.noun),
        What::Foreign(plan, _) => Some(plan.about().0),
        What::Sheet(_) => None,
    };
    tell_of(ctx, noun, summary);
    ctx.ui.note(&format!(
        "{} created, {} updated, {} unchanged, {} skipped, {} rejected",
        summary.created, summary.updated, summary.unchanged, summary.skipped, summary.rejected
    ));
    if ctx.global.dry_run {
        ctx.ui.note("dry run: nothing was changed");
    }
}

/// What is to be known of the rows of one file.
fn tell_of(ctx: &Ctx, noun: Option<Noun>, summary: &Summary) {
    if let Some(encoding) = summary.encoding {
        ctx.ui.note(&format!(
            "read as {encoding}, as its letters look; --encoding NAME if they are wrong"
        ));
    }
    if !summary.unmapped.is_empty() {
        ctx.ui.note(&format!(
            "columns that feed no field: {}",
            summary.unmapped.join(", ")
        ));
    }
    preset::tell(ctx, summary);
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
    told::doubts(ctx, noun, &summary.doubts);
}
