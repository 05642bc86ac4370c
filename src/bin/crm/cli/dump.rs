//! `crm dump` and `crm load`: the base as a tree of files, and back.

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};
use crm::domain::actor::Via;
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};
use crm::ops::import::sheet::{self, Sheet};
use crm::ops::import::verdict::{Judged, Origin, Sink, Verdict};
use crm::ops::import::{self, Request};
use crm::ops::load::Manifest;
use crm::ops::{dump, load};
use crm::store::{Store, WriteTx};
use crm::wire::read::rows::{Options, Reader, Source};

use crate::cli::folder::{self, Folder};
use crate::cli::{export, parsed};
use crate::ctx::{Access, Ctx, Session};
use crate::text::number;

/// Write the base as a tree of files
#[derive(Debug, Args)]
struct DumpArgs {
    /// Folder: a new or empty one, or that of an earlier dump, in which only what changed is written
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Make a base of a tree of files
#[derive(Debug, Args)]
struct LoadArgs {
    /// Folder of a dump
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Add to a base that has records, as an import does: what is there is updated
    #[arg(long)]
    merge: bool,
}

pub(crate) fn define_dump(command: Command) -> Command {
    DumpArgs::augment_args(command).after_help(
        "One record is one line of NDJSON, a thousand numbers are one file (customers/0001.ndjson), in an order that never \
         changes: made for git. The trash, merged records and the past of every record are in it; the log of operations is \
         not.\n\nExamples:\n  crm dump base-as-text\n  crm dump base-as-text --dry-run",
    )
}

pub(crate) fn define_load(command: Command) -> Command {
    LoadArgs::augment_args(command).after_help(
        "The base is the one that was dumped, with the same refs, uids and past; it is made if there is none, and one that \
         has records is refused without --merge.\n\nExamples:\n  crm dump base-as-text && crm --db copy.db load base-as-text\n  \
         crm dump base-as-text && crm load base-as-text --merge --yes",
    )
}

pub(crate) fn dump(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: DumpArgs = parsed(matches)?;
    let session = ctx.open(Access::Read)?;
    if ctx.global.dry_run {
        let mut counting = Counting(0);
        session
            .store
            .read(&session.caller, |tx| dump::dump(tx, &mut counting))?;
        ctx.ui.note(&format!(
            "dry run: would write {} files of records",
            number::many(counting.0)
        ));
        return Ok(());
    }
    let mut folder = Folder::prepare(&args.folder)?;
    let dumped = session
        .store
        .read(&session.caller, |tx| dump::dump(tx, &mut folder))?;
    folder.finish()?;
    for (table, count) in &dumped.left {
        ctx.ui.warn(&format!(
            "{count} rows of {table} are not in the dump: what they belong to is not there; see `crm check`"
        ));
    }
    let records: u64 = dumped.records.iter().map(|(_, count)| count).sum();
    ctx.ui.note(&format!(
        "dumped {} records to {}; files written: {}, removed: {}",
        number::many(records),
        args.folder.display(),
        folder.written,
        folder.removed
    ));
    Ok(())
}

/// A shelf that keeps nothing.
struct Counting(u64);

impl dump::Shelf for Counting {
    fn begin(&mut self, _: &str) -> Result<()> {
        self.0 += 1;
        Ok(())
    }

    fn line(&mut self, _: &str) -> Result<()> {
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        Ok(())
    }
}

pub(crate) fn load(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: LoadArgs = parsed(matches)?;
    let source = Dump {
        manifest: folder::manifest(&args.folder)?,
        path: args.folder,
    };
    let path = ctx.base()?;
    if path.exists() && args.merge {
        return merge(ctx, &source);
    }
    let count = if !path.exists() && !ctx.global.dry_run {
        source.make(ctx, &path)?
    } else if path.exists() {
        let mut session = ctx.open(Access::Write)?;
        let into = |tx: &WriteTx<'_>| source.fill(tx);
        session.write_once(ctx, into).map_err(has_records)?.0
    } else {
        // What a dry run makes is gone with its folder.
        let folder = tempfile::tempdir()?;
        source.make(ctx, &folder.path().join("base.db"))?
    };
    let what = format!("{} records from {}", number::many(count), source.path.display());
    if ctx.global.dry_run {
        ctx.ui.note(&format!("dry run: would load {what}"));
    } else {
        ctx.ui.note(&format!("loaded {what} into {}", path.display()));
    }
    Ok(())
}

fn has_records(error: Error) -> Error {
    match error.kind() {
        Kind::Conflict => Error::new(
            Kind::Conflict,
            format!(
                "{}; --merge adds the dump to them, as an import does",
                error.message()
            ),
        ),
        _ => error,
    }
}

/// A dump in a folder.
struct Dump {
    path: PathBuf,
    manifest: Manifest,
}

impl Dump {
    /// Makes a base at a place where there is none.
    fn make(&self, ctx: &Ctx, path: &Path) -> Result<u64> {
        let mut count = 0;
        let made = Store::create(path, &ctx.founder(), |tx| {
            count = self.fill(tx)?;
            Ok(())
        })?;
        if !made {
            return Err(Error::new(
                Kind::Conflict,
                format!("there is a base at {} already", path.display()),
            ));
        }
        Ok(count)
    }

