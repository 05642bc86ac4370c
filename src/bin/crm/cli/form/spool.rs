//! `crm form spool`: a folder of what was sent, taken in and put aside, for cron.
//!
//! One run at a time works on a folder: a lock that ends with the process keeps others away. A file is put aside when
//! everything in it has been answered; a run that is killed before finds it again, and what is in already is not taken in
//! twice, because its submissions are known by the name of the file.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Command};
use crm::error::{Error, Kind, Result};
use crm::ops::form::intake::Name;
use crm::ops::form::{self, Form};
use crm::wire::submission::{self, Options};

use super::replies::Replies;
use super::take::{self, BodyArgs};
use crate::ctx::{Access, Ctx, Session};

/// Take in a folder of what was sent, for cron
#[derive(Debug, Args)]
pub(super) struct SpoolArgs {
    /// Folder of bodies
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Form of the files in the folder itself
    #[arg(long, value_name = "KEY")]
    form: Option<String>,
    #[command(flatten)]
    body: BodyArgs,
}

pub(super) fn define(command: Command) -> Command {
    command.defer(SpoolArgs::augment_args).after_help(HELP)
}

/// How the folder is laid out, in the help.
const HELP: &str = "\
Each file is a body as `crm form submit` reads it. Its form is named by --form, by the folder DIR/KEY in which it lies, or by \
its own name, KEY.4711.json. Whoever writes there begins with a name that has a point in front, and renames the file when it \
is whole. A file goes to done/ beside it, or to failed/ if anything in it was refused; with answers that somebody has to read \
(reasons, tokens to send) comes NAME.answers.ndjson. Nothing is said unless something was refused; the exit code is 6 then.

Examples:
  crm form add web -e email! && mkdir -p in/web && crm form spool in
  crm form add web -e email! && mkdir -p in && crm form spool in --form web --from json
  crm form spool nowhere --encoding gbk   # exit 3";

/// The file that keeps a second run away.
const LOCK: &str = ".crm-spool.lock";

/// Where files go that are well, and where others.
const DONE: &str = "done";
const FAILED: &str = "failed";

/// The end of the name of a file of answers.
const ANSWERS: &str = "answers.ndjson";

pub(super) fn run(ctx: &Ctx, args: &SpoolArgs) -> Result<()> {
    let options = args.body.options()?;
    let at = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => Error::new(
            Kind::NotFound,
            format!("there is no folder {}", args.folder.display()),
        ),
        _ => Error::from(error).context(args.folder.display()),
    };
    if !fs::metadata(&args.folder).map_err(at)?.is_dir() {
        return Err(Error::usage(format!("{} is no folder", args.folder.display())));
    }
    let mut session = ctx.open(Access::Write)?;
    let lock = File::create(args.folder.join(LOCK)).map_err(at)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            ctx.ui.detail("another run is at work on this folder");
            return Ok(());
        }
        Err(TryLockError::Error(error)) => return Err(at(error)),
    }
    let mut spool = Spool {
        ctx,
        session: &mut session,
        options,
        total: Replies::default(),
        failed: 0,
        left: 0,
    };
    spool.folder(&args.folder, args.form.as_deref())?;
    let (failed, left) = (spool.failed, spool.left);
    spool.total.write_if_asked(ctx)?;
    let said = format!(
        "{} submissions, {} refused",
        spool.total.all().len(),
        spool.total.refused()
    );
    match ctx.has_terminal() {
        true => ctx.ui.note(&said),
        false => ctx.ui.detail(&said),
    }
    if ctx.global.dry_run {
        ctx.ui
            .note("dry run: nothing was changed, and the files stay where they are");
    }
    spool.total.tell_where(ctx);
    match failed + left {
        0 => Ok(()),
        1 => Err(Error::new(Kind::Partial, "1 file needs a look")),
        count => Err(Error::new(Kind::Partial, format!("{count} files need a look"))),
    }
}

/// A run over a folder.
struct Spool<'r> {
    ctx: &'r Ctx,
    session: &'r mut Session,
    options: Options,
    total: Replies,
    failed: usize,
    left: usize,
}

