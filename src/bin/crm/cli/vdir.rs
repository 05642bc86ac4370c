//! `crm vdir`: a folder of cards and entries, one file for each record, kept in step with the base.

use std::collections::HashMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};
use crm::domain::digest;
use crm::domain::noun::Noun;
use crm::error::{Error, Kind, Result};
use crm::ops::vdir::{self, Asked, Collection, Plan, Seen, Side};
use crm::wire::vcard::write::Version;

use crate::cli::parsed;
use crate::ctx::{Access, Ctx, Session};

/// Keep a folder in step
#[derive(Debug, Args)]
struct SyncArgs {
    /// Folder; `contacts` and `calendar` are made in it
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Only this part: contacts or calendar
    #[arg(long, value_name = "PART", value_parser = ["contacts", "calendar"])]
    only: Option<String>,
    /// Customers who have a card; all where nothing is said
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    customers: Vec<String>,
    /// Tasks in the calendar; those that are open where nothing is said
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    tasks: Vec<String>,
    /// Activities in the calendar; the meetings of thirty days where nothing is said
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    activities: Vec<String>,
    /// Whose word counts where both changed: base or files; without it neither is touched
    #[arg(long, value_name = "SIDE", value_parser = ["base", "files"])]
    prefer: Option<String>,
    /// Believe that many files are gone on purpose, and put their records into the trash
    #[arg(long)]
    allow_deletions: bool,
}

pub(crate) fn define(command: Command) -> Command {
    command.subcommand_required(true).arg_required_else_help(true).subcommand(
        Command::new("sync")
            .about("Keep a folder of cards and entries in step with the base, in both directions")
            .defer(SyncArgs::augment_args)
            .after_help(
                "For vdirsyncer, khard, khal, todoman: DIR/contacts has a .vcf for each customer, DIR/calendar an .ics \
                 for each open task and each meeting. What is changed, made or deleted there comes into the base, as one \
                 operation that `crm undo` takes back, and the other way round. Files that are as they were stay \
                 untouched, and so does whatever else other programs keep in a file: photos, nicknames, other fields. Give it a \
                 calendar of its own: what is found there becomes a task or an activity, except for what repeats. Says \
                 nothing when nothing changed.\n\nExamples:\n  crm vdir sync pim\n  crm vdir sync pim --dry-run\n  \
                 crm vdir sync pim --only contacts --customers level:A --vcard-version 4.0\n  \
                 crm vdir sync pim --only calendar --tasks 'status:open assignee:self' --activities 'type:meeting' \
                 --prefer base\n  crm vdir sync pim --prefer files --allow-deletions",
            ),
    )
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("sync", matches)) => sync(ctx, &parsed(matches)?),
        _ => Err(Error::usage("name what is to be done: sync")),
    }
}

fn sync(ctx: &Ctx, args: &SyncArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let mut left = 0;
    for collection in Collection::ALL {
        if args.only.as_deref().is_none_or(|only| only == collection.name()) {
            left += sync_one(ctx, &mut session, args, collection)?;
        }
    }
    match left {
        0 => Ok(()),
        1 => Err(Error::new(Kind::Partial, "1 file was left as it is")),
        count => Err(Error::new(
            Kind::Partial,
            format!("{count} files were left as they are"),
        )),
    }
}

/// Keeps one collection in step; gives how much was left undone.
fn sync_one(ctx: &Ctx, session: &mut Session, args: &SyncArgs, collection: Collection) -> Result<usize> {
    let path = args.folder.join(collection.name());
    if !path.exists() && !ctx.global.dry_run {
        fs::create_dir_all(&path).map_err(|error| Error::from(error).context(path.display()))?;
    }
    let place = path.canonicalize().unwrap_or_else(|_| path.clone());
    let asked = Asked {
        folder: place.to_string_lossy().into_owned(),
        collection,
        filters: vec![
            (Noun::Customer, args.customers.clone()),
            (Noun::Task, args.tasks.clone()),
            (Noun::Activity, args.activities.clone()),
        ],
        prefer: args.prefer.as_deref().map(|side| match side {
            "files" => Side::Files,
            _ => Side::Base,
        }),
        may_delete: args.allow_deletions,
        version: match ctx.global.vcard_version.as_deref() {
            Some(version) => Version::parse(version).unwrap_or_default(),
            // What telephones and servers take.
            None => Version::V3,
        },
    };
    let (seen, mut left) = look(&place, collection)?;
    let read = |name: &str| fs::read(place.join(name)).map_err(|error| Error::from(error).context(name));
    let (mut plan, op) = session.write(ctx, |tx| vdir::take_in(tx, &asked, &seen, &read))?;
    left.append(&mut plan.left);
    let mut done = Done::default();
    if ctx.global.dry_run {
        done.written = plan.writes.len();
        done.removed = plan.removals.len();
    } else {
        put(session, &place, &asked, &plan, &mut done, &mut left)?;
    }
    tell(ctx, collection, &plan, &done);
    for (name, why) in &left {
        ctx.ui.warn(&format!("{}/{name}: {why}", collection.name()));
    }
    if plan.undecided > 0 {
        ctx.ui
            .note("`--prefer files` takes what the files say, `--prefer base` what the base says");
    }
    if let Some(op) = op {
        ctx.ui.hint(&format!(
            "`crm undo {}` takes back what came into the base",
            op.no
        ));
    }
    Ok(left.len())
}