    fn fill(&self, tx: &WriteTx<'_>) -> Result<u64> {
        let files = folder::open(&self.path, folder::files(&self.path)?);
        load::load(tx, &self.manifest, &folder::base(&self.path)?, files)
    }
}

/// Adds a dump to a base as an import of all its records does, in one operation.
fn merge(ctx: &Ctx, source: &Dump) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let place = folder.path().join("dump.db");
    source.make(ctx, &place)?;
    let dumped = Session {
        store: Store::open(&place, crm::store::Durability::default(), ctx.clock.now_ms())?,
        caller: ctx.founder(),
    };
    let mut session = ctx.open(Access::Write)?;
    session.caller.via = Via::Import;
    crate::cli::written::confirmed(
        ctx,
        &format!("add the records of {} to the base", source.path.display()),
    )?;
    let mut told = Told { ctx, refused: 0 };
    let mut sum = import::verdict::Summary::default();
    let (_, op) = session.write_once(ctx, |tx| {
        let parts = [Sheet::Option, Sheet::Rate, Sheet::Suppression].map(Part::Sheet);
        for part in parts.into_iter().chain(load::ORDER.map(Part::Records)) {
            let summary = add(ctx, tx, &dumped, part, &mut told)?;
            sum.created += summary.created;
            sum.updated += summary.updated;
            sum.unchanged += summary.unchanged;
            sum.skipped += summary.skipped;
            sum.rejected += summary.rejected;
        }
        tx.describe(format!(
            "Loaded {}: {} new records, {} updated",
            source.path.display(),
            sum.created,
            sum.updated
        ));
        Ok(())
    })?;
    ctx.ui.note(&format!(
        "{} created, {} updated, {} unchanged, {} skipped, {} rejected",
        sum.created, sum.updated, sum.unchanged, sum.skipped, sum.rejected
    ));
    if let Some(op) = op {
        ctx.ui.hint(&format!("`crm undo {}` takes all of it back", op.no));
    }
    match sum.rejected {
        0 => Ok(()),
        count => Err(Error::new(Kind::Partial, format!("{count} records were refused"))),
    }
}

/// What is imported at a time.
#[derive(Clone, Copy)]
enum Part {
    Sheet(Sheet),
    Records(Noun),
}

/// Imports a part of the base that a dump was loaded into.
fn add(
    ctx: &Ctx,
    tx: &WriteTx<'_>,
    dumped: &Session,
    part: Part,
    told: &mut Told<'_>,
) -> Result<import::verdict::Summary> {
    let mut file = tempfile::tempfile()?;
    let mut writer = BufWriter::new(file.try_clone()?);
    match part {
        Part::Sheet(sheet) => export::all_of_sheet(ctx, dumped, sheet, &mut writer)?,
        Part::Records(noun) => export::everything(ctx, dumped, noun, &mut writer)?,
    };
    drop(writer);
    file.seek(SeekFrom::Start(0))?;
    if file.metadata()?.len() == 0 {
        return Ok(import::verdict::Summary::default());
    }
    let reader = ndjson(file)?;
    match part {
        Part::Sheet(sheet) => sheet::run(tx, sheet, None, reader, sheet.name(), told),
        Part::Records(noun) => {
            import::run(tx, None, reader, &Request::new(noun, noun.plural(), "dump"), told)
        }
    }
}

fn ndjson(file: File) -> Result<Reader> {
    let options = Options {
        source: Some(Source::Ndjson),
        extension: None,
        encoding: Some("utf-8".to_owned()),
        delimiter: None,
    };
    Reader::open(Box::new(file), &options)
}

/// Tells of what is refused.
struct Told<'c> {
    ctx: &'c Ctx,
    refused: usize,
}

/// At most so many are told one by one.
const MOST_TOLD: usize = 20;

impl Sink for Told<'_> {
    fn judged(&mut self, row: &Judged<'_>) -> Result<()> {
        if row.verdict == Verdict::Rejected {
            self.refused += 1;
            if self.refused <= MOST_TOLD {
                let what = match row.origin {
                    Origin::Row(_) => row.name.as_str(),
                    Origin::Broken(_) => "a record",
                };
                self.ctx.ui.warn(&format!("{what}: {}", row.reason));
            }
        }
        Ok(())
    }
}
