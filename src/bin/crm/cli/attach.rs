//! `crm attach` and `crm attachment`: files and links on any record. A file stays where it is and is known by its size
//! and hash; `--copy` keeps one of its own beside the base.

use std::path::{Path, PathBuf};

use clap::{ArgMatches, Args, Command};
use crm::domain::field::FieldType;
use crm::domain::value::Value;
use crm::error::{Error, Kind, Result};
use crm::ops::attachment::{self, Held, New};
use crm::ops::refer;
use crm::store::attachments::Attachment;
use jiff::Timestamp;

use crate::cli::copies::{self, Copies};
use crate::cli::{parsed, records, written};
use crate::ctx::{Access, Ctx};

/// Attach files and links to a record
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm attach C2 https://cloud.example/offer.pdf --title 'Offer of May'
  printf draft > offer.txt && crm attach D1 offer.txt
  printf signed > contract.txt && crm attach D1 contract.txt --copy

A file stays where it is; its size and SHA-256 are kept, so that `crm attachment verify` can tell
whether it is still there and still the same. --copy puts a copy into a folder beside the base.
Attaching the same file again takes it as it is now.")]
struct AttachArgs {
    /// Record: ref (C42, D7, T13 …), or whatever else names it
    #[arg(value_name = "REF")]
    reference: String,
    /// Files and web addresses
    #[arg(value_name = "FILE|URL", required = true)]
    locations: Vec<String>,
    /// What it is called; the name of the file if none is given
    #[arg(long, value_name = "T")]
    title: Option<String>,
    /// Keep a copy of each file beside the base
    #[arg(long)]
    copy: bool,
}

/// List what is attached
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm attachment list
  crm attachment list C2 D1 --format json")]
struct ListArgs {
    /// Records; without any, all that have something attached
    #[arg(value_name = "REF")]
    references: Vec<String>,
    /// Exit with 3 if there is nothing
    #[arg(long)]
    fail_empty: bool,
}

/// Take files and links off a record; the files stay
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm attach C2 https://cloud.example/offer.pdf && crm attachment rm C2 1
  crm attach C2 https://cloud.example/plan.pdf && crm attachment rm C2 plan.pdf")]
struct RemoveArgs {
    /// Record
    #[arg(value_name = "REF")]
    reference: String,
    /// Numbers as `crm attachment list` shows them, titles, places or names of files
    #[arg(value_name = "WHICH", required = true)]
    which: Vec<String>,
}

/// Check that the files are there and are what they were
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm attachment verify
  crm attachment verify D1 --all

Prints the files that are missing or changed, and exits with 11 if there are any.")]
struct VerifyArgs {
    /// Records; without any, all that have something attached
    #[arg(value_name = "REF")]
    references: Vec<String>,
    /// Print what is whole too
    #[arg(long)]
    all: bool,
}

/// Open a file or a link
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  crm attach D3 https://cloud.example/offer.pdf && crm attachment open D3 --print

What opens it is CRM_OPENER, else xdg-open, open or explorer.")]
struct OpenArgs {
    /// Record
    #[arg(value_name = "REF")]
    reference: String,
    /// Number, title, place or name of the file; not needed where there is only one
    #[arg(value_name = "WHICH")]
    which: Option<String>,
    /// Print where it is and open nothing
    #[arg(long)]
    print: bool,
}

pub(crate) fn define_attach(command: Command) -> Command {
    AttachArgs::augment_args(command)
}

pub(crate) fn define(command: Command) -> Command {
    let verb = |name: &'static str, about: &'static str, define: fn(Command) -> Command| {
        Command::new(name).about(about).defer(define)
    };
    command
        .alias("attachments")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(verb(
            "add",
            "Attach files and links to a record",
            AttachArgs::augment_args,
        ))
        .subcommand(verb("list", "List what is attached", ListArgs::augment_args))
        .subcommand(verb(
            "rm",
            "Take files and links off a record; the files stay",
            RemoveArgs::augment_args,
        ))
        .subcommand(verb(
            "verify",
            "Check that the files are there and are what they were",
            VerifyArgs::augment_args,
        ))
        .subcommand(verb("open", "Open a file or a link", OpenArgs::augment_args))
}

pub(crate) fn run(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    match matches.subcommand() {
        Some(("add", matches)) => attach(ctx, matches),
        Some(("list", matches)) => list(ctx, &parsed(matches)?),
        Some(("rm", matches)) => remove(ctx, &parsed(matches)?),
        Some(("verify", matches)) => verify(ctx, &parsed(matches)?),
        Some(("open", matches)) => open(ctx, &parsed(matches)?),
        _ => Err(Error::usage("no verb was given")),
    }
}