impl Spool<'_> {
    /// The folder itself, and those in it that are called like forms.
    fn folder(&mut self, folder: &Path, form: Option<&str>) -> Result<()> {
        let form = form.map(|name| self.named(name)).transpose()?;
        for name in entries(folder, false)? {
            let form = match (&form, name.split('.').next()) {
                (Some(form), _) => Some(form.clone()),
                (None, Some(first)) => self.known(first)?,
                (None, None) => None,
            };
            self.file(folder, &name, form)?;
        }
        for name in entries(folder, true)? {
            let Some(form) = self.known(&name)? else {
                self.ctx
                    .ui
                    .warn(&format!("{name}: there is no form of this name"));
                self.left += 1;
                continue;
            };
            let inside = folder.join(&name);
            for name in entries(&inside, false)? {
                self.file(&inside, &name, Some(form.clone()))?;
            }
        }
        Ok(())
    }

    fn named(&self, name: &str) -> Result<Form> {
        let form = self
            .session
            .store
            .read(&self.session.caller, |tx| form::named(tx, name))?;
        form.open().map(|()| form)
    }

    /// The form of this name; none if there is none that takes anything.
    fn known(&self, name: &str) -> Result<Option<Form>> {
        let form = self
            .session
            .store
            .read(&self.session.caller, |tx| match form::named(tx, name) {
                Ok(form) => Ok(Some(form)),
                Err(error) if error.kind() == Kind::NotFound => Ok(None),
                Err(error) => Err(error),
            })?;
        Ok(form.filter(|form| match form.open() {
            Ok(()) => true,
            Err(error) => {
                self.ctx.ui.warn(error.message());
                false
            }
        }))
    }

    /// Takes in one file, and puts it aside.
    fn file(&mut self, folder: &Path, name: &str, form: Option<Form>) -> Result<()> {
        let path = folder.join(name);
        let Some(form) = form else {
            self.ctx.ui.warn(&format!(
                "{}: it belongs to no form; --form KEY, a folder KEY or a name like KEY.{name} says which",
                path.display()
            ));
            self.left += 1;
            return Ok(());
        };
        let file = match File::open(&path) {
            Ok(file) => file,
            // Its owner has taken it away again.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return self.refuse(&path, &Error::from(error)),
        };
        let body = match submission::read(file, &self.options) {
            Ok(body) if body.submissions.is_empty() => {
                return self.refuse(&path, &Error::new(Kind::Invalid, "the file is empty"));
            }
            Ok(body) => body,
            Err(error) if error.kind() == Kind::Usage => return Err(error),
            Err(error) => return self.refuse(&path, &error),
        };
        let replies = take::all(self.ctx, self.session, &form, &body, &|sent| {
            Some(Name::File(format!("{name}:{}", sent.line)))
        })?;
        if !self.ctx.global.dry_run {
            let well = replies.refused() == 0;
            let target = aside(folder, if well { DONE } else { FAILED })?;
            let free = free(&target, name);
            if !well || replies.has_tokens() {
                answer(&target, &free, replies.lines().as_bytes())?;
            }
            moved(&path, &target.join(&free))?;
        }
        for reply in replies.all().iter().filter(|reply| reply.is_refused()) {
            for (field, reason) in &reply.faults {
                let line = reply.line.unwrap_or(1);
                let field = if field.is_empty() {
                    String::new()
                } else {
                    format!("{field}: ")
                };
                self.ctx
                    .ui
                    .warn(&format!("{}, line {line}: {field}{reason}", path.display()));
            }
        }
        self.failed += usize::from(replies.refused() > 0);
        self.total.extend(replies, name);
        Ok(())
    }

    /// Puts a file aside in which nothing can be read.
    fn refuse(&mut self, path: &Path, error: &Error) -> Result<()> {
        self.ctx.ui.warn(&format!("{}: {error}", path.display()));
        self.failed += 1;
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Ok(());
        };
        if self.ctx.global.dry_run {
            return Ok(());
        }
        let target = aside(folder, FAILED)?;
        let free = free(&target, &name.to_string_lossy());
        let line =
            serde_json::json!({"accepted": false, "errors": [{"field": null, "reason": error.message()}]});
        answer(&target, &free, format!("{line}\n").as_bytes())?;
        moved(path, &target.join(free))
    }
}

/// The names of files or folders, in order. What is hidden is still being written; a link may lead anywhere.
fn entries(folder: &Path, folders: bool) -> Result<Vec<String>> {
    let at = |error: std::io::Error| Error::from(error).context(folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(at)? {
        let entry = entry.map_err(at)?;
        let kind = entry.file_type().map_err(at)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_own = folders && (name == DONE || name == FAILED);
        let is_half =
            name.starts_with('.') || name.ends_with('~') || name.ends_with(".tmp") || name.ends_with(".part");
        let fits = if folders { kind.is_dir() } else { kind.is_file() };
        if fits && !is_own && !is_half {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

/// A folder for files that are done with, which only its owner reads.
fn aside(folder: &Path, name: &str) -> Result<PathBuf> {
    let path = folder.join(name);
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(&path)
        .map_err(|error| Error::from(error).context(path.display()))?;
    Ok(path)
}

/// A name that nothing in a folder has: the name itself, or one with a number before its end.
fn free(folder: &Path, name: &str) -> String {
    let is_free = |name: &String| !folder.join(name).exists();
    let numbered = (2_u64..).map(|number| match name.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() => format!("{stem}-{number}.{end}"),
        _ => format!("{name}-{number}"),
    });
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(is_free)
        .unwrap_or_else(|| name.to_owned())
}

/// Writes the answers to a file beside the place where it goes.
fn answer(folder: &Path, name: &str, lines: &[u8]) -> Result<()> {
    let at = |error: std::io::Error| Error::from(error).context(folder.display());
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(at)?;
    file.write_all(lines).map_err(at)?;
    file.persist(folder.join(format!("{name}.{ANSWERS}")))
        .map_err(|error| at(error.error))?;
    Ok(())
}

fn moved(from: &Path, to: &Path) -> Result<()> {
    match fs::rename(from, to) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::from(error).context(from.display())),
        _ => Ok(()),
    }
}