/// The most bytes of a file that is read.
const LARGEST: u64 = 16 << 20;

/// Files that are too large, each with why it is left.
type Left = Vec<(String, String)>;

/// The files of a collection, by name. What is being written, or hidden, is none.
fn look(path: &Path, collection: Collection) -> Result<(Vec<Seen>, Left)> {
    let mut seen = Vec::new();
    let mut left = Vec::new();
    if !path.is_dir() {
        return Ok((seen, left));
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        let is_ours = Path::new(&name)
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case(collection.extension()));
        if !is_ours || name.starts_with('.') || !entry.path().is_file() {
            continue;
        }
        if fs::metadata(entry.path())?.len() > LARGEST {
            left.push((name, "it is too large".to_owned()));
            continue;
        }
        let bytes = fs::read(entry.path()).map_err(|error| Error::from(error).context(&name))?;
        seen.push(Seen {
            mark: digest::sha256(&bytes),
            name,
        });
    }
    seen.sort_by(|one, other| one.name.cmp(&other.name));
    Ok((seen, left))
}

/// What was done in the folder.
#[derive(Debug, Default)]
struct Done {
    written: usize,
    removed: usize,
}

/// How many files are written between two notes of it in the base.
const BATCH: usize = 500;

/// Writes and removes files, each in one step and only if it is still as it was seen.
fn put(
    session: &mut Session,
    path: &Path,
    asked: &Asked,
    plan: &Plan,
    done: &mut Done,
    left: &mut Left,
) -> Result<()> {
    for writes in plan.writes.chunks(BATCH) {
        let mut bytes = HashMap::new();
        for write in writes {
            let place = path.join(&write.name);
            let old = fs::read(&place).ok();
            if old.as_deref().map(digest::sha256) != write.expected {
                left.push((write.name.clone(), "somebody else is writing it".to_owned()));
                continue;
            }
            let new = session.store.read(&session.caller, |tx| {
                vdir::render(tx, write.noun, write.record, old.as_deref(), asked.version)
            })?;
            if old.as_deref() != Some(&new) {
                replace(&place, &new).map_err(|error| error.context(&write.name))?;
                done.written += 1;
            }
            bytes.insert(write.name.as_str(), new);
        }
        session.store.write(&session.caller, |tx| {
            for write in writes {
                if let Some(bytes) = bytes.get(write.name.as_str()) {
                    vdir::written(tx, asked, write, bytes)?;
                }
            }
            Ok(())
        })?;
    }
    if plan.removals.is_empty() {
        return Ok(());
    }
    let mut removed = Vec::new();
    for removal in &plan.removals {
        let place = path.join(&removal.name);
        match fs::read(&place) {
            Ok(bytes) if digest::sha256(&bytes) != removal.expected => {
                left.push((removal.name.clone(), "somebody else is writing it".to_owned()));
                continue;
            }
            Ok(_) => fs::remove_file(&place)?,
            Err(_) => {}
        }
        done.removed += 1;
        removed.push(removal.name.as_str());
    }
    session.store.write(&session.caller, |tx| {
        removed.iter().try_for_each(|name| vdir::removed(tx, asked, name))
    })?;
    Ok(())
}

/// Puts a whole file in place of the old one.
fn replace(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".crm-")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    if let Ok(known) = fs::metadata(path) {
        fs::set_permissions(file.path(), known.permissions())?;
    }
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn tell(ctx: &Ctx, collection: Collection, plan: &Plan, done: &Done) {
    let is_quiet = done.written + done.removed == 0 && plan.read + plan.made + plan.trashed == 0;
    if is_quiet {
        return;
    }
    let would = if ctx.global.dry_run { "dry run: " } else { "" };
    ctx.ui.note(&format!(
        "{would}{}: files written {}, removed {}; records changed {}, new {}, to the trash {}",
        collection.name(),
        done.written,
        done.removed,
        plan.read,
        plan.made,
        plan.trashed
    ));
}