pub(crate) fn attach(ctx: &Ctx, matches: &ArgMatches) -> Result<()> {
    let args: AttachArgs = parsed(matches)?;
    if args.title.is_some() && args.locations.len() > 1 {
        return Err(Error::usage(
            "--title is for one file or link, and several are given",
        ));
    }
    let base = ctx.base()?;
    let mut session = ctx.open(Access::Write)?;
    // Nothing is copied for a record that is not there.
    session
        .store
        .read(&session.caller, |tx| refer::any(tx, &args.reference))?;
    let mut copies = Copies::default();
    let mut all = Vec::new();
    for location in &args.locations {
        all.push(looked_at(ctx, &base, &args, location, &mut copies)?);
    }
    let attached = session.write(ctx, |tx| {
        let (noun, id) = refer::any(tx, &args.reference)?;
        Ok((noun, attachment::attach(tx, noun, id, &all)?))
    });
    let ((noun, outcome), op) = attached.inspect_err(|_| copies.take_back())?;
    written::report(ctx, &session, noun, &[outcome.id], op.as_ref())
}

/// A file or an address as it is to be attached.
fn looked_at(ctx: &Ctx, base: &Path, args: &AttachArgs, location: &str, copies: &mut Copies) -> Result<New> {
    let title = args.title.clone();
    if attachment::is_link(location) {
        return Ok(New {
            location: location.to_owned(),
            title,
            content: None,
        });
    }
    let path = std::path::absolute(location).map_err(|error| Error::from(error).context(location))?;
    let content = copies::read(&path)?;
    let kept = if args.copy && !ctx.global.dry_run {
        copies::copy(base, &path, &content, copies)?
    } else {
        let path = path.to_str();
        path.ok_or_else(|| Error::invalid("attachments", format!("{location:?} is not written in UTF-8")))?
            .to_owned()
    };
    let own = attachment::last_part(&path.to_string_lossy()).to_owned();
    Ok(New {
        location: kept,
        title: title.or_else(|| args.copy.then_some(own)),
        content: Some(content),
    })
}

const COLUMNS: [(&str, FieldType); 9] = [
    ("record", FieldType::Ref),
    ("no", FieldType::Integer),
    ("title", FieldType::Text),
    ("location", FieldType::Text),
    ("bytes", FieldType::Integer),
    ("created_at", FieldType::Instant),
    ("sha256", FieldType::Text),
    ("record_name", FieldType::Text),
    ("uid", FieldType::Uid),
];

fn list(ctx: &Ctx, args: &ListArgs) -> Result<()> {
    let mut rows = Vec::new();
    for held in held(ctx, &args.references)? {
        for (no, one) in (1..).zip(&held.attachments) {
            let at = Timestamp::from_millisecond(one.created_at).map(Value::Instant);
            rows.push(vec![
                Value::Ref(held.record.reference()),
                Value::Int(no),
                Value::text(one.title.as_str()),
                Value::text(one.location.as_str()),
                one.bytes.map_or(Value::Null, Value::Int),
                at.unwrap_or(Value::Null),
                Value::text(one.sha256.as_str()),
                Value::text(held.record.name.as_str()),
                Value::text(one.id.uid()),
            ]);
        }
    }
    let is_empty = rows.is_empty();
    records::table(ctx, "attachment", &COLUMNS, rows)?;
    if is_empty && args.fail_empty {
        return Err(Error::new(Kind::NotFound, "nothing is attached"));
    }
    Ok(())
}

/// What stands with the records that are named, or with all.
fn held(ctx: &Ctx, references: &[String]) -> Result<Vec<Held>> {
    let references = records::with_stdin(references)?;
    let session = ctx.open(Access::Read)?;
    session.store.read(&session.caller, |tx| {
        let named = refer::all_of_any(tx, &references)?;
        attachment::held(tx, (!references.is_empty()).then_some(&named))
    })
}

fn remove(ctx: &Ctx, args: &RemoveArgs) -> Result<()> {
    let mut session = ctx.open(Access::Write)?;
    let ((noun, outcome), op) = session.write(ctx, |tx| {
        let (noun, id) = refer::any(tx, &args.reference)?;
        Ok((noun, attachment::detach(tx, noun, id, &args.which)?))
    })?;
    written::report(ctx, &session, noun, &[outcome.id], op.as_ref())
}

/// How a file stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Whole,
    Link,
    Missing,
    Changed,
    Unreadable,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Whole => "ok",
            State::Link => "link",
            State::Missing => "missing",
            State::Changed => "changed",
            State::Unreadable => "unreadable",
        }
    }

    fn is_good(self) -> bool {
        matches!(self, State::Whole | State::Link)
    }
}

fn verify(ctx: &Ctx, args: &VerifyArgs) -> Result<()> {
    let base = ctx.base()?;
    let mut rows = Vec::new();
    let (mut files, mut bad) = (0_usize, 0_usize);
    for held in held(ctx, &args.references)? {
        for (no, one) in (1..).zip(&held.attachments) {
            let state = state(&base, one);
            files += usize::from(state != State::Link);
            bad += usize::from(!state.is_good());
            if args.all || !state.is_good() {
                rows.push(vec![
                    Value::Ref(held.record.reference()),
                    Value::Int(no),
                    Value::text(state.name()),
                    Value::text(one.title.as_str()),
                    Value::text(one.location.as_str()),
                ]);
            }
        }
    }
    let columns = [
        ("record", FieldType::Ref),
        ("no", FieldType::Integer),
        ("state", FieldType::Text),
        ("title", FieldType::Text),
        ("location", FieldType::Text),
    ];
    records::table(ctx, "attachment", &columns, rows)?;
    if bad > 0 {
        let message = format!("{bad} of {} missing or changed", counted(files));
        return Err(Error::new(Kind::Altered, message));
    }
    ctx.ui.note(&format!("{} whole", counted(files)));
    Ok(())
}

/// So many files, with the verb.
fn counted(files: usize) -> String {
    match files {
        1 => "1 attached file is".to_owned(),
        _ => format!("{files} attached files are"),
    }
}

fn state(base: &Path, one: &Attachment) -> State {
    if one.is_link() {
        return State::Link;
    }
    match copies::read(&place(base, &one.location)) {
        Ok(content) => {
            let same_size = i64::try_from(content.bytes).ok() == one.bytes;
            if same_size && content.sha256 == one.sha256 {
                State::Whole
            } else {
                State::Changed
            }
        }
        Err(error) if error.kind() == Kind::NotFound => State::Missing,
        Err(_) => State::Unreadable,
    }
}

/// Where a file is: what was copied stands beside the base, wherever that is now.
fn place(base: &Path, location: &str) -> PathBuf {
    base.parent().unwrap_or(Path::new("")).join(location)
}

/// The addresses that a program may be started for.
const SCHEMES: [&str; 6] = ["http://", "https://", "ftp://", "sftp://", "mailto:", "tel:"];

fn open(ctx: &Ctx, args: &OpenArgs) -> Result<()> {
    let session = ctx.open(Access::Read)?;
    let one = session.store.read(&session.caller, |tx| {
        let (noun, id) = refer::any(tx, &args.reference)?;
        let which = args.which.as_deref().unwrap_or("1");
        let known = attachment::held(tx, Some(&[(noun, id)]))?;
        let count: usize = known.iter().map(|held| held.attachments.len()).sum();
        if args.which.is_none() && count > 1 {
            let message = format!("{} has {count} attachments: say which", args.reference);
            return Err(Error::new(Kind::Ambiguous, message));
        }
        Ok(attachment::find(tx, noun, id, which)?.1)
    })?;
    let is_link = one.is_link();
    let target = if is_link {
        one.location
    } else {
        place(&ctx.base()?, &one.location).display().to_string()
    };
    if args.print {
        return records::table(
            ctx,
            "attachment",
            &[("location", FieldType::Text)],
            [vec![Value::text(target)]],
        );
    }
    let lower = target.to_lowercase();
    if is_link && !SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) {
        let message =
            format!("{target} is none of the addresses that are opened: http, https, ftp, sftp, mailto, tel");
        return Err(Error::invalid("attachments", message));
    }
    if !is_link && !Path::new(&target).exists() {
        return Err(Error::new(
            Kind::Altered,
            format!("there is no file {target} any more"),
        ));
    }
    let mut words = ctx.opener().split_whitespace();
    let program = words.next().unwrap_or("xdg-open");
    let status = std::process::Command::new(program)
        .args(words)
        .arg(&target)
        .status();
    let status = status.map_err(|error| Error::from(error).context(format!("starting {program}")))?;
    if !status.success() {
        return Err(Error::new(Kind::Io, format!("{program} could not open {target}")));
    }
    Ok(())
}
